"""One Settings, read once: arguments > TAPECHECK_* variables > .env > defaults."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import BadSettings

OFFLINE = "offline"
DEFAULT_OPENAI = "openai:gpt-5-mini"


def default_store() -> str:
    """The folder for the passage store when none is set: in the user's data folder."""
    from platformdirs import user_data_path

    return str(user_data_path("tapecheck", appauthor=False) / "store")


def bundled_corpus() -> Path:
    """The commentary that comes with the package: inside a wheel, or beside it in a checkout."""
    package = Path(__file__).parent
    return package / "corpus" if (package / "corpus").is_dir() else package.parent / "corpus"


class Settings(BaseSettings):
    """What a run uses. `model` and the key decide who writes; see `chosen_model`."""

    model_config = SettingsConfigDict(
        env_prefix="TAPECHECK_", env_file=".env", extra="ignore", frozen=True
    )

    model: str | None = None
    market: str = "auto"
    store: str = Field(default_factory=default_store)
    corpus: Path = Field(default_factory=bundled_corpus)
    embedder: str = "minilm"
    max_model_calls: int = Field(default=12, ge=2)
    max_tool_calls: int = Field(default=60, ge=1)
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")

    @property
    def chosen_model(self) -> str:
        """The model that will write: the one set, else OpenAI's with a key, else offline."""
        if self.model:
            return self.model
        return DEFAULT_OPENAI if self.openai_api_key else OFFLINE

    @property
    def fingerprint(self) -> str:
        """A hash of what can change an answer: model, market, embedder and budgets; no secret."""
        kept = {
            "model": self.chosen_model,
            "market": self.market,
            "embedder": self.embedder,
            "budgets": [self.max_model_calls, self.max_tool_calls],
        }
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:12]


def read_settings(**given: Any) -> Settings:
    """Read the settings; what is given and not None goes before the environment."""
    try:
        settings = Settings(**{k: v for k, v in given.items() if v is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "TAPECHECK_" + str(first["loc"][0]).upper()
        raise BadSettings(f"The setting {name} can't be used: {first['msg']}.") from error
    if settings.embedder != "minilm":
        raise BadSettings(f"The embedder {settings.embedder!r} is not known: use minilm.")
    return settings

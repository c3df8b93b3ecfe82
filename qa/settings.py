"""One Settings, read once: arguments > TAPECHECK_* variables > .env > defaults."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import BadSettings

OFFLINE = "offline"
NONE = "none"
DEFAULT_OPENAI = "openai:gpt-5-mini"


def default_store() -> str:
    """The folder for the passage store when none is set: in the user's data folder."""
    from platformdirs import user_data_path

    return str(user_data_path("tapecheck", appauthor=False) / "store")


def default_threads() -> Path:
    """The file that threads are kept in when none is set: in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("tapecheck", appauthor=False) / "threads.sqlite"


def bundled_corpus() -> Path:
    """The commentary that comes with the package: inside a wheel, or beside it in a checkout."""
    package = Path(__file__).parent
    return package / "corpus" if (package / "corpus").is_dir() else package.parent / "corpus"


@dataclass(frozen=True)
class Budget:
    """The most that one question may use; None is no limit.

    `tokens` in and out together, `usd` by the two prices (US dollars a million tokens), `seconds`
    by the clock.
    """

    model_calls: int = 12
    tool_calls: int = 60
    tokens: int | None = None
    usd: float | None = None
    seconds: float | None = None
    price_input: float | None = None
    price_output: float | None = None

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """US dollars, or None where the prices aren't known."""
        if self.price_input is None or self.price_output is None:
            return None
        return (input_tokens * self.price_input + output_tokens * self.price_output) / 1e6


class Settings(BaseSettings):
    """What a run uses. `model` and the key decide who writes; see `chosen_model`.

    `undated` lets answers use commentary whose day of publication is not known.
    `fallback` names who writes when that model fails: "offline", "none", or other models with
    commas between. The budgets are a question's: calls, tokens in and out together, US dollars
    (`max_cost`, which needs the two prices a million tokens) and seconds. `reply_tokens`,
    `timeout` (seconds) and `retries` are a call's. `calls_tools` says whether the model can call
    tools; unset, it is taken to. `password` is what the page asks for, if set;
    `logs` is where the page finds inspect-ai's.
    """

    model_config = SettingsConfigDict(
        env_prefix="TAPECHECK_", env_file=".env", extra="ignore", frozen=True
    )

    model: str | None = None
    market: str = "auto"
    store: str = Field(default_factory=default_store)
    corpus: Path = Field(default_factory=bundled_corpus)
    embedder: str = "minilm"
    undated: bool = False
    threads: Path = Field(default_factory=default_threads)
    max_model_calls: int = Field(default=12, ge=2)
    max_tool_calls: int = Field(default=60, ge=1)
    max_tokens: int | None = Field(default=200_000, ge=1000)
    max_cost: float | None = Field(default=None, gt=0)
    max_seconds: float | None = Field(default=300.0, gt=0)
    price_input: float | None = Field(default=None, ge=0)
    price_output: float | None = Field(default=None, ge=0)
    fallback: str = OFFLINE
    temperature: float | None = Field(default=None, ge=0, le=2)
    reasoning_effort: str | None = None
    reply_tokens: int = Field(default=8000, ge=500)
    timeout: float = Field(default=60.0, gt=0)
    retries: int = Field(default=2, ge=0, le=10)
    calls_tools: bool | None = None
    password: SecretStr | None = None
    logs: str = Field(default="logs", validation_alias="INSPECT_LOG_DIR")
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")

    @property
    def chosen_model(self) -> str:
        """The model that will write: the one set, else OpenAI's with a key, else offline."""
        if self.model:
            return self.model
        return DEFAULT_OPENAI if self.openai_api_key else OFFLINE

    @property
    def budget(self) -> Budget:
        """What one question may spend."""
        return Budget(
            model_calls=self.max_model_calls,
            tool_calls=self.max_tool_calls,
            tokens=self.max_tokens,
            usd=self.max_cost,
            seconds=self.max_seconds,
            price_input=self.price_input,
            price_output=self.price_output,
        )

    @property
    def models(self) -> tuple[str, ...]:
        """The models in the order in which they are tried, each once."""
        others = [name.strip() for name in self.fallback.split(",")]
        return tuple(dict.fromkeys([self.chosen_model, *(n for n in others if n and n != NONE)]))

    @property
    def fingerprint(self) -> str:
        """A hash of what can change an answer: model, market, embedder and budgets; no secret."""
        kept = {
            "model": self.chosen_model,
            "market": self.market,
            "embedder": self.embedder,
            "undated": self.undated,
            "fallback": self.models[1:],
            "writing": [self.temperature, self.reasoning_effort, self.calls_tools],
            "budgets": [
                self.max_model_calls,
                self.max_tool_calls,
                self.max_tokens,
                self.max_cost,
                self.reply_tokens,
            ],
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
    if settings.max_cost and None in (settings.price_input, settings.price_output):
        raise BadSettings(
            "TAPECHECK_MAX_COST needs TAPECHECK_PRICE_INPUT and TAPECHECK_PRICE_OUTPUT, "
            "in US dollars a million tokens."
        )
    if settings.embedder != "minilm" and not settings.embedder.startswith("openai:"):
        raise BadSettings(
            f"The embedder {settings.embedder!r} is not known: use minilm or openai:NAME."
        )
    return settings

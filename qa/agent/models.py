"""The chat models that the settings name: the offline analyst, or any of LangChain's."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel

from qa.errors import BadSettings
from qa.settings import OFFLINE, Settings


def open_model(name: str, settings: Settings) -> BaseChatModel:
    """The model of this name: "offline", or PROVIDER:NAME as LangChain's init_chat_model has it.

    With `calls_tools` off it only writes, and the offline analyst looks things up for it. Raises
    BadSettings when it can't be made.
    """
    from qa.agent.offline import OfflineAnalyst

    if name == OFFLINE:
        return OfflineAnalyst()
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, **_options(name, settings))
    except Exception as error:  # each provider's package complains in its own way
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise BadSettings(f"The model {name!r} can't be used: {reason}") from error
    if settings.calls_tools is False:
        from qa.agent.writer import PlannedWriter

        return PlannedWriter(model=model)
    return model


def _options(name: str, settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "timeout": settings.timeout,
        "max_retries": settings.retries,
        "max_tokens": settings.reply_tokens,
    }
    if settings.temperature is not None:
        options["temperature"] = settings.temperature
    if not name.startswith("openai:"):
        return options
    if settings.reasoning_effort:
        options["reasoning_effort"] = settings.reasoning_effort
    if settings.openai_api_key:
        options["api_key"] = settings.openai_api_key.get_secret_value()
    if settings.openai_base_url:
        # What a server of one's own speaks is chat completions; many ask for no key at all.
        options |= {"base_url": settings.openai_base_url, "use_responses_api": False}
        options.setdefault("api_key", "none")
    return options | {"streaming": True, "stream_usage": True}

"""The chat model that a setting names: the offline analyst, or any of LangChain's."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from qa.errors import BadSettings
from qa.settings import OFFLINE, Settings


def open_model(settings: Settings) -> BaseChatModel:
    """The model of the settings; raises BadSettings when it can't be made."""
    name = settings.chosen_model
    if name == OFFLINE:
        from qa.agent.offline import OfflineAnalyst

        return OfflineAnalyst()
    from langchain.chat_models import init_chat_model

    key = settings.openai_api_key
    options = {"api_key": key.get_secret_value()} if key and name.startswith("openai:") else {}
    if settings.openai_base_url and name.startswith("openai:"):
        options["base_url"] = settings.openai_base_url
    try:
        return init_chat_model(name, **options)  # type: ignore[no-any-return, call-overload]
    except (ImportError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise BadSettings(f"The model {name!r} can't be used: {reason}") from error

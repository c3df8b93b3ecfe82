"""A chat model that replies from a queue and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

Call = tuple[str, dict[str, Any]]
Turn = list[Call] | str | Exception | Callable[[Sequence[BaseMessage]], "list[Call] | str"]


class Scripted(BaseChatModel):
    """Each turn of `script` is a list of tool calls, a plain text, an exception or a function.

    The last turn is repeated for ever if `endless`; else a model asked too often fails the test.
    """

    script: list[Any]
    endless: bool = False
    asked: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        self.asked.append(list(messages))
        turn = len(self.asked) - 1
        if turn >= len(self.script) and not self.endless:
            raise AssertionError(f"the model was asked {turn + 1} times")
        reply = self.script[min(turn, len(self.script) - 1)]
        if isinstance(reply, Exception):
            raise reply
        if callable(reply):
            reply = reply(messages)
        if isinstance(reply, str):
            message = AIMessage(content=reply)
        else:
            calls = [
                tool_call(name=name, args=args, id=f"call_{turn}_{i}")
                for i, (name, args) in enumerate(reply)
            ]
            message = AIMessage(content="", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def heard(self, turn: int) -> list[ToolMessage]:
        """The tools' words that the model had before it in a turn."""
        return [m for m in self.asked[turn] if isinstance(m, ToolMessage)]


def draft(
    *claims: tuple[str, str, list[str]],
    why: str = "",
    label: str = "fragile",
    unanswered: Sequence[str] = (),
) -> Call:
    """A call that hands in a Draft; a claim is (section, text, evidence)."""
    return (
        "Draft",
        {
            "verdict": {"label": label, "confidence": 0.6, "why": why},
            "claims": [{"section": s, "text": t, "evidence": e} for s, t, e in claims],
            "unanswered": list(unanswered),
        },
    )

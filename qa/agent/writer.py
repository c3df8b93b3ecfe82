"""For a model that can't call tools: the offline analyst looks things up, the model only writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.json import parse_json_markdown

from qa.agent.notebook import DRAFT
from qa.agent.offline import OfflineAnalyst
from qa.agent.prompts import WRITE, write_prompt
from qa.domain import Draft


class PlannedWriter(BaseChatModel):
    """A chat model whose tool calls are the offline analyst's and whose draft is the model's own.

    It goes the way of any model in the loop. When the offline analyst would hand in its draft,
    the model is shown the evidence and asked for a Draft as JSON; what it hands in is a call of
    the tool `Draft`, well formed or not: the loop corrects it as it corrects anyone.
    """

    model: BaseChatModel
    planner: OfflineAnalyst = OfflineAnalyst()

    @property
    def _llm_type(self) -> str:
        return "tapecheck-planned-writer"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """A copy whose planner calls only the tools it was given."""
        return self.model_copy(update={"planner": self.planner.bind_tools(tools)})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        planned = self.planner._generate(messages)
        message = planned.generations[0].message
        if not isinstance(message, AIMessage) or message.tool_calls[0]["name"] != DRAFT:
            return planned
        written = self.model.invoke(_to_write(messages), stop=stop)
        call = tool_call(name=DRAFT, args=read_draft(written.text), id=message.tool_calls[0]["id"])
        reply = AIMessage("", tool_calls=[call], usage_metadata=written.usage_metadata)
        return ChatResult(generations=[ChatGeneration(message=reply)])


def read_draft(text: str) -> dict[str, Any]:
    """The JSON object in a reply, in a fence or not; an empty one when there is none."""
    start, end = text.find("{"), text.rfind("}")
    try:
        found = parse_json_markdown(text[start : end + 1]) if start >= 0 else {}
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _to_write(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The conversation as a model without tools can read it."""
    system = next((str(m.content) for m in messages if isinstance(m, SystemMessage)), "")
    results = [m for m in messages if isinstance(m, ToolMessage) and m.name != DRAFT]
    evidence = [str(m.content) for m in results if m.status != "error"]
    missing = [str(m.content) for m in results if m.status == "error"]
    corrections = [
        str(m.content) for m in messages if isinstance(m, ToolMessage) and m.name == DRAFT
    ]
    questions = [str(m.content) for m in messages if isinstance(m, HumanMessage)]
    schema = json.dumps(Draft.model_json_schema(), separators=(",", ":"))
    task = write_prompt(evidence, missing, questions, corrections[-1:], schema)
    return [SystemMessage(f"{system}\n{WRITE}"), HumanMessage(task)]

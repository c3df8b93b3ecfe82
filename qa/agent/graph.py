"""The loop: LangChain's create_agent with our tools, budgets, and one repair round.

`work` is the way of one question: the model calls tools and hands in a Draft; the Draft is
verified; if something fails, the model gets it back once with what failed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
from langchain.agents.structured_output import ToolStrategy
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from pydantic import ValidationError

from qa.agent.events import Drafted, Event, Repairing, ToolFinished, ToolStarted
from qa.agent.prompts import repair_prompt, system_prompt
from qa.agent.tools import Desk, build_tools, tell_the_model
from qa.checking.verify import VerifiedDraft, verify
from qa.domain import Cost, Draft, Metric
from qa.market.catalog import CATALOG
from qa.market.instruments import SECTORS
from qa.market.sessions import last_session

DRAFT = "Draft"


@dataclass
class Work:
    """What the loop leaves: the last draft with its checks, if one was handed in, and the cost.

    `spent`: the budget of calls ran out.
    """

    draft: Draft | None = None
    verified: VerifiedDraft | None = None
    repaired: bool = False
    spent: bool = False
    messages: list[AnyMessage] = field(default_factory=list)

    @property
    def cost(self) -> Cost:
        """Calls and tokens, counted from the messages."""
        ai = [m for m in self.messages if isinstance(m, AIMessage)]
        usage = [m.usage_metadata for m in ai if m.usage_metadata]
        return Cost(
            model_calls=len(ai),
            tool_calls=sum(c["name"] != DRAFT for m in ai for c in m.tool_calls),
            input_tokens=sum(u["input_tokens"] for u in usage),
            output_tokens=sum(u["output_tokens"] for u in usage),
        )


class Loop:
    """A model with our tools, ready to work on questions."""

    def __init__(self, model: BaseChatModel, *, max_model_calls: int, max_tool_calls: int) -> None:
        self._model = model
        # The budget of calls ends a run, not langgraph's count of steps (some six a call).
        self._most_steps = 50 + 10 * max_model_calls
        self._limits: list[Any] = [
            ModelCallLimitMiddleware(run_limit=max_model_calls, exit_behavior="end"),
            ToolCallLimitMiddleware(run_limit=max_tool_calls, exit_behavior="continue"),
        ]

    def work(self, question: str, desk: Desk) -> Iterator[Event | Work]:
        """Work on one question; yields events, and at last the Work."""
        agent = create_agent(
            self._model,
            build_tools(),
            system_prompt=system_prompt(
                desk.as_of, last_session(desk.as_of), desk.tape.source.name, desk.tape.symbols
            ),
            middleware=[*self._limits, tell_the_model],
            response_format=ToolStrategy(Draft, handle_errors=_explain),
            context_schema=Desk,
        )
        work = Work(messages=[HumanMessage(question)])
        yield from self._run(agent, work, desk)
        if work.verified is not None and work.verified.failed:
            failed = work.verified.failed
            yield Repairing(problems=tuple(dict.fromkeys(c.reason for c in failed)))
            work.messages.append(HumanMessage(repair_prompt(failed)))
            work.repaired = True
            yield from self._run(agent, work, desk)
        yield work

    def _run(self, agent: Any, work: Work, desk: Desk) -> Iterator[Event]:
        """One pass of the agent over the messages so far, until it hands in a draft."""
        # One tool at a time: evidence then gets the same short ids on every run.
        config = {"max_concurrency": 1, "recursion_limit": self._most_steps}
        given = {"messages": list(work.messages)}
        for update in agent.stream(given, config, context=desk, stream_mode="updates"):
            for step, node in update.items():
                for message in (node or {}).get("messages", []):
                    if isinstance(message, AIMessage) and step != "model":
                        work.spent = True  # the limit speaks in the model's place
                        continue
                    work.messages.append(message)
                    _prefetch(message, desk)
                    yield from _events(message, desk)
                if node and (draft := node.get("structured_response")) is not None:
                    work.draft, work.verified = draft, verify(draft, desk.ledger)
                    yield Drafted(claims=len(draft.claims))


def _prefetch(message: AnyMessage, desk: Desk) -> None:
    """Get the prices that the calls of a message will ask for, side by side."""
    if not isinstance(message, AIMessage):
        return
    asked = [call["args"] for call in message.tool_calls if call["name"] in CATALOG]
    named = [a[k] for a in asked for k in ("symbol", "benchmark") if isinstance(a.get(k), str)]
    if any(call["name"] == "sectors" for call in message.tool_calls):
        named += SECTORS
    desk.tape.source.prefetch(dict.fromkeys(named))


def _explain(error: Exception) -> str:
    """The word to the model about a malformed draft: where and why, not a stack of types."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ValidationError):
        cause = getattr(cause, "source", None) or cause.__cause__
    if cause is None:
        return f"The Draft can't be used: {error}. Hand it in again."
    where = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in cause.errors()[:5]]
    return f"The Draft is malformed: {'; '.join(where)}. Hand it in again."


def _events(message: AnyMessage, desk: Desk) -> Iterator[Event]:
    if isinstance(message, AIMessage):
        for asked in message.tool_calls:
            if asked["name"] != DRAFT:
                yield ToolStarted(
                    call=asked["id"] or "", tool=asked["name"], arguments=asked["args"]
                )
    elif isinstance(message, ToolMessage) and message.name != DRAFT:
        call, tool = message.tool_call_id, message.name or ""
        if message.status == "error":
            yield ToolFinished(call=call, tool=tool, problem=str(message.content))
            return
        found = json.loads(str(message.content))
        keys = [found["id"]] if isinstance(found, dict) else [item["id"] for item in found]
        metric = desk.ledger.get(keys[0])
        figures = metric.figures if isinstance(metric, Metric) else {}
        yield ToolFinished(call=call, tool=tool, evidence=tuple(keys), figures=figures)

"""The loop: LangChain's create_agent with our tools, budgets, and one repair round.

`work` is the way of one question: the model calls tools and hands in a Draft; the Draft is
verified; if something fails, the model gets it back once with what failed.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
from langchain.agents.structured_output import ToolStrategy
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    HumanMessage,
    ToolMessage,
)
from langgraph.runtime import get_runtime
from pydantic import ValidationError

from qa.agent.budget import Guard
from qa.agent.events import (
    Drafted,
    Event,
    Planning,
    Repaired,
    Repairing,
    ToolFinished,
    ToolStarted,
)
from qa.agent.notebook import DRAFT
from qa.agent.prompts import REMINDER, repair_prompt, system_prompt
from qa.agent.tools import Desk, build_tools, tell_the_model
from qa.agent.writer import read_draft
from qa.checking.verify import VerifiedDraft, verify
from qa.domain import Draft, Metric, Passage
from qa.errors import ModelError
from qa.market.catalog import CATALOG
from qa.market.instruments import SECTORS
from qa.market.sessions import last_session
from qa.settings import Budget

CORRECTIONS = 1  # of a malformed draft, each time one is asked for


@dataclass
class Work:
    """What the loop leaves: the last draft with its checks, if one was handed in.

    `spent`: in words, the budget that ran out, if one did.
    """

    draft: Draft | None = None
    verified: VerifiedDraft | None = None
    repaired: bool = False
    spent: str | None = None
    messages: list[AnyMessage] = field(default_factory=list)


class Loop:
    """A model with our tools, ready to work on questions. `name` is what an answer calls it."""

    def __init__(self, model: BaseChatModel, budget: Budget, name: str = "") -> None:
        self.name = name
        self._model = model
        self._agents: dict[tuple[Any, ...], Any] = {}
        # The budget of calls ends a run, not langgraph's count of steps (some six a call).
        self._most_steps = 50 + 10 * budget.model_calls
        self._middleware: list[Any] = [
            ModelCallLimitMiddleware(run_limit=budget.model_calls, exit_behavior="end"),
            ToolCallLimitMiddleware(run_limit=budget.tool_calls, exit_behavior="continue"),
            Guard(budget),
            tell_the_model,
        ]

    def work(
        self, question: str, desk: Desk, history: Sequence[AnyMessage] = ()
    ) -> Generator[Event | Work]:
        """Work on one question; yields events, and at last the Work.

        Closing the iterator gives the question up. Raises ModelError when the model fails before
        it has handed in a draft, or hands in none.
        """
        return desk.listener.follow(self._steps(question, desk, history))

    def _steps(
        self, question: str, desk: Desk, history: Sequence[AnyMessage]
    ) -> Iterator[Event | Work]:
        agent = self._agent(desk)
        work = Work(messages=[*history, HumanMessage(question)])
        yield Planning(model=self.name)
        yield from self._run(agent, work, desk)
        if work.draft is None and work.spent is None:
            work.messages.append(HumanMessage(REMINDER))
            yield from self._run(agent, work, desk)
        if work.draft is None and work.spent is None:
            raise ModelError("it handed in no answer")
        if work.verified is not None and work.verified.failed:
            yield from self._repair(agent, work, desk)
        yield work

    def _agent(self, desk: Desk) -> Any:
        """The agent for a day and a tape; putting one together takes a tenth of an answer."""
        tape = desk.tape
        told = (desk.as_of, last_session(desk.as_of), tape.source.name, tape.symbols)
        key = (*told, tape.has_ratios)
        if key not in self._agents:
            self._agents.clear()  # one question after another is mostly of one day
            self._agents[key] = create_agent(
                self._model,
                build_tools(tape),
                system_prompt=system_prompt(*told),
                middleware=self._middleware,
                response_format=ToolStrategy(Draft, handle_errors=_correct),
                context_schema=Desk,
            )
        return self._agents[key]

    def _repair(self, agent: Any, work: Work, desk: Desk) -> Iterator[Event]:
        """The one repair round. If the model fails in it, its first draft is used."""
        assert work.verified is not None
        failed = work.verified.failed
        yield Repairing(problems=tuple(dict.fromkeys(c.reason for c in failed)))
        work.messages.append(HumanMessage(repair_prompt(failed)))
        work.repaired = True
        try:
            yield from self._run(agent, work, desk)
        except ModelError as error:
            work.spent = work.spent or f"In mending its draft the model failed: {error}."
        yield Repaired(left=len(work.verified.failed))

    def _run(self, agent: Any, work: Work, desk: Desk) -> Iterator[Event]:
        """One pass of the agent over the messages so far, until it hands in a draft."""
        desk.meter.malformed = 0
        # One tool at a time: evidence then gets the same short ids on every run.
        config = {
            "max_concurrency": 1,
            "recursion_limit": self._most_steps,
            "callbacks": [desk.listener],
        }
        given = {"messages": list(work.messages)}
        for update in agent.stream(given, config, context=desk, stream_mode="updates"):
            for step, node in update.items():
                for message in (node or {}).get("messages", []):
                    if isinstance(message, AIMessage) and step != "model":
                        work.spent = _spent(message)  # a limit speaks in the model's place
                        continue
                    work.messages.append(message)
                    _prefetch(message, desk)
                    yield from _events(message, desk)
                draft = (node or {}).get("structured_response") or _written(node, step)
                if draft is not None:
                    with desk.meter.timing("checks"):
                        work.draft, work.verified = draft, verify(draft, desk.ledger)
                    yield Drafted(claims=len(draft.claims))


def _spent(message: AIMessage) -> str:
    text = str(message.content)
    return text if text.startswith("The budget") else "The budget of calls ran out."


def _written(node: Any, step: str) -> Draft | None:
    """A draft that the model wrote out as text in place of calling the tool."""
    messages = (node or {}).get("messages", []) if step == "model" else []
    for message in messages:
        if isinstance(message, AIMessage) and not message.tool_calls:
            try:
                return Draft.model_validate(read_draft(message.text))
            except ValidationError:
                return None
    return None


def _prefetch(message: AnyMessage, desk: Desk) -> None:
    """Get the prices that the calls of a message will ask for, side by side."""
    if not isinstance(message, AIMessage):
        return
    asked = [call["args"] for call in message.tool_calls if call["name"] in CATALOG]
    named = [a[k] for a in asked for k in ("symbol", "benchmark") if isinstance(a.get(k), str)]
    if any(call["name"] == "sectors" for call in message.tool_calls):
        named += SECTORS
    desk.tape.source.prefetch(dict.fromkeys(named))


def _correct(error: Exception) -> str:
    """The word to the model about a malformed draft: where and why, not a stack of types.

    Raises ModelError when the corrected one is malformed too.
    """
    meter = get_runtime(Desk).context.meter
    meter.malformed += 1
    if meter.malformed > CORRECTIONS:
        raise ModelError("it handed in a malformed draft twice") from error
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
        brought = [desk.ledger.get(key) for key in keys]
        figures = brought[0].figures if isinstance(brought[0], Metric) else {}
        passages = tuple(_in_short(e) for e in brought if isinstance(e, Passage))
        yield ToolFinished(
            call=call, tool=tool, evidence=tuple(keys), figures=figures, passages=passages
        )


def _in_short(passage: Passage) -> str:
    return f"{passage.voices}: {passage.title}, {passage.published or 'undated'}"

"""What the offline analyst has in front of it: the question and what the tools brought."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from qa.agent.prompts import is_ours, read_as_of, read_failed, read_instruments
from qa.domain import Driver, Figure, Metric, Passage, Window

DRAFT = "Draft"
SEARCH = "search_commentary"


@dataclass(frozen=True)
class Notebook:
    """One conversation, read back from its messages. Evidence goes by its short ids.

    `questions` are those of the thread, the last being the one to answer.

    `problems` are the words of metrics that failed, `refused` the calls of theirs; a search that
    found nothing is no problem.
    """

    questions: tuple[str, ...]
    as_of: date
    held: tuple[str, ...]
    evidence: tuple[tuple[str, Metric | Passage], ...]
    problems: tuple[str, ...]
    refused: tuple[tuple[str, dict[str, Any]], ...]
    rounds: int
    failed: tuple[str, ...]

    def metrics(self, tool: str, symbol: str | None = None) -> Iterator[tuple[str, Metric]]:
        """The metrics of a tool, of one subject if a symbol is given."""
        for key, item in self.evidence:
            if not isinstance(item, Metric) or item.tool != tool:
                continue
            if symbol is None or item.symbols[0] == symbol:
                yield key, item

    def metric(self, tool: str, symbol: str | None = None) -> tuple[str, Metric] | None:
        """The first such metric, if there is one."""
        return next(self.metrics(tool, symbol), None)

    @property
    def question(self) -> str:
        """The question to answer."""
        return self.questions[-1]

    @property
    def passages(self) -> list[tuple[str, Passage]]:
        """The passages, in the order in which search brought them."""
        return [(k, p) for k, p in self.evidence if isinstance(p, Passage)]


def read_notebook(messages: Sequence[BaseMessage]) -> Notebook:
    """Read a conversation; raises ValueError when it has no system prompt or question."""
    system = next((str(m.content) for m in messages if isinstance(m, SystemMessage)), "")
    humans = [str(m.content) for m in messages if isinstance(m, HumanMessage)]
    calls = [m for m in messages if isinstance(m, AIMessage) and m.tool_calls]
    results = [m for m in messages if isinstance(m, ToolMessage) and m.name != DRAFT]
    evidence: dict[str, Metric | Passage] = {}
    for message in results:
        if message.status != "error":
            evidence |= dict(_items(json.loads(str(message.content)), read_as_of(system)))
    return Notebook(
        questions=tuple(text for text in humans if not is_ours(text)),
        as_of=read_as_of(system),
        held=read_instruments(system),
        evidence=tuple(evidence.items()),
        problems=tuple(
            dict.fromkeys(
                str(m.content) for m in results if m.status == "error" and m.name != SEARCH
            )
        ),
        refused=tuple(_refused(calls, results)),
        rounds=sum(any(c["name"] != DRAFT for c in m.tool_calls) for m in calls),
        failed=read_failed(humans[-1]),
    )


def _refused(
    calls: Sequence[AIMessage], results: Sequence[ToolMessage]
) -> Iterator[tuple[str, dict[str, Any]]]:
    failed = {m.tool_call_id for m in results if m.status == "error" and m.name != SEARCH}
    for message in calls:
        for call in message.tool_calls:
            if call["id"] in failed:
                yield call["name"], call["args"]


def _items(found: Any, as_of: date) -> Iterator[tuple[str, Metric | Passage]]:
    for view in found if isinstance(found, list) else [found]:
        yield view["id"], _passage(view) if "text" in view else _metric(view, as_of)


def _metric(view: dict[str, Any], as_of: date) -> Metric:
    figures = {
        name: Figure(value=date.fromisoformat(v) if unit == "date" else v, unit=unit)
        for name, (v, unit) in view["figures"].items()
    }
    return Metric.model_construct(
        id=view["id"],
        tool=view["tool"],
        symbols=tuple(view["symbols"]),
        window=Window.model_validate(view["window"]) if view["window"] else None,
        figures=figures,
        definition=view["definition"],
        notes=tuple(view["notes"]),
        as_of=as_of,
    )


def _passage(view: dict[str, Any]) -> Passage:
    return Passage.model_construct(
        id=view["id"],
        title=view["title"],
        author=view.get("author"),
        role=view.get("role"),
        firm=view.get("firm"),
        published=date.fromisoformat(view["published"]) if "published" in view else None,
        stance=view.get("stance"),
        horizon=view.get("horizon"),
        voice=view["voice"],
        tickers=tuple(view.get("tickers", ())),
        drivers=tuple(Driver.model_validate(d) for d in view.get("drivers", ())),
        text=view["text"],
    )

"""Thin LangChain tools over the two wings. They write the ledger, and nothing else.

What a tool returns to the model is compact JSON; the evidence itself goes to the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from langchain.agents.middleware import wrap_tool_call
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.runtime import get_runtime

from qa.agent.budget import Meter
from qa.agent.listener import Listener
from qa.checking.auditing.beside import in_brief, with_audit
from qa.commentary.library import Library
from qa.commentary.recency import is_stale
from qa.domain import Figure, Ledger, Metric, Passage, Stance
from qa.errors import ToolError, UsageError
from qa.market.catalog import CATALOG, compute
from qa.market.tape import Tape

SEARCH = "search_commentary"
MOST_PASSAGES = 12


@dataclass(frozen=True)
class Desk:
    """The runtime context of one question: what tools may see, cut at the as-of date."""

    tape: Tape
    library: Library
    as_of: date
    strict: bool = False
    ledger: Ledger = field(default_factory=Ledger)
    meter: Meter = field(default_factory=Meter)
    listener: Listener = field(default_factory=Listener)


def search_commentary(query: str, stance: Stance | None = None, limit: int = 8) -> str:
    """Find passages of analysts' commentary, published on or before the as-of date.

    `query`: a few words on what to look for; name a firm or an author to hear that voice first.
    `stance`: only bullish, bearish, neutral or mixed views. A view marked `stale` is more than a
    quarter old. `on_the_tape` says which of its figures the prices confirm or contradict.
    """
    desk = get_runtime(Desk).context
    found = desk.library.search(
        query,
        as_of=desk.as_of,
        k=max(1, min(limit, MOST_PASSAGES)),
        strict=desk.strict,
        stances=(stance,) if stance else (),
    )
    if not found:
        raise ToolError(f"No commentary published on or before {desk.as_of} matches {query!r}.")
    audited = [with_audit(p, desk.tape) for p in found]
    return _json([passage_view(desk.ledger.add(p), p, desk.as_of) for p in audited])


def passage_view(key: str, passage: Passage, as_of: date) -> dict[str, Any]:
    """A passage as the model sees it."""
    kept = {"title", "author", "role", "firm", "published", "stance", "horizon", "voice", "text"}
    view = passage.model_dump(mode="json", include=kept | {"drivers", "tickers"})
    stale = {"stale": True} if is_stale(passage, as_of) else {}
    told = {"on_the_tape": in_brief(passage)} if passage.audit else {}
    shown = {k: v for k, v in view.items() if v not in (None, [], "")}
    return {"id": key, **shown, **stale, **told}


def metric_view(key: str, metric: Metric) -> dict[str, Any]:
    """A metric as the model sees it: names and values to make slots of, without the table."""
    return {
        "id": key,
        "tool": metric.tool,
        "symbols": metric.symbols,
        "window": metric.window.model_dump(mode="json") if metric.window else None,
        "figures": {name: _brief(figure) for name, figure in metric.figures.items()},
        "definition": metric.definition,
        "notes": metric.notes,
    }


def _brief(figure: Figure) -> list[Any]:
    value = figure.value
    return [str(value) if isinstance(value, date) else round(value, 4), figure.unit]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# A tool keeps the schema that models are told, and that takes far longer to make than a metric.
@cache
def _search_tool() -> BaseTool:
    return StructuredTool.from_function(func=search_commentary, name=SEARCH)


@cache
def _metric_tool(name: str) -> BaseTool:
    entry = CATALOG[name]

    def run(**arguments: Any) -> str:
        desk = get_runtime(Desk).context
        metric = compute(desk.tape, name, arguments)
        return _json(metric_view(desk.ledger.add(metric), metric))

    return StructuredTool.from_function(
        func=run,
        name=name,
        description=entry.summary,
        args_schema=entry.arguments,
    )


def build_tools(tape: Tape) -> list[BaseTool]:
    """The tools of the loop: search_commentary and one for each metric that the tape can give."""
    given = [name for name in CATALOG if name != "valuation" or tape.has_ratios]
    return [_search_tool(), *(_metric_tool(name) for name in given)]


@wrap_tool_call  # type: ignore[arg-type]
def tell_the_model(request: Any, handler: Callable[[Any], ToolMessage]) -> ToolMessage:
    """Hand our own errors to the model as the tool's word; any other is a bug and surfaces."""
    try:
        with request.runtime.context.meter.timing("tools"):
            return handler(request)
    except (ToolError, UsageError) as error:
        call = request.tool_call
        return ToolMessage(
            content=str(error), name=call["name"], tool_call_id=call["id"], status="error"
        )

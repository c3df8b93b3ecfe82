"""OfflineAnalyst: a chat model that needs no key and no network.

It goes the way of any model: it is given the messages and the tools, calls tools, and hands in a
Draft. It decides by rules: what is asked (planning), what to look up (here), and what to say of
the evidence (argument, narrow). The same conversation gets the same reply.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Literal

from dateutil.relativedelta import relativedelta
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from qa.agent import narrow, odds, voices
from qa.agent.argument import argue
from qa.agent.ask import Ask
from qa.agent.lookups import REBOUND, Call, lookups
from qa.agent.notebook import DRAFT, Notebook, read_notebook
from qa.agent.planning import read_questions
from qa.agent.quoting import targets_to_check
from qa.domain import Draft, DraftClaim
from qa.market.instruments import US_INDICES, named

MOST_TARGETS = 3
_ALONE = ("performance", "signals", "valuation")  # which a missing benchmark need not stop
NOTHING_USED = UsageMetadata(input_tokens=0, output_tokens=0, total_tokens=0)


class OfflineAnalyst(BaseChatModel):
    """A deterministic chat model that works with Tapecheck's own tools only."""

    tool_names: tuple[str, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "tapecheck-offline"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """A copy that calls only the tools it was given."""
        names = tuple(
            # No schema is made for the name's sake alone.
            tool.name
            if isinstance(tool, BaseTool)
            else convert_to_openai_tool(tool)["function"]["name"]
            for tool in tools
        )
        return self.model_copy(update={"tool_names": names})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        turn = sum(isinstance(m, AIMessage) for m in messages)
        calls = [
            tool_call(name=name, args=args, id=f"call_{turn}_{i}")
            for i, (name, args) in enumerate(self._decide(messages))
        ]
        return ChatResult(
            generations=[
                ChatGeneration(
                    message=AIMessage(content="", tool_calls=calls, usage_metadata=NOTHING_USED)
                )
            ]
        )

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self._generate(messages, stop, run_manager, **kwargs).generations[0].message
        calls = message.tool_calls if isinstance(message, AIMessage) else []
        for i, call in enumerate(calls):
            chunk = tool_call_chunk(
                name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=i
            )
            last: Literal["last"] | None = "last" if i == len(calls) - 1 else None
            yield ChatGenerationChunk(
                message=AIMessageChunk(
                    content="",
                    tool_call_chunks=[chunk],
                    chunk_position=last,
                    usage_metadata=NOTHING_USED,
                )
            )

    def _decide(self, messages: Sequence[BaseMessage]) -> list[Call]:
        """The next calls: look things up, follow up on what was read, then the draft."""
        notebook = read_notebook(messages)
        ask = read_questions(notebook.questions, notebook.as_of, notebook.held)
        calls: list[Call] = []
        if notebook.rounds == 0:
            calls = first_calls(ask, notebook.held)
        elif notebook.rounds == 1 and not notebook.failed:
            calls = follow_ups(ask, notebook)
        calls = [call for call in calls if call[0] in self.tool_names]
        if calls:
            return calls
        draft = None
        if ask.has_verdict:
            draft = argue(ask, notebook, narrow.not_understood(ask))
        draft = _without(draft or narrow.reply(ask, notebook), notebook.failed)
        return [(DRAFT, draft.model_dump(mode="json"))]


def _without(draft: Draft, failed: Sequence[str]) -> Draft:
    """The draft without the claims that were named as failing."""
    if not failed:
        return draft

    def shared(claim: DraftClaim) -> bool:
        return any(_skeleton(claim.text) == _skeleton(text) for text in failed)

    return draft.model_copy(update={"claims": tuple(c for c in draft.claims if not shared(c))})


def _skeleton(text: str) -> str:
    """A claim's words without slots and figures: the same before and after filling."""
    import re

    return re.sub(r"\{[^}]*\}|\[[^\]]*\]|[^A-Za-z ]+|\b(percentage )?points?\b", "", text)


def first_calls(ask: Ask, held: Sequence[str]) -> list[Call]:
    """What to look up for a question before anything is known."""
    if ask.intent in ("advice", "prediction", "courtesy"):
        return []
    if ask.intent == "sustainability" and ask.has_verdict:
        return _for_argument(ask, held)
    return lookups(ask, held)


def _for_argument(ask: Ask, held: Sequence[str]) -> list[Call]:
    subject = ask.subject or ""
    start, end = (str(day) for day in ask.window)
    name = named(subject).name
    topic = "small caps" if subject in ("^RUT", "IWM") else name
    pair = {"symbol": subject, "benchmark": _held(ask.benchmark, held)}
    others = [s for s in US_INDICES if subject in US_INDICES and s not in pair.values()]
    calls: list[Call] = [
        ("performance", _given(**pair, start=start, end=end)),
        ("performance", _given(**pair, start=str(date(ask.as_of.year, 1, 1)), end=end)),
        ("technicals", {"symbol": subject}),
        *([("compare", {**pair, "start": start, "end": end})] if pair["benchmark"] else []),
        ("outlook", _given(**pair)),
        ("base_rates", _given(**pair, start=start, end=end)),
        *(("seasonality", _given(**pair, season=season)) for season in odds.seasons(ask.as_of)),
        ("signals", _given(**pair)),
        ("valuation", _given(**pair)),
    ]
    calls += [
        ("performance", {"symbol": s, "start": start, "end": end}) for s in others if _held(s, held)
    ]
    if REBOUND.search(ask.text):
        year_ago = ask.as_of - relativedelta(years=1)
        calls.append(("drawdown", {"symbol": subject, "start": str(year_ago), "end": end}))
    if subject in US_INDICES or subject in ("IWM", "SPY", "QQQ"):
        calls.append(("sectors", {"start": start, "end": end}))
    searches: list[dict[str, Any]] = [
        {"query": f"{name} {topic} rally sustainable outlook", "limit": 8},
        {"query": f"{name} {topic} earnings growth outlook rally broadening", "stance": "bullish"},
        {"query": f"{name} {topic} risks rally fade unprofitable debt", "stance": "bearish"},
        {"query": f"{topic} valuation gap multiples relative to large caps", "limit": 8},
        {"query": f"Fed on hold rate cuts priced policy {topic}", "limit": 8},
        {"query": f"January effect seasonality history of {topic}", "limit": 8},
        {"query": f"{name} year-end price target upside", "limit": 8},
    ]
    return [*calls, *(("search_commentary", s) for s in searches)]


def follow_ups(ask: Ask, notebook: Notebook) -> list[Call]:
    """What failed with a benchmark, again without it; and the targets that passages state."""
    again: list[Call] = [
        (name, {k: v for k, v in arguments.items() if k != "benchmark"})
        for name, arguments in notebook.refused
        if name in _ALONE and "benchmark" in arguments
    ]
    return again + _from_the_low(ask, notebook) + _stated_targets(ask, notebook)


def _from_the_low(ask: Ask, notebook: Notebook) -> list[Call]:
    """How far a rebound has come from the close that it is counted from."""
    seen = notebook.metric("drawdown", ask.subject) if ask.has_verdict else None
    trough = seen[1].figures.get("deepest_trough_date") if seen else None
    if seen is None or trough is None or trough.value == ask.as_of:
        return []
    window = {"start": str(trough.value), "end": str(ask.window[1])}
    return [("performance", {"symbol": seen[1].symbols[0], **window, "basis": "close"})]


def _stated_targets(ask: Ask, notebook: Notebook) -> list[Call]:
    if ask.intent not in ("sustainability", "target"):
        return []
    passages = notebook.passages
    if ask.intent == "target":
        passages = targets_to_check(ask, notebook)
    stated = voices.current(voices.price_targets(passages, ask.subject), ask.as_of)
    if ask.intent == "sustainability":  # of a list, the first level alone
        stated = list({t.sentence: t for t in reversed(stated)}.values())[::-1]
    stated.sort(key=lambda t: t.level != ask.level)
    return [
        (
            "target",
            _given(
                symbol=t.symbol,
                target=t.level,
                claimed=t.claimed,
                said_on=str(t.passage.published) if t.passage.published else None,
            ),
        )
        for t in stated[:MOST_TARGETS]
    ]


def _held(symbol: str | None, held: Sequence[str]) -> str | None:
    return symbol if symbol and (not held or symbol in held) else None


def _given(**arguments: Any) -> dict[str, Any]:
    return {k: v for k, v in arguments.items() if v is not None}

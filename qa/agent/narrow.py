"""Narrow questions get narrow answers: what to look up for each kind, and the few sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from qa.agent import replies, voices
from qa.agent.argument import NO_EARNINGS, target_claims
from qa.agent.notebook import Notebook
from qa.agent.planning import Ask
from qa.agent.voices import Voice
from qa.domain import Draft, DraftClaim, DraftVerdict
from qa.market.instruments import named

Call = tuple[str, dict[str, Any]]
MOST_INSTRUMENTS = 5
NO_ADVICE = (
    "Whether to buy or sell: Tapecheck gives evidence, not advice. Ask, for example, whether a "
    "rally is sustainable, or what analysts expect of it."
)
NO_FORECAST = (
    "What a price will be: nothing in the evidence can tell. Ask for the targets that analysts "
    "have set, or what they expect."
)
_POSSESSIVE = re.compile(r"\b([A-Z][\w.&-]+(?: [A-Z][\w.&-]+)*)(?:'s|’s|'|’)(?!\w)")
_SPEAKER = re.compile(
    r"\b(?:does|do|did|has|is) ((?:[A-Z][\w.&]+ ?)+)(?:say|think|expect|see|argue)"
)


def lookups(ask: Ask, held: Sequence[str]) -> list[Call]:
    """The calls that a narrow question needs."""
    start, end = (str(day) for day in ask.window)
    symbols = ask.symbols[:MOST_INSTRUMENTS]
    search: Call = ("search_commentary", {"query": ask.text, "limit": 8})
    technical = [("technicals", {"symbol": s} | _on(ask)) for s in symbols]
    match ask.intent:
        case "level" | "technicals":
            return technical
        case "performance" | "risk":
            calls = [("performance", _performance(ask, s, start, end, held)) for s in symbols]
            return calls + ([("technicals", {"symbol": symbols[0], "on": end})] if symbols else [])
        case "sectors":
            return [("sectors", {"start": start, "end": end})]
        case "signals":
            return [("signals", {"symbol": s}) for s in symbols[:1]]
        case "target":
            return [search]
        case "valuation":
            about = named(ask.subject).name if ask.subject else ""
            query = f"{ask.text} {about} valuation forward P/E multiple discount"
            return [("search_commentary", {"query": query, "limit": 8})]
        case "views":
            stance = _stance(ask.text)
            return [(search[0], search[1] | ({"stance": stance} if stance else {}))]
        case _:
            return [*technical, search]


def reply(ask: Ask, notebook: Notebook) -> Draft:
    """The draft for a narrow question; what is missing is said, with what there is instead."""
    claims, missing = _claims(ask, notebook)
    if not claims and not missing:
        missing = [_nothing(ask, notebook)]
    return Draft(
        verdict=DraftVerdict(label="not_asked", why=""),
        claims=tuple(claims),
        unanswered=tuple(dict.fromkeys([*missing, *notebook.problems])),
    )


def _claims(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    if ask.intent == "advice":
        return [], [NO_ADVICE]
    if ask.intent == "prediction":
        return [], [NO_FORECAST]
    if ask.unknown and not ask.symbols and ask.intent not in ("views", "valuation", "target"):
        held = f"; it holds {', '.join(notebook.held)}" if notebook.held else ""
        return [], [f"The tape has no prices for {', '.join(ask.unknown)}{held}."]
    answer = _ANSWERS.get(ask.intent or "", _snapshot)
    return answer(ask, notebook)


def _nothing(ask: Ask, notebook: Notebook) -> str:
    if ask.symbols:
        return "Neither the tape nor the commentary holds what is asked for."
    names = ", ".join(named(s).name for s in notebook.held)
    there = f" It holds {names}." if names else ""
    return f"The question names no instrument of the tape, and no commentary speaks to it.{there}"


def _on(ask: Ask) -> dict[str, str]:
    return {"on": str(ask.day)} if ask.day else {}


def _performance(
    ask: Ask, symbol: str, start: str, end: str, held: Sequence[str]
) -> dict[str, Any]:
    arguments = {"symbol": symbol, "start": start, "end": end}
    first = symbol == ask.symbols[0]
    benchmark = _comparison(ask) if first else None
    if benchmark and (not held or benchmark in held):
        arguments["benchmark"] = benchmark
    return arguments


def _comparison(ask: Ask) -> str | None:
    """The usual benchmark where it is among the instruments named, else the second one."""
    usual = named(ask.symbols[0]).benchmark
    return usual if usual in ask.symbols or len(ask.symbols) == 1 else ask.symbols[1]


def _stance(text: str) -> str | None:
    if re.search(r"\b(bulls?|bullish)\b", text, re.I):
        return "bullish"
    return "bearish" if re.search(r"\b(bears?|bearish|s[ck]eptic\w*)\b", text, re.I) else None


def _level(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = [replies.level(item, ask.day) for item in notebook.metrics("technicals")]
    return [c for claims in seen for c in claims], []


def _technicals(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    claims: list[DraftClaim] = []
    missing: list[str] = []
    for item in notebook.metrics("technicals"):
        claims += replies.averages(item, "summary") + replies.year_range(item, "summary")
        missing += item[1].notes
    return claims, missing


def _moves(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = list(notebook.metrics("performance"))
    claims = [c for item in seen for c in replies.performance(item, "summary")]
    claims += [c for item in seen[:1] for c in replies.bases(item, "summary")]
    if len(seen) > 1:
        claims += replies.on_open_basis(seen) + replies.risk(seen[0])
        for item in notebook.metrics("technicals"):
            claims += replies.level(item, None, "performance")
            claims += replies.averages(item) + replies.year_range(item)
    return claims, [n for _, m in seen for n in m.notes]


def _risk(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = list(notebook.metrics("performance"))
    return [c for item in seen for c in replies.risk(item, "summary")], []


def _sectors(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = list(notebook.metrics("sectors"))
    return [c for s in seen for c in replies.sectors(s, "summary")], [
        n for _, m in seen for n in m.notes
    ]


def _signals(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = list(notebook.metrics("signals"))
    return [c for s in seen for c in replies.watched(s, "summary")], [
        n for _, m in seen for n in m.notes
    ]


def _target(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    passages, absent = _asked_voices(ask, notebook)
    claims = [] if absent else target_claims(notebook, passages, ask.subject, "summary")
    if claims:
        return claims, []
    whose = absent or "the commentary"
    return [], [f"No current price target by {whose} is in the commentary up to {ask.as_of}."]


def _views(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    passages, absent = _asked_voices(ask, notebook)
    if absent:
        return [], [f"The commentary up to {ask.as_of} holds nothing by {absent}."]
    named_voice = bool(voices.asked_for(ask.text, passages))
    chosen = passages[:3] if named_voice else voices.spread(passages, 5)
    claims = []
    for voice in chosen:
        sentence = voices.opinion(voice[1], ask.text)
        if sentence:
            claims.append(voices.report("summary", voice, sentence))
    return claims, []


def _valuation(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    claims = []
    passages, _ = _asked_voices(ask, notebook)
    valued = {v[0]: s for v in passages if (s := voices.valuation(v[1]))}
    for voice in voices.spread([v for v in passages if v[0] in valued], 4):
        sentence = valued[voice[0]]
        claims.append(voices.report("summary", voice, sentence, "Quoted, not on the tape: "))
    return claims, [NO_EARNINGS]


def _snapshot(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    """For a question of no known kind: where its instruments stand, and what is written."""
    claims, _ = _level(ask, notebook)
    views, missing = _views(ask, notebook)
    return claims + views[:3], [] if claims else missing


def _asked_voices(ask: Ask, notebook: Notebook) -> tuple[list[Voice], str | None]:
    """The voices that the question names, or all; and the name of one that is not there."""
    passages = notebook.passages
    asked = voices.asked_for(ask.text, passages)
    if asked:
        return asked, None
    speaker = _POSSESSIVE.search(ask.text) or _SPEAKER.search(ask.text)
    name = speaker.group(1).strip() if speaker else ""
    from qa.market.instruments import find

    return passages, name if name and not find(name) else None


Answer = Callable[[Ask, Notebook], tuple[list[DraftClaim], list[str]]]
_ANSWERS: dict[str, Answer] = {
    "level": _level,
    "technicals": _technicals,
    "performance": _moves,
    "risk": _risk,
    "sectors": _sectors,
    "signals": _signals,
    "target": _target,
    "views": _views,
    "valuation": _valuation,
}

"""Narrow questions get narrow answers: what to look up for each kind, and the few sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from qa.agent import replies, voices
from qa.agent.argument import NO_EARNINGS, target_claims
from qa.agent.notebook import Notebook
from qa.agent.planning import Ask
from qa.agent.voices import Voice
from qa.domain import Draft, DraftClaim, DraftVerdict, Passage
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
_TAPE_INTENTS = ("level", "performance", "technicals", "risk", "signals", "sustainability")
_WINDOWED = ("performance", "risk", "sectors")
_TWO_SIDED = re.compile(
    r"\bdisagree|\bconflict|\bdebate|\bboth sides|\bwho is right|\bagainst", re.I
)
MOST_VOICES = 5
DAYS_AFTER = 3
_NOTED = ("technicals", "signals", "sectors")


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
            return [*_own_target(ask), search]
        case "views" if symbols and (ask.day or ask.start):
            moved: Call = ("performance", _performance(ask, symbols[0], start, end, held))
            return [technical[0] if ask.day else moved, search]
        case "valuation":
            about = named(ask.subject).name if ask.subject else ""
            query = f"{ask.text} {about} valuation forward P/E multiple discount"
            pair = {"symbol": symbols[0], "benchmark": ask.benchmark} if symbols else {}
            pair = {k: v for k, v in pair.items() if v}
            own: list[Call] = [("valuation", pair)] if pair else []
            return [*own, ("search_commentary", {"query": query, "limit": 8})]
        case "views" if _TWO_SIDED.search(ask.text):
            sides = ("bullish", "bearish")
            return [(search[0], {"query": ask.text, "stance": s, "limit": 8}) for s in sides]
        case "views":
            stance = _stance(ask.text)
            return [(search[0], search[1] | ({"stance": stance} if stance else {}))]
        case _:
            return [*technical, search]


def is_foreign(ask: Ask) -> bool:
    """Whether a question for the tape names only what isn't on it."""
    return bool(ask.strangers) and not ask.symbols and ask.intent in _TAPE_INTENTS


def reply(ask: Ask, notebook: Notebook) -> Draft:
    """The draft for a narrow question; what is missing is said, with what there is instead."""
    claims, missing = _claims(ask, notebook)
    if not claims and not missing:
        missing = [_nothing(ask, notebook)]
    notes = replies.missing(notebook.evidence) if ask.intent in _NOTED else []
    notes += not_understood(ask)
    return Draft(
        verdict=DraftVerdict(label="not_asked", why=""),
        claims=tuple(claims),
        unanswered=tuple(dict.fromkeys([*missing, *notebook.problems, *notes])),
    )


def not_understood(ask: Ask) -> list[str]:
    """What of a question was not read, said with what was used in its place."""
    lines = []
    if ask.unread and ask.symbols and ask.intent in (*_WINDOWED, "sustainability"):
        start, end = ask.window
        lines.append(
            f"The period that was asked about was not understood: the window is {start} to {end}. "
            "Name the dates for another."
        )
    if re.search(r"\brsi\b|relative strength index|overbought|oversold", ask.text, re.I):
        lines.append("The relative strength index: it is not computed here.")
    return lines


def _claims(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    if ask.intent == "advice":
        return [], [NO_ADVICE]
    if ask.intent == "prediction":
        return [], [NO_FORECAST]
    if is_foreign(ask):
        return [], [f"The tape has no prices for {_names(ask)}{_held(notebook)}."]
    answer = _ANSWERS.get(ask.intent or "", _snapshot)
    return answer(ask, notebook)


def _nothing(ask: Ask, notebook: Notebook) -> str:
    if ask.symbols:
        return "Neither the tape nor the commentary holds what is asked for."
    return (
        "The question is outside the evidence: it names no instrument of the tape"
        f"{_held(notebook)}, and no commentary speaks to it."
    )


def _held(notebook: Notebook) -> str:
    return f" (it holds {', '.join(notebook.held)})" if notebook.held else ""


def _on(ask: Ask) -> dict[str, str]:
    return {"on": str(ask.day)} if ask.day else {}


def _performance(
    ask: Ask, symbol: str, start: str, end: str, held: Sequence[str]
) -> dict[str, Any]:
    arguments = {"symbol": symbol, "start": start, "end": end}
    if ask.basis:
        arguments["basis"] = ask.basis
    first = symbol == ask.symbols[0]
    benchmark = _comparison(ask) if first else None
    if benchmark and (not held or benchmark in held):
        arguments["benchmark"] = benchmark
    return arguments


def _comparison(ask: Ask) -> str | None:
    """The usual benchmark where it is among the instruments named, else the second one."""
    usual = named(ask.symbols[0]).benchmark
    return usual if usual in ask.symbols or len(ask.symbols) == 1 else ask.symbols[1]


_AHEAD = r"\b(?:will|would|to|can|could|may|might|should)\s+(?:\w+\s+)?"
_BULLISH = re.compile(
    rf"\b(bulls?|bullish)\b|{_AHEAD}(rise|gain|climb|rally|advance|outperform|beat|soar)\b", re.I
)
_BEARISH = re.compile(
    r"\b(bears?|bearish|s[ck]eptic\w*)\b"
    rf"|{_AHEAD}(fall|drop|decline|lose|fade|sink|slide|crash|correct|underperform|lag|reverse)\b",
    re.I,
)


def _stance(text: str) -> str | None:
    if _BULLISH.search(text):
        return "bullish"
    return "bearish" if _BEARISH.search(text) else None


def _own_target(ask: Ask) -> list[Call]:
    """A level that the question itself names is put to the tape."""
    if ask.level is None or ask.subject is None:
        return []
    return [("target", {"symbol": ask.subject, "target": ask.level} | _on(ask))]


def _level(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    opens = bool(re.search(r"\bopen(ed)?\b", ask.text, re.I))
    seen = [
        _premise(ask, item, "day_change")
        + _named_close(ask, item)
        + replies.level(item, ask.day, opens=opens)
        for item in notebook.metrics("technicals")
    ]
    return [c for claims in seen for c in claims], []


def _technicals(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    claims: list[DraftClaim] = []
    for item in notebook.metrics("technicals"):
        claims += replies.averages(item, "summary") + replies.year_range(item, "summary")
    return claims, []


def _moves(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = list(notebook.metrics("performance"))
    claims = [c for item in seen[:1] for c in _premise(ask, item, "return")]
    claims += [c for item in seen for c in replies.performance(item, "summary")]
    claims += [c for item in seen[:1] for c in replies.bases(item, "summary")]
    if len(seen) > 1:
        claims += replies.on_open_basis(seen) + replies.risk(seen[0])
        for item in notebook.metrics("technicals"):
            claims += replies.level(item, None, "performance")
            claims += replies.averages(item) + replies.year_range(item)
    return claims, []


def _risk(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = list(notebook.metrics("performance"))
    return [c for item in seen for c in replies.risk(item, "summary")], []


def _sectors(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = list(notebook.metrics("sectors"))
    return [c for s in seen for c in replies.sectors(s, "summary")], []


def _signals(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    seen = list(notebook.metrics("signals"))
    return [c for s in seen for c in replies.watched(s, "summary")], []


def _target(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    passages = asked_voices(ask, notebook)
    claims = target_claims(notebook, passages, ask.subject, "summary")
    if ask.level is not None:
        own = list(notebook.metrics("target", ask.subject))[:1]
        claims = [replies.implied(item) for item in own]
    whose = f" by {_names(ask)}" if ask.strangers else ""
    missing = f"No current price target{whose} is in the commentary up to {ask.as_of}."
    return claims, [] if claims else [missing]


def _views(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    passages = asked_voices(ask, notebook)
    facts = _facts(ask, notebook)
    if ask.strangers:
        chosen = passages[:MOST_VOICES]
    elif _TWO_SIDED.search(ask.text):
        sides = [[v for v in passages if v[1].stance == s] for s in ("bullish", "bearish")]
        chosen = [v for side in sides for v in voices.spread(voices.ranked(side, ask.as_of), 3)]
    else:
        chosen = voices.spread(voices.ranked(passages, ask.as_of), MOST_VOICES)
    said = [(voice, _sentence(ask, voice[1])) for voice in chosen]
    claims = [voices.report("summary", v, s, ask.as_of) for v, s in said if s]
    return [*facts, *claims], [] if claims else [_silent(ask)]


def _facts(ask: Ask, notebook: Notebook) -> list[DraftClaim]:
    """What the tape says of the day or window that a question about reasons takes for granted."""
    if ask.intent != "views":
        return []
    claims: list[DraftClaim] = []
    for item in notebook.metrics("technicals"):
        claims += _premise(ask, item, "day_change") + replies.level(item, ask.day)
    for item in notebook.metrics("performance"):
        claims += _premise(ask, item, "return") + replies.performance(item, "summary")
    return claims


def _premise(ask: Ask, item: replies.Seen, move: str) -> list[DraftClaim]:
    """A word on a question that takes for granted a move that the tape doesn't show."""
    key, metric = item
    if not ask.contradicts(metric.figures.get(move)):
        return []
    name = named(metric.symbols[0]).spoken
    text = f"The move that the question names for {name} is not the one on the tape [{key}]."
    return [replies.claim("summary", text, key)]


def _named_close(ask: Ask, item: replies.Seen) -> list[DraftClaim]:
    """A word on a question that names a close which isn't the tape's: "did it close at 2,724?"."""
    key, metric = item
    said = re.search(r"\bclosed? at\s+\$?(\d[\d,]*(?:\.\d+)?)", ask.text, re.I)
    close = replies.value(metric, "close")
    if said is None or close is None:
        return []
    decimals = len(said[1].partition(".")[2])
    if round(close, decimals) == float(said[1].replace(",", "")):
        return []
    name = named(metric.symbols[0]).spoken
    text = f"The close that the question names for {name} is not the one on the tape [{key}]."
    return [replies.claim("summary", text, key)]


def _valuation(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    passages = voices.ranked(asked_voices(ask, notebook), ask.as_of)
    valued = {v[0]: s for v in passages if (s := voices.valuation(v[1], ask.subject))}
    seen = notebook.metric("valuation")
    claims = replies.valuation(seen, "summary") if seen else []
    for voice in voices.spread([v for v in passages if v[0] in valued], 4):
        lead = "Quoted, not on the tape: "
        claims.append(voices.report("summary", voice, valued[voice[0]], ask.as_of, lead))
    return claims, [NO_EARNINGS] if claims else [_silent(ask), NO_EARNINGS]


def _snapshot(ask: Ask, notebook: Notebook) -> tuple[list[DraftClaim], list[str]]:
    """For a question of no known kind: where its instruments stand, and what is written of it."""
    claims, _ = _level(ask, notebook)
    asked = voices.words(ask.text) - voices.words(" ".join(_aliases(ask)))
    told = [v for v in notebook.passages if asked & voices.words(v[1].text)]
    views, _ = _views(ask, replace(notebook, evidence=tuple(told)))
    return claims + views[:3], []


def _aliases(ask: Ask) -> list[str]:
    return [alias for s in ask.symbols for alias in (*named(s).aliases, named(s).name)]


def _silent(ask: Ask) -> str:
    who = f" by or on {_names(ask)}" if ask.strangers else ""
    when = f"from {ask.start} to {ask.end}" if ask.start else f"on or before {ask.as_of}"
    when = f"on {ask.day} or just after it" if ask.day else when
    return f"Commentary: nothing{who} that answers this was found {when}."


def _names(ask: Ask) -> str:
    return " or ".join(ask.strangers)


def asked_voices(ask: Ask, notebook: Notebook) -> list[Voice]:
    """The passages by those whom the question names, else on them; all if it names nobody.

    A period in the question is that of publication; of a day, it is that day and three more.
    """
    passages = notebook.passages
    if ask.day:
        passages = [v for v in passages if 0 <= (v[1].day - ask.day).days <= DAYS_AFTER]
    if ask.start and ask.end:
        passages = [v for v in passages if ask.start <= v[1].day <= ask.end]
    if not ask.strangers:
        return passages
    by = [v for v in passages if _holds(ask, f"{v[1].author or ''} {v[1].firm or ''}")]
    return by or [v for v in passages if _holds(ask, f"{v[1].title} {v[1].text}")]


def _holds(ask: Ask, text: str) -> bool:
    words = voices.words(text)
    return any(voices.words(name) <= words for name in ask.strangers)


def _sentence(ask: Ask, passage: Passage) -> str | None:
    """What a passage says of the question: on its instrument if it can, by a name if one asks."""
    if not ask.strangers:
        return voices.opinion(passage, ask.text, ask.subject)
    if not _holds(ask, f"{passage.author or ''} {passage.firm or ''}"):
        named_in = [s for s in voices.usable(passage) if _holds(ask, s)]
        return named_in[0] if named_in else None
    on_subject = voices.opinion(passage, ask.text, ask.subject) if ask.subject else None
    return on_subject or voices.opinion(passage, ask.text)


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

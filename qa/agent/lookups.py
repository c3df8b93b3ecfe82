"""What a narrow question needs looked up: the calls of the tools, by what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dateutil.relativedelta import relativedelta

from qa.agent.ask import Ask
from qa.agent.periods import MONTHS
from qa.market.instruments import named

Call = tuple[str, dict[str, Any]]
MOST_INSTRUMENTS = 5
MOST_OF_NAMED = 12  # passages, where somebody is named: the older views of a house among them
_CITED = re.compile(
    r"\b(per|according to|says?|said|wrote|piece|calculat\w+|reported|looked at|found that)\b", re.I
)
# A vote against something, or a ground held against it, takes no sides by itself.
_NO_VOTE = "".join(
    rf"(?<!\b{w} )" for w in ("vote", "votes", "voted", "dissented", "hold", "holds")
)
TWO_SIDED = re.compile(
    r"\bdisagree|\bconflict|\bdebate|\bboth sides|\bwho is right"
    rf"|{_NO_VOTE}\bagainst",
    re.I,
)
_AHEAD = r"\b(?:will|would|to|can|could|may|might|should)\s+(?:\w+\s+)?"
_BULLISH = re.compile(
    rf"\b(bulls?|bullish)\b|{_AHEAD}(rise|gain|climb|rally|advance|outperform|beat|soar)\b", re.I
)
_BEARISH = re.compile(
    r"\b(bears?|bearish|s[ck]eptic\w*)\b"
    rf"|{_AHEAD}(fall|drop|decline|lose|fade|sink|slide|crash|correct|underperform|lag|reverse)\b"
    r"|\b(won['’]t|will not|can['’]t|cannot|doubts?)\b[^.?!]{0,30}"
    r"\b(last|hold|continue|go on|sustained)\b",
    re.I,
)
_PASSED = re.compile(
    r"\b(clos\w+|cross\w*|br(eak|oke)\w*|got|went|rose|climb\w+|mov\w+|trad\w+|pass\w+|top\w+)"
    r" (\w+ )?(above|over|past|through|beyond)\s+\$?\d",
    re.I,
)
_LONGEST = re.compile(r"\b(longest|record|biggest|best|worst)\b", re.I)
_AHEAD_OF = re.compile(
    r"\b((out|under)perform\w*|beat\w*|ahead|behind|lead\w*|led|lag\w*|against|versus|vs|better"
    r"|worse|than|relative)\b",
    re.I,
)
REBOUND = re.compile(r"\b(rebound|bounce|recovery|comeback|bear[- ]market rally)\b", re.I)
_SEASONS = (
    ("turn_of_year", r"\bturn[- ]of[- ](the[- ])?year\b"),
    ("12-24..01-05", r"\bsanta\b"),
    ("05-01..10-31", r"\bsell in may\b|\bhalloween\b|\bsummer\b"),
    ("midterm", r"\bmid[- ]?terms?\b"),
    ("pre_election", r"\bpre[- ]?election"),
    ("post_election", r"\bpost[- ]?election"),
    ("election", r"\belection"),
)


def lookups(ask: Ask, held: Sequence[str]) -> list[Call]:
    """The calls that a narrow question needs; who is named may be one who has written."""
    calls = [call for each in (ask, *ask.more) for call in _lookups(each, held)]
    calls = [call for place, call in enumerate(calls) if call not in calls[:place]]
    search: Call = ("search_commentary", {"query": ask.topic, "limit": MOST_OF_NAMED})
    heard = any(name == search[0] for name, _ in calls)
    if not ask.strangers and (heard or not _CITED.search(ask.text)):
        return calls
    return [*(call for call in calls if call[0] != search[0]), search]


def _lookups(ask: Ask, held: Sequence[str]) -> list[Call]:
    symbols = ask.symbols[:MOST_INSTRUMENTS]
    search: Call = ("search_commentary", {"query": ask.topic, "limit": 8})
    if ask.later and ask.intent not in ("views", "target", "valuation"):
        return [("technicals", {"symbol": s}) for s in symbols]
    technical = [("technicals", {"symbol": s} | _on(ask)) for s in symbols]
    match ask.intent:
        case "level" | "technicals":
            return technical
        case "sectors" | "breadth" | "credit" | "performance" | "risk" | "drawdown" | "streak":
            return _over_window(ask, symbols, held)
        case "season" | "precedent":
            return _historical(ask, symbols, held)
        case "curve":
            return [("rates", {"on": str(ask.day or ask.window[1])})]
        case "ratio":
            return _against(ask, held)
        case "signals":
            return [("signals", {"symbol": s}) for s in symbols[:1]]
        case "target":
            return [*_own_target(ask), search]
        case "views" if symbols and (ask.day or ask.start):
            start, end = (str(day) for day in ask.window)
            moved: Call = ("performance", _performance(ask, symbols[0], start, end, held))
            return [technical[0] if ask.day else moved, search]
        case "valuation":
            return _valued(ask)
        case "views" if TWO_SIDED.search(ask.text):
            sides = ("bullish", "bearish")
            return [(search[0], {"query": ask.topic, "stance": s, "limit": 8}) for s in sides]
        case "views":
            stance = stance_of(ask.text)
            asked = {"stance": stance, "limit": MOST_OF_NAMED} if stance else {}
            return [(search[0], search[1] | asked)]
        case _:
            return [*technical, search]


def _over_window(ask: Ask, symbols: Sequence[str], held: Sequence[str]) -> list[Call]:
    """What happened in the window, or on the day, that is asked about."""
    day = None if ask.intent == "streak" else ask.day
    asked = replace(ask, end=ask.end or ask.day).window if day is None else (day, day)
    start, end = (str(bound) for bound in asked)
    window = {"start": start, "end": end}
    match ask.intent:
        case "sectors" | "breadth" | "credit":
            return [(ask.intent, window)]
        case "drawdown":
            return [("drawdown", {"symbol": s} | _a_year(ask, window)) for s in symbols]
        case "streak" if symbols and is_of_its_own(ask.text):
            if _LONGEST.search(ask.text) or ask.start:
                return [("performance", {"symbol": s} | _a_year(ask, window)) for s in symbols]
            return [("technicals", {"symbol": s} | _on(ask)) for s in symbols]
        case "streak":
            return _against(ask, held)
    yields = [s for s in symbols if named(s).kind == "yield"]
    priced = [s for s in symbols if s not in yields]
    calls: list[Call] = [("performance", _performance(ask, s, start, end, held)) for s in priced]
    if ask.intent == "risk":
        calls += [("volatility", {"symbol": s} | window) for s in priced]
    if yields:
        calls.append(("rates", {"since": start, "on": end}))
    if priced and asks_of_a_level_passed(ask):
        calls.append(("drawdown", {"symbol": priced[0], "start": start, "end": end}))
    return calls + ([("technicals", {"symbol": priced[0], "on": end})] if priced else [])


def _against(ask: Ask, held: Sequence[str]) -> list[Call]:
    """The first instrument against the other one named, or its usual benchmark."""
    other = comparison(ask) if ask.symbols else None
    if other is None or (held and other not in held):
        return []
    start, end = (str(bound) for bound in replace(ask, end=ask.end or ask.day).window)
    pair = {"symbol": ask.symbols[0], "benchmark": other}
    return [("compare", pair | {"start": start, "end": end})]


def _a_year(ask: Ask, window: dict[str, str]) -> dict[str, str]:
    """The window that is asked about; the year up to the day, where a day is asked about."""
    end = ask.day or ask.as_of
    if ask.start or (ask.day is None and ask.intent == "drawdown"):
        return window
    return {"start": str(end - relativedelta(years=1)), "end": str(end)}


def is_of_its_own(text: str) -> bool:
    """Whether a run is one of rises or falls, and not one of days ahead of something."""
    return not _AHEAD_OF.search(text)


def asks_of_a_level_passed(ask: Ask) -> bool:
    """Whether a question takes a level for passed: "after closing above 50,000"."""
    return ask.level is not None and bool(_PASSED.search(ask.text))


def _historical(ask: Ask, symbols: Sequence[str], held: Sequence[str]) -> list[Call]:
    """What came of a season, or after moves like the present one, in the history held."""
    if not symbols:
        return []
    other = comparison(ask)
    pair = {"symbol": symbols[0]}
    if other and (not held or other in held):
        pair["benchmark"] = other
    if ask.intent == "season":
        return [("seasonality", pair | {"season": season(ask.text)})]
    if cross := re.search(r"\bcross", ask.text, re.I):
        return [("base_rates", pair | {"kind": "cross"})] if cross else []
    if re.search(r"\bstreaks?\b|\bdays in a row\b", ask.text, re.I):
        return [("base_rates", pair | {"kind": "streak"})]
    if re.search(r"\b(52[- ]week|new|record) highs?\b|\bbreakouts?\b", ask.text, re.I):
        return [("base_rates", pair | {"kind": "high"})]
    start, end = (str(day) for day in ask.window)
    return [("base_rates", pair | {"start": start, "end": end})]


def season(text: str) -> str:
    """The season that a question names, as `seasonality` calls it; January if it names none."""
    lowered = text.lower()
    for name, pattern in _SEASONS:
        if re.search(pattern, lowered):
            return name
    months = re.compile(rf"\b({'|'.join(MONTHS)})s?\b").search(lowered)
    return months[1] if months else "january"


def _valued(ask: Ask) -> list[Call]:
    about = named(ask.subject).name if ask.subject else ""
    query = f"{ask.text} {about} valuation forward P/E multiple discount"
    own: list[Call] = []
    if ask.subject:
        pair = {"symbol": ask.subject, "benchmark": ask.benchmark}
        own = [("valuation", {k: v for k, v in pair.items() if v})]
    return [*own, ("search_commentary", {"query": query, "limit": 8})]


def _on(ask: Ask) -> dict[str, str]:
    return {"on": str(ask.day)} if ask.day else {}


def _performance(
    ask: Ask, symbol: str, start: str, end: str, held: Sequence[str]
) -> dict[str, Any]:
    arguments = {"symbol": symbol, "start": start, "end": end}
    if ask.basis:
        arguments["basis"] = ask.basis
    benchmark = comparison(ask) if symbol == ask.symbols[0] else None
    if benchmark and (not held or benchmark in held):
        arguments["benchmark"] = benchmark
    return arguments


def comparison(ask: Ask) -> str | None:
    """The usual benchmark where it is among the instruments named, else the second one."""
    usual = named(ask.symbols[0]).benchmark
    if usual in ask.symbols or len(ask.symbols) == 1:
        return usual
    return ask.symbols[1] if named(ask.symbols[1]).kind != "yield" else None


def stance_of(text: str) -> str | None:
    """The side that a question asks for, bullish or bearish; None for both or neither."""
    if _BULLISH.search(text):
        return "bullish"
    return "bearish" if _BEARISH.search(text) else None


def _own_target(ask: Ask) -> list[Call]:
    """A level that the question itself names is put to the tape."""
    if ask.level is None or ask.subject is None:
        return []
    return [("target", {"symbol": ask.subject, "target": ask.level} | _on(ask))]

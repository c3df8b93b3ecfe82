"""Reads a rule from one line of plain words; what can't be read to the last word is refused."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pydantic import ValidationError

from qa.errors import BadRule
from qa.market.instruments import INSTRUMENTS, named
from qa.market.rules import (
    FORMS,
    SPANS,
    AverageRule,
    CloseRule,
    DrawdownRule,
    LeadRule,
    LevelRule,
    MoveRule,
    RsiRule,
    Rule,
    reason,
    spoken,
)

LONGEST = 120
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3}){1,2}|\d{1,7})(?:\.\d{1,6})?"
_OF = r"(?P<of>\S(?:.*?\S)?)"
_SIDE = r"(?P<side>above|below)"
_SESSIONS = r"(?P<sessions>\d{1,4})"
_AVERAGE = r"-day (?:moving )?average"
_UNIT = r"(?P<unit>%|percent|bps?|basis points?|points?)"
# The first that fits a whole line says what it is, so the more particular ones come first.
_READERS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (
            rf"(?:{_OF} )?{_SESSIONS}{_AVERAGE} {_SIDE} (?:(?:its|the) )?(?P<against>\d{{1,4}})"
            rf"{_AVERAGE}",
            AverageRule,
        ),
        (rf"{_OF} {_SIDE} (?:its|the) {_SESSIONS}{_AVERAGE}", CloseRule),
        (
            rf"{_OF} minus (?P<other>.+?) over {_SESSIONS} sessions? {_SIDE} "
            rf"(?:zero|0|(?P<limit>{_NUMBER}) ?(?:percentage points?|pp))",
            LeadRule,
        ),
        (rf"(?:{_OF} )?drawdown {_SIDE} (?P<limit>{_NUMBER}) ?(?:%|percent)", DrawdownRule),
        (rf"(?:{_OF} )?(?:14-day )?RSI {_SIDE} (?P<limit>{_NUMBER})", RsiRule),
        (
            rf"{_OF} (?P<way>up|down) (?P<amount>{_NUMBER}) ?{_UNIT} (?:or more )?(?:in|over) "
            rf"(?:an? (?P<span>{'|'.join(SPANS)})|{_SESSIONS} sessions?)",
            MoveRule,
        ),
        (rf"{_OF} {_SIDE} (?P<limit>{_NUMBER})(?P<percent> ?%| percent)?", LevelRule),
    )
)
_UNLISTED = re.compile(r"(?=.*[A-Z])\^?[A-Z0-9][A-Z0-9.=-]{0,11}")
# Words that would pass for symbols: read as one, "MACD above 0" would watch a company.
_NO_SYMBOLS = frozenset(
    "RSI MACD EMA SMA ATR ADX OBV VWAP PE EPS OPEN HIGH LOW VOLUME AVERAGE YIELD DRAWDOWN IT"
    " RETURN VOLATILITY BREADTH SPREAD".split()
)
_CLOSE = re.compile(r"(?:(?P<of>.+?)(?:'s)? )?(?:closes?|price)", re.IGNORECASE)


def read_rule(text: str) -> Rule:
    """The rule that a line of words says; raises BadRule with the forms that can be read.

    "close", "symbol" and "small" stand for the instrument that is watched, "benchmark" and "large"
    for its benchmark; others go by name ("VIX", "10-year"), by symbol ("^RUT", "NVDA" in capitals)
    or as a ratio ("HYG/LQD"). A month is 21 sessions; a week 5, a quarter 63, a year 252.
    """
    line = text.replace("\N{NON-BREAKING HYPHEN}", "-").replace("\N{MINUS SIGN}", "-")
    line = " ".join(line.split()).rstrip(".")
    if len(line) <= LONGEST:
        for pattern, kind in _READERS:
            if found := pattern.fullmatch(line):
                return _made(line, kind, found.groupdict())
    raise _unread(line)


def _unread(line: str) -> BadRule:
    shown = line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."
    return BadRule(
        f"The rule {shown!r} can't be read; it can be: {'; '.join(FORMS)}, "
        "with above for below, and other instruments and numbers."
    )


def _made(line: str, kind: type[Any], words: dict[str, str | None]) -> Rule:
    try:
        made: Rule = kind(**_fields(line, words))
    except ValidationError as error:
        raise BadRule(f"The rule {line!r} can't be used: {reason(error)}.") from error
    if words.get("percent") and not (made.of and named(made.of).kind == "yield"):
        raise BadRule(f"The rule {line!r} can't be used: only the level of a yield is in percent.")
    return made


def _fields(line: str, words: dict[str, str | None]) -> dict[str, Any]:
    """The fields of a rule from the words found for them; what isn't said is left out."""
    fields: dict[str, Any] = {}
    for name, word in words.items():
        match name:
            case _ if word is None:
                continue
            case "of":
                fields["of"] = _instrument(line, word, ("symbol", "small"))
            case "other":
                fields["against"] = _instrument(line, word, ("benchmark", "large"))
            case "limit" | "amount":
                fields[name] = float(word.replace(",", ""))
            case "span":
                fields["sessions"] = SPANS[word.lower()]
            case "unit":
                fields["unit"] = _unit(word.lower())
            case "sessions" | "against":
                fields[name] = int(word)
            case "side" | "way":
                fields[name] = word.lower()
    return fields


def _unit(word: str) -> str:
    if word.startswith("b"):
        return "basis_points"
    return "points" if word.startswith("point") else "percent"


def _instrument(line: str, words: str, own: tuple[str, ...]) -> str | None:
    """The symbol, or the ratio of two, that words stand for; None for a word of `own`."""
    if found := _CLOSE.fullmatch(words):
        words = found["of"] or own[0]
    if words.lower().removeprefix("the ") in own:
        return None
    return "/".join(_symbol(line, part.strip()) for part in words.split("/"))


def _symbol(line: str, words: str) -> str:
    if listed := _listed().get(words.lower().removeprefix("the ")):
        return listed
    if words not in _NO_SYMBOLS and _UNLISTED.fullmatch(words):
        return words
    if " " in words:  # more likely another kind of sentence than a name
        raise _unread(line)
    raise BadRule(
        f"The rule {line!r} can't be read: {words!r} is no instrument known by name; "
        "give its symbol in capitals, such as ^RUT or IWM."
    )


@cache
def _listed() -> dict[str, str]:
    """The symbols by every name in lower case; a yield's short name is that without "yield"."""
    names: dict[str, str] = {}
    for instrument in INSTRUMENTS:
        said = spoken(instrument.symbol)
        for name in (instrument.symbol, instrument.name, said, *instrument.aliases):
            names[name.lower()] = instrument.symbol
            if instrument.kind == "yield":
                names[name.lower().removesuffix(" yield")] = instrument.symbol
    return names

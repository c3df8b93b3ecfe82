"""What the words around a figure say it is of: "gained", "below the high", "on the day".

The nearest word that names a quantity counts, before a figure or right behind it. What is found is
held against the figure in quantities.py.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from qa.checking.layout import NAME
from qa.checking.numerals import compiled, found_after, words

Span = Literal["day", "week", "month", "year", "period", ""]
Reach = Literal["year", "record", ""]

# Words before a figure that name its quantity; the last before the figure counts, but a weak one
# ("stands at") gives way to a noun before it.
_BEFORE = (
    (r"volatilit\w+|deviations?|swings?", "volatility", "noun"),
    (r"drawdowns?", "drawdown from_high", "noun"),
    (r"percentile", "percentile", "noun"),
    (r"averages?", "average distance", "noun"),
    (r"highest(?: close)?|(?<!than )\bhighs?|peaks?", "high from_high drawdown", "noun"),
    (r"records?", "high from_high drawdown level", "noun"),
    (r"lowest(?: close)?|(?<!than )\blows?|troughs?", "low drawdown", "noun"),
    (r"ranges?", "high low position", "noun"),
    (r"targets?", "target upside", "noun"),
    (r"upside|downside", "upside", "noun"),
    (r"beta|correlations?", "beta", "noun"),
    (r"best|strongest", "best move", ""),
    (r"worst|weakest", "worst move", ""),
    (r"opened|\bopen(?:ing)?(?: (?:level|price))?(?: of| at| is| was)", "open", ""),
    (r"(?:previous|prior)(?:ly)?(?: close)?(?: of| at| was)?", "start previous", ""),
    (
        r"clos(?:ed|es|e|ing)(?: (?:level|price))?(?: at| of| is| was| stood at| stands at)"
        r"|(?:ended|finished|settled) at",
        "level start high low",
        "",
    ),
    (
        r"(?:rose|risen|rises|fell|fallen|falls|climb(?:s|ed)|drop(?:s|ped)|gain(?:s|ed)|jump(?:s|ed)"
        r"|slid|slipped|advance[sd]|decline[sd]|rallied|recover(?:s|ed)|up|down)"
        r"(?: (?!from|against|by)[a-z]+){0,3}? to",
        "level start high low",
        "",
    ),
    (
        r"(?:stood|stands|stand|trades|traded|is|was) at|levels?(?: of| at)|, at",
        "level start high low open limit position",
        "weak",
    ),
    (
        r"gain(?:s|ed|ing)?|los(?:t|es|s|ses|ing)|rose|risen|rises?|rising|fell|fallen|falls?"
        r"|falling|return(?:s|ed|ing)?|climb(?:s|ed)?|add(?:s|ed)|shed|jump(?:s|ed)?|surged?"
        r"|dropped|drops?|declined?|declines|advanced?|advances|slid|slipped|rall(?:y|ied)|up|down",
        "move drawdown from_high upside distance limit best worst group gap",
        "",
    ),
    (
        r"ahead|behind|apart|lead|led|lag(?:s|ged)?|trail(?:s|ed)|outpaced|beat|outperformed"
        r"|underperformed",
        "lead move limit",
        "",
    ),
    (
        r"now|currently",
        "lead move level distance volatility position part average high from_high gap share",
        "weak",
    ),
    (r"last run[^;:,]*|longer(?: one| run| streak)?", "longer_streak", "noun"),
)
_AFTER = (
    (
        r"(?:above|below|over|under|from|beneath|off) (?:(?:its|the|their|a) )?"
        r"(?:rising |falling )?(?:(?P<length>\d+)-(?:day|session) )?(?:simple |moving )*average",
        "distance",
    ),
    (
        r"(?:below|under|from|off|short of|beneath|above|over) (?:(?:its|the|their|a) )?"
        r"(?:(?:\d+-week|record|all-time|intraday|closing|recent|highest) )*"
        r"(?:high|peak|record|close\b(?! of))",
        "from_high drawdown",
    ),
    (r"(?:above|below) the close of", "upside"),
    (r"of (?:it|its range|the range|that range|its (?:\S+ )*range)\b", "position"),
    (r"(?:on|for|in) the (?:day|session)\b", "move"),
    (r"(?:apart|ahead|behind)\b", "lead"),
    (r"(?:sessions? )?(?:in a row|in succession|straight|running)\b", "streak longer_streak"),
    (r"upside\b", "upside"),
    (r"(?:[a-z ]{0,20}):\s*(?:not )?triggered", "limit average"),
    (r"(?:of|out of) (?:the )?(?:\d|two|three|four|five|six|seven|eight|nine|ten|eleven)", "part"),
)
_SPANS: tuple[tuple[str, Span], ...] = (
    (r"(?:on|for|in|over) (?:the|a|that) (?:day|session)|\btoday\b|\byesterday\b", "day"),
    (r"(?:in|over|for|on) (?:the|a) week", "week"),
    (r"(?:in|over|for|on) (?:the|a) (?:month|quarter)", "month"),
    (r"(?:in|over|for|on) (?:the|a) year", "year"),
)
_CLAUSE = re.compile(r"[;:]\s")


class Wording(NamedTuple):
    """What the words around a figure say it is of; empty fields say nothing.

    `kinds` are the quantities that the nearest word may mean, `length` days, `closing` whether
    closes are meant and not the prices within a day.
    """

    kinds: frozenset[str] = frozenset()
    length: int = 0
    population: bool | None = None
    frequency: str = ""
    span: Span = ""
    closing: bool | None = None
    reach: Reach = ""


@lru_cache(maxsize=8192)
def wording(own: str, shared: str, right: str, beside: str = "") -> Wording:
    """What the words say of a figure, as `Layout.words` gives them.

    `own` are the words since the figure before it, `shared` those and the ones it shares with that
    figure, `right` the words after it, `beside` those right beside it.
    """
    left = _CLAUSE.split(shared)[-1]
    before = _governing(left)
    if left != shared and (not _LETTER.search(left) or not (before or NAME in left)):
        left = shared  # what follows a colon or semicolon begins anew only if it says what it is of
        before = _governing(left)
    after = compiled(_NEXT).match(right)
    before = None if after else before
    kinds = frozenset[str]()
    if after:
        kinds = _AFTER_KINDS[_index(after)]
    elif before:
        kinds = _BEFORE_KINDS[_index(before)]
    length = int(after["length"]) if after and after["length"] else 0
    if not length and before and "average" in kinds and (lengths := _LENGTHS.findall(left)):
        length = int(lengths[-1])
    return Wording(
        kinds,
        length,
        _population(own, beside),
        _often(left) if "volatility" in kinds else "",
        _span(right),
        _closing(left) if kinds & {"high", "low"} else None,
        _reach(after.group() if after else left) if kinds & _EXTREMES else "",
    )


def _joined(table: tuple[tuple[str, ...], ...], lead: str, end: str = "") -> str:
    return lead + "(?:" + "|".join(f"(?P<k{i}>{row[0]}){end}" for i, row in enumerate(table)) + ")"


_LAST = _joined(_BEFORE, r"(?<![\w-])", r"(?![\w-])")
_BEFORE_LAST = re.compile(  # what stands before one of them, by its first two letters
    r"[^\w-](?=a[dhpv]|be|c[lou]|d[eor]|en|f[aei]|ga|hi|is|ju|l[aeo]|no|o[pu]|p[er]"
    r"|r[aeio]|s[ehltuwi]|t[ar]|u[np]|vo|w[aeo]|, at)"
)
_NEXT = _joined(_AFTER, r"[\s)]*")
_SPAN = _joined(_SPANS, r"[\s)]*", r"\b")
_BEFORE_KINDS = [frozenset(words(kinds)) for _, kinds, _ in _BEFORE]
_AFTER_KINDS = [frozenset(words(kinds)) for _, kinds in _AFTER]
_ASIDE = re.compile(r"\s*\((sample|population)\b( deviation)?( \d)?")
_DEVIATION = re.compile(r"population|sample")
_LENGTHS = re.compile(r"(\d+)-(?:day|session)\b")
_OFTEN = re.compile(r"\b(daily|day-to-day|weekly|monthly|annual\w*|yearly|rolling|implied)\b")
_LETTER = re.compile("[a-z]")
_EXTREMES = frozenset(("high", "low", "from_high", "position"))
_REACH = re.compile(  # as far from the figure as words without a comma reach
    r"(?P<year>52[- ]week|(?:1|one)[- ]year|12[- ]month)(?:[ -](?:[a-z]+|\x01+)){0,5}[\s)]*$"
    r"|\b(?:record|all[- ]time|lifetime)(?:[ -](?:[a-z]+|\x01+)){0,5}[\s)]*$"
)


def _index(found: re.Match[str]) -> int:
    """The row that was found: its group is the last to close, whatever stands inside it."""
    return int(found.lastgroup[1:])  # type: ignore[index]


def _governing(left: str) -> re.Match[str] | None:
    """The word that names what follows `left`: the last one, or the noun before a weak one."""
    found = list(found_after(_BEFORE_LAST, _LAST, left[-140:]))
    if not found:
        return None
    if _BEFORE[_index(found[-1])][2] == "weak":
        nouns = [m for m in found if _BEFORE[_index(m)][2] == "noun"]
        return nouns[-1] if nouns else found[-1]
    return found[-1]


def _population(left: str, beside: str) -> bool | None:
    if aside := _ASIDE.match(beside):
        return (aside[1] == "population") != bool(aside[3])  # "(population 0.96%" is of the next
    said = _DEVIATION.findall(left)
    return None if not said else said[-1] == "population"


def _often(left: str) -> str:
    said = _OFTEN.findall(left)
    if not said:
        return ""
    return {"day-to-day": "daily", "daily": "daily", "weekly": "weekly", "monthly": "monthly"}.get(
        said[-1], "annual"
    )


def _span(right: str) -> Span:
    found = compiled(_SPAN).match(right)
    return _SPANS[_index(found)][1] if found else ""


def _closing(left: str) -> bool | None:
    said = re.findall(r"\b(intraday|clos)", left)
    return None if not said else said[-1] == "clos"


def _reach(words: str) -> Reach:
    """How far back the words look for an extreme."""
    said = _REACH.search(words)
    return "" if said is None else "year" if said["year"] else "record"

"""What a text doesn't state in its front matter, read out of it by rules and marked as inferred.

Stance, horizon, drivers and targets. The rules look for the field's set phrases, word by word; a
text without them keeps the field empty. What they find helps to sort and to search; it is never
evidence by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

from qa.commentary.documents import Document
from qa.commentary.passages import sentences
from qa.domain import Driver, DriverKind, Stance, Target

_BULLISH = r"""
bullish|bull case|bulls?|overweight|outperform(?:s|ed|ing|ance)?|upside|tailwinds?|favou?rs|rally on
|constructive|optimistic|attractive(?:ly)?|cheap|undervalued|buy|recommends?|upgrade[sd]?|catch up
|breakout|more room|room to run|supports?|gains? ahead|rebound|recovery|accelerat\w+|record high
|improving|strong(?:er)?|lead(?:s|ing)?|re-rating|discount
"""
_BEARISH = r"""
bearish|bear case|bears?|underweight|underperform(?:s|ed|ing|ance)?|downside|headwinds?|cautious
|skeptic\w*|sceptic\w*|pessimistic|overvalued|expensive|sell|avoid|downgrade[sd]?|warn(?:s|ed|ing)?
|risk(?:s|y)?|fad(?:e|es|ing)|correction|recession|slowdown|deteriorat\w+|weak(?:er|ness|est)?|junk
|unprofitable|stretched|overbought|pressure|drag|bubble|lag(?:s|ging)?|doubts?|unreliable|stress
"""
_NOT = re.compile(
    r"\b(?:not|no|never|hardly|without|less|isn't|aren't|doesn't|don't|lacks?)\b", re.I
)
# How many words before a cue a "not" reaches.
_REACH = 3
_LEAST_CUES = 2
# One side has to have this share of the cues to carry the stance.
_CLEAR = 0.7

_DRIVERS: tuple[tuple[DriverKind, str], ...] = (
    (
        "policy",
        r"rate cuts?|rate hikes?|fed(?:eral reserve)? (?:policy|easing|cuts?|on hold)"
        r"|monetary (?:policy|easing)|deregulation|tariffs?|tax (?:cuts?|bill|policy)"
        r"|fiscal (?:policy|stimulus|support)|quantitative (?:easing|tightening)"
        r"|higher for longer|lower rates|higher rates|trade policy",
    ),
    (
        "structural",
        r"valuations?(?: gap| discount)?|unprofitable companies|balance sheets?|refinanc\w+"
        r"|floating[- ]rate debt|onshoring|re-?shoring|productivity|demographics"
        r"|artificial intelligence|private equity|index (?:quality|composition)"
        r"|debt maturit\w+|profitability|concentration",
    ),
    (
        "cyclical",
        r"(?:earnings|profit) (?:growth|revisions?|recovery|estimates)|economic growth|gdp"
        r"|recession|inflation|unemployment|labou?r market|consumer spending|capex"
        r"|soft landing|credit (?:spreads?|stress)|rotation|broadening|manufacturing"
        r"|mergers(?: and acquisitions)?|m&a",
    ),
    (
        "technical",
        r"breadth|momentum|seasonality|january effect|short (?:covering|interest)|overbought"
        r"|oversold|moving averages?|breakout|positioning|fund flows|inflows|outflows"
        r"|relative strength|record (?:high|close)|volatility|resistance|support level",
    ),
)
_MOST_DRIVERS = 4

_HORIZON = re.compile(
    r"\b(?:year-end|end of|by the end of|the rest of|first half of|second half of|early|late|mid-)"
    r"[ -]?20\d\d\b|\b(?:over |in |for )?the (?:next|coming) (?:\w+ (?:to \w+ )?)?"
    r"(?:weeks?|months?|quarters?|years?)\b|\b(?:near|short|medium|long)[- ]term\b"
    r"|\b(?:first|second|third|fourth) quarter(?: of 20\d\d)?\b",
    re.IGNORECASE,
)
_INDEX = re.compile(r"Russell 2000|S&P 500|Nasdaq(?: 100)?|Dow(?: Jones)?|IWM|SPY|QQQ")
_TARGET = re.compile(
    r"\b(?:price )?targets?\b|\bprice objective\b|\byear-end (?:call|forecast)\b", re.IGNORECASE
)
_LEVEL = re.compile(
    r"(?<![\d.,$%])\$?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{3,5}(?:\.\d+)?)(?![\d,]|\.\d|%| ?per)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Rules read no more of a text than this; a view stands in its first pages.
_READ = 20_000


def infer(document: Document) -> Document:
    """The document with stance, horizon, drivers and targets where it had none and rules find them.

    What was filled in is named in `inferred`.
    """
    text = document.body[:_READ]
    found: dict[str, Any] = {}
    if document.stance is None and (stance := read_stance(text)):
        found["stance"] = stance
    if document.horizon is None and (horizon := read_horizon(text, document.published)):
        found["horizon"] = horizon
    if not document.drivers and (drivers := read_drivers(text)):
        found["drivers"] = drivers
    if not document.targets and (targets := read_targets(text)):
        found["targets"] = targets
    inferred = (*document.inferred, *(name for name in found if name not in document.inferred))
    return document.model_copy(update=found | {"inferred": inferred}) if found else document


def read_stance(text: str) -> Stance | None:
    """Bullish or bearish where one side's cues prevail, mixed where neither does, or None."""
    bulls = bears = 0
    for sentence in sentences(text):
        rising, turned_down = _cues(_RISING, sentence)
        falling, turned_up = _cues(_FALLING, sentence)
        bulls += rising + turned_up
        bears += falling + turned_down
    total = bulls + bears
    if total < _LEAST_CUES:
        return None
    if bulls >= _CLEAR * total:
        return "bullish"
    return "bearish" if bears >= _CLEAR * total else "mixed"


def read_horizon(text: str, published: date | None = None) -> str | None:
    """The first words that say which time ahead the text is about, verbatim."""
    for match in _HORIZON.finditer(text):
        year = _YEAR.search(match[0])
        if not (year and published and int(year[0]) < published.year):
            return match[0]
    return None


def read_drivers(text: str) -> tuple[Driver, ...]:
    """The reasons that the text names most often, in its own words, each with its kind."""
    counts: Counter[tuple[DriverKind, str]] = Counter()
    for kind, pattern in _REASONS:
        for match in pattern.finditer(text):
            counts[kind, " ".join(match[0].lower().split())] += 1
    return tuple(
        Driver(name=name, kind=kind) for (kind, name), _ in counts.most_common(_MOST_DRIVERS)
    )


def read_targets(text: str) -> tuple[Target, ...]:
    """Levels in sentences that speak of a target, each with its sentence and the index named."""
    found: list[Target] = []
    for sentence in sentences(text):
        if not _TARGET.search(sentence):
            continue
        index = _INDEX.search(sentence)
        for match in _LEVEL.finditer(sentence):
            if not _YEAR.fullmatch(match[1]):
                level = float(match[1].replace(",", ""))
                found.append(Target(level=level, index=index[0] if index else None, text=sentence))
                break
    return tuple(dict.fromkeys(found))


def _cues(pattern: re.Pattern[str], sentence: str) -> tuple[int, int]:
    """How many cues stand as they are, and how many after a "not"."""
    plain = turned = 0
    for match in pattern.finditer(sentence):
        before = " ".join(sentence[: match.start()].split()[-_REACH:])
        if _NOT.search(before):
            turned += 1
        else:
            plain += 1
    return plain, turned


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern.replace(chr(10), '')})\b", re.IGNORECASE)


_RISING, _FALLING = _words(_BULLISH), _words(_BEARISH)
_REASONS = tuple((kind, _words(pattern)) for kind, pattern in _DRIVERS)

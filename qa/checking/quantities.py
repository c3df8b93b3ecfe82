"""What a figure of a metric is of, and the words that name it.

A figure's name says its quantity ("average_50": an average, over 50 days). The words around a
figure of a sentence name one too. The two have to agree: a figure that rounds to the right digits
is still the wrong one when the words speak of another quantity, another length or another basis.
Where the words are silent, nothing is held against them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qa.checking.layout import NAME
from qa.checking.numerals import compiled, found_after, words

Basis = Literal["open", "close", "prior_close", ""]
Frequency = Literal["daily", "annual", ""]
Span = Literal["day", "week", "month", "year", "period", ""]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a figure is of. `length` is in days ("average_50": 50); empty fields say nothing."""

    kind: str
    length: int = 0
    population: bool = False
    basis: Basis = ""
    frequency: Frequency = ""
    span: Span = ""
    closing: bool | None = None


# Names of figures, most particular first, and the kind of quantity each is.
_KINDS = (
    (r"(?:.*_)?longer_streak", "longer_streak"),
    (r"(?:.*_)?streak", "streak"),
    (r"(?:max_drawdown|deepest)(?:_benchmark)?", "drawdown"),
    (r"current", "from_high"),
    (r"from_(?:close_)?high.*", "from_high"),
    (r"(?:close_)?high_52w|peak(?:_level)?", "high"),
    (r"(?:close_)?low_52w|trough(?:_level)?", "low"),
    (r"position.*", "position"),
    (
        r"(?:volatility|daily|annualised|rolling(?!_percentile)|realised|implied(?!_less)).*",
        "volatility",
    ),
    (r".*percentile.*", "percentile"),
    (r"(?:ratio_)?distance_\d+|close_distance", "distance"),
    (r".*distance.*", "gap"),
    (r"(?:ratio_)?average_\d+|close_limit", "average"),
    (r"best_.*", "best"),
    (r"worst_.*", "worst"),
    (r"(?:cyclical|defensive)_period", "group"),
    (r"(?:deviation|implied_less|cyclical_less|curve).*", ""),
    (r"above_\d+", "share"),
    (r".*_limit", "limit"),
    (r"(?:.*_)?upside(?:_.*)?|claimed", "upside"),
    (r"target", "target"),
    (r"open|start_open", "open"),
    (r"start_level", "start"),
    (r"previous_close", "previous"),
    (r"(?:close|vix|end_level|said_close|fits_level|year_end_level)", "level"),
    (r"ten_year", "move"),
    (r"median.*|rolling_median", "median"),
    (r"relative_return|lead|dispersion.*|deviation_.*|gap|spread.*", "lead"),
    (r"beta|correlation", "beta"),
    (r"(?:up|rose|ahead|triggered|above_\d+_count|days_ahead)(?:_(?:day|period))?", "part"),
    (r"sectors|members.*|rules|not_watched", "whole"),
    (r"sessions|days|returns|sessions_1y", "sessions"),
    (r"(?:day_change|day_points|.*_day)", "move"),
    (
        r"period|(?:return|points)(?:_.*)?|.*_(?:return|period|month|year_change)|ratio_change",
        "move",
    ),
)
_NEEDED = {  # a quantity that is never meant where the sentence holds none of its words
    "volatility": r"volatil|deviation|swing|sigma|implied|vix|daily move",
    "drawdown": r"drawdown|peak|trough|deep|worst|pullback|correction|below|as much as"
    r"|at one point",
    "position": r"range|position",
    "distance": r"average|\bmean\b|\bd?ma\b|\bsma\b",
    "average": r"average|\bmean\b|\bd?ma\b|\bsma\b",
    "from_high": r"high|peak|record|drawdown|top",
    "high": r"high|peak|record|range|top|resistance",
    "low": r"\blow|trough|range|bottom|floor|support",
    "percentile": r"percentile|share|higher than|lower than|above|below",
    "upside": r"upside|target|above|below|away|impl|gain|rise|higher|lower|potential|downside",
    "beta": r"beta|correlat",
    "streak": r"\brow\b|streak|straight|consecutive|\brun\b|success|in a|unbroken",
    "longer_streak": r"\blast\b|longe[rs]|previous|since|as long|earlier",
    "limit": r"above|below|over|under|than|limit|threshold|up|down|level|rule",
    "open": r"\bopen",
    "median": r"median|middle|typical",
    "gap": r"away|distance|short of|to go|cross|from (?:its|the) (?:limit|trigger)|between",
    "best": r"best|strongest|\bled\b|leader|top",
    "worst": r"worst|weakest|laggard|bottom",
    "group": r"cyclical|defensive",
    "share": r"above|share|breadth",
    "previous": r"previous|before|prior|from|earlier|yesterday",
}
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
    (r"(?:previous|prior)(?:ly)?(?: close)?(?: of| at| was)?", "start previous level", ""),
    (
        r"clos(?:ed|es|e|ing)(?: (?:level|price))?(?: at| of| is| was| stood at| stands at)"
        r"|(?:ended|finished|settled) at",
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
    (r"ahead|behind|apart|lead|led|lag(?:s|ged)?|trail(?:s|ed)|outpaced", "lead move limit", ""),
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
_OF_A_SPAN = frozenset(words("move lead part best worst median group"))
_PARTS = {  # what the counted ones did, by the first word of the figure's name
    "up": r"rose|rise|\bup\b|gain|advanc|higher|positive|climb",
    "rose": r"rose|rise|\bup\b|gain|advanc|higher|positive|climb",
    "ahead": r"ahead|beat|better|outp|\bled\b|lead",
    "days": r"ahead|beat|better|outp|\bled\b|lead",
    "above": r"above|over",
    "triggered": r"trigger",
}
_COMMON = frozenset(words("less from count sessions level year the and day month date period"))
_CLAUSE = re.compile(r"[;:]\s")
_COUNTS = frozenset(words("part whole sessions streak longer_streak"))


@lru_cache(maxsize=2048)
def quantity(tool: str, name: str, basis: str | None = None) -> Quantity:
    """What the figure `name` of a tool's metric is of; `basis` is that of its window."""
    plain = name.removesuffix("_benchmark").replace("_population", "")
    kind = next((k for pattern, k in _KINDS if re.fullmatch(pattern, plain)), "")
    if tool == "rates" and re.fullmatch(r"bill|(?:five|ten|thirty)_year", plain):
        kind = "level"
    length = re.search(r"_(\d+)(?:_count)?$", plain)
    days = int(length[1]) if length else 20 if plain in ("close_limit", "close_distance") else 0
    span: Span = ""
    if kind in _OF_A_SPAN and re.search(r"(?:^|_)day(?:_|$)", plain):
        span = "day"
    elif plain.endswith("_period"):
        span = "period"
    elif plain.startswith("ten_year") or plain.endswith("_month"):
        span = "month"
    return Quantity(
        kind,
        days,
        "_population" in name,
        _basis(plain, basis) if kind == "move" else "",
        _frequency(tool, plain) if kind == "volatility" else "",
        span,
        plain.startswith("close_") if kind in ("high", "low") and "52w" in plain else None,
    )


def _basis(plain: str, basis: str | None) -> Basis:
    found = re.search(r"_from_(open|close|prior_close)$", plain)
    given = found[1] if found else basis if plain in ("return", "points") else ""
    return given or ""  # type: ignore[return-value]


def _frequency(tool: str, plain: str) -> Frequency:
    daily = plain == "daily" or (tool == "performance" and plain == "volatility")
    return "daily" if daily else "annual"


@dataclass(frozen=True, slots=True)
class Wording:
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
        kinds = frozenset(words(_AFTER[_index(after)][1]))
    elif before:
        kinds = frozenset(words(_BEFORE[_index(before)][1]))
    lengths = _LENGTHS.findall(left)
    length = int(after["length"]) if after and after["length"] else 0
    if not length and before and "average" in kinds and lengths:
        length = int(lengths[-1])
    return Wording(
        kinds,
        length,
        _population(own, beside),
        _often(left) if "volatility" in kinds else "",
        _span(right),
        _closing(left) if kinds & {"high", "low"} else None,
    )


def _joined(table: tuple[tuple[str, ...], ...], lead: str, end: str = "") -> str:
    return lead + "(?:" + "|".join(f"(?P<k{i}>{row[0]}){end}" for i, row in enumerate(table)) + ")"


_LAST = _joined(_BEFORE, r"(?<![\w-])", r"(?![\w-])")
_BEFORE_LAST = re.compile(  # what stands before one of them, by its first two letters
    r"[^\w-](?=a[dhpv]|be|c[lou]|d[eor]|en|f[aei]|ga|hi|is|ju|l[aeo]|no|o[pu]|p[er]"
    r"|r[aeio]|s[ehltuwi]|t[ar]|up|vo|w[aeo]|, at)"
)
_NEXT = _joined(_AFTER, r"[\s)]*")
_SPAN = _joined(_SPANS, r"[\s)]*", r"\b")
_LENGTHS = re.compile(r"(\d+)-(?:day|session)\b")
_OFTEN = re.compile(r"\b(daily|day-to-day|weekly|monthly|annual\w*|yearly|rolling|implied)\b")
_LETTER = re.compile("[a-z]")


def _index(found: re.Match[str]) -> int:
    return next(int(k[1:]) for k, v in found.groupdict().items() if v is not None and k[0] == "k")


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
    if aside := re.match(r"\s*\((sample|population)\b( deviation)?( \d)?", beside):
        return (aside[1] == "population") != bool(aside[3])  # "(population 0.96%" is of the next
    said = re.findall(r"population|sample", left)
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


def disagrees(said: Wording, meant: Quantity) -> str | None:
    """Why a figure can't be what the words around it name, or None."""
    if said.kinds and meant.kind and meant.kind not in said.kinds and not _neutral(said, meant):
        return f"the words name {_spoken(said.kinds)}"
    if said.length and meant.length and said.length != meant.length:
        return f"the words speak of {said.length} days"
    of_all = said.population if meant.kind == "volatility" else None
    if of_all is not None and of_all != meant.population:
        return f"the words speak of a {'population' if of_all else 'sample'}"
    if said.frequency and meant.frequency and said.frequency != meant.frequency:
        return f"the words speak of a {said.frequency} volatility"
    if said.span and meant.span and said.span != meant.span:
        return f"the words speak of a {said.span}"
    if said.closing is not None and meant.closing is not None and said.closing != meant.closing:
        return "the words speak of " + ("closes" if said.closing else "prices within the day")
    return None


def _neutral(said: Wording, meant: Quantity) -> bool:
    """Counts are named by the noun that follows them, not by the verb before."""
    return meant.kind in _COUNTS and not said.kinds & _COUNTS


@lru_cache(maxsize=512)
def _own_words(name: str) -> str:
    """The words of a figure's name, for one whose quantity isn't in the table."""
    own = [part for part in re.findall(r"[a-z]+", name) if len(part) > 2 and part not in _COMMON]
    return "|".join(part[:6] for part in own)


def unnamed(sentence: str, name: str, meant: Quantity) -> str | None:
    """Why a figure can't be meant by a sentence that holds none of its quantity's words, or None.

    `sentence` is in lower case.
    """
    needed = _NEEDED.get(meant.kind) if meant.kind else _own_words(name)
    if meant.kind == "part":
        needed = _PARTS.get(name.split("_")[0])
    if needed and not compiled(needed).search(sentence):
        return f"no word names {_spoken((meant.kind or name,))}"
    if meant.population and "population" not in sentence:
        return "no word names a population"
    if meant.basis == "open" and "open" not in sentence:
        return "no word names the open"
    return None


def _spoken(kinds: frozenset[str] | tuple[str, ...]) -> str:
    return " or ".join(sorted(kind.replace("_", " ") for kind in kinds))

"""Whether a figure of a metric is the one that a sentence means.

Its instrument, its quantity and its window have to fit the words around it. A figure that fits is
the one meant; digits that are right of something else are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.checking.figures import matches
from qa.checking.layout import NAME, Layout, Span
from qa.checking.numerals import compiled
from qa.checking.odds import is_odds, unlike
from qa.checking.periods_named import Named, is_of, named_periods
from qa.checking.quantities import Quantity, disagrees, quantity, unnamed
from qa.checking.subjects import after, not_its_own, owner
from qa.checking.wording import wording
from qa.domain import Metric
from qa.market.instruments import SECTORS, kin, named

_MEASURED_FROM = (
    r"from (?:the |its )?(?P<prior>prior |previous )?(?P<price>open|close)\b(?: of (?P<day>\x00+))?"
    r"|(?P<pair>open|close)[- ]to[- ]close"
)
_ITS = re.compile(r"\bits?\b|\bthe(?:y|ir)\b", re.I)
_COMPARES = re.compile(
    r"ahead|behind|apart|lead|led\b|lag|trail|gap|spread|differ|dispers|outp|underp|beat|more|less"
    r"|margin|than|relative|against|wide|narrow"
)
_MEASURED_FROM_LEVEL = {
    "upside": "close",
    "said_upside": "said_close",
    "fits_upside": "fits_level",
    "upside_from_year_end": "year_end_level",
}
_SIDE = re.compile(r"\b(above|over|up|below|under|down)\b")
_SIDES = {"above": 1, "over": 1, "up": 1, "below": -1, "under": -1, "down": -1}
_HELD_AGAINST = re.compile(
    r"\b(?:ahead of|behind|than|less that of|over|against|versus|vs|beat|lead over|outpaced"
    rf"|outperformed)\.? (?:the )?(?P<name>{NAME}+)",
    re.I,
)
_DAY_OR_PERIOD = (
    r"(?P<day>\bon (?:the day|\x00+|(?:mon|tues|wednes|thurs|fri)day))"
    r"|(?P<period>\b(?:over|in|for) the (?:window|period)|\bfrom (?:the \w+ of )?\x00|\bsince\b)"
)
_OVER_A_WINDOW = {  # what a figure of a tool may be of to be measured over its metric's window
    "performance": ("move", "lead", "volatility", "drawdown", "best", "worst"),
    "compare": ("move", "lead"),
    "drawdown": ("drawdown",),
    "sectors": ("move", "lead", "best", "worst", "median", "part", "group"),
    "technicals": ("move",),
}
# Between a figure and a month: then the month is another figure's.
_BREAK = re.compile(r"[,;:]|\b(?:and|but|while|whereas|after|before|against|than|as|when|from)\b")
_ENDS = re.compile(r"[;:]|\.\s")
_LEADS = re.compile(r"(?:[.;:,]|\b(?:and|but|while|whereas|so|then))\s*$")
_PART = re.compile(r"\s*(?:out )?of (?:the |its )?$")


def misread(
    page: Layout, span: Span, metric: Metric, name: str, *, typed: bool = False
) -> str | None:
    """Why the words around `span` can't mean the figure `name` of its instrument, or None.

    A `typed` figure was not named by the one who wrote it: some word of its sentence has to.
    """
    if typed and is_odds(metric, name):
        return unlike(page, span, metric, name)
    meant = quantity(metric.tool, name, metric.window.basis if metric.window else None)
    said = wording(*page.words(span))
    reason = (
        disagrees(said, meant)
        or _other_basis(page, span, metric, meant)
        or _other_part(page, span, meant)
        or _other_span(page, span, metric, meant)
        or _other_period(page, span, metric, meant)
        or _other_side(page, span, metric, name)
        or _other_level(page, span, metric, name)
        or _other_way_round(page, metric, meant)
    )
    if reason or not typed:
        return reason
    if meant.kind == "lead" and "lead" not in said.kinds and not _compared(page, span):
        return "no word holds it against another"
    if meant.kind == "longer_streak" and "longer_streak" not in said.kinds:
        return "no word names a longer streak"
    return unnamed(page, name, meant) or _owner_unnamed(page, span, metric, name)


def mistaken(page: Layout, span: Span, metric: Metric, name: str) -> str | None:
    """Why a figure typed at `span` can't be the figure `name` of a metric, or None."""
    return not_its_own(page, span, metric, name) or misread(page, span, metric, name, typed=True)


def fitting(page: Layout, span: Span, metric: Metric, unit: str | None) -> Iterator[str]:
    """The figures of a metric that the words around `span` name, most of the time one."""
    kinds = wording(*page.words(span)).kinds
    for name, figure in metric.figures.items():
        meant = quantity(metric.tool, name, metric.window.basis if metric.window else None)
        alike = figure.unit == (unit or "price") and meant.kind in kinds
        if alike and mistaken(page, span, metric, name) is None:
            yield name


def _other_basis(page: Layout, span: Span, metric: Metric, meant: Quantity) -> str | None:
    """The words measure the move from another price than the figure does."""
    if not meant.basis or metric.window is None:
        return None
    said = _basis_of(page, span)
    if said is None:
        return None
    opens = (said["pair"] or said["price"]) == "open"
    if opens != (meant.basis == "open"):
        return f"the words measure from the {'open' if opens else 'close'}"
    if said["day"]:
        day = next(d.day for d in page.days if d.span[0] == said.start("day"))
        if opens and day and day != metric.window.start:
            return f"the words measure from the open of {day}, not of {metric.window.start}"
        if day == metric.window.start and meant.basis == "prior_close":
            return f"the words measure from the close of {day}, the figure from the one before"
        start = metric.figures.get("start_date")
        prior = metric.window.basis == "prior_close" and start is not None and start.value == day
        if prior and meant.basis == "close" and day != metric.window.start:
            return f"the words measure from the close of {day}, the figure from the one after"
    elif said["prior"] and meant.basis == "close":
        return "the words measure from the prior close"
    elif said["pair"] and meant.basis == "prior_close" and "return_from_close" in metric.figures:
        return "the words measure from the first close"
    return None


def _basis_of(page: Layout, span: Span) -> re.Match[str] | None:
    """What the words say a move is measured from: after the figure, else last before it."""
    pattern = compiled(_MEASURED_FROM)
    behind = page.after(span)
    at = page.plain.index(behind, span[1])
    if found := pattern.search(page.low, at, at + len(behind)):
        return found
    before = list(pattern.finditer(page.low, 0, span[0]))
    return before[-1] if before else None


def _other_part(page: Layout, span: Span, meant: Quantity) -> str | None:
    """In "8 of 11" the first is a part and the second the whole."""
    if meant.kind not in ("part", "whole"):
        return None
    left, right = page.bounds(span)
    if meant.kind == "part" and _PART.match(page.low[left : span[0]]) and left:
        return "the words name the whole"
    if meant.kind == "whole" and right < len(page.low) and _PART.match(page.low[span[1] : right]):
        return "the words name a part"
    return None


def _other_span(page: Layout, span: Span, metric: Metric, meant: Quantity) -> str | None:
    """A sector's move of the day is not that of the period."""
    if metric.tool != "sectors" or meant.span not in ("day", "period"):
        return None
    said = list(compiled(_DAY_OR_PERIOD).finditer(page.low, 0, span[0]))
    if said and said[-1].lastgroup != meant.span:
        return f"the words speak of the {said[-1].lastgroup}"
    return None


def _other_period(page: Layout, span: Span, metric: Metric, meant: Quantity) -> str | None:
    """The month, quarter or year that the words name is what the figure is measured over."""
    window = metric.window
    if window is None or meant.kind not in _OVER_A_WINDOW.get(metric.tool, ()):
        return None
    named = _period_of(page, span, named_periods(page.text, page.low, metric.as_of))
    if named is None:
        return None
    if meant.span == "day":
        window = window.model_copy(update={"start": window.end})
    if is_of(named, window, "" if _basis_of(page, span) else meant.basis):
        return None
    return f"the words name {named.words}, the figure is of {window.start} to {window.end}"


def _period_of(page: Layout, span: Span, periods: tuple[Named, ...]) -> Named | None:
    """The named stretch that governs a figure: right behind it, else the last before it."""
    if not periods:
        return None
    behind = page.after(span)
    at = page.plain.index(behind, span[1])
    for one in periods:
        if at <= one.start <= at + len(behind) and not _BREAK.search(page.low, at, one.start):
            return one
    left, _ = page.bounds(span)
    for one in reversed(periods):
        if one.end > span[0] or one.start < left:
            continue
        gap = page.low[one.end : span[0]]
        own = not left or _BREAK.search(page.low, left, one.start)
        leads = not page.low[left : one.start].rstrip(" ,;:") or _LEADS.search(
            page.low, left, one.start
        )
        return one if own and not _ENDS.search(gap) and (leads or "," not in gap) else None
    return None


def _other_side(page: Layout, span: Span, metric: Metric, name: str) -> str | None:
    """The limit of a rule is passed on the side that the rule says."""
    if metric.tool != "signals" or not name.endswith("_limit") or metric.table is None:
        return None
    base = name.removesuffix("_limit")
    rule = next((str(row[1]) for row in metric.table.rows if row[0] == base), "")
    told = _SIDE.findall(rule.lower())
    said = _SIDE.findall(page.low[page.bounds(span)[0] : span[0]])
    if told and said and _SIDES[said[-1]] != _SIDES[told[-1]]:
        return f"the rule is: {rule}"
    return None


def _other_level(page: Layout, span: Span, metric: Metric, name: str) -> str | None:
    """An upside stands beside the level that it is measured from, if beside any."""
    if metric.tool != "target" or name not in _MEASURED_FROM_LEVEL:
        return None
    held = {n: metric.figures[n] for n in _MEASURED_FROM_LEVEL.values() if n in metric.figures}
    left, right = page.bounds(span)
    beside = [n for n in page.numbers if n.span[0] == right or n.span[1] == left]
    said = [
        {
            f.value
            for f in held.values()
            if isinstance(f.value, float) and matches(n, f.value, f.unit)
        }
        for n in beside
    ]
    mine = held.get(_MEASURED_FROM_LEVEL[name])
    if any(said) and mine is not None and not any(mine.value in levels for levels in said):
        return f"the words measure from another level than {mine.value:,.2f}"
    return None


def _other_way_round(page: Layout, metric: Metric, meant: Quantity) -> str | None:
    """What holds one instrument against another names the other as the one it is held against."""
    if meant.kind not in ("lead", "streak") or len(metric.symbols) < 2 or metric.tool == "sectors":
        return None
    found = list(_HELD_AGAINST.finditer(page.masked))
    against = [page.named_at(m.start("name")).symbol for m in found]
    if against and all(metric.symbols[0] in kin(symbol) for symbol in against):
        return f"the words hold it against {named(against[0]).spoken} itself"
    return None


def _compared(page: Layout, span: Span) -> bool:
    """Whether words beside a figure hold one thing against another."""
    own, _, right, _ = page.words(span)
    return bool(_COMPARES.search(f"{own} {right[:30]}"))


def _owner_unnamed(page: Layout, span: Span, metric: Metric, name: str) -> str | None:
    """A sector's or a benchmark's figure in a sentence that doesn't name it."""
    mine = owner(metric, name)
    if mine == metric.symbols[0] and metric.tool != "sectors":
        return None
    if name.split("_")[0] != mine and not name.endswith("_benchmark"):
        return None
    there = {symbol for n in page.instruments for symbol in kin(n.symbol)}
    if name.endswith("_benchmark"):
        near = [n for n in page.instruments if mine in kin(n.symbol)]
        there = {mine for n in near if 0 <= n.span[0] - span[1] < 40}
        there |= {
            mine
            for n in near
            if n.span[1] <= span[0] and not _ITS.search(page.text, n.span[1], span[0])
        }
    if metric.tool == "sectors":
        before = [n for n in page.instruments if n.span[1] <= span[0] and n.symbol in SECTORS]
        there = {n.symbol for n in before[-1:]} | {after(page, span) or ""}
    if mine in there or page.says(r"\bbenchmark|\bmarket\b|\bits peers?\b"):
        return None
    return f"no word names {mine}"

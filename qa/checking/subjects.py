"""Whether a figure belongs to the instrument that a sentence speaks of.

Rules made to stay silent where the words leave room: the subject right before a figure has to own
it ("The S&P 500 gained {m1.return}"), so has the instrument right after it ("0.97% for the S&P
500"), and where a sentence names instruments, the figure's metric has to be about one of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from qa.checking.layout import NAME, Layout, Named, Span
from qa.domain import Metric
from qa.market.instruments import kin, named

_VERB = (
    r"(?:averaged|gain(?:s|ed)|los(?:t|es)|rose|rises|fell|falls|return(?:s|ed)|climb(?:s|ed)|drop(?:s|ped)"
    r"|slid|slides|add(?:s|ed)|advance[sd]|decline[sd]|jump(?:s|ed)|surge[sd]|rall(?:ies|ied)"
    r"|slip(?:s|ped)|close[sd]|ended|finished|stands|stood|is|was)"
)
_DID = (
    rf"(?:\s+(?:index|fund|also|has|had|only|just|itself|then|now)){{0,2}}\s+{_VERB}\b"
    rf"(?P<gap>[^.;:,()\d{NAME}]{{0,25}})$"
)
_DOES = re.compile(_DID, re.I)
_SUBJECT_AT_END = re.compile(
    rf"(?:^|[.;:,]\s|\b(?:while|but|whereas|when|and|as)\s)\s*(?:the\s+)?(?P<name>{NAME}+){_DID}",
    re.I,
)
_TWO_SUBJECTS = re.compile(rf"{NAME}\s+and\s+(?:the\s+)?{NAME}+[^{NAME}]*$", re.I)
_OTHERS = re.compile(r"\b(?:than|against|versus|vs|of its|benchmark)\b", re.I)
_AFTER = re.compile(
    rf"\s*(?:\([^)]*\)\s*)?(?:for|of|by|in|at)\s+(?:the\s+)?(?P<name>{NAME}+)(?!\s+\w+ed\b)", re.I
)
_PRONOUN = re.compile(r"\b(?:it|its|they|their|the (?:index|fund|market|benchmark))\b", re.I)
_ITS = re.compile(r"\b(?:its|their)\b", re.I)
_SENTENCE = re.compile(rf"[.!?]\s+(?=[A-Z{NAME}])")
# What stands before an instrument that a figure is held against, and is not of.
_BESIDE = re.compile(
    r"\b(?:against|than|versus|vs|unlike|like|behind|ahead of|beat|outpaced|outperformed|trailed"
    r"|lagged|over|relative to|compared with|compared to|while|as|that of|above|below|with|less"
    r"|from|by)\.?\s+(?:the\s+)?$",
    re.I,
)
_BOTH = re.compile(
    r"relative_|lead|dispersion|median|up_|triggered|rules|sectors|session|.*_date"
    r"|implied(?:_less_realised)?$|curve_|fed_funds_|target_(?:low|high|midpoint)$"
    r"|(?:best|worst|deviation|cyclical|defensive)_|ahead$|above_50|members_50"
)
_ITS_TICKER = re.compile(rf"(?P<name>{NAME}+)(?: sector| fund)*\s*\((?P<ticker>{NAME}+)\)")


def not_its_own(page: Layout, span: Span, metric: Metric, name: str) -> str | None:
    """Why the figure `name` of a metric can't be what the words around it speak of, or None."""
    if _BOTH.match(name) or not metric.symbols:
        return None
    mine = owner(metric, name)
    subject = subject_of(page, span, metric)
    if subject and mine not in kin(subject):
        return f"the words speak of {named(subject).spoken}, the figure is of {named(mine).spoken}"
    return None if subject else _none_of(page, span, metric)


def subject_of(page: Layout, span: Span, metric: Metric) -> str | None:
    """The instrument that the words give a figure to; in parentheses, as the figure before it."""
    found = after(page, span) or _subject(page, span) or _only(page, span, metric)
    before = page.before(span)
    if found is None and before is not None:
        inside = page.text[before.span[1] : span[0]]
        if inside.rfind("(") > inside.rfind(")"):
            return subject_of(page, before.span, metric)
    return found


def owner(metric: Metric, name: str) -> str:
    """The symbol of the instrument that a figure of a metric belongs to."""
    if name.endswith("_benchmark") and len(metric.symbols) > 1:
        return metric.symbols[-1 if metric.tool == "sectors" else 1]
    first = name.split("_")[0]
    if first in metric.symbols:
        return first
    if metric.tool == "signals":
        named = {symbol.lstrip("^"): symbol for symbol in metric.symbols}
        return {"vix": "^VIX", "ten": "^TNX", **named}.get(first, metric.symbols[0])
    if metric.tool == "credit":
        return metric.symbols[1 if name.startswith("investment") else 0]
    if metric.tool == "rates":
        yields = {"bill": "^IRX", "five": "^FVX", "ten": "^TNX", "thirty": "^TYX"}
        return yields.get(first, metric.symbols[0])
    return metric.symbols[0]


def mislabelled(page: Layout) -> str | None:
    """Two names for one instrument that aren't: "utilities (XLB)"; None where there is none."""
    if len(page.instruments) < 2:
        return None
    for found in page.from_names(_ITS_TICKER):
        spoken, ticker = page.named_at(found.start("name")), page.named_at(found.start("ticker"))
        if ticker.symbol not in kin(spoken.symbol):
            said = page.text[slice(*spoken.span)]
            return f"{ticker.symbol} is {named(ticker.symbol).name}, not {said}"
    return None


def after(page: Layout, span: Span) -> str | None:
    """The instrument named right after a figure: "0.97% for the S&P 500"."""
    found = _AFTER.match(page.masked, span[1])
    return page.named_at(found.start("name")).symbol if found else None


def _sentence_before(page: Layout, span: Span) -> int:
    """Where the sentence of a figure begins."""
    ends = _sentence_ends(page.masked)
    place = bisect_left(ends, span[0])
    return ends[place - 1] if place else 0


@lru_cache(maxsize=1024)
def _sentence_ends(masked: str) -> tuple[int, ...]:
    return tuple(m.end() for m in _SENTENCE.finditer(masked))


def _subject(page: Layout, span: Span) -> str | None:
    left = page.masked[_sentence_before(page, span) : span[0]]
    if not _DOES.match(left, left.rfind(NAME) + 1):
        return None
    found = _SUBJECT_AT_END.search(left)
    if not found or _OTHERS.search(found["gap"]) or _TWO_SUBJECTS.search(left[: found.end("name")]):
        return None
    return page.named_at(span[0] - len(left) + found.start("name")).symbol


def _only(page: Layout, span: Span, metric: Metric) -> str | None:
    """The one instrument named between the figure before and this one, if it is no comparison.

    For a sector, the last one: "materials did best with".
    """
    start = max(page.bounds(span)[0], _sentence_before(page, span))
    here = [n for n in page.instruments if start <= n.span[0] and n.span[1] <= span[0]]
    sector = metric.tool == "sectors"
    here = [n for n in here if sector or n.proper]
    if not here or (len({n.symbol for n in here}) > 1 and not sector):
        return None
    last: Named = here[-1]
    gap = page.masked[last.span[1] : span[0]]
    if _BESIDE.search(page.masked[start : last.span[0]]) or _OTHERS.search(gap):
        return None
    if re.search(r"[;:]\s|, (?:and|but|while|so)\b|\bto\b", gap):
        return None
    alone = len({n.symbol for n in page.instruments}) == 1  # then "its" can be no other's
    if _PRONOUN.search(_ITS.sub("", gap) if alone else gap):
        return None
    return last.symbol


def _none_of(page: Layout, span: Span, metric: Metric) -> str | None:
    """The sentence names indices before the figure, and its metric is about none of them."""
    start = _sentence_before(page, span)
    before = [n for n in page.instruments if start <= n.span[0] and n.span[1] <= span[0]]
    indices = [n.symbol for n in before if n.proper]
    if not indices or metric.tool in ("sectors", "breadth"):
        return None
    if _PRONOUN.search(page.masked[start : span[0]]):
        return None
    if any(kin(n.symbol) & set(metric.symbols) for n in before):
        return None
    return (
        f"the words speak of {named(indices[-1]).spoken}, the figure is of "
        f"{named(metric.symbols[0]).spoken}"
    )

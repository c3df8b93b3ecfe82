"""Arithmetic inside a sentence: a difference, a sum, a discount, the upside of a target.

No tape is needed: the figures that a sum is made of stand in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.checking.auditing.agreement import Reading, agrees
from qa.checking.auditing.clauses import FIGURE, Clause
from qa.checking.auditing.published import NEARLY, PublishedClaim
from qa.checking.auditing.ways import DOWN_NOUNS, UP_NOUNS
from qa.checking.figures import Stated

_F = f"{FIGURE}+"
_WORDS = r"[^\x13;]{0,60}?"


_LEAST_FIGURES, _MOST_FIGURES = 3, 30  # of a sentence with a sum in it
_BEHIND = 30  # characters behind a figure in which "gain" or "upside" may stand


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure that a sentence works out from others of it, and what it should be."""

    claim: PublishedClaim
    reading: Reading
    span: tuple[int, int]  # of the words that tell it


_VERSUS = re.compile(
    rf"(?P<a>{_F})(?:[^\x13;]{{0,40}}?)(?:versus|vs\.?|against|compared (?:with|to)|minus|less|and)"
    rf"(?:[^\x13;]{{0,40}}?)(?P<b>{_F}){_WORDS}"
    r"(?:outperformance|difference|gap|advantage|margin|lead|spread)(?: \w+)?(?: of"
    r"| is)?[a-z, ]{0,25}"
    rf"(?P<c>{_F})"
)
_THAN = re.compile(
    rf"(?P<a>{_F})[^;]{{0,80}}?(?P<c>{_F}) (?:more|better|higher|less|lower"
    rf"|worse) than[^\x13;]{{0,40}}(?P<b>{_F})"
)
_GAP = re.compile(
    rf"(?:gap|difference|spread) (?:between|of) {_WORDS}(?P<a>{_F}) and {_WORDS}(?P<b>{_F})"
    rf"{_WORDS}(?:is|was|of|equals|comes to|:) {_WORDS}(?P<c>{_F})"
)
_MINUS = re.compile(
    rf"by (?P<c>{_F})[^\x13;:]{{0,50}}(?:: |\()?(?P<a>{_F}) (?:minus|less|-|against|versus|vs\.?"
    rf"|to)"
    rf" (?P<b>{_F})"
)
_NEARER = re.compile(
    rf"(?P<a>{_F}) (?:versus|vs\.?|against|compared (?:with|to)) (?:[a-z\x12& ]{{0,25}})(?P<b>{_F})"
    rf"[^\x13;]{{0,30}}?(?:,|-|—|is|or|\()[a-z ,]{{0,30}}(?P<c>{_F})(?= (?:of )?(?:out|under"
    rf"|better|worse|apart|differ|gap|lead|ahead))"
)
_DISCOUNT = re.compile(
    rf"(?P<a>{_F}){_WORDS}(?:versus|vs\.?|against|compared (?:with|to)|than"
    rf"|and)[^\x13;]{{0,30}}?(?P<b>{_F})"
    rf"{_WORDS}(?P<c>{_F}) (?P<kind>discount|premium)"
)
_PLUS = re.compile(
    rf"(?P<a>{_F}){_WORDS}(?:plus|and|\+){_WORDS}(?P<b>{_F}){_WORDS}(?:is|equals|makes|total(?:s"
    rf"|ing)?|for a total of|=|sums? to) ?(?P<c>{_F})"
)
_UPSIDE = re.compile(
    rf"(?P<a>{_F}){_WORDS}(?P<c>{_F})[^\x13;]{{0,60}}?(?:from|over|above|to|than"
    rf"|versus){_WORDS}(?P<b>{_F})"
)
_AIM = r"(?:target|goal|objective|goal|forecast|price target)"
_TARGET_OF = re.compile(
    rf"(?P<b>{_F}){_WORDS}{_AIM}s? (?:of |at |is )?\$?(?P<a>{_F}){_WORDS}(?P<c>{_F})"
)
_OF_TARGET = re.compile(
    rf"(?P<b>{_F}){_WORDS}\$?(?P<a>{_F})(?: [a-z-]+){{0,2}} {_AIM}{_WORDS}(?P<c>{_F})"
)
_FROM_TO = re.compile(
    rf"(?P<c>{_F})[^\x13;]{{0,30}}?from (?:the )?{_WORDS}(?P<b>{_F}) to (?:the"
    rf" )?{_WORDS}(?P<a>{_F})"
)
_GOES = re.compile(
    rf"from (?:the )?(?:level of )?\$?(?P<b>{_F}) to \$?(?P<a>{_F}){_WORDS}(?P<c>{_F})"
)
# "Traded from 2,532 to 2,638 before a 1.5% gain": a day's range, and its move
_OF_A_DAY = re.compile(r"\b(?:before|after|while)\b|, and\b|day's\b")
# "At 1,805.08, down 108.09 points or 5.65% from 1,913.16": both the points and the percent.
_OFF = (
    rf"(?P<a>{_F})[^;\x13]{{0,12}}(?:up|down|off|higher|lower)(?: by)? %s"
    rf"(?: from| against| versus) (?:[a-z\x11' ]{{0,30}})\$?(?P<b>{_F})"
)
_OFF_FIRST = re.compile(_OFF % rf"(?P<c>{_F})(?: \(| or |, or |, ){_F}\)?")
_OFF_SECOND = re.compile(_OFF % rf"{_F}(?: \(| or |, or |, )(?P<c>{_F})\)?")
_IMPLIES = re.compile(
    r"upside|impl(?:y|ies|ied)|downside|would mean|represents?|higher|rise|gain|increase|below"
    r"|above|drop|fall|loss|lower|decline|means?|leaves?|offers?"
)


def read_sums(clause: Clause) -> Iterator[Sum]:
    """The sums of a sentence; a figure is worked out once."""
    if not _LEAST_FIGURES <= len(clause.figures) <= _MOST_FIGURES:
        return
    at = {f.span: f for f in clause.figures}
    done: set[tuple[int, int]] = set()
    for pattern, work in _SUMS:
        for found in pattern.finditer(clause.masked):
            parts = [at.get(found.span(name)) for name in ("a", "b", "c")]
            if None in parts or found.span("c") in done:
                continue
            if pattern in (_GOES, _FROM_TO) and _OF_A_DAY.search(found.group()):  # another move
                continue
            a, b, c = (p for p in parts if p is not None)
            worked = work(clause, found, a, b, c)
            if worked is not None:
                done.add(c.span)
                rounded = [work(clause, found, x, y, c) for x in _ends(a) for y in _ends(b)]
                told = [w[0] for w in rounded if w is not None]
                yield _sum(clause, c, *worked, told, found.span())


def _ends(stated: Stated) -> tuple[Stated, Stated]:
    """The least and the most that a rounded figure may stand for."""
    half, value = 0.5 * 10.0**-stated.decimals, stated.value or 0.0
    return replace(stated, value=value - half), replace(stated, value=value + half)


Options = tuple[tuple[str, float], ...]


def _sum(
    clause: Clause,
    stated: Stated,
    options: Options,
    unit: str,
    rounded: list[Options],
    span: tuple[int, int],
) -> Sum:
    """The claim, tried under each way to work it out, then within what rounding leaves open."""
    before = clause.low[max(0, stated.span[0] - 24) : stated.span[0]]
    claim = PublishedClaim(
        "sum", stated.text, _unsigned(stated), nearly=bool(NEARLY.search(before)), at=stated.span[0]
    )
    tried = [Reading(words, f"{value:.2f}{unit}", agrees(claim, value)) for words, value in options]
    for at, (words, value) in enumerate(options):
        reached = [ways[at][1] for ways in rounded if at < len(ways)]
        said = abs(stated.value or 0.0)
        near = min(map(abs, reached), default=0.0) <= said <= max(map(abs, reached), default=0.0)
        words = f"{words}, within the rounding of the two"
        tried.append(Reading(words, f"{value:.2f}{unit}", near))
    return Sum(claim, next((r for r in tried if r.holds), tried[0]), span)


def _unsigned(stated: Stated) -> Stated:
    return replace(stated, value=abs(stated.value or 0.0), signed=False)


_UP, _DOWN = re.compile(rf"\b(?:{UP_NOUNS})"), re.compile(rf"\b(?:{DOWN_NOUNS})")
Worked = tuple[Options, str] | None


def _difference(clause: Clause, found: re.Match[str], a: Stated, b: Stated, c: Stated) -> Worked:
    if a.unit != "percent" or b.unit != "percent" or a.value is None or b.value is None:
        return None
    if c.unit not in ("percentage_points", "percent", "points", "basis_points"):
        return None
    scale = 100 if c.unit == "basis_points" else 1
    first, second = a.value, b.value
    if not (a.signed and b.signed):  # a sign that only one bears is the other's too, or none's
        first, second = abs(first), abs(second)
    gap = (first - second) * scale
    told = clause.masked[found.start() : found.end()]
    if a.signed != b.signed or (
        _UP.search(told) and _DOWN.search(told)
    ):  # a gain and a loss lie as far apart as their sum
        return (
            (f"{a.text} less {b.text}", gap),
            (f"{a.text} plus {b.text}", (abs(first) + abs(second)) * scale),
        ), " basis points" if scale == 100 else " percentage points"
    unit = " basis points" if scale == 100 else " percentage points"
    options = [(f"{a.text} less {b.text}", gap)]
    if c.unit == "percent":
        ratio = ((1 + first / 100) / (1 + second / 100) - 1) * 100
        options.append((f"the ratio of {a.text} and {b.text}", ratio))
    return tuple(options), unit


def _discount(clause: Clause, found: re.Match[str], a: Stated, b: Stated, c: Stated) -> Worked:
    if c.unit != "percent" or not a.value or not b.value or a.unit != b.unit or a.unit == "percent":
        return None
    if found["kind"] == "discount":
        low, high = sorted((a.value, b.value))
        return ((f"1 less {low:g} over {high:g}", (1 - low / high) * 100),), "%"
    low, high = sorted((a.value, b.value))
    return ((f"{high:g} over {low:g} less 1", (high / low - 1) * 100),), "%"


def _total(clause: Clause, found: re.Match[str], a: Stated, b: Stated, c: Stated) -> Worked:
    if not a.value or not b.value or c.value is None or not a.unit == b.unit == c.unit:
        return None
    if a.unit == "percent":
        return None
    return ((f"{a.text} plus {b.text}", (a.value + b.value)),), ""


def _implied(clause: Clause, found: re.Match[str], a: Stated, b: Stated, c: Stated) -> Worked:
    """The move from one level to another."""
    levels = all(x.unit in (None, "price") and x.value and x.value >= 5 for x in (a, b))
    if c.unit != "percent" or not levels or a.value is None or b.value is None:
        return None
    told = clause.masked[found.start() : found.end() + _BEHIND]
    if not _IMPLIES.search(told) or not 0.2 < a.value / b.value < 5:
        return None
    return ((f"{a.text} over {b.text} less 1", (a.value / b.value - 1) * 100),), "%"


def _off(clause: Clause, found: re.Match[str], a: Stated, b: Stated, c: Stated) -> Worked:
    """How far one level lies from another, in points or in percent."""
    levels = all(x.unit in (None, "price") and x.value and x.value >= 5 for x in (a, b))
    if not levels or a.value is None or b.value is None or not 0.2 < a.value / b.value < 5:
        return None
    if c.unit == "percent":
        return ((f"{a.text} over {b.text} less 1", (a.value / b.value - 1) * 100),), "%"
    if c.unit == "points":
        return ((f"{a.text} less {b.text}", a.value - b.value),), " points"
    return None


_SUMS = (
    (_OFF_FIRST, _off),
    (_OFF_SECOND, _off),
    (_GOES, _implied),
    (_VERSUS, _difference),
    (_NEARER, _difference),
    (_GAP, _difference),
    (_THAN, _difference),
    (_MINUS, _difference),
    (_DISCOUNT, _discount),
    (_PLUS, _total),
    (_FROM_TO, _implied),
    (_UPSIDE, _implied),
    (_TARGET_OF, _implied),
    (_OF_TARGET, _implied),
)

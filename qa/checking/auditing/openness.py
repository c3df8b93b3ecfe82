"""What keeps a figure that no definition gives from being contradicted: words that leave room.

A window counted from an unnamed day, a price during the day of publication, dividends that the
tape doesn't hold: where one of them could give the figure, the verdict stays open.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date

from qa.checking.auditing import uncheckable
from qa.checking.auditing.agreement import agrees
from qa.checking.auditing.bench import Bench, Stretch, fund_of
from qa.checking.auditing.history import History
from qa.checking.auditing.periods import Period, month_days
from qa.checking.auditing.published import PublishedClaim
from qa.checking.auditing.stretches import over, windows
from qa.errors import ToolError, UsageError
from qa.market.instruments import named

_SHIFTS = 5  # sessions by which the base or the end of an unnamed window may lie elsewhere
_SHIFTS_OF_WEEKS = 2
_SNAPSHOT = 0.25  # points between a figure told during a day and that of its close
_PRESENT = re.compile(
    r"\b(?:today|on the day|was last|is|are|trading|traded|so far|currently|now)\b"
)
_OFF_FUND = 0.15  # points by which a day's move of a fund and of its index may differ
_RICHEST = 2.5  # percent a year that dividends of a broad index have added at most since 1990
_YEAR = 252


def left_open(claim: PublishedClaim, bench: Bench) -> str:
    """Why the words leave a way to the figure that the tape can't rule out; "" if they don't."""
    if claim.measure not in ("move", "relative", "points") or claim.stated is None:
        return ""
    h = bench.history(claim.subject or "")
    if claim.proxied and _by_the_fund(claim, bench, h):
        return uncheckable.PROXIED
    if claim.measure != "points" and _by_another_day(claim, bench, h):
        return uncheckable.DEPENDS
    if claim.measure == "move" and _during_the_day(claim, bench, h):
        return uncheckable.SNAPSHOT
    if claim.measure != "points" and _by_dividends(claim, bench, h):
        return uncheckable.DIVIDENDS
    return ""


def _by_the_fund(claim: PublishedClaim, bench: Bench, h: History) -> bool:
    """Whether a figure of an index lies off its fund's no further than the two may differ."""
    stated = claim.stated
    if stated is None or stated.value is None:
        return False
    for period in windows(claim, bench, h):
        for stretch in bench.stretches(h, period):
            value = (float(h.close[stretch.last]) / stretch.base - 1) * 100
            if claim.measure == "relative" and claim.other:
                value -= over(bench.history(claim.other), h, stretch)
            years = (stretch.last - stretch.origin) / _YEAR
            slack = _OFF_FUND + _RICHEST * years + 0.5 * 10.0**-stated.decimals
            if abs(abs(stated.value) - abs(value)) <= slack and stretch.standard:
                return True
    return False


def _by_another_day(claim: PublishedClaim, bench: Bench, h: History) -> bool:
    """Whether days near those meant give more and others less than the figure."""
    for period in windows(claim, bench, h):
        if period.kind != "trailing" and period.unit not in ("since", "part"):
            continue
        values = list(_near(claim, bench, h, period))
        said = claim.stated.value if claim.stated and claim.stated.value is not None else math.nan
        if claim.stated and not claim.stated.signed:
            said = math.copysign(said, values[0]) if values else said
        if claim.stated and claim.stated.unit == "basis_points":
            said /= 100
        if claim.side == "low" and claim.measure == "relative":
            said = -abs(said)
        if values and min(values) <= said <= max(values):
            return True
        if any(agrees(claim, value) for value in values):
            return True
    return False


def _near(claim: PublishedClaim, bench: Bench, h: History, period: Period) -> Iterator[float]:
    other = bench.history(claim.other) if claim.measure == "relative" and claim.other else None
    stretch = next(iter(bench.stretches(h, period)), None)
    if stretch is None:
        return
    shift = _SHIFTS_OF_WEEKS if period.unit in ("week", "session") else _SHIFTS
    first, final = stretch.origin - shift, stretch.origin + shift
    if period.unit in ("since", "part"):
        first, final = stretch.origin, h.row(_month_end(period, h, stretch))
    for base in range(max(0, first), min(final, stretch.last - 1) + 1):
        for last in range(stretch.last - shift, stretch.last + 1):
            if base < last:
                value = (float(h.close[last]) / float(h.close[base]) - 1) * 100
                at = Stretch(base + 1, last, float(h.close[base]), base, "")
                yield value - (over(other, h, at) if other is not None else 0.0)


def _month_end(period: Period, h: History, stretch: Stretch) -> date:
    return min(month_days(period.start.year, period.start.month)[1], h.day(stretch.last))


def _during_the_day(claim: PublishedClaim, bench: Bench, h: History) -> bool:
    """Whether a running figure, published on a session, fits a price of that day."""
    stated = claim.stated
    last = len(h) - 1
    if stated is None or stated.value is None or h.day(last) != bench.published:
        return False
    for period in windows(claim, bench, h):
        since_close = period.kind == "between" and h.row(period.start) == last - 1
        told_then = since_close or (period.kind == "day" and period.end == bench.published)
        if not period.running and not (told_then and _PRESENT.search(claim.words)):
            continue
        for stretch in bench.stretches(h, period):
            if stretch.last not in (last, last - 1) or not stretch.standard:
                continue
            value = (float(h.close[stretch.last]) / stretch.base - 1) * 100
            said = stated.value if stated.signed else math.copysign(stated.value, value)
            then = stretch.base * (1 + said / 100)
            near = told_then or abs(said - value) <= _SNAPSHOT
            if near and h.inside(last, then):
                return True
    return False


def _by_dividends(claim: PublishedClaim, bench: Bench, h: History) -> bool:
    """Whether a figure lies off the price return only as far as dividends not held might."""
    stated = claim.stated
    if stated is None or stated.value is None or named(h.symbol).kind not in ("index", "fund"):
        return False
    for period in windows(claim, bench, h):
        stretch = next(iter(bench.stretches(h, period)), None)
        if stretch is None or stretch.last - stretch.origin < 15 or _held(bench, h, stretch):
            continue
        years = (stretch.last - stretch.origin) / _YEAR
        value = (float(h.close[stretch.last]) / stretch.base - 1) * 100
        if claim.measure == "relative":
            value -= over(bench.history(claim.other or ""), h, stretch)
            said = math.copysign(stated.value, -1 if claim.side == "low" else 1)
            if abs(said - value) <= years:
                return True
            continue
        said = stated.value if stated.signed else math.copysign(stated.value, value)
        more = said - value
        if 0 < more <= _RICHEST * years * (1 + abs(value) / 100):
            return True
    return False


def _held(bench: Bench, h: History, stretch: Stretch) -> bool:
    """Whether adjusted closes reach back over a window."""
    try:
        fund = fund_of(bench, h.symbol)
    except (ToolError, UsageError):
        return False
    return fund.first <= h.day(stretch.origin)

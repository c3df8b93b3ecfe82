"""What the tape says to a claim: its figure under every standard definition, the usual one first.

`READINGS` is the table of measures; each yields readings and raises where the tape can't tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from qa.checking.auditing.agreement import Reading, agrees, level, percent, pointed
from qa.checking.auditing.bench import PROXY, Bench, ClosedDayError, fund_of
from qa.checking.auditing.day_counts import DAY_COUNTS
from qa.checking.auditing.decisions import POLICY
from qa.checking.auditing.history import History
from qa.checking.auditing.levels import LEVELS
from qa.checking.auditing.occasions import OCCASIONS
from qa.checking.auditing.published import PublishedClaim
from qa.checking.auditing.risk import RISK, YEAR
from qa.checking.auditing.sector_ranks import SECTOR_RANKS
from qa.checking.auditing.stretches import over, stretches_of, windows
from qa.checking.auditing.tallies import TALLIES
from qa.checking.auditing.thresholds import THRESHOLDS
from qa.errors import NotAvailable, NotEnoughHistory, ToolError, UsageError

Measured = Callable[[PublishedClaim, Bench], Iterator[Reading]]
_POINTS_CUT = 0.5  # "870 points" is said of 870.74 too: whole points are cut off as often as not
_TOTAL_SLACK = 0.1  # points by which a fund may lie off its index with dividends, more by year


def readings(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """Every reading of a claim; raises ToolError or UsageError where the tape has no such data."""
    yield from READINGS[claim.measure](claim, bench)


def _move(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A change in percent over the window, price only, then with dividends."""
    symbol = claim.subject or ""
    h = bench.history(symbol)
    if h.kind == "yield":
        raise NotAvailable(f"{symbol} is a yield: its change is told in basis points")
    if claim.basis == "intraday":
        yield from _moment(claim, bench, h)
        return
    if claim.basis == "total":
        yield from (replace(r, standard=True) for r in _with_dividends(claim, bench, h))
    slack = 0.005 if h.adjusted_closes else 0.0
    for stretch in stretches_of(claim, bench, h):
        value = (stretch.reached(h) / stretch.base - 1) * 100
        own = stretch.standard and claim.basis != "total"
        yield Reading(
            f"{stretch.words}, price only",
            percent(value),
            agrees(claim, value, slack),
            own,
            h.day(stretch.last),
        )
    if claim.basis != "total":
        yield from _with_dividends(claim, bench, h)
    if not claim.firm and claim.periods and claim.periods[0].kind == "day":
        yield from _year_to(claim, h)
    yield from _loosely(claim, bench, h)


def _year_to(claim: PublishedClaim, h: History) -> Iterator[Reading]:
    """The year to a day that the sentence names for something else: "a record on Friday; up 6%"."""
    for period in claim.periods:
        last, base = h.row(period.end), h.row(date(period.end.year - 1, 12, 31))
        if 0 <= base < last:
            value = (float(h.close[last]) / float(h.close[base]) - 1) * 100
            words = f"close of {h.day(last)} over that of {h.day(base)}, price only"
            yield Reading(words, percent(value), agrees(claim, value), True, h.day(last))


def _moment(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[Reading]:
    """A change told in the middle of a day: some price of the day has to give it."""
    stated = claim.stated
    assert stated is not None
    assert stated.value is not None
    for period in windows(claim, bench, h):
        at = period.kind == "day" or not period.running
        row = bench.row_of(h, period.end if at else h.day(bench.ends(h)[0]))
        base = h.row(period.start) if period.kind == "between" else row - 1
        if not 0 <= base < row:
            raise NotEnoughHistory(f"{h.symbol} has no session before {h.day(row)}")
        before = float(h.close[base])
        low, high = h.lowest(row, row), h.highest(row, row)
        if low is None or high is None:
            raise NotAvailable(f"{h.symbol} has no highs and lows")
        moves = ((low / before - 1) * 100, (high / before - 1) * 100)
        half = 10.0**-stated.decimals / 2
        if "as much as" in claim.words:
            value = moves[0] if stated.value < 0 else moves[1]
            words = f"furthest price of {h.day(row)} against the close before"
            yield Reading(words, percent(value), agrees(claim, value), day=h.day(row))
            continue
        inside = moves[0] - half <= stated.value <= moves[1] + half
        yield Reading(
            f"intraday range of {h.day(row)} against the close before",
            f"{percent(moves[0])} to {percent(moves[1])}",
            inside,
            day=h.day(row),
        )


def during_the_day(claim: PublishedClaim, bench: Bench) -> Reading | None:
    """A day's move as told during it: in the direction of the close, inside the day's range.

    For figures that agree on it together; any single one is too easily inside a range.
    """
    try:
        first = replace(claim, periods=claim.periods[:1])
        moment = next(_moment(first, bench, bench.history(claim.subject or "")))
        close = next(_move(replace(first, basis=""), bench))
    except (ToolError, UsageError, ClosedDayError):
        return None
    stated = claim.stated
    assert stated is not None
    same_way = not stated.signed or (stated.value or 0.0) * float(close.actual.rstrip("%")) > 0
    return replace(moment, holds=moment.holds and same_way, standard=False)


def _with_dividends(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[Reading]:
    """The window with dividends: of the fund itself, or of the fund that holds the index."""
    try:
        fund = fund_of(bench, h.symbol)
    except (ToolError, UsageError):
        return
    assert fund.adjusted is not None
    for period in windows(claim, bench, h):
        for stretch in bench.stretches(h, period):
            origin, last = fund.row(h.day(stretch.origin)), fund.row(h.day(stretch.last))
            if (
                not stretch.standard
                or origin < 0
                or last - origin < 15
                or period.kind == "swing"
                or stretch.base != h.close[stretch.origin]
            ):
                continue
            value = (float(fund.adjusted[last]) / float(fund.adjusted[origin]) - 1) * 100
            plain = (float(h.close[stretch.last]) / stretch.base - 1) * 100
            accrued = plain + _dividends_a_year(fund, last) * (last - origin) / YEAR
            whose = "" if fund.symbol == h.symbol else f" of {fund.symbol}"
            years = (last - origin) / YEAR
            slack = 0.02 if fund.symbol == h.symbol else _TOTAL_SLACK * (1 + min(years, 2))
            # An index with its dividends has no fees to bear: it lies above its fund, if anything.
            of_index = value if fund.symbol == h.symbol else value + slack / 2
            holds = agrees(claim, of_index, slack if of_index == value else slack / 2)
            holds = holds or agrees(claim, accrued, slack / 2)
            if claim.basis != "total":
                holds = holds and _added(claim, plain, accrued - plain)
            words = f"{stretch.words}, with dividends by the adjusted closes{whose}"
            yield Reading(words, percent(value), holds, False, h.day(stretch.last))


def _added(claim: PublishedClaim, plain: float, dividends: float) -> bool:
    """Whether a figure lies above the price return by no more than dividends can have added."""
    if claim.stated is None or claim.stated.value is None:
        return False
    value = claim.stated.value
    said = value if claim.stated.signed else math.copysign(value, plain)
    return 0 < said - plain <= 2 * dividends + 0.05


def _dividends_a_year(fund: History, last: int) -> float:
    """What dividends added to a fund over the last year, in percent."""
    first = max(0, last - YEAR)
    assert fund.adjusted is not None
    with_them = float(fund.adjusted[last]) / float(fund.adjusted[first])
    return (with_them / (float(fund.close[last]) / float(fund.close[first])) - 1) * 100


def dividends_a_year(bench: Bench, h: History) -> float:
    """What dividends added over the last year, in percent, by the fund that holds the index."""
    fund = fund_of(bench, h.symbol)
    return _dividends_a_year(fund, len(fund) - 1)


def _loosely(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[Reading]:
    """Looser readings that only their words allow: a rally from trough to peak, a peak so far."""
    stated = claim.stated
    for period in windows(claim, bench, h):
        if period.kind != "calendar" or period.unit not in ("month", "quarter", "year"):
            continue
        first, last = h.row_from(period.start), h.row(period.end)
        if first < 1 or last < first:
            continue
        peak = first + int(h.close[first : last + 1].argmax())
        if claim.nearly and period.running:
            value = (float(h.close[peak]) / float(h.close[first - 1]) - 1) * 100
            words = f"peak close of the period so far ({h.day(peak)})"
            yield Reading(words, percent(value), agrees(claim, value), False, h.day(peak))
        if "rally" in claim.words and period.unit == "month":
            start = h.row_from(period.start - timedelta(days=31))
            trough = start + int(h.close[start : peak + 1].argmin())
            value = (float(h.close[peak]) / float(h.close[trough]) - 1) * 100
            words = f"lowest close ({h.day(trough)}) to highest close ({h.day(peak)}), price only"
            whole = stated is not None and stated.decimals == 0
            yield Reading(
                words, percent(value), agrees(claim, value, 0.5 * whole), False, h.day(peak)
            )


def _points(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    h = bench.history(claim.subject or "")
    if claim.basis == "intraday":
        yield from _points_inside(claim, bench, h)
        return
    for stretch in stretches_of(claim, bench, h):
        value = stretch.reached(h) - stretch.base
        slack = 0.0101 if claim.stated and claim.stated.decimals else _POINTS_CUT
        yield Reading(
            f"{stretch.words}, in points",
            f"{value:+,.2f} points",
            agrees(claim, value, slack),
            stretch.standard,
            h.day(stretch.last),
        )


def _points_inside(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[Reading]:
    stated = claim.stated
    assert stated is not None
    for row in bench.ends(h):
        level_then = float(h.close[row - 1]) + (stated.value or 0.0)
        yield Reading(
            f"close before {h.day(row)} plus the points, inside the day's range",
            f"{level(h.lowest(row, row) or 0)} to {level(h.highest(row, row) or 0)}",
            h.inside(row, level_then, 0.01),
            day=h.day(row),
        )


def _relative(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The lead over another instrument: the difference of two returns, in percentage points."""
    if not claim.other:
        raise NotAvailable("the words don't say what it is compared with")
    h, other = bench.history(claim.subject or ""), bench.history(claim.other)
    claim = pointed(claim, -1 if claim.side == "low" else 1)
    scale = 100 if claim.stated is not None and claim.stated.unit == "basis_points" else 1
    unit = "basis points" if scale == 100 else "percentage points"
    for stretch in stretches_of(claim, bench, h):
        own = (float(h.close[stretch.last]) / stretch.base - 1) * 100
        if stretch.base != h.close[stretch.origin]:
            continue
        theirs = over(other, h, stretch)
        value = (own - theirs) * scale
        day = h.day(stretch.last)
        words = f"{stretch.words}: {percent(own)} less {percent(theirs)}, in {unit}"
        yield Reading(words, f"{value:+.2f} {unit}", agrees(claim, value), stretch.standard, day)
        ratio = ((1 + own / 100) / (1 + theirs / 100) - 1) * 100 * scale
        words = f"{stretch.words}: ratio of the two returns"
        yield Reading(words, percent(ratio / scale), agrees(claim, ratio), False, day)
    yield from _relative_total(claim, bench, h, scale)


def relative_readings(claim: PublishedClaim, bench: Bench) -> Iterator[tuple[float, Reading]]:
    """The lead over another instrument in percentage points, with the days that it is of."""
    h, other = bench.history(claim.subject or ""), bench.history(claim.other or "")
    for period in windows(claim, bench, h):
        for stretch in bench.stretches(h, period):
            if stretch.standard and stretch.base == h.close[stretch.origin]:
                own = (float(h.close[stretch.last]) / stretch.base - 1) * 100
                theirs = over(other, h, stretch)
                words = f"{stretch.words}: {percent(own)} less {percent(theirs)}"
                told = f"{own - theirs:+.2f} percentage points"
                yield own - theirs, Reading(words, told, False, day=h.day(stretch.last))


def _relative_total(
    claim: PublishedClaim, bench: Bench, h: History, scale: int
) -> Iterator[Reading]:
    """The same with dividends, by the funds."""
    names = (
        PROXY.get(claim.subject or "", claim.subject),
        PROXY.get(claim.other or "", claim.other),
    )
    try:
        own, other = (fund_of(bench, name or "") for name in names)
    except (ToolError, UsageError):
        return
    for period in windows(claim, bench, h):
        for stretch in bench.stretches(h, period):
            days = h.day(stretch.origin), h.day(stretch.last)
            rows = [(f, f.row(days[0]), f.row(days[1])) for f in (own, other)]
            if not stretch.standard or any(a < 0 or b - a < 15 for _, a, b in rows):
                continue
            moves = [
                float(f.adjusted[b]) / float(f.adjusted[a])
                for f, a, b in rows
                if f.adjusted is not None
            ]
            value = (moves[0] - moves[1]) * 100 * scale
            words = f"{stretch.words}, with dividends by {own.symbol} and {other.symbol}"
            yield Reading(
                words, f"{value:+.2f}", agrees(claim, value, 0.25 * scale), False, days[1]
            )


def _yield_change(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A change of a yield in basis points."""
    h = bench.history(claim.subject or "")
    for stretch in stretches_of(claim, bench, h):
        value = (float(h.close[stretch.last]) - stretch.base) * 100
        yield Reading(
            f"{stretch.words}, in basis points", f"{value:+.1f} basis points",
            agrees(claim, value, 0.05), stretch.standard, h.day(stretch.last),
        )  # fmt: skip


def _none(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    return iter(())


READINGS: Mapping[str, Measured] = {
    "move": _move,
    "points": _points,
    "relative": _relative,
    "yield_change": _yield_change,
    "none": _none,
    **RISK,
    **LEVELS,
    **THRESHOLDS,
    **OCCASIONS,
    **TALLIES,
    **POLICY,
    **DAY_COUNTS,
    **SECTOR_RANKS,
}

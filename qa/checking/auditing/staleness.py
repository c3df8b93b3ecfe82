"""Whether a figure was right on an earlier day: yesterday's range, last month's return.

How far back is looked depends on how fine the figure is: over many days some figure of one digit
is met by chance, one of two decimals hardly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from qa.checking.auditing import periods as spans
from qa.checking.auditing.agreement import Reading, agrees, level
from qa.checking.auditing.bench import Bench
from qa.checking.auditing.decisions import earlier_ranges
from qa.checking.auditing.history import History
from qa.checking.auditing.levels import range_reading
from qa.checking.auditing.periods import Period
from qa.checking.auditing.published import PublishedClaim
from qa.checking.auditing.readings import readings

_LEVELS_BACK = 250  # sessions in which an exact earlier close is sought, at most
_LEVELS_A_SESSION = 2  # a cent is finer in 2,669.16 than in 26.69: one session for each two
_AVERAGES_BACK = 40  # sessions: an average of closes moves slowly, and one way
_CALENDAR_BACK = {"week": 4, "month": 2}  # periods back, told with a decimal at least
_MOVES_BACK = {0: 3, 1: 8}  # sessions back by stated decimals
_FINE_MOVES_BACK = 20
_STREAKS_BACK = 12
_DAYS_BACK = 3  # for the move of a single day: yesterday's told as today's


def earlier_readings(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The claim's first reading on earlier days, the latest first."""
    if claim.measure in ("close", "level"):
        yield from _earlier_closes(claim, bench)
    elif claim.measure == "yield" and not claim.periods:
        yield from _earlier_yields(claim, bench)
    elif claim.measure == "streak":
        yield from _earlier_streaks(claim, bench)
    elif claim.measure == "policy":
        yield from earlier_ranges(claim, bench) if not (claim.periods or claim.told) else ()
    elif claim.measure == "range":
        yield from _earlier_ranges(claim, bench)
    elif claim.measure == "extreme" and claim.words == "record":
        yield from _earlier_records(claim, bench)
    elif claim.measure in ("distance", "average"):
        yield from _earlier_averages(claim, bench)
    elif claim.measure in ("move", "points", "relative", "yield", "yield_change"):
        yield from _earlier_moves(claim, bench)


def _earlier_closes(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    stated = claim.stated
    if stated is None or stated.value is None or stated.decimals < 2 or claim.nearly:
        return
    h = bench.history(claim.subject or "")
    last = _last_row(claim, bench, h)
    back = min(_LEVELS_BACK, int(stated.value / _LEVELS_A_SESSION))
    first = max(0, last - back)
    near = abs(h.close[first:last] - stated.value) <= 10.0**-stated.decimals
    for row in (first + near.nonzero()[0][::-1]).tolist():
        if agrees(claim, float(h.close[row])):
            value = float(h.close[row])
            yield Reading(f"close of {h.day(row)}", level(value), True, day=h.day(row))
            return


def _earlier_streaks(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A run as long as it was on a session before, where it has gone on, or ended, since."""
    if claim.periods or claim.told or not claim.side:
        return
    h = bench.history(claim.subject or "")
    for row in range(len(h) - 2, max(1, len(h) - _STREAKS_BACK), -1):
        at = replace(claim, told=(spans.one_day(h.day(row)),))
        yield from islice(readings(at, bench), 1)


def _earlier_yields(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The close of a yield on the sessions before: a hundredth is met by chance further back."""
    stated = claim.stated
    if stated is None or stated.decimals < 2 or claim.nearly or stated.bound:
        return
    h = bench.history(claim.subject or "")
    last = _last_row(claim, bench, h)
    for row in range(last - 1, max(0, last - _FINE_MOVES_BACK), -1):
        value = float(h.close[row])
        if agrees(claim, value):
            yield Reading(f"close of {h.day(row)}", f"{value:.2f}%", True, day=h.day(row))
            return


def _last_row(claim: PublishedClaim, bench: Bench, h: History) -> int:
    days = [p.end for p in (*claim.told, *claim.periods) if p.kind in ("day", "calendar")]
    return h.reached(max(days)) if days else bench.ends(h)[0]


def _earlier_records(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A record close that stood before the present one."""
    h = bench.history(claim.subject or "")
    rows = h.record_rows[h.record_rows < _last_row(claim, bench, h)]
    for row in map(int, rows[::-1][:_LEVELS_BACK]):
        if claim.stated is not None and claim.stated.decimals and agrees(claim, h.close[row]):
            value = float(h.close[row])
            yield Reading(f"record close of {h.day(row)}", level(value), True, day=h.day(row))
            return


def _earlier_averages(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """An average, or how far the close stood from it, on the sessions before."""
    h = bench.history(claim.subject or "")
    last = _last_row(claim, bench, h)
    back = _AVERAGES_BACK if claim.measure == "average" else _FINE_MOVES_BACK
    for row in range(last - 1, max(claim.count, last - back), -1):
        at = replace(claim, periods=(spans.one_day(h.day(row)),), told=())
        yield from islice(readings(at, bench), 1)


def _earlier_ranges(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    h = bench.history(claim.subject or "")
    last = _last_row(claim, bench, h)
    for row in range(last - 1, max(0, last - _FINE_MOVES_BACK), -1):
        yield range_reading(claim, h, row, row, f"of {h.day(row)}")


def _earlier_moves(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The same move told as of earlier sessions; of the calendar period before."""
    stated = claim.stated
    if stated is None or claim.partner is not None:
        return
    h = bench.history(claim.subject or "")
    back = _MOVES_BACK.get(stated.decimals, _FINE_MOVES_BACK)
    first = next(iter(claim.periods), None)
    if first is None:
        return
    last = h.row(first.end) if not claim.told else h.row(claim.told[0].end)
    for period in _moved_back(claim, first, h, last, back):
        try_at = replace(claim, periods=(period,), told=(), basis="", nearly=claim.nearly)
        whole = period.unit in ("month", "quarter")
        yield from readings(try_at, bench) if whole else islice(readings(try_at, bench), 1)


def _moved_back(
    claim: PublishedClaim, period: Period, h: History, last: int, back: int
) -> Iterator[Period]:
    if period.kind == "day":
        for row in range(last - 1, max(0, last - _DAYS_BACK - 1), -1):
            yield spans.one_day(h.day(row))
    elif period.running or claim.told:
        for row in range(last - 1, max(0, last - back - 1), -1):
            day = h.day(row)
            if period.start < day:
                yield replace(period, running=True).as_of(day)
                if period.kind == "trailing":
                    yield Period("between", period.start, day, f"{period.start} to {day}")
    else:
        fine = claim.stated is not None and claim.stated.decimals > 0
        before: Period | None = period
        for _ in range(_CALENDAR_BACK.get(period.unit, 1) if fine else 1):
            before = spans.earlier(before) if before else None
            if before is not None:
                yield before

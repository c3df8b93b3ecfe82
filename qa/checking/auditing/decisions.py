"""The Federal Reserve's decisions: when it met, when it moved its target range, and what holds.

Changes since 2020 are those of qa.market.fed_funds; the earlier ones and the days of the meetings
stand here, by the day of the statement (Federal Reserve, "Meeting calendars, statements, and
minutes", https://www.federalreserve.gov/monetarypolicy/fomccalendars.htm).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from qa.checking.auditing.agreement import Reading
from qa.checking.auditing.bench import Bench
from qa.checking.auditing.periods import Period, month_days
from qa.checking.auditing.published import PublishedClaim
from qa.checking.figures import Stated
from qa.errors import NotAvailable
from qa.market.fed_funds import DECISIONS, LAST_STATEMENT

_EARLIER = (
    (date(2008, 12, 16), 0.00, 0.25),
    (date(2015, 12, 16), 0.25, 0.50),
    (date(2016, 12, 14), 0.50, 0.75),
    (date(2017, 3, 15), 0.75, 1.00),
    (date(2017, 6, 14), 1.00, 1.25),
    (date(2017, 12, 13), 1.25, 1.50),
    (date(2018, 3, 21), 1.50, 1.75),
    (date(2018, 6, 13), 1.75, 2.00),
    (date(2018, 9, 26), 2.00, 2.25),
    (date(2018, 12, 19), 2.25, 2.50),
    (date(2019, 7, 31), 2.00, 2.25),
    (date(2019, 9, 18), 1.75, 2.00),
    (date(2019, 10, 30), 1.50, 1.75),
)
_MADE = (*_EARLIER, *DECISIONS[1:])  # the first of DECISIONS kept the range
FIRST = _MADE[0][0]
_BEFORE = {"high": date(2006, 6, 29), "low": FIRST}  # the last move each way before the second

# Month and day of each scheduled meeting's statement; that of March 2020 was called off.
_MET = {
    2015: "1-28 3-18 4-29 6-17 7-29 9-17 10-28 12-16",
    2016: "1-27 3-16 4-27 6-15 7-27 9-21 11-2 12-14",
    2017: "2-1 3-15 5-3 6-14 7-26 9-20 11-1 12-13",
    2018: "1-31 3-21 5-2 6-13 8-1 9-26 11-8 12-19",
    2019: "1-30 3-20 5-1 6-19 7-31 9-18 10-30 12-11",
    2020: "1-29 4-29 6-10 7-29 9-16 11-5 12-16",
    2021: "1-27 3-17 4-28 6-16 7-28 9-22 11-3 12-15",
    2022: "1-26 3-16 5-4 6-15 7-27 9-21 11-2 12-14",
    2023: "2-1 3-22 5-3 6-14 7-26 9-20 11-1 12-13",
    2024: "1-31 3-20 5-1 6-12 7-31 9-18 11-7 12-18",
    2025: "1-29 3-19 5-7 6-18 7-30 9-17 10-29 12-10",
    2026: "1-28 3-18 4-29 6-17 7-29",
}
MEETINGS = tuple(
    date(year, *map(int, day.split("-"))) for year, days in _MET.items() for day in days.split()
)


class Decision(NamedTuple):
    """A change of the target range: its day, its ends in percent, and by how much it moved."""

    day: date
    low: float
    high: float
    change: float


def decisions(published: date) -> list[Decision]:
    """The changes announced by a day, each with its size in percentage points."""
    made = [
        Decision(day, low, high, high - before[2])
        for before, (day, low, high) in itertools.pairwise(_MADE)
    ]
    return [d for d in made if d.day <= published]


def policy(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The target range on a day, its changes in a period, how many there were, or that none was."""
    if bench.published > LAST_STATEMENT:
        raise NotAvailable(f"the decisions of the FOMC are known here until {LAST_STATEMENT} only")
    reading = {
        "range": _range, "change": _change, "count": _count, "nth": _nth, "first": _first,
    }[claim.words]  # fmt: skip
    yield from reading(claim, decisions(bench.published))


def _unknown() -> NotAvailable:
    return NotAvailable(f"the decisions of the FOMC are known here from {FIRST} only")


def _within(made: list[Decision], period: Period) -> list[Decision]:
    if period.start <= FIRST:
        raise _unknown()
    return [d for d in made if period.start <= d.day <= period.end]


def _range(claim: PublishedClaim, made: list[Decision]) -> Iterator[Reading]:
    assert claim.stated is not None
    assert claim.partner is not None
    said = (claim.stated.value, claim.partner.value)
    ends = [p.end for p in (*claim.told, *claim.periods) if p.kind in ("day", "calendar")]
    known = [d for d in made if not ends or d.day <= max(ends)]
    if not known:
        raise _unknown()
    last = known[-1]
    words = f"target range announced on {last.day}"
    yield Reading(words, _told(last), (last.low, last.high) == said, day=last.day)


def _change(claim: PublishedClaim, made: list[Decision]) -> Iterator[Reading]:
    for period in claim.periods:
        found = _within(made, period)
        days = (
            f"{period.start}" if period.start == period.end else f"{period.start} to {period.end}"
        )
        if not claim.side:
            yield _kept(period, found, days)
            continue
        way = [d for d in found if _goes(claim, d)]
        if claim.stated is not None and period.kind != "day" and len(way) > 1:
            total = sum(abs(d.change) for d in way)  # "by 75 basis points in 2025": all together
            words = f"changes of the target range announced, {days}, together"
            yield Reading(words, _listed(found), abs(total - _points(claim.stated)) < 1e-9)
            continue
        fits = [d for d in found if _fits(claim, d)]
        words = f"changes of the target range announced, {days}"
        yield Reading(words, _listed(found), bool(fits), day=fits[0].day if fits else None)


def _kept(period: Period, found: list[Decision], days: str) -> Reading:
    """Whether a meeting kept the range; NotAvailable where no meeting is known in a period."""
    met = [day for day in MEETINGS if period.start <= day <= period.end]
    if not met and not found:
        raise NotAvailable(f"no scheduled meeting of the FOMC is known here in {days}")
    words = f"changes of the target range announced, {days}"
    if met:
        words += f"; a meeting ended on {', '.join(map(str, met))}"
    return Reading(words, _listed(found), not found, day=met[-1] if met else None)


def _goes(claim: PublishedClaim, made: Decision) -> bool:
    return (made.change < 0) == (claim.side == "low")


def _fits(claim: PublishedClaim, made: Decision) -> bool:
    if not _goes(claim, made):
        return False
    return claim.stated is None or abs(_points(claim.stated) - abs(made.change)) < 1e-9


def _points(stated: Stated) -> float:
    scale = 100 if stated.unit == "basis_points" else 1
    return abs(stated.value or 0.0) / scale


def _count(claim: PublishedClaim, made: list[Decision]) -> Iterator[Reading]:
    assert claim.tally is not None
    found = _within(made, claim.periods[0])
    way = [d for d in found if _goes(claim, d)]
    words = f"such changes announced in {claim.periods[0].words}"
    yield Reading(words, f"{len(way)}: {_listed(way)}", len(way) == claim.tally.won)


def _nth(claim: PublishedClaim, made: list[Decision]) -> Iterator[Reading]:
    """Which of its year's moves the last one is: "the third cut of the year"."""
    last = _told_of(claim, made)
    way = [d for d in made if _goes(claim, d) and d.day.year == last.day.year]
    way = [d for d in way if d.day <= last.day]
    words = f"such changes announced in {last.day.year} to {last.day}"
    yield Reading(words, f"{len(way)}: {_listed(way)}", len(way) == claim.count, day=last.day)


def _first(claim: PublishedClaim, made: list[Decision]) -> Iterator[Reading]:
    """Since when rates hadn't moved that way: "the first cut since March 2020"."""
    assert claim.mark is not None
    last = _told_of(claim, made)
    before = [d for d in made if _goes(claim, d) and d.day < last.day]
    mark = claim.mark.periods[0]
    month = mark.unit == "since" and not mark.words.removeprefix("since ").isdigit()
    end = month_days(mark.start.year, mark.start.month)[1] if month else None
    end = end or date(mark.start.year, 12, 31)
    then = before[-1].day if before else _BEFORE[claim.side]
    words = f"last such change before that of {last.day}"
    yield Reading(words, str(then), mark.start <= then <= end, day=then)


def _told_of(claim: PublishedClaim, made: list[Decision]) -> Decision:
    """The last move of the way that is spoken of, by the days that the words give."""
    ends = [p.end for p in (*claim.periods, *claim.told) if p.kind in ("day", "calendar")]
    way = [d for d in made if _goes(claim, d) and (not ends or d.day <= max(ends))]
    if not way:
        raise _unknown()
    return way[-1]


def _told(made: Decision) -> str:
    return f"{made.low:.2f}% to {made.high:.2f}%"


def _listed(made: list[Decision]) -> str:
    told = [f"{100 * d.change:+.0f} basis points on {d.day}" for d in made]
    return ", ".join(told) or "none"


def earlier_ranges(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The range of an earlier decision, told as the present one."""
    if claim.words != "range" or claim.stated is None or claim.partner is None:
        return
    said = (claim.stated.value, claim.partner.value)
    for made in reversed(decisions(bench.published)):
        if (made.low, made.high) == said:
            yield Reading(f"target range announced on {made.day}", _told(made), True, day=made.day)
            return


POLICY = {"policy": policy}

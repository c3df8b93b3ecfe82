"""Readings of what happened or didn't: runs of days, records, "the best month since 2023"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from qa.checking.auditing.agreement import Reading, agrees, level, percent
from qa.checking.auditing.bench import Bench, require_long
from qa.checking.auditing.dating import number
from qa.checking.auditing.history import History, runs
from qa.checking.auditing.levels import days_of
from qa.checking.auditing.periods import Period, month_days
from qa.checking.auditing.published import PublishedClaim
from qa.errors import NotAvailable, NotEnoughHistory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_RECENT = 30  # sessions in which a run that has ended is still spoken of
_FLAT = 0.5  # percent
_EVER = 20  # years of prices, with fewer of which nothing is called the largest ever
_LEAST_HISTORY = 60  # rows of a series of moves, below which nothing is "the best since"


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves of equal stretches (days, weeks, years): in percent, with the last row of each."""

    values: Floats
    rows: NDArray[np.int64]


def moves_by(h: History, unit: str) -> Moves:
    """The moves of a history by session, week, month, quarter or year, the last one running."""
    import numpy as np

    if unit == "session":
        return Moves(h.day_moves[1:], np.arange(1, len(h)))
    days = h.days
    if unit == "week":
        keys = (days.astype("int64") + 3) // 7
    elif unit == "quarter":
        keys = days.astype("datetime64[M]").astype("int64") // 3
    else:
        keys = days.astype(f"datetime64[{'M' if unit == 'month' else 'Y'}]").astype("int64")
    ends = np.append(np.flatnonzero(keys[1:] != keys[:-1]), len(h) - 1)
    closes = h.close[ends]
    return Moves((closes[1:] / closes[:-1] - 1) * 100, ends[1:])


def _leads(h: History, other: History, unit: str) -> Moves:
    """How far a history's moves lie above another's, on the days that both have."""
    import numpy as np

    days, mine, theirs = np.intersect1d(h.days, other.days, assume_unique=True, return_indices=True)
    if len(days) < _LEAST_HISTORY:
        raise NotEnoughHistory(f"{other.symbol} and {h.symbol} share too few sessions")
    own = moves_by(h, unit)
    stretches = np.concatenate(([0], own.rows))
    closes = np.full(len(h), np.nan)
    closes[mine] = other.close[theirs]
    level_then = closes[stretches]
    rivals = (level_then[1:] / level_then[:-1] - 1) * 100
    return Moves(own.values - rivals, own.rows)


def _streak(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A run of moves in one direction, or ahead of another instrument."""
    unit = claim.words.partition("|")[0]
    h = bench.history(claim.subject or "")
    moves = _leads(h, bench.history(claim.other), unit) if claim.other else moves_by(h, unit)
    if not claim.side:  # the words tell of its end: it may have gone either way
        sides = (replace(claim, side="high"), replace(claim, side="low"))
        told = [r for side in sides for r in _streak(side, bench)]
        yield from sorted(told, key=lambda r: not r.holds)
        return
    counted = runs(moves.values < 0 if claim.side == "low" else moves.values > 0)
    for period in (*claim.told, *claim.periods):
        if period.kind != "day":
            yield from _runs_within(claim, h, moves, counted, period)
            return
    days = [bench.row_of(h, p.start) for p in (*claim.told, *claim.periods)]
    for row in days or bench.ends(h):
        at = int(moves.rows.searchsorted(row, "right")) - 1
        if at >= 0:
            n = int(counted[at])
            yield Reading(
                f"{unit}s in a row up to {h.day(row)}", str(n), n == claim.count, day=h.day(row)
            )
    if not days:
        recent = counted[-_RECENT:]
        yield Reading(
            f"longest run of the last {_RECENT} {unit}s", str(int(recent.max())),
            claim.count in _finished(recent), day=h.last,
        )  # fmt: skip


def _runs_within(
    claim: PublishedClaim, h: History, moves: Moves, counted: NDArray[np.int64], period: Period
) -> Iterator[Reading]:
    """Runs inside a window; a run told with its first and last day has as many sessions."""
    first, last = h.row_from(period.start), h.reached(period.end)
    if period.start < h.first:
        raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
    inside = (moves.rows >= first) & (moves.rows <= last)
    within = counted[inside]
    if not len(within):
        raise NotEnoughHistory(f"there is no whole {period.words} of {h.symbol}")
    longest = int(within.max())
    if period.kind == "between":
        words = f"sessions from {h.day(first)} to {h.day(last)}"
        yield Reading(words, str(len(within)), len(within) == claim.count, day=h.day(last))
        return
    whole = period.unit != "years" or len(within) == claim.count
    yield Reading(
        f"longest run within {period.words}", str(longest), claim.count in _finished(within),
        whole, h.day(last),
    )  # fmt: skip


def _finished(counted: NDArray[np.int64]) -> set[int]:
    """The lengths of runs that ended, the last one included."""
    import numpy as np

    ends = np.append(counted[1:] <= counted[:-1], True)
    return {int(n) for n in counted[ends]}


def _record(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A close above every close before it, or a price above every price."""
    h = bench.history(claim.subject or "")
    if claim.count:
        yield from _first_record(claim, bench, h)
        return
    rows = _event_rows(claim, bench, h)
    before = h.close[: rows[0]]
    if not len(before):
        raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
    top = float(before.max())
    best = max(rows, key=lambda row: float(h.close[row]))
    closed, day = float(h.close[best]), h.day(best)
    if closed > top:
        require_long(h)
    actual = f"close {level(closed)}, record close before {level(top)}"
    yield Reading(f"close of {day} above every close before it", actual, closed > top,
                  claim.basis != "intraday", day)  # fmt: skip
    if h.high is None or claim.basis == "close":
        return
    highest, top_high = h.highest(rows[0], rows[-1]), h.highest(0, rows[0] - 1)
    if highest is None or top_high is None:
        return
    if highest > top_high:
        require_long(h)
    words = "a price above every price before it"
    actual = f"high {level(highest)}, record before {level(top_high)}"
    yield Reading(words, actual, highest > top_high, True, h.day(rows[-1]))


def _event_rows(claim: PublishedClaim, bench: Bench, h: History) -> list[int]:
    """The rows on which an event is said to have happened, in order."""
    rows: set[int] = set()
    for period in (*claim.told, *claim.periods):
        if period.kind == "day":
            rows.add(bench.row_of(h, period.start))
        elif period.kind == "calendar":
            rows |= set(range(h.row_from(period.start), h.reached(period.end) + 1))
    return sorted(r for r in rows if r >= 0) or sorted(set(bench.ends(h)))


def _first_record(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[Reading]:
    """The first record close of a year, or the first since an earlier one."""
    require_long(h)
    rows = _event_rows(claim, bench, h)
    records = h.record_rows
    if claim.mark is not None:
        at = [int(r) for r in records if rows[0] <= r <= rows[-1]]
        if not at:
            yield Reading("record closes on the days told", "none", False)
            return
        before = records[records < at[0]]
        earlier = h.day(int(before[-1]))
        yield _since_reading(claim, earlier, f"record close before that of {h.day(at[0])}")
        return
    start = date(h.day(rows[-1]).year, 1, 1)
    first = next((int(r) for r in records if h.day(int(r)) >= start), None)
    told = f"first record close of {start.year}"
    if first is None:
        yield Reading(told, "none", False)
        return
    yield Reading(told, str(h.day(first)), first in rows, day=h.day(first))


def mark_days(mark: Period) -> tuple[date, date]:
    """The days that "since 2021", "since January 2019" or "since October 31" name."""
    if mark.kind == "between" and mark.unit != "since":
        return mark.start, mark.start
    if re.fullmatch(r"since \d{4}", mark.words):
        return date(mark.start.year, 1, 1), date(mark.start.year, 12, 31)
    return month_days(mark.start.year, mark.start.month)


def _since_reading(claim: PublishedClaim, last: date | None, words: str) -> Reading:
    """Whether the last such occasion fell on the days that the claim names."""
    assert claim.mark is not None
    first, end = mark_days(claim.mark.periods[0])
    if last is None:
        return Reading(f"{words}: nothing as large before", "none held", True, standard=False)
    told = f"{words}: {last}"
    if last < first:
        return Reading(f"{told}, earlier than it is said to be", str(last), True, False, last)
    return Reading(told, str(last), first <= last <= end, day=last)


def _since(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The best, worst, highest or longest since a day, or in so many years."""
    kind = claim.words.partition("|")[0]
    h = bench.history(claim.subject or "")
    for values, rows, at, words in _series(claim, bench, h, kind):
        if at < 1:
            raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
        sign = -1 if claim.side == "low" else 1
        if sign * float(values[at]) < 0 and kind not in ("level", "streak"):
            yield Reading(words, percent(float(values[at])), False, day=h.day(int(rows[at])))
            continue
        larger = (sign * values[:at] >= sign * values[at]).nonzero()[0]
        last = h.day(int(rows[int(larger[-1])])) if len(larger) else None
        if claim.mark is not None:
            yield _since_reading(claim, last, words)
            continue
        limit = _limit(claim.words.split("|")[1], h.day(int(rows[at])), h.first)
        if last is None and h.first > limit:
            raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
        actual = "none held" if last is None else f"one as large on {last}"
        yield Reading(f"{words}; none since {limit}", actual, last is None or last < limit)


def _limit(span: str, day: date, first: date) -> date:
    """The day so long before: "a decade", "decades" (twenty years), "months" (two), "ever"."""
    if span == "ever":
        if (day - first).days < 365 * _EVER:
            raise NotEnoughHistory(f"prices from {first} are too few to say what ever was")
        return first
    found = re.fullmatch(r"(?:(\S+) )?(year|month|week|decade)s?", span.strip())
    if found is None:
        raise NotAvailable(f"the words leave open how long {span!r} is")
    bare = {"year": 2, "month": 2, "week": 2, "decade": 2}
    n = number(found[1]) if found[1] not in (None, "a", "an") else 1 if found[1] else bare[found[2]]
    back = {"year": 12, "month": 1, "decade": 120}.get(found[2])
    return day - (timedelta(weeks=n) if back is None else relativedelta(months=back * n))


_Series = tuple["Floats", "NDArray[np.int64]", int, str]


def _series(claim: PublishedClaim, bench: Bench, h: History, kind: str) -> Iterator[_Series]:
    """The moves that a claim ranks, where its own stands among them, and what they are."""
    import numpy as np

    if kind == "level":
        for row in days_of(claim, bench, h):
            yield h.close, np.arange(len(h)), row, f"close of {h.day(row)}"
    elif kind == "streak":
        yield from _ranked_runs(claim, bench, h)
    elif kind == "start":
        yield _starts(h, bench.ends(h)[0])
    elif kind == "named":
        yield from _named_months(claim, bench, h)
    else:
        unit = "session" if kind == "day" else kind
        moves = moves_by(h, unit)
        for row in sorted(set(_event_rows(claim, bench, h)[-2:]), reverse=True):
            at = min(int(moves.rows.searchsorted(row, "left")), len(moves.rows) - 1)
            yield moves.values, moves.rows, at, f"{kind} to {h.day(int(moves.rows[at]))}"


def _ranked_runs(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[_Series]:
    unit = claim.words.split("|")[1] or "session"
    moves = _leads(h, bench.history(claim.other), unit) if claim.other else moves_by(h, unit)
    counted = runs(moves.values < 0 if claim.side == "low" else moves.values > 0)
    row = _event_rows(claim, bench, h)[-1]
    at = int(moves.rows.searchsorted(row, "right")) - 1
    if not (claim.periods or claim.told):  # told after it has ended
        reached = (counted[-_RECENT:] == claim.count).nonzero()[0]
        at = len(counted) - _RECENT + int(reached[-1]) if len(reached) else at
    began = at - int(counted[at])
    ranked = counted.astype("float64")
    ranked[at] = claim.count
    if began >= 0:
        ranked[began + 1 : at] = 0
    yield (
        (ranked if claim.side != "low" else -ranked),
        moves.rows,
        at,
        f"run of {claim.count} {unit}s",
    )


def _starts(h: History, row: int) -> _Series:
    """The gain of every year after as many sessions as this one has had."""
    import numpy as np

    years = h.days.astype("datetime64[Y]")
    firsts = np.flatnonzero(np.append(False, years[1:] != years[:-1]))
    firsts = firsts[firsts <= row]
    n = row - int(firsts[-1])
    rows = firsts + n
    values = (h.close[rows] / h.close[firsts - 1] - 1) * 100
    return values, rows, len(rows) - 1, f"gain after {n + 1} sessions of the year"


def _named_months(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[_Series]:
    moves = moves_by(h, "month")
    what = claim.words.split("|")[2]
    names = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    wanted = next(i for i, m in enumerate(names, 1) if re.search(rf"\b{m}", what))
    months = h.days[moves.rows].astype("datetime64[M]").astype("int64") % 12 + 1
    kept = months == wanted
    values, rows = moves.values[kept], moves.rows[kept]
    yield values, rows, len(rows) - 1, f"the month to {h.day(int(rows[-1]))} among its like"


def _drought(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """Sessions between two record closes, the last such stretch that is over or runs on."""
    h = bench.history(claim.subject or "")
    require_long(h)
    records = [int(r) for r in h.record_rows]
    ends = [*records[1:], len(h)]
    gaps = [(b - a - 1, a, b) for a, b in zip(records, ends, strict=True)]
    recent = [g for g in gaps if g[2] >= len(h) - 60]
    n, a, b = max(recent or gaps)
    told = h.day(b) if b < len(h) else "now"
    words = f"sessions between the record closes of {h.day(a)} and {told}"
    yield Reading(words, str(n), abs(n - claim.count) <= 1)
    if b < len(h):
        days = (h.day(b) - h.day(a)).days
        yield Reading(f"calendar days {words[9:]}", str(days), days == claim.count, False)


def _flat(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """Unchanged over a window, within half a percent."""
    h = bench.history(claim.subject or "")
    for period in claim.periods or bench.last_days(h):
        for stretch in bench.stretches(h, period):
            if stretch.standard:
                value = (float(h.close[stretch.last]) / stretch.base - 1) * 100
                words = f"{stretch.words}; flat is within {_FLAT} percent"
                yield Reading(words, percent(value), abs(value) <= _FLAT, day=h.day(stretch.last))


def _event(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A day that was none of a session, or of another weekday."""
    yield Reading(claim.words, "no session", False)


def _upside(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The move that a target implies from a close."""
    h = bench.history(claim.subject or "")
    target = claim.level or 0.0
    year_end = h.row(date(bench.published.year - 1, 12, 31))
    full_year = bool(re.search("full-year|for the year|annual|this year", claim.words))
    rows = [(row, True) for row in days_of(claim, bench, h)]
    if year_end >= 0:
        rows = [(year_end, True)] if full_year else [*rows, (year_end, False)]
    for row, standard in rows:
        value = (target / float(h.close[row]) - 1) * 100
        words = f"{target:,.2f} over the close of {h.day(row)}"
        yield Reading(words, percent(value), agrees(claim, value), standard, h.day(row))
    if full_year and year_end >= 0:
        from qa.checking.auditing.readings import dividends_a_year

        added = dividends_a_year(bench, h)
        value = (target / float(h.close[year_end]) - 1) * 100 + added
        words = f"{target:,.2f} over the close of {h.day(year_end)}, with a year's dividends"
        yield Reading(words, percent(value), agrees(claim, value, 0.25), False)


OCCASIONS = {
    "streak": _streak,
    "record": _record,
    "since": _since,
    "drought": _drought,
    "flat": _flat,
    "event": _event,
    "upside": _upside,
}

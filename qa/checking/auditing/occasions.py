"""Readings of what happened or didn't: runs of days, records, "the best month since 2023"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from qa.checking.auditing.agreement import Reading, agrees, level, percent
from qa.checking.auditing.bench import Bench, require_long
from qa.checking.auditing.history import History, runs
from qa.checking.auditing.levels import days_of, event_rows
from qa.checking.auditing.moves import Moves, leads, moves_by
from qa.checking.auditing.periods import Period
from qa.checking.auditing.published import PublishedClaim
from qa.checking.auditing.rankings import RECENT, ranked
from qa.checking.auditing.since import since_reading
from qa.errors import NotEnoughHistory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_FLAT = 0.5  # percent
_PRESENT = re.compile(
    r"\b(?:has|have) (?:now |also |again )*(?:risen|fallen|climbed|dropped|gained|lost|advanced"
    r"|declined"
    r"|beaten|outperformed|outpaced|lagged|trailed|underperformed|closed|ended|finished)\b|\bis "
    r"on\b|\b(?:is|are) (?:now |again )?(?:up|down|higher|lower)\b"
)


def _streak(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A run of moves in one direction, or ahead of another instrument; one that is over, too."""
    if claim.side and claim.words.split("|")[1] == "ended":
        told = [*_ended(claim, bench), *_running(claim, bench)]
        yield from sorted(told, key=lambda r: not r.holds)
        return
    if not claim.side:  # the words tell of its end: it may have gone either way
        sides = (replace(claim, side="high"), replace(claim, side="low"))
        told = [r for side in sides for r in (*_ended(side, bench), *_running(side, bench))]
        yield from sorted(told, key=lambda r: not r.holds)
        return
    yield from _running(claim, bench)


def _running(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A run that goes on, or has been one lately."""
    unit = claim.words.partition("|")[0]
    h = bench.history(claim.subject or "")
    moves = leads(h, bench.history(claim.other), unit) if claim.other else moves_by(h, unit)
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
    if not days and not _PRESENT.search(claim.words):
        recent = counted[-RECENT:]
        yield Reading(
            f"longest run of the last {RECENT} {unit}s", str(int(recent.max())),
            claim.count in _finished(recent), day=h.last,
        )  # fmt: skip


def _ended(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A run that is said to have ended: as long as it was on the session, or week, before."""
    unit, gone = claim.words.split("|")[:2]
    told = (*claim.told, *claim.periods)
    if not gone and (unit != "session" or not any(p.kind == "day" for p in told)):
        return
    h = bench.history(claim.subject or "")
    rows = [bench.row_of(h, p.start) if p.kind == "day" else h.reached(p.end) for p in told]
    moves = leads(h, bench.history(claim.other), unit) if claim.other else moves_by(h, unit)
    counted = runs(moves.values < 0 if claim.side == "low" else moves.values > 0)
    for row in rows or bench.ends(h):
        at = min(int(moves.rows.searchsorted(row, "left")), len(moves.rows) - 1)
        for here in (at,) if rows and unit == "session" else (at, at - 1):
            if here > 0 and not counted[here]:
                n, day = int(counted[here - 1]), h.day(int(moves.rows[here]))
                words = f"{unit}s in a row before the one to {day}"
                yield Reading(words, str(n), n == claim.count, day=day)


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
    rows = event_rows(claim, bench, h)
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


def _first_record(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[Reading]:
    """The first record close of a year, or the first since an earlier one."""
    require_long(h)
    rows = event_rows(claim, bench, h)
    records = h.record_rows
    if claim.mark is not None:
        at = [int(r) for r in records if rows[0] <= r <= rows[-1]]
        if not at:
            yield Reading("record closes on the days told", "none", False)
            return
        before = records[records < at[0]]
        earlier = h.day(int(before[-1]))
        yield since_reading(claim, earlier, f"record close before that of {h.day(at[0])}")
        return
    start = date(h.day(rows[-1]).year, 1, 1)
    first = next((int(r) for r in records if h.day(int(r)) >= start), None)
    told = f"first record close of {start.year}"
    if first is None:
        yield Reading(told, "none", False)
        return
    yield Reading(told, str(h.day(first)), first in rows, day=h.day(first))


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
    """A day that was none of a session, or of another weekday; a closed day said to be one."""
    yield Reading(claim.words, "a session" if "a session, " in claim.words else "no session",
                  bool(claim.count))  # fmt: skip


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
    "since": ranked,
    "drought": _drought,
    "flat": _flat,
    "event": _event,
    "upside": _upside,
}

"""Readings of how often one came out ahead or higher, and of who did over a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from qa.checking.auditing.agreement import Reading
from qa.checking.auditing.bench import Bench
from qa.checking.auditing.history import History, runs
from qa.checking.auditing.moves import Moves, leads, moves_by
from qa.checking.auditing.published import PublishedClaim, Tally
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market import sessions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_AROUND = 2  # sessions by which "twelve months later" may be counted otherwise


def tally(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """How many of the stretches told of went as they are said to."""
    told = claim.tally
    assert told is not None
    h = bench.history(claim.subject or "")
    other = bench.history(claim.other) if claim.other else None
    if told.run:
        yield from _after_runs(claim, told, h, other)
        return
    moves = leads(h, other, told.unit) if other else moves_by(h, told.unit)
    over = _over(h, moves, told.unit, bench.published)
    values, rows = moves.values, moves.rows
    if told.month:
        kept = h.days[rows].astype("datetime64[M]").astype("int64") % 12 + 1 == told.month
        values, rows, over = values[kept], rows[kept], over[kept]
    went = values < 0 if claim.side == "low" else values > 0
    years = h.days[rows].astype("datetime64[Y]").astype("int64") + 1970
    if told.unit == "year" and (told.years or told.since or not claim.firm):
        yield from _by_year(told, went[over], years[over])
        return
    for ends, standard in ((over, True), (over | True, True)):
        yield _of_last(told, went[ends], years[ends], standard=standard)


def _over(h: History, moves: Moves, unit: str, published: date) -> NDArray[np.bool_]:
    """Which stretches were over at publication: only the last one may not be."""
    import numpy as np

    flags = np.ones(len(moves.rows), dtype=bool)
    last = h.day(int(moves.rows[-1]))
    following = sessions.next_session(date.fromordinal(last.toordinal() + 1))
    same = {
        "session": False,
        "week": following.isocalendar()[:2] == last.isocalendar()[:2],
        "month": (following.year, following.month) == (last.year, last.month),
        "quarter": (following.year, (following.month - 1) // 3)
        == (last.year, (last.month - 1) // 3),
        "year": following.year == last.year,
    }
    flags[-1] = not same[unit]
    return flags


def _of_last(
    told: Tally, went: NDArray[np.bool_], years: NDArray[np.int64], *, standard: bool
) -> Reading:
    """So many of the last ones, or of all since a year."""
    if told.since:
        went = went[years >= told.since]
    if len(went) < told.of:
        raise NotEnoughHistory(f"there are only {len(went)} such stretches on the tape")
    n = int(went[-told.of :].sum())
    words = f"of the last {told.of} such {told.unit}s"
    return Reading(words, f"{n} of {told.of}", n == told.won, standard)


def _by_year(told: Tally, went: NDArray[np.bool_], years: NDArray[np.int64]) -> Iterator[Reading]:
    """The calendar years, those that are over: since a year, with or without it, or the last."""
    first = int(years[0])
    if told.since:
        starts = [told.since, told.since + 1]
    elif told.of:
        starts = [int(years[-1]) - told.of + 1]
    else:
        raise NotAvailable("the words leave open which years are looked at")
    for start in starts:
        if start < first:
            raise NotEnoughHistory(f"whole years are held from {first} only")
        kept = years >= start
        won = [int(y) for y in years[kept][went[kept]]]
        holds = len(won) == told.won and (not told.years or tuple(won) == tuple(sorted(told.years)))
        named = ", ".join(map(str, won)) or "none"
        words = f"calendar years from {start} to {int(years[-1])}, price only"
        yield Reading(words, f"{len(won)}: {named}", holds)


def _after_runs(
    claim: PublishedClaim, told: Tally, h: History, other: History | None
) -> Iterator[Reading]:
    """The lead over so many sessions from the close on which each run reached its length."""
    if other is None:
        raise NotAvailable("the words don't say what it is compared with")
    daily = leads(h, other, "session")
    counted = runs(daily.values > 0)
    starts = [int(row) for row in daily.rows[counted == told.run]]
    around = [0, *(d for n in range(1, _AROUND + 1) for d in (-n, n))] if told.horizon > 60 else [0]
    for shift in around:
        ahead = told.horizon + shift
        wins = [_lead(h, other, row, row + ahead) > 0 for row in starts if row + ahead < len(h)]
        n = sum(wins) if claim.side != "low" else len(wins) - sum(wins)
        won = len(wins) / 2 if told.won < 0 else told.won
        words = (
            f"over {ahead} sessions from the close on which a run of {told.run} sessions ahead of "
            f"{other.symbol} was reached"
        )
        holds = n == won and told.of in (0, len(wins))
        yield Reading(words, f"{n} of {len(wins)}", holds, not shift)


def _lead(h: History, other: History, first: int, last: int) -> float:
    a, b = other.row(h.day(first)), other.row(h.day(last))
    return float(h.close[last] / h.close[first] - other.close[b] / other.close[a])


def ahead(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """Which of two instruments had the larger return over a window."""
    from qa.checking.auditing.readings import relative_readings

    claim = replace(claim, measure="relative", stated=None)
    for lead, reading in relative_readings(claim, bench):
        holds = lead < 0 if claim.side == "low" else lead > 0
        yield replace(reading, holds=holds)


TALLIES = {"tally": tally, "ahead": ahead}

"""Readings of what is ranked: the best, worst, highest or longest since a day, or of a kind."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.checking.auditing.agreement import Reading, percent
from qa.checking.auditing.bench import Bench
from qa.checking.auditing.history import History, runs
from qa.checking.auditing.levels import days_of, event_rows
from qa.checking.auditing.moves import leads, moves_by
from qa.checking.auditing.published import PublishedClaim
from qa.checking.auditing.since import limit_of, since_reading
from qa.checking.auditing.thresholds import first_again, first_since
from qa.errors import NotAvailable, NotEnoughHistory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RECENT = 30  # sessions in which a run that has ended is still spoken of


def ranked(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The best, worst, highest or longest since a day, in so many years, ever, or of a year."""
    kind, span = claim.words.split("|")[:2]
    if kind in ("passed", "again"):
        yield from (first_since if kind == "passed" else first_again)(claim, bench)
        return
    h = bench.history(claim.subject or "")
    for values, rows, at, words in _series(claim, bench, h, kind):
        if at < 1:
            raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
        sign = {"low": -1, "high": 1}.get(claim.side) or math.copysign(1, float(values[at]))
        if sign * float(values[at]) < 0 and kind not in ("level", "streak"):
            yield Reading(words, percent(float(values[at])), False, day=h.day(int(rows[at])))
            continue
        larger = (sign * values[:at] >= sign * values[at]).nonzero()[0]
        rank = max(claim.count, 1) if kind != "streak" else 1
        if span == "run":
            yield _in_run(claim, h, values, rows, at, words)
            continue
        if span == "year":
            yield _of_year(h, sign * values, rows, at, rank, words)
            continue
        last = h.day(int(rows[int(larger[-rank])])) if len(larger) >= rank else None
        if claim.mark is not None:
            yield since_reading(claim, last, words)
            continue
        if span == "ever" and len(larger) >= rank:
            then = h.day(int(rows[int(larger[-1])]))
            yield Reading(f"{words}; ever", f"as large on {then}", len(larger) == rank - 1)
            continue
        limit = limit_of(span, h.day(int(rows[at])), h.first)
        if last is None and h.first > limit:
            raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
        since = [h.day(int(rows[int(i)])) for i in larger if h.day(int(rows[int(i)])) >= limit]
        actual = f"{len(since)} as large, the last on {since[-1]}" if since else "none as large"
        yield Reading(f"{words}; since {limit}", actual, len(since) == rank - 1)


def _of_year(
    h: History, ranked: Floats, rows: NDArray[np.int64], at: int, rank: int, words: str
) -> Reading:
    """Whether a move is the largest of its year, or the second, up to the last one held."""
    year = h.day(int(rows[at])).year
    years = h.days[rows].astype("datetime64[Y]").astype("int64") + 1970
    same = (years == year).nonzero()[0]
    placed = int((ranked[same] > ranked[at]).sum()) + 1
    best = int(same[ranked[same].argmax()])
    actual = f"number {placed}; the largest ended on {h.day(int(rows[best]))}"
    return Reading(f"{words}, among those of {year}", actual, placed == rank)


def _in_run(
    claim: PublishedClaim, h: History, values: Floats, rows: NDArray[np.int64], at: int, words: str
) -> Reading:
    """Whether a move is the largest, or with "mild" the smallest, of the last few of its kind."""
    import numpy as np

    assert claim.tally is not None
    n = claim.tally.of
    ends = [end for end in (len(values), len(values) - 1) if end - n <= at < end and end >= n]
    if not ends:
        raise NotAvailable("the words leave open which run it is of")
    one_way = [end for end in ends if abs(np.sign(values[end - n : end]).sum()) == n]
    first = (one_way or ends)[0] - n
    sign = {"low": -1, "high": 1}.get(claim.side) or math.copysign(1, float(values[at]))
    sign = -sign if claim.words.endswith("mild") else sign
    best = first + int((sign * values[first : first + n]).argmax())
    told = f"{h.day(int(rows[best]))} with {percent(float(values[best]))}"
    return Reading(f"{words}, among {n} in a row", f"the one to {told}", best == at)


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
        for row in sorted(set(event_rows(claim, bench, h)[-2:]), reverse=True):
            at = min(int(moves.rows.searchsorted(row, "left")), len(moves.rows) - 1)
            yield moves.values, moves.rows, at, f"{kind} to {h.day(int(moves.rows[at]))}"


def _ranked_runs(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[_Series]:
    unit = claim.words.split("|")[1] or "session"
    moves = leads(h, bench.history(claim.other), unit) if claim.other else moves_by(h, unit)
    counted = runs(moves.values < 0 if claim.side == "low" else moves.values > 0)
    row = event_rows(claim, bench, h)[-1]
    at = int(moves.rows.searchsorted(row, "right")) - 1
    if not (claim.periods or claim.told):  # told after it has ended
        reached = (counted[-RECENT:] == claim.count).nonzero()[0]
        at = len(counted) - RECENT + int(reached[-1]) if len(reached) else at
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
    what = claim.words.split("|")[2]
    if "quarter" in what:
        yield _named_quarters(h, what)
        return
    moves = moves_by(h, "month")
    names = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    wanted = next(i for i, m in enumerate(names, 1) if re.search(rf"\b{m}", what))
    months = h.days[moves.rows].astype("datetime64[M]").astype("int64") % 12 + 1
    kept = months == wanted
    values, rows = moves.values[kept], moves.rows[kept]
    yield values, rows, len(rows) - 1, f"the month to {h.day(int(rows[-1]))} among its like"


def _named_quarters(h: History, what: str) -> _Series:
    """The same quarter of every year, up to the last one held."""
    moves = moves_by(h, "quarter")
    wanted = ("first", "second", "third", "fourth").index(re.split("[ -]", what)[0])
    months = h.days[moves.rows].astype("datetime64[M]").astype("int64") % 12
    kept = months // 3 == wanted
    values, rows = moves.values[kept], moves.rows[kept]
    words = f"the quarter to {h.day(int(rows[-1]))} among its like"
    return values, rows, len(rows) - 1, words

"""Readings of a mark that was passed: on some days, for the first time ever, or since a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.checking.auditing.agreement import Reading, level, percent
from qa.checking.auditing.bench import Bench
from qa.checking.auditing.history import History
from qa.checking.auditing.levels import event_rows, told_days
from qa.checking.auditing.moves import moves_by
from qa.checking.auditing.published import PublishedClaim
from qa.checking.auditing.since import limit_of, since_reading
from qa.errors import NotEnoughHistory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# "For the first time", and not "for the first time since April" or "in two years".
_FIRST_EVER = re.compile(r"first time(?! (?:since|in|this|that|all|of)(?![a-z]))")
_OF_A_YIELD = 0.005  # points within which a yield, as it is quoted, is at a mark
_LATER = 0.1  # of the time told, by which "in two years" may be rounded up


def _threshold(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A mark that was passed: by a close, or by any price of the days."""
    h = bench.history(claim.subject or "")
    mark = claim.stated.value if claim.stated and claim.stated.value else 0.0
    low = claim.side == "low"
    first_time = _FIRST_EVER.search(claim.words)
    for first, last, words in told_days(claim, bench, h):
        closes = h.close[first : last + 1]
        value = float(closes.min() if low else closes.max())
        passed = value < mark if low else value > mark
        traded = h.lowest(first, last) if low else h.highest(first, last)
        if first_time:
            _require_since(h, mark)
            yield from _first_passed(claim, h, mark, first, last)
            continue
        side = "lowest" if low else "highest"
        yield Reading(f"{side} close {words}", level(value), passed, day=h.day(last))
        if traded is not None:
            beyond = traded < mark if low else traded > mark
            standard = claim.basis != "close"
            yield Reading(f"{side} price {words}", level(traded), beyond, standard, h.day(last))


def _first_passed(
    claim: PublishedClaim, h: History, mark: float, first: int, last: int
) -> Iterator[Reading]:
    """The first day beyond a mark, by its close and by any price of it."""
    low = claim.side == "low"
    for prices, kind in ((h.close, "close"), (h.low if low else h.high, "price")):
        if prices is None or (kind == "price" and claim.basis == "close"):
            continue
        beyond = (prices < mark if low else prices > mark).nonzero()[0]
        row = int(beyond[0]) if len(beyond) else None
        yield Reading(
            f"first {kind} {'below' if low else 'above'} {mark:,.2f}",
            "none yet" if row is None else str(h.day(row)),
            row is not None and first <= row <= last, day=None if row is None else h.day(row),
        )  # fmt: skip


def _require_since(h: History, mark: float) -> None:
    """Raise where a history begins beyond a mark: when it was first passed isn't known."""
    if (h.last - h.first).days < 3 * 365:
        raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")


def first_since(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """Since when no close was beyond a mark, and since when no price was."""
    h, mark, low = bench.history(claim.subject or ""), claim.level or 0.0, claim.side == "low"
    rows = event_rows(claim, bench, h)
    tried = [(h.close, "close", mark, True)]
    if h.kind == "yield":
        near = mark - _OF_A_YIELD if low else mark + _OF_A_YIELD
        tried.append((h.close, "close", near, False))
    prices = h.low if low else h.high
    if prices is not None and claim.basis != "close":
        tried.append((prices, "price", mark, False))
    for values, kind, passed, standard in tried:
        words = f"{kind} {'below' if low else 'above'} {passed:,.2f}"
        reading = _since_when(claim, h, values < passed if low else values > passed, rows, words)
        yield replace(reading, standard=reading.standard and standard)


def _since_when(
    claim: PublishedClaim, h: History, beyond: NDArray[np.bool_], rows: list[int], words: str
) -> Reading:
    now = next((row for row in rows if beyond[row]), None)
    if now is None:
        return Reading(f"{words} on the days told", "none", False)
    before = beyond[:now].nonzero()[0]
    last = h.day(int(before[-1])) if len(before) else None
    words = f"last {words} before {h.day(now)}"
    if claim.mark is not None:
        return since_reading(claim, last, words)
    day = h.day(now)
    limit = limit_of(claim.words.split("|")[1], day, h.first)
    if last is None and h.first > limit:
        raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
    limit += (day - limit) * _LATER
    return Reading(words, str(last or "none held"), last is None or last <= limit, day=last)


def first_again(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """When the last move of a kind that went the same way was."""
    h, unit = bench.history(claim.subject or ""), claim.words.split("|")[1]
    moves = moves_by(h, unit)
    went = moves.values < 0 if claim.side == "low" else moves.values > 0
    for row in sorted(set(event_rows(claim, bench, h)[-2:]), reverse=True):
        at = min(int(moves.rows.searchsorted(row, "left")), len(moves.rows) - 1)
        way, day = "fall" if claim.side == "low" else "rise", h.day(int(moves.rows[at]))
        if not went[at]:
            yield Reading(f"{unit} to {day}", percent(float(moves.values[at])), False, day=day)
            continue
        before = went[:at].nonzero()[0]
        last = h.day(int(moves.rows[int(before[-1])])) if len(before) else None
        yield since_reading(claim, last, f"last {unit} before that to {day} with a {way}")


THRESHOLDS = {"threshold": _threshold}

"""How many days of a period were so: moves of a size, record closes; read and tried here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from qa.checking.auditing.agreement import Reading
from qa.checking.auditing.bench import Bench, require_long
from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.dating import number
from qa.checking.auditing.event_claims import MOST_EVENTS, made
from qa.checking.auditing.history import History
from qa.checking.auditing.levels import event_rows
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import Context, PublishedClaim
from qa.checking.auditing.time_parts import COUNT
from qa.checking.stated import Stated
from qa.errors import NotAvailable, NotEnoughHistory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ROUGH = 0.05  # share by which "about" and "nearly" may lie off a count
_TWO_PLACES = 0.005  # percent by which a move may fall short of a size that it is rounded to
_UP = r"rose|gained|climbed|advanced|gains?|advances?|rises?"
_DOWN = r"fell|lost|dropped|declined|loss(?:es)?|declines?|drops?|falls?"
_VERB = rf"(?P<way>moved|moves|swung|swings|{_UP}|{_DOWN})"
_SIZE = (
    r"(?: by)?(?: (?:at least|more than|over))? \x13+(?: or (?:more|greater|better|worse))?"
    r"(?:,? (?:up or down|either way|in either direction|in one direction or the other))?"
)
_N = (
    r"(?P<about>(?:nearly|about|roughly|some|almost|more than|over|at least) )?"
    rf"(?P<n>{COUNT}|\x13+)"
)
_DAYS = r"(?:(?:trading |separate )?(?:days|sessions)|occasions|times)"
_MOVES = (
    re.compile(rf"\b{_VERB}{_SIZE},? on (?:just |only |all of )?{_N} {_DAYS}(?![a-z])"),
    re.compile(
        rf"(?<![a-z0-9.,-]){_N} {_DAYS}(?: [^;:\x12\x13]{{0,40}}?)? (?:on|in) which (?:the )?\x12+"
        rf"(?: index)? {_VERB}{_SIZE}"
    ),
    re.compile(rf"(?<![a-z0-9.,-]){_N} (?:daily |one-day |separate )?{_VERB} of{_SIZE}"),
)
_NOUN = r"move|swing|gain|advance|rise|loss|decline|drop|fall"
_SPELL = re.compile(
    rf"(?<![a-z0-9.,-]){_N} {_DAYS} without (?:an? |any )?(?:single )?"
    rf"(?:\x13+ (?:or more )?(?P<noun>{_NOUN})|(?P<noun2>{_NOUN}) of"
    r" (?:at least |more than )?\x13+)(?: or (?:more|worse|better))?"
    r"(?:,? (?:up or down|either way|in either direction))?(?![a-z])"
)
# Of at least such a size: "fell 3% on two days" may tell how far it fell in all.
_OR_MORE = re.compile(r"\b(?:or (?:more|greater|better|worse)|at least|more than|over)\b")
_RECORDS = re.compile(
    rf"\b(?:set|notched|booked|posted|scored|logged|made|recorded|hit|had|registered|racked up)"
    rf" (?:just |only |no fewer than )?{_N} (?:new )?(?:record|all-time|closing) "
    r"(?:closing )?(?:closes|highs|records)(?![a-z])"
)


def read_day_counts(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """The counts of a sentence, in order: each with its size, its days and how exact it is."""
    for pattern in (*_MOVES, _RECORDS, _SPELL):
        for found in islice(pattern.finditer(clause.masked), MOST_EVENTS):
            n = _counted(clause, found)
            size = next(
                (f for f in clause.figures if f.unit == "percent" and found.start() <= f.span[0]),
                None,
            )
            if n is not None and (size is not None or pattern is _RECORDS):
                yield _claimed(clause, context, found, n, size)


def _claimed(
    clause: Clause, context: Context, found: re.Match[str], n: int, size: Stated | None
) -> PublishedClaim:
    claim = made(clause, context, "day_count", found.span())
    if not claim.periods:
        inside = (t for t in clause.times if found.start() <= t.start < found.end())
        claim = replace(claim, periods=next((t.periods for t in inside), ()))
    about = (found["about"] or "").strip()
    if found.re is _RECORDS:  # "record highs" may be those of prices during a day
        sure = claim.firm and _whole(claim) and "clos" in found.group()
        return replace(claim, count=n, words=f"records|{about}", firm=sure)
    told = found.groupdict()
    way = told.get("way") or told.get("noun") or told.get("noun2") or ""
    side: Side = "high" if re.fullmatch(_UP, way) else "low" if re.fullmatch(_DOWN, way) else ""
    spell = found.re is _SPELL
    days = all(p.unit == "day" for p in claim.periods)
    sure = days if spell else _whole(claim) and bool(_OR_MORE.search(found.group()))
    return replace(
        claim,
        count=n,
        side=side,
        level=abs((size.value if size else None) or 0.0),
        words=f"{'spell' if spell else 'moves'}|{about}",
        firm=claim.firm and sure,
    )


def _counted(clause: Clause, found: re.Match[str]) -> int | None:
    if "\x13" not in found["n"]:
        return number(found["n"])
    told = next((f for f in clause.figures if f.span[0] == found.start("n")), None)
    if told is None or told.value is None or told.unit not in (None, "count"):
        return None
    return int(told.value) if told.value == int(told.value) else None


def _whole(claim: PublishedClaim) -> bool:
    return len(claim.periods) == 1 and claim.periods[0].kind == "calendar"


def _day_count(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """How many sessions of a period had such a move, or a close above all before it."""
    h = bench.history(claim.subject or "")
    kind = claim.words.partition("|")[0]
    if kind == "spell":
        yield from _spell(claim, bench, h)
        return
    periods = [p for p in claim.periods if p.kind == "calendar"]
    if not periods:
        raise NotAvailable("the words leave open over which days it is counted")
    for period in periods:
        first = h.row_from(period.start)
        for last in bench.lasts(h, period):
            if first < 1 or last < first:
                raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
            count = _of_records if kind == "records" else _of_size
            yield from count(claim, h, first, last)


def _of_records(claim: PublishedClaim, h: History, first: int, last: int) -> Iterator[Reading]:
    require_long(h)
    n = int(((h.record_rows >= first) & (h.record_rows <= last)).sum())
    words = f"record closes from {h.day(first)} to {h.day(last)}"
    yield Reading(words, str(n), _fits(claim, n), day=h.day(last))


def _of_size(claim: PublishedClaim, h: History, first: int, last: int) -> Iterator[Reading]:
    moves = h.day_moves[first : last + 1]
    size, days = claim.level or 0.0, f"from {h.day(first)} to {h.day(last)}"
    way = {"high": "gains", "low": "losses"}.get(claim.side, "moves")
    for slack, standard in ((0.0, True), (_TWO_PLACES, False)):
        n = int(_beyond(moves, claim.side, size - slack).sum())
        words = f"{way} of {size:g}% or more {days}" + ("" if standard else ", to two decimals")
        yield Reading(words, str(n), _fits(claim, n), standard, h.day(last))


def _spell(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[Reading]:
    """How many sessions had no such move, up to the one that had, or up to the last."""
    size = claim.level or 0.0
    for row in event_rows(claim, bench, h):
        for slack, standard in ((0.0, True), (_TWO_PLACES, False)):
            such = _beyond(h.day_moves, claim.side, size - slack)
            before = such[:row].nonzero()[0]
            if not len(before):
                raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
            last = int(before[-1])
            n = row - 1 - last if such[row] else row - last
            words = f"sessions without a move of {size:g}% since {h.day(last)}"
            fits = any(_fits(claim, k) for k in (n, n - 1, n + 1))
            yield Reading(words, str(n), fits, standard, h.day(row))


def _beyond(moves: NDArray[np.float64], side: Side, size: float) -> NDArray[np.bool_]:
    if side == "high":
        return moves >= size
    return moves <= -size if side == "low" else abs(moves) >= size


def _fits(claim: PublishedClaim, n: int) -> bool:
    about = claim.words.partition("|")[2]
    if about in ("more than", "over", "at least"):
        return claim.count <= n <= 2 * claim.count
    slack = max(1.0, _ROUGH * n) if about else 0.0
    return abs(n - claim.count) <= slack


DAY_COUNTS = {"day_count": _day_count}

"""The days that a claim is tried over: its windows, and the ways to lay them on the history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qa.checking.auditing import periods as spans
from qa.checking.auditing.bench import Bench, Stretch
from qa.checking.auditing.history import History
from qa.checking.auditing.periods import Period
from qa.checking.auditing.published import PublishedClaim
from qa.errors import NotEnoughHistory


def windows(claim: PublishedClaim, bench: Bench, h: History) -> tuple[Period, ...]:
    """The periods of a claim; the year to the day it is told as of, or the last sessions."""
    told = tuple(day.start for day in claim.told)
    if claim.periods:
        return tuple(p.as_of(day) for p in claim.periods for day in told) if told else claim.periods
    if told:
        return tuple(replace(spans.year(day, day.year), end=day, running=False) for day in told)
    return (*bench.last_days(h), *claim.carried)


def stretches_of(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[Stretch]:
    """The stretches that a figure may be of; loose ones only for one fine enough to tell."""
    fine = claim.stated is not None and claim.stated.decimals > 0
    for period in windows(claim, bench, h):
        for stretch in bench.stretches(h, period):
            # A base a day or two off is a reading only for a figure fine enough to tell.
            if stretch.standard or fine or period.kind in ("extreme", "swing"):
                yield stretch


def over(other: History, h: History, stretch: Stretch) -> float:
    """The return of another instrument over the same days, in percent."""
    origin, last = other.row(h.day(stretch.origin)), other.row(h.day(stretch.last))
    if origin < 0:
        raise NotEnoughHistory(f"{other.symbol} has prices from {other.first} only")
    return (float(other.close[last]) / float(other.close[origin]) - 1) * 100

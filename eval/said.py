"""Windows and extremes said in words: true retellings of sentences, and swaps that make them false.

What is true is told from the window of the metric and the calendar of sessions alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from eval.told import Made, Place, Told, put
from qa.domain import Metric
from qa.market.sessions import last_session, next_session

_WINDOW = re.compile(r" from the close of \d{4}-\d\d-\d\d to the close of \d{4}-\d\d-\d\d")
_MONTHS = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]
_QUARTERS = ("first", "second", "third", "fourth")
_SAID = re.compile(
    rf"\b(?:in (?:{'|'.join(_MONTHS)})(?: 20\d\d)?|in the \w+ quarter of 20\d\d|in 20\d\d"
    r"|this (?:month|quarter|year)|year to date)(?= \[|,|\.| \()"
)
_TO_RECORDS = (
    (r"(?<=below )the high\b", ("its record high", "its all-time high", "the record high")),
    (r"\bthe highest close was\b", ("the record close was", "the all-time high was")),
    (r"(?<=closed at )(?=[\d,]+\.\d\d)", ("a record high of ", "an all-time high of ")),
)


def retold(told: Told, rng: Random) -> Iterator[Told]:
    """The sentence with its window in words, where it is a month, quarter or year, so far or whole.

    "From the close of 2025-12-31 to the close of 2026-01-23" is "in January 2026", told that day.
    """
    found = _WINDOW.search(told.text)
    metrics = [e for k in told.evidence if isinstance(e := told.ledger.get(k), Metric)]
    window = metrics[0].window if found and len(metrics) == 1 else None
    if found is None or window is None or window.start >= window.end:
        return
    ways = list(_ways(window.start, window.end, metrics[0].as_of))
    if ways:
        text = told.text[: found.start()] + " " + rng.choice(ways) + told.text[found.end() :]
        yield replace(told, text=text)


def _ways(start: date, end: date, as_of: date) -> Iterator[str]:
    """How the stretch of the calendar is called that has just these sessions."""
    for months, names in (
        (1, (f"in {end:%B} {end.year}", "this month")),
        (3, (f"in the {_QUARTERS[(end.month - 1) // 3]} quarter of {end.year}", "this quarter")),
        (12, (f"in {end.year}", "this year", "year to date")),
    ):
        first, last = _stretch(end, months)
        whole, so_far = last_session(last), last_session(as_of)
        if next_session(start) != next_session(first) or end != min(whole, so_far):
            continue
        yield names[0]
        if months == 1 and (as_of - end).days < 300:
            yield f"in {end:%B}"
        if as_of <= last:
            yield from names[1:]


def _stretch(day: date, months: int) -> tuple[date, date]:
    """The first and the last day of the month, quarter or year of a day."""
    first = day.replace(month=day.month - (day.month - 1) % months, day=1)
    after = first.month - 1 + months
    return first, date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)


def other_period(told: Told, held: list[Place], rng: Random) -> Made:
    """Another month, quarter or year."""
    found = _SAID.search(told.text)
    if found is None or not held:
        return None
    words = found.group()
    named = words.removeprefix("in ").removeprefix("the ").split()
    if words.startswith(("this", "year")):
        return put(told, found.span(), f"last {'year' if named[0] == 'year' else named[1]}")
    if named[0] in _MONTHS:
        others = [month for month in _MONTHS if month != named[0]]
        return put(told, found.span(), " ".join(["in", rng.choice(others), *named[1:]]))
    if named[0] in _QUARTERS:
        others = [nth for nth in _QUARTERS if nth != named[0]]
        return put(told, found.span(), f"in the {rng.choice(others)} quarter of {named[-1]}")
    return put(told, found.span(), f"in {int(named[0]) + rng.choice((-2, -1, 1))}")


def record_for_high(told: Told, held: list[Place], rng: Random) -> Made:
    """A record in place of a high of a year or of a plain close, where no record is measured."""
    if not held or any(place.metric.tool == "drawdown" for place in held):
        return None
    found = [(m, new) for pattern, new in _TO_RECORDS for m in re.finditer(pattern, told.text)]
    if not found:
        return None
    said, others = rng.choice(found)
    return put(told, said.span(), rng.choice(others))

"""The seasons by name, and where each lies in a history: months, turn of the year, whole years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from qa.errors import BadDate, UsageError
from qa.market import sessions
from qa.market.history import History

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.intp]

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
CYCLE = ("election", "post_election", "midterm", "pre_election")  # a year modulo 4
TURN, TURNS = "turn_of_year", "turns of the year"
USUAL = (*MONTHS, TURN, *CYCLE)
BEFORE, AFTER = 1, 4  # sessions of the old year and of the new one that are its turn
FORM = (
    "a month, turn_of_year, midterm, pre_election, election, post_election, year, or MM-DD..MM-DD"
)
_ALSO = {"mid_term": "midterm", "turn_of_the_year": TURN}
_WINDOW = re.compile(r"(\d\d)-(\d\d)\.\.(\d\d)-(\d\d)")


@dataclass(frozen=True)
class Season:
    """Where a season lies: for each year, the row of the close it is measured from, and its last.

    `years` are those in which it ends; `words` read after "in".
    """

    words: str
    years: Rows
    base: Rows
    last: Rows


def occurrences(past: History, name: str) -> Season:
    """The finished occurrences of a season in a history; raises UsageError for no season's name.

    It is measured from the last close before its first day; an occurrence that began before the
    history is left out, and so is one whose last session is not in it yet.
    """
    name = name.strip()
    if not _WINDOW.fullmatch(name):
        plain = re.sub(r"[\s-]+", "_", name.lower()).removesuffix("_effect")
        name = _ALSO.get(plain, plain)
    years = range(past.day(0).year, past.day(-1).year + 1)
    if name == TURN:
        return _turn(past, years)
    if name in MONTHS:
        month = MONTHS.index(name) + 1
        spans = [(date(y, month, 1), _month_end(y, month)) for y in years]
        return _between(past, name.capitalize(), spans)
    if name in (*CYCLE, "year"):
        asked = [y for y in years if name == "year" or CYCLE[y % 4] == name]
        words = "calendar years" if name == "year" else f"{name.replace('_', '-')} years"
        return _between(past, words, [(date(y, 1, 1), date(y, 12, 31)) for y in asked])
    first, last = _month_days(name)
    spans = [(_day(y - (first > last), first), _day(y, last)) for y in years]
    return _between(past, f"windows from {name[:5]} to {name[7:]}", spans)


def _between(past: History, words: str, spans: list[tuple[date, date]]) -> Season:
    """The occurrences between two days each, both included."""
    import numpy as np

    days = past.days.to_numpy("datetime64[D]")
    firsts, lasts = (np.array([s[i] for s in spans], dtype="datetime64[D]") for i in (0, 1))
    base = days.searchsorted(firsts) - 1
    last = days.searchsorted(lasts, "right") - 1
    today = past.day(-1)
    done = np.array([_is_over(end, today) for _, end in spans], dtype=np.bool_)
    kept = (base >= 0) & (last > base) & done
    years = np.array([end.year for _, end in spans], dtype=np.intp)
    return Season(words, years[kept], base[kept], last[kept])


def _is_over(end: date, last: date) -> bool:
    """Whether a history up to `last` reaches the last session on or before a day."""
    return last >= end or (end - last < timedelta(7) and last >= sessions.last_session(end))


def _turn(past: History, years: range) -> Season:
    """The turns of the year: the last session of the old one and the first four of the new."""
    import numpy as np

    days = past.days.to_numpy("datetime64[D]")
    news = np.array([date(y, 1, 1) for y in years], dtype="datetime64[D]")
    first = days.searchsorted(news)
    base, last = first - 1 - BEFORE, first - 1 + AFTER
    kept = (base >= 0) & (last < len(past))
    return Season(TURNS, np.array(years, dtype=np.intp)[kept], base[kept], last[kept])


def _month_days(name: str) -> tuple[tuple[int, int], tuple[int, int]]:
    match = _WINDOW.fullmatch(name)
    if not match:
        raise UsageError(f"There is no season {name!r}: give {FORM}.")
    m, d, n, e = map(int, match.groups())
    for month, day in ((m, d), (n, e)):
        try:
            date(2024, month, day)
        except ValueError as error:
            raise BadDate(f"{month:02}-{day:02} is no day of a year: {error}.") from error
    return (m, d), (n, e)


def _day(year: int, month_day: tuple[int, int]) -> date:
    """The day in a year; 29 February is the last day of its month in any."""
    month, day = month_day
    return min(date(year, month, 1) + timedelta(day - 1), _month_end(year, month))


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)

"""Months, quarters and years that a sentence names: "in January", "this quarter", "its 2025 gain".

They say what a move is measured over, as surely as two days do. "In late January", "since January"
and "over the past year" name other stretches, or none that could be told, and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from qa.checking.numerals import found_after
from qa.domain import Window

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_YEAR = r"(?:19|20)\d\d"
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_MOVE = (
    r"(?:gain|return|rally|advance|rise|loss|decline|drop|fall|performance|move|lead|volatility)"
)
# What would make it a part of something longer, or another stretch: "in January and February".
_GOES_ON = rf"(?! ?(?:and|or|to|through|until|-|–|/|,) ?(?:{_MONTH.format('x')}|q[1-4]|{_YEAR}))"
_NAMED = (
    r"(?:(?<![\w-])(?:in|during|for|over|throughout)(?: the)?(?: whole| full)?(?: month| year)?"
    r"(?: of)? (?:"
    rf"{_MONTH.format('m')}(?:(?: of)?,? (?P<my>{_YEAR})(?![\d-]))?(?! \d)"
    rf"|(?P<n>first|second|third|fourth|1st|2nd|3rd|4th|(?:q(?=[1-4]))) ?-?(?:quarter|(?P<q>[1-4]))"
    rf"(?:,? (?:of )?(?P<qy>{_YEAR}))?|(?P<y>{_YEAR})(?![\d-]|'s|’s| (?:q[1-4]|quarter)))"
    rf"{_GOES_ON}"
    rf"|(?<![\w-])(?:{_MONTH.format('am')}|(?P<ay>{_YEAR}))(?:'s|’s)? {_MOVE}\b"
    r"|(?<![\w-])(?P<which>this|last|previous) (?P<unit>week|month|quarter|year)(?!['’]s|-)"
    r"|(?<![\w-])(?P<so_far>(?:year|month|quarter)-? ?to-? ?date|ytd|mtd|qtd"
    r"|so far this (?:week|month|quarter|year)|(?:for|on) the year)\b)"
)
_BEFORE_NAMED = re.compile(
    r"[^\w-](?=in |du|for |ov|th|la|pr|ye|mo|qu|[ymq]td|so |on |[jfmasond]|[12])"
)
_LATE = 10  # days by which a tape may lag behind
# Before them they name no window of their own: "since last month", "the last year", "by this week".
_NOT_A_WINDOW = re.compile(
    r"\b(?:the|since|from|until|till|by|to|than|before|after|as of|late|early) $"
)
# "The rally that began in November".
_AN_EVENT = re.compile(r"\b(?:began|beg[iu]n|begins|started|starts|ended|peaked|bottomed|cut) $")


class Named(NamedTuple):
    """A stretch of the calendar that words at `start` name.

    It `runs` where it is cut at the day on which they are told.
    """

    start: int
    end: int
    words: str
    first: date
    last: date
    runs: bool


@lru_cache(maxsize=1024)
def named_periods(text: str, low: str, told: date) -> tuple[Named, ...]:
    """The stretches that a text names, seen from the day `told`; `low` is `Layout.low`."""
    return tuple(_read(text, low, told))


def _read(text: str, low: str, told: date) -> Iterator[Named]:
    for found in found_after(_BEFORE_NAMED, _NAMED, low):
        at = found.start()
        if found["which"] and _NOT_A_WINDOW.search(low, max(0, at - 8), at):
            continue
        if _AN_EVENT.search(low, max(0, at - 10), at):
            continue
        named = "m" if found["m"] else "am" if found["am"] else ""
        if named and not text[found.start(named)].isupper():
            continue  # "may" and "march" are verbs
        first, last = _days(found, told)
        runs = first <= told <= last
        yield Named(at, found.end(), found.group().strip(), first, told if runs else last, runs)


def _days(found: re.Match[str], told: date) -> tuple[date, date]:
    """The first and the last day; a month or quarter without a year is the latest begun."""
    if month := found["m"] or found["am"]:
        number = _MONTHS.index(month[:3]) + 1
        stated = int(found["my"] or 0)
        return _months(stated or told.year - (number > told.month), number, 1)
    if found["n"]:
        quarter = int(found["q"] or 0) or _NTH[found["n"]]
        stated, begins = int(found["qy"] or 0), 3 * quarter - 2
        return _months(stated or told.year - (begins > told.month), begins, 3)
    if year := found["y"] or found["ay"]:
        return _months(int(year), 1, 12)
    return _counted(found, told)


def _counted(found: re.Match[str], told: date) -> tuple[date, date]:
    """The week, month, quarter or year that is running, or the last before it."""
    unit = found["unit"] or next(
        unit
        for unit, stems in (("week", "k"), ("month", "m"), ("quarter", "q"), ("year", "y"))
        if any(stem in found["so_far"] for stem in stems)
    )
    back = found["which"] in ("last", "previous")
    if unit == "week":
        monday = told - timedelta(days=told.weekday() + 7 * back)
        return monday, monday + timedelta(days=6)
    length = {"month": 1, "quarter": 3, "year": 12}[unit]
    begun = told.month - (told.month - 1) % length
    return _months(told.year, begun - length * back, length)


def _months(year: int, month: int, length: int) -> tuple[date, date]:
    """The first and last day of so many months; months before January are of the year before."""
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    after = first.month - 1 + length
    return first, date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)


def is_of(named: Named, window: Window, basis: str) -> bool:
    """Whether a move over a window is that of a stretch: all of its sessions and no others.

    A move from the close of a session (`basis` "close") begins with the session after. Where the
    stretch runs to the day it is told on, the tape may end a little earlier.
    """
    from qa.market.sessions import FIRST_DAY, last_session, next_session

    if named.first < FIRST_DAY or window.start < FIRST_DAY:
        return True
    begins, ends = next_session(named.first), last_session(named.last)
    first, last = next_session(window.start), last_session(window.end)
    if basis == "close":
        first = next_session(first + timedelta(days=1))
    late = timedelta(days=_LATE if named.runs else 0)
    return first == begins and ends - late <= last <= ends

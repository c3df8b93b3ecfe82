"""The periods that the dates in a question span: "from March 2020 to June 2021", "in 1995"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from qa.checking.figures import Stated, find_dates
from qa.market.instruments import mask

MONTHS = (
    "january february march april may june july august september october november december"
).split()
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_YEARS = re.compile(r"((?:19|20)\d{2})\s?[-–—/]\s?((?:19|20)?\d{2})$")
_DECADE = re.compile(r"((?:19|20)\d0)s$")
_QUARTER = re.compile(
    r"\bq([1-4])|([1-4])q|(first|second|third|fourth|[1-4](?:st|nd|rd|th)) quarter"
)
_HALF = re.compile(r"\bh([12])|([12])h|(first|second|1st|2nd) half")
_TO = re.compile(
    r"\s*(?:,|\)|high|low|peak|trough|close)?\s*(?:to|through|thru|until|till|and|-|–|—)\s*"
    r"(?:(?:its|the|a)\s+)?(?:(?:close|closing level|that|high|low|end|start|beginning)\s+"
    r"(?:on|of|in)\s+)?(?:the\s+)?(?:\w+day,?\s+)?",
    re.I,
)
_SINCE = re.compile(r"\b(?:since|from|starting|beginning)\b[^,.;]{0,30}$", re.I)
_END_OF = re.compile(
    r"\b(?:end(?:ed|s)?|finish(?:ed)?)\s+(?:of\s+)?(?:the\s+)?(?:year\s+)?$|\byear-?end $"
    r"|\blast (?:clos\w+|session|trading day|day) (?:of|in)\s+$",
    re.I,
)
_WHEN = re.compile(r"\b(?:when|as|by the time)\s+$", re.I)
_ENDED = re.compile(r"\s+(?:ended|closed|was over|came to an end|finished)\b", re.I)
_SHORT_YEAR = re.compile(r"(?:[qh]\d|\d[qh]).?'?(\d{2})$")
_LEVEL = re.compile(
    r"\b(?:below|above|at|under|near|past|level of|reach(?:es)?"
    r"|(?:rise|fall|drop|climb|get|go|back)s? to)\s+$",
    re.I,
)
_AFTER = re.compile(
    r"\b(?:(?:(?P<n>\d{1,3}|one|two|three|four|five|six)\s+)?(?P<unit>day|session|week|month|quarter"
    r"|year)s?\s+)?(?:right |just |immediately )?(?:after|following)\s+(?:the close (?:of|on)\s+)?"
    r"(?:\w+day,?\s+)?$",
    re.I,
)
_WEEK_OF = re.compile(
    r"\bweek (?P<how>of|beginning|starting|ending|ended|to)\s+(?:\w+day,?\s+)?$", re.I
)
NUMBERS = {
    word: n
    for n, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
}


@dataclass(frozen=True)
class Span:
    """The first and the last day that a date in words covers, and where it stands in the text."""

    first: date
    last: date
    start: int
    end: int
    precision: str
    year_stated: bool = True


def spans(text: str, as_of: date) -> list[Span]:
    """Every date of a text as the days it covers, in order; what has no place is left out.

    Without a year it is the last such day, quarter or half that has begun by `as_of`.
    """
    plain = mask(text)  # the 2000 of an index is no year
    found = (_span(s, plain, as_of) for s in find_dates(plain, year_hint=as_of.year))
    return sorted((s for s in found if s), key=lambda s: s.start)


def stated_window(text: str, as_of: date) -> tuple[date, date] | None:
    """The window that months, quarters, years and days in words make; None for one day or none.

    The end is not cut at `as_of`: a window may begin after it.
    """
    held = spans(text, as_of)
    for span in held:
        if window := _relative(span, text):
            return window
    for first, second in pairwise(held):
        between = text[first.end : second.start]
        if _TO.fullmatch(between) and first.first <= second.last:
            return first.first, second.last
    days = [span for span in held if span.precision == "day"]
    if not held or (days and held[0].precision != "day"):
        return None
    only = _narrowest(held)
    before = text[: only.start]
    if _SINCE.search(before):
        ended = _END_OF.search(before) and only.precision != "day"
        return (only.last + timedelta(1) if ended else only.first), as_of
    if only.precision == "day" or _END_OF.search(before):
        return None
    return only.first, only.last


def _narrowest(held: Sequence[Span]) -> Span:
    """The first span, or the part of it that is named after it: "late 2018, ... Q4 of 2018"."""
    whole = held[0]
    inside = [s for s in held if whole.first <= s.first and s.last <= whole.last]
    return min(inside, key=lambda s: s.last - s.first)


def stated_end(text: str, as_of: date) -> date | None:
    """The last day of a month, quarter or year whose end is asked about; None without one."""
    for span in spans(text, as_of):
        before = text[: span.start]
        ended = _END_OF.search(before) or (
            _WHEN.search(before) and _ENDED.match(text[span.end :])  # "when 2025 ended"
        )
        if span.precision != "day" and ended and not _SINCE.search(before):
            return min(span.last, as_of)
    return None


def _relative(span: Span, text: str) -> tuple[date, date] | None:
    """The window of a date with a word before it: "the week after March 6", "week ended May 2"."""
    before = text[: span.start]
    if span.precision == "day" and (match := _WEEK_OF.search(before)):
        monday = span.first - timedelta(days=span.first.weekday())
        ends = match["how"].lower() in ("ending", "ended", "to")
        return monday, span.first if ends else monday + timedelta(6)
    match = _AFTER.search(before)
    if match is None:
        return None
    begins = span.last + timedelta(1)
    if match["unit"] is None:
        return begins, date.max
    return begins, stepped(span.last, in_figures(match["n"], 1), match["unit"].lower())


def in_figures(said: str | None, otherwise: int) -> int:
    """A number in digits or words, "3" or "three"; `otherwise` where none was said."""
    if said and said.isdigit():
        return int(said)
    return NUMBERS.get((said or "").lower(), otherwise)


def stepped(day: date, n: int, unit: str) -> date:
    """The day `n` units after another, or before it for weeks and longer; days are sessions."""
    if unit in ("day", "session"):
        from qa.market.sessions import next_session

        for _ in range(n):
            day = next_session(day + timedelta(1))
        return day
    steps = {"week": relativedelta(weeks=n), "month": relativedelta(months=n)}
    steps |= {"quarter": relativedelta(months=3 * n), "year": relativedelta(years=n)}
    return day + steps[unit]


def _span(stated: Stated, text: str, as_of: date) -> Span | None:
    start, end = stated.span
    low = text[start:end].lower()
    if stated.precision == "day":
        return _day(stated, as_of)
    months = _in_words(low, stated.precision, as_of)
    if months is None or (stated.precision == "year" and _is_level(low, text, start, as_of)):
        return None
    first, count = months
    last = first + relativedelta(months=count, days=-1)
    return Span(first, last, start, end, stated.precision or "", stated.year_stated)


def _day(stated: Stated, as_of: date) -> Span | None:
    if stated.day is None:
        return None
    day = past(stated.day, as_of, stated.year_stated)
    return Span(day, day, *stated.span, "day", stated.year_stated)


def past(day: date, as_of: date, year_stated: bool) -> date:
    """A day whose year was not stated is the last such day."""
    if year_stated or day <= as_of:
        return day
    return day - relativedelta(years=1)


def _is_level(low: str, text: str, start: int, as_of: date) -> bool:
    """Whether four digits alone are no year: "below 2000", or a year that is yet to come."""
    if not low.strip().isdigit():
        return False
    return bool(_LEVEL.search(text[:start])) or int(low) > as_of.year + 1


def _in_words(low: str, precision: str | None, as_of: date) -> tuple[date, int] | None:
    """The first day and the number of months of a month, quarter, half or year."""
    years = [int(y) for y in _YEAR.findall(low)]
    if not years and (short := _SHORT_YEAR.search(low)):
        years = [2000 + int(short[1])]
    if precision == "month":
        return _month(low, years)
    if precision == "quarter" and (match := _QUARTER.search(low)):
        q = _count(match)
        return _in_year(3 * q - 2, years, as_of), 3
    if match := _HALF.search(low):
        return _in_year(6 * _count(match) - 5, years, as_of), 6
    if match := _DECADE.search(low):
        return date(int(match[1]), 1, 1), 120
    if match := _YEARS.search(low):
        last = int(match[2]) if len(match[2]) == 4 else int(match[1][:2] + match[2])
        return (date(int(match[1]), 1, 1), 12 * (last - int(match[1]) + 1)) if last else None
    return (date(years[0], 1, 1), 12) if years else None


def _month(low: str, years: list[int]) -> tuple[date, int] | None:
    number = next((i for i, m in enumerate(MONTHS, start=1) if low.startswith(m[:3])), None)
    if number is None or not years:
        return None
    return date(years[0], number, 1), 1


def _count(match: re.Match[str]) -> int:
    said = next(g for g in match.groups() if g)
    return _ORDINALS.get(said) or int(said[0])


def _in_year(month: int, years: list[int], as_of: date) -> date:
    """The first of a month in the year named, or the last such day that has come."""
    first = date(years[0] if years else as_of.year, month, 1)
    return first - relativedelta(years=1) if not years and first > as_of else first

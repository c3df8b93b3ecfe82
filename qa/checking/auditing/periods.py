"""Stretches of time as commentary means them, seen from its day of publication.

Where words leave two readings ("last week", written on a Sunday), there are several periods, the
likeliest first. Nothing here needs prices: days are laid on sessions in readings.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

Kind = Literal["day", "calendar", "between", "extreme", "trailing", "swing"]
Side = Literal["", "low", "high"]


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included.

    `kind` says what a move over it is measured from: the close before it (day, calendar), the
    close of its first day (between), the lowest or highest price in it (extreme: the move then
    runs to publication), or the close so many units before its end (trailing). A swing runs from
    the extreme of its days to the opposite one of the days `until`. `running`: it ends at
    publication, so the last complete session counts.
    """

    kind: Kind
    start: date
    end: date
    words: str
    running: bool = False
    unit: str = ""
    count: int = 1
    side: Side = ""
    record: bool = False  # the extreme of everything held, not of a stretch
    exact: bool = True  # the words name the days themselves
    told: date | None = None  # of an extreme: the day that the move runs to
    until: tuple[date, date] | None = None  # of a swing: the days of its second extreme

    def as_of(self, day: date) -> Period:
        """The same period told as of an earlier day."""
        if self.kind == "extreme":
            return replace(self, told=day)
        if not self.running or not self.start <= day <= self.end:
            return self
        moved = self.start - (self.end - day) if self.kind == "trailing" else self.start
        return replace(self, start=moved, end=day, running=False)


def one_day(day: date) -> Period:
    """A single day."""
    return Period("day", day, day, str(day), unit="day")


def calendar(start: date, end: date, words: str, published: date, unit: str) -> Period:
    """A stretch of the calendar, cut at publication."""
    return Period("calendar", start, min(end, published), words, end >= published, unit)


def month_days(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    first = date(year, month, 1)
    return first, first + relativedelta(months=1, days=-1)


def week(published: date, back: int = 0) -> Period:
    """The week of publication, Monday to Sunday, or the one so many weeks before."""
    monday = published - timedelta(days=published.weekday() + 7 * back)
    words = f"the week of {monday}"
    return calendar(monday, monday + timedelta(days=6), words, published, "week")


def month(published: date, back: int = 0) -> Period:
    """The month of publication, or the one so many months before."""
    day = published - relativedelta(months=back)
    first, last = month_days(day.year, day.month)
    return calendar(first, last, f"{first:%B %Y}", published, "month")


def quarter(published: date, year: int, number: int) -> Period:
    """A quarter of a year."""
    start = date(year, 3 * number - 2, 1)
    end = start + relativedelta(months=3, days=-1)
    return calendar(
        start, end, f"the {_ORDINALS[number - 1]} quarter of {year}", published, "quarter"
    )


def quarter_back(published: date, back: int = 0) -> Period:
    """The quarter of publication, or the one so many quarters before."""
    day = published.replace(day=1) - relativedelta(months=3 * back)
    return quarter(published, day.year, (day.month + 2) // 3)


def year(published: date, number: int) -> Period:
    """A calendar year."""
    return calendar(date(number, 1, 1), date(number, 12, 31), str(number), published, "year")


def trailing(published: date, n: int, unit: str) -> Period:
    """So many units back from publication; sessions are counted on the tape."""
    words = f"the {n} {unit}s to publication" if n > 1 else f"the {unit} to publication"
    if unit == "session":
        start = published - timedelta(days=n)
        return Period("trailing", start, published, words, True, "session", n)
    months = {"month": n, "quarter": 3 * n, "year": 12 * n, "decade": 120 * n}.get(unit)
    back = relativedelta(weeks=n) if months is None else relativedelta(months=months)
    return Period("trailing", published - back, published, words, True, unit, n, exact=False)


def earlier(period: Period) -> Period | None:
    """The period of the same kind right before a calendar one: July before August."""
    steps = {"week": relativedelta(weeks=1), "month": relativedelta(months=1)}
    steps |= {"quarter": relativedelta(months=3), "year": relativedelta(years=1)}
    step = steps.get(period.unit)
    if period.kind != "calendar" or step is None:
        return None
    start, end = period.start - step, period.start - timedelta(days=1)
    return replace(period, start=start, end=end, running=False, words=f"{start} to {end}")


_ORDINALS = ("first", "second", "third", "fourth")

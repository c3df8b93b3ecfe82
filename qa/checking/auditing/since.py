"""Since when: the days that "since April 2022" or "in two years" name, and whether they hold."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from qa.checking.auditing.agreement import Reading
from qa.checking.auditing.dating import number
from qa.checking.auditing.periods import Period, month_days
from qa.checking.auditing.published import PublishedClaim
from qa.errors import NotAvailable, NotEnoughHistory

_EVER = 20  # years of prices, with fewer of which nothing is called the largest ever


def mark_days(mark: Period) -> tuple[date, date]:
    """The days that "since 2021", "since January 2019" or "since October 31" name."""
    if mark.kind == "between" and mark.unit != "since":
        return mark.start, mark.start
    if mark.kind == "calendar" and mark.unit != "since":  # "since the crash of 1987"
        return mark.start, mark.end
    if re.fullmatch(r"since \d{4}", mark.words):
        return date(mark.start.year, 1, 1), date(mark.start.year, 12, 31)
    return month_days(mark.start.year, mark.start.month)


def since_reading(claim: PublishedClaim, last: date | None, words: str) -> Reading:
    """Whether the last such occasion fell on the days that the claim names."""
    assert claim.mark is not None
    first, end = mark_days(claim.mark.periods[0])
    if last is None:
        return Reading(f"{words}: nothing as large before", "none held", True, standard=False)
    told = f"{words}: {last}"
    if last < first:
        return Reading(f"{told}, earlier than it is said to be", str(last), True, False, last)
    return Reading(told, str(last), first <= last <= end, day=last)


def limit_of(span: str, day: date, first: date) -> date:
    """The day so long before: "a decade", "decades" (twenty years), "months" (two), "ever"."""
    if span == "ever":
        if (day - first).days < 365 * _EVER:
            raise NotEnoughHistory(f"prices from {first} are too few to say what ever was")
        return first
    found = re.fullmatch(r"(?:(\S+) )?(year|month|week|decade)s?", span.strip())
    if found is None:
        raise NotAvailable(f"the words leave open how long {span!r} is")
    bare = {"year": 2, "month": 2, "week": 2, "decade": 2}
    n = number(found[1]) if found[1] not in (None, "a", "an") else 1 if found[1] else bare[found[2]]
    back = {"year": 12, "month": 1, "decade": 120}.get(found[2])
    return day - (timedelta(weeks=n) if back is None else relativedelta(months=back * n))

"""What weekdays and weeks mean in a text: on Friday, before Friday, the week ended Thursday."""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.checking.auditing import periods
from qa.checking.auditing.dating import WEEKDAYS, Days
from qa.checking.auditing.periods import Period, calendar, one_day


def ended_weekday(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The week ended Friday, the week to Thursday."""
    found = []
    for period in on_weekday(match, published, days):
        week = periods.week(period.start)
        found.append(calendar(week.start, period.end, week.words, published, "week"))
    return tuple(found)


def days_of_week(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The week of January 12-16: measured from the close before."""
    first, last = days[match.end("d")], days[match.end("d2")]
    if last < first:
        return ()
    return (calendar(first, last, f"{first} to {last}", published, "week"),)


def weekday_range(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """From Monday to Friday: from the close before, or that of Monday; Friday to Friday."""
    back = (published.weekday() - WEEKDAYS.index(match["w2"])) % 7
    last = published - timedelta(days=back)
    gap = (last.weekday() - WEEKDAYS.index(match["w"])) % 7 or 7
    first = last - timedelta(days=gap)
    words = f"{first} to {last}"
    stretch = Period("between", first, last, words)
    return (stretch,) if gap == 7 else (calendar(first, last, words, published, "week"), stretch)


def on_weekday(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Friday is the last Friday; on a Friday it may be that day or the one a week before."""
    back = (published.weekday() - WEEKDAYS.index(match["w"])) % 7
    latest = published - timedelta(days=back)
    both = (one_day(latest), one_day(latest - timedelta(days=7)))
    if match["last"] in ("last", "previous", "prior"):
        return both if back else both[::-1]
    return both[:1] if back else both


def since_weekday(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Below Friday's close: counted from it, where there was a session since."""
    from qa.market.sessions import last_session

    return tuple(
        Period("between", day.start, published, f"since {day.start}", running=True)
        for day in on_weekday(match, published, days)
        if last_session(published) > day.start
    )


def before_weekday(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Before Friday, going into Friday: the session before it."""
    from qa.market.sessions import last_session

    day = on_weekday(match, published, days)[0].start
    return (one_day(last_session(day - timedelta(days=1))),)


def first_full_week(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The first full week of 2026: the first that has a session on each of its five days."""
    from qa.market.sessions import is_session

    year = int(match["fy"]) if match["fy"] else published.year
    monday = date(year, 1, 1) + timedelta(days=-date(year, 1, 1).weekday() % 7)
    if not all(is_session(monday + timedelta(days=n)) for n in range(5)):
        monday += timedelta(weeks=1)
    return (calendar(monday, monday + timedelta(days=6), match.group(), published, "week"),)


def told_unit(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """It was a split week: that of publication, or the one before it early in a week or month."""
    early = {"week": published.weekday() + 1, "month": published.day / 4.3}
    early["quarter"] = early["month"] / 3 + (published.month - 1) % 3 * 2.3
    far = early[match["unit"]]
    of = {"week": periods.week, "month": periods.month, "quarter": periods.quarter_back}
    backs = (0,) if far > 5 else (0, 1) if far > 3 else (1,)
    return tuple(of[match["unit"]](published, back) for back in backs)


def day_after(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The day after the election: the session after it."""
    from qa.market.sessions import next_session

    day = next_session(days[match.end("d")] + timedelta(days=1))
    return (one_day(day),) if day <= published else ()


def this_week(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The holiday-shortened week: that of publication, or the one before it early in a week."""
    weeks = (periods.week(published), periods.week(published, 1))
    return weeks[:1] if published.weekday() > 4 else weeks if published.weekday() > 1 else weeks[1:]


def week_of_day(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Thanksgiving week: the one that holds the day."""
    day = days[match.end("d")]
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    return (calendar(monday, sunday, f"the week of {monday}", published, "week"),)

"""Times told by how far a year or a month has come: two weeks in, just ended, entering February."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from qa.checking.auditing import periods
from qa.checking.auditing.dating import LOW, MONTHS, Days, number
from qa.checking.auditing.periods import Period, Side, calendar, month_days, one_day

_JUST = 3  # days before its end from which a period may be called over
_OFF_BY = {"session": 6, "day": 6, "week": 9, "month": 20, "quarter": 30}  # days, see `into`
_LONG = {"session": 1.4, "day": 1.4, "week": 7.0, "month": 30.4, "quarter": 91.0}


def into(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Two weeks in, 13 sessions into the year: what began about so long ago runs still."""
    unit = match["unit"].rstrip("s").split()[-1]
    length = number(match["n"]) * _LONG[unit]
    of = match["of"] or "year"
    running = {
        "year": periods.year(published, published.year),
        "quarter": periods.quarter_back(published),
        "month": periods.month(published),
    }
    period = running.get(of) or (
        periods.year(published, int(of))
        if of.isdigit()
        else periods.month(published, (published.month - _month(of)) % 12)
    )
    since = (published - period.start).days
    return (period,) if abs(since - length) <= _OFF_BY[unit] else ()


def _month(name: str) -> int:
    return MONTHS.index(name[:3]) + 1


def just_ended(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The quarter just ended: the last that is over, or is about to be."""
    unit = match["ju"]
    soon = published + timedelta(days=_JUST)
    if unit == "quarter":
        back = int(periods.quarter_back(soon).start == periods.quarter_back(published).start)
        return (periods.quarter_back(published, back),)
    if unit == "month":
        return (periods.month(published, int(soon.month == published.month)),)
    if unit == "week":
        return (periods.week(published, int(published.weekday() < 4)),)
    return (periods.year(published, published.year - int(soon.year == published.year)),)


def entering(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Entering February, heading into 2026: the last session before it."""
    from qa.market.sessions import last_session

    name = match["m"]
    if name:
        year = published.year - (_month(name) > published.month + 1)
        first = date(year, _month(name), 1)
    elif match["ey"]:
        first = date(int(match["ey"]), 1, 1)
    else:
        first = date(published.year + (published.month == 12), 1, 1)
    day = last_session(first - timedelta(days=1))
    return (one_day(day),) if day <= published else ()


def swing(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """From its February peak to its March low: the one extreme over the other."""
    sides: list[Side] = [
        "low" if re.fullmatch(LOW, match[g]) else "high" for g in ("side", "side2")
    ]
    first, second = (_extreme_days(match, n, published, days) for n in ("", "2"))
    if sides[0] == sides[1]:
        return ()
    if first[0] > second[0]:  # the months bear no year: "from its December low to its January high"
        first = (first[0] - relativedelta(years=1), first[1] - relativedelta(years=1))
    words = f"the {sides[0]} of {first[0]} to the {sides[1]} of {second[0]}"
    return (Period("swing", *first, words, side=sides[0], until=second),)


def _extreme_days(match: re.Match[str], n: str, published: date, days: Days) -> tuple[date, date]:
    """The days on which an end of a swing is sought: a day, or a month."""
    if match[f"d{n}"]:
        day = days[match.end(f"d{n}")]
        return day, day
    year = match[f"y{n}"] or match["y2"]
    at = _month(match[f"m{n}"])
    return month_days(int(year) if year else published.year - (at > published.month), at)


def extreme_to_weekday(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """From the March 2000 peak to Wednesday's close."""
    from qa.checking.auditing.weekdays import on_weekday

    side: Side = "low" if re.fullmatch(LOW, match["side"]) else "high"
    if match["yy"]:
        first, last = date(int(match["yy"]), 1, 1), date(int(match["yy"]), 12, 31)
    else:
        at = _month(match["m"])
        first, last = month_days(int(match["y"] or published.year - (at > published.month)), at)
    words = f"the {side} of {first} to {last}"
    return tuple(
        Period("extreme", first, last, words, True, "", 1, side, told=day.start)
        for day in on_weekday(match, published, days)
    )


def own_record(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """A record of one, and the other short of its own: the highest close of all held."""
    begin = published - relativedelta(years=1)
    return (Period("extreme", begin, published, "the record", True, "", 1, "high", True),)


def half(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The first half, the second half: of the year that runs, or of the last that had one."""
    second = match["edge"] == "second"
    begun = published.month > (6 if second else 0)
    early = published.month < 6 and not second  # "the first half", told in March: which isn't said
    years = [published.year] if begun and not early else [published.year - 1]
    years += [published.year] if early else []
    starts = [date(year, 7 if second else 1, 1) for year in years]
    return tuple(
        calendar(s, s + relativedelta(months=6, days=-1), match.group().strip(), published, "half")
        for s in starts
    )


def together(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """November and December together: with the first, to the end of the second."""
    first, last = _month(match["m"]), _month(match["m2"])
    year = int(match["y"] or published.year - (last > published.month))
    start, end = date(year - (first > last), first, 1), month_days(year, last)[1]
    return (calendar(start, end, match.group(), published, "months"),)


def single(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """An 18% rally, the best single-week showing in years: that of the week told of."""
    return {
        "week": (periods.week(published), periods.week(published, 1)),
        "month": (periods.month(published), periods.month(published, 1)),
        "quarter": (periods.quarter_back(published), periods.quarter_back(published, 1)),
    }[match["su"]]


def so_long_ago(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Five sessions erased 16%: counted back from the last."""
    unit = match["unit"].rstrip("s").split()[-1]
    unit = "session" if unit == "day" else unit
    return (periods.trailing(published, number(match["n"]), unit),)


def since_start(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Since the start of December: from the close before it, or as its first day opened."""
    if match["m"]:
        year = int(match["y"] or published.year - (_month(match["m"]) > published.month))
        start = date(year, _month(match["m"]), 1)
    elif match["sy"]:
        start = date(int(match["sy"]), 1, 1)
    else:
        quarter = periods.quarter_back(published).start
        start = {"quarter": quarter, "month": published.replace(day=1)}[match["su"]]
    if start > published:
        return ()
    whole = Period("calendar", start, published, f"since {start}", True, "begun")
    return (whole,)


def decade(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The 2010s: from the close before their first day."""
    first = int(match["dy"])
    if first + 9 > published.year:
        return ()
    return (
        calendar(date(first, 1, 1), date(first + 9, 12, 31), match.group(), published, "years"),
    )


def span_of_years(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The past two calendar years: whole ones, the last that are over."""
    n = number(match["n"])
    over = published.year - int((published.month, published.day) < (12, 29))
    start = date(over - n + 1, 1, 1)
    period = calendar(start, date(over, 12, 31), match.group(), published, "years")
    return (replace(period, count=n),)

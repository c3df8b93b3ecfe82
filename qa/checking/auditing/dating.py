"""What a phrase for a time means: the periods that its match stands for, likeliest first.

Each builder takes the match of its phrase, the day of publication, and the days that the sentence
names, by where their stand-in characters end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from qa.checking.auditing import periods
from qa.checking.auditing.periods import Period, Side, calendar, month_days, one_day
from qa.checking.numerals import SMALL_WORDS

DAY = "\x11"  # stands in for each character of a day
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Days = Mapping[int, date]
Builder = Callable[["re.Match[str]", date, Days], "tuple[Period, ...]"]
LOW = r"lows?|bottom|trough|nadir"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def number(text: str | None) -> int:
    """A count in digits or words; 1 where there is none."""
    if text and text.isdigit():
        return int(text)
    return SMALL_WORDS.get(text or "", 1)


def _named_month(match: re.Match[str], published: date) -> tuple[date, date]:
    """The days of the month named, or of its early, middle or late part; the latest such one."""
    at = MONTHS.index(match["m"][:3]) + 1
    year = int(match["y"]) if match["y"] else published.year - (at > published.month)
    first, last = month_days(year, at)
    part = match["part"]
    if part == "early":
        return first, first + timedelta(days=10)
    if part == "mid":
        return first + timedelta(days=7), first + timedelta(days=22)
    return (first + timedelta(days=18) if part == "late" else first), last


def vague(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """In the opening days of 2026, over the past few weeks: no days that could be counted."""
    return ()


def extreme_to_day(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Between its November 20 low and its January 22 high."""
    first, last = days[match.end("d")], days[match.end("d2")]
    side: Side = "low" if re.fullmatch(LOW, match["side"]) else "high"
    words = f"the {side} of {first}"
    return (Period("extreme", first, first, words, True, "", 1, side, told=last),)


def since_event(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Since hitting a low on April 8, since bottoming in October."""
    words = match.group()
    side: Side = "low" if re.search("low|bottom|trough|nadir|fall|drop", words) else "high"
    if match["d"]:
        first = last = days[match.end("d")]
    else:
        first, last = _named_month(match, published)
    return (Period("extreme", first, last, f"the {side} in {first} to {last}", True, "", 1, side),)


def between(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """From December 1 through January 23; "on December 1 and January 23" are two days."""
    first, last = days[match.end("d")], days[match.end("d2")]
    if match["and"] and not match["how"]:
        return (one_day(first), one_day(last))
    if last < first:
        return ()
    return (Period("between", first, min(last, published), f"{first} to {last}"),)


def ended_on(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The week ended January 16, the three months to September 30."""
    day, unit = days[match.end("d")], match["unit"]
    if unit == "week" and not match["n"]:
        friday = day if day.weekday() < 5 else periods.week(day).start + timedelta(days=4)
        start = periods.week(day).start
        end = start + timedelta(days=6) if " of " in match.group() else friday
        return (replace(calendar(start, end, f"the week of {start}", published, "week")),)
    whole = periods.trailing(day, number(match["n"]), unit)
    if unit != "week" and _is_last_session(day):
        months = number(match["n"]) * {"month": 1, "quarter": 3, "year": 12}[unit]
        last = month_days(day.year, day.month)[1]
        start = last + timedelta(days=1) - relativedelta(months=months)
        return (calendar(start, last, f"{start} to {last}", max(published, last), "months"),)
    begun = {"month": periods.month(day), "quarter": periods.quarter_back(day)}
    begun["year"] = periods.year(day, day.year)
    so_far = begun.get(unit)
    meant = [whole] if match["n"] or so_far is None else [whole, so_far]
    return tuple(replace(period, running=False) for period in meant)


def _is_last_session(day: date) -> bool:
    """Whether a day is the last session of its month: what ends with it are whole months."""
    from qa.market.sessions import last_session

    return last_session(month_days(day.year, day.month)[1]) == day


def year_end(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The end of a year that is over: "to year-end", told in January."""
    year = int(match["fy"] or match["fz"] or published.year - 1)
    return (one_day(date(year, 12, 31)),)


def since_day(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Since August 1, from the November 25 close."""
    day = days[match.end("d")]
    return (Period("between", day, published, f"since {day}", running=True),)


def on_day(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """On January 22."""
    return (one_day(days[match.end("d")]),)


def today(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The day of publication or, where the market was closed, the last session."""
    from qa.market.sessions import last_session

    return (one_day(last_session(published)),)


def yesterday(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The session before the day of publication."""
    from qa.market.sessions import last_session

    return (one_day(last_session(published - timedelta(days=1))),)


def on_the_day(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The last session, which may be that of the day of publication or the one before it."""
    from qa.market.sessions import last_session

    latest = last_session(published)
    before = one_day(last_session(latest - timedelta(days=1)))
    return (one_day(latest), before) if latest == published else (one_day(latest),)


def first_session(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The first session of a year; without a year, of the one that has just begun."""
    from qa.market.sessions import next_session

    if not match["fy"] and "year" not in match.group() and published.timetuple().tm_yday > 12:
        return ()
    return (one_day(next_session(date(int(match["fy"] or published.year), 1, 1))),)


def same_window(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Over the same window: that of the figure before."""
    return ()


def from_extreme(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Since its April low, below the record high: measured from the extreme of a stretch."""
    groups = match.groupdict()
    side: Side = "low" if re.fullmatch(LOW, match["side"]) else "high"
    words, record, exact = match.group(), False, True
    if groups.get("d"):
        day = days[match.end("d")]
        begin, end = day, day
    elif groups.get("m"):
        begin, end = _named_month(match, published)
    elif groups.get("yy"):
        begin, end = date(int(match["yy"]), 1, 1), date(int(match["yy"]), 12, 31)
    elif "year's" in words:
        begin, end = date(published.year, 1, 1), published
    else:
        begin, end = published - relativedelta(years=1), published
        record = side == "high" and bool(re.search("record|all-time", words))
        exact = record or bool(re.search("52-week|one-year|12-month", words))
    name = re.sub(r"^[a-z]+ (?:of )?(?:its |the |their |that |this |an? )?", "", words)
    name = f"the {name.replace(DAY, '').strip()}"
    return (Period("extreme", begin, end, name, True, "", 1, side, record, exact),)


def to_date(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Year, quarter, month or week to date; early in one, the one before may be meant."""
    loose = not re.search("to[ -]date|td|so far|start|beginning|turn|since", match.group())
    if match.lastgroup == "ytd":
        year = periods.year(published, published.year)
        early = loose and published.timetuple().tm_yday < 12
        before = periods.year(published, published.year - 1)
        over = "this" not in match.group()  # "for the year", told when it has just ended
        return ((before, year) if over else (year, before)) if early else (year,)
    if match.lastgroup == "qtd":
        early = loose and published.month % 3 == 1 and published.day < 12
        return tuple(periods.quarter_back(published, back) for back in range(1 + early))
    if match.lastgroup == "mtd":
        return tuple(periods.month(published, b) for b in range(1 + (loose and published.day < 8)))
    weekend = published.weekday() > 4 or not loose
    return tuple(periods.week(published, back) for back in range(1 if weekend else 2))


def last_one(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Last week, month, quarter or year: the calendar one; "the last month" may be trailing."""
    unit, weekend = match["lu"], published.weekday() > 4
    if unit == "week":
        backs = (0, 1) if weekend and match["lw"] in ("last", "past") else (1,)
        weeks = tuple(periods.week(published, back) for back in backs)
        if match["lw"] != "past":
            return weeks
        return (periods.trailing(published, 1, "week"), periods.week(published), *weeks)
    whole = {
        "month": periods.month(published, 1),
        "quarter": periods.quarter_back(published, 1),
        "year": periods.year(published, published.year - 1),
    }[unit]
    spoken_of_now = match["the"] or match["lw"] == "past"
    return (periods.trailing(published, 1, unit), whole) if spoken_of_now else (whole,)


def one_before(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The week before, a month earlier: seen from the one that is spoken of."""
    unit = match["lu"]
    if unit == "week":
        backs = (1,) if published.weekday() > 3 else (1, 2)
        return tuple(periods.week(published, back) for back in backs)
    if unit == "month":
        whole = (periods.month(published, 1), periods.month(published, 2))
        return (*whole, periods.trailing(published, 1, unit))
    if unit == "quarter":
        return (periods.quarter_back(published, 1), periods.quarter_back(published, 2))
    return (periods.year(published, published.year - 1), periods.trailing(published, 1, unit))


def trailing_span(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Over the past three months, in three weeks, a 12-month gain."""
    unit, n = match["unit"].rstrip("s").split()[-1], number(match["n"])
    if unit == "day":
        unit = "session"
    longest = {"session": 300, "week": 60, "month": 60, "quarter": 40, "year": 40, "decade": 3}
    return (periods.trailing(published, n, unit),) if 0 < n <= longest[unit] else ()


def weeks_of_month(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """December's final three weeks, the first two weeks of January."""
    first, last = _named_month(match, published)
    weeks, words = timedelta(weeks=number(match["n"])), match.group()
    if match["edge"] == "first":
        whole = calendar(first, first + weeks - timedelta(days=1), words, published, "weeks")
        if match["n"]:
            return (whole,)
        monday = first - timedelta(days=first.weekday())
        mondays = (monday, monday + timedelta(weeks=1))
        full = [calendar(m, m + timedelta(days=6), words, published, "weeks") for m in mondays]
        return (whole, *full)
    return (calendar(last - weeks + timedelta(days=1), last, words, published, "weeks"),)


def part_of_year(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The first month of the year, the second half of 2025."""
    year = int(match["fy"]) if match["fy"] else published.year
    months = {"month": 1, "quarter": 3, "half": 6}[match["fu"]]
    start = date(year, 1 if match["edge"] == "first" else 1 + months, 1)
    end = start + relativedelta(months=months * number(match["n"]), days=-1)
    return (calendar(start, end, match.group(), published, match["fu"]),)


def named_quarter(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The third quarter, Q4 2025; without a year, the latest such one."""
    word = match["q"]
    at = ("first", "second", "third", "fourth").index(word) + 1 if word.isalpha() else int(word)
    year = published.year - (at > (published.month + 2) // 3)
    return (periods.quarter(published, int(match["qy"] or year), at),)


def ended_month(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The three months through September: whole months, measured from the close before."""
    end = _named_month(match, published)[1]
    months = number(match["n"]) * {"month": 1, "quarter": 3, "year": 12}.get(match["unit"], 0)
    if not months:
        return ()
    start = end + timedelta(days=1) - relativedelta(months=months)
    return (calendar(start, end, match.group(), published, "months"),)


def edge_quarter(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The opening quarter of 2025, the final one."""
    at = 1 if match["edge"] == "opening" else 4
    return (periods.quarter(published, int(match["qy"]), at),)


def month_quarter(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The September quarter: the one that ends with that month."""
    at = (MONTHS.index(match["qm"][:3]) + 1) // 3
    year = published.year - (at > (published.month + 2) // 3)
    return (periods.quarter(published, int(match["qy"] or year), at),)


def half_of_year(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """The first half of 2025, H2 2024."""
    groups = match.groupdict()
    second = groups.get("edge") == "second" or "2" in (groups.get("h"), groups.get("h2"))
    year = int(match["fy"] or published.year)
    start = date(year, 7 if second else 1, 1)
    end = start + relativedelta(months=6, days=-1)
    return (calendar(start, end, match.group(), published, "half"),)


def this_year(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Since the end of last year."""
    return (periods.year(published, published.year),)


def in_month(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """In December, early January; without a year, the latest such one."""
    first, last = _named_month(match, published)
    words = f"{match['part']}-{first:%B %Y}" if match["part"] else f"{first:%B %Y}"
    return (calendar(first, last, words, published, "part" if match["part"] else "month"),)


def month_range(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """From August to October: with the first of the months, or from its end."""
    at, last_at = (MONTHS.index(match[m][:3]) + 1 for m in ("m", "m2"))
    last_year = int(match["y2"] or match["y"] or published.year - (last_at > published.month))
    first_year = int(match["y"] or last_year - (at > last_at))
    start, end = month_days(first_year, at), month_days(last_year, last_at)[1]
    if end <= start[1]:
        return ()
    words = f"{start[0]:%B %Y} to {end:%B %Y}"
    return tuple(
        calendar(day, end, words, published, "part" if match["part"] else "months")
        for day in (start[0], start[1] + timedelta(days=1))
    )


def since_month(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Since August: from the close before it, of its first day, or of its last."""
    first, last = _named_month(match, published)
    whole = Period("calendar", first, published, f"since {first:%B %Y}", True, "since")
    after = replace(whole, start=min(last + timedelta(days=1), published))
    return (whole, replace(whole, kind="between"), after)


def since_year(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """Since 2021: from the close before it, or that of its end."""
    whole = Period(
        "calendar", date(int(match["sy"]), 1, 1), published, f"since {match['sy']}", True, "since"
    )
    return (whole, replace(whole, start=date(int(match["sy"]) + 1, 1, 1)))


def year_range(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """From 2023 to 2025: with the first of the years, or from its end."""
    first = int(match["y1"])
    last = int(match["y2"]) if len(match["y2"]) == 4 else first // 100 * 100 + int(match["y2"])
    if not first < last <= published.year:
        return ()
    end, words = date(last, 12, 31), f"{first} to {last}"
    return tuple(
        calendar(date(y, 1, 1), end, words, published, "years") for y in (first, first + 1)
    )


def in_year(match: re.Match[str], published: date, days: Days) -> tuple[Period, ...]:
    """In 2025."""
    year = int(match["y"])
    return (periods.year(published, year),) if year <= published.year else ()

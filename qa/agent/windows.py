"""The window or the day that a question names, counted from its as-of date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from dateutil.easter import easter
from dateutil.relativedelta import MO, TH, relativedelta

from qa.agent.periods import MONTHS, NUMBERS, in_figures, spans, stated_end, stated_window
from qa.market.instruments import mask

_SINCE = re.compile(r"\bsince\b|\bfrom\b", re.I)
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_DAY_WORD = re.compile(rf"\b(today|tonight|yesterday|{'|'.join(_WEEKDAYS)})\b", re.I)
_DAY_OF_MONTH = re.compile(
    r"\bthe (3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b(?! (?:century|quarter))", re.I
)
_ORDINALS = "first second third fourth".split()
_FEASTS: dict[str, Callable[[int], date]] = {
    "christmas": lambda year: date(year, 12, 25),
    "new year's": lambda year: date(year, 1, 1),
    "independence": lambda year: date(year, 7, 4),
    "thanksgiving": lambda year: date(year, 11, 1) + relativedelta(weekday=TH(4)),
    "martin luther king": lambda year: date(year, 1, 1) + relativedelta(weekday=MO(3)),
    "mlk": lambda year: date(year, 1, 1) + relativedelta(weekday=MO(3)),
    "labor": lambda year: date(year, 9, 1) + relativedelta(weekday=MO(1)),
    "memorial": lambda year: date(year, 5, 31) + relativedelta(weekday=MO(-1)),
    "easter": easter,
}
_FEAST = re.compile(
    rf"\b({'|'.join(_FEASTS)})(?:\s+(?:jr\.?\s+)?day)?(?:,?\s+((?:19|20)\d{{2}}))?\b", re.I
)
MONTH = "|".join(f"{m}|{m[:3]}" for m in MONTHS)
_SPAN = re.compile(
    rf"\b(?:last|past|previous|trailing)\s+(?:(\d{{1,4}}|{'|'.join(NUMBERS)})\s+)?"
    r"(?:trading\s+|calendar\s+)?(day|session|week|month|quarter|year)s?\b",
    re.I,
)
_SINCE_MONTH = re.compile(
    rf"\bsince\s+(?:last\s+|early\s+|the start of\s+)?({MONTH})\b\.?(?!\s*\d)", re.I
)
_IN_MONTH = re.compile(
    r"\b(?:in|during|for|over|this|so far in|a (?:poor|bad|weak|rough|terrible|difficult|good"
    rf"|strong|great|solid|dismal|record))\s+(?:last\s+|this\s+)?({MONTH})\b\.?(?!\s*\d)",
    re.I,
)
_BARE_QUARTER = re.compile(
    r"\b(?:q([1-4])|(first|second|third|fourth) quarter)\b(?!\s+(?:of\s+)?\d)", re.I
)
_YTD = re.compile(
    r"\b(year[- ]to[- ]date|ytd|(so far )?this year('s)?|since the year (began|started)"
    r"|since the (start|turn|beginning) of the year|(on|for|in) the year( so far)?)\b"
    r"(?! (before|to|after|ended))",
    re.I,
)
_MTD = re.compile(r"\b(month[- ]to[- ]date|mtd|this month|(on|for) the month( so far)?)\b", re.I)
_WTD = re.compile(r"\b(week[- ]to[- ]date|wtd|this week|(on|for) the week( so far)?)\b", re.I)
_SPAN_OF = re.compile(  # "the 20-day return", "a three-month gain"
    rf"\b(\d{{1,3}}|{'|'.join(NUMBERS)})[- ](day|session|week|month|quarter|year)[- ]"
    r"(?:returns?|gains?|loss|performance|changes?|moves?|drop|fall|rise|period|window|drawdown)\b",
    re.I,
)
_FIRST_WEEK = re.compile(rf"\bfirst (week|two weeks) of ({MONTH})\b\.?(?:\s+(\d{{4}}))?", re.I)
# "1yr", "6m", "5d", as desks write them; "20d average" and "10y yield" are none.
_SHORT_SPAN = re.compile(
    r"(?<!\bthe )\b(\d{1,2}) ?-?(d|w|wks?|m|mos?|y|yrs?)\b"
    r"(?!\W*(?:ma|dma|average|yield|treasur|note|bond))",
    re.I,
)
_SHORT_UNITS = {"d": "session", "w": "week", "m": "month", "y": "year"}
_FED_MOVE = re.compile(
    r"\b(?:since|after|from) (?:the |its )?(?:last |latest |first )?(?:fed|fomc)(?:'s|’s)? "
    rf"(?:last |latest )?(?:rate )?(?P<move>cut|hike)\b(?: (?:in|of) (?P<month>{MONTH})\b\.?"
    r"(?:,? (?P<year>20\d\d))?)?",
    re.I,
)
# What parts one period from the next: "in November and in January", "2024 vs 2025", "ytd, 1yr".
# The comma of "January 5, 2026" and of "Friday, January 23" parts nothing.
_BETWEEN = re.compile(
    r"[;?]|(?<!\s\d)(?<!\s\d\d)(?<!th)(?<!st)(?<!nd)(?<!rd)(?<!day),"
    r"|\b(?:and|or|versus|vs|against|compared (?:with|to)|with|than|then|but)\b",
    re.I,
)
_RANGE = re.compile(r"\b(?:between|from|since|through|until)\b", re.I)
_BARE_MONTH = re.compile(rf"\W*(?:the |last |this )?({MONTH})(?:\W*$|\s+(?:for|of|on)\b)", re.I)
_QTD = re.compile(r"\b(quarter[- ]to[- ]date|qtd|this quarter|(on|for) the quarter)\b", re.I)


Window = tuple[date | None, date | None, date | None]


def read_window(text: str, as_of: date) -> Window:
    """The start and end of the window, or the one day, that a text names; None where it doesn't.

    A window never ends after `as_of`; one that would begin after it has its start behind its end.
    A day without a year is the last such day.
    """
    days = [s.first for s in spans(text, as_of) if s.precision == "day"]
    feast = None if days else _feast(text, as_of)
    if not days and (end := stated_end(text, as_of)):
        return None, None, end
    if not days and (decided := _fed_move(text, as_of)):
        return decided, as_of, None
    if feast is None and (window := stated_window(text, as_of)):
        return window[0], min(window[1], as_of), None
    if len(days) >= 2:
        return min(days[:2]), max(days[:2]), None
    if days and _SINCE.search(text):
        return days[0], as_of, None
    if days:
        return None, None, days[0]
    if feast:
        return (feast, as_of, None) if _SINCE.search(text) else (None, None, feast)
    if day := _spoken_day(text, as_of):
        return None, None, day
    start, end = _named_window(text, as_of)
    return start, min(end, as_of) if end else None, None


def read_windows(text: str, as_of: date) -> list[Window]:
    """Every window and day that a text names one after the other, the one read first in front.

    "From March 2020 to June 2021" is one window; "in November and in January" are two.
    """
    whole = read_window(text, as_of)
    parts = [found for part in _BETWEEN.split(text) if any(found := _part(part, as_of))]
    parts = list(dict.fromkeys(parts))
    if whole in parts:
        return list(dict.fromkeys([whole, *parts]))
    if any(whole) and (len(parts) < 2 or _RANGE.search(text)):  # the ends of one window
        return [whole]
    return parts


def _part(text: str, as_of: date) -> Window:
    """The window of a part; a month that stands alone is the whole of it: "vs December"."""
    bare = _BARE_MONTH.match(text)
    return read_window(f"in {bare[1]}" if bare else text, as_of)


def _feast(text: str, as_of: date) -> date | None:
    """The last such holiday, or that of the year named."""
    match = _FEAST.search(text)
    if match is None:
        return None
    day = _FEASTS[match[1].lower()]
    if match[2]:
        return day(int(match[2]))
    return day(as_of.year) if day(as_of.year) <= as_of else day(as_of.year - 1)


def _fed_move(text: str, as_of: date) -> date | None:
    """The day of the last such decision of the FOMC; None where none is meant or known."""
    match = _FED_MOVE.search(text)
    if match is None:
        return None
    from qa.market.fed_funds import DECISIONS

    way = -1 if match["move"].lower() == "cut" else 1
    moves = [
        after[0]
        for before, after in pairwise(DECISIONS)
        if (after[2] - before[2]) * way > 0 and after[0] <= as_of
    ]
    if match["month"]:
        first = _month(match["month"], match["year"], as_of)
        moves = [day for day in moves if day.replace(day=1) == first]
    return moves[-1] if moves else None


def _spoken_day(text: str, as_of: date) -> date | None:
    """The day that words such as today, yesterday, Friday or "the end of 2025" mean."""
    if match := _DAY_OF_MONTH.search(text):
        return _last_such_day(int(match[1]), as_of)
    match = _DAY_WORD.search(text)
    if match is None or _SINCE.search(text):
        return None
    word = match[1].lower()
    if word in ("today", "tonight"):
        return as_of
    if word == "yesterday":
        return as_of - timedelta(days=1)
    back = (as_of.weekday() - _WEEKDAYS.index(word)) % 7
    return as_of - timedelta(days=back)


def _last_such_day(number: int, as_of: date) -> date | None:
    """The last day of that number in its month; None where the two last months have none."""
    for back in (0, 1, 2):
        first = as_of.replace(day=1) - relativedelta(months=back)
        day = first + timedelta(days=number - 1)
        if day.month == first.month and day <= as_of:
            return day
    return None


def _named_window(text: str, as_of: date) -> tuple[date | None, date | None]:
    if _YTD.search(text):
        return date(as_of.year, 1, 1), as_of
    if _QTD.search(text):
        return date(as_of.year, 3 * ((as_of.month - 1) // 3) + 1, 1), as_of
    if _WTD.search(text):
        return as_of - timedelta(days=as_of.weekday()), as_of
    if match := _FIRST_WEEK.search(text):
        start = _month(match[2], match[3], as_of)
        return start, start + timedelta(days=13 if match[1].lower() == "two weeks" else 6)
    if _MTD.search(text):
        return as_of.replace(day=1), as_of
    if match := _SINCE_MONTH.search(text):
        return _month(match.group(1), None, as_of), as_of
    if match := _SPAN.search(text) or _SPAN_OF.search(text):
        return _span(match[1], match[2], match, as_of)
    if match := _SHORT_SPAN.search(mask(text)):
        return _span(match[1], _SHORT_UNITS[match[2][0].lower()], match, as_of)
    if match := _BARE_QUARTER.search(text):
        return _last_quarter(match, as_of)
    if match := _IN_MONTH.search(text):
        start = _month(match[1], None, as_of)
        return start, start + relativedelta(months=1, days=-1)
    return None, None


def _last_quarter(match: re.Match[str], as_of: date) -> tuple[date, date]:
    """The last such quarter that has begun."""
    q = int(match[1] or _ORDINALS.index(match[2].lower()) + 1)
    start = date(as_of.year, 3 * q - 2, 1)
    if start > as_of:
        start = start.replace(year=as_of.year - 1)
    return start, start + relativedelta(months=3, days=-1)


def _month(name: str, year: str | None, as_of: date) -> date:
    number = next(i for i, m in enumerate(MONTHS, start=1) if m.startswith(name.lower()[:3]))
    if year:
        return date(int(year), number, 1)
    start = date(as_of.year, number, 1)
    return start if start <= as_of else start - relativedelta(years=1)


def _span(count: str | None, unit: str, match: re.Match[str], as_of: date) -> tuple[date, date]:
    """Trailing spans ("the last month", "last six months") end on the as-of date.

    "Last month", without the article or a number, is the calendar month before.
    """
    unit = unit.lower()
    n = in_figures(count, 0)
    if unit in ("day", "session"):  # counted in sessions
        from qa.market.sessions import last_session, sessions_between

        back = sessions_between(as_of - timedelta(days=2 * max(n, 1) + 10), last_session(as_of))
        return back[-max(n, 1)].date(), as_of
    trailing = re.match(r"past|trailing", match.group(), re.I)
    if n == 0 and (trailing or re.search(r"\bthe\s+$", match.string[: match.start()], re.I)):
        n = 1
    if n == 0:
        return _calendar_span(unit, as_of)
    months = {"month": n, "quarter": 3 * n, "year": 12 * n}.get(unit)
    back_by = relativedelta(weeks=n) if months is None else relativedelta(months=months)
    return as_of - back_by + timedelta(days=1), as_of


def _calendar_span(unit: str, as_of: date) -> tuple[date, date]:
    if unit == "week":  # on a weekend, the one that has just ended
        monday = as_of - timedelta(days=as_of.weekday() + (0 if as_of.weekday() >= 5 else 7))
        return monday, monday + timedelta(days=6)
    first = as_of.replace(day=1)
    if unit == "quarter":
        first = date(as_of.year, 3 * ((as_of.month - 1) // 3) + 1, 1)
        return first - relativedelta(months=3), first - timedelta(days=1)
    if unit == "year":
        return date(as_of.year - 1, 1, 1), date(as_of.year - 1, 12, 31)
    return first - relativedelta(months=1), first - timedelta(days=1)

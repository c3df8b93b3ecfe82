"""Days told as the end or the start of a month, a quarter or a year: "from the end of November"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.checking.auditing import periods
from qa.checking.auditing.dating import MONTHS
from qa.checking.auditing.periods import month_days

_POINTS = re.compile(
    r"(?:the )?(?P<edge>end|close|finish|last (?:day|session|trading day)|start|beginning|turn) of "
    r"(?:(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])(?: (?P<y>(?:19|20)\d\d))?"
    r"|(?P<y2>(?:19|20)\d\d)|last (?P<last>year|month|quarter))(?![\da-z])"
    r"|year-end (?P<y3>(?:19|20)\d\d)"
)


def points(masked: str, published: date) -> list[tuple[int, int, date]]:
    """Days that are told as the end or the start of a month or a year: start, end, day.

    The start stands for the day before: what is told from it is measured from the close before.
    """
    found = []
    for match in _POINTS.finditer(masked):
        first, last = _pointed(match, published)
        starts = (match["edge"] or "").startswith(("start", "begin", "turn"))
        day = first - timedelta(days=1) if starts else last
        if day <= published:
            found.append((*match.span(), day))
    return found


def _pointed(match: re.Match[str], published: date) -> tuple[date, date]:
    """The first and the last day of the month, quarter or year that is pointed at."""
    if match["m"]:
        at = MONTHS.index(match["m"][:3]) + 1
        year = int(match["y"] or published.year - (at > published.month))
        return month_days(year, at)
    if match["last"] == "month":
        before = periods.month(published, 1)
        return before.start, before.end
    if match["last"] == "quarter":
        before = periods.quarter_back(published, 1)
        return before.start, before.end
    year = int(match["y2"] or match["y3"] or published.year - 1)
    return date(year, 1, 1), date(year, 12, 31)

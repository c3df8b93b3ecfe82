"""Days told by a name: the end or the start of a month or a year, an election day, a holiday."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from dateutil.relativedelta import MO, relativedelta

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


def _election(year: int) -> date | None:
    first = date(year, 11, 1)
    monday = first + timedelta(days=-first.weekday() % 7)
    return monday + timedelta(days=1) if year % 2 == 0 else None


def _good_friday(year: int) -> date:
    from dateutil.easter import easter

    return easter(year) - timedelta(days=2)


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _monday(month: int, nth: int) -> Callable[[int], date]:
    """The Monday of a month that a holiday falls on; the last one for -1."""
    day = 31 if nth < 0 else 1
    return lambda year: date(year, month, day) + relativedelta(weekday=MO(nth))


_NEAR_ELECTION = timedelta(days=90)


# Days that have a name of their own, with when they fall in a year.
_NAMED: dict[str, Callable[[int], date | None]] = {
    "election day": _election,
    "good friday": _good_friday,
    "thanksgiving": _thanksgiving,
    "christmas eve": lambda year: date(year, 12, 24),
    "christmas": lambda year: date(year, 12, 25),
    "new year's eve": lambda year: date(year, 12, 31),
    "new year's": lambda year: date(year, 1, 1),
    "independence": lambda year: date(year, 7, 4),
    "juneteenth": lambda year: date(year, 6, 19),
    "martin luther king": _monday(1, 3),
    "presidents'": _monday(2, 3),
    "memorial": _monday(5, -1),
    "labor": _monday(9, 1),
}
_WITH_DAY = "new year's", "independence", "martin luther king", "presidents'", "memorial", "labor"
# "On Christmas Day": that very day, and not the session known on it.
_ON_IT = re.compile(
    r"(?: (?:of |in )?(?:19|20)\d\d)?(?:[,.;:)]|$| (?:and|but|as|to|at|with)(?![a-z]))"
)
_KNOWN_CLOSED = re.compile(
    r"\b(?:was|were|is|are|stayed|remained|being) (?:closed|shut)\b|\bholidays?\b|\bno (?:trading"
    r"|session)|\bday (?:before|after)\b|\bobserved\b|\bpublish|\bwrote\b|\bsaid\b"
)
_ELECTION = re.compile(r"(?<=after )the (?:presidential |u\.s\. |midterm )?election(?![a-z])")
_NAMED_DAYS = re.compile(
    rf"(?<!a )(?<!another )\b(?P<name>{'|'.join(sorted(_NAMED, key=len, reverse=True))})(?: day)?"
    r"(?: (?:of |in )?(?P<y>(?:19|20)\d\d))?(?![\da-z])"
)


def points(masked: str, published: date) -> list[tuple[int, int, date]]:
    """Days that are told as the end or the start of a month or a year: start, end, day.

    The start stands for the day before: what is told from it is measured from the close before.
    """
    from qa.market.sessions import last_session

    found = [*_named(masked, published), *_the_election(masked, published)]
    for match in _POINTS.finditer(masked):
        first, last = _pointed(match, published)
        starts = (match["edge"] or "").startswith(("start", "begin", "turn"))
        if starts and masked.endswith("since ", 0, match.start()):
            continue  # from the close before, or from the open: stages.since_start
        day = first - timedelta(days=1) if starts else last
        if day <= published:  # a month that ends on a Sunday ended, on the tape, on the Friday
            found.append((*match.span(), last_session(day)))
    return found


def _the_election(masked: str, published: date) -> Iterator[tuple[int, int, date]]:
    """The election, told within three months of a federal one."""
    from qa.market.sessions import last_session

    day = _election(published.year) or _election(published.year - 1)
    if day is not None and day > published:
        day = _election(published.year - 2)
    if day is None or published - day > _NEAR_ELECTION:
        return
    for match in _ELECTION.finditer(masked):
        yield (*match.span(), last_session(day))


def _named(masked: str, published: date) -> Iterator[tuple[int, int, date]]:
    """Days with a name, the latest such one where no year is told; the session known on it."""
    from qa.market.sessions import last_session

    for match in _NAMED_DAYS.finditer(masked):
        when, said = _NAMED[match["name"]], match["y"]
        years = (int(said),) if said else range(published.year, published.year - 3, -1)
        days = (when(year) for year in years)
        day = next((d for d in days if d is not None and d <= published), None)
        whole = " day" in match.group()
        if day is None or (match["name"] in _WITH_DAY and not whole):
            continue
        told = masked.endswith("on ", 0, match.start()) and _ON_IT.match(masked, match.end())
        itself = bool(told) and not _KNOWN_CLOSED.search(masked)
        yield (*match.span(), day if itself else last_session(day))


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

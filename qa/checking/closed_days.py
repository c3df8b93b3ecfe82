"""A close on a day without a session is contradicted, whatever the number; so is a wrong weekday.

"January 25, 2026 was a Sunday" is no such claim; "closed at 2,669.16 on Sunday" is one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache

from qa.checking.failed import fail
from qa.checking.figures import Stated, find_dates
from qa.checking.layout import lay_out
from qa.domain import Check

CALENDAR_FROM = date(1985, 1, 2)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOSED = re.compile(
    r"\bclos(?:e|ed|es|ing)\b|\b(?:settled|ended|finished|traded|opened)\s+(?:up|down|at|higher|lower)\b",
    re.I,
)
_ON_WEEKEND = re.compile(
    r"\bclosed\b(?:[^.;]|\.\d){0,60}\bon (?:a |the )?(saturday|sunday)\b", re.I
)
_SAYS_CLOSED = re.compile(
    r"\b(?:was|is|were|being|fell on|falls on)\s+(?:a |an |the )?"
    r"(?:saturday|sunday|weekend|(?:\w+ )?holiday)\b"
    r"|\bno (?:session|close|trading)\b|\bnot a (?:session|trading day)\b|\bwithout a session\b"
    r"|\b(?:was|were|is|are) (?:closed|shut)\b",
    re.I,
)
_PUBLISHED = re.compile(
    r"\b(?:publish\w*|stated|said|sa(?:id|ys)|wrote|notes?|reports?|articles?|outlook|dated|"
    r"commentary|interview|posted)\b[^.;]{0,25}$",
    re.I,
)
_CLAUSE_END = re.compile(
    r"[;.sSbB](?:(?<=;)|(?<=\.)(?=\s)|(?<!\w.)(?:(?<=[sS])[oO]|(?<=[bB])[uU][tT])\b)"
)
# What a text in lower case has to hold before it can say any of the above.
_STEMS_OF_CLOSED = (
    "saturday", "sunday", "weekend", "holiday", "no session", "no close", "no trading", "not a ",
    "without a session", "s closed", "re closed", "s shut", "re shut",
)  # fmt: skip
_STEMS_OF_PUBLISHED = (
    "publish", "stated", "said", "says", "wrote", "note", "report", "article", "outlook", "dated",
    "commentary", "interview", "posted",
)  # fmt: skip
_PUBLISHED_REACH = 64
_WEEKDAY_FIRST = re.compile(rf"({'|'.join(_DAYS)})\b", re.I)
_WEEKDAY = re.compile(rf"\b({'|'.join(_DAYS)}),?\s*(?:the\s+)?$", re.I)


def check_days(text: str, as_of: date | None, published: Collection[date] = ()) -> list[Check]:
    """The checks that fail. A day without a year is the last such day up to `as_of`.

    A day in parentheses on which a cited passage was `published` is that, and no close.
    """
    checks = []
    for stated, day in _days(text, as_of):
        if stated.year_stated and (said := _weekday(text, stated)) not in (None, day.weekday()):
            reason = f"{day} was a {day:%A}, not a {_DAYS[said].capitalize()}"
            checks.append(_against(text, stated.text, reason))
        elif day in published and _in_parentheses(text, stated):
            continue
        elif not _is_session(day) and _says_close(text, stated):
            reason = f"{day} was {_why(day)}: there was no close"
            checks.append(_against(text, stated.text, reason))
    weekend = _ON_WEEKEND.search(text) if not checks and _may_say_closed(text) else None
    if weekend and not _SAYS_CLOSED.search(text):
        name = weekend[1].capitalize()
        checks.append(_against(text, name, f"there is no close on a {name}"))
    return checks


def _in_parentheses(text: str, stated: Stated) -> bool:
    start, end = stated.span
    return text[:start].endswith("(") and text[end:].startswith((")", ", an older view)"))


def _against(text: str, found: str, reason: str) -> Check:
    return fail("calendar", text, "a session", found, reason, against=True)


def _days(text: str, as_of: date | None) -> Iterator[tuple[Stated, date]]:
    """The days that a text names, as far as the calendar reaches."""
    days = lay_out(text).days
    last = date.today().year + 1 if days else 0
    for stated in days:
        day = resolved(stated, as_of)
        if day and day >= CALENDAR_FROM and day.year <= last:
            yield stated, day


def resolved(stated: Stated, as_of: date | None) -> date | None:
    """The day that is stated, None if it is no day; one without a year is the last up to `as_of`.

    Such a day was read with the year of `as_of` as its hint, or has none yet.
    """
    if stated.precision != "day":
        return None
    day = stated.day
    if day is None and as_of is not None:
        hinted = find_dates(stated.text, year_hint=as_of.year)
        day = hinted[0].day if hinted else None
    if day and not stated.year_stated and as_of and day > as_of and (day.month, day.day) != (2, 29):
        day = day.replace(year=day.year - 1)
    return day


def _is_session(day: date) -> bool:
    from qa.market.sessions import is_session

    return is_session(day)


def _why(day: date) -> str:
    from qa.market.sessions import why_closed

    return why_closed(day)


def _weekday(text: str, stated: Stated) -> int | None:
    """The weekday that stands with a date, as 0 for Monday."""
    before = _WEEKDAY.search(text[: stated.span[0]]) if _names_a_weekday(text) else None
    found = before or _WEEKDAY_FIRST.match(stated.text)
    return _DAYS.index(found[1].lower()) if found else None


@lru_cache(maxsize=1024)
def _names_a_weekday(text: str) -> bool:
    low = text.lower()
    return any(day in low for day in _DAYS)


def _says_close(text: str, stated: Stated) -> bool:
    """Whether the clause around a day states a close of it, and not that it was closed."""
    if says_published(text, stated) or says_closed(text, stated):
        return False
    return bool(_CLOSED.search(text[slice(*_clause(text, stated))]))


def says_closed(text: str, stated: Stated) -> bool:
    """Whether the clause around a day says that it had no session; the calendar can tell."""
    if not _may_say_closed(text):
        return False
    return bool(_SAYS_CLOSED.search(text[slice(*_clause(text, stated))]))


@lru_cache(maxsize=1024)
def _may_say_closed(text: str) -> bool:
    low = text.lower()
    return any(stem in low for stem in _STEMS_OF_CLOSED)


def says_published(text: str, stated: Stated) -> bool:
    """Whether a day is that of a text: "in a note published on"."""
    at = stated.span[0]
    before = text[max(0, at - _PUBLISHED_REACH) : at].lower()
    if not any(stem in before for stem in _STEMS_OF_PUBLISHED):
        return False
    start = max(_clause(text, stated)[0], at - _PUBLISHED_REACH)
    return bool(_PUBLISHED.search(text, start, at))


def _clause(text: str, stated: Stated) -> tuple[int, int]:
    ends = _clause_ends(text)
    start = max((e for e in ends if e <= stated.span[0]), default=0)
    return start, min((e for e in ends if e > stated.span[1]), default=len(text))


@lru_cache(maxsize=1024)
def _clause_ends(text: str) -> tuple[int, ...]:
    return tuple(m.end() for m in _CLAUSE_END.finditer(text))

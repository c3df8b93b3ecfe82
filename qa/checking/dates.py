"""Days, months, quarters and years in English text. Only real calendar days are days.

Reads folded text (see numerals.fold). A day without a year is placed in the year of the caller's
hint, and says that the year was not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from qa.checking.numerals import found_after

Precision = Literal["day", "month", "quarter", "year"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_YEAR = r"(?:(?:19|20)[0-9]{2}|2100)"
_SPACE = "[ \u00a0]"
# What follows would make it another number: "January 5%", "March 3.5", "Q4 2,000".
_END = r"(?![0-9a-z/%]|[.,:][0-9])"
_DAY = rf"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?{_END}"
_NO_UNIT = rf"(?!{_SPACE}?(?:%|percent|per cent|basis|bps?(?![a-z])|points?(?![a-z])|x(?![a-z])))"

_DAYS = (
    rf"(?<![\w.])(?<![0-9],)(?:(?P<m>{_MONTH}){_SPACE}(?P<d>{_DAY}){_NO_UNIT}"
    rf"(?:{_SPACE}?(?:-|—|to|through|and(?={_SPACE}[0-9]{{1,2}},?{_SPACE}{_YEAR})){_SPACE}?"
    rf"(?P<d2>{_DAY})(?!{_SPACE}{_MONTH}){_NO_UNIT})?"
    rf"(?:,?{_SPACE}(?:of )?(?P<y>{_YEAR}){_END}{_NO_UNIT})?"
    rf"|(?P<dd>{_DAY})(?:{_SPACE}(?:of )?|-)(?P<dm>{_MONTH})"
    rf"(?:,?[ \u00a0-](?P<dy>{_YEAR}){_END}{_NO_UNIT})?"
    rf"|(?P<mm>{_MONTH})(?:,?{_SPACE}(?:of )?|-)"
    rf"(?:(?P<my>{_YEAR}){_END}{_NO_UNIT}|'(?P<my2>[0-9]{{2}}){_END})"
    rf"|(?P<mmh>{_MONTH})-(?P<myh>[0-9]{{2}}){_END})"
)
_NUMERIC = (
    rf"(?<![\w$€£.,/-])(?:(?P<iy>{_YEAR})(?P<sep>[-/.])(?P<im>[01]?[0-9])(?P=sep)(?P<id>[0-3]?[0-9])"
    rf"(?![0-9]|[-/.][0-9])"
    rf"|(?P<a>[0-3]?[0-9])(?P<sep2>[/.-])(?P<b>[0-3]?[0-9])(?P=sep2)"
    rf"(?P<ny>{_YEAR}|(?<=/)[0-9]{{2}}){_END}"
    rf"|(?<=on |ce |gh |il |by |of )(?P<sa>1[0-2]|0?[1-9])/"
    rf"(?P<sb>3[01]|[12][0-9]|0?[1-9]){_END}{_NO_UNIT}"
    rf"|(?P<xy>{_YEAR})-(?P<xm>0[1-9]|1[0-2])(?![\w/%-]|[.,][0-9])"
    rf"|(?P<zm>0[1-9]|1[0-2])/(?P<zy>{_YEAR})(?![\w/%-]|[.,][0-9]))"
)
_QUARTERS = (
    rf"(?<![\w.$])(?:(?:(?P<q>q[1-4]|[1-4]q)|(?P<h>h[12]|[12]h))"
    rf"(?:[ -]?(?:of )?(?:fy|fiscal )?(?P<y>{_YEAR}){_END}"
    rf"|(?:{_SPACE}?(?:fy|')|)(?P<y2>[0-9]{{2}}){_END})?{_END}"
    rf"|(?P<y3>{_YEAR})[ :-]?(?P<q3>q[1-4]){_END}"
    rf"|(?:first|second|third|fourth|1st|2nd|3rd|4th)[ -](?:(?P<wq>quarter)|(?P<wh>half))"
    rf"(?:,?{_SPACE}(?:of |in )?(?:fiscal )?(?P<wy>{_YEAR}){_END}{_NO_UNIT})"
    rf"|(?:1st|2nd|3rd|4th)[ -](?:(?P<oq>quarter)|(?P<oh>half))(?![a-z]))"
)
_YEARS = (
    rf"(?<![0-9$€£¥#])(?<![0-9][.,/])"
    rf"(?:(?<![a-z])(?:fiscal(?: year)?|fy|cy|calendar)[ -]?'?(?P<f>{_YEAR}|[0-9]{{2}})"
    rf"(?:[/-][0-9]{{2}})?(?![0-9%]|[.,][0-9])e?(?![a-z])"
    rf"|(?<![a-z])(?P<r>{_YEAR})(?: ?[-—/] ?(?:{_YEAR}|(?P<r2>[0-9]{{2}}))){_END}(?![-.][0-9])"
    rf"|(?<![a-z])(?:(?:19|20)[0-9]0|'[1-9]0)s(?![a-z])"
    rf"|(?<![a-z+])(?P<y>{_YEAR})e?(?![0-9a-z/%]|[.,][0-9]|-[0-9])"
    rf"|(?<!\w)'(?P<y2>[0-9]{{2}}){_END})"
)

# What stands before each of them, where it may begin.
_BEFORE_DAYS = re.compile(
    r"[^\w.](?=jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?[ \u00a0-](?:of )?[adfjmnos])"
)
_BEFORE_NUMERIC = re.compile(r"[^\w$€£.,/-](?=[0-9]{1,4}[-/.][0-9])")
_BEFORE_QUARTERS = re.compile(
    r"[^\w.$](?=q[1-4]|[1-4]q|h[12]|[12]h|(?:first|second|third|fourth|[1-4](?:st|nd|rd|th))[ -]"
    r"|[0-9]{4}[ :-]?q)"
)
_QUARTER_STEMS = (
    "half",
    "quarter",
    "q1",
    "q2",
    "q3",
    "q4",
    "1q",
    "2q",
    "3q",
    "4q",
    "h1",
    "h2",
    "1h",
    "2h",
)
_MAY_BE_YEAR = re.compile(r"[12fc'](?=[0-9]{2}|y|iscal|alendar)")
_BEFORE_YEARS = re.compile(r"[^0-9a-z$€£¥#](?=[12][0-9]{3}|'[0-9]{2}|f(?:y|iscal)|c(?:y|alendar))")


class Dated(NamedTuple):
    """A stretch of text that names a time. `day` is set for days whose year is known."""

    start: int
    end: int
    precision: Precision
    day: date | None = None
    year_stated: bool = True
    range_end: bool = False
    bare_year: bool = False  # four digits alone, which may still be a level


def _full_year(year: str) -> int:
    """A year of four digits; two digits are read as 1970 to 2069."""
    number = int(year)
    return number if number > 99 else number + (2000 if number < 70 else 1900)


def _calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _placed(
    span: tuple[int, int], year: str | None, month: int, day: int, hint: int | None
) -> Dated | None:
    """A day with its year, or with the hinted one; None where there is no such day."""
    if year is None and hint is None:
        real = _calendar_day(2000, month, day)  # a leap year: February 29 may exist
        return Dated(*span, "day", None, year_stated=False) if real else None
    found = _calendar_day(_full_year(year) if year else hint or 1, month, day)
    return Dated(*span, "day", found, year_stated=year is not None) if found else None


def _month(text: str) -> int:
    return _MONTHS.index(text[:3]) + 1


def _number(text: str) -> int:
    return int(text.rstrip("stndrh"))


def _is_month(cased: str, at: int, low: str) -> bool:
    """Whether a month is meant: "may 5" and "march 20" in lower case are verbs."""
    return cased[at].isupper() or low[at : at + 3] not in ("may", "mar")


def _month_days(found: re.Match[str], cased: str, hint: int | None) -> Iterator[Dated]:
    """Days and months that are written with the month's name."""
    if found["m"]:
        month, year = _month(found["m"]), found["y"]
        if not _is_month(cased, found.start("m"), found.string):
            return
        first = _placed((found.start(), found.end("d")), year, month, _number(found["d"]), hint)
        if not found["d2"]:
            first = _placed(found.span(), year, month, _number(found["d"]), hint)
        second = None
        if found["d2"]:
            span = (found.start("d2"), found.end())
            second = _placed(span, year, month, _number(found["d2"]), hint)
        if first:
            yield first
        if first and second:
            yield Dated(second.start, second.end, "day", second.day, second.year_stated, True)
    elif found["dm"]:
        if not _is_month(cased, found.start("dm"), found.string):
            return
        day = _placed(found.span(), found["dy"], _month(found["dm"]), _number(found["dd"]), hint)
        if day:
            yield day
    elif _is_month(cased, found.start(), found.string):
        yield Dated(*found.span(), "month")


def _numeric(found: re.Match[str], hint: int | None) -> Dated | None:
    """Days and months written in digits; month before day, as in the United States."""
    if found["iy"]:
        return _placed(found.span(), found["iy"], int(found["im"]), int(found["id"]), hint)
    if found["a"]:
        a, b = int(found["a"]), int(found["b"])
        month, day = (b, a) if a > 12 or found["sep2"] == "." else (a, b)
        return _placed(found.span(), found["ny"], month, day, hint)
    if found["sa"]:
        return _placed(found.span(), None, int(found["sa"]), int(found["sb"]), hint)
    if found["xy"] and int(found["xy"][2:]) + 1 == int(found["xm"]):
        return Dated(*found.span(), "year")  # "2011-12" runs over the turn of a year
    return Dated(*found.span(), "month")


def _quarter(found: re.Match[str]) -> Dated:
    """A quarter or half; halves have the precision of a year."""
    stated = any(found[name] for name in ("y", "y2", "y3", "wy"))
    half = found["h"] or found["wh"] or found["oh"]
    return Dated(*found.span(), "year" if half else "quarter", None, stated)


def read_days(low: str, cased: str, hint: int | None) -> Iterator[Dated]:
    """Days and months: "2026-01-23", "1/23/2026", "Jan. 23", "27-28 January 2026", "Jan 2026"."""
    for found in found_after(_BEFORE_NUMERIC, _NUMERIC, low):
        if dated := _numeric(found, hint):
            yield dated
    if not any(month in low for month in _MONTHS):
        return
    for found in found_after(_BEFORE_DAYS, _DAYS, low):
        yield from _month_days(found, cased, hint)


def read_quarters(low: str) -> Iterator[Dated]:
    """Quarters and halves: "Q4 2025", "4Q25", "H1 2026", "fourth quarter of 2025"."""
    if not any(stem in low for stem in _QUARTER_STEMS):
        return
    for found in found_after(_BEFORE_QUARTERS, _QUARTERS, low):
        yield _quarter(found)


def read_years(low: str) -> Iterator[Dated]:
    """Years: "2026", "fiscal 2026", "FY26", "2025/26", "1990-2022", "1990s"."""
    if not _MAY_BE_YEAR.search(low):
        return
    for found in found_after(_BEFORE_YEARS, _YEARS, low):
        if found["r2"] and (int(found["r"][2:]) + 1) % 100 > int(found["r2"]):
            yield Dated(found.start("r"), found.end("r"), "year", bare_year=True)
        else:
            yield Dated(*found.span(), "year", bare_year=bool(found["y"]))

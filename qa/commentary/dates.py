"""Days of publication as files write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import islice
from typing import Any

_COMPACT = re.compile(r"\d{8}")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.DOTALL)
_LONGEST = 60
# A dateline stands in so many characters and lines at the most.
_OPENING, _OPENING_LINES = 2_000, 8
_MARKS = re.compile(r"[*_#|\s]+")
_LABEL = re.compile(
    r"^(?:(?:date )?(?:published|posted|released|updated|revised|dated)|date|publication date)"
    r"(?: on)?\s*[:,-]?\s+",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
# What a missing part of a date would be filled with: two days that share no part.
_FILLINGS = (datetime(2001, 2, 3), datetime(2004, 6, 8))


def read_day(value: Any) -> date | None:
    """The day that a value names: a date, ISO 8601, 20260109, RFC 2822 or words.

    None for everything else, and for what leaves a part open ("January 2026") or can be read in
    two ways ("03/04/2026"): a date is never made up. A time of day keeps the day of its own zone.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip() if isinstance(value, str | int) else ""
    if not text or len(text) > _LONGEST:
        return None
    if _COMPACT.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if match := _ISO.fullmatch(text):
        try:
            return date.fromisoformat(match[1])
        except ValueError:
            return None
    return _in_words(text)


def read_dateline(body: str) -> date | None:
    """The day that a text's opening lines give it: a line that is a date, or "Published: " one.

    The latest where there are several, so that what was revised isn't taken for older than it is;
    None where there is none.
    """
    found = []
    opening = (line for line in body[:_OPENING].splitlines() if line.strip())
    for line in islice(opening, _OPENING_LINES):
        words = _LABEL.sub("", _MARKS.sub(" ", line).strip())
        if _YEAR.search(words) and (day := read_day(words)):
            found.append(day)
    return max(found, default=None)


def _in_words(text: str) -> date | None:
    from dateutil import parser

    found: set[date] = set()
    try:
        for filling in _FILLINGS:
            for day_first in (False, True):
                read = parser.parse(text, default=filling, dayfirst=day_first, ignoretz=True)
                found.add(read.date())
    except (ValueError, OverflowError):
        return None
    return found.pop() if len(found) == 1 else None

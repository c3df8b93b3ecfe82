"""Days of publication as files write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

_COMPACT = re.compile(r"\d{8}")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.DOTALL)
_LONGEST = 60
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

"""What the words for a time are made of: months, years, counts, units, highs and lows."""

from __future__ import annotations

from typing import Literal, NamedTuple

from qa.checking.auditing.dating import DAY, WEEKDAYS, Builder
from qa.checking.numerals import SMALL_WORDS

WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
Role = Literal["window", "anchor", "same", "vague", "mark"]

MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z-])\.?"
)
YEAR = r"(?:19|20)[0-9]{2}(?![0-9%])"
MONTH = rf"(?:(?P<part>early|mid|late)[ -])?(?P<m>{MONTH_NAME})(?:,? (?:of )?(?P<y>{YEAR}))?(?:'s)?"
ONE_DAY = f"(?P<d>{DAY}+)"
COUNT = rf"(?:[0-9]{{1,4}}|{'|'.join(w for w in SMALL_WORDS if w != 'zero')})"
UNIT = (
    r"(?P<unit>(?:(?:trading|calendar) )?days?|sessions?|weeks?|months?|quarters?|years?|decades?)"
    r"(?![a-z-])"
)
SOME = r"(?:(?:just|only|barely|about|roughly|little|less than|more than|the) )*"
HIGH = (
    r"highs?|peak(?: close)?|record(?: (?:close|closing high|high|peak))?|high-water mark"
    r"|(?<=[a-z0-9\x11] )top(?! (?:to|of)(?![a-z]))"
)
QUALITY = (
    r"(?:52-week|one-year|12-month|all-time|record|recent|closing|intraday|bear-market|cycle|old"
    r"|pandemic|yearly|year's|latest|prior|previous|spring|summer|autumn|fall|winter|new|own|fresh)"
)
REACHED = (
    r"(?: (?:close )?(?:in|on|of|from|(?:set|hit|reached|struck|made|posted) (?:in|on|back in))"
)


class Phrase(NamedTuple):
    """A way to name a time; a sentence without any of the stems `needs` isn't searched for it."""

    pattern: str
    needs: str | tuple[str, ...]
    build: Builder
    role: Role = "window"


EXTREMES = ("low", "high", "peak", "top", "record", "bottom", "trough", "nadir")
LAST = ("last", "past", "previous", "prior")
UNITS = ("day", "session", "week", "month", "quarter", "year", "decade")
MONTH_STEMS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OWN = r"(?:its own |their own |its |the |their |that |this |an? )?"
FROM = (
    r"(?:since|from|off(?: of)?|shy of|short of|away from|above|below|beneath|versus|over|under"
    r"|against"
    r"|after)"
)

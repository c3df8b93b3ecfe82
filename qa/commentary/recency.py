"""What age means for a passage: when it is stale, and how much a question cares for new ones.

A question that says "latest" or "now" wants the newest view; one that asks for history, or names
a month that is over, wants what was written then.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.domain import Passage

# A view more than a quarter old is marked as such.
STALE_DAYS = 92
# What is left of an old passage's score, and in how many days the rest halves.
OLD_SHARE, HALF_LIFE = 0.85, 120
PRESSING_SHARE, PRESSING_HALF_LIFE = 0.5, 45
# A passage from the time that a question names, or the weeks after, gains this much.
OF_ITS_TIME = 0.3
AFTERWARDS = timedelta(days=45)
# Of a longer period than this, what was published in it says little about it.
LONGEST_PERIOD = timedelta(days=100)
_ENDED = timedelta(days=31)

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SEASONS = {"winter": (1, 3), "spring": (4, 6), "summer": (7, 9), "autumn": (10, 12)}
_SEASONS |= {"fall": (10, 12), "early": (1, 3), "mid": (5, 8), "late": (10, 12)}
_QUARTERS = "first second third fourth".split()
_NEWEST = re.compile(
    r"\b(latest|newest|now|nowadays|current(ly)?|today|recent(ly)?|at the moment|so far|these days"
    r"|as of yet|this (week|month))\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(histor\w+|in the past|over the (past|last) \w+ (years|decades)|decades?|track record"
    r"|used to|back in|years ago|since (19|20)\d\d)\b",
    re.IGNORECASE,
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = re.compile(
    rf"\b(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?(?: \d{{1,2}})?,? (?:of )?{_YEAR}\b", re.IGNORECASE
)
_SEASON = re.compile(
    rf"\b(?P<season>{'|'.join(_SEASONS)})(?: in| of)?[ -](?:the )?(?:of )?{_YEAR}\b", re.IGNORECASE
)
_QUARTER = re.compile(
    rf"\b(?P<quarter>{'|'.join(_QUARTERS)}) quarter(?: of)? {_YEAR}\b"
    r"|\bQ(?P<q>[1-4]) ?(?P<y>20\d\d)\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)(?:-\d\d)?\b")
_ANY_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")


def is_stale(passage: Passage, as_of: date) -> bool:
    """Whether a view is more than a quarter old on a day; one of unknown date is."""
    return passage.published is None or (as_of - passage.published).days > STALE_DAYS


@dataclass(frozen=True)
class Timing:
    """How a question weighs age: what is left of an old passage, and the time that it names."""

    share: float
    half_life: int
    period: tuple[date, date] | None = None

    def weights(self, days: NDArray[np.int64], as_of: date) -> NDArray[np.float32]:
        """What to multiply the score of each passage by; `days` are ordinals, 1 where unknown."""
        import numpy as np

        ages = np.maximum(as_of.toordinal() - days, 0)
        weights = self.share + (1 - self.share) * np.exp2(-ages / self.half_life)
        if self.period is not None:
            start, end = (day.toordinal() for day in self.period)
            weights = weights + OF_ITS_TIME * ((start <= days) & (days <= end + AFTERWARDS.days))
        found: NDArray[np.float32] = weights.astype(np.float32)
        return found


def read_timing(query: str, as_of: date) -> Timing:
    """How a question asked on a day weighs age; the rules are in the module's docstring."""
    period = _period(query)
    if period and period[1] + _ENDED < as_of:
        return Timing(1.0, HALF_LIFE, period if period[1] - period[0] <= LONGEST_PERIOD else None)
    if _PAST.search(query):
        return Timing(1.0, HALF_LIFE)
    if _NEWEST.search(query):
        return Timing(PRESSING_SHARE, PRESSING_HALF_LIFE)
    return Timing(OLD_SHARE, HALF_LIFE)


def _period(query: str) -> tuple[date, date] | None:
    """The one month, quarter, season or year that a query names; None for none or several."""
    found = set(_months(query))
    if not found:
        found = {_span(int(year), 1, 12) for year in _ANY_YEAR.findall(query)}
    return found.pop() if len(found) == 1 else None


def _months(query: str) -> Iterator[tuple[date, date]]:
    for match in _MONTH.finditer(query):
        month = _MONTHS.index(match["month"].lower()) + 1
        yield _span(int(match["year"]), month, month)
    for match in _ISO.finditer(query):
        if 1 <= int(match["month"]) <= 12:
            yield _span(int(match["year"]), int(match["month"]), int(match["month"]))
    for match in _SEASON.finditer(query):
        yield _span(int(match["year"]), *_SEASONS[match["season"].lower()])
    for match in _QUARTER.finditer(query):
        named = match["quarter"]
        number = _QUARTERS.index(named.lower()) if named else int(match["q"]) - 1
        yield _span(int(match["year"] or match["y"]), 3 * number + 1, 3 * number + 3)


def _span(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])

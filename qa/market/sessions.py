"""The exchange calendar: which day was a session of the New York Stock Exchange.

All days are exchange days (New York). The calendar itself is exchange_calendars' XNYS.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.errors import BadDate

if TYPE_CHECKING:
    import pandas as pd

FIRST_DAY = date(1985, 1, 2)


@lru_cache(maxsize=1)
def _calendar() -> Any:
    import warnings

    with warnings.catch_warnings():
        # exchange_calendars 4.13 uses Series.values in a way that pandas 3 says will change.
        warnings.filterwarnings("ignore", "Series.values returning", category=DeprecationWarning)
        from exchange_calendars.exchange_calendar_xnys import XNYSExchangeCalendar

        return XNYSExchangeCalendar(start=str(FIRST_DAY), end=f"{date.today().year + 2}-12-31")


def _checked(day: date) -> str:
    first, last = FIRST_DAY, _calendar().last_session.date()
    if not first <= day <= last:
        raise BadDate(f"{day} is outside the exchange calendar, which runs from {first} to {last}.")
    return str(day)


def is_session(day: date) -> bool:
    """Whether the exchange held a session on `day`."""
    return bool(_calendar().is_session(_checked(day)))


def last_session(day: date) -> date:
    """The last session on or before `day`."""
    return _calendar().date_to_session(_checked(day), "previous").date()  # type: ignore[no-any-return]


def next_session(day: date) -> date:
    """The first session on or after `day`."""
    return _calendar().date_to_session(_checked(day), "next").date()  # type: ignore[no-any-return]


def sessions_between(start: date, end: date) -> pd.DatetimeIndex:
    """The sessions from `start` to `end`, both included, as naive midnights."""
    return _calendar().sessions_in_range(_checked(start), _checked(end))  # type: ignore[no-any-return]


def why_closed(day: date) -> str:
    """Why `day` was no session, in words: "a Sunday", "Christmas", "a market holiday"."""
    if is_session(day):
        raise ValueError(f"{day} was a session")
    if day.weekday() >= 5:
        return "a Saturday" if day.weekday() == 5 else "a Sunday"
    named = _calendar().regular_holidays.holidays(str(day), str(day), return_name=True)
    return f"a market holiday ({named.iloc[0]})" if len(named) else "a day the market was closed"


def spoken(day: date) -> str:
    """The day as it is written in answers: "Friday 2026-01-23"."""
    return f"{day:%A} {day}"

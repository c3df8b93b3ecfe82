"""The exchange calendar: which day was a session of the New York Stock Exchange.

All days are exchange days (New York). The calendar itself is exchange_calendars' XNYS.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qa.errors import BadDate

if TYPE_CHECKING:
    import pandas as pd

FIRST_DAY = date(1985, 1, 2)
NEW_YORK = ZoneInfo("America/New_York")
USUAL_CLOSE = time(16)


@lru_cache(maxsize=1)
def _calendar() -> Any:
    import warnings

    with warnings.catch_warnings():
        # exchange_calendars 4.13 uses Series.values in a way that pandas 3 says will change.
        warnings.filterwarnings("ignore", "Series.values returning", category=DeprecationWarning)
        from exchange_calendars.exchange_calendar_xnys import XNYSExchangeCalendar

        return XNYSExchangeCalendar(start=str(FIRST_DAY), end=str(_last_day()))


def _last_day() -> date:
    return date(date.today().year + 2, 12, 31)


def _closures() -> dict[str, str]:
    """The weekdays without a session, with the holiday's name ("" where it has none)."""
    return _exceptions()["closed"]


@lru_cache(maxsize=1)
def _exceptions() -> dict[str, dict[str, str]]:
    """What makes a day no ordinary session: `closed`, and `early` with the close in UTC.

    Reading the calendar's rules takes 0.4 s in every process, so what they say is kept in the
    user's cache folder under the library's version and the last day covered.
    """
    from platformdirs import user_cache_path

    kept = user_cache_path("tapecheck", appauthor=False) / (
        f"xnys-{version('exchange-calendars')}-{_last_day()}.json"
    )
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if isinstance(found, dict) and found.keys() == {"closed", "early"}:
        return found
    exceptions = _read_rules()
    draft = kept.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # a folder that can't be written costs time, nothing else
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(exceptions), encoding="utf-8")
        draft.replace(kept)
    return exceptions


def _read_rules() -> dict[str, dict[str, str]]:
    import pandas as pd

    calendar = _calendar()
    weekdays = pd.bdate_range(FIRST_DAY, _last_day())
    closed = weekdays.difference(calendar.sessions)
    named = calendar.regular_holidays.holidays(str(FIRST_DAY), str(_last_day()), return_name=True)
    names = {str(day.date()): str(name) for day, name in named.items()}
    closes = calendar.closes
    usual = closes.dt.tz_convert(NEW_YORK).dt.time == USUAL_CLOSE
    return {
        "closed": {str(day.date()): names.get(str(day.date()), "") for day in closed},
        "early": {str(day.date()): at.isoformat() for day, at in closes[~usual].items()},
    }


def _checked(day: date) -> date:
    if not FIRST_DAY <= day <= _last_day():
        raise BadDate(
            f"{day} is outside the exchange calendar, which runs from {FIRST_DAY} to {_last_day()}."
        )
    return day


def is_session(day: date) -> bool:
    """Whether the exchange held a session on `day`."""
    return _checked(day).weekday() < 5 and str(day) not in _closures()


def last_session(day: date) -> date:
    """The last session on or before `day`."""
    while not is_session(day):
        day -= timedelta(days=1)
    return day


def next_session(day: date) -> date:
    """The first session on or after `day`."""
    while not is_session(day):
        day += timedelta(days=1)
    return day


def sessions_between(start: date, end: date) -> pd.DatetimeIndex:
    """The sessions from `start` to `end`, both included, as naive midnights."""
    days = _sessions()
    first = days.searchsorted(str(_checked(start)), "left")
    return days[first : days.searchsorted(str(_checked(end)), "right")]


@lru_cache(maxsize=1)
def _sessions() -> pd.DatetimeIndex:
    import pandas as pd

    weekdays = pd.bdate_range(FIRST_DAY, _last_day())
    return weekdays.difference(pd.DatetimeIndex(list(_closures())))


def session_close(day: date) -> datetime:
    """When the session of `day` ends, half days included, in UTC; `day` has to be a session."""
    if not is_session(day):
        raise ValueError(f"{day} was no session")
    if early := _exceptions()["early"].get(str(day)):
        return datetime.fromisoformat(early)
    return datetime.combine(day, USUAL_CLOSE, NEW_YORK).astimezone(UTC)


def why_closed(day: date) -> str:
    """Why `day` was no session, in words: "a Sunday", "a market holiday (Christmas)"."""
    if is_session(day):
        raise ValueError(f"{day} was a session")
    if day.weekday() >= 5:
        return "a Saturday" if day.weekday() == 5 else "a Sunday"
    name = _closures()[str(day)]
    return f"a market holiday ({name})" if name else "a day the market was closed"


def spoken(day: date) -> str:
    """The day as it is written in answers: "Friday 2026-01-23"."""
    return f"{day:%A} {day}"

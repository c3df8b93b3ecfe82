"""The exchange calendar against the exchange's own, and instruments by their names in speech."""

from __future__ import annotations

from datetime import date

import pytest

from qa.errors import BadDate
from qa.market.instruments import INSTRUMENTS, SECTORS, find, kin, named
from qa.market.sessions import (
    is_session,
    last_session,
    next_session,
    sessions_between,
    spoken,
    why_closed,
)

# As the exchange announced them.
CLOSED = {
    "2026-01-25": "a Sunday",
    "2026-01-24": "a Saturday",
    "2025-12-25": "a market holiday (Christmas)",
    "2025-11-27": "a market holiday (Thanksgiving)",
    "2026-01-19": "a market holiday (Dr. Martin Luther King Jr. Day)",
    "2025-01-09": "a day the market was closed",  # mourning for President Carter
    "2001-09-11": "a day the market was closed",
    "2012-10-29": "a day the market was closed",  # Hurricane Sandy
    "2022-12-26": "a market holiday (Christmas)",  # a Monday: Christmas fell on Sunday
}


@pytest.mark.parametrize(("day", "why"), CLOSED.items())
def test_a_closed_day_is_no_session_and_says_why(day: str, why: str) -> None:
    assert not is_session(date.fromisoformat(day))
    assert why_closed(date.fromisoformat(day)) == why


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-23",
        "2025-11-28",  # half days are sessions
        "2025-12-24",
        "2025-12-26",
        "2025-12-31",
        "2021-12-31",  # New Year's Day 2022 fell on a Saturday and was not made up for
        "2018-12-04",
        "1985-01-02",
    ],
)
def test_a_trading_day_is_a_session(day: str) -> None:
    assert is_session(date.fromisoformat(day))
    assert last_session(date.fromisoformat(day)) == date.fromisoformat(day)
    assert next_session(date.fromisoformat(day)) == date.fromisoformat(day)


def test_an_open_day_has_no_reason_for_being_closed() -> None:
    with pytest.raises(ValueError, match="2026-01-23 was a session"):
        why_closed(date(2026, 1, 23))


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2026-01-25", "2026-01-23", "2026-01-26"),
        ("2026-01-18", "2026-01-16", "2026-01-20"),  # a Sunday before a holiday Monday
        ("2025-12-25", "2025-12-24", "2025-12-26"),
        ("2025-01-09", "2025-01-08", "2025-01-10"),
        ("2001-09-13", "2001-09-10", "2001-09-17"),
    ],
)
def test_the_session_before_and_after_a_closed_day(day: str, before: str, after: str) -> None:
    assert str(last_session(date.fromisoformat(day))) == before
    assert str(next_session(date.fromisoformat(day))) == after


def test_the_window_of_the_worked_example_has_37_sessions() -> None:
    held = sessions_between(date(2025, 12, 1), date(2026, 1, 23))
    assert len(held) == 37
    assert [str(held[0].date()), str(held[-1].date())] == ["2025-12-01", "2026-01-23"]
    assert held.tz is None


@pytest.mark.parametrize(("start", "end"), [("2026-01-24", "2026-01-25"), ("2025-12-25",) * 2])
def test_no_session_between_closed_days(start: str, end: str) -> None:
    assert len(sessions_between(date.fromisoformat(start), date.fromisoformat(end))) == 0


@pytest.mark.parametrize("day", [date(1985, 1, 1), date(1929, 10, 29), date(2199, 1, 4)])
def test_a_day_outside_the_calendar_is_refused(day: date) -> None:
    for ask in (is_session, last_session, next_session, why_closed):
        with pytest.raises(BadDate, match=f"{day} is outside the exchange calendar"):
            ask(day)
    with pytest.raises(BadDate, match="outside the exchange calendar"):
        sessions_between(min(day, date(2026, 1, 23)), max(day, date(2026, 1, 23)))


def test_a_day_in_words() -> None:
    assert spoken(date(2026, 1, 23)) == "Friday 2026-01-23"


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("Is the Russell 2000 rally sustainable?", ["^RUT"]),
        ("the S&P 500", ["^GSPC"]),
        ("the S&P500 index", ["^GSPC"]),
        ("S&P", ["^GSPC"]),
        ("a small-cap rally", ["^RUT"]),
        ("Small caps against large caps", ["^RUT", "^GSPC"]),
        ("large caps against Small caps", ["^GSPC", "^RUT"]),
        ("the Nasdaq", ["^IXIC"]),
        ("the Nasdaq Composite", ["^IXIC"]),
        ("the Nasdaq-100", ["QQQ"]),
        ("the NASDAQ 100", ["QQQ"]),
        ("the Nasdaq\u2011100", ["QQQ"]),  # a hyphen that doesn't break
        ("the Nasdaq\n100", ["QQQ"]),
        ("the Dow Jones Industrial Average, the Dow", ["^DJI"]),
        ("the 10-year Treasury yield", ["^TNX"]),
        ("^RUT against ^GSPC, IWM and SPY", ["^RUT", "^GSPC", "IWM", "SPY"]),
        ("iwm", ["IWM"]),
        ("the energy sector, utilities and health care", ["XLE", "XLU", "XLV"]),
        ("consumer staples, consumer discretionary", ["XLP", "XLY"]),
        ("the weather in Paris", []),
        ("", []),
    ],
)
def test_the_longest_name_wins(text: str, symbols: list[str]) -> None:
    assert find(text) == symbols


@pytest.mark.parametrize(
    "text",
    [
        "the Russell 1000",
        "the Russell 3000 Index",
        "the Russell Microcap",
        "the Russell\n1000",
        "the S&P MidCap 400",
        "the S&P 600",
        "S&P Global Ratings",
        "central banks raised rates",
        "stuck in a rut",
        "downtown and Dowager",
        "SPYglass",
        "truth",
    ],
)
def test_another_name_is_not_taken_for_one_of_ours(text: str) -> None:
    assert find(text) == []


def test_another_index_does_not_hide_ours() -> None:
    assert find("the Russell 2000 beat the Russell 1000 and the S&P 500") == ["^RUT", "^GSPC"]


def test_an_instrument_in_a_sentence() -> None:
    assert named("^RUT").spoken == "the Russell 2000"
    assert named("IWM").spoken == "IWM"
    assert named("XLF").spoken == "the financials sector fund (XLF)"
    assert named("^RUT").benchmark == named("XLF").benchmark == "^GSPC"
    assert named("IWM").benchmark == "SPY"
    assert named("^GSPC").benchmark is None
    assert (named("^TNX").kind, named("^VIX").kind) == ("yield", "volatility")


def test_an_unlisted_symbol_goes_by_itself() -> None:
    assert (named("^FTSE").spoken, named("^FTSE").kind) == ("^FTSE", "index")
    assert (named("VTI").spoken, named("VTI").kind) == ("VTI", "fund")


def test_the_same_market_under_two_symbols() -> None:
    assert kin("IWM") == kin("^RUT") == {"^RUT", "IWM"}
    assert kin("SPY") == {"^GSPC", "SPY"}
    assert kin("^DJI") == {"^DJI"}
    assert kin("VTI") == {"VTI"}


def test_the_eleven_sectors() -> None:
    assert set(SECTORS) == set("XLB XLC XLE XLF XLI XLK XLP XLRE XLU XLV XLY".split())
    assert len({i.symbol for i in INSTRUMENTS}) == len(INSTRUMENTS)

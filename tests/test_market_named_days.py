"""Days that markets are known for, through the metrics that lay windows on sessions.

Half days, holidays, clock changes, missing days, a late listing, a split: each has one answer.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from market_toys import series, value, when

from qa.domain import Metric
from qa.errors import NotEnoughHistory
from qa.market.instruments import SECTORS
from qa.market.performance import performance
from qa.market.prices import Prices
from qa.market.rates import rates
from qa.market.sectors import sectors
from qa.market.sessions import sessions_between
from qa.market.technicals import technicals

AS_OF = date(2026, 1, 23)


def session_days(first: str, last: str) -> list[str]:
    held = sessions_between(date.fromisoformat(first), date.fromisoformat(last))
    return [str(d.date()) for d in held]


def climbing(symbol: str, days: list[str], step: float = 1.0) -> Prices:
    """A close of 100 on the first of the days, and `step` more on each one after it."""
    return series([100 + step * n for n in range(len(days))], symbol, days=days)


def without(prices: Prices, *days: str) -> Prices:
    kept = prices.frame.drop(pd.DatetimeIndex(days))
    return Prices(prices.symbol, kept, prices.source, prices.retrieved, prices.adjustment)


def perform(prices: Prices, start: str, end: str) -> Metric:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return performance(prices, start=first, end=last, as_of=AS_OF)


def by_sector(funds: list[Prices], start: str, end: str) -> Metric:
    return sectors(funds, start=date.fromisoformat(start), end=date.fromisoformat(end), as_of=AS_OF)


def three(days: list[str]) -> list[Prices]:
    return [climbing(symbol, days, n + 1) for n, symbol in enumerate(SECTORS[:3])]


def state(prices: Prices, on: str) -> Metric:
    return technicals(prices, on=date.fromisoformat(on), as_of=AS_OF)


def yields(prices: Prices, on: str) -> Metric:
    return rates([prices], on=date.fromisoformat(on), as_of=AS_OF)


# Thanksgiving week of 2025: no session on Thursday the 27th, a half day on Friday the 28th.
#                 Mon 24      Tue 25      Wed 26      Fri 28      Mon 1
WEEK = session_days("2025-11-24", "2025-12-01")


def test_a_half_day_is_a_session_like_any_other() -> None:
    assert WEEK == ["2025-11-24", "2025-11-25", "2025-11-26", "2025-11-28", "2025-12-01"]
    m = perform(climbing("^RUT", WEEK), "2025-11-28", "2025-12-01")
    assert value(m, "return") == pytest.approx((104 / 102 - 1) * 100)  # from Wednesday's close
    assert value(m, "sessions") == 2
    now = state(climbing("^RUT", WEEK), "2025-11-28")
    assert (when(now, "session"), value(now, "previous_close")) == ("2025-11-28", 102)
    sector = by_sector(three(WEEK), "2025-11-26", "2025-11-28")
    assert value(sector, "XLB_day") == pytest.approx((103 / 102 - 1) * 100)
    ten_year = yields(climbing("^TNX", WEEK, 0.01), "2025-11-28")
    assert value(ten_year, "ten_year_day") == pytest.approx(1)
    for metric in (m, now, sector, ten_year):
        assert not [n for n in metric.notes if "no price for" in n or "not a session" in n]


def test_a_window_on_a_holiday_moves_and_says_so() -> None:
    said = "2025-11-27 is a market holiday (Thanksgiving), not a session"
    for name, m in {
        "performance": perform(climbing("^RUT", WEEK), "2025-11-25", "2025-11-27"),
        "sectors": by_sector(three(WEEK), "2025-11-25", "2025-11-27"),
        "technicals": state(climbing("^RUT", WEEK), "2025-11-27"),
        "rates": yields(climbing("^TNX", WEEK, 0.01), "2025-11-27"),
    }.items():
        assert m.window is not None
        assert m.window.end == date(2025, 11, 26), name
        assert any(n.startswith(said) for n in m.notes), name
    for name, m in {
        "performance": perform(climbing("^RUT", WEEK), "2025-11-27", "2025-12-01"),
        "sectors": by_sector(three(WEEK), "2025-11-27", "2025-12-01"),
    }.items():
        assert any(n.startswith(said) and "2025-11-28" in n for n in m.notes), name
    # From Wednesday's close, as if it had been asked from Friday on.
    late = perform(climbing("^RUT", WEEK), "2025-11-27", "2025-12-01")
    assert value(late, "return") == pytest.approx((104 / 102 - 1) * 100)


@pytest.mark.parametrize("gone", ["2025-12-09", "2025-12-12"])
def test_a_session_without_a_price_inside_the_window_is_told(gone: str) -> None:
    days = session_days("2025-12-01", "2025-12-19")
    m = perform(without(climbing("^RUT", days), gone), "2025-12-03", "2025-12-17")
    assert value(m, "return") == pytest.approx((112 / 101 - 1) * 100)  # the ends are untouched
    assert value(m, "sessions") == 10
    assert any(n.startswith("1 of the 11 sessions from 2025-12-03 to 2025-12-17") for n in m.notes)
    long = session_days("2025-09-02", "2025-12-19")
    now = state(without(climbing("^RUT", long), gone), "2025-12-19")
    # Twenty closes are one session longer: the mean is of the last 21 without the missing one.
    closes = [100 + n for n in range(len(long) - 21, len(long)) if n != long.index(gone)]
    assert value(now, "average_20") == pytest.approx(sum(closes) / 20)
    assert any(n.startswith(f"1 of the {len(long)} sessions from 2025-09-02") for n in now.notes)


def test_a_fund_halted_inside_the_window_keeps_its_place_among_the_sectors() -> None:
    days = session_days("2025-12-01", "2025-12-19")
    whole = by_sector(three(days), "2025-12-03", "2025-12-17")
    first, *rest = three(days)
    halted = by_sector([without(first, "2025-12-09"), *rest], "2025-12-03", "2025-12-17")
    assert halted.figures == whole.figures
    gone = by_sector([without(first, "2025-12-17"), *rest, climbing("XLI", days)], *WINDOW)
    assert "XLB_day" not in gone.figures
    assert [n for n in gone.notes if n.startswith("Left out") and "XLB" in n]


WINDOW = ("2025-12-03", "2025-12-17")


def test_a_listing_later_than_the_window() -> None:
    days = session_days("2025-12-08", "2025-12-19")
    with pytest.raises(NotEnoughHistory, match="IWM has prices from 2025-12-08 only, not from"):
        perform(climbing("IWM", days), *WINDOW)
    with pytest.raises(NotEnoughHistory, match="from 2025-12-08 only, not on 2025-12-05"):
        state(climbing("IWM", days), "2025-12-05")
    older = session_days("2025-12-01", "2025-12-19")
    m = by_sector([*three(older), climbing("XLV", days)], *WINDOW)
    assert "XLV_period" not in m.figures
    assert [n for n in m.notes if n.startswith("Not in the source") and "XLV" in n]
    rate = rates(
        [climbing("^TNX", older, 0.01), climbing("^IRX", days, 0.01)],
        on=date(2025, 12, 5),
        as_of=AS_OF,
    )
    assert "No 13-week bill yield: ^IRX begins after 2025-12-05." in rate.notes


@pytest.mark.parametrize("sunday", ["2025-03-09", "2025-11-02"])
def test_a_week_with_a_change_of_the_clocks_has_five_sessions(sunday: str) -> None:
    change = pd.Timestamp(sunday)
    days = session_days(
        str((change - pd.Timedelta(days=6)).date()), str((change + pd.Timedelta(days=5)).date())
    )
    assert len(days) == 10
    m = perform(climbing("^RUT", days), days[5], days[9])  # Monday to Friday after it
    assert value(m, "return") == pytest.approx((109 / 104 - 1) * 100)
    assert (when(m, "start_date"), value(m, "sessions")) == (days[4], 5)
    assert value(state(climbing("^RUT", days), days[5]), "previous_close") == 104
    assert value(yields(climbing("^TNX", days, 0.01), days[5]), "ten_year_day") == pytest.approx(1)
    assert m.notes == (
        "No return from the open: the opens are missing or repeat the close before.",
    )
    on_sunday = state(climbing("^RUT", days), sunday)
    assert when(on_sunday, "session") == days[4]


def halved(symbol: str, days: list[str], split: str, *, restated: bool) -> Prices:
    """A fund that stands at 200 and splits two for one, with closes restated for it or not."""
    restated_closes = [100.0 + n % 2 for n in range(len(days))]
    factor = [2.0 if day < split and not restated else 1.0 for day in days]
    raw = [close * by for close, by in zip(restated_closes, factor, strict=True)]
    return series(raw, symbol, days=days, adj_close=restated_closes)


def test_a_split_that_the_closes_are_not_restated_for_is_told() -> None:
    days = session_days("2025-12-01", "2025-12-19")
    split, said = "2025-12-09", "Not comparable across 2025-12-09: the closes of IWM part from its"
    raw, clean = (halved("IWM", days, split, restated=r) for r in (False, True))
    fell, level = perform(raw, *WINDOW), perform(clean, *WINDOW)
    assert value(fell, "return") < -45 < -1 < value(level, "return")
    assert [any(n.startswith(said) for n in m.notes) for m in (fell, level)] == [True, False]
    assert "by a factor of 2 there" in " ".join(fell.notes)
    for prices, told in ((raw, True), (clean, False)):
        now = state(prices, "2025-12-19")
        assert any(n.startswith(said) for n in now.notes) is told
        beside = performance(
            climbing("^RUT", days),
            prices,
            start=date(2025, 12, 3),
            end=date(2025, 12, 17),
            as_of=AS_OF,
        )
        assert any(n.startswith(said) for n in beside.notes) is told
    funds = [*three(days), halved("XLU", days, split, restated=False)]
    m = by_sector(funds, *WINDOW)
    assert [
        n for n in m.notes if n.startswith("Not comparable across 2025-12-09: the closes of XLU")
    ]


def test_a_split_outside_the_window_or_a_dividend_is_no_split_inside_it() -> None:
    days = session_days("2025-12-01", "2025-12-19")
    before = perform(halved("IWM", days, "2025-12-02", restated=False), *WINDOW)
    first = perform(halved("IWM", days, "2025-12-03", restated=False), *WINDOW)
    after = perform(halved("IWM", days, "2025-12-18", restated=False), *WINDOW)
    told = [any("Not comparable" in n for n in m.notes) for m in (before, first, after)]
    assert told == [False, True, False]  # on the first day it parts the prior close from the rest
    paid = [99.0 if day < "2025-12-09" else 100.0 for day in days]  # 1% of dividend
    fund = series([100.0] * len(days), "IWM", days=days, adj_close=paid)
    assert not [n for n in perform(fund, *WINDOW).notes if "Not comparable" in n]

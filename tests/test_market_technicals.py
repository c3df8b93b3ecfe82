"""Technicals on small series: averages, crosses, RSI, volatility, the 52-week range."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from statistics import fmean, stdev

import pandas as pd
import pytest
from market_toys import series, value, when

from qa.domain import Metric
from qa.errors import NotEnoughHistory
from qa.market.technicals import technicals

AS_OF = date(2026, 1, 23)
CLOSES = [100, 102, 101, 105, 100, 98, 104, 110, 99, 108]  # from Monday 2025-07-07


def test_averages_and_distances() -> None:
    # Closes 101..160: the last 20 are 141..160, mean 150.5; the last 50 are 111..160, mean 135.5.
    m = technicals(series([101.0 + n for n in range(60)]), as_of=AS_OF)
    assert value(m, "average_20") == pytest.approx(150.5)
    assert value(m, "distance_20") == pytest.approx(9.5 / 150.5 * 100)
    assert value(m, "average_50") == pytest.approx(135.5)
    assert value(m, "distance_50") == pytest.approx(24.5 / 135.5 * 100)
    assert "average_200" not in m.figures
    assert "No 200-day average: ^RUT has 60 sessions of history." in m.notes
    assert (value(m, "close"), value(m, "previous_close")) == (160, 159)
    assert value(m, "day_change") == pytest.approx(100 / 159)
    assert value(m, "day_points") == 1
    assert m.table is not None
    assert m.table.rows[-1][1:] == (160.0, 150.5, 135.5, None)
    assert m.table.rows[18][2] is None
    assert m.table.rows[19][2] == fmean(range(101, 121))


@pytest.mark.parametrize(("rows", "held"), [(19, []), (20, [20]), (50, [20, 50]), (49, [20])])
def test_an_average_needs_all_its_days(rows: int, held: list[int]) -> None:
    m = technicals(series([100.0] * rows), as_of=AS_OF)
    assert [n for n in (20, 50, 200) if f"average_{n}" in m.figures] == held
    assert sum("-day average" in n for n in m.notes) == 3 - len(held)


def test_a_first_session_has_no_day_move() -> None:
    m = technicals(series(CLOSES), on=date(2025, 7, 7), as_of=AS_OF)
    assert value(m, "close") == 100
    assert "day_change" not in m.figures
    with pytest.raises(NotEnoughHistory, match=r"has prices from 2025-07-07 only, not on"):
        technicals(series(CLOSES), on=date(2025, 7, 6), as_of=AS_OF)


WEEKDAYS = [str(d.date()) for d in pd.bdate_range(end="2026-01-23", periods=300)]


def a_year(marks: dict[str, tuple[float, float, float]]) -> tuple[list[float], ...]:
    """Lows, highs and closes of 300 weekdays, 90, 110 and 100 but for the days in `marks`."""
    bars = [marks.get(day, (90.0, 110.0, 100.0)) for day in WEEKDAYS]
    low, high, close = zip(*bars, strict=True)
    return list(low), list(high), list(close)


def test_the_52_week_range_intraday_and_of_closes() -> None:
    low, high, closes = a_year(
        {
            "2025-01-22": (1, 999, 50),  # a day too early
            "2025-01-23": (60, 110, 88),  # the same day a year before counts
            "2025-04-08": (80, 110, 85),  # the lowest close is not on the day of the lowest low
            "2025-10-15": (90, 160, 111),
            "2025-11-12": (90, 120, 115),
        }
    )
    m = technicals(series(closes, days=WEEKDAYS, low=low, high=high), as_of=AS_OF)
    assert (value(m, "low_52w"), when(m, "low_52w_date")) == (60, "2025-01-23")
    assert (value(m, "high_52w"), when(m, "high_52w_date")) == (160, "2025-10-15")
    assert (value(m, "close_low_52w"), when(m, "close_low_52w_date")) == (85, "2025-04-08")
    assert (value(m, "close_high_52w"), when(m, "close_high_52w_date")) == (115, "2025-11-12")
    assert value(m, "from_high_52w") == pytest.approx(-37.5)  # 100 against 160
    assert value(m, "position_52w") == pytest.approx(40)  # 40 of the 100 between 60 and 160
    assert "intraday unless it says close" in m.definition
    assert m.notes == ()


def test_the_52_week_range_where_there_are_closes_only() -> None:
    closes = a_year({"2025-04-08": (0, 0, 80), "2025-11-12": (0, 0, 120)})[2]
    m = technicals(series(closes, days=WEEKDAYS), as_of=AS_OF)
    assert "low_52w" not in m.figures
    assert (value(m, "close_low_52w"), value(m, "close_high_52w")) == (80, 120)
    assert value(m, "position_52w") == pytest.approx(50)
    assert value(m, "from_high_52w") == pytest.approx(-100 / 6)
    assert "range of closes" in m.definition
    assert "The 52-week range is of closes" in m.notes[-1]


@pytest.mark.parametrize(
    ("first", "held"),
    [("2025-01-23", True), ("2025-01-24", False), ("2025-01-28", False)],
)
def test_a_52_week_range_needs_the_whole_year(first: str, held: bool) -> None:
    days = [str(d.date()) for d in pd.bdate_range(first, "2026-01-23")]
    m = technicals(series([100.0] * len(days), days=days), as_of=AS_OF)
    assert ("close_low_52w" in m.figures) is held
    said = [n for n in m.notes if n == f"No 52-week range: ^RUT has prices from {first} only."]
    assert bool(said) is not held


def test_a_year_that_begins_on_a_closed_day() -> None:
    # A year before Tuesday 2026-01-20 is Monday 2025-01-20, a holiday: Tuesday will do.
    days = [str(d.date()) for d in pd.bdate_range("2025-01-21", "2026-01-20")]
    m = technicals(series([100.0] * len(days), days=days), as_of=AS_OF, on=date(2026, 1, 20))
    assert value(m, "close_low_52w") == 100
    assert "position_52w" not in m.figures  # a range of nothing has no places in it


def test_a_yield_moves_in_basis_points() -> None:
    m = technicals(series([4.0] * 20 + [4.12], "^TNX"), as_of=AS_OF)
    assert m.figures["close"].unit == m.figures["average_20"].unit == "percent"
    assert m.figures["day_change"].unit == "basis_points"
    assert value(m, "day_change") == pytest.approx(12)
    assert "day_points" not in m.figures


def test_a_yield_of_nothing_has_no_distance() -> None:
    days = [str(d.date()) for d in pd.bdate_range("2020-03-02", "2021-03-05")]
    m = technicals(series([0.0] * len(days), "^IRX", days=days), as_of=AS_OF)
    assert value(m, "average_20") == value(m, "close_high_52w") == 0
    assert not {"distance_20", "from_high_52w"} & set(m.figures)


def test_the_state_of_an_earlier_day_uses_nothing_later() -> None:
    prices = series([101.0 + n for n in range(40)])
    m = technicals(prices, on=date(2025, 8, 10), as_of=AS_OF)  # a Sunday
    assert when(m, "session") == "2025-08-08"
    assert value(m, "close") == 125  # the 25th weekday from 2025-07-07
    assert value(m, "average_20") == pytest.approx(fmean(range(106, 126)))
    assert m.notes[0].startswith("2025-08-10 is a Sunday, not a session; the last session is that")
    assert m.window is not None
    assert str(m.window.end) == "2025-08-08"


def test_a_day_without_a_price_is_said() -> None:
    stale = technicals(series(CLOSES), on=date(2025, 7, 22), as_of=AS_OF)
    assert "There is no price for 2025-07-22" in stale.notes[0]
    assert "Friday 2025-07-18" in stale.notes[0]
    gap = technicals(series([10, 11], days=["2025-07-07", "2025-07-09"]), as_of=AS_OF)
    assert [n for n in gap.notes if "no price for 2025-07-08" in n]


# The closes of the RSI page of StockCharts' ChartSchool, and the RSI that its spreadsheet gives.
SCHOOL = [
    *(44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826),
    *(45.8931, 46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439),
    *(46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672),
    *(43.4205, 42.6628, 43.1314),
]
SCHOOL_RSI = [
    *(70.5328, 66.3186, 66.5498, 69.4063, 66.3552, 57.9749, 62.9296, 63.2571, 56.0593, 62.3771),
    *(54.7076, 50.4228, 39.9898, 41.4605, 41.8689, 45.4632, 37.3040, 33.0795, 37.7730),
]


@pytest.mark.parametrize("last", range(15, 34))
def test_the_rsi_of_a_published_worked_example(last: int) -> None:
    m = technicals(series(SCHOOL[:last]), as_of=AS_OF)
    assert value(m, "rsi_14") == pytest.approx(SCHOOL_RSI[last - 15], abs=1e-4)
    assert m.figures["rsi_14"].unit == "ratio"
    assert [n for n in m.notes if n.startswith(f"The RSI smooths over all {last} sessions")]


def test_an_rsi_takes_fourteen_changes_and_a_run_in() -> None:
    short = technicals(series(SCHOOL[:14]), as_of=AS_OF)
    assert "rsi_14" not in short.figures
    assert "No RSI: ^RUT has 14 sessions of history; it takes 15." in short.notes
    for rows, said in ((99, True), (100, False)):
        long = technicals(series((SCHOOL * 4)[:rows]), as_of=AS_OF)
        assert any("with a longer history" in n for n in long.notes) is said


def test_an_rsi_at_its_ends_and_of_nothing() -> None:
    rising = [100.0 + n for n in range(30)]
    assert value(technicals(series(rising), as_of=AS_OF), "rsi_14") == 100
    assert value(technicals(series(rising[::-1]), as_of=AS_OF), "rsi_14") == 0
    still = technicals(series([100.0] * 30), as_of=AS_OF)
    assert "rsi_14" not in still.figures
    assert "No RSI: no close of ^RUT differs from the one before." in still.notes
    # A gain of 13 and thirteen standstills: an average gain of 13/14, and no loss yet; then a loss
    # of 13 makes 13/14 of that gain against 13/14 of a loss of 1/14 * 14/13 ...
    m = technicals(series([100.0, 113.0, *[113.0] * 13, 100.0]), as_of=AS_OF)
    # ... gains 13/14 * 13/14 = 169/196, losses 13/14 = 182/196: 169 of 351.
    assert value(m, "rsi_14") == pytest.approx(100 * 169 / 351)


def test_the_session_a_close_crossed_its_average() -> None:
    # Twenty at 100, then 110 (over an average of 100.5), 110, 90 (under 100.5), 90, 90.
    closes = [100.0] * 20 + [110.0, 110.0, 90.0, 90.0, 90.0]
    for rows, day, since in ((23, 22, 0), (25, 22, 2)):
        m = technicals(series(closes[:rows]), as_of=AS_OF)
        expected = pd.bdate_range("2025-07-07", periods=rows)[day]
        assert when(m, "cross_20_date") == str(expected.date())
        assert value(m, "cross_20_sessions") == since
        assert m.figures["cross_20_sessions"].unit == "sessions"
    # From the average itself to one side is no cross: there was no other side.
    assert "cross_20_date" not in technicals(series(closes[:22]), as_of=AS_OF).figures
    assert "cross_50_date" not in m.figures


def test_a_touch_of_an_average_is_no_cross() -> None:
    # Under it, over it, then on it (17 at 100.1, 90.1, 110.1 and 100.1: all but the last digits of
    # a float), then over it again.
    closes = [100.1] * 20 + [90.1, 110.1, 100.1, 120.1]
    m = technicals(series(closes), as_of=AS_OF)
    assert value(m, "cross_20_sessions") == 2  # the 110.1, and not the 120.1


# 200 closes at 100, 100 at 90, 60 at 120, 40 at 80. After k closes of 120 the 50-day average is
# 90 + 0.6 k, the 200-day one 95 + 0.1 k: level at k = 10, over it from k = 11 on (row 310). After
# j closes of 80 they are 120 - 0.8 j and 101 - 0.1 j: under it from j = 28 on (row 387).
SWING = [100.0] * 200 + [90.0] * 100 + [120.0] * 60 + [80.0] * 40
SWING_DAYS = [str(d.date()) for d in pd.bdate_range(end="2026-01-23", periods=400)]


@pytest.mark.parametrize(
    ("rows", "golden", "death"),
    [
        (300, None, None),  # under it, and never was over it
        (310, None, None),  # level: a touch
        (311, 310, None),
        (387, 310, None),
        (388, 310, 387),
        (400, 310, 387),
    ],
)
@pytest.mark.parametrize("part", [1, 23])  # by 23, floats put the level averages on two sides
def test_the_golden_and_the_death_cross(
    rows: int, golden: int | None, death: int | None, part: int
) -> None:
    swing = [close / part for close in SWING[:rows]]
    m = technicals(series(swing, days=SWING_DAYS[:rows]), as_of=AS_OF)
    for name, row in (("golden", golden), ("death", death)):
        assert (f"{name}_cross_date" in m.figures) is (row is not None)
        if row is not None:
            assert when(m, f"{name}_cross_date") == SWING_DAYS[row]
            assert value(m, f"{name}_cross_sessions") == rows - 1 - row
    assert m.definition.count("of which the history has none") == [golden, death].count(None)


def test_the_fifty_day_average_over_the_two_hundred_day_one() -> None:
    m = technicals(series(SWING, days=SWING_DAYS), as_of=AS_OF)
    # j = 40: 120 - 32 = 88 against 101 - 4 = 97.
    assert (value(m, "average_50"), value(m, "average_200")) == pytest.approx((88, 97))
    assert value(m, "distance_50_200") == pytest.approx((88 / 97 - 1) * 100)
    short = technicals(series(SWING[:199]), as_of=AS_OF)
    assert not {"distance_50_200", "golden_cross_date"} & set(short.figures)
    assert "golden" not in short.definition


def test_what_was_realised_against_what_is_implied() -> None:
    closes = [100.0 * 1.01 ** (n % 3) for n in range(30)]
    vix = series([20.0] * 29 + [25.0], "^VIX")
    m = technicals(series(closes, "^GSPC"), vix, as_of=AS_OF)
    returns = [(b / a - 1) * 100 for a, b in pairwise(closes[8:])]
    assert len(returns) == 21
    assert value(m, "realised_21") == pytest.approx(stdev(returns) * 252**0.5)
    assert value(m, "implied") == 25
    assert value(m, "implied_less_realised") == pytest.approx(25 - stdev(returns) * 252**0.5)
    assert m.figures["implied_less_realised"].unit == "percentage_points"
    assert m.symbols == ("^GSPC", "^VIX")
    assert "implied is the close of ^VIX that day, and looks ahead" in m.definition


def test_an_implied_volatility_of_another_day_is_none() -> None:
    own = series([100.0 + n % 3 for n in range(30)], "^GSPC")
    m = technicals(own, series([20.0] * 29, "^VIX"), as_of=AS_OF)
    assert not {"implied", "implied_less_realised"} & set(m.figures)
    assert [n for n in m.notes if n.startswith("No implied volatility: ^VIX has no price for")]
    assert "implied" not in m.definition
    alone = technicals(own, as_of=AS_OF)
    assert "realised_21" in alone.figures
    assert not [n for n in alone.notes if "implied" in n]


def test_a_realised_volatility_takes_twenty_one_returns() -> None:
    for rows, held in ((21, False), (22, True)):
        m = technicals(series([100.0 + n % 3 for n in range(rows)]), as_of=AS_OF)
        assert ("realised_21" in m.figures) is held
        assert any(n.startswith("No realised volatility") for n in m.notes) is not held
    ten_year = technicals(series([4.0 + n % 3 / 10 for n in range(30)], "^TNX"), as_of=AS_OF)
    assert "realised_21" not in ten_year.figures
    assert "rsi_14" in ten_year.figures


def test_nothing_after_the_day_changes_a_figure() -> None:
    day = date.fromisoformat(SWING_DAYS[349])
    whole = series(SWING, days=SWING_DAYS)
    vix = series([20.0 + n % 7 for n in range(400)], "^VIX", days=SWING_DAYS)
    early = technicals(whole, vix, on=day, as_of=AS_OF)
    cut: Metric = technicals(whole.until(day), vix.until(day), on=day, as_of=AS_OF)
    assert early.figures == cut.figures
    assert early.table == cut.table
    assert early.notes == cut.notes

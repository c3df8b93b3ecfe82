"""A window's best and worst day, the return with dividends, a day's range, a yield's change."""

from __future__ import annotations

from datetime import date

import pytest
from market_toys import series, value, when

from qa.market.drawdown import drawdown
from qa.market.performance import performance
from qa.market.rates import rates
from qa.market.technicals import technicals

#         Mon  Tue  Wed  Thu  Fri      from Monday 2025-07-07
CLOSES = [100, 110, 99, 108.9, 98.01]
TUESDAY, FRIDAY = date(2025, 7, 8), date(2025, 7, 11)


def test_the_best_and_the_worst_day_begin_with_the_close_before_the_window() -> None:
    m = performance(series(CLOSES), start=TUESDAY, end=FRIDAY, as_of=FRIDAY)
    # +10 % on Tuesday, -10 % on Wednesday, +10 % on Thursday, -10 % on Friday: the first of each
    assert value(m, "best_day") == pytest.approx(10)
    assert value(m, "worst_day") == pytest.approx(-10)
    assert when(m, "best_day_date") == "2025-07-08"
    later = performance(series([100, 105, 94.5, 94.5, 96]), start=TUESDAY, end=FRIDAY, as_of=FRIDAY)
    assert when(later, "best_day_date") == "2025-07-08"  # 105 / 100
    assert when(later, "worst_day_date") == "2025-07-09"  # 94.5 / 105


def test_one_session_has_no_best_day() -> None:
    m = performance(series(CLOSES), start=FRIDAY, end=FRIDAY, as_of=FRIDAY)
    assert not {name for name in m.figures if name.startswith(("best", "worst"))}


def test_the_total_return_is_that_of_the_adjusted_closes() -> None:
    # a dividend of 1 before Thursday's session: what was paid before counts for less
    adjusted = series([100, 100, 100, 99, 99], "SPY", adj_close=[99.0, 99, 99, 99, 99])
    m = performance(adjusted, start=TUESDAY, end=FRIDAY, as_of=FRIDAY)
    assert value(m, "return") == pytest.approx(-1)
    assert value(m, "total_return") == pytest.approx(0)
    assert "adjusted for dividends" in m.definition


def test_without_adjusted_closes_or_from_an_open_there_is_no_total_return() -> None:
    plain = performance(series(CLOSES, "SPY"), start=TUESDAY, end=FRIDAY, as_of=FRIDAY)
    assert "total_return" not in plain.figures
    assert "Total return" not in plain.definition


def test_the_benchmark_has_its_total_return_too() -> None:
    own = series(CLOSES, "IWM", adj_close=[90.0, 99, 99, 99, 99])
    other = series([100, 100, 100, 100, 102], "SPY", adj_close=[100.0, 100, 100, 100, 103])
    m = performance(own, other, start=TUESDAY, end=FRIDAY, as_of=FRIDAY)
    assert value(m, "total_return") == pytest.approx(10)  # 99 / 90
    assert value(m, "total_return_benchmark") == pytest.approx(3)


def test_the_deepest_fall_has_its_two_closes() -> None:
    m = drawdown(series([100, 120, 90, 96, 117]), start=date(2025, 7, 7), end=FRIDAY, as_of=FRIDAY)
    assert (value(m, "deepest_peak"), value(m, "deepest_trough")) == (120, 90)


def test_a_day_has_its_high_and_low_where_the_data_have_them() -> None:
    high, low = [101.0, 111, 112, 113, 110], [99.0, 100, 98, 97, 96]
    m = technicals(series(CLOSES, high=high, low=low), as_of=FRIDAY)
    assert (value(m, "high"), value(m, "low")) == (110, 96)
    missing = series(CLOSES, high=high, low=[*low[:4], float("nan")])
    assert "low" not in technicals(missing, as_of=FRIDAY).figures


def test_a_yield_changes_from_the_last_level_before_the_window() -> None:
    ten = series([4.25, 4.10, 4.20, 4.05, 4.00], "^TNX")
    m = rates([ten], on=FRIDAY, since=date(2025, 7, 9), as_of=FRIDAY)
    assert value(m, "ten_year_before") == pytest.approx(4.10)
    assert when(m, "ten_year_before_date") == "2025-07-08"
    assert value(m, "ten_year_since") == pytest.approx(-10)
    assert m.arguments["since"] == "2025-07-09"


def test_a_window_that_begins_before_the_yield_says_so() -> None:
    m = rates([series([4.25, 4.10], "^TNX")], since=date(2025, 7, 7), as_of=FRIDAY)
    assert "ten_year_since" not in m.figures
    assert any(note.startswith("No change since 2025-07-07") for note in m.notes)

"""Runs of sessions that closed higher or lower, counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from market_toys import series, value, when

from qa.domain import Metric
from qa.market.compare import compare
from qa.market.performance import performance
from qa.market.technicals import technicals

#         Mon  Tue  Wed  Thu  Fri  Mon  Tue  Wed  Thu      from Monday 2025-07-07
CLOSES: list[float] = [100, 101, 102, 103, 102, 101, 101, 102, 103]


def state(closes: Sequence[float]) -> Metric:
    prices = series(closes)
    return technicals(prices, as_of=prices.last)


def test_a_run_ends_with_the_last_close() -> None:
    m = state(CLOSES)  # up on Wednesday and Thursday, unchanged on the Tuesday before
    assert (value(m, "rising"), when(m, "rising_since")) == (2, "2025-07-16")
    assert m.figures["rising"].unit == "sessions"
    assert "falling" not in m.figures
    down = state(CLOSES[:6])
    assert (value(down, "falling"), when(down, "falling_since")) == (2, "2025-07-11")
    assert "rising" not in down.figures


@pytest.mark.parametrize("closes", [CLOSES[:7], CLOSES[:1]])
def test_after_an_unchanged_close_or_without_one_before_there_is_no_run(
    closes: list[float],
) -> None:
    assert not {"rising", "falling"} & set(state(closes).figures)


def test_the_longest_runs_of_a_window_are_those_inside_it() -> None:
    prices = series(CLOSES)

    def over(start: date, end: date = prices.last) -> Metric:
        return performance(prices, start=start, end=end, as_of=prices.last)

    whole = over(date(2025, 7, 8))
    assert value(whole, "longest_rising") == 3
    assert when(whole, "longest_rising_start") == "2025-07-08"
    assert when(whole, "longest_rising_end") == "2025-07-10"
    assert (value(whole, "longest_falling"), when(whole, "longest_falling_end")) == (
        2,
        "2025-07-14",
    )
    late = over(date(2025, 7, 10))  # of the run of three only its last day, so the later two
    assert (value(late, "longest_rising"), when(late, "longest_rising_start")) == (2, "2025-07-16")
    falling = over(date(2025, 7, 11), date(2025, 7, 15))
    assert "longest_rising" not in falling.figures


def test_the_ratio_is_that_of_the_last_closes_of_the_window() -> None:
    own, other = series([100.0 + n for n in range(13)]), series([400.0] * 13, symbol="^GSPC")
    m = compare(own, other, start=own.first, end=own.last, as_of=own.last, basis="close")
    assert value(m, "ratio") == pytest.approx(112 / 400)
    assert (m.figures["ratio"].unit, m.figures["ratio"].decimals) == ("ratio", 4)

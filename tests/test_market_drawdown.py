"""`drawdown`: falls from a record and inside a window, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from market_toys import series, value, when

from qa.domain import Metric
from qa.errors import BadDate, NotAvailable, NotEnoughHistory
from qa.market.drawdown import drawdown
from qa.market.prices import Prices

#         Mon  Tue Wed Thu  Fri  Mon  Tue      from Monday 2025-07-07
CLOSES = [100, 120, 90, 96, 120, 130, 117]
MONDAY, END = date(2025, 7, 7), date(2025, 7, 15)
DATES = {"deepest_peak_date", "deepest_trough_date", "deepest_sessions", "recovered_date"}


def fall(prices: Prices, start: date = MONDAY, end: date = END) -> Metric:
    return drawdown(prices, start=start, end=end, as_of=end)


def whole(closes: list[float]) -> Metric:
    prices = series(closes)
    return fall(prices, prices.first, prices.last)


def test_the_fall_from_the_record_and_the_deepest_one() -> None:
    m = fall(series(CLOSES))
    assert value(m, "current") == pytest.approx(-10)  # 117 / 130
    assert (value(m, "peak"), when(m, "peak_date")) == (130, "2025-07-14")
    assert value(m, "deepest") == pytest.approx(-25)  # 90 / 120
    assert when(m, "deepest_peak_date") == "2025-07-08"
    assert when(m, "deepest_trough_date") == "2025-07-09"
    assert when(m, "recovered_date") == "2025-07-11"  # 120 is that level, not above it
    assert value(m, "deepest_sessions") == 1
    assert when(m, "history_start") == "2025-07-07"
    units = {name: figure.unit for name, figure in m.figures.items()}
    assert (units["current"], units["deepest"]) == ("percent", "percent")
    assert (units["peak"], units["deepest_sessions"]) == ("price", "sessions")
    assert m.arguments == {"symbol": "^RUT", "start": "2025-07-07", "end": "2025-07-15"}
    assert m.definition == (
        "Closes only, price index, no dividends: current is the close of 2025-07-15 over the "
        "highest close since 2025-07-07, less one; deepest is the deepest fall of a close from "
        "2025-07-07 to 2025-07-15 below the highest close before it in that window."
    )
    assert m.table is not None
    assert m.table.columns == ("date", "drawdown")
    assert [row[1] for row in m.table.rows] == [0, 0, -25, -20, 0, 0, -10]
    assert m.table.rows[-1][0] == END
    assert m.notes == ()


def test_the_record_may_lie_before_the_window_and_the_deepest_fall_does_not_see_it() -> None:
    m = fall(series([260, 100, *CLOSES], first="2025-07-03"), start=date(2025, 7, 9))
    # Thursday 260, Friday 100 (a toy: no holiday), then CLOSES; from Wednesday, 90 is the first.
    assert value(m, "current") == pytest.approx(-55)  # 117 / 260
    assert when(m, "peak_date") == "2025-07-03"
    assert when(m, "history_start") == "2025-07-03"
    assert value(m, "deepest") == pytest.approx(-10)  # 130 -> 117
    assert (when(m, "deepest_peak_date"), when(m, "deepest_trough_date")) == (
        "2025-07-14",
        "2025-07-15",
    )
    assert "recovered_date" not in m.figures
    assert m.table is not None
    assert m.table.rows[0] == (date(2025, 7, 9), 0)


def test_a_recovery_after_the_end_is_not_known() -> None:
    m = fall(series(CLOSES), end=date(2025, 7, 10))
    assert "recovered_date" not in m.figures
    assert value(m, "deepest") == pytest.approx(-25)
    assert value(m, "current") == pytest.approx(-20)  # 96 / 120
    assert when(m, "peak_date") == "2025-07-08"


def test_the_deepest_fall_is_neither_the_lowest_close_nor_the_highest_peak() -> None:
    # 50 is the lowest close and 200 the highest; the deepest fall is 180 -> 99, by 45 percent.
    m = whole([52, 50, 180, 150, 99, 200, 120])
    assert value(m, "deepest") == pytest.approx(-45)
    assert (when(m, "deepest_peak_date"), when(m, "deepest_trough_date")) == (
        "2025-07-09",
        "2025-07-11",
    )
    assert value(m, "deepest_sessions") == 2
    assert when(m, "recovered_date") == "2025-07-14"


def test_a_fall_begins_on_the_last_day_at_its_peak() -> None:
    m = whole([100, 110, 110, 99, 110, 110])
    assert when(m, "deepest_peak_date") == "2025-07-09"
    assert value(m, "deepest_sessions") == 1
    assert value(m, "current") == 0
    assert when(m, "peak_date") == "2025-07-14"
    # Of two falls as deep, the first.
    assert when(whole([100, 90, 100, 90]), "deepest_trough_date") == "2025-07-08"


def test_a_record_on_the_last_day() -> None:
    m = whole([100, 80, 101])
    assert value(m, "current") == 0
    assert (value(m, "peak"), when(m, "peak_date")) == (101, "2025-07-09")
    assert value(m, "deepest") == pytest.approx(-20)
    assert when(m, "recovered_date") == "2025-07-09"


@pytest.mark.parametrize("closes", [[5, 5, 5, 5], [1, 2, 3, 4]])
def test_without_a_fall_there_is_nothing_to_date(closes: list[float]) -> None:
    m = whole(closes)
    assert (value(m, "current"), value(m, "deepest")) == (0, 0)
    assert not DATES & set(m.figures)
    assert when(m, "peak_date") == "2025-07-10"
    assert m.table is not None
    assert [row[1] for row in m.table.rows] == [0, 0, 0, 0]


def test_one_session_has_a_distance_from_the_record_and_no_deepest_fall() -> None:
    m = fall(series(CLOSES), start=END)
    assert value(m, "current") == pytest.approx(-10)
    assert "deepest" not in m.figures
    assert not DATES & set(m.figures)
    assert "deepest" not in m.definition
    assert m.notes == ("No deepest fall: the window holds one session, 2025-07-15.",)


def test_nothing_after_the_end_counts() -> None:
    one = fall(series(CLOSES))
    two = fall(series([*CLOSES, 500, 1, 900]))
    assert one.figures == two.figures
    assert (one.table, one.notes, one.definition) == (two.table, two.notes, two.definition)
    assert one.window == two.window


def test_a_start_on_a_holiday_moves_to_the_next_session() -> None:
    days = ["2025-07-02", "2025-07-03", "2025-07-07", "2025-07-08"]
    m = fall(series([100, 120, 90, 81], days=days), date(2025, 7, 4), date(2025, 7, 8))
    assert "2025-07-04 is a market holiday" in m.notes[0]
    assert value(m, "deepest") == pytest.approx(-10)  # 90 -> 81; the 120 lies before
    assert value(m, "current") == pytest.approx(-32.5)  # 81 / 120
    assert m.window is not None
    assert m.window.start == date(2025, 7, 7)


def test_a_hole_anywhere_in_the_history_may_hide_a_record() -> None:
    days = ["2025-07-07", "2025-07-09", "2025-07-10", "2025-07-11"]
    m = fall(series([100, 120, 90, 81], days=days), date(2025, 7, 10), date(2025, 7, 11))
    assert m.notes == (
        "1 of the 5 sessions from 2025-07-07 to 2025-07-11 have no price of ^RUT; its figures go "
        "by the others.",
    )


def test_what_is_refused() -> None:
    with pytest.raises(NotAvailable, match=r"\^TNX is a yield"):
        fall(series(CLOSES, "^TNX"))
    with pytest.raises(NotEnoughHistory, match="prices from 2025-07-07 only"):
        fall(series(CLOSES), start=date(2025, 7, 3))
    with pytest.raises(BadDate, match="swap the dates"):
        fall(series(CLOSES), start=END, end=MONDAY)


def test_closes_of_unknown_adjustment_are_called_so() -> None:
    assert "is not stated" in fall(series(CLOSES, "XLE", adjustment="unknown")).definition
    assert "distributions left out" in fall(series(CLOSES, "IWM")).definition

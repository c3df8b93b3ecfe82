"""`rates`: levels, moves in basis points and slopes, worked by hand and from the real tape."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd
import pytest
from conftest import SHARED, needs_real_tape
from market_toys import series, value, when

from qa.domain import Metric
from qa.errors import NotAvailable
from qa.market.prices import Prices
from qa.market.rates import is_yield, rates
from qa.market.tape import Tape

AS_OF = date(2026, 1, 23)
LAST = date(2025, 8, 8)

# 25 sessions from Monday 2025-07-07 to Friday 2025-08-08; the one 21 before the last is the
# fourth, Thursday 2025-07-10.
MOVES = [9.0, 9.0, 9.0, 4.00, *[9.0] * 19, 4.25, 4.30]  # the day: +5, the month: +30


def flat(level: float, symbol: str, n: int = 25) -> Prices:
    return series([level] * n, symbol)


def ten() -> Prices:
    return series(MOVES, "^TNX")


def without(prices: Prices, *rows: int) -> Prices:
    kept = [i for i in range(len(prices.frame)) if i not in rows]
    return Prices("^TNX", prices.frame.iloc[kept], prices.source, prices.retrieved)


def ask(*yields: Prices, on: date = LAST) -> Metric:
    return rates(yields, on=on, as_of=AS_OF)


def test_the_level_and_its_moves_in_basis_points() -> None:
    m = ask(ten())
    assert value(m, "ten_year") == pytest.approx(4.30)
    assert value(m, "ten_year_day") == pytest.approx(5)  # 4.30 less 4.25
    assert value(m, "ten_year_month") == pytest.approx(30)  # 4.30 less 4.00
    assert m.figures["ten_year"].unit == "percent"
    assert m.figures["ten_year_month"].unit == "basis_points"
    assert when(m, "session") == "2025-08-08"


def test_the_slopes_are_the_longer_less_the_shorter() -> None:
    m = ask(flat(4.90, "^TYX"), ten(), flat(3.80, "^IRX"), flat(4.10, "^FVX"))
    assert value(m, "curve_ten_bill") == pytest.approx(0.50)  # 4.30 less 3.80
    assert value(m, "curve_ten_bill_basis_points") == pytest.approx(50)
    assert value(m, "curve_thirty_ten") == pytest.approx(0.60)  # 4.90 less 4.30
    assert m.figures["curve_ten_bill"].unit == "percentage_points"
    assert (value(m, "bill"), value(m, "five_year"), value(m, "thirty_year")) == (3.8, 4.1, 4.9)
    assert m.symbols == ("^IRX", "^FVX", "^TNX", "^TYX")  # by maturity, however they are given
    assert "discount basis" in m.definition
    assert any("discount basis" in note for note in m.notes)
    assert "as Yahoo quotes them" in m.definition


def test_an_inverted_slope_and_a_yield_below_zero() -> None:
    m = ask(ten(), flat(5.05, "^IRX"))
    assert value(m, "curve_ten_bill") == pytest.approx(-0.75)
    m = ask(series([*[0.1] * 24, -0.05], "^IRX"))
    assert value(m, "bill") == pytest.approx(-0.05)
    assert value(m, "bill_day") == pytest.approx(-15)


def test_a_year_before_is_the_last_close_up_to_the_same_day() -> None:
    days = ["2024-08-08", "2024-08-09", "2024-08-12", "2025-08-08", "2025-08-11"]
    m = ask(series([4.10, 4.20, 9.0, 9.0, 4.30], "^TNX", days=days), on=date(2025, 8, 11))
    assert value(m, "ten_year_year") == pytest.approx(10)  # 2024-08-11 was a Sunday: the 9th
    assert not any("no price for 2024" in note for note in m.notes)  # and nothing is missing
    m = ask(series([4.10, 4.20, 9.0, 4.30], "^TNX", days=days[:4]))
    assert value(m, "ten_year_year") == pytest.approx(20)  # the 8th itself


def test_a_missing_session_does_not_shift_the_month() -> None:
    m = ask(without(ten(), 10))
    assert value(m, "ten_year_month") == pytest.approx(30)
    assert not any("no price for" in note for note in m.notes)


def test_a_missing_session_that_a_move_is_measured_from_is_said() -> None:
    m = ask(without(ten(), 3, 23))
    assert value(m, "ten_year_month") == pytest.approx(-470)  # from Wednesday's 9.00
    assert value(m, "ten_year_day") == pytest.approx(-470)
    notes = [note for note in m.notes if "no price for" in note]
    assert ["2025-08-07" in notes[0], "Wednesday 2025-08-06" in notes[0]] == [True, True]
    assert ["2025-07-10" in notes[1], "Wednesday 2025-07-09" in notes[1]] == [True, True]


def test_what_is_too_short_is_left_out_and_said() -> None:
    m = ask(series(MOVES[-21:], "^TNX", first="2025-07-11"))  # twenty sessions before the last
    assert value(m, "ten_year_day") == pytest.approx(5)
    assert not {"ten_year_month", "ten_year_year"} & set(m.figures)
    assert "No month change of the 10-year yield: ^TNX has prices from 2025-07-11 only." in m.notes
    assert any(note.startswith("No year change of the 10-year") for note in m.notes)
    assert "month" not in m.definition
    alone = ask(series([4.0], "^TNX", first="2025-08-08"))
    assert value(alone, "ten_year") == 4
    assert "ten_year_day" not in alone.figures


def test_a_yield_without_the_newest_session_is_left_out() -> None:
    m = ask(ten(), flat(3.8, "^IRX", 24), flat(4.9, "^TYX"))  # the bill ends on Thursday
    assert not {"bill", "bill_day", "curve_ten_bill"} & set(m.figures)
    assert value(m, "curve_thirty_ten") == pytest.approx(0.6)
    assert (
        "No 13-week bill yield: the last price of ^IRX is that of 2025-08-07, not of 2025-08-08."
        in m.notes
    )
    assert "No 5-year yield: ^FVX is not among the series given." in m.notes
    assert m.table is not None
    assert m.table.columns == ("date", "^TNX", "^TYX")


def test_a_closed_day_moves_to_the_session_before() -> None:
    m = ask(ten(), on=date(2025, 8, 10))
    assert when(m, "session") == "2025-08-08"
    assert m.notes[0] == (
        "2025-08-10 is a Sunday, not a session; the last session is that of Friday 2025-08-08."
    )
    assert m.arguments == {"on": "2025-08-10"}


def test_rows_after_the_day_change_nothing() -> None:
    longer = [
        series([*MOVES, 7.77, 8.88], "^TNX"),
        flat(3.8, "^IRX", 24),
        series([6.0], "^FVX", first="2025-08-11"),  # begins later: as if it had no prices
    ]
    m, cut = ask(*longer), ask(*(p.until(LAST) for p in longer))
    assert m == cut  # the id and the hash of the data too
    assert value(m, "ten_year") == pytest.approx(4.30)
    assert "No 5-year yield: ^FVX begins after 2025-08-08." in m.notes


def test_what_is_no_yield_is_refused() -> None:
    with pytest.raises(NotAvailable, match=r"\^GSPC is no Treasury yield"):
        ask(ten(), series([5000.0] * 25, "^GSPC"))
    assert is_yield("^FVX")
    assert not is_yield("^GSPC")


def test_no_yield_at_all_is_refused() -> None:
    with pytest.raises(NotAvailable, match="no Treasury yield on or before 2025-08-08"):
        ask()
    with pytest.raises(NotAvailable, match="no Treasury yield on or before 2025-07-04"):
        ask(ten(), on=date(2025, 7, 4))


def test_a_year_ago_before_the_exchange_calendar_is_a_note() -> None:
    days = [str(d.date()) for d in pd.bdate_range("1985-01-02", "1985-03-29")]
    m = ask(series([11.0] * (len(days) - 1) + [11.4], "^TNX", days=days), on=date(1985, 3, 29))
    assert value(m, "ten_year_day") == value(m, "ten_year_month") == pytest.approx(40)
    assert "ten_year_year" not in m.figures
    assert (
        "No year change of the 10-year yield: the day a year before lies before the exchange "
        "calendar, which begins on 1985-01-02." in m.notes
    )


@pytest.mark.parametrize(
    ("on", "held"),
    [
        ("1985-01-02", set()),  # the first session that the calendar knows
        ("1985-01-03", {"ten_year_day"}),
        ("1985-01-30", {"ten_year_day"}),  # twenty sessions after it
        ("1985-01-31", {"ten_year_day", "ten_year_month"}),
        ("1986-01-02", {"ten_year_day", "ten_year_month", "ten_year_year"}),
    ],
)
def test_the_first_days_of_the_calendar(on: str, held: set[str]) -> None:
    days = [str(d.date()) for d in pd.bdate_range("1984-01-02", "1986-01-02")]
    m = ask(series([11.0] * len(days), "^TNX", days=days), on=date.fromisoformat(on))
    changes = {"ten_year_day", "ten_year_month", "ten_year_year"}
    assert changes & set(m.figures) == held
    assert sum("before the exchange calendar" in n for n in m.notes) == 3 - len(held)


@needs_real_tape
def test_the_real_yields(real_tape: Tape) -> None:
    m = rates([real_tape.history(s) for s in ("^TNX", "^IRX")], as_of=AS_OF)
    lasts = {}
    for symbol, name in (("^TNX", "ten_year"), ("^IRX", "bill")):
        with (SHARED / "market" / f"{symbol}.csv").open() as file:
            closes = {r["Date"]: float(r["Close"]) for r in csv.DictReader(file)}
        now = lasts[name] = closes["2026-01-23"]
        assert value(m, name) == now
        assert value(m, f"{name}_day") == pytest.approx((now - closes["2026-01-22"]) * 100)
        # 2025-12-22 is 21 sessions before: seven in December after it, fourteen in January
        assert value(m, f"{name}_month") == pytest.approx((now - closes["2025-12-22"]) * 100)
    assert (value(m, "ten_year"), value(m, "bill")) == (4.239, 3.582)
    assert value(m, "ten_year_day") == pytest.approx(-1)
    assert value(m, "ten_year_month") == pytest.approx(7)
    assert value(m, "curve_ten_bill") == pytest.approx(lasts["ten_year"] - lasts["bill"])
    assert "ten_year_year" not in m.figures  # that history begins in September

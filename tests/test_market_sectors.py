"""The sector funds over a day and a period, on series whose moves are worked by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from market_toys import Toys, series, value, when

from qa.domain import Metric
from qa.errors import BadDate, NotAvailable, NotEnoughHistory
from qa.market.catalog import compute
from qa.market.prices import Prices
from qa.market.sectors import DIVIDEND_NOTE, sectors
from qa.market.tape import Tape

AS_OF = date(2026, 1, 23)

# Monday 2025-07-07 to Friday; the period is Wednesday to Friday, from Tuesday's close of 100.
#        Mon  Tue  Wed  Thu  Fri      day                    period
XLB = [900, 100, 101, 100, 110]  # +10 %                   +10 %
XLE = [900, 100, 110, 125, 120]  # 120/125: -4 %           +20 %
XLF = [900, 100, 99, 80, 80]  # 0                          -20 %
XLK = [900, 100, 100, 100, 105]  # +5 %                    +5 %


def four() -> list[Prices]:
    return [series(c, s) for s, c in (("XLB", XLB), ("XLE", XLE), ("XLF", XLF), ("XLK", XLK))]


def ask(funds: list[Prices], start: str = "2025-07-09", end: str = "2025-07-11") -> Metric:
    return sectors(funds, start=date.fromisoformat(start), end=date.fromisoformat(end), as_of=AS_OF)


def test_the_moves_of_the_day_and_of_the_period() -> None:
    m = ask(four())
    moves = {s: (value(m, f"{s}_day"), value(m, f"{s}_period")) for s in "XLB XLE XLF XLK".split()}
    assert moves["XLB"] == pytest.approx((10, 10))
    assert moves["XLE"] == pytest.approx((-4, 20))
    assert moves["XLF"] == pytest.approx((0, -20))
    assert moves["XLK"] == pytest.approx((5, 5))
    assert when(m, "session") == "2025-07-11"
    assert value(m, "sectors") == 4


def test_how_far_apart_they_lie() -> None:
    m = ask(four())
    assert value(m, "dispersion_day") == pytest.approx(14)  # 10 less -4
    assert value(m, "dispersion_period") == pytest.approx(40)  # 20 less -20
    assert m.figures["dispersion_day"].unit == "percentage_points"
    assert value(m, "median_day") == pytest.approx(2.5)  # between 0 and 5
    assert value(m, "median_period") == pytest.approx(7.5)  # between 5 and 10
    assert (value(m, "up_day"), value(m, "up_period")) == (2, 3)  # 0 is not up


def test_the_median_of_an_odd_number_is_the_middle_one() -> None:
    m = ask(four()[:3])
    assert value(m, "median_day") == pytest.approx(0)
    assert value(m, "median_period") == pytest.approx(10)


def test_the_table_has_the_best_of_the_period_first() -> None:
    table = ask(four()).table
    assert table is not None
    assert [row[0] for row in table.rows] == ["XLE", "XLB", "XLK", "XLF"]
    assert table.rows[0] == ("XLE", "energy", -4, 20)


def test_what_is_missing_is_said() -> None:
    late = series(XLK[2:], "XLK", first="2025-07-09")  # no close before the period
    later = series(XLK[3:], "XLV", first="2025-07-10")
    m = ask([*four()[:3], late, later])
    assert value(m, "sectors") == 3
    assert "XLK_day" not in m.figures
    assert "XLV_day" not in m.figures
    missing = m.notes[0]
    assert missing.startswith("Not in the source for this window: ")
    for symbol in "XLC XLI XLK XLP XLRE XLU XLV XLY".split():
        assert symbol in missing
    assert "XLB" not in missing


def test_fewer_than_three_refuse() -> None:
    with pytest.raises(NotEnoughHistory, match="Only 2 of the eleven"):
        ask(four()[:2])


@pytest.mark.parametrize(
    "missing",
    [
        ["2025-07-11"],  # the last session: its day would be Thursday's
        ["2025-07-10"],  # the session before: its day would be of two
        ["2025-07-08"],  # the prior close: its period would be longer
        ["2025-07-09", "2025-07-10", "2025-07-11"],  # all of the window
    ],
)
def test_a_fund_without_the_prices_of_the_others_is_left_out(missing: list[str]) -> None:
    days = [f"2025-07-{d:02}" for d in range(7, 12)]
    held = [(d, c) for d, c in zip(days, XLE, strict=True) if d not in missing]
    stale = series([c for _, c in held], "XLE", days=[d for d, _ in held])
    for funds in ([stale, *four()[2:], four()[0]], [*four()[2:], four()[0], stale]):
        m = ask(funds)
        assert "XLE_day" not in m.figures
        assert value(m, "sectors") == 3
        assert when(m, "session") == "2025-07-11"
        assert [n for n in m.notes if "XLE" in n]


def test_one_fund_with_a_later_price_does_not_outvote_the_others() -> None:
    ahead = series([*XLE, 130], "XLE")
    m = ask([ahead, *four()[2:], four()[0]], end="2025-07-14")
    assert value(m, "sectors") == 3
    assert when(m, "session") == "2025-07-11"
    assert [n for n in m.notes if "others" in n and "XLE" in n]


def test_closed_days_and_stale_files_are_said() -> None:
    m = ask(four(), start="2025-07-09", end="2025-07-13")
    assert when(m, "session") == "2025-07-11"
    assert [n for n in m.notes if n.startswith("2025-07-13 is a Sunday")]
    stale = ask(four(), start="2025-07-09", end="2025-07-14")
    assert [n for n in stale.notes if "no price for 2025-07-14" in n and "2025-07-11" in n]
    assert not [n for n in ask(four()).notes if "2025" in n]


def test_a_window_that_can_not_be_measured() -> None:
    with pytest.raises(BadDate, match="swap the dates"):
        ask(four(), start="2025-07-11", end="2025-07-09")
    with pytest.raises(BadDate, match="no session"):
        ask(four(), start="2025-07-12", end="2025-07-13")
    with pytest.raises(NotEnoughHistory, match="Only 0 of the eleven"):
        ask(four(), start="2025-07-14", end="2025-07-18")
    with pytest.raises(NotEnoughHistory, match="Only 0 of the eleven"):
        ask(four(), start="2025-06-30")


def test_mixed_adjustments_are_said() -> None:
    assert DIVIDEND_NOTE not in ask(four()).notes
    mixed = [*four()[:3], series(XLK, "XLK", adjustment="unknown")]
    assert DIVIDEND_NOTE in ask(mixed).notes


def test_a_source_without_sector_funds() -> None:
    tape = Tape(Toys(series(XLB, "^RUT")), AS_OF)
    with pytest.raises(NotAvailable, match="holds no sector funds"):
        compute(tape, "sectors", {"start": "2025-07-09"})


def test_the_catalog_takes_what_the_tape_holds() -> None:
    tape = Tape(Toys(*four(), series(XLB, "^RUT")), date(2025, 7, 11))
    m = compute(tape, "sectors", {"start": "2025-07-09"})
    assert m.symbols == ("XLB", "XLE", "XLF", "XLK")
    periods = [value(m, f"{s}_period") for s in m.symbols]
    assert value(m, "dispersion_period") == max(periods) - min(periods)
    assert m.table is not None
    assert all(a[3] >= b[3] for a, b in pairwise(m.table.rows))  # type: ignore[operator]

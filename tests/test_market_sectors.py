"""The sector funds over a day and a period, on series whose moves are worked by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from statistics import pstdev

import pytest
from market_toys import Toys, series, value, when

from qa.domain import Metric
from qa.errors import BadDate, NotAvailable, NotEnoughHistory, UnknownSymbol
from qa.market.catalog import compute
from qa.market.prices import Prices
from qa.market.sectors import CYCLICAL, DEFENSIVE, DIVIDEND_NOTE, sectors
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


def ask(
    funds: list[Prices],
    start: str = "2025-07-09",
    end: str = "2025-07-11",
    benchmark: Prices | None = None,
) -> Metric:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return sectors(funds, benchmark, start=first, end=last, as_of=AS_OF)


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


def test_the_best_and_the_worst_are_named() -> None:
    m = ask(four())
    assert (value(m, "best_period"), value(m, "worst_period")) == pytest.approx((20, -20))
    assert (value(m, "best_day"), value(m, "worst_day")) == pytest.approx((10, -4))
    assert "best and worst of the period are XLE and XLF, of the day XLB and XLE" in m.definition
    assert "dispersion is best less worst" in m.definition


def test_the_deviation_across_the_funds() -> None:
    m = ask(four())
    # 10, 20, -20, 5: mean 3.75, squared distances 39.0625 + 264.0625 + 564.0625 + 1.5625, over four
    assert value(m, "deviation_period") == pytest.approx((868.75 / 4) ** 0.5)
    assert m.figures["deviation_period"].unit == "percentage_points"
    assert value(m, "deviation_day") == pytest.approx(pstdev([10, -4, 0, 5]))
    assert "deviation the standard deviation across the funds (population)" in m.definition


#                Mon  Tue  Wed  Thu  Fri
BENCHMARK = [900, 200, 205, 207, 210]  # +5 % from Tuesday's close


def test_how_many_beat_the_benchmark() -> None:
    m = ask(four(), benchmark=series(BENCHMARK, "^GSPC"))
    assert value(m, "period_benchmark") == pytest.approx(5)
    assert value(m, "ahead") == 2  # 10 and 20 %; 5 % is not more than 5 %
    assert m.figures["ahead"].unit == "count"
    assert m.symbols == ("XLB", "XLE", "XLF", "XLK", "^GSPC")
    assert m.arguments["benchmark"] == "^GSPC"
    assert "ahead counts those with a higher period move" in m.definition
    assert "ahead" not in ask(four()).figures


@pytest.mark.parametrize("missing", [1, 2, 3, 4])
def test_a_benchmark_without_one_of_the_closes(missing: int) -> None:
    days = [f"2025-07-{d:02}" for d in range(7, 12)]
    kept = [n for n in range(5) if n != missing]
    other = series([BENCHMARK[n] for n in kept], "^GSPC", days=[days[n] for n in kept])
    m = ask(four(), benchmark=other)
    assert not {"ahead", "period_benchmark"} & set(m.figures)
    assert [n for n in m.notes if n.startswith("No comparison with ^GSPC: it lacks a close of")]


def nine(**moves: float) -> list[Prices]:
    """The nine funds of both kinds, each at 100 on Tuesday and moved by so many percent since."""
    funds = {symbol: moves.get(symbol, 0.0) for symbol in (*CYCLICAL, *DEFENSIVE)}
    return [series([90, 100, 100, 100, 100 + move], s) for s, move in funds.items()]


def test_cyclical_less_defensive() -> None:
    m = ask(nine(XLY=6, XLF=12, XLE=-6, XLP=3, XLV=-9))
    assert value(m, "cyclical_period") == pytest.approx(2)  # 12 over six
    assert value(m, "defensive_period") == pytest.approx(-2)  # -6 over three
    assert value(m, "cyclical_less_defensive") == pytest.approx(4)
    assert m.figures["cyclical_less_defensive"].unit == "percentage_points"
    assert (
        "cyclical is the plain mean of XLY, XLF, XLI, XLB, XLK, XLE, defensive that of XLP, XLU, "
        "XLV" in m.definition
    )
    other = ask([*nine(XLY=6), series([90, 100, 100, 100, 160], "XLC")])
    assert value(other, "cyclical_period") == pytest.approx(1)  # XLC is of neither kind


@pytest.mark.parametrize("gone", ["XLY", "XLV"])
def test_a_kind_needs_all_its_funds(gone: str) -> None:
    m = ask([fund for fund in nine() if fund.symbol != gone])
    assert not {"cyclical_period", "defensive_period", "cyclical_less_defensive"} & set(m.figures)
    assert f"No cyclical less defensive: {gone} can't be measured." in m.notes


def test_the_share_above_the_fifty_day_average() -> None:
    rising, falling = [100.0 + n for n in range(60)], [200.0 - n for n in range(60)]
    funds = [series(c, s) for c, s in ((rising, "XLB"), (rising, "XLE"), (falling, "XLF"))]
    late = series([100.0] * 20, "XLK", first="2025-09-01")
    m = ask([*funds, late], start="2025-09-15", end="2025-09-26")
    assert value(m, "above_50") == pytest.approx(200 / 3)
    assert (value(m, "above_50_count"), value(m, "members_50")) == (2, 3)
    assert "Left out of the 50-day share, with a shorter history: XLK." in m.notes
    assert "above_200" not in m.figures
    # What comes after the last session is no part of its average.
    turned = [
        series([*c, *[1.0] * 5], f.symbol)
        for c, f in zip((rising, rising, falling), funds, strict=True)
    ]
    assert ask([*turned, late], start="2025-09-15", end="2025-09-26").figures == m.figures


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


def test_the_catalog_compares_with_the_s_and_p_unless_told_otherwise() -> None:
    own, other = series(BENCHMARK, "^GSPC"), series([c * 2 for c in XLK], "SPY")
    tape = Tape(Toys(*four(), own, other), date(2025, 7, 11))
    usual = compute(tape, "sectors", {"start": "2025-07-09"})
    assert (usual.arguments["benchmark"], value(usual, "ahead")) == ("^GSPC", 2)
    asked = compute(tape, "sectors", {"start": "2025-07-09", "benchmark": "spy"})
    assert (asked.symbols[-1], value(asked, "ahead")) == ("SPY", 2)
    with pytest.raises(UnknownSymbol):
        compute(tape, "sectors", {"start": "2025-07-09", "benchmark": "QQQ"})

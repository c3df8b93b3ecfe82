"""Performance on small series, against sums worked by hand or by statistics."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from statistics import pstdev, stdev

import pytest
from market_toys import series, value, when

from qa.domain import Basis, Metric
from qa.errors import BadDate, NotAvailable, NotEnoughHistory
from qa.market.performance import performance
from qa.market.prices import Prices

AS_OF = date(2026, 1, 23)

# Two weeks from Monday 2025-07-07; the window is Wednesday the 9th to Thursday the 17th.
#         Mon  Tue  Wed  Thu  Fri  Mon Tue  Wed  Thu  Fri
CLOSES = [100, 102, 101, 105, 100, 98, 104, 110, 99, 108]
OPENS = [99, 101, 103, 104, 106, 99, 97, 105, 111, 98]
WEDNESDAY, THURSDAY = date(2025, 7, 9), date(2025, 7, 17)


def perform(
    prices: Prices,
    benchmark: Prices | None = None,
    start: date | str = WEDNESDAY,
    end: date | str = THURSDAY,
    basis: Basis = "prior_close",
) -> Metric:
    start, end = date.fromisoformat(str(start)), date.fromisoformat(str(end))
    return performance(prices, benchmark, start=start, end=end, as_of=AS_OF, basis=basis)


@pytest.mark.parametrize(
    ("basis", "level", "day", "words"),
    [
        ("prior_close", 102, "2025-07-08", "the close of 2025-07-08, the session before"),
        ("close", 101, "2025-07-09", "the close of 2025-07-09"),
        ("open", 103, "2025-07-09", "the open of 2025-07-09"),
    ],
)
def test_a_return_on_each_basis(basis: Basis, level: float, day: str, words: str) -> None:
    m = perform(series(CLOSES, open=OPENS), basis=basis)
    assert value(m, "return") == pytest.approx((99 / level - 1) * 100)
    assert value(m, "points") == 99 - level
    assert (value(m, "start_level"), value(m, "end_level")) == (level, 99)
    assert (when(m, "start_date"), when(m, "end_date")) == (day, "2025-07-17")
    # Whatever it was asked with, each basis stands beside it.
    for name, base in (("prior_close", 102), ("close", 101), ("open", 103)):
        assert value(m, f"return_from_{name}") == pytest.approx((99 - base) / base * 100)
        assert value(m, f"points_from_{name}") == 99 - base
    assert m.definition.startswith(f"Close of 2025-07-17 over {words}")
    assert "price index, no dividends" in m.definition
    assert m.window is not None
    assert (m.window.start, m.window.end, m.window.basis) == (WEDNESDAY, THURSDAY, basis)
    assert {f.unit for n, f in m.figures.items() if n.startswith("return")} == {"percent"}
    assert m.figures["points"].unit == "points"
    assert m.notes == ()


def test_volatility_of_the_sample_and_of_the_population() -> None:
    # Daily returns +10, -10, +10 %: mean 10/3, squared distances 44.44 + 177.78 + 44.44 = 266.67;
    # over two it is 133.33 (11.547 squared), over three 88.89 (9.428 squared).
    m = perform(series([90, 100, 110, 99, 108.9]), start="2025-07-08", end="2025-07-11")
    assert value(m, "volatility") == pytest.approx(11.5470, abs=5e-5)
    assert value(m, "volatility_population") == pytest.approx(9.4281, abs=5e-5)
    assert "the 3 daily close-to-close returns" in m.definition
    assert "sample (ddof 1)" in m.definition


def test_volatility_against_the_standard_library() -> None:
    window = CLOSES[2:9]  # the move into the window, from 102, is not of it
    returns = [(b / a - 1) * 100 for a, b in pairwise(window)]
    m = perform(series(CLOSES, open=OPENS), basis="open")
    assert value(m, "volatility") == pytest.approx(stdev(returns))
    assert value(m, "volatility_population") == pytest.approx(pstdev(returns))
    assert value(m, "sessions") == len(window)


def test_the_deepest_fall_is_from_the_highest_close_before_it() -> None:
    # 105 -> 98 is -6.67 %, 110 -> 99 is -10 %; the low of 98 lies before the high of 110.
    assert value(perform(series(CLOSES)), "max_drawdown") == pytest.approx(-10)
    rising = perform(series([1, 2, 3, 4]), start="2025-07-08", end="2025-07-10")
    assert value(rising, "max_drawdown") == 0


def test_a_lead_is_in_percentage_points() -> None:
    #                 Mon  Tue  Wed  Thu  Fri  Mon  Tue  Wed  Thu  Fri
    other = series([300, 200, 190, 195, 205, 208, 209, 212, 210, 400], "^GSPC", open=[188] * 10)
    own = series(CLOSES, open=OPENS)
    for basis, base, theirs in (
        ("prior_close", 102, 210 / 200),
        ("close", 101, 210 / 190),
        ("open", 103, 210 / 188),
    ):
        m = perform(own, other, basis=basis)  # type: ignore[arg-type]
        assert value(m, "return_benchmark") == pytest.approx((theirs - 1) * 100)
        assert value(m, "relative_return") == pytest.approx((99 / base - theirs) * 100)
        assert m.figures["relative_return"].unit == "percentage_points"
    returns = [(b / a - 1) * 100 for a, b in pairwise([190, 195, 205, 208, 209, 212, 210])]
    assert value(m, "volatility_benchmark") == pytest.approx(stdev(returns))
    assert value(m, "volatility_population_benchmark") == pytest.approx(pstdev(returns))
    assert value(m, "max_drawdown_benchmark") == pytest.approx((210 / 212 - 1) * 100)
    assert m.symbols == ("^RUT", "^GSPC")
    assert m.series_hash == f"{own.series_hash}-{other.series_hash}"
    assert m.table is not None
    assert m.table.rows[0][1:] == (100, 100)
    assert m.table.rows[-1] == (THURSDAY, round(99 / 101 * 100, 4), round(210 / 190 * 100, 4))
    assert len(m.table.rows) == 7


def test_a_benchmark_with_a_longer_history_is_measured_over_the_same_days() -> None:
    other = series([1, 5, 200, 190, 195, 205], "^GSPC", first="2025-07-04")  # a row earlier
    m = perform(series(CLOSES), other, end="2025-07-11")
    assert value(m, "return_benchmark") == pytest.approx((205 / 200 - 1) * 100)
    returns = [(b / a - 1) * 100 for a, b in pairwise([190, 195, 205])]
    assert value(m, "volatility_benchmark") == pytest.approx(stdev(returns))


def test_a_benchmark_must_have_the_basis_too() -> None:
    other = series([200.0] * 9, "^GSPC", first="2025-07-08", open=[199.0] * 9)
    with pytest.raises(NotEnoughHistory, match=r"\^GSPC has prices from 2025-07-08 only"):
        perform(series(CLOSES), other, start="2025-07-07", basis="close")
    with pytest.raises(NotEnoughHistory, match=r"\^GSPC has no session before 2025-07-08"):
        perform(series(CLOSES), other, start="2025-07-08")
    with pytest.raises(NotAvailable, match=r"The opens of \^GSPC"):
        perform(series(CLOSES, open=OPENS), series(CLOSES, "^GSPC"), basis="open")


def test_a_benchmark_whose_price_is_missing_is_named() -> None:
    stale = series(CLOSES[:8], "^GSPC")  # ends on Wednesday the 16th
    m = perform(series(CLOSES), stale)
    assert value(m, "return_benchmark") == pytest.approx((110 / 102 - 1) * 100)
    assert [n for n in m.notes if "2025-07-17" in n and "2025-07-16" in n and "^GSPC" in n]


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "notes"),
    [
        ("2025-07-12", "2025-07-17", "2025-07-14", "2025-07-17", ["2025-07-12 is a Saturday"]),
        ("2025-07-09", "2025-07-13", "2025-07-09", "2025-07-11", ["2025-07-13 is a Sunday"]),
        ("2025-07-12", "2025-07-14", "2025-07-14", "2025-07-14", ["2025-07-12 is a Saturday"]),
    ],
)
def test_a_window_on_closed_days_moves_to_sessions(
    start: str, end: str, first: str, last: str, notes: list[str]
) -> None:
    m = perform(series(CLOSES), start=start, end=end)
    assert m.window is not None
    assert (str(m.window.start), str(m.window.end)) == (first, last)
    assert len(m.notes[:-1]) == len(notes)  # the last says that there are no opens
    for note, said in zip(m.notes, notes, strict=False):
        assert note.startswith(said)
        assert (first if said[:10] == start else last) in note


def test_a_holiday_is_named() -> None:
    days = ["2025-11-25", "2025-11-26", "2025-11-28", "2025-12-01"]
    m = perform(series([10, 11, 12, 13], days=days), start="2025-11-27", end="2025-12-01")
    assert "2025-11-27 is a market holiday (Thanksgiving)" in m.notes[0]
    assert value(m, "points") == 13 - 11
    assert when(m, "start_date") == "2025-11-26"


def test_a_session_without_a_price_is_said() -> None:
    m = perform(series(CLOSES), end="2025-07-21")  # a Monday; the file ends on Friday the 18th
    assert "There is no price for 2025-07-21" in m.notes[0]
    assert "Friday 2025-07-18" in m.notes[0]
    assert when(m, "end_date") == "2025-07-18"


def test_a_prior_close_that_is_not_of_the_session_before_is_said() -> None:
    days = ["2025-07-07", "2025-07-09", "2025-07-10"]  # Tuesday is missing
    m = perform(series([10, 11, 12], days=days), start="2025-07-09", end="2025-07-10")
    assert when(m, "start_date") == "2025-07-07"
    assert "the session before 2025-07-09" not in m.definition
    assert [n for n in m.notes if "no price for 2025-07-08" in n and "2025-07-07" in n]


def test_sessions_missing_inside_the_window_are_counted() -> None:
    days = ["2025-07-07", "2025-07-08", "2025-07-10", "2025-07-14"]  # two of five are missing
    m = perform(series([10, 11, 12, 13], days=days), start="2025-07-08", end="2025-07-14")
    assert [n for n in m.notes if n.startswith("2 of the 5 sessions")]
    assert not [n for n in perform(series(CLOSES)).notes if "sessions" in n]


@pytest.mark.parametrize(
    ("start", "end", "error", "said"),
    [
        ("2025-07-17", "2025-07-09", BadDate, "before it begins on 2025-07-17: swap"),
        ("2025-07-04", "2025-07-17", NotEnoughHistory, "has prices from 2025-07-07 only"),
        ("2025-07-12", "2025-07-13", BadDate, "no session of .* between 2025-07-12 and 2025-07-13"),
        ("2025-07-07", "2025-07-17", NotEnoughHistory, "no session before 2025-07-07"),
        ("2025-07-19", "2025-07-20", BadDate, "no session of"),  # the weekend after the last price
        ("2025-07-21", "2025-07-25", NotEnoughHistory, "has prices until 2025-07-18 only"),
    ],
)
def test_a_window_that_can_not_be_measured(
    start: str, end: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        perform(series(CLOSES), start=start, end=end)


def test_the_first_row_has_a_close_and_an_open_but_no_prior_close() -> None:
    own = series(CLOSES, open=OPENS)
    m = perform(own, start="2025-07-07", basis="close")
    assert value(m, "return") == pytest.approx(-1)
    assert value(perform(own, start="2025-07-07", basis="open"), "points") == 0
    assert "return_from_prior_close" not in m.figures
    with pytest.raises(NotEnoughHistory, match="ask for the basis close"):
        perform(own, start="2025-07-07")


def test_a_window_of_one_or_two_sessions_has_a_return_and_no_volatility() -> None:
    m = perform(series(CLOSES), start="2025-07-17")
    assert value(m, "return") == pytest.approx(-10)
    assert value(m, "return_from_close") == 0
    assert value(m, "sessions") == 1
    two = perform(series(CLOSES), start="2025-07-16")
    for short in (m, two):
        assert not {"volatility", "volatility_population", "max_drawdown"} & set(short.figures)
        assert "Volatility" not in short.definition
    assert "volatility" in perform(series(CLOSES), start="2025-07-15").figures


def test_a_file_of_closes_has_no_return_from_the_open() -> None:
    m = perform(series(CLOSES))
    assert "return_from_open" not in m.figures
    assert "No return from the open" in m.notes[-1]
    with pytest.raises(NotAvailable, match="ask for prior_close or close"):
        perform(series(CLOSES), basis="open")


@pytest.mark.parametrize("off", [0.0, 0.01, -0.01])
def test_opens_that_repeat_the_close_before_are_none(off: float) -> None:
    closes = [1000.0 + 7 * n for n in range(30)]
    repeated = [995.0, *(c + off for c in closes[:-1])]
    with pytest.raises(NotAvailable, match="repeat the close before"):
        perform(series(closes, open=repeated), basis="open")
    real = [c if n in (5, 9, 14) else c + 5 for n, c in enumerate(repeated)]  # as now and then
    assert value(perform(series(closes, open=real), basis="open"), "start_level") == real[2]


def test_an_open_missing_on_the_first_day_only() -> None:
    gap = [99, 101, float("nan"), *OPENS[3:]]
    assert "return_from_open" not in perform(series(CLOSES, open=gap)).figures
    assert "return_from_open" in perform(series(CLOSES, open=gap), start="2025-07-10").figures


def test_a_yield_has_no_return() -> None:
    ten_year = series([4.0 + n / 100 for n in range(10)], "^TNX")
    with pytest.raises(NotAvailable, match=r"\^TNX is a yield"):
        perform(ten_year)
    with pytest.raises(NotAvailable, match=r"\^TNX is a yield"):
        perform(series(CLOSES), ten_year)


def test_what_the_closes_are_is_said() -> None:
    assert "distributions left out" in perform(series(CLOSES, "IWM")).definition
    unknown = perform(series(CLOSES, "XLB", adjustment="unknown")).definition
    assert "whether adjusted for dividends is not stated" in unknown

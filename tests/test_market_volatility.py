"""`volatility`: deviations worked by hand, what is left out and why, and nothing from later."""

from __future__ import annotations

from datetime import date
from math import sqrt

import pytest
from market_toys import series, value

from qa.domain import Metric
from qa.errors import BadDate, NotAvailable, NotEnoughHistory
from qa.market.prices import Prices
from qa.market.volatility import volatility

# Returns from Monday 2025-07-07 on: 100/9, then +10, -10, +10 %.
CLOSES = [90, 100, 110, 99, 108.9]
TUESDAY, FRIDAY = date(2025, 7, 8), date(2025, 7, 11)
# +10, -10, +10: mean 10/3, squared distances (400 + 1600 + 400) / 9 = 800/3; over two 400/3.
SAMPLE, POPULATION = sqrt(400 / 3), sqrt(800 / 9)


def spread(
    prices: Prices,
    implied: Prices | None = None,
    start: date = TUESDAY,
    end: date = FRIDAY,
    window: int = 3,
) -> Metric:
    return volatility(prices, implied, start=start, end=end, as_of=end, window=window)


def walk(steps: list[float], first: str = "2024-01-02") -> Prices:
    """Closes from 100 on, each the given percent above the one before."""
    closes = [100.0]
    for step in steps:
        closes.append(closes[-1] * (1 + step / 100))
    return series(closes, first=first)


def zigzag(*parts: tuple[int, float]) -> list[float]:
    """Returns of alternating sign: so many of one size, then so many of the next."""
    sizes = [size for n, size in parts for _ in range(n)]
    return [size * (-1) ** i for i, size in enumerate(sizes)]


def whole(prices: Prices, window: int = 3) -> Metric:
    return spread(prices, start=prices.first, end=prices.last, window=window)


def test_the_deviation_of_three_returns() -> None:
    m = spread(series(CLOSES))
    assert value(m, "daily") == pytest.approx(SAMPLE)  # 11.55
    assert value(m, "daily_population") == pytest.approx(POPULATION)  # 9.43
    assert value(m, "annualised") == pytest.approx(sqrt(400 / 3 * 252))  # 183.30
    assert value(m, "returns") == 3
    assert m.figures["returns"].unit == "count"
    assert {m.figures[n].unit for n in ("daily", "daily_population", "annualised")} == {"percent"}
    assert m.arguments == {
        "symbol": "^RUT",
        "start": "2025-07-08",
        "end": "2025-07-11",
        "window": 3,
    }
    assert "the 3 daily close-to-close returns between the closes of 2025-07-08" in m.definition
    assert "sample (ddof 1)" in m.definition
    assert "price index" in m.definition


def test_rolling_counts_returns_back_from_the_end_wherever_the_window_starts() -> None:
    prices = series([70, *CLOSES], first="2025-07-04")
    assert value(spread(prices), "rolling") == pytest.approx(sqrt(400 / 3 * 252))
    # Four returns, the first of them from before the start: 100/9, 10, -10, 10. Sum 190/9, mean
    # 190/36; sum of squares 10000/81 + 300; less 4 x mean squared (36100/324); over three.
    four = (10000 / 81 + 300 - 36100 / 324) / 3
    m = spread(prices, window=4)
    assert value(m, "rolling") == pytest.approx(sqrt(four * 252))
    assert value(m, "daily") == pytest.approx(SAMPLE)
    assert m.table is not None
    assert m.table.columns == ("date", "rolling")
    assert [row[0] for row in m.table.rows] == [date(2025, 7, 10), FRIDAY]  # five returns in all
    assert m.table.rows[-1][1] == round(sqrt(four * 252), 4)


def test_the_place_among_earlier_rolling_values_and_their_median() -> None:
    # In threes of size s: (s, -s, s) has the deviation s x sqrt(4/3). 200 returns of 1, 100 of 3
    # and 3 of 2 make 301 threes, 300 of them earlier: 198 of size 1 are below 2 x sqrt(4/3) =
    # 2.31, and so is (1, -1, 3) with 2.00; (1, 3, 3) with 3.06, those of size 3, (3, 3, 2) with
    # 3.21 and (3, 2, 2) with 2.65 are not.
    m = whole(walk(zigzag((200, 1), (100, 3), (3, 2))))
    assert value(m, "rolling") == pytest.approx(2 * sqrt(336))  # 4/3 x 252 = 336
    assert value(m, "rolling_percentile") == pytest.approx(199 / 300 * 100)
    assert value(m, "rolling_median") == pytest.approx(sqrt(336))
    assert m.figures["rolling_percentile"].unit == "percent"
    assert "300 earlier rolling values" in m.definition
    assert m.notes == ()
    assert m.table is not None
    assert len(m.table.rows) == 252


def test_an_equal_rolling_value_is_not_below() -> None:
    m = whole(walk(zigzag((300, 1))))  # equal by construction, but for the last binary digits
    assert value(m, "rolling_percentile") == 0
    assert value(whole(walk(zigzag((300, 1), (3, 2)))), "rolling_percentile") == 100


def test_the_median_of_earlier_values_leaves_out_the_present_one() -> None:
    # 254 returns: 126 of 1, 126 of 3, 2 of 9: 252 threes, of which 251 are earlier. One more.
    steps = zigzag((127, 1), (126, 3), (2, 9))
    m = whole(walk(steps))  # 255 returns, 253 threes, 252 earlier: enough
    # Size 1: 125 threes, then (1, 1, 3) with 2.00 and (1, 3, 3) with 3.06, then 124 of size 3
    # with 3.46, then (3, 3, 9). The 126th and 127th of 252 are the two in the middle.
    assert value(m, "rolling_median") == pytest.approx((2 + sqrt(28 / 3)) / 2 * sqrt(252))
    short = whole(walk(steps[1:]))
    assert "rolling" in short.figures
    assert not {"rolling_percentile", "rolling_median"} & set(short.figures)
    assert "percentile" not in short.definition
    assert short.notes == (
        "No percentile nor median of the rolling volatility: ^RUT has 251 earlier values, and "
        "they need 252.",
    )


def test_what_is_implied_less_what_was_realised() -> None:
    vix = series([15, 16, 17, 18, 19.5, 99], "^VIX")  # 19.5 on the Friday; 99 comes later
    m = spread(series(CLOSES), vix)
    assert value(m, "implied") == 19.5
    assert m.figures["implied"].unit == "percent"
    assert value(m, "implied_less_realised") == pytest.approx(19.5 - sqrt(33600))
    assert m.figures["implied_less_realised"].unit == "percentage_points"
    assert m.symbols == ("^RUT", "^VIX")
    assert "implied is the close of ^VIX" in m.definition


@pytest.mark.parametrize(
    ("vix", "held"),
    [
        (series([15, 16, 17, 18], "^VIX"), "its last price before that is of 2025-07-10"),
        (series([15], "^VIX", first="2025-07-14"), "it begins later"),
    ],
)
def test_an_implied_volatility_of_another_day_is_left_out(vix: Prices, held: str) -> None:
    m = spread(series(CLOSES), vix)
    assert not {"implied", "implied_less_realised"} & set(m.figures)
    assert "implied" not in m.definition
    # The note of a short history stands first.
    assert m.notes[-1] == f"No implied volatility: ^VIX has no price for 2025-07-11; {held}."


def test_a_history_shorter_than_the_rolling_window() -> None:
    m = spread(series(CLOSES), series([15] * 5, "^VIX"), window=21)
    assert not {"rolling", "rolling_percentile", "implied_less_realised"} & set(m.figures)
    assert value(m, "implied") == 15
    assert m.notes == ("No rolling volatility: ^RUT has fewer than 21 returns of history.",)
    assert m.table is None
    assert "rolling" not in m.definition
    assert "rolling" in spread(series(CLOSES), window=4).figures  # four returns are just enough


def test_a_series_that_stands_still_has_no_spread() -> None:
    m = whole(series([50.0] * 300))
    for name in ("daily", "daily_population", "annualised", "rolling", "rolling_median"):
        assert value(m, name) == 0
    assert value(m, "rolling_percentile") == 0


def test_a_steady_rise_has_no_spread_either() -> None:
    m = whole(walk([1.0] * 300))
    assert value(m, "daily") == pytest.approx(0, abs=1e-9)
    assert value(m, "rolling_percentile") == 0  # rounding is no ranking


def test_nothing_after_the_end_counts() -> None:
    closes = list(walk(zigzag((280, 1), (20, 2))).frame["close"])
    kept = series(closes, first="2024-01-02")
    more = series([*closes, 1, 500, 3], first="2024-01-02")
    vix, vix_more = (series([15] * n, "^VIX", first="2024-01-02") for n in (301, 304))
    start = date(2024, 3, 1)
    one, two = (spread(p, v, start, kept.last) for p, v in ((kept, vix), (more, vix_more)))
    assert one.figures == two.figures
    assert (one.table, one.notes, one.definition) == (two.table, two.notes, two.definition)
    assert one.window == two.window


def test_a_start_on_a_holiday_moves_to_the_next_session() -> None:
    days = ["2025-07-02", "2025-07-03", "2025-07-07", "2025-07-08", "2025-07-09", "2025-07-10"]
    prices = series([80, *CLOSES], days=days)
    m = spread(prices, start=date(2025, 7, 4), end=date(2025, 7, 10))
    assert value(m, "daily") == pytest.approx(SAMPLE)  # from the close of Monday the 7th
    assert "2025-07-04 is a market holiday" in m.notes[0]
    assert m.arguments["start"] == "2025-07-04"
    assert m.window is not None
    assert m.window.start == date(2025, 7, 7)


def test_a_session_without_a_price_is_told_where_the_figures_rest_on_it() -> None:
    days = ["2025-07-07", "2025-07-09", "2025-07-10", "2025-07-11", "2025-07-14", "2025-07-15"]
    prices = series([80, *CLOSES], days=days)  # the 8th is missing
    start, end = date(2025, 7, 10), date(2025, 7, 15)
    assert not [n for n in spread(prices, None, start, end, 3).notes if "sessions" in n]
    assert spread(prices, None, start, end, 5).notes[0] == (
        "1 of the 7 sessions from 2025-07-07 to 2025-07-15 have no price of ^RUT; its figures go "
        "by the others."
    )


def test_what_is_refused() -> None:
    with pytest.raises(NotEnoughHistory, match=r"2 daily returns .* needs 3"):
        spread(series(CLOSES), start=date(2025, 7, 9))
    with pytest.raises(NotEnoughHistory, match="prices from 2025-07-07 only"):
        spread(series(CLOSES), start=date(2025, 7, 3))
    with pytest.raises(BadDate, match="swap the dates"):
        spread(series(CLOSES), start=FRIDAY, end=TUESDAY)
    with pytest.raises(NotAvailable, match=r"\^TNX is a yield"):
        spread(series(CLOSES, "^TNX"))
    for window in (2, 253, 0, -1):
        with pytest.raises(NotAvailable, match="ask for a window of 3 to 252"):
            spread(series(CLOSES), window=window)

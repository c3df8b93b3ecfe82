"""The metrics on the real tape against a second implementation: empyrical, numpy, scipy, pandas.

The closes are read from the files with csv, past the code that the metrics get theirs through.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from statistics import correlation, fmean, median, pstdev
from typing import Any

import empyrical
import numpy as np
import pandas as pd
import pytest
from conftest import SHARED, needs_real_tape
from market_toys import value
from scipy import stats  # type: ignore[import-untyped]

from qa.domain import Metric
from qa.market.compare import compare
from qa.market.drawdown import drawdown
from qa.market.instruments import SECTORS
from qa.market.performance import performance
from qa.market.prices import Prices
from qa.market.sectors import sectors
from qa.market.tape import Tape
from qa.market.technicals import technicals
from qa.market.volatility import volatility

pytestmark = needs_real_tape
AS_OF = date(2026, 1, 23)
WINDOWS = [
    ("^RUT", "2025-12-01", "2026-01-23"),
    ("^RUT", "1987-10-01", "2026-01-23"),
    ("^RUT", "2000-01-03", "2009-03-09"),
    ("^GSPC", "1985-01-03", "2025-12-31"),
    ("^GSPC", "2008-09-02", "2008-10-31"),
    ("^GSPC", "2020-02-03", "2020-08-31"),
    ("IWM", "2022-01-03", "2025-04-08"),
    ("SPY", "2024-01-02", "2026-01-23"),
]
PAIRS = [
    ("^RUT", "^GSPC", "1990-01-02", "2019-12-31"),
    ("^RUT", "^GSPC", "2025-12-01", "2026-01-23"),
    ("IWM", "SPY", "2023-08-01", "2026-01-23"),
    ("SPY", "^GSPC", "2024-01-02", "2025-06-30"),
]
every_window = pytest.mark.parametrize(("symbol", "start", "end"), WINDOWS)


@pytest.fixture(autouse=True)
def _two_roads() -> Iterator[None]:
    """The second opinion comes with bottleneck, which pandas would then count with as well."""
    with pd.option_context("compute.use_bottleneck", False):
        yield


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


@cache
def closes(symbol: str) -> pd.Series[float]:
    """The closes of a file, up to the as-of date."""
    with (SHARED / "market" / f"{symbol}.csv").open(encoding="utf-8") as file:
        rows = [(r["Date"], float(r["Close"])) for r in csv.DictReader(file)]
    held = {day: close for day, close in rows if day <= str(AS_OF)}
    return pd.Series(held.values(), index=pd.DatetimeIndex(list(held)), dtype="float64")


@cache
def bars(symbol: str) -> pd.DataFrame:
    """The rows of a file with all its columns, up to the as-of date."""
    file = SHARED / "market" / f"{symbol}.csv"
    return pd.read_csv(file, index_col="Date", parse_dates=True).loc[: str(AS_OF)]


def window_returns(symbol: str, start: str, end: str) -> pd.Series[float]:
    """The returns between the first and the last close of a window, as fractions."""
    return empyrical.simple_returns(closes(symbol).loc[start:end])  # type: ignore[no-any-return]


def days(start: str, end: str) -> dict[str, Any]:
    return {"start": date.fromisoformat(start), "end": date.fromisoformat(end), "as_of": AS_OF}


@every_window
def test_performance(real_tape: Tape, symbol: str, start: str, end: str) -> None:
    m = performance(real_tape.history(symbol), **days(start, end))
    returns = window_returns(symbol, start, end)
    place = closes(symbol).index.get_loc(pd.Timestamp(start))
    assert isinstance(place, int)
    from_prior = empyrical.simple_returns(closes(symbol).iloc[place - 1 :].loc[:end])
    assert value(m, "return") == near(empyrical.cum_returns_final(from_prior) * 100)
    assert value(m, "return_from_close") == near(empyrical.cum_returns_final(returns) * 100)
    daily = empyrical.annual_volatility(returns, annualization=1)
    assert value(m, "volatility") == near(daily * 100)
    assert value(m, "volatility_population") == near(pstdev(returns) * 100)
    assert value(m, "max_drawdown") == near(empyrical.max_drawdown(returns) * 100)


@every_window
@pytest.mark.parametrize("window", [21, 63])
def test_volatility(real_tape: Tape, symbol: str, start: str, end: str, window: int) -> None:
    m = volatility(real_tape.history(symbol), **days(start, end), window=window)
    returns = window_returns(symbol, start, end)
    assert value(m, "annualised") == near(empyrical.annual_volatility(returns) * 100)
    assert value(m, "daily_population") == near(pstdev(returns) * 100)
    assert value(m, "returns") == len(returns)
    history = window_returns(symbol, "1985-01-01", end)
    *earlier, now = empyrical.roll_annual_volatility(history, window=window) * 100
    assert value(m, "rolling") == near(now)
    if len(earlier) < 252:
        assert "rolling_percentile" not in m.figures
        return
    below = bisect_left(sorted(earlier), now) / len(earlier)
    assert value(m, "rolling_percentile") == near(below * 100)
    assert value(m, "rolling_median") == near(median(earlier))


@every_window
def test_drawdown(real_tape: Tape, symbol: str, start: str, end: str) -> None:
    m = drawdown(real_tape.history(symbol), **days(start, end))
    returns = window_returns(symbol, start, end)
    assert value(m, "deepest") == near(empyrical.max_drawdown(returns) * 100)
    held = {day.date(): close for day, close in closes(symbol).loc[:end].items()}  # type: ignore[attr-defined]
    record = max(held.values())
    assert value(m, "current") == near((held[max(held)] - record) / record * 100)
    assert held[m.figures["peak_date"].value] == value(m, "peak") == record
    assert m.figures["history_start"].value == min(held)
    # Walked day by day: the fall runs from its peak to its trough, and ends where it is regained.
    inside = [(day, held[day]) for day in held if day >= date.fromisoformat(start)]
    top, worst, path, regained = inside[0], 0.0, (inside[0][0], inside[0][0]), None
    level = top[1]
    for day, close in inside:
        if regained is None and path[0] != path[1] and close >= level:
            regained = day
        if close >= top[1]:
            top = (day, close)
        if close / top[1] - 1 < worst:
            worst, path, regained, level = close / top[1] - 1, (top[0], day), None, top[1]
    figures = {name: figure.value for name, figure in m.figures.items()}
    assert (figures["deepest_peak_date"], figures["deepest_trough_date"]) == path
    assert figures.get("recovered_date") == regained
    order = [day for day, _ in inside]
    assert figures["deepest_sessions"] == order.index(path[1]) - order.index(path[0])


@pytest.mark.parametrize(("symbol", "benchmark", "start", "end"), PAIRS)
def test_compare(real_tape: Tape, symbol: str, benchmark: str, start: str, end: str) -> None:
    m = compare(real_tape.history(symbol), real_tape.history(benchmark), **days(start, end))
    own, other = (window_returns(s, start, end) for s in (symbol, benchmark))
    assert list(own.index) == list(other.index)
    assert value(m, "beta") == near(empyrical.beta(own, other))
    fit = stats.linregress(other, own)
    assert value(m, "beta") == near(fit.slope)
    assert value(m, "correlation") == near(fit.rvalue)
    assert value(m, "correlation") == near(correlation(list(own), list(other)))


STATES = [
    ("^RUT", "2026-01-23"),
    ("^RUT", "2009-03-09"),
    ("^GSPC", "2020-03-23"),
    ("^GSPC", "1987-10-19"),
    ("IWM", "2025-04-08"),
    ("SPY", "2026-01-23"),
]
every_state = pytest.mark.parametrize(("symbol", "on"), STATES)


def state(tape: Tape, symbol: str, on: str) -> Metric:
    return technicals(tape.history(symbol), on=date.fromisoformat(on), as_of=AS_OF)


@every_state
def test_averages_and_crosses(real_tape: Tape, symbol: str, on: str) -> None:
    m = state(real_tape, symbol, on)
    held = list(closes(symbol).loc[:on])
    # Sums of whole cents: exact, so that a line and another are level where they truly are.
    cents = np.concatenate([[0], np.cumsum(np.round(np.array(held) * 1e6).astype(np.int64))])
    sums = {n: cents[n:] - cents[:-n] for n in (20, 50, 200)}
    for n in (20, 50, 200):
        assert value(m, f"average_{n}") == near(fmean(held[-n:]))
        assert value(m, f"distance_{n}") == near((held[-1] / fmean(held[-n:]) - 1) * 100)
        above = np.diff(cents)[n - 1 :] * n - sums[n]
        crossed = max(_turns(above).values())
        assert value(m, f"cross_{n}_sessions") == len(above) - 1 - crossed
    gap = sums[50][150:] * 4 - sums[200]
    for side, name in ((1, "golden"), (-1, "death")):
        turn = _turns(gap).get(side)
        assert (f"{name}_cross_date" in m.figures) is (turn is not None)
        if turn is not None:
            day = closes(symbol).loc[:on].index[199 + turn]
            assert m.figures[f"{name}_cross_date"].value == day.date()


def _turns(apart: Any) -> dict[int, int]:
    """Walked day by day: the last day on which the sign became this one, from the other one."""
    side, found = 0, {}
    for day, gap in enumerate(apart.tolist()):
        now = (gap > 0) - (gap < 0)
        if now and side and now != side:
            found[now] = day
        side = now or side
    return found


@every_state
def test_the_rsi_walked_day_by_day(real_tape: Tape, symbol: str, on: str) -> None:
    held = list(closes(symbol).loc[:on])
    moves = [new - old for old, new in pairwise(held)]
    up = fmean(max(move, 0.0) for move in moves[:14])
    down = fmean(max(-move, 0.0) for move in moves[:14])
    for move in moves[14:]:
        up, down = (up * 13 + max(move, 0.0)) / 14, (down * 13 + max(-move, 0.0)) / 14
    assert value(state(real_tape, symbol, on), "rsi_14") == near(100 - 100 / (1 + up / down))


@every_state
def test_realised_volatility(real_tape: Tape, symbol: str, on: str) -> None:
    returns = window_returns(symbol, "1985-01-01", on).iloc[-21:]
    expected = empyrical.annual_volatility(returns) * 100
    assert value(state(real_tape, symbol, on), "realised_21") == near(expected)


@every_state
def test_the_52_week_range(real_tape: Tape, symbol: str, on: str) -> None:
    m = state(real_tape, symbol, on)
    year = bars(symbol).loc[pd.Timestamp(on) - pd.DateOffset(years=1) : pd.Timestamp(on)]
    lasts = year.rolling(len(year)).agg({"Low": "min", "High": "max", "Close": "max"}).iloc[-1]
    assert value(m, "low_52w") == lasts["Low"]
    assert value(m, "high_52w") == lasts["High"]
    assert value(m, "close_high_52w") == lasts["Close"]
    assert value(m, "close_low_52w") == min(year["Close"])
    assert str(m.figures["low_52w_date"].value) == str(year["Low"].idxmin())[:10]
    assert str(m.figures["high_52w_date"].value) == str(year["High"].idxmax())[:10]
    now = year["Close"].iloc[-1]
    place = np.interp(now, [lasts["Low"], lasts["High"]], [0, 100])
    assert value(m, "position_52w") == near(place)
    assert value(m, "from_high_52w") == near((now - lasts["High"]) / lasts["High"] * 100)


@pytest.mark.parametrize(
    ("start", "end"), [("2025-12-01", "2026-01-23"), ("2025-10-01", "2025-12-31")]
)
def test_sectors(real_tape: Tape, start: str, end: str) -> None:
    funds = [real_tape.history(symbol) for symbol in SECTORS]
    m = sectors(funds, real_tape.history("^GSPC"), **days(start, end))
    moves: dict[str, float] = {}
    for symbol in (*SECTORS, "^GSPC"):
        before = closes(symbol).loc[: pd.Timestamp(start) - pd.Timedelta(days=1)].iloc[-1]
        moves[symbol] = (closes(symbol).loc[:end].iloc[-1] - before) / before * 100
    benchmark = moves.pop("^GSPC")
    across = np.array(list(moves.values()))
    assert value(m, "sectors") == len(across) == 11
    for symbol, move in moves.items():
        assert value(m, f"{symbol}_period") == near(move)
    assert value(m, "dispersion_period") == near(float(np.ptp(across)))
    assert value(m, "deviation_period") == near(across.std())
    assert value(m, "median_period") == near(np.quantile(across, 0.5))
    assert value(m, "period_benchmark") == near(benchmark)
    assert value(m, "ahead") == np.count_nonzero(across > benchmark)
    growing = np.mean([moves[s] for s in ("XLY", "XLF", "XLI", "XLB", "XLK", "XLE")])
    sheltered = np.mean([moves[s] for s in ("XLP", "XLU", "XLV")])
    assert value(m, "cyclical_less_defensive") == near(float(growing - sheltered))
    held = [closes(symbol).loc[:end].iloc[-50:] for symbol in SECTORS]
    above = [c.iloc[-1] > np.convolve(c, np.ones(50) / 50, "valid")[0] for c in held]
    assert value(m, "above_50") == near(float(np.mean(above)) * 100)


def test_two_implementations_can_disagree(real_tape: Tape) -> None:
    """The comparison is fine enough to see one price moved by a cent among 9,600."""
    history = real_tape.history("^RUT")
    cent = [0.01 if row == 5000 else 0.0 for row in range(len(history.frame))]
    moved = history.frame.assign(close=history.frame["close"] + cent)
    other = Prices("^RUT", moved, history.source, history.retrieved)
    window = days("1987-10-01", "2026-01-23")
    returns = window_returns("^RUT", "1987-10-01", "2026-01-23")
    expected = empyrical.annual_volatility(returns) * 100
    assert value(volatility(history, **window), "annualised") == near(expected)
    assert value(volatility(other, **window), "annualised") != near(expected)


def test_the_crosses_of_2025_were_in_the_news(real_tape: Tape) -> None:
    """The S&P 500's death cross of 2025-04-14 and golden cross of 2025-07-01, as reported then."""
    m = state(real_tape, "^GSPC", "2026-01-23")
    assert str(m.figures["death_cross_date"].value) == "2025-04-14"
    assert str(m.figures["golden_cross_date"].value) == "2025-07-01"

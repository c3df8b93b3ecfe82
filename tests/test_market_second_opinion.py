"""The metrics on the real tape against a second implementation: empyrical and the standard library.

The closes are read from the files with csv, past the code that the metrics get theirs through.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import cache
from statistics import correlation, median, pstdev
from typing import Any

import empyrical  # type: ignore[import-untyped]
import pandas as pd
import pytest
from conftest import SHARED, needs_real_tape
from market_toys import value

from qa.market.compare import compare
from qa.market.drawdown import drawdown
from qa.market.performance import performance
from qa.market.prices import Prices
from qa.market.tape import Tape
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
    assert value(m, "correlation") == near(correlation(list(own), list(other)))


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

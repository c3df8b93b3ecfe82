"""The price-based rows of the scorecard, read on every session of a history at once.

Each row reads +1 (for the rally), -1 (against) or 0, and nothing where it can't be read:

    trend              0.5  above all of its 20/50/200-day averages +1, below all -1
    relative strength  0.5  ahead of the benchmark over 63 sessions by a point or more, or behind
    stretch            1    15% or more above the 200-day average: -1; 15% or more below: +1
    breadth            1    two thirds of the sector funds up over 63 sessions +1, down -1
    volatility         0.5  over 21 sessions, 1.5 times the benchmark's or more: -1
    rates              0.5  the ten-year yield 50 basis points up in 63 sessions: -1; down: +1
    credit             0.5  high yield over investment grade above its 50-day average +1, below -1

The thresholds are round numbers, set before any of it was tried on prices. A session's row knows
that session and those before it, nothing later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.domain import DriverKind
from qa.market.prices import Prices

if TYPE_CHECKING:
    import pandas as pd

AVERAGES = (20, 50, 200)
QUARTER, MONTH = 63, 21  # sessions
AHEAD = 1.0  # percentage points
STRETCHED = 15.0  # percent
RESTLESS = 1.5
MOST = 2 / 3
FEWEST_SECTORS = 6
YIELD_MOVE = 50.0  # basis points
CREDIT_AVERAGE = 50


@dataclass(frozen=True)
class PriceRow:
    """A row: its name, what kind of driver it is, and its weight."""

    name: str
    kind: DriverKind
    weight: float


PRICE_ROWS = (
    PriceRow("trend", "technical", 0.5),
    PriceRow("relative strength", "technical", 0.5),
    PriceRow("stretch", "technical", 1.0),
    PriceRow("breadth", "cyclical", 1.0),
    PriceRow("volatility", "cyclical", 0.5),
    PriceRow("rates", "policy", 0.5),
    PriceRow("credit", "cyclical", 0.5),
)


@dataclass(frozen=True)
class Readings:
    """By session: `directions`, a column a row (+1, 0, -1, NaN), and the `values` behind them."""

    directions: pd.DataFrame
    values: pd.DataFrame


@dataclass(frozen=True)
class Beside:
    """What stands beside an instrument: its benchmark, sector funds, a yield, two bond funds."""

    benchmark: Prices | None = None
    sectors: tuple[Prices, ...] = ()
    ten_year: Prices | None = None
    high_yield: Prices | None = None
    investment_grade: Prices | None = None

    @property
    def series(self) -> tuple[Prices, ...]:
        """All of it that there is."""
        single = (self.benchmark, self.ten_year, self.high_yield, self.investment_grade)
        return (*(p for p in single if p is not None), *self.sectors)


def read_rows(own: Prices, beside: Beside) -> Readings:
    """Every row on every session of `own`."""
    import pandas as pd

    closes = own.frame["close"].astype("float64")
    values = _values(closes, beside)
    ways = {
        "trend": _of_averages(values),
        "relative strength": _sided(values.get("lead_63"), AHEAD),
        "stretch": _sided(values["distance_200"], STRETCHED, turned=True),
        "breadth": _breadth(values),
        "volatility": _restless(values.get("volatility_ratio")),
        "rates": _sided(values.get("ten_year_change"), YIELD_MOVE, turned=True),
        "credit": _sided(values.get("credit_distance"), 0.0),
    }
    unread = pd.Series(float("nan"), index=closes.index)
    directions = pd.DataFrame({r.name: _or(ways[r.name], unread) for r in PRICE_ROWS})
    return Readings(directions, pd.DataFrame(values, index=closes.index))


def scores(directions: pd.DataFrame) -> pd.Series:
    """The weighted mean of the rows that could be read, by session; NaN where less than half could.

    Half is of the weight of those that could be read on any session so far: a tape without bonds
    is judged by what it has.
    """
    import numpy as np
    import pandas as pd

    weights = np.array([row.weight for row in PRICE_ROWS])
    ways = directions.to_numpy("float64")
    known = ~np.isnan(ways)
    weight = known @ weights
    able = np.maximum.accumulate(known, axis=0) @ weights
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.nan_to_num(ways) @ weights / weight
    score[(weight < able / 2) | (weight == 0)] = np.nan
    return pd.Series(score, index=directions.index, name="score")


def _values(closes: pd.Series, beside: Beside) -> dict[str, pd.Series]:
    import pandas as pd

    values = {f"distance_{n}": (closes / closes.rolling(n).mean() - 1) * 100 for n in AVERAGES}
    if beside.benchmark is not None:
        other = _on(closes, beside.benchmark)
        values["lead_63"] = (closes.pct_change(QUARTER) - other.pct_change(QUARTER)) * 100
        own, its = (s.pct_change().rolling(MONTH).std(ddof=1) for s in (closes, other))
        values["volatility_ratio"] = own / its
    if len(beside.sectors) >= FEWEST_SECTORS:
        funds = pd.DataFrame({s.symbol: s.frame["close"] for s in beside.sectors})
        moves = funds.astype("float64").reindex(closes.index).pct_change(QUARTER)
        values["sectors"] = moves.notna().sum(axis=1).astype("float64")
        values["sectors_up"] = (moves > 0).sum(axis=1).astype("float64")
    if beside.ten_year is not None:
        values["ten_year_change"] = _on(closes, beside.ten_year).diff(QUARTER) * 100
    if beside.high_yield is not None and beside.investment_grade is not None:
        ratio = _on(closes, beside.high_yield) / _on(closes, beside.investment_grade)
        values["credit_distance"] = (ratio / ratio.rolling(CREDIT_AVERAGE).mean() - 1) * 100
    return values


def _on(closes: pd.Series, other: Prices) -> pd.Series:
    """The other's closes on the sessions of these, NaN where it has none."""
    return other.frame["close"].astype("float64").reindex(closes.index)


def _of_averages(values: Mapping[str, pd.Series]) -> pd.Series:
    """+1 above all averages that there are, -1 below all, 0 between; NaN before the first."""
    import pandas as pd

    far = pd.DataFrame({n: values[f"distance_{n}"] for n in AVERAGES})
    above, known = (far > 0).sum(axis=1), far.notna().sum(axis=1)
    way = (above == known).astype("float64") - (above == 0).astype("float64")
    return way.where(known > 0)


def _sided(values: pd.Series | None, edge: float, *, turned: bool = False) -> pd.Series | None:
    """+1 from `edge` up, -1 from it down, 0 between; the other way round when `turned`."""
    if values is None:
        return None
    way = (values >= edge).astype("float64") - (values <= -edge).astype("float64")
    return (-way if turned else way).where(values.notna())


def _breadth(values: Mapping[str, pd.Series]) -> pd.Series | None:
    if "sectors" not in values:
        return None
    share = values["sectors_up"] / values["sectors"]
    way = (share >= MOST).astype("float64") - (share <= 1 - MOST).astype("float64")
    return way.where(values["sectors"] >= FEWEST_SECTORS)


def _restless(ratio: pd.Series | None) -> pd.Series | None:
    if ratio is None:
        return None
    return (-(ratio >= RESTLESS).astype("float64")).where(ratio.notna())


def _or(way: pd.Series | None, unread: pd.Series) -> pd.Series:
    return unread if way is None else way

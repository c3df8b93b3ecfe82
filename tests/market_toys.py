"""Small price histories whose every figure can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from qa.domain import Metric
from qa.errors import UnknownSymbol
from qa.market.folder import FolderSource
from qa.market.prices import Adjustment, Prices

RETRIEVED = datetime(2026, 1, 23, 22, 0, tzinfo=UTC)
MONDAY = "2025-07-07"  # no holiday from here to 2025-08-29: forty sessions, Monday to Friday


def series(
    closes: Sequence[float],
    symbol: str = "^RUT",
    *,
    days: Sequence[str] | None = None,
    first: str = MONDAY,
    adjustment: Adjustment = "as_traded",
    **columns: Sequence[float],
) -> Prices:
    """Closes on the given days, or on weekdays from `first` on; other columns by name."""
    index = pd.DatetimeIndex(list(days)) if days else pd.bdate_range(first, periods=len(closes))
    frame = pd.DataFrame({**columns, "close": closes}, index=index, dtype="float64")
    return Prices(symbol, frame, "toy", RETRIEVED, adjustment)


class Toys:
    """A market source made of such histories."""

    name = "toy"
    sample = False

    def __init__(self, *held: Prices) -> None:
        self._held: Mapping[str, Prices] = {p.symbol: p for p in held}

    def symbols(self) -> tuple[str, ...]:
        return tuple(self._held)

    def start_question(self) -> None:
        """Nothing to begin."""

    def prefetch(self, symbols: Iterable[str]) -> None:
        """Nothing to fetch."""

    def span(self) -> tuple[date, date]:
        held = self._held.values()
        return min(p.first for p in held), max(p.last for p in held)

    def history(self, symbol: str) -> Prices:
        if symbol not in self._held:
            raise UnknownSymbol(f"The toys have no {symbol}.")
        return self._held[symbol]


class Corrupt:
    """A source whose prices after a day are nonsense."""

    sample = False

    def __init__(self, source: FolderSource, day: date) -> None:
        self._source, self._day, self.name = source, day, source.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def history(self, symbol: str) -> Prices:
        held = self._source.history(symbol)
        frame = held.frame.copy()
        frame.loc[str(self._day) :] *= 7.0
        frame.loc[: str(self._day)] = held.frame.loc[: str(self._day)]
        return Prices(symbol, frame, held.source, held.retrieved, held.adjustment, held.notes)


def value(metric: Metric, name: str) -> float:
    """A number of a metric, unrounded."""
    number = metric.figures[name].value
    assert isinstance(number, float), f"{name} is no number"
    return number


def when(metric: Metric, name: str) -> str:
    """A day of a metric."""
    return str(metric.figures[name].value)


def days_of(m: Metric) -> Iterator[date]:
    """Every day that a metric holds."""
    assert m.window is not None
    yield from (m.window.start, m.window.end)
    yield from (f.value for f in m.figures.values() if isinstance(f.value, date))
    for row in m.table.rows if m.table else ():
        yield from (cell for cell in row if isinstance(cell, date))


def numbers_of(m: Metric) -> Iterator[float]:
    """Every number that a metric holds."""
    yield from (f.value for f in m.figures.values() if isinstance(f.value, float))
    for row in m.table.rows if m.table else ():
        yield from (cell for cell in row if isinstance(cell, float))

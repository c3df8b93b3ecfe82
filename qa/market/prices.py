"""Price history and ratios as the metrics see them, and what a source of them must offer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    import pandas as pd

Adjustment = Literal["as_traded", "unknown"]


@dataclass(frozen=True)
class Prices:
    """Daily prices of one instrument, with where they came from.

    `frame`: one row a session, ascending and unique, indexed by a naive midnight DatetimeIndex;
    float columns open, high, low, close (NaN where the source has none; close never is), and
    adj_close where the source has it. `adjustment` says whether `close` is known to be as traded.
    `notes` are sentences on what was left out, or how old the prices are.
    """

    symbol: str
    frame: pd.DataFrame
    source: str
    retrieved: datetime
    adjustment: Adjustment = "as_traded"
    notes: tuple[str, ...] = ()

    def until(self, day: date) -> Prices:
        """The same history, ending on or before `day`; the same object for the same day."""
        if day not in self._cuts:
            self._cuts[day] = replace(self, frame=self.frame.loc[: str(day)])
        return self._cuts[day]

    @cached_property
    def _cuts(self) -> dict[date, Prices]:
        return {}

    @property
    def first(self) -> date:
        """The first session held."""
        return self.frame.index[0].date()  # type: ignore[no-any-return]

    @property
    def last(self) -> date:
        """The last session held."""
        return self.frame.index[-1].date()  # type: ignore[no-any-return]

    @cached_property
    def series_hash(self) -> str:
        """A hash of every session and price held: the same data, the same hash."""
        digest = hashlib.sha256(self.symbol.encode())
        digest.update(self.frame.index.to_numpy("datetime64[D]").astype("int64").tobytes())
        digest.update(",".join(self.frame.columns).encode())
        digest.update(self.frame.to_numpy("float64").tobytes())
        return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Ratios:
    """Valuation ratios of one instrument as a source gave them: a snapshot, with no history.

    `values` are multiples by name: trailing_pe, forward_pe, holdings_pe (of the shares that a fund
    holds), price_to_book, price_to_sales, price_to_cash_flow; what the source didn't give is left
    out. `session` is the last that had begun when they were retrieved: an as-of date before it
    may not see them. `notes` are sentences on how the values were read, or how old they are.
    """

    symbol: str
    values: Mapping[str, float]
    session: date
    source: str
    retrieved: datetime
    notes: tuple[str, ...] = ()

    @cached_property
    def series_hash(self) -> str:
        """A hash of the session and every value: the same snapshot, the same hash."""
        told = [self.symbol, self.session.isoformat(), *map(repr, sorted(self.values.items()))]
        return hashlib.sha256(",".join(told).encode()).hexdigest()[:16]


class Traced(Protocol):
    """What evidence tells of the data that it was made from."""

    @property
    def symbol(self) -> str:
        """The instrument."""

    @property
    def source(self) -> str:
        """Where the data came from."""

    @property
    def retrieved(self) -> datetime:
        """When they came."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what was left out, or how old they are."""

    @property
    def series_hash(self) -> str:
        """The same data, the same hash."""


class Source(Protocol):
    """Somewhere price history comes from."""

    name: str
    sample: bool

    def symbols(self) -> tuple[str, ...]:
        """The instruments this source is known to hold; empty when it can't list them."""

    def start_question(self) -> None:
        """Begin a question: a live source starts its clock and looks prices up anew."""

    def prefetch(self, symbols: Iterable[str]) -> None:
        """Get several histories ready at once; what fails is told when `history` asks."""

    def span(self) -> tuple[date, date]:
        """The first and the last day that the source has prices for."""

    def history(self, symbol: str) -> Prices:
        """The whole daily history; raises UnknownSymbol, or MarketSourceError if unreadable."""


@runtime_checkable
class RatioSource(Protocol):
    """A source that has valuation ratios beside its prices."""

    def ratios(self, symbol: str, as_of: date) -> Ratios:
        """The ratios as they stood on `as_of`; raises NotAvailable when those aren't to be had."""

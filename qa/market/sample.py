"""The demonstration tape: a market source for a machine with no network.

Its prices are simulated, and pinned at a few published levels (`sample_anchors`), so that the
worked examples come out as they did in the real market while no series of real prices is shipped.

How a history is made:

1. Every index walks at random between its pins: a Brownian bridge in log prices, whose steps share
   one common factor, so that indices, funds and sectors rise and fall together.
2. In the window 2025-12-01..2026-01-23 two numbers are solved for: how tall a smooth hump is, so
   that the 20-day average is the published one, and how wide the bridge swings, so that the
   volatility is. Both vanish at the pins. Closes are then rounded to cents, and what the rounding
   took is handed back a cent at a time.
3. A fund that tracks an index copies it with a little noise; a sector follows the S&P 500 by its
   beta with a bridge of its own, and its last two closes give the published move of the last day.
4. Opens, highs and lows are drawn around the closes.

The seed is fixed, only `standard_normal` is drawn from, and every price is rounded: the same tape
on each run. The pins come from the method, not from the seed: other seeds meet them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.errors import UnknownSymbol
from qa.market.prices import Prices
from qa.market.sample_anchors import (
    END,
    GAUGES,
    INDEXES,
    LAST_PRIOR,
    MA_SESSIONS,
    SECTORS,
    START,
    TRACKERS,
    TURBULENT,
    WINDOW_START,
    Extremes,
    GaugeAnchors,
    IndexAnchors,
    SectorAnchors,
    TrackerAnchors,
)

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

# Picked from seeds 1..249 for a believable course; of the three that passed, the calmest in April.
SEED = 57
SYMBOLS = (*INDEXES, *GAUGES, *TRACKERS, *SECTORS)
NAME = "sample data, simulated between published levels"
RETRIEVED = datetime(2026, 1, 23, 21, 0, tzinfo=UTC)

_TRACKING_ERROR = 0.0001  # of a tracker's price
_SOFT_EDGE = 0.02  # how near (in log price) to the closing range a close is bent back
_SPARE_CENTS = 0.05  # kept free inside the closing range for the cents handed back
_MOST_CENTS = 3.0  # that one close is moved to meet the volatility


class SampleSource:
    """Simulated daily prices, 2024-12-02..2026-01-23, that meet published levels at the pins."""

    name = NAME
    sample = True

    def symbols(self) -> tuple[str, ...]:
        """Every instrument on the tape."""
        return SYMBOLS

    def start_question(self) -> None:
        """Nothing to begin: what is at hand doesn't change."""

    def prefetch(self, symbols: Iterable[str]) -> None:
        """Nothing to fetch."""

    def span(self) -> tuple[date, date]:
        """The first and the last session of the tape."""
        held = self.history("^GSPC")
        return held.first, held.last

    def history(self, symbol: str) -> Prices:
        """The whole daily history of `symbol`; raises UnknownSymbol if the tape hasn't got it.

        Columns open, high, low, close, in index points, dollars, or percent (^VIX, ^TNX).
        """
        if symbol not in SYMBOLS:
            raise UnknownSymbol(
                f"The sample data has no {symbol!r}; ask for one of {', '.join(SYMBOLS)}, "
                "or choose another market source."
            )
        # A shallow copy is copied on write: no caller can alter the tape of the next.
        return Prices(symbol, self._tape[symbol].copy(deep=False), NAME, RETRIEVED)

    @cached_property
    def _tape(self) -> dict[str, pd.DataFrame]:
        return build()


def build(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """The whole tape, by symbol, each frame as `Prices` describes it. The seed is for tests."""
    import pandas as pd

    from qa.market.sessions import sessions_between

    sessions = sessions_between(date.fromisoformat(START), date.fromisoformat(END))
    index = pd.DatetimeIndex(sessions.to_numpy())
    days = _Days(np.datetime_as_string(index.to_numpy("datetime64[D]")).tolist())
    bars = _all_bars(days, _draw(seed, len(days.names)))
    return {
        symbol: pd.DataFrame(
            bars[symbol].T, index=index, columns=["open", "high", "low", "close"], copy=True
        )
        for symbol in SYMBOLS
    }


@dataclass(frozen=True)
class _Days:
    """The sessions of the tape, as ISO days; a position is an index into them."""

    names: list[str]

    @cached_property
    def _at(self) -> dict[str, int]:
        return {name: position for position, name in enumerate(self.names)}

    def at(self, day: str) -> int:
        """The position of a session."""
        return self._at[day]

    def bridge(self, levels: Mapping[str, float], steps: Floats) -> tuple[Floats, Floats]:
        """A Brownian bridge in logs: straight lines between `levels`, and the swing about them."""
        pins = np.array(sorted(self.at(day) for day in levels))
        logs = np.log([levels[self.names[pin]] for pin in pins])
        everywhere, walk = np.arange(len(self.names)), np.cumsum(steps)
        swing = walk - np.interp(everywhere, pins, walk[pins])
        return np.interp(everywhere, pins, logs), swing

    @cached_property
    def wildness(self) -> Floats:
        """What a day's steps are multiplied by."""
        first, last, factor = TURBULENT
        return np.array([factor if first <= name <= last else 1.0 for name in self.names])


@dataclass(frozen=True)
class _Noise:
    """Standard normals for one symbol, one a session; `common` is the same for all symbols."""

    common: Floats
    own: Floats
    gap: Floats
    above: Floats
    below: Floats


def _draw(seed: int, sessions: int) -> dict[str, _Noise]:
    """The noise of every symbol, cut at 2.5 deviations so that no day is beyond belief."""
    normals = np.random.Generator(np.random.PCG64(seed)).standard_normal(
        (1 + 4 * len(SYMBOLS), sessions)
    )
    common, *rows = np.clip(normals, -2.5, 2.5)
    return {
        symbol: _Noise(common, *rows[4 * place : 4 * place + 4])
        for place, symbol in enumerate(SYMBOLS)
    }


def _all_bars(days: _Days, noise: dict[str, _Noise]) -> dict[str, Floats]:
    """Open, high, low, close (4 x sessions) of every symbol."""
    bars: dict[str, Floats] = {}
    for symbol, index in INDEXES.items():
        bars[symbol] = _index_bars(index, days, noise[symbol])
    for symbol, tracker in TRACKERS.items():
        bars[symbol] = _tracker_bars(tracker, bars[tracker.index], noise[symbol])
    market = np.log(bars["^GSPC"][3])
    for symbol, gauge in GAUGES.items():
        bars[symbol] = _gauge_bars(gauge, days, market, noise[symbol])
    for symbol, sector in SECTORS.items():
        bars[symbol] = _sector_bars(sector, days, market, noise[symbol])
    return bars


# --- Indices -------------------------------------------------------------------------------------


def _index_bars(index: IndexAnchors, days: _Days, noise: _Noise) -> Floats:
    closes = _index_closes(index, days, noise)
    opens = _opens(closes, index.volatility, noise)
    opens[days.at(WINDOW_START)] = index.open_start
    if index.extremes is None:
        return _bars(opens, closes, index.volatility, noise)
    opens = np.clip(opens, index.extremes.close_low, index.extremes.close_high)
    return _hold_extremes(_bars(opens, closes, index.volatility, noise), index.extremes, days)


def _index_closes(index: IndexAnchors, days: _Days, noise: _Noise) -> Floats:
    """Closes in cents' precision that meet every published close, average and volatility."""
    prior = round(index.closes[END] / (1 + index.day_pct / 100), 2)
    published = dict(sorted({LAST_PRIOR: prior, **index.closes}.items()))
    own = np.sqrt(1 - index.correlation**2) * noise.own
    steps = index.volatility * days.wildness * (index.correlation * noise.common + own)
    line, swing = days.bridge({**index.shape, **published}, steps)
    closes = _bend(np.exp(line + swing), index.extremes)
    pins = np.array([days.at(day) for day in published])
    closes[pins] = list(published.values())

    start = days.at(WINDOW_START)
    in_window = pins[pins >= start]
    window = _Window(
        line[start:], swing[start:], in_window - start, closes[in_window], index.extremes
    )
    closes[start:] = window.settle(index.ma20, _volatility_meant(index))
    return np.rint(closes * 100) / 100


def _volatility_meant(index: IndexAnchors) -> float:
    """The middle of the population deviations that round to both published ones, as a fraction."""
    sample_to_pop, half = np.sqrt(35 / 36), 0.00005
    lowest = max(index.vol_pop_pct - half, (index.vol_sample_pct - half) * sample_to_pop)
    highest = min(index.vol_pop_pct + half, (index.vol_sample_pct + half) * sample_to_pop)
    return float(lowest + highest) / 200


def _bend(closes: Floats, extremes: Extremes | None) -> Floats:
    """Closes near or beyond the closing range, bent back smoothly so that they stay inside it."""
    if extremes is None:
        return closes
    top = np.log(extremes.close_high - _SPARE_CENTS)
    bottom = np.log(extremes.close_low + _SPARE_CENTS)
    logs = np.log(closes)
    over = np.maximum(logs - (top - _SOFT_EDGE), 0) / _SOFT_EDGE
    under = np.maximum(bottom + _SOFT_EDGE - logs, 0) / _SOFT_EDGE
    bent_down = top - _SOFT_EDGE * np.exp(-over)
    bent_up = bottom + _SOFT_EDGE * np.exp(-under)
    return np.asarray(np.exp(np.where(over > 0, bent_down, np.where(under > 0, bent_up, logs))))


def _hold_extremes(bars: Floats, extremes: Extremes, days: _Days) -> Floats:
    """The same bars, with the extremes on their days and every other day inside them."""
    bars = bars.copy()
    bars[1] = np.minimum(bars[1], np.rint(extremes.high * 100 - 1) / 100)
    bars[2] = np.maximum(bars[2], np.rint(extremes.low * 100 + 1) / 100)
    bars[1, days.at(extremes.high_day)] = extremes.high
    bars[2, days.at(extremes.low_day)] = extremes.low
    return bars


@dataclass(frozen=True)
class _Window:
    """The published window of one index: its bridge, and the closes that are fixed in it."""

    line: Floats
    swing: Floats
    pins: NDArray[np.int64]
    pinned: Floats
    extremes: Extremes | None

    @cached_property
    def hump(self) -> Floats:
        """Half a sine over the last long stretch between pins, where the average is moved."""
        left, right = self.pins[-3], self.pins[-2]
        shape = np.zeros(len(self.line))
        shape[left : right + 1] = np.sin(np.linspace(0, np.pi, right - left + 1))
        return shape

    @cached_property
    def free(self) -> NDArray[np.int64]:
        """The sessions whose closes aren't pinned."""
        return np.setdiff1d(np.arange(len(self.line)), self.pins)

    def closes(self, width: float, height: float) -> Floats:
        """The closes when the bridge swings `width` times as wide over a hump `height` tall."""
        logs = self.line + width * self.swing + height * self.hump
        closes = _bend(np.exp(logs), self.extremes)
        closes[self.pins] = self.pinned
        return closes

    def with_average(self, width: float, ma20: float) -> Floats:
        """The closes at this width whose last 20 average `ma20`."""
        height = _root(lambda h: self.closes(width, h)[-MA_SESSIONS:].mean() - ma20, -1, 1)
        return self.closes(width, height)

    def settle(self, ma20: float, volatility: float) -> Floats:
        """Closes in whole cents with this average of the last 20, and this volatility."""
        width = _root(lambda w: _volatility(self.with_average(w, ma20)) - volatility, 0, 2)
        cents = np.rint(self.with_average(width, ma20) * 100)
        self._restore_average(cents, ma20)
        self._restore_volatility(cents, volatility)
        return cents / 100

    def _restore_average(self, cents: Floats, ma20: float) -> None:
        free = self.free[self.free >= len(cents) - MA_SESSIONS]
        missing = round(ma20 * 100 * MA_SESSIONS - cents[-MA_SESSIONS:].sum())
        each, left_over = divmod(missing, len(free))
        cents[free] += each
        cents[free[:left_over]] += 1

    def _restore_volatility(self, cents: Floats, volatility: float) -> None:
        """Move closes before the last 20, which leave the average alone, by a few cents each."""
        for day in self.free[self.free < len(cents) - MA_SESSIONS]:
            before = _volatility(cents)
            cents[day] += 1
            gain = _volatility(cents) - before
            wanted = (volatility - before) / gain if gain else 0.0
            cents[day] += np.rint(np.clip(wanted, -_MOST_CENTS, _MOST_CENTS)) - 1


def _volatility(closes: Floats) -> float:
    """The population deviation of the simple close-to-close returns, as a fraction."""
    return float(np.std(closes[1:] / closes[:-1]))


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a continuous function changes its sign between `low` and `high` (Illinois method)."""
    at_low, at_high = function(low), function(high)
    if at_low * at_high > 0:
        raise ArithmeticError(f"no sign change between {low} and {high}: the pins contradict")
    for _ in range(60):
        guess = high - at_high * (high - low) / (at_high - at_low)
        value = function(guess)
        if abs(value) < 1e-9:
            break
        if value * at_high < 0:
            low, at_low = high, at_high
        else:
            at_low /= 2
        high, at_high = guess, value
    return guess


# --- Funds, sectors and gauges -------------------------------------------------------------------


def _tracker_bars(tracker: TrackerAnchors, index: Floats, noise: _Noise) -> Floats:
    """The index's own bars at the fund's level, open and close with a little noise."""
    opens, highs, lows, closes = index * tracker.ratio
    opens = np.round(opens * (1 + _TRACKING_ERROR * noise.gap), 2)
    closes = np.round(closes * (1 + _TRACKING_ERROR * noise.own), 2)
    highs = np.maximum(np.round(highs, 2), np.maximum(opens, closes))
    lows = np.minimum(np.round(lows, 2), np.minimum(opens, closes))
    return np.stack([opens, highs, lows, closes])


def _sector_bars(sector: SectorAnchors, days: _Days, market: Floats, noise: _Noise) -> Floats:
    prior, last = _last_two_closes(sector)
    levels = {START: sector.start, LAST_PRIOR: prior, END: last}
    steps = sector.volatility * days.wildness * noise.own + sector.beta * _steps(market)
    line, swing = days.bridge(levels, steps)
    closes = _prices(line + swing)
    width = float(np.hypot(sector.volatility, sector.beta * INDEXES["^GSPC"].volatility))
    return _bars(_opens(closes, width, noise), closes, width, noise)


def _last_two_closes(sector: SectorAnchors) -> tuple[float, float]:
    """The pair of closes in cents, nearest to the sector's level, with the published day move."""
    prior = np.rint(sector.end * 100) + np.arange(-200, 201)
    last = np.rint(prior * (1 + sector.day_pct / 100))
    miss = np.abs((last / prior - 1) * 100 - sector.day_pct)
    met = np.flatnonzero(miss < 0.0005)
    best = met[np.argmin(np.abs(met - 200))] if met.size else np.argmin(miss)
    return float(prior[best]) / 100, float(last[best]) / 100


def _gauge_bars(gauge: GaugeAnchors, days: _Days, market: Floats, noise: _Noise) -> Floats:
    steps = gauge.volatility * days.wildness * noise.own + gauge.beta * _steps(market)
    line, swing = days.bridge(gauge.shape, steps)
    closes = _prices(line + swing, gauge.decimals)
    opens = _opens(closes, gauge.volatility, noise, gauge.decimals)
    return _bars(opens, closes, gauge.volatility, noise, gauge.decimals)


def _steps(logs: Floats) -> Floats:
    return np.diff(logs, prepend=logs[0])


def _prices(logs: Floats, decimals: int = 2) -> Floats:
    return np.asarray(np.round(np.exp(logs), decimals), dtype=np.float64)


# --- Opens, highs and lows -----------------------------------------------------------------------


def _opens(closes: Floats, volatility: float, noise: _Noise, decimals: int = 2) -> Floats:
    """Opens that have made part of the day's move overnight."""
    day = _steps(np.log(closes))
    overnight = 0.3 * day + 0.25 * volatility * noise.gap
    return np.round(closes * np.exp(overnight - day), decimals)


def _bars(
    opens: Floats, closes: Floats, volatility: float, noise: _Noise, decimals: int = 2
) -> Floats:
    """The four rows open, high, low, close, with wicks in keeping with the volatility."""
    wick = 0.4 * volatility
    highs = np.maximum(opens, closes) * np.exp(wick * np.abs(noise.above))
    lows = np.minimum(opens, closes) * np.exp(-wick * np.abs(noise.below))
    return np.stack([opens, np.round(highs, decimals), np.round(lows, decimals), closes])

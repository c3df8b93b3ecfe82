"""The history of one instrument as arrays: what the readings of a claim are looked up in."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from qa.errors import NotEnoughHistory
from qa.market.instruments import named
from qa.market.performance import REPEATED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.market.prices import Prices

    Floats = NDArray[np.float64]


class History:
    """Closes and what else the source has, by row; `day(row)` and `row(day)` translate.

    A row of -1 stands for "before everything held".
    """

    def __init__(self, prices: Prices) -> None:
        frame = prices.frame
        self.symbol = prices.symbol
        self.kind = named(prices.symbol).kind
        self.adjusted_closes = prices.adjustment == "unknown"
        self.days = frame.index.to_numpy("datetime64[D]")
        self.close: Floats = frame["close"].to_numpy("float64")
        self.open = frame["open"].to_numpy("float64") if "open" in frame else None
        self.high = frame["high"].to_numpy("float64") if "high" in frame else None
        self.low = frame["low"].to_numpy("float64") if "low" in frame else None
        self.adjusted = frame["adj_close"].to_numpy("float64") if "adj_close" in frame else None

    def __len__(self) -> int:
        return len(self.close)

    @property
    def first(self) -> date:
        """The first session held."""
        return self.day(0)

    @property
    def last(self) -> date:
        """The last session held."""
        return self.day(len(self) - 1)

    def day(self, row: int) -> date:
        """The session of a row."""
        return self.days[row].item()  # type: ignore[no-any-return]

    def row(self, day: date) -> int:
        """The row of the last session on or before a day; -1 where there is none."""
        import numpy as np

        return int(self.days.searchsorted(np.datetime64(day), "right")) - 1

    def reached(self, day: date) -> int:
        """The row of the last session on or before a day; NotEnoughHistory where none is held."""
        row = self.row(day)
        if row < 0:
            raise NotEnoughHistory(f"{self.symbol} has prices from {self.first} only, not {day}")
        return row

    def row_from(self, day: date) -> int:
        """The row of the first session on or after a day; the length where there is none."""
        import numpy as np

        return int(self.days.searchsorted(np.datetime64(day), "left"))

    def opened(self, row: int) -> float | None:
        """The open of a session, unless opens around it only repeat the close before."""
        import numpy as np

        if self.open is None or row < 1 or not self.open[row] > 0:
            return None
        near = slice(max(1, row - 20), row + 20)
        before = self.close[near.start - 1 : min(row + 20, len(self)) - 1]
        repeats = np.abs(self.open[near] / before - 1) < REPEATED
        return None if repeats.mean() >= 0.5 else float(self.open[row])

    def highest(self, first: int, last: int) -> float | None:
        """The highest price traded from one row to another; None where the source has no highs."""
        return _extreme(self.high, first, last, highest=True)

    def lowest(self, first: int, last: int) -> float | None:
        """The lowest price traded from one row to another; None where the source has no lows."""
        return _extreme(self.low, first, last, highest=False)

    def inside(self, row: int, level: float, slack: float = 0.0) -> bool:
        """Whether a level was traded on a day."""
        high, low = self.highest(row, row), self.lowest(row, row)
        return high is not None and low is not None and low - slack <= level <= high + slack

    @cached_property
    def record_rows(self) -> NDArray[np.int64]:
        """The rows of closes above all before them."""
        import numpy as np

        peaks = np.maximum.accumulate(self.close)
        return np.flatnonzero(np.append(True, self.close[1:] > peaks[:-1]))

    @cached_property
    def day_moves(self) -> Floats:
        """The change of each close against the one before, in percent; the first is nan."""
        import numpy as np

        moves = np.full(len(self), np.nan)
        moves[1:] = (self.close[1:] / self.close[:-1] - 1) * 100
        return moves


def _extreme(values: Floats | None, first: int, last: int, *, highest: bool) -> float | None:
    import numpy as np

    if values is None or last < first:
        return None
    part = values[max(first, 0) : last + 1]
    if not len(part) or np.isnan(part).all():
        return None
    return float(np.nanmax(part) if highest else np.nanmin(part))


def runs(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many flags in a row are set up to and including each place."""
    import numpy as np

    counted = np.arange(1, len(flags) + 1)
    reset = np.where(flags, 0, counted)
    return counted - np.maximum.accumulate(reset)

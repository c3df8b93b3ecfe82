"""The closes of an instrument, and of another beside it, on the sessions that both have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.instruments import named
from qa.market.measure import Period, holes_inside, splits_inside
from qa.market.prices import Prices

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """Closes by session, oldest first; `other` is the benchmark's, None without one."""

    days: pd.DatetimeIndex
    own: Numbers
    other: Numbers | None

    def __len__(self) -> int:
        return len(self.own)

    def day(self, row: int) -> date:
        """The session of a row."""
        return self.days[row].date()

    def returns(self, sessions: int) -> Numbers:
        """The return over so many sessions, in percent; the first is that from the first row."""
        return returns(self.own, sessions)

    def leads(self, sessions: int) -> Numbers | None:
        """The return less the benchmark's, in percentage points; None without a benchmark."""
        if self.other is None:
            return None
        return self.returns(sessions) - returns(self.other, sessions)


def returns(closes: Numbers, sessions: int) -> Numbers:
    """The simple returns over so many rows, in percent; empty for fewer rows."""
    return (closes[sessions:] / closes[:-sessions] - 1) * 100


def history(prices: Prices, benchmark: Prices | None, end: date) -> History:
    """The closes up to `end`; raises NotAvailable for a yield, NotEnoughHistory for none."""
    import numpy as np
    import pandas as pd

    held = [prices, *([benchmark] if benchmark else [])]
    for series in held:
        if named(series.symbol).kind == "yield":
            raise NotAvailable(f"{series.symbol} is a yield: it has no return; ask for a price.")
    days = prices.frame.index
    if benchmark is not None:
        days = days.intersection(benchmark.frame.index)
    days = pd.DatetimeIndex(days[: days.searchsorted(str(end), "right")])
    if not len(days):
        raise NotEnoughHistory(
            f"{' and '.join(s.symbol for s in held)} have no session in common up to {end}."
        )
    closes = [np.asarray(s.frame["close"].reindex(days), dtype=np.float64) for s in held]
    return History(days, closes[0], closes[1] if benchmark else None)


def gaps(series: list[Prices], first: date, last: date) -> list[str]:
    """Sentences on the sessions without a price, and the splits, between two days."""
    notes = []
    for prices in series:
        index = prices.frame.index
        begins = int(index.searchsorted(str(first), "left"))
        ends = int(index.searchsorted(str(last), "right")) - 1
        notes += holes_inside(prices, Period(begins, ends, first, last, ()))
        notes += splits_inside(prices, begins, ends)
    return notes

"""Moves of equal stretches: by session, week, month, quarter or year, and ahead of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checking.auditing.history import History
from qa.errors import NotEnoughHistory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LEAST_HISTORY = 60  # rows of a series of moves, below which nothing is "the best since"


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves of equal stretches (days, weeks, years): in percent, with the last row of each."""

    values: Floats
    rows: NDArray[np.int64]


def moves_by(h: History, unit: str) -> Moves:
    """The moves of a history by session, week, month, quarter or year, the last one running."""
    import numpy as np

    if unit == "session":
        return Moves(h.day_moves[1:], np.arange(1, len(h)))
    days = h.days
    if unit == "week":
        keys = (days.astype("int64") + 3) // 7
    elif unit == "quarter":
        keys = days.astype("datetime64[M]").astype("int64") // 3
    else:
        keys = days.astype(f"datetime64[{'M' if unit == 'month' else 'Y'}]").astype("int64")
    ends = np.append(np.flatnonzero(keys[1:] != keys[:-1]), len(h) - 1)
    closes = h.close[ends]
    return Moves((closes[1:] / closes[:-1] - 1) * 100, ends[1:])


def leads(h: History, other: History, unit: str) -> Moves:
    """How far a history's moves lie above another's, on the days that both have."""
    import numpy as np

    days, mine, theirs = np.intersect1d(h.days, other.days, assume_unique=True, return_indices=True)
    if len(days) < _LEAST_HISTORY:
        raise NotEnoughHistory(f"{other.symbol} and {h.symbol} share too few sessions")
    own = moves_by(h, unit)
    stretches = np.concatenate(([0], own.rows))
    closes = np.full(len(h), np.nan)
    closes[mine] = other.close[theirs]
    level_then = closes[stretches]
    rivals = (level_then[1:] / level_then[:-1] - 1) * 100
    return Moves(own.values - rivals, own.rows)

"""Runs: how many sessions in a row an instrument closed higher, or lower, than the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.domain import Figure
from qa.market.measure import count, day

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def run_now(closes: pd.Series[float]) -> dict[str, Figure]:
    """The run that the last close ends: `rising` or `falling` (sessions), and its first session.

    Neither after an unchanged close, or without a close before it. A run that goes back to the
    first close may be longer than the history tells.
    """
    for name, lengths in _lengths(closes).items():
        if len(lengths) and (last := int(lengths[-1])):
            began = closes.index[len(closes) - last].date()
            return {name: count(last, "sessions"), f"{name}_since": day(began)}
    return {}


def longest_runs(closes: pd.Series[float]) -> dict[str, Figure]:
    """The longest runs inside closes that begin with the one before them.

    `longest_rising` and `longest_falling` (sessions), each with its `_start` and its `_end`, the
    first and the last session of the first run of that length; nothing where no close moved so.
    """
    figures: dict[str, Figure] = {}
    for name, lengths in _lengths(closes).items():
        if not len(lengths) or not (longest := int(lengths.max())):
            continue
        row = int(lengths.argmax())
        figures[f"longest_{name}"] = count(longest, "sessions")
        figures[f"longest_{name}_start"] = day(closes.index[row - longest + 1].date())
        figures[f"longest_{name}_end"] = day(closes.index[row].date())
    return figures


def _lengths(closes: pd.Series[float]) -> dict[str, NDArray[np.int64]]:
    """For every close, how many in a row up to it were above, and below, the one before."""
    import numpy as np

    moves = closes.diff().to_numpy()
    places = np.arange(len(moves))
    found = {}
    for name, there in (("rising", moves > 0), ("falling", moves < 0)):
        broken = np.maximum.accumulate(np.where(there, -1, places))  # where it last did not
        found[name] = np.where(there, places - broken, 0)
    return found

"""The relative strength index of Wilder (New Concepts in Technical Trading Systems, 1978)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.domain import Figure
from qa.market.prices import Prices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

PERIOD = 14  # changes
RUN_IN = 100  # sessions after which the first average weighs less than 0.2%


def rsi(closes: Numbers) -> Numbers:
    """The RSI over 14 changes (0 to 100) of every close from the 15th on, oldest first.

    The averages of gains and of losses begin with the plain mean of the first 14 changes and go on
    with 13 parts of the last average and one of the new change; the RSI is 100 times the average
    gain over the sum of the two, and NaN as long as no close has moved.
    """
    import numpy as np

    changes = np.diff(closes)
    if len(changes) < PERIOD:
        return np.empty(0)
    gains, losses = (_smoothed(np.maximum(side, 0)) for side in (changes, -changes))
    moves = gains + losses
    moves[moves == 0] = np.nan
    return 100 * gains / moves


def _smoothed(sizes: Numbers) -> Numbers:
    """Wilder's running average: seeded, or the first change would weigh as much as fourteen."""
    import numpy as np
    import pandas as pd

    seeded = np.concatenate([[sizes[:PERIOD].mean()], sizes[PERIOD:]])
    smooth = pd.Series(seeded).ewm(alpha=1 / PERIOD, adjust=False).mean()
    return np.array(smooth, dtype=np.float64)


def rsi_now(prices: Prices, closes: Numbers) -> tuple[dict[str, Figure], list[str]]:
    """`rsi_14` after the last close, and a note where the history is short for it."""
    line = rsi(closes)
    if not len(line):
        return {}, [
            f"No RSI: {prices.symbol} has {len(closes)} sessions of history; it takes {PERIOD + 1}."
        ]
    if line[-1] != line[-1]:
        return {}, [f"No RSI: no close of {prices.symbol} differs from the one before."]
    figures = {"rsi_14": Figure(value=float(line[-1]), unit="ratio", decimals=1)}
    if len(closes) >= RUN_IN:
        return figures, []
    return figures, [
        f"The RSI smooths over all {len(closes)} sessions since {prices.first}: with a longer "
        "history it may read differently."
    ]

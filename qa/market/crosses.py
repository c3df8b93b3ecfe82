"""Moving averages and who crossed whom: the close its averages, the 50-day the 200-day one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.domain import Figure
from qa.market.measure import change, count, day, percent

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Rows = NDArray[np.intp]

AVERAGES = (20, 50, 200)
SAME = 1e-9  # of a level: averages nearer than this to it differ by rounding only


def averages(closes: pd.Series[float]) -> dict[int, Numbers]:
    """The mean of the last 20, 50 and 200 closes on every session, NaN before there are as many."""
    import numpy as np

    return {n: np.asarray(closes.rolling(n).mean(), dtype=np.float64) for n in AVERAGES}


def crosses(closes: pd.Series[float], lines: dict[int, Numbers]) -> tuple[dict[str, Figure], int]:
    """The last crosses up to the last session, and the earliest row that one of them is on.

    `cross_N_date`, the last session that closed on the side of its N-day average where the close
    is now, after one on the other side, and `cross_N_sessions` since then (0: the last session
    itself); `golden_cross_date` and `death_cross_date`, the last sessions on which the 50-day
    average came to stand over, and under, the 200-day one, with `..._sessions`;
    `distance_50_200`, the 50-day average over the 200-day one in percent. A touch is no cross. What
    never happened in the history is left out.
    """
    import numpy as np

    levels = np.asarray(closes, dtype=np.float64)
    found: dict[str, int] = {}
    for n in AVERAGES:
        up, down = last_turns(levels, lines[n])
        if up is not None or down is not None:
            found[f"cross_{n}"] = max(row for row in (up, down) if row is not None)
    for name, row in zip(("golden", "death"), last_turns(lines[50], lines[200]), strict=True):
        if row is not None:
            found[f"{name}_cross"] = row
    figures: dict[str, Figure] = {}
    for name, row in found.items():
        figures[f"{name}_date"] = day(closes.index[row].date())
        figures[f"{name}_sessions"] = count(len(levels) - 1 - row, "sessions")
    short, long = (float(lines[n][-1]) if len(levels) >= n else 0.0 for n in (50, 200))
    if short > 0 and long > 0:  # a yield's may not be
        figures["distance_50_200"] = percent(change(short, long))
    return figures, min(found.values(), default=len(levels) - 1)


def last_turns(line: Numbers, other: Numbers) -> tuple[int | None, int | None]:
    """The last rows on which a line came to stand over another, and under it, as `turns` has them.

    None where it never did.
    """
    up, down = turns(line, other)
    return (int(up[-1]) if len(up) else None), (int(down[-1]) if len(down) else None)


def turns(line: Numbers, other: Numbers) -> tuple[Rows, Rows]:
    """The rows on which a line came to stand over another, and under it, from the other side.

    Rows where either is NaN, or where they are the same, belong to neither side.
    """
    import numpy as np

    apart = line - other
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(np.abs(apart) > SAME * np.maximum(np.abs(line), np.abs(other)))
    over = apart[rows] > 0
    changed = np.flatnonzero(over[1:] != over[:-1]) + 1
    return rows[changed[over[changed]]], rows[changed[~over[changed]]]

"""Chance told from effect by drawing again: blocks of a series, shifts of it, signs of pairs.

Seeds are fixed, so that the same data give the same bytes. The methods: circular blocks by Politis
and Romano (1992), a symmetric studentised interval by Hall (1988), flipped signs by Fisher (1935),
many looks by Holm (1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

DRAWS = 999
FLIPS = 9999
EXACT = 13  # up to as many pairs, every pattern of signs is tried
LEVEL = 0.05
SEED = 1988
SAME = 1e-9  # values nearer than this differ by rounding only


@dataclass(frozen=True)
class Difference:
    """A difference of two means, its 95 % interval, and p: how often chance does as much."""

    value: float
    low: float
    high: float
    p: float


def against_all(
    series: Sequence[Numbers], chosen: NDArray[np.bool_], block: int
) -> list[Difference]:
    """How far the mean of the chosen rows is from that of all rows, for each of `series`.

    `series` and `chosen` have one length; at least two rows are chosen. As many circular blocks of
    `block` rows as cover the series are drawn with replacement, 999 times, values and choices
    together; a draw that holds fewer than two chosen rows is left out. The statistic of a draw is
    its difference less that of the data, over the standard error among its own blocks. The interval
    is the difference plus and minus the 95th percentile of the statistic's size, in standard errors
    of the data. Each series meets the same blocks.

    p is the larger of two, as each alone finds too much in random walks: the share of draws whose
    statistic is at least as large as that of the data; and, the choices moved along the series
    as they are, the share of moves by a block or more, the last row followed by the first, that
    give at least its difference. The data count among both.
    """
    import numpy as np

    rows = len(chosen)
    blocks = -(-rows // block)
    starts = np.random.default_rng(SEED).integers(0, rows, (DRAWS, blocks))
    marked = chosen.astype(np.float64)
    per_block = block_sums(marked, block)
    counts = per_block[starts]
    total = counts.sum(axis=1)
    kept = total >= 2
    if not kept.all():
        counts, total, starts = counts[kept], total[kept], starts[kept]
    found = []
    for values in series:
        if np.ptp(values) < SAME:
            found.append(Difference(0.0, 0.0, 0.0, 1.0))
            continue
        every, picked = block_sums(values, block), block_sums(values * marked, block)
        drawn, errors = _studied(counts, total, every[starts], picked[starts], block)
        # The data are the draw that holds each block once.
        own, spread = _studied(
            per_block[None], np.array([per_block.sum()]), every[None], picked[None], block
        )
        error = float(spread[0]) * (rows / blocks) ** 0.5
        with np.errstate(divide="ignore", invalid="ignore"):
            sizes = np.nan_to_num(np.abs(drawn - own) / errors, nan=np.inf, posinf=np.inf)
        found.append(_judged(float(own[0]), error, sizes, _shifts(values, chosen, block)))
    return found


def _shifts(values: Numbers, chosen: NDArray[np.bool_], block: int) -> Numbers:
    """The differences that the choices give when moved along by `block` rows or more."""
    import numpy as np

    rows, places = len(values), np.flatnonzero(chosen)
    twice = np.concatenate([values, values])
    sums = np.zeros(max(0, rows - 2 * block + 1))
    for first in (places + block).tolist():
        sums += twice[first : first + len(sums)]
    moved: Numbers = sums / len(places) - values.mean()
    return moved


def block_sums(values: Numbers, block: int) -> Numbers:
    """The sum of the block that begins on each row, the last row followed by the first."""
    import numpy as np

    around = np.concatenate([[0.0], np.resize(values, len(values) + block - 1)])
    running: Numbers = np.cumsum(around)
    return running[block:] - running[:-block]


def _studied(
    counts: Numbers, total: Numbers, every: Numbers, picked: Numbers, block: int
) -> tuple[Numbers, Numbers]:
    """The difference of means of each row of blocks, and its standard error among the blocks."""
    import numpy as np

    blocks = counts.shape[1]
    mean_of_all = every.sum(axis=1) / (blocks * block)
    mean_of_chosen = picked.sum(axis=1) / total
    pulls = picked - mean_of_chosen[:, None] * counts
    pulls /= total[:, None]
    pulls -= (every - mean_of_all[:, None] * block) / (blocks * block)
    errors = np.sqrt(np.einsum("ij,ij->i", pulls, pulls))
    return mean_of_chosen - mean_of_all, errors


def _judged(value: float, error: float, sizes: Numbers, shifts: Numbers) -> Difference:
    import numpy as np

    reach = float(np.quantile(sizes, 1 - LEVEL, method="higher")) * error
    p = max(
        (1 + int(np.count_nonzero(among >= least))) / (1 + len(among))
        for among, least in ((sizes, abs(value) / error), (np.abs(shifts), abs(value) - SAME))
    )
    return Difference(value, value - reach, value + reach, p)


def signs_flipped(samples: Sequence[Numbers]) -> list[float]:
    """Each sample's chance of a mean as far from zero, were each value's sign a coin's toss.

    Every pattern of signs is tried for up to 13 values; for more, 9,999 are drawn, the same for
    all samples, and the data's own counted with them.
    """
    import numpy as np

    longest = max(len(values) for values in samples)
    drawn = np.random.default_rng(SEED).integers(0, 2, (FLIPS, longest), dtype=np.int8) * 2.0 - 1.0
    found = []
    for values in samples:
        n = len(values)
        exact = n <= EXACT
        signs = (np.arange(2**n)[:, None] >> np.arange(n) & 1) * 2.0 - 1.0 if exact else drawn
        sums = np.abs(signs[:, :n] @ values)
        beyond = int(np.count_nonzero(sums >= abs(float(values.sum())) - SAME))
        found.append(beyond / len(sums) if exact else (1 + beyond) / (1 + FLIPS))
    return found


def holm(ps: Sequence[float]) -> list[float]:
    """Each p corrected for having looked at all of them, in their order (Holm's step-down)."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    steps = (min(1.0, ps[i] * (len(ps) - rank)) for rank, i in enumerate(order))
    return [p for _, p in sorted(zip(order, accumulate(steps, max), strict=True))]

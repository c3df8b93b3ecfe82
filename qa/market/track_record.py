"""How the price-based scorecard would have done: its odds at every month end, and what followed.

At each month end the rows are read from prices up to then. The chance that the instrument is up 63
sessions later is the share of earlier month ends with the same label that were followed by a rise,
pulled towards the share of all earlier month ends by `PRIOR` of them; only month ends whose 63
sessions were over by then count. So no odds know what came after them, and nothing is fitted: the
thresholds of the rows, the labels' borders and `PRIOR` were set beforehand. The same goes for the
chance of being ahead of a benchmark.

Scored as forecasts by Brier (1950): the mean squared distance from what happened, and its skill
over the base rate, 1 less the ratio of the two scores. The interval of the skill draws circular
blocks of twelve months (Politis and Romano, 1992), since 63 sessions overlap three month ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from qa.market.price_rows import QUARTER
from qa.market.resampling import block_sums

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

Band = Literal["sustainable", "fragile", "fading"]
BANDS: tuple[Band, ...] = ("sustainable", "fragile", "fading")
SUSTAINABLE, FADING = 0.5, -0.2  # borders of the score between the labels
PRIOR = 24  # month ends: two years of them
SINCE = date(1995, 1, 1)
FEWEST = 24  # earlier month ends, before odds are given
BLOCK, DRAWS, SEED, LEVEL = 12, 999, 1988, 0.05


@dataclass(frozen=True)
class Odds:
    """The chance of an outcome now, in percent, the base rate beside it, and what they rest on.

    `like` of `months` earlier month ends had the label of now.
    """

    chance: float
    base: float
    like: int
    months: int


@dataclass(frozen=True)
class Skill:
    """Forecasts scored: Brier scores of the odds and of the base rate, and the skill in percent."""

    n: int
    brier: float
    brier_base: float
    value: float
    low: float
    high: float

    @property
    def measurable(self) -> bool:
        """Whether the interval of the skill lies above none."""
        return self.low > 0


@dataclass(frozen=True)
class Record:
    """Month ends, oldest first: label (an index of BANDS), odds, base rate and outcome by row.

    `chances`, `bases` and `outcomes` are NaN where there were no odds yet, or nothing followed yet.
    """

    days: pd.DatetimeIndex
    labels: NDArray[np.int64]
    chances: Numbers
    bases: Numbers
    outcomes: Numbers

    @property
    def scored(self) -> NDArray[np.bool_]:
        """The month ends since 1995 whose odds can be held against what followed."""
        import numpy as np

        known = ~np.isnan(self.chances) & ~np.isnan(self.outcomes)
        return known & (self.days.to_numpy() >= np.datetime64(SINCE))


def band(score: float) -> Band:
    """The label of a score."""
    return "sustainable" if score >= SUSTAINABLE else "fading" if score < FADING else "fragile"


def month_ends(days: pd.DatetimeIndex) -> NDArray[np.intp]:
    """The rows of the last sessions of months; the last row is one only if its month is over."""
    import numpy as np

    from qa.market.sessions import next_session

    months = days.year * 12 + days.month
    last = np.flatnonzero(np.diff(months.to_numpy()))
    day = days[-1].date()
    over = next_session(date.fromordinal(day.toordinal() + 1)).month != day.month
    return np.append(last, len(days) - 1) if over else last


def record(score: pd.Series, ahead: Numbers) -> Record:
    """The odds at each month end of a score, by what followed (`ahead`, percent) each session.

    `ahead` has a value for each session, NaN for the last 63.
    """
    import numpy as np
    import pandas as pd

    days = pd.DatetimeIndex(score.index)
    rows = month_ends(days)
    values = score.to_numpy("float64")[rows]
    rows, values = rows[~np.isnan(values)], values[~np.isnan(values)]
    labels = np.where(values >= SUSTAINABLE, 0, np.where(values < FADING, 2, 1))
    followed = ahead[rows]
    outcomes = np.where(np.isnan(followed), np.nan, (followed > 0).astype("float64"))
    unknown = np.full(len(rows), np.nan)
    kept = Record(days[rows], labels, chances=unknown, bases=unknown, outcomes=outcomes)
    chances, bases, months, _ = _odds_on(kept, rows, rows, labels)
    enough = months >= FEWEST
    return replace(
        kept,
        chances=np.where(enough, chances, np.nan),
        bases=np.where(enough, bases, np.nan),
    )


def odds_now(kept: Record, score: pd.Series) -> Odds | None:
    """The odds on the last session of a score; None with too few month ends before it."""
    import numpy as np

    rows = score.index.get_indexer(kept.days)
    label = BANDS.index(band(float(score.iloc[-1])))
    asked = np.array([len(score) - 1]), np.array([label])
    chance, base, months, like = (float(v[0]) for v in _odds_on(kept, rows, *asked))
    if months < FEWEST:
        return None
    return Odds(chance * 100, base * 100, int(like), int(months))


def _odds_on(
    kept: Record, rows: NDArray[np.intp], at: NDArray[np.intp], labels: NDArray[np.int64]
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Chances, base rates, month ends and those alike, for labels on rows `at`.

    Of the month ends on `rows` those count whose 63 sessions were over by then.
    """
    import numpy as np

    over = np.searchsorted(rows, at - QUARTER, "right")
    known = ~np.isnan(kept.outcomes)
    up = np.nan_to_num(kept.outcomes)
    of_label = (kept.labels[:, None] == np.arange(len(BANDS))) & known[:, None]
    months, rises = (_before(values[:, None])[over, 0] for values in (known, up))
    like, rises_alike = (
        _before(values)[over, labels] for values in (of_label, of_label * up[:, None])
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        base = rises / months
        return (PRIOR * base + rises_alike) / (PRIOR + like), base, months, like


def _before(values: NDArray[Any]) -> Numbers:
    """Sums down each column, of the rows before each and of all."""
    import numpy as np

    none = np.zeros((1, values.shape[1]))
    return np.cumsum(np.vstack([none, values]), axis=0, dtype="float64")


def skill(kept: Record) -> Skill | None:
    """The skill of the odds over the base rate since 1995; None for fewer than 24 month ends."""
    import numpy as np

    scored = kept.scored
    n = int(scored.sum())
    if n < FEWEST:
        return None
    happened = kept.outcomes[scored]
    own = (kept.chances[scored] - happened) ** 2
    base = (kept.bases[scored] - happened) ** 2
    starts = np.random.default_rng(SEED).integers(0, n, (DRAWS, -(-n // BLOCK)))
    drawn = [block_sums(values, BLOCK)[starts].sum(axis=1) for values in (own, base)]
    values = 1 - drawn[0] / drawn[1]
    low, high = np.quantile(values, [LEVEL / 2, 1 - LEVEL / 2]).tolist()
    brier, brier_base = float(own.mean()), float(base.mean())
    return Skill(n, brier, brier_base, (1 - brier / brier_base) * 100, low * 100, high * 100)

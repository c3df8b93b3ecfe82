"""What followed episodes over a horizon, beside what followed every session, and the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qa.domain import Figure
from qa.market.episodes import Event, apart
from qa.market.history import History
from qa.market.measure import count, percent, percentage_points
from qa.market.resampling import LEVEL, Difference, against_all, holm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Rows = NDArray[np.intp]

FEWEST, FEW = 5, 10  # episodes: with fewer than the first nothing is said, below the second "few"
FEWEST_BLOCKS = 20  # of a history, for an interval
RELATIVE = "relative_"


@dataclass(frozen=True)
class Outcome:
    """What followed over `horizon` sessions: `n` episodes, figures, and sentences on what is left.

    `differences` are those of the mean from the base mean: by "", and by "relative_" for the lead.
    """

    horizon: int
    n: int = 0
    figures: dict[str, Figure] = field(default_factory=dict)
    differences: dict[str, Difference] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def outcome(past: History, rows: Rows, event: Event, horizon: int) -> Outcome:
    """What followed the episodes on `rows`, and how far that is from what always followed."""
    plain = rates(past, rows, event, horizon)
    if plain.n < FEWEST:
        return plain
    series, chosen = _series(past, event, horizon), _chosen(past, rows, event, horizon)
    block = max(horizon, event.sessions)
    if len(chosen) < FEWEST_BLOCKS * block:
        blocks = f"the history holds {len(chosen) // block} blocks of {block}"
        note = f"No interval over {horizon} sessions: {blocks}, and one takes {FEWEST_BLOCKS}."
        return replace(plain, notes=(note,))
    found = against_all(list(series.values()), chosen, block)
    differences = dict(zip(series, found, strict=True))
    figures = plain.figures.copy()
    for prefix, difference in differences.items():
        figures |= _difference(prefix, difference, horizon)
    return replace(plain, figures=figures, differences=differences)


def rates(past: History, rows: Rows, event: Event, horizon: int) -> Outcome:
    """The base rate, and what followed those of the episodes that a horizon had passed since.

    The base is every such session since the first on which an episode could be told.
    """
    import numpy as np

    series, chosen = _series(past, event, horizon), _chosen(past, rows, event, horizon)
    if len(chosen) < FEWEST * horizon:
        return Outcome(
            horizon,
            notes=(
                f"Nothing over {horizon} sessions: {len(chosen)} sessions have as many after them, "
                f"and a base rate takes {FEWEST * horizon}.",
            ),
        )
    n = int(chosen.sum())
    figures = {f"n_{horizon}": count(n)}
    for prefix, values in series.items():
        figures |= _rates(f"{prefix}base_", values, horizon)
    if n < FEWEST:
        told = f"{n} earlier episodes are" if n != 1 else "1 earlier episode is"
        note = f"Nothing on what followed over {horizon} sessions: {told} too few, it takes "
        return Outcome(horizon, n, figures, notes=(f"{note}{FEWEST}.",))
    separate = len(apart(np.flatnonzero(chosen), horizon))
    if separate < n:
        figures[f"apart_{horizon}"] = count(separate)
    for prefix, values in series.items():
        figures |= _rates(prefix, values[chosen], horizon)
        figures |= _quartiles(prefix, values[chosen], horizon)
    return Outcome(horizon, n, figures)


def _series(past: History, event: Event, horizon: int) -> dict[str, Numbers]:
    """What followed each session from the event's first on, and its lead."""
    leads = past.leads(horizon)
    series = {"": past.returns(horizon)} | ({} if leads is None else {RELATIVE: leads})
    return {prefix: values[event.first :] for prefix, values in series.items()}


def _chosen(past: History, rows: Rows, event: Event, horizon: int) -> NDArray[np.bool_]:
    """Which of these sessions are episodes."""
    import numpy as np

    chosen = np.zeros(max(0, len(past) - horizon - event.first), dtype=np.bool_)
    places = rows - event.first
    chosen[places[places < len(chosen)]] = True
    return chosen


def _rates(prefix: str, values: Numbers, horizon: int) -> dict[str, Figure]:
    """The median, the mean and the share above zero; a lead's in percentage points."""
    import numpy as np

    ahead = prefix.startswith(RELATIVE)
    unit, share = (percentage_points, "share_ahead") if ahead else (percent, "share_up")
    return {
        f"{prefix}median_{horizon}": unit(float(np.median(values))),
        f"{prefix}mean_{horizon}": unit(float(values.mean())),
        f"{prefix}{share}_{horizon}": percent(float((values > 0).mean()) * 100),
    }


def _quartiles(prefix: str, values: Numbers, horizon: int) -> dict[str, Figure]:
    import numpy as np

    unit = percentage_points if prefix else percent
    low, high = np.quantile(values, [0.25, 0.75]).tolist()
    return {
        f"{prefix}lower_quartile_{horizon}": unit(low),
        f"{prefix}upper_quartile_{horizon}": unit(high),
    }


def _difference(prefix: str, difference: Difference, horizon: int) -> dict[str, Figure]:
    return {
        f"{prefix}diff_{horizon}": percentage_points(difference.value),
        f"{prefix}diff_low_{horizon}": percentage_points(difference.low),
        f"{prefix}diff_high_{horizon}": percentage_points(difference.high),
        f"{prefix}p_{horizon}": chance(difference.p),
    }


def chance(p: float) -> Figure:
    """A p-value."""
    return Figure(value=p, unit="ratio", decimals=3)


def told_apart(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """Which differences hold after Holm's correction for all of them: 1 each, and how many."""
    looks = [(o.horizon, prefix, d.p) for o in outcomes for prefix, d in o.differences.items()]
    held = [p <= LEVEL for p in holm([p for _, _, p in looks])]
    return {
        **{
            f"{prefix}distinguishable_{horizon}": count(int(holds))
            for (horizon, prefix, _), holds in zip(looks, held, strict=True)
        },
        "distinguishable": count(sum(held)),
        "looks": count(len(looks)),
    }

"""Earlier episodes like the present one: moves, streaks, 52-week highs and crosses of averages."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.crosses import averages, turns
from qa.market.history import History

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Rows = NDArray[np.intp]

EpisodeKind = Literal["move", "streak", "high", "cross"]
YEAR = 252  # sessions before a day whose highest close a 52-week high has to pass
LONG = 200  # closes of the longer average of a cross


@dataclass(frozen=True)
class Event:
    """What counts as an episode, and the present one that it was taken from.

    `sessions` is what a move is measured over, and the least distance of two episodes of any kind.
    Of a move, `move` (percent) and `lead` (percentage points; None without a benchmark) are what
    it has to reach, from zero, and `now` what the present one is; of a streak, `streak`; of
    a high `lookback`; of a cross `golden`, else the 50-day average came under the 200-day one.
    Episodes on row `before` or later belong to the present one, if there is one (`present`).
    """

    kind: EpisodeKind
    sessions: int
    before: int
    now: tuple[float, ...] = ()
    move: float = 0.0
    lead: float | None = None
    streak: int = 0
    lookback: int = YEAR
    golden: bool = True
    present: bool = True

    @property
    def first(self) -> int:
        """The first row on which an episode can be told."""
        own = {"move": 0, "streak": self.streak, "high": self.lookback, "cross": LONG}
        return max(self.sessions, own[self.kind])

    def scaled(self, share: float) -> Event | None:
        """The same with its thresholds times `share`; None where there is none to scale."""
        match self.kind:
            case "move":
                lead = None if self.lead is None else self.lead * share
                return replace(self, move=self.move * share, lead=lead)
            case "streak":
                return replace(self, streak=math.ceil(self.streak * share))
            case "high":
                return replace(self, lookback=math.ceil(self.lookback * share))
            case "cross":
                return None

    def words(self, benchmark: str | None) -> str:
        """What has to hold of a session's close, to be read after "sessions on which"."""
        match self.kind:
            case "move":
                side = "above" if self.move >= 0 else "below"
                told = f"the close was at least {abs(self.move):.2f}% {side} that of "
                told += f"{self.sessions} sessions before"
                if self.lead is None:
                    return told
                apart = "above" if self.lead >= 0 else "below"
                return (
                    f"{told} and the return at least {abs(self.lead):.2f} percentage points "
                    f"{apart} that of {benchmark}"
                )
            case "streak":
                what = f"had a higher return than {benchmark}" if benchmark else "rose"
                return f"it {what} in each of the last {self.streak} sessions, no more"
            case "high":
                return f"the close was above each of the {self.lookback} closes before"
            case "cross":
                side = "over" if self.golden else "under"
                return f"the mean of the last 50 closes came to stand {side} that of the last 200"


def present(
    past: History,
    kind: EpisodeKind,
    sessions: int,
    *,
    move: float | None = None,
    lead: float | None = None,
    streak: int | None = None,
) -> Event:
    """What counts as an episode, from the last `sessions` sessions unless thresholds are given.

    Raises NotEnoughHistory for a history shorter than what is measured, and NotAvailable where
    there is no present episode to take a threshold from.
    """
    if len(past) <= sessions:
        raise NotEnoughHistory(
            f"There are {len(past)} sessions up to {past.day(-1)}; an episode over {sessions} "
            f"takes {sessions + 1}, so ask for a shorter window."
        )
    event = Event(kind, sessions, before=len(past) - sessions)
    match kind:
        case "move":
            own, leads = past.returns(sessions), past.leads(sessions)
            now = (float(own[-1]), *([] if leads is None else [float(leads[-1])]))
            ahead = None if leads is None else now[1] if lead is None else lead
            return replace(event, now=now, move=now[0] if move is None else move, lead=ahead)
        case "streak":
            longest = max(map(int, _runs(past)[-sessions:]))
            if not (streak or longest):
                raise NotAvailable(
                    f"No session of the last {sessions} up to {past.day(-1)} was ahead, so there "
                    "is no streak to look for; give the length of one."
                )
            return replace(event, now=(float(longest),), streak=streak or longest)
        case "high":
            highs = _qualifying(past, event)
            return replace(event, present=bool(len(highs)) and bool(highs[-1] >= event.before))
        case "cross":
            up, down = _crosses(past)
            last = [int(rows[-1]) if len(rows) else -1 for rows in (up, down)]
            if max(last) < 0:
                raise NotAvailable(
                    f"The 50-day average never crossed the 200-day one up to {past.day(-1)}; ask "
                    "for the kind move, streak or high."
                )
            return replace(event, before=max(last) - sessions + 1, golden=last[0] > last[1])


def found(past: History, event: Event) -> Rows:
    """The rows of the earlier episodes: the first, then each first one `sessions` rows after."""
    rows = _qualifying(past, event)
    kept = apart(rows[rows >= event.first], event.sessions)
    return kept[kept < event.before]


def apart(rows: Rows, sessions: int) -> Rows:
    """The first of the rows, then each first one at least so many rows after the one before."""
    import numpy as np

    kept, place = [], 0
    while place < len(rows):
        kept.append(rows[place])
        place = int(rows.searchsorted(rows[place] + sessions))
    return np.array(kept, dtype=np.intp)


def _qualifying(past: History, event: Event) -> Rows:
    """Every row on which the event holds; a streak holds where it reaches its length."""
    import numpy as np

    match event.kind:
        case "move":
            holds = _reaches(past.returns(event.sessions), event.move)
            leads = past.leads(event.sessions)
            if leads is not None and event.lead is not None:
                holds &= _reaches(leads, event.lead)
            return np.flatnonzero(holds) + event.sessions
        case "streak":
            return np.flatnonzero(_runs(past) == event.streak)
        case "high":
            if len(past) <= event.lookback:
                return np.empty(0, dtype=np.intp)
            before = np.lib.stride_tricks.sliding_window_view(past.own[:-1], event.lookback)
            return np.flatnonzero(past.own[event.lookback :] > before.max(axis=1)) + event.lookback
        case "cross":
            return _crosses(past)[0 if event.golden else 1]


def _reaches(values: Numbers, least: float) -> NDArray[np.bool_]:
    return values >= least if least >= 0 else values <= least


def _runs(past: History) -> NDArray[np.intp]:
    """How many sessions in a row up to each were ahead of the benchmark, or of the one before."""
    import numpy as np

    daily = past.leads(1)
    ahead = np.concatenate([[False], (past.returns(1) if daily is None else daily) > 0])
    rows = np.arange(len(ahead))
    return rows - np.maximum.accumulate(np.where(ahead, 0, rows))


def _crosses(past: History) -> tuple[Rows, Rows]:
    """The rows on which the 50-day average came to stand over the 200-day one, and under it."""
    import pandas as pd

    lines = averages(pd.Series(past.own))
    return turns(lines[50], lines[200])

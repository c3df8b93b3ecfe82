"""Base rates: what followed earlier episodes like the present one, beside what always followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from qa.domain import Figure, Metric, Table
from qa.errors import NotEnoughHistory
from qa.market.episodes import EpisodeKind, Event, found, present
from qa.market.followed import FEW, FEWEST, RELATIVE, Outcome, outcome, rates, told_apart
from qa.market.history import History, gaps, history
from qa.market.measure import count, make_metric, moved, percent, percentage_points, period
from qa.market.performance import price_kind
from qa.market.prices import Prices
from qa.market.resampling import DRAWS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Rows = NDArray[np.intp]

MONTH = 21  # sessions
HORIZONS = (21, 63, 126, 252)  # sessions: 1, 3, 6 and 12 months
MAIN = 63
SHARES = (50, 75, 125)  # percent of the thresholds, for the sensitivity


def base_rates(
    prices: Prices,
    benchmark: Prices | None = None,
    *,
    as_of: date,
    kind: EpisodeKind = "move",
    start: date | None = None,
    end: date | None = None,
    window: int = MONTH,
    move: float | None = None,
    lead: float | None = None,
    streak: int | None = None,
) -> Metric:
    """What followed earlier episodes like the one up to `end`, over 21, 63, 126 and 252 sessions.

    An episode is a session that closed at the end of a `move` at least as large, and as far ahead
    of the benchmark, as that from the close before `start` (or `window` sessions ago) to that of
    `end` (a fall, or a lag, at least as deep where that is one); of a `streak` of sessions ahead of
    the benchmark (without one: of rises) as long as the longest that ends in those sessions; at a
    close above the 252 before it (`high`); or at a `cross` of the 50-day average over, or under,
    the 200-day one, whichever was last. `move` (percent), `lead` (percentage points) and `streak`
    (sessions) are thresholds in place of the present ones. Episodes don't overlap: the first such
    session is taken, then the first at least as many sessions after it as the move took. The
    present one is left out, and so is an episode, from a horizon that had not ended by `end`.

    `sessions` of the move, `n` episodes, `horizon` the one that answers look at, `coverage` that of
    the intervals (percent), `now_...` the present one, `threshold_...` what was looked for. Over a
    horizon of H sessions: `n_H`, and `apart_H` where no more than that share none of its sessions;
    `median_H`, `mean_H`, `lower_quartile_H`, `upper_quartile_H` (percent) of the
    returns from the close of the episode, `share_up_H` (percent) of them above zero, and
    `base_median_H`, `base_mean_H`, `base_share_up_H` from every session. `diff_H` (percentage
    points) is the mean less the base mean, `diff_low_H` to `diff_high_H` its 95 % interval by
    circular block bootstrap (blocks of H sessions, or of the move's if those are more) and `p_H`
    how often chance does as much, by that and by shifting (`resampling.against_all`);
    `distinguishable_H` is 1 where p is at most 5 % after Holm's correction for all differences
    looked at. `looks` counts those, `distinguishable` the ones told from none. With a benchmark,
    `relative_...` is the same of the returns less its own (percentage points), with
    `relative_share_ahead_H`. `at_S_n`, `at_S_median_63`, `at_S_share_up_63` and
    `at_S_relative_median_63` are those at S percent of the thresholds.

    With fewer than five episodes, or sessions for five horizons, a note stands in place of the
    figures; with fewer than twenty blocks there is no interval. Raises NotAvailable for a yield or
    where there is no present streak or cross, BadDate for a window the wrong way round, and
    NotEnoughHistory for one outside the data, or a history too short for every horizon.
    """
    asked = end or as_of
    held = [prices, *([benchmark] if benchmark else [])]
    past = history(prices, benchmark, asked)
    notes = moved(asked, past.day(-1), "the last session is that of")
    if start is not None:
        notes = list(period(prices, start, asked).notes)
        window = max(1, len(past) - int(past.days.searchsorted(str(start))))
    event = present(past, kind, window, move=move, lead=lead, streak=streak)
    rows = found(past, event)
    outcomes = [outcome(past, rows, event, horizon) for horizon in HORIZONS]
    figures = _figures(past, event, rows, outcomes)
    told = [*_verdict(outcomes, held, figures), *_reservations(past, event, rows)]
    told += [note for o in outcomes for note in o.notes]
    return make_metric(
        "base_rates",
        {
            "symbol": prices.symbol, "benchmark": benchmark.symbol if benchmark else None,
            "kind": kind, "start": start, "window": window if start is None else None,
            "end": asked, "move": move, "lead": lead, "streak": streak,
        },
        held, figures=figures, definition=_definition(held, past, event), as_of=as_of,
        window=(past.day(event.first), past.day(-1), None),
        notes=[*notes, *told, *gaps(held, past.day(0), past.day(-1))],
        table=_table(past, rows, event),
    )  # fmt: skip


def _figures(
    past: History, event: Event, rows: Rows, outcomes: Sequence[Outcome]
) -> dict[str, Figure]:
    if not any(o.figures for o in outcomes):
        raise NotEnoughHistory(
            f"There are {len(past)} sessions up to {past.day(-1)}; base rates take "
            f"{event.first + (FEWEST + 1) * HORIZONS[0]}."
        )
    figures = {
        "sessions": count(event.sessions, "sessions"),
        "n": count(len(rows)),
        "horizon": count(MAIN, "sessions"),
        "coverage": Figure(value=95.0, unit="percent", decimals=0),
        **_thresholds(event),
    }
    for o in outcomes:
        figures |= o.figures
    return figures | told_apart(outcomes) | _sensitivity(past, event)


def _thresholds(event: Event) -> dict[str, Figure]:
    """The present episode, and what was looked for."""
    match event.kind:
        case "move":
            figures = {"now_move": percent(event.now[0])}
            if event.lead is not None:
                figures["now_lead"] = percentage_points(event.now[1])
                figures["threshold_lead"] = percentage_points(event.lead)
            return figures | {"threshold_move": percent(event.move)}
        case "streak":
            return {
                "now_streak": count(int(event.now[0]), "sessions"),
                "threshold_streak": count(event.streak, "sessions"),
            }
        case _:
            return {}


def _sensitivity(past: History, event: Event) -> dict[str, Figure]:
    """How many episodes there are at other thresholds, and what followed over 63 sessions."""
    figures: dict[str, Figure] = {}
    for share in SHARES:
        scaled = event.scaled(share / 100)
        if scaled is None:
            return {}
        rows = found(past, scaled)
        figures[f"at_{share}_n"] = count(len(rows))
        other = rates(past, rows, scaled, MAIN)
        figures |= {
            f"at_{share}_{name}_{MAIN}": other.figures[f"{name}_{MAIN}"]
            for name in ("median", "share_up", f"{RELATIVE}median", f"{RELATIVE}share_ahead")
            if f"{name}_{MAIN}" in other.figures
        }
    return figures


def _definition(held: Sequence[Prices], past: History, event: Event) -> str:
    symbol, benchmark = held[0].symbol, held[1].symbol if len(held) > 1 else None
    what = f"{past.day(event.first)} to {past.day(-1)} on which {event.words(benchmark)}"
    last = past.day(max(event.before, 0)) if event.before < len(past) else past.day(-1)
    taken = (
        f"the first is taken, then the first at least {event.sessions} sessions later, and so on, "
        f"up to the session before {last}, where the present one begins"
    )
    ahead = ", ".join(map(str, HORIZONS[:-1]))
    after = (
        f"what followed is the close {ahead} or {HORIZONS[-1]} sessions later over that of the "
        f"episode, {price_kind(held[0])}, where that is no later than {past.day(-1)}"
    )
    relative = f", and relative is that less the return of {benchmark}" if benchmark else ""
    return (
        f"Episodes are sessions of {symbol} from {what}: {taken}; {after}{relative}; base is the "
        "same from every session of those days; diff is the mean less the base mean."
    )


def _verdict(
    outcomes: Sequence[Outcome], held: Sequence[Prices], figures: dict[str, Figure]
) -> Iterator[str]:
    """Whether what followed can be told from what always followed, in plain words."""
    looks, apart = (int(_value(figures[name])) for name in ("looks", "distinguishable"))
    if not looks:
        return
    for o in outcomes:
        if o.horizon == MAIN:
            for prefix, difference in o.differences.items():
                of = f"relative to {held[1].symbol}, " if prefix else ""
                side = "above" if difference.value >= 0 else "below"
                holds = bool(_value(figures[f"{prefix}distinguishable_{MAIN}"]))
                yield (
                    f"Over {MAIN} sessions, {of}the mean of what followed {o.n} episodes is "
                    f"{abs(difference.value):.2f} percentage points {side} that of any {MAIN} "
                    f"sessions, 95% interval {difference.low:+.2f} to {difference.high:+.2f}: "
                    + ("distinguishable from none." if holds else "not distinguishable from none.")
                )
    yield (
        f"{apart or 'None'} of the {looks} differences looked at (each horizon"
        f"{', absolute and relative' if len(held) > 1 else ''}) can be told from none at the 5% "
        f"level, corrected for all of them by Holm's method; intervals are for each alone, by "
        f"{DRAWS} draws of a circular block bootstrap with a fixed seed, and p is the larger of "
        "the bootstrap's and that of shifting the episodes in time."
    )


def _reservations(past: History, event: Event, rows: Rows) -> Iterator[str]:
    """What to bear in mind: few episodes, or none at present."""
    if FEWEST <= len(rows) < FEW:
        yield f"Few: {len(rows)} episodes in all."
    if event.kind == "high" and not event.present:
        yield (
            f"There is no present one: no session of the last {event.sessions} up to "
            f"{past.day(-1)} closed at a 52-week high."
        )


def _value(figure: Figure) -> float:
    assert not isinstance(figure.value, date)
    return figure.value


def _table(past: History, rows: Rows, event: Event) -> Table:
    """The episodes: day, move and lead over `sessions` up to it, and what followed, for a chart."""
    relative = past.other is not None
    columns = ["date", "move", *(["lead"] if relative else [])]
    columns += [f"after_{horizon}" for horizon in HORIZONS]
    columns += [f"relative_{horizon}" for horizon in HORIZONS] if relative else []
    before = rows - event.sessions
    cells = [_at(past.returns(event.sessions), before)]
    if (leads := past.leads(event.sessions)) is not None:
        cells.append(_at(leads, before))
    cells += [_at(past.returns(horizon), rows) for horizon in HORIZONS]
    cells += [_at(v, rows) for h in HORIZONS if (v := past.leads(h)) is not None]
    days = [past.day(row) for row in rows]
    return Table(columns=tuple(columns), rows=tuple(zip(days, *cells, strict=True)))


def _at(values: Numbers, rows: Rows) -> list[float | None]:
    return [round(float(values[row]), 4) if row < len(values) else None for row in rows]

"""What every metric is made with: figures in their units, windows on sessions, and provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from qa.domain import Basis, Figure, Metric, Table, Unit, Window, content_id
from qa.errors import BadDate, NotEnoughHistory
from qa.market import sessions
from qa.market.instruments import named
from qa.market.prices import Prices, Traced

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

SPLIT = 1.2  # the smallest usual split is 5 for 4; a dividend of a sixth is none of every year
MOST_ROWS = 520  # of a table: two years of sessions, more than a chart can show


def percent(value: float) -> Figure:
    """Percent, to two decimals: 6.75 is 6.75%."""
    return Figure(value=float(value), unit="percent", decimals=2)


def percentage_points(value: float) -> Figure:
    """A difference of two percentages."""
    return Figure(value=float(value), unit="percentage_points", decimals=2)


def price(value: float) -> Figure:
    """A price or an index level."""
    return Figure(value=float(value), unit="price", decimals=2)


def points(value: float) -> Figure:
    """A difference of two levels."""
    return Figure(value=float(value), unit="points", decimals=2)


def count(value: int, unit: Unit = "count") -> Figure:
    """A whole number of things."""
    return Figure(value=float(value), unit=unit, decimals=0)


def day(value: date) -> Figure:
    """A day."""
    return Figure(value=value, unit="date", decimals=0)


def level(symbol: str, value: float) -> Figure:
    """The level of an instrument in its own unit: percent for a yield, else a price."""
    return percent(value) if named(symbol).kind == "yield" else price(value)


def change(new: float, old: float) -> float:
    """The simple return from `old` to `new`, in percent."""
    return (new / old - 1) * 100


@dataclass(frozen=True)
class Period:
    """A window laid on the sessions that a series has: row numbers, days, and what was moved."""

    first: int
    last: int
    start: date
    end: date
    notes: tuple[str, ...]


def period(prices: Prices, start: date, end: date) -> Period:
    """Lay a window on the sessions of `prices`.

    A start on a closed day moves to the next session, an end on one to the session before; the
    notes say so. Raises BadDate when the window is the wrong way round or holds no session, and
    NotEnoughHistory when the series begins later or ends before the window begins.
    """
    if end < start:
        raise BadDate(f"The window ends on {end}, before it begins on {start}: swap the dates.")
    if start < prices.first:
        raise NotEnoughHistory(
            f"{prices.symbol} has prices from {prices.first} only, not from {start}."
        )
    index = prices.frame.index
    first = int(index.searchsorted(str(start), "left"))
    last = int(index.searchsorted(str(end), "right")) - 1
    if start > prices.last and len(sessions.sessions_between(start, end)):
        raise NotEnoughHistory(
            f"{prices.symbol} has prices until {prices.last} only, not from {start}."
        )
    if first >= len(index) or last < first:
        raise BadDate(f"There is no session of {prices.symbol} between {start} and {end}.")
    begins, ends = index[first].date(), index[last].date()
    notes = [*moved(start, begins, "starts with"), *moved(end, ends, "ends with")]
    return Period(first, last, begins, ends, tuple(notes))


def row_on(prices: Prices, on: date) -> tuple[int, tuple[str, ...]]:
    """The row of the last session on or before `on`, and a note when that is an earlier day."""
    row = int(prices.frame.index.searchsorted(str(on), "right")) - 1
    if row < 0:
        raise NotEnoughHistory(f"{prices.symbol} has prices from {prices.first} only, not on {on}.")
    return row, tuple(moved(on, prices.frame.index[row].date(), "the last session is that of"))


def moved(asked: date, used: date, how: str) -> list[str]:
    """A sentence for a day that was moved to a session, with the reason; nothing if it wasn't."""
    if asked == used:
        return []
    if sessions.is_session(asked):
        return [f"There is no price for {asked}; this {how} {sessions.spoken(used)}."]
    return [
        f"{asked} is {sessions.why_closed(asked)}, not a session; {how} {sessions.spoken(used)}."
    ]


def hole_before(prices: Prices, row: int) -> list[str]:
    """A sentence when the row before is not of the session before; nothing if it is."""
    index = prices.frame.index
    before, after = index[max(row - 1, 0)].date(), index[row].date()
    if (after - before).days <= 1 or before < sessions.FIRST_DAY:
        return []
    missed = sessions.sessions_between(before + timedelta(1), after - timedelta(1))
    if not len(missed):
        return []
    return [
        f"{prices.symbol} has no price for {missed[-1].date()}; the close before {after} is that "
        f"of {sessions.spoken(before)}."
    ]


def holes_inside(prices: Prices, span: Period) -> list[str]:
    """A sentence that counts the sessions of a window without a price; nothing if all have one."""
    if span.start < sessions.FIRST_DAY:
        return []
    expected = sessions.sessions_between(span.start, span.end)
    if prices.frame.index[span.first : span.last + 1].equals(expected):
        return []
    missing = int((~expected.isin(prices.frame.index)).sum())
    if not missing:
        return []
    return [
        f"{missing} of the {len(expected)} sessions from {span.start} to {span.end} have no price "
        f"of {prices.symbol}; its figures go by the others."
    ]


def splits_inside(prices: Prices, first: int, last: int) -> list[str]:
    """A sentence for each split that the closes of these rows are not restated for.

    It shows in data with adjusted closes only: there the two part by a factor from one row to the
    next, which no ordinary dividend does.
    """
    frame = prices.frame.iloc[max(0, first) : last + 1]
    if "adj_close" not in frame:
        return []
    apart = frame["adj_close"].to_numpy("float64") / frame["close"].to_numpy("float64")
    steps = apart[1:] / apart[:-1]
    return [
        f"Not comparable across {frame.index[row + 1].date()}: the closes of {prices.symbol} part "
        f"from its adjusted closes by a factor of {steps[row]:.3g} there, as at a split that they "
        "are not restated for."
        for row in ((steps > SPLIT) | (steps < 1 / SPLIT)).nonzero()[0]
    ]


def small_table(
    columns: Sequence[str], days: pd.DatetimeIndex, values: Sequence[NDArray[np.float64]]
) -> Table:
    """A table of days and values for a chart: a long history is thinned, its last row kept."""
    import numpy as np

    step = max(1, -(-len(days) // MOST_ROWS))
    kept = np.arange(len(days) - 1, -1, -step)[::-1]
    dates = days[kept].date.tolist()
    cells = [[None if v != v else v for v in np.round(c[kept], 4).tolist()] for c in values]
    return Table(columns=tuple(columns), rows=tuple(zip(dates, *cells, strict=True)))


def make_metric(
    tool: str,
    arguments: Mapping[str, Any],
    series: Sequence[Traced],
    *,
    figures: Mapping[str, Figure],
    definition: str,
    window: tuple[date, date, Basis | None],
    as_of: date,
    notes: Iterable[str] = (),
    table: Table | None = None,
) -> Metric:
    """Put a metric together; its id is made from what was asked and the data it was asked of."""
    kept = {k: v.isoformat() if isinstance(v, date) else v for k, v in arguments.items()}
    kept = {k: v for k, v in kept.items() if v is not None}
    data = "-".join(s.series_hash for s in series)
    return Metric(
        id=content_id("m", tool, kept, data),
        tool=tool,
        arguments=kept,
        figures=dict(figures),
        definition=definition,
        notes=tuple(dict.fromkeys([*notes, *(note for s in series for note in s.notes)])),
        window=Window(start=window[0], end=window[1], basis=window[2]),
        symbols=tuple(s.symbol for s in series),
        source=series[0].source,
        retrieved=series[0].retrieved,
        as_of=as_of,
        series_hash=data,
        table=table,
    )

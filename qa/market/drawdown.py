"""Drawdown: how far the close stands below its record, and the deepest fall inside a window."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from qa.domain import Figure, Metric, Table
from qa.errors import NotAvailable
from qa.market.instruments import named
from qa.market.measure import (
    Period,
    change,
    count,
    day,
    holes_inside,
    make_metric,
    percent,
    period,
    price,
    small_table,
)
from qa.market.performance import price_kind
from qa.market.prices import Prices

if TYPE_CHECKING:
    import pandas as pd


def drawdown(prices: Prices, *, start: date, end: date, as_of: date) -> Metric:
    """How far below its record an instrument closed, and its deepest fall from `start` to `end`.

    `current` (percent, 0 at a record): the last close of the window over the highest close of
    the whole history up to it, less one; `peak` and `peak_date`, that record, on the last day
    that closed there; `history_start`, the first session that "record" looks at. `deepest`
    (percent, 0 without a fall): the deepest fall of a close below the highest close before it
    inside the window; where there was one, `deepest_peak` and `deepest_trough`, the two closes,
    `deepest_peak_date` and `deepest_trough_date`, `deepest_sessions` from the one to the other,
    and `recovered_date`, the first session up to the end that closed at that peak or above, if
    any. A window of one session has no `deepest`, and a note says so. Raises NotAvailable for a
    yield, and NotEnoughHistory or BadDate for a window outside the data.
    """
    if named(prices.symbol).kind == "yield":
        raise NotAvailable(
            f"{prices.symbol} is a yield: it has no drawdown; ask for its level or change instead."
        )
    span = period(prices, start, end)
    closes = prices.frame["close"].iloc[: span.last + 1]
    inside = closes.iloc[span.first :]
    highest = float(closes.max())
    figures = {
        "current": percent(change(float(closes.iloc[-1]), highest)),
        "peak": price(highest),
        "peak_date": day(_when(closes.index[_last_at(closes, highest)])),
        "history_start": day(prices.first),
    }
    whole = Period(0, span.last, prices.first, span.end, ())
    notes = [*span.notes, *holes_inside(prices, span), *holes_inside(prices, whole)]
    if len(inside) > 1:
        figures |= _deepest(inside)
    else:
        notes.append(f"No deepest fall: the window holds one session, {span.start}.")
    return make_metric(
        "drawdown",
        {"symbol": prices.symbol, "start": start, "end": end},
        [prices],
        figures=figures,
        definition=_definition(prices, span, figures),
        window=(span.start, span.end, None),
        as_of=as_of,
        notes=notes,
        table=_table(inside),
    )


def _falls(closes: pd.Series[float]) -> pd.Series[float]:
    """Each close against the highest up to it, in percent: 0 at a high, else below."""
    return (closes / closes.cummax() - 1) * 100


def _last_at(closes: pd.Series[float], level: float) -> int:
    """The row of the last close at a level that was reached: a fall begins where it is left."""
    return int((closes == level).to_numpy().nonzero()[0][-1])


def _deepest(closes: pd.Series[float]) -> dict[str, Figure]:
    """The deepest fall of a window: how deep, from when to when, and whether it was made good."""
    falls = _falls(closes)
    trough = int(falls.to_numpy().argmin())
    deepest = {"deepest": percent(float(falls.iloc[trough]))}
    if not falls.iloc[trough] < 0:
        return deepest
    high = float(closes.iloc[:trough].max())
    peak = _last_at(closes.iloc[:trough], high)
    figures = deepest | {
        "deepest_peak": price(high),
        "deepest_trough": price(float(closes.iloc[trough])),
        "deepest_peak_date": day(_when(closes.index[peak])),
        "deepest_trough_date": day(_when(closes.index[trough])),
        "deepest_sessions": count(trough - peak, "sessions"),
    }
    regained = (closes.iloc[trough:] >= high).to_numpy().nonzero()[0]
    if len(regained):
        figures["recovered_date"] = day(_when(closes.index[trough + int(regained[0])]))
    return figures


def _definition(prices: Prices, span: Period, figures: dict[str, Figure]) -> str:
    current = (
        f"Closes only, {price_kind(prices)}: current is the close of {span.end} over the highest "
        f"close since {prices.first}, less one"
    )
    if "deepest" not in figures:
        return current + "."
    return (
        f"{current}; deepest is the deepest fall of a close from {span.start} to {span.end} below "
        "the highest close before it in that window."
    )


def _table(closes: pd.Series[float]) -> Table:
    """The drawdown from the highest close so far inside the window, in percent."""
    import numpy as np
    import pandas as pd

    return small_table(
        ("date", "drawdown"),
        pd.DatetimeIndex(closes.index),
        [np.asarray(_falls(closes), dtype=np.float64)],
    )


def _when(label: Any) -> date:
    return label.date()  # type: ignore[no-any-return]

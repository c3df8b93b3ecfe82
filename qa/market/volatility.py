"""Volatility: how far the daily returns spread, now against the past, and against what is implied.

The mean is taken out of the returns; annualising multiplies by the square root of 252 sessions.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from qa.domain import Figure, Metric, Table
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.instruments import named
from qa.market.measure import (
    Period,
    count,
    holes_inside,
    make_metric,
    percent,
    percentage_points,
    period,
)
from qa.market.performance import price_kind
from qa.market.prices import Prices

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

YEAR = 252  # sessions
FEWEST_RETURNS = 3
FEWEST_EARLIER = 252  # rolling values, for a percentile and a median
SAME = 1e-9  # percent: values nearer than this differ by rounding only


def volatility(
    prices: Prices,
    implied: Prices | None = None,
    *,
    start: date,
    end: date,
    as_of: date,
    window: int = 21,
) -> Metric:
    """How far the daily returns spread from `start` to `end`, and over the last `window` returns.

    In percent: `daily`, the sample deviation (ddof 1) of the daily close-to-close returns between
    the first and the last close of the window, and `daily_population` (ddof 0); `annualised`,
    daily times the square root of 252; `rolling`, the sample deviation of the last `window`
    returns up to the end, annualised, which may reach back before the start;
    `rolling_percentile`, the percent of the earlier rolling values in the history that are below
    it, and `rolling_median`, their median. `returns` counts those of the window. With `implied`,
    an index of implied volatility: `implied`, its close on the last day, and
    `implied_less_realised`, that less `rolling`, in percentage points. What the history is too
    short for is left out, and a note says so. Raises NotAvailable for a yield or a `window`
    outside 3 to 252, and NotEnoughHistory for fewer than three returns.
    """
    _refuse(prices, window)
    span = period(prices, start, end)
    returns = _returns(prices, span)
    figures = _window(prices, span, returns[span.first :])
    line = rolling(returns, window)
    now, remarks = _now(prices, line, window)
    figures |= now
    if implied is not None:
        theirs, missing = implied_close(implied, span.end, figures.get("rolling"))
        figures |= theirs
        remarks += missing
    used = _reach(prices, span, window)
    return make_metric(
        "volatility",
        {"symbol": prices.symbol, "start": start, "end": end, "window": window},
        [prices, *([implied] if implied is not None else [])],
        figures=figures,
        definition=_definition(prices, implied, span, window, figures),
        window=(span.start, span.end, None),
        as_of=as_of,
        notes=[*span.notes, *holes_inside(prices, used), *remarks],
        table=_table(prices, span, line),
    )


def _refuse(prices: Prices, window: int) -> None:
    if named(prices.symbol).kind == "yield":
        raise NotAvailable(
            f"{prices.symbol} is a yield: it has no returns; ask for the volatility of a price."
        )
    if not FEWEST_RETURNS <= window <= YEAR:
        raise NotAvailable(
            f"A rolling volatility of {window} returns is not offered: ask for a window of "
            f"{FEWEST_RETURNS} to {YEAR}."
        )


def _window(prices: Prices, span: Period, inside: Numbers) -> dict[str, Figure]:
    """The deviation of the returns inside the window, a day and annualised."""
    if len(inside) < FEWEST_RETURNS:
        raise NotEnoughHistory(
            f"{prices.symbol} has {len(inside)} daily returns between the closes of {span.start} "
            f"and {span.end}; a volatility needs {FEWEST_RETURNS}, so ask for a longer window."
        )
    daily = float(inside.std(ddof=1))
    return {
        "daily": percent(daily),
        "daily_population": percent(float(inside.std(ddof=0))),
        "annualised": percent(daily * math.sqrt(YEAR)),
        "returns": count(len(inside)),
    }


def _returns(prices: Prices, span: Period) -> Numbers:
    """The daily returns of the history up to the end of the window, in percent."""
    closes: Numbers = prices.frame["close"].to_numpy("float64")[: span.last + 1]
    moves: Numbers = closes[1:] / closes[:-1] - 1
    return moves * 100


def rolling(returns: Numbers, window: int) -> Numbers:
    """The annualised sample deviation of every `window` returns in a row, oldest first.

    Each is computed from its own returns: a running sum would carry the rounding of 1987 along.
    """
    import numpy as np

    if len(returns) < window:
        return np.empty(0)
    spans = np.lib.stride_tricks.sliding_window_view(returns, window)
    spread: Numbers = spans.std(axis=1, ddof=1)
    return spread * math.sqrt(YEAR)


def _now(prices: Prices, line: Numbers, window: int) -> tuple[dict[str, Figure], list[str]]:
    """The last rolling value, its place among the earlier ones, and their median."""
    import numpy as np

    if not len(line):
        return {}, [
            f"No rolling volatility: {prices.symbol} has fewer than {window} returns of history."
        ]
    figures = {"rolling": percent(float(line[-1]))}
    earlier = line[:-1]
    if len(earlier) < FEWEST_EARLIER:
        return figures, [
            f"No percentile nor median of the rolling volatility: {prices.symbol} has "
            f"{len(earlier)} earlier values, and they need {FEWEST_EARLIER}."
        ]
    below = int(np.count_nonzero(earlier < line[-1] - SAME))
    return figures | {
        "rolling_percentile": percent(below / len(earlier) * 100),
        "rolling_median": percent(float(np.median(earlier))),
    }, []


def implied_close(
    implied: Prices, end: date, realised: Figure | None
) -> tuple[dict[str, Figure], list[str]]:
    """The implied volatility's close of the last day, and its distance from the realised one."""
    closes = implied.frame["close"].loc[: str(end)]
    last = closes.index[-1].date() if len(closes) else None
    if last != end:
        held = f"its last price before that is of {last}" if last else "it begins later"
        return {}, [f"No implied volatility: {implied.symbol} has no price for {end}; {held}."]
    level = float(closes.iloc[-1])
    figures = {"implied": percent(level)}
    if realised is not None:
        figures["implied_less_realised"] = percentage_points(level - float(realised.value))  # type: ignore[arg-type]
    return figures, []


def _reach(prices: Prices, span: Period, window: int) -> Period:
    """The sessions that the figures of the window and of the last `window` returns rest on."""
    first = max(0, min(span.first, span.last - window))
    return replace(span, first=first, start=_day(prices.frame.index[first]))


def _definition(
    prices: Prices, implied: Prices | None, span: Period, window: int, figures: dict[str, Figure]
) -> str:
    parts = [
        f"Standard deviation of the {span.last - span.first} daily close-to-close returns between "
        f"the closes of {span.start} and {span.end}, {price_kind(prices)}, sample (ddof 1) unless "
        "it says population, annualised by the square root of 252"
    ]
    if "rolling" in figures:
        parts.append(f"rolling is that of the last {window} returns up to {span.end}, annualised")
    if "rolling_percentile" in figures:
        parts.append(
            f"its percentile and median are among the {span.last - window} earlier rolling values "
            f"since {_day(prices.frame.index[window])}"
        )
    if implied is not None and "implied" in figures:
        parts.append(f"implied is the close of {implied.symbol} that day, and looks ahead")
    return "; ".join(parts) + "."


def _table(prices: Prices, span: Period, line: Numbers) -> Table | None:
    """The rolling volatility of the last 252 sessions, in percent; none without any."""
    shown = line[-YEAR:]
    if not len(shown):
        return None
    days = prices.frame.index[span.last + 1 - len(shown) : span.last + 1]
    return Table(
        columns=("date", "rolling"),
        rows=tuple(zip((_day(d) for d in days), shown.round(4).tolist(), strict=True)),
    )


def _day(label: Any) -> date:
    return label.date()  # type: ignore[no-any-return]

"""Two instruments side by side: relative return, ratio, beta, correlation, streaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qa.domain import Basis, Figure, Metric, Table
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.instruments import named
from qa.market.measure import (
    change,
    count,
    day,
    make_metric,
    percent,
    percentage_points,
    period,
    small_table,
)
from qa.market.performance import price_return
from qa.market.prices import Prices

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

FEWEST_RETURNS = 10  # for a beta or a correlation


def compare(
    prices: Prices,
    benchmark: Prices,
    *,
    start: date,
    end: date,
    as_of: date,
    basis: Basis = "prior_close",
) -> Metric:
    """How an instrument did against another over a window, session by session.

    `return`, `return_benchmark` (percent), `relative_return` (percentage points) and
    `ratio_change`, the change of their ratio in percent, on the basis asked for; `ratio`, the last
    close of the window over that of the benchmark. `beta` and `correlation` of the daily
    close-to-close returns between the first and the last close of the window (beta: covariance over
    the benchmark's variance, ddof 1). `days_ahead` of `days`, the sessions on which its return was
    the higher. `streak`, the longest run of such sessions that ends inside the window, with
    `streak_start` and `streak_end`; `longer_streak`, the last run before it that was at least as
    long, with `longer_streak_end`, if the common history holds one.
    Raises NotEnoughHistory for fewer than ten returns.
    """
    if "yield" in (named(prices.symbol).kind, named(benchmark.symbol).kind):
        raise NotAvailable("A yield has no return; compare two price series.")
    pair = _shared(prices, benchmark)
    span = period(prices, start, end)
    first, after = (int(pair.days.searchsorted(str(d))) for d in (span.start, _next(span.end)))
    inside = slice(first + 1, after)
    returns = max(after - first - 1, 0)
    if returns < FEWEST_RETURNS:
        raise NotEnoughHistory(
            f"{prices.symbol} and {benchmark.symbol} share {returns} returns from {span.start} "
            f"to {span.end}; a comparison needs {FEWEST_RETURNS}."
        )
    own = price_return(prices, span, basis)
    other = price_return(benchmark, period(benchmark, span.start, span.end), basis)
    figures: dict[str, Figure] = {
        "return": percent(own),
        "return_benchmark": percent(other),
        "relative_return": percentage_points(own - other),
        "ratio_change": percent(change(1 + own / 100, 1 + other / 100)),
        "ratio": Figure(value=float(pair.ratio[after - 1]), unit="ratio", decimals=4),
        **_together(pair.own[inside], pair.other[inside]),
        "days": count(returns, "sessions"),
        "days_ahead": count(int(pair.ahead[inside].sum()), "sessions"),
        **_streaks(pair, first, after),
    }
    return make_metric(
        "compare",
        {
            "symbol": prices.symbol,
            "benchmark": benchmark.symbol,
            "start": start,
            "end": end,
            "basis": basis,
        },
        [prices, benchmark],
        figures=figures,
        definition=(
            f"{prices.symbol} against {benchmark.symbol}: returns on the basis {basis}, price "
            f"only; ratio is close over close of {span.end}; beta, correlation and days ahead from "
            f"the {returns} daily close-to-close returns between the closes of {span.start} and "
            f"{span.end}; a streak is a run of sessions with the higher daily return."
        ),
        window=(span.start, span.end, basis),
        as_of=as_of,
        notes=span.notes,
        table=_ratio_line(pair, slice(first, after)),
    )


@dataclass(frozen=True)
class _Pair:
    """Two series on the sessions that both have: their ratio and daily returns in percent.

    The returns of the first session are NaN, so it is nobody's.
    """

    days: pd.DatetimeIndex
    ratio: NDArray[np.float64]
    own: NDArray[np.float64]
    other: NDArray[np.float64]

    @cached_property
    def ahead(self) -> NDArray[np.bool_]:
        """Whether the first of the two had the higher return."""
        return self.own > self.other


def _shared(prices: Prices, benchmark: Prices) -> _Pair:
    import pandas as pd

    days = prices.frame.index.intersection(benchmark.frame.index)
    own, other = (s.frame["close"].reindex(days).to_numpy() for s in (prices, benchmark))
    return _Pair(pd.DatetimeIndex(days), own / other, _returns(own), _returns(other))


def _returns(closes: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    moved = np.full(len(closes), np.nan)
    moved[1:] = (closes[1:] / closes[:-1] - 1) * 100
    return moved


def _next(day: date) -> date:
    return day + timedelta(1)


def _together(own: NDArray[np.float64], other: NDArray[np.float64]) -> dict[str, Figure]:
    """Beta and correlation; neither where one of the two did not move."""
    import numpy as np

    (variance, shared), (_, theirs) = np.cov(own, other, ddof=1)
    if not (variance > 0 and theirs > 0):
        return {}
    correlation = shared / np.sqrt(variance * theirs)
    return {"beta": _plain(shared / theirs), "correlation": _plain(correlation)}


def _plain(value: float) -> Figure:
    return Figure(value=float(value), unit="ratio", decimals=2)


def _streaks(pair: _Pair, first: int, after: int) -> dict[str, Figure]:
    """The longest run that ends in the rows of the window, and the last earlier one as long."""
    import numpy as np

    # Where a run begins and, one row on, where it has ended.
    edges = np.flatnonzero(np.diff(pair.ahead, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2] - 1
    lengths = ends - starts + 1
    inside = np.flatnonzero((ends >= first) & (ends < after))
    if not len(inside):
        return {"streak": count(0, "sessions")}
    longest = inside[lengths[inside].argmax()]
    figures = {
        "streak": count(int(lengths[longest]), "sessions"),
        "streak_start": day(_when(pair.days[starts[longest]])),
        "streak_end": day(_when(pair.days[ends[longest]])),
    }
    before = np.flatnonzero(lengths[:longest] >= lengths[longest])
    if len(before):
        figures["longer_streak"] = count(int(lengths[before[-1]]), "sessions")
        figures["longer_streak_end"] = day(_when(pair.days[ends[before[-1]]]))
    return figures


def _when(label: Any) -> date:
    return label.date()  # type: ignore[no-any-return]


def _ratio_line(pair: _Pair, window: slice) -> Table:
    """The ratio of the closes over the window, 100 at its first close."""
    ratio = pair.ratio[window]
    return small_table(("date", "ratio"), pair.days[window], [ratio / ratio[0] * 100])

"""Two instruments side by side: relative return, ratio, beta, correlation, streaks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from qa.domain import Basis, Figure, Metric, Table
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.instruments import named
from qa.market.measure import count, day, make_metric, percent, period, small_table
from qa.market.performance import performance
from qa.market.prices import Prices

if TYPE_CHECKING:
    import pandas as pd

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
    `ratio_change`, the change of their ratio in percent, on the basis asked for. `beta` and
    `correlation` of the daily close-to-close returns between the first and the last close of the
    window (beta: covariance over the benchmark's variance, ddof 1). `days_ahead` of `days`, the
    sessions on which its return was the higher. `streak`, the longest run of such sessions that
    ends inside the window, with `streak_start` and `streak_end`; `longer_streak`, the last run
    before it that was at least as long, with `longer_streak_end`, if the common history holds one.
    Raises NotEnoughHistory for fewer than ten returns.
    """
    if "yield" in (named(prices.symbol).kind, named(benchmark.symbol).kind):
        raise NotAvailable("A yield has no return; compare two price series.")
    pair = _returns(prices, benchmark)
    span = period(prices, start, end)
    inside = pair.loc[str(span.start) : str(span.end)].iloc[1:]
    if len(inside) < FEWEST_RETURNS:
        raise NotEnoughHistory(
            f"{prices.symbol} and {benchmark.symbol} share {len(inside)} returns from {span.start} "
            f"to {span.end}; a comparison needs {FEWEST_RETURNS}."
        )
    whole = performance(prices, benchmark, start=start, end=end, as_of=as_of, basis=basis)
    own, other = whole.figures["return"], whole.figures["return_benchmark"]
    ratio = ((1 + float(own.value) / 100) / (1 + float(other.value) / 100) - 1) * 100  # type: ignore[arg-type]
    figures: dict[str, Figure] = {
        "return": own,
        "return_benchmark": other,
        "relative_return": whole.figures["relative_return"],
        "ratio_change": percent(ratio),
        **_together(inside),
        "days": count(len(inside), "sessions"),
        "days_ahead": count(int((inside["own"] > inside["other"]).sum()), "sessions"),
        **_streaks(pair, span.start, span.end),
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
            f"only; beta, correlation and days ahead from the {len(inside)} daily close-to-close "
            f"returns between the closes of {span.start} and {span.end}; a streak is a run of "
            "sessions with the higher daily return."
        ),
        window=(span.start, span.end, basis),
        as_of=as_of,
        notes=span.notes,
        table=_ratio_line(prices, benchmark, span.start, span.end),
    )


def _returns(prices: Prices, benchmark: Prices) -> pd.DataFrame:
    """Daily returns of both in percent, on the sessions that both have."""
    import pandas as pd

    closes = pd.concat(
        {"own": prices.frame["close"], "other": benchmark.frame["close"]}, axis=1, join="inner"
    )
    return closes.pct_change() * 100


def _together(inside: pd.DataFrame) -> dict[str, Figure]:
    """Beta and correlation; neither where one of the two did not move."""
    if not (inside["own"].var() > 0 and inside["other"].var() > 0):
        return {}
    beta = inside["own"].cov(inside["other"]) / inside["other"].var()
    return {"beta": _plain(beta), "correlation": _plain(inside["own"].corr(inside["other"]))}


def _plain(value: float) -> Figure:
    return Figure(value=float(value), unit="ratio", decimals=2)


def _streaks(pair: pd.DataFrame, start: date, end: date) -> dict[str, Figure]:
    """The longest run that ends in the window, and the last earlier one at least as long."""
    ahead = pair["own"] > pair["other"]
    run = ahead.groupby((~ahead).cumsum()).cumsum()
    # A run ends where the next session is no longer ahead, or where the history does.
    ends = run[(run > 0) & (run.shift(-1, fill_value=0) == 0)]
    inside = ends.loc[str(start) : str(end)]
    if inside.empty:
        return {"streak": count(0, "sessions")}
    place = int(inside.to_numpy().argmax())
    length, last = int(inside.iloc[place]), inside.index[place]
    first = pair.index[int(pair.index.searchsorted(str(_when(last)))) - length + 1]
    figures = {
        "streak": count(length, "sessions"),
        "streak_start": day(_when(first)),
        "streak_end": day(_when(last)),
    }
    before = ends[(ends.index < first) & (ends >= length)]
    if len(before):
        figures["longer_streak"] = count(int(before.iloc[-1]), "sessions")
        figures["longer_streak_end"] = day(_when(before.index[-1]))
    return figures


def _when(label: Any) -> date:
    return label.date()  # type: ignore[no-any-return]


def _ratio_line(prices: Prices, benchmark: Prices, start: date, end: date) -> Table:
    """The ratio of the closes over the window, 100 at its first close."""
    import pandas as pd

    ratio = (prices.frame["close"] / benchmark.frame["close"]).dropna().loc[str(start) : str(end)]
    rebased = (ratio / ratio.iloc[0] * 100).to_numpy()
    return small_table(("date", "ratio"), pd.DatetimeIndex(ratio.index), [rebased])

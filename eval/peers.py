"""The statistics of our panel as ffn and quantstats compute them, to time beside ours."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def with_ffn(own: pd.Series[float], other: pd.Series[float]) -> Callable[[], object]:
    """The whole set of ffn's statistics for two series of closes: it can't be asked for fewer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ffn

    return lambda: [ffn.PerformanceStats(closes) for closes in (own, other)]


def with_quantstats(own: pd.Series[float], other: pd.Series[float]) -> Callable[[], object]:
    """quantstats: return, volatility, rolling volatility, drawdowns, best and worst, and beta."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from quantstats import stats

    def work() -> object:
        returns = [closes.pct_change().dropna() for closes in (own, other)]
        for closes, moved in zip((own, other), returns, strict=True):
            stats.comp(moved)
            stats.volatility(moved)
            stats.rolling_volatility(moved, rolling_period=21)
            stats.to_drawdown_series(closes)
            stats.max_drawdown(closes)
            stats.best(moved)
            stats.worst(moved)
        return stats.greeks(*returns)

    return work

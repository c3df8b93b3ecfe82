"""Readings of risk: the deviation of daily returns, and the deepest fall within a window."""

from __future__ import annotations

import math
from collections.abc import Iterator

from qa.checking.auditing.agreement import Reading, agrees, percent, pointed
from qa.checking.auditing.bench import Bench
from qa.checking.auditing.published import PublishedClaim
from qa.checking.auditing.stretches import windows
from qa.errors import NotEnoughHistory

YEAR = 252  # sessions, to annualise a daily deviation


def _volatility(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The deviation of daily returns inside the window."""
    h = bench.history(claim.subject or "")
    scale = math.sqrt(YEAR) if claim.basis == "annual" else 1.0
    for period in windows(claim, bench, h):
        for stretch in bench.stretches(h, period):
            inner = h.day_moves[stretch.first + 1 : stretch.last + 1]
            whole = h.day_moves[stretch.first : stretch.last + 1]
            if len(inner) < 2:
                break
            named_ways = (
                ("sample standard deviation (ddof 1) of the returns inside the window", inner, 1),
                ("population standard deviation (ddof 0) of the returns inside it", inner, 0),
                ("sample standard deviation, the first day's return included", whole, 1),
                ("population standard deviation, the first day's return included", whole, 0),
            )
            for words, moves, ddof in named_ways:
                value = float(moves.std(ddof=ddof)) * scale
                standard = ddof == 1 and moves is inner
                yield Reading(
                    words, f"{value:.2f}%", agrees(claim, value), standard, h.day(stretch.last)
                )
            return
    raise NotEnoughHistory("too few sessions for a volatility")


def _drawdown(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The deepest fall below an earlier high within the window."""
    import numpy as np

    h = bench.history(claim.subject or "")
    for period in windows(claim, bench, h):
        stretch = next(bench.stretches(h, period))
        first, last = stretch.origin, stretch.last
        closes = h.close[first : last + 1]
        value = float((closes / np.maximum.accumulate(closes) - 1).min()) * 100
        at = pointed(claim, -1)
        yield Reading(
            "deepest close below the highest close before it", percent(value), agrees(at, value)
        )
        if h.high is not None and h.low is not None:
            tops = np.maximum.accumulate(h.high[first : last + 1])
            value = float((h.low[first : last + 1] / tops - 1).min()) * 100
            words = "deepest intraday low below the highest high before it"
            yield Reading(words, percent(value), agrees(at, value), False)


RISK = {"volatility": _volatility, "drawdown": _drawdown}

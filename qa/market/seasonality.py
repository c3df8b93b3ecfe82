"""Seasonality: an instrument against another in the same season of every year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING

from qa.domain import Figure, Metric, Table
from qa.errors import NotEnoughHistory
from qa.market.followed import FEW, FEWEST, chance
from qa.market.history import History, gaps, history
from qa.market.measure import count, make_metric, moved, percent, percentage_points
from qa.market.performance import price_kind
from qa.market.prices import Prices
from qa.market.resampling import LEVEL, SAME, holm, signs_flipped
from qa.market.seasons import AFTER, BEFORE, TURNS, USUAL, Season, occurrences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


def seasonality(
    prices: Prices,
    benchmark: Prices | None = None,
    *,
    season: str = "january",
    end: date | None = None,
    as_of: date,
) -> Metric:
    """How an instrument did in one season of each year, and how far ahead of another.

    A `season` is a month; `turn_of_year`, the last session of a year and the first four of the
    next; `year`, or the years of the presidential cycle `midterm` (1990, 1994, ...),
    `pre_election`, `election` and `post_election`; or any window "MM-DD..MM-DD", both days
    included. Each is measured from the last close before it to its last close; those that are not
    over by `end`, or began before the history, don't count. A difference is the return less the
    benchmark's, in percentage points; without a benchmark, less the mean return over any as many
    sessions.

    `n` seasons; `mean`, `median`, `mean_benchmark`, `median_benchmark` (percent) of the returns,
    `share_up` (percent) above zero; `mean_difference`, `median_difference`, and `share_ahead`
    (percent), how many of the differences are above zero. `sessions`, the median length, and over
    any as many sessions of the history `base_mean` and `base_share_up`, with a benchmark
    `base_mean_difference` and `base_share_ahead`. `t` of the mean difference against none, over its
    standard error (ddof 1, n - 1 degrees of freedom); `p`, the chance of as large a mean were each
    difference's sign a coin's toss (`resampling.signs_flipped`); `p_adjusted`, that corrected by
    Holm's method for the `looks` there are: the twelve months, the turn of the year, the four years
    of the cycle, and the season itself if it is none of these; `distinguishable`, 1 where that is
    at most 5 %. `n_1990s`, `mean_difference_1990s` and `share_ahead_1990s` are those of a decade,
    by the year in which a season ends.

    Raises UsageError for a season that can't be read, NotAvailable for a yield, and
    NotEnoughHistory for fewer than five seasons.
    """
    asked = end or as_of
    held = [prices, *([benchmark] if benchmark else [])]
    past = history(prices, benchmark, asked)
    when = occurrences(past, season)
    if len(when.years) < FEWEST:
        raise NotEnoughHistory(
            f"{' and '.join(s.symbol for s in held)} share {len(when.years)} finished "
            f"{when.words} from {past.day(0)} to {past.day(-1)}; seasonality takes {FEWEST}."
        )
    sample = _sample(past, when)
    figures = _figures(past, sample) | _tested(past, when, sample) | _decades(sample)
    return make_metric(
        "seasonality",
        {
            "symbol": prices.symbol,
            "benchmark": benchmark.symbol if benchmark else None,
            "season": season,
            "end": asked,
        },
        held,
        figures=figures,
        definition=_definition(held, sample, figures),
        window=(past.day(int(when.base[0]) + 1), past.day(int(when.last[-1])), "prior_close"),
        as_of=as_of,
        notes=[
            *moved(asked, past.day(-1), "the last session is that of"),
            _verdict(held, sample, figures),
            *([f"Few: {len(when.years)} {when.words}."] if len(when.years) < FEW else []),
            *gaps(held, past.day(int(when.base[0])), past.day(int(when.last[-1]))),
        ],
        table=_table(past, sample),
    )


@dataclass(frozen=True)
class _Sample:
    """The returns of a season by year, in percent; without a benchmark `other` is the base mean."""

    season: Season
    sessions: int
    own: Numbers
    other: Numbers
    paired: bool

    @property
    def differences(self) -> Numbers:
        return self.own - self.other


def _sample(past: History, when: Season) -> _Sample:
    import numpy as np

    own = _between(past.own, when)
    sessions = int(np.median(when.last - when.base))
    if past.other is not None:
        return _Sample(when, sessions, own, _between(past.other, when), True)
    base = float(past.returns(sessions).mean())
    return _Sample(when, sessions, own, np.full(len(own), base), False)


def _between(closes: Numbers, when: Season) -> Numbers:
    return (closes[when.last] / closes[when.base] - 1) * 100


def _figures(past: History, sample: _Sample) -> dict[str, Figure]:
    """The season, beside any as many sessions of the history."""
    import numpy as np

    apart, every = sample.differences, past.returns(sample.sessions)
    figures = {
        "n": count(len(apart)),
        "mean": percent(float(sample.own.mean())),
        "median": percent(float(np.median(sample.own))),
        "share_up": _share(sample.own),
    }
    if sample.paired:
        figures["mean_benchmark"] = percent(float(sample.other.mean()))
        figures["median_benchmark"] = percent(float(np.median(sample.other)))
    figures |= {
        "mean_difference": percentage_points(float(apart.mean())),
        "median_difference": percentage_points(float(np.median(apart))),
        "share_ahead": _share(apart),
        "sessions": count(sample.sessions, "sessions"),
        "base_mean": percent(float(every.mean())),
        "base_share_up": _share(every),
    }
    if (leads := past.leads(sample.sessions)) is not None:
        figures["base_mean_difference"] = percentage_points(float(leads.mean()))
        figures["base_share_ahead"] = _share(leads)
    return figures


def _share(values: Numbers) -> Figure:
    return percent(float((values > 0).mean()) * 100)


def _tested(past: History, when: Season, sample: _Sample) -> dict[str, Figure]:
    """Whether the mean difference can be told from none, having looked at every usual season."""
    import numpy as np

    apart = sample.differences
    looks = {when.words: apart}
    for name in USUAL:
        other = occurrences(past, name)
        if len(other.years) >= FEWEST:
            looks.setdefault(other.words, _sample(past, other).differences)
    ps = signs_flipped(list(looks.values()))
    p, adjusted = ps[0], holm(ps)[0]
    figures = {}
    spread = float(np.std(apart, ddof=1))
    if spread > SAME:
        t = float(apart.mean()) / (spread / sqrt(len(apart)))
        figures["t"] = Figure(value=t, unit="ratio", decimals=2)
    return figures | {
        "p": chance(p),
        "p_adjusted": chance(adjusted),
        "looks": count(len(looks)),
        "distinguishable": count(int(adjusted <= LEVEL)),
    }


def _decades(sample: _Sample) -> dict[str, Figure]:
    figures = {}
    years = sample.season.years
    for decade in dict.fromkeys((years // 10 * 10).tolist()):
        apart = sample.differences[years // 10 * 10 == decade]
        figures[f"n_{decade}s"] = count(len(apart))
        figures[f"mean_difference_{decade}s"] = percentage_points(float(apart.mean()))
        figures[f"share_ahead_{decade}s"] = _share(apart)
    return figures


def _definition(held: Sequence[Prices], sample: _Sample, figures: dict[str, Figure]) -> str:
    years, when = sample.season.years, sample.season
    against = (
        f"less that of {held[1].symbol}"
        if len(held) > 1
        else f"less the mean return over any {sample.sessions} sessions"
    )
    turn = (
        f" ({BEFORE} session of the old year and {AFTER} of the new one)"
        if when.words == TURNS
        else ""
    )
    return (
        f"Return of {held[0].symbol} in {when.words}{turn}, {years[0]} to {years[-1]}, from the "
        f"last close before to the last close, {price_kind(held[0])}; a difference is that return "
        f"{against}; base is any {sample.sessions} sessions in a row; t is of the mean difference, "
        f"p from flipping the signs of the differences, adjusted by Holm's method for "
        f"{_whole(figures['looks'])} looks: the months, the turn of the year and the years of the "
        "presidential cycle."
    )


def _verdict(held: Sequence[Prices], sample: _Sample, figures: dict[str, Figure]) -> str:
    """What the data say of the season, in plain words."""
    mean, ahead, p, adjusted = (
        float(figures[name].value)  # type: ignore[arg-type]
        for name in ("mean_difference", "share_ahead", "p", "p_adjusted")
    )
    holds = "distinguishable" if adjusted <= LEVEL else "not distinguishable"
    alone = ", though taken alone it would be" if p <= LEVEL < adjusted else ""
    side = "ahead" if mean >= 0 else "behind"
    against = held[1].symbol if len(held) > 1 else f"any {sample.sessions} sessions"
    return (
        f"In {sample.season.words} ({len(sample.own)} of them) {held[0].symbol} returned "
        f"{sample.own.mean():+.2f}% on average and {against} {sample.other.mean():+.2f}%: "
        f"{abs(mean):.2f} percentage points {side}, and ahead in {ahead:.0f}% of them; {holds} "
        f"from none (p {p:.2f}, {adjusted:.2f} after correction for {_whole(figures['looks'])} "
        f"looks){alone}."
    )


def _whole(figure: Figure) -> int:
    assert isinstance(figure.value, float)
    return int(figure.value)


def _table(past: History, sample: _Sample) -> Table:
    """The seasons by the day on which each ends, in percent."""
    columns = {"return": sample.own, "benchmark": sample.other, "difference": sample.differences}
    if not sample.paired:
        del columns["benchmark"]
    days = [past.day(row) for row in sample.season.last]
    cells = [values.round(4).tolist() for values in columns.values()]
    return Table(columns=("date", *columns), rows=tuple(zip(days, *cells, strict=True)))

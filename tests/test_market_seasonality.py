"""`seasonality`: seasons worked by hand, against scipy and statsmodels, and as published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import fmean, median
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import needs_real_tape
from market_toys import RETRIEVED, Toys, series, value
from scipy import stats
from statsmodels.stats.multitest import multipletests

from qa.domain import Metric
from qa.errors import BadDate, NotAvailable, NotEnoughHistory, UsageError
from qa.market.catalog import compute
from qa.market.history import history
from qa.market.prices import Prices
from qa.market.resampling import holm, signs_flipped
from qa.market.seasonality import seasonality
from qa.market.seasons import CYCLE, MONTHS, USUAL, occurrences
from qa.market.tape import Tape

AS_OF = date(2026, 1, 23)
JANUARY_OVER = date(2026, 1, 30)

# The last sessions of December and of January, from the end of 2014 on; the closes begin each year
# at 100 and stand at these after January.
DECEMBERS = [f"{y}-12-31" for y in (2014, 2015)] + ["2016-12-30", "2017-12-29"]
DECEMBERS += [f"{y}-12-31" for y in (2018, 2019, 2020)]
JANUARIES = ["2015-01-30", "2016-01-29", "2017-01-31", "2018-01-31", "2019-01-31", "2020-01-31"]
AFTER = [102.0, 101.0, 97.0, 104.0, 100.5, 101.5]


def toys() -> list[Prices]:
    """Six Januaries beside a benchmark that makes one percent in each."""
    days = [day for pair in zip(DECEMBERS, JANUARIES, strict=False) for day in pair]
    own = [close for after in AFTER for close in (100.0, after)]
    other = [close for _ in AFTER for close in (50.0, 50.5)]
    days.append(DECEMBERS[6])
    return [
        series([*own, 100.0], days=days),
        series([*other, 50.0], symbol="^GSPC", days=days),
    ]


def asked(pair: Sequence[Prices], season: str = "january", **arguments: Any) -> Metric:
    return seasonality(*pair, season=season, as_of=pair[0].last, **arguments)


def test_januaries_worked_by_hand() -> None:
    m = asked(toys())
    # Own 2, 1, -3, 4, 0.5 and 1.5; less one: 1, 0, -4, 3, -0.5 and 0.5.
    expected = {
        "n": 6,
        "mean": 1.0,
        "median": 1.25,
        "share_up": 5 / 6 * 100,
        "mean_benchmark": 1.0,
        "median_benchmark": 1.0,
        "mean_difference": 0.0,
        "median_difference": 0.25,
        "share_ahead": 50.0,
        "t": 0.0,
        "p": 1.0,
        "p_adjusted": 1.0,
        "distinguishable": 0.0,
        "n_2010s": 5,
        "mean_difference_2010s": -0.1,
        "share_ahead_2010s": 40.0,
        "n_2020s": 1,
        "mean_difference_2020s": 0.5,
    }
    assert {name: value(m, name) for name in expected} == pytest.approx(expected, abs=1e-12)
    assert m.figures["mean_difference"].unit == "percentage_points"
    assert m.figures["mean"].unit == "percent"
    assert m.table is not None
    assert m.table.rows[2] == (date(2017, 1, 31), -3.0, 1.0, -4.0)
    assert "In January (6 of them) ^RUT returned +1.00% on average and ^GSPC +1.00%" in m.notes[0]


def test_without_a_benchmark_the_difference_is_from_any_sessions() -> None:
    pair = toys()
    m = asked(pair[:1])
    # One session each (there is none between): the mean of all twelve returns stands for any.
    closes = pair[0].frame["close"].tolist()
    every = fmean((b / a - 1) * 100 for a, b in pairwise(closes))
    assert value(m, "base_mean") == pytest.approx(every)
    assert value(m, "mean_difference") == pytest.approx(1 - every)
    assert not [name for name in m.figures if "benchmark" in name]
    assert m.symbols == ("^RUT",)


def test_t_and_p_against_scipy() -> None:
    pair = toys()
    pair[0].frame.loc["2017-01-31", "close"] = 103.0
    m = asked(pair)
    own, other = [2, 1, 3, 4, 0.5, 1.5], [1.0] * 6
    assert value(m, "t") == pytest.approx(stats.ttest_rel(own, other).statistic)
    apart = np.subtract(own, other)
    theirs = stats.permutation_test(
        (apart,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    assert value(m, "p") == pytest.approx(theirs.pvalue)


@pytest.mark.parametrize(("last", "n"), [("2020-01-31", 6), ("2020-01-30", 5), ("2020-01-02", 5)])
def test_a_season_counts_from_its_last_session_on(last: str, n: int) -> None:
    days = [*toys()[0].frame.index[:-2], pd.Timestamp(last)]
    closes = [*toys()[0].frame["close"].iloc[:-2], 105.0]
    past = history(series(closes, days=[str(d.date()) for d in days]), None, date(2020, 3, 1))
    assert len(occurrences(past, "january").years) == n


def test_a_season_that_began_before_the_history_does_not_count() -> None:
    cut = [Prices(p.symbol, p.frame.iloc[1:], "toy", RETRIEVED) for p in toys()]
    assert value(asked(cut), "n") == 5


def weekdays(first: str, last: str) -> Prices:
    """Every weekday, each close one above the last."""
    days = pd.bdate_range(first, last)
    return series([100.0 + row for row in range(len(days))], days=[str(d.date()) for d in days])


@pytest.mark.parametrize(
    ("name", "spans"),
    [
        ("february", [("2019-01-31", "2019-02-28"), ("2020-01-31", "2020-02-28")]),
        ("turn_of_year", [("2018-12-28", "2019-01-04"), ("2019-12-30", "2020-01-06")]),
        ("Turn of the year", [("2018-12-28", "2019-01-04"), ("2019-12-30", "2020-01-06")]),
        ("11-01..02-29", [("2018-10-31", "2019-02-28"), ("2019-10-31", "2020-02-28")]),
        ("07-04..07-04", [("2018-07-03", "2018-07-04"), ("2019-07-03", "2019-07-04")]),
        ("year", [("2018-12-31", "2019-12-31")]),
        ("pre-election", [("2018-12-31", "2019-12-31")]),
        ("mid-term", []),
        ("January effect", [("2018-12-31", "2019-01-31"), ("2019-12-31", "2020-01-31")]),
    ],
)
def test_where_a_season_lies(name: str, spans: list[tuple[str, str]]) -> None:
    past = history(weekdays("2018-06-01", "2020-06-30"), None, AS_OF)
    found = occurrences(past, name)
    bounds = zip(found.base, found.last, strict=True)
    assert [(str(past.day(a)), str(past.day(b))) for a, b in bounds] == spans


def test_the_years_of_the_cycle() -> None:
    past = history(weekdays("1988-12-30", "1997-12-31"), None, AS_OF)
    years = {name: occurrences(past, name).years.tolist() for name in CYCLE}
    assert years == {
        "election": [1992, 1996],
        "post_election": [1989, 1993, 1997],
        "midterm": [1990, 1994],
        "pre_election": [1991, 1995],
    }


@pytest.mark.parametrize(
    ("season", "error", "said"),
    [
        ("spring", UsageError, "no season 'spring': give a month, turn_of_year"),
        ("1-1..2-2", UsageError, "no season"),
        ("02-30..03-01", BadDate, "02-30 is no day of a year"),
        ("midterm", NotEnoughHistory, "share 1 finished midterm years"),
        ("june", NotEnoughHistory, "share 0 finished June"),
    ],
)
def test_seasons_that_can_not_be_told(season: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        asked(toys(), season)


def test_a_yield_has_no_seasons() -> None:
    with pytest.raises(NotAvailable, match="is a yield"):
        asked([series([4.0] * 30, symbol="^TNX")])


def test_arguments_that_can_not_be_used() -> None:
    tape = Tape(Toys(*toys()), date(2020, 12, 31))
    for more in ({"season": "x" * 41}, {"start": "2015-01-01"}):
        with pytest.raises(UsageError, match="can't be used"):
            compute(tape, "seasonality", {"symbol": "^RUT"} | more)
    with pytest.raises(BadDate, match="after the as-of date"):
        compute(tape, "seasonality", {"symbol": "^RUT", "end": "2021-01-01"})
    named = compute(tape, "seasonality", {"symbol": "^RUT", "benchmark": "^GSPC"})
    assert compute(tape, "seasonality", {"symbol": "^RUT"}) == named
    assert compute(tape, named.tool, named.arguments) == named


def walks(seed: int, lift: float = 0.0) -> tuple[Prices, Prices]:
    """Fifteen years of two random walks; the first makes `lift` percent more in each September."""
    days = pd.bdate_range("2004-12-31", "2019-12-31")
    dice = np.random.default_rng(seed)
    own, other = np.cumsum(0.0003 + 0.01 * dice.standard_normal((2, len(days))), axis=1)
    own = own + np.cumsum((days.month == 9) * np.log1p(lift / 100) / 21)
    frames = [pd.DataFrame({"close": np.exp(c)}, index=days) for c in (own, other)]
    return (
        Prices("^RUT", frames[0], "a walk", RETRIEVED),
        Prices("^GSPC", frames[1], "a walk", RETRIEVED),
    )


def test_random_walks_have_no_season_in_19_of_20() -> None:
    """Of thirteen looks at each, one walk in twenty at the most has a season told from none."""
    told = 0
    for seed in range(200):
        past = history(*walks(seed), date(2019, 12, 31))
        assert past.other is not None
        apart = []
        for when in (occurrences(past, name) for name in (*MONTHS, "turn_of_year")):
            own, other = (c[when.last] / c[when.base] for c in (past.own, past.other))
            apart.append((own - other) * 100)
        told += min(holm(signs_flipped(apart))) <= 0.05
    assert told <= 10


def test_a_planted_season_is_found() -> None:
    found = [
        value(asked(walks(seed, lift=12.0), "september"), "distinguishable") for seed in range(5)
    ]
    assert found == [1.0] * 5
    other = asked(walks(0, lift=12.0), "march")
    assert value(other, "distinguishable") == 0


# On the real tape.


def of(tape: Tape, season: str, **more: Any) -> Metric:
    asked_for = {"symbol": "^RUT", "benchmark": "^GSPC", "season": season}
    return compute(tape, "seasonality", asked_for | more)


@needs_real_tape
def test_the_januaries_as_published(real_tape: Tape) -> None:
    m = of(Tape(real_tape.source, JANUARY_OVER), "january")
    assert (value(m, "n"), round(value(m, "mean_difference"), 2)) == (39, 0.06)
    assert round(value(m, "share_ahead")) == 41
    assert value(m, "distinguishable") == 0
    assert "ahead in 41% of them; not distinguishable from none" in m.notes[0]
    # A week earlier the last of them is not over.
    m = of(real_tape, "january")
    assert (value(m, "n"), round(value(m, "mean_difference"), 2)) == (38, -0.05)
    assert round(value(m, "share_ahead")) == 39


@needs_real_tape
def test_the_midterm_years_as_published(real_tape: Tape) -> None:
    m = of(real_tape, "midterm")
    assert value(m, "n") == 9
    assert (round(value(m, "mean"), 1), round(value(m, "mean_benchmark"), 1)) == (-4.2, 0.8)
    assert m.window is not None
    assert (m.window.start.year, m.window.end.year) == (1990, 2022)
    assert "Few: 9 midterm years." in m.notes


@needs_real_tape
def test_every_season_against_pandas_scipy_and_statsmodels(real_tape: Tape) -> None:
    closes = {s: real_tape.history(s).frame["close"] for s in ("^RUT", "^GSPC")}
    ends = pd.DataFrame(closes).dropna().resample("ME").last()
    monthly = (ends.pct_change(fill_method=None) * 100).loc["1987-10":"2025-12"]
    yearly = pd.DataFrame(closes).dropna().resample("YE").last().pct_change() * 100
    months, years = (pd.DatetimeIndex(frame.index) for frame in (monthly, yearly))
    samples = {m: monthly[months.month == n] for n, m in enumerate(MONTHS, 1)}
    whole = (years.year >= 1988) & (years.year <= 2025)
    samples |= {name: yearly[whole & (years.year % 4 == n)] for n, name in enumerate(CYCLE)}
    metrics = {name: of(real_tape, name) for name in USUAL}
    for name, sample in samples.items():
        own, other, m = sample["^RUT"], sample["^GSPC"], metrics[name]
        assert value(m, "n") == len(sample)
        assert value(m, "mean") == pytest.approx(own.mean())
        assert value(m, "median_difference") == pytest.approx(median(own - other))
        assert value(m, "t") == pytest.approx(stats.ttest_rel(own, other).statistic)
        # By permutation p is near Student's: heavy tails, so not nearer.
        assert value(m, "p") == pytest.approx(stats.ttest_rel(own, other).pvalue, abs=0.06)
    adjusted = multipletests([value(m, "p") for m in metrics.values()], method="holm")[1]
    assert [value(m, "p_adjusted") for m in metrics.values()] == pytest.approx(adjusted.tolist())
    assert {value(m, "looks") for m in metrics.values()} == {17}
    # A season that is none of these is one more look.
    assert value(of(real_tape, "11-01..04-30"), "looks") == 18


@needs_real_tape
@pytest.mark.parametrize("as_of", ["1996-07-03", "2010-01-29", "2025-12-31"])
def test_nothing_after_the_as_of_date_is_used(real_tape: Tape, as_of: str) -> None:
    day = date.fromisoformat(as_of)
    changed = []
    for symbol in ("^RUT", "^GSPC"):
        whole = real_tape.source.history(symbol)
        frame = whole.frame.copy()
        later = frame.index > pd.Timestamp(day)
        frame.loc[later, :] = frame.loc[later, :].to_numpy()[::-1] * 3
        changed.append(Prices(symbol, frame, whole.source, whole.retrieved, whole.adjustment))
    for season in ("january", "turn_of_year", "year", "12-15..01-10"):
        clean = of(Tape(real_tape.source, day), season)
        dirty = of(Tape(Toys(*changed), day), season)
        assert dirty.model_dump_json() == clean.model_dump_json()
        ended = of(real_tape, season, end=as_of)
        assert ended.figures == clean.figures

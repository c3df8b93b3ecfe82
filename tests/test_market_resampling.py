"""Chance and effect told apart: against arch, scipy and statsmodels, and on random walks."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import CircularBlockBootstrap
from scipy import stats
from statsmodels.stats.multitest import multipletests

from qa.market.baserates import HORIZONS, MAIN
from qa.market.episodes import found, present
from qa.market.followed import Outcome, outcome, told_apart
from qa.market.history import History
from qa.market.resampling import against_all, holm, signs_flipped

BLOCK, ROWS = 20, 1200


@cache
def clustered() -> tuple[Any, Any]:
    """Values that hang together over twenty rows, and sixty rows chosen among them in clumps."""
    dice = np.random.default_rng(5)
    values = np.convolve(dice.standard_normal(ROWS + BLOCK - 1), np.ones(BLOCK), "valid")
    chosen = np.zeros(ROWS, dtype=bool)
    for start in dice.choice(ROWS - 30, 20, replace=False):
        chosen[start : start + 30 : 10] = True
    return values, chosen


def difference(values: Any, chosen: Any) -> Any:
    return values[chosen].mean() - values.mean()


def error(values: Any, chosen: Any) -> Any:
    """The standard error of the difference, among blocks that follow one another."""
    apart = np.where(chosen, values - values[chosen].mean(), 0) / chosen.sum()
    apart -= (values - values.mean()) / len(values)
    return np.sqrt((apart.reshape(-1, BLOCK).sum(axis=1) ** 2).sum())


def error_of_the_data(values: Any, chosen: Any) -> float:
    """That error, from the blocks that begin on any row."""
    squares = [error(np.roll(values, k), np.roll(chosen, k)) ** 2 for k in range(BLOCK)]
    return float(np.sqrt(np.mean(squares)))


def test_the_interval_is_that_of_arch() -> None:
    values, chosen = clustered()
    ours = against_all([values], chosen, BLOCK)[0]
    assert ours.value == pytest.approx(difference(values, chosen), rel=1e-12)
    draws = CircularBlockBootstrap(BLOCK, values, chosen, seed=11)
    own = difference(values, chosen)
    sizes = draws.apply(lambda v, c: abs(difference(v, c) - own) / error(v, c), 2000)[:, 0]
    reach = np.quantile(sizes, 0.95) * error_of_the_data(values, chosen)
    assert ours.high - ours.value == pytest.approx(ours.value - ours.low, rel=1e-9)
    # 999 draws place the 95th percentile to within some three percent, 2,000 to within two.
    assert ours.high - ours.value == pytest.approx(reach, rel=0.08)
    draws.reset()
    plain = draws.conf_int(difference, 2000, method="percentile")[:, 0]
    assert ours.high - ours.low == pytest.approx(plain[1] - plain[0], rel=0.2)
    whole = np.std([difference(v, c) for (v, c), _ in draws.bootstrap(1000)], ddof=1)
    assert error_of_the_data(values, chosen) == pytest.approx(whole, rel=0.1)


def test_the_p_value_goes_with_the_interval() -> None:
    values, chosen = clustered()
    lift = against_all([values], chosen, BLOCK)[0]
    reach = lift.high - lift.value

    def moved_to(to: float) -> float:
        raised = values + np.where(chosen, (to - lift.value) / (1 - chosen.mean()), 0)
        return against_all([raised], chosen, BLOCK)[0].p

    assert moved_to(0.8 * reach) > 0.05
    assert moved_to(1.5 * reach) < 0.05
    assert moved_to(3 * reach) < 0.01


def test_the_same_data_give_the_same_bytes() -> None:
    values, chosen = clustered()
    assert against_all([values], chosen, BLOCK) == against_all([values.copy()], chosen, BLOCK)
    pair = against_all([values, -values], chosen, BLOCK)
    assert pair[0] == against_all([values], chosen, BLOCK)[0]
    assert pair[1].value == pytest.approx(-pair[0].value)
    assert pair[1].p == pair[0].p


def test_where_nothing_moves_there_is_no_difference() -> None:
    _, chosen = clustered()
    still = against_all([np.full(ROWS, 0.1)], chosen, BLOCK)[0]
    assert (still.value, still.low, still.high, still.p) == (0, 0, 0, 1)


@pytest.mark.parametrize("n", [5, 9, 13])
def test_every_pattern_of_signs_as_scipy_tries_them(n: int) -> None:
    values = np.random.default_rng(n).normal(0.5, 1, n)
    theirs = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    assert signs_flipped([values])[0] == pytest.approx(theirs.pvalue, abs=1e-12)


def test_drawn_signs_agree_with_scipys() -> None:
    values = np.random.default_rng(3).normal(0.3, 1, 39)
    theirs = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=9999, rng=1
    )
    assert signs_flipped([values])[0] == pytest.approx(theirs.pvalue, abs=0.012)
    # And for so many values both are near Student's.
    assert theirs.pvalue == pytest.approx(stats.ttest_1samp(values, 0).pvalue, abs=0.015)


def test_a_sample_has_the_same_p_in_any_company() -> None:
    short, long = np.array([1.0, 2.0, -0.5, 3.0]), np.arange(20.0) - 8
    assert signs_flipped([short, long]) == [signs_flipped([short])[0], signs_flipped([long])[0]]
    # Worked by hand: of the sixteen patterns of 1, 2, 0.5 and 3, 5.5 or more is reached by two
    # (all, and all but the half) and by their mirror images.
    assert signs_flipped([short])[0] == 4 / 16


def test_holms_correction_is_that_of_statsmodels() -> None:
    dice = np.random.default_rng(2)
    for n in (1, 2, 8, 17):
        ps = (dice.random(n) ** 3).tolist()
        assert holm(ps) == pytest.approx(multipletests(ps, method="holm")[1])
    assert holm([0.01, 0.04, 0.03, 0.01]) == [0.04, 0.06, 0.06, 0.04]


SESSIONS, WINDOW = 5500, 37  # 22 years; the length of the move looked for
MOVE, LEAD = 6.75, 5.78


def walk(seed: int, lift: float = 0.0) -> list[Outcome]:
    """What followed the moves over 37 sessions of a random walk beside another.

    After each of them the walk rises by `lift` percent more than chance has it, over 63 sessions.
    """
    dice = np.random.default_rng(seed)
    shared, alone = dice.standard_normal((2, SESSIONS))
    other = 0.0003 + 0.011 * shared
    own = 0.0003 + 0.013 * (0.85 * shared + 0.53 * alone)
    days = pd.bdate_range("1988-01-04", periods=SESSIONS)
    past = History(days, np.exp(np.cumsum(own)), np.exp(np.cumsum(other)))
    event = present(past, "move", WINDOW, move=MOVE, lead=LEAD)
    rows = found(past, event)
    if lift:
        drift = np.zeros(SESSIONS)
        for row in rows:
            drift[row + 1 : row + 1 + MAIN] = np.log1p(lift / 100) / MAIN
        past = History(days, past.own * np.exp(np.cumsum(drift)), past.other)
    return [outcome(past, rows, event, horizon) for horizon in HORIZONS]


def test_random_walks_have_no_effect_in_19_of_20() -> None:
    told = [told_apart(walk(seed)) for seed in range(200)]
    assert sum(t["looks"].value == 8 for t in told) >= 190
    assert sum(t["distinguishable"].value > 0 for t in told) <= 10  # type: ignore[operator]


def test_a_planted_effect_is_found() -> None:
    told = [told_apart(walk(seed, lift=6.0)) for seed in range(10)]
    found_in = sum(t[f"relative_distinguishable_{MAIN}"].value == 1 for t in told)
    assert found_in >= 9, found_in

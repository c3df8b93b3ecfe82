"""`outlook`: the price rows, the odds at month ends and their score, worked apart from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import CircularBlockBootstrap
from conftest import needs_real_tape
from market_toys import Corrupt, Toys, series, value

from qa.domain import Metric
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.catalog import compute
from qa.market.folder import FolderSource
from qa.market.price_rows import Beside, read_rows, scores
from qa.market.prices import Prices
from qa.market.tape import Tape
from qa.market.track_record import Record, month_ends, record, skill

FRIDAY = date(2026, 1, 23)
SESSIONS = 260


def rising(last: float = 0.0) -> Prices:
    """A point a session from 1,000 on; `last` is added to the last close."""
    closes = [1000.0 + n for n in range(SESSIONS)]
    closes[-1] += last
    return series(closes, first="2024-07-01")


def flat(symbol: str = "^GSPC", level: float = 100.0) -> Prices:
    return series([level + 0.01 * (n % 2) for n in range(SESSIONS)], symbol, first="2024-07-01")


def last(own: Prices, **beside: Any) -> dict[str, float]:
    return dict(read_rows(own, Beside(**beside)).directions.iloc[-1].dropna())


def test_rows_worked_by_hand() -> None:
    # The close of 1,259 against means of the last n, 1,259 - (n - 1) / 2: above each, and 8.6%
    # above that of 200. Over 63 sessions 63 points on 1,196 is 5.27%, and the other did nothing.
    ways = last(rising(), benchmark=flat())
    assert ways == {"trend": 1, "relative strength": 1, "stretch": 0, "volatility": 0}
    read = read_rows(rising(), Beside(benchmark=flat())).values.iloc[-1]
    assert read["distance_200"] == pytest.approx((1259 / 1159.5 - 1) * 100)
    # An odd number of sessions apart: 100.01 over 100.00, or the other way round.
    assert read["lead_63"] == pytest.approx((1259 / 1196 - 1) * 100 - 0.01, abs=0.021)


def test_far_above_or_below_its_average_is_a_stretch() -> None:
    assert last(rising(100))["stretch"] == -1  # 1,359 / 1,160 is 17% above
    below = last(rising(-300))  # 959 / 1,158: 17% below, and below every average
    assert (below["stretch"], below["trend"]) == (1, -1)


def test_rates_credit_and_breadth_read_what_stands_beside() -> None:
    up = series([4.0] * (SESSIONS - 63) + [4.5] * 63, "^TNX", first="2024-07-01")
    high = series([80.0] * (SESSIONS - 1) + [81.0], "HYG", first="2024-07-01")
    ways = last(
        rising(),
        ten_year=up,
        high_yield=high,
        investment_grade=flat("LQD"),
        sectors=tuple(rising() if n < 8 else flat(f"X{n}") for n in range(11)),
    )
    # Fifty basis points in 63 sessions; a ratio above its mean.
    assert (ways["rates"], ways["credit"]) == (-1, 1)


def test_two_thirds_of_the_sectors_decide_breadth() -> None:
    def sectors(up: int) -> tuple[Prices, ...]:
        falling = [2000.0 - n for n in range(SESSIONS)]
        rise = [
            series(rising().frame["close"].tolist(), f"U{n}", first="2024-07-01") for n in range(up)
        ]
        fall = [series(falling, f"D{n}", first="2024-07-01") for n in range(up, 9)]
        return (*rise, *fall)

    assert [last(rising(), sectors=sectors(n))["breadth"] for n in (6, 5, 4, 3)] == [1, 0, 0, -1]


def test_the_score_is_the_weighted_mean_of_what_could_be_read() -> None:
    read = read_rows(rising(100), Beside(benchmark=flat()))
    # trend +0.5, relative strength +0.5, stretch -1; volatility: one jump of 8% in 21 sessions.
    ways = dict(read.directions.iloc[-1].dropna())
    assert ways == {"trend": 1, "relative strength": 1, "stretch": -1, "volatility": -1}
    assert scores(read.directions).iloc[-1] == pytest.approx((0.5 + 0.5 - 1 - 0.5) / 2.5)


def test_month_ends_are_last_sessions_of_months_that_are_over() -> None:
    days = pd.bdate_range("2025-10-27", "2025-12-30")
    ends = [days[row].date() for row in month_ends(days)]
    assert ends == [date(2025, 10, 31), date(2025, 11, 28)]
    whole = pd.bdate_range("2025-10-27", "2025-12-31")
    assert whole[month_ends(whole)[-1]].date() == date(2025, 12, 31)


def walked(score: pd.Series, ahead: np.ndarray) -> Iterator[tuple[float, float, float]]:
    """Chance, base rate and outcome of every month end, the slow way: one after the other."""
    days = pd.DatetimeIndex(score.index)
    ends = [row for row in month_ends(days) if score.iloc[row] == score.iloc[row]]

    def label(row: int) -> str:
        return "high" if score.iloc[row] >= 0.5 else "low" if score.iloc[row] < -0.2 else "between"

    for row in ends:
        over = [e for e in ends if e + 63 <= row]
        if len(over) < 24:
            continue
        base = sum(ahead[e] > 0 for e in over) / len(over)
        like = [e for e in over if label(e) == label(row)]
        chance = (24 * base + sum(ahead[e] > 0 for e in like)) / (24 + len(like))
        if ahead[row] == ahead[row]:
            yield chance, base, float(ahead[row] > 0)


def drawn(seed: int, years: int = 30) -> tuple[pd.Series, np.ndarray]:
    """A score that changes by the quarter, and what followed, with its last 63 not yet known."""
    dice = np.random.default_rng(seed)
    days = pd.bdate_range("1990-01-01", periods=252 * years)
    score = pd.Series(np.repeat(dice.uniform(-1, 1, len(days) // 60 + 1), 60)[: len(days)], days)
    ahead = dice.normal(0, 5, len(days))
    ahead[-63:] = np.nan
    return score, ahead


def test_odds_at_every_month_end_are_those_of_a_walk() -> None:
    score, ahead = drawn(1)
    kept = record(score, ahead)
    known = ~np.isnan(kept.chances) & ~np.isnan(kept.outcomes)
    found = list(zip(kept.chances[known], kept.bases[known], kept.outcomes[known], strict=True))
    assert len(found) > 300
    assert found == [pytest.approx(row) for row in walked(score, ahead)]


def test_skill_is_that_of_the_squared_distances_and_its_interval_that_of_arch() -> None:
    score, ahead = drawn(2)
    ahead += np.where(np.isnan(ahead), 0, 4 * np.sign(score.to_numpy()))  # planted
    kept = record(score, ahead)
    made = skill(kept)
    assert made is not None
    scored = kept.scored
    own = (kept.chances[scored] - kept.outcomes[scored]) ** 2
    base = (kept.bases[scored] - kept.outcomes[scored]) ** 2
    assert made.value == pytest.approx((1 - own.mean() / base.mean()) * 100)
    other = CircularBlockBootstrap(12, own, base, seed=5)
    low, high = other.conf_int(
        lambda a, b: (1 - a.mean() / b.mean()) * 100, reps=999, method="percentile"
    ).ravel()
    assert (made.low, made.high) == pytest.approx((low, high), abs=0.15 * (high - low))
    assert made.measurable


def test_no_edge_is_found_where_there_is_none() -> None:
    found = [skill(record(*drawn(seed))) for seed in range(100, 160)]
    assert sum(s is not None and s.measurable for s in found) <= 3


def test_a_record_since_1995_leaves_out_what_came_before() -> None:
    score, ahead = drawn(3)
    kept = record(score, ahead)
    assert isinstance(kept, Record)
    assert kept.days[kept.scored].min() >= pd.Timestamp("1995-01-01")


def test_yields_and_short_histories_are_refused() -> None:
    tape = Tape(Toys(flat("^TNX"), series([100.0] * 15, "IWM")), FRIDAY)
    with pytest.raises(NotAvailable, match="no price"):
        compute(tape, "outlook", {"symbol": "^TNX"})
    with pytest.raises(NotEnoughHistory, match="15 sessions"):
        compute(tape, "outlook", {"symbol": "IWM"})


@pytest.mark.parametrize("sessions", [20, 21, 30, 64, 90, 300])
def test_a_short_history_has_rows_and_no_odds(sessions: int) -> None:
    closes = [100.0 + n for n in range(sessions)]
    tape = Tape(Toys(series(closes, "IWM", first="2024-07-01")), FRIDAY)
    m = compute(tape, "outlook", {"symbol": "IWM"})
    assert value(m, "way_trend") == 1
    assert "chance_up" not in m.figures
    assert any("too few month ends" in note for note in m.notes)


@needs_real_tape
def test_the_russell_reads_as_worked_from_its_closes(real_tape: Tape) -> None:
    m = compute(real_tape, "outlook", {"symbol": "^RUT"})
    closes = real_tape.history("^RUT").frame["close"]
    other = real_tape.history("^GSPC").frame["close"]
    lead = closes.iloc[-1] / closes.iloc[-64] - other.iloc[-1] / other.iloc[-64]
    assert value(m, "lead_63") == pytest.approx(lead * 100)
    assert value(m, "distance_200") == pytest.approx(
        (closes.iloc[-1] / closes[-200:].mean() - 1) * 100
    )
    assert value(m, "chance_up") == pytest.approx(63, abs=1)
    assert (value(m, "edge_up"), value(m, "edge_ahead")) == (0, 0)
    assert any("no measurable edge over the base rate" in note for note in m.notes)


@needs_real_tape
def test_what_came_later_changes_no_byte(real_tape: Tape) -> None:
    source = real_tape.source
    assert isinstance(source, FolderSource)
    day = date(2009, 3, 6)

    def read(tape: Tape) -> Metric:
        return compute(tape, "outlook", {"symbol": "^RUT"})

    whole, spoilt = read(Tape(source, day)), read(Tape(Corrupt(source, day), day))
    assert whole.model_dump_json() == spoilt.model_dump_json()

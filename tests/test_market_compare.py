"""`compare`: two instruments over a window, worked by hand and against numpy."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from conftest import needs_real_tape
from market_toys import series

from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.compare import compare
from qa.market.prices import Prices

# Sixteen sessions from Monday 2025-07-07. Returns of the first: ten of +1, then -1, then four of
# +1 (in percent of the day before, by construction); the second stands still.
STEPS = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, 1, 1, 1, 1]


def walk(steps):
    level, closes = 100.0, []
    for step in steps:
        level *= 1 + step / 100
        closes.append(level)
    return closes


@pytest.fixture
def pair():
    return series(walk(STEPS)), series([50.0] * len(STEPS), symbol="^GSPC")


def asked(pair, start, end):
    return compare(*pair, start=start, end=end, as_of=end)


def test_the_longest_run_that_ends_in_the_window_and_the_one_before(pair):
    own = pair[0].frame.index
    start, end = own[11].date(), own[-1].date()
    with pytest.raises(NotEnoughHistory, match="a comparison needs 10"):
        asked(pair, start, end)  # five sessions are too few for a beta
    m = asked(pair, own[1].date(), end)
    figures = {name: figure.value for name, figure in m.figures.items()}
    assert figures["streak"] == 10
    assert (figures["streak_start"], figures["streak_end"]) == (own[1].date(), own[10].date())
    assert "longer_streak" not in figures
    # fourteen returns inside the window: the first session's is not among them
    assert (figures["days"], figures["days_ahead"]) == (14, 13)


def test_an_earlier_run_of_the_same_length_counts():
    steps = [0, 1, 1, -1, *([0, 0] * 5), 1, 1, -1, 0]
    pair = series(walk(steps)), series([50.0] * len(steps), symbol="^GSPC")
    days = pair[0].frame.index
    m = asked(pair, days[4].date(), days[-1].date())
    assert m.figures["streak"].value == 2
    assert m.figures["longer_streak"].value == 2
    assert m.figures["longer_streak_end"].value == days[2].date()


def test_a_standing_still_is_no_day_ahead():
    flat = series([50.0] * 15)
    m = asked((flat, flat.__class__(**{**vars_of(flat), "symbol": "^GSPC"})), *ends(flat))
    assert m.figures["streak"].value == 0
    assert m.figures["days_ahead"].value == 0
    assert "beta" not in m.figures  # nothing moved: there is no beta, rather than a NaN


def test_ratio_change_and_relative_return_are_two_things(pair):
    days = pair[0].frame.index
    m = asked(pair, days[1].date(), days[-1].date())
    total = (1.01**14 * 0.99 - 1) * 100
    assert m.figures["relative_return"].value == pytest.approx(total)
    assert m.figures["relative_return"].unit == "percentage_points"
    assert m.figures["ratio_change"].value == pytest.approx(total)  # the second stood still
    assert m.figures["ratio_change"].unit == "percent"


def test_beta_and_correlation_agree_with_numpy():
    rng = np.random.Generator(np.random.PCG64(7))
    days = pd.bdate_range("2025-07-07", periods=60)
    a, b = (100 * np.exp(np.cumsum(rng.standard_normal(60) / 100)) for _ in range(2))
    one, two = (
        Prices(s, pd.DataFrame({"close": c}, index=days), "a toy", datetime(2026, 1, 1, tzinfo=UTC))
        for s, c in (("^RUT", a), ("^GSPC", b))
    )
    m = compare(
        one, two, start=days[0].date(), end=days[-1].date(), as_of=date(2026, 1, 1), basis="close"
    )
    ra, rb = a[1:] / a[:-1] - 1, b[1:] / b[:-1] - 1
    assert m.figures["beta"].value == pytest.approx(np.cov(ra, rb)[0, 1] / rb.var(ddof=1), rel=1e-9)
    assert m.figures["correlation"].value == pytest.approx(np.corrcoef(ra, rb)[0, 1], rel=1e-9)


def test_a_yield_is_refused(pair):
    bill = series([4.0] * 16, symbol="^TNX")
    with pytest.raises(NotAvailable, match="yield"):
        asked((pair[0], bill), *ends(pair[0]))


@needs_real_tape
def test_the_longest_run_since_1996(real_tape):
    m = compare(
        real_tape.history("^RUT"),
        real_tape.history("^GSPC"),
        start=date(2025, 12, 1),
        end=date(2026, 1, 23),
        as_of=date(2026, 1, 23),
    )
    figures = {name: figure.value for name, figure in m.figures.items()}
    assert (figures["streak"], figures["streak_end"]) == (14, date(2026, 1, 22))
    assert (figures["longer_streak"], figures["longer_streak_end"]) == (16, date(1996, 5, 7))


def ends(prices):
    return prices.frame.index[1].date(), prices.frame.index[-1].date()


def vars_of(prices):
    return {name: getattr(prices, name) for name in prices.__dataclass_fields__}

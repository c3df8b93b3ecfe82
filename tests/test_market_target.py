"""A price target against the close, and the level that a claimed upside fits."""

from __future__ import annotations

from datetime import date

import pytest
from market_toys import series, value, when

from qa.domain import Metric
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.target import target

DAYS = "2025-11-28 2025-12-30 2025-12-31 2026-01-05 2026-01-06 2026-01-07 2026-01-08".split()
CLOSES = [70.0, 75.0, 80.0, 90.0, 96.0, 99.0, 100.0]
# A target of 120 is over each: +71.4 %, +60 %, +50 %, +33.3 %, +25 %, +21.2 %, +20 %.
PRICES = series(CLOSES, days=DAYS)


def ask(claimed: float | None = None, said_on: str | None = None, on: str | None = None) -> Metric:
    return target(
        PRICES,
        target=120.0,
        claimed=claimed,
        as_of=date(2026, 1, 8),
        on=date.fromisoformat(on) if on else None,
        said_on=date.fromisoformat(said_on) if said_on else None,
    )


def test_the_upside_from_the_close_and_from_the_end_of_the_year() -> None:
    m = ask()
    assert value(m, "upside") == pytest.approx(20)
    assert (value(m, "close"), when(m, "session")) == (100, "2026-01-08")
    assert value(m, "upside_from_year_end") == pytest.approx(50)
    assert (value(m, "year_end_level"), when(m, "year_end_date")) == (80, "2025-12-31")
    assert not {"claimed", "gap", "fits_date"} & set(m.figures)


def test_a_gap_is_the_claim_less_the_upside_in_percentage_points() -> None:
    assert value(ask(claimed=14), "gap") == pytest.approx(-6)
    assert value(ask(claimed=27), "gap") == pytest.approx(7)
    assert ask(claimed=14).figures["gap"].unit == "percentage_points"


@pytest.mark.parametrize(
    ("claimed", "said_on", "fits", "level"),
    [
        (20, None, "2026-01-08", 100),  # this close
        (21, None, "2026-01-07", 99),  # the one before: 21.2 rounds to 21
        (50, None, "2025-12-31", 80),  # the end of the year, and of the month
        (50.4, None, "2025-12-31", 80),
        (25, "2026-01-06", "2026-01-06", 96),  # the day it was published
        (33, "2026-01-06", "2026-01-05", 90),  # the session before
        (33, "2026-01-05", "2026-01-05", 90),
        (50, "2026-01-04", "2025-12-31", 80),  # published on a Sunday
        (20, "2026-02-01", "2026-01-08", 100),  # published later: no later price is there
    ],
)
def test_a_claim_fits_the_nearest_level(
    claimed: float, said_on: str | None, fits: str, level: float
) -> None:
    m = ask(claimed, said_on)
    assert when(m, "fits_date") == fits
    assert value(m, "fits_level") == level
    assert value(m, "fits_upside") == pytest.approx((120 / level - 1) * 100)
    assert m.notes == ()


@pytest.mark.parametrize(
    ("claimed", "said_on"),
    [
        (14, None),
        (-20, None),  # the sign counts
        (49.4, None),  # more than half a point off
        (19.4, None),
        (25, None),  # would fit 2026-01-06, of which nobody spoke
        (71, None),  # would fit November
        (60, "2026-01-06"),
        (71, "2025-11-01"),  # published before the data
    ],
)
def test_a_claim_that_fits_none(claimed: float, said_on: str | None) -> None:
    m = ask(claimed, said_on)
    assert not {"fits_date", "fits_level", "fits_upside"} & set(m.figures)
    assert len(m.notes) == 1
    assert "levels tried" in m.notes[0]


def test_the_end_of_the_month_before_is_tried() -> None:
    days = ["2025-12-31", "2026-01-30", "2026-02-02", "2026-02-03", "2026-02-04"]
    prices = series([80, 60, 70, 99, 100], days=days)
    m = target(prices, target=120.0, claimed=100.0, as_of=date(2026, 2, 4))
    assert when(m, "fits_date") == "2026-01-30"


def test_the_first_of_the_month_is_not_the_month_before() -> None:
    days = ["2025-11-28", "2025-12-01", "2025-12-02", "2025-12-03"]
    prices = series([60, 70, 99, 100], days=days)
    m = target(prices, target=120.0, claimed=100.0, as_of=date(2025, 12, 3))
    assert when(m, "fits_date") == "2025-11-28"


def test_an_earlier_day_uses_nothing_later() -> None:
    m = ask(claimed=20, on="2026-01-06")
    assert value(m, "close") == 96
    assert value(m, "upside") == pytest.approx(25)
    assert "fits_date" not in m.figures  # 100 came later
    sunday = ask(on="2026-01-04")
    assert when(sunday, "session") == "2025-12-31"
    assert "year_end_level" not in sunday.figures  # no close of 2024 is held
    assert "2026-01-04 is a Sunday" in sunday.notes[0]


def test_a_history_of_one_year_has_no_end_of_the_year_before() -> None:
    m = target(series([80, 100]), target=120.0, claimed=50.0, as_of=date(2025, 7, 8))
    assert "upside_from_year_end" not in m.figures
    assert value(m, "fits_level") == 80
    one = target(series([100]), target=120.0, claimed=20.0, as_of=date(2025, 7, 7))
    assert value(one, "fits_level") == 100


@pytest.mark.parametrize("level", [9.99, 1000.01, float("nan"), float("inf")])
def test_a_target_of_something_else_is_refused(level: float) -> None:
    with pytest.raises(NotAvailable, match="can't be a target for the Russell 2000"):
        target(PRICES, target=level, as_of=date(2026, 1, 8))


@pytest.mark.parametrize("level", [10.0, 1000.0])
def test_a_tenth_and_ten_times_are_the_farthest(level: float) -> None:
    m = target(PRICES, target=level, as_of=date(2026, 1, 8))
    assert value(m, "upside") == pytest.approx(level - 100)


def test_a_yield_has_no_upside() -> None:
    with pytest.raises(NotAvailable, match="is a yield"):
        target(series([4.0, 4.2], "^TNX"), target=5.0, as_of=date(2026, 1, 8))


def test_before_the_data() -> None:
    with pytest.raises(NotEnoughHistory, match="from 2025-11-28 only, not on 2025-11-27"):
        ask(on="2025-11-27")


@pytest.mark.parametrize(
    ("stated", "decimals", "words"),
    [(120.0, 0, "of 120 over"), (120.5, 1, "of 120.5 over"), (120.25, 2, "of 120.25 over")],
)
def test_a_stated_number_is_shown_as_stated(stated: float, decimals: int, words: str) -> None:
    m = target(PRICES, target=stated, claimed=stated - 100, as_of=date(2026, 1, 8))
    assert m.figures["target"].decimals == m.figures["claimed"].decimals == decimals
    assert words in m.definition

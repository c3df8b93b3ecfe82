"""Right digits of something else: another quantity, length, basis, day, instrument or source."""

from __future__ import annotations

import re
from datetime import date

import pytest
from evidence import figure, ledger, metric, passage

from qa.checking.verify import Checked, verify_claim
from qa.domain import DraftClaim, Ledger

RANGE = metric(
    ("^RUT",),
    {
        "session": figure(date(2026, 1, 23), "date", 0),
        "close": figure(2669.16, "price"),
        "previous_close": figure(2718.77, "price"),
        "day_change": figure(-1.82, "percent"),
        "average_20": figure(2601.58, "price"),
        "distance_20": figure(2.60, "percent"),
        "average_50": figure(2524.37, "price"),
        "distance_50": figure(5.74, "percent"),
        "low_52w": figure(1732.99, "price"),
        "low_52w_date": figure(date(2025, 4, 9), "date", 0),
        "high_52w": figure(2735.10, "price"),
        "high_52w_date": figure(date(2026, 1, 22), "date", 0),
        "close_high_52w": figure(2718.77, "price"),
        "from_high_52w": figure(-2.41, "percent"),
        "position_52w": figure(93.42, "percent"),
    },
    "technicals",
)
MOVE = metric(
    ("^RUT", "^GSPC"),
    {
        "return": figure(6.75, "percent"),
        "return_from_open": figure(7.53, "percent"),
        "return_from_close": figure(8.10, "percent"),
        "return_benchmark": figure(0.97, "percent"),
        "relative_return": figure(5.78, "percentage_points"),
        "volatility": figure(0.98, "percent"),
        "volatility_population": figure(0.96, "percent"),
        "volatility_benchmark": figure(0.63, "percent"),
        "max_drawdown": figure(-4.20, "percent"),
        "start_date": figure(date(2025, 11, 28), "date", 0),
        "end_date": figure(date(2026, 1, 23), "date", 0),
    },
)
SECTORS = metric(
    ("XLB", "XLE", "XLU"),
    {
        "session": figure(date(2026, 1, 23), "date", 0),
        "sectors": figure(11.0, "count", 0),
        "up_day": figure(7.0, "count", 0),
        "up_period": figure(8.0, "count", 0),
        "XLB_day": figure(0.91, "percent"),
        "XLB_period": figure(12.37, "percent"),
        "XLE_day": figure(0.57, "percent"),
        "XLU_period": figure(-6.08, "percent"),
    },
    "sectors",
)
RUN = metric(
    ("^RUT", "^GSPC"),
    {
        "streak": figure(14.0, "sessions", 0),
        "streak_start": figure(date(2026, 1, 2), "date", 0),
        "streak_end": figure(date(2026, 1, 22), "date", 0),
    },
    "compare",
)
NOTE = passage(
    "We raise our target for the Russell 2000 to 2,825, 14% above its level.", "Eve Lane"
)


def book() -> Ledger:
    """m1 the levels of a day, m2 a window beside a benchmark, m3 the sectors; p1 a note."""
    made = Ledger()
    for item in (RANGE, MOVE, SECTORS, NOTE):
        made.add(item)
    return made


def check(text: str) -> Checked:
    return verify_claim(DraftClaim(section="summary", text=text), book())


TRUE = [
    "It is 2.60% above its 20-day average of 2,601.58 [m1].",
    "The Russell 2000, at 2,669.16, is 5.74% above its 50-day average of 2,524.37 [m1].",
    "It closed at 2,669.16 on 2026-01-23, down 1.82% on the day [m1].",
    "It closed at 2,669.16 (-1.82%) on 2026-01-23 [m1].",
    "It fell to 2,669.16, from a previous close of 2,718.77 [m1].",
    "It slipped back to 2,669.16, down 1.82% on the day [m1].",
    "Its 52-week range is 1,732.99 (2025-04-09) to 2,735.10 (2026-01-22) [m1].",
    "The close stands at 93% of its range, 2.41% below the high [m1].",
    "The highest close was 2,718.77, after a previous close of 2,718.77 [m1].",
    "The Russell 2000 gained 6.75% from the close of 2025-11-28 to the close of 2026-01-23 [m2].",
    "It gained 7.53% from the open of 2025-12-01 and 8.10% close to close [m2].",
    "The Russell 2000 gained 6.75%, against 0.97% for the S&P 500: 5.78 points ahead [m2].",
    "Its daily volatility was 0.98% (population 0.96%), its deepest drawdown 4.20% [m2].",
    "On 2026-01-23 7 of 11 sectors rose, materials (XLB) by 0.91% and energy by 0.57% [m3].",
    "Over the window 8 of 11 sectors rose; utilities (XLU) lost 6.08% [m3].",
    "Eve Lane sees 2,825 as the target for the Russell 2000 [p1].",
]


@pytest.mark.parametrize("text", TRUE)
def test_a_figure_with_the_words_for_it_holds(text: str) -> None:
    checked = check(text)
    assert checked.holds, [c.reason for c in checked.checks if not c.holds]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It is 5.74% above its 20-day average [m1].", "speak of 20 days"),
        ("It is 2.60% above its 50-day average [m1].", "speak of 50 days"),
        ("Its 50-day average is 2,601.58 [m1].", "speak of 50 days"),
        ("It closed at 2,601.58 [m1].", "the words name"),
        ("It fell to 2,601.58 [m1].", "the words name"),
        ("Its 52-week range is 1,732.99 (2025-04-09) to 2,669.16 [m1].", "the words name"),
        ("Its 20-day average is 2,669.16 [m1].", "the words name"),
        ("It closed at 2,735.10 [m1].", "prices? within the day|speak of closes"),
        ("The highest close was 2,735.10 [m1].", "speak of closes"),
        ("The close stands at 93% of its day, 5.74% below the high [m1].", "the words name"),
        ("It fell 2.41% on the day [m1].", "the words name"),
        ("It gained 0.98% [m2].", "the words name"),
        ("Its daily volatility was 6.75% [m2].", "the words name"),
        ("Its weekly volatility was 0.98% [m2].", "weekly"),
        ("Its volatility was 0.96% (population 0.96%) [m2].", "sample"),
        ("Its volatility was 0.98% (population 0.98%) [m2].", "population"),
        ("It gained 6.75% from the open of 2025-12-01 [m2].", "from the open"),
        ("It gained 7.53% from the close of 2025-11-28 [m2].", "from the close"),
        ("It gained 7.53% from the open of 2025-11-28 [m2].", "from the open of 2025-11-28"),
        ("Over the window materials (XLB) gained 0.91% [m3].", "speak of the period"),
        ("Over the window 7 of 11 sectors rose [m3].", "speak of the period"),
        ("Materials (XLB) gained 0.91% in the month [m3].", "speak of a month"),
        ("Over the window 11 of 8 sectors rose [m3].", "the words name"),
    ],
)
def test_the_right_digits_of_something_else_are_told_apart(text: str, reason: str) -> None:
    failed = [c for c in check(text).checks if not c.holds]
    assert failed
    assert all(c.kind == "figure" for c in failed)
    assert re.search(reason, failed[0].reason), failed[0].reason


def test_a_wrong_figure_names_the_one_that_is_meant() -> None:
    (failed,) = [c for c in check("Its 50-day average is 2,601.58 [m1].").checks if not c.holds]
    assert failed.expected == "2,524.37 (m1.average_50)"
    assert failed.found == "2,601.58"


@pytest.mark.parametrize(
    "text",
    [
        "It closed at 2,669.16 on 2026-01-22 [m1].",
        "The high of 2,735.10 came on 2025-04-09 [m1].",
        "The Russell 2000 gained 6.75% from the close of 2025-11-25 [m2].",
        "It gained 6.75% from the close of 2026-01-23 to the close of 2025-11-28 [m2].",
        "Eve Lane sees a target of 2,825 (2026-01-22) [p1].",
    ],
)
def test_a_day_of_something_else_is_caught(text: str) -> None:
    failed = [c for c in check(text).checks if not c.holds]
    assert [c.kind for c in failed] == ["calendar"] * len(failed)
    assert failed


@pytest.mark.parametrize(
    ("days", "holds"),
    [
        ("from 2026-01-02 to 2026-01-22", True),
        ("from 2026-01-22", False),
        ("to 2026-01-02", False),
        ("from 2025-12-01 to 2026-01-22", False),
    ],
)
def test_a_run_has_a_first_and_a_last_day_of_its_own(days: str, holds: bool) -> None:
    made = Ledger()
    made.add(RUN)
    text = f"It had the better day on 14 sessions in a row, {days} [m1]."
    checked = verify_claim(DraftClaim(section="summary", text=text), made)
    assert checked.holds is holds, [c.reason for c in checked.checks]


def test_where_an_instrument_went_is_its_own_level() -> None:
    def failed(name: str) -> list[str]:
        text = f"The {name} went all the way to 2,669.16."
        claim = DraftClaim(section="summary", text=text, evidence=("m1", "m2"))
        return [c.found for c in verify_claim(claim, book()).checks if not c.holds]

    assert failed("Russell 2000") == []
    assert failed("S&P 500") == ["2,669.16"]


def test_a_length_that_no_evidence_speaks_of_is_caught() -> None:
    failed = [c for c in check("It trades above its 100-day average [m1].").checks if not c.holds]
    assert [(c.kind, c.found) for c in failed] == [("figure", "100-day")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The S&P 500 gained 6.75% [m2].", "no evidence|speak of the S&P 500"),
        ("The Russell 2000 gained 6.75% against 0.97% for the Dow [m2].", "Dow"),
        ("The Russell 2000 gained 6.75%, ahead of the Nasdaq [m2].", "says nothing of the Nasdaq"),
        ("Over the window utilities (XLB) gained 12.37% [m3].", "not utilities"),
        ("Over the window energy gained 12.37% [m3].", "energy"),
    ],
)
def test_another_instrument_is_caught(text: str, reason: str) -> None:
    failed = [c for c in check(text).checks if not c.holds]
    assert failed
    assert any(re.search(reason, c.reason) for c in failed), [c.reason for c in failed]


def test_a_mark_behind_figures_that_its_source_lacks_is_caught() -> None:
    failed = [c for c in check("The Russell 2000 gained 6.75% [m2] [m1].").checks if not c.holds]
    assert [(c.kind, c.found) for c in failed] == [("citation", "[m1]")]
    assert check("Eve Lane expects more after a gain of 6.75% [p1] [m2].").holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("It gained {m2.return} against {m2.return_benchmark}, 5.8 points more [m2].", True),
        ("It gained {m2.return} against {m2.return_benchmark}, 5.8 points less [m2].", False),
        ("From {m1.average_50} to {m1.close} it rose 5.7% [m1].", True),
        ("From {m1.average_50} to {m1.close} it fell 5.7% [m1].", False),
        ("It gained {m2.return} against {m2.return_benchmark}, 7 times as much [m2].", True),
        ("It gained {m2.return} against {m2.return_benchmark}, 6 times as much [m2].", False),
        ("It gained {m2.return}; {m2.return_benchmark} was 5.8 points of it [m2].", False),
    ],
)
def test_arithmetic_needs_its_words_and_its_sign(text: str, holds: bool) -> None:
    checked = check(text)
    assert checked.holds is holds, [c.reason for c in checked.checks]
    if holds:
        assert checked.figures[-1].status == "derived"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("The Russell 2000 outpaced the S&P 500 [m2].", True),
        ("The Russell 2000 lagged the S&P 500 [m2].", False),
        ("The S&P 500 trailed the Russell 2000 [m2].", True),
        ("The S&P 500 beat the Russell 2000 [m2].", False),
        ("The Russell 2000 stands above its 20-day average [m1].", True),
        ("The Russell 2000 stands below its 20-day average [m1].", False),
    ],
)
def test_words_of_standing_are_held_against_the_sign(text: str, holds: bool) -> None:
    failed = [(c.kind, c.verdict) for c in check(text).checks if not c.holds]
    assert failed == ([] if holds else [("direction", "contradicted")])


def test_the_slot_of_another_quantity_is_caught_as_well() -> None:
    failed = [c for c in check("It gained {m2.volatility} [m2].").checks if not c.holds]
    assert [(c.kind, c.found) for c in failed] == [("figure", "m2.volatility")]


def test_a_typed_figure_bears_the_value_of_its_metric() -> None:
    typed = verify_claim(DraftClaim(section="summary", text="It gained 6.7% [m1]."), ledger())
    assert [f.value for f in typed.figures] == [6.7453]

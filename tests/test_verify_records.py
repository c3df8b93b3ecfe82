"""Extremes in words ("a record high", "its longest streak since 1996") against figures by hand."""

from __future__ import annotations

from datetime import date

import pytest
from evidence import figure, metric, passage

from qa.checking.verify import Checked, verify_claim
from qa.domain import DraftClaim, Ledger, Metric, Passage

# The last close, of January 23, is 1.82 % below the record close of January 22, and the year's.
LEVELS = metric(
    ("^RUT",),
    {
        "session": figure(date(2026, 1, 23), "date", 0),
        "close": figure(2669.16, "price"),
        "high": figure(2720.04, "price"),
        "low": figure(2662.70, "price"),
        "low_52w": figure(1732.99, "price"),
        "low_52w_date": figure(date(2025, 4, 9), "date", 0),
        "high_52w": figure(2735.10, "price"),
        "high_52w_date": figure(date(2026, 1, 22), "date", 0),
        "close_low_52w": figure(1760.71, "price"),
        "close_low_52w_date": figure(date(2025, 4, 8), "date", 0),
        "close_high_52w": figure(2718.77, "price"),
        "close_high_52w_date": figure(date(2026, 1, 22), "date", 0),
        "from_high_52w": figure(-2.41, "percent"),
        "position_52w": figure(93.42, "percent"),
    },
    "technicals",
)


def fall(current: float, peak: float, when: date) -> Metric:
    figures = {
        "current": figure(current, "percent"),
        "peak": figure(peak, "price"),
        "peak_date": figure(when, "date", 0),
    }
    return metric(("^RUT",), figures, "drawdown")


BELOW = fall(-1.82, 2718.77, date(2026, 1, 22))
AT_IT = fall(0.0, 2669.16, date(2026, 1, 23))
TOP = metric(
    ("^RUT",),
    {
        "close": figure(2718.77, "price"),
        "close_high_52w": figure(2718.77, "price"),
        "close_high_52w_date": figure(date(2026, 1, 22), "date", 0),
    },
    "technicals",
)
STREAK = metric(
    ("^RUT", "^GSPC"),
    {
        "streak": figure(14.0, "sessions", 0),
        "longer_streak": figure(16.0, "sessions", 0),
        "longer_streak_end": figure(date(1996, 5, 7), "date", 0),
    },
    "compare",
)
SAYS_SO = passage("The Russell 2000 hit a record high, its best January since 2019.", "Eve Lane")
SILENT = passage("Small caps look cheap beside large ones.", "Eve Lane")


def check(text: str, *evidence: Metric | Passage) -> Checked:
    book = Ledger()
    keys = tuple(book.add(item) for item in evidence)
    return verify_claim(DraftClaim(section="summary", text=text, evidence=keys), book)


def verdicts(text: str, *evidence: Metric | Passage) -> list[tuple[str, str]]:
    return [(c.kind, c.verdict) for c in check(text, *evidence).checks if not c.holds]


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 is at a record high.",
        "The Russell 2000 closed at a record.",
        "The Russell 2000 set a new all-time high.",
        "The Russell 2000 rallied to fresh record highs.",
        "The Russell 2000 set a record close on January 21, 2026.",
        "The Russell 2000 set a record high in December.",
        "The Russell 2000 has fallen to a record low on January 22, 2026 and is at a record high.",
    ],
)
def test_a_record_that_the_figures_deny_is_contradicted(text: str) -> None:
    assert ("direction", "contradicted") in verdicts(text, BELOW)


@pytest.mark.parametrize("said", ["record", "all-time", "52-week", "one-year"])
@pytest.mark.parametrize("side", ["high", "low"])
def test_a_close_inside_the_range_of_a_year_is_at_no_extreme(said: str, side: str) -> None:
    text = f"The Russell 2000 stands at a {said} {side}."
    assert verdicts(text, LEVELS) == [("direction", "contradicted")]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The Russell 2000 is at a record high.", AT_IT),
        ("In 2026 it set a new all-time high.", AT_IT),
        ("The Russell 2000 hit a record high on January 22, 2026.", BELOW),
        ("The Russell 2000 set a record close in January.", BELOW),
        ("The Russell 2000 hit a 52-week high on 2026-01-22.", LEVELS),
        ("The Russell 2000 hit a 52-week low on 2025-04-09.", LEVELS),
        ("The Russell 2000 is at a 52-week high.", TOP),
        ("It was the longest streak since 1996.", STREAK),
        ("It was the longest streak since 1996-05-07.", STREAK),
    ],
)
def test_an_extreme_that_the_figures_bear_out_holds(text: str, evidence: Metric) -> None:
    assert verdicts(text, evidence) == []


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 is not at a record high.",
        "A record high would need a gain of 1.86%, if it came.",
        "The Russell 2000 may yet reach a record high.",
        "The Russell 2000 fell from its record high of 2,718.77 on 2026-01-22.",
        "The Russell 2000 is 1.82% below its record high.",
    ],
)
def test_words_that_only_refer_to_a_record_claim_none(text: str) -> None:
    failed = verdicts(text.replace(" a gain of 1.86%,", " a gain,"), BELOW)
    assert failed == []


@pytest.mark.parametrize("mark", ["1987", "2008", "1996-05-08"])
def test_a_streak_since_another_day_is_contradicted(mark: str) -> None:
    text = f"It was the longest streak since {mark}."
    assert verdicts(text, STREAK) == [("direction", "contradicted")]


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 is at a record high.",
        "It was its best January since 2019.",
        "It posted its biggest gain ever.",
        "It stands at its highest level in years.",
        "It is the lowest in decades.",
    ],
)
def test_an_extreme_that_nothing_cited_tells_is_unsupported(text: str) -> None:
    assert verdicts(text, STREAK) == [("claim", "unsupported")]
    assert verdicts(text, STREAK, SILENT) == [("claim", "unsupported")]
    assert verdicts(text, STREAK, SAYS_SO) == []


def test_a_year_is_no_proof_of_a_record() -> None:
    assert verdicts("The Russell 2000 is at a record high.", TOP) == [("claim", "unsupported")]


def test_what_a_passage_says_of_a_record_is_still_held_against_the_tape() -> None:
    text = "The Russell 2000 is at a record high, says Eve Lane."
    assert verdicts(text, SAYS_SO) == []
    assert verdicts(text, SAYS_SO, BELOW) == [("direction", "contradicted")]


def test_the_figures_of_another_instrument_say_nothing_of_it() -> None:
    text = "With the S&P 500 at a record high, the Russell 2000 closed at 2,669.16 [m1]."
    both = metric(("^RUT", "^GSPC"), {"return": figure(6.75, "percent")})
    assert ("claim", "unsupported") in verdicts(text, LEVELS, both)


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ("It is 2.41% below its 52-week high.", LEVELS, None),
        ("It is 2.41% below its record high.", None, LEVELS),
        ("It is 2.41% below the all-time high.", None, LEVELS),
        ("It is 1.82% below its record high.", BELOW, None),
        ("It is 1.82% below its 52-week high.", None, BELOW),
        ("The record close of the Russell 2000 was 2,718.77.", BELOW, LEVELS),
        ("It closed at a record high of 2,669.16.", AT_IT, LEVELS),
        ("It closed at a record high of 2,718.77.", BELOW, TOP),
        ("The highest close was 2,718.77.", LEVELS, None),
    ],
)
def test_the_high_of_a_year_is_not_that_of_a_record(
    text: str, own: Metric | None, other: Metric | None
) -> None:
    if own is not None:
        assert verdicts(text, own) == []
    if other is not None:
        assert ("figure", "unsupported") in verdicts(text, other)

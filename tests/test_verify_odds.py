"""Figures of base rates, seasons and odds: each by the words beside it, with evidence by hand."""

from __future__ import annotations

import pytest
from evidence import figure, metric

from qa.checking.verify import verify_claim
from qa.domain import DraftClaim, Ledger, Metric

RATES = metric(
    ("^RUT", "^GSPC"),
    {
        "sessions": figure(37.0, "sessions", 0),
        "n": figure(45.0, "count", 0),
        "horizon": figure(63.0, "sessions", 0),
        "coverage": figure(95.0, "percent", 0),
        "now_move": figure(6.748, "percent"),
        "now_lead": figure(5.78, "percentage_points"),
        "median_21": figure(1.89, "percent"),
        "median_63": figure(2.11, "percent"),
        "mean_63": figure(2.47, "percent"),
        "base_median_63": figure(3.09, "percent"),
        "base_mean_63": figure(2.55, "percent"),
        "share_up_63": figure(58.0, "percent", 0),
        "base_share_up_63": figure(63.0, "percent", 0),
        "relative_share_ahead_63": figure(49.0, "percent", 0),
        "diff_63": figure(-0.08, "percentage_points"),
        "diff_low_63": figure(-3.41, "percentage_points"),
        "diff_high_63": figure(3.24, "percentage_points"),
        "relative_diff_63": figure(0.17, "percentage_points"),
    },
    "base_rates",
    ("The mean differs by -0.08 percentage points, 95% interval -3.41 to +3.24.",),
)
SEASON = metric(
    ("^RUT", "^GSPC"),
    {
        "n": figure(38.0, "count", 0),
        "mean": figure(0.62, "percent"),
        "mean_benchmark": figure(0.67, "percent"),
        "mean_difference": figure(-0.05, "percentage_points"),
        "share_up": figure(53.0, "percent", 0),
        "share_ahead": figure(39.0, "percent", 0),
        "share_ahead_1990s": figure(30.0, "percent", 0),
        "base_mean": figure(0.75, "percent"),
    },
    "seasonality",
)
ODDS = metric(
    ("^RUT", "^GSPC"),
    {
        "horizon": figure(63.0, "sessions", 0),
        "coverage": figure(95.0, "percent", 0),
        "chance_up": figure(62.0, "percent", 0),
        "base_up": figure(65.0, "percent", 0),
        "like": figure(378.0, "count", 0),
        "months": figure(456.0, "count", 0),
        "scored": figure(369.0, "count", 0),
        "chance_ahead": figure(44.0, "percent", 0),
        "base_ahead": figure(45.0, "percent", 0),
        "skill_up": figure(0.4, "percent", 1),
        "skill_low_up": figure(-0.7, "percent", 1),
        "skill_high_up": figure(1.5, "percent", 1),
    },
    "outlook",
)
EPISODES = (
    "The 45 earlier episodes like it (a rise of at least 6.75%, 5.78 percentage points ahead of "
    "the S&P 500, in 37 sessions) were followed by a median of +2.11% over 63 sessions, 58% of "
    "them above zero; any 63 sessions gave +3.09% and 63% [m1]."
)
DIFFERENCE = (
    "The mean of what followed the Russell 2000 then differs from the usual by -0.08 percentage "
    "points, 95% interval -3.41 percentage points to +3.24 percentage points [m1]."
)
JANUARIES = (
    "In 38 Januaries, the Russell 2000 averaged +0.62% against +0.67% for the S&P 500: -0.05 "
    "percentage points, ahead in 39% of them [m1]."
)
CHANCES = (
    "Of month ends that read as prices do now, 378 of 456, the chance that the Russell 2000 is "
    "higher 63 sessions later comes to 62%, beside 65% at any month end; that it is ahead of the "
    "S&P 500, to 44% beside 45% [m1]."
)
SKILL = (
    "For the Russell 2000, over 369 month ends its Brier skill was +0.4%, 95% interval -0.7% to "
    "+1.5% [m1]."
)


def holds(text: str, evidence: Metric) -> bool:
    book = Ledger()
    book.add(evidence)
    return verify_claim(DraftClaim(section="base_rates", text=text), book).holds


@pytest.mark.parametrize(
    ("text", "evidence"),
    [(EPISODES, RATES), (DIFFERENCE, RATES), (JANUARIES, SEASON), (CHANCES, ODDS), (SKILL, ODDS)],
)
def test_each_figure_with_its_words_holds(text: str, evidence: Metric) -> None:
    assert holds(text, evidence)


@pytest.mark.parametrize(
    ("text", "evidence", "old", "new"),
    [
        (EPISODES, RATES, "+2.11%", "+1.89%"),  # over 21 sessions
        (EPISODES, RATES, "+2.11%", "+2.47%"),  # the mean
        (EPISODES, RATES, "+2.11%", "+3.09%"),  # of any session
        (EPISODES, RATES, "gave +3.09%", "gave +2.11%"),
        (EPISODES, RATES, "gave +3.09%", "gave +2.55%"),
        (EPISODES, RATES, "58% of", "63% of"),
        (EPISODES, RATES, "58% of", "49% of"),
        (EPISODES, RATES, "and 63%", "and 58%"),
        (EPISODES, RATES, "above zero", "below zero"),
        (EPISODES, RATES, "over 63 sessions", "over 37 sessions"),
        (EPISODES, RATES, "The 45 earlier", "The 37 earlier"),
        (EPISODES, RATES, "ahead of the S&P 500", "behind the S&P 500"),
        (EPISODES, RATES, "ahead of the S&P 500", "ahead of the Dow"),
        (DIFFERENCE, RATES, "by -0.08", "by 0.08"),
        (DIFFERENCE, RATES, "by -0.08", "by +0.17"),
        (DIFFERENCE, RATES, "interval -3.41", "interval +3.24"),
        (DIFFERENCE, RATES, "to +3.24", "to -3.41"),
        (DIFFERENCE, RATES, "the Russell 2000", "the S&P 500"),
        (JANUARIES, SEASON, "+0.62%", "+0.75%"),
        (JANUARIES, SEASON, "39%", "53%"),
        (JANUARIES, SEASON, "39%", "30%"),  # of the 1990s alone
        (JANUARIES, SEASON, "ahead in", "behind in"),
        (JANUARIES, SEASON, "the Russell 2000", "the S&P 500"),
        (CHANCES, ODDS, "comes to 62%", "comes to 65%"),
        (CHANCES, ODDS, "comes to 62%", "comes to 44%"),
        (CHANCES, ODDS, "comes to 62%", "comes to 95%"),
        (CHANCES, ODDS, "to 44%", "to 62%"),
        (CHANCES, ODDS, "378 of 456", "456 of 378"),
        (CHANCES, ODDS, "is higher", "is lower"),
        (SKILL, ODDS, "+0.4%", "+1.5%"),
        (SKILL, ODDS, "+0.4%", "+95.0%"),
        (SKILL, ODDS, "369", "-369"),
        (SKILL, ODDS, "369", "369,000"),
    ],
)
def test_a_figure_with_another_ones_words_is_caught(
    text: str, evidence: Metric, old: str, new: str
) -> None:
    assert text.count(old) == 1
    assert not holds(text.replace(old, new), evidence)


def test_a_threshold_may_be_as_large_as_it_is_shown() -> None:
    assert holds("Of the 45 episodes each was a rise of at least 6.75% [m1].", RATES)
    assert not holds("Of the 45 episodes each was a rise of at least 6.76% [m1].", RATES)

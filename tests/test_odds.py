"""Base rates, seasons and odds as the answer tells them, beside what commentary says of them."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import needs_real_tape
from evidence import AS_OF, figure, metric, passage

from qa.agent.notebook import Notebook
from qa.agent.odds import disputed_seasons, seasons
from qa.analyst import Analyst
from qa.domain import Answer

QUESTION = "Is the Russell 2000 rally sustainable?"


@pytest.fixture(scope="module")
def answer(real_analyst: Analyst) -> Answer:
    return real_analyst.ask(QUESTION, as_of="2026-02-06")


def told(answer: Answer, *words: str) -> str:
    found = [c.text for c in answer.claims if all(word in c.text for word in words)]
    assert len(found) == 1, found
    return found[0]


@needs_real_tape
def test_what_notes_say_of_seasons_stands_beside_what_the_tape_says(answer: Answer) -> None:
    # 39 Januaries from 1988 to 2026, worked apart from the product: +0.06 points, ahead in 41%.
    january = told(answer, "39 Januaries")
    assert "January effect was working again for small caps in 2026" in january
    assert "+0.06 percentage points, ahead in 41% of them, not distinguishable from none" in january
    # Nine midterm years from 1990 to 2022: -4.2% against +0.8%.
    midterm = told(answer, "9 midterm years")
    assert "-4.17% against +0.81% for the S&P 500" in midterm


@needs_real_tape
def test_episodes_odds_and_their_worth_are_told_and_verified(answer: Answer) -> None:
    assert answer.verified
    assert "earlier episodes like this one (a rise of at least" in told(
        answer, "were followed by a median"
    )
    assert "beside" in told(answer, "Of month ends that read as prices do now")
    assert "no measurable edge over the base rate" in told(answer, "Brier skill")
    rows = {row.name: row for row in answer.scorecard}
    assert rows["base rates"].direction == rows["seasonality"].direction == 0


@needs_real_tape
def test_the_reason_names_the_rows_that_decide(answer: Answer) -> None:
    deciding = [r.name for r in answer.scorecard if r.direction]
    assert (
        f"for it: {', '.join(r.name for r in answer.scorecard if r.direction == 1)}"
        in answer.verdict.why
    )
    assert any(name in answer.verdict.why for name in deciding)


@pytest.mark.parametrize("reported", [False, True])
def test_what_was_reported_of_a_season_before_is_not_reported_again(reported: bool) -> None:
    said = "The January effect helps small caps, says Ann Author."
    told = {
        "n": figure(38.0, "count", 0),
        "mean": figure(0.62, "percent"),
        "mean_benchmark": figure(0.67, "percent"),
        "mean_difference": figure(-0.05, "percentage_points"),
        "share_ahead": figure(39.0, "percent", 0),
    }
    january = metric(("^RUT", "^GSPC"), told, "seasonality")
    january = january.model_copy(update={"definition": "Returns of ^RUT in january."})
    book = Notebook((), AS_OF, (), (("m1", january),), (), (), 1, ())
    before = {said} if reported else set()
    claims = disputed_seasons(book, [("p1", passage(said))], before)
    assert bool(claims) is not reported
    assert before == {said}


def test_a_month_is_looked_at_first_and_january_while_notes_speak_of_it() -> None:
    assert seasons(date(2026, 1, 23)) == ["january", "midterm"]
    assert seasons(date(2025, 12, 5)) == ["december", "january"]
    assert seasons(date(2027, 7, 1)) == ["july"]


@needs_real_tape
def test_a_house_that_is_named_like_an_index_is_no_index(real_analyst: Analyst) -> None:
    answer = real_analyst.ask(
        "Can the Russell 2000 hold its lead over the S&P 500?", as_of="2026-01-19"
    )
    assert any("Nasdaq Dorsey Wright finds" in claim.text for claim in answer.claims)
    assert answer.verified


@needs_real_tape
def test_episodes_of_a_fall_are_told_too(real_analyst: Analyst) -> None:
    answer = real_analyst.ask(QUESTION, as_of="2026-03-06")
    assert answer.verified
    assert "a fall of" in told(answer, "earlier episodes like this one")

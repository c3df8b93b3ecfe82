"""Questions that name a house: what it wrote, what it changed, and that it wrote nothing."""

import pytest


def cited(answer):
    return [e for e in answer.evidence if e.kind == "passage" and e.number is not None]


@pytest.mark.parametrize(
    ("question", "as_of", "firm"),
    [
        ("keith lerner on small caps, what's his take?", "2025-02-03", "Truist"),
        ("What worries BofA about small caps this year?", "2025-01-20", "BofA"),
        ("Per Nasdaq Dorsey Wright, what came after big early leads?", "2026-01-16", "Dorsey"),
        ("MarketMinute on small caps: what changed?", "2026-01-09", "MarketMinute"),
        ("How does David Kelly read the drop in small caps?", "2025-04-01", "J.P. Morgan"),
    ],
)
def test_a_house_that_is_named_is_heard_and_nobody_else(sample_analyst, question, as_of, firm):
    passages = cited(sample_analyst.ask(question, as_of=as_of))
    assert passages
    assert all(firm in (p.firm or "") for p in passages)


def test_what_changed_is_told_from_the_older_view_to_the_newer(sample_analyst):
    answer = sample_analyst.ask(
        "Has Michael Feroli changed his forecast for the Fed?", as_of="2026-01-12"
    )
    days = [p.published for p in cited(answer)]
    assert len(set(days)) >= 2
    assert days == sorted(days)


def test_an_old_view_stands_with_the_new_one_where_the_question_names_a_year(sample_analyst):
    answer = sample_analyst.ask(
        "Bank of America was worried about small caps in January 2025. What is its line now?",
        as_of="2025-12-05",
    )
    assert max(p.published for p in cited(answer)).year == 2025
    assert max(p.published for p in cited(answer)).month == 12


def test_a_target_is_given_back_to_the_house_that_set_it(sample_analyst):
    answer = sample_analyst.ask(
        "When did Lisa Shalett set her 2,825 target for the Russell 2000?", as_of="2026-01-23"
    )
    assert any("DeSanctis (Jefferies)" in claim.text for claim in answer.claims)
    assert any("Lisa Shalett" in line for line in answer.unanswered)


def test_a_house_that_writes_is_no_share_on_the_tape(sample_analyst):
    answer = sample_analyst.ask("What did JPMorgan shares return in 2025?", as_of="2026-01-05")
    assert answer.claims == ()
    assert any("JPMorgan" in line for line in answer.unanswered)


def test_skeptics_stand_among_the_skeptics_with_their_grounds(sample_analyst):
    answer = sample_analyst.ask(
        "Who is skeptical of the small-cap rally, and on what grounds?", as_of="2026-01-23"
    )
    assert {claim.section for claim in answer.claims} == {"skeptics"}
    assert len(answer.claims) > len(cited(answer)) - 1
    assert {p.stance for p in cited(answer)} == {"bearish"}


SINCE_DECEMBER = "How much has the Russell 2000 gained since December 1, 2025?"


@pytest.mark.parametrize(
    ("thread", "as_of", "wanted"),
    [
        # 2669.16 / 2469.13 - 1
        ([SINCE_DECEMBER, "And from close to close?"], "2026-01-23", "8.10%"),
        # 6.748 - 0.971
        (
            [SINCE_DECEMBER, "And the S&P 500?", "So how big is its lead?"],
            "2026-01-23",
            "5.78 percentage points",
        ),
        (
            ["What did the Russell 2000 close at on January 23, 2026?", "And on the 25th?"],
            "2026-01-26",
            "January 25, 2026 was a Sunday",
        ),
    ],
)
def test_a_follow_up_leans_on_what_was_asked_before(real_analyst, thread, as_of, wanted):
    for question in thread:
        answer = real_analyst.ask(question, as_of=as_of, thread=thread[-1])
    assert any(wanted in claim.text for claim in answer.claims)


def test_the_day_of_a_target_is_not_that_of_the_note(sample_analyst):
    question = "What is Jefferies' target for the Russell 2000 at the end of 2026?"
    answer = sample_analyst.ask(question, as_of="2026-01-23")
    assert "2,825" in answer.claims[0].text
    assert any(e.kind == "passage" and e.firm == "Jefferies" and e.number for e in answer.evidence)

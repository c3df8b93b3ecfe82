"""Questions that name a house: what it wrote, what it changed, and that it wrote nothing."""

import pytest

from qa.analyst import Analyst


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


def sentences(answer, section=None):
    return [c.text for c in answer.claims if section in (None, c.section)]


def test_a_house_is_heard_on_the_instrument_that_is_asked_about(sample_analyst):
    answer = sample_analyst.ask(
        "What does Wells Fargo think of technology stocks?", as_of="2025-11-20"
    )
    assert len(answer.claims) == 1
    assert "keeps a preference for technology" in sentences(answer)[0]


def test_a_house_that_has_not_written_on_an_instrument_is_said_not_to_have(sample_analyst):
    answer = sample_analyst.ask("What does Wells Fargo say of utilities?", as_of="2025-11-20")
    assert any("none was found on or before 2025-11-20" in line for line in answer.unanswered)


def test_what_changed_is_told_of_what_is_asked(sample_analyst):
    answer = sample_analyst.ask("Has JPMorgan changed its view on rate cuts?", as_of="2026-01-23")
    told = "\n".join(sentences(answer))
    assert "expects two more Fed rate cuts" in told
    assert "drops his remaining rate cut" in told
    assert "Kelly" not in told  # he writes of margins and recession


@pytest.mark.parametrize(
    "question", ["Who says what about the January effect?", "What do analysts say of midterms?"]
)
def test_who_speaks_of_a_season_is_found_without_an_instrument(sample_analyst, question):
    answer = sample_analyst.ask(question, as_of="2026-02-06")
    word = "January effect" if "January" in question else "midterm"
    assert answer.claims
    assert all(word in text for text in sentences(answer))


def test_those_who_disagree_stand_on_their_sides(sample_analyst):
    answer = sample_analyst.ask(
        "Do Jefferies and Morgan Stanley disagree on small caps?", as_of="2026-01-23"
    )
    bulls, skeptics = (sentences(answer, side) for side in ("bulls", "skeptics"))
    assert any("DeSanctis of Jefferies" in text for text in bulls)
    assert any("Morgan Stanley moves US small caps to overweight" in text for text in bulls)
    assert all("Shalett" in text for text in skeptics)
    assert skeptics


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        # 2861 / 2669.16 - 1, 7700 / 6915.61 - 1, 2825 / 2669.16 - 1
        ("Which house has which target for the Russell 2000?", "2,861 for the Russell 2000 set by"),
        ("Which house has which target for the Russell 2000?", "is 7.2% above"),
        ("Tom Lee on the S&P: target and risk?", "is 11.3% above"),
        ("What would Jefferies' 2,825 imply from here?", "is 5.8% above"),
    ],
)
def test_a_target_is_known_by_other_words(real_analyst, question, wanted):
    answer = real_analyst.ask(question, as_of="2026-01-23")
    assert answer.verified
    assert any(wanted in text for text in sentences(answer))


def test_a_follow_up_on_doubters_hears_doubters_alone(store, tmp_path):
    analyst = Analyst(
        model="offline", market="sample", store=store, threads=tmp_path / "threads.sqlite"
    )
    for question in ("How did small caps do in December 2025?", "And who thinks it won't last?"):
        answer = analyst.ask(question, as_of="2026-01-23", thread="doubters")
    analyst.threads.close()
    assert {p.stance for p in cited(answer)} == {"bearish"}
    assert {c.section for c in answer.claims} == {"skeptics"}


@pytest.mark.parametrize("question", ["What do the bulls say of QQQ?", "Bears on energy?"])
def test_that_nobody_has_written_is_said_without_a_name_that_no_evidence_holds(
    sample_analyst, question
):
    answer = sample_analyst.ask(question, as_of="2026-01-23")
    assert answer.claims or any("was found" in line for line in answer.unanswered)


def test_a_ratio_that_the_source_lacks_is_said_to_be_missing(sample_analyst):
    answer = sample_analyst.ask("What's the trailing PE of QQQ?", as_of="2026-01-23")
    assert "Trailing P/E: the market source has no ratios for the as-of date." in answer.unanswered

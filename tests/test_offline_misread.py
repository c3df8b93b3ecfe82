"""Questions that were once read as something else: what each is answered with now.

Expected figures were worked from the closes named beside them, outside the package.
"""

import pytest
from conftest import needs_real_tape

from qa.agent.intents import intent_of
from qa.agent.lookups import TWO_SIDED
from qa.agent.outside import not_held

pytestmark = needs_real_tape


def told(answer):
    assert answer.verified, [c.reason for c in answer.checks if not c.holds]
    return "\n".join(claim.text for claim in answer.claims)


@pytest.mark.parametrize(
    ("question", "as_of", "wanted"),
    [
        # (4.133 - 3.57) x 100 and (4.163 - 3.547) x 100, ^TNX less ^IRX
        (
            "How steep is the curve from the 13-week bill to the 10-year?",
            "2026-03-06",
            "56.3 basis",
        ),
        (
            "Gap between the 10-year and the 3-month bill when 2025 ended?",
            "2026-01-23",
            "61.6 basis",
        ),
        ("Is the yield curve inverted?", "2026-03-06", "56.3 basis points above"),
        # 2718.77 / 6913.35; 1974.86 / 3756.07
        ("Russell 2000 divided by S&P 500 on January 22, 2026?", "2026-01-23", "was 0.3933"),
        (
            "What was the ratio of small to large caps at the end of 2020?",
            "2026-01-23",
            "was 0.5258",
        ),
        # closes above, and below, the one before
        ("How many days in a row has the Russell 2000 risen?", "2016-11-25", "on 15 sessions"),
        ("How many sessions running has the S&P 500 closed lower?", "2016-11-04", "on 9 sessions"),
        ("Longest winning streak of the S&P 500 in 2025?", "2026-01-23", "were 9 sessions"),
        # first session whose 50-day average is above the 200-day one
        ("When was the S&P 500's last golden cross?", "2026-03-06", "2025-07-01"),
        # Low and Open of the file on those days
        ("On August 5, 2024, what was the low of the Russell 2000?", "2024-08-06", "1,993.27"),
        ("S&P 500 opening level on 16 March 2020?", "2020-03-16", "opened at 2,508.59"),
        # ^RUT 1348.56 (2018-12-31) / 1696.57 (2018-09-28) - 1
        ("Late 2018 was ugly: what did small caps make in Q4 of 2018?", "2019-01-02", "20.51%"),
        # XLK 135.87 / 150.11, from the close of October
        ("XLK has had a poor November: how far is it down?", "2025-11-20", "lost 9.49%"),
        # what money moves into is asked about, against what it leaves: 10.55 - 3.79
        ("How big is the rotation from large into small caps this month?", "2024-07-16", "6.76"),
        # ^RUT 2023.27 on 2025-03-28
        (
            "Oninvest gives a close of 2,023.27 for the Russell 2000 on March 28, 2025. Does that "
            "hold?",
            "2025-04-01",
            "closed at 2,023.27",
        ),
        # 1761.25 / 2442.74 - 1
        ("At the end of 2022, how far were small caps below their record?", "2023-01-03", "27.90%"),
        ("Did the Russell 2000 fall into a correction?", "2026-03-06", "was 7.12% below"),
        # (6845.50 / 2043.94) ^ (1/10) - 1
        (
            "What did the S&P 500 compound at from 2016 to 2025?",
            "2026-01-23",
            "gained 12.85% a year",
        ),
        # the mean of 39 Januaries, by hand from the closes of the months
        (
            "Is there a January effect? By how much did the Russell 2000 lead the S&P 500?",
            "2026-02-02",
            "+0.06 percentage points, ahead in 41%",
        ),
        # the highest close of ^RUT up to then: 2,590.61 on 2025-12-11
        ("On which day of 2025 did the Russell 2000 close above 3,000?", "2026-01-23", "2,590.61"),
    ],
)
def test_a_figure_of_the_tape(real_analyst, question, as_of, wanted):
    assert wanted in told(real_analyst.ask(question, as_of=as_of))


@pytest.mark.parametrize(
    ("thread", "as_of", "wanted"),
    [
        # ^RUT 625.39 / 499.45 - 1; 1974.86 / 1668.47 - 1; ^GSPC 2912.43 / 2584.59 - 1
        (
            ("What did the S&P 500 lose in 2008?", "Small caps the year after?"),
            "2010-01-15",
            "25.22%",
        ),
        (("How did small caps do in 2019?", "And the year after that?"), "2022-01-05", "18.36%"),
        (("S&P 500 in March 2020?", "And the following month?"), "2020-06-01", "gained 12.68%"),
        # ^GSPC 2954.22 / 3225.52 - 1, and the third quarter 3363.00 / 3100.29 - 1
        (("S&P 500 in March 2020?", "And the previous month?"), "2020-06-01", "lost 8.41%"),
        (("S&P 500 in Q1 2020?", "And two quarters later?"), "2021-01-05", "gained 8.47%"),
        # ^GSPC 6913.35 on Thursday 2026-01-22
        (("S&P 500 close on January 23, 2026?", "And the day before?"), "2026-01-23", "6,913.35"),
        # 2825 / 2669.16 - 1; 3126 / 2669.16 - 1
        (
            ("What is Jefferies' target for the Russell 2000?", "How far is that from here?"),
            "2026-01-23",
            "2,825 for the Russell 2000 set by Steven DeSanctis (Jefferies) [1] is 5.8% above",
        ),
        (
            ("Ciana's targets for the Russell 2000?", "How far away is the highest one?"),
            "2026-01-23",
            "3,126 for the Russell 2000 set by Paul Ciana (Bank of America) [1] is 17.1% above",
        ),
    ],
)
def test_a_follow_up_on_the_time_or_the_target_before_it(real_analyst, thread, as_of, wanted):
    name = f"misread-{as_of}-{len(thread[1])}"
    for earlier in thread[:-1]:
        real_analyst.ask(earlier, as_of=as_of, thread=name)
    assert wanted in told(real_analyst.ask(thread[-1], as_of=as_of, thread=name))


def test_why_asks_for_the_reasons_of_the_move_before_it_and_of_its_time(real_analyst):
    real_analyst.ask(
        "How much has the Russell 2000 gained since December 1, 2025?",
        as_of="2026-01-23",
        thread="misread-why",
    )
    answer = real_analyst.ask("why?", as_of="2026-01-23", thread="misread-why")
    assert "gained 6.75%" in told(answer)
    published = [e.published for e in answer.evidence if e.kind == "passage" and e.number]
    assert published
    assert min(published).isoformat() >= "2025-12-01"


@pytest.mark.parametrize(
    "said", ["thanks, that's all", "ok cool, cheers", "Hi!", "Great, thank you"]
)
def test_a_courtesy_is_no_question(said):
    assert intent_of(said) == "courtesy"


@pytest.mark.parametrize("said", ["and then?", "ok, and the Nasdaq?", "good year?", "Why?", "so"])
def test_what_asks_something_is_no_courtesy(said):
    assert intent_of(said) != "courtesy"


def test_a_courtesy_claims_nothing(real_analyst):
    answer = real_analyst.ask("thanks a lot", as_of="2026-01-23")
    assert not answer.claims
    assert "Nothing is asked" in answer.unanswered[0]


@pytest.mark.parametrize(
    ("question", "as_of", "wanted"),
    [
        ("why did wells fargo downgrade small caps in august 2025", "2025-08-11", "unprofitable"),
        (
            "In December Jeffrey Hirsch's charts were weak. What does he expect by late January?",
            "2026-01-27",
            "meaningfully higher over the coming months",
        ),
        (
            "Trace Jefferies' target for the Russell 2000 through 2025",
            "2025-10-01",
            "slashed it to",
        ),
        (
            "What is BofA's 3,000 target worth from here?",
            "2026-01-23",
            "3,000 for the Russell 2000",
        ),
        ("How much Russell 2000 debt falls due in 2026?", "2025-12-01", "$368 billion"),
        ("Who is calling for 3,200 on the Russell 2000?", "2026-04-24", "another 15 percent above"),
        (
            "What does Tom Lee say of small caps and an S&P 500 correction?",
            "2026-01-12",
            "15 to 20",
        ),
    ],
)
def test_what_was_written(real_analyst, question, as_of, wanted):
    assert wanted in told(real_analyst.ask(question, as_of=as_of))


def test_a_target_that_was_replaced_is_not_held_against_the_tape(real_analyst):
    answer = real_analyst.ask("Jefferies' target for the Russell 2000?", as_of="2025-10-01")
    assert "The target of 2,665" in told(answer)
    assert "The target of 2,715" not in told(answer)


@pytest.mark.parametrize(
    ("question", "as_of", "lacking"),
    [
        ("How much money flowed into IWM last week?", "2026-01-23", "Fund flows"),
        ("Has Goldman Sachs written anything about small caps?", "2025-08-30", "Goldman Sachs"),
        (
            "Worst month of the Russell 2000 since 2000?",
            "2026-01-23",
            "ranks weeks, months or years",
        ),
        ("Is this a good moment to go short the Russell?", "2026-01-23", "not advice"),
    ],
)
def test_what_nobody_here_can_tell_is_said_and_nothing_else(real_analyst, question, as_of, lacking):
    answer = real_analyst.ask(question, as_of=as_of)
    assert not answer.claims
    assert any(lacking in line for line in answer.unanswered)


def test_single_stocks_of_an_index_are_named_as_missing():
    assert not_held("Which stocks inside the Russell 2000 rose most?") == "Which stocks"
    assert not_held("Which stocks do well after a Fed cut?") is None


def test_a_vote_against_takes_no_sides():
    assert not TWO_SIDED.search("Who voted against the decision?")
    assert TWO_SIDED.search("What speaks against the rally?")

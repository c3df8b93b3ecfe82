"""The verifier on words: quotations, citations, and what the calendar says of a close."""

from __future__ import annotations

from datetime import date

import pytest
from evidence import ledger

from qa.checking.closed_days import check_days
from qa.checking.verify import Checked, verify_claim
from qa.domain import Check, DraftClaim


def check(text: str, *keys: str) -> Checked:
    return verify_claim(DraftClaim(section="summary", text=text, evidence=keys), ledger())


def failed(text: str, *keys: str) -> list[Check]:
    return [c for c in check(text, *keys).checks if not c.holds]


def kinds(text: str, *keys: str) -> list[tuple[str, str]]:
    return [(c.kind, c.verdict) for c in failed(text, *keys)]


# -- quotations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "She wrote that “the easy money has been made” [p2].",
        "She wrote: “We see a gain of 12.5%” [p1].",  # stands in p2
        "She wrote: “expects earnings to grow 18%” [p1].",
        "She wrote: “easy money had been made” [p1].",
        'She wrote: "easy money had been made" [p1].',
        "She wrote: 'easy money had been made' [p1].",
        "She wrote: ‘easy money had been made’ [p1].",
        "She wrote: «easy money had been made» [p1].",
        'She wrote: “easy money had been made" [p1].',
        "She called it “hard money” [p1].",
        "She wrote: “asy money has been made” [p1].",  # no whole words
        "She wrote: “easy money has been mad” [p1].",
    ],
)
def test_words_that_nobody_wrote_are_caught(text: str) -> None:
    assert ("quotation", "unsupported") in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "She wrote: “The easy money has been made” [p1].",  # across a line break
        'She wrote: "The easy money has been made" [p1].',
        "She wrote: “The easy money has been made.” [p1]",
        "She called it “easy money” [p1].",
        "“Analysts' consensus expects earnings to grow 19%”, as she put it [p1].",
        "‘Analysts’ consensus expects earnings to grow 19%’, as she put it [p1].",
        "It is the so-called “rotation” [p1].",  # one word is a manner of speaking
        "The analysts' view and the firms' books [p1].",
    ],
)
def test_words_that_stand_in_a_cited_passage_hold(text: str) -> None:
    checked = check(text)
    assert checked.holds, [c.reason for c in checked.checks if not c.holds]


# -- citations ---------------------------------------------------------------------------------


def test_a_sentence_without_evidence_fails() -> None:
    assert [(c.kind, c.reason) for c in failed("Small caps look strong.")] == [
        ("citation", "the sentence names no evidence")
    ]


@pytest.mark.parametrize("text", ["Small caps look strong [m9].", "Small caps look strong [p7]."])
def test_an_unknown_id_fails(text: str) -> None:
    (problem,) = failed(text)
    assert problem.kind == "citation"
    assert "there is no evidence" in problem.reason
    assert failed("Small caps look strong.", "m9")[0].kind == "citation"


@pytest.mark.parametrize(
    "mark", ["[12]", "[1]", "[1, 2]", "[1,2]", "[3-5]", "[ 7 ]", "[1–3]", "[1; 2]"]
)
def test_a_typed_source_number_fails(mark: str) -> None:
    assert kinds(f"Small caps look strong {mark} [p1].") == [("citation", "unsupported")]


def test_evidence_may_be_named_by_marks_or_slots_alone() -> None:
    assert check("Small caps look strong [p1].").evidence == ("p1",)
    assert check("It gained {m1.return}.").evidence == ("m1",)
    assert check("It gained {m1.return} [m1, p1].").evidence == ("m1", "p1")
    assert check("It gained {m1.return} [m1, p1].").text == "It gained 6.75% [m1] [p1]."


def test_an_id_without_brackets_would_reach_the_reader_and_fails() -> None:
    assert ("citation", "unsupported") in kinds("As m1 shows, small caps look strong [m1].")


# -- the calendar ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 closed at 2,669.16 on January 25, 2026 [m1].",
        "The Russell 2000 closed at {m1.end_level} on Sunday, January 25, 2026 [m1].",
        "On January 25, 2026, the Russell 2000 closed at 2,669.16 [m1].",
        "The Russell 2000 settled at 2,669.16 on 2026-01-25 [m1].",
        "The close of January 24, 2026 was 2,669.16 [m1].",
        "The Russell 2000 closed at 2,669.16 on January 19, 2026 [m1].",  # Martin Luther King
        "Analysts say it closed at 2,669.16 on January 25, 2026 [m1].",
        "It closed at 2,669.16 on December 25 [m1].",  # no year: the last one before the as-of
        "It closed at 2,669.16 on a Sunday [m1].",
        "It closed at 2,669.16 on Friday, January 22, 2026 [m1].",  # a Thursday
    ],
)
def test_a_close_on_a_day_without_a_session_is_contradicted(text: str) -> None:
    assert kinds(text) == [("calendar", "contradicted")]


@pytest.mark.parametrize(
    "text",
    [
        "January 25, 2026 was a Sunday; the last close before it was 2,669.16 [m1].",
        "January 25, 2026 was a Sunday, so there was no close [m1].",
        "The market was closed on January 19, 2026 [m1].",
        "On January 19, 2026 there was no session; it closed at 2,669.16 on January 23, 2026 [m1].",
        "It closed at 2,669.16 on Friday, January 23, 2026 [m1].",
        "It closed at 2,669.16 on January 23 [m1].",
        "In a note published on January 20, 2026 she saw the close as strong [p1].",
        "The quarter ended January 31, 2026 [m1].",
        "Data for Sunday, January 25, 2026 are missing [m1].",
    ],
)
def test_saying_that_a_market_was_closed_is_fine(text: str) -> None:
    checked = check(text)
    assert checked.holds, [c.reason for c in checked.checks if not c.holds]


def test_a_weekend_in_parentheses_is_no_close_if_the_passage_is_of_it() -> None:
    saturday = date(2026, 1, 24)
    text = "House A lists closes of the Russell 2000 (2026-01-24) [p1]."
    assert [c.found for c in check_days(text, saturday)] == ["2026-01-24"]
    assert check_days(text, saturday, {saturday}) == []
    stated = "The Russell 2000 closed at 2,669.16 on 2026-01-24 [p1]."
    assert [c.found for c in check_days(stated, saturday, {saturday})] == ["2026-01-24"]

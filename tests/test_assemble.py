"""Assembling: what fails goes, what stands is numbered as a reader meets it."""

from __future__ import annotations

import re

import pytest
from evidence import ledger

from qa.checking.assemble import NOTHING_LEFT, WITHDRAWN, Assembled, assemble
from qa.checking.verify import verify
from qa.domain import Draft, DraftClaim, DraftVerdict, Label, Section


def put(
    *claims: tuple[Section, str, tuple[str, ...]], why: str = "", label: Label = "fragile"
) -> Assembled:
    book = ledger()
    draft = Draft(
        verdict=DraftVerdict(label=label, confidence=0.6, why=why),
        claims=tuple(DraftClaim(section=s, text=t, evidence=e) for s, t, e in claims),
    )
    return assemble(draft, verify(draft, book), book)


def numbers(parts: Assembled) -> dict[int | None, str]:
    """The number of each piece of evidence, by its id."""
    return {e.number: e.id for e in parts.evidence if e.number is not None}


RETURN = "It gained {m1.return} [m1]."
CLOSE = "The S&P 500 closed at {m2.close} [m2]."
EARNINGS = "Earnings are to grow 19% [p1]."
FALSE = "It will gain 44% [p2]."


def test_numbers_follow_the_reader_not_the_draft() -> None:
    parts = put(
        ("bulls", EARNINGS, ()),
        ("performance", CLOSE, ()),
        ("summary", RETURN, ()),
        why="Small caps would gain 12.5% [p2].",
    )
    assert parts.verdict.why == "Small caps would gain 12.5% [1]."
    assert [c.text for c in parts.claims] == [
        "It gained 6.75% [2].",
        "The S&P 500 closed at 6,915.61 [3].",
        "Earnings are to grow 19% [4].",
    ]
    assert [e.number for e in parts.evidence] == [1, 2, 3, 4, None]
    assert [c.section for c in parts.claims] == ["summary", "performance", "bulls"]


def test_no_gap_is_left_by_a_claim_that_was_removed() -> None:
    parts = put(("summary", FALSE, ()), ("bulls", RETURN, ()), ("skeptics", EARNINGS, ()))
    assert [c.text for c in parts.claims] == [
        "It gained 6.75% [1].",
        "Earnings are to grow 19% [2].",
    ]
    assert sorted(numbers(parts)) == [1, 2]
    by_id = {e.id: e.number for e in parts.evidence}
    assert sum(n is None for n in by_id.values()) == 3


def test_nothing_of_a_failed_claim_is_left_in_the_prose() -> None:
    parts = put(("summary", FALSE, ()), ("bulls", RETURN, ()), why="Up 44% [m1].")
    prose = " ".join([parts.verdict.why, *(c.text for c in parts.claims)])
    assert "44" not in prose
    assert (parts.verdict.label, parts.verdict.confidence) == ("undetermined", 0.0)
    assert parts.verdict.why == WITHDRAWN
    assert [c.reason for c in parts.checks if not c.holds] == ["no evidence holds it"] * 2


def test_when_nothing_stands_the_verdict_says_so() -> None:
    assert put(("summary", FALSE, ()), why="Up 44% [m1].").verdict.why == NOTHING_LEFT
    assert put(("summary", FALSE, ())).verdict.label == "undetermined"


def test_the_same_evidence_keeps_its_number() -> None:
    parts = put(
        ("summary", RETURN, ()),
        ("bulls", EARNINGS, ()),
        ("skeptics", "It gained {m1.return} while earnings grow 19% [m1] [p1].", ()),
    )
    assert parts.claims[2].text == "It gained 6.75% while earnings grow 19% [1] [2]."
    assert sorted(numbers(parts)) == [1, 2]


def test_claims_name_their_evidence_by_content_ids() -> None:
    parts = put(("summary", RETURN, ("m1", "p1")))
    (claim,) = parts.claims
    shown = numbers(parts)
    assert claim.evidence == (shown[1], shown[2])
    assert claim.figures[0].evidence == shown[1]
    assert not re.search(r"\b[mp]\d\b", claim.text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It gained {m1.return}.", "It gained 6.75% [1]."),
        ("It gained {m1.return}", "It gained 6.75% [1]"),
        ("Did it gain {m1.return}?", "Did it gain 6.75% [1]?"),
        ("It gained {m1.return} (in the window).", "It gained 6.75% (in the window) [1]."),
        ("(It gained {m1.return}.)", "(It gained 6.75%.) [1]"),
        ("It gained {m1.return}...", "It gained 6.75% [1]..."),
        ("It gained {m1.return} [m1].", "It gained 6.75% [1]."),
        ("It [m1] gained {m1.return}.", "It [1] gained 6.75%."),
    ],
)
def test_a_citation_stands_at_the_end_of_its_sentence(text: str, shown: str) -> None:
    (claim,) = put(("summary", text, ())).claims
    assert claim.text == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("She wrote: “The easy money has been made.”",
         "She wrote: “The easy money has been made.” [1]"),
        ("She wrote: “The easy money has been made”.",
         "She wrote: “The easy money has been made” [1]."),
    ],
)  # fmt: skip
def test_a_citation_never_stands_inside_a_quotation(text: str, shown: str) -> None:
    (claim,) = put(("summary", text, ("p1",))).claims
    assert claim.text == shown


def test_evidence_a_reason_rests_on_is_cited_by_it() -> None:
    parts = put(("bulls", EARNINGS, ()), why="Growth of 19% carries it.")
    assert parts.verdict.why == "Growth of 19% carries it [1]."


def test_checks_name_evidence_as_the_reader_knows_it() -> None:
    parts = put(("summary", RETURN, ()), ("bulls", "It would gain 12.5% [m1].", ()))
    other = next(e for e in parts.evidence if getattr(e, "author", "") == "Ben Other")
    assert [c.reason for c in parts.checks] == [
        "computed from [1]",
        f"it is in {other.id}, which the sentence doesn't cite",
    ]
    assert parts.checks[1].claim == "It would gain 12.5% [1]."

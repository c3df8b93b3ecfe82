"""The audit beside its passage: in the evidence, the tool's result, the sentence, the sources."""

from __future__ import annotations

from datetime import date
from typing import Any

from evidence import passage
from market_toys import Toys, series

from qa.agent.tools import passage_view
from qa.checking.assemble import assemble
from qa.checking.auditing.beside import asides, audited_line, in_brief, with_audit, without_asides
from qa.checking.verify import verify
from qa.domain import Draft, DraftClaim, DraftVerdict, Ledger, Passage
from qa.market.sample import SampleSource
from qa.market.tape import Tape

DAY = date(2026, 1, 20)
# Monday to Tuesday: 100, 101, 102, ...; the close of 2026-01-16, a Friday, is 109.
RISING = series([100.0 + i for i in range(11)], first="2026-01-05")
TEXT = (
    "The Russell 2000 closed at 109.00 on January 16, 2026. "
    "The Russell 2000 rose 4.0% on January 16, 2026. Earnings grew 9%."
)


def audited() -> Passage:
    return with_audit(passage(TEXT), Tape(Toys(RISING), DAY))


def test_a_passage_carries_the_verdicts_of_its_figures() -> None:
    rows = [(row["asserted"], row["verdict"]) for row in audited().audit]
    assert rows == [("109.00", "confirmed"), ("4.0%", "contradicted"), ("9%", "uncheckable")]
    assert audited().id == passage(TEXT).id


def test_the_sample_tape_and_a_passage_without_a_date_bring_no_verdicts() -> None:
    assert with_audit(passage(TEXT), Tape(SampleSource(), DAY)).audit == ()
    undated = passage(TEXT).model_copy(update={"published": None})
    assert with_audit(undated, Tape(Toys(RISING), DAY)).audit == ()


def test_other_prices_bring_other_verdicts() -> None:
    """What is kept of an audit doesn't outlive the prices that it rests on."""
    audited()
    others = series([50.0 + i for i in range(12)], first="2026-01-02")
    again = with_audit(passage(TEXT), Tape(Toys(others), DAY))
    assert again.audit[0]["verdict"] != "confirmed"


def test_the_model_is_told_what_the_tape_says_of_a_passage() -> None:
    view = passage_view("p1", audited(), DAY)
    assert view["on_the_tape"] == in_brief(audited())
    assert {"figure": "4.0%", "verdict": "contradicted", "tape": "+0.93%"} in view["on_the_tape"]
    assert "on_the_tape" not in passage_view("p1", passage(TEXT), DAY)


def answer_to(text: str) -> Any:
    ledger = Ledger()
    ledger.add(audited())
    claim = DraftClaim(section="performance", text=text, evidence=("p1",))
    draft = Draft(verdict=DraftVerdict(label="not_asked", why=""), claims=(claim,))
    return assemble(draft, verify(draft, ledger), ledger)


def test_a_sentence_that_quotes_a_contradicted_figure_says_so_itself() -> None:
    (claim,) = answer_to("Ann Author says the Russell 2000 rose 4.0% that Friday [p1].").claims
    assert "rose 4.0% (the tape says +0.93%)" in claim.text
    assert [(f.text, f.status) for f in claim.figures] == [
        ("4.0%", "quoted"),
        ("+0.93%", "computed"),
    ]


def test_a_sentence_that_quotes_a_confirmed_figure_stays_as_it_is() -> None:
    (claim,) = answer_to("Ann Author has the index closing at 109.00 on January 16 [p1].").claims
    assert asides(claim.text) == []


def test_asides_can_be_taken_out_again() -> None:
    told = answer_to("Ann Author says the Russell 2000 rose 4.0% that Friday [p1].").claims[0].text
    assert asides(told) == [" (the tape says +0.93%)"]
    assert without_asides(told) == "Ann Author says the Russell 2000 rose 4.0% that Friday [1]."


def test_the_sources_say_what_holds_of_the_words_shown() -> None:
    shown = ["The Russell 2000 rose 4.0% on January 16, 2026."]
    line = audited_line(audited(), shown)
    assert line.startswith("On the tape: “4.0%” contradicted (")
    assert "109.00" not in line
    assert audited_line(passage(TEXT), shown) == ""


def test_what_is_wrong_in_the_sentences_not_shown_is_told_too() -> None:
    line = audited_line(audited(), ["A sentence without a figure."])
    assert line.startswith("Elsewhere in the passage: “")
    assert "contradicted" in line
    assert "On the tape:" not in line

"""The measure of changed figures: changes are changes of meaning, and a small run holds."""

from __future__ import annotations

from random import Random

import pytest
from evidence import RUSSELL, SP500, VIEW

from eval.changes import changes
from eval.mutations import Tally, measure, read_back, stands
from eval.told import Told, places
from qa.analyst import Analyst
from qa.domain import CheckedFigure, Ledger

FELL = "The Russell 2000 fell 3.50% from its peak, up 6.75% in all [m1]."


def told(text: str = FELL) -> Told:
    ledger = Ledger()
    for item in (RUSSELL, SP500, VIEW):
        ledger.add(item)
    figures = tuple(
        CheckedFigure(text=t, value=v, unit="percent", status="computed", evidence=RUSSELL.id)
        for t, v in (("3.50%", -3.5), ("6.75%", 6.7453))
    )
    return Told(text, ("m1",), figures, ledger)


def test_the_places_of_figures_have_their_names_in_the_metric() -> None:
    assert [(p.name, told().text[slice(*p.span)]) for p in places(told())] == [
        ("max_drawdown", "3.50%"),
        ("return", "6.75%"),
    ]


def test_a_sign_written_twice_is_no_change() -> None:
    made = [c for seed in range(40) for c in changes(told(), Random(seed)) if c.kind == "sign"]
    assert {c.text for c in made} == {FELL.replace("6.75%", "-6.75%")}


def test_every_change_alters_the_sentence_or_its_source() -> None:
    for seed in range(60):
        for change in changes(told(), Random(seed)):
            assert (change.text, change.evidence) != (FELL, ("m1",)), change


def test_another_figure_of_the_same_value_is_no_change() -> None:
    made = [c for s in range(60) for c in changes(told(), Random(s)) if "other figure" in c.kind]
    assert made
    assert not any("'6.75' -> '6.75'" in c.note or "'3.50' -> '3.50'" in c.note for c in made)


def test_a_source_with_the_same_figure_is_no_change() -> None:
    made = [c for s in range(40) for c in changes(told(), Random(s)) if c.kind == "citation"]
    assert {c.evidence for c in made} <= {("m2",), ("p1",)}


def test_what_is_counted() -> None:
    tally = Tally("part", sentences=200, alarms=1)
    tally.made.update({"digit": 1000})
    tally.caught.update({"digit": 995})
    assert tally.holds
    tally.caught.subtract({"digit": 1})
    assert not tally.holds


@pytest.mark.parametrize(
    "question", ["Is the S&P 500 above its 200-day average?", "Is the Russell 2000 rally fading?"]
)
def test_the_sentences_of_an_answer_stand_and_their_changes_do_not(
    sample_analyst: Analyst, question: str
) -> None:
    sentences = list(read_back(sample_analyst.ask(question, as_of="2026-01-23")))
    assert sentences
    assert all(stands(s.text, s.evidence, s.ledger)[0] for s in sentences)
    tally = measure("looked at", iter(sentences))
    assert tally.made.total() >= len(sentences)
    assert tally.share >= 0.97, [(c.kind, c.note, c.text) for c in tally.missed]

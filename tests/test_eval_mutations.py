"""The measure of changed figures: changes are changes of meaning, and a small run holds."""

from __future__ import annotations

import re
from datetime import date
from random import Random

import pytest
from evidence import AS_OF, RUSSELL, SP500, VIEW, figure, metric

from eval.changes import changes
from eval.mutations import Tally, measure, read_back, stands
from eval.said import retold
from eval.told import Told, places
from qa.analyst import Analyst
from qa.domain import CheckedFigure, Ledger, Window

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


PERFORMANCE = (
    "The Russell 2000 gained 7.54% from the close of 2025-12-31 to the close of 2026-01-23 [m1]."
)


def over(start: date, end: date) -> Told:
    window = Window(start=start, end=end, basis="prior_close")
    figures = {"return": figure(7.54, "percent")}
    ledger = Ledger()
    ledger.add(metric(("^RUT",), figures).model_copy(update={"window": window}))
    held = ledger.get("m1")
    shown = CheckedFigure(
        text="7.54%",
        value=7.54,
        unit="percent",
        status="computed",
        evidence=getattr(held, "id", None),
    )
    return Told(PERFORMANCE, ("m1",), (shown,), ledger)


@pytest.mark.parametrize(
    ("start", "end", "ways"),
    [
        (
            date(2026, 1, 2), AS_OF,
            {"in January 2026", "in January", "this month", "in the first quarter of 2026",
             "this quarter", "in 2026", "this year", "year to date"},
        ),
        (date(2025, 12, 1), date(2025, 12, 31), {"in December 2025", "in December"}),
        (date(2025, 10, 1), date(2025, 12, 31), {"in the fourth quarter of 2025"}),
        (date(2025, 1, 2), date(2025, 12, 31), {"in 2025"}),
        (date(2025, 12, 2), date(2025, 12, 31), set()),
        (date(2025, 12, 1), date(2025, 12, 30), set()),
        (date(2025, 12, 1), AS_OF, set()),
    ],
)  # fmt: skip
def test_a_window_is_retold_only_where_the_words_are_true(
    start: date, end: date, ways: set[str]
) -> None:
    told = [r.text for seed in range(60) for r in retold(over(start, end), Random(seed))]
    assert {text[len("The Russell 2000 gained 7.54% ") : -len(" [m1].")] for text in told} == ways


def test_a_month_in_words_is_changed_for_another() -> None:
    whole = next(retold(over(date(2025, 12, 1), date(2025, 12, 31)), Random(0)))
    made = [
        c.text for s in range(40) for c in changes(whole, Random(s)) if c.kind.startswith("month")
    ]
    assert len(set(made)) > 5
    assert not any("in December" in text for text in made)


def test_a_record_is_put_only_where_none_is_measured() -> None:
    text = "It is 3.50% below the high [m1]."
    made = [c for s in range(20) for c in changes(told(text), Random(s)) if "record" in c.kind]
    assert {re.sub(r".*below | \[m1].*", "", c.text) for c in made} == {
        "its record high", "its all-time high", "the record high"
    }  # fmt: skip


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

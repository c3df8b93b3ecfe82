"""The nouns: frozen, strict, and the same after a trip through JSON."""

from __future__ import annotations

import math
from datetime import UTC, date
from typing import Any

import pytest
from evidence import OTHER, RUSSELL, SP500, VIEW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import qa
from qa import domain
from qa.domain import (
    Answer,
    Check,
    CheckedFigure,
    Claim,
    Cost,
    Draft,
    DraftClaim,
    DraftVerdict,
    Driver,
    Figure,
    Ledger,
    Metric,
    Passage,
    Question,
    ScoreRow,
    Signal,
    Table,
    Verdict,
    Window,
    content_id,
)

texts = st.text(max_size=12)
names = st.text(alphabet="abcdefgh_", min_size=1, max_size=6)
numbers = st.floats(allow_nan=False, allow_infinity=False)
units = st.sampled_from([u for u in domain.Unit.__args__ if u != "date"])  # type: ignore[attr-defined]
days = st.dates()
moments = st.datetimes(timezones=st.just(UTC))
decimals = st.integers(0, 6)
confidences = st.floats(0, 1)
sections = st.sampled_from(domain.SECTIONS)
plain = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | numbers | texts


def tuples(items: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=most).map(tuple)


figures = st.builds(Figure, value=numbers, unit=units, decimals=decimals) | st.builds(
    Figure, value=days, unit=st.just("date"), decimals=decimals
)
windows = st.builds(
    Window,
    start=days,
    end=days,
    basis=st.none() | st.sampled_from(domain.Basis.__args__),  # type: ignore[attr-defined]
)
tables = st.builds(
    Table,
    columns=tuples(names),
    rows=tuples(tuples(numbers | days | st.sampled_from(["XLK", "yes", "a b"]) | st.none())),
)
metrics = st.builds(
    Metric,
    kind=st.just("metric"),
    id=texts,
    number=st.none() | st.integers(1, 99),
    tool=names,
    arguments=st.dictionaries(names, plain, max_size=2),
    figures=st.dictionaries(names, figures, max_size=2),
    definition=texts,
    notes=tuples(texts),
    window=st.none() | windows,
    symbols=tuples(names),
    source=texts,
    retrieved=moments,
    as_of=days,
    series_hash=texts,
    table=st.none() | tables,
)
drivers = st.builds(
    Driver,
    name=texts,
    kind=st.sampled_from(domain.DriverKind.__args__),  # type: ignore[attr-defined]
)
passages = st.builds(
    Passage,
    kind=st.just("passage"),
    id=texts,
    number=st.none() | st.integers(1, 99),
    document=texts,
    title=texts,
    author=st.none() | texts,
    role=st.none() | texts,
    firm=st.none() | texts,
    published=days,
    ingested=moments,
    url=st.none() | texts,
    text=texts,
    span=st.tuples(st.integers(0, 999), st.integers(0, 999)),
    tickers=tuples(names),
    stance=st.none() | st.sampled_from(domain.Stance.__args__),  # type: ignore[attr-defined]
    horizon=st.none() | texts,
    drivers=tuples(drivers),
    voice=st.sampled_from(["original", "summary"]),
    audit=tuples(st.dictionaries(names, plain, max_size=2), 1),
)
questions = st.builds(Question, text=texts, as_of=days, thread=st.none() | texts)
labels = st.sampled_from(domain.Label.__args__)  # type: ignore[attr-defined]
verdicts_of_checks = st.sampled_from(domain.CheckVerdict.__args__)  # type: ignore[attr-defined]
drafts = st.builds(
    Draft,
    verdict=st.builds(DraftVerdict, label=labels, confidence=confidences, why=texts),
    claims=tuples(st.builds(DraftClaim, section=sections, text=texts, evidence=tuples(names))),
    unanswered=tuples(texts),
)
checked = st.builds(
    CheckedFigure,
    text=texts,
    value=st.none() | numbers | days,
    unit=st.none() | units,
    status=verdicts_of_checks,
    evidence=st.none() | texts,
)
checks = st.builds(
    Check,
    kind=st.sampled_from(["figure", "quotation", "citation", "direction", "calendar", "claim"]),
    claim=texts,
    verdict=verdicts_of_checks,
    expected=texts,
    found=texts,
    reason=texts,
)
answers = st.builds(
    Answer,
    question=questions,
    verdict=st.builds(
        Verdict, label=labels, confidence=confidences, why=texts, figures=tuples(checked, 1)
    ),
    claims=tuples(
        st.builds(
            Claim, section=sections, text=texts, evidence=tuples(texts), figures=tuples(checked)
        )
    ),
    scorecard=tuples(
        st.builds(
            ScoreRow,
            name=texts,
            reading=texts,
            direction=st.sampled_from([-1, 0, 1, None]),
            weight=numbers,
            kind=st.sampled_from(domain.DriverKind.__args__),  # type: ignore[attr-defined]
            evidence=tuples(texts),
        ),
        1,
    ),
    signals=tuples(
        st.builds(Signal, rule=texts, triggered=st.booleans(), state=texts, evidence=texts), 1
    ),
    evidence=tuples(metrics | passages),
    checks=tuples(checks),
    unanswered=tuples(texts),
    market=texts,
    sample_data=st.booleans(),
    model=texts,
    settings_hash=texts,
    cost=st.builds(Cost, model_calls=st.integers(0, 9), input_tokens=st.integers(0, 9)),
    timings=st.dictionaries(names, numbers, max_size=2),
)
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOUNS = [questions, figures, windows, tables, metrics, passages, drafts, checked, checks]


@quick
@given(st.one_of(NOUNS))
def test_a_noun_is_the_same_after_json(noun: BaseModel) -> None:
    back = type(noun).model_validate_json(noun.model_dump_json())
    assert back == noun
    assert back.model_dump_json() == noun.model_dump_json()


@quick
@given(answers)
def test_an_answer_is_the_same_after_json(answer: Answer) -> None:
    back = Answer.model_validate_json(answer.model_dump_json())
    assert back == answer
    assert back.model_dump_json() == answer.model_dump_json()


def every_noun() -> list[type[BaseModel]]:
    found = [v for v in vars(domain).values() if isinstance(v, type)]
    return [n for n in found if issubclass(n, domain.Frozen) and n is not domain.Frozen]


@pytest.mark.parametrize("noun", every_noun(), ids=lambda n: n.__name__)
def test_every_noun_is_frozen_and_refuses_extra_fields(noun: type[BaseModel]) -> None:
    assert noun.model_config["frozen"] is True
    assert noun.model_config["extra"] == "forbid"


def test_frozen_and_strict_in_deed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RUSSELL.id = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        Question(text="a", as_of=date(2026, 1, 23), mood="good")  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="Extra inputs"):
        Draft.model_validate({"verdict": {"label": "fragile", "why": ""}, "advice": "buy"})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    for build in (
        lambda: Figure(value=value, unit="percent"),
        lambda: CheckedFigure(text="a", value=value, unit="percent", status="computed"),
        lambda: Table(columns=("a",), rows=((value,),)),
        lambda: DraftVerdict(label="fragile", confidence=value, why=""),
        lambda: Verdict(label="fragile", confidence=value, why=""),
    ):
        with pytest.raises(ValidationError):
            build()


@pytest.mark.parametrize(("value", "unit"), [(date(2026, 1, 23), "price"), (5.0, "date")])
def test_a_date_and_the_unit_date_go_together(value: Any, unit: Any) -> None:
    with pytest.raises(ValidationError, match="go together"):
        Figure(value=value, unit=unit)


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(ValidationError):
        DraftVerdict(label="fragile", confidence=confidence, why="")


def test_the_ledger_numbers_metrics_and_passages_apart() -> None:
    book = Ledger()
    assert [book.add(e) for e in (RUSSELL, VIEW, SP500, OTHER)] == ["m1", "p1", "m2", "p2"]
    assert book.add(VIEW.model_copy()) == "p1"
    assert book.add(RUSSELL) == "m1"
    assert len(book) == 4
    assert list(book) == [("m1", RUSSELL), ("p1", VIEW), ("m2", SP500), ("p2", OTHER)]
    assert book.get("m2") is SP500
    assert book.get("m3") is None


def test_content_ids_depend_on_content_and_its_place_only() -> None:
    assert content_id("m", {"a": 1, "b": 2}) == content_id("m", {"b": 2, "a": 1})
    assert content_id("m", "a", "b") != content_id("m", "b", "a")
    assert content_id("m", "ab") != content_id("m", "a", "b")
    assert content_id("m", "é").startswith("m-")
    assert len(content_id("m", "a")) == 2 + 16


def test_the_units_and_sections_are_those_of_the_contract() -> None:
    assert len(domain.SECTIONS) == 10
    assert domain.SECTIONS[0] == "summary"


def test_an_answer_with_a_failed_check_is_not_verified() -> None:
    held = Check(kind="figure", claim="", verdict="quoted", expected="", found="", reason="")
    for verdict, holds in (("derived", True), ("unsupported", False), ("contradicted", False)):
        assert held.model_copy(update={"verdict": verdict}).holds is holds


def test_the_public_names_are_all_there_and_no_more() -> None:
    assert sorted(qa.__all__) == qa.__all__
    assert set(qa.__all__) == set(qa._HOME)
    for name in qa.__all__:
        assert getattr(getattr(qa, name), "__name__", name) == name  # a union has none
    public = {n for n in vars(qa) if not n.startswith("_")}
    allowed = {"annotations", "TYPE_CHECKING", "Any", "import_module"}
    import sys

    modules = {n.split(".")[1] for n in sys.modules if n.startswith("qa.")}
    assert public - allowed - modules <= set(qa.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = qa.nothing

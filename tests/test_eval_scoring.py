"""The scorers of the suites, on answers made by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from eval.cases import Case
from eval.reading import numbers, says
from eval.scoring import score, score_refusal
from qa.domain import (
    Answer,
    Check,
    CheckedFigure,
    Claim,
    Figure,
    Metric,
    Passage,
    Question,
    Verdict,
    Window,
)

FRIDAY = date(2026, 1, 23)
NOON = datetime(2026, 1, 23, 12, 0, tzinfo=UTC)

# --- The scorers: hand-made answers --------------------------------------------------------------


def metric(**changed: Any) -> Metric:
    return Metric(
        id="m-1",
        number=1,
        tool="technicals",
        arguments={},
        figures={
            "close": Figure(value=2669.16, unit="price"),
            "day_change": Figure(value=-1.8247222, unit="percent"),
        },
        definition="Close of 2026-01-23 against the session before.",
        window=Window(start=FRIDAY, end=FRIDAY),
        symbols=("^RUT",),
        source="made by hand",
        retrieved=NOON,
        as_of=FRIDAY,
        series_hash="0",
    ).model_copy(update=changed)


def passage(**changed: Any) -> Passage:
    return Passage(
        id="p-1",
        number=1,
        document="note.md",
        title="A note",
        author=None,
        firm="House A",
        published=date(2026, 1, 20),
        ingested=NOON,
        url=None,
        text="House A sees earnings grow 14.6% in 2026.",
        span=(0, 41),
        stance="bullish",
    ).model_copy(update=changed)


def shown(text: str, unit: str = "price", status: str = "computed", **more: Any) -> CheckedFigure:
    value = abs(next(numbers(text)).value)
    given = {"text": text, "value": value, "unit": unit, "status": status, "evidence": "m-1"}
    return CheckedFigure.model_validate(given | more)


TEXT = "The Russell 2000 closed at 2,669.16 on Friday 2026-01-23, down 1.82% on the day [1]."
FIGURES = (shown("2,669.16"), shown("1.82%", "percent"))


def claim(text: str = TEXT, figures: tuple[CheckedFigure, ...] = FIGURES, **more: Any) -> Claim:
    given = {"section": "summary", "text": text, "evidence": ("m-1",), "figures": figures}
    return Claim.model_validate(given | more)


def answer(*claims: Claim, **changed: Any) -> Answer:
    return Answer(
        question=Question(text="Q?", as_of=FRIDAY),
        verdict=Verdict(label="not_asked", confidence=0, why=""),
        claims=claims,
        evidence=(metric(),),
        checks=(),
        market="made by hand",
        sample_data=True,
        model="offline",
        settings_hash="0",
    ).model_copy(update=changed)


def figure_case(value: float = 2669.16, unit: str = "level", **more: Any) -> Case:
    expected = {"value": value, "unit": unit, "decimals": 2, "near": ["Russell 2000", "2026-01-23"]}
    given = {"id": "x", "question": "Q?", "as_of": FRIDAY, "figures": [expected | more]}
    return Case.model_validate(given)


def test_right_answer_passes() -> None:
    for case in (figure_case(), figure_case(-1.8247, "percent"), figure_case(-1.82, "percent")):
        assert score(case, answer(claim())).faults == ()


@pytest.mark.parametrize(
    ("case", "fault"),
    [
        (figure_case(2669.17), "No claim shows 2669.17"),
        (figure_case(669.16), "No claim shows"),  # no part of a number
        (figure_case(1.8247, "percent"), "No claim shows"),  # it fell
        (figure_case(-1.83, "percent"), "No claim shows"),
        (figure_case(-1.8347, "percent"), "No claim shows"),
        (figure_case(-1.8247, "percentage_points"), "No claim shows"),
        (figure_case(-1.8247, "percent", decimals=3), "No claim shows"),
        (figure_case(near=["S&P 500"]), "not shown beside 'S&P 500'"),
        (figure_case(status=["quoted"]), "shown, but not quoted"),
    ],
)
def test_wrong_figure_fails(case: Case, fault: str) -> None:
    (found,) = score(case, answer(claim())).faults
    assert fault in found


def test_missing_definition_and_failed_check_fail() -> None:
    case = figure_case().model_copy(update={"definition": ("session before", "intraday")})
    failed = Check(
        kind="figure", claim="", verdict="unsupported", expected="", found="", reason="Nowhere."
    )
    faults = score(case, answer(claim(), checks=(failed,))).faults
    assert faults == (
        "The definition doesn't mention 'intraday'.",
        "Verified is False, not True: Nowhere.",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        claim(TEXT.replace(" [1]", "")),
        claim(TEXT.replace("[1]", "[2]")),
        claim(TEXT.replace("[1]", "[1] [2]")),
        claim(evidence=()),
    ],
)
def test_missing_or_wrong_citation_fails(wrong: Claim) -> None:
    (fault,) = score(figure_case(), answer(wrong)).faults
    assert fault.startswith("Not cited by its evidence")


def test_gap_in_the_numbers_of_the_sources_fails() -> None:
    gapped = answer(claim(TEXT.replace("[1]", "[2]")), evidence=(metric(number=2),))
    assert "numbered [2], not 1..n" in score(figure_case(), gapped).explanation


def test_unbacked_numbers_fail() -> None:
    extra = claim(TEXT.replace("on the day", "on the day and 3.1% on the week"))
    wrong = claim(figures=(*FIGURES, shown("2,718.77")))
    risen = claim(figures=(*FIGURES, shown("+1.82%", "percent")))
    judged = claim(figures=(FIGURES[0], shown("1.82%", "percent", "contradicted")))
    for bad, fault in (
        (extra, "3.1% was never checked"),
        (wrong, "2,718.77 is not in the evidence"),
        (risen, "+1.82% is not in the evidence"),
        (judged, "1.82% is contradicted"),
    ):
        (found,) = score(figure_case(), answer(bad)).faults
        assert fault in found


@pytest.mark.parametrize(("number", "faults"), [("14.6%", 0), ("4.6%", 1), ("16.4%", 1)])
def test_quoted_number_has_to_stand_in_its_passage(number: str, faults: int) -> None:
    figure = shown(number, "percent", "quoted", evidence="p-1")
    quoting = claim(f"House A expects {number} [1].", (figure,), evidence=("p-1",))
    case = Case(id="x", question="Q?", as_of=FRIDAY, claims="correction")
    assert len(score(case, answer(quoting, evidence=(passage(),))).faults) == faults


def test_what_came_after_the_as_of_date_fails() -> None:
    later = date(2026, 1, 26)
    told = claim(TEXT.replace("2026-01-23", "2026-01-26"))
    note = passage(number=None, published=later)
    measured = metric(window=Window(start=FRIDAY, end=later))
    case = Case(id="x", question="Q?", as_of=FRIDAY, claims="correction")
    assert "Tells of" in score(case, answer(told)).explanation
    assert "Published on" in score(case, answer(claim(), evidence=(metric(), note))).explanation
    assert "prices of 2026-01-26" in score(case, answer(claim(), evidence=(measured,))).explanation


def broad(**given: Any) -> Case:
    return Case.model_validate(
        {"id": "x", "question": "Q?", "as_of": FRIDAY, "min_claims": 1} | given
    )


def argued(stance: str, section: str = "bulls") -> Answer:
    opinion = claim("House A expects growth [1].", (), section=section, evidence=("p-1",))
    verdict = Verdict(label="fragile", confidence=0.5, why="Views differ.")
    return answer(opinion, verdict=verdict, evidence=(passage(stance=stance),))


def test_argument_is_measured() -> None:
    assert score(broad(min_bulls=1, sections=["bulls"]), argued("bullish")).passed
    for case, given, fault in (
        (broad(min_claims=2), argued("bullish"), "1 claims, not 2"),
        (broad(sections=["technicals"]), argued("bullish"), "'technicals' is missing"),
        (broad(min_bulls=1), argued("bearish"), "0 houses among the bulls"),
        (broad(min_skeptics=1), argued("bullish"), "0 houses among the skeptics"),
        (broad(verdicts=["fragile"]), answer(claim()), "The verdict is 'not_asked', not fragile"),
    ):
        (found,) = score(case, given).faults
        assert fault in found


def test_what_is_missing_has_to_be_said() -> None:
    given = {"id": "x", "question": "Q?", "as_of": FRIDAY, "must_say_missing": ["ZQXW"]}
    none = Case.model_validate(given | {"claims": "none"})
    assert score(none, answer(unanswered=("The tape has no prices for ZQXW.",))).passed
    assert score(none, answer(unanswered=("Nothing.",))).faults == (
        "What is missing doesn't say 'ZQXW'.",
    )
    faults = score(none, answer(claim(), unanswered=("ZQXW is unknown.",))).faults
    assert len(faults) == 1
    assert "claims something" in faults[0]


def test_words_that_must_or_must_not_stand() -> None:
    given = {"id": "x", "question": "Q?", "as_of": FRIDAY, "claims": "correction"}
    words = {"must_say": ["Monday|Friday"], "must_not_say": ["closed at 2,669.16"]}
    case = Case.model_validate(given | words)
    assert score(case, answer(claim())).faults == ("Says 'closed at 2,669.16', which it must not.",)
    assert score(case, answer(unanswered=("None.",))).faults == ("Nowhere says 'Monday|Friday'.",)


def test_a_question_turned_down_in_words_is_right_only_where_nothing_can_be_claimed() -> None:
    given = {"id": "x", "question": "?", "as_of": FRIDAY}
    none = Case.model_validate(given | {"claims": "none", "must_say_missing": ["empty"]})
    assert score_refusal(none, "The question is empty.").passed
    assert not score_refusal(none, "Something else.").passed
    asked = Case.model_validate(given)
    assert score_refusal(asked, "The question is empty.").faults == (
        "No answer: The question is empty.",
    )


# --- Reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("gained 6.75% (+168.73 points) since 2025-11-28 [1]", [6.75, 168.73]),
        ("-0.90% against 8.44 percentage points", [-0.9, 8.44]),
        ("fell 1.82% and stands 2.41% below the high", [-1.82, -2.41]),
        ("7 of 11 funds, 2,669.16 and 49,098.71.", [7, 11, 2669.16, 49098.71]),
        ("m3 and Q4, the 20-day average", []),
    ],
)
def test_numbers_are_read(text: str, values: list[float]) -> None:
    assert [n.value for n in numbers(text) if n.exact or "funds" in text] == values


def test_words_are_found_whole_and_days_as_spoken() -> None:
    assert says("It closed on January 23, 2026.", "2026-01-23")
    assert says("It closed on 23 Jan 2026.", "2026-01-23")
    assert not says("It closed on January 23, 2025.", "2026-01-23")
    assert says("down 1.82% on the day", "1.82%")
    assert not says("down 11.82% on the day", "1.82%")
    assert not says("a close of 3,000.50", "3,000")

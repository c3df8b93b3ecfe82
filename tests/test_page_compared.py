"""Two answers to one question: what changed, and from what."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from evidence import RUSSELL, SP500, figure, metric, passage
from test_html import HOSTILE, Tags
from test_markdown import answer

from qa.domain import Answer, CheckedFigure, Claim, Metric, Question, ScoreRow, Verdict, Window
from qa.report.compared import compare
from qa.report.html import changes

EARLIER = date(2025, 12, 26)
WINDOWS = (
    Window(start=date(2025, 11, 3), end=EARLIER, basis="prior_close"),
    Window(start=date(2025, 12, 1), end=date(2026, 1, 23), basis="prior_close"),
)


def row(name: str, direction: Literal[-1, 0, 1] | None, reading: str, weight: float) -> ScoreRow:
    return ScoreRow(
        name=name, reading=reading, direction=direction, weight=weight, kind="technical"
    )


def measured(gain: float, window: Window, **more: float) -> Metric:
    """Metrics of two days differ in their days, so in their ids, but were asked for alike."""
    figures = {n: figure(v, "percent") for n, v in {"return": gain, **more}.items()}
    made = metric(("^RUT",), {**figures, "end_date": figure(window.end, "date", 0)})
    arguments = {"symbol": "^RUT", "start": str(window.start)}
    return made.model_copy(update={"window": window, "arguments": arguments, "number": 1})


def on(day: date, *evidence: Any, **changed: Any) -> Answer:
    question = Question(text="Is the rally sustainable?", as_of=day)
    parts: dict[str, Any] = {"claims": (), "scorecard": (), **changed}
    return answer(question=question, evidence=evidence, **parts)


def two(one: Metric, other: Metric, **changed: Any) -> tuple[Answer, Answer]:
    return on(EARLIER, one, **changed), on(date(2026, 1, 23), other, **changed)


def test_a_verdict_that_went_is_said_with_both_confidences() -> None:
    before = on(EARLIER, verdict=Verdict(label="fading", confidence=0.7, why="It fell."))
    after = on(date(2026, 1, 23), verdict=Verdict(label="fragile", confidence=0.55, why="Up."))
    assert compare(before, after).why == (
        "The verdict went from fading (confidence 0.70) to fragile (0.55).",
    )
    assert compare(before, before).why == ("The verdict stays fading.",)


def test_readings_that_turned_stand_with_the_weightiest_first() -> None:
    ones = (row("trend", 0, "above 1 of 3", 1.0), row("stretch", 1, "3% above", 0.5),
            row("breadth", 1, "7 of 11", 1.0))  # fmt: skip
    twos = (row("trend", -1, "above 0 of 3", 1.0), row("stretch", -1, "16% above", 1.0),
            row("breadth", 1, "8 of 11", 1.0), row("opinion", 1, "9 for", 0.5))  # fmt: skip
    found = compare(on(EARLIER, scorecard=ones), on(EARLIER, scorecard=twos))
    # stretch: 0.5 to -1.0; trend: 0 to -1.0; opinion: none to 0.5; breadth reads otherwise only.
    assert [(r.name, r.by) for r in found.turned] == [
        ("stretch", -1.5), ("trend", -1.0), ("opinion", 0.5),
    ]  # fmt: skip
    assert found.why[1] == "Stretch: for (3% above), then against (16% above)."
    assert found.why[3] == "Opinion: not looked at, then for (9 for)."


def test_a_figure_that_moved_is_paired_across_the_days_it_was_asked_for() -> None:
    before, after = two(measured(0.1, WINDOWS[0]), measured(6.7453, WINDOWS[1]))
    (moved,) = compare(before, after).moved
    assert (moved.name, moved.before, moved.after) == ("return", "0.10%", "6.75%")
    assert moved.days == "2025-11-03 to 2025-12-26, then 2025-12-01 to 2026-01-23"
    assert not moved.cited


def test_a_change_below_what_is_shown_is_none_and_one_change_is_told_once() -> None:
    one = measured(6.7453, WINDOWS[0], drawdown=-3.5, same=6.7453)
    other = measured(6.7491, WINDOWS[1], drawdown=-4.0, same=6.7491)
    assert [m.name for m in compare(*two(one, other)).moved] == ["drawdown"]
    other = measured(7.0, WINDOWS[1], drawdown=-3.5, same=7.0)
    assert [m.name for m in compare(*two(one, other)).moved] == ["return"]


def test_figures_that_a_sentence_tells_come_first() -> None:
    one, other = measured(1.0, WINDOWS[0], drop=-2.0), measured(2.0, WINDOWS[1], drop=-3.0)
    said = CheckedFigure(
        text="-3.00%", value=-3.0, unit="percent", status="computed", evidence=other.id
    )
    claim = Claim(section="performance", text="It fell by -3.00% [1].", evidence=(other.id,),
                  figures=(said,))  # fmt: skip
    found = compare(on(EARLIER, one), on(date(2026, 1, 23), other, claims=(claim,)))
    assert [(m.name, m.cited) for m in found.moved] == [("drop", True), ("return", False)]
    assert "Figures that moved: 2, of which 1 are told." in found.why


def test_metrics_asked_for_otherwise_are_not_paired() -> None:
    other = measured(2.0, WINDOWS[1])
    open_basis = other.model_copy(update={"arguments": {**other.arguments, "basis": "open"}})
    assert compare(*two(measured(1.0, WINDOWS[0]), open_basis)).moved == ()
    assert compare(*two(RUSSELL, SP500)).moved == ()


def test_new_evidence_is_what_the_other_does_not_cite() -> None:
    both, old = passage("Both cite this."), passage("An old one.")
    late = passage("A new one.").model_copy(update={"published": date(2026, 1, 20)})
    number = {"number": 1}
    before = on(EARLIER, both.model_copy(update=number), old.model_copy(update={"number": 2}))
    after = on(date(2026, 1, 23), late.model_copy(update=number), old,
               both.model_copy(update={"number": 2}))  # fmt: skip
    found = compare(before, after)
    assert [p.text for p in found.new] == ["A new one."]
    assert [p.text for p in found.gone] == ["An old one."]
    assert "Passages cited only by the second: 1; 1 published after 2025-12-26." in found.why


def test_two_models_and_two_tapes_are_said() -> None:
    one = on(EARLIER, model="offline", market="the sample market")
    other = on(EARLIER, model="openai:x", market="Yahoo Finance")
    assert compare(one, other).why[1:] == (
        "The first was written by offline, the second by openai:x.",
        "The first is from the sample market, the second from Yahoo Finance.",
    )


def test_the_changes_as_html_are_text_and_nothing_else() -> None:
    said = passage(HOSTILE).model_copy(update={"number": 2, "title": HOSTILE})
    one = measured(1.0, WINDOWS[0]).model_copy(update={"symbols": (HOSTILE,)})
    other = measured(2.0, WINDOWS[1]).model_copy(update={"symbols": (HOSTILE,)})
    before = on(EARLIER, one, scorecard=(row(HOSTILE, 1, HOSTILE, 1.0),))
    after = on(date(2026, 1, 23), other, said, model=HOSTILE)
    found = Tags(changes(compare(before, after)))
    assert {tag for tag, _ in found.found}.isdisjoint({"script", "img", "a", "iframe"})
    assert found.text.count("<script>alert(1)</script>") >= 4
    assert "2.00%" in found.text

"""The page's views of related instruments, comparisons and evaluation runs."""

from __future__ import annotations

import sys
from datetime import date

from inspect_logs import logged, needs_inspect
from page import asked, html_of, text_of, view
from test_html import HOSTILE, Tags
from test_markdown import answer

RALLY = "Is the Russell 2000 rally sustainable?"


def test_related_instruments_are_a_click_from_a_chart_and_from_a_question(page) -> None:
    asked(page, "How did the Russell 2000 do in December 2025?")
    page.session_state["tabs-turn-0"] = "Related"
    page.run()
    text = text_of(page)
    assert "Russell 2000: related instruments, 2025-12-01 to 2025-12-31." in text
    assert "Not held by this source then: ^RVX, HYG, LQD." in text
    assert "Computed from the tape" in html_of(page)
    page.button("draw-turn-0-^DJI").click().run()
    assert len(page.get("plotly_chart")) == 1
    page.button("ask-turn-0-XLE").click().run()
    assert not page.exception
    assert "How did XLE do from 2025-12-01 to 2025-12-31?" in text_of(page)
    assert "energy sector fund (XLE) " in text_of(page)
    assert len(page.session_state.turns) == 2


def test_two_days_stand_side_by_side_with_what_changed(page) -> None:
    view(page, "Compare")
    assert page.text_input[0].value == RALLY
    page.date_input("compare-day-first").set_value(date(2025, 12, 26))
    next(b for b in page.button if b.label == "Compare").click().run()
    assert not page.exception
    text = text_of(page)
    assert "What changed, and from what" in text
    assert "Stretch: neither way" in text
    assert "As of Friday 2025-12-26" in text
    assert "As of Friday 2026-01-23" in text
    assert "Not real prices." in text
    assert not page.session_state.turns  # what is compared is kept in no thread


def test_a_thread_s_own_answer_is_compared_and_not_made_again(page) -> None:
    asked(page, "Where did the Russell 2000 close?")
    page.pills("view").set_value("Compare").run()
    page.date_input("compare-day-first").set_value(date(2026, 1, 22))
    next(b for b in page.button if b.label == "Compare").click().run()
    assert not page.exception
    assert len(page.status) == 1
    assert "2,718.77" in text_of(page)
    assert "2,669.16" in text_of(page)


def test_the_same_on_both_sides_is_no_comparison(page) -> None:
    view(page, "Compare")
    page.date_input("compare-day-first").set_value(date(2026, 1, 23))
    next(b for b in page.button if b.label == "Compare").click().run()
    assert "Both sides are the same" in text_of(page)


@needs_inspect
def test_runs_are_listed_and_what_failed_shows_its_answer(page, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("INSPECT_LOG_DIR", str(tmp_path))
    logged(tmp_path, 1, answer(), "no such figure")
    logged(tmp_path, 2, None, HOSTILE)
    view(page, "Evaluation")
    assert len(page.get("plotly_chart")) == 1
    assert "accuracy" in text_of(page)
    found = Tags(html_of(page))
    assert {tag for tag, _ in found.found}.isdisjoint({"script", "img", "a", "iframe"})
    assert "<script>alert(1)</script>" in found.text  # the newest run is open
    page.selectbox("run").set_value(page.selectbox("run").options[1]).run()
    assert not page.exception
    assert "no such figure" in text_of(page)
    assert [e.label for e in page.expander] == ["The answer", "All runs (2)"]


@needs_inspect
def test_a_folder_without_runs_says_how_to_make_them(page, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("INSPECT_LOG_DIR", str(tmp_path))
    view(page, "Evaluation")
    assert "`make eval` makes them" in text_of(page)


def test_without_inspect_the_page_says_how_to_install_it(page, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    view(page, "Evaluation")
    assert "run `make eval` once" in text_of(page)
    assert 'role="alert"' in html_of(page)


def test_a_comparison_that_was_stopped_speaks_of_no_thread(page) -> None:
    view(page, "Compare")
    page.session_state["stopped"] = True
    page.run()
    assert "Nothing is kept of a comparison that was given up." in text_of(page)
    assert "thread" not in "".join(b for b in html_of(page).split("<div") if "Stopped" in b)

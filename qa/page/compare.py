"""The same question on two days, or by two models, side by side, with what changed and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from qa import Analyst, Answer
from qa.agent.threads import rounds
from qa.analyst import LONGEST_QUESTION
from qa.page.shown import show_claims
from qa.page.steps import show_stopped, work
from qa.page.text import show_html, show_line, show_notice
from qa.report import html
from qa.report.compared import compare
from qa.settings import OFFLINE

EARLIER = timedelta(days=28)


@dataclass(frozen=True)
class Side:
    """One of the two answers that are wanted."""

    as_of: date
    model: str


def show_compare(analyst: Analyst, as_of: date | None) -> None:
    """Ask for a question and two sides, and show their answers and what differs."""
    show_stopped("Stopped. Nothing is kept of a comparison that was given up.")
    turns: list[Answer] = st.session_state.turns
    usual = turns[-1].question.text if turns else "Is the Russell 2000 rally sustainable?"
    with st.form("compare"):
        question = st.text_input("Question", value=usual, max_chars=LONGEST_QUESTION)
        one, two = st.columns(2)
        with one:
            first = _side(analyst, "First", (as_of or date.today()) - EARLIER)
        with two:
            second = _side(analyst, "Second", as_of or date.today())
        asked = st.form_submit_button("Compare", icon=":material/compare_arrows:")
    if asked and first == second:
        show_notice("info", "Both sides are the same: choose another day or another model.")
    elif asked:
        st.session_state.pop("compared", None)
        before = _answer(analyst, question, first, turns)
        after = _answer(analyst, question, second, turns) if before else None
        if before and after:
            st.session_state.compared = (before, after)
    if "compared" in st.session_state:
        _show(*st.session_state.compared)


def _side(analyst: Analyst, label: str, day: date) -> Side:
    """The day and the model of a side; models are those that the settings name."""
    begin, _ = analyst.market.source.span()
    name = label.lower()
    as_of = st.date_input(
        f"{label}: as of", value=max(day, begin), min_value=begin, max_value=date.today(),
        key=f"compare-day-{name}", format="YYYY-MM-DD",
    )  # fmt: skip
    models = list(dict.fromkeys([*analyst.settings.models, OFFLINE]))
    model = st.selectbox(f"{label}: written by", models, key=f"compare-model-{name}")
    return Side(as_of if isinstance(as_of, date) else day, str(model))


def _answer(analyst: Analyst, question: str, side: Side, held: list[Answer]) -> Answer | None:
    """The thread's own answer where it has this one, else a new one, kept in no thread."""
    first = rounds(held)[0] if held else []  # later questions lean on those before them
    for answer in reversed(first):
        found = Side(answer.question.as_of, answer.model)
        if found == side and answer.question.text == " ".join(question.split()):
            return answer
    key = f"stop-{side.as_of}-{side.model}"
    return work(analyst.written_by(side.model), question, key=key, as_of=side.as_of)


def _show(before: Answer, after: Answer) -> None:
    found = compare(before, after)
    show_line(after.question.text, "tc-question")
    if before.sample_data or after.sample_data:
        show_notice("warning", "Not real prices.")
    show_html(html.changes(found))
    for column, answer in zip(st.columns(2, gap="medium"), (before, after), strict=True):
        with column:
            show_claims(answer)

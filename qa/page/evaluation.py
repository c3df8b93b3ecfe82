"""The evaluation: how the suites went over time, and what failed, with its answers."""

from __future__ import annotations

from datetime import date

import streamlit as st

from qa import Analyst
from qa.page.drawn import show_chart
from qa.page.shown import show_answer
from qa.page.text import show_html, show_line, show_notice
from qa.report.html import table
from qa.report.runs import Miss, Run, history, read_misses, read_runs

MOST_SHOWN = 40
HEAD = ("Run", "Suite", "Asked with", "Samples", "Scores")


def show_evaluation(analyst: Analyst, as_of: date | None) -> None:
    """The runs in the folder of logs, and one of them open."""
    folder = analyst.settings.logs
    with st.spinner("Reading the logs ..."):
        runs, problems = read_runs(folder)
    for problem in problems:
        show_notice("warning", problem)
    if not runs:
        show_line(f"There is no run in {folder} yet: `make eval` makes them.")
        return
    if (chart := history(runs)) is not None:
        show_chart(chart, "runs")
    newest = runs[::-1]
    show_html(table(HEAD, [_row(run) for run in newest[:MOST_SHOWN]]))
    chosen = st.selectbox("What failed in", newest, format_func=_named, key="run")
    if chosen is not None:
        _misses(analyst, chosen)


def _named(run: Run) -> str:
    return f"{run.suite}, {run.at:%Y-%m-%d %H:%M}"


def _row(run: Run) -> tuple[str, ...]:
    told = run.problem or ", ".join(f"{name} {value:.3g}" for name, value in run.scores)
    return f"{run.at:%Y-%m-%d %H:%M}", run.suite, run.asked, str(run.samples), told


def _misses(analyst: Analyst, run: Run) -> None:
    misses = read_misses(run)
    if not misses:
        show_line(run.problem or f"Nothing failed: {run.samples} samples.")
    for place, miss in enumerate(misses[:MOST_SHOWN]):
        _miss(analyst, miss, f"miss-{run.at:%Y%m%d%H%M%S}-{place}")
    if len(misses) > MOST_SHOWN:
        show_line(f"{len(misses) - MOST_SHOWN} more are in the log.", "tc-faint")


def _miss(analyst: Analyst, miss: Miss, key: str) -> None:
    with st.container(border=True):
        show_line(miss.question, "tc-question")
        for fault in miss.faults:
            show_notice("error", fault)
        with st.expander("The answer", key=key, on_change="rerun") as whole:
            if not whole.open:
                return
            if miss.answer is None:
                show_line(miss.text)
            else:
                show_answer(analyst, miss.answer, f"{key}-answer", rated=False)

"""The evaluation: how the suites went over time, and what failed, with its answers."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from qa import Analyst
from qa.page.drawn import show_chart
from qa.page.shown import show_answer
from qa.page.text import show_html, show_line, show_notice
from qa.report.runs import Miss, Run, Suite, history, read_misses, read_runs, read_shares
from qa.report.tables import table

MOST_SHOWN = 40
HEAD = ("Run", "Asked", "Samples", "Right, by suite")
MEASURED = ("Measure", "Share", "95% interval")


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
    newest = runs[::-1]
    chosen = st.selectbox("Run", newest, format_func=_named, key="run")
    if chosen is not None:
        _show_run(analyst, chosen)
    if (chart := history(runs)) is not None:
        show_html("<h3>Runs over time</h3>")
        show_chart(chart, "runs")
    with st.expander(f"All runs ({len(runs)})", key="runs", on_change="rerun") as every:
        if every.open:
            show_html(table(HEAD, [_row(run) for run in newest[:MOST_SHOWN]]))


def _named(run: Run) -> str:
    suites = [suite.name for suite in run.suites]
    told = ", ".join(suites) if len(suites) < 4 else f"{len(suites)} suites"
    return f"{run.at:%Y-%m-%d %H:%M}: {told}"


def _row(run: Run) -> tuple[str, ...]:
    right = ", ".join(_right(suite) for suite in run.suites)
    return f"{run.at:%Y-%m-%d %H:%M}", run.asked, str(run.samples), right


def _right(suite: Suite) -> str:
    if suite.problem or suite.right is None:
        return f"{suite.name}: {suite.problem or 'not scored so'}"
    return f"{suite.name} {suite.right:.1%}"


def _show_run(analyst: Analyst, run: Run) -> None:
    """What was measured in a run, and each of its misses."""
    show_line(f"{run.asked or 'unknown'}, {run.samples} samples.", "tc-faint")
    for suite in run.suites:
        if suite.problem:
            show_notice("error", f"{suite.name} has no scores: {suite.problem}.")
    with st.spinner("Reading the answers ..."):
        shares, misses = read_shares(run), read_misses(run)
    for one in shares:
        head = f'<h3>{escape(one.suite)}</h3><p class="tc-faint">{escape(one.took)}</p>'
        show_html(head + table(MEASURED, one.rows))
    if not shares:
        rows = [(s.name, name, f"{v:.3g}") for s in run.suites for name, v in s.scores]
        show_html(table(("Suite", "Score", "Value"), rows))
    show_html(f"<h3>Misses ({len(misses)})</h3>")
    if not misses:
        show_line(f"Nothing failed: {run.samples} samples.")
    for place, miss in enumerate(misses[:MOST_SHOWN]):
        _miss(analyst, miss, f"miss-{run.at:%Y%m%d%H%M%S}-{place}")
    if len(misses) > MOST_SHOWN:
        show_line(f"{len(misses) - MOST_SHOWN} more are in the logs.", "tc-faint")


def _miss(analyst: Analyst, miss: Miss, key: str) -> None:
    with st.container(border=True):
        show_line(miss.question, "tc-question")
        noted = f" · {miss.told}" if miss.told else ""
        show_line(f"{miss.suite} · {miss.sample}{noted}", "tc-faint")
        for fault in miss.faults:
            show_notice("error", fault)
        with st.expander("The answer", key=key, on_change="rerun") as whole:
            if not whole.open:
                return
            if miss.answer is None:
                show_line(miss.text)
            else:
                show_answer(analyst, miss.answer, f"{key}-answer", rated=False)

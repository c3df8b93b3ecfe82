"""The related instruments of an answer: their moves, each a click from its chart or a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from html import escape

import streamlit as st

from qa import Analyst, Answer, Metric, TapecheckError
from qa.checking.slots import write
from qa.market.catalog import compute
from qa.market.instruments import Instrument, named
from qa.market.tape import Tape
from qa.page.asking import pend
from qa.page.drawn import show_chart
from qa.page.text import show_html, show_line
from qa.report.charts import charts_from
from qa.report.marks import proven
from qa.report.related import Kin, question_on, related, subject_of, window_of


def show_related(analyst: Analyst, answer: Answer, key: str) -> None:
    """A row for each instrument that the source has, over the answer's own window."""
    subject = subject_of(answer)
    if subject is None:
        show_line("The question names no instrument that others could belong to.")
        return
    start, end = window_of(answer)
    groups = related(subject)
    every = [instrument for group in groups for instrument in group.instruments]
    source = analyst.market.source
    source.start_question()
    source.prefetch([subject, *(instrument.symbol for instrument in every)])
    tape = Tape(source, end)
    moves = {i.symbol: _moved(tape, i, start) for i in every}
    beside = _moved(tape, named(subject), start)
    show_line(f"{named(subject).name}: related instruments, {start} to {end}.", "tc-faint")
    with st.container(gap=None):
        for group in groups:
            _group(group, moves, beside, (start, end), key)
    if missing := [symbol for symbol, metric in moves.items() if metric is None]:
        show_line(f"Not held by this source then: {', '.join(missing)}.", "tc-faint")


def _group(
    group: Kin,
    moves: Mapping[str, Metric | None],
    beside: Metric | None,
    days: tuple[date, date],
    key: str,
) -> None:
    """The rows of those that are held, under their title."""
    found = [(i, metric) for i in group.instruments if (metric := moves[i.symbol])]
    if found:
        show_html(f"<h3>{group.title}</h3>")
    for instrument, metric in found:
        _row(instrument, metric, beside, question_on(instrument, *days), key)


def _moved(tape: Tape, instrument: Instrument, start: date) -> Metric | None:
    """What an instrument did; None where the source doesn't have it over these days."""
    try:
        if instrument.kind == "yield":
            return compute(tape, "technicals", {"symbol": instrument.symbol})
        return compute(tape, "performance", {"symbol": instrument.symbol, "start": start})
    except TapecheckError:
        return None


def _row(
    instrument: Instrument, metric: Metric, beside: Metric | None, question: str, key: str
) -> None:
    """Name and move, and the two buttons; the chart under it once it was asked for."""
    place = f"{key}-{instrument.symbol}"
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        name = escape(instrument.name[:1].upper() + instrument.name[1:])
        show_html(f'<div class="tc-row"><span>{name}</span>{"".join(_figures(metric))}</div>')
        drawn = st.button(
            "Chart", key=f"draw-{place}", icon=":material/show_chart:", type="tertiary",
            help=f"Draw {instrument.spoken} beside the question's own instrument",
        )  # fmt: skip
        st.button(
            "Ask", key=f"ask-{place}", icon=":material/chat:", type="tertiary", on_click=pend,
            args=(question,), help=question,
        )  # fmt: skip
    if drawn:
        for number, chart in enumerate(charts_from([m for m in (metric, beside) if m])):
            show_chart(chart, f"{place}-{number}")


def _figures(metric: Metric) -> Iterator[str]:
    shown = ("return", "end_level") if metric.tool == "performance" else ("close", "day_change")
    for name in shown:
        if (figure := metric.figures.get(name)) is not None:
            spec = ("+",) if name in ("return", "day_change") else ()
            day = " on the day" if name == "day_change" else ""
            yield proven(write(figure, spec) + day, metric)

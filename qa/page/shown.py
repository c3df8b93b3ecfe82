"""An answer on the page: verdict, claims with their proofs, charts, signals, sources, exports."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from qa import (
    Analyst,
    Answer,
    Metric,
    TapecheckError,
    WatchList,
    charts_of,
    to_html,
    to_markdown,
)
from qa.domain import Signal
from qa.market.watchlist import watched
from qa.page.asking import go_on
from qa.page.drawn import show_chart
from qa.page.feedback import keep_feedback
from qa.page.related import show_related
from qa.page.text import show_html, show_line, show_notice
from qa.report import html
from qa.report.marks import legend

TABS = ("Answer", "Charts", "Related", "Signals", "Sources")


@st.fragment
def show_answer(analyst: Analyst, answer: Answer, key: str, *, rated: bool = True) -> None:
    """The whole answer. `key` tells it from others on the page; `rated` asks what readers think.

    A fragment: what is opened in it draws nothing else anew.
    """
    go_on()
    if answer.sample_data:
        show_notice("warning", f"Not real prices: {answer.market}.")
    for note in answer.notes:
        show_notice("info", note)
    tabs = st.tabs(TABS, key=f"tabs-{key}", on_change="rerun")
    with tabs[0]:
        show_claims(answer)
    if tabs[1].open:
        with tabs[1]:
            _charts(answer, key)
    if tabs[2].open:
        with tabs[2]:
            show_related(analyst, answer, key)
    if tabs[3].open:
        with tabs[3]:
            _signals(answer, key)
    if tabs[4].open:
        with tabs[4]:
            show_html(html.sources(answer, folded=True) or "<p>No source is cited.</p>")
    _exports(answer, key)
    if rated:
        _feedback(analyst, answer, key)


def show_claims(answer: Answer) -> None:
    """The answer's own text: provenance, verdict, sections, scorecard, and what is missing."""
    parts = (
        html.provenance(answer),
        html.verdict(answer),
        html.scorecard(answer, folded=True),
        html.unverified(answer),
        legend(),
        html.sections(answer, shown=html.SHOWN),
        html.unanswered(answer),
    )
    show_html("".join(parts))


def _charts(answer: Answer, key: str) -> None:
    charts = charts_of(answer)
    if not charts:
        show_line("The evidence of this answer holds no series to draw.")
    for place, chart in enumerate(charts):
        show_chart(chart, f"{key}-{place}")


def _signals(answer: Answer, key: str) -> None:
    if not answer.signals:
        show_line("No rule was looked at for this answer.")
        return
    show_html(html.watched(answer.signals))
    signals = list(dict.fromkeys(answer.signals))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Rule", signals, format_func=lambda s: s.rule, key=f"rule-{key}", width=400
        )
        add = st.button("Add to the watch list", key=f"watch-{key}", icon=":material/add_alert:")
    if add and chosen is not None:
        _watch(chosen, answer)


def _watch(signal: Signal, answer: Answer) -> None:
    metric = next((e for e in answer.evidence if e.id == signal.evidence), None)
    if not isinstance(metric, Metric) or not metric.symbols:
        show_notice("error", "The answer doesn't hold what this rule was looked at for.")
        return
    try:
        rule = watched(
            metric.symbols[0], signal.rule, metric.arguments.get("benchmark")
        )  # fmt: skip
        number = WatchList().add(rule)
    except TapecheckError as error:
        show_notice("error", error)
    else:
        show_notice("success", f"Rule {number} of the watch list: {rule.symbol}, {rule.rule}.")


def _exports(answer: Answer, key: str) -> None:
    name = f"tapecheck-{answer.question.as_of}"
    kinds = (
        ("Markdown", "md", "text/markdown", partial(to_markdown, answer)),
        ("HTML", "html", "text/html", partial(to_html, answer)),
        ("JSON", "json", "application/json", partial(answer.model_dump_json, indent=2)),
    )
    with st.container(horizontal=True):
        for label, suffix, mime, made in kinds:
            st.download_button(
                label, made, f"{name}.{suffix}", mime, key=f"{suffix}-{key}", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
        copy = st.popover("Copy", icon=":material/content_copy:", key=f"copy-{key}",
                          on_change="rerun")  # fmt: skip
        if copy.open:
            copy.code(to_markdown(answer), language=None, wrap_lines=True, height=320)


def _feedback(analyst: Analyst, answer: Answer, key: str) -> None:
    path = analyst.settings.threads.with_name("feedback.jsonl")
    thumb = st.feedback("thumbs", key=f"thumb-{key}")
    if thumb is None:
        return
    with st.form(f"comment-form-{key}", border=False):
        comment = st.text_input(
            "What was good or wrong (kept for evaluation)", max_chars=2000, key=f"comment-{key}"
        )
        sent = st.form_submit_button("Send")
    if sent:
        try:
            keep_feedback(path, answer, bool(thumb), comment)
        except TapecheckError as error:
            show_notice("error", error)
        else:
            show_notice("success", f"Kept at {datetime.now():%H:%M}. Thank you.")

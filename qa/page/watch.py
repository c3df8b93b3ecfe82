"""The watch list: rules in words, how each stands, adding and removing."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from qa import Analyst, TapecheckError, WatchList
from qa.market.watchlist import Look, look, watched
from qa.page.text import show_html, show_line, show_notice
from qa.report.markdown import watched_row
from qa.report.tables import table
from qa.report.watched import signals_of

HEAD = ("No.", "For", "Rule", "State", "Now", "From its limit", "Since", "Last triggered")


def show_watch_list(analyst: Analyst, as_of: date | None) -> None:
    """Every rule kept with its state as of the day, a form for one more, and removing."""
    kept = WatchList()
    try:
        _change(kept)
        rules = kept.rules()
        if not rules:
            st.caption("No rule is watched yet. `tapecheck signals` looks at the same list.")
            return
        looks = look(rules, partial(analyst.metric, as_of=as_of))
    except TapecheckError as error:
        show_notice("error", error)
        return
    show_html(table(HEAD, [_row(n, seen) for n, seen in enumerate(looks, start=1)]))
    for metric in {seen.metric.id: seen.metric for seen in looks if seen.metric}.values():
        show_line(f"Source: {metric.source}, as of {metric.as_of}.", "tc-faint")
        break
    _remove(kept, len(rules))


def _row(number: int, seen: Look) -> tuple[str, ...]:
    if seen.metric is None:
        return str(number), seen.watched.symbol, seen.watched.rule, str(seen.error), "", "", "", ""
    return str(number), seen.watched.symbol, *watched_row(signals_of(seen.metric)[0])


def _change(kept: WatchList) -> None:
    with st.form("rule", clear_on_submit=True):
        words = st.text_input("Rule in words", placeholder="close below the 50-day average")
        symbol = st.text_input("For", value="^RUT")
        add = st.form_submit_button("Watch", icon=":material/add_alert:")
    if add:
        try:
            kept.add(watched(symbol.strip(), words))
        except TapecheckError as error:
            show_notice("error", error)


def _remove(kept: WatchList, count: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox("Remove rule", range(1, count + 1), key="remove", width=160)
        st.button("Remove", key="remove-now", on_click=_removed, args=(kept, number))


def _removed(kept: WatchList, number: int) -> None:
    try:
        kept.remove(number)
    except TapecheckError as error:
        st.session_state.problem = str(error)

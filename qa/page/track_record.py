"""The track record: what became of published calls, and what this scorecard's odds were worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from qa import Analyst, Metric, TapecheckError
from qa.market.instruments import US_INDICES, named
from qa.market.track_record import FEWEST
from qa.page.drawn import show_chart, show_rows
from qa.page.text import show_html, show_line, show_notice
from qa.report.charts import charts_from
from qa.report.marks import proven
from qa.report.related import subject_of
from qa.report.tables import table

if TYPE_CHECKING:
    from qa.agent.calls import Call, Tally
    from qa.market.backtest import Hits, Scored

COLUMNS = {  # with their widths in pixels
    "published": 95, "firm": 150, "analyst": 190, "on": 60, "call": 75, "due": 95, "became": 140,
    "move %": 75, "lead %": 75,
}  # fmt: skip
TALLIED = ("Came true", "Share")
SCORED = ("Outcome", "Month ends", "Brier score", "Of the base rate", "Skill", "95% interval")


def show_track_record(analyst: Analyst, as_of: date | None) -> None:
    """Calls by firm and analyst under filters, then the scorecard's own record."""
    own = st.segmented_control(
        "Whose record", ("Published calls", "This scorecard"), default="Published calls",
        required=True, key="whose", label_visibility="collapsed",
    )  # fmt: skip
    if analyst.market.source.sample:
        show_notice("warning", "Not real prices: a record on sample data says nothing.")
    if own == "This scorecard":
        _scorecard(analyst, as_of)
    else:
        _calls(analyst, as_of)


def _calls(analyst: Analyst, as_of: date | None) -> None:
    """What analysts called, and what the tape did afterwards."""
    kept = st.session_state.get("calls")
    if kept is None or kept[:2] != (analyst, as_of):
        with st.spinner("Holding calls against the tape ..."):
            kept = st.session_state.calls = (analyst, as_of, analyst.calls(as_of=as_of))
    every: list[Call] = kept[2]
    st.caption(
        "A bullish or bearish note is held against the 63 sessions after it, a price target "
        "against its own year. Nothing that was published after the as-of date counts."
    )
    with st.container(horizontal=True):
        firms = st.multiselect("Firm", sorted({c.firm for c in every}), key="calls-firm")
        voices = st.multiselect("Analyst", sorted({c.voice for c in every}), key="calls-voice")
        became = st.multiselect("What became of it", _kinds(every), key="calls-became")
    found = [
        call
        for call in every
        if (not firms or call.firm in firms)
        and (not voices or call.voice in voices)
        and (not became or call.outcome in became)
    ]
    if not found:
        show_line("No call is held up to this day under these filters.")
        return
    _tallies(found)
    show_html(f"<h3>Calls ({len(found)})</h3>")
    rows = [dict(zip(COLUMNS, _row(call), strict=True)) for call in found]
    show_rows(COLUMNS, rows, alt="Calls and what became of them")


def _kinds(calls: Sequence[Call]) -> list[str]:
    return sorted({call.outcome for call in calls})


def _row(call: Call) -> tuple[object, ...]:
    lead = None if call.lead is None else round(call.lead, 2)
    move = None if call.move is None else round(call.move, 2)
    became = f"{call.outcome} on {call.on}" if call.on else call.outcome
    due = str(call.due or "")
    return (
        call.published, call.firm, call.voice, call.symbol, call.said, due, became, move, lead,
    )  # fmt: skip


def _tallies(found: Sequence[Call]) -> None:
    """How many came true, by firm or by analyst; those with none decided in one line."""
    from qa.agent.calls import FEW, tallies

    by = st.radio("Counted by", ("firm", "analyst"), horizontal=True, key="calls-by")
    counted = [replace(call, firm=call.voice) for call in found] if by == "analyst" else found
    every = tallies(counted)
    decided, right = (sum(getattr(t, name) for t in every) for name in ("decided", "right"))
    told = f"{len(found)} calls, of which {decided} are decided and {right} came true."
    show_line(f"{told} Below {FEW} decided calls a share says nothing and is not given.")
    rows = [
        (
            t.firm,
            _counted(t),
            "too few to tell" if t.decided < FEW else f"{t.right / t.decided:.0%}",
        )
        for t in every
        if t.decided
    ]
    if rows:
        show_html(table((str(by).capitalize(), *TALLIED), rows))
    if still := [t.firm for t in every if not t.decided]:
        show_line(f"None decided yet: {'; '.join(still)}.", "tc-faint")


def _counted(tally: Tally) -> str:
    still = tally.calls - tally.decided
    return f"{tally.right} of {tally.decided}" + (f", {still} still open" if still else "")


def _scorecard(analyst: Analyst, as_of: date | None) -> None:
    """The odds of the price-based scorecard at past month ends, for one instrument."""
    listed = [s for s in analyst.market.source.symbols() if named(s).kind in ("index", "fund")]
    symbols = list(dict.fromkeys([*US_INDICES, *listed]))
    turns = st.session_state.turns
    subject = subject_of(turns[-1]) if turns else None
    symbol = st.selectbox(
        "Instrument", symbols, index=symbols.index(subject) if subject in symbols else 0,
        format_func=lambda s: f"{named(s).name} ({s})", key="record-of",
    )  # fmt: skip
    try:
        metric = analyst.metric("outlook", symbol=symbol, as_of=as_of)
    except TapecheckError as error:
        show_notice("error", error)
        return
    _record(metric)


def _record(metric: Metric) -> None:
    """Skill with its interval in words, hit rates by label, and the reliability diagram."""
    from qa.market.backtest import records

    found = list(records(metric))
    for note in metric.notes:
        show_notice("info", note)
    if found:
        show_html(table(SCORED, [_scores(one) for one in found]))
        show_html(f"<h3>How often it came, by what the rows read</h3>{_hits(found)}")
        for place, chart in enumerate(charts_from([metric])):
            show_chart(chart, f"record-{place}")
    st.caption(
        "Every month end knows only what was over by then. Thresholds and labels were set "
        "beforehand, and nothing is fitted to the years that are scored."
    )
    show_html(f"<p>{proven('How it is computed', metric)}</p>")


def _scores(one: Scored) -> tuple[str, ...]:
    return (
        one.outcome, f"{one.n} since {one.first}", f"{one.brier:.3f}", f"{one.brier_base:.3f}",
        f"{one.skill:+.1f}%", f"{one.low:+.1f}% to {one.high:+.1f}%",
    )  # fmt: skip


def _hits(found: Sequence[Scored]) -> str:
    """A row for each label, a column for each outcome: the share, and of how many month ends."""
    labels = dict.fromkeys(hits.label for one in found for hits in one.hits)
    rows = []
    for label in labels:
        told = [next((h for h in one.hits if h.label == label), None) for one in found]
        rows.append((label, *(_came(hits) for hits in told)))
    return table(("Read", *(one.outcome for one in found)), rows)


def _came(hits: Hits | None) -> str:
    if hits is None:
        return "never read"
    few = "; too few to tell" if hits.n < FEWEST else ""
    return f"{hits.share:.0f}% of {hits.n}{few}"

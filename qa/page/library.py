"""The library: what commentary is held, found by words, firm and date; its audit; withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from qa import Analyst, Passage, TapecheckError
from qa.commentary.duplicates import overlap
from qa.commentary.shelf import shelf_of
from qa.domain import Origin
from qa.page.door import open_analyst
from qa.page.text import show_html, show_line, show_notice
from qa.report.marks import audit_table, passage_card
from qa.report.tables import table

COLUMNS = ("published", "firm", "author", "title", "stance", "passages", "also at", "document")


def show_library(analyst: Analyst, as_of: date | None) -> None:
    """The documents as a table under filters, and one of them open."""
    words = st.text_input("Find", placeholder="words that bear on it", key="find")
    firms = sorted({p.firm for p in analyst.library.passages if p.firm})
    chosen = st.multiselect("Firm", firms, key="firms")
    found = _found(analyst, words, as_of)
    twice = st.toggle("Only what stood in several places", key="twice")
    documents = _documents(
        [p for p in found if (not chosen or p.firm in chosen) and (p.origins or not twice)]
    )
    st.caption(f"{len(documents)} documents")
    if twice and not documents:
        show_line("No text came twice. A note from two wires is kept once, with both origins.")
        return
    rows = [_row(name, passages) for name, passages in documents.items()]
    st.dataframe({column: [row[i] for row in rows] for i, column in enumerate(COLUMNS)})
    name = st.selectbox(
        "Open", list(documents), index=None, key="document", placeholder="a document",
    )  # fmt: skip
    if name is not None:
        _open(analyst, name)


def _found(analyst: Analyst, words: str, as_of: date | None) -> Sequence[Passage]:
    if not words.strip():
        return sorted(analyst.library.passages, key=lambda p: p.day, reverse=True)
    return analyst.search(words, as_of=as_of, limit=30, undated=True)


def _documents(passages: Sequence[Passage]) -> dict[str, list[Passage]]:
    documents: dict[str, list[Passage]] = {}
    for passage in passages:
        documents.setdefault(passage.document, []).append(passage)
    return documents


def _row(name: str, passages: Sequence[Passage]) -> tuple[object, ...]:
    one = passages[0]
    also = len(one.origins)
    return (
        one.published, one.firm or "", one.author or "", one.title, one.stance or "",
        len(passages), also, name,
    )  # fmt: skip


def _open(analyst: Analyst, name: str) -> None:
    passages = [p for p in analyst.library.passages if p.document == name]
    with st.container(horizontal=True):
        audit = st.button("Audit its figures", key="audit", icon=":material/fact_check:")
        with st.popover("Withdraw", icon=":material/delete:", key="withdraw"):
            st.caption("It stays out until it is taken in again.")
            gone = st.button("Withdraw this document", key="withdraw-now")
    if gone:
        _withdraw(analyst, name)
        return
    if passages and passages[0].origins:
        _origins(analyst, name, passages[0].origins)
    for passage in passages:
        show_html(passage_card(passage))
        if audit:
            _audit(analyst, passage)


def _origins(analyst: Analyst, name: str, origins: Sequence[Origin]) -> None:
    """Where else the text stood, and how much of each is the text that is kept."""
    shelf = shelf_of(analyst.settings.store)
    rows = []
    for origin in origins:
        try:
            kept, other = shelf.load(name), shelf.load(origin.document)
            share = f"{overlap(kept.body, other.body):.0%}"
        except (OSError, KeyError):  # taken off the shelf since the library was opened
            share = "not held any more"
        day = str(origin.published or "undated")
        where = origin.publisher or origin.url or ""
        rows.append((origin.document, origin.firm or "", where, day, share))
    head = ("Also taken in as", "Firm", "Where", "Published", "Runs of five words in common")
    show_html(f"<h3>Near-duplicates</h3>{table(head, rows)}")


def _audit(analyst: Analyst, passage: Passage) -> None:
    if passage.published is None:
        show_line("Without a day of publication its figures can't be tried.")
        return
    try:
        rows = analyst.audit(passage.text, passage.published)
    except TapecheckError as error:
        show_notice("error", error)
        return
    show_html(audit_table(rows) or "<p>It states no figure that could be tried.</p>")


def _withdraw(analyst: Analyst, name: str) -> None:
    settings = analyst.settings
    try:
        gone = Analyst(store=settings.store, embedder=settings.embedder).withdraw(name)
    except TapecheckError as error:
        show_notice("error", error)
        return
    open_analyst.clear()
    show_notice("success", f"Withdrawn: {', '.join(gone)}.")

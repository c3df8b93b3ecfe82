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
from qa.page.drawn import show_rows
from qa.page.text import many, show_html, show_line, show_notice
from qa.report.marks import audit_table, passage_card
from qa.report.tables import table

COLUMNS = {  # with their widths in pixels: a title's start stands beside the day on a phone
    "published": 95, "use": 120, "title": 330, "firm": 190, "author": 130, "stance": 75,
    "passages": 80, "also at": 70, "document": 300,
}  # fmt: skip
USED = "used"


def show_library(analyst: Analyst, as_of: date | None) -> None:
    """The documents as a table under filters, and one of them open."""
    words = st.text_input("Find", placeholder="words that bear on it", key="find")
    firms = sorted({p.firm for p in analyst.library.passages if p.firm})
    chosen = st.multiselect("Firm", firms, key="firms")
    day = as_of or date.today()
    with st.container(horizontal=True):
        later = st.toggle("Also what was published after the as-of date", key="later")
        twice = st.toggle("Only what stood in several places", key="twice")
    found = _found(analyst, words, date.max if later else day)
    documents = _documents(
        [p for p in found if (not chosen or p.firm in chosen) and (p.origins or not twice)]
    )
    show_line(_counted(analyst, len(documents), day), "tc-faint")
    if twice and not documents:
        show_line("No text came twice. A note from two wires is kept once, with both origins.")
        return
    if not documents:
        show_line("Nothing here fits: take a filter off, or turn to a later as-of date.")
        return
    uses = {name: _use(analyst, passages[0], day) for name, passages in documents.items()}
    columns = dict(COLUMNS)
    if set(uses.values()) == {USED}:
        del columns["use"]
    rows = [
        dict(zip(COLUMNS, _row(name, passages, uses[name]), strict=True))
        for name, passages in documents.items()
    ]
    show_rows(columns, rows, alt="Documents of the library")
    name = st.selectbox(
        "Open", list(documents), index=None, key="document", placeholder="a document",
    )  # fmt: skip
    if name is not None:
        if uses[name] != USED:
            show_notice("info", f"As of {day}: {uses[name]}.")
        _open(analyst, name)


def _found(analyst: Analyst, words: str, until: date) -> Sequence[Passage]:
    """What was published up to that day, or has no date; the newest or the nearest first."""
    if words.strip():
        return analyst.search(words, as_of=until, limit=30, undated=True)
    held = (p for p in analyst.library.passages if p.day <= until)
    return sorted(held, key=lambda p: p.day, reverse=True)


def _counted(analyst: Analyst, shown: int, day: date) -> str:
    """How many documents are shown, and how many of the library no answer of that day uses."""
    later = len({p.document for p in analyst.library.passages if p.day > day})
    told = many(shown, "document")
    if not later:
        return told
    was = "was" if later == 1 else "were"
    return f"{told}. {later} of the library {was} published after {day}: not used in answers."


def _use(analyst: Analyst, passage: Passage, day: date) -> str:
    """Whether answers as of that day use a document."""
    if passage.published is None:
        return USED if analyst.library.undated else "no date, not used"
    return USED if passage.published <= day else "later, not used"


def _documents(passages: Sequence[Passage]) -> dict[str, list[Passage]]:
    documents: dict[str, list[Passage]] = {}
    for passage in passages:
        documents.setdefault(passage.document, []).append(passage)
    return documents


def _row(name: str, passages: Sequence[Passage], use: str) -> tuple[object, ...]:
    one = passages[0]
    also = len(one.origins)
    return (
        one.published, use, one.title, one.firm or "", one.author or "", one.stance or "",
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

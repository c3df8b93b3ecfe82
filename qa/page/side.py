"""The side of the page: the day looked from, what is used, threads, and taking commentary in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import streamlit as st

from qa import Analyst, TapecheckError
from qa.commentary.sources import KNOWN
from qa.market.sessions import last_session, sessions_between
from qa.page.chat import open_thread
from qa.page.door import open_analyst
from qa.page.text import many, show_lines, show_notice

if TYPE_CHECKING:
    from qa.commentary.ingest import Report

LONGEST_NAME = 100


def show_side(analyst: Analyst) -> date | None:
    """Draw the side; returns the as-of date that was chosen."""
    source = analyst.market.source
    first, last = source.span()
    today = date.today()
    st.session_state.setdefault("as_of", min(last, today))
    with st.sidebar:
        as_of = st.date_input(
            "As of", min_value=first, max_value=today, key="as_of", format="YYYY-MM-DD",
            help="Nothing later than this day is used: no price, no commentary.",
        )  # fmt: skip
        if source.sample:
            show_notice("warning", "Sample prices, not real ones.")
        show_lines(
            f"Tape: {source.name} ({analyst.market.why})",
            freshness(last, today),
            f"Model: {analyst.settings.chosen_model}",
            f"Commentary: {_corpus(analyst)}",
        )
        for problem in analyst.library.problems:
            show_notice("warning", problem)
        _threads(analyst)
        _upload(analyst)
    return as_of if isinstance(as_of, date) else None


def _corpus(analyst: Analyst) -> str:
    documents = {passage.document for passage in analyst.library.passages}
    return f"{many(analyst.library.size, 'passage')} of {many(len(documents), 'document')}"


def freshness(last: date, today: date) -> str:
    """How far the tape reaches, and how many sessions that is behind."""
    behind = len(sessions_between(last, last_session(today))) - 1 if last < today else 0
    if behind <= 0:
        return f"Prices to {last}, complete"
    return f"Prices to {last}, {behind} session{'s' * (behind > 1)} behind"


def _threads(analyst: Analyst) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.button("New thread", key="new", icon=":material/add:", on_click=open_thread,
                  args=(None,))  # fmt: skip
        kept = st.popover("Threads", key="threads", icon=":material/forum:", on_change="rerun")
    if not kept.open:
        return
    with kept:
        st.caption("All who use this page see all threads.")
        found = {thread.name: thread for thread in analyst.threads.names()}
        if not found:
            st.caption("No thread has been kept yet.")
            return
        chosen = st.selectbox(
            "Thread", list(found), key="thread-chosen",
            format_func=lambda n: f"{found[n].last:%Y-%m-%d %H:%M} {found[n].first}",
        )  # fmt: skip
        st.button("Open", key="thread-open", on_click=open_thread, args=(chosen,))
        st.button("Forget it", key="thread-forget", on_click=_forget, args=(analyst, chosen))


def _forget(analyst: Analyst, name: str) -> None:
    try:
        analyst.threads.remove(name)
    except TapecheckError as error:
        st.session_state.problem = str(error)
        return
    if st.session_state.get("thread") == name:
        open_thread(None)


def _upload(analyst: Analyst) -> None:
    with st.form("upload", clear_on_submit=True, border=False):
        files = st.file_uploader(
            "Add commentary", type=[suffix[1:] for suffix in KNOWN], accept_multiple_files=True,
            help="Markdown, text, HTML, PDF, Word, PowerPoint, mail, CSV, JSON Lines. All who use "
            "this page are answered from it.",
        )  # fmt: skip
        sent = st.form_submit_button("Take in", icon=":material/upload_file:")
    if sent and files:
        _take_in(analyst, files)
    elif sent:
        show_notice("info", "Choose a file first.")


def _take_in(analyst: Analyst, files: Sequence[Any]) -> None:
    """Ingest by an analyst of its own: sessions at work keep the library that they have."""
    folder = analyst.settings.threads.parent / "uploads"
    bar = st.progress(0.0, text="Reading")
    try:
        paths = [_saved(folder, file) for file in files]
        report = Analyst(**_same(analyst)).ingest(
            paths,
            progress=lambda stage, done, total: _advance(bar, stage, done, total),
        )
    except (TapecheckError, OSError) as error:
        show_notice("error", error)
        return
    finally:
        bar.empty()
    open_analyst.clear()
    for kind, words in outcome(report):
        show_notice(kind, words)


def _same(analyst: Analyst) -> dict[str, Any]:
    """The settings of an analyst, for another that uses the same store."""
    settings = analyst.settings
    return {"store": settings.store, "corpus": settings.corpus, "embedder": settings.embedder}


def _advance(bar: Any, stage: str, done: int, total: int) -> None:
    words = "Reading" if stage == "reading" else "Indexing"
    bar.progress(done / total if total else 1.0, text=f"{words} {done} of {total}")


def _saved(folder: Path, file: Any) -> Path:
    """The upload as a file under a name that can't lead elsewhere."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / safe_name(file.name)
    path.write_bytes(file.getbuffer())
    return path


def safe_name(name: str) -> str:
    """A file's name without folders, leading dots and signs that mean something elsewhere."""
    last = PurePath(name.replace("\\", "/")).name
    kept = re.sub(r"[^\w.,()+ -]", "_", last).lstrip(". -")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[:LONGEST_NAME] or 'upload'}{dot}{suffix[:10]}" if dot else kept or "upload"


def outcome(report: Report) -> list[tuple[str, str]]:
    """What came of an ingest, a notice each."""
    new = report.taken_in + report.replaced
    words = f"{many(new, 'document')} taken in, {many(report.passages, 'passage')}."
    told = [("success", words)] if new else []
    if report.unchanged or report.duplicates:
        held = many(report.unchanged + report.duplicates, "document")
        told.append(("info", f"Held already: {held}."))
    if report.undated:
        names = ", ".join(report.undated)
        told.append(("warning", f"Without a date, so left out of dated answers: {names}."))
    return [*told, *(("error", problem) for problem in report.problems)]

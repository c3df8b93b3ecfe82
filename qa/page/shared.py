"""A shared answer: its JSON opened on the page and executed again before it is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st
from pydantic import ValidationError

from qa import Analyst, Answer, Passage, TapecheckError
from qa.checking.auditing.beside import telling
from qa.checking.replay import Replay, read_answer
from qa.errors import UsageError
from qa.page.shown import show_answer
from qa.page.text import show_notice
from qa.report.replayed import replay_lines


def show_shared(analyst: Analyst, as_of: date | None) -> None:
    """Ask for the file, say whether it holds on its own day, and show it."""
    file = st.file_uploader("An answer saved as JSON", type="json", key="shared")
    if file is None:
        st.caption("Every metric is computed again and every sentence checked again.")
        return
    try:
        answer, found = _tried(analyst, file)
    except TapecheckError as error:
        show_notice("error", error)
        return
    kind = "success" if found.holds else "error"
    show_notice(kind, "\n".join(replay_lines(found)))
    show_answer(analyst, answer, f"shared-{file.file_id}", rated=False)


def _tried(analyst: Analyst, file: Any) -> tuple[Answer, Replay]:
    """The answer and what came of executing it again, once for each upload."""
    kept = st.session_state.get("tried")
    if kept is None or kept[0] != file.file_id:
        answer = _read(file)
        sample = answer.sample_data and not analyst.market.source.sample
        judge = Analyst(market="sample") if sample else analyst
        kept = st.session_state.tried = (file.file_id, answer, judge.verify(answer))
    return kept[1], kept[2]


def _read(file: Any) -> Answer:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answer.json"
        path.write_bytes(file.getbuffer())
        answer = read_answer(path)
    try:
        for evidence in answer.evidence:
            if isinstance(evidence, Passage):
                telling(evidence)
    except ValidationError as error:
        raise UsageError(
            "answer.json is not an answer as Tapecheck writes it: the audit of a passage has "
            "another form; save the answer again."
        ) from error
    return answer

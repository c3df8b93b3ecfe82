"""The views of the desk, and which of them is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from qa import Analyst, TapecheckError
from qa.page.chat import show_chat, turns_of
from qa.page.compare import show_compare
from qa.page.door import admitted, open_analyst, read
from qa.page.evaluation import show_evaluation
from qa.page.library import show_library
from qa.page.shared import show_shared
from qa.page.side import show_side
from qa.page.text import show_notice
from qa.page.track_record import show_track_record
from qa.page.watch import show_watch_list

VIEWS: dict[str, Callable[[Analyst, date | None], None]] = {
    "Ask": show_chat,
    "Compare": show_compare,
    "Library": show_library,
    "Watch list": show_watch_list,
    "Track record": show_track_record,
    "Evaluation": show_evaluation,
    "Open an answer": show_shared,
}


def show_views() -> None:
    """All below the title; an error of ours is one sentence on it."""
    try:
        if not admitted(read()):
            return
        analyst = open_analyst()
        turns_of(analyst)
        as_of = show_side(analyst)
        st.session_state.setdefault("view", "Ask")  # a button that asks turns to it
        view = st.pills(
            "View", list(VIEWS), required=True, key="view", label_visibility="collapsed"
        )
        VIEWS[str(view)](analyst, as_of)
    except TapecheckError as error:
        show_notice("error", error)

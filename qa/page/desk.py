"""The desk: the door, the side, and the view that was chosen."""

from __future__ import annotations

import streamlit as st

from qa import TapecheckError
from qa.page.chat import show_chat, turns_of
from qa.page.door import admitted, open_analyst, read
from qa.page.library import show_library
from qa.page.shared import show_shared
from qa.page.side import show_side
from qa.page.text import show_notice, show_style
from qa.page.watch import show_watch_list

VIEWS = ("Ask", "Library", "Watch list", "Open an answer")


def show_desk() -> None:
    """The page, from top to bottom; an error of ours is one sentence on it."""
    st.set_page_config(page_title="Tapecheck", page_icon="📎")
    show_style()
    st.title("Tapecheck")
    try:
        if not admitted(read()):
            return
        analyst = open_analyst()
        turns_of(analyst)
        as_of = show_side(analyst)
        view = st.segmented_control(
            "View", VIEWS, default=VIEWS[0], required=True, key="view",
            label_visibility="collapsed",
        )  # fmt: skip
        if view == "Library":
            show_library(analyst, as_of)
        elif view == "Watch list":
            show_watch_list(analyst, as_of)
        elif view == "Open an answer":
            show_shared(analyst)
        else:
            show_chat(analyst, as_of)
    except TapecheckError as error:
        show_notice("error", error)

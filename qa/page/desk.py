"""The desk: title, door, the views by name and the question box at once; behind them the rest."""

from __future__ import annotations

import streamlit as st

from qa import TapecheckError
from qa.page.asking import Box, show_box
from qa.page.text import show_notice, show_style

VIEWS = (
    "Ask", "Compare", "Library", "Watch list", "Track record", "Evaluation", "Open an answer",
)  # fmt: skip


def show_desk() -> None:
    """The page, from top to bottom; an error of ours is one sentence on it."""
    st.set_page_config(page_title="Tapecheck", page_icon="📎")
    show_style()
    st.title("Tapecheck", anchor=False)
    # What is imported here and below takes seconds in a new server: after what stands above it.
    from qa.page.door import admitted
    from qa.settings import read_settings

    try:
        if admitted(read_settings()):
            _show()
    except TapecheckError as error:
        show_notice("error", error)


def _show() -> None:
    """The box is there to be typed in while the tape and the commentary are opened."""
    top, side = st.empty(), st.sidebar.empty()
    with top.container():
        st.session_state.setdefault("view", "Ask")  # a button that asks turns to it
        view = st.pills("View", VIEWS, required=True, key="view", label_visibility="collapsed")
        box = show_box() if view == "Ask" else Box()
    side.caption("Opening ...")  # the page keeps its width when the side fills
    try:
        from qa.page.views import opened, show_view

        analyst, as_of = opened()
    except TapecheckError as error:
        top.empty()  # nothing can be asked or looked at
        show_notice("error", error)
        st.button("Try again", key="reopen")
        return
    finally:
        side.empty()
    if problem := st.session_state.pop("problem", None):  # of what ran before the page
        show_notice("error", problem)
    show_view(str(view), analyst, as_of, box)

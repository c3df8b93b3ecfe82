"""Questions on their way: the box, the examples under it, and what a button asks."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

EXAMPLES = (
    "Is the Russell 2000 rally sustainable?",
    "How did the Russell 2000 do against the other US indices since December?",
    "What is Jefferies' year-end target and what upside does it imply?",
    "What do the skeptics say about small caps?",
)


class Box(NamedTuple):
    """What came out of the question box: a question, or examples offered under it."""

    asked: str | None = None
    offered: bool = False


def show_box() -> Box:
    """Draw the box; where nothing is asked and no thread is open, examples too.

    In its place, not pinned: a pinned box scrolls the page to its end. It takes text of any length,
    since one with a limit lets a longer paste fall without a word.
    """
    with st.container():
        asked = st.chat_input("Ask a question", key="question")
    asked = asked or pending()
    state = st.session_state
    thread = state.thread if "thread" in state else st.query_params.get("thread")
    if asked or thread or "stopped" in state or "asking" in state:
        return Box(asked)
    show_examples()
    return Box(offered=True)


def show_examples() -> None:
    """Questions to begin with, each a button."""
    st.caption("Every statement is cited, every figure is checked. For example:")
    for place, example in enumerate(EXAMPLES):
        st.button(example, key=f"example-{place}", on_click=pend, args=(example,))


def pend(question: str) -> None:
    """Ask this on the next run, in the view of the conversation."""
    st.session_state.pending = question
    st.session_state.view = "Ask"


def pending() -> str | None:
    """The question that waits, taken."""
    waiting: str | None = st.session_state.pop("pending", None)
    return waiting


def go_on() -> None:
    """Run the whole page when a question waits: a button inside a fragment runs that alone."""
    if "pending" in st.session_state:
        st.rerun(scope="app")

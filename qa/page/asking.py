"""A question that a button asks: it waits for the next run of the page."""

from __future__ import annotations

import streamlit as st


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

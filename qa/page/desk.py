"""The desk: the title at once, then the door, the side, and the view that was chosen."""

from __future__ import annotations

import streamlit as st

from qa.page.text import show_style


def show_desk() -> None:
    """The page, from top to bottom."""
    st.set_page_config(page_title="Tapecheck", page_icon="📎")
    show_style()
    st.title("Tapecheck")
    # Imported behind the title: in a new server that takes longer than everything above.
    from qa.page.views import show_views

    show_views()

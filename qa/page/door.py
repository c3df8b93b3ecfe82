"""What stands before the page: a password where one is set, and the one analyst of the server."""

from __future__ import annotations

import hmac

import streamlit as st

from qa import Analyst
from qa.page.text import show_notice
from qa.settings import Settings, read_settings


@st.cache_resource(show_spinner="Taking in commentary ...")
def open_analyst() -> Analyst:
    """One analyst for all sessions: store, tape and threads are opened once.

    Whatever changes the store clears this; sessions at work go on with the one that they have.
    """
    analyst = Analyst()
    analyst.library.prepare()
    analyst.market  # noqa: B018  opened here, under the lock of the cache
    analyst.threads  # noqa: B018
    return analyst


def read() -> Settings:
    """The settings, without opening anything."""
    return read_settings()


def admitted(settings: Settings) -> bool:
    """Whether the page may be shown: no password is set, or this session gave it."""
    if settings.password is None or st.session_state.get("admitted"):
        return True
    with st.form("door"):
        given = st.text_input("Password", type="password")
        asked = st.form_submit_button("Enter")
    wanted = settings.password.get_secret_value()
    if asked and hmac.compare_digest(given.encode(), wanted.encode()):
        st.session_state.admitted = True
        st.rerun()
    if asked:
        show_notice("error", "That is not the password; it is what TAPECHECK_PASSWORD says.")
    return False

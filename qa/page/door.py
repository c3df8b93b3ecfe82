"""What stands before the page: a password where one is set, and the one analyst of the server."""

from __future__ import annotations

import hmac
import math
import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from qa.page.text import show_notice
from qa.settings import Settings

if TYPE_CHECKING:
    from qa import Analyst

MOST_TRIES = 5
SECONDS = 60.0


class Tries:
    """Wrong passwords of all sessions: too many in a minute, and the door stays shut for one.

    One count for everybody: where a visitor comes from can be made up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._wrong: deque[float] = deque(maxlen=MOST_TRIES)
        self._shut_until = -math.inf

    def judge(self, right: bool) -> str | None:
        """Why a try is refused, in a sentence; None for the right password at an open door."""
        with self._lock:
            now = self._clock()
            if now < self._shut_until:
                left = math.ceil(self._shut_until - now)
                return f"Too many wrong passwords were given: try again in {left} seconds."
            if right:
                return None
            self._wrong.append(now)
            if len(self._wrong) == MOST_TRIES and now - self._wrong[0] <= SECONDS:
                self._wrong.clear()
                self._shut_until = now + SECONDS
            return "That is not the password; it is what TAPECHECK_PASSWORD says."


@st.cache_resource(show_spinner="Opening the tape and the commentary ...")
def open_analyst() -> Analyst:
    """One analyst for all sessions: store, tape and threads are opened once.

    Whatever changes the store clears this; sessions at work go on with the one that they have.
    """
    from qa import Analyst  # the door stands before the import of what answers

    analyst = Analyst()
    analyst.library.prepare()
    analyst.market  # noqa: B018  opened here, under the lock of the cache
    analyst.threads  # noqa: B018
    return analyst


@st.cache_resource(show_spinner=False)
def _tries() -> Tries:
    return Tries()


def admitted(settings: Settings) -> bool:
    """Whether the page may be shown: no password is set, or this session gave it."""
    if settings.password is None or st.session_state.get("admitted"):
        return True
    with st.form("door"):
        given = st.text_input("Password", type="password")
        asked = st.form_submit_button("Enter")
    if not asked:
        return False
    wanted = settings.password.get_secret_value()
    refused = _tries().judge(hmac.compare_digest(given.encode(), wanted.encode()))
    if refused is None:
        st.session_state.admitted = True
        st.rerun()
    show_notice("error", refused)
    return False

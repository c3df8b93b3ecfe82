"""The conversation: questions and checked answers of one thread, and the next question."""

from __future__ import annotations

import re
from datetime import date
from secrets import token_hex

import streamlit as st

from qa import Analyst, Answer, TapecheckError
from qa.analyst import LONGEST_QUESTION
from qa.page.shown import show_answer
from qa.page.steps import show_stopped, work
from qa.page.text import show_line, show_notice

EXAMPLES = (
    "Is the Russell 2000 rally sustainable?",
    "How did the Russell 2000 do against the other US indices since December?",
    "What is Jefferies' year-end target and what upside does it imply?",
    "What do the skeptics say about small caps?",
)


def open_thread(name: str | None) -> None:
    """Turn to a thread, or with None to a new one; the address of the page follows."""
    st.session_state.thread = name
    st.session_state.pop("turns", None)
    if name is None:
        st.query_params.pop("thread", None)
    else:
        st.query_params["thread"] = name


def turns_of(analyst: Analyst) -> list[Answer]:
    """The answers of this session's thread, read when it is opened; the address names it."""
    if "thread" not in st.session_state:
        st.session_state.thread = st.query_params.get("thread")
    if "turns" not in st.session_state:
        name = st.session_state.thread
        turns = analyst.threads.answers(name) if name else []
        st.session_state.turns = turns
        if turns:
            st.session_state.as_of = turns[-1].question.as_of
    found: list[Answer] = st.session_state.turns
    return found


def show_chat(analyst: Analyst, as_of: date | None) -> None:
    """The question box, under it the newest turn, and below that the earlier ones, folded."""
    turns = turns_of(analyst)
    with st.container():  # in its place, not pinned: a pinned box scrolls the page to its end
        asked = st.chat_input("Ask a question", max_chars=LONGEST_QUESTION, key="question")
    asked = asked or st.session_state.pop("pending", None)
    show_stopped()
    earlier = list(enumerate(turns))
    if asked:
        _ask(analyst, asked, as_of)
    elif not turns:
        _examples()
    else:
        place, answer = earlier.pop()
        _turn(analyst, answer, place, last=True)
        st.button(
            "Ask again", key="again", icon=":material/refresh:", on_click=_pend,
            args=(answer.question.text,),
        )  # fmt: skip
    for place, answer in reversed(earlier):
        _turn(analyst, answer, place, last=False)


def _examples() -> None:
    st.caption("Every statement is cited, every figure is checked. For example:")
    for place, example in enumerate(EXAMPLES):
        st.button(example, key=f"example-{place}", on_click=_pend, args=(example,))


def _pend(question: str) -> None:
    st.session_state.pending = question


def _turn(analyst: Analyst, answer: Answer, place: int, *, last: bool) -> None:
    """A question with its answer; those before the last are folded until they are opened."""
    with st.chat_message("user"):
        show_line(answer.question.text, "tc-question")
    with st.chat_message("assistant"):
        if last:
            show_answer(analyst, answer, f"turn-{place}")
            return
        show_line(answer.verdict.why or "\n".join(c.text for c in answer.claims[:1]))
        with st.expander("The whole answer", key=f"whole-{place}", on_change="rerun") as whole:
            if whole.open:
                show_answer(analyst, answer, f"turn-{place}")


def _ask(analyst: Analyst, question: str, as_of: date | None) -> None:
    name = st.session_state.thread or new_name(question)
    place = len(st.session_state.turns)
    with st.chat_message("user"):
        show_line(question, "tc-question")
    with st.chat_message("assistant"):
        try:
            answer = work(analyst, question, as_of=as_of, thread=name)
        except TapecheckError as error:
            show_notice("error", error)
            st.button("Try again", key="retry", on_click=_pend, args=(question,))
            return
        if answer is None:
            return
        st.session_state.turns.append(answer)
        st.session_state.thread = st.query_params["thread"] = name
        show_answer(analyst, answer, f"turn-{place}")


def new_name(question: str) -> str:
    """A name for a thread that begins with this question, unlike any other."""
    words = re.sub(r"[^\w ]+", "", question)[:48].strip()
    return f"{words or 'thread'} {token_hex(4)}"

"""The conversation: questions and checked answers of one thread, and the next question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from secrets import token_hex

import streamlit as st

from qa import Analyst, Answer, TapecheckError
from qa.agent.threads import rounds
from qa.errors import UsageError
from qa.page.asking import Box, pend, show_examples
from qa.page.shown import show_answer
from qa.page.steps import show_stopped, work
from qa.page.text import show_line, show_notice

STOPPED = "Stopped. The answer, if one came before that, is in the thread."
LEFT = "The page was used before the answer came, and the question given up."


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
        turns = _kept(analyst, st.session_state.thread)
        st.session_state.turns = turns
        if turns:
            st.session_state.as_of = turns[-1].question.as_of
    found: list[Answer] = st.session_state.turns
    return found


def _kept(analyst: Analyst, name: str | None) -> list[Answer]:
    """The answers of a thread; where there are none that is said, and a new thread begins."""
    if not name:
        return []
    try:
        turns = analyst.threads.answers(name)
    except TapecheckError as error:
        turns = []
        st.session_state.problem = str(error)
    else:
        if not turns:
            st.session_state.problem = f"No thread is kept under {name!r}; here begins a new one."
    if not turns:
        open_thread(None)
    return turns


def show_chat(analyst: Analyst, as_of: date | None, box: Box) -> None:
    """Under the question box the newest turn, and below that the earlier ones, folded."""
    asked = box.asked
    _given_up(analyst, asked)
    given = rounds(turns_of(analyst))
    if asked:
        again = given.pop() if given and _same(given[-1][-1], asked, as_of) else []
        _ask(analyst, asked, as_of, again)
    elif given:
        *again, answer = given.pop()
        _turn(analyst, answer, last=True)
        st.button(
            "Ask again", key="again", icon=":material/refresh:", on_click=pend,
            args=(answer.question.text,),
        )  # fmt: skip
        _replaced(analyst, again)
    elif not box.offered:
        show_examples()
    for *again, answer in reversed(given):
        _turn(analyst, answer, last=False)
        _replaced(analyst, again)


def _given_up(analyst: Analyst, asked: str | None) -> None:
    """Say that a question was stopped, by its button or by another use of the page; offer it."""
    left = st.session_state.pop("asking", None)
    stopped = show_stopped(STOPPED)
    if (stopped or left) and st.session_state.thread:
        st.session_state.turns = analyst.threads.answers(st.session_state.thread)
    if left and not asked:
        if not stopped:
            show_notice("info", LEFT)
        st.button("Try again", key="retry", on_click=pend, args=(left,))


def _same(answer: Answer, asked: str, as_of: date | None) -> bool:
    """Whether the question is that of an answer: it is then asked again."""
    return (answer.question.text, answer.question.as_of) == (" ".join(asked.split()), as_of)


def _key(answer: Answer) -> str:
    """An answer's key on the page: its place in the thread."""
    return f"turn-{next(n for n, a in enumerate(st.session_state.turns) if a is answer)}"


def _turn(analyst: Analyst, answer: Answer, *, last: bool) -> None:
    """A question with its answer; those before the last are folded until they are opened."""
    with st.chat_message("user"):
        show_line(answer.question.text, "tc-question")
    with st.chat_message("assistant"):
        if last:
            show_answer(analyst, answer, _key(answer))
            return
        show_line(answer.verdict.why or "\n".join(c.text for c in answer.claims[:1]))
        _folded(analyst, answer, "The whole answer")


def _replaced(analyst: Analyst, answers: Sequence[Answer]) -> None:
    """The answers that a question had before it was asked again, the newest first."""
    for answer in reversed(answers):
        _folded(analyst, answer, "Earlier answer")


def _folded(analyst: Analyst, answer: Answer, label: str) -> None:
    key = _key(answer)
    with st.expander(label, key=f"whole-{key}", on_change="rerun") as whole:
        if whole.open:
            show_answer(analyst, answer, key)


def _ask(analyst: Analyst, question: str, as_of: date | None, again: Sequence[Answer]) -> None:
    """Work on a question and show its answer; `again` are those that it had before."""
    name = st.session_state.thread or new_name(question)
    with st.chat_message("user"):
        show_line(question, "tc-question")
    with st.chat_message("assistant"):
        st.session_state.asking = question
        try:
            answer = work(analyst, question, as_of=as_of, thread=name)
        except TapecheckError as error:
            show_notice("error", error)
            if not isinstance(error, UsageError):  # the same again would fail again
                st.button("Try again", key="retry", on_click=pend, args=(question,))
            answer = None
        del st.session_state["asking"]  # left there by whatever ends this run before
        if answer is not None:
            st.session_state.turns.append(answer)
            st.session_state.thread = st.query_params["thread"] = name
            show_answer(analyst, answer, _key(answer))
    _replaced(analyst, again)


def new_name(question: str) -> str:
    """A name for a thread that begins with this question, unlike any other."""
    words = re.sub(r"[^\w ]+", "", question)[:48].strip()
    return f"{words or 'thread'} {token_hex(4)}"

"""The page before its tape and commentary are open, and when something fails around the view."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from page import html_of, text_of, view

from qa import WatchList
from qa.agent.threads import Threads
from qa.errors import BadSettings, StoreLocked
from qa.page import views

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

LOCKED = "Another process is writing."


def fails(*_: object) -> None:
    raise StoreLocked(LOCKED)


def test_the_box_and_the_examples_stand_before_anything_is_opened(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "opened", st.stop)
    page.run()
    assert page.chat_input
    assert [button.key for button in page.button] == [f"example-{n}" for n in range(4)]
    assert page.pills("view").value == "Ask"
    assert not page.date_input


def test_a_store_that_is_locked_leaves_one_sentence_and_a_way_back(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(views, "opened", fails)
        page.run()
        assert not page.exception
        assert LOCKED in text_of(page)
        assert not page.chat_input
        assert [button.label for button in page.button] == ["Try again"]
    page.button("reopen").click().run()
    assert LOCKED not in text_of(page)
    assert page.chat_input


@pytest.mark.parametrize(
    ("name", "words"),
    [("nothing", "No thread is kept under 'nothing'"), ("../../etc", "can't name a thread")],
)
def test_an_address_of_no_thread_is_said_and_a_new_one_begins(
    page: AppTest, name: str, words: str
) -> None:
    page.query_params["thread"] = name
    page.run()
    assert words in text_of(page)
    assert "thread" not in page.query_params
    assert page.button("example-0")
    page.chat_input[0].set_value("Where did the Russell 2000 close?").run()
    assert words not in text_of(page)
    assert "2,669.16" in text_of(page)


def test_a_question_too_long_is_refused_and_not_offered_again(page: AppTest) -> None:
    page.run()
    page.chat_input[0].set_value("$x$ " * 5_000).run()
    assert not page.exception
    assert "The question has 19999 characters; ask it in 2000 or fewer." in text_of(page)
    assert page.status[0].label == "No answer"
    assert not {"Try again", "Stop"} & {button.label for button in page.button}


def test_a_question_that_the_page_was_used_under_is_offered_again(page: AppTest) -> None:
    page.run()
    page.session_state["asking"] = "Where did the Russell 2000 close?"  # as a run cut off leaves it
    page.run()
    assert "The page was used before the answer came" in text_of(page)
    page.button("retry").click().run()
    assert "2,669.16" in text_of(page)
    page.run()
    assert "The page was used" not in text_of(page)


def test_a_thread_that_can_not_be_forgotten_is_said(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page.run()
    page.chat_input[0].set_value("Where did the Russell 2000 close?").run()
    page.session_state["threads"] = True
    page.run()
    monkeypatch.setattr(Threads, "remove", fails)
    page.button("thread-forget").click().run()
    assert not page.exception
    assert LOCKED in text_of(page)


def test_a_rule_that_can_not_be_removed_is_said(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    view(page, "Watch list")
    page.text_input[0].input("VIX above 20")
    next(button for button in page.button if button.label == "Watch").click().run()

    def refuse(self: WatchList, number: int) -> None:
        raise BadSettings("The list is not yours.")

    monkeypatch.setattr(WatchList, "remove", refuse)
    page.button("remove-now").click().run()
    assert "The list is not yours." in text_of(page)
    assert "VIX above 20" in text_of(page)


def test_sources_are_lines_that_unfold(page: AppTest) -> None:
    page.run()
    page.chat_input[0].set_value("Where did the Russell 2000 close?").run()
    page.session_state["tabs-turn-0"] = "Sources"
    page.run()
    listed = html_of(page).split("<h3>Sources</h3>")[1]
    assert "<summary><strong>technicals</strong>, ^RUT, " in listed
    assert "Definition" in listed

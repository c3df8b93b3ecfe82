"""The page in every state: empty, answered, partial, tape or model down, sample, hostile text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from page import asked, html_of, new_page, text_of
from streamlit.testing.v1 import AppTest
from test_html import HOSTILE, Tags
from test_markdown import answer

from qa.agent.threads import Threads
from qa.domain import Claim, Question

CLOSE = "Where did the Russell 2000 close?"


def in_thread(page: AppTest, tmp_path: Path, **changed) -> AppTest:
    """The page opened at a thread that holds one answer."""
    threads = Threads(tmp_path / "threads.sqlite")
    threads.add("desk", answer(**changed))
    threads.close()
    page.query_params["thread"] = "desk"
    page.run()
    assert not page.exception
    return page


def test_an_empty_page_offers_examples_and_says_what_is_used(page):
    page.run()
    assert not page.exception
    assert "Is the Russell 2000 rally sustainable?" in [button.label for button in page.button]
    side = text_of(page)
    assert "Sample prices, not real ones." in side
    assert "Model: offline" in side
    assert "Prices to 2026-01-23" in side
    assert page.date_input[0].value == date(2026, 1, 23)


def test_a_question_is_answered_with_marks_sources_and_the_sample_label(page):
    asked(page, CLOSE)
    text = text_of(page)
    assert "2,669.16" in text
    assert "Computed from the tape" in text
    assert "Not real prices" in text
    assert page.status[0].label == "Checked"
    assert page.status[0].state == "complete"
    assert "technicals" in text  # the steps stay to be opened
    assert {b.label for b in page.get("download_button")} == {"Markdown", "HTML", "JSON"}


def test_an_example_is_one_click(page):
    page.run()
    page.button("example-2").click().run()
    assert not page.exception
    assert "2,825" in text_of(page)


def test_a_thread_is_found_again_after_a_restart(page):
    asked(page, CLOSE)
    name = page.query_params["thread"]
    st.cache_resource.clear()
    again = new_page()
    again.query_params["thread"] = name
    again.run()
    assert not again.exception
    assert CLOSE in text_of(again)
    assert "2,669.16" in text_of(again)


def test_a_follow_up_stands_above_the_turn_before(page):
    asked(page, "How did the Russell 2000 do in December 2025?")
    page.chat_input[0].set_value("And the Dow?").run()
    assert not page.exception
    text = text_of(page)
    assert text.index("And the Dow?") < text.index("How did the Russell 2000 do")
    assert [e.label for e in page.expander] == ["The whole answer"]


def test_two_sessions_do_not_mix(page):
    other = new_page()
    asked(page, CLOSE)
    asked(other, "What is Jefferies' year-end target and what upside does it imply?")
    assert page.query_params["thread"] != other.query_params["thread"]
    page.run()
    assert "Jefferies" not in text_of(page)
    assert "2,825" in text_of(other)


def test_a_new_thread_is_empty_and_a_forgotten_one_is_gone(page, tmp_path):
    in_thread(page, tmp_path)
    page.button("new").click().run()
    assert "thread" not in page.query_params
    assert "It gained" not in text_of(page)
    page.query_params["thread"] = "../../etc"
    again = new_page()
    again.query_params["thread"] = "../../etc"
    again.run()
    assert not again.exception
    assert "can't name a thread" in text_of(again)


def test_what_could_not_be_verified_is_on_the_page(page, tmp_path):
    in_thread(page, tmp_path)
    text = text_of(page)
    assert "Could not be verified" in text
    assert "no evidence holds it (in a sentence left out)" in text
    assert "Earnings are not on the tape." in text


def test_hostile_text_stays_text_and_no_widget_reads_it(page, tmp_path):
    in_thread(
        page, tmp_path,
        question=Question(text=HOSTILE, as_of=date(2026, 1, 23)),
        claims=(Claim(section="bulls", text=f"{HOSTILE} [1]", evidence=()),),
        notes=(HOSTILE,), unanswered=(HOSTILE,), market=HOSTILE,
    )  # fmt: skip
    found = Tags(html_of(page))
    assert {tag for tag, _ in found.found}.isdisjoint({"script", "img", "a", "iframe"})
    assert found.text.count("<script>alert(1)</script>") >= 4
    reading = [*page.markdown, *page.caption, *page.button, *page.expander, *page.tabs]
    assert "alert(1)" not in " ".join(str(getattr(e, "label", "")) + str(getattr(e, "value", ""))
                                      for e in reading)  # fmt: skip


@pytest.mark.parametrize(
    ("market", "words"),
    [("nowhere", "not known"), ("folder:/nowhere/at/all", "/nowhere/at/all")],
)
def test_a_tape_that_is_not_there_is_one_sentence(page, monkeypatch, market, words):
    monkeypatch.setenv("TAPECHECK_MARKET", market)
    page.run()
    assert not page.exception
    assert 'role="alert"' in html_of(page)
    assert not page.chat_input
    assert words in text_of(page)


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("fallback", ["none", "offline"])
def test_a_model_that_is_down_is_said(page, monkeypatch, fallback):
    monkeypatch.setenv("TAPECHECK_MODEL", "openai:nothing")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("TAPECHECK_RETRIES", "0")
    monkeypatch.setenv("TAPECHECK_FALLBACK", fallback)
    asked(page, CLOSE)
    text = text_of(page)
    if fallback == "none":
        assert "can't answer" in text
        assert page.button("retry").label == "Try again"
        assert "thread" not in page.query_params
    else:
        assert "did not answer" in text
        assert "2,669.16" in text


def test_a_question_that_is_none_is_said(page):
    asked(page, "???")
    assert "The question is empty" in text_of(page)


def test_a_password_stands_before_everything(page, monkeypatch):
    monkeypatch.setenv("TAPECHECK_PASSWORD", "open sesame")
    page.run()
    assert not page.chat_input
    assert "Model:" not in text_of(page)
    page.text_input[0].input("wrong")
    page.button[0].click().run()
    assert "not the password" in text_of(page)
    assert not page.chat_input
    page.text_input[0].input("open sesame")
    page.button[0].click().run()
    assert page.chat_input
    assert "open sesame" not in text_of(page)


def test_an_earlier_day_is_what_the_answer_looks_from(page):
    page.run()
    page.date_input[0].set_value(date(2025, 12, 31)).run()
    asked(page, CLOSE)
    assert "As of Wednesday 2025-12-31" in text_of(page)
    assert "2,669.16" not in text_of(page)


def test_charts_are_drawn_when_their_tab_is_opened(page):
    asked(page, "Is the Russell 2000 rally sustainable?")
    assert not page.get("plotly_chart")
    page.session_state["tabs-turn-0"] = "Charts"
    page.run()
    assert not page.exception
    assert len(page.get("plotly_chart")) >= 4


def test_a_rule_of_an_answer_is_put_on_the_watch_list(page, tmp_path):
    asked(page, "Is the Russell 2000 rally sustainable?")
    page.session_state["tabs-turn-0"] = "Signals"
    page.run()
    page.button("watch-turn-0").click().run()
    assert not page.exception
    kept = json.loads((tmp_path / "tapecheck" / "watchlist.json").read_text())
    assert [rule["symbol"] for rule in kept["rules"]] == ["^RUT"]
    page.pills("view").set_value("Watch list").run()
    assert not page.exception
    assert kept["rules"][0]["rule"] in text_of(page)


def test_feedback_is_kept_with_what_it_is_about(page, tmp_path):
    in_thread(page, tmp_path)
    page.feedback[0].set_value(0).run()
    page.text_input("comment-turn-0").input("the window is odd")
    page.button(next(b.key for b in page.button if b.label == "Send")).click().run()
    assert not page.exception
    (row,) = map(json.loads, (tmp_path / "feedback.jsonl").read_text().splitlines())
    assert (row["good"], row["comment"]) == (False, "the window is odd")
    assert row["question"]["text"] == "Is the Russell 2000 rally sustainable?"

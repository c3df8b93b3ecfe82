"""The page: it opens, answers, and shows what is wrong in a sentence."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).parents[1] / "ui.py")


@pytest.fixture
def page(monkeypatch, store):
    monkeypatch.setenv("TAPECHECK_STORE", store)
    monkeypatch.setenv("TAPECHECK_MARKET", "sample")
    st.cache_resource.clear()
    yield AppTest.from_file(PAGE, default_timeout=60)
    st.cache_resource.clear()


def test_a_question_is_answered_with_its_sources_and_the_sample_label(page):
    page.run()
    assert not page.exception
    page.chat_input[0].set_value("Where did the Russell 2000 close?").run()
    assert not page.exception
    text = "\n".join(block.value for block in page.markdown)
    assert "2,669.16" in text
    assert "## Sources" in text
    assert "Not real prices" in page.warning[0].value


def test_an_example_is_one_click(page):
    page.run()
    page.sidebar.radio[0].set_value(page.sidebar.radio[0].options[2]).run()
    assert "2,825" in "\n".join(block.value for block in page.markdown)


def test_a_bad_setting_is_one_sentence(page, monkeypatch):
    monkeypatch.setenv("TAPECHECK_MARKET", "nowhere")
    page.run()
    assert not page.exception
    assert "not known" in page.error[0].value

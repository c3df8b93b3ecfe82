"""What the tests of the page share: the page on the sample tape, and its text."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest
from test_html import Tags

PAGE = str(Path(__file__).parents[1] / "ui.py")


def new_page() -> AppTest:
    """A session that has not run yet."""
    return AppTest.from_file(PAGE, default_timeout=60)


def html_of(page: AppTest) -> str:
    """The page's HTML in one piece, without the sheet."""
    return "".join(block.body for block in page.html if "<style" not in block.body)


def text_of(page: AppTest) -> str:
    """All text of the page's HTML, as a reader sees it."""
    return Tags(html_of(page)).text


def asked(page: AppTest, question: str) -> AppTest:
    """The page after a question."""
    page.run()
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def view(page: AppTest, name: str) -> AppTest:
    """The page in one of its views."""
    page.run()
    page.pills("view").set_value(name).run()
    assert not page.exception
    return page

"""The library under an as-of date: what answers of that day use, and what came later."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page import text_of, view

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

NOTE = """---
title: {title}
firm: Desk
published: {published}
---

Banks lend more to small companies, and {title} is why.
"""
DAYS = {"early": "2026-01-20", "late": "2026-01-26"}


@pytest.fixture
def held(page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    """The page on a note from before its as-of date of 2026-01-23 and one from after it."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, day in DAYS.items():
        (corpus / f"{name}.md").write_text(NOTE.format(title=name, published=day))
    monkeypatch.setenv("TAPECHECK_STORE", str(tmp_path / "own"))
    monkeypatch.setenv("TAPECHECK_CORPUS", str(corpus))
    return view(page, "Library")


def uses(page: AppTest) -> dict[str, str]:
    """What the table says of the use of each title."""
    assert not page.exception
    frame = page.dataframe[0].value
    return dict(zip(frame["title"], frame["use"], strict=True))


def test_what_came_after_the_day_is_counted_and_shown_when_it_is_asked_for(held: AppTest) -> None:
    assert list(held.dataframe[0].value["title"]) == ["early"]
    assert "use" not in held.dataframe[0].value  # all of it is
    told = "1 document. 1 of the library was published after 2026-01-23: not used in answers."
    assert told in text_of(held)
    held.toggle("later").set_value(True).run()
    assert uses(held) == {"late": "later, not used", "early": "used"}
    held.selectbox("document").set_value("late.md").run()
    assert "As of 2026-01-23: later, not used." in text_of(held)
    held.toggle("later").set_value(False).run()  # with the document open that goes
    assert not held.exception
    assert list(held.dataframe[0].value["title"]) == ["early"]


def test_words_find_what_came_later_only_when_it_is_asked_for(held: AppTest) -> None:
    held.text_input("find").set_value("banks lend to small companies").run()
    assert list(held.dataframe[0].value["title"]) == ["early"]
    held.toggle("later").set_value(True).run()
    assert uses(held) == {"late": "later, not used", "early": "used"}


def test_a_later_day_uses_it(held: AppTest) -> None:
    held.date_input("as_of").set_value(date(2026, 1, 26)).run()
    assert list(held.dataframe[0].value["title"]) == ["late", "early"]
    assert "not used in answers" not in text_of(held)


def test_what_has_no_date_is_marked(held: AppTest) -> None:
    held.file_uploader[0].set_value([("memo.txt", b"Banks lend more, says a memo.", "text/plain")])
    next(button for button in held.button if button.label == "Take in").click().run()
    held.run()
    memo = "Banks lend more, says a memo."  # its first line is its title
    assert uses(held) == {"early": "used", memo: "no date, not used"}


def test_nothing_found_is_said(held: AppTest) -> None:
    held.date_input("as_of").set_value(date(2026, 1, 19)).run()
    assert not held.exception
    assert "Nothing here fits" in text_of(held)
    assert "2 of the library were published after 2026-01-19" in text_of(held)

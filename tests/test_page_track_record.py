"""The page's track record: calls under filters with their tallies, and the scorecard's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from page import html_of, text_of, view
from test_html import HOSTILE, Tags

from qa.agent.calls import Call
from qa.analyst import Analyst
from qa.errors import NotEnoughHistory

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

CALL = Call(
    voice="Ann Author, Desk", firm="Desk", document="a.md", published=date(2025, 3, 3),
    symbol="^RUT", said="bullish", outcome="confirmed", due=date(2025, 6, 2), on=None,
    move=6.5, lead=-1.25,
)  # fmt: skip
OPEN = replace(CALL, voice="Other", firm="Other", outcome="open", due=None, move=None, lead=None)


def given(monkeypatch: pytest.MonkeyPatch, *calls: Call) -> None:
    monkeypatch.setattr(Analyst, "calls", lambda self, **_: list(calls))


def test_calls_are_counted_by_firm_and_few_are_called_few(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    nine = [replace(CALL, document=f"{n}.md") for n in range(9)]
    missed = replace(CALL, document="x.md", voice="Bob, Desk", outcome="not confirmed")
    alone = replace(CALL, voice="One, Single", firm="Single")
    given(monkeypatch, *nine, missed, alone, OPEN)
    view(page, "Track record")
    text = text_of(page)
    assert "12 calls, of which 11 are decided and 10 came true." in text
    assert "Desk9 of 1090%" in text  # ten decided are enough
    assert "Single1 of 1too few to tell" in text
    assert "None decided yet: Other." in text
    held = page.dataframe[0].value
    assert len(held) == 12
    assert (held["move %"][0], held["lead %"][0]) == (6.5, -1.25)
    page.radio("calls-by").set_value("analyst").run()
    assert not page.exception
    assert "Ann Author, Desk9 of 9too few to tell" in text_of(page)


def test_calls_are_filtered_by_firm_analyst_and_outcome(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, CALL, OPEN)
    view(page, "Track record")
    page.multiselect("calls-became").set_value(["open"]).run()
    assert list(page.dataframe[0].value["firm"]) == ["Other"]
    page.multiselect("calls-firm").set_value(["Desk"]).run()
    assert not page.dataframe
    assert "No call is held up to this day under these filters." in text_of(page)


def test_names_in_calls_are_no_markup(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, replace(CALL, firm=HOSTILE), replace(OPEN, firm=HOSTILE + "2"))
    view(page, "Track record")
    found = Tags(html_of(page))
    assert {tag for tag, _ in found.found}.isdisjoint({"script", "img", "a", "iframe"})
    assert found.text.count("<script>alert(1)</script>") == 2


def test_the_calls_of_the_bundled_commentary_are_held(page: AppTest) -> None:
    view(page, "Track record")
    assert "a record on sample data says nothing" in text_of(page)
    held = page.dataframe[0].value
    assert set(held["on"]) <= {"^RUT", "IWM", "^GSPC", "^DJI", "^IXIC", "SPY", "QQQ"}
    assert max(held["published"]) <= date(2026, 1, 23)


def test_the_scorecard_says_what_its_odds_were_worth(page: AppTest) -> None:
    view(page, "Track record")
    page.segmented_control("whose").set_value("This scorecard").run()
    assert not page.exception
    text = text_of(page)
    assert "Brier" in text or "No record of the odds" in text
    assert "How it is computed" in text
    page.selectbox("record-of").set_value("^GSPC").run()
    assert not page.exception


def test_an_instrument_without_a_record_is_one_sentence(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    view(page, "Track record")

    def refuse(self: Analyst, name: str, **_: object) -> None:
        raise NotEnoughHistory(f"{name}: too short.")

    monkeypatch.setattr(Analyst, "metric", refuse)
    page.segmented_control("whose").set_value("This scorecard").run()
    assert not page.exception
    assert "outlook: too short." in text_of(page)

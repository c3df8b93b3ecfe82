"""A question asked again, a question given up, and a question by another model."""

from __future__ import annotations

from datetime import date

import pytest
from page import asked, text_of
from test_markdown import answer

from eval.chat_server import Hangs, serving
from qa.agent.events import Waiting
from qa.agent.threads import before, rounds
from qa.analyst import Analyst
from qa.domain import Answer, Question
from qa.errors import ModelError

CLOSE = "Where did the Russell 2000 close?"
DAY, LATER = date(2026, 1, 22), date(2026, 1, 23)


def given(text: str, as_of: date = DAY, **changed: object) -> Answer:
    return answer(question=Question(text=text, as_of=as_of), **changed)


def test_answers_to_a_question_asked_again_of_the_same_day_stand_together() -> None:
    one, again, other = given("A?"), given("A?", model="x"), given("A?", LATER)
    last = given("B?")
    assert rounds([one, again, other, last]) == [[one, again], [other], [last]]


def test_a_question_asked_again_leans_on_what_it_leant_on_before() -> None:
    first, follow_up, again = given("A?"), given("And B?"), given("And B?", model="x")
    asked_again = Question(text="And B?", as_of=DAY)
    assert before([first, follow_up, again], asked_again) == [first]
    assert before([first, follow_up, again], Question(text="C?", as_of=DAY)) == [first, again]
    assert before([], asked_again) == []


def test_asking_again_replaces_the_answer_and_keeps_the_earlier_one(page) -> None:
    asked(page, CLOSE)
    page.run()
    page.button("again").click().run()
    assert not page.exception
    assert [e.label for e in page.expander] == ["Earlier answer"]
    page.run()
    assert text_of(page).count(CLOSE) == 1
    assert [e.label for e in page.expander] == ["Earlier answer"]
    page.date_input[0].set_value(DAY).run()
    page.button("again").click().run()  # of another day it is another question
    assert not page.exception
    assert sorted(e.label for e in page.expander) == ["Earlier answer", "The whole answer"]


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_that_hangs_is_waited_for_with_a_beat_and_can_be_given_up(
    store: str, sample_analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    with serving(Hangs()) as (server, url):
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        analyst = Analyst(market="sample", store=store, model="openai:slow", retries=0)
        events = analyst.stream(CLOSE, as_of=LATER, beat=0.1)
        waits = (event.seconds for event in events if isinstance(event, Waiting))
        first, second = next(waits), next(waits)
        assert 0.05 < first < second
        events.close()
    assert len(server.asked) <= 1


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_another_model_shares_the_desk_and_has_no_fallback(
    store: str, sample_analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    analyst = Analyst(market="sample", store=store, model="offline", retries=0)
    held = analyst.library, analyst.market
    other = analyst.written_by("openai:nothing")
    assert (other.library, other.market) == held
    with pytest.raises(ModelError, match="openai:nothing can't answer"):
        other.ask(CLOSE, as_of=LATER)
    assert analyst.ask(CLOSE, as_of=LATER).model == "offline"

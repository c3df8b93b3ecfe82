"""Analyst: questions in, events and answers out, and every bad input refused in a sentence."""

import asyncio

import pytest

from qa import Analyst
from qa.agent.events import Drafted, Finished, Planning, ToolFinished, ToolStarted
from qa.domain import Answer
from qa.errors import BadDate, BadQuestion, BadSettings, MarketSourceError

QUESTION = "How much has the S&P 500 gained since December?"


def test_events_come_in_order_and_end_with_the_answer(sample_analyst):
    events = list(sample_analyst.stream(QUESTION, as_of="2026-01-23"))
    kinds = [type(event) for event in events]
    assert kinds[:2] == [Planning, ToolStarted]
    assert kinds[-2:] == [Drafted, Finished]
    finished = {e.call for e in events if isinstance(e, ToolFinished)}
    assert finished == {e.call for e in events if isinstance(e, ToolStarted)}
    figures = [e.figures for e in events if isinstance(e, ToolFinished)]
    assert figures[0]["return"].unit == "percent"


def test_the_async_pair_gives_the_same_answer(sample_analyst):
    async def both():
        answer = await sample_analyst.aask(QUESTION, as_of="2026-01-23")
        events = [e async for e in sample_analyst.astream(QUESTION, as_of="2026-01-23")]
        return answer, events[-1].answer

    first, second = asyncio.run(both())
    expected = sample_analyst.ask(QUESTION, as_of="2026-01-23")
    assert first.claims == second.claims == expected.claims


def test_an_answer_survives_json(sample_analyst):
    answer = sample_analyst.ask("Is the Russell 2000 rally sustainable?", as_of="2026-01-23")
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


def test_sample_data_is_labelled_in_the_answer_and_in_each_metric(sample_analyst):
    answer = sample_analyst.ask(QUESTION, as_of="2026-01-23")
    assert answer.sample_data is True
    assert "sample data" in answer.market
    assert all("sample data" in e.source for e in answer.evidence if e.kind == "metric")


def test_without_an_as_of_date_it_is_the_day_before_the_next_session(sample_analyst):
    # The tape ends on Friday the 23rd; the weekend adds no session to it.
    assert str(sample_analyst.ask(QUESTION).question.as_of) == "2026-01-25"


def test_an_as_of_date_after_the_tape_is_said_to_be(sample_analyst):
    answer = sample_analyst.ask(QUESTION, as_of="2026-02-20")
    assert any("ends there" in line and "2026-01-23" in line for line in answer.unanswered)


@pytest.mark.parametrize("text", ["", "   ", "?!", "\n"])
def test_an_empty_question_is_refused(sample_analyst, text):
    with pytest.raises(BadQuestion, match="empty"):
        sample_analyst.ask(text)


def test_a_question_of_a_book_is_refused(sample_analyst):
    with pytest.raises(BadQuestion, match="characters"):
        sample_analyst.ask("why " * 600)


@pytest.mark.parametrize(
    ("as_of", "reason"),
    [
        ("2026-13-45", "not a date"),
        ("yesterday", "not a date"),
        ("2999-01-01", "future"),
        ("1999-01-04", "before the data"),
    ],
)
def test_bad_dates_are_refused(sample_analyst, as_of, reason):
    with pytest.raises(BadDate, match=reason):
        sample_analyst.ask(QUESTION, as_of=as_of)


def test_bad_settings_are_refused(tmp_path):
    with pytest.raises(BadSettings, match="market setting"):
        Analyst(market="bloomberg").market  # noqa: B018
    with pytest.raises(BadSettings, match="embedder"):
        Analyst(embedder="word2vec")
    with pytest.raises(BadSettings, match="can't be used"):
        Analyst(market="sample", model="nosuch:model").ask(QUESTION)
    with pytest.raises(MarketSourceError, match="no folder"):
        Analyst(market=f"folder:{tmp_path / 'absent'}").market  # noqa: B018


def test_a_key_makes_openai_the_default_and_never_shows(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    analyst = Analyst(market="sample")
    assert analyst.settings.chosen_model.startswith("openai:")
    assert "sk-secret" not in repr(analyst.settings)
    assert "sk-secret" not in analyst.settings.fingerprint


def test_the_settings_hash_changes_with_what_can_change_an_answer():
    offline = Analyst(market="sample").settings.fingerprint
    assert offline == Analyst(market="sample").settings.fingerprint
    assert offline != Analyst(market="sample", model="openai:x").settings.fingerprint
    assert offline != Analyst(market="auto").settings.fingerprint


def test_strict_leaves_out_commentary_taken_in_later(sample_analyst):
    # The bundled notes were taken in today, long after the as-of date.
    answer = sample_analyst.ask("Who are the skeptics?", as_of="2026-01-23", strict=True)
    assert not [e for e in answer.evidence if e.kind == "passage"]

"""The instruments that belong to a question, and the question that goes on with each."""

from __future__ import annotations

from datetime import date

import pytest
from evidence import RUSSELL, passage
from test_markdown import answer

from qa.domain import Question
from qa.market.instruments import SECTORS, named
from qa.report.related import question_on, related, subject_of, window_of

AS_OF = date(2026, 1, 23)


def symbols(subject: str) -> dict[str, list[str]]:
    return {group.title: [i.symbol for i in group.instruments] for group in related(subject)}


def test_an_index_has_its_fund_peers_volatility_and_the_sectors() -> None:
    assert symbols("^RUT") == {
        "The same market": ["IWM"],
        "Peers": ["^DJI", "^GSPC", "^IXIC"],
        "Volatility, yields and credit": ["^RVX", "^VIX", "^TNX", "HYG", "LQD"],
        "Sectors": list(SECTORS),
    }


def test_a_fund_has_the_index_that_it_follows() -> None:
    assert symbols("IWM")["The same market"] == ["^RUT"]
    assert "^RUT" not in symbols("IWM")["Peers"]


def test_a_sectors_peers_are_the_other_sectors_and_none_stands_twice() -> None:
    found = symbols("XLE")
    assert found["Peers"][:10] == [s for s in SECTORS if s != "XLE"]
    assert "Sectors" not in found
    every = [symbol for group in found.values() for symbol in group]
    assert len(every) == len(set(every))
    assert "XLE" not in every


@pytest.mark.parametrize(
    ("question", "evidence", "subject"),
    [
        ("How did the Dow do?", (RUSSELL,), "^DJI"),
        ("Is the rally sustainable?", (passage("x"), RUSSELL), "^RUT"),
        ("Is the rally sustainable?", (passage("x"),), None),
    ],
)
def test_the_subject_is_the_questions_own_or_what_was_measured_first(
    question: str, evidence: tuple[object, ...], subject: str | None
) -> None:
    asked = Question(text=question, as_of=AS_OF)
    assert subject_of(answer(question=asked, evidence=evidence, claims=())) == subject


def test_the_days_are_those_of_the_answer_or_the_last_quarter() -> None:
    assert window_of(answer()) == (date(2025, 12, 1), AS_OF)
    assert window_of(answer(evidence=(passage("x"),), claims=())) == (date(2025, 10, 24), AS_OF)


@pytest.mark.parametrize(
    ("symbol", "question"),
    [
        ("^GSPC", "How did the S&P 500 do from 2025-12-01 to 2026-01-23?"),
        ("XLE", "How did XLE do from 2025-12-01 to 2026-01-23?"),
        ("^TNX", "Where did the 10-year Treasury yield close on 2026-01-23?"),
    ],
)
def test_the_question_on_an_instrument_is_one_that_is_understood(
    symbol: str, question: str, sample_analyst: object
) -> None:
    assert question_on(named(symbol), date(2025, 12, 1), AS_OF) == question
    found = sample_analyst.ask(question, as_of="2026-01-23")  # type: ignore[attr-defined]
    assert named(symbol).name.split(" sector")[0] in found.claims[0].text
    assert not found.unanswered

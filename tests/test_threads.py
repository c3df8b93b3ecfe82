"""Threads: follow-up questions lean on those before, and only on what was known and checked."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from scripted import draft

from eval.chat_server import Says, serving
from qa.agent.planning import read_questions
from qa.agent.threads import Threads
from qa.analyst import Analyst
from qa.domain import Ledger, Metric, Passage
from qa.errors import BadSettings, UsageError

AS_OF = date(2026, 1, 23)
FIRST = "How did the Russell 2000 do against the S&P 500 in December 2025?"


@pytest.fixture
def analyst(store: str, sample_analyst: Analyst, tmp_path: Path) -> Analyst:
    sample_analyst.library  # noqa: B018  taken in once, whoever asks first
    path = tmp_path / "threads.sqlite"
    return Analyst(model="offline", market="sample", store=store, threads=path)


def test_a_follow_up_takes_what_it_leaves_out_from_the_question_before(analyst: Analyst) -> None:
    analyst.ask(FIRST, as_of="2026-01-16", thread="desk")
    answer = analyst.ask("And the Dow?", thread="desk")
    assert answer.question.as_of == date(2026, 1, 16)  # the thread's, though the tape goes on
    assert answer.question.thread == "desk"
    (metric,) = [e for e in answer.evidence if isinstance(e, Metric) and e.number == 1]
    assert metric.symbols[0] == "^DJI"
    assert metric.arguments["start"] == "2025-12-01"
    assert metric.arguments["end"] == "2025-12-31"
    assert answer.verified


@pytest.mark.parametrize(
    ("questions", "intent", "symbols", "start"),
    [
        (["Is the Russell 2000 rally sustainable?", "And over the past year?"], "performance",
         ("^RUT",), date(2025, 1, 24)),
        (["Is the Russell 2000 rally sustainable?", "What about energy?"], "sustainability",
         ("XLE",), None),
        (["Is the Russell 2000 rally sustainable?", "What do the skeptics say?"], "views",
         ("^RUT",), None),
        (["How volatile was the Nasdaq in March 2020?", "And the Dow?"], "risk",
         ("^DJI",), date(2020, 3, 1)),
        (["How did IWM do in 2025?", "And SPY?", "And over the past month?"], "performance",
         ("SPY",), date(2025, 12, 24)),
        (["How did IWM do in 2025?", "Where did the S&P 500 close on January 16, 2026?"], "level",
         ("^GSPC",), None),
    ],
)  # fmt: skip
def test_what_a_follow_up_is_taken_to_ask(
    questions: list[str], intent: str, symbols: tuple[str, ...], start: date | None
) -> None:
    ask = read_questions(questions, AS_OF)
    assert ask.intent == intent
    assert ask.symbols[: len(symbols)] == symbols
    assert ask.start == start


def test_threads_are_there_after_a_restart_and_apart(analyst: Analyst) -> None:
    path = analyst.settings.threads
    first = analyst.ask(FIRST, as_of=AS_OF, thread="one")
    second = analyst.ask("Where did the Dow close?", as_of=AS_OF, thread="two")
    analyst.threads.close()
    threads = Threads(path)
    assert threads.answers("one") == [first]
    assert threads.answers("two") == [second]
    assert [(t.name, t.questions) for t in threads.names()] == [("two", 1), ("one", 1)]
    assert threads.names()[1].first == FIRST
    threads.remove("one")
    assert [t.name for t in threads.names()] == ["two"]
    assert threads.answers("one") == []
    threads.close()


def test_an_answer_of_a_later_day_is_not_recalled(analyst: Analyst) -> None:
    analyst.ask(FIRST, as_of=AS_OF, thread="desk")
    loop_sees = analyst._recalled(analyst.threads.answers("desk"), _desk(date(2025, 12, 12)))
    assert loop_sees == []
    answer = analyst.ask("And the Dow?", as_of="2025-12-12", thread="desk")
    for evidence in answer.evidence:
        known = evidence.published if isinstance(evidence, Passage) else evidence.as_of
        assert known is not None
        assert known <= date(2025, 12, 12)


def _desk(as_of: date):  # type: ignore[no-untyped-def]
    class Desk:
        def __init__(self) -> None:
            self.as_of = as_of
            self.ledger = Ledger()

    return Desk()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_sees_the_checked_answer_and_may_cite_its_evidence(
    store: str, sample_analyst: Analyst, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample_analyst.library  # noqa: B018
    technicals = Says(calls=[("technicals", {"symbol": "^RUT"})])
    invented = ("bulls", "It will gain 50% [m1].", ["m1"])
    stands = ("summary", "The Russell 2000 closed at {m1.close} [m1].", ["m1"])
    bad = Says(calls=[draft(stands, invented, label="not_asked")])
    again = Says(calls=[draft(stands, label="not_asked")])
    with serving(technicals, bad, bad, again) as (server, url):
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        path = tmp_path / "threads.sqlite"
        live = Analyst(model="openai:x", market="sample", store=store, threads=path)
        first = live.ask("Where is the Russell 2000?", as_of=AS_OF, thread="desk")
        second = live.ask("Say it again.", thread="desk")
        live.threads.close()
    assert [m["role"] for m in server.asked[-1]["messages"]] == [
        "system", "user", "assistant", "user"
    ]  # fmt: skip
    told = server.asked[-1]["messages"][2]["content"]
    assert "closed at" in told
    assert "[m1]" in told
    assert "50%" not in told
    assert second.verified
    assert second.claims[0].text == first.claims[0].text


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a\nb" * 40, "x" * 81, "a.b"])
def test_a_name_that_cannot_be_is_refused(analyst: Analyst, name: str) -> None:
    with pytest.raises(UsageError, match="can't name a thread"):
        analyst.threads.answers(name)


def test_a_file_that_cannot_be_used_is_an_error_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "threads").write_bytes(b"no database" * 1000)
    with pytest.raises(BadSettings, match="can't be kept"):
        Threads(tmp_path / "threads")


def test_two_processes_may_use_one_file(tmp_path: Path, analyst: Analyst) -> None:
    answer = analyst.ask("Where did the Dow close?", as_of=AS_OF)
    path = tmp_path / "shared.sqlite"
    (tmp_path / "answer.json").write_text(answer.model_dump_json())
    program = (
        "import sys; from pathlib import Path; from qa.agent.threads import Threads\n"
        "from qa.domain import Answer\n"
        "t = Threads(Path(sys.argv[1])); a = Answer.model_validate_json(open(sys.argv[2]).read())\n"
        "[t.add(sys.argv[3], a) for _ in range(20)]\n"
    )
    command = [sys.executable, "-c", program, str(path), str(tmp_path / "answer.json")]
    running = [subprocess.Popen([*command, name]) for name in ("one", "two")]
    assert [process.wait(60) for process in running] == [0, 0]
    threads = Threads(path)
    assert {t.name: t.questions for t in threads.names()} == {"one": 20, "two": 20}
    threads.close()

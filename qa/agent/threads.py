"""Threads: what was asked and answered under a name, kept in SQLite by LangGraph's store.

Only checked answers are kept. A model that is asked to go on sees those, and never its own
drafts of before: what was taken out of an answer can't come back as history.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.store.sqlite import SqliteStore

from qa.domain import Answer, Ledger, Metric, Passage, Question
from qa.errors import BadSettings, UsageError

if TYPE_CHECKING:
    from langgraph.store.base import SearchItem

ROOT = "threads"
NAME = re.compile(r"[^\x00-\x1f./\\]{1,80}")
WHOLE_TURNS = 3  # of a thread, at its end; of earlier ones only the gist is told
MOST_TURNS = 20
MOST = 10_000


@dataclass(frozen=True)
class Thread:
    """A thread: its name, its first question, how many were asked, and when the last one was."""

    name: str
    first: str
    questions: int
    last: datetime


class Threads:
    """All threads of one SQLite file, made when missing; several processes may use it at once.

    Raises BadSettings when the file can't be used.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, check_same_thread=False, isolation_level=None, timeout=10.0
            )
            self._store = SqliteStore(self._connection)
            with FileLock(path.with_suffix(".lock"), timeout=10):
                self._store.setup()
        except (OSError, sqlite3.Error, Timeout) as error:
            raise BadSettings(
                f"The threads at {path} can't be kept ({error}): set TAPECHECK_THREADS to a file "
                "that you may write."
            ) from error

    def names(self) -> list[Thread]:
        """The threads, the last asked first."""
        found = []
        for space in self._store.list_namespaces(prefix=(ROOT,), limit=MOST):
            items = self._items(space[1])
            if items:
                first = Answer.model_validate_json(items[0].value["answer"]).question.text
                last = datetime.fromtimestamp(int(items[-1].key) / 1e9, UTC)
                found.append(Thread(space[1], first, len(items), last))
        return sorted(found, key=lambda thread: thread.last, reverse=True)

    def answers(self, name: str) -> list[Answer]:
        """The answers of a thread in the order in which they were given."""
        return [Answer.model_validate_json(item.value["answer"]) for item in self._items(name)]

    def add(self, name: str, answer: Answer) -> None:
        """Keep an answer at the end of a thread."""
        key = f"{time.time_ns():020d}"
        kept = {"answer": answer.model_dump_json()}
        self._store.put((ROOT, checked(name)), key, kept, index=False)

    def remove(self, name: str) -> None:
        """Forget a thread."""
        for item in self._items(name):
            self._store.delete((ROOT, name), item.key)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _items(self, name: str) -> list[SearchItem]:
        items = self._store.search((ROOT, checked(name)), limit=MOST)
        return sorted(items, key=lambda item: item.key)


def checked(name: str) -> str:
    """The name of a thread; raises UsageError for one that can't be."""
    name = " ".join(name.split())
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name[:40]!r} can't name a thread: use 1 to 80 letters, digits, spaces and signs "
            "other than dots and slashes."
        )
    return name


def rounds(answers: Sequence[Answer]) -> list[list[Answer]]:
    """The answers by what was asked: a question asked again of the same day has several."""
    return [list(given) for _, given in groupby(answers, key=lambda a: _asked(a.question))]


def before(answers: Sequence[Answer], question: Question) -> list[Answer]:
    """What a question leans on: the last answer to each one before it.

    One that is asked again doesn't lean on the answers that it had: they stay, and no longer count.
    """
    given = rounds(answers)
    if given and _asked(given[-1][-1].question) == _asked(question):
        given.pop()
    return [again[-1] for again in given]


def _asked(question: Question) -> tuple[str, date]:
    return question.text, question.as_of


def recall(answers: Sequence[Answer], as_of: date, ledger: Ledger) -> list[AnyMessage]:
    """What a model sees of a thread: questions and checked answers known on `as_of`.

    Enters the evidence that the last of them cite in the ledger, under ids that their marks bear.
    An answer as of a later day is left out: it knows what came after.
    """
    known = [answer for answer in answers if answer.question.as_of <= as_of][-MOST_TURNS:]
    messages: list[AnyMessage] = []
    for place, answer in enumerate(known, start=1):
        whole = place > len(known) - WHOLE_TURNS
        messages.append(HumanMessage(answer.question.text))
        messages.append(AIMessage(_told(answer, ledger) if whole else _gist(answer)))
    return messages


def _told(answer: Answer, ledger: Ledger) -> str:
    """The answer's sentences, with the numbers of its sources as ids of the ledger."""
    ids = {e.number: ledger.add(_plain(e)) for e in answer.evidence if e.number is not None}

    def mark(match: re.Match[str]) -> str:
        return f"[{ids[int(match[1])]}]" if int(match[1]) in ids else ""

    lines = [answer.verdict.why, *(claim.text for claim in answer.claims)]
    text = "\n".join(re.sub(r"\[(\d{1,4})\]", mark, line) for line in lines if line)
    return f"Answer as of {answer.question.as_of}. Verdict: {answer.verdict.label}.\n{text}"


def _gist(answer: Answer) -> str:
    """The verdict and its reason, without sources: enough to know what was spoken of."""
    why = re.sub(r" ?\[\d{1,4}\]", "", answer.verdict.why)
    return f"Answer as of {answer.question.as_of}. Verdict: {answer.verdict.label}. {why}"


def _plain(evidence: Metric | Passage) -> Any:
    """The evidence without the number that it bore in that answer."""
    return evidence.model_copy(update={"number": None})

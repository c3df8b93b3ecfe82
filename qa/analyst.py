"""Analyst: a question in, a checked answer out. The main path.

ask -> the loop calls tools, which fill the ledger -> Draft -> verify -> one repair round
    -> what still fails is taken out -> Answer
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from qa.agent.events import Event, Finished
from qa.agent.graph import Loop, Work
from qa.agent.models import open_model
from qa.agent.tools import Desk
from qa.answer import make_answer
from qa.commentary.library import Library, open_library
from qa.domain import Answer, Metric, Question
from qa.errors import BadDate, BadQuestion, ModelError
from qa.market.sessions import next_session
from qa.market.tape import Market, Tape, open_market
from qa.market.yahoo import YahooSource
from qa.settings import Settings, read_settings

LONGEST_QUESTION = 2000


class Analyst:
    """Answers questions from commentary and the tape.

    Takes the settings by name (`model="offline"`, `market="sample"`, `store=...`, `corpus=...`);
    what isn't given comes from TAPECHECK_* variables, .env and the defaults. `progress` is called
    with (done, total) passages while new commentary is taken in.
    """

    def __init__(
        self, *, progress: Callable[[int, int], None] | None = None, **settings: Any
    ) -> None:
        self.settings: Settings = read_settings(**settings)
        self._progress = progress

    @cached_property
    def market(self) -> Market:
        """The market source, and why it was chosen."""
        return open_market(self.settings.market)

    @cached_property
    def library(self) -> Library:
        """The commentary; taken in on first use, and again only when a file has changed."""
        return open_library([self.settings.corpus], self.settings.store, self._progress)

    @cached_property
    def _loop(self) -> Loop:
        return Loop(
            open_model(self.settings),
            max_model_calls=self.settings.max_model_calls,
            max_tool_calls=self.settings.max_tool_calls,
        )

    def ask(self, text: str, *, as_of: date | str | None = None, strict: bool = False) -> Answer:
        """Answer a question from what was known on `as_of`.

        By default that is the last day for which the tape is complete. With `strict`, commentary
        taken in after it is left out too. Raises UsageError for a question, date or setting that
        can't be used, and ModelError when the model fails.
        """
        for event in self.stream(text, as_of=as_of, strict=strict):
            if isinstance(event, Finished):
                return event.answer
        raise ModelError("The model stopped without an answer; ask again.")

    def stream(
        self, text: str, *, as_of: date | str | None = None, strict: bool = False
    ) -> Iterator[Event]:
        """The same, as typed events while it happens; the last is Finished with the answer."""
        started = time.perf_counter()
        question = Question(text=_question(text), as_of=self._day(as_of))
        loop = self._loop  # first: a model that can't be made should fail before anything is read
        tape = Tape(self.market.source, question.as_of)
        desk = Desk(tape, self.library, question.as_of, strict)
        self.market.source.start_question()
        ready = time.perf_counter()
        for step in loop.work(question.text, desk):
            if isinstance(step, Work):
                timings = {"prepare": ready - started, "answer": time.perf_counter() - ready}
                answer = make_answer(question, desk, step, self.settings, timings)
                yield Finished(answer=answer)
            else:
                yield step

    async def aask(
        self, text: str, *, as_of: date | str | None = None, strict: bool = False
    ) -> Answer:
        """`ask`, without blocking the event loop."""
        return await asyncio.to_thread(self.ask, text, as_of=as_of, strict=strict)

    async def astream(
        self, text: str, *, as_of: date | str | None = None, strict: bool = False
    ) -> AsyncIterator[Event]:
        """`stream`, without blocking the event loop."""
        steps = self.stream(text, as_of=as_of, strict=strict)
        while (event := await asyncio.to_thread(next, steps, None)) is not None:
            yield event

    def metric(self, name: str, /, *, as_of: date | str | None = None, **arguments: Any) -> Metric:
        """Compute one metric of the catalog; raises UsageError or ToolError, saying why."""
        from qa.market.catalog import compute

        return compute(Tape(self.market.source, self._day(as_of)), name, arguments)

    def describe(self) -> dict[str, str]:
        """What would be used, and why, in words."""
        settings, source = self.settings, self.market.source
        why = "set" if settings.model else "a key is there" if settings.openai_api_key else "no key"
        first, last = source.span()
        kept = source.kept() if isinstance(source, YahooSource) else []
        return {
            "model": f"{settings.chosen_model} ({why})",
            "embedder": f"{settings.embedder} (local ONNX, no network)",
            "store": f"{settings.store} ({self.library.size} passages)",
            "commentary": f"{settings.corpus}",
            "market": f"{source.name} ({self.market.why})",
            "tape": f"{first} to {last}, {len(source.symbols()) or 'all'} instruments",
            **{f"kept {h.symbol}": f"{h.rows} sessions, {h.first} to {h.last}" for h in kept},
            "settings": settings.fingerprint,
            **{f"problem {i}": p for i, p in enumerate(self.library.problems, start=1)},
        }

    def _day(self, as_of: date | str | None) -> date:
        """The as-of date: a past day on or after the first session of the tape."""
        first, last = self.market.source.span()
        chosen = parse_day(as_of) if as_of is not None else min(_complete(last), date.today())
        if chosen > date.today():
            raise BadDate(f"The as-of date {chosen} is in the future; name a day up to today.")
        if chosen < first:
            raise BadDate(
                f"The as-of date {chosen} is before the data: the {self.market.source.name} "
                f"begins on {first}."
            )
        return chosen


def _complete(last: date) -> date:
    """The last day on which a tape that ends on `last` lacks no session."""
    return next_session(last + timedelta(days=1)) - timedelta(days=1)


def _question(text: str) -> str:
    text = " ".join(text.split())
    if not any(c.isalnum() for c in text):
        raise BadQuestion("The question is empty: ask, for example, whether a rally will last.")
    if len(text) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(text)} characters; ask it in {LONGEST_QUESTION} or fewer."
        )
    return text


def parse_day(text: date | str) -> date:
    """A date as YYYY-MM-DD; raises BadDate for anything else."""
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDate(f"{text!r} is not a date: write it as YYYY-MM-DD.") from error

"""Analyst: a question in, a checked answer out. The main path.

ask -> the loop calls tools, which fill the ledger -> Draft -> verify -> one repair round
    -> what still fails is taken out -> Answer
"""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.agent.events import Event, Finished, HandedOver
from qa.agent.graph import Loop, Work
from qa.agent.listener import Listener
from qa.agent.models import open_model
from qa.agent.tools import Desk
from qa.answer import make_answer
from qa.commentary.embedding import Embedder, embedder_of
from qa.commentary.library import Library, open_library
from qa.domain import Answer, Audited, Metric, Passage, Question
from qa.errors import BadDate, BadQuestion, ModelError
from qa.market.sessions import next_session
from qa.market.tape import Market, Tape, open_market
from qa.market.yahoo import YahooSource
from qa.settings import NONE, Settings, read_settings

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage

    from qa.agent.calls import Call
    from qa.agent.threads import Threads
    from qa.checking.replay import Replay
    from qa.commentary.ingest import Report
    from qa.market.backtest import Scored

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
        settings = self.settings
        return open_library(
            [settings.corpus], settings.store, self._progress, self._embedder, settings.undated
        )

    @cached_property
    def _embedder(self) -> Embedder:
        return embedder_of(self.settings)

    @cached_property
    def threads(self) -> Threads:
        """What was asked and answered under a name."""
        from qa.agent.threads import Threads

        return Threads(self.settings.threads)

    @cached_property
    def _loops(self) -> tuple[Loop, ...]:
        """The models in the order in which they are tried."""
        settings = self.settings
        return tuple(
            Loop(open_model(name, settings), settings.budget, name) for name in settings.models
        )

    def ask(
        self,
        text: str,
        *,
        as_of: date | str | None = None,
        strict: bool = False,
        thread: str | None = None,
    ) -> Answer:
        """Answer a question from what was known on `as_of`.

        By default that is the last day for which the tape is complete, or in a thread the day of
        its last answer. With `strict`, commentary taken in after it is left out too. `thread`
        names a conversation: the question may lean on those before it. Raises UsageError for a
        question, date or setting that can't be used, and ModelError when every model fails.
        """
        for event in self.stream(text, as_of=as_of, strict=strict, thread=thread):
            if isinstance(event, Finished):
                return event.answer
        raise ModelError("The model stopped without an answer; ask again.")

    def stream(
        self,
        text: str,
        *,
        as_of: date | str | None = None,
        strict: bool = False,
        thread: str | None = None,
        beat: float | None = None,
    ) -> Generator[Event]:
        """The same, as typed events while it happens; the last is Finished with the answer.

        Closing the iterator gives the question up: the model's call ends with its next word. With
        a `beat`, a Waiting comes whenever so many seconds have passed without anything else.
        """
        started = time.perf_counter()
        loops = self._loops  # first: a model that can't be made should fail before anything is read
        said = self.threads.answers(thread) if thread else []
        day = said[-1].question.as_of if said and as_of is None else self._day(as_of)
        question = Question(text=_question(text), as_of=day, thread=thread)
        if said:
            from qa.agent.threads import before

            said = before(said, question)
        self.market.source.start_question()
        notes: list[str] = []
        for loop, after in zip_longest(loops, loops[1:]):
            try:
                yield from self._attempt(question, loop, said, strict, notes, started, beat)
            except ModelError as error:
                if after is None:
                    raise ModelError(f"The model {loop.name} can't answer: {error}.") from error
                notes.append(f"{loop.name} did not answer ({error}); {after.name} wrote this.")
                yield HandedOver(model=loop.name, problem=str(error), next_model=after.name)
            else:
                return

    def _attempt(
        self,
        question: Question,
        loop: Loop,
        said: Sequence[Answer],
        strict: bool,
        notes: Sequence[str],
        started: float,
        beat: float | None,
    ) -> Generator[Event]:
        """One model's way through the question, from an empty ledger."""
        tape = Tape(self.market.source, question.as_of)
        desk = Desk(tape, self.library, question.as_of, strict, listener=Listener(beat))
        history = self._recalled(said, desk)
        prepared = time.perf_counter() - started
        for step in loop.work(question.text, desk, history):
            if not isinstance(step, Work):
                yield step
                continue
            timings = {"prepare": prepared, "whole": time.perf_counter() - started}
            answer = make_answer(
                question, desk, step, self.settings, model=loop.name, notes=notes, timings=timings
            )
            if question.thread:
                self.threads.add(question.thread, answer)
            yield Finished(answer=answer)

    def _recalled(self, said: Sequence[Answer], desk: Desk) -> list[AnyMessage]:
        if not said:
            return []
        from qa.agent.threads import recall

        return recall(said, desk.as_of, desk.ledger)

    async def aask(
        self,
        text: str,
        *,
        as_of: date | str | None = None,
        strict: bool = False,
        thread: str | None = None,
    ) -> Answer:
        """`ask`, without blocking the event loop."""
        return await asyncio.to_thread(self.ask, text, as_of=as_of, strict=strict, thread=thread)

    async def astream(
        self,
        text: str,
        *,
        as_of: date | str | None = None,
        strict: bool = False,
        thread: str | None = None,
    ) -> AsyncIterator[Event]:
        """`stream`, without blocking the event loop."""
        steps = self.stream(text, as_of=as_of, strict=strict, thread=thread)
        try:
            while (event := await asyncio.to_thread(next, steps, None)) is not None:
                yield event
        finally:
            await asyncio.to_thread(steps.close)

    def written_by(self, model: str) -> Analyst:
        """The same desk with another model and no fallback; what is open is shared with it."""
        other = copy.copy(self)
        other.settings = self.settings.model_copy(update={"model": model, "fallback": NONE})
        other.__dict__.pop("_loops", None)
        return other

    def metric(self, name: str, /, *, as_of: date | str | None = None, **arguments: Any) -> Metric:
        """Compute one metric of the catalog; raises UsageError or ToolError, saying why."""
        from qa.market.catalog import compute

        self.market.source.start_question()
        return compute(Tape(self.market.source, self._day(as_of)), name, arguments)

    def backtest(
        self, symbols: Sequence[str] = (), *, as_of: date | str | None = None
    ) -> list[Scored | str]:
        """How the price-based scorecard would have done, by instrument; a sentence where it can't.

        Without `symbols`, for the usual indices and every price that the tape can list.
        """
        from qa.market.backtest import backtest

        self.market.source.start_question()
        return list(backtest(Tape(self.market.source, self._day(as_of)), symbols))

    def calls(self, *, as_of: date | str | None = None) -> list[Call]:
        """The calls of all commentary up to a day, and what became of each by then."""
        from qa.agent.calls import calls

        self.market.source.start_question()
        return calls(self.library.passages, Tape(self.market.source, self._day(as_of)))

    def audit(
        self, text: str, published: date | str, *, about: str | None = None
    ) -> tuple[Audited, ...]:
        """A verdict for every figure of a commentary, against the tape up to its publication.

        `about` is the symbol that sentences without a subject of their own speak of. Raises
        BadDate for a day of publication that is no date or still to come.
        """
        from qa.checking.audit import audit_text, read_day

        day = read_day(published)
        self.market.source.start_question()
        return audit_text(text, day, Tape(self.market.source, day), about=about)

    def verify(self, answer: Answer) -> Replay:
        """Execute a saved answer again on this market, and compare it with what is said in it.

        Passages are compared with the store where one has been made.
        """
        from qa.answer import reread
        from qa.checking.replay import replay
        from qa.commentary.store import noted_documents

        source = self.market.source
        source.start_question()
        held = None
        if noted_documents(self.settings.store) is not None:
            held = {passage.id: passage for passage in self.library.passages}
        return replay(answer, source, held, reread)

    def search(
        self,
        text: str,
        *,
        as_of: date | str | None = None,
        limit: int = 8,
        strict: bool = False,
        undated: bool = False,
        **filters: Any,
    ) -> list[Passage]:
        """The passages of commentary that bear on a text, best first, as known on `as_of` (today).

        With `strict`, without what was taken in later; with `undated`, with what has no date.
        `filters` are those of `Library.search`: stances, firms, authors, tickers, since, until.
        """
        day = parse_day(as_of) if as_of is not None else date.today()
        return self.library.search(
            text, as_of=day, k=limit, strict=strict, undated=undated, **filters
        )

    def ingest(
        self,
        paths: Sequence[Path | str] = (),
        *,
        progress: Callable[[str, int, int], None] | None = None,
        waiting: Callable[[], None] | None = None,
    ) -> Report:
        """Take commentary in: files, or all files of folders; without any, finish what was begun.

        `progress` hears the stage ("reading" or "indexing"), how much is done and how much there
        is; `waiting`, that another process has to finish first. Raises UsageError for a path that
        isn't there and for a store that can't be used; a file that can't be read is in the report.
        """
        from qa.commentary.ingest import ingest

        self._close_library()
        given = [Path(path) for path in paths]
        return ingest(given, self.settings.store, self._embedder, progress, waiting)

    def withdraw(self, name: str) -> list[str]:
        """Take back what was taken in, by name, file or folder; returns the documents' names."""
        from qa.commentary.ingest import withdraw

        self._close_library()
        return withdraw(name, self.settings.store, self._embedder)

    def _close_library(self) -> None:
        """The library is opened anew at its next use."""
        if (library := self.__dict__.pop("library", None)) is not None:
            library.close()

    def describe(self) -> dict[str, str]:
        """What would be used, and why, in words."""
        settings, source = self.settings, self.market.source
        why = "set" if settings.model else "a key is there" if settings.openai_api_key else "no key"
        first, last = source.span()
        kept = source.kept() if isinstance(source, YahooSource) else []
        return {
            "model": f"{settings.chosen_model} ({why})",
            "embedder": f"{settings.embedder} ({_place(settings.embedder)})",
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


def _place(embedder: str) -> str:
    return "local ONNX, no network" if embedder == "minilm" else "over the network"


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

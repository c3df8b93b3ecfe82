"""Who is asked: an Analyst for each case, on the evaluation's own store and threads."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from eval.cases import Case
from qa.analyst import Analyst
from qa.domain import Answer
from qa.settings import bundled_corpus


def default_store() -> str:
    """A store of the evaluation's own: what a user has added to theirs would change the scores."""
    from platformdirs import user_cache_path

    return str(Path(user_cache_path("tapecheck", appauthor=False)) / "eval-store")


@lru_cache(maxsize=1)
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for this run's threads and for the documents that cases bring along."""
    return tempfile.TemporaryDirectory(prefix="tapecheck-eval-")


@lru_cache(maxsize=1)
def analyst(market: str, model: str, store: str) -> Analyst:
    """One Analyst for most cases, on the bundled commentary; raises for unusable settings."""
    return _ready(Analyst(
        market=market, model=model, store=store, corpus=bundled_corpus(), threads=_threads("all")
    ))  # fmt: skip


@lru_cache(maxsize=1)
def _with(market: str, model: str, store: str, documents: tuple[str, ...]) -> Analyst:
    """An Analyst whose commentary is the bundled one and a case's own documents."""
    name = hashlib.sha256("\0".join(documents).encode()).hexdigest()[:16]
    folder = Path(_scratch().name) / name
    notes = folder / "notes"
    notes.mkdir(parents=True)
    for number, text in enumerate(documents, start=1):
        (notes / f"note-{number}.md").write_text(text, encoding="utf-8")
    analyst(market, model, store)  # which has taken the bundled commentary in
    shutil.copytree(store, folder / "store")
    made = Analyst(
        market=market,
        model=model,
        store=str(folder / "store"),
        corpus=bundled_corpus(),
        threads=_threads(name),
    )
    made.ingest([notes])
    return _ready(made)


def _threads(name: str) -> str:
    return str(Path(_scratch().name) / f"{name}.db")


def _ready(made: Analyst) -> Analyst:
    made.market.source.span()
    made.library.prepare()
    return made


def put(case: Case, market: str, model: str, store: str) -> Answer:
    """The answer to a case, after the questions before it; raises TapecheckError without one."""
    if case.documents:
        asked = _with(market, model, store, case.documents)
    else:
        asked = analyst(market, model, store)
    thread = case.id if case.thread else None
    for earlier in case.thread:
        asked.ask(earlier, as_of=case.as_of, thread=thread)
    return asked.ask(case.question, as_of=case.as_of, thread=thread)


def fits(case: Case, market: str) -> bool:
    """Whether a case can be asked on this tape: its figures may need the sample, or a real one."""
    return case.market in ("any", "sample" if market == "sample" else "real")

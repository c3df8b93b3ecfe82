"""Runs of the evaluation suites as inspect-ai logs them: scores over time, and what failed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from qa.domain import Answer
from qa.errors import UsageError
from qa.report.chart import Chart

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample, EvalSpec

MOST_LOGS = 400
# What a log that is no log, or half of one, is known to raise.
_DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Suite:
    """One suite as it was run: its log, on what, and scores by name (shares from 0 to 1, mostly).

    `problem` says why it has none.
    """

    log: str
    name: str
    at: datetime
    asked: str
    samples: int
    scores: tuple[tuple[str, float], ...]
    problem: str | None = None

    @property
    def right(self) -> float | None:
        """The share of samples that were right, if it is scored so."""
        return dict(self.scores).get("accuracy")


@dataclass(frozen=True)
class Run:
    """The suites that were run together, into one folder of logs; one alone in the top folder."""

    folder: str
    suites: tuple[Suite, ...]

    @property
    def at(self) -> datetime:
        """When it began."""
        return min(suite.at for suite in self.suites)

    @property
    def asked(self) -> str:
        """On what, once where all suites were asked alike."""
        return "; ".join(dict.fromkeys(suite.asked for suite in self.suites if suite.asked))

    @property
    def samples(self) -> int:
        """The samples of all suites."""
        return sum(suite.samples for suite in self.suites)


@dataclass(frozen=True)
class Miss:
    """A question that was not answered as wanted: the faults, and the answer that was given.

    `told` are what was noted of the answer, such as its verdict; `answer` is None where the log
    holds only its `text`.
    """

    suite: str
    sample: str
    question: str
    faults: tuple[str, ...]
    told: str
    answer: Answer | None
    text: str


@dataclass(frozen=True)
class Shares:
    """A suite of a run in full: each measure with its 95% interval, and what its answers took."""

    suite: str
    took: str
    rows: tuple[tuple[str, ...], ...]


def read_runs(folder: str) -> tuple[list[Run], list[str]]:
    """The newest runs in a folder of logs, the oldest first, and a sentence for each bad log.

    Raises UsageError when inspect-ai is not installed.
    """
    listed = _inspect().list_eval_logs(folder, descending=True)[:MOST_LOGS]
    suites, problems = [], []
    for info in listed:
        try:
            suites.append(_suite(info.name, info.mtime))
        except _DAMAGED as error:
            last = info.name.rpartition("/")[2]
            problems.append(f"{last} can't be read as a log ({type(error).__name__}).")
    top = folder.rstrip("/").rpartition("/")[2]
    runs = [
        Run(place, tuple(sorted(group, key=lambda suite: suite.name)))
        for place, group in groupby(sorted(suites, key=_place(top)), key=_place(top))
    ]
    return sorted(runs, key=lambda run: run.at), problems


def _place(top: str) -> Any:
    """Where a suite's run is: the folder of its log, or in the top folder the log itself."""

    def place(suite: Suite) -> str:
        folder = suite.log.rpartition("/")[0]
        return suite.log if folder.rpartition("/")[2] == top else folder

    return place


def read_misses(run: Run) -> list[Miss]:
    """What a run's scorers found fault with, suite by suite, in the order of the samples."""
    found = []
    for suite in run.suites:
        log = _inspect().read_eval_log(suite.log)
        found += [_miss(suite.name, s) for s in log.samples or [] if any(_faults(s))]
    return found


def read_shares(run: Run) -> list[Shares]:
    """Every measure with its interval; nothing for logs that are not those of `tapecheck eval`.

    The suites stand beside the package in a checkout, and so does what reads their measures.
    """
    try:
        from eval.results import amounts, from_logs, rows
    except ImportError:
        return []
    from pathlib import Path

    folder = Path(run.folder.removeprefix("file://"))
    if not folder.is_dir():
        return []
    try:
        whole = from_logs(folder)
    except (UsageError, ValueError, KeyError, TypeError):  # another's scorers, or cut short
        return []
    told: dict[str, list[tuple[str, ...]]] = {}
    for row in rows(whole):
        cells = f"{row.value:.1%} of {row.n}", f"{row.low:.1%} to {row.high:.1%}"
        told.setdefault(row.suite, []).append((row.measure, *cells))
    return [Shares(suite, took, tuple(told.get(suite, ()))) for suite, took in amounts(whole)]


def history(runs: Sequence[Run]) -> Chart | None:
    """The share of samples that were right, a line for each suite; None for one run alone."""
    told = [(run.at, {s.name: s.right for s in run.suites if s.right is not None}) for run in runs]
    told = [(at, shares) for at, shares in told if shares]
    if len(told) < 2:
        return None
    names = sorted({name for _, shares in told for name in shares})
    return Chart(
        "Questions answered without a fault",
        "percent",
        "Source: logs of inspect-ai",
        ("run", *names),
        tuple((at, *(_percent(shares.get(name)) for name in names)) for at, shares in told),
        marks="both",
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)


def _inspect() -> Any:
    try:
        from inspect_ai import log
    except ImportError as error:
        raise UsageError(
            "The runs are read by inspect-ai, which is not installed: run `make eval` once, or "
            "install tapecheck[eval]."
        ) from error
    return log


@lru_cache(maxsize=4 * MOST_LOGS)
def _suite(name: str, changed: float | None) -> Suite:
    """A suite by its log's header; read again when the file has `changed`."""
    log: EvalLog = _inspect().read_eval_log(name, header_only=True)
    problem = log.error.message if log.error else log.status
    results = log.results
    return Suite(
        log=name,
        name=log.eval.task.rpartition("/")[2],
        at=datetime.fromisoformat(str(log.eval.created)),
        asked=_asked(log.eval),
        samples=results.completed_samples if results else 0,
        scores=tuple(_scores(log)),
        problem=None if log.status == "success" else problem,
    )


def _asked(spec: EvalSpec) -> str:
    """Who was asked on what: as our suites note it, else the task's arguments."""
    noted = spec.metadata or {}
    if "model" in noted and "market" in noted:
        part = f", part {noted['part']}" if "part" in noted else ""
        return f"{noted['model']} on {noted['market']}{part}"
    return " ".join(f"{key}={value}" for key, value in sorted(spec.task_args.items()))


def _scores(log: EvalLog) -> Iterator[tuple[str, float]]:
    """Each metric under its own name; those of a further score with its name before it."""
    seen = set()
    for score in log.results.scores if log.results else []:
        for name, metric in score.metrics.items():
            full = f"{score.name} {name}" if name in seen else name
            seen.add(full)
            yield full, float(metric.value)


def _miss(suite: str, sample: EvalSample) -> Miss:
    kept = (sample.store or {}).get("answer")
    try:
        answer = Answer.model_validate(kept) if kept else None
    except ValidationError:  # of another version: its text is still there
        answer = None
    asked = sample.input if isinstance(sample.input, str) else str(sample.input[-1].content)
    return Miss(
        suite=suite,
        sample=str(sample.id),
        question=asked,
        faults=tuple(dict.fromkeys(_faults(sample))),
        told=_told(sample),
        answer=answer,
        text=sample.output.completion,
    )


def _told(sample: EvalSample) -> str:
    """The day asked from, and what our scorer noted of the answer."""
    noted = {k: v for s in (sample.scores or {}).values() for k, v in (s.metadata or {}).items()}
    parts = [f"as of {day}"] if (day := (sample.metadata or {}).get("as_of")) else []
    if isinstance(verdict := noted.get("verdict"), str):
        parts.append(f"verdict {verdict.replace('_', ' ')}")
    if isinstance(words := noted.get("words"), int):
        parts.append(f"{words} words")
    if isinstance(seconds := noted.get("seconds"), float):
        parts.append(f"{seconds:.2f} s")
    return " · ".join(parts)


def _faults(sample: EvalSample) -> Iterator[str]:
    """Why a sample counts as missed, by each scorer that says so, and its error if it had one."""
    from inspect_ai.scorer import value_to_float

    if sample.error:
        yield sample.error.message
    in_numbers = value_to_float()
    for name, score in (sample.scores or {}).items():
        values = score.value.values() if isinstance(score.value, dict) else [score.value]
        if any(isinstance(v, int | float | str | bool) and in_numbers(v) == 0 for v in values):
            noted = (score.metadata or {}).get("faults")
            if isinstance(noted, list) and noted:
                yield from map(str, noted)
            else:
                yield score.explanation or f"{name}: {score.value}"

"""Runs of the evaluation suites as inspect-ai logs them: scores over time, and what failed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from qa.domain import Answer
from qa.errors import UsageError
from qa.report.charts import Chart

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

MOST_RUNS = 200
# What a log that is no log, or half of one, is known to raise.
_DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Run:
    """One run of a suite: when, on what, and its scores by name (shares from 0 to 1, mostly).

    `problem` says why a run has none.
    """

    name: str
    suite: str
    at: datetime
    asked: str
    samples: int
    scores: tuple[tuple[str, float], ...]
    problem: str | None = None

    def score(self, name: str) -> float | None:
        """A score by its name."""
        return dict(self.scores).get(name)


@dataclass(frozen=True)
class Miss:
    """A question that was not answered as wanted: the faults, and the answer that was given.

    `answer` is None where the log holds only its `text`.
    """

    question: str
    faults: tuple[str, ...]
    answer: Answer | None
    text: str


def read_runs(folder: str) -> tuple[list[Run], list[str]]:
    """The newest runs in a folder of logs, the oldest first, and a sentence for each bad log.

    Raises UsageError when inspect-ai is not installed.
    """
    listed = _inspect().list_eval_logs(folder, descending=True)[:MOST_RUNS]
    runs, problems = [], []
    for info in listed:
        try:
            runs.append(_run(info.name, info.mtime))
        except _DAMAGED as error:
            last = info.name.rpartition("/")[2]
            problems.append(f"{last} can't be read as a log ({type(error).__name__}).")
    return sorted(runs, key=lambda run: run.at), problems


def read_misses(run: Run) -> list[Miss]:
    """What a run's scorers found fault with, in the order of its samples."""
    log = _inspect().read_eval_log(run.name)
    return [_miss(sample) for sample in log.samples or [] if any(_faults(sample))]


def history(runs: Sequence[Run]) -> Chart | None:
    """The share of samples that were right, a line for each suite; None for one run alone."""
    told = [run for run in runs if run.score("accuracy") is not None]
    suites = sorted({run.suite for run in told})
    rows = tuple(
        (run.at, *(run.score("accuracy") if suite == run.suite else None for suite in suites))
        for run in told
    )
    source = "Source: logs of inspect-ai"
    title = "Share of samples that were right"
    if len(rows) < 2:
        return None
    return Chart(title, "share", source, ("run", *suites), rows, marks="both")


def _inspect() -> Any:
    try:
        from inspect_ai import log
    except ImportError as error:
        raise UsageError(
            "The runs are read by inspect-ai, which is not installed: run `make eval` once, or "
            "install tapecheck[eval]."
        ) from error
    return log


@lru_cache(maxsize=4 * MOST_RUNS)
def _run(name: str, changed: float | None) -> Run:
    """A run by its log's header; read again when the file has `changed`."""
    log: EvalLog = _inspect().read_eval_log(name, header_only=True)
    arguments = " ".join(f"{key}={value}" for key, value in sorted(log.eval.task_args.items()))
    problem = log.error.message if log.error else log.status
    results = log.results
    return Run(
        name=name,
        suite=log.eval.task.rpartition("/")[2],
        at=datetime.fromisoformat(str(log.eval.created)),
        asked=arguments,
        samples=results.completed_samples if results else 0,
        scores=tuple(_scores(log)),
        problem=None if log.status == "success" else problem,
    )


def _scores(log: EvalLog) -> Iterator[tuple[str, float]]:
    """Each metric under its own name; those of a further score with its name before it."""
    seen = set()
    for score in log.results.scores if log.results else []:
        for name, metric in score.metrics.items():
            full = f"{score.name} {name}" if name in seen else name
            seen.add(full)
            yield full, float(metric.value)


def _miss(sample: EvalSample) -> Miss:
    kept = (sample.store or {}).get("answer")
    try:
        answer = Answer.model_validate(kept) if kept else None
    except ValidationError:  # of another version: its text is still there
        answer = None
    asked = sample.input if isinstance(sample.input, str) else str(sample.input[-1].content)
    return Miss(asked, tuple(_faults(sample)), answer, sample.output.completion)


def _faults(sample: EvalSample) -> Iterator[str]:
    """Why a sample counts as missed, by each scorer that says so, and its error if it had one."""
    from inspect_ai.scorer import value_to_float

    if sample.error:
        yield sample.error.message
    in_numbers = value_to_float()
    for name, score in (sample.scores or {}).items():
        values = score.value.values() if isinstance(score.value, dict) else [score.value]
        if any(isinstance(v, int | float | str | bool) and in_numbers(v) == 0 for v in values):
            yield score.explanation or f"{name}: {score.value}"

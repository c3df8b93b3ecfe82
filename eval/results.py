"""What a run of the suites found: read from inspect-ai's logs, kept as one JSON file, tabled.

Shares have 95% intervals by question: scipy's percentile bootstrap, the same each time. Where all
questions have the same share no resample can vary, and the exact (Clopper-Pearson) interval of a
proportion is given instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from pydantic import Field, ValidationError

from eval.scoring import MEASURES
from qa.domain import Frozen
from qa.errors import UsageError

RESAMPLES, SEED = 9999, 2026


class Asked(Frozen):
    """One question as it was answered. `seconds`, `tokens` and `usd` are those of the answer."""

    question: str
    as_of: str
    shares: dict[str, float]
    faults: tuple[str, ...] = ()
    answer: str = ""
    verdict: str | None = None
    words: int | None = None
    seconds: float | None = None
    tokens: int | None = None
    usd: float | None = None

    @property
    def answered(self) -> bool:
        """Whether there was an answer at all, rather than an error."""
        return self.verdict is not None


class Run(Frozen):
    """A run: which model on which market, when, and every question of every suite."""

    made: str
    model: str
    market: str
    part: str
    left_out: int = 0
    suites: dict[str, dict[str, Asked]] = Field(default_factory=dict)


class Row(Frozen):
    """One measure of one suite over n questions, with its 95% interval."""

    suite: str
    measure: str
    value: float
    n: int
    low: float
    high: float


def read_run(path: Path) -> Run:
    """A run from its JSON file, or from a folder of logs; raises UsageError for anything else."""
    if path.is_dir():
        return from_logs(path)
    try:
        return Run.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"{path.name} is no run of the suites: {reason}.") from error


def from_logs(folder: Path) -> Run:
    """The newest log of each suite in `folder`; raises UsageError without a log that ended well."""
    from inspect_ai.log import list_eval_logs, read_eval_log

    newest = {info.task: info for info in list_eval_logs(str(folder), descending=False)}
    if not newest:
        raise UsageError(f"There is no log in {folder}: run the suites first.")
    logs = [read_eval_log(newest[name]) for name in sorted(newest)]
    for log in logs:
        if log.status != "success":
            reason = log.error.message if log.error else "cut short"
            raise UsageError(f"The suite {log.eval.task} has no scores: {log.status}: {reason}.")
    told = [log.eval.metadata or {} for log in logs]
    return Run(
        made=max(log.eval.created for log in logs),
        model=_one_of(told, "model"),
        market=_one_of(told, "market"),
        part=_one_of(told, "part"),
        left_out=sum(t.get("left out", 0) for t in told),
        suites={log.eval.task: _asked(log.samples or []) for log in logs},
    )


def _one_of(told: Sequence[dict[str, Any]], name: str) -> str:
    return ", ".join(sorted({str(t.get(name, "unknown")) for t in told}))


def _asked(samples: Sequence[Any]) -> dict[str, Asked]:
    found = {}
    for sample in samples:
        (score,) = (sample.scores or {}).values()
        found[str(sample.id)] = Asked(
            question=str(sample.input),
            as_of=sample.metadata["as_of"],
            answer=sample.output.completion,
            **score.metadata,
        )
    return found


def shares(run: Run, suite: str, measure: str) -> list[float]:
    """One measure of every question of a suite that it was asked of."""
    asked = run.suites[suite].values()
    return [one.shares[measure] for one in asked if measure in one.shares]


def rows(run: Run) -> Iterator[Row]:
    """Every measure of every suite."""
    for suite in run.suites:
        for measure in MEASURES:
            values = shares(run, suite, measure)
            if values:
                low, high = interval(values)
                value = sum(values) / len(values)
                yield Row(
                    suite=suite, measure=measure, value=value, n=len(values), low=low, high=high
                )


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95% interval of the mean of shares, each of one question."""
    from scipy.stats import binomtest, bootstrap

    if len(set(values)) == 1 and values[0] in (0.0, 1.0):
        exact = binomtest(int(sum(values)), len(values)).proportion_ci()
        return float(exact.low), float(exact.high)
    if len(set(values)) == 1:
        return values[0], values[0]
    found = bootstrap(
        (values,), _mean, n_resamples=RESAMPLES, method="percentile", rng=SEED
    ).confidence_interval
    return float(found.low), float(found.high)


def _mean(values: Any, axis: int) -> Any:
    return values.mean(axis=axis)


def amounts(run: Run) -> Iterator[tuple[str, str]]:
    """What the answers of each suite took: words, seconds, tokens and dollars, in words."""
    for suite, asked in run.suites.items():
        parts = [f"{len(asked)} questions"]
        for name, unit in (("words", " words"), ("seconds", " s")):
            values = sorted(v for one in asked.values() if (v := getattr(one, name)) is not None)
            if values:
                late = values[int(0.95 * (len(values) - 1))]
                digits = 0 if name == "words" else 2
                parts.append(f"{median(values):.{digits}f}{unit} median, {late:.{digits}f} at p95")
        tokens = sum(one.tokens or 0 for one in asked.values())
        spent = [one.usd for one in asked.values() if one.usd is not None]
        parts += [f"{tokens:,} tokens"] if tokens else []
        parts += [f"${sum(spent):.2f}"] if spent else []
        yield suite, " · ".join(parts)


def table(run: Run) -> Iterator[str]:
    """The lines that are printed of a run."""
    yield f"{run.model} on {run.market}, {run.made}, part {run.part}"
    if run.left_out:
        yield f"{run.left_out} questions need another tape and were left out."
    yield f"\n{'suite':15}{'measure':20}{'value':>8}{'n':>6}  95% interval"
    for row in rows(run):
        spread = f"{row.low:.1%} to {row.high:.1%}"
        yield f"{row.suite:15}{row.measure:20}{row.value:>8.1%}{row.n:>6}  {spread}"
    yield ""
    for suite, told in amounts(run):
        yield f"{suite:15}{told}"


def misses(run: Run) -> Iterator[str]:
    """Every question whose answer has a fault, with all of them."""
    for suite, asked in run.suites.items():
        for key, one in asked.items():
            if one.faults:
                yield f"{suite} {key}: {one.question} (as of {one.as_of})"
                yield from (f"    {fault}" for fault in one.faults)


def write_run(run: Run, path: Path) -> None:
    """Keep a run as JSON, a line a question, so that two can be laid side by side."""
    told = run.model_dump(mode="json", exclude_defaults=True)
    suites = told.pop("suites", {})
    head = json.dumps(told, ensure_ascii=False)[:-1]
    blocks = []
    for suite, asked in suites.items():
        lines = [
            f"  {json.dumps(key)}: {json.dumps(one, ensure_ascii=False)}"
            for key, one in asked.items()
        ]
        blocks.append(f" {json.dumps(suite)}: {{\n" + ",\n".join(lines) + "\n }")
    path.write_text(f'{head}, "suites": {{\n' + ",\n".join(blocks) + "\n}}\n", encoding="utf-8")

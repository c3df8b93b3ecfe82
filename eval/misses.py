"""What went wrong, from the newest log of each suite: `python -m eval.misses logs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from inspect_ai.log import EvalLog, EvalSample, list_eval_logs, read_eval_log


def newest(folder: Path) -> list[EvalLog]:
    """The newest log of each suite in `folder`, in the order of their names."""
    newest_of = {}
    for info in list_eval_logs(str(folder), descending=False):
        newest_of[info.task] = info
    return [read_eval_log(newest_of[name]) for name in sorted(newest_of)]


def lines(log: EvalLog) -> Iterator[str]:
    """The score of one suite in words, then each miss with its faults; or why it has none."""
    if log.status != "success":
        yield f"{log.eval.task}: {log.status}: {log.error.message if log.error else 'cut short'}"
        return
    samples = log.samples or []
    missed = [sample for sample in samples if not _passed(sample)]
    passed, rate = len(samples) - len(missed), 1 - len(missed) / len(samples)
    yield f"{log.eval.task}: {passed} of {len(samples)} ({rate:.0%}{_error(log)})"
    for sample in missed:
        yield f"  {sample.id}: {sample.input} (as of {sample.metadata['as_of']})"
        for score in (sample.scores or {}).values():
            yield f"    {score.explanation}"


def _error(log: EvalLog) -> str:
    """The standard error that inspect-ai worked out."""
    found = [s.metrics["stderr"].value for s in (log.results.scores if log.results else [])]
    return "".join(f", standard error {value:.0%}" for value in found)


def _passed(sample: EvalSample) -> bool:
    return all(score.as_float() == 1 for score in (sample.scores or {}).values())


def main() -> None:
    """Print the misses of the newest logs of the folder named, `logs` by default.

    Exits with 1 when a suite has no score: inspect-ai itself exits with 0 then.
    """
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "logs")
    logs = newest(folder) if folder.is_dir() else []
    if not logs:
        sys.exit(f"There is no log in {folder}: run `make eval` first.")
    for log in logs:
        print("\n".join(lines(log)))
    sys.exit(any(log.status != "success" for log in logs))


if __name__ == "__main__":
    main()

"""Logs as inspect-ai writes them, of runs that never were."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from qa.domain import Answer

needs_inspect = pytest.mark.skipif(
    find_spec("inspect_ai") is None, reason="inspect-ai is not installed (extra: eval)"
)


def logged(
    folder: Path,
    day: int,
    given: Answer | dict[str, Any] | None,
    fault: str,
    status: str = "success",
    task: str = "figures",
    ours: bool = False,
    **score: Any,
) -> None:
    """Write the log of a run of two samples on a day of January 2026, of which one fails.

    With `ours`, noted as the project's own suites note it.
    """
    from inspect_ai.log import (
        EvalConfig,
        EvalDataset,
        EvalLog,
        EvalMetric,
        EvalResults,
        EvalSample,
        EvalScore,
        EvalSpec,
        write_eval_log,
    )
    from inspect_ai.model import ModelOutput
    from inspect_ai.scorer import Score

    kept = given.model_dump(mode="json") if isinstance(given, Answer) else given
    store = {} if kept is None else {"answer": kept}
    asked = {"as_of": "2026-01-23"} if ours else {}
    wrong: dict[str, Any]
    right: dict[str, Any]
    wrong, right = (
        {"metadata": {"shares": {"passed": share}, "faults": faults}} if ours else {}
        for share, faults in ((0.0, [fault]), (1.0, []))
    )
    scored = {"value": 0, "explanation": fault, **wrong, **score}
    samples = [
        EvalSample(id="wrong", epoch=1, input="Is it so?", target="", store=store, metadata=asked,
                   output=ModelOutput.from_content("m", "# In words"),
                   scores={"checked": Score(**scored)}),
        EvalSample(id="right", epoch=1, input="And this?", target="", metadata=asked,
                   scores={"checked": Score(value=1, **right)}),
    ]  # fmt: skip
    metrics = {
        "accuracy": EvalMetric(name="accuracy", value=0.5),
        "stderr": EvalMetric(name="stderr", value=0.35),
    }
    log = EvalLog(
        status=status,  # type: ignore[arg-type]
        eval=EvalSpec(
            created=f"2026-01-{day:02}T10:00:00+00:00", task=task, dataset=EvalDataset(),
            model="none/none", config=EvalConfig(), task_args={"market": "sample"},
            metadata={"model": "offline", "market": "sample", "part": "dev"} if ours else None,
        ),
        results=EvalResults(
            total_samples=2, completed_samples=2,
            scores=[EvalScore(name="checked", scorer="checked", metrics=metrics)],
        ),
        samples=samples,
    )  # fmt: skip
    write_eval_log(log, str(folder / f"2026-01-{day:02}T10-00-00+00-00_{task}_x{day}.eval"))

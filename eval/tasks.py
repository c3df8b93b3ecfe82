"""The suites as inspect-ai tasks: `python -m inspect_ai eval eval/tasks.py --model none`.

Tapecheck itself is what is asked, so no model of inspect's is used; which one writes for Tapecheck
is a task argument: `-T model=openai:gpt-5-mini`. README.md describes the suites and the scores.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Lock

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

from eval.cases import SUITES, Case, Part, load_cases
from eval.expected import visible
from eval.scoring import score, score_refusal
from eval.subject import default_store, fits, put
from qa.domain import Answer
from qa.errors import TapecheckError, UsageError
from qa.report.markdown import to_markdown

_one_at_a_time = Lock()  # so that seconds are those of one question on a machine at rest


@task
def figures(market: str = "sample", model: str = "offline", part: Part = "dev") -> Task:
    """Narrow questions: the right number, in its place, with its definition."""
    return suite("figures", market, model, part)


@task
def sustainability(market: str = "sample", model: str = "offline", part: Part = "dev") -> Task:
    """Broad questions: enough of an argument, cited, checked, from both sides, nothing too late."""
    return suite("sustainability", market, model, part)


@task
def commentary(market: str = "sample", model: str = "offline", part: Part = "dev") -> Task:
    """Who said what, when, with which target; views that conflict, changed, or are stale."""
    return suite("commentary", market, model, part)


@task
def asof(market: str = "sample", model: str = "offline", part: Part = "dev") -> Task:
    """Questions that invite to tell what came later."""
    return suite("asof", market, model, part)


@task
def unanswerable(market: str = "sample", model: str = "offline", part: Part = "dev") -> Task:
    """What can't be answered: nothing made up, and what is missing is said."""
    return suite("unanswerable", market, model, part)


@task
def injection(market: str = "sample", model: str = "offline", part: Part = "dev") -> Task:
    """Commentary that gives orders: it is quoted at most, and changes nothing."""
    return suite("injection", market, model, part)


@task
def followups(market: str = "sample", model: str = "offline", part: Part = "dev") -> Task:
    """Questions that lean on those before them."""
    return suite("followups", market, model, part)


@task
def own(path: str, market: str = "sample", model: str = "offline", part: Part = "all") -> Task:
    """A suite of your own, from its JSONL file."""
    return suite(path, market, model, part)


def suite(name: str, market: str, model: str, part: Part) -> Task:
    """A suite by its name, or by the path of its file; raises UsageError if nothing is to be asked.

    Cases that need another tape than `market` are left out, and counted in the task's metadata.
    """
    path = Path(name) if name.endswith(".jsonl") else SUITES / f"{name}.jsonl"
    held = load_cases(path)
    wanted = [c for c in held if part == "all" or c.held_out == (part == "held_out")]
    asked = [case for case in wanted if fits(case, market)]
    if not asked:
        raise UsageError(
            f"The suite {path.stem} has no case for this tape: of {len(held)}, {len(wanted)} are "
            f"in the part {part!r} and need another market; name one with --market folder:PATH."
        )
    return Task(
        dataset=MemoryDataset([_sample(case) for case in asked], name=path.stem),
        solver=ask_tapecheck(market, model, default_store()),
        scorer=checked(),
        name=path.stem,
        metadata={
            "market": market,
            "model": model,
            "part": part,
            "left out": len(wanted) - len(asked),
        },
    )


def _sample(case: Case) -> Sample:
    given = case.model_dump(mode="json", exclude_defaults=True)
    kept = ("id", "question", "as_of", "note", "documents")
    target = "; ".join(f"{name}: {value}" for name, value in given.items() if name not in kept)
    return Sample(id=case.id, input=case.question, target=target, metadata=given)


@solver
def ask_tapecheck(market: str, model: str, store: str) -> Solver:
    """Ask Tapecheck. The reply is the Markdown; the Answer goes to the sample's store as JSON."""

    def answer_to(case: Case) -> Answer:
        with _one_at_a_time:
            return put(case, market, model, store)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        try:
            answer = await asyncio.to_thread(answer_to, Case.model_validate(state.metadata))
        except UsageError as error:  # turned down, with a sentence for whoever asked
            state.store.set("refusal", str(error))
            state.output = ModelOutput.from_content("tapecheck", str(error))
            return state
        except TapecheckError as error:
            state.store.set("error", f"{type(error).__name__}: {error}")
            state.output = ModelOutput.from_content("tapecheck", str(error))
            return state
        state.store.set("answer", answer.model_dump(mode="json"))
        state.output = ModelOutput.from_content(f"tapecheck/{answer.model}", to_markdown(answer))
        return state

    return solve


@scorer(metrics=[accuracy(), stderr()])
def checked() -> Scorer:
    """1 if the answer has no fault, else 0; the explanation names every fault."""

    async def judge(state: TaskState, target: Target) -> Score:
        case = Case.model_validate(state.metadata)
        if told := state.store.get("refusal"):
            found = score_refusal(case, told)
            shares = {"shares": found.shares, "faults": list(found.faults), "verdict": "refused"}
            return Score(value=int(found.passed), explanation=found.explanation, metadata=shares)
        if failed := state.store.get("error"):
            fault = f"No answer: {failed}"
            nothing = {"shares": {"passed": 0.0}, "faults": [fault]}
            return Score(value=0, explanation=fault, metadata=nothing)
        answer = Answer.model_validate(state.store.get("answer"))
        found = score(case, answer)
        return Score(
            value=int(found.passed),
            answer=answer.claims[0].text if answer.claims else " ".join(answer.unanswered),
            explanation=found.explanation,
            metadata={
                "shares": found.shares,
                "faults": list(found.faults),
                "verdict": answer.verdict.label,
                "words": len(visible(answer).split()),
                "seconds": answer.timings.get("whole"),
                "tokens": answer.cost.input_tokens + answer.cost.output_tokens,
                "usd": answer.cost.usd,
            },
        )

    return judge

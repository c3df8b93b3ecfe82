"""The suites as inspect-ai tasks: `python -m inspect_ai eval eval/tasks.py --model none`.

Tapecheck itself is what is asked, so no model of inspect's is used; which one writes for Tapecheck
is a task argument: `-T model=openai:gpt-5-mini`. README.md describes the suites and the scores.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

from eval.cases import KINDS, SUITES, Case, load_cases
from eval.scoring import score
from qa.analyst import Analyst
from qa.domain import Answer
from qa.errors import TapecheckError
from qa.report.markdown import to_markdown
from qa.settings import bundled_corpus


@task
def figures(market: str = "sample", model: str = "offline", store: str | None = None) -> Task:
    """Narrow questions on published levels: the right number, in its place, with its definition."""
    return _task("figures", market, model, store)


@task
def sustainability(
    market: str = "sample", model: str = "offline", store: str | None = None
) -> Task:
    """Broad questions: enough of an argument, cited, checked, from both sides, nothing too late."""
    return _task("sustainability", market, model, store)


@task
def unanswerable(market: str = "sample", model: str = "offline", store: str | None = None) -> Task:
    """What can't be answered: nothing made up, and what is missing is said."""
    return _task("unanswerable", market, model, store)


def _task(suite: str, market: str, model: str, store: str | None) -> Task:
    cases = load_cases(SUITES / f"{suite}.jsonl", KINDS[suite])
    return Task(
        dataset=MemoryDataset([_sample(case) for case in cases], name=suite),
        solver=ask_tapecheck(market, model, store or default_store()),
        scorer=checked(suite),
        name=suite,
    )


def _sample(case: Case) -> Sample:
    given = case.model_dump(mode="json", exclude_defaults=True)
    wanted = {k: v for k, v in given.items() if k not in ("id", "question", "as_of", "note")}
    target = "; ".join(f"{name}: {value}" for name, value in wanted.items())
    return Sample(id=case.id, input=case.question, target=target, metadata=given)


def default_store() -> str:
    """A store of the evaluation's own: what a user has added to theirs would change the scores."""
    from platformdirs import user_cache_path

    return str(Path(user_cache_path("tapecheck", appauthor=False)) / "eval-store")


@lru_cache(maxsize=1)
def analyst(market: str, model: str, store: str) -> Analyst:
    """One Analyst for all samples, on the bundled commentary; raises for unusable settings."""
    made = Analyst(market=market, model=model, store=store, corpus=bundled_corpus())
    made.market.source.span()
    made.library.prepare()
    return made


@solver
def ask_tapecheck(market: str, model: str, store: str) -> Solver:
    """Ask Tapecheck. The reply is the Markdown; the Answer goes to the sample's store as JSON."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        asked = analyst(market, model, store)
        try:
            answer = await asked.aask(state.input_text, as_of=state.metadata["as_of"])
        except TapecheckError as error:
            state.store.set("error", f"{type(error).__name__}: {error}")
            state.output = ModelOutput.from_content("tapecheck", str(error))
            return state
        state.store.set("answer", answer.model_dump(mode="json"))
        state.output = ModelOutput.from_content(f"tapecheck/{answer.model}", to_markdown(answer))
        return state

    return solve


@scorer(metrics=[accuracy(), stderr()])
def checked(suite: str) -> Scorer:
    """1 if the answer has no fault, else 0; the explanation names every fault."""

    async def judge(state: TaskState, target: Target) -> Score:
        refused = state.store.get("error")
        if refused:
            return Score(value=0, explanation=f"No answer: {refused}")
        answer = Answer.model_validate(state.store.get("answer"))
        found = score(KINDS[suite].model_validate(state.metadata), answer)
        return Score(
            value=int(found.passed),
            answer=answer.claims[0].text if answer.claims else " ".join(answer.unanswered),
            explanation=found.explanation,
        )

    return judge

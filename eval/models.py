"""Models on the same questions: `python -m eval.models [openai:NAME ...] [--questions N]`.

The offline analyst is always the first: what it reaches without a model is the mark to beat. A
model that fails hands over to it, as it does for a reader; what it wrote then is not counted as
that model's, and the reason is printed.

What is measured, over the answers that a model wrote itself:

    passed        questions whose answer has no fault by the rules of their suite
    verified      claims handed in that stand in the answer, and that the scorers, which read
                  numbers apart from the product's own checks, find cited and borne out
    taken out     claims handed in, in the last draft, that the reader isn't shown
    scorecard     rows of the scorecard that the evidence it looked up could give a direction

Each is a share of sums over questions, with the 95% interval of a bootstrap that draws questions.
Tokens and dollars are those of the answers that a model wrote; seconds are of every question.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median

from eval.cases import SUITES, Case, load_cases
from eval.rules import unbacked, uncited
from eval.scoring import score
from qa.agent.events import Drafted, Finished, HandedOver
from qa.analyst import Analyst
from qa.domain import Answer
from qa.errors import TapecheckError
from qa.settings import OFFLINE, bundled_corpus

# Broad, narrow and unanswerable in turn, so that the first few are of every kind.
QUESTIONS = (
    ("sustainability", "russell"),
    ("figures", "return-rut-since"),
    ("unanswerable", "advice-buy"),
    ("sustainability", "small-over-large"),
    ("figures", "lead-rut-spx"),
    ("unanswerable", "prediction-friday"),
    ("sustainability", "out-of-steam"),
    ("figures", "range-rut"),
    ("sustainability", "spx"),
    ("figures", "volatility-rut"),
    ("unanswerable", "closed-sunday"),
    ("figures", "sector-worst"),
)
RESAMPLES, SEED = 9999, 2026


@dataclass(frozen=True)
class Asked:
    """One question put to one model. `failure` says why it didn't write the answer itself."""

    case: str
    failure: str | None
    passed: bool
    handed_in: int
    stand: int
    verified: int
    rows: int
    read: int
    tokens: int
    usd: float | None
    seconds: float

    @property
    def wrote(self) -> bool:
        """Whether the model itself wrote the answer."""
        return self.failure is None


@dataclass(frozen=True)
class Share:
    """A share of sums over n questions, with its 95% interval.

    A single question has none; nor is one shown where all are alike, which no resample can vary.
    """

    value: float
    n: int
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.low is None or self.high is None or self.low == self.high:
            return f"{self.value:.0%} (n={self.n})"
        return f"{self.value:.0%} [{self.low:.0%}, {self.high:.0%}]"


def share(parts: Sequence[int], wholes: Sequence[int]) -> Share | None:
    """The sum of the parts over that of the wholes; questions without a whole have no say.

    The interval is the percentile bootstrap of scipy, drawing questions, the same each time.
    """
    from scipy.stats import bootstrap

    pairs = [(part, whole) for part, whole in zip(parts, wholes, strict=True) if whole]
    if not pairs:
        return None
    above, below = zip(*pairs, strict=True)
    value = sum(above) / sum(below)
    if len(pairs) == 1:
        return Share(value, 1)
    found = bootstrap(
        (above, below),
        lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
        paired=True,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=SEED,
    ).confidence_interval
    return Share(value, len(pairs), float(found.low), float(found.high))


def questions(most: int) -> list[Case]:
    """The first of the fixed questions, from the suites; raises BadCase when one isn't there."""
    held = {
        (suite, case.id): case
        for suite in dict.fromkeys(suite for suite, _ in QUESTIONS)
        for case in load_cases(SUITES / f"{suite}.jsonl")
    }
    return [held[place] for place in QUESTIONS[:most]]


def put(analyst: Analyst, case: Case) -> Asked:
    """Put one question to a model; raises TapecheckError when nobody could answer."""
    failure, handed_in = None, 0
    started = time.perf_counter()
    for event in analyst.stream(case.question, as_of=case.as_of):
        if isinstance(event, HandedOver):
            failure, handed_in = event.problem, 0
        elif isinstance(event, Drafted):
            handed_in = event.claims
        elif isinstance(event, Finished):
            answer = event.answer
    seconds = time.perf_counter() - started
    return Asked(
        case=case.id,
        failure=failure,
        passed=score(case, answer).passed,
        handed_in=handed_in,
        stand=len(answer.claims),
        verified=_verified(answer),
        rows=len(answer.scorecard),
        read=sum(row.direction is not None for row in answer.scorecard),
        tokens=answer.cost.input_tokens + answer.cost.output_tokens,
        usd=answer.cost.usd,
        seconds=seconds,
    )


def _verified(answer: Answer) -> int:
    """How many claims have no fault by the rules that hold for every answer."""
    faults = [*uncited(answer), *unbacked(answer)]
    return sum(not any(repr(c.text) in fault for fault in faults) for c in answer.claims)


@dataclass(frozen=True)
class Column:
    """One model's line of results."""

    model: str
    asked: tuple[Asked, ...]

    @property
    def own(self) -> list[Asked]:
        """The questions that the model itself answered."""
        return [asked for asked in self.asked if asked.wrote]

    def cells(self) -> Iterator[tuple[str, str]]:
        """What the table says of it: the measure's name and its value."""
        own = self.own
        yield "questions", str(len(self.asked))
        yield "fell back to offline", str(len(self.asked) - len(own))
        yield "passed", _shown(share([a.passed for a in own], [1] * len(own)))
        handed_in = [a.handed_in for a in own]
        yield "claims handed in", str(sum(handed_in))
        yield "verified", _shown(share([a.verified for a in own], handed_in))
        gone = [a.handed_in - a.stand for a in own]
        yield "taken out", _shown(share(gone, handed_in))
        yield "scorecard", _shown(share([a.read for a in own], [a.rows for a in own]))
        yield "tokens, median", f"{median(a.tokens for a in own):,.0f}" if own else "-"
        spent = [a.usd for a in own if a.usd is not None]
        yield "US dollars, mean", f"{mean(spent):.4f}" if spent else "-"
        yield "seconds, median", f"{median(a.seconds for a in self.asked):.2f}"


def _shown(found: Share | None) -> str:
    return "-" if found is None else str(found)


def measure(models: Sequence[str], market: str, store: str, most: int) -> Iterator[Column]:
    """Each model on the same questions, the offline analyst first.

    Raises TapecheckError for a model or market that can't be used.
    """
    cases = questions(most)
    for model in dict.fromkeys([OFFLINE, *models]):
        corpus = bundled_corpus()
        analyst = Analyst(model=model, market=market, store=store, corpus=corpus, fallback=OFFLINE)
        analyst.market.source.span()
        analyst.library.prepare()
        asked = []
        for number, case in enumerate(cases, start=1):
            asked.append(put(analyst, case))
            print(f"\r{model}: {number} of {len(cases)}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        yield Column(model, tuple(asked))


def table(columns: Sequence[Column]) -> Iterator[str]:
    """The lines of the table, then why answers were written by another."""
    wide = max(24, *(len(column.model) + 2 for column in columns))
    yield f"{'':22}" + "".join(f"{column.model:>{wide}}" for column in columns)
    for line in zip(*(column.cells() for column in columns), strict=True):
        yield f"{line[0][0]:22}" + "".join(f"{value:>{wide}}" for _, value in line)
    for column in columns:
        reasons = Counter(a.failure for a in column.asked if a.failure)
        for reason, times in reasons.most_common():
            yield f"{column.model} did not answer {times} of {len(column.asked)}: {reason}."


def main() -> None:
    """Measure, print the table, and write what was measured where --json says."""
    parser = argparse.ArgumentParser(description="Compare models on the same questions.")
    parser.add_argument("models", nargs="*", metavar="MODEL", help="openai:NAME; offline is in")
    parser.add_argument("--market", default="sample", help="sample (default) or folder:PATH")
    parser.add_argument("--questions", type=int, default=len(QUESTIONS), metavar="N")
    parser.add_argument("--store", help="where the commentary is kept between runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    given = parser.parse_args()
    if not 1 <= given.questions <= len(QUESTIONS):
        parser.error(f"--questions must be 1 to {len(QUESTIONS)}")
    if given.store is None:
        from eval.subject import default_store

        given.store = default_store()
    try:
        columns = list(measure(given.models, given.market, given.store, given.questions))
    except TapecheckError as error:
        sys.exit(str(error))
    print("\n".join(table(columns)))
    print(f"\nn = {given.questions} questions; in brackets 95% intervals by question")
    if given.json:
        told = {column.model: [asdict(asked) for asked in column.asked] for column in columns}
        given.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

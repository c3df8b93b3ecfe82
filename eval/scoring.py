"""Scores of answers, each with its reasons. Needs no evaluation framework.

An answer passes a case or fails it; every fault is a sentence that says what is wrong and where.
Beside that it is measured by shares from 0 to 1; a share that a case doesn't ask for is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from eval import expected, rules
from eval.cases import Case
from eval.reading import says
from qa.domain import Answer

# What is measured: its name, and what a share of 1 means.
MEASURES = {
    "passed": "the answer has no fault",
    "figures": "every expected figure is shown, in its unit, beside its words, checked",
    "definition": "the definition of the figures is stated",
    "citation precision": "every citation bears something of its claim",
    "citation recall": "every claim is cited, and its numbers stand in what it cites",
    "quotations": "every quotation stands word for word in a passage it cites",
    "numbering": "sources run 1..n, and each claim's marks are its evidence",
    "as-of": "nothing was published, measured or told of after the as-of date",
    "sources": "the sources asked for are cited, and none that are barred",
    "drivers": "the expected reasons are spoken of",
    "sides": "enough houses are heard on each side",
    "verdict": "the verdict is one of those allowed",
    "missing": "what can't be answered is refused, and said",
    "words": "the wordings asked for stand there, and none that are barred",
    "form": "enough claims, the sections asked for, not too long",
    "verified": "the answer is verified as a whole, where it should be",
}


@dataclass(frozen=True)
class Score:
    """What is wrong with an answer, and the shares by which it is measured."""

    faults: tuple[str, ...]
    shares: dict[str, float]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def explanation(self) -> str:
        """The faults in words."""
        return " ".join(self.faults) or "Everything that was asked for is there."


class _Sheet:
    """Faults and shares as they are found."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.shares: dict[str, float] = {}

    def hold(self, name: str, faults: Iterable[str], of: int | None = None) -> None:
        """Enter faults. The share is one fault less each of `of` things; else 0 for any fault."""
        found = list(faults)
        self.faults += found
        if of is None:
            self.shares[name] = float(not found)
        elif of:
            self.shares[name] = 1 - min(len(found), of) / of


def score(case: Case, answer: Answer) -> Score:
    """Score an answer by the rules of its case and those for all answers."""
    sheet = _Sheet()
    _as_asked(case, answer, sheet)
    _as_every(answer, sheet)
    shares = {"passed": float(not sheet.faults), **sheet.shares}
    return Score(tuple(dict.fromkeys(sheet.faults)), shares)


def score_refusal(case: Case, told: str) -> Score:
    """Score a question that was turned down with a sentence: right where nothing can be claimed."""
    sheet = _Sheet()
    if case.claims == "none":
        lacking = [w for w in (*case.must_say_missing, *case.must_say) if not says(told, w)]
        sheet.hold("missing", [f"What is missing doesn't say {w!r}." for w in lacking], 1)
    else:
        sheet.faults.append(f"No answer: {told}")
    return Score(tuple(sheet.faults), {"passed": float(not sheet.faults), **sheet.shares})


def _as_asked(case: Case, answer: Answer, sheet: _Sheet) -> None:
    sheet.hold("figures", expected.wrong_figures(case, answer), len(case.figures))
    sheet.hold("definition", expected.undefined(case, answer), len(case.definition))
    barred = len(case.must_cite) + len(case.must_not_cite)
    sheet.hold("sources", expected.sources(case, answer), barred)
    sheet.hold("drivers", expected.uncovered(case, answer), len(case.drivers))
    sheet.hold("words", expected.words(case, answer), len(case.must_say) + len(case.must_not_say))
    sheet.hold("sides", expected.one_sided(case, answer), _given(case.min_bulls, case.min_skeptics))
    sheet.hold("verdict", expected.verdict(case, answer), _given(case.verdicts))
    refused = case.claims == "none" or case.must_say_missing
    sheet.hold("missing", expected.refusal(case, answer), _given(refused))
    asked = _given(case.min_claims, case.sections, case.max_words)
    sheet.hold("form", expected.form(case, answer), asked)
    sheet.hold("verified", expected.unverified(case, answer))


def _as_every(answer: Answer, sheet: _Sheet) -> None:
    cited = len(rules.citations(answer))
    sheet.hold("citation precision", rules.beside_the_point(answer), cited)
    sheet.faults += rules.unbacked(answer)
    if answer.claims:
        known = [rules.recalled(claim, answer) for claim in answer.claims]
        sheet.shares["citation recall"] = sum(known) / len(known)
    quoted = rules.quotations(answer)
    unheld = [f"“{text}” is not in what it cites." for text, stands in quoted if not stands]
    sheet.hold("quotations", unheld, len(quoted))
    sheet.hold("numbering", [*rules.misnumbered(answer), *rules.uncited(answer)])
    sheet.hold("as-of", rules.too_late(answer))


def _given(*asked: Collection[object] | int | bool | None) -> int:
    """1 if a case asks for any of these, else 0."""
    return int(any(asked))

"""Scores of answers, each with its reasons. Needs no evaluation framework.

An answer passes a case or fails it; every fault is a sentence that says what is wrong and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from eval.cases import BroadCase, Case, Expected, FigureCase, MissingCase
from eval.reading import Shown, days, numbers, plain, says
from qa.domain import Answer, CheckedFigure, Claim, Metric, Passage

_MARKS = re.compile(r"\[(\d{1,3})\]")
_OPPOSITE = {"bulls": "bearish", "skeptics": "bullish"}


@dataclass(frozen=True)
class Score:
    """Whether an answer passes, and what is wrong with it."""

    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def explanation(self) -> str:
        """The faults in words."""
        return " ".join(self.faults) or "Everything that was asked for is there."


def score(case: Case, answer: Answer) -> Score:
    """Score an answer by the rules of its case and those for all answers."""
    faults = [*_words(case, answer), *uncited(answer), *unbacked(answer), *too_late(answer)]
    match case:
        case FigureCase():
            faults = [*_figures(case, answer), *faults]
        case BroadCase():
            faults = [*_argument(case, answer), *faults]
        case MissingCase():
            faults = [*_missing(case, answer), *faults]
    return Score(tuple(dict.fromkeys(faults)))


def visible(answer: Answer) -> str:
    """What a reader sees without the sources: the verdict, the claims, what is missing."""
    said = [plain(claim.text) for claim in answer.claims]
    return "\n".join([plain(answer.verdict.why), *said, *answer.unanswered])


def _words(case: Case, answer: Answer) -> Iterator[str]:
    text = visible(answer)
    for wanted in case.must_say:
        if not says(text, wanted):
            yield f"Nowhere says {wanted!r}."
    for banned in case.must_not_say:
        if says(text, banned):
            yield f"Says {banned!r}, which it must not."


# --- Rules for every answer ----------------------------------------------------------------------


def uncited(answer: Answer) -> Iterator[str]:
    """A fault for each claim without a mark, or whose marks aren't its evidence."""
    numbered = {e.number: e.id for e in answer.evidence if e.number is not None}
    if sorted(numbered) != list(range(1, len(numbered) + 1)):
        yield f"The sources are numbered {sorted(numbered)}, not 1..n."
    for claim in answer.claims:
        marked = {numbered.get(int(n)) for n in _MARKS.findall(claim.text)}
        if not marked or marked != set(claim.evidence):
            yield f"Not cited by its evidence: {claim.text!r}."
    marked = {numbered.get(int(n)) for n in _MARKS.findall(answer.verdict.why)}
    if answer.verdict.figures and (not marked or None in marked):
        yield "The verdict's reason has figures and no source."


def unbacked(answer: Answer) -> Iterator[str]:
    """A fault for each number in a claim or the verdict that no evidence of it bears out."""
    held = {e.id: e for e in answer.evidence}
    lines = [(c.text, c.figures) for c in answer.claims]
    lines.append((answer.verdict.why, answer.verdict.figures))
    for text, figures in lines:
        for shown in numbers(text):
            if shown.exact and not any(_stands(shown, f.text) for f in figures):
                yield f"{shown.text} was never checked in {text!r}."
        for figure in figures:
            if figure.status in ("unsupported", "contradicted"):
                yield f"{figure.text} is {figure.status} in {text!r}."
            elif not _borne_out(figure, held):
                yield f"{figure.text} is not in the evidence it names, in {text!r}."


def _borne_out(figure: CheckedFigure, held: dict[str, Metric | Passage]) -> bool:
    """Whether a number stands, to its decimals, in the metric or passage it is said to be from.

    Days, words ("three") and numbers derived from two sources are left to the product's checks.
    """
    shown = next(numbers(figure.text), None)
    evidence = held.get(figure.evidence or "")
    if shown is None or figure.status == "derived" or figure.unit == "date":
        return True
    if isinstance(evidence, Metric):
        values = [f.value for f in evidence.figures.values() if not isinstance(f.value, date)]
        if shown.text[0] not in "+-−":  # a fall may be said in words, which stand elsewhere
            values = [abs(value) for value in values]
        half = 0.5 * 10.0**-shown.decimals + 1e-9
        return any(abs(value - shown.value) <= half for value in values)
    return isinstance(evidence, Passage) and _stands(shown, evidence.text)


def too_late(answer: Answer) -> Iterator[str]:
    """A fault for each piece of evidence and each day in a claim after the as-of date."""
    as_of = answer.question.as_of
    for evidence in answer.evidence:
        if isinstance(evidence, Passage) and evidence.day > as_of:
            yield f"Published on {evidence.published}, after {as_of}: {evidence.title!r}."
        if isinstance(evidence, Metric):
            ends = [evidence.as_of, *([evidence.window.end] if evidence.window else [])]
            ends += [f.value for f in evidence.figures.values() if isinstance(f.value, date)]
            if max(ends) > as_of:
                yield f"Computed with prices of {max(ends)}, after {as_of}: {evidence.definition!r}"
    for claim in answer.claims:
        for day in days(claim.text):
            if day > as_of:
                yield f"Tells of {day}, after {as_of}: {claim.text!r}."


# --- Figures -------------------------------------------------------------------------------------


def _figures(case: FigureCase, answer: Answer) -> Iterator[str]:
    for expected in case.figures:
        fault = _fault(expected, answer)
        if fault:
            yield fault
    text = visible(answer) + "\n".join(_definitions(answer))
    for keyword in case.definition:
        if not says(text, keyword):
            yield f"The definition doesn't mention {keyword!r}."
    if answer.verified != case.verified:
        failed = [check.reason for check in answer.checks if not check.holds]
        yield f"Verified is {answer.verified}, not {case.verified}: {'; '.join(failed)}"


def _definitions(answer: Answer) -> Iterator[str]:
    for evidence in answer.evidence:
        if isinstance(evidence, Metric) and evidence.number is not None:
            yield from (evidence.definition, *evidence.notes)


def _fault(expected: Expected, answer: Answer) -> str | None:
    """Why no claim shows the figure as expected; None where one does."""
    wanted = f"{expected.value} {expected.unit}"
    showing = [(c, s) for c in answer.claims for s in numbers(c.text) if _is(s, expected)]
    if not showing:
        return f"No claim shows {wanted}."
    in_place = [(c, s) for c, s in showing if all(says(plain(c.text), n) for n in expected.near)]
    if not in_place:
        return f"{wanted} is not shown beside {' and '.join(map(repr, expected.near))}."
    if not any(_checked(c, s, expected) for c, s in in_place):
        return f"{wanted} is shown, but not {' or '.join(expected.status)}."
    return None


def _is(shown: Shown, expected: Expected) -> bool:
    unit = None if expected.unit in ("level", "count") else expected.unit
    if shown.unit != unit or shown.decimals < expected.decimals:
        return False
    return _rounds_to(expected, shown)


def _rounds_to(expected: Expected, shown: Shown) -> bool:
    """Whether the number shown rounds the published one, itself rounded from a longer one."""
    written = len(repr(expected.value).partition(".")[2].rstrip("0"))
    decimals = max(written, expected.decimals)  # JSON's 2735.10 is read as 2735.1
    half, half_published = 0.5 * 10.0**-shown.decimals, 0.5 * 10.0**-decimals
    if shown.decimals == decimals:
        slack = 0.0
    elif shown.decimals < decimals:
        slack = half + half_published
    else:
        slack = half_published
    return abs(expected.value - shown.value) <= slack + 1e-9


def _checked(claim: Claim, shown: Shown, expected: Expected) -> bool:
    return any(_stands(shown, f.text) and f.status in expected.status for f in claim.figures)


def _stands(shown: Shown, text: str) -> bool:
    """Whether the digits of the number stand in the text, as a number of their own."""
    found = re.search(r"\d[\d,.]*\d|\d", shown.text)
    digits = re.escape(found.group() if found else shown.text)
    return re.search(rf"(?<!\d)(?<!\d[.,]){digits}(?!\d|[.,]\d)", text) is not None


# --- Arguments -----------------------------------------------------------------------------------


def _argument(case: BroadCase, answer: Answer) -> Iterator[str]:
    if answer.verdict.label == "not_asked":
        yield "It was not taken for a question about what will last: there is no verdict."
    if len(answer.claims) < case.min_claims:
        yield f"It has {len(answer.claims)} claims, not {case.min_claims} or more."
    there = {claim.section for claim in answer.claims}
    for section in case.sections:
        if section not in there:
            yield f"The section {section!r} is missing."
    for side, least in (("bulls", case.min_bulls), ("skeptics", case.min_skeptics)):
        heard = _houses(answer, side)
        if len(heard) < least:
            yield f"{len(heard)} houses among the {side} ({', '.join(heard)}), not {least}."
    if not answer.verified:
        failed = [check.reason for check in answer.checks if not check.holds]
        yield f"Something had to be left out: {'; '.join(failed)}"


def _houses(answer: Answer, side: str) -> list[str]:
    """The houses cited on a side whose view isn't the opposite one."""
    cited = {key for c in answer.claims if c.section == side for key in c.evidence}
    heard = {
        evidence.voices
        for evidence in answer.evidence
        if isinstance(evidence, Passage)
        and evidence.id in cited
        and evidence.stance != _OPPOSITE[side]
    }
    return sorted(heard)


# --- What can't be answered ----------------------------------------------------------------------


def _missing(case: MissingCase, answer: Answer) -> Iterator[str]:
    if case.claims == "none" and answer.claims:
        yield f"It claims something where nothing can be claimed: {answer.claims[0].text!r}."
    said = "\n".join([*answer.unanswered, answer.verdict.why])
    for wanted in case.must_say_missing:
        if not says(said, wanted):
            yield f"What is missing doesn't say {wanted!r}."

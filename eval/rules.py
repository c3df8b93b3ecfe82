"""The rules for every answer, whatever was asked: citations, numbers, quotations, days.

A citation is judged by the evidence alone, in the sense of ALCE (Gao et al., 2023): precise if what
it points to bears something of the claim, and a claim is recalled if all of its exact numbers stand
in what it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from eval.reading import Shown, days, numbers, plain, says
from qa.domain import Answer, CheckedFigure, Claim, Metric, Passage
from qa.market.instruments import named

MARKS = re.compile(r"\[(\d{1,3})\]")
_QUOTED = re.compile(r"“([^”]{3,})”|\"([^\"]{3,})\"")
_WORD = re.compile(r"[a-z]{4,}")
SHARED_WORDS = 3  # of four letters or more: the least that a retold passage has in common


def misnumbered(answer: Answer) -> Iterator[str]:
    """A fault if the sources aren't numbered 1..n in the order in which they are first cited."""
    held = [e.number for e in answer.evidence if e.number is not None]
    if sorted(held) != list(range(1, len(held) + 1)):
        yield f"The sources are numbered {sorted(held)}, not 1..n."


def uncited(answer: Answer) -> Iterator[str]:
    """A fault for each claim without a mark, or whose marks aren't its evidence."""
    numbered = {e.number: e.id for e in answer.evidence if e.number is not None}
    for claim in answer.claims:
        marked = {numbered.get(int(n)) for n in MARKS.findall(claim.text)}
        if not marked or marked != set(claim.evidence):
            yield f"Not cited by its evidence: {claim.text!r}."
    marked = {numbered.get(int(n)) for n in MARKS.findall(answer.verdict.why)}
    if answer.verdict.figures and (not marked or None in marked):
        yield "The verdict's reason has figures and no source."


def beside_the_point(answer: Answer) -> Iterator[str]:
    """A fault for each citation whose evidence bears nothing of its claim."""
    held = {e.id: e for e in answer.evidence}
    for claim, key in citations(answer):
        evidence = held.get(key)
        if evidence is None:
            yield f"Cites what isn't among the evidence: {claim.text!r}."
        elif not _bears(claim, evidence):
            yield f"[{evidence.number}] bears nothing of {claim.text!r}."


def citations(answer: Answer) -> list[tuple[Claim, str]]:
    """Every citation of every claim: the claim and the id of the evidence."""
    return [(claim, key) for claim in answer.claims for key in claim.evidence]


def _bears(claim: Claim, evidence: Metric | Passage) -> bool:
    if any(figure.evidence == evidence.id for figure in claim.figures):
        return True
    text = plain(claim.text)
    if isinstance(evidence, Metric):
        names = [part for s in evidence.symbols for part in (s, named(s).spoken)]
        return any(says(text, name) for name in names)
    voices = [evidence.author, evidence.firm, *(origin.firm for origin in evidence.origins)]
    if any(voice and says(text, voice) for voice in voices):
        return True
    if any(shown.exact and stands(shown, evidence.text) for shown in numbers(text)):
        return True
    told = set(_WORD.findall(f"{evidence.title} {evidence.text}".casefold()))
    return len(told & set(_WORD.findall(text.casefold()))) >= SHARED_WORDS


def unbacked(answer: Answer) -> Iterator[str]:
    """A fault for each number in a claim or the verdict that no evidence of it bears out."""
    held = {e.id: e for e in answer.evidence}
    lines = [(c.text, c.figures) for c in answer.claims]
    lines.append((answer.verdict.why, answer.verdict.figures))
    for text, figures in lines:
        yield from _unbacked(text, figures, held)


def recalled(claim: Claim, answer: Answer) -> bool:
    """Whether a claim cites something, and its numbers stand in what it cites."""
    held = {e.id: e for e in answer.evidence if e.id in claim.evidence}
    return bool(held) and not any(_unbacked(claim.text, claim.figures, held))


def _unbacked(
    text: str, figures: tuple[CheckedFigure, ...], held: dict[str, Metric | Passage]
) -> Iterator[str]:
    for shown in numbers(text):
        if shown.exact and not any(stands(shown, f.text) for f in figures):
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
    return isinstance(evidence, Passage) and stands(shown, evidence.text)


def stands(shown: Shown, text: str) -> bool:
    """Whether the digits of the number stand in the text, as a number of their own."""
    found = re.search(r"\d[\d,.]*\d|\d", shown.text)
    digits = re.escape(found.group() if found else shown.text)
    return re.search(rf"(?<!\d)(?<!\d[.,]){digits}(?!\d|[.,]\d)", text) is not None


def quotations(answer: Answer) -> list[tuple[str, bool]]:
    """Every quotation in a claim, and whether it stands word for word in a passage it cites."""
    held = {e.id: e for e in answer.evidence}
    found = []
    for claim in answer.claims:
        cited = [e.text for key in claim.evidence if isinstance(e := held.get(key), Passage)]
        sources = [" ".join(text.split()) for text in cited]
        for quoted in _QUOTED.finditer(plain(claim.text)):
            words = " ".join((quoted[1] or quoted[2]).split()).rstrip(".,;")
            found.append((words, any(words in source for source in sources)))
    return found


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

"""The sentences of a saved answer, verified again as if a model had just handed them in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from qa.checking.auditing.beside import asides, tell_beside, telling, without_asides
from qa.checking.layout import lay_out
from qa.checking.stated import Stated, matches
from qa.checking.verify import LONGEST, Checked, verify_claim, verify_line
from qa.domain import (
    Answer,
    Check,
    CheckedFigure,
    DraftClaim,
    Figure,
    Frozen,
    Ledger,
    Metric,
    Passage,
    Section,
)

SAME = 1e-9  # of a value: what floats lose on the way through JSON and another processor
Kind = Literal["metric", "figure", "series", "passage", "claim", "citation", "answer"]
_NUMBER = re.compile(r"\[(\d{1,4})\]")
_MARK = re.compile(r"\s*\[(?:\d{1,4}|[mp]\d{1,4})\]")
_ID = re.compile(r"[mp]-[0-9a-f]{16}")


class Difference(Frozen):
    """One thing that is not as the file says: where, what was expected, and what stands there."""

    kind: Kind
    where: str
    expected: str
    found: str
    reason: str


def difference(kind: Kind, where: str, expected: str, found: str, reason: str) -> Difference:
    """A difference, written in one line."""
    return Difference(kind=kind, where=where, expected=expected, found=found, reason=reason)


def short(value: object) -> str:
    """A value as text, cut where it is long."""
    text = str(value)
    return text if len(text) <= 200 else text[:197] + "..."


def restated(answer: Answer, ledger: Ledger) -> Iterator[Difference]:
    """Where the sentences of an answer, their lists and its record of checks don't hold.

    `ledger` is the evidence as it is now.
    """
    yield from _numbering(answer)
    yield from _sentences(answer, ledger)
    yield from _checks(answer)


def _numbering(answer: Answer) -> Iterator[Difference]:
    """Numbers run from 1 without gaps, in the order in which a reader meets them."""
    texts = [answer.verdict.why, *(claim.text for claim in answer.claims)]
    met = list(dict.fromkeys(int(n) for text in texts for n in _NUMBER.findall(text)))
    given = [e.number for e in answer.evidence if e.number is not None]
    expected = list(range(1, len(given) + 1))
    if sorted(given) != expected or met != expected:
        found = ", ".join(map(str, met)) or "none"
        reason = "citations don't run in order through the numbered evidence"
        yield difference("citation", "numbers", ", ".join(map(str, expected)), found, reason)


def _sentences(answer: Answer, ledger: Ledger) -> Iterator[Difference]:
    """Each sentence verified anew, with its list of figures and of evidence."""
    keys = {evidence.id: key for key, evidence in ledger}
    numbered = {e.number: keys.get(e.id, "") for e in answer.evidence if e.number is not None}
    verdict = answer.verdict
    cited = [
        e.id for e in answer.evidence if e.number is not None and f"[{e.number}]" in verdict.why
    ]
    parts: list[tuple[str, str, tuple[str, ...], tuple[CheckedFigure, ...], Section]] = [
        ("verdict", verdict.why, tuple(cited), verdict.figures, "summary")
    ]
    parts += [
        (f"claims[{n}]", c.text, c.evidence, c.figures, c.section)
        for n, c in enumerate(answer.claims, start=1)
    ]
    for where, text, evidence, figures, section in parts:
        if not text:
            continue
        named = tuple(numbered.get(int(n), "") for n in _NUMBER.findall(text))
        if "" in named or {keys.get(i, "") for i in evidence} != set(named):
            reason = "the sentence's numbers and its list of evidence are not the same"
            expected = ", ".join(evidence)
            yield difference("citation", where, expected, text[-80:], reason)
            continue
        typed = _NUMBER.sub(lambda m: f"[{numbered[int(m[1])]}]", text)
        plain = without_asides(typed)
        checked = tell_beside(_verified(plain, named, section, ledger, where), ledger)
        if asides(checked.text) != asides(typed):
            expected, found = short(asides(checked.text)), short(asides(typed))
            reason = "audited anew the passages give another"
            yield difference("claim", where, expected, found, reason)
        for check in checked.checks:
            if not check.holds:
                yield difference("claim", where, check.expected, check.found, check.reason)
        yield from _listed(where, text, figures, checked, ledger)
    for number, line in enumerate(answer.unanswered, start=1):
        for check in verify_line(line, ledger).checks:
            if (check.kind == "calendar" and check.verdict == "contradicted") or (
                check.kind == "claim" and len(line) > LONGEST
            ):
                where = f"unanswered[{number}]"
                yield difference("claim", where, check.expected, check.found, check.reason)


def untried_lines(answer: Answer, ledger: Ledger) -> Iterator[str]:
    """The lines on what is missing whose figures the evidence doesn't hold.

    They may be a tool's own words, which an answer keeps no second copy of.
    """
    for number, line in enumerate(answer.unanswered, start=1):
        if any(c.kind == "figure" and not c.holds for c in verify_line(line, ledger).checks):
            yield f"unanswered[{number}] has a figure that no evidence holds: it was not tried."


def _verified(
    typed: str, keys: tuple[str, ...], section: Section, ledger: Ledger, where: str
) -> Checked:
    claim = DraftClaim(section=section, text=typed, evidence=keys)
    if where == "verdict" and not keys:
        return verify_line(typed, ledger)
    return verify_claim(claim, ledger)


def _listed(
    where: str, text: str, figures: tuple[CheckedFigure, ...], again: Checked, ledger: Ledger
) -> Iterator[Difference]:
    """The list of a sentence's figures against its words, and against what verifying finds."""
    by_id = {evidence.id: evidence for _, evidence in ledger}
    for figure in figures:
        if not re.search(rf"(?<![\w.,]){re.escape(figure.text)}(?!\w)", text):
            reason = "the sentence doesn't show this figure"
            yield difference("figure", where, "a figure of the text", figure.text, reason)
        elif figure.status == "computed" and not _is_of(figure, by_id.get(figure.evidence or "")):
            reason = "its evidence has no such figure"
            found = f"{figure.value} {figure.unit} ({figure.evidence})"
            yield difference("figure", f"{where} {figure.text}", "another value", found, reason)
    named = [f for f in figures if not isinstance(f.value, date)]
    found_again = list(again.figures)
    for figure in named:
        same = [f for f in found_again if figure.text in f.text and f.status == figure.status]
        same = [f for f in same if _ids(f.evidence, ledger) == figure.evidence] or same
        if not same:
            reason = f"verified anew it is not {figure.status}"
            yield difference("figure", where, figure.status, figure.text, reason)
        elif figure.status != "computed" and not _equal(figure, same[0], ledger):
            reason = "verified anew it is another"
            found = f"{figure.value} {figure.unit} ({figure.evidence})"
            yield difference("figure", where, f"{same[0].value} {same[0].unit}", found, reason)
        if same:
            found_again.remove(same[0])
    for figure in found_again:
        reason = "the list of the sentence's figures lacks it"
        yield difference("figure", where, figure.text, "nothing", reason)


def _ids(evidence: str | None, ledger: Ledger) -> str:
    held = {key: e.id for key, e in ledger}
    return re.sub(r"\b[mp]\d{1,4}\b", lambda m: held.get(m.group(), m.group()), evidence or "")


def _equal(a: CheckedFigure, b: CheckedFigure, ledger: Ledger) -> bool:
    if not isinstance(a.value, float) or not isinstance(b.value, float):
        return a.value == b.value
    close = abs(a.value - b.value) <= 0.005 * max(1.0, abs(b.value))
    sources = set(_ID.findall(a.evidence or ""))
    return close and a.unit == b.unit and sources == set(_ID.findall(_ids(b.evidence, ledger)))


def _is_of(shown: CheckedFigure, evidence: Passage | Metric | None) -> bool:
    """Whether a computed figure is one of its metric: value, unit, and the words that show it."""
    if isinstance(evidence, Passage):
        return any(shown.text == row.actual for row in telling(evidence))
    if evidence is None:
        return False
    if isinstance(shown.value, date):
        return (
            shown.unit == "date"
            and str(shown.value) in shown.text
            and any(f.value == shown.value for f in evidence.figures.values())
        )
    for stated in lay_out(shown.text).numbers:
        for f in evidence.figures.values():
            if not isinstance(f.value, float) or not isinstance(shown.value, float):
                continue
            same = abs(f.value - shown.value) <= SAME * max(1.0, abs(f.value))
            bare = stated.unit is None and matches(stated, f.value, "price")
            if same and f.unit == shown.unit and (bare or _shows(stated, f)):
                return True
    return any(shown.text in note for note in evidence.notes)


def _shows(stated: Stated, figure: Figure) -> bool:
    value = figure.value
    assert isinstance(value, float)
    return matches(stated, value, figure.unit) or matches(stated, -value, figure.unit)


def _checks(answer: Answer) -> Iterator[Difference]:
    """The record of checks: each that holds is of a sentence that stands, as it stands."""
    parts = [(answer.verdict.why, answer.verdict.figures)]
    parts += [(claim.text, claim.figures) for claim in answer.claims]
    shown = {_MARK.sub("", text): (text, figures) for text, figures in parts}
    numbers = {e.id: f"[{e.number}]" for e in answer.evidence if e.number is not None}
    for number, check in enumerate(answer.checks, start=1):
        where = f"checks[{number}]"
        sentence, figures = shown.get(_MARK.sub("", check.claim), ("", None))
        if not set(_NUMBER.findall(check.claim)) <= set(_NUMBER.findall(sentence)):
            figures = None
        if not check.holds:
            if check.kind == "figure" and check.verdict not in ("unsupported", "contradicted"):
                yield difference("answer", where, "unsupported", check.verdict, "it can't hold")
            continue
        if figures is None:
            dropped = any(c.claim == check.claim and not c.holds for c in answer.checks)
            if not dropped:
                reason = "it is of a sentence that the answer doesn't have"
                yield difference("answer", where, "a sentence", short(check.claim), reason)
            continue
        if check.kind == "figure" and not any(_recorded(check, f, numbers) for f in figures):
            reason = "no figure of its sentence is recorded so"
            yield difference("answer", where, "a figure", f"{check.found}: {check.reason}", reason)
        elif check.kind == "quotation" and check.found not in check.claim:
            reason = "its sentence doesn't quote this"
            yield difference("answer", where, "a quotation", check.found, reason)
    recorded = {(_MARK.sub("", c.claim), c.found) for c in answer.checks if c.holds}
    for text, figures in parts:
        for figure in figures:
            if (_MARK.sub("", text), figure.text) not in recorded:
                reason = "no check of it is recorded"
                yield difference("answer", "checks", figure.text, "none", reason)


def _recorded(check: Check, figure: CheckedFigure, numbers: Mapping[str, str]) -> bool:
    evidence = _ID.sub(lambda m: numbers.get(m.group(), m.group()), figure.evidence or "")
    reason = f"{figure.status} from {evidence}"
    told = (check.verdict, check.found, check.expected, check.reason)
    return told == (figure.status, figure.text, figure.text, reason)

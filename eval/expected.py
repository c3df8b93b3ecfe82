"""What one case asks of its answer: figures, sources, sides, words. Faults are sentences."""

from __future__ import annotations

from collections.abc import Iterator

from eval.cases import Case, Expected
from eval.reading import Shown, numbers, plain, says
from eval.rules import stands
from qa.domain import Answer, Claim, Metric, Passage

_OPPOSITE = {"bulls": "bearish", "skeptics": "bullish"}


def visible(answer: Answer) -> str:
    """What a reader sees without the sources: the verdict, the claims, what is missing."""
    said = [plain(claim.text) for claim in answer.claims]
    return "\n".join([plain(answer.verdict.why), *said, *answer.unanswered, *answer.notes])


# --- Figures -------------------------------------------------------------------------------------


def wrong_figures(case: Case, answer: Answer) -> list[str]:
    """A fault for each expected figure that no claim shows as it should."""
    return [fault for one in case.figures if (fault := _fault(one, answer))]


def _fault(expected: Expected, answer: Answer) -> str | None:
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
    return abs(expected.value - shown.value) <= slack + expected.tolerance + 1e-9


def _checked(claim: Claim, shown: Shown, expected: Expected) -> bool:
    return any(stands(shown, f.text) and f.status in expected.status for f in claim.figures)


def undefined(case: Case, answer: Answer) -> list[str]:
    """A fault for each word of the definition that no claim and no cited metric has."""
    told = [visible(answer)]
    for evidence in answer.evidence:
        if isinstance(evidence, Metric) and evidence.number is not None:
            told += [evidence.definition, *evidence.notes]
    text = "\n".join(told)
    return [f"The definition doesn't mention {w!r}." for w in case.definition if not says(text, w)]


# --- Sources and sides ---------------------------------------------------------------------------


def sources(case: Case, answer: Answer) -> list[str]:
    """A fault for each source that is not cited and should be, or is and should not."""
    cited = "\n".join(_described(e) for e in answer.evidence if e.number is not None)
    lacking = [f"Does not cite {w!r}." for w in case.must_cite if not says(cited, w)]
    return lacking + [
        f"Cites {w!r}, which it must not." for w in case.must_not_cite if says(cited, w)
    ]


def _described(evidence: Metric | Passage) -> str:
    if isinstance(evidence, Metric):
        return f"{evidence.tool} {' '.join(evidence.symbols)}"
    parts = (evidence.title, evidence.author, evidence.firm, evidence.document)
    return " · ".join(part for part in parts if part)


def uncovered(case: Case, answer: Answer) -> list[str]:
    """A fault for each expected driver of which no claim speaks."""
    text = "\n".join(plain(claim.text) for claim in answer.claims)
    return [f"No claim speaks of {w!r}." for w in case.drivers if not says(text, w)]


def one_sided(case: Case, answer: Answer) -> Iterator[str]:
    """A fault for each side from which too few houses are heard."""
    for side, least in (("bulls", case.min_bulls), ("skeptics", case.min_skeptics)):
        heard = _houses(answer, side)
        if len(heard) < least:
            yield f"{len(heard)} houses among the {side} ({', '.join(heard)}), not {least}."


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


# --- Words, form and verdict ---------------------------------------------------------------------


def words(case: Case, answer: Answer) -> Iterator[str]:
    """A fault for each wording that is lacking, or forbidden and there."""
    text = visible(answer)
    for wanted in case.must_say:
        if not says(text, wanted):
            yield f"Nowhere says {wanted!r}."
    for banned in case.must_not_say:
        if says(text, banned):
            yield f"Says {banned!r}, which it must not."


def form(case: Case, answer: Answer) -> Iterator[str]:
    """A fault for too few claims, a section that is missing, or too many words."""
    if len(answer.claims) < case.min_claims:
        yield f"It has {len(answer.claims)} claims, not {case.min_claims} or more."
    there = {claim.section for claim in answer.claims}
    for section in case.sections:
        if section not in there:
            yield f"The section {section!r} is missing."
    length = len(visible(answer).split())
    if case.max_words is not None and length > case.max_words:
        yield f"It has {length} words, more than {case.max_words}."


def verdict(case: Case, answer: Answer) -> Iterator[str]:
    """A fault if the verdict's label is none of those allowed."""
    label = answer.verdict.label
    if case.verdicts and label not in case.verdicts:
        yield f"The verdict is {label!r}, not {' or '.join(case.verdicts)}."


def refusal(case: Case, answer: Answer) -> Iterator[str]:
    """A fault if something is claimed where nothing can be, or what is missing isn't said."""
    if case.claims == "none" and answer.claims:
        yield f"It claims something where nothing can be claimed: {answer.claims[0].text!r}."
    said = "\n".join([*answer.unanswered, answer.verdict.why, *answer.notes])
    for wanted in case.must_say_missing:
        if not says(said, wanted):
            yield f"What is missing doesn't say {wanted!r}."


def unverified(case: Case, answer: Answer) -> Iterator[str]:
    """A fault if the answer is verified as a whole and should not be, or the other way round."""
    if answer.verified != case.verified:
        failed = [check.reason for check in answer.checks if not check.holds]
        yield f"Verified is {answer.verified}, not {case.verified}: {'; '.join(failed)}"

"""From a verified draft to the parts of an Answer: what fails goes, what stands is numbered.

Numbers run 1..n in the order in which a reader meets them: the verdict's reason, then the claims
by section.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.checking.auditing.beside import tell_beside
from qa.checking.slots import MARK
from qa.checking.verify import Checked, VerifiedDraft
from qa.domain import (
    SECTIONS,
    Check,
    CheckedFigure,
    Claim,
    Draft,
    Ledger,
    Metric,
    Passage,
    Verdict,
)

WITHDRAWN = "The reason given for the verdict could not be verified."
NOTHING_LEFT = "Nothing that was drafted could be verified."
_END = re.compile(r"[.!?…]*$")  # behind a closing quotation mark or parenthesis, never inside


@dataclass(frozen=True)
class Assembled:
    """What a reader sees of a draft, and every check that was made."""

    verdict: Verdict
    claims: tuple[Claim, ...]
    evidence: tuple[Passage | Metric, ...]
    checks: tuple[Check, ...]


def assemble(draft: Draft, verified: VerifiedDraft, ledger: Ledger) -> Assembled:
    """Take out what doesn't hold, put the sections in order, and number the evidence."""
    numbers: dict[str, int] = {}
    standing = sorted(
        (tell_beside(c, ledger) for c in verified.claims if c.holds),
        key=lambda c: SECTIONS.index(c.section),
    )
    verdict = _verdict(draft, tell_beside(verified.why, ledger), bool(standing), numbers, ledger)
    claims = tuple(
        Claim(
            section=c.section,
            text=_numbered(c, numbers),
            evidence=tuple(_id(key, ledger) for key in _order(c)),
            figures=_figures(c, ledger),
        )
        for c in standing
    )
    checks = tuple(check for part in (verified.why, *verified.claims) for check in part.checks)
    checks = tuple(_readable(check, numbers, ledger) for check in checks)
    return Assembled(verdict, claims, _evidence(ledger, numbers), checks)


def _verdict(
    draft: Draft, why: Checked, anything: bool, numbers: dict[str, int], ledger: Ledger
) -> Verdict:
    given = bool(why.text) or draft.verdict.label == "not_asked"
    if not why.holds or not given:
        reason = WITHDRAWN if anything else NOTHING_LEFT
        return Verdict(label="undetermined", confidence=0.0, why=reason)
    return Verdict(
        label=draft.verdict.label,
        confidence=draft.verdict.confidence,
        why=_numbered(why, numbers),
        figures=_figures(why, ledger),
    )


def _order(claim: Checked) -> tuple[str, ...]:
    """The evidence of a claim in the order in which its text shows it."""
    marked = MARK.findall(claim.text)
    return tuple(dict.fromkeys([*marked, *claim.evidence]))


def _numbered(claim: Checked, numbers: dict[str, int]) -> str:
    """The text with [n] for [m3]; evidence that the text doesn't mark is cited at its end."""
    marked = set(MARK.findall(claim.text))
    for key in _order(claim):
        numbers.setdefault(key, len(numbers) + 1)
    text = MARK.sub(lambda m: f"[{numbers[m.group(1)]}]", claim.text).strip()
    rest = "".join(f" [{numbers[key]}]" for key in claim.evidence if key not in marked)
    end = _END.search(text)
    at = end.start() if end else len(text)
    return text[:at] + rest + text[at:] if rest else text


def _figures(claim: Checked, ledger: Ledger) -> tuple[CheckedFigure, ...]:
    return tuple(
        f.model_copy(update={"evidence": _keys_to_ids(f.evidence, ledger)}) for f in claim.figures
    )


def _keys_to_ids(text: str | None, ledger: Ledger) -> str | None:
    if text is None:
        return None
    return re.sub(r"\b[mp]\d{1,4}\b", lambda m: _id(m.group(), ledger), text)


def _id(key: str, ledger: Ledger) -> str:
    held = ledger.get(key)
    return held.id if held else key


def _readable(check: Check, numbers: dict[str, int], ledger: Ledger) -> Check:
    """The check with evidence named as the reader knows it: [n], or by id when uncited."""

    def name(match: re.Match[str]) -> str:
        key = match.group().strip("[]")
        return f"[{numbers[key]}]" if key in numbers else _id(key, ledger)

    pattern = re.compile(r"\[[mp]\d{1,4}\]|\b[mp]\d{1,4}\b")
    return check.model_copy(
        update={
            "claim": MARK.sub(name, check.claim),
            "reason": pattern.sub(name, check.reason),
            "found": pattern.sub(name, check.found) if check.kind != "quotation" else check.found,
        }
    )


def _evidence(ledger: Ledger, numbers: dict[str, int]) -> tuple[Passage | Metric, ...]:
    """Cited evidence by number, then what was gathered and not cited, in the order it came."""
    numbered = [e.model_copy(update={"number": numbers.get(k)}) for k, e in ledger]
    return tuple(
        sorted(numbered, key=lambda e: e.number if e.number is not None else len(numbered) + 1)
    )

"""Draft and ledger in, checked claims out: every figure, quotation, citation and direction.

A figure is a slot that code fills, a quotation of a cited passage, derived from two such figures,
or an allowed literal (dates, names, window names). Anything else is unsupported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from qa.checking.derived import derive
from qa.checking.figures import Stated, matches, read_figures
from qa.checking.slots import MARK, MOVES, Slot, direction_near, find_slots, write
from qa.domain import (
    Check,
    CheckedFigure,
    CheckVerdict,
    Draft,
    DraftClaim,
    Figure,
    Ledger,
    Metric,
    Passage,
    Section,
)

LITERALS = ("date", "name", "window")
_QUOTED = re.compile(r"“([^”]{1,2000})”|\"([^\"]{1,2000})\"")
_BARE_MARK = re.compile(r"\[\d{1,4}\]")
_CLOSED_ON = re.compile(r"\bclos(?:e|ed|es|ing)\b", re.IGNORECASE)
_SAYS_CLOSED = re.compile(
    r"\b(saturday|sunday|holiday|weekend|no session|not a session|was closed|were closed)\b", re.I
)
CALENDAR_FROM = date(1985, 1, 2)


@dataclass
class Checked:
    """A text with its slots filled: marks such as [m3] still in it, figures, and the checks."""

    text: str
    evidence: tuple[str, ...]
    figures: tuple[CheckedFigure, ...] = ()
    checks: list[Check] = field(default_factory=list)
    section: Section = "summary"

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)


@dataclass(frozen=True)
class VerifiedDraft:
    """The verdict's reason and the claims, each with its checks."""

    why: Checked
    claims: tuple[Checked, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that don't hold."""
        return tuple(c for part in (self.why, *self.claims) for c in part.checks if not c.holds)


def verify(draft: Draft, ledger: Ledger) -> VerifiedDraft:
    """Check a whole draft. The reason of the verdict may rest on any evidence of the claims."""
    claims = tuple(verify_claim(claim, ledger) for claim in draft.claims)
    shared = tuple(dict.fromkeys(key for claim in claims for key in claim.evidence))
    reason = draft.verdict.why.strip()
    why = Checked("", ())
    if reason:
        why = verify_claim(DraftClaim(section="summary", text=reason), ledger, shared)
    return VerifiedDraft(why, claims)


def verify_claim(claim: DraftClaim, ledger: Ledger, shared: Sequence[str] = ()) -> Checked:
    """Check one sentence against the evidence it names, and fill its slots.

    `shared` is evidence that the sentence may rest on without naming it.
    """
    slots = find_slots(claim.text)
    keys = dict.fromkeys([*claim.evidence, *MARK.findall(claim.text), *(s.key for s in slots)])
    named = tuple(key for key in keys if key)
    checks = _citations(claim.text, named, ledger, bool(shared))
    checks += [_fail("figure", claim.text, "a slot", s.problem) for s in slots if s.problem]
    text, figures, spans, problems = _fill(claim.text, slots, ledger)
    checks += problems
    known = [(k, e) for k in (*named, *shared) if (e := ledger.get(k)) is not None]
    quoted, more = _typed_figures(text, spans, known, ledger, figures)
    checks += more + _quotations(text, known) + _calendar(text)
    checks += [
        Check(
            kind="figure",
            claim=text,
            verdict=f.status,
            expected=f.text,
            found=f.text,
            reason=f"{f.status} from {f.evidence}",
        )
        for f in (*figures, *quoted)
    ]
    return Checked(text, named, (*figures, *quoted), checks, claim.section)


def verify_line(text: str, ledger: Ledger) -> list[Check]:
    """The checks that fail for a line that may rest on anything gathered, such as what is missing.

    A number in it has to stand in some evidence, or in a note that code made.
    """
    everything = [(key, evidence) for key, evidence in ledger]
    _, checks = _typed_figures(text, (), everything, ledger, ())
    return checks


def _fail(
    kind: str,
    claim: str,
    expected: str,
    found: str | None,
    reason: str = "",
    *,
    against: bool = False,
) -> Check:
    verdict: CheckVerdict = "contradicted" if against else "unsupported"
    return Check(
        kind=kind,  # type: ignore[arg-type]
        claim=claim,
        verdict=verdict,
        expected=expected,
        found=found or "",
        reason=reason or (found or ""),
    )


def _citations(text: str, keys: Sequence[str], ledger: Ledger, free: bool) -> list[Check]:
    checks = [
        _fail("citation", text, "an id of the evidence", key, f"there is no evidence {key}")
        for key in keys
        if ledger.get(key) is None
    ]
    if not keys and not free:
        checks.append(_fail("citation", text, "evidence", "none", "the sentence names no evidence"))
    bare = _BARE_MARK.search(text)
    if bare:
        checks.append(
            _fail("citation", text, "an id such as [m1]", bare.group(), "numbers are given by code")
        )
    return checks


def _fill(
    text: str, slots: Sequence[Slot], ledger: Ledger
) -> tuple[str, list[CheckedFigure], list[tuple[int, int]], list[Check]]:
    """Write the figures into their slots; returns the text, the figures, their spans, problems."""
    parts: list[str] = []
    figures: list[CheckedFigure] = []
    spans: list[tuple[int, int]] = []
    problems: list[Check] = []
    at = 0
    for slot in slots:
        parts.append(text[at : slot.span[0]])
        at = slot.span[1]
        metric = ledger.get(slot.key)
        figure = metric.figures.get(slot.name) if isinstance(metric, Metric) else None
        if figure is None:
            parts.append(text[slot.span[0] : slot.span[1]])
            if not slot.problem:
                problems.append(_no_figure(text, slot, metric))
            continue
        before = "".join(parts)
        written, problem = _written(figure, slot, before, text[slot.span[1] :], text)
        problems += problem
        spans.append((len(before), len(before) + len(written)))
        parts.append(written)
        figures.append(
            CheckedFigure(
                text=written,
                value=figure.value,
                unit=figure.unit,
                status="computed",
                evidence=slot.key,
            )
        )
    return "".join([*parts, text[at:]]), figures, spans, problems


def _no_figure(text: str, slot: Slot, metric: object) -> Check:
    have = ", ".join(metric.figures) if isinstance(metric, Metric) else "no metric"
    found = f"{slot.key}.{slot.name}"
    return _fail("figure", text, f"one of {have}", found, f"{slot.key} has no figure {slot.name}")


def _written(
    figure: Figure, slot: Slot, before: str, after: str, text: str
) -> tuple[str, list[Check]]:
    """The figure in words, as a magnitude after a word of direction that its sign bears out."""
    if isinstance(figure.value, date) or figure.unit not in MOVES:
        return write(figure, slot.spec), []
    said = direction_near(before, after)
    if said == 0:
        if "abs" in slot.spec and figure.value < 0:
            reason = "a magnitude needs a word of direction beside it"
            return write(figure, slot.spec), [_fail("direction", text, "fell", "abs", reason)]
        return write(figure, slot.spec), []
    shown = write(figure, slot.spec, magnitude=True)
    if figure.value * said < 0 and shown.strip("%0. "):
        expected = "a rise" if said > 0 else "a fall"
        reason = f"the words say {expected}, {slot.key}.{slot.name} is {write(figure)}"
        return write(figure, slot.spec), [
            _fail("direction", text, expected, write(figure), reason, against=True)
        ]
    return shown, []


def _typed_figures(
    text: str,
    spans: Sequence[tuple[int, int]],
    known: Sequence[tuple[str, Passage | Metric]],
    ledger: Ledger,
    computed: Sequence[CheckedFigure],
) -> tuple[list[CheckedFigure], list[Check]]:
    """Every figure that stands in the text itself: computed, quoted, derived, or unsupported."""
    found: list[CheckedFigure] = []
    checks: list[Check] = []
    for stated in _read(text):
        if stated.kind in LITERALS or any(_overlap(stated.span, span) for span in spans):
            continue
        figure = _support(stated, known) or derive(stated, [*computed, *found])
        if figure is not None:
            found.append(figure)
            continue
        elsewhere = _support(stated, list(ledger))
        reason = "no evidence holds it"
        if elsewhere:
            reason = f"it is in {elsewhere.evidence}, which the sentence doesn't cite"
        checks.append(_fail("figure", text, "a slot or a quoted figure", stated.text, reason))
    return found, checks


def _support(stated: Stated, known: Sequence[tuple[str, Passage | Metric]]) -> CheckedFigure | None:
    """The evidence that holds a stated figure; a computed figure goes before a quoted one."""
    for key, evidence in sorted(known, key=lambda pair: isinstance(pair[1], Passage)):
        status: CheckVerdict
        if isinstance(evidence, Metric):
            held = any(
                not isinstance(f.value, date) and matches(stated, f.value, f.unit)
                for f in evidence.figures.values()
            ) or any(_same(stated, other) for note in evidence.notes for other in _read(note))
            status = "computed"
        else:
            held = any(_same(stated, other) for other in _read(evidence.text))
            status = "quoted"
        if held:
            return CheckedFigure(
                text=stated.text,
                value=stated.value,
                unit=stated.unit,
                status=status,
                evidence=key,
            )
    return None


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[Stated, ...]:
    return tuple(read_figures(text))


def _same(a: Stated, b: Stated) -> bool:
    """Whether two texts state the same figure: value, unit and, where both say it, sign."""
    if a.value is None or b.value is None or a.unit != b.unit or a.kind in LITERALS:
        return False
    if a.signed and b.signed:
        return a.value == b.value
    return abs(a.value) == abs(b.value)


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _quotations(text: str, known: Sequence[tuple[str, Passage | Metric]]) -> list[Check]:
    """Words between quotation marks stand in a cited passage, letter for letter."""
    checks = []
    for match in _QUOTED.finditer(text):
        words = match.group(1) or match.group(2)
        if len(words.split()) < 2:
            continue
        holder = next(
            (k for k, e in known if isinstance(e, Passage) and plain(words) in plain(e.text)), None
        )
        if holder:
            checks.append(
                Check(
                    kind="quotation",
                    claim=text,
                    verdict="quoted",
                    expected=words,
                    found=words,
                    reason=f"stands in {holder}",
                )
            )
        else:
            reason = "no cited passage holds these words"
            checks.append(_fail("quotation", text, words, "not found", reason))
    return checks


def plain(text: str) -> str:
    """Text with one kind of quotation mark and single spaces, for comparing quotations."""
    text = text.translate(str.maketrans("“”‘’\u00a0\u2009", "\"\"''  "))
    return " ".join(text.split()).strip(" .,;:")


def _calendar(text: str) -> list[Check]:
    """A close on a day without a session is contradicted, whatever the number."""
    from qa.market.sessions import is_session, spoken, why_closed

    if not _CLOSED_ON.search(text) or _SAYS_CLOSED.search(text):
        return []
    days = [s.day for s in read_figures(text) if s.day and s.year_stated and s.precision == "day"]
    closed = [d for d in days if d >= CALENDAR_FROM and d.year <= date.today().year + 1]
    return [
        _fail(
            "calendar",
            text,
            "a session",
            spoken(d),
            f"{d} was {why_closed(d)}: there was no close",
            against=True,
        )
        for d in closed
        if not is_session(d)
    ]

"""Draft and ledger in, checked claims out: every figure, quotation, citation and direction.

A figure is a slot that code fills, a quotation of a cited passage, derived from two such figures,
or an allowed literal (dates, names, window names). Anything else is unsupported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from qa.checking.attribution import check_attribution
from qa.checking.closed_days import check_days
from qa.checking.failed import fail
from qa.checking.figures import matches
from qa.checking.language import check_language
from qa.checking.layout import LITERALS, Layout, lay_out
from qa.checking.meant import misread
from qa.checking.mentions import Meant, check_instruments, check_marks, check_mentions
from qa.checking.quotations import check_quotations
from qa.checking.records import check_records
from qa.checking.slots import (
    MARK,
    MOVES,
    Slot,
    after_unit,
    direction_near,
    find_slots,
    tidy,
    write,
)
from qa.checking.standing import check_standing
from qa.checking.subjects import not_its_own
from qa.checking.support import overlap, read, typed_figures
from qa.domain import (
    Check,
    CheckedFigure,
    Draft,
    DraftClaim,
    Figure,
    Ledger,
    Metric,
    Passage,
    Section,
)

_BARE_MARK = re.compile(r"\[\s*\d{1,4}(?:\s*[,;–—-]\s*\d{1,4})*\s*\]")
_KEY = re.compile(r"\b[mp]\d{1,4}\b")
_NOT_NOUGHT = re.compile(r"[1-9]")
_STRAY = re.compile(r"[{}]")
_LOOSE_ID = re.compile(r"[mp](?<![\w{\[.].)\d{1,4}(?![\w.])")
# "minus 1", read backwards from the figure that stands behind it: "1 sunim".
_LEFT = re.compile(r"[^\s(]*(?:\s+(?:sunim|evitagen)\b)?", re.I)
_RIGHT = re.compile(r"\S*[^,;:()\d]{0,30}")
# A second unit behind the first: "6.75% trillion", "6.75% percentage points".
_SECOND_UNIT = re.compile(
    r"[\w%]|\s(?:%|percent(?:age)?\b|per cent|basis points?\b|bps\b|points\b|thousand\b|million\b|"
    r"billion\b|trillion\b)"
)


LONGEST = 5_000  # characters of a sentence; the longest of an answer has some 600


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
    """Check a whole draft. The reason of the verdict may rest on any evidence of the claims.

    The reason for giving no verdict needs no evidence: there may be none.
    """
    claims = tuple(verify_claim(claim, ledger) for claim in draft.claims)
    shared = tuple(dict.fromkeys(key for claim in claims for key in claim.evidence))
    reason = draft.verdict.why.strip()
    why = Checked("", ())
    if reason:
        claim = DraftClaim(section="summary", text=reason)
        none_given = draft.verdict.label in ("undetermined", "not_asked")
        why = (_check if none_given else verify_claim)(claim, ledger, shared)
    return VerifiedDraft(why, claims)


def verify_claim(claim: DraftClaim, ledger: Ledger, shared: Sequence[str] = ()) -> Checked:
    """Check one sentence against the evidence it names, and fill its slots.

    `shared` is evidence that the sentence may rest on without naming it; what it does rest on is
    then cited.
    """
    checked = _check(claim, ledger, shared)
    if not checked.evidence and not shared:
        reason = "the sentence names no evidence"
        checked.checks.append(fail("citation", claim.text, "evidence", "none", reason))
    return checked


def verify_line(text: str, ledger: Ledger) -> Checked:
    """Check a line that may rest on anything gathered, such as what is missing; marks are dropped.

    A number in it has to stand in some evidence, or in a note that code made.
    """
    everything = [key for key, _ in ledger]
    checked = _check(DraftClaim(section="uncertainties", text=text), ledger, everything)
    return replace(checked, text=re.sub(r"\s*" + MARK.pattern, "", checked.text))


def _check(claim: DraftClaim, ledger: Ledger, shared: Sequence[str]) -> Checked:
    if len(claim.text) > LONGEST:
        return _too_long(claim)
    source = tidy(claim.text)
    slots = find_slots(source)
    keys = dict.fromkeys([*claim.evidence, *MARK.findall(source), *(s.key for s in slots)])
    named = tuple(key for key in keys if key)
    filled = _fill(source, slots, ledger)
    text = filled.text
    known = [(k, e) for k in (*named, *shared) if (e := ledger.get(k)) is not None]
    page = lay_out(text)
    typed = typed_figures(page, filled.spans, known, ledger, filled.figures)
    figures = (*filled.figures, *typed.figures)
    meant = [*filled.meant, *typed.meant]
    as_of = _as_of(ledger)
    published = {e.published for _, e in known if isinstance(e, Passage) and e.published}
    closed = check_days(text, as_of, published)
    checks = [
        *_citations(source, named, ledger),
        *filled.problems,
        *_in_their_places(filled),
        *_misplaced(page, filled.meant),
        *typed.wrong,
    ]
    if not checks:
        shown = list(zip((*filled.spans, *typed.spans), figures, strict=True))
        checks += [*check_instruments(page, known), *check_marks(page, known, shown)]
    mentions = check_mentions(page, filled.spans, known, meant, as_of)
    checks += [
        *(m for m in mentions if m.found not in [c.found for c in closed]),
        *([] if any(not c.holds for c in checks) else check_standing(page, known)),
        *check_records(page, known, as_of),
        *check_quotations(text, known),
        *check_language(text),
        *check_attribution(text, figures, ledger),
        *closed,
        *(_holding(text, figure) for figure in figures),
    ]
    rests_on = [k for f in figures for k in _KEY.findall(f.evidence or "")]
    rests_on += [c.reason.split()[-1] for c in checks if c.kind == "quotation" and c.holds]
    cited = tuple(dict.fromkeys([*named, *(k for k in rests_on if k in shared)]))
    return Checked(text, cited, figures, checks, claim.section)


def _too_long(claim: DraftClaim) -> Checked:
    """What is no sentence is not read: its figures could not be held against their words."""
    shown = claim.text[:LONGEST]
    reason = f"no sentence has more than {LONGEST:,} characters: hand it in as several claims"
    check = fail("claim", shown, "a sentence", f"{len(claim.text):,} characters", reason)
    return Checked(shown, claim.evidence, (), [check], claim.section)


def _holding(text: str, figure: CheckedFigure) -> Check:
    return Check(
        kind="figure",
        claim=text,
        verdict=figure.status,
        expected=figure.text,
        found=figure.text,
        reason=f"{figure.status} from {figure.evidence}",
    )


def _as_of(ledger: Ledger) -> date | None:
    """The day that a day without a year is counted back from."""
    return next((e.as_of for _, e in ledger if isinstance(e, Metric)), None)


def _citations(text: str, keys: Sequence[str], ledger: Ledger) -> list[Check]:
    checks = [
        fail("citation", text, "an id of the evidence", key, f"there is no evidence {key}")
        for key in keys
        if ledger.get(key) is None
    ]
    if bare := _BARE_MARK.search(text):
        checks.append(
            fail("citation", text, "an id such as [m1]", bare.group(), "numbers are given by code")
        )
    outside = find_outside(text)
    loose = [m.group() for m in _LOOSE_ID.finditer(outside) if ledger.get(m.group())]
    checks += [
        fail("citation", text, f"[{key}]", key, f"{key} stands in the text without its brackets")
        for key in dict.fromkeys(loose)
    ]
    if stray := _STRAY.search(outside):
        reason = "a brace without its pair: write {m1.return}"
        checks.append(fail("figure", text, "a slot", stray.group(), reason))
    return checks


def find_outside(text: str) -> str:
    """The text without its slots and marks."""
    for slot in reversed(find_slots(text)):
        text = text[: slot.span[0]] + " " + text[slot.span[1] :]
    return MARK.sub(" ", text)


@dataclass(frozen=True)
class _Filled:
    """A text with its slots filled; `spans` are where the figures stand in it."""

    text: str
    figures: tuple[CheckedFigure, ...]
    spans: tuple[tuple[int, int], ...]
    problems: tuple[Check, ...]
    meant: tuple[Meant, ...]


def _fill(text: str, slots: Sequence[Slot], ledger: Ledger) -> _Filled:
    """Write the figures into their slots."""
    parts: list[str] = []
    figures: list[CheckedFigure] = []
    spans: list[tuple[int, int]] = []
    meant: list[Meant] = []
    problems = [fail("figure", text, "a slot", s.problem, s.problem) for s in slots if s.problem]
    at = 0
    for slot in slots:
        parts.append(text[at : slot.span[0]])
        at = slot.span[1]
        metric = ledger.get(slot.key)
        figure = metric.figures.get(slot.name) if isinstance(metric, Metric) else None
        if figure is None or not isinstance(metric, Metric):
            parts.append(text[slot.span[0] : slot.span[1]])
            if not slot.problem:
                problems.append(_no_figure(text, slot, metric))
            continue
        before = "".join(parts)
        if "bare" not in slot.spec:
            at = after_unit(text, at, figure.unit)
        written, problem = _written(figure, slot, before, text[at:], text)
        problems += problem
        spans.append((len(before), len(before) + len(written)))
        if not isinstance(figure.value, date):
            meant.append(Meant(spans[-1], slot.key, metric, slot.name))
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
    whole = "".join([*parts, text[at:]])
    return _Filled(whole, tuple(figures), tuple(spans), tuple(problems), tuple(meant))


def _misplaced(page: Layout, meant: Sequence[Meant]) -> list[Check]:
    """Slots whose words speak of another instrument, quantity, length or basis."""
    checks = []
    for m in meant:
        found = f"{m.key}.{m.name}"
        if reason := not_its_own(page, m.span, m.metric, m.name):
            checks.append(fail("citation", page.text, "a figure of its own", found, reason))
        elif reason := misread(page, m.span, m.metric, m.name):
            checks.append(fail("figure", page.text, "the figure that is named", found, reason))
    return checks


def _no_figure(text: str, slot: Slot, metric: object) -> Check:
    have = ", ".join(metric.figures) if isinstance(metric, Metric) else "no metric"
    found = f"{slot.key}.{slot.name}"
    return fail("figure", text, f"one of {have}", found, f"{slot.key} has no figure {slot.name}")


def _written(
    figure: Figure, slot: Slot, before: str, after: str, text: str
) -> tuple[str, list[Check]]:
    """The figure in words, as a magnitude after a word of direction that its sign bears out."""
    if isinstance(figure.value, date) or figure.unit not in MOVES:
        return write(figure, slot.spec), []
    said = direction_near(before, after, figure.unit, slot.name)
    if said == 0:
        if "abs" in slot.spec and figure.value < 0:
            reason = "a magnitude needs a word of direction beside it"
            return write(figure, slot.spec), [fail("direction", text, "fell", "abs", reason)]
        return write(figure, slot.spec), []
    shown = write(figure, slot.spec, magnitude=True)
    if figure.value * said < 0 and _NOT_NOUGHT.search(shown):
        expected = "a rise" if said > 0 else "a fall"
        reason = f"the words say {expected}, {slot.key}.{slot.name} is {write(figure)}"
        return write(figure, slot.spec), [
            fail("direction", text, expected, write(figure), reason, against=True)
        ]
    return shown, []


def _in_their_places(filled: _Filled) -> list[Check]:
    """Each figure that code wrote still reads as itself: "1{m1.return}" and "{m1.return}bn" don't.

    A bare figure takes its unit from the words that follow, which then has to be the right one.
    """
    text, checks = filled.text, []
    for figure, (start, end) in zip(filled.figures, filled.spans, strict=True):
        if isinstance(figure.value, date):
            continue
        # No further than the next comma or number: "2,601.58, 5.74%" shares its unit with nothing.
        left = _LEFT.match(text[:start][::-1]).group()[::-1]  # type: ignore[union-attr]
        right = _RIGHT.match(text[end:]).group()  # type: ignore[union-attr]
        if not _is_itself(figure, left, right):
            reads = (left + figure.text + right).strip()
            reason = f"beside {figure.evidence}'s {figure.text} the words make it {reads!r}"
            checks.append(fail("figure", text, figure.text, reads, reason))
    return checks


def _is_itself(figure: CheckedFigure, left: str, right: str) -> bool:
    """Whether a figure that code wrote is read as the same, with the words beside it."""
    span = (len(left), len(left) + len(figure.text))
    text = left + figure.text + right
    around = [s for s in read(text) if overlap(s.span, span)]
    if len(around) != 1 or not isinstance(figure.value, float):
        return False
    stated = around[0]
    if text[stated.span[0] : span[0]].strip(" $~≈±"):
        return False
    if stated.kind in LITERALS:  # "2,025" may read as a year, "34" before "-day" as a window
        return stated.span[0] == span[0] and stated.kind != "name"
    if not figure.text[-1].isdigit() and _SECOND_UNIT.match(right):
        return False
    if stated.signed or stated.bound or stated.approximate:
        stated = replace(stated, signed=False, bound="", approximate=False)
    return matches(stated, figure.value, figure.unit or "count")

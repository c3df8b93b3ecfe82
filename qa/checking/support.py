"""What stands behind a figure that is typed by hand: a metric, a cited passage, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from qa.checking.derived import derive
from qa.checking.failed import fail
from qa.checking.figures import Stated, matches, read_figures
from qa.checking.slots import MOVES, direction_near
from qa.checking.subjects import not_its_own
from qa.domain import Check, CheckedFigure, CheckVerdict, Ledger, Metric, Passage

LITERALS = ("date", "name", "window")
Known = Sequence[tuple[str, Passage | Metric]]
Span = tuple[int, int]
# "50pc", "1e9", "x50%": a numeral run together with letters is a name only if evidence has it.
_RUN_TOGETHER = re.compile(r"[^\W\d]?[\d.,]*\d[\d.,]*[^\W\d]+[\d%]*|[^\W\d]\d[\d.,]*%?")
_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten"
_VAGUE = re.compile(  # sizes in words that are no numbers: they have to be the source's words
    rf"\b(?:(?:{_SMALL}|twenty|hundred)[- ]?fold|(?:{_SMALL}|hundred)-bagger|dozens?|thrice"
    r"|(?:hundred|thousand|million|billion|trillion)s of|(?:single|double|triple)[- ]digit"
    rf"|(?:{_SMALL}) (?:in|out of) (?:every )?(?:{_SMALL}|twenty|a hundred)"
    rf"|(?:a|{_SMALL}) (?:fifth|sixth|seventh|eighth|ninth|tenth)s? of"
    r"|in the (?:twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))\b",
    re.I,
)
_NO_UNIT = re.compile(r"[\d,.]*\d")
_MINUS = ("-", "−", "minus", "negative")
_KNOWN_NAMES = re.compile(
    r"\d{1,2}[.)]|[1-4]q\d{0,2}|q[1-4]|[12]h\d{0,2}|h[12]|[2-6][gd]|3m|\d{3}k|\d{1,2}(?:am|pm)|g\d{1,2}",
    re.I,
)


def typed_figures(
    text: str,
    spans: Sequence[Span],
    known: Known,
    ledger: Ledger,
    computed: Sequence[CheckedFigure],
) -> tuple[list[CheckedFigure], list[Check]]:
    """Every figure of a text outside `spans`: computed, quoted, derived, or a failed check.

    `known` is the evidence that the text may rest on; `computed` the figures code wrote into it.
    """
    found: list[CheckedFigure] = []
    checks: list[Check] = []
    for stated in read(text):
        if any(overlap(stated.span, span) for span in spans) or _is_literal(stated, ledger):
            continue
        stated = _pointed(stated, text)
        figure = support(stated, text, known) or _alone(stated, text, known)
        turned = None if figure else _turned(stated, text, known)
        if figure is None and turned is None:
            figure = derive(stated, [*computed, *found])
        if figure is not None:
            found.append(figure)
        else:
            checks.append(_unsupported(stated, text, turned, ledger))
    return found, [*checks, *_unread(text, spans, known)]


@lru_cache(maxsize=4096)
def read(text: str) -> tuple[Stated, ...]:
    """The figures of a text, read once."""
    return tuple(read_figures(text))


def _unread(text: str, spans: Sequence[Span], known: Known) -> list[Check]:
    """Digits of other scripts, and sizes in words such as "tenfold", that no source says."""
    covered = [*spans, *(s.span for s in read(text))]
    odd = [(m.span(), m.group()) for m in _VAGUE.finditer(text)]
    odd += [((i, i + 1), c) for i, c in enumerate(text) if c.isnumeric() and not c.isascii()]
    passages = " ".join(e.text.lower() for _, e in known if isinstance(e, Passage))
    return [
        fail("figure", text, "digits 0 to 9", said, f"{said!r} can't be read as a figure")
        for at, said in odd
        if not any(overlap(at, span) for span in covered) and said.lower() not in passages
    ]


def _is_literal(stated: Stated, ledger: Ledger) -> bool:
    """Whether it is a date, a window, or a name; a made-up name for a figure is none of them."""
    if stated.kind not in LITERALS:
        return False
    odd = stated.kind == "name" and _RUN_TOGETHER.fullmatch(stated.text)
    if not odd or _KNOWN_NAMES.fullmatch(stated.text):
        return True
    whole = re.compile(rf"(?<!\w){re.escape(stated.text)}(?!\w)")
    return any(whole.search(_words(e)) for _, e in ledger)


def _words(evidence: Passage | Metric) -> str:
    if isinstance(evidence, Passage):
        return evidence.text
    return " ".join((evidence.definition, *evidence.notes, *evidence.symbols))


def _pointed(stated: Stated, text: str) -> Stated:
    """The figure with the sign of a word such as "behind", where its reader took none."""
    if stated.signed or stated.value is None or stated.unit not in MOVES:
        return stated
    side = direction_near(text[: stated.span[0]], text[stated.span[1] :], stated.unit)
    return replace(stated, value=side * abs(stated.value), signed=True) if side else stated


def _alone(stated: Stated, text: str, known: Known) -> CheckedFigure | None:
    """The evidence of a level that was read with its neighbour's unit: "at 2,601.58, 5.74% up"."""
    if stated.unit not in MOVES or not _NO_UNIT.fullmatch(stated.text):
        return None
    level = replace(stated, unit=None, value=abs(stated.value or 0.0), signed=False)
    return support(level, text, [(k, e) for k, e in known if isinstance(e, Metric)])


def _turned(stated: Stated, text: str, known: Known) -> CheckedFigure | None:
    """The evidence that holds the figure with the other sign, if any does."""
    if not stated.signed or not stated.value:
        return None
    return support(replace(stated, value=-stated.value), text, known)


def _unsupported(stated: Stated, text: str, turned: CheckedFigure | None, ledger: Ledger) -> Check:
    if turned:
        reason = f"{turned.evidence} has {stated.text} with the other sign"
        return fail("direction", text, "the other sign", stated.text, reason, against=True)
    elsewhere = support(stated, text, list(ledger))
    reason = "no evidence holds it"
    if elsewhere:
        reason = f"it is in {elsewhere.evidence}, which the sentence doesn't cite"
    return fail("figure", text, "a slot or a quoted figure", stated.text, reason)


def support(stated: Stated, text: str, known: Known) -> CheckedFigure | None:
    """The evidence that holds a stated figure; a computed figure goes before a quoted one."""
    for key, evidence in sorted(known, key=lambda pair: isinstance(pair[1], Passage)):
        status: CheckVerdict
        if isinstance(evidence, Metric):
            held, status = _computed(stated, text, evidence), "computed"
        else:
            held, status = any(same(stated, other) for other in read(evidence.text)), "quoted"
        if held:
            return CheckedFigure(
                text=stated.text,
                value=stated.value,
                unit=stated.unit,
                status=status,
                evidence=key,
            )
    return None


def _computed(stated: Stated, text: str, metric: Metric) -> bool:
    """Whether a metric has the figure, for the instrument that the words speak of."""
    before, after = text[: stated.span[0]], text[stated.span[1] :]
    fits = [
        name
        for name, figure in metric.figures.items()
        if isinstance(figure.value, float)
        and matches(stated, figure.value, figure.unit)
        and not _hides_a_fall(stated, name, figure.value)
    ]
    if any(not_its_own(before, after, metric, name) is None for name in fits):
        return True
    return any(same(stated, other) for note in metric.notes for other in read(note))


def _hides_a_fall(stated: Stated, name: str, value: float) -> bool:
    """Whether a move below zero is stated without a sign and without a word such as "fell"."""
    move = stated.unit in MOVES and value < 0 and not stated.signed
    return move and not name.startswith(("max_drawdown", "from_high"))


def same(a: Stated, b: Stated) -> bool:
    """Whether `a` repeats what `b` states: value, unit, and where both say them, sign and currency.

    A bound has to be repeated from the source: 5% is not "more than 5%".
    """
    if a.value is None or b.value is None or a.unit != b.unit or a.kind in LITERALS:
        return False
    if (a.currency and b.currency and a.currency != b.currency) or a.bound not in ("", b.bound):
        return False
    if a.signed and (b.signed or a.text.startswith(_MINUS)):
        return a.value == b.value
    return abs(a.value) == abs(b.value)


def overlap(a: Span, b: Span) -> bool:
    """Whether two stretches of a text share a character."""
    return a[0] < b[1] and b[0] < a[1]

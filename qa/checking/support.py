"""What stands behind a figure that is typed by hand: a metric, a cited passage, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from qa.checking.derived import derive
from qa.checking.failed import fail
from qa.checking.figures import Stated
from qa.checking.held import held
from qa.checking.layout import LITERALS, Layout, Span, lay_out
from qa.checking.meant import fitting, mistaken
from qa.checking.mentions import Meant
from qa.checking.slots import MOVES, direction_near, write
from qa.checking.wording import wording
from qa.domain import Check, CheckedFigure, CheckVerdict, Ledger, Metric, Passage

_BY_NAME = frozenset(
    "from_high distance position upside average volatility high low move drawdown".split()
)
Known = Sequence[tuple[str, Passage | Metric]]
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
# What a text in lower case has to hold before it can hold one of them.
_VAGUE_STEMS = (
    "fold", "bagger", "dozen", "thrice", "digit", "ds of", "ns of", "th of", "ths of",
    "nties", "rties", "fties", "xties", "hties",
)  # fmt: skip
_OUT_OF = re.compile(rf"(?:in|out of) (?:every |a hundred|twenty|{_SMALL})")
_NO_UNIT = re.compile(r"[\d,.]*\d")
_KNOWN_NAMES = re.compile(
    r"\d{1,2}[.)]|[1-4]q\d{0,2}|q[1-4]|[12]h\d{0,2}|h[12]|[2-6][gd]|3m|\d{3}k|\d{1,2}(?:am|pm)|g\d{1,2}",
    re.I,
)


@dataclass
class Typed:
    """What the figures typed by hand came to: checked figures and their `spans`, failed checks."""

    figures: list[CheckedFigure] = field(default_factory=list)
    meant: list[Meant] = field(default_factory=list)
    wrong: list[Check] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def typed_figures(
    page: Layout,
    spans: Sequence[Span],
    known: Known,
    ledger: Ledger,
    computed: Sequence[CheckedFigure],
) -> Typed:
    """Every figure of a text outside `spans`: computed, quoted, derived, or a failed check.

    `known` is the evidence that the text may rest on; `computed` the figures code wrote into it.
    """
    typed, text = Typed(), page.text
    known = sorted(known, key=_computed_first)
    for stated in page.figures:
        if any(overlap(stated.span, span) for span in spans) or _is_literal(stated, ledger):
            continue
        stated = _pointed(stated, text)
        found = support(stated, page, known, _beside(stated, page, typed.meant))
        found = found or _alone(stated, page, known)
        turned = None if found else _turned(stated, page, known)
        figure = found.figure if found else None
        if figure is None and turned is None and not _has_a_name(stated, page, known):
            figure = derive(stated, page, [*computed, *typed.figures])
        if figure is None:
            typed.wrong.append(_unsupported(stated, page, known, turned, ledger))
            continue
        typed.figures.append(figure)
        typed.spans.append(stated.span)
        if found and found.meant:
            typed.meant.append(found.meant)
    typed.wrong += _unread(text, spans, known)
    return typed


def _computed_first(known: tuple[str, Passage | Metric]) -> bool:
    return isinstance(known[1], Passage)


def read(text: str) -> tuple[Stated, ...]:
    """The figures of a text, read once."""
    return lay_out(text).figures


def _unread(text: str, spans: Sequence[Span], known: Known) -> list[Check]:
    """Digits of other scripts, and sizes in words such as "tenfold", that no source says."""
    low = text.lower()
    vague = any(stem in low for stem in _VAGUE_STEMS) or _OUT_OF.search(low)
    if text.isascii() and not (vague and _VAGUE.search(text)):
        return []
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


def _beside(stated: Stated, page: Layout, meant: Sequence[Meant]) -> str:
    """The name of the figure before one in parentheses, which then is another: "0.6% (0.5%)"."""
    start, _ = page.bounds(stated.span)
    inside = page.text[start : stated.span[0]].strip() == "("
    return meant[-1].name if inside and meant and meant[-1].span[1] == start else ""


def _has_a_name(stated: Stated, page: Layout, known: Known) -> bool:
    """Whether the words name a figure that a metric has: then no arithmetic may stand for it."""
    kinds = wording(*page.words(stated.span)).kinds
    if not kinds or not kinds <= _BY_NAME:
        return False
    metrics = [e for _, e in known if isinstance(e, Metric)]
    return any(list(fitting(page, stated.span, m, stated.unit)) for m in metrics)


class Support(NamedTuple):
    """A figure that some evidence holds; `meant` is the figure of a metric that it is."""

    figure: CheckedFigure
    meant: Meant | None = None


def _alone(stated: Stated, page: Layout, known: Known) -> Support | None:
    """The evidence of a level that was read with its neighbour's unit: "at 2,601.58, 5.74% up"."""
    if stated.unit not in MOVES or not _NO_UNIT.fullmatch(stated.text):
        return None
    level = replace(stated, unit=None, value=abs(stated.value or 0.0), signed=False)
    return support(level, page, [(k, e) for k, e in known if isinstance(e, Metric)])


def _turned(stated: Stated, page: Layout, known: Known) -> CheckedFigure | None:
    """The evidence that holds the figure with the other sign, if any does."""
    if not stated.signed or not stated.value:
        return None
    found = support(replace(stated, value=-stated.value), page, known)
    return found.figure if found else None


def _unsupported(
    stated: Stated, page: Layout, known: Known, turned: CheckedFigure | None, ledger: Ledger
) -> Check:
    """Why a figure doesn't stand: the other sign, another quantity, or another or no source."""
    if turned:
        reason = f"{turned.evidence} has {stated.text} with the other sign"
        return fail("direction", page.text, "the other sign", stated.text, reason, against=True)
    expected, against = _meant_instead(stated, page, known), ""
    for key, metric in known:
        if isinstance(metric, Metric) and not against:
            against = _something_else(stated, page, key, metric)
    if against:
        return fail("figure", page.text, expected, stated.text, against)
    elsewhere = support(stated, page, sorted(ledger, key=_computed_first))
    reason = "no evidence holds it"
    if elsewhere:
        reason = f"it is in {elsewhere.figure.evidence}, which the sentence doesn't cite"
    return fail("figure", page.text, expected, stated.text, reason)


def _something_else(stated: Stated, page: Layout, key: str, metric: Metric) -> str:
    """Why the figures of a metric that have these digits aren't the one that is meant."""
    for name in _matching(stated, metric):
        if why := mistaken(page, stated.span, metric, name):
            return f"it is {name} of {key}, but {why}"
    return ""


def _meant_instead(stated: Stated, page: Layout, known: Known) -> str:
    """The figure that the words name, as the evidence has it: "6.75% (m1.return)"."""
    for key, metric in known:
        names = (
            fitting(page, stated.span, metric, stated.unit) if isinstance(metric, Metric) else ()
        )
        shown = [f"{write(metric.figures[n])} ({key}.{n})" for n in list(names)[:3]]  # type: ignore[union-attr]
        if shown:
            return " or ".join(shown)
    return "a slot or a quoted figure"


def support(stated: Stated, page: Layout, known: Known, other_than: str = "") -> Support | None:
    """The first evidence that holds a stated figure; `other_than` is one that it can't be."""
    for key, evidence in known:
        if isinstance(evidence, Passage):
            if held(evidence).repeats(stated):
                return Support(_checked(stated, "quoted", key))
            continue
        name = _computed(stated, page, evidence, other_than)
        if name:
            figure = CheckedFigure(
                text=stated.text,
                value=evidence.figures[name].value,
                unit=stated.unit,
                status="computed",
                evidence=key,
            )
            return Support(figure, Meant(stated.span, key, evidence, name))
        # A note can't make one figure pass for another that has the same digits.
        if not any(_matching(stated, evidence)) and held(evidence).repeats(stated):
            return Support(_checked(stated, "computed", key))
    return None


def _checked(stated: Stated, status: CheckVerdict, key: str) -> CheckedFigure:
    return CheckedFigure(
        text=stated.text, value=stated.value, unit=stated.unit, status=status, evidence=key
    )


def _computed(stated: Stated, page: Layout, metric: Metric, other_than: str) -> str | None:
    """The figure of a metric that a stated one is: its digits, its instrument, its quantity."""
    for name in _matching(stated, metric):
        if name != other_than and mistaken(page, stated.span, metric, name) is None:
            return name
    return None


def _matching(stated: Stated, metric: Metric) -> Iterator[str]:
    """The figures of a metric that round to what is stated."""
    for name, value in held(metric).rounding_to(stated):
        if not _hides_a_fall(stated, name, value):
            yield name


def _hides_a_fall(stated: Stated, name: str, value: float) -> bool:
    """Whether a move below zero is stated without a sign and without a word such as "fell"."""
    move = stated.unit in MOVES and value < 0 and stated.value and not stated.signed
    return bool(move) and not name.startswith(("max_drawdown", "from_high"))


def overlap(a: Span, b: Span) -> bool:
    """Whether two stretches of a text share a character."""
    return a[0] < b[1] and b[0] < a[1]

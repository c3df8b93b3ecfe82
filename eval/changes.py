"""One figure of a true sentence changed at a time, by a hand that knows nothing of the checks.

A sentence comes with its evidence, so whether a change leaves the meaning true is told from the
evidence: a minus sign before a magnitude that stands for a fall, a citation of another metric that
has the same figure, and a figure replaced by one of the same value are no changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import get_args

from eval.said import other_period, record_for_high
from eval.told import Made, Place, Told, places, put
from qa.domain import Metric, Passage, Unit
from qa.market.instruments import INSTRUMENTS, kin
from qa.market.sessions import sessions_between

_MARK = re.compile(r"\[([mp]\d+)\]")
_DATE = re.compile(r"(?:(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri)day) )?(?P<day>\d{4}-\d{2}-\d{2})")
_NUMBER = re.compile(
    r"(?<![\w.,$-])[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?=%| (?:percent|times|basis|points))"
)
_UNITS = {
    "percent": (r"%| percent", ("x", " points", " basis points")),
    "percentage_points": (r" percentage points?", (" basis points", "x")),
    "points": (r" points?", ("%", " percentage points", " basis points")),
    "basis_points": (r" basis points?", ("%", " points", " percentage points")),
    "price": (r"", ("%", " percentage points", " billion")),
    "multiple": (r"x", ("%", " percentage points")),
    "sessions": (r" sessions?", ("%", " points")),
    "count": (r"", ("%", " points")),
    "ratio": (r"", ("%", " points")),
    "date": (r"(?!)", ()),
}
_WINDOWS = (
    (r"\b(20|50|200)-day\b", ("10-day", "20-day", "50-day", "100-day", "200-day")),
    (r"\b(20|21|60)-session\b", ("10-session", "20-session", "30-session", "60-session")),
    (r"\b52-week\b", ("26-week", "13-week", "104-week")),
    (r"\b(?:2|5|10|30)-year(?= (?:Treasury )?yield)", ("2-year", "5-year", "10-year", "30-year")),
    (r"\bdaily(?= volatility)", ("weekly", "annual", "monthly")),
    (r"\bon the day\b", ("in the month", "in the week", "over the year")),
    (r"\bin a month\b", ("in a week", "in a year", "in a day")),
    (r"(?<=from the )close(?= of)", ("open",)),
    (r"(?<=from the )open(?= of)", ("close",)),
    (r"\bintraday(?= range)", ("closing",)),
    (r"\bclose to close\b", ("open to close",)),
)
_TURNED = {"gained": "lost", "ahead": "behind", "above": "below", "up": "down"}
_TURNED |= {after: before for before, after in _TURNED.items()}
_DIRECTION = re.compile(rf"\b(?:{'|'.join(_TURNED)})\b")


@dataclass(frozen=True)
class Change:
    """A sentence made false, what was done to it, and the evidence that it now names."""

    kind: str
    text: str
    evidence: tuple[str, ...]
    note: str


def changes(told: Told, rng: Random) -> Iterator[Change]:
    """At most one change of each kind, each on a place chosen by chance."""
    held = places(told)
    for kind, change in _KINDS.items():
        if made := change(told, held, rng):
            text, evidence, note = made
            if text != told.text or evidence != told.evidence:
                yield Change(kind, text, evidence, note)


def _numeric(held: list[Place]) -> list[Place]:
    return [p for p in held if isinstance(p.figure.value, float)]


def _pick(rng: Random, found: list[Place]) -> Place | None:
    return rng.choice(found) if found else None


def _spans(told: Told, held: list[Place]) -> list[tuple[int, int]]:
    """Where numbers with a unit stand: those of slots, else those typed from a passage."""
    return [p.span for p in _numeric(held)] or [m.span() for m in _NUMBER.finditer(told.text)]


def _digit(told: Told, held: list[Place], rng: Random) -> Made:
    """Another digit in place of one."""
    spans = _spans(told, held)
    if not spans:
        return None
    span = rng.choice(spans)
    old = told.text[slice(*span)]
    at = rng.choice([i for i, c in enumerate(old) if c.isdigit()])
    leading = not any(c.isdigit() for c in old[:at]) and old[at + 1 : at + 2] not in (".", "%", "")
    new = rng.choice([c for c in "0123456789"[leading:] if c != old[at]])
    if old[:at] + new + old[at + 1 :] == old.lstrip("+-"):
        return None
    return put(told, span, old[:at] + new + old[at + 1 :])


def _sign(told: Told, held: list[Place], rng: Random) -> Made:
    """The other sign; written before a magnitude it is a change only if the figure is a rise."""
    found = [p for p in _numeric(held) if p.figure.value and re.search("[1-9]", _text(told, p))]
    found = [p for p in found if _text(told, p)[0] in "+-" or p.figure.value > 0]  # type: ignore[operator]
    if not (place := _pick(rng, found)):
        return None
    old = _text(told, place)
    if old[0] == "-" and _DIRECTION.search(told.text[: place.span[0]][-25:]):
        return None  # "down -3%" without its sign is the same
    return put(told, place.span, old[1:] if old[0] == "-" else "-" + old.lstrip("+"))


def _text(told: Told, place: Place) -> str:
    return told.text[slice(*place.span)]


def _direction(told: Told, held: list[Place], rng: Random) -> Made:
    """The opposite word, where it governs a move that isn't nought."""
    found = []
    for word in _DIRECTION.finditer(told.text):
        near = [
            p
            for p in _numeric(held)
            if -30 < p.span[0] - word.end() < 5 or 0 <= word.start() - p.span[1] < 2
        ]
        if any(
            p.figure.unit in ("percent", "percentage_points", "points")
            and re.search("[1-9]", _text(told, p))
            for p in near
        ):
            found.append(word)
    if not found:
        return None
    word = rng.choice(found)
    return put(told, word.span(), _TURNED[word.group()])


def _scale(told: Told, held: list[Place], rng: Random) -> Made:
    """Ten times as much, a tenth, or thousands of it."""
    spans = [s for s in _spans(told, held) if re.search("[1-9]", told.text[slice(*s)])]
    if not spans:
        return None
    span = rng.choice(spans)
    found = re.search(r"\d[\d,]*(?:\.(\d+))?", told.text[slice(*span)])
    assert found is not None
    size, decimals = float(found.group().replace(",", "")), len(found[1] or "")
    start = span[0] + found.start()
    new = rng.choice(
        [
            f"{size * 10:,.{decimals}f}",
            f"{size / 10:,.{decimals + 1}f}",
            f"{size * 1000:,.{decimals}f}",
        ]
    )
    return put(told, (start, start + len(found.group())), new)


def _unit(told: Told, held: list[Place], rng: Random) -> Made:
    """Another unit."""
    if not (place := _pick(rng, _numeric(held))):
        return None
    return _replace_unit(told, place, place.figure.unit, lambda new: rng.choice(new))


def _points(told: Told, held: list[Place], rng: Random) -> Made:
    """Percentage points for percent, or percent for percentage points."""
    moves = ("percent", "percentage_points")
    place = _pick(rng, [p for p in held if p.figure.unit in moves])
    if place is None:
        return None
    other = " percentage points" if place.figure.unit == "percent" else "%"
    return _replace_unit(told, place, place.figure.unit, lambda _: other)


def _replace_unit(
    told: Told, place: Place, unit: Unit, choose: Callable[[tuple[str, ...]], str]
) -> Made:
    written, others = _UNITS[unit]
    old = _text(told, place)
    found = re.search(rf"(?:{written})$", old) if written else None
    if written and not found:
        return None  # the unit stands elsewhere in the sentence
    return put(told, place.span, old[: found.start() if found else None] + choose(others))


def _figure(told: Told, held: list[Place], rng: Random) -> Made:
    """Another figure of the same metric and unit, written alike."""
    found = []
    for place in _numeric(held):
        size = re.search(r"\d[\d,]*(?:\.(\d+))?", _text(told, place))
        for name, other in place.metric.figures.items():
            value = other.value
            if size and other.unit == place.figure.unit and isinstance(value, float):
                new = f"{abs(value):,.{len(size[1] or '')}f}"
                if new != size.group():
                    found.append((place, size, new, name))
    if not found:
        return None
    place, size, new, name = rng.choice(found)
    start = place.span[0] + size.start()
    made = put(told, (start, start + len(size.group())), new)
    return made and (made[0], made[1], f"{place.name}: {made[2]} ({name})")


def _names() -> dict[str, str]:
    """The instruments' names as they are written, with their symbols."""
    return {
        i.name.split(" sector fund")[0]: i.symbol
        for i in INSTRUMENTS
        if i.kind != "volatility" or i.symbol == "^VIX"
    }


def _instrument(told: Told, held: list[Place], rng: Random) -> Made:
    """Another instrument in place of one, or two that change places."""
    if not _numeric(held):
        return None
    names = _names()
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    found = list(re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", told.text))
    if not found:
        return None
    one = rng.choice(found)
    there = {names[m.group()] for m in found}
    others = [
        n
        for n, s in names.items()
        if not any(s in kin(t) for t in there) and _alike(n, one.group(), names)
    ]
    if not others:
        return None
    return put(told, one.span(), rng.choice(others))


def _alike(name: str, other: str, names: dict[str, str]) -> bool:
    """Whether one name may stand where the other stood: an index for an index, a fund for one."""
    kinds = {i.symbol: i.kind for i in INSTRUMENTS}
    return name[0].isupper() == other[0].isupper() and (
        kinds[names[name]] == kinds[names[other]] or kinds[names[name]] == "index"
    )


def _exchange(told: Told, held: list[Place], rng: Random) -> Made:
    """Two instruments change places, where their figures differ."""
    names = _names()
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    found = list(re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", told.text))
    if len(found) != 2 or not held or kin(names[found[0].group()]) == kin(names[found[1].group()]):
        return None
    a, b = found
    text = (
        told.text[: a.start()]
        + b.group()
        + told.text[a.end() : b.start()]
        + a.group()
        + told.text[b.end() :]
    )
    return text, told.evidence, f"{a.group()} <-> {b.group()}"


def _window(told: Told, held: list[Place], rng: Random) -> Made:
    """Another length of time, or another basis."""
    if not held:
        return None
    found = [(m, new) for pattern, new in _WINDOWS for m in re.finditer(pattern, told.text)]
    if not found:
        return None
    found = [
        (m, new) for m, new in found if "close" not in m.group() or not _same_on_any_basis(held)
    ]
    if not found:
        return None
    window, others = rng.choice(found)
    return put(told, window.span(), rng.choice([o for o in others if o != window.group()]))


def _same_on_any_basis(held: list[Place]) -> bool:
    """Whether some metric shown has the same return from the open as from the close."""
    pairs = (
        [p.metric.figures.get(f"return_from_{basis}") for basis in ("open", "close")] for p in held
    )
    return any(
        a and b and isinstance(a.value, float) and isinstance(b.value, float)
        and f"{a.value:.2f}" == f"{b.value:.2f}" for a, b in pairs
    )  # fmt: skip


def _date(told: Told, held: list[Place], rng: Random) -> Made:
    """Another session: one nearby, or a date that some evidence holds."""
    found = list(_DATE.finditer(told.text))
    if not found:
        return None
    dated = rng.choice(found)
    old = date.fromisoformat(dated["day"])
    around = sessions_between(old - timedelta(days=40), old + timedelta(days=40))
    near = [day.date() for day in around]
    held_days = [
        f.value
        for _, e in told.ledger
        if isinstance(e, Metric)
        for f in e.figures.values()
        if isinstance(f.value, date)
    ]
    pool = [d for d in (near if rng.random() < 0.5 or not held_days else held_days) if d != old]
    if not pool:
        return None
    new = rng.choice(pool)
    return put(told, dated.span(), f"{new:%A} {new}" if dated["weekday"] else str(new))


def _citation(told: Told, held: list[Place], rng: Random) -> Made:
    """Another source, one that lacks a figure of the sentence."""
    marks = list(_MARK.finditer(told.text))
    if not marks:
        return None
    mark = rng.choice(marks)
    mine = [p for p in _numeric(held) if p.key == mark[1]]
    numbers = {told.text[slice(*p.span)].strip("+-%x ") for p in mine}
    if not mine:
        passage = told.ledger.get(mark[1])
        numbers = {m.group().strip("+-%") for m in _NUMBER.finditer(told.text)}
        if not isinstance(passage, Passage) or not numbers:
            return None
    others = [
        k for k, e in told.ledger if k not in told.evidence and not _has_any(e, mine, numbers)
    ]
    if not others:
        return None
    new = rng.choice(others)
    text = told.text.replace(mark.group(), f"[{new}]")
    evidence = tuple(new if key == mark[1] else key for key in told.evidence)
    return text, evidence, f"{mark[1]} -> {new}"


def _has_any(evidence: Metric | Passage, mine: list[Place], numbers: set[str]) -> bool:
    """Whether evidence has one of the figures too, so that to cite it isn't wholly wrong."""
    if isinstance(evidence, Passage):
        return any(
            re.search(rf"(?<![\d.,]){re.escape(n.split()[0])}", evidence.text) for n in numbers
        )
    held = [(f.unit, f.value) for f in evidence.figures.values() if isinstance(f.value, float)]
    return any(
        unit == place.figure.unit and abs(abs(value) - abs(own)) < 0.5 * 10**-place.figure.decimals
        for unit, value in held
        for place in mine
        if isinstance(own := place.figure.value, float)
    )


_KINDS: dict[str, Callable[[Told, list[Place], Random], Made]] = {
    "digit": _digit,
    "sign": _sign,
    "direction word": _direction,
    "scale": _scale,
    "unit": _unit,
    "percent and points": _points,
    "other figure of the metric": _figure,
    "instrument": _instrument,
    "two instruments": _exchange,
    "window or basis": _window,
    "date": _date,
    "month or quarter in words": other_period,
    "record for high": record_for_high,
    "citation": _citation,
}
assert set(get_args(Unit)) <= set(_UNITS)

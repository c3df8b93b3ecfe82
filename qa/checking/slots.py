"""Slots: a draft says "{m3.return}", code writes the figure.

A slot is {ID.FIGURE} or {ID.FIGURE:SPEC}; SPEC is a comma-separated list of `+` (always a sign),
`abs` (magnitude), `.N` (decimals), `bare` (no unit) and `long` (a date with its weekday). After a
word of direction ("fell", "below") a figure is written as a magnitude, if its sign agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qa.domain import Figure

SLOT = re.compile(r"\{([^{}]{1,120})\}")
MARK = re.compile(r"\[([mp]\d{1,4})\]")
_INSIDE = re.compile(r"(m\d{1,4})\.(\w{1,60})(?::([+\w.,]{0,20}))?")

UP_WORDS = (
    "above|ahead|up|rose|risen|rises|gain|gains|gained|climbed|advanced|added|higher|outpaced|"
    "outperformed|beat|led|leads|jumped|rallied|increase|increased|upside"
)
DOWN_WORDS = (
    "below|behind|down|fell|fallen|falls|lost|loses|loss|dropped|slid|declined|decline|lower|"
    "trailed|trails|lagged|lags|slipped|shed|drawdown|decrease|decreased|downside"
)
_WORD_BEFORE = re.compile(
    rf"\b(?:(?P<up>{UP_WORDS})|(?P<down>{DOWN_WORDS}))\b(?P<gap>[^.;:,()\d{{}}]{{0,40}})$",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(
    r"^\s*(?:%|percent|points|percentage points|basis points)?\s*"
    r"(?:(?P<up>above|ahead|higher|up\b|upside)|(?P<down>below|behind|lower|down\b|downside))\b",
    re.IGNORECASE,
)
MOVES = ("percent", "percentage_points", "points", "basis_points")


@dataclass(frozen=True)
class Slot:
    """A slot found in a text; `problem` says why it can't be read."""

    span: tuple[int, int]
    key: str
    name: str
    spec: tuple[str, ...]
    problem: str | None = None


def find_slots(text: str) -> list[Slot]:
    """Every brace pair of a text, read as a slot."""
    slots = []
    for match in SLOT.finditer(text):
        inside = _INSIDE.fullmatch(match.group(1).strip())
        if inside is None:
            problem = f"{match.group()} is not a slot; write {{m1.return}}"
            slots.append(Slot(match.span(), "", "", (), problem))
        else:
            key, name, spec = inside.groups()
            slots.append(Slot(match.span(), key, name, tuple((spec or "").split(","))))
    return slots


def direction_near(before: str, after: str) -> int:
    """+1 or -1 for a word of direction that governs a figure between two texts, else 0."""
    match = _WORD_AFTER.match(after) or _WORD_BEFORE.search(before)
    if match is None:
        return 0
    return 1 if match["up"] else -1


def write(figure: Figure, spec: tuple[str, ...] = (), *, magnitude: bool = False) -> str:
    """The figure as the reader sees it: "6.75%", "5.78 percentage points", "2,669.16"."""
    if isinstance(figure.value, date):
        return f"{figure.value:%A} {figure.value}" if "long" in spec else str(figure.value)
    decimals = next((int(s[1:]) for s in spec if re.fullmatch(r"\.\d", s)), figure.decimals)
    value = abs(figure.value) if magnitude or "abs" in spec else figure.value
    number = f"{value:{'+' if '+' in spec else ''},.{decimals}f}"
    if not number.strip("+-0.,"):
        number = number.lstrip("+-")
    if "bare" in spec:
        return number
    one = number.lstrip("+-") == "1"
    return number + {
        "percent": "%",
        "percentage_points": " percentage point" + "s" * (not one),
        "points": " point" + "s" * (not one),
        "basis_points": " basis point" + "s" * (not one),
        "multiple": "x",
        "sessions": " session" + "s" * (not one),
    }.get(figure.unit, "")

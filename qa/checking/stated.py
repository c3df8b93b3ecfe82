"""What a text states, and whether a true value agrees with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from qa.domain import Unit

Kind = Literal["level", "change", "count", "date", "name", "window", "ordinal"]
Bound = Literal["", "above", "below"]

_UNSTATED_MARGIN = 1.25  # how far beyond "more than 14%" a value may lie and still be meant by it
_ROUND_MARGIN = 0.05  # the most that "about 2,500" allows for its zeros, as a share of it
_VALUELESS = ("date", "name", "window")
_MINUS = ("-", "−", "minus", "negative")
# Which units of a true value a stated unit may stand for. A bare number has no unit to disagree
# with, but is never a percent, and percent is never percentage points.
_COMPATIBLE: dict[str | None, tuple[str, ...]] = {
    "percent": ("percent",),
    "percentage_points": ("percentage_points",),
    "basis_points": ("basis_points", "percentage_points"),
    "points": ("points", "percentage_points", "price"),
    "multiple": ("multiple", "ratio"),
    "ratio": ("ratio", "multiple"),
    "price": ("price",),
    "count": ("count", "sessions"),
    "sessions": ("count", "sessions"),
    None: ("price", "points", "multiple", "ratio"),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A number as a text states it; `text` is exactly `source[span[0]:span[1]]`.

    `value` bears sign and scale and is in `unit`; it is None for dates, names and windows, and
    for digits too many for a float. `unit` None is a bare number. `decimals` counts the decimals
    as written, at `scale` ("2.3 trillion": 1 at 1e12). `signed`: a sign or a word of direction
    stands with it. `day` is set for days whose year is stated or hinted.
    """

    text: str
    span: tuple[int, int]
    kind: Kind
    value: float | None = None
    unit: Unit | None = None
    decimals: int = 0
    scale: float = 1.0
    signed: bool = False
    currency: str | None = None
    approximate: bool = False
    bound: Bound = ""
    day: date | None = None
    year_stated: bool = False
    precision: Literal["day", "month", "quarter", "year"] | None = None
    range_end: bool = False


def same(a: Stated, b: Stated) -> bool:
    """Whether `a` repeats what `b` states: value, unit, and where both say them, sign and currency.

    A bound has to be repeated from the source: 5% is not "more than 5%".
    """
    if a.value is None or b.value is None or a.unit != b.unit or a.kind in _VALUELESS:
        return False
    if (a.currency and b.currency and a.currency != b.currency) or a.bound not in ("", b.bound):
        return False
    if a.signed and (b.signed or a.value < 0):
        return a.value == b.value
    return abs(a.value) == abs(b.value)


def reach(stated: Stated) -> list[tuple[float, float]]:
    """The sizes, from and to, between which every value lies that `matches` a stated one.

    For finding them in a list that is in order; not all that lies there matches.
    """
    if stated.value is None:
        return []
    said, step = abs(stated.value), 10.0**-stated.decimals * stated.scale
    margin = _UNSTATED_MARGIN if stated.bound or stated.approximate else 1.0 + 1e-9
    low, high = said / margin - step, said * margin + step
    sizes = [(low, high)]
    if stated.unit == "basis_points":  # a difference of 0.25 percentage points is 25 of them
        sizes.append((low / 100, high / 100))
    return sizes


def matches(stated: Stated, value: float, unit: Unit) -> bool:
    """Whether the true `value`, in `unit`, rounds to what is stated.

    "About" allows a whole unit of the last digit instead of half of one; "more than" and its like
    hold on their side, up to a quarter beyond. A stated sign has to agree; without one, sizes are
    compared. Dates, names and windows match nothing.
    """
    if stated.value is None or not math.isfinite(value) or not _compatible(stated, unit):
        return False
    if stated.unit == "basis_points" and unit == "percentage_points":
        value *= 100
    said = stated.value
    if not stated.signed:
        said, value = abs(said), abs(value)
    elif said * value < 0 and said != 0:
        return False
    return _agrees(stated, abs(said), abs(value))


def _compatible(stated: Stated, unit: str) -> bool:
    if stated.kind in _VALUELESS:
        return False
    if stated.kind == "ordinal":
        return unit in ("count", "sessions")
    if stated.unit == "points" and unit == "price":
        return not stated.signed  # "2,669 points" is a level, "up 187 points" is none
    if stated.unit is None and unit in ("count", "sessions"):
        return stated.decimals == 0
    return unit in _COMPATIBLE.get(stated.unit, ())


def _agrees(stated: Stated, said: float, value: float) -> bool:
    """Whether two sizes agree at the stated rounding."""
    step = 10.0**-stated.decimals * stated.scale
    slack = 1e-6 * step + 1e-12 * max(said, value)  # what floats lose, and no more
    if stated.bound == "above":
        return said - slack <= value <= max(_UNSTATED_MARGIN * said, said + step) + slack
    if stated.bound == "below":
        return min(said / _UNSTATED_MARGIN, said - step) - slack <= value <= said + slack
    if stated.approximate:
        return abs(said - value) <= max(step, _round_step(stated, said)) + slack
    return abs(said - value) <= step / 2 + slack


def _round_step(stated: Stated, said: float) -> float:
    """The step of the last digit that isn't a trailing zero: "about 2,500" is meant to 100."""
    digits = round(said / stated.scale)
    if stated.decimals or not 0 < digits < 10**15:
        return 0.0
    zeros = len(str(digits)) - len(str(digits).rstrip("0"))
    return min(10.0**zeros * stated.scale, _ROUND_MARGIN * said)

"""Whether a value of the tape agrees with what a claim states, at the rounding that it states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from qa.checking.auditing.published import PublishedClaim
from qa.checking.stated import Stated, matches


@dataclass(frozen=True, slots=True)
class Reading:
    """One definition that a claim can be tried under, with what the tape gives for it.

    `standard`: what is meant where a text names no definition. `day` is the session that the
    value is of.
    """

    definition: str
    actual: str
    holds: bool
    standard: bool = True
    day: date | None = None


def agrees(claim: PublishedClaim, value: float, slack: float = 0.0) -> bool:
    """Whether a value rounds to the stated figure, or lies in the stated range.

    "Nearly" and "almost" are said of a value up to one step of the last digit below, and not
    above. `slack` is what the definition itself leaves open, in the unit of the value.
    """
    stated = claim.stated
    if stated is None or stated.value is None:
        return False
    if claim.partner is not None and claim.partner.value is not None:
        return _between(stated, claim.partner, value)
    near = value + max(-slack, min(slack, stated.value - value)) if stated.signed else value
    if not stated.signed and slack:
        near = abs(value) + max(-slack, min(slack, abs(stated.value) - abs(value)))
    if claim.nearly:
        return _below(stated, near)
    if stated.bound:
        return _beyond(stated, near)
    return matches(_as_percent(stated), near, "percent")


@lru_cache(maxsize=1024)
def _as_percent(stated: Stated) -> Stated:
    """The figure as one whose unit is settled: it is tried against many values."""
    return replace(stated, unit="percent", kind="level")


def _below(stated: Stated, value: float) -> bool:
    said = abs(stated.value or 0.0)
    if stated.signed and value * (stated.value or 0.0) < 0:
        return False
    step = 10.0**-stated.decimals * stated.scale
    if said >= 100 and not stated.decimals:
        step = max(step, 0.03 * said)
    return said - step - 1e-9 <= abs(value) <= said + 0.05 * step


def _beyond(stated: Stated, value: float) -> bool:
    """Whether a value lies on the side that "more than" or "less than" says, within twice as much.

    Wider than what `matches` allows an answer: what was published is to be judged, not written.
    """
    said = abs(stated.value or 0.0)
    if stated.signed and value * (stated.value or 0.0) < 0:
        return False
    if stated.bound == "above":
        return said - 1e-9 <= abs(value) <= 2 * said
    step = 10.0**-stated.decimals * stated.scale
    return max(0.0, min(said / 2, said - 2 * step)) <= abs(value) <= said + 1e-9


def _between(first: Stated, second: Stated, value: float) -> bool:
    ends = (first.value or 0.0, second.value or 0.0)
    half = max(10.0**-first.decimals, 10.0**-second.decimals) / 2
    if not (first.signed or second.signed):
        value = abs(value)
    return min(ends) - half <= value <= max(ends) + half


def pointed(claim: PublishedClaim, sign: int) -> PublishedClaim:
    """The claim with the sign that its words give it."""
    stated = claim.stated
    if stated is None or stated.value is None or not sign:
        return claim
    return replace(claim, stated=replace(stated, value=sign * abs(stated.value), signed=True))


def percent(value: float, decimals: int = 2) -> str:
    """A percent as it is written in a verdict: "+8.10%"."""
    return f"{value:+.{decimals}f}%"


def level(value: float) -> str:
    """A level as it is written in a verdict: "2,669.16"."""
    return f"{value:,.2f}"

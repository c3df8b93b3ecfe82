"""Figures that follow from two checked ones: a difference, a sum, a ratio, a percentage change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations

from qa.checking.figures import Stated, matches
from qa.domain import CheckedFigure, Unit


def derive(stated: Stated, figures: Sequence[CheckedFigure]) -> CheckedFigure | None:
    """The stated figure as arithmetic on two checked figures of the same sentence, or None.

    The difference of two percentages is in percentage points; of two levels, in points. The
    evidence names both ids and the arithmetic.
    """
    for a, b in permutations(figures, 2):
        if a.value is None or b.value is None or a.unit is None or a.unit != b.unit:
            continue
        if isinstance(a.value, date) or isinstance(b.value, date):
            continue
        for value, unit, how in _results(a.value, b.value, a.unit):
            if matches(stated, value, unit) and value * (stated.value or 0) >= 0:
                return CheckedFigure(
                    text=stated.text,
                    value=value,
                    unit=unit,
                    status="derived",
                    evidence=f"{a.evidence}, {b.evidence}: {how.format(a.text, b.text)}",
                )
    return None


def _results(a: float, b: float, unit: Unit) -> list[tuple[float, Unit, str]]:
    apart: dict[Unit, Unit] = {"percent": "percentage_points", "price": "points"}
    results: list[tuple[float, Unit, str]] = [(a - b, apart.get(unit, unit), "{} - {}")]
    if unit == "price" and b:
        results.append(((a / b - 1) * 100, "percent", "{} / {} - 1"))
    if b:
        results.append((a / b, "multiple", "{} / {}"))
    return results

"""The scorecard: readings of the evidence, and the verdict that follows from them by rule.

Each row reads +1 (for the rally), -1 (against) or 0, with a weight:

    trend              0.5  above all of its 20/50/200-day averages +1, below all -1
    relative strength  0.5  ahead of the benchmark over the window by a point or more, or behind
    watched signals    0.5  none triggered +1, one 0, more -1
    stretch            1    15% or more above the 200-day average: -1; 15% or more below: +1
    breadth            1    two thirds of the sectors up over the window +1, two thirds down -1
    volatility         0.5  daily volatility 1.5 times the benchmark's or more: -1
    structural views   0.75 recent views with a structural reason: twice as many on a side, by two
    policy views       0.5  the same for policy reasons
    opinion            0.25 the same for all views

Three rows read momentum (trend, relative strength, signals) and three read opinion (structural,
policy, all): each group weighs 1.5 in all, lest one rise, or one crowd, be counted three times.

The score is the weighted mean of the rows that could be read: 0.5 or more is sustainable, below
-0.2 fading, between them fragile; with less than half of the weight readable, undetermined. The
confidence is 0.5 at a border between labels and grows with the distance to the nearest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.agent.voices import newest
from qa.domain import DriverKind, Figure, Label, Metric, Passage, ScoreRow

Direction = Literal[-1, 0, 1]
Items = Sequence[tuple[str, Metric | Passage]]
SUSTAINABLE, FADING = 0.5, -0.2
STRETCHED = 15.0
RESTLESS = 1.5


@dataclass(frozen=True)
class Score:
    """The label that the rows lead to, with its confidence."""

    label: Label
    confidence: float
    value: float


def scorecard(items: Items, subject: str) -> tuple[ScoreRow, ...]:
    """The rows for one instrument; a reading that isn't in the evidence has no direction."""
    views = newest([(k, e) for k, e in items if isinstance(e, Passage)], subject)
    return (
        _trend(items, subject),
        _relative(items, subject),
        _stretch(items, subject),
        _breadth(items),
        _volatility(items, subject),
        _signals(items, subject),
        _views("structural views", "structural", views, 0.75),
        _views("policy views", "policy", views, 0.5),
        _views("opinion", None, views, 0.25),
    )


def judge(rows: Sequence[ScoreRow]) -> Score:
    """The verdict that follows from the rows."""
    read = [row for row in rows if row.direction is not None]
    weight = sum(row.weight for row in read)
    if weight < sum(row.weight for row in rows) / 2:
        return Score("undetermined", 0.0, 0.0)
    value = sum(row.weight * (row.direction or 0) for row in read) / weight
    label: Label = (
        "sustainable" if value >= SUSTAINABLE else "fading" if value < FADING else "fragile"
    )
    distance = min(abs(value - SUSTAINABLE), abs(value - FADING))
    return Score(label, round(min(0.5 + distance / 2, 0.9), 2), value)


def _metric(items: Items, tool: str, subject: str | None) -> tuple[str, dict[str, Figure]]:
    for key, item in items:
        if not isinstance(item, Metric) or item.tool != tool:
            continue
        if subject is None or item.symbols[0] == subject:
            return key, item.figures
    return "", {}


def _value(figures: dict[str, Figure], name: str) -> float | None:
    figure = figures.get(name)
    return float(figure.value) if figure and isinstance(figure.value, float) else None


def _row(
    name: str,
    kind: DriverKind,
    weight: float,
    reading: str,
    direction: Direction | None,
    *evidence: str,
) -> ScoreRow:
    return ScoreRow(
        name=name,
        reading=reading,
        direction=direction,
        weight=weight,
        kind=kind,
        evidence=tuple(e for e in evidence if e),
    )


def _sign(value: float, edge: float) -> Direction:
    return 1 if value >= edge else -1 if value <= -edge else 0


def _trend(items: Items, subject: str) -> ScoreRow:
    key, figures = _metric(items, "technicals", subject)
    distances = {n: v for n in (20, 50, 200) if (v := _value(figures, f"distance_{n}")) is not None}
    if not distances:
        return _row("trend", "technical", 0.5, "not available", None)
    above = [n for n, v in distances.items() if v > 0]
    direction: Direction = 1 if len(above) == len(distances) else -1 if not above else 0
    names = "/".join(map(str, distances))
    reading = f"above {len(above)} of {len(distances)} averages ({names} days)"
    return _row("trend", "technical", 0.5, reading, direction, key)


def _relative(items: Items, subject: str) -> ScoreRow:
    key, figures = _metric(items, "performance", subject)
    lead = _value(figures, "relative_return")
    if lead is None:
        return _row("relative strength", "technical", 0.5, "not available", None)
    side = "ahead of" if lead >= 0 else "behind"
    reading = f"{abs(lead):.2f} percentage points {side} the benchmark over the window"
    return _row("relative strength", "technical", 0.5, reading, _sign(lead, 1.0), key)


def _stretch(items: Items, subject: str) -> ScoreRow:
    key, figures = _metric(items, "technicals", subject)
    far = _value(figures, "distance_200")
    if far is None:
        return _row("stretch", "technical", 1.0, "not available", None)
    direction: Direction = -1 if far >= STRETCHED else 1 if far <= -STRETCHED else 0
    side = "above" if far >= 0 else "below"
    return _row(
        "stretch", "technical", 1.0, f"{abs(far):.2f}% {side} the 200-day average", direction, key
    )


def _breadth(items: Items) -> ScoreRow:
    key, figures = _metric(items, "sectors", None)
    up, of = _value(figures, "up_period"), _value(figures, "sectors")
    if up is None or not of:
        return _row("breadth", "cyclical", 1.0, "not available", None)
    direction: Direction = 1 if up / of >= 2 / 3 else -1 if up / of <= 1 / 3 else 0
    reading = f"{up:.0f} of {of:.0f} sectors up over the window"
    return _row("breadth", "cyclical", 1.0, reading, direction, key)


def _volatility(items: Items, subject: str) -> ScoreRow:
    key, figures = _metric(items, "performance", subject)
    own, other = _value(figures, "volatility"), _value(figures, "volatility_benchmark")
    if own is None or not other:
        return _row("volatility", "cyclical", 0.5, "not available", None)
    direction: Direction = -1 if own / other >= RESTLESS else 0
    reading = f"{own / other:.1f} times the benchmark's daily volatility"
    return _row("volatility", "cyclical", 0.5, reading, direction, key)


def _signals(items: Items, subject: str) -> ScoreRow:
    key, figures = _metric(items, "signals", subject)
    hit, rules = _value(figures, "triggered"), _value(figures, "rules")
    if hit is None or rules is None:
        return _row("watched signals", "technical", 0.5, "not available", None)
    direction: Direction = 1 if hit == 0 else 0 if hit == 1 else -1
    return _row(
        "watched signals", "technical", 0.5, f"{hit:.0f} of {rules:.0f} triggered", direction, key
    )


def _views(
    name: str, driver: DriverKind | None, items: Sequence[tuple[str, Passage]], weight: float
) -> ScoreRow:
    """Bullish against bearish views, one a firm or author; what nobody signs has no vote."""
    sides: dict[str, dict[str, str]] = {"bullish": {}, "bearish": {}}
    for key, item in items:
        signed = item.firm or item.author
        if item.stance not in sides or not signed:
            continue
        if driver is None or any(d.kind == driver for d in item.drivers):
            sides[item.stance].setdefault(signed, key)
    bulls, bears = sides["bullish"], sides["bearish"]
    kind: DriverKind = driver or "cyclical"
    if not bulls and not bears:
        return _row(name, kind, weight, "not available", None)
    reading = f"{len(bulls)} recent views for, {len(bears)} against"
    more, fewer = max(len(bulls), len(bears)), min(len(bulls), len(bears))
    clear = more - fewer >= 2 and more >= 2 * fewer
    direction: Direction = 0 if not clear else 1 if len(bulls) > len(bears) else -1
    return _row(name, kind, weight, reading, direction, *bulls.values(), *bears.values())

"""The scorecard: readings of the evidence, and the verdict that follows from them by rule.

Each row reads +1 (for the rally), -1 (against) or 0, with a weight:

    trend, relative strength, stretch, breadth, volatility, rates, credit
                       4.5  from prices alone, as `qa/market/price_rows.py` says
    base rates         0.5  what followed earlier moves like it over 63 sessions, beside what always
                            followed: +1 or -1 only where the difference is told from none
    seasonality        0.5  the month of the as-of date: +1 or -1 only where it is told from none
    valuation views    0.5  recent views with such a reason: twice as many on a side, by two
    earnings views     0.5  the same for earnings
    policy views       0.5  the same for policy and rates
    opinion            0.25 the same for all views

Views are those of notes on the instrument itself; of policy, those on policy rates alone count too
where the instrument is a broad market.

The score is the weighted mean of the rows that could be read: 0.5 or more is sustainable, below
-0.2 fading, between them fragile; with less than a third of the weight readable, undetermined. The
confidence is 0.5 at a border between labels and grows with the distance to the nearest one: it is
no probability. The odds of being higher, or ahead, are those of `qa/market/track_record.py`, with
their record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.agent.voices import is_on, newest
from qa.domain import DriverKind, Figure, Label, Metric, Passage, ScoreRow
from qa.market.instruments import named
from qa.market.price_rows import PRICE_ROWS, QUARTER, PriceRow
from qa.market.track_record import FADING, SUSTAINABLE, band

Direction = Literal[-1, 0, 1]
Items = Sequence[tuple[str, Metric | Passage]]
READABLE = 1 / 3  # of the weight, for a verdict
NOT_READ = "not available"
_EARNINGS = re.compile(r"\b(earnings|(un)?profit\w*|margins?|eps|revenues?)\b", re.I)
_VALUATION = re.compile(
    r"\b(valuations?|multiples?|p/?e|cheap\w*|discount\w*|expensive|overvalu\w*|undervalu\w*)\b",
    re.I,
)


@dataclass(frozen=True)
class Score:
    """The label that the rows lead to, with its confidence."""

    label: Label
    confidence: float
    value: float


def scorecard(items: Items, subject: str) -> tuple[ScoreRow, ...]:
    """The rows for one instrument; a reading that isn't in the evidence has no direction."""
    views = newest([(k, e) for k, e in items if isinstance(e, Passage)], subject)
    own = [view for view in views if is_on(view[1], subject)]
    outlook = _metric(items, "outlook", subject)
    beside = _symbols(items, outlook[0])
    return (
        *(_from_prices(row, *outlook, beside, subject) for row in PRICE_ROWS),
        _base_rates(*_metric(items, "base_rates", subject)),
        _seasonality(*_metric(items, "seasonality", subject)),
        _views("valuation views", "structural", 0.5, own, _names(_VALUATION)),
        _views("earnings views", "structural", 0.5, own, _names(_EARNINGS)),
        _views("policy views", "policy", 0.5, views, lambda p: _has_kind(p, "policy")),
        _views("opinion", "cyclical", 0.25, own, lambda p: True),
    )


def judge(rows: Sequence[ScoreRow]) -> Score:
    """The verdict that follows from the rows."""
    read = [row for row in rows if row.direction is not None]
    weight = sum(row.weight for row in read)
    if not weight or weight < sum(row.weight for row in rows) * READABLE:
        return Score("undetermined", 0.0, 0.0)
    value = sum(row.weight * (row.direction or 0) for row in read) / weight
    distance = min(abs(value - SUSTAINABLE), abs(value - FADING))
    return Score(band(value), round(min(0.5 + distance / 2, 0.9), 2), value)


def pivotal(rows: Sequence[ScoreRow]) -> Iterator[tuple[ScoreRow, Label]]:
    """The rows that decide alone: each with the label that the others lead to if it is turned.

    A row for or against is turned to the other side; one that reads neither decides nothing.
    """
    now = judge(rows).label
    for place, row in enumerate(rows):
        if not row.direction:
            continue
        turned = row.model_copy(update={"direction": -row.direction})
        other = judge([*rows[:place], turned, *rows[place + 1 :]]).label
        if other != now:
            yield row, other


def _metric(items: Items, tool: str, subject: str) -> tuple[str, dict[str, Figure]]:
    for key, item in items:
        if isinstance(item, Metric) and item.tool == tool and item.symbols[0] == subject:
            return key, item.figures
    return "", {}


def _symbols(items: Items, key: str) -> tuple[str, ...]:
    """The instruments that a metric was made from."""
    found = next((e for k, e in items if k == key), None)
    return found.symbols if isinstance(found, Metric) else ()


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


def _way(value: float) -> Direction:
    return 1 if value > 0 else -1 if value < 0 else 0


# --- From prices ---------------------------------------------------------------------------------


def _from_prices(
    row: PriceRow, key: str, figures: dict[str, Figure], beside: tuple[str, ...], subject: str
) -> ScoreRow:
    way = _value(figures, f"way_{row.name.replace(' ', '_')}")
    if way is None:
        why = _NEEDS[row.name] if figures else "the history held is too short"
        if row.name in _RELATIVE and not named(subject).benchmark:
            why = "there is no benchmark to hold it against"
        elif row.name in _FUNDS and set(_FUNDS[row.name]) <= set(beside):
            why = "too little history of what it takes"
        return _row(row.name, row.kind, row.weight, f"{NOT_READ}: {why}", None)
    return _row(row.name, row.kind, row.weight, _READ[row.name](figures), _way(way), key)


# What a row takes, where that is missing; and which symbols, where it is more than its own history.
_NEEDS = {
    "trend": "the history held is too short",
    "relative strength": "too little history of it or of its benchmark",
    "stretch": "no 200-day average, the history held is too short",
    "breadth": f"too few sector funds with {QUARTER} sessions",
    "volatility": "too little history of it or of its benchmark",
    "rates": "no ten-year yield on the tape up to this day",
    "credit": "no high-yield and investment-grade fund on the tape up to this day",
}
_RELATIVE = ("relative strength", "volatility")
_FUNDS = {"rates": ("^TNX",), "credit": ("HYG", "LQD")}


def _trend(figures: dict[str, Figure]) -> str:
    far = {n: v for n in (20, 50, 200) if (v := _value(figures, f"distance_{n}")) is not None}
    above = sum(v > 0 for v in far.values())
    return f"above {above} of {len(far)} averages ({'/'.join(map(str, far))} days)"


def _relative(figures: dict[str, Figure]) -> str:
    lead = _value(figures, "lead_63") or 0.0
    side = "ahead of" if lead >= 0 else "behind"
    return f"{abs(lead):.2f} percentage points {side} the benchmark over {QUARTER} sessions"


def _stretch(figures: dict[str, Figure]) -> str:
    far = _value(figures, "distance_200") or 0.0
    return f"{abs(far):.2f}% {'above' if far >= 0 else 'below'} the 200-day average"


def _breadth(figures: dict[str, Figure]) -> str:
    up, of = (_value(figures, name) or 0.0 for name in ("sectors_up", "sectors"))
    return f"{up:.0f} of {of:.0f} sector funds up over {QUARTER} sessions"


def _volatility(figures: dict[str, Figure]) -> str:
    return (
        f"{_value(figures, 'volatility_ratio') or 0.0:.1f} times the benchmark's daily volatility"
    )


def _rates(figures: dict[str, Figure]) -> str:
    moved = _value(figures, "ten_year_change") or 0.0
    side = "up" if moved >= 0 else "down"
    return f"ten-year yield {side} {abs(moved):.0f} basis points over {QUARTER} sessions"


def _credit(figures: dict[str, Figure]) -> str:
    far = _value(figures, "credit_distance") or 0.0
    side = "above" if far >= 0 else "below"
    return f"high yield over investment grade {abs(far):.2f}% {side} its 50-day average"


_READ: dict[str, Callable[[dict[str, Figure]], str]] = {
    "trend": _trend,
    "relative strength": _relative,
    "stretch": _stretch,
    "breadth": _breadth,
    "volatility": _volatility,
    "rates": _rates,
    "credit": _credit,
}


def _base_rates(key: str, figures: dict[str, Figure]) -> ScoreRow:
    n, gap = _value(figures, f"n_{QUARTER}"), _value(figures, f"diff_{QUARTER}")
    told = _value(figures, f"distinguishable_{QUARTER}")
    if n is None or gap is None or told is None:
        why = (
            "the history held is too short" if n is None else f"too few earlier episodes ({n:.0f})"
        )
        return _row("base rates", "cyclical", 0.5, f"{NOT_READ}: {why}", None)
    side = "above" if gap >= 0 else "below"
    reading = f"{n:.0f} earlier moves, then {abs(gap):.2f} percentage points {side} the usual"
    return _of_history("base rates", reading, gap, told, key)


def _seasonality(key: str, figures: dict[str, Figure]) -> ScoreRow:
    n, gap = _value(figures, "n"), _value(figures, "mean_difference")
    told = _value(figures, "distinguishable")
    if n is None or gap is None or told is None:
        why = "too few years of history"
        return _row("seasonality", "cyclical", 0.5, f"{NOT_READ}: {why}", None)
    sides = ("ahead of", "behind") if "mean_benchmark" in figures else ("above", "below")
    beside = "the benchmark" if "mean_benchmark" in figures else "its usual"
    reading = f"{abs(gap):.2f} percentage points {sides[gap < 0]} {beside} on average"
    reading += f" in {n:.0f} such months"
    return _of_history("seasonality", reading, gap, told, key)


def _of_history(name: str, reading: str, gap: float, told: float, key: str) -> ScoreRow:
    """A row on what happened before, which counts only where it is told from chance."""
    sure = "" if told else ", not distinguishable from none"
    return _row(name, "cyclical", 0.5, f"{reading}{sure}", _way(gap) if told else 0, key)


# --- From commentary -----------------------------------------------------------------------------


def _names(pattern: re.Pattern[str]) -> Callable[[Passage], bool]:
    """Whether one of a passage's drivers is named so."""
    return lambda passage: any(pattern.search(d.name) for d in passage.drivers)


def _has_kind(passage: Passage, kind: DriverKind) -> bool:
    return any(driver.kind == kind for driver in passage.drivers)


def _views(
    name: str,
    kind: DriverKind,
    weight: float,
    items: Sequence[tuple[str, Passage]],
    counts: Callable[[Passage], bool],
) -> ScoreRow:
    """Bullish against bearish views, one a firm or author; what nobody signs has no vote."""
    sides: dict[str, dict[str, Passage]] = {"bullish": {}, "bearish": {}}
    keys: list[str] = []
    for key, item in items:
        signed = item.firm or item.author
        if item.stance not in sides or not signed or not counts(item):
            continue
        if signed not in sides[item.stance]:
            sides[item.stance][signed] = item
            keys.append(key)
    bulls, bears = len(sides["bullish"]), len(sides["bearish"])
    if not keys:
        why = "no recent signed view for or against"
        return _row(name, kind, weight, f"{NOT_READ}: {why}", None)
    days = [p.published for side in sides.values() for p in side.values() if p.published]
    reading = f"{bulls} recent view{'' if bulls == 1 else 's'} for, {bears} against{_dated(days)}"
    more, fewer = max(bulls, bears), min(bulls, bears)
    clear = more - fewer >= 2 and more >= 2 * fewer
    return _row(name, kind, weight, reading, _way(bulls - bears) if clear else 0, *keys)


def _dated(days: Sequence[date]) -> str:
    """From when to when views were published, in parentheses."""
    if not days:
        return ""
    first, last = min(days), max(days)
    return f" ({first})" if first == last else f" ({first} to {last})"

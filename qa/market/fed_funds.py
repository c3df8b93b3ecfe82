"""The path of the fed funds rate that its futures imply, against the FOMC's current target.

A 30-day fed funds future settles at 100 less the average effective rate of its month (CME, ZQ).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from qa.domain import Figure
from qa.errors import UsageError
from qa.market.measure import count, day
from qa.market.prices import Prices

FRONT = "ZQ=F"  # the nearest contract, of a month that the symbol doesn't say
MONTH_CODES = "FGHJKMNQUVXZ"  # January to December
MONTHS_AHEAD = 12

# Every change of the target range (percent) since the first of these days, by the day that the
# FOMC announced it; from its statements, the last of which kept the range.
DECISIONS = (
    (date(2020, 1, 29), 1.50, 1.75),
    (date(2020, 3, 3), 1.00, 1.25),
    (date(2020, 3, 15), 0.00, 0.25),
    (date(2022, 3, 16), 0.25, 0.50),
    (date(2022, 5, 4), 0.75, 1.00),
    (date(2022, 6, 15), 1.50, 1.75),
    (date(2022, 7, 27), 2.25, 2.50),
    (date(2022, 9, 21), 3.00, 3.25),
    (date(2022, 11, 2), 3.75, 4.00),
    (date(2022, 12, 14), 4.25, 4.50),
    (date(2023, 2, 1), 4.50, 4.75),
    (date(2023, 3, 22), 4.75, 5.00),
    (date(2023, 5, 3), 5.00, 5.25),
    (date(2023, 7, 26), 5.25, 5.50),
    (date(2024, 9, 18), 4.75, 5.00),
    (date(2024, 11, 7), 4.50, 4.75),
    (date(2024, 12, 18), 4.25, 4.50),
    (date(2025, 9, 17), 4.00, 4.25),
    (date(2025, 10, 29), 3.75, 4.00),
    (date(2025, 12, 10), 3.50, 3.75),
)
LAST_STATEMENT = date(2026, 7, 29)


@dataclass(frozen=True)
class Target:
    """A target range in percent, and the day of the decision; None for one that was given."""

    low: float
    high: float
    decided: date | None = None

    @property
    def midpoint(self) -> float:
        """The middle of the range, in percent."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Path:
    """What the futures add to a metric: figures, the words that define them, and notes."""

    figures: dict[str, Figure]
    definition: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def contracts(session: date) -> dict[str, str]:
    """The contracts of the session's month and the twelve after it, each with its month's name.

    The symbols are Yahoo's, ZQF26.CBT for January 2026; a month goes by the name 2026_01. The
    front contract is among them, by the name "front".
    """
    held = {FRONT: "front"}
    for ahead in range(MONTHS_AHEAD + 1):
        years, month = divmod(session.month - 1 + ahead, 12)
        year = session.year + years
        held[f"ZQ{MONTH_CODES[month]}{year % 100:02}.CBT"] = f"{year}_{month + 1:02}"
    return held


def target_on(session: date) -> Target | None:
    """The target range announced on or before a day; None where the table doesn't reach."""
    made = [Target(low, high, decided) for decided, low, high in DECISIONS if decided <= session]
    return made[-1] if made and session <= LAST_STATEMENT else None


def given_target(low: float | None, high: float | None) -> Target | None:
    """The range that the caller gives, if any; raises UsageError for half of one."""
    if low is None and high is None:
        return None
    if low is None or high is None or low > high:
        raise UsageError(
            f"A target range has a low and a high end, not {low} to {high}: give target_low and "
            "target_high together, in percent, or neither."
        )
    return Target(low, high)


def path(futures: Sequence[Prices], session: date, given: Target | None = None) -> Path:
    """The rates that fed funds futures imply on a session, and their distance from the target.

    `fed_funds_2026_03` (percent) is 100 less the close of the contract of March 2026, the average
    effective rate that its price implies for that month; `fed_funds_2026_03_less_target` (basis
    points) is that less `target_midpoint`, the middle of the range from `target_low` to
    `target_high`. `fed_funds_front` is the same of ZQ=F. `fed_funds_path` (basis points) repeats
    the furthest month's, which lies `fed_funds_path_months` ahead. No term premium is taken out,
    and no probability of a meeting is meant. A contract without a price of the session is left
    out, and so is the target on a day that the table of decisions doesn't reach; a note says so.
    """
    names = contracts(session)
    known = {p.symbol: p for p in futures if p.symbol in names}
    fresh = {s: p for s, p in known.items() if not p.frame.empty and p.last == session}
    absent = [symbol for symbol in known if symbol not in fresh]
    notes = [f"Left out, for want of a price of {session}: {', '.join(absent)}."] if absent else []
    implied = {
        # Rounded, or 100 less 96.3675 is a hair under 3.6325.
        name: round(100 - float(fresh[symbol].frame["close"].iloc[-1]), 6)
        for symbol, name in names.items()
        if symbol in fresh
    }
    if not implied:
        return Path({}, notes=(*notes, _none(names, session)))
    figures = {f"fed_funds_{name}": _rate(rate) for name, rate in implied.items()}
    target = given or target_on(session)
    if target is None:
        notes.append(_no_target(session))
    else:
        figures |= _against(implied, target, list(names.values()))
    if "front" in implied:
        notes.append(
            f"{FRONT} is the nearest contract as the source rolls it: its month is not stated."
        )
    return Path(figures, tuple(_definition(implied, target)), tuple(notes))


def _against(implied: dict[str, float], target: Target, months: list[str]) -> dict[str, Figure]:
    """The target, and each implied rate less its midpoint."""
    figures = {
        "target_low": _rate(target.low),
        "target_high": _rate(target.high),
        "target_midpoint": _rate(target.midpoint),
    }
    if target.decided:
        figures["target_date"] = day(target.decided)
    away = {name: round((rate - target.midpoint) * 100, 6) for name, rate in implied.items()}
    figures |= {f"fed_funds_{name}_less_target": _points(far) for name, far in away.items()}
    furthest = max((name for name in away if name != "front"), default=None)
    if furthest is not None:
        figures["fed_funds_path"] = _points(away[furthest])
        figures["fed_funds_path_months"] = count(months.index(furthest) - months.index("front") - 1)
    return figures


def _rate(value: float) -> Figure:
    return Figure(value=value, unit="percent", decimals=3)


def _points(value: float) -> Figure:
    return Figure(value=value, unit="basis_points", decimals=1)


def _none(names: Iterable[str], session: date) -> str:
    dated = [symbol for symbol in names if symbol != FRONT]
    return (
        f"No path of the fed funds rate: the source gave no price of {session} for its futures, "
        f"{FRONT} or {dated[0]} to {dated[-1]}."
    )


def _no_target(session: date) -> str:
    reach = (
        f"after the last decision known here, of {LAST_STATEMENT}"
        if session > LAST_STATEMENT
        else f"before the first decision known here, of {DECISIONS[0][0]}"
    )
    return (
        f"No target range of the fed funds rate: {session} lies {reach}; give target_low and "
        "target_high to measure against."
    )


def _definition(implied: dict[str, float], target: Target | None) -> list[str]:
    parts = [
        "fed_funds figures are 100 less the close of a fed funds future, the average effective "
        "rate that it implies for its month, term premium included, and no odds of a meeting"
    ]
    if target is not None:
        source = f"announced by the FOMC on {target.decided}" if target.decided else "as given"
        parts.append(
            f"less_target is that less the midpoint of the target range {target.low:.2f} to "
            f"{target.high:.2f} percent, {source}"
        )
    months = [name for name in implied if name != "front"]
    if target is not None and months:
        parts.append(f"fed_funds_path is that of {max(months).replace('_', '-')}")
    return parts

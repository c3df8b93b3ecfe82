"""What a rule reads off the tape: its value and its limit on every session where both are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from qa.domain import Figure, Unit
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.instruments import named
from qa.market.measure import change, level, percent
from qa.market.prices import Prices
from qa.market.rsi import rsi
from qa.market.rules import (
    AverageRule,
    CloseRule,
    DrawdownRule,
    LeadRule,
    LevelRule,
    MoveRule,
    RsiRule,
    Rule,
    plain,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Days = NDArray[np.datetime64]

# Nearer than this, in their unit and as a share, a value and its limit differ by rounding only:
# 2.01 less 1.76 is a hair under 25 basis points.
SAME = 1e-9


@dataclass(frozen=True)
class Reading:
    """A rule's value (`now`), limit and whether it is hit, on each of `days`, oldest first.

    The three have the length of `days`, which is never 0; the last day is the session looked at.
    """

    days: Days
    now: Numbers
    limit: Numbers
    hit: NDArray[np.bool_]

    @property
    def triggered(self) -> bool:
        """Whether the rule is hit on the last session."""
        return bool(self.hit[-1])

    @cached_property
    def since(self) -> date:
        """The first session of the present state."""
        import numpy as np

        turns = np.flatnonzero(self.hit[1:] != self.hit[:-1])
        return self._day(turns[-1] + 1 if len(turns) else 0)

    @cached_property
    def last_triggered(self) -> date | None:
        """The last session that was hit after one that wasn't; None if there is none."""
        import numpy as np

        rises = np.flatnonzero(self.hit[1:] & ~self.hit[:-1])
        return self._day(rises[-1] + 1) if len(rises) else None

    @property
    def history_start(self) -> date:
        """The first session on which the rule can be told."""
        return self._day(0)

    def _day(self, row: int) -> date:
        return self.days[row].astype("datetime64[D]").item()  # type: ignore[no-any-return]


def read(rule: Rule, held: Mapping[str, Prices], session: date) -> Reading:
    """Read a bound rule on the sessions that all its instruments have, up to `session`.

    Raises NotAvailable when an instrument isn't held or has no price of `session`, and
    NotEnoughHistory when there are too few sessions.
    """
    import numpy as np

    days, closes = _closes(rule.symbols, held, session)
    with np.errstate(all="ignore"):  # what can't be computed is NaN, and left out below
        pair = "/" in (rule.of or "")
        own = closes[0] / _positive(closes[1]) if pair else closes[0]
        now, limit = _values(rule, own, closes[-1])
    if not len(now):
        raise NotEnoughHistory(
            f"{' and '.join(rule.symbols)} {'share' if len(closes) > 1 else 'has'} {len(days)} "
            f"sessions up to {session}; the rule takes {_needed(rule)}."
        )
    known = np.isfinite(now) & np.isfinite(limit)
    if not known[-1]:
        raise NotAvailable(f"Its value can't be computed from the prices up to {session}.")
    now, limit, days = now[known], limit[known], days[-len(now) :][known]
    same = np.isclose(now, limit, rtol=SAME, atol=SAME)
    over = now > limit
    match rule:
        case MoveRule(way="up"):
            hit = over | same
        case MoveRule():
            hit = ~over | same
        case _:
            hit = (over if rule.side == "above" else ~over) & ~same
    return Reading(days, now, limit, hit)


def _closes(
    symbols: Sequence[str], held: Mapping[str, Prices], session: date
) -> tuple[Days, list[Numbers]]:
    """The closes of instruments on the sessions that all of them have."""
    import numpy as np

    for symbol in symbols:
        if symbol not in held:
            raise NotAvailable(f"There are no prices of {symbol} up to {session}.")
        if held[symbol].last != session:
            raise NotAvailable(
                f"{symbol} has no price of {session}, the last is of {held[symbol].last}."
            )
    columns = [held[symbol].frame["close"].to_numpy(np.float64) for symbol in symbols]
    indices = [held[symbol].frame.index.to_numpy() for symbol in symbols]
    start = max(index[0] for index in indices)
    days = indices[0][indices[0].searchsorted(start) :]
    if all(np.array_equal(days, index[-len(days) :]) for index in indices[1:]):
        return days, [column[-len(days) :] for column in columns]
    for index in indices[1:]:
        days = np.intersect1d(days, index, assume_unique=True)
    return days, [c[i.searchsorted(days)] for c, i in zip(columns, indices, strict=True)]


def _values(rule: Rule, own: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    """The values and limits of a rule on as many of the last sessions as it can be told on."""
    import numpy as np

    match rule:
        case CloseRule(sessions=n):
            limits = _means(own, n)
            return own[n - 1 :], limits
        case AverageRule(sessions=n, against=m):
            first, second = _means(own, n), _means(own, m)
            both = min(len(first), len(second))
            return first[len(first) - both :], second[len(second) - both :]
        case LevelRule():
            now = own
        case LeadRule(sessions=n):
            now = _returns(own, n) - _returns(other, n)
        case MoveRule(unit="percent", sessions=n):
            now = _returns(own, n)
        case MoveRule(sessions=n):
            now = (own[n:] - own[:-n]) * (100 if rule.unit == "basis_points" else 1)
        case DrawdownRule():
            now = (1 - own / _positive(np.maximum.accumulate(own))) * 100
        case RsiRule():
            now = rsi(own)
    return now, np.full(len(now), _threshold(rule))


def _threshold(rule: LevelRule | LeadRule | MoveRule | DrawdownRule | RsiRule) -> float:
    if isinstance(rule, MoveRule):
        return rule.amount if rule.way == "up" else -rule.amount
    return rule.limit


def _means(values: Numbers, n: int) -> Numbers:
    """The mean of every `n` values in a row: the same ones give the same mean, in any history."""
    from numpy.lib.stride_tricks import sliding_window_view

    if len(values) < n:
        return values[:0]
    return sliding_window_view(values, n).mean(axis=1)  # type: ignore[no-any-return]


def _returns(values: Numbers, n: int) -> Numbers:
    """The simple returns over `n` rows, in percent; NaN from a value that is not positive."""
    return (values[n:] / _positive(values[:-n]) - 1) * 100


def _positive(values: Numbers) -> Numbers:
    import numpy as np

    return np.where(values > 0, values, np.nan)


def _needed(rule: Rule) -> int:
    """The sessions of history that a rule takes."""
    match rule:
        case CloseRule(sessions=n):
            return n
        case AverageRule(sessions=n, against=m):
            return max(n, m)
        case LeadRule(sessions=n) | MoveRule(sessions=n):
            return n + 1
        case RsiRule():
            return 15
        case _:
            return 1


def shown(rule: Rule, reading: Reading) -> tuple[Figure, Figure, Figure | None]:
    """The value, the limit and the distance (value less limit) after the last session.

    Levels are in the instrument's own unit. The distance from an average is in percent of it, or
    in basis points for a yield; None where the average is not positive. Otherwise it has the unit
    of the value, points for a price, basis points for a yield and percentage points for percent.
    """
    now, limit = float(reading.now[-1]), float(reading.limit[-1])
    assert rule.of is not None  # a rule that was read is bound
    match rule:
        case CloseRule() | AverageRule():
            apart = _yields_apart(now, limit) if _is_yield(rule.of) else None
            if apart is None and limit > 0:
                apart = percent(change(now, limit))
            return _level(rule.of, now), _level(rule.of, limit), apart
        case LevelRule():
            unit = _level(rule.of, now).unit
            apart = Figure(
                value=now - limit,
                unit="points" if unit == "price" else unit,
                decimals=_level(rule.of, now).decimals,
            )
            if _is_yield(rule.of):
                apart = _yields_apart(now, limit)
            return _level(rule.of, now), _typed(limit, unit), apart
        case LeadRule():
            return _in("percentage_points", now, limit)
        case MoveRule(unit="basis_points"):
            apart = _basis_points(now - limit, now - limit)
            return _basis_points(now, now - limit), _typed(limit, "basis_points"), apart
        case MoveRule(unit=unit):
            return _in(unit, now, limit)
        case DrawdownRule():
            return _in("percent", now, limit)
        case RsiRule():
            return _in("ratio", now, limit, 1)


def _in(unit: Unit, now: float, limit: float, decimals: int = 2) -> tuple[Figure, Figure, Figure]:
    apart: Unit = "percentage_points" if unit == "percent" else unit
    return (
        Figure(value=now, unit=unit, decimals=decimals),
        _typed(limit, unit),
        Figure(value=now - limit, unit=apart, decimals=decimals),
    )


def _is_yield(of: str) -> bool:
    return named(of).kind == "yield"


def _level(of: str, value: float) -> Figure:
    if "/" in of:
        return Figure(value=value, unit="ratio", decimals=4)
    if named(of).kind == "volatility":
        return Figure(value=value, unit="points", decimals=2)
    return level(of, value)


def _typed(value: float, unit: Unit) -> Figure:
    """A limit with the decimals that it was given with; a price has two."""
    given = len(plain(value).partition(".")[2])
    return Figure(value=value, unit=unit, decimals=max(given, 2) if unit == "price" else given)


def _yields_apart(now: float, limit: float) -> Figure:
    return _basis_points((now - limit) * 100, (now - limit) * 100)


def _basis_points(value: float, apart: float) -> Figure:
    """Whole basis points; a tenth where rounding would hide on which side of the limit it is."""
    value = round(value, 6)
    near = abs(apart) < 1 and value != round(value)
    return Figure(value=value, unit="basis_points", decimals=1 if near else 0)

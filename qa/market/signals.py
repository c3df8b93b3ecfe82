"""The rules that would change a verdict, each with its state now and its distance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.domain import Figure, Metric, Table, Unit
from qa.errors import NotEnoughHistory
from qa.market.instruments import named
from qa.market.measure import change, day, level, make_metric, percent, percentage_points, row_on
from qa.market.prices import Prices

LEAD_SESSIONS = 20
MONTH_SESSIONS = 21
VIX_LIMIT = 20.0
YIELD_LIMIT = 25.0


@dataclass(frozen=True)
class Rule:
    """A rule's state: its figures (`NAME` now, `NAME_limit`) and whether it has triggered."""

    name: str
    text: str
    now: Figure
    limit: Figure
    triggered: bool


def signals(
    prices: Prices,
    benchmark: Prices | None = None,
    vix: Prices | None = None,
    ten_year: Prices | None = None,
    *,
    as_of: date,
) -> Metric:
    """The state of four rules after the last session.

    `close` below `close_limit`, its 20-day average, with `close_distance` in percent; `lead`, the
    instrument's return less its benchmark's over 20 sessions in percentage points, below zero;
    `vix` above 20; `ten_year`, the change of the 10-year yield over 21 sessions in basis points,
    25 or more. A rule whose data the source lacks, or has not until the instrument's last
    session, is left out, and a note says so. `triggered`
    counts the rules that have.
    """
    closes = prices.frame["close"]
    if len(closes) < LEAD_SESSIONS + 1:
        raise NotEnoughHistory(
            f"{prices.symbol} has {len(closes)} sessions; the signals need {LEAD_SESSIONS + 1}."
        )
    average, close = float(closes.iloc[-LEAD_SESSIONS:].mean()), float(closes.iloc[-1])
    now, limit = level(prices.symbol, close), level(prices.symbol, average)
    rules = [Rule("close", "Close below the 20-day average", now, limit, close < average)]
    session = prices.last
    notes = list(row_on(prices, as_of)[1])
    for rule, what in (
        (_lead(prices, benchmark), "a benchmark over 20 sessions"),
        (_vix(vix, session), "the VIX"),
        (_ten_year(ten_year, session), "the 10-year yield"),
    ):
        if rule is None:
            notes.append(f"Not watched, for want of data: {what}.")
        else:
            rules.append(rule)
    figures = {"session": day(session)}
    if average > 0:  # a yield's may not be
        figures["close_distance"] = percent(change(close, average))
    for rule in rules:
        figures |= {rule.name: rule.now, f"{rule.name}_limit": rule.limit}
    hit = sum(rule.triggered for rule in rules)
    figures["triggered"] = Figure(value=float(hit), unit="count", decimals=0)
    figures["rules"] = Figure(value=float(len(rules)), unit="count", decimals=0)
    series = [s for s in (prices, benchmark, vix, ten_year) if s is not None]
    return make_metric(
        "signals",
        {"symbol": prices.symbol, "benchmark": benchmark.symbol if benchmark else None},
        series,
        figures=figures,
        definition=(
            f"After the close of {session}: the close against the mean of the last 20 closes; "
            "return less the benchmark's over 20 sessions; the VIX against 20; the 10-year yield "
            "against its close 21 sessions before."
        ),
        window=(session, session, None),
        as_of=as_of,
        notes=notes,
        table=_table(rules),
    )


def _table(rules: list[Rule]) -> Table:
    return Table(
        columns=("name", "rule", "now", "limit", "triggered"),
        rows=tuple(
            (r.name, r.text, r.now.value, r.limit.value, "yes" if r.triggered else "no")
            for r in rules
        ),
    )


def _lead(prices: Prices, benchmark: Prices | None) -> Rule | None:
    if benchmark is None or len(benchmark.frame) < LEAD_SESSIONS + 1:
        return None
    own, other = prices.frame["close"], benchmark.frame["close"]
    if any(own.index[row] != other.index[row] for row in (-1, -1 - LEAD_SESSIONS)):
        return None
    if "yield" in (named(prices.symbol).kind, named(benchmark.symbol).kind):
        return None
    lead = change(own.iloc[-1], own.iloc[-1 - LEAD_SESSIONS]) - change(
        other.iloc[-1], other.iloc[-1 - LEAD_SESSIONS]
    )
    text = f"20-session lead over {named(benchmark.symbol).spoken} below zero"
    return Rule("lead", text, percentage_points(lead), percentage_points(0.0), lead < 0)


def _vix(vix: Prices | None, session: date) -> Rule | None:
    if vix is None or vix.last != session:
        return None
    now = float(vix.frame["close"].iloc[-1])
    limit = _figure(VIX_LIMIT, "points", 0)
    return Rule("vix", "VIX above 20", _figure(now, "points", 2), limit, now > VIX_LIMIT)


def _ten_year(ten_year: Prices | None, session: date) -> Rule | None:
    if ten_year is None or len(ten_year.frame) < MONTH_SESSIONS + 1 or ten_year.last != session:
        return None
    closes = ten_year.frame["close"]
    # Rounded, or 2.01 less 1.76 is a hair under 25 basis points.
    moved = round(float(closes.iloc[-1] - closes.iloc[-1 - MONTH_SESSIONS]) * 100, 6)
    now, limit = _figure(moved, "basis_points", 0), _figure(YIELD_LIMIT, "basis_points", 0)
    text = "10-year yield up 25 basis points in a month"
    return Rule("ten_year", text, now, limit, moved >= YIELD_LIMIT)


def _figure(value: float, unit: Unit, decimals: int) -> Figure:
    return Figure(value=value, unit=unit, decimals=decimals)

"""What the tape alone says of the next 63 sessions, and what such readings were worth before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from qa.domain import Figure, Metric, Table
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market.instruments import named
from qa.market.measure import count, make_metric, moved, percent, percentage_points
from qa.market.price_rows import PRICE_ROWS, QUARTER, Beside, Readings, read_rows, scores
from qa.market.prices import Prices
from qa.market.track_record import (
    BANDS,
    PRIOR,
    SINCE,
    Odds,
    Record,
    Skill,
    band,
    odds_now,
    record,
    skill,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

UP, AHEAD = "up", "ahead"


def outlook(prices: Prices, beside: Beside, *, end: date, as_of: date) -> Metric:
    """The price-based rows of the scorecard on the last session up to `end`, and their odds.

    `way_...`: each row's direction, +1, 0 or -1 (`price_rows` says when); what it was read from:
    `distance_20`, `distance_50`, `distance_200` (percent above the average), `lead_63` (percentage
    points ahead of the benchmark over 63 sessions), `volatility_ratio` (21-session deviation over
    the benchmark's), `sectors_up` of `sectors` up over 63 sessions, `ten_year_change` (basis points
    over 63 sessions), `credit_distance` (percent, high yield over investment grade against its
    50-day average). `score` is the weighted mean of the rows read, and
    `horizon` how many sessions the odds look ahead; `coverage` (percent) is that of intervals.

    `chance_up` (percent) is the chance of a higher close 63 sessions on, `base_up` the share of all
    earlier month ends with one, `like` of `months` month ends had the label of now;
    `chance_ahead`, `base_ahead`: of a higher return than the benchmark's. How they are made stands
    in `track_record`. `scored` month ends since 1995 could be held against what followed:
    `brier_up`, `brier_base_up`, `skill_up` (percent) with its 95 % interval `skill_low_up` to
    `skill_high_up`, and `edge_up`, 1 where that lies above none; the same with `_ahead`.

    Raises NotAvailable for a yield or a volatility index, NotEnoughHistory where not half of the
    rows can be read.
    """
    if named(prices.symbol).kind in ("yield", "volatility"):
        raise NotAvailable(f"{prices.symbol} is no price: an outlook takes an index or a fund.")
    own, beside = prices.until(end), _until(beside, end)
    readings = read_rows(own, beside)
    score = scores(readings.directions)
    last = float(score.iloc[-1]) if len(score) else float("nan")
    if last != last:
        raise NotEnoughHistory(
            f"{prices.symbol} has {len(score)} sessions up to {end}: too few rows can be read."
        )
    figures = {
        **_read(readings),
        "score": Figure(value=last, unit="ratio", decimals=2),
        "horizon": count(QUARTER, "sessions"),
        "coverage": Figure(value=95.0, unit="percent", decimals=0),
    }
    kept = _records(own, beside, score)
    notes = []
    for name, found in kept.items():
        figures |= _odds(name, odds_now(found, score))
        made = skill(found)
        if made is None:
            notes.append(f"No record of the odds of being {name}: too few month ends since 1995.")
            continue
        figures |= _skill(name, made)
        notes.append(_worth(name, made, beside))
    return make_metric(
        "outlook",
        {"symbol": prices.symbol, "benchmark": _symbol(beside.benchmark), "end": end},
        [prices, *beside.series],
        figures=figures,
        definition=_definition(own, beside, last),
        window=(own.first, own.last, None),
        as_of=as_of,
        notes=[*moved(end, own.last, "the last session is that of"), *notes],
        table=_table(kept),
    )


def _until(beside: Beside, end: date) -> Beside:
    def cut(prices: Prices | None) -> Prices | None:
        if prices is None or prices.first > end:
            return None
        return prices.until(end)

    return Beside(
        cut(beside.benchmark),
        tuple(p for s in beside.sectors if (p := cut(s)) is not None),
        cut(beside.ten_year),
        cut(beside.high_yield),
        cut(beside.investment_grade),
    )


def _symbol(prices: Prices | None) -> str | None:
    return prices.symbol if prices else None


def _read(readings: Readings) -> dict[str, Figure]:
    """The directions of the last session, and what they were read from."""
    ways = readings.directions.iloc[-1]
    figures = {
        f"way_{row.name.replace(' ', '_')}": Figure(value=float(way), unit="ratio", decimals=0)
        for row in PRICE_ROWS
        if (way := ways[row.name]) == way
    }
    for name, value in readings.values.iloc[-1].items():
        if value == value:
            figures[str(name)] = _figure(str(name), float(value))
    return figures


def _figure(name: str, value: float) -> Figure:
    match name:
        case "lead_63":
            return percentage_points(value)
        case "volatility_ratio":
            return Figure(value=value, unit="ratio", decimals=2)
        case "sectors" | "sectors_up":
            return count(int(value))
        case "ten_year_change":
            return Figure(value=value, unit="basis_points", decimals=1)
        case _:
            return percent(value)


def _records(own: Prices, beside: Beside, score: pd.Series) -> dict[str, Record]:
    """The odds at every month end: of being up, and ahead of the benchmark if there is one."""
    closes = own.frame["close"].astype("float64")
    followed = closes.shift(-QUARTER) / closes - 1
    kept = {UP: record(score, followed.to_numpy())}
    if beside.benchmark is not None:
        other = beside.benchmark.frame["close"].astype("float64").reindex(closes.index)
        lead = followed - (other.shift(-QUARTER) / other - 1)
        kept[AHEAD] = record(score, lead.to_numpy())
    return kept


def _odds(name: str, now: Odds | None) -> dict[str, Figure]:
    if now is None:
        return {}
    return {
        f"chance_{name}": Figure(value=now.chance, unit="percent", decimals=0),
        f"base_{name}": Figure(value=now.base, unit="percent", decimals=0),
        "like": count(now.like),
        "months": count(now.months),
    }


def _skill(name: str, made: Skill) -> dict[str, Figure]:
    return {
        "scored": count(made.n),
        f"brier_{name}": Figure(value=made.brier, unit="ratio", decimals=3),
        f"brier_base_{name}": Figure(value=made.brier_base, unit="ratio", decimals=3),
        f"skill_{name}": Figure(value=made.value, unit="percent", decimals=1),
        f"skill_low_{name}": Figure(value=made.low, unit="percent", decimals=1),
        f"skill_high_{name}": Figure(value=made.high, unit="percent", decimals=1),
        f"edge_{name}": count(int(made.measurable)),
    }


def _worth(name: str, made: Skill, beside: Beside) -> str:
    of = f"ahead of {_symbol(beside.benchmark)}" if name == AHEAD else "up"
    told = (
        f"a Brier skill of {made.value:+.1f}%, 95% interval {made.low:+.1f}% to {made.high:+.1f}%, "
        f"over {made.n} month ends since {SINCE.year}"
    )
    if made.measurable:
        return f"The odds of being {of} did better than the base rate: {told}."
    return f"This scorecard has had no measurable edge over the base rate of being {of}: {told}."


def _definition(own: Prices, beside: Beside, last: float) -> str:
    against = f", against {beside.benchmark.symbol}" if beside.benchmark else ""
    return (
        f"The price-based rows of the scorecard for {own.symbol} at the close of {own.last}"
        f"{against}, and their weighted mean, which reads {band(last)}. The chance of a higher "
        f"close {QUARTER} sessions on is the share of earlier month ends that read the same and "
        f"were followed by one, drawn towards the share of all earlier month ends by {PRIOR} of "
        "them; nothing is fitted, and each month end knows only what was over by then."
    )


def _table(kept: dict[str, Record]) -> Table:
    """Every month end since 1995 that could be scored: label, odds, base rate, what happened."""
    columns: tuple[str, ...] = ("month_end", "label")
    found = kept[UP]
    cells: list[list[str | float | None]] = [[BANDS[label] for label in found.labels]]
    for name, one in kept.items():
        columns += (f"chance_{name}", f"base_{name}", name)
        cells += [_cells(values) for values in (one.chances, one.bases, one.outcomes)]
    days = [day.date() for day in found.days]
    since = [n for n, day in enumerate(days) if day >= SINCE]
    rows = tuple((days[n], *(column[n] for column in cells)) for n in since)
    return Table(columns=columns, rows=rows)


def _cells(values: Numbers) -> list[str | float | None]:
    return [None if v != v else round(v, 4) for v in values.tolist()]

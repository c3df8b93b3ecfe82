"""The eleven S&P sectors by their SPDR funds: who leads, how far apart, which kind is ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import fmean, median, pstdev

from qa.domain import Figure, Metric, Table
from qa.errors import NotEnoughHistory
from qa.market.breadth import shares
from qa.market.instruments import SECTOR_NAMES, SECTORS
from qa.market.measure import (
    Period,
    change,
    count,
    day,
    hole_before,
    make_metric,
    percent,
    percentage_points,
    period,
    splits_inside,
)
from qa.market.prices import Prices

CYCLICAL = ("XLY", "XLF", "XLI", "XLB", "XLK", "XLE")
DEFENSIVE = ("XLP", "XLU", "XLV")
AVERAGE = 50  # sessions
DIVIDEND_NOTE = (
    "Some of these closes are as traded, others may be adjusted for dividends: across an "
    "ex-dividend date the period moves are not strictly comparable, so read close ranks as ties."
)


def sectors(
    funds: Sequence[Prices],
    benchmark: Prices | None = None,
    *,
    start: date,
    end: date,
    as_of: date,
) -> Metric:
    """How the sector funds moved on the last session and from the close before `start` to `end`.

    Figures, each with the fund's symbol before it: `XLF_day` and `XLF_period` in percent. Of the
    day and of the period: `best_*` and `worst_*` (percent); `dispersion_*`, best less worst, and
    `deviation_*`, the standard deviation across the funds (ddof 0), in percentage points;
    `median_*`; `up_*`, the number of funds that rose. `sectors`, how many of the eleven the source
    holds for the whole window. With a `benchmark`: `period_benchmark` (percent) and `ahead`, the
    number of funds that beat it over the period. `cyclical_period` and `defensive_period`, the
    plain means of CYCLICAL and of DEFENSIVE (percent), and `cyclical_less_defensive` (percentage
    points); `above_50`, the percent of the `members_50` that stand above their 50-day average.
    A fund is left out, and a note says so, when its closes are not of the same sessions as those
    of most. Raises NotEnoughHistory for fewer than three.
    """
    spans, late, odd = _comparable(funds, start, end)
    if len(spans) < 3:
        raise NotEnoughHistory(
            f"Only {len(spans)} of the eleven sector funds have prices from {start} to {end}."
        )
    days: dict[str, float] = {}
    periods: dict[str, float] = {}
    for fund, span in spans:
        days[fund.symbol], periods[fund.symbol] = _moves(fund, span)
    fund, span = spans[0]
    figures = _figures(days, periods, span.end)
    notes = _notes(funds, late, odd)
    for held, its in spans:
        notes += splits_inside(held, min(its.first - 1, its.last - AVERAGE), its.last)
    for found, remarks in (
        _ahead(benchmark, periods, _days(fund, span)),
        _kinds(periods),
        shares([held.until(span.end) for held, _ in spans], (AVERAGE,)),
    ):
        figures |= found
        notes += remarks
    return make_metric(
        "sectors",
        {"start": start, "end": end, "benchmark": benchmark.symbol if benchmark else None},
        [*funds, *([benchmark] if benchmark else [])],
        figures=figures,
        definition=_definition(days, periods, span.end, start, figures),
        window=(start, span.end, "prior_close"),
        as_of=as_of,
        notes=[
            *span.notes,
            *dict.fromkeys([*hole_before(fund, span.first), *hole_before(fund, span.last)]),
            *notes,
        ],
        table=_table(days, periods),
    )


def _moves(prices: Prices, span: Period) -> tuple[float, float]:
    """The moves of the last session and of the period, in percent."""
    last, before, base = (
        float(prices.frame["close"].iloc[row]) for row in (span.last, span.last - 1, span.first - 1)
    )
    return change(last, before), change(last, base)


def _days(prices: Prices, span: Period) -> tuple[date, ...]:
    """The days of the closes that the moves are measured with."""
    rows = (span.last, span.last - 1, span.first, span.first - 1)
    return tuple(prices.frame.index[row].date() for row in rows)


def _comparable(
    funds: Sequence[Prices], start: date, end: date
) -> tuple[list[tuple[Prices, Period]], list[str], list[str]]:
    """The funds whose four closes are of the same days, those too short, and those of other days.

    The days are those of most funds, of the later ones in a tie.
    """
    held: list[tuple[Prices, Period, tuple[date, ...]]] = []
    late = []
    for fund in funds:
        try:
            span = period(fund, start, end)
        except NotEnoughHistory:
            late.append(fund.symbol)
            continue
        if span.first == 0:
            late.append(fund.symbol)
            continue
        held.append((fund, span, _days(fund, span)))
    votes = Counter(days for _, _, days in held)
    most = max(votes, key=lambda days: (votes[days], days), default=())
    same = [(fund, span) for fund, span, days in held if days == most]
    return same, late, [fund.symbol for fund, _, days in held if days != most]


def _figures(days: dict[str, float], periods: dict[str, float], session: date) -> dict[str, Figure]:
    figures: dict[str, Figure] = {"session": day(session), "sectors": count(len(periods))}
    for symbol in sorted(periods):
        figures[f"{symbol}_day"] = percent(days[symbol])
        figures[f"{symbol}_period"] = percent(periods[symbol])
    for name, moves in (("day", days), ("period", periods)):
        ranked = sorted(moves.values())
        figures[f"best_{name}"] = percent(ranked[-1])
        figures[f"worst_{name}"] = percent(ranked[0])
        figures[f"dispersion_{name}"] = percentage_points(ranked[-1] - ranked[0])
        figures[f"deviation_{name}"] = percentage_points(pstdev(ranked))
        figures[f"median_{name}"] = percent(median(ranked))
        figures[f"up_{name}"] = count(sum(m > 0 for m in ranked))
    return figures


def _ahead(
    benchmark: Prices | None, periods: Mapping[str, float], days: tuple[date, ...]
) -> tuple[dict[str, Figure], list[str]]:
    """The benchmark between the same closes as the funds, and how many of them beat it."""
    if benchmark is None:
        return {}, []
    last, before, first, base = days
    frame = benchmark.frame
    rows = [int(frame.index.searchsorted(str(day))) for day in days]
    held = [row < len(frame) and frame.index[row].date() for row in rows]
    if held != list(days):
        return {}, [
            f"No comparison with {benchmark.symbol}: it lacks a close of {base}, {first}, {before} "
            f"or {last}."
        ]
    theirs = change(float(frame["close"].iloc[rows[0]]), float(frame["close"].iloc[rows[3]]))
    return {
        "period_benchmark": percent(theirs),
        "ahead": count(sum(move > theirs for move in periods.values())),
    }, []


def _kinds(periods: Mapping[str, float]) -> tuple[dict[str, Figure], list[str]]:
    """Cyclical against defensive funds; neither where one of the nine is missing."""
    absent = [symbol for symbol in (*CYCLICAL, *DEFENSIVE) if symbol not in periods]
    if absent:
        return {}, [f"No cyclical less defensive: {', '.join(absent)} can't be measured."]
    cyclical = fmean(periods[symbol] for symbol in CYCLICAL)
    defensive = fmean(periods[symbol] for symbol in DEFENSIVE)
    return {
        "cyclical_period": percent(cyclical),
        "defensive_period": percent(defensive),
        "cyclical_less_defensive": percentage_points(cyclical - defensive),
    }, []


def _notes(funds: Sequence[Prices], late: list[str], odd: list[str]) -> list[str]:
    held = {fund.symbol for fund in funds}
    missing = [s for s in SECTORS if s not in held] + late
    notes = [f"Not in the source for this window: {', '.join(missing)}."] if missing else []
    if odd:
        notes.append(f"Left out, for want of a price that the others have: {', '.join(odd)}.")
    if any(fund.adjustment == "unknown" for fund in funds):
        notes.append(DIVIDEND_NOTE)
    return notes


def _definition(
    days: Mapping[str, float],
    periods: Mapping[str, float],
    session: date,
    start: date,
    figures: Mapping[str, Figure],
) -> str:
    best, *_, worst = _ranked(periods)
    best_day, *_, worst_day = _ranked(days)
    parts = [
        f"Sector SPDR funds: close of {session} over the session before (day) and over the last "
        f"close before {start} (period), price only",
        f"best and worst of the period are {best} and {worst}, of the day {best_day} and "
        f"{worst_day}",
        "dispersion is best less worst, deviation the standard deviation across the funds "
        "(population)",
    ]
    if "ahead" in figures:
        parts.append("ahead counts those with a higher period move than the benchmark")
    if "cyclical_period" in figures:
        parts.append(
            f"cyclical is the plain mean of {', '.join(CYCLICAL)}, defensive that of "
            f"{', '.join(DEFENSIVE)}"
        )
    if "above_50" in figures:
        parts.append("above_50 is the share above the mean of the last 50 closes")
    return "; ".join(parts) + "."


def _ranked(moves: Mapping[str, float]) -> list[str]:
    """The symbols, the best first, ties by the alphabet."""
    return sorted(moves, key=lambda symbol: (-moves[symbol], symbol))


def _table(days: dict[str, float], periods: dict[str, float]) -> Table:
    """One row a fund, the best of the period first."""
    return Table(
        columns=("symbol", "sector", "day", "period"),
        rows=tuple(
            (s, SECTOR_NAMES[s], round(days[s], 4), round(periods[s], 4)) for s in _ranked(periods)
        ),
    )

"""The eleven S&P sectors by their SPDR funds: the day, the period, who leads, how far apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from qa.domain import Figure, Metric, Table
from qa.errors import NotEnoughHistory
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
)
from qa.market.prices import Prices

DIVIDEND_NOTE = (
    "Some of these closes are as traded, others may be adjusted for dividends: across an "
    "ex-dividend date the period moves are not strictly comparable, so read close ranks as ties."
)


def sectors(
    funds: Sequence[Prices], *, start: date, end: date, as_of: date, basis: str = "prior_close"
) -> Metric:
    """How the sector funds moved on the last session and from the close before `start` to `end`.

    Figures, each with the fund's symbol before it: `XLF_day` and `XLF_period` in percent; then
    `dispersion_day` and `dispersion_period`, best less worst in percentage points; `median_day`,
    `median_period`; `up_day`, `up_period`, the number of funds that rose; `sectors`, how many of
    the eleven the source holds for the whole window. A fund is left out, and a note says so, when
    its closes are not of the same sessions as those of most. Raises NotEnoughHistory for fewer
    than three.
    """
    spans, late, odd = _comparable(funds, start, end)
    if len(spans) < 3:
        raise NotEnoughHistory(
            f"Only {len(spans)} of the eleven sector funds have prices from {start} to {end}."
        )
    days: dict[str, float] = {}
    periods: dict[str, float] = {}
    for fund, span in spans:
        closes = fund.frame["close"]
        days[fund.symbol] = change(closes.iloc[span.last], closes.iloc[span.last - 1])
        periods[fund.symbol] = change(closes.iloc[span.last], closes.iloc[span.first - 1])
    fund, span = spans[0]
    session = span.end
    return make_metric(
        "sectors",
        {"start": start, "end": end},
        funds,
        figures=_figures(days, periods, session),
        definition=(
            f"Sector SPDR funds: close of {session} over the session before (day) and over the "
            f"last close before {start} (period), price only."
        ),
        window=(start, session, "prior_close"),
        as_of=as_of,
        notes=[
            *span.notes,
            *dict.fromkeys([*hole_before(fund, span.first), *hole_before(fund, span.last)]),
            *_notes(funds, late, odd),
        ],
        table=_table(days, periods),
    )


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
        rows = (span.last, span.last - 1, span.first, span.first - 1)
        held.append((fund, span, tuple(fund.frame.index[row].date() for row in rows)))
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
        middle = len(ranked) // 2
        median = ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2
        figures[f"dispersion_{name}"] = percentage_points(ranked[-1] - ranked[0])
        figures[f"median_{name}"] = percent(median)
        figures[f"up_{name}"] = count(sum(m > 0 for m in ranked))
    return figures


def _notes(funds: Sequence[Prices], late: list[str], odd: list[str]) -> list[str]:
    held = {fund.symbol for fund in funds}
    missing = [s for s in SECTORS if s not in held] + late
    notes = [f"Not in the source for this window: {', '.join(missing)}."] if missing else []
    if odd:
        notes.append(f"Left out, for want of a price that the others have: {', '.join(odd)}.")
    if any(fund.adjustment == "unknown" for fund in funds):
        notes.append(DIVIDEND_NOTE)
    return notes


def _table(days: dict[str, float], periods: dict[str, float]) -> Table:
    """One row a fund, the best of the period first."""
    ranked = sorted(periods, key=lambda s: (-periods[s], s))
    return Table(
        columns=("symbol", "sector", "day", "period"),
        rows=tuple((s, SECTOR_NAMES[s], round(days[s], 4), round(periods[s], 4)) for s in ranked),
    )

"""The appetite for credit, by a proxy: high-yield bond funds over investment-grade ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from qa.domain import Figure, Metric, Table
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market import sessions
from qa.market.instruments import named
from qa.market.measure import (
    Period,
    change,
    count,
    day,
    hole_before,
    holes_inside,
    make_metric,
    percent,
    percentage_points,
    period,
)
from qa.market.prices import Prices

if TYPE_CHECKING:
    import pandas as pd

AVERAGE = 50


def credit(
    high_yield: Prices,
    investment_grade: Prices,
    treasuries: Prices | None = None,
    *,
    start: date,
    end: date,
    as_of: date,
) -> Metric:
    """High-yield bonds against investment-grade ones by two funds: a proxy, and no spread.

    On the sessions that both have: `ratio`, close over close on the last one up to `end`;
    `ratio_change` (percent) from the close before `start`; `ratio_average_50`, the mean of the last
    50, and `ratio_distance_50`, the ratio over it (percent); `ratio_percentile_1y`, the percent of
    the `sessions_1y` sessions of the year before with a lower ratio; `high_yield_return`,
    `investment_grade_return` (percent) and `relative_return` (percentage points). With a fund of
    Treasuries, `treasuries_return` and `over_treasuries` (percentage points). What the history is
    too short for is left out, with a note that begins with "No ". Raises NotAvailable for what is
    no fund, NotEnoughHistory or BadDate for a window outside the common history.
    """
    given = [p for p in (high_yield, investment_grade, treasuries) if p is not None]
    _refuse_others(given)
    cut = [p.until(end) for p in given]
    closes = _shared(cut[0], cut[1], end)
    # The two funds as one series, whose close is their ratio, so that the window is laid on both.
    pair = replace(cut[0], symbol=f"{cut[0].symbol}/{cut[1].symbol}", frame=closes)
    span = _laid(pair, start, end)
    average, short = _average(pair)
    rank, shorter = _rank(pair)
    versus, untold = _treasuries(closes, cut[2] if treasuries else None, span)
    figures = {"session": day(span.end), **_window(closes, span), **average, **rank, **versus}
    notes = [*span.notes, *hole_before(pair, span.first), *holes_inside(pair, span)]
    return make_metric(
        "credit",
        {
            "high_yield": high_yield.symbol,
            "investment_grade": investment_grade.symbol,
            "treasuries": treasuries.symbol if treasuries else None,
            "start": start,
            "end": end,
        },
        cut,
        figures=figures,
        definition=_definition(cut, closes, span, figures),
        window=(span.start, span.end, "prior_close"),
        as_of=as_of,
        notes=[*notes, *short, *shorter, *untold, *_caveats(cut)],
        table=_chart(closes),
    )


def _refuse_others(given: Sequence[Prices]) -> None:
    for prices in given:
        if named(prices.symbol).kind != "fund":
            raise NotAvailable(
                f"{prices.symbol} is no bond fund: credit compares funds such as HYG and LQD."
            )
    if len({prices.symbol for prices in given}) < len(given):
        raise NotAvailable("Credit compares different funds: give each symbol once.")


def _shared(one: Prices, two: Prices, end: date) -> pd.DataFrame:
    """The closes of both, on the sessions that both have, and their ratio as `close`."""
    import pandas as pd

    both = {"high_yield": one.frame["close"], "investment_grade": two.frame["close"]}
    closes = pd.concat(both, axis=1, join="inner")
    if closes.empty:
        raise NotEnoughHistory(
            f"{one.symbol} and {two.symbol} share no session up to {end}: ask for a later end."
        )
    closes["close"] = closes["high_yield"] / closes["investment_grade"]
    return closes


def _laid(pair: Prices, start: date, end: date) -> Period:
    """The window on the sessions of both, which has to have a close before it."""
    span = period(pair, start, end)
    if span.first == 0:
        raise NotEnoughHistory(
            f"{pair.symbol} has no session before {span.start}, so no prior close; begin later."
        )
    return span


def _window(closes: pd.DataFrame, span: Period) -> dict[str, Figure]:
    """The ratio and the returns over the window, from the close before it."""
    before, last = closes.iloc[span.first - 1], closes.iloc[span.last]
    high = change(last["high_yield"], before["high_yield"])
    grade = change(last["investment_grade"], before["investment_grade"])
    return {
        "ratio": _ratio(last["close"]),
        "ratio_change": percent(change(last["close"], before["close"])),
        "high_yield_return": percent(high),
        "investment_grade_return": percent(grade),
        "relative_return": percentage_points(high - grade),
    }


def _ratio(value: float) -> Figure:
    return Figure(value=float(value), unit="ratio", decimals=4)


def _average(pair: Prices) -> tuple[dict[str, Figure], list[str]]:
    ratio = pair.frame["close"]
    if len(ratio) < AVERAGE:
        return {}, [
            f"No {AVERAGE}-day average: {pair.symbol} has {len(ratio)} sessions of history."
        ]
    mean = float(ratio.iloc[-AVERAGE:].mean())
    return {
        f"ratio_average_{AVERAGE}": _ratio(mean),
        f"ratio_distance_{AVERAGE}": percent(change(float(ratio.iloc[-1]), mean)),
    }, []


def _rank(pair: Prices) -> tuple[dict[str, Figure], list[str]]:
    """Where the last ratio stands among those of the year before it."""
    import pandas as pd

    ratio = pair.frame["close"]
    since = ratio.index[-1] - pd.DateOffset(years=1)
    if pair.first > sessions.next_session(since.date()):
        return {}, [f"No rank in a year: {pair.symbol} has prices from {pair.first} only."]
    year = ratio.loc[since:].iloc[:-1]
    if year.empty:
        return {}, [f"No rank in a year: {pair.symbol} has no price in it but the last."]
    lower = int((year < ratio.iloc[-1]).sum())
    return {
        "ratio_percentile_1y": percent(lower / len(year) * 100),
        "sessions_1y": count(len(year), "sessions"),
    }, []


def _treasuries(
    closes: pd.DataFrame, treasuries: Prices | None, span: Period
) -> tuple[dict[str, Figure], list[str]]:
    """High yield less Treasuries, between the same two closes."""
    if treasuries is None:
        return {}, []
    ends = [closes.index[row] for row in (span.first - 1, span.last)]
    missing = [str(d.date()) for d in ends if d not in treasuries.frame.index]
    if missing:
        return {}, [
            f"No over_treasuries: {treasuries.symbol} has no price of {' or '.join(missing)}."
        ]
    before, last = (float(treasuries.frame["close"].loc[d]) for d in ends)
    high = change(closes["high_yield"].loc[ends[1]], closes["high_yield"].loc[ends[0]])
    theirs = change(last, before)
    return {
        "treasuries_return": percent(theirs),
        "over_treasuries": percentage_points(high - theirs),
    }, []


def _definition(
    funds: Sequence[Prices], closes: pd.DataFrame, span: Period, figures: dict[str, Figure]
) -> str:
    high, grade = funds[0].symbol, funds[1].symbol
    before = closes.index[span.first - 1].date()
    parts = [
        f"Proxy for credit appetite: close of {high} over close of {grade} on {span.end}, on "
        f"sessions that both have; change and returns from the close of {before}, the last before "
        f"{span.start}"
    ]
    if f"ratio_average_{AVERAGE}" in figures:
        parts.append(f"average of the last {AVERAGE} ratios, this one included")
    if "ratio_percentile_1y" in figures:
        parts.append(
            f"percentile: share of the {figures['sessions_1y'].value:.0f} sessions before, from "
            "the same day a year before on, with a lower ratio"
        )
    if "over_treasuries" in figures:
        parts.append(f"over_treasuries: return of {high} less that of {funds[2].symbol}")
    return "; ".join(parts) + "."


def _caveats(funds: Sequence[Prices]) -> list[str]:
    """What the proxy is not, and what the closes hold."""
    high, grade = funds[0].symbol, funds[1].symbol
    notes = [
        f"{high} over {grade} is a proxy for credit appetite and no credit spread: the funds "
        "differ in maturity too, so Treasury yields move it as well."
    ]
    unknown = [p.symbol for p in funds if p.adjustment == "unknown"]
    traded = [p.symbol for p in funds if p.adjustment != "unknown"]
    if traded:
        notes.append(f"Price only, distributions left out: {', '.join(traded)}.")
    if unknown:
        notes.append(
            f"Whether the closes are adjusted for distributions is not stated: "
            f"{', '.join(unknown)}."
        )
    if traded and unknown:
        notes.append("Closes of two kinds may not be comparable across a distribution.")
    return notes


def _chart(closes: pd.DataFrame) -> Table:
    """The last 252 ratios with their average."""
    import pandas as pd

    shown = closes["close"].iloc[-252:]
    mean = closes["close"].rolling(AVERAGE).mean().iloc[-252:]
    columns = [[None if v != v else round(float(v), 6) for v in s] for s in (shown, mean)]
    days = [d.date() for d in pd.DatetimeIndex(shown.index)]
    return Table(
        columns=("date", "ratio", f"average_{AVERAGE}"),
        rows=tuple(zip(days, *columns, strict=True)),
    )

"""Performance over a window: return, points, volatility and drawdown, beside a benchmark."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from qa.domain import Basis, Figure, Metric, Table
from qa.errors import NotAvailable, NotEnoughHistory
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
    points,
    price,
    small_table,
    splits_inside,
)
from qa.market.prices import Prices
from qa.market.runs import longest_runs

if TYPE_CHECKING:
    import pandas as pd

# Index data from before 2006 open within a cent or two of the close before: no prices.
REPEATED = 2e-4
DAYS_OF_A_YEAR = 365.25
BASES: tuple[Basis, ...] = ("prior_close", "close", "open")


def performance(
    prices: Prices,
    benchmark: Prices | None = None,
    *,
    start: date,
    end: date,
    as_of: date,
    basis: Basis = "prior_close",
) -> Metric:
    """What an instrument did from `start` to `end`, in percent and points, price only.

    `basis` is what the start is measured from: the close of the session before it (prior_close),
    its close, or its open. The figures `return` and `points` are on this basis; `return_from_*`
    and `points_from_*` give each basis that the data allow. Volatility is the standard deviation
    of the daily close-to-close returns between the first and the last close of the window, in
    percent a day: `volatility` is the sample's (ddof 1), `volatility_population` divides by n
    (ddof 0). `max_drawdown` is the deepest fall of a close below the highest close before it
    within the window. `best_day` and `worst_day`, each with its `_date`, are the largest and the
    smallest daily close-to-close return, that of the first session included. `longest_rising` and
    `longest_falling` are the most sessions in a row that closed higher, and lower, from `_start` to
    `_end`. `annual_return`, over more than a year, is the yearly rate that compounds to `return`,
    years being of 365.25 days. `total_return`, where the source has adjusted closes and the basis
    is a close, is the return between those: distributions reinvested. Raises NotAvailable for a
    yield, or a basis the data don't have, and NotEnoughHistory or BadDate for a window outside the
    data.
    """
    _refuse_yields(prices, benchmark)
    span = period(prices, start, end)
    bases = _base_levels(prices.frame, span)
    if basis not in bases:
        raise _no_basis(prices, span, basis)
    figures = _own(prices.frame, span, basis, bases)
    notes = [*span.notes, *hole_before(prices, span.first), *holes_inside(prices, span)]
    notes += splits_inside(prices, span.first - 1, span.last)
    if benchmark is not None:
        figures |= _against(figures, benchmark, span, basis)
        notes += _gaps(benchmark, span)
    if "open" not in bases:
        notes.append("No return from the open: the opens are missing or repeat the close before.")
    return make_metric(
        "performance",
        {
            "symbol": prices.symbol,
            "start": start,
            "end": end,
            "basis": basis,
            "benchmark": benchmark.symbol if benchmark else None,
        },
        [prices, *([benchmark] if benchmark else [])],
        figures=figures,
        definition=_definition(prices, span, basis, total="total_return" in figures),
        window=(span.start, span.end, basis),
        as_of=as_of,
        notes=notes,
        table=_rebased([prices, *([benchmark] if benchmark else [])], span),
    )


def _own(
    frame: pd.DataFrame, span: Period, basis: Basis, bases: dict[Basis, float]
) -> dict[str, Figure]:
    """The figures of the instrument by itself."""
    last = float(frame["close"].iloc[span.last])
    figures: dict[str, Figure] = {
        "return": percent(change(last, bases[basis])),
        "points": points(last - bases[basis]),
        "start_level": price(bases[basis]),
        "end_level": price(last),
        "start_date": day(_base_day(frame, span, basis)),
        "end_date": day(span.end),
        "sessions": count(span.last - span.first + 1, "sessions"),
    }
    for name, base in bases.items():
        figures[f"return_from_{name}"] = percent(change(last, base))
        figures[f"points_from_{name}"] = points(last - base)
    figures |= _risk(frame["close"].iloc[span.first : span.last + 1])
    held = frame["close"].iloc[max(0, span.first - 1) : span.last + 1]
    figures |= _extremes(held) | longest_runs(held)
    return figures | _total(frame, span, basis) | _annual(figures)


def price_return(prices: Prices, span: Period, basis: Basis) -> float:
    """The return of a series over a window in percent; raises when it lacks the basis."""
    bases = _base_levels(prices.frame, span)
    if basis not in bases:
        raise _no_basis(prices, span, basis)
    return change(float(prices.frame["close"].iloc[span.last]), bases[basis])


def _refuse_yields(*series: Prices | None) -> None:
    for prices in series:
        if prices is not None and named(prices.symbol).kind == "yield":
            raise NotAvailable(
                f"{prices.symbol} is a yield: it has a level and a change in basis points, "
                "no return."
            )


def _base_levels(frame: pd.DataFrame, span: Period) -> dict[Basis, float]:
    """The level that each basis measures from, where the data have it."""
    levels: dict[Basis, float] = {"close": float(frame["close"].iloc[span.first])}
    if span.first > 0:
        levels["prior_close"] = float(frame["close"].iloc[span.first - 1])
    if "open" in frame and _opens_are_real(frame, span):
        levels["open"] = float(frame["open"].iloc[span.first])
    return levels


def _base_day(frame: pd.DataFrame, span: Period, basis: Basis) -> date:
    """The session whose price the return is measured from."""
    row = span.first - 1 if basis == "prior_close" else span.first
    return frame.index[row].date()  # type: ignore[no-any-return]


def _opens_are_real(frame: pd.DataFrame, span: Period) -> bool:
    """Whether the opens are prices of their own: older index data repeat the close before."""
    near = frame.iloc[max(0, span.first - 20) : span.first + 20]
    repeats = ((near["open"] / near["close"].shift() - 1).abs() < REPEATED).mean()
    return bool(frame["open"].iloc[span.first] > 0) and repeats < 0.5


def _no_basis(prices: Prices, span: Period, basis: Basis) -> Exception:
    if basis == "prior_close":
        return NotEnoughHistory(
            f"{prices.symbol} has no session before {span.start}, so no prior close; "
            "ask for the basis close."
        )
    return NotAvailable(
        f"The opens of {prices.symbol} around {span.start} are missing or repeat the close "
        "before, so a return from the open means nothing there; ask for prior_close or close."
    )


def _risk(closes: pd.Series[float]) -> dict[str, Figure]:
    """Volatility and drawdown of the closes of a window; nothing for fewer than three."""
    if len(closes) < 3:
        return {}
    returns = closes.pct_change().iloc[1:] * 100
    drawdown = (closes / closes.cummax() - 1) * 100
    return {
        "volatility": percent(float(returns.std(ddof=1))),
        "volatility_population": percent(float(returns.std(ddof=0))),
        "max_drawdown": percent(float(drawdown.min())),
    }


def _extremes(closes: pd.Series[float]) -> dict[str, Figure]:
    """The best and the worst day of closes that begin with the one before them."""
    returns = closes.pct_change().iloc[1:] * 100
    if len(returns) < 2:
        return {}
    figures = {}
    for name, row in (("best_day", returns.argmax()), ("worst_day", returns.argmin())):
        figures[name] = percent(float(returns.iloc[int(row)]))
        figures[f"{name}_date"] = day(returns.index[int(row)].date())
    return figures


def _total(frame: pd.DataFrame, span: Period, basis: Basis) -> dict[str, Figure]:
    """The return with distributions, between adjusted closes; nothing where there are none."""
    if "adj_close" not in frame or basis == "open":
        return {}
    base = span.first - 1 if basis == "prior_close" else span.first
    first, last = (float(frame["adj_close"].iloc[row]) for row in (base, span.last))
    return {"total_return": percent(change(last, first))} if first > 0 and last > 0 else {}


def _annual(figures: dict[str, Figure]) -> dict[str, Figure]:
    """The yearly rate that compounds to the return; nothing for a year or less."""
    first, last, made = (figures[name].value for name in ("start_date", "end_date", "return"))
    if not (isinstance(first, date) and isinstance(last, date) and isinstance(made, float)):
        return {}
    years = (last - first).days / DAYS_OF_A_YEAR
    if years < 1.01:  # a calendar year is one, by a day more or less
        return {}
    return {"annual_return": percent(((1 + made / 100) ** (1 / years) - 1) * 100)}


def _against(
    own: dict[str, Figure], benchmark: Prices, span: Period, basis: Basis
) -> dict[str, Figure]:
    """The benchmark over the same sessions, and the difference in percentage points."""
    other = period(benchmark, span.start, span.end)
    theirs = price_return(benchmark, other, basis)
    figures = {
        "return_benchmark": percent(theirs),
        "relative_return": percentage_points(float(own["return"].value) - theirs),  # type: ignore[arg-type]
    }
    total = _total(benchmark.frame, other, basis)
    risk = _risk(benchmark.frame["close"].iloc[other.first : other.last + 1])
    return figures | {f"{name}_benchmark": figure for name, figure in (risk | total).items()}


def _gaps(benchmark: Prices, span: Period) -> list[str]:
    """What the benchmark lacks of the window."""
    other = period(benchmark, span.start, span.end)
    moves = [f"{benchmark.symbol}: {note}" for note in other.notes]
    moves += splits_inside(benchmark, other.first - 1, other.last)
    return [*moves, *hole_before(benchmark, other.first), *holes_inside(benchmark, span)]


def _definition(prices: Prices, span: Period, basis: Basis, *, total: bool) -> str:
    before = prices.frame.index[span.first - 1].date() if span.first else None
    which = "the last held" if hole_before(prices, span.first) else "the session"
    base = {
        "prior_close": f"the close of {before}, {which} before {span.start}",
        "close": f"the close of {span.start}",
        "open": f"the open of {span.start}",
    }[basis]
    returns = span.last - span.first
    risk = (
        f" Volatility: standard deviation of the {returns} daily close-to-close returns inside "
        "the window, sample (ddof 1) unless it says population."
        if returns >= 2
        else ""
    )
    if total:
        risk += " Total return: the same between closes adjusted for dividends, so reinvested."
    return f"Close of {span.end} over {base}, {price_kind(prices)}.{risk}"


def price_kind(prices: Prices) -> str:
    """What the closes are, in words."""
    if prices.adjustment == "unknown":
        return "closes as the source has them (whether adjusted for dividends is not stated)"
    kind = named(prices.symbol).kind
    return "price only, distributions left out" if kind == "fund" else "price index, no dividends"


def _rebased(series: list[Prices], span: Period) -> Table:
    """Closes over the window, rebased to 100 at its first close, on the days that all have."""
    import pandas as pd

    closes = [s.frame["close"].loc[str(span.start) : str(span.end)] for s in series]
    days = closes[0].index
    for other in closes[1:]:
        days = days.intersection(other.index)
    columns = [c.reindex(days).to_numpy() for c in closes]
    rebased = [values / values[0] * 100 for values in columns]
    return small_table(("date", *(s.symbol for s in series)), pd.DatetimeIndex(days), rebased)

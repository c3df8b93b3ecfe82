"""Where an instrument stands: close, averages, crosses, RSI, volatility, the 52-week range."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from qa.domain import Figure, Metric, Table
from qa.market import sessions
from qa.market.crosses import AVERAGES, averages, crosses
from qa.market.instruments import named
from qa.market.measure import (
    Period,
    change,
    day,
    hole_before,
    holes_inside,
    level,
    make_metric,
    percent,
    points,
    row_on,
    small_table,
    splits_inside,
)
from qa.market.prices import Prices
from qa.market.rsi import rsi_now
from qa.market.runs import run_now
from qa.market.volatility import implied_close, rolling

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

YEAR = 252  # sessions of the chart
REALISED = 21  # returns


def technicals(
    prices: Prices, implied: Prices | None = None, *, as_of: date, on: date | None = None
) -> Metric:
    """The state of an instrument after the last session on or before `on` (default: the as-of).

    `close` and `day_change` against the session before (percent; basis points for a yield), whose
    close is `previous_close`; `open`, `high` and `low` of the session where the data have them;
    `rising` or `falling`, how many sessions in a row up to it closed higher or lower, and `_since`
    when; `average_N`, the mean of the last N closes including this one, and `distance_N`, the close
    over it in percent; `high_52w` and `low_52w`, the highest high and lowest low of the sessions
    from the same day a year before, and `close_high_52w`, `close_low_52w` among closes;
    `position_52w`, the close's place between low and high (0 to 100 percent). The crosses are those
    of `crosses.crosses`; `rsi_14` is Wilder's RSI over 14 changes (0 to 100); `realised_21`, the
    sample deviation of the last 21 daily returns, annualised, in percent; with `implied`, an index
    of implied volatility: `implied`, its close that day, and `implied_less_realised` (percentage
    points). What the history is too short for is left out, and a note says so.
    """
    asked = on or as_of
    row, notes = row_on(prices, asked)
    frame = prices.frame.iloc[: row + 1]
    session = frame.index[-1].date()
    figures: dict[str, Figure] = {"session": day(session)}
    figures |= _day(prices.symbol, frame["close"])
    figures |= _bar(prices.symbol, frame) | run_now(frame["close"])
    remarks = [*notes, *hole_before(prices, row)]
    lines = averages(frame["close"])
    crossed, earliest = crosses(frame["close"], lines)
    for found, remark in (
        _averages(prices, frame),
        (crossed, _flaws(prices, row, earliest)),
        rsi_now(prices, frame["close"].to_numpy("float64")),
        _volatility(prices, implied, frame),
        _year(prices, frame),
    ):
        figures |= found
        remarks += remark
    return make_metric(
        "technicals",
        {"symbol": prices.symbol, "on": asked},
        [prices, *([implied] if implied is not None else [])],
        figures=figures,
        definition=_definition(session, figures, implied),
        window=(session, session, None),
        as_of=as_of,
        notes=remarks,
        table=_chart(frame["close"], lines),
    )


def _averages(prices: Prices, frame: pd.DataFrame) -> tuple[dict[str, Figure], list[str]]:
    """The means of the last closes, and how far the last one stands over each."""
    closes: Numbers = frame["close"].to_numpy("float64")
    figures: dict[str, Figure] = {}
    notes = []
    for n in AVERAGES:
        if len(closes) < n:
            notes.append(
                f"No {n}-day average: {prices.symbol} has {len(closes)} sessions of history."
            )
            continue
        average = float(closes[-n:].mean())
        figures[f"average_{n}"] = level(prices.symbol, average)
        if average > 0:  # a yield's may not be
            figures[f"distance_{n}"] = percent(change(float(closes[-1]), average))
    return figures, notes


def _flaws(prices: Prices, row: int, earliest: int) -> list[str]:
    """A sentence on sessions without a price, and on splits, in the reach of what is measured."""
    first = max(0, min(earliest, row - YEAR))
    begins, ends = prices.frame.index[first].date(), prices.frame.index[row].date()
    missing = holes_inside(prices, Period(first, row, begins, ends, ()))
    return [*missing, *splits_inside(prices, first, row)]


def _volatility(
    prices: Prices, implied: Prices | None, frame: pd.DataFrame
) -> tuple[dict[str, Figure], list[str]]:
    """What the last 21 returns realised, and what the options on the instrument imply."""
    if named(prices.symbol).kind == "yield":
        return {}, []
    closes: Numbers = frame["close"].to_numpy("float64")[-REALISED - 1 :]
    line = rolling((closes[1:] / closes[:-1] - 1) * 100, REALISED)
    figures: dict[str, Figure] = {}
    notes = []
    if len(line):
        figures["realised_21"] = percent(float(line[-1]))
    else:
        notes.append(
            f"No realised volatility: {prices.symbol} has fewer than {REALISED} returns of history."
        )
    if implied is not None:
        theirs, missing = implied_close(implied, frame.index[-1].date(), figures.get("realised_21"))
        figures |= theirs
        notes += missing
    return figures, notes


def _bar(symbol: str, frame: pd.DataFrame) -> dict[str, Figure]:
    """The high and the low, and the open unless it repeats the close before, as in older data."""
    last = frame.iloc[-1]
    figures = {
        name: level(symbol, float(last[name]))
        for name in ("high", "low")
        if name in frame and last[name] > 0
    }
    if "open" not in frame or len(frame) < 2:
        return figures
    opened, before = float(last["open"]), float(frame["close"].iloc[-2])
    if opened > 0 and opened != before:
        figures["open"] = level(symbol, opened)
    return figures


def _day(symbol: str, closes: pd.Series[float]) -> dict[str, Figure]:
    figures = {"close": level(symbol, closes.iloc[-1])}
    if len(closes) < 2:
        return figures
    now, before = float(closes.iloc[-1]), float(closes.iloc[-2])
    figures["previous_close"] = level(symbol, before)
    if named(symbol).kind == "yield":
        moved = (now - before) * 100
        return figures | {"day_change": Figure(value=moved, unit="basis_points", decimals=0)}
    return figures | {
        "day_change": percent(change(now, before)),
        "day_points": points(now - before),
    }


def _year(prices: Prices, frame: pd.DataFrame) -> tuple[dict[str, Figure], list[str]]:
    """The 52-week range, intraday where there are highs and lows, and closing."""
    import numpy as np
    import pandas as pd

    since = frame.index[-1] - pd.DateOffset(years=1)
    if not _reaches(prices.first, since.date()):
        return {}, [f"No 52-week range: {prices.symbol} has prices from {prices.first} only."]
    year = frame.iloc[int(frame.index.searchsorted(since)) :]
    closes: Numbers = year["close"].to_numpy("float64")
    bars = [year[name].to_numpy("float64") for name in ("low", "high") if name in year]
    intraday = len(bars) == 2 and not np.isnan(bars).any()
    low, high = bars if intraday else (closes, closes)
    figures = _range(prices.symbol, year.index, closes, closes, "close_")
    if intraday:
        figures |= _range(prices.symbol, year.index, low, high)
    now, top, bottom = float(closes[-1]), float(high.max()), float(low.min())
    if top > 0:
        figures["from_high_52w"] = percent(change(now, top))
    if top > bottom:
        figures["position_52w"] = percent((now - bottom) / (top - bottom) * 100)
    return figures, [] if intraday else ["The 52-week range is of closes: the data have no highs."]


def _range(
    symbol: str, days: pd.Index[Any], low: Numbers, high: Numbers, kind: str = ""
) -> dict[str, Figure]:
    """The lowest and the highest of a year, each with the first day it was reached."""
    bottom, top = int(low.argmin()), int(high.argmax())
    return {
        f"{kind}low_52w": level(symbol, low[bottom]),
        f"{kind}low_52w_date": day(_when(days[bottom])),
        f"{kind}high_52w": level(symbol, high[top]),
        f"{kind}high_52w_date": day(_when(days[top])),
    }


def _reaches(first: date, since: date) -> bool:
    """Whether a history from `first` on holds every session from `since` on."""
    return first <= since or (since >= sessions.FIRST_DAY and first <= sessions.next_session(since))


def _when(label: Any) -> date:
    return label.date()  # type: ignore[no-any-return]


def _definition(session: date, figures: dict[str, Figure], implied: Prices | None) -> str:
    parts = [f"Close of {session} against the session before"]
    if "open" in figures:
        parts.append("open is its first price")
    if "high" in figures:
        parts.append("high and low are those of the session, intraday")
    if "rising" in figures or "falling" in figures:
        parts.append("rising and falling count closes in a row above, or below, the one before")
    if "average_20" in figures:
        parts.append("averages are means of the last N closes, this one included")
        parts.append("a cross is the last session that came from the other side of an average")
    if "average_200" in figures:
        parts.append(_fifty_to_two_hundred(figures))
    if "rsi_14" in figures:
        parts.append("RSI by Wilder over 14 changes, smoothed over the whole history")
    if "realised_21" in figures:
        parts.append(
            "realised: sample deviation of the last 21 daily close-to-close returns, annualised "
            "by the square root of 252"
        )
    if implied is not None and "implied" in figures:
        parts.append(f"implied is the close of {implied.symbol} that day, and looks ahead")
    if "low_52w" in figures:
        parts.append("52-week range intraday unless it says close, from the same day a year before")
    elif "close_low_52w" in figures:
        parts.append("52-week range of closes, from the same day a year before")
    return "; ".join(parts) + "."


def _fifty_to_two_hundred(figures: dict[str, Figure]) -> str:
    """Which crosses of the two averages the history knows."""
    told = [
        f"a {name} cross is the 50-day average coming {side} the 200-day one"
        + ("" if f"{name}_cross_date" in figures else ", of which the history has none")
        for name, side in (("golden", "over"), ("death", "under"))
    ]
    return ", ".join(told)


def _chart(closes: pd.Series[float], lines: dict[int, Numbers]) -> Table:
    """The last 252 closes with their averages."""
    import numpy as np
    import pandas as pd

    shown = [np.asarray(closes, dtype=np.float64), *(lines[n] for n in AVERAGES)]
    return small_table(
        ("date", "close", *(f"average_{n}" for n in AVERAGES)),
        pd.DatetimeIndex(closes.index[-YEAR:]),
        [column[-YEAR:] for column in shown],
    )

"""Where an instrument stands: close, averages and the 52-week range."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from qa.domain import Figure, Metric, Table
from qa.market import sessions
from qa.market.instruments import named
from qa.market.measure import (
    change,
    day,
    hole_before,
    level,
    make_metric,
    percent,
    points,
    row_on,
)
from qa.market.prices import Prices

if TYPE_CHECKING:
    import pandas as pd

AVERAGES = (20, 50, 200)


def technicals(prices: Prices, *, as_of: date, on: date | None = None) -> Metric:
    """The state of an instrument after the last session on or before `on` (default: the as-of).

    `close` and `day_change` against the session before (percent; basis points for a yield);
    `average_N`, the mean of the last N closes including this one, and `distance_N`, the close
    over it in percent; `high_52w` and `low_52w`, the highest high and lowest low of the sessions
    from the same day a year before, and `close_high_52w`, `close_low_52w` among closes;
    `position_52w`, the close's place between low and high (0 to 100 percent). What the history is
    too short for is left out, and a note says so.
    """
    asked = on or as_of
    row, notes = row_on(prices, asked)
    frame = prices.frame.iloc[: row + 1]
    session = frame.index[-1].date()
    figures: dict[str, Figure] = {"session": day(session)}
    figures |= _day(prices.symbol, frame["close"])
    figures |= _open(prices.symbol, frame)
    remarks = [*notes, *hole_before(prices, row)]
    for n in AVERAGES:
        if len(frame) < n:
            remarks.append(
                f"No {n}-day average: {prices.symbol} has {len(frame)} sessions of history."
            )
            continue
        average = float(frame["close"].iloc[-n:].mean())
        figures[f"average_{n}"] = level(prices.symbol, average)
        if average > 0:  # a yield's may not be
            figures[f"distance_{n}"] = percent(change(float(frame["close"].iloc[-1]), average))
    year, remark = _year(prices, frame)
    remarks += remark
    figures |= year
    return make_metric(
        "technicals",
        {"symbol": prices.symbol, "on": asked},
        [prices],
        figures=figures,
        definition=_definition(session, figures),
        window=(session, session, None),
        as_of=as_of,
        notes=remarks,
        table=_chart(frame),
    )


def _open(symbol: str, frame: pd.DataFrame) -> dict[str, Figure]:
    """The open, unless it is missing or repeats the close before, as older index data do."""
    if "open" not in frame or len(frame) < 2:
        return {}
    opened, before = float(frame["open"].iloc[-1]), float(frame["close"].iloc[-2])
    return {"open": level(symbol, opened)} if opened > 0 and opened != before else {}


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
    import pandas as pd

    since = frame.index[-1] - pd.DateOffset(years=1)
    if not _reaches(prices.first, since.date()):
        return {}, [f"No 52-week range: {prices.symbol} has prices from {prices.first} only."]
    year = frame.loc[since:]
    closes = year["close"]
    figures = {
        "close_low_52w": level(prices.symbol, closes.min()),
        "close_low_52w_date": day(_when(closes.idxmin())),
        "close_high_52w": level(prices.symbol, closes.max()),
        "close_high_52w_date": day(_when(closes.idxmax())),
    }
    intraday = {"high", "low"} <= set(year.columns) and not year[["high", "low"]].isna().any(
        axis=None
    )
    low, high = (year["low"], year["high"]) if intraday else (closes, closes)
    if intraday:
        figures |= {
            "low_52w": level(prices.symbol, low.min()),
            "low_52w_date": day(_when(low.idxmin())),
            "high_52w": level(prices.symbol, high.max()),
            "high_52w_date": day(_when(high.idxmax())),
        }
    now, spread = float(closes.iloc[-1]), float(high.max() - low.min())
    if high.max() > 0:
        figures["from_high_52w"] = percent(change(now, float(high.max())))
    if spread > 0:
        figures["position_52w"] = percent((now - float(low.min())) / spread * 100)
    return figures, [] if intraday else ["The 52-week range is of closes: the data have no highs."]


def _reaches(first: date, since: date) -> bool:
    """Whether a history from `first` on holds every session from `since` on."""
    return first <= since or (since >= sessions.FIRST_DAY and first <= sessions.next_session(since))


def _when(label: Any) -> date:
    return label.date()  # type: ignore[no-any-return]


def _definition(session: date, figures: dict[str, Figure]) -> str:
    parts = [f"Close of {session} against the session before"]
    if "open" in figures:
        parts.append("open is its first price")
    if "average_20" in figures:
        parts.append("averages are means of the last N closes, this one included")
    if "low_52w" in figures:
        parts.append("52-week range intraday unless it says close, from the same day a year before")
    elif "close_low_52w" in figures:
        parts.append("52-week range of closes, from the same day a year before")
    return "; ".join(parts) + "."


def _chart(frame: pd.DataFrame) -> Table:
    """The last 252 closes with their averages."""
    shown = frame["close"].iloc[-252:]
    averages = [frame["close"].rolling(n).mean().iloc[-252:] for n in AVERAGES]
    columns = [[None if v != v else round(float(v), 4) for v in s] for s in (shown, *averages)]
    rows = zip((d.date() for d in shown.index), *columns, strict=True)
    return Table(columns=("date", "close", *(f"average_{n}" for n in AVERAGES)), rows=tuple(rows))

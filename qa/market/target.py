"""A price target against the close: what it implies, and which level a claimed upside fits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from qa.domain import Figure, Metric
from qa.errors import NotAvailable
from qa.market.instruments import named
from qa.market.measure import change, day, make_metric, percent, percentage_points, price, row_on
from qa.market.prices import Prices

if TYPE_CHECKING:
    import pandas as pd

FARTHEST = 10.0  # a target beyond a tenth or ten times the price is of another instrument


def target(
    prices: Prices,
    *,
    target: float,
    as_of: date,
    claimed: float | None = None,
    on: date | None = None,
    said_on: date | None = None,
) -> Metric:
    """The upside from the last close on or before `on` to a price target, in percent.

    With `said_on`, the day the target was published, `said_close`, `said_date` and `said_upside`
    tell the same from the last close up to it. With `claimed`, the upside that somebody states
    (percent), `gap` is claimed less actual in percentage points; this close and the one before
    it, the closes of `said_on`, of the session before it, of the end of the year before and of
    the end of the month before are tried, and the one whose upside is nearest to the claim is
    given as `fits_level`, `fits_date` and `fits_upside` if it rounds to the claim (half a point).
    Raises NotAvailable for a yield, and for a target that can't be of this instrument.
    """
    if named(prices.symbol).kind == "yield":
        raise NotAvailable(f"{prices.symbol} is a yield: a level expected of it is no upside.")
    row, notes = row_on(prices, on or as_of)
    closes = prices.frame["close"].iloc[: row + 1]
    close, session = float(closes.iloc[-1]), closes.index[-1].date()
    if not close / FARTHEST <= target <= close * FARTHEST:
        raise NotAvailable(
            f"{target:,.2f} can't be a target for {named(prices.symbol).spoken}, which closed at "
            f"{close:,.2f} on {session}."
        )
    figures: dict[str, Figure] = {
        "target": Figure(value=target, unit="price", decimals=_decimals(target)),
        "close": price(close),
        "session": day(session),
        "upside": percent(change(target, close)),
        **_references(closes, target, said_on),
    }
    remarks = list(notes)
    if claimed is not None:
        figures["claimed"] = Figure(value=claimed, unit="percent", decimals=_decimals(claimed))
        figures["gap"] = percentage_points(claimed - change(target, close))
        fit = _fit(prices.until(session), target, claimed, said_on)
        if fit:
            figures["fits_date"], figures["fits_level"], figures["fits_upside"] = fit
        else:
            remarks.append("None of the levels tried gives the claimed upside.")
    shown = f"{target:,.{_decimals(target)}f}"
    return make_metric(
        "target",
        {
            "symbol": prices.symbol,
            "target": target,
            "claimed": claimed,
            "on": on or as_of,
            "said_on": said_on,
        },
        [prices],
        figures=figures,
        definition=f"Target of {shown} over the close of {session}, less one; price only.",
        window=(session, session, None),
        as_of=as_of,
        notes=remarks,
    )


def _decimals(stated: float) -> int:
    """The decimals that a stated number was given with, two at most."""
    return next((n for n in (0, 1) if round(stated, n) == stated), 2)


def _references(closes: pd.Series[float], target: float, said_on: date | None) -> dict[str, Figure]:
    """The upside from the end of the year before, and from the last close up to `said_on`."""
    import pandas as pd

    days = pd.DatetimeIndex(closes.index)
    figures = {}
    year_end = closes[days.year < days[-1].year]
    if len(year_end):
        figures["year_end_level"] = price(year_end.iloc[-1])
        figures["year_end_date"] = day(pd.DatetimeIndex(year_end.index)[-1].date())
        figures["upside_from_year_end"] = percent(change(target, float(year_end.iloc[-1])))
    said = closes.loc[: str(said_on)] if said_on is not None else closes.iloc[:0]
    if len(said):
        figures["said_close"] = price(said.iloc[-1])
        figures["said_date"] = day(pd.DatetimeIndex(said.index)[-1].date())
        figures["said_upside"] = percent(change(target, float(said.iloc[-1])))
    return figures


def _fit(
    prices: Prices, target: float, claimed: float, said_on: date | None
) -> tuple[Figure, Figure, Figure] | None:
    """The reference close whose upside rounds to the claim, if one does."""
    import pandas as pd

    closes = prices.frame["close"]
    last = closes.index[-1]
    rows = {len(closes) - 1, len(closes) - 2}
    rows |= {int((pd.DatetimeIndex(closes.index).year < last.year).sum()) - 1}
    rows |= {int((closes.index < last.replace(day=1)).sum()) - 1}
    if said_on is not None and said_on <= last.date():
        said = int(closes.index.searchsorted(str(said_on), "right")) - 1
        rows |= {said, said - 1}
    tried = [(abs(change(target, closes.iloc[r]) - claimed), r) for r in sorted(rows) if r >= 0]
    gap, row = min(tried)
    if gap > 0.5:
        return None
    level = float(closes.iloc[row])
    return day(closes.index[row].date()), price(level), percent(change(target, level))

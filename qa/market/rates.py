"""Treasury yields from the bill to the bond, and the path that fed funds futures imply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.domain import Figure, Metric, Table
from qa.errors import NotAvailable
from qa.market import sessions
from qa.market.fed_funds import contracts, given_target, path
from qa.market.instruments import named
from qa.market.measure import day, make_metric, moved, percent, percentage_points
from qa.market.prices import Prices

# By maturity: symbol, the figure's name, the name in speech.
YIELDS = {
    "^IRX": ("bill", "13-week bill"),
    "^FVX": ("five_year", "5-year"),
    "^TNX": ("ten_year", "10-year"),
    "^TYX": ("thirty_year", "30-year"),
}
CURVES = {"curve_ten_bill": ("^TNX", "^IRX"), "curve_thirty_ten": ("^TYX", "^TNX")}
MONTH_SESSIONS = 21
DISCOUNT_NOTE = (
    "^IRX is on a discount basis, which reads lower than the bond basis of the other yields: "
    "curve_ten_bill is a little steeper than on one basis."
)


@dataclass(frozen=True)
class Then:
    """An earlier day to compare with: its name, the session it means, and how it is said.

    The session is None where it lies before the exchange calendar.
    """

    name: str
    session: date | None
    words: str


def is_yield(symbol: str) -> bool:
    """Whether a symbol is of a yield, which has a level and no return."""
    return symbol in YIELDS or named(symbol).kind == "yield"


def rates(
    yields: Sequence[Prices],
    futures: Sequence[Prices] = (),
    *,
    as_of: date,
    on: date | None = None,
    since: date | None = None,
    target_low: float | None = None,
    target_high: float | None = None,
) -> Metric:
    """Treasury yields on the last session on or before `on` (default: the as-of), in percent.

    Takes any of ^IRX (bill, discount basis), ^FVX, ^TNX and ^TYX, in percent. `bill`,
    `five_year`, `ten_year`, `thirty_year` are closing levels (percent); `NAME_day`, `NAME_month`
    and `NAME_year` their changes in basis points against the session before, the one 21 sessions
    before, and the last one up to the same day a year before; `curve_ten_bill` and
    `curve_thirty_ten` the longer yield less the shorter (percentage points, and with
    `_basis_points` behind the name in those). The session is the newest that any of them has. With
    `since`, `NAME_before` is the last level before that day, of `NAME_before_date`, and
    `NAME_since` the change from it to `NAME_now` in basis points. A yield without a price of it,
    and a change that the history is too short for, are left out, and a note that begins with "No "
    says so. `futures` are contracts
    on the fed funds rate: their figures, and the target that they are measured against (in percent,
    by default the range that the FOMC had announced), are those of `fed_funds.path`. Raises
    NotAvailable for a series that is no Treasury yield, and when there is none to show, and
    UsageError for half a target range.
    """
    asked = on or as_of
    target = given_target(target_low, target_high)
    given = _by_maturity(yields, asked)
    held = [y for y in given if not y.frame.empty]
    if not held:
        raise NotAvailable(
            f"There is no Treasury yield on or before {asked}: ask for a later day, or use a "
            f"source that holds one of {', '.join(YIELDS)}."
        )
    session = max(y.last for y in held)
    current = [y for y in held if y.last == session]
    notes = [*moved(asked, session, "the last session is that of"), *_left_out(given, session)]
    figures: dict[str, Figure] = {"session": day(session)}
    for prices in current:
        own, remarks = _one(prices)
        before, short = _window(prices, since)
        figures |= own | before
        notes += [*remarks, *short]
    figures |= _curves({y.symbol: float(y.frame["close"].iloc[-1]) for y in current})
    if "curve_ten_bill" in figures:
        notes.append(DISCOUNT_NOTE)
    strip = [f.until(asked) for f in futures if f.symbol in contracts(session)]
    ahead = path(strip, session, target)
    return make_metric(
        "rates",
        {"on": asked, "since": since, "target_low": target_low, "target_high": target_high},
        [*given, *strip],
        figures=figures | ahead.figures,
        definition="; ".join([_definition(current, session, figures), *ahead.definition]) + ".",
        window=(session, session, None),
        as_of=as_of,
        notes=[*notes, *ahead.notes],
        table=_chart(current),
    )


def _by_maturity(yields: Sequence[Prices], asked: date) -> list[Prices]:
    """The yields up to the day asked, the shortest first, each once."""
    for prices in yields:
        if prices.symbol not in YIELDS:
            raise NotAvailable(
                f"{prices.symbol} is no Treasury yield that rates knows: give {', '.join(YIELDS)}."
            )
    held = {prices.symbol: prices for prices in yields}
    return [held[symbol].until(asked) for symbol in YIELDS if symbol in held]


def _left_out(given: Sequence[Prices], session: date) -> list[str]:
    """A sentence for every maturity without a price of the session."""
    lasts = {y.symbol: None if y.frame.empty else y.last for y in given}
    notes = []
    for symbol, (_, words) in YIELDS.items():
        if symbol not in lasts:
            notes.append(f"No {words} yield: {symbol} is not among the series given.")
        elif lasts[symbol] is None:
            notes.append(f"No {words} yield: {symbol} begins after {session}.")
        elif lasts[symbol] != session:
            notes.append(
                f"No {words} yield: the last price of {symbol} is that of {lasts[symbol]}, "
                f"not of {session}."
            )
    return notes


def _one(prices: Prices) -> tuple[dict[str, Figure], list[str]]:
    """The level of one yield on its last session, and its changes up to it."""
    name, words = YIELDS[prices.symbol]
    closes = prices.frame["close"]
    now = float(closes.iloc[-1])
    figures = {name: percent(now)}
    notes = []
    for then in _earlier(prices.last):
        if then.session is None:
            notes.append(
                f"No {then.name} change of the {words} yield: {then.words} lies before the "
                f"exchange calendar, which begins on {sessions.FIRST_DAY}."
            )
            continue
        row = int(closes.index.searchsorted(str(then.session), "right")) - 1
        if row < 0:
            notes.append(
                f"No {then.name} change of the {words} yield: {prices.symbol} has prices from "
                f"{prices.first} only."
            )
            continue
        # Rounded, or 2.01 less 1.76 is a hair under 25 basis points.
        change = round((now - float(closes.iloc[row])) * 100, 6)
        figures[f"{name}_{then.name}"] = Figure(value=change, unit="basis_points", decimals=0)
        used = closes.index[row].date()
        if used != then.session:
            notes.append(
                f"{prices.symbol} has no price for {then.session}, {then.words}; its {then.name} "
                f"change is from {sessions.spoken(used)}."
            )
    return figures, notes


def _window(prices: Prices, since: date | None) -> tuple[dict[str, Figure], list[str]]:
    """The last level before a day, and the change from it; a note where there is none."""
    if since is None:
        return {}, []
    name, words = YIELDS[prices.symbol]
    closes = prices.frame["close"]
    row = int(closes.index.searchsorted(str(since), "left")) - 1
    if row < 0:
        return {}, [f"No change since {since} of the {words} yield: its prices begin later."]
    before = float(closes.iloc[row])
    change = round((float(closes.iloc[-1]) - before) * 100, 6)
    return {
        f"{name}_before": Figure(value=before, unit="percent", decimals=3),
        f"{name}_before_date": day(closes.index[row].date()),
        f"{name}_now": Figure(value=float(closes.iloc[-1]), unit="percent", decimals=3),
        f"{name}_since": Figure(value=change, unit="basis_points", decimals=1),
    }, []


def _earlier(session: date) -> list[Then]:
    """The sessions that the changes are measured from, by the calendar and not by the rows."""
    import pandas as pd

    year = (pd.Timestamp(session) - pd.DateOffset(years=1)).date()
    # Twice as many days as sessions, and some for holidays.
    reach = max(sessions.FIRST_DAY, session - timedelta(MONTH_SESSIONS * 2 + 10))
    before: Sequence[pd.Timestamp] = (
        list(sessions.sessions_between(reach, session - timedelta(1))) if session > reach else []
    )
    month = before[-MONTH_SESSIONS].date() if len(before) >= MONTH_SESSIONS else None
    return [
        Then("day", before[-1].date() if before else None, "the session before"),
        Then("month", month, f"the day {MONTH_SESSIONS} sessions before"),
        Then(
            "year",
            sessions.last_session(year) if year >= sessions.FIRST_DAY else None,
            "the day a year before",
        ),
    ]


def _curves(levels: dict[str, float]) -> dict[str, Figure]:
    return {
        f"{name}{unit}": figure
        for name, (longer, shorter) in CURVES.items()
        if longer in levels and shorter in levels
        for unit, figure in _gap(levels[longer] - levels[shorter]).items()
    }


def _gap(gap: float) -> dict[str, Figure]:
    """The gap between two yields in percentage points, and as desks quote it."""
    points = Figure(value=round(gap * 100, 6), unit="basis_points", decimals=1)
    return {"": percentage_points(gap), "_basis_points": points}


def _definition(current: Sequence[Prices], session: date, figures: dict[str, Figure]) -> str:
    names = ", ".join(
        f"{YIELDS[y.symbol][1]} ({y.symbol}{', discount basis' if y.symbol == '^IRX' else ''})"
        for y in current
    )
    spans = {
        "day": "day against the session before",
        "month": f"month against the close {MONTH_SESSIONS} sessions before",
        "year": "year against the last close up to the same day a year before",
        "since": "since against the last close before the day asked",
    }
    told = [words for name, words in spans.items() if any(f.endswith(f"_{name}") for f in figures)]
    told = [f"changes in basis points: {', '.join(told)}"] if told else []
    told += [
        f"{name} is {longer} less {shorter}"
        for name, (longer, shorter) in CURVES.items()
        if name in figures
    ]
    which = f"Treasury yields in percent, closes of {session}: {names}"
    return "; ".join([f"{which}, index yields as Yahoo quotes them", *told])


def _chart(current: Sequence[Prices]) -> Table:
    """The last 252 closes, on the days that any of the yields has; None where one has none."""
    import pandas as pd

    closes = pd.concat({y.symbol: y.frame["close"] for y in current}, axis=1).sort_index()
    shown = closes.iloc[-252:]
    columns = [
        [None if v != v else round(float(v), 4) for v in shown[symbol]] for symbol in shown.columns
    ]
    days = [d.date() for d in pd.DatetimeIndex(shown.index)]
    return Table(
        columns=("date", *(y.symbol for y in current)), rows=tuple(zip(days, *columns, strict=True))
    )

"""How many take part: the share of a group above its averages, and equal against cap weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from qa.domain import Figure, Metric, Table
from qa.errors import BadDate, NotAvailable, NotEnoughHistory
from qa.market.instruments import named
from qa.market.measure import (
    change,
    count,
    day,
    hole_before,
    make_metric,
    moved,
    percent,
    percentage_points,
    period,
)
from qa.market.prices import Prices
from qa.market.rates import is_yield

AVERAGES = (50, 200)
FEWEST = 3  # a share of fewer says nothing


def breadth(
    members: Sequence[Prices],
    equal: Prices | None = None,
    cap: Prices | None = None,
    *,
    start: date,
    end: date,
    as_of: date,
) -> Metric:
    """How many of the given instruments stand above their averages, and how many rose.

    On the last session up to `end` that most have: `members` with a close of it; `above_50`
    (percent), the share of the `members_50` with 50 closes that stand above their mean, and
    `above_50_count`; the same for 200; `rose`, how many of the `members_rose` stand above their
    close before `start`. With an equal- and a cap-weight fund: `equal_return`, `cap_return`
    (percent, from the close before `start`) and `equal_less_cap` (percentage points). What fewer
    than three have the history for is left out, with a note that begins with "No "; other notes
    name whom a count leaves out. Raises NotAvailable for yields, volatility indices and fewer
    than three members, NotEnoughHistory when fewer have the session, and BadDate for a window
    without one.
    """
    group = list({p.symbol: p for p in members}.values())
    funds = [p.until(end) for p in (equal, cap) if p is not None]
    _refuse(group, funds)
    cut = [p.until(end) for p in group]
    held, session, absent = _present(cut, start, end)
    begins = min(p.frame.loc[str(start) :].index[0].date() for p in held)
    above, short = shares(held)
    moves, untold = _moves(held, start)
    tilt, unmeasured = _tilt(equal, cap, start, session)
    figures = {"session": day(session), "members": count(len(held)), **above, **_risers(moves)}
    notes = [*moved(start, begins, "starts with"), *moved(end, session, "ends with"), *absent]
    notes += [*short, *untold, *unmeasured, *_caveats(held)]
    return make_metric(
        "breadth",
        {
            "symbols": [p.symbol for p in group],
            "equal": equal.symbol if equal else None,
            "cap": cap.symbol if cap else None,
            "start": start,
            "end": end,
        },
        list({p.symbol: p for p in (*cut, *funds)}.values()),
        figures=figures | tilt,
        definition=_definition(session, start, figures | tilt),
        window=(begins, session, "prior_close"),
        as_of=as_of,
        notes=notes,
        table=_table(held, moves),
    )


def _refuse(group: Sequence[Prices], others: Sequence[Prices]) -> None:
    for prices in (*group, *others):
        if is_yield(prices.symbol) or named(prices.symbol).kind == "volatility":
            raise NotAvailable(
                f"{prices.symbol} is no price: breadth counts indices, funds or shares."
            )
    if len(group) < FEWEST:
        raise NotAvailable(
            f"Breadth of {len(group)} says nothing: give {FEWEST} different instruments or more."
        )


def _present(
    group: Sequence[Prices], start: date, end: date
) -> tuple[list[Prices], date, list[str]]:
    """The members with a close of the session that most have last, that session, and a note."""
    if end < start:
        raise BadDate(f"The window ends on {end}, before it begins on {start}: swap the dates.")
    lasts = {p.symbol: p.last for p in group if not p.frame.empty}
    votes = Counter(lasts.values())
    if not votes or max(votes.values()) < FEWEST:
        raise NotEnoughHistory(
            f"Fewer than {FEWEST} of the {len(group)} members have prices of one session up to "
            f"{end}: ask for another end."
        )
    session = max(votes, key=lambda last: (votes[last], last))
    held = [p.until(session) for p in group if lasts.get(p.symbol) == session]
    if session < start:
        period(held[0], start, end)  # raises, and says which way the window misses the prices
    absent = [p.symbol for p in group if lasts.get(p.symbol) != session]
    note = f"Left out, for want of a last price of {session}: {', '.join(absent)}."
    return held, session, [note] if absent else []


def shares(
    held: Sequence[Prices], averages: Sequence[int] = AVERAGES
) -> tuple[dict[str, Figure], list[str]]:
    """The share above each average, among those with the history for it."""
    figures: dict[str, Figure] = {}
    notes = []
    for n in averages:
        distances = {p.symbol: d for p in held if (d := _distance(p, n)) is not None}
        short = [p.symbol for p in held if p.symbol not in distances]
        if len(distances) < FEWEST:
            notes.append(
                f"No share above the {n}-day average: {len(distances)} of the {len(held)} members "
                f"have {n} sessions of history; too short are {', '.join(short)}."
            )
            continue
        above = sum(d > 0 for d in distances.values())
        figures[f"above_{n}"] = percent(above / len(distances) * 100)
        figures[f"above_{n}_count"] = count(above)
        figures[f"members_{n}"] = count(len(distances))
        if short:
            notes.append(
                f"Left out of the {n}-day share, with a shorter history: {', '.join(short)}."
            )
        notes += _stretched([p for p in held if p.symbol in distances], n)
    return figures, notes


def _distance(prices: Prices, n: int) -> float | None:
    """The last close over the mean of the last `n`, in percent; None for a shorter history."""
    closes = prices.frame["close"]
    return change(closes.iloc[-1], float(closes.iloc[-n:].mean())) if len(closes) >= n else None


def _stretched(held: Sequence[Prices], n: int) -> list[str]:
    """A sentence that names those whose last `n` closes begin earlier than those of another."""
    begins = {p.symbol: p.frame.index[-n].date() for p in held}
    early = [symbol for symbol, first in begins.items() if first < max(begins.values())]
    if not early:
        return []
    return [
        f"The {n}-day averages of these reach further back, for want of a price on some sessions: "
        f"{', '.join(early)}."
    ]


def _moves(held: Sequence[Prices], start: date) -> tuple[dict[str, float], list[str]]:
    """The return of each member from the close before `start`, where it is that of most."""
    rows = {p.symbol: int(p.frame.index.searchsorted(str(start), "left")) - 1 for p in held}
    bases = {p.symbol: p.frame.index[rows[p.symbol]] for p in held if rows[p.symbol] >= 0}
    votes = Counter(bases.values())
    base = max(votes, key=lambda d: (votes[d], d), default=None)
    same = [p for p in held if base is not None and bases.get(p.symbol) == base]
    short = [p.symbol for p in held if p not in same]
    if len(same) < FEWEST:
        return {}, [
            f"No count of those that rose: {len(same)} of the {len(held)} members have the close "
            f"before {start}."
        ]
    notes = hole_before(same[0], rows[same[0].symbol] + 1)
    if short:
        notes.append(
            f"Left out of the count of those that rose, for want of the close before {start}: "
            f"{', '.join(short)}."
        )
    closes = {p.symbol: p.frame["close"] for p in same}
    return {s: change(c.iloc[-1], c.iloc[rows[s]]) for s, c in closes.items()}, notes


def _risers(moves: Mapping[str, float]) -> dict[str, Figure]:
    if not moves:
        return {}
    rose = sum(m > 0 for m in moves.values())
    return {"rose": count(rose), "members_rose": count(len(moves))}


def _tilt(
    equal: Prices | None, cap: Prices | None, start: date, session: date
) -> tuple[dict[str, Figure], list[str]]:
    """The equal-weight fund less the cap-weight one, between the same two closes."""
    if equal is None and cap is None:
        return {}, []
    if equal is None or cap is None:
        which = "an equal-weight" if equal is None else "a cap-weight"
        return {}, [f"No equal_less_cap: {which} fund is not given."]
    closes = [p.frame["close"].loc[: str(session)] for p in (equal, cap)]
    rows = [int(c.index.searchsorted(str(start), "left")) - 1 for c in closes]
    days = [
        (c.index[r], c.index[-1]) if r >= 0 else None for c, r in zip(closes, rows, strict=True)
    ]
    if days[0] is None or days[0] != days[1] or days[0][1].date() != session:
        return {}, [
            f"No equal_less_cap: {equal.symbol} and {cap.symbol} don't both have the close before "
            f"{start} and that of {session}."
        ]
    own, other = (change(c.iloc[-1], c.iloc[r]) for c, r in zip(closes, rows, strict=True))
    return {
        "equal_return": percent(own),
        "cap_return": percent(other),
        "equal_less_cap": percentage_points(own - other),
    }, hole_before(equal, rows[0] + 1)


def _definition(session: date, start: date, figures: Mapping[str, Figure]) -> str:
    told = [
        f"above_{n}: those of {figures[f'members_{n}'].value:.0f} above the mean of their last {n} "
        "closes, this one included"
        for n in AVERAGES
        if f"above_{n}" in figures
    ]
    if "rose" in figures:
        told.append(
            f"rose: those of {figures['members_rose'].value:.0f} above their last close before "
            f"{start}"
        )
    if "equal_less_cap" in figures:
        told.append(
            f"equal_less_cap: return of the equal-weight fund less that of the cap-weight one from "
            f"the last close before {start}"
        )
    members = f"{figures['members'].value:.0f} instruments"
    return "; ".join([f"Closes of {session} of {members}", *told]) + "."


def _caveats(held: Sequence[Prices]) -> list[str]:
    notes = [
        f"This counts the {len(held)} instruments given, not the shares that an index is made of."
    ]
    unknown = [p.symbol for p in held if p.adjustment == "unknown"]
    if len(unknown) < len(held):
        notes.append("Price only: dividends are left out where the closes are as traded.")
    if unknown:
        notes.append(
            "Whether these closes are adjusted for dividends is not stated, so one near its "
            f"average or its first close may count either way: {', '.join(unknown)}."
        )
    return notes


def _table(held: Sequence[Prices], moves: Mapping[str, float]) -> Table:
    """One row a member, the highest above its 50-day average first; None where unknown."""
    rows = []
    for prices in sorted(held, key=_rank):
        figures = [*(_distance(prices, n) for n in AVERAGES), moves.get(prices.symbol)]
        rows.append((prices.symbol, *(None if f is None else round(f, 4) for f in figures)))
    return Table(columns=("symbol", "distance_50", "distance_200", "period"), rows=tuple(rows))


def _rank(prices: Prices) -> tuple[bool, float, str]:
    distance = _distance(prices, AVERAGES[0])
    return distance is None, -(distance or 0.0), prices.symbol

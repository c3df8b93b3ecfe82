"""The rules that would change a verdict: their state now, how far off they are, and since when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.domain import Figure, Metric, Table
from qa.errors import BadRule, NotAvailable, TapecheckError, ToolError
from qa.market.measure import Period, count, day, holes_inside, make_metric, row_on
from qa.market.prices import Prices
from qa.market.readings import Reading, read, shown
from qa.market.rules import USUAL, Rule

COLUMNS = (
    "name",
    "rule",
    "now",
    "limit",
    "triggered",
    "distance",
    "since",
    "last_triggered",
    "history_start",
)


KINDS = {
    "close": "the close against the mean of the last N closes, this one included",
    "average": "the mean of the last N closes against that of another number of them",
    "level": "the close against a level",
    "lead": "one return less the other over N sessions, close to close, price only",
    "move": "the close against that N sessions before",
    "drawdown": "how far the close is below the highest close since the history begins",
    "rsi": "the RSI by Wilder over 14 changes, smoothed over the whole history",
}


@dataclass(frozen=True)
class State:
    """A rule after the last session; `name` is that of its figures."""

    name: str
    rule: Rule
    reading: Reading
    now: Figure
    limit: Figure
    distance: Figure | None

    @property
    def figures(self) -> dict[str, Figure]:
        """The rule's figures by name; what is None is left out."""
        reading, name = self.reading, self.name
        last = reading.last_triggered
        figures = {
            name: self.now,
            f"{name}_limit": self.limit,
            f"{name}_distance": self.distance,
            f"{name}_since": day(reading.since),
            f"{name}_last_triggered": day(last) if last else None,
            f"{name}_history_start": day(reading.history_start),
        }
        return {key: figure for key, figure in figures.items() if figure is not None}


def signals(
    prices: Prices,
    benchmark: Prices | None = None,
    others: Iterable[Prices] = (),
    *,
    rules: Sequence[Rule] | None = None,
    as_of: date,
) -> Metric:
    """The state of rules after the last session of `prices`; by default that of the usual four.

    For each rule NAME: its value now (`NAME`), `NAME_limit`, `NAME_distance` (the value less the
    limit, see `readings.shown`), `NAME_since`, the first session of the present state,
    `NAME_last_triggered`, the last session on which it went from not triggered to triggered, left
    out if it never did, and `NAME_history_start`, the first session on which it can be told.
    "Above" and "below" leave out the limit, "up" and "down" hold it. The usual rules are `close`
    (below its 20-day average), `lead` (return over 20 sessions less the benchmark's, below zero),
    `vix` (above 20) and `ten_year` (yield up 25 basis points over 21 sessions). `triggered` counts
    the rules that have, `rules` those told and `not_watched` those that can't be, each with a note:
    an instrument has no prices or none of the last session, or the history is too short. A rule on
    two instruments goes by the sessions that both have. Raises a ToolError when no rule is told.
    """
    session = prices.last
    given = [prices, *([benchmark] if benchmark else []), *others]
    held = {p.symbol: p for p in (_until(p, session) for p in given) if not p.frame.empty}
    asked = tuple(USUAL.values() if rules is None else dict.fromkeys(rules))
    states, failed = _told(asked, held, prices.symbol, benchmark.symbol if benchmark else None)
    if not states:
        raise _nothing(failed)
    named = {symbol for state in states for symbol in state.rule.symbols}
    used = [p for symbol, p in held.items() if symbol in named or p is held[prices.symbol]]
    figures = {"session": day(session)}
    for state in states:
        figures |= state.figures
    figures["triggered"] = count(sum(s.reading.triggered for s in states))
    figures["rules"] = count(len(states))
    figures["not_watched"] = count(len(failed))
    return make_metric(
        "signals",
        {
            "symbol": prices.symbol,
            # One that can't be used stands in a note, so it belongs to what was asked.
            "benchmark": benchmark.symbol
            if benchmark and (benchmark.symbol in named or failed)
            else None,
            "rules": None if rules is None else [rule.words for rule in asked],
        },
        used,
        figures=figures,
        definition=_definition(states, session),
        window=(session, session, None),
        as_of=as_of,
        notes=[
            *row_on(prices, as_of)[1],
            *(note for note, _ in failed),
            *(note for p in used for note in _holes(p)),
            *(note for state in states for note in _unshared(state, held)),
        ],
        table=Table(columns=COLUMNS, rows=tuple(_row(state) for state in states)),
    )


def _until(prices: Prices, session: date) -> Prices:
    return prices if prices.last <= session else prices.until(session)


def _told(
    rules: Sequence[Rule], held: Mapping[str, Prices], symbol: str, benchmark: str | None
) -> tuple[list[State], list[tuple[str, TapecheckError]]]:
    """The states of the rules that can be told; a note on each of the others, and its error."""
    states: dict[str, State] = {}
    failed: list[tuple[str, TapecheckError]] = []
    for rule in rules:
        try:
            bound = rule.bound(symbol, benchmark)
            reading = read(bound, held, held[symbol].last)
        except BadRule as error:  # its words name the rule
            failed.append((f"Not watched. {error}", error))
            continue
        except ToolError as error:
            failed.append((f"Not watched: {_capital(rule.words)}. {error}", error))
            continue
        name = _name(bound, symbol, benchmark)
        while name in states:  # "^DJI" and "DJI" have one name
            name += "_too"
        states[name] = State(name, bound, reading, *shown(bound, reading))
    return list(states.values()), failed


def _nothing(failed: Sequence[tuple[str, TapecheckError]]) -> TapecheckError:
    """The error when no rule is told: the one there is, or one with every reason."""
    if len(failed) == 1:
        return failed[0][1]
    reasons = " ".join(dict.fromkeys(str(error) for _, error in failed))
    return NotAvailable(f"None of the {len(failed)} rules can be told. {reasons}")


def _name(bound: Rule, symbol: str, benchmark: str | None) -> str:
    """What the figures of a rule are called: the usual four by their names, others by code."""
    own = {"of": symbol, "against": benchmark}
    for name, usual in USUAL.items():
        if {k: v or own.get(k, v) for k, v in usual} == dict(bound):
            return name
    if bound.symbols in ((symbol,), (symbol, benchmark)):
        return bound.code
    return re.sub(r"\W", "", "_".join(bound.symbols)) + f"_{bound.code}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _definition(states: Sequence[State], session: date) -> str:
    rules = "; ".join(state.rule.words for state in states)
    kinds = "; ".join(dict.fromkeys(KINDS[state.rule.kind] for state in states))
    return (
        f"After the close of {session}: {rules}. Measured: {kinds}. A rule last triggered on the "
        "last session on which it held after one on which it did not."
    )


def _holes(prices: Prices) -> list[str]:
    last = len(prices.frame) - 1
    return holes_inside(prices, Period(0, last, prices.first, prices.last, ()))


def _unshared(state: State, held: Mapping[str, Prices]) -> list[str]:
    """A sentence when one of a rule's two instruments lacks sessions that the other has."""
    if len(state.rule.symbols) < 2:
        return []
    one, two = (held[symbol] for symbol in state.rule.symbols)
    start = max(one.first, two.first)
    index = [p.frame.index[p.frame.index.searchsorted(str(start)) :] for p in (one, two)]
    if index[0].equals(index[1]):
        return []
    single = len(index[0].symmetric_difference(index[1]))
    return [
        f"From {start} on, {single} session{'s have' if single > 1 else ' has'} a price of only "
        f"one of {one.symbol} and {two.symbol}; a rule on both goes by the others."
    ]


def _row(state: State) -> tuple[str | float | date | None, ...]:
    apart, reading = state.distance, state.reading
    return (
        state.name,
        _capital(state.rule.words),
        state.now.value,
        state.limit.value,
        "yes" if reading.triggered else "no",
        apart.value if apart else None,
        reading.since,
        reading.last_triggered,
        reading.history_start,
    )

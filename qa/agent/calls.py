"""Published calls and what became of them: who said what, when, and what the tape did afterwards.

A bullish or bearish note is a call on the first instrument that it names and the tape has. It is
confirmed if that closed higher (bullish) or lower (bearish) 63 sessions after the last close before
the reader could have it, and open until then. A target is reached on the first close at or beyond
its level; it is missed if its year ended without, and open until then. A target without a year, and
a note that leans neither way, say nothing that can come true; one that recalls an earlier target
doesn't set it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.agent.voices import price_targets
from qa.checking.figures import find_dates
from qa.domain import Passage
from qa.market.instruments import find, named
from qa.market.price_rows import QUARTER
from qa.market.prices import Prices
from qa.market.tape import Tape

Outcome = Literal["confirmed", "not confirmed", "reached", "missed", "open"]
FEW = 10  # calls that have been decided: with fewer, a share says nothing
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_RECALLED = re.compile(
    r"\b(began|begun|previous(ly)?|former(ly)?|earlier|recalls?|used to)\b", re.I
)
_LEANS = {"bullish": 1, "bearish": -1}


@dataclass(frozen=True)
class Call:
    """One call. `said` is its stance, or its target's level; `due` the day it is decided by.

    `move` is what followed in percent, over 63 sessions or up to now, and `lead` that less the
    usual benchmark's; of a target, `on` is the day it was reached.
    """

    voice: str
    firm: str
    document: str
    published: date
    symbol: str
    said: str
    outcome: Outcome
    due: date | None
    on: date | None
    move: float | None
    lead: float | None


@dataclass(frozen=True)
class Tally:
    """The calls of one firm: how many were decided, and how many of these came true."""

    firm: str
    calls: int
    decided: int
    right: int

    @property
    def words(self) -> str:
        """The tally in a sentence, with its reservation."""
        told = f"{self.firm}: {self.right} of {self.decided} right"
        left = self.calls - self.decided
        told += f", {left} still open" if left else ""
        return f"{told}; too few to tell." if self.decided < FEW else f"{told}."


def calls(passages: Iterable[Passage], tape: Tape) -> list[Call]:
    """Every call of the passages published by the tape's as-of date, newest first."""
    known = [p for p in passages if p.published is not None and p.published <= tape.as_of]
    found = [*_stances(known, tape), *_targets(known, tape)]
    return sorted(found, key=lambda c: (c.published, c.voice, c.said), reverse=True)


def tallies(found: Sequence[Call]) -> list[Tally]:
    """The calls by firm, those with most decided ones first."""
    firms: dict[str, list[Call]] = {}
    for call in found:
        firms.setdefault(call.firm, []).append(call)
    made = []
    for firm, own in firms.items():
        decided = [c for c in own if c.outcome != "open"]
        right = sum(c.outcome in ("confirmed", "reached") for c in decided)
        made.append(Tally(firm, len(own), len(decided), right))
    return sorted(made, key=lambda t: (-t.decided, -t.calls, t.firm))


def _stances(passages: Sequence[Passage], tape: Tape) -> Iterator[Call]:
    told: set[tuple[str, str]] = set()
    for passage in passages:
        lean = _LEANS.get(passage.stance or "")
        symbol = _subject(passage, tape)
        if lean is None or symbol is None or (passage.document, symbol) in told:
            continue
        told.add((passage.document, symbol))
        base = _row_before(tape.history(symbol), passage.day)
        if base is None:
            continue
        due, move, lead = _followed(tape, symbol, base)
        outcome: Outcome = "open"
        if due is not None and move is not None:
            outcome = "confirmed" if move * lean > 0 else "not confirmed"
        yield _call(passage, symbol, passage.stance or "", outcome, due, None, move, lead)


def _subject(passage: Passage, tape: Tape) -> str | None:
    """The first instrument with a price that the note is about."""
    asked = (*passage.tickers, *find(passage.title), *find(passage.text))
    kinds = ("index", "fund")
    return next((s for s in asked if named(s).kind in kinds and tape.holds(s)), None)


def _row_before(prices: Prices, day: date) -> int | None:
    """The last row on or before the day of publication."""
    row = int(prices.frame.index.searchsorted(str(day), "right")) - 1
    return row if row >= 0 else None


def _followed(tape: Tape, symbol: str, base: int) -> tuple[date | None, float | None, float | None]:
    """The 63rd session after a row (None if to come), and the move and lead until then, or now."""
    prices = tape.history(symbol)
    last = min(base + QUARTER, len(prices.frame) - 1)
    if last == base:
        return None, None, None
    first_day, last_day = (prices.frame.index[row].date() for row in (base, last))
    move = _between(prices, first_day, last_day)
    other = named(symbol).benchmark
    its = (
        _between(tape.history(other), first_day, last_day) if other and tape.holds(other) else None
    )
    due = last_day if last == base + QUARTER else None
    return due, move, None if move is None or its is None else move - its


def _between(prices: Prices, first: date, last: date) -> float | None:
    """The return between two closes in percent; None where the series lacks one of them."""
    index = prices.frame.index
    rows = [int(index.searchsorted(str(day), "left")) for day in (first, last)]
    if any(
        r >= len(index) or index[r].date() != d for r, d in zip(rows, (first, last), strict=True)
    ):
        return None
    begin, end = (float(prices.frame["close"].iloc[row]) for row in rows)
    return (end / begin - 1) * 100


def _targets(passages: Sequence[Passage], tape: Tape) -> Iterator[Call]:
    told: set[tuple[str, str, float]] = set()
    for target in price_targets([(p.id, p) for p in passages]):
        place = (target.passage.document, target.symbol, target.level)
        due = _due(target.sentence, target.passage)
        if place in told or due is None or _RECALLED.search(target.sentence):
            continue
        if not tape.holds(target.symbol):
            continue
        told.add(place)
        prices = tape.history(target.symbol)
        base = _row_before(prices, target.passage.day)
        if base is None:
            continue
        closes = prices.frame["close"].iloc[base:].loc[: str(due)]
        if closes.empty:  # published after its own year
            continue
        above = target.level >= float(closes.iloc[0])
        beyond = closes >= target.level if above else closes <= target.level
        on = closes.index[int(beyond.to_numpy().argmax())].date() if bool(beyond.any()) else None
        outcome: Outcome = "reached" if on else "missed" if tape.as_of > due else "open"
        move = (target.level / float(closes.iloc[-1]) - 1) * 100
        said = f"{target.level:,.0f}"
        yield _call(target.passage, target.symbol, said, outcome, due, on, move, None)


def _due(sentence: str, passage: Passage) -> date | None:
    """The end of the last year that the sentence names, or else the note's horizon."""
    named_there = [int(y) for d in find_dates(sentence) for y in _YEAR.findall(d.text)]
    years = named_there or [int(y) for y in _YEAR.findall(passage.horizon or "")]
    return date(max(years), 12, 31) if years else None


def _call(
    passage: Passage,
    symbol: str,
    said: str,
    outcome: Outcome,
    due: date | None,
    on: date | None,
    move: float | None,
    lead: float | None,
) -> Call:
    return Call(
        voice=passage.voices,
        firm=passage.firm or passage.author or passage.title,
        document=passage.document,
        published=passage.day,
        symbol=symbol,
        said=said,
        outcome=outcome,
        due=due,
        on=on,
        move=move,
        lead=lead,
    )

"""The instruments that belong to a question: funds on the same market, peers, what weighs on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from qa.domain import Answer, Metric
from qa.market.instruments import SECTORS, US_INDICES, Instrument, find, kin, named

IMPLIED = {"^RUT": "^RVX", "^GSPC": "^VIX"}
RATES = ("^TNX",)
CREDIT = ("HYG", "LQD")
# Where an answer has no window of its own: about a quarter.
USUAL_DAYS = 91


@dataclass(frozen=True)
class Kin:
    """Instruments that stand to the question's in the same way."""

    title: str
    instruments: tuple[Instrument, ...]


def subject_of(answer: Answer) -> str | None:
    """The symbol that an answer is about: its question's, else that of its first metric."""
    named_first = next(iter(find(answer.question.text)), None)
    measured = (e.symbols[0] for e in answer.evidence if isinstance(e, Metric) and e.symbols)
    return named_first or next(measured, None)


def window_of(answer: Answer) -> tuple[date, date]:
    """The days over which the answer's first performance is measured, else the last quarter."""
    for evidence in answer.evidence:
        if isinstance(evidence, Metric) and evidence.tool == "performance" and evidence.window:
            return evidence.window.start, evidence.window.end
    end = answer.question.as_of
    return end - timedelta(days=USUAL_DAYS), end


def related(subject: str) -> list[Kin]:
    """The instruments that belong to one, in groups; none of them twice, nor the one itself."""
    shown = {subject}
    groups = []
    for title, symbols in _groups(subject):
        new = [s for s in dict.fromkeys(symbols) if s not in shown]
        shown.update(new)
        if new:
            groups.append(Kin(title, tuple(named(s) for s in new)))
    return groups


def _groups(subject: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    same = sorted(kin(subject))
    yield "The same market", tuple(same)
    indices = [s for s in US_INDICES if s not in same]
    peers = SECTORS if subject in SECTORS else ()
    yield "Peers", (*peers, *indices)
    yield "Volatility, yields and credit", (*_implied(same), *RATES, *CREDIT)
    yield "Sectors", SECTORS


def _implied(symbols: list[str]) -> tuple[str, ...]:
    own = [IMPLIED[s] for s in symbols if s in IMPLIED]
    return (*own, "^VIX")


def question_on(instrument: Instrument, start: date, end: date) -> str:
    """The question to go on with: what the instrument did over the same days."""
    if instrument.kind == "yield":
        return f"Where did {instrument.spoken} close on {end}?"
    name = instrument.symbol if instrument.kind == "fund" else instrument.spoken
    return f"How did {name} do from {start} to {end}?"

"""What a piece of evidence holds, read once: its figures by size, instruments, lengths and days.

Evidence never changes while it is held, so what was read of it is kept with it, by identity.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from qa.checking.layout import lay_out
from qa.checking.numerals import NUMBER_WORD, compiled, word_value
from qa.checking.stated import Stated, matches, reach, same
from qa.domain import Figure, Metric, Passage
from qa.market.instruments import BY_SYMBOL, SECTORS, find, kin, named

Length = tuple[int, str]

_LENGTH = rf"(?<![\d.,])(\d{{1,4}}|{NUMBER_WORD})[- ]?(?:trading[- ]|calendar[- ])?" + (
    r"(day|session|week|month|year|quarter|yr|y|close|return|ratio)s?(?![a-z])"
)
_SAME = {
    "session": "day",
    "close": "day",
    "return": "day",
    "ratio": "day",
    "yr": "year",
    "y": "year",
}
_YEAR_LONG: tuple[Length, ...] = ((52, "week"), (12, "month"), (1, "year"))
# Figures that have days of their own beside those of their metric's window.
_OF_THEIR_OWN = (
    "said", "fits", "year_end", "streak", "longer_streak", "deepest", "peak", "golden_cross",
    "death_cross",
)  # fmt: skip
_AND_THE_LAST_DAY = ("peak", "deepest", "golden_cross", "death_cross")
_IN_A_NAME = re.compile(r"_(\d{1,3})(w|y|)(?:_|$)")


@dataclass(frozen=True)
class Held:
    """A passage or a metric, with what stands in it."""

    evidence: Passage | Metric

    @cached_property
    def instruments(self) -> frozenset[str]:
        """The symbols it is about or names, and those that stand for the same market."""
        return frozenset(s for one in self._named() for s in kin(one))

    def _named(self) -> Iterator[str]:
        evidence = self.evidence
        if isinstance(evidence, Metric):
            yield from evidence.symbols
            yield from (b for s in evidence.symbols if s in SECTORS and (b := named(s).benchmark))
            told = [evidence.definition, *evidence.notes, *_cells(evidence)]
        else:
            yield from (t.upper() for t in evidence.tickers)
            said = (evidence.text, evidence.title, evidence.author, evidence.firm)
            told = [part for part in (*said, evidence.document) if part]
        for part in told:
            yield from find(part)

    @cached_property
    def lengths(self) -> frozenset[Length]:
        """The lengths of time that it speaks of."""
        evidence = self.evidence
        if isinstance(evidence, Passage):
            return read_lengths(evidence.text.lower())
        held: frozenset[Length] = frozenset()
        for name in evidence.figures:
            if found := _IN_A_NAME.search(name):
                held |= {(int(found[1]), {"w": "week", "y": "year"}.get(found[2], "day"))}
                held |= frozenset(_YEAR_LONG if found[2] else ())
        told = [evidence.definition, *evidence.notes, *_cells(evidence)[:40]]
        told += [BY_SYMBOL[s].name for s in evidence.symbols if s in BY_SYMBOL]
        held = held.union(*(read_lengths(part.lower()) for part in told))
        return held | {(v, "day") for v in evidence.arguments.values() if isinstance(v, int)}

    @cached_property
    def days(self) -> frozenset[date]:
        """The days that a passage names, that of its publication among them."""
        if isinstance(self.evidence, Metric):
            return frozenset()
        days = {d.day for d in lay_out(self.evidence.text).days if d.day}
        return frozenset(days | ({self.evidence.published} if self.evidence.published else set()))

    def own_days(self, name: str) -> tuple[frozenset[date], frozenset[date]]:
        """The days on which the measurement of a metric's figure starts, and those it ends on."""
        if name not in self._own_days:
            self._own_days[name] = self._read_own_days(name)
        return self._own_days[name]

    @cached_property
    def _own_days(self) -> dict[str, tuple[frozenset[date], frozenset[date]]]:
        return {}

    @cached_property
    def _dates(self) -> dict[str, date]:
        """The figures of a metric that are days."""
        figures = self.evidence.figures if isinstance(self.evidence, Metric) else {}
        return {name: f.value for name, f in figures.items() if isinstance(f.value, date)}

    def _read_own_days(self, name: str) -> tuple[frozenset[date], frozenset[date]]:
        days = self._dates
        plain = name.removesuffix("_benchmark").removesuffix("_level").removesuffix("_close")
        lead = next((w for w in _OF_THEIR_OWN if plain == w or plain.startswith(w + "_")), None)
        own = {n: d for n, d in days.items() if n.startswith(lead + "_")} if lead else {}
        if f"{name}_date" in days:
            own[f"{name}_date"] = days[f"{name}_date"]
        window = self.evidence.window if isinstance(self.evidence, Metric) else None
        starts = {d for n, d in own.items() if "start" in n or "peak" in n}
        ends = {d for n, d in own.items() if "start" not in n}
        if not own or lead in _AND_THE_LAST_DAY:
            starts |= {days[n] for n in ("start_date", "history_start") if n in days}
            ends |= {days[n] for n in ("end_date", "session") if n in days}
            if window:
                starts.add(window.start)
                ends.add(window.end)
        return frozenset(starts), frozenset(ends)

    def repeats(self, stated: Stated) -> bool:
        """Whether the text of a passage, or a note of a metric, states the same."""
        if stated.value is None:
            return False
        told = [other for other in self._told.get(abs(stated.value), ()) if same(stated, other)]
        if isinstance(self.evidence, Metric) and not stated.signed:
            return any((other.value or 0.0) >= 0 for other in told)  # no fall without its sign
        return bool(told)

    @cached_property
    def _told(self) -> Mapping[float, list[Stated]]:
        """What is stated in words, by its size."""
        evidence = self.evidence
        texts = (evidence.text,) if isinstance(evidence, Passage) else evidence.notes
        told: dict[float, list[Stated]] = {}
        for text in texts:
            for stated in lay_out(text).numbers:
                if stated.value is not None:
                    told.setdefault(abs(stated.value), []).append(stated)
        return told

    def rounding_to(self, stated: Stated) -> list[tuple[str, float]]:
        """The figures of a metric that round to what is stated, in their order, with values."""
        if stated.value is None or not self._sizes:
            return []
        near: dict[int, tuple[str, Figure]] = {}
        for low, high in reach(stated):
            first, last = bisect_left(self._sizes, low), bisect_right(self._sizes, high)
            near |= {place: held for _, place, held in self._by_size[first:last]}
        return [
            (name, figure.value)
            for _, (name, figure) in sorted(near.items())
            if isinstance(figure.value, float) and _rounds_to(stated, figure, figure.value)
        ]

    @cached_property
    def _by_size(self) -> list[tuple[float, int, tuple[str, Figure]]]:
        """The numbers of a metric by their size, each with its place among its figures."""
        figures = self.evidence.figures if isinstance(self.evidence, Metric) else {}
        return sorted(
            (abs(held[1].value), place, held)
            for place, held in enumerate(figures.items())
            if isinstance(held[1].value, float) and math.isfinite(held[1].value)
        )

    @cached_property
    def _sizes(self) -> list[float]:
        return [size for size, _, _ in self._by_size]


def _rounds_to(stated: Stated, figure: Figure, value: float) -> bool:
    """Whether a figure is what is stated; "at least 6.75%" may be said of one shown as 6.75%."""
    if matches(stated, value, figure.unit):
        return True
    return bool(stated.bound) and matches(stated, round(value, figure.decimals), figure.unit)


def _cells(metric: Metric) -> list[str]:
    """The words in the table of a metric."""
    rows = metric.table.rows if metric.table else ()
    return [cell for row in rows for cell in row if isinstance(cell, str)]


@lru_cache(maxsize=1024)
def read_lengths(text: str) -> frozenset[Length]:
    """The lengths of time in a text of lower case: "20-day" is (20, "day")."""
    found = set()
    for number, unit in compiled(_LENGTH).findall(text):
        size = int(number) if number.isdigit() else word_value(number)
        found.add((size, _SAME.get(unit, unit)))
    return frozenset(found)


class _Itself:
    """A piece of evidence as a key: it equals itself and nothing else."""

    __slots__ = ("evidence",)

    def __init__(self, evidence: Passage | Metric) -> None:
        self.evidence = evidence

    def __hash__(self) -> int:
        return id(self.evidence)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.evidence is other.evidence


@lru_cache(maxsize=512)
def _held(itself: _Itself) -> Held:
    return Held(itself.evidence)


def held(evidence: Passage | Metric) -> Held:
    """What a piece of evidence holds; it is read once, as far as it is asked for."""
    return _held(_Itself(evidence))

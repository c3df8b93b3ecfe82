"""A sentence laid out: its numbers, days and instruments, and the words between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from qa.checking.figures import Stated, read_figures
from qa.checking.numerals import compiled, found_after
from qa.market.instruments import INSTRUMENTS, SECTORS

Span = tuple[int, int]
LITERALS = ("date", "name", "window")
# Names that are never a common noun: "energy" or "banks" may be a reason, not a subject.
_COMMON = ("small", "large")
_DAY = "\x00"  # stands in the words for a day
NAME = "\x01"  # stands in the words for an instrument
# "from the close of DAY": where a move is measured from, and no level.
_MEASURED = (
    r"(?:from|to|through|until|since|between|and) (?:the |that |its )?"
    rf"(?:(?:prior |previous )?(?:open|close)s? )?(?:of |on )?{_DAY}+"
)
# Between two figures that share the words before the first: "6.75% (+168.73", "0.97% against 0.6".
_JOINT = (
    r"[\s(),/&+;:-]*(?:(?:and|or|against|versus|vs\.?|compared with|of which|then|a|the"
    rf"|for|in all|{_DAY}+|{NAME}+)[\s(),/&+;:-]+)*"
)


_TO = rf"\s*(?:\({_DAY}+\)\s*)?(?:to|and|-)\s*"
_OR_LOWEST = re.compile(r"[\s,;]*(?:and )?(?:the |its )?(?:lowest|highest)(?: was| at| of)?\s*")
_BARE = re.compile(r"[\d,]*\.?\d+")
_ASIDE = r"\s*\([^()]*\)"
_MOVES = ("percent", "percentage_points", "points", "basis_points")


@dataclass(frozen=True, slots=True)
class Named:
    """An instrument in a text. `proper`: the words are a name, and no common noun."""

    span: Span
    symbol: str
    proper: bool


@dataclass(frozen=True)
class Layout:
    """A text with what stands in it, in order."""

    text: str
    figures: tuple[Stated, ...]

    @cached_property
    def numbers(self) -> tuple[Stated, ...]:
        """The figures that have a value."""
        return tuple(f for f in self.figures if f.kind not in LITERALS)

    @cached_property
    def days(self) -> tuple[Stated, ...]:
        """The days of the calendar, year stated or not."""
        return tuple(f for f in self.figures if f.kind == "date" and f.precision == "day")

    @cached_property
    def windows(self) -> tuple[Stated, ...]:
        """The lengths of time that stand before a noun: "52-week"."""
        return tuple(f for f in self.figures if f.kind == "window")

    @cached_property
    def instruments(self) -> tuple[Named, ...]:
        """The instruments that the text names."""
        before, pattern, symbols = _names()
        return tuple(
            Named(m.span(), symbol, _is_proper(self.text[slice(*m.span())], symbol))
            for m in found_after(before, pattern, self._lower)
            for symbol in (symbols[m.group()],)
        )

    @cached_property
    def masked(self) -> str:
        """The text with each instrument's name blanked out; positions agree with the text's."""
        return _blank(self.text, self.instruments, NAME)

    def from_names(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """What a pattern that begins with an instrument's name finds in the masked text."""
        end = 0
        for named in self.instruments:
            if named.span[0] >= end and (found := pattern.match(self.masked, named.span[0])):
                yield found
                end = found.end()

    def named_at(self, at: int) -> Named:
        """The instrument whose name begins at a place."""
        return next(named for named in self.instruments if named.span[0] == at)

    @cached_property
    def low(self) -> str:
        """The text in lower case, with days blanked out; positions agree with the text's."""
        return _blank(self._lower, self.days, _DAY)

    @cached_property
    def _lower(self) -> str:
        return self.text.lower() if self.text.isascii() else "".join(map(_lower, self.text))

    @cached_property
    def plain(self) -> str:
        """The text in lower case with days and instruments blanked out."""
        return _blank(self.low, self.instruments, NAME)

    @cached_property
    def _edges(self) -> tuple[list[int], list[int]]:
        """Where the numbers begin, and where they end."""
        return [n.span[0] for n in self.numbers], [n.span[1] for n in self.numbers]

    def bounds(self, span: Span) -> Span:
        """Where the words around a figure begin and end: at the numbers on either side."""
        starts, ends = self._edges
        before, after = bisect_right(ends, span[0]), bisect_left(starts, span[1])
        left = ends[before - 1] if before else 0
        return left, starts[after] if after < len(starts) else len(self.text)

    def before(self, span: Span) -> Stated | None:
        """The number before a figure."""
        place = bisect_right(self._edges[1], span[0])
        return self.numbers[place - 1] if place else None

    @cached_property
    def _said(self) -> dict[Span, tuple[str, str, str, str]]:
        return {}

    def words(self, span: Span) -> tuple[str, str, str, str]:
        """The words that speak of a figure: before it, those shared with figures before, after it.

        The words after it skip what stands in parentheses: "6.75% (+168.73 points) on the day";
        the last are those right beside it, parentheses and all.
        """
        if span not in self._said:
            self._said[span] = self._read(span)
        return self._said[span]

    def _read(self, span: Span) -> tuple[str, str, str, str]:
        start, _ = self.bounds(span)
        own = self._measured_out(self.plain[start : span[0]])
        shared, left, at = [own], own, span
        while (before := self.before(at)) is not None:
            if self._is_move(before.span) != self._is_move(at):
                break
            start, _ = self.bounds(before.span)
            earlier = self._measured_out(self.plain[start : before.span[0]])
            if not compiled(_JOINT).fullmatch(left) and not _goes_on(earlier, left):
                break
            at, left = before.span, earlier
            shared.append(left)
        return own, " # ".join(reversed(shared)), self.after(span), self.plain[span[1] :][:24]

    def after(self, span: Span) -> str:
        """The words from a figure to the next one that doesn't stand in parentheses beside it."""
        at = span[1]
        while aside := compiled(_ASIDE).match(self.plain, at):
            at = aside.end()
        return self.plain[at : self.bounds((at, at))[1]]

    def _is_move(self, span: Span) -> bool:
        """Whether the figure at a place is a move, or a share, and no level."""
        place = bisect_right(self._edges[1], span[0])  # the first that ends behind its start
        found = self.numbers[place] if place < len(self.numbers) else None
        if found is None or found.span[0] >= span[1]:
            return False
        return found.unit in _MOVES and not _BARE.fullmatch(found.text)

    @staticmethod
    def _measured_out(words: str) -> str:
        return compiled(_MEASURED).sub(" ", words) if _DAY in words else words


def _goes_on(earlier: str, own: str) -> bool:
    """Whether words complete those before: "range is 5 to 6", "highest close 6, lowest 5"."""
    if compiled(_TO).fullmatch(own):
        return "range" in earlier or "between" in earlier
    return bool(_OR_LOWEST.fullmatch(own)) and ("highest" in earlier or "lowest" in earlier)


def _lower(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char


def _is_proper(name: str, symbol: str) -> bool:
    if symbol in SECTORS:
        return name == symbol
    return not name.lower().startswith(_COMMON)


def _blank(text: str, found: Sequence[Stated | Named], char: str) -> str:
    """The text with a character in place of each one of what was found."""
    for one in found:
        start, end = one.span
        text = text[:start] + char * (end - start) + text[end:]
    return text


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], str, dict[str, str]]:
    """What stands before a name, the pattern of all names, and the symbol of each."""
    symbols = {alias.lower(): i.symbol for i in INSTRUMENTS for alias in (*i.aliases, i.symbol)}
    symbols |= {i.name.lower(): i.symbol for i in INSTRUMENTS if "(" not in i.name}
    names = sorted(map(re.escape, symbols), key=len, reverse=True)
    pattern = rf"(?<![\w^])(?:{'|'.join(names)})(?![\w])(?!\s*(?:\d|small|mid|equal))"
    before = rf"[^\w^](?={'|'.join(sorted({re.escape(name[:3]) for name in symbols}))})"
    return re.compile(before), pattern, symbols


@lru_cache(maxsize=1024)
def lay_out(text: str) -> Layout:
    """The layout of a text, made once."""
    return Layout(text, tuple(read_figures(text)))

"""A sentence laid out: its numbers, days and instruments, and the words between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from qa.checking.figures import Stated, read_figures
from qa.checking.numerals import compiled, found_after
from qa.market.instruments import INSTRUMENTS, OTHERS, SECTORS

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
_SHARED = 400  # characters: no list of figures is led by words from further away


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
    # What was asked for before: words by figure, words before each number, patterns.
    _said: dict[Span, tuple[str, str, str, str]] = field(default_factory=dict, repr=False)
    _told: list[tuple[str, str]] = field(default_factory=list, repr=False)
    _searched: dict[str, bool] = field(default_factory=dict, repr=False)

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
            if symbol
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
        before = bisect_right(ends, span[0])
        after = bisect_left(starts, span[1], before)
        left = ends[before - 1] if before else 0
        return left, starts[after] if after < len(starts) else len(self.text)

    def before(self, span: Span) -> Stated | None:
        """The number before a figure."""
        place = bisect_right(self._edges[1], span[0])
        return self.numbers[place - 1] if place else None

    def says(self, pattern: str) -> bool:
        """Whether a pattern finds anything in `low`; each is looked for once."""
        if pattern not in self._searched:
            self._searched[pattern] = compiled(pattern).search(self.low) is not None
        return self._searched[pattern]

    def words(self, span: Span) -> tuple[str, str, str, str]:
        """The words that speak of a figure: before it, those shared with figures before, after it.

        The words after it skip what stands in parentheses: "6.75% (+168.73 points) on the day";
        the last are those right beside it, parentheses and all.
        """
        if span not in self._said:
            self._said[span] = self._read(span)
        return self._said[span]

    def _read(self, span: Span) -> tuple[str, str, str, str]:
        starts, ends = self._edges
        place = bisect_right(ends, span[0])
        number = self.numbers[place] if place < len(starts) and starts[place] < span[1] else None
        while len(self._told) < place:
            earlier = self.numbers[len(self._told)]
            self._told.append(self._before(earlier.span[0], len(self._told), earlier))
        own, shared = self._before(span[0], place, number)
        return own, shared, self.after(span), self.plain[span[1] : span[1] + 24]

    def _before(self, at: int, place: int, number: Stated | None) -> tuple[str, str]:
        """The words between the number before `at` and it, alone and with those that they share.

        `place` is how many numbers stand before, `number` the one that begins at `at`.
        """
        if not place:
            own = self._measured_out(self.plain[:at])
            return own, own
        before = self.numbers[place - 1]
        own = self._measured_out(self.plain[before.span[1] : at])
        if _is_move(before) == _is_move(number):
            earlier, shared = self._told[place - 1]
            if compiled(_JOINT).fullmatch(own) or _goes_on(earlier, own):
                return own, f"{shared} # {own}"[-_SHARED:]
        return own, own

    def after(self, span: Span) -> str:
        """The words from a figure to the next one that doesn't stand in parentheses beside it."""
        at = span[1]
        while aside := compiled(_ASIDE).match(self.plain, at):
            at = aside.end()
        return self.plain[at : self.bounds((at, at))[1]]

    @staticmethod
    def _measured_out(words: str) -> str:
        return compiled(_MEASURED).sub(" ", words) if _DAY in words else words


def _is_move(number: Stated | None) -> bool:
    """Whether a number is a move, or a share, and no level."""
    if number is None or number.unit not in _MOVES:
        return False
    return not _BARE.fullmatch(number.text)


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
    if not found:
        return text
    parts: list[str] = []
    at = 0
    for one in found:
        start, end = one.span
        parts += (text[at:start], char * (end - start))
        at = end
    return "".join((*parts, text[at:]))


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], str, dict[str, str]]:
    """What stands before a name, the pattern of all names, and the symbols, "" of others."""
    symbols = {alias.lower(): i.symbol for i in INSTRUMENTS for alias in (*i.aliases, i.symbol)}
    symbols |= {i.name.lower(): i.symbol for i in INSTRUMENTS if "(" not in i.name}
    symbols |= dict.fromkeys(OTHERS, "")
    names = sorted(map(re.escape, symbols), key=len, reverse=True)
    pattern = rf"(?<![\w^])(?:{'|'.join(names)})(?![\w])(?!\s*(?:\d|small|mid|equal))"
    begins: dict[str, set[str]] = {}  # by first letter: each place is tried against a few
    for name in symbols:
        begins.setdefault(re.escape(name[0]), set()).add(re.escape(name[1:3]))
    stems = (f"{first}(?:{'|'.join(sorted(rest))})" for first, rest in sorted(begins.items()))
    return re.compile(rf"[^\w^](?={'|'.join(stems)})"), pattern, symbols


@lru_cache(maxsize=1024)
def lay_out(text: str) -> Layout:
    """The layout of a text, made once."""
    return Layout(text, tuple(read_figures(text)))

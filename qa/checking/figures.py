"""Every number in English financial text: value, unit, scale, sign, stated rounding and span.

`read_figures` gives each digit of a text to exactly one `Stated`, dates and names included, so
nothing is invented by splitting and nothing slips by. `matches` says whether a true value rounds
to what is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.checking import counting, dates, direction, names
from qa.checking.numerals import (
    TAKEN,
    Numeral,
    fold,
    has_digit,
    has_word,
    read_digits,
    read_parts,
    read_words,
)
from qa.checking.stated import Bound, Kind, Stated, matches

if TYPE_CHECKING:
    from qa.domain import Unit

__all__ = ["Kind", "Stated", "find_dates", "matches", "read_figures"]

_RANGE = re.compile(
    r"(?: ?[-—] ?|[ \u00a0](?:to|through)[ \u00a0](?:about |around |nearly )?|-to-)"
)
_SHARED = re.compile(r",? (?:and|or|vs\.?|versus|to) |, | ?/ ?|-")
_SAME_MOVE = re.compile(r",? (?:and|or) | \(| ?/ ?")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![a-z0-9])")
_ONE_OF_A_KIND = re.compile(
    r" (?:(?:more|rate|interest-rate|further|additional|trading|straight|prior|new|full) )*"
    r"(?:session|day|week|month|year|cut|hike|vote|company|stock|meeting|record|dissent|decade)s?(?![a-z])"
    r"| of (?:the )?[0-9]| in [0-9]"
)
_OF = re.compile(r" (?:out )?(?:of|in) (?:the |its |their |every |last |past |our ){0,2}")
_MOVES = ("percent", "percentage_points", "basis_points", "points")
_SIGNABLE = (*_MOVES, "price", None)


class _Page:
    """A text while it is read: what one reader takes, the next does not see."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.low, self.cased = fold(text)
        self.left = self.low
        self.read: list[Stated] = []

    def take(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Take these stretches, first come first served; those that were free are returned."""
        if not spans:
            return []
        free, pieces, at = [], [], 0
        for start, end in sorted(spans):
            if start >= at and TAKEN not in self.left[start:end]:
                pieces += [self.left[at:start], TAKEN * (end - start)]
                free.append((start, end))
                at = end
        if free:
            self.left = "".join((*pieces, self.left[at:]))
        return free

    def state(self, start: int, end: int, kind: Kind) -> Stated:
        return Stated(self.text[start:end], (start, end), kind)

    def take_all(self, spans: Iterator[tuple[int, int]], kind: Kind) -> None:
        self.read += [self.state(*span, kind) for span in self.take(list(spans))]

    def take_dates(self, found: Iterator[dates.Dated]) -> None:
        by_span = {d[:2]: d for d in found if self._is_date(d)}
        for span in self.take(list(by_span)):
            dated = by_span[span]
            self.read.append(
                Stated(
                    self.text[slice(*span)],
                    span,
                    "date",
                    day=dated.day,
                    year_stated=dated.year_stated,
                    precision=dated.precision,
                    range_end=dated.range_end,
                )
            )

    def _is_date(self, dated: dates.Dated) -> bool:
        level = dated.bare_year and counting.level_not_year(self.low, dated.start, dated.end)
        return not level


def read_figures(text: str, *, year_hint: int | None = None) -> list[Stated]:
    """Every number in `text`, in order, never overlapping; raises on no string.

    `year_hint` is the year of days that state none ("Jan. 23"); without it they have no `day`.
    """
    page = _Page(text)
    numerals: list[Numeral] = []
    if has_digit(page.low):
        page.take(list(names.passed_over(page.left)))
        page.take_all(names.read_names(page.left), "name")
        page.take_dates(dates.read_days(page.left, page.cased, year_hint))
        page.take_dates(dates.read_quarters(page.left))
        page.take_all(names.read_windows(page.left), "window")
        page.take_dates(dates.read_years(page.left))
        page.take_all(names.read_lettered(page.left, page.cased), "name")
        numerals = list(read_digits(page.left))
        page.take([n[:2] for n in numerals])
    elif has_word(page.low):
        page.take_all(names.read_names(page.left), "name")
        page.take_all(names.read_windows(page.left), "window")
    for reader in (read_parts, read_words):
        by_span = {n[:2]: n for n in reader(page.left)}
        numerals += [by_span[span] for span in page.take(list(by_span))]
    numerals.sort(key=lambda n: n.start)
    page.read += _stated(page, numerals) if numerals else []
    return sorted(page.read, key=lambda s: s.span)


def find_dates(text: str, *, year_hint: int | None = None) -> list[Stated]:
    """The dates among the figures of `text`."""
    return [s for s in read_figures(text, year_hint=year_hint) if s.kind == "date"]


@dataclass(slots=True)
class _Item:
    """A numeral on its way to being stated, with the free text on either side of it."""

    numeral: Numeral
    around: direction.Surroundings
    unit: Unit | None
    scale: float
    currency: str | None
    sign: int
    bound: Bound
    approximate: bool
    count: bool = False
    ordinal: bool = False
    range_end: bool = False


def _stated(page: _Page, numerals: list[Numeral]) -> list[Stated]:
    """The numerals of the page as figures, each read among its neighbours."""
    edges = [*sorted([s.span for s in page.read] + [n[:2] for n in numerals]), (len(page.low), 0)]
    floor, room = 0, {}
    for (start, end), (ceiling, _) in pairwise(edges):
        room[start] = floor, ceiling
        floor = end
    items = [_item(page.low, n, *room[n.start]) for n in numerals]
    kept = [item for item in items if not item.numeral.word or _is_number(page.low, item)]
    for earlier, later in reversed(list(pairwise(kept))):
        _link_units(page.low, earlier, later)
    for earlier, later in pairwise(kept):
        _link_signs(page.low, earlier, later)
    return [_finish(page, item) for item in kept]


def _item(low: str, n: Numeral, floor: int, ceiling: int) -> _Item:
    """A numeral and what the words around it say of it."""
    plain = n.unit is None and (n.decimals == 0 or n.scale > 1)
    ordinal = plain and not n.word and bool(_ORDINAL.match(low, n.end))
    around = direction.before(low, floor, n.start)
    count = None
    if plain and not (ordinal or n.sign):
        count = counting.counted(low, n.end, ceiling, around.placed)
    counted, end = count or (None, n.end)
    if counted in ("sessions", "time"):
        around = direction.before(low, floor, n.start, timed=True)
    unit: Unit | None = n.unit
    if counted or ordinal:
        unit = "sessions" if counted == "sessions" else "count"
    sign, bound = n.sign, around.bound
    if unit in _SIGNABLE:
        pointed, late = direction.after(low, n.end, ceiling)
        bound = bound or late
        if not sign:
            sign = around.sign or (pointed if unit in _MOVES else 0)
    tilde = low[n.start - 1 : n.start] in ("~", "±") if n.start else False
    return _Item(
        n if end == n.end else n._replace(end=end), around, unit, n.scale, n.currency, sign, bound,
        around.approximate or tilde or bool(bound), bool(counted), ordinal,
    )  # fmt: skip


def _is_number(low: str, item: _Item) -> bool:
    """Whether a number word is meant as a number; "one of the best" isn't."""
    n = item.numeral
    if n.unit or n.scale != 1.0 or n.currency:
        return True
    if n.value == 1:
        return item.count and bool(_ONE_OF_A_KIND.match(low, n.end))
    return item.count or counting.continues(low, n.end) or low[n.start - 4 : n.start] == "-to-"


def _is_range(low: str, a: _Item, b: _Item) -> bool:
    """Whether two neighbours are the ends of a range: "3.5-3.75%", "between 2,500 and 2,600"."""
    between = low[a.numeral.end : b.numeral.start]
    if not _RANGE.fullmatch(between) and not (between == " and " and a.around.last == "between"):
        return False
    return a.numeral.value is not None and b.numeral.value is not None


def _link_units(low: str, a: _Item, b: _Item) -> None:
    """Give the earlier of two neighbours the unit, scale and currency that only the later bears."""
    if b.numeral.start - a.numeral.end > 12 or a.ordinal or a.numeral.glued:
        return
    if (
        a.count
        and not b.count
        and b.unit is None
        and _OF.fullmatch(low, a.numeral.end, b.numeral.start)
    ):
        b.unit, b.count = "count", True
    ranged = _is_range(low, a, b)
    if not ranged and not _SHARED.fullmatch(low, a.numeral.end, b.numeral.start):
        return
    if ranged and a.scale == 1.0 and (a.numeral.value or 0) < 1000 and a.unit in (None, "price"):
        a.scale = b.scale
    if a.unit is None and (b.unit in _MOVES or b.unit == "multiple" or ranged):
        level = b.unit == "percent" and (a.numeral.value or 0) >= 1000  # "2,669.16, 2.60% above"
        if not ranged and (a.count or level):
            return
        a.unit, a.count = b.unit, b.count
        a.currency = a.currency or b.currency
    elif ranged and b.unit is None and not b.count and a.unit == "price":
        b.unit, b.currency = "price", a.currency


def _link_signs(low: str, a: _Item, b: _Item) -> None:
    """Let one move carry over: "up 7.9% to 8%", "down 108.09 points or 5.65%"."""
    if b.numeral.start - a.numeral.end > 12:
        return
    if _is_range(low, a, b):
        _link_range(low, a, b)
        return
    moved = a.sign and not a.numeral.sign and not b.sign
    joined = _SAME_MOVE.fullmatch(low, a.numeral.end, b.numeral.start)
    # In parentheses the same unit is another matter: "up 3.1% (63% of the time)".
    if moved and joined and b.unit in _MOVES and (a.unit != b.unit or "(" not in joined.group()):
        b.sign = a.sign


def _link_range(low: str, a: _Item, b: _Item) -> None:
    """Join the two ends of a range, unless the second is where a move ended: "up 0.2% to 4.1%"."""
    first, second = (a.numeral.value or 0.0) * a.scale, (b.numeral.value or 0.0) * b.scale
    moved_to = a.sign and a.numeral.unit and " to " in low[a.numeral.end : b.numeral.start]
    if second < first or (moved_to and second > 3 * first):
        return
    b.range_end = True
    b.approximate = b.approximate or a.approximate
    if b.unit in _SIGNABLE and not (a.numeral.sign or b.numeral.sign):
        a.sign = a.sign or (0 if a.around.placed else b.sign)
        b.sign = a.sign


def _finish(page: _Page, item: _Item) -> Stated:
    """The figure as stated."""
    n = item.numeral
    end = n.end
    if n.glued:
        return page.state(n.start, end, "name")
    if item.ordinal:
        end += 2
    value = None if n.value is None else n.value * item.scale
    if value is not None and item.sign:
        value *= item.sign
    kind: Kind = "ordinal" if item.ordinal else "count" if item.count else "level"
    if (item.sign and item.unit in _MOVES) or (
        n.unit in ("ratio", "multiple") and _is_verb(page.low, n)
    ):
        kind = "change"
    return Stated(
        page.text[n.start : end],
        (n.start, end),
        kind,
        value,
        item.unit,
        n.decimals,
        item.scale,
        bool(item.sign),
        item.currency,
        item.approximate,
        item.bound,
        range_end=item.range_end,
    )


def _is_verb(low: str, n: Numeral) -> bool:
    """Whether a multiple is a move: "doubled", "halving"."""
    return (
        not n.word and low[n.start].isalpha() and low[n.start : n.end].endswith(("ed", "ing", "es"))
    )

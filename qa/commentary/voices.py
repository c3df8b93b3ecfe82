"""Who speaks: firms and authors as queries name them, how many places one may have, and sides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.commentary.words import words
from qa.domain import Passage, Stance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Parts of a firm's name that people leave out.
_TRAILING = """
advisors advisory and asset bank capital co company corp global group inc institute intelligence
investment investments llc llp ltd management markets partners plc private research securities
services strategies strategists wealth
"""
_NICKNAMES = {"bofa": "bankofamerica", "goldman": "goldmansachs", "jpm": "jpmorgan"}
_ASIDE = re.compile(r"\s*\([^)]*\)")
_LOWER_CASE = re.compile(r"\b[a-z]{4,}\b")
_SIDES: tuple[Stance, Stance] = ("bullish", "bearish")
_ONE_SIDED = re.compile(
    r"\b(bull(s|ish)?|optimis\w+|bear(s|ish)?|s[ck]eptic\w*|pessimis\w+|doubt(s|ers)?"
    r"|case (for|against)|risks?|warn\w*|critic\w*|reasons? (for|against))\b",
    re.IGNORECASE,
)
_LONGEST_NAME = 8
_SHORTEST_SURNAME = 4
# A surname this long is taken for a name without its capital.
_UNMISTAKABLE = 6


class Voices:
    """The firms and authors of some passages, which are known by their places in the sequence.

    A pool is a mask over the places: what lies outside it has no part in who is meant.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._firms = [firm_key(passage.firm) for passage in passages]
        self._keys = [
            self._firms[place] or passage.author or passage.document
            for place, passage in enumerate(passages)
        ]
        self._signed = [bool(passage.firm or passage.author) for passage in passages]
        self._places: dict[str, list[int]] = {}
        self._of_firm: dict[str, list[int]] = {}
        self._surnames: set[str] = set()
        for place, passage in enumerate(passages):
            self._of_firm.setdefault(self._firms[place], []).append(place)
            for name in self._names(self._firms[place], passage.author):
                self._places.setdefault(name, []).append(place)
        self._ordinary: dict[str, list[int]] = {}
        for place, passage in enumerate(passages):
            for word in self._places.keys() & set(_LOWER_CASE.findall(passage.text)):
                self._ordinary.setdefault(word, []).append(place)

    def named(self, query: str, pool: NDArray[np.bool_]) -> set[int]:
        """The passages of the pool by the firms and authors that the query names."""
        tokens, capitals = words(query), {word.lower() for word in _capitalised(query)}
        found: set[int] = set()
        at = 0
        while at < len(tokens):
            for size in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
                name = "".join(tokens[at : at + size])
                name = _NICKNAMES.get(name, name)
                if self._is_meant(name, capitals, pool):
                    found.update(place for place in self._places[name] if pool[place])
                    at += size - 1
                    break
            at += 1
        return found

    def of_firms(self, firms: Collection[str]) -> set[int]:
        """The passages of these firms, whichever way their names are written."""
        wanted = {firm_key(firm) for firm in firms} - {""}
        return {place for firm in wanted for place in self._of_firm.get(firm, ())}

    def of_authors(self, authors: Collection[str]) -> set[int]:
        """The passages of these authors, by their full names or surnames."""
        wanted = {"".join(words(author)) for author in authors}
        return {
            place
            for name in wanted
            for place in self._places.get(name, ())
            if name not in self._of_firm
        }

    def capped(self, places: Iterable[int], most: int) -> Iterator[int]:
        """The places in their order, without those beyond the first `most` of each firm.

        Passages of no firm count by their author, else by their document. Of those that name
        neither, the first `most` keep their order; the others come last, lest texts that nobody
        stands for crowd out the rest.
        """
        counts: Counter[str] = Counter()
        unnamed: list[int] = []
        for place in places:
            counts[self._keys[place]] += 1
            if counts[self._keys[place]] > most:
                continue
            if not self._signed[place]:
                unnamed.append(place)
                if len(unnamed) > most:
                    continue
            yield place
        yield from unnamed[most:]

    def _names(self, firm: str, author: str | None) -> Iterator[str]:
        if firm:
            yield firm
        parts = words(author or "")
        if len(parts) > 1:
            yield "".join(parts)
        if parts and len(parts[-1]) >= _SHORTEST_SURNAME:
            self._surnames.add(parts[-1])
            yield parts[-1]

    def _is_meant(self, name: str, capitals: Collection[str], pool: NDArray[np.bool_]) -> bool:
        if name not in self._places or any(pool[place] for place in self._ordinary.get(name, ())):
            return False
        return name not in self._surnames or name in capitals or len(name) >= _UNMISTAKABLE


def is_one_sided(query: str) -> bool:
    """Whether a query asks for the bulls, or for the skeptics, alone."""
    return bool(_ONE_SIDED.search(query))


def with_both_sides(
    page: Sequence[int], others: Iterable[int], stances: Sequence[Stance | None]
) -> list[int]:
    """The page with the best of `others` in its last places where it lacks a side.

    Sides are bullish and bearish; what goes is the last that isn't the only one of its own side.
    `stances` are those of all places; a page of fewer than three stays as it is.
    """
    kept = list(page)
    if len(kept) < 3:
        return kept
    spare = list(others)
    for side in _SIDES:
        held = Counter(stances[place] for place in kept)
        best = next((place for place in spare if stances[place] == side), None)
        if held[side] or best is None:
            continue
        for at in range(len(kept) - 1, 0, -1):
            stance = stances[kept[at]]
            if stance not in _SIDES or held[stance] > 1:
                del kept[at]
                kept.append(best)
                break
    return kept


@lru_cache(maxsize=4096)
def firm_key(firm: str | None) -> str:
    """One key for a firm's names: "J.P. Morgan", "JPMorgan" and "J.P. Morgan Research" are one."""
    trailing = _TRAILING.split()
    parts = words(_ASIDE.sub("", firm or ""))
    if parts[:1] == ["the"]:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] in trailing:
        parts.pop()
    key = "".join(parts)
    return _NICKNAMES.get(key, key)


def _capitalised(text: str) -> Iterator[str]:
    return (word for word in re.findall(r"[^\W_]+", text) if word[0].isupper())

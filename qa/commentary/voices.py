"""Who speaks: firms and authors as queries name them, and how many places one firm may have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from qa.commentary.words import words
from qa.domain import Passage

# Parts of a firm's name that people leave out.
_TRAILING = """
advisors advisory and asset bank capital co company corp global group inc institute intelligence
investment investments llc llp ltd management markets partners plc private research securities
services strategies strategists wealth
"""
_NICKNAMES = {"bofa": "bankofamerica", "goldman": "goldmansachs", "jpm": "jpmorgan"}
_ASIDE = re.compile(r"\s*\([^)]*\)")
_LOWER_CASE = re.compile(r"\b[a-z]{4,}\b")
_LONGEST_NAME = 8
_SHORTEST_SURNAME = 4
# A surname this long is taken for a name without its capital.
_UNMISTAKABLE = 6


class Voices:
    """The firms and authors of some passages, which are known by their places in the sequence."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._firms = [firm_key(passage.firm) for passage in passages]
        self._keys = [
            self._firms[place] or passage.author or passage.document
            for place, passage in enumerate(passages)
        ]
        self._ordinary = {
            word for passage in passages for word in _LOWER_CASE.findall(passage.text)
        }
        self._places: dict[str, set[int]] = {}
        self._surnames: set[str] = set()
        for place, passage in enumerate(passages):
            for name in self._names(place, passage.author):
                self._places.setdefault(name, set()).add(place)

    def named(self, query: str) -> set[int]:
        """The passages of the firms and authors that the query names."""
        tokens, capitals = words(query), {word.lower() for word in _capitalised(query)}
        found: set[int] = set()
        at = 0
        while at < len(tokens):
            for size in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
                name = "".join(tokens[at : at + size])
                name = _NICKNAMES.get(name, name)
                if name in self._places and self._is_meant(name, capitals):
                    found |= self._places[name]
                    at += size - 1
                    break
            at += 1
        return found

    def of_firms(self, firms: Collection[str]) -> set[int]:
        """The passages of these firms, whichever way their names are written."""
        wanted = {firm_key(firm) for firm in firms}
        return {place for place, firm in enumerate(self._firms) if firm and firm in wanted}

    def capped(self, places: Sequence[int], most: int) -> list[int]:
        """The places in their order, without those beyond the first `most` of each firm.

        Passages of no firm count by their author, else by their document.
        """
        counts: Counter[str] = Counter()
        kept: list[int] = []
        for place in places:
            counts[self._keys[place]] += 1
            if counts[self._keys[place]] <= most:
                kept.append(place)
        return kept

    def _names(self, place: int, author: str | None) -> Iterator[str]:
        firm = self._firms[place]
        if firm and firm not in self._ordinary:
            yield firm
        parts = words(author or "")
        if len(parts) > 1:
            yield "".join(parts)
        if parts and len(parts[-1]) >= _SHORTEST_SURNAME and parts[-1] not in self._ordinary:
            self._surnames.add(parts[-1])
            yield parts[-1]

    def _is_meant(self, name: str, capitals: Collection[str]) -> bool:
        return name not in self._surnames or name in capitals or len(name) >= _UNMISTAKABLE


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

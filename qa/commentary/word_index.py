"""Word search: BM25 whose rarities are those of the pool that is asked, and of no other passage.

A library's index weighs each word by all that was indexed, so a passage published tomorrow would
change what is found today. Here the counts are kept, and the weights are made for each question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from qa.commentary.words import meanings, stem, stop_words, terms, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Found = tuple[NDArray[np.int32], NDArray[np.float32]]

# The parameters of BM25, in the form that Lucene gives it: how fast a word's repetition stops
# counting, and how much a passage's length counts.
REPETITION = 1.5
LENGTH = 0.75
# A passage that has another phrase for a meaning of the query earns this share of the phrase.
SYNONYM_SHARE = 0.5

Meaning = tuple[frozenset[str], list[tuple[str, ...]]]


@dataclass(frozen=True)
class WordQuery:
    """A query as the word search sees it."""

    text: str

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The stems that carry meaning, each once."""
        return tuple(dict.fromkeys(terms(self.text)))

    @cached_property
    def meanings(self) -> list[Meaning]:
        """The market meanings it speaks of; see `words.meanings`."""
        return meanings(self.text)


class _Vocabulary(dict[str, int]):
    """The number of each word's term, or -1 for a stop word; a word is read when first met."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = -1
        if word not in stop_words():
            number = self.terms.setdefault(stem(word), len(self.terms))
        self[word] = number
        return number


class WordIndex:
    """The words of some texts, known by their places 0..n-1. Pools are masks over the places.

    `lengths` are the numbers of terms, (n,).
    """

    def __init__(self, texts: Iterable[str]) -> None:
        import numpy as np

        known = _Vocabulary()
        found: list[NDArray[np.int64]] = []
        for text in texts:
            ids = np.array([known[word] for word in words(text)], dtype=np.int64)
            found.append(ids[ids >= 0])
        self._terms = known.terms
        self.size = len(found)
        self.lengths = np.array([ids.size for ids in found], dtype=np.float32)
        self._tally(found)

    def _tally(self, found: list[NDArray[np.int64]]) -> None:
        """Keep, for each term, the places that have it and how often."""
        import numpy as np

        places = np.repeat(np.arange(self.size), [ids.size for ids in found])
        ids = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
        pairs, counts = np.unique(ids * max(self.size, 1) + places, return_counts=True)
        self._places = (pairs % max(self.size, 1)).astype(np.int32)
        self._counts = counts.astype(np.float32)
        borders = np.arange(len(self._terms) + 1) * max(self.size, 1)
        self._starts = np.searchsorted(pairs, borders)

    def asked(self, query: WordQuery, pool: NDArray[np.bool_]) -> Asked:
        """The index as a query finds it that may see the pool alone."""
        return Asked(self, query, pool)

    def postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The places that have a term, ascending, and how often each has it."""
        number = self._terms.get(term)
        if number is None:
            return self._places[:0], self._counts[:0]
        part = slice(self._starts[number], self._starts[number + 1])
        return self._places[part], self._counts[part]


class Asked:
    """A query put to the index; each term is looked up once."""

    def __init__(self, index: WordIndex, query: WordQuery, pool: NDArray[np.bool_]) -> None:
        self._index = index
        self._query = query
        self._pool = pool
        self._passages = int(pool.sum())
        mean = index.lengths[pool].mean() if self._passages else 0.0
        damping = REPETITION * (1 - LENGTH + LENGTH * index.lengths / max(mean, 1.0))
        self._damping = damping.astype(index.lengths.dtype)
        self._terms: dict[str, _Found] = {}
        self._spread: dict[str, NDArray[np.float32]] = {}
        self._phrases: dict[tuple[str, ...], _Found] = {}

    def scores(self, synonyms: bool = True) -> NDArray[np.float32]:
        """BM25 of each place, for the query and other words for its meanings; 0 off the pool."""
        import numpy as np

        total = np.zeros(self._index.size, dtype=np.float32)
        for term in self._query.terms:
            places, earned = self._term(term)
            total[places] += earned
        for _, phrases in self._query.meanings if synonyms else ():
            best = np.zeros(self._index.size, dtype=np.float32)
            for phrase in phrases:
                places, earned = self._phrase(phrase)
                best[places] = np.maximum(best[places], earned)
            total += np.float32(SYNONYM_SHARE) * best
        return total

    def covered(self, places: NDArray[np.intp]) -> NDArray[np.float32]:
        """The share of the query, by rarity of its words, that some places have or word otherwise.

        `places` are ascending.
        """
        import numpy as np

        rarities = {term: self._idf(len(self._term(term)[0])) for term in self._query.terms}
        whole = sum(rarities.values())
        share = np.zeros(len(places), dtype=np.float32)
        for term, rarity in rarities.items():
            present = np.zeros(len(places), dtype=bool)
            others = [
                p for bearing, phrases in self._query.meanings if term in bearing for p in phrases
            ]
            for phrase in ((term,), *others):
                present |= _among(places, self._phrase(phrase)[0])
            share += np.float32(rarity / whole) * present
        return share

    def _idf(self, held: int) -> float:
        """The inverse document frequency of what so many have, as Lucene has it; above 0."""
        from math import log

        return log(1 + (self._passages - held + 0.5) / (held + 0.5))

    def _term(self, term: str) -> _Found:
        """The places of the pool that have a term, ascending, with what each earns."""
        import numpy as np

        if term not in self._terms:
            places, counts = self._index.postings(term)
            inside = self._pool[places]
            places, counts = places[inside], counts[inside]
            earned = counts / (counts + self._damping[places])
            earned *= np.float32(self._idf(len(places)))
            self._terms[term] = places, earned
        return self._terms[term]

    def _phrase(self, phrase: tuple[str, ...]) -> _Found:
        """The places that have all of a phrase, with what each earns."""
        if phrase not in self._phrases:
            self._phrases[phrase] = self._together(phrase)
        return self._phrases[phrase]

    def _together(self, phrase: tuple[str, ...]) -> _Found:
        rarest, *others = sorted(phrase, key=lambda term: len(self._term(term)[0]))
        places, earned = self._term(rarest)
        for term in others:
            if not places.size:
                break
            other = self._everywhere(term)[places]
            both = other > 0
            places, earned = places[both], earned[both] + other[both]
        return places, earned

    def _everywhere(self, term: str) -> NDArray[np.float32]:
        """What a term earns each of all places."""
        import numpy as np

        if term not in self._spread:
            places, earned = self._term(term)
            self._spread[term] = np.zeros(self._index.size, dtype=np.float32)
            self._spread[term][places] = earned
        return self._spread[term]


def _among(places: NDArray[np.intp], held: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which of the places are held; both ascending."""
    import numpy as np

    if not held.size:
        return np.zeros(len(places), dtype=bool)
    at = np.minimum(np.searchsorted(held, places), len(held) - 1)
    found: NDArray[np.bool_] = held[at] == places
    return found

"""Finding the right passages: dense and word search fused, cut at the as-of day, many voices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, log
from typing import TYPE_CHECKING, Any

from qa.commentary.passages import indexed_text
from qa.commentary.voices import Voices
from qa.commentary.words import meanings, stem, terms
from qa.domain import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# How many passages are asked of the vector store; those beyond count as unlike the query.
DENSE_DEPTH = 500
# Reciprocal rank fusion: a passage at rank r of a list earns 1 / (RANK_OFFSET + r).
RANK_OFFSET = 10
# A word from a synonym weighs this much against a word of the query.
SYNONYM_WEIGHT = 0.5
# An old passage keeps at least this share of its score; the rest halves with every HALF_LIFE.
OLD_SHARE = 0.85
HALF_LIFE_DAYS = 120
# A passage bears on the query with this cosine, or with this share of the query's words.
# Off-topic queries reach 0.21 on the bundled notes, on-topic ones seldom less than 0.3.
ENOUGH_COSINE = 0.25
ENOUGH_WORDS = 0.5

Nearest = Callable[["NDArray[np.float32]", int, date], list[tuple[str, float]]]
Embed = Callable[[str], "NDArray[np.float32]"]
Pool = tuple[int, ...]


@dataclass(frozen=True)
class _Query:
    """A query as the word search sees it; `meanings` as `words.meanings` gives them."""

    text: str
    terms: tuple[str, ...]
    meanings: list[tuple[frozenset[str], list[tuple[str, ...]]]]


class Searcher:
    """Hybrid search over passages; `nearest` asks the vector store, `embed` makes its vectors."""

    def __init__(self, passages: Sequence[Passage], nearest: Nearest, embed: Embed) -> None:
        self._passages = sorted(passages, key=lambda passage: (passage.published, passage.id))
        self._nearest = nearest
        self._embed = embed
        self._terms = [_tokens(passage) for passage in self._passages]
        self._voices = Voices(self._passages)
        self._index = lru_cache(maxsize=8)(self._make_index)

    def search(
        self,
        query: str,
        *,
        as_of: date,
        k: int = 8,
        strict: bool = False,
        stances: Collection[str] = (),
        firms: Collection[str] = (),
        tickers: Collection[str] = (),
        max_per_firm: int = 2,
    ) -> list[Passage]:
        """The passages that bear on the query, best first, at most k; empty when none does.

        Nothing published after `as_of` has any influence; with `strict`, nor has what was taken
        in after it. `stances`, `firms` and `tickers` narrow the choice where given. One firm has
        at most `max_per_firm` places, save where the query or `firms` names it; a firm or author
        that the query names comes first.
        """
        pool = tuple(
            place
            for place, passage in enumerate(self._passages)
            if passage.published <= as_of and not (strict and passage.ingested.date() > as_of)
        )
        if not pool or not query.strip() or k < 1:
            return []
        named = self._voices.named(query)
        chosen = self._voices.of_firms(firms)
        scores = self._scores(_understand(query), pool, as_of, named)
        fitting = [
            place
            for place in scores
            if (not firms or place in chosen) and _fits(self._passages[place], stances, tickers)
        ]
        fitting.sort(key=lambda place: (-scores[place], self._passages[place].id))
        first = [place for place in fitting if place in named]
        rest = [place for place in fitting if place not in named]
        if not firms:
            rest = self._voices.capped(rest, max_per_firm)
        return [self._passages[place] for place in (first + rest)[:k]]

    def prepare(self) -> None:
        """Have the embedder ready."""
        self._embed("")

    def _scores(
        self, query: _Query, pool: Pool, as_of: date, named: Collection[int]
    ) -> dict[int, float]:
        """The fused score of each passage of the pool that bears on the query."""
        vector = self._embed(query.text)
        nearest = self._nearest(vector, min(len(self._passages), DENSE_DEPTH), as_of)
        cosine = dict(nearest)
        dense = {
            place: cosine[self._passages[place].id]
            for place in pool
            if self._passages[place].id in cosine
        }
        worded = self._index(pool).scores(query)
        relevant = {place for place in dense if dense[place] >= ENOUGH_COSINE}
        relevant |= self._index(pool).matches(query) | (set(pool) & set(named))
        fused = dict.fromkeys(pool, 0.0)
        for ranking in (dense, worded):
            for place, rank in _ranks(ranking).items():
                fused[place] += 1 / (RANK_OFFSET + rank)
        return {
            place: fused[place] * _recency(self._passages[place].published, as_of)
            for place in relevant
        }

    def _make_index(self, pool: Pool) -> _WordIndex:
        return _WordIndex({place: self._terms[place] for place in pool})


class _WordIndex:
    """BM25 over some passages, known by their places."""

    def __init__(self, texts: dict[int, list[str]]) -> None:
        import bm25s

        self._places = list(texts)
        self._sets = {place: frozenset(tokens) for place, tokens in texts.items()}
        self._bm25: Any = bm25s.BM25()
        self._bm25.index([texts[place] or [""] for place in self._places], show_progress=False)
        self._counts: dict[str, int] = {}
        for tokens in self._sets.values():
            for token in tokens:
                self._counts[token] = self._counts.get(token, 0) + 1

    def scores(self, query: _Query) -> dict[int, float]:
        """BM25 of each passage that has a word of the query or of its synonyms."""
        others = {term for _, phrases in query.meanings for phrase in phrases for term in phrase}
        own = self._bm25_of(query.terms)
        added = self._bm25_of(sorted(others.difference(query.terms)))
        totals = own + SYNONYM_WEIGHT * added
        pairs = zip(self._places, totals.tolist(), strict=True)
        return {place: score for place, score in pairs if score > 0}

    def matches(self, query: _Query) -> set[int]:
        """The passages with enough of the query: its words, or other words for them."""
        weights = {term: self._rarity(term) for term in query.terms}
        needed = ENOUGH_WORDS * sum(weights.values())
        found: set[int] = set()
        for place, tokens in self._sets.items():
            present = tokens.intersection(weights)
            for bearing, phrases in query.meanings:
                if any(tokens.issuperset(phrase) for phrase in phrases):
                    present |= bearing.intersection(weights)
            if present and sum(weights[term] for term in sorted(present)) >= needed:
                found.add(place)
        return found

    def _bm25_of(self, tokens: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        known = [token for token in tokens if token in self._counts]
        if not known:
            return np.zeros(len(self._places), dtype=np.float32)
        scores: NDArray[np.float32] = self._bm25.get_scores(known)
        return scores

    def _rarity(self, term: str) -> float:
        count = self._counts.get(term, 0)
        return log(1 + (len(self._places) - count + 0.5) / (count + 0.5))


def _understand(query: str) -> _Query:
    return _Query(query, tuple(dict.fromkeys(terms(query))), meanings(query))


def _tokens(passage: Passage) -> list[str]:
    """The passage's terms, its stance being one of them: "bulls" is another word for it."""
    return [*terms(indexed_text(passage)), stem(passage.stance or "")]


def _ranks(scores: dict[int, float]) -> dict[int, int]:
    """1 for the highest score, and so on; equal scores share a rank."""
    rounded = {place: round(score, 6) for place, score in scores.items()}
    order = sorted(rounded.values(), reverse=True)
    first = {score: rank for rank, score in reversed(list(enumerate(order, start=1)))}
    return {place: first[score] for place, score in rounded.items()}


def _fits(passage: Passage, stances: Collection[str], tickers: Collection[str]) -> bool:
    wanted = {ticker.upper() for ticker in tickers}
    return (not stances or passage.stance in stances) and (
        not wanted or not wanted.isdisjoint(ticker.upper() for ticker in passage.tickers)
    )


def _recency(published: date, as_of: date) -> float:
    age = (as_of - published).days
    return OLD_SHARE + (1 - OLD_SHARE) * exp(-age * log(2) / HALF_LIFE_DAYS)

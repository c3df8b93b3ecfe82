"""Finding the right passages: dense and word search fused, cut at the as-of day, many voices.

Every number that orders passages is made from the pool: those that the question may see. What was
published later is not there, neither to be found nor to make a word less rare.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from qa.commentary.recency import read_timing
from qa.commentary.vectors import Vectors
from qa.commentary.voices import Voices, is_one_sided, with_both_sides
from qa.commentary.word_index import WordIndex, WordQuery
from qa.commentary.words import in_words
from qa.domain import Passage, Stance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.intp]
    Mask = NDArray[np.bool_]
    Scores = NDArray[np.float32]

# The share of the word search in the fused score; the rest is the dense search's.
WORDS_SHARE = 0.35
# So many passages, by whole passage and words, are sorted by their nearest sentence as well; more
# are taken when one firm holds most of them.
CANDIDATES = 200
# A query is on topic when a passage or a sentence comes as near as this: 30 queries on other
# matters reach 0.25 and 0.26 on the bundled notes. A passage then bears on it with this share of
# the best sentence's cosine; whatever has this share of the query's words does too.
ENOUGH_COSINE, ENOUGH_SENTENCE = 0.27, 0.29
NEAR_THE_BEST = 0.6
ENOUGH_WORDS = 0.5
# A side that the page lacks is brought in from passages with at least this share of the best score.
SIDE_SHARE = 0.5

Embed = Callable[[str], "NDArray[np.float32]"]


@dataclass(frozen=True)
class Filters:
    """What narrows the choice; nothing that is empty or None does.

    `since` and `until` are days of publication; `authors` full names or surnames; `firms` and
    `tickers` any spelling or case.
    """

    stances: Collection[str] = ()
    firms: Collection[str] = ()
    authors: Collection[str] = ()
    tickers: Collection[str] = ()
    since: date | None = None
    until: date | None = None


EVERYTHING = Filters()


@dataclass(frozen=True)
class Ranking:
    """Passages that bear on a query, best first, by their places; scores are at most 1.3."""

    places: Places
    scores: Scores


class Searcher:
    """Hybrid search over passages. `load` brings their vectors, in the order of the passages.

    `embed` makes the vector of a query. Vectors and words are taken up at the first search.
    """

    def __init__(
        self, passages: Sequence[Passage], load: Callable[[], Vectors], embed: Embed
    ) -> None:
        self._passages = passages
        self._load = load
        self._embed = embed

    def search(
        self,
        query: str,
        *,
        as_of: date,
        k: int = 8,
        strict: bool = False,
        undated: bool = False,
        filters: Filters = EVERYTHING,
        max_per_firm: int = 2,
    ) -> list[Passage]:
        """The passages that bear on the query, best first, at most k; empty when none does.

        Nothing published after `as_of` has any influence; with `strict`, nor has what was taken
        in after it. Passages without a date are left out unless `undated`. One firm has at most
        `max_per_firm` places, save where the query or the filters name it; a firm or author that
        the query names comes first. Where passages of both sides bear on a question that asks for
        neither, the page shows both.
        """
        pool = self.pool(as_of, strict, undated)
        if not pool.any() or not query.strip() or k < 1:
            return []
        named = self._voices.named(query, pool)
        fitting = pool & self._fitting(filters)
        capped = not (filters.firms or filters.authors)
        wanted = CANDIDATES
        while True:
            ranking = self.rank(query, as_of, pool, fitting, named, wanted)
            page = list(self._page(ranking, named, max_per_firm if capped else len(pool)))
            if len(page) >= k or len(ranking.places) < wanted:
                break
            wanted *= 8
        first = page[:k]
        if not named and not filters.stances and not is_one_sided(query):
            first = self._balanced(first, page[k:], ranking)
        return [self._passages[place] for place in first]

    def rank(
        self,
        query: str,
        as_of: date,
        pool: Mask,
        fitting: Mask,
        named: Collection[int] = (),
        most: int = CANDIDATES,
    ) -> Ranking:
        """The best of the fitting passages that bear on the query, or are named by it.

        At most `most`. `fitting` is a part of `pool`, and `pool` what words are counted in.
        """
        import numpy as np

        spoken = in_words(query)
        vector = self._embed(spoken)
        cosines = self.vectors.cosines(vector)
        asked = self.words.asked(WordQuery(spoken), pool)
        worded = asked.scores()
        timing = read_timing(query, as_of)
        places = np.flatnonzero(fitting)
        rough = _fused(cosines[places], worded[places])
        rough *= timing.weights(self._days[places], as_of)
        # What is named comes first, so it has to be among the candidates.
        rough[np.isin(places, list(named))] += 2.0
        places = places[_best(rough, most)]
        whole = cosines[places]
        fine = np.maximum(self.vectors.best_sentences(vector, places), whole)
        scores = _fused(fine, worded[places]) * timing.weights(self._days[places], as_of)
        bearing = asked.covered(places) >= ENOUGH_WORDS
        bearing |= np.isin(places, list(named)) | _near(whole, fine)
        places, scores = places[bearing], scores[bearing]
        order = np.argsort(-scores.round(6), kind="stable")
        return Ranking(places[order], scores[order])

    def pool(self, as_of: date, strict: bool = False, undated: bool = False) -> Mask:
        """The passages that a question of that day may see."""
        day = as_of.toordinal()
        pool: Mask = (self._days > 1) & (self._days <= day)
        if undated:
            pool |= self._days == 1
        return pool & (self._ingested <= day) if strict else pool

    @cached_property
    def vectors(self) -> Vectors:
        """The vectors of the passages."""
        return self._load()

    @cached_property
    def words(self) -> WordIndex:
        """The words of the passages, with title, drivers, author, firm, stance and month."""
        return WordIndex(map(_told, self._passages))

    def prepare(self) -> None:
        """Have the embedder, and all that is made of the passages, ready."""
        self._embed("")
        _ = self.vectors, self.words, self._voices, self._days, self._ingested
        _ = self._of_stance, self._of_ticker

    def _page(self, ranking: Ranking, named: Collection[int], most: int) -> Iterator[int]:
        places = ranking.places.tolist()
        yield from (place for place in places if place in named)
        yield from self._voices.capped((place for place in places if place not in named), most)

    def _balanced(self, page: list[int], others: list[int], ranking: Ranking) -> list[int]:
        enough = SIDE_SHARE * float(ranking.scores.max(initial=0.0))
        scores = dict(zip(ranking.places.tolist(), ranking.scores.tolist(), strict=True))
        near = (place for place in others if scores[place] >= enough)
        return with_both_sides(page, near, self._stances)

    def _fitting(self, filters: Filters) -> Mask:
        import numpy as np

        fitting = np.ones(len(self._passages), dtype=bool)
        if filters.since is not None:
            fitting &= self._days >= filters.since.toordinal()
        if filters.until is not None:
            fitting &= (self._days <= filters.until.toordinal()) & (self._days > 1)
        if filters.stances:
            fitting &= self._holding(self._of_stance, filters.stances)
        if filters.tickers:
            fitting &= self._holding(self._of_ticker, {name.upper() for name in filters.tickers})
        if filters.firms:
            fitting &= self._mask(self._voices.of_firms(filters.firms))
        if filters.authors:
            fitting &= self._mask(self._voices.of_authors(filters.authors))
        return fitting

    def _holding(self, held: dict[str, list[int]], wanted: Collection[str]) -> Mask:
        return self._mask(place for key in wanted for place in held.get(key, ()))

    def _mask(self, places: Collection[int] | Iterator[int]) -> Mask:
        import numpy as np

        mask = np.zeros(len(self._passages), dtype=bool)
        mask[np.fromiter(places, np.intp)] = True
        return mask

    @cached_property
    def _voices(self) -> Voices:
        return Voices(self._passages)

    @cached_property
    def _days(self) -> NDArray[np.int64]:
        """The days of publication as ordinals, 1 where unknown."""
        import numpy as np

        days = (passage.published for passage in self._passages)
        return np.array([day.toordinal() if day else 1 for day in days], dtype=np.int64)

    @cached_property
    def _ingested(self) -> NDArray[np.int64]:
        import numpy as np

        days = [passage.ingested.date().toordinal() for passage in self._passages]
        return np.array(days, dtype=np.int64)

    @cached_property
    def _stances(self) -> list[Stance | None]:
        return [passage.stance for passage in self._passages]

    @cached_property
    def _of_stance(self) -> dict[str, list[int]]:
        return _grouped((stance,) if stance else () for stance in self._stances)

    @cached_property
    def _of_ticker(self) -> dict[str, list[int]]:
        return _grouped([name.upper() for name in passage.tickers] for passage in self._passages)


def _grouped(keys: Iterator[Collection[str]]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for place, held in enumerate(keys):
        for key in held:
            groups.setdefault(key, []).append(place)
    return groups


def _told(passage: Passage) -> str:
    """What word search indexes; its stance too: "bulls" is another word for it."""
    drivers = ", ".join(driver.name for driver in passage.drivers)
    month = passage.published.strftime("%B %Y") if passage.published else None
    parts = (passage.title, passage.text, drivers, passage.author, passage.firm)
    return in_words("\n".join(part for part in (*parts, passage.stance, month) if part))


def _fused(dense: Scores, worded: Scores) -> Scores:
    """The two scores, each as a share of the best at hand, in one."""
    import numpy as np

    far, much = dense.max(initial=1e-9), worded.max(initial=1e-9)
    fused = WORDS_SHARE * worded / much + (1 - WORDS_SHARE) * dense / far
    return np.asarray(fused, dtype=np.float32)


def _near(whole: Scores, fine: Scores) -> Mask:
    """Which candidates come near enough by meaning; none when nothing is on the query's topic."""
    on_topic = whole.max(initial=0) >= ENOUGH_COSINE or fine.max(initial=0) >= ENOUGH_SENTENCE
    near: Mask = fine >= NEAR_THE_BEST * fine.max(initial=0)
    return near & bool(on_topic)


def _best(scores: Scores, most: int) -> Places:
    """The places of the `most` highest scores, in their order of place."""
    import numpy as np

    if len(scores) <= most:
        return np.arange(len(scores))
    return np.sort(np.argpartition(-scores, most)[:most])

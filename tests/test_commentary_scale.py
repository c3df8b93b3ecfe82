"""Search over thousands of passages: still exact, still blind to what came later, still quick."""

import time
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

import numpy as np
import pytest

from eval.scale import DAYS, EACH, FILTERS, LAST, resampled
from qa.commentary.embedding import MiniLM
from qa.commentary.search import CANDIDATES, Searcher
from qa.commentary.vectors import Vectors

SIZE = 3000
DAY = LAST - timedelta(days=DAYS // 3)
SENTENCES = [
    "Small-cap earnings should grow faster than those of large companies.",
    "The Federal Reserve leaves its rate unchanged and inflation stays above the goal.",
    "Credit spreads are close to the lowest since 2007.",
    "Seasonal strength at the turn of the year has faded.",
    "Tariffs weigh on companies with thin margins.",
    "Short covering may have lifted the Russell 2000.",
    "Copper mines in Chile are on strike.",
    "A ceasefire and lower oil set off the jump in April.",
    "Managers own few small caps and valuations are low.",
    "The index broke out of its range on low volume.",
]
QUESTIONS = [
    "Will small companies' profits outgrow those of large ones?",
    "Does the Fed stay on hold?",
    "Are corporate bond investors paid for the risk of default?",
    "the latest on tariffs and margins",
]


@pytest.fixture(scope="module")
def embedder():
    return MiniLM()


@pytest.fixture(scope="module")
def many(embedder):
    """3,000 passages with vectors; the first search has been made."""
    passages, vectors = resampled(SIZE, SENTENCES, embedder.embed_documents(SENTENCES))
    searcher = Searcher(passages, lambda: vectors, embedder.embed_query)
    searcher.prepare()
    return passages, vectors, searcher


def part(passages, vectors, places):
    """Some of the passages, with their vectors."""
    rows = np.concatenate([np.arange(i * EACH, (i + 1) * EACH) for i in places])
    starts = np.arange(0, len(rows) + 1, EACH)
    kept = Vectors(vectors.whole[places], vectors.fine[rows], vectors.scales[rows], starts)
    return [passages[i] for i in places], kept


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_day_finds_what_a_collection_that_ends_on_it_finds(many, embedder, question):
    passages, vectors, searcher = many
    known = np.array([i for i, passage in enumerate(passages) if passage.published <= DAY])
    assert SIZE / 3 < len(known) < SIZE * 0.9
    then, held = part(passages, vectors, known)
    earlier = Searcher(then, lambda: held, embedder.embed_query)

    def scored(search, of):
        pool = search.pool(DAY)
        found = search.rank(question, DAY, pool, pool)
        return [(of[i].id, score) for i, score in zip(found.places, found.scores, strict=True)]

    assert scored(searcher, passages) == scored(earlier, then)
    for filters in FILTERS:
        now = searcher.search(question, as_of=DAY, filters=filters)
        assert now == earlier.search(question, as_of=DAY, filters=filters)
        assert all(passage.published <= DAY for passage in now)


def test_the_filters_hold_for_all_that_is_found(many):
    _, _, searcher = many
    of_bears, of_iwm, of_spring, of_house = (
        searcher.search(QUESTIONS[0], as_of=LAST, filters=filters, k=12) for filters in FILTERS[1:]
    )
    assert len(of_bears) == len(of_iwm) == len(of_spring) == 12
    assert {passage.stance for passage in of_bears} == {"bearish"}
    assert {passage.tickers for passage in of_iwm} == {("IWM",)}
    assert {passage.published.year for passage in of_spring} == {2026}
    assert max(passage.published for passage in of_spring) <= date(2026, 6, 30)
    assert {passage.firm for passage in of_house} == {"House 7"}


def test_one_house_with_nearly_everything_leaves_room_for_the_others(many, embedder):
    passages, vectors, _ = many
    others = set(range(0, SIZE, SIZE // 5))
    owned = [
        p if i in others else p.model_copy(update={"firm": "A"}) for i, p in enumerate(passages)
    ]
    searcher = Searcher(owned, lambda: vectors, embedder.embed_query)
    assert SIZE - len(others) > CANDIDATES
    found = searcher.search("earnings, rates, spreads, tariffs and the season", as_of=LAST, k=6)
    assert sum(passage.firm == "A" for passage in found) == 2
    assert len(found) > 2


def test_a_search_is_quick(many):
    _, _, searcher = many
    seconds = []
    for number, question in enumerate(QUESTIONS * 5):
        filters = replace(FILTERS[number % len(FILTERS)])
        started = time.process_time()
        searcher.search(question, as_of=LAST, filters=filters)
        seconds.append(time.process_time() - started)
    assert median(seconds) < 0.05  # some 3 ms; what is quadratic takes far more

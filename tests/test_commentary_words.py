"""How queries and passages are read: figures in words, tokens, synonyms, BM25 and age."""

from datetime import date

import bm25s
import numpy as np
import pytest
from bm25s.stopwords import STOPWORDS_EN_PLUS

from qa.commentary.passages import sentences
from qa.commentary.recency import Timing, read_timing
from qa.commentary.vectors import Vectors, gather
from qa.commentary.word_index import WordIndex, WordQuery
from qa.commentary.words import in_words, meanings, stem, stop_words, terms, words

DAY = date(2026, 1, 25)
TEXTS = [
    "The Russell 2000 rallies while Treasury yields fall.",
    "Yields rise, yields rise again, and the rally ends.",
    "Copper is in demand.",
    "The Russell reconstitution is in June; a rally of the index often follows it in July.",
    "Treasury auctions: yields, yields, yields.",
]
ALL = np.ones(len(TEXTS), dtype=bool)


def test_words_of_the_field():
    assert words("J.P. Morgan's S&P 500 P/E is 22.5") == [
        "jp",
        "morgan",
        "sp",
        "500",
        "pe",
        "is",
        "22.5",
    ]
    assert terms("What do analysts say about the rallies?") == ["rally"]
    assert [stem(word) for word in ("rallied", "cutting", "cuts", "sustainability")] == [
        "rally",
        "cut",
        "cut",
        "sustain",
    ]
    ((bearing, others),) = meanings("small-cap figures")
    assert bearing == {"small", "cap"}
    assert ("russell", "2000") in others
    assert meanings("the winning season") == []
    assert words("2,665 points, 3.50 percent, 10.0 and 1.2.3") == [
        "2665",
        "points",
        "3.5",
        "percent",
        "10",
        "and",
        "1.2.3",
    ]


def test_the_stop_words_are_those_of_another_library():
    theirs = {token for word in STOPWORDS_EN_PLUS for token in words(word)}
    assert theirs - stop_words() == {"ma"}
    assert "rally" not in stop_words()


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3-1/2 to 3—3/4 percent", "3.5 to 3.75 percent"),
        ("up 2.5%, or 50bps", "up 2.5 percent, or 50 basis points"),
        ("$368B falls due", "368 billion dollars falls due"),
        ("18x earnings", "18 times earnings"),
        ("7.9% YTD", "7.9 percent year to date"),
        ("1990-12/31 and 6-8 percent", "1990-12/31 and 6-8 percent"),
        ("the IBM x86 line, Fed Q&A", "the IBM x86 line, Fed Q&A"),
    ],
)
def test_figures_in_words(written, spoken):
    assert in_words(written) == spoken


def test_quarters_in_words():
    assert words(in_words("Q4 profits, 1H26")) == "fourth quarter profits first half 26".split()


def lucene(texts, query):
    """BM25 by another library, of the same tokens."""
    index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    index.index([terms(text) for text in texts], show_progress=False)
    known = [term for term in terms(query) if any(term in terms(text) for text in texts)]
    return index.get_scores(known)


@pytest.mark.parametrize("query", ["Treasury yields", "Russell rally", "copper", "yields in June"])
def test_bm25_is_that_of_another_library(query):
    ours = WordIndex(TEXTS).asked(WordQuery(query), ALL).scores(synonyms=False)
    assert ours == pytest.approx(lucene(TEXTS, query), abs=1e-5)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_bm25_of_a_pool_is_that_of_an_index_of_the_pool_alone(size):
    pool = np.arange(len(TEXTS)) < size
    ours = WordIndex(TEXTS).asked(WordQuery("Treasury yields and the rally"), pool).scores()
    alone = WordIndex(TEXTS[:size])
    there = alone.asked(WordQuery("Treasury yields and the rally"), ALL[:size]).scores()
    assert ours[:size].tolist() == there.tolist()
    assert not ours[size:].any()


def test_a_synonym_earns_less_than_the_word_and_more_than_nothing():
    texts = ["Small caps lead.", "The Russell 2000 leads.", "The Russell leads.", "Gold leads."]
    index = WordIndex(texts)
    own, other, part, none = index.asked(WordQuery("small caps"), ALL[:4]).scores().tolist()
    assert own > other > 0
    assert part == none == 0  # half of a phrase is not the phrase


def test_how_much_of_a_query_is_covered():
    asked = WordIndex(TEXTS).asked(WordQuery("copper demand"), ALL)
    assert asked.covered(np.arange(5)).tolist() == pytest.approx([0, 0, 1, 0, 0])
    assert asked.covered(np.array([2, 4])).tolist() == pytest.approx([1, 0])
    none = WordIndex(TEXTS).asked(WordQuery("sourdough bread"), ALL)
    assert not none.covered(np.arange(5)).any()
    other = WordIndex(["IWM leads.", "Gold leads."]).asked(WordQuery("small caps"), ALL[:2])
    assert other.covered(np.arange(2)).tolist() == pytest.approx([1, 0])


def test_an_empty_index_answers():
    none = np.zeros(0, dtype=bool)
    assert WordIndex([]).asked(WordQuery("copper"), none).scores().shape == (0,)


def test_sentences_come_back_from_the_store_as_they_went_in():
    random = np.random.default_rng(1)
    rows = random.standard_normal((5, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    scales = np.abs(rows).max(axis=1) / 127
    fine = np.rint(rows / scales[:, None]).astype(np.int8)
    held = Vectors(rows[:3], fine, scales, np.array([0, 2, 2, 5]))  # the second has none
    back = gather(held.whole, [held.packed(place) for place in range(3)])
    query = rows[4]
    best = back.best_sentences(query, np.arange(3))
    exact = rows @ query
    assert best == pytest.approx([exact[:2].max(), -1, 1.0], abs=0.01)
    assert back.best_sentences(query, np.array([2, 0])) == pytest.approx(best[[2, 0]])
    assert back.cosines(query) == pytest.approx(exact[:3], abs=1e-6)


def test_a_passage_of_no_sentence_is_no_trouble():
    assert sentences("  ") == []
    held = gather(np.eye(2, dtype=np.float32), ["", ""])
    assert held.best_sentences(np.array([1, 0], np.float32), np.arange(2)).tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("query", "share", "period"),
    [
        ("Is the rally sustainable?", 0.85, None),
        ("the latest view on small caps", 0.5, None),
        ("What do strategists say now?", 0.5, None),
        ("track record of the January bounce", 1.0, None),
        ("small caps after easing since 1990", 1.0, None),
        ("Dallas drilling in April 2025", 1.0, (date(2025, 4, 1), date(2025, 4, 30))),
        ("the statement of 2025-07-30", 1.0, (date(2025, 7, 1), date(2025, 7, 31))),
        ("spring 2024 in Boston", 1.0, (date(2024, 4, 1), date(2024, 6, 30))),
        ("third quarter of 2025", 1.0, (date(2025, 7, 1), date(2025, 9, 30))),
        ("what 2024 was like", 1.0, None),  # a whole year says little of when a note was written
        ("outlook for 2026", 0.85, None),  # that isn't over
        ("between April 2025 and June 2025", 0.85, None),  # two periods
        ("December 2025 rally", 0.85, None),  # over for less than a month
    ],
)
def test_what_a_question_says_of_time(query, share, period):
    timing = read_timing(query, DAY)
    assert (timing.share, timing.period) == (share, period)


def test_age_by_hand():
    days = np.array([DAY.toordinal(), DAY.toordinal() - 120, DAY.toordinal() - 240, 1])
    # 0.85, and of the other 0.15 all, a half, a quarter and nothing.
    assert Timing(0.85, 120).weights(days, DAY) == pytest.approx([1, 0.925, 0.8875, 0.85])
    named = Timing(1.0, 120, (date(2025, 9, 1), date(2025, 9, 30))).weights(days, DAY)
    assert named == pytest.approx([1, 1.3, 1, 1])  # 120 days before is 2025-09-27

"""Who speaks: names in questions, firms by any spelling, and a page that shows both sides."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from qa.commentary.embedding import MiniLM
from qa.commentary.library import open_library
from qa.commentary.voices import Voices, firm_key
from qa.domain import Passage

DAY = date(2026, 1, 25)


@pytest.fixture
def passage():
    return Passage(
        id="p-1",
        document="a.md",
        title="A note",
        author=None,
        firm=None,
        published=DAY,
        ingested=datetime(2026, 1, 25, tzinfo=UTC),
        url=None,
        text="Trends last.",
        span=(0, 12),
    )


def note(firm, author, published, stance, ticker, body):
    return (
        f"---\ntitle: A note\nfirm: {firm}\nauthor: {author or ''}\npublished: {published}\n"
        f"stance: {stance}\ntickers: ['{ticker}']\n---\n{body}\n"
    )


def names(passages):
    return [passage.document.removesuffix(".md") for passage in passages]


@pytest.fixture(scope="module")
def embedder():
    return MiniLM()


@pytest.mark.parametrize(
    ("firm", "key"),
    [
        ("J.P. Morgan", "jpmorgan"),
        ("JPMorgan", "jpmorgan"),
        ("J.P. Morgan Wealth Management", "jpmorgan"),
        ("The Leuthold Group", "leuthold"),
        ("BofA Global Research", "bankofamerica"),
        ("Bank of America", "bankofamerica"),
        ("Jefferies (as reported by MarketMinute)", "jefferies"),
        ("Capital Economics", "capitaleconomics"),
        ("Research", "research"),
        (None, ""),
    ],
)
def test_firm_keys(firm, key):
    assert firm_key(firm) == key


def test_ordinary_words_name_nobody(passage):
    author = {"author": "Sebastien Page", "firm": "Stock Research", "text": "Stock after stock."}
    voices = Voices([passage.model_copy(update=author)])
    here = np.ones(1, dtype=bool)
    assert voices.named("the page on stock prices", here) == set()
    assert voices.named("What does Page say?", here) == {0}
    assert voices.named("sebastien page", here) == {0}
    assert voices.named("sebastien page", ~here) == set()


def test_a_later_text_does_not_make_a_name_an_ordinary_word(passage):
    by_him = {"author": "Sebastien Page", "firm": None, "text": "Trends last."}
    later = {"author": None, "firm": None, "text": "Turn the page."}
    voices = Voices([passage.model_copy(update=one) for one in (by_him, later)])
    assert voices.named("What does Page say?", np.array([True, False])) == {0}
    assert voices.named("What does Page say?", np.array([True, True])) == set()


def test_unsigned_texts_cannot_crowd_out_the_rest(passage):
    signed = [passage.model_copy(update={"firm": name}) for name in ("A", "A", "A", "B")]
    unsigned = [passage.model_copy(update={"document": f"{n}.md"}) for n in range(4)]
    voices = Voices([*unsigned, *signed])
    # Two of those that nobody signs keep their places, the others wait; A has two of its three.
    assert list(voices.capped(range(8), 2)) == [0, 1, 4, 5, 7, 2, 3]


SIDES = {
    "bull-1": ("A", None, "2026-01-10", "bullish", "IWM", "Small caps rally on earnings growth."),
    "bull-2": ("B", None, "2026-01-11", "bullish", "IWM", "Earnings growth carries small caps."),
    "bull-3": ("C", None, "2026-01-12", "bullish", "IWM", "The small-cap rally has earnings."),
    "bear-1": ("D", None, "2025-11-01", "bearish", "IWM", "Debt will end the small-cap rally."),
}


@pytest.fixture(scope="module")
def sides(tmp_path_factory, embedder):
    folder = tmp_path_factory.mktemp("sides")
    for name, fields in SIDES.items():
        (folder / f"{name}.md").write_text(note(*fields))
    return open_library([folder], str(folder / "store"), embedder=embedder)


def test_the_page_shows_both_sides(sides):
    query = "do earnings carry the small-cap rally?"
    (*_, last) = names(sides.search(query, as_of=DAY))
    assert last == "bear-1"  # by its words and age it comes last
    page = names(sides.search(query, as_of=DAY, k=3))
    assert len(page) == 3
    assert page[-1] == "bear-1"


@pytest.mark.parametrize(
    "query", ["why are bulls right on the small-cap earnings rally?", "A: small-cap rally"]
)
def test_a_one_sided_question_stays_one_sided(sides, query):
    narrowed = {"firms": ["A", "B", "C"]} if "A:" in query else {}
    assert "bear-1" not in names(sides.search(query, as_of=DAY, k=3, **narrowed))


def test_a_side_that_does_not_bear_on_the_question_is_not_dragged_in(tmp_path, embedder):
    for name, fields in SIDES.items():
        body = "Copper mines in Chile are on strike." if name == "bear-1" else fields[-1]
        (tmp_path / f"{name}.md").write_text(note(*fields[:-1], body))
    library = open_library([tmp_path], str(tmp_path / "store"), embedder=embedder)
    found = library.search("earnings growth of small caps", as_of=DAY, k=3)
    assert names(found) == ["bull-1", "bull-2", "bull-3"] or "bear-1" not in names(found)

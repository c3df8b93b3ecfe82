"""What is found, in which order, and what is kept from being found."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from qa.agent.tools import passage_view
from qa.commentary.embedding import MiniLM
from qa.commentary.library import open_library
from qa.commentary.recency import is_stale
from qa.commentary.search import Searcher
from qa.commentary.store import Store

DAY = date(2026, 1, 25)
TODAY = date.today()
CORPUS = Path(__file__).parents[1] / "corpus"

# name: firm, author, published, stance, ticker, body
NOTES = {
    "jef-1": (
        "Jefferies",
        "Steven DeSanctis",
        "2025-12-10",
        "bullish",
        "^RUT",
        "Small-cap earnings should grow faster than those of large companies in 2026.",
    ),
    "jef-2": (
        "Jefferies",
        "Steven DeSanctis",
        "2026-01-14",
        "bullish",
        "^RUT",
        "The small-cap rally has further to go as earnings recover.",
    ),
    "jef-3": (
        "Jefferies (as reported by a wire)",
        None,
        "2026-01-20",
        "bullish",
        "^RUT",
        "Small-cap earnings lead the rally, and the rally can last.",
    ),
    "jpm-1": (
        "J.P. Morgan",
        "Michael Feroli",
        "2026-01-09",
        "neutral",
        "DGS10",
        "The Federal Reserve is done: there will be no cuts this year, and rates stay put.",
    ),
    "jpm-2": (
        "J.P. Morgan Asset Management",
        None,
        "2025-03-31",
        "bearish",
        "^RUT",
        "Small-cap earnings are cyclical, and a recession would end the rally.",
    ),
    "ndw-1": (
        "Nasdaq Dorsey Wright",
        None,
        "2025-11-20",
        "neutral",
        "IWM",
        "Seasonal strength at the turn of the year has faded since the 1990s.",
    ),
    "roy-1": (
        "Royce Investment Partners",
        "Francis Gannon",
        "2026-01-13",
        "bullish",
        "IWM",
        "Price to earnings ratios are lower than at any time in 25 years.",
    ),
    "lat-1": (
        "Late Capital",
        None,
        "2026-01-26",
        "bearish",
        "^RUT",
        "The small-cap rally is over; earnings disappoint, tariffs bite, and bulls give up.",
    ),
}


def note(firm, author, published, stance, ticker, body):
    return (
        f"---\ntitle: A note\nfirm: {firm}\nauthor: {author or ''}\npublished: {published}\n"
        f"stance: {stance}\ntickers: ['{ticker}']\n---\n{body}\n"
    )


@pytest.fixture(scope="module")
def embedder():
    return MiniLM()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, embedder):
    """Open a library of some of the notes."""

    def open_some(names=tuple(NOTES)):
        base = tmp_path_factory.mktemp("shelf")
        (base / "notes").mkdir()
        for name in names:
            (base / "notes" / f"{name}.md").write_text(note(*NOTES[name]))
        return open_library([base / "notes"], str(base / "store"), embedder=embedder)

    return open_some


@pytest.fixture(scope="module")
def library(shelf):
    return shelf()


@pytest.fixture(scope="module")
def bundled(tmp_path_factory, embedder):
    """A third of the bundled notes: all of them would take this file's time twice over."""
    folder = tmp_path_factory.mktemp("bundled")
    for pattern in ("2025-1*", "2026-01-1*", "2026-01-25*", "2025-*wells*"):
        for path in CORPUS.glob(pattern):
            shutil.copy(path, folder)
    return open_library([folder], str(folder / "store"), embedder=embedder)


def names(passages):
    return [passage.document.removesuffix(".md") for passage in passages]


def test_nothing_published_later_is_found(library):
    query = "small-cap rally, earnings, tariffs"
    assert "lat-1" in names(library.search(query, as_of=date(2026, 1, 26)))
    assert "lat-1" not in names(library.search(query, as_of=DAY))
    assert names(library.search(query, as_of=date(2025, 3, 31))) == ["jpm-2"]
    assert library.search(query, as_of=date(2025, 3, 30)) == []


@pytest.mark.parametrize("query", ["tariffs and bulls", "small-cap earnings", "Late Capital rally"])
def test_a_later_note_changes_nothing_of_an_earlier_day(shelf, library, query):
    without = shelf([name for name in NOTES if name != "lat-1"])
    assert names(library.search(query, as_of=DAY)) == names(without.search(query, as_of=DAY))


def test_strict_leaves_out_what_was_taken_in_later(library):
    taken_in = library.passages[0].ingested.date()
    assert library.search("small-cap rally", as_of=DAY, strict=True) == []
    assert library.search("small-cap rally", as_of=taken_in, strict=True) != []


def test_one_firm_cannot_fill_the_page(library):
    query = "small-cap earnings and the rally"
    many = names(library.search(query, as_of=DAY, max_per_firm=9))
    assert sum(name.startswith("jef") for name in many) == 3
    few = names(library.search(query, as_of=DAY))
    assert sum(name.startswith("jef") for name in few) == 2
    assert few == [name for name in many if name in few]
    # The two houses of one bank are one voice.
    one = names(library.search(query + ", rates", as_of=DAY, max_per_firm=1))
    assert sum(name.startswith("jpm") for name in one) == 1


@pytest.mark.parametrize("name", ["Jefferies", "DeSanctis", "desanctis", "Steven DeSanctis's"])
def test_a_named_firm_or_author_comes_first_and_uncapped(library, name):
    found = names(library.search(f"{name} on rates and valuation", as_of=DAY, max_per_firm=1))
    own = {"jef-1", "jef-2", "jef-3"} if name == "Jefferies" else {"jef-1", "jef-2"}
    assert set(found[: len(own)]) == own
    assert set(found) & {"jpm-1", "roy-1"}  # others follow


@pytest.mark.parametrize("name", ["J.P. Morgan", "JPMorgan", "JP Morgan", "j.p. morgan", "JPM"])
def test_a_bank_is_known_by_any_spelling(library, name):
    found = names(library.search(f"{name}: small-cap rally", as_of=DAY))
    assert set(found[:2]) == {"jpm-1", "jpm-2"}


def test_filters_narrow_the_choice(library):
    query = "small-cap earnings and the rally"
    search = library.search
    assert names(search(query, as_of=DAY, stances=["bearish"])) == ["jpm-2"]
    assert set(names(search(query, as_of=DAY, firms=["jefferies"]))) == {"jef-1", "jef-2", "jef-3"}
    assert set(names(search("earnings ratios", as_of=DAY, tickers=["iwm"]))) == {"roy-1"}
    assert search(query, as_of=DAY, firms=["Nobody"]) == []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Fed on hold", "jpm-1"),
        ("higher for longer", "jpm-1"),
        ("forward P/E", "roy-1"),
        ("January effect", "ndw-1"),
        ("why are skeptics cautious?", "jpm-2"),
    ],
)
def test_the_fields_own_words_are_understood(library, query, first):
    assert names(library.search(query, as_of=DAY))[0] == first


@pytest.mark.parametrize(
    "query",
    [
        "recipe for sourdough bread",
        "cheap flights to Tokyo",
        "who won the world cup",
        "junk food and children",
        "price of a used car",
        "capital of France",
        "",
        "   ",
    ],
)
def test_off_topic_is_an_empty_page(library, bundled, query):
    assert library.search(query, as_of=DAY) == []
    assert bundled.search(query, as_of=DAY) == []


def test_k_is_a_limit(library):
    assert len(library.search("small-cap rally", as_of=DAY, k=2)) == 2
    assert library.search("small-cap rally", as_of=DAY, k=0) == []


def test_the_newer_of_two_equal_notes_comes_first(tmp_path, embedder):
    for published in ("2025-06-01", "2026-01-20", "2024-01-20"):
        text = note("", None, published, "bullish", "^RUT", NOTES["jef-2"][-1])
        (tmp_path / f"{published}.md").write_text(text)
    library = open_library([tmp_path], str(tmp_path / "store"), embedder=embedder)
    found = library.search("small-cap rally", as_of=DAY)
    assert [str(passage.published) for passage in found] == [
        "2026-01-20",
        "2025-06-01",
        "2024-01-20",
    ]


def test_an_old_note_to_the_point_beats_a_new_one_beside_it(library):
    found = names(library.search("recession risk", as_of=DAY))
    assert found[0] == "jpm-2"  # the oldest of all


def test_the_same_question_has_the_same_answer(shelf, library):
    again = shelf(tuple(reversed(NOTES)))
    for query in ("small-cap rally", "rates", "earnings of small companies"):
        assert names(library.search(query, as_of=DAY)) == names(again.search(query, as_of=DAY))


@pytest.mark.parametrize(
    ("query", "firm"),
    [
        ("What does Jefferies expect of small-cap earnings?", "Jefferies"),
        ("midterm election year seasonality", "Stock Trader's Almanac"),
        ("AI gravity and mega caps", "Lazard Asset Management"),
        ("unfavorable downgrade by Wells Fargo", "Wells Fargo"),
    ],
)
def test_the_bundled_notes_answer(bundled, query, firm):
    assert bundled.problems == ()
    firms = [passage.firm or "" for passage in bundled.search(query, as_of=DAY)[:3]]
    assert any(name.startswith(firm) for name in firms)


def searcher(library):
    """The library's passages under a searcher whose scores can be seen."""
    kept = Store(library._store.location, library._embedder.name)
    ids = [passage.id for passage in library.passages]
    return Searcher(library.passages, lambda: kept.vectors(ids), library._embedder.embed_query)


@pytest.mark.parametrize(
    "query", ["small-cap earnings", "the Fed, rates and recession", "latest on small caps"]
)
def test_scores_are_the_same_to_the_last_digit_whatever_came_later(shelf, library, query):
    def scored(search):
        pool = search.pool(DAY)
        found = search.rank(query, DAY, pool, pool)
        ids = [search._passages[place].id for place in found.places]
        return dict(zip(ids, found.scores.tolist(), strict=True))

    before = scored(searcher(shelf([name for name in NOTES if name != "lat-1"])))
    assert len(before) >= 2
    assert scored(searcher(library)) == before


def test_a_range_of_days_narrows_the_choice(library):
    found = library.search("small-cap earnings and the rally", as_of=DAY, since=date(2026, 1, 1))
    assert "jef-2" in names(found)
    assert not {"jef-1", "jpm-2"} & set(names(found))
    early = library.search("earnings of small caps", as_of=DAY, until=date(2025, 12, 31))
    assert {"jef-1", "jpm-2"} <= set(names(early))
    assert all(passage.published <= date(2025, 12, 31) for passage in early)
    later = library.search("small-cap rally", as_of=DAY, until=date(2026, 12, 31))
    assert "lat-1" not in names(later)


@pytest.mark.parametrize("author", ["DeSanctis", "steven desanctis"])
def test_an_author_narrows_the_choice(library, author):
    found = library.search("earnings", as_of=DAY, authors=[author])
    assert set(names(found)) == {"jef-1", "jef-2"}
    assert library.search("earnings", as_of=DAY, authors=["Nobody"]) == []
    assert library.search("earnings", as_of=DAY, authors=["Jefferies"]) == []  # a firm, no author


def test_undated_notes_are_found_only_when_asked_for(library):
    one = library.passages[0].model_copy(update={"published": None, "id": "p-none"})
    ids = [passage.id for passage in library.passages]
    kept = library._store.vectors([*ids, ids[0]])
    search = Searcher([*library.passages, one], lambda: kept, library._embedder.embed_query)
    options = {"as_of": DAY, "k": 20, "max_per_firm": 9}
    assert one not in search.search(one.text, **options)
    assert one in search.search(one.text, undated=True, **options)
    assert one in search.search(one.text, undated=True, strict=True, **options | {"as_of": TODAY})


def test_the_latest_is_asked_for_or_not(tmp_path, embedder):
    close = "Small-cap earnings estimates are rising quickly for 2026."
    beside = "Small-cap earnings estimates rise, and trading is lively in many places."
    (tmp_path / "old.md").write_text(note("", None, "2025-08-20", "bullish", "IWM", close))
    (tmp_path / "new.md").write_text(note("", None, "2026-01-22", "bullish", "IWM", beside))
    library = open_library([tmp_path], str(tmp_path / "store"), embedder=embedder)
    first = {
        query: names(library.search(query, as_of=DAY))[0]
        for query in (
            "small-cap earnings estimates rising quickly",
            "latest small-cap earnings estimates: rising quickly now?",
            "history of small-cap earnings estimates rising quickly",
            "small-cap earnings estimates rising quickly in August 2025",
        )
    }
    assert list(first.values()) == ["old", "new", "old", "old"]


def test_langchain_finds_the_same_documents_with_who_and_when(library):
    retriever = library.retriever(as_of=DAY, k=3, stances=["bullish"])
    query = "small-cap earnings"
    documents = retriever.invoke(query)
    passages = library.search(query, as_of=DAY, k=3, stances=["bullish"])
    assert [document.page_content for document in documents] == [p.text for p in passages]
    assert [document.id for document in documents] == [p.id for p in passages]
    told = {d.metadata["document"]: d.metadata for d in documents}["jef-2.md"]
    assert told["firm"] == "Jefferies"
    assert told["author"] == "Steven DeSanctis"
    assert told["published"] == "2026-01-14"
    assert told["stale"] is False
    late = library.retriever(as_of=DAY).invoke("Late Capital: tariffs bite")
    assert "lat-1.md" not in [document.metadata["document"] for document in late]


def test_stale_is_more_than_a_quarter_old(library):
    january = next(p for p in library.passages if p.document == "jef-2.md")  # of 2026-01-14
    assert not is_stale(january, date(2026, 4, 16))  # 92 days
    assert is_stale(january, date(2026, 4, 17))
    assert is_stale(january.model_copy(update={"published": None}), DAY)
    assert passage_view("p1", january, date(2026, 4, 17))["stale"] is True
    assert "stale" not in passage_view("p1", january, DAY)

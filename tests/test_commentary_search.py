"""What is found, in which order, and what is kept from being found."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from qa.commentary.embedding import MiniLM
from qa.commentary.library import open_library
from qa.commentary.voices import Voices, firm_key
from qa.commentary.words import meanings, stem, terms, words

DAY = date(2026, 1, 25)
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


def test_ordinary_words_name_nobody(library):
    author = {"author": "Sebastien Page", "firm": "Stock Research", "text": "Stock after stock."}
    voices = Voices([library.passages[0].model_copy(update=author)])
    assert voices.named("the page on stock prices") == set()
    assert voices.named("What does Page say?") == {0}
    assert voices.named("sebastien page") == {0}


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
    ((bearing, others),) = meanings("small-cap earnings")
    assert bearing == {"small", "cap"}
    assert ("russell", "2000") in others
    assert meanings("earnings season") == []

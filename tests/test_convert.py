"""Every format becomes text, with what the file says of itself and nothing made up."""

import csv
import io
import json
from datetime import UTC, date, datetime

import office_files as made
import pytest

from qa.commentary.convert import Converter
from qa.commentary.dates import read_dateline, read_day
from qa.commentary.passages import split
from qa.commentary.reading import read_source
from qa.commentary.sources import find_sources
from qa.domain import Driver
from qa.errors import DocumentError

TEXT = "The Russell 2000 closed at 2,669.16 and breadth is improving."
PAGE = """<html><head><title>Site | Page</title>
<meta property="og:title" content="Small caps wake up">
<meta property="article:published_time" content="2026-01-09T23:30:00-05:00">
<meta name="author" content="Jane Doe"><meta property="og:site_name" content="Example Wire">
<link rel="canonical" href="https://example.com/small-caps">
<script>steal()</script></head><body><nav>Home News Login</nav>
<article><h1>Small caps wake up</h1><p>{text}</p>
<table><tr><th>Index</th><th>Close</th></tr><tr><td>Russell 2000</td><td>2,669.16</td></tr></table>
</article><footer>Cookies</footer></body></html>"""
LINKED = """<html><head><script type="application/ld+json">{"@graph": [{"@type": "WebSite"},
{"@type": "NewsArticle", "headline": "From the graph", "datePublished": "2026-01-08",
"author": [{"name": "John Roe"}], "publisher": {"name": "Wire Two"}}]}</script></head>
<body><p>TEXT</p></body></html>"""


@pytest.fixture(scope="module")
def converter():
    with Converter() as converter:
        yield converter


@pytest.fixture
def read(tmp_path, converter):
    """Write files, and read the first of them into (key, document) pairs."""

    def read(name, data, **others):
        for other, content in {name: data, **others}.items():
            raw = content if isinstance(content, bytes) else content.encode()
            (tmp_path / other.replace("__", ".")).write_bytes(raw)
        ((source,), problems) = find_sources([tmp_path / name])
        assert problems == []
        return list(read_source(source, converter))

    return read


@pytest.fixture
def one(read):
    def one(name, data, **others):
        ((key, document),) = read(name, data, **others)
        assert key is None
        return document

    return one


def test_a_page_without_its_menus_and_with_its_tags(one):
    document = one("page.html", PAGE.format(text=TEXT))
    assert TEXT in document.body
    assert "| Russell 2000 | 2,669.16 |" in document.body
    for noise in ("Login", "steal", "Cookies"):
        assert noise not in document.body
    assert document.title == "Small caps wake up"
    assert (document.author, document.publisher) == ("Jane Doe", "Example Wire")
    assert document.published == date(2026, 1, 9)  # its own zone's day; in UTC it is the 10th
    assert document.url == "https://example.com/small-caps"
    assert "published" not in document.inferred


def test_a_page_with_linked_data(one):
    document = one("page.htm", LINKED.replace("TEXT", TEXT))
    assert document.body == TEXT
    assert (document.title, document.author) == ("From the graph", "John Roe")
    assert (document.publisher, document.published) == ("Wire Two", date(2026, 1, 8))


def test_a_pdf_with_its_properties_which_are_inferred(one):
    document = one("note.pdf", made.pdf([TEXT], "Weekly", "Jane Doe", (2026, 1, 9)))
    assert document.body == TEXT
    assert (document.title, document.author) == ("Weekly", "Jane Doe")
    assert document.published == date(2026, 1, 9)
    assert document.published_basis == "file properties"
    assert "published" in document.inferred


def test_a_library_s_own_stamp_is_no_date(one):
    assert one("note.pdf", made.pdf([TEXT])).published is None
    stamp = made.core(author="python-docx", created="2013-12-23T23:15:00Z")
    assert one("note.docx", made.docx([TEXT], stamp)).published is None


def test_a_word_file_is_as_old_as_its_last_change(one):
    properties = made.core("Outlook", "Jane Doe", "2025-11-03T08:00:00Z", "2026-01-09T08:00:00Z")
    document = one("note.docx", made.docx(["Outlook", TEXT], properties))
    assert document.body == f"Outlook\n\n{TEXT}"
    assert (document.title, document.author) == ("Outlook", "Jane Doe")
    assert document.published == date(2026, 1, 9)
    assert document.inferred[0] == "published"


def test_slides(one):
    deck = made.pptx("Small caps", [TEXT], datetime(2026, 1, 9))
    document = one("deck.pptx", deck)
    assert "# Small caps" in document.body
    assert TEXT in document.body
    assert (document.title, document.author) == ("Deck of the week", "Jane Doe")
    assert document.published == date(2026, 1, 9)


def test_mail_names_its_attachments_and_opens_none(one):
    attached = [("run-me.exe", b"MZ"), ("note.html", b"<p>inside</p>")]
    document = one("week.eml", made.mail(TEXT, attached=attached))
    assert document.body == f"{TEXT}\n\nAttachments (not opened): run-me.exe, note.html"
    assert (document.title, document.author) == ("Small caps: the week", "Jane Doe")
    assert document.published == date(2026, 1, 9)


def test_mail_in_html_alone(one):
    document = one("week.eml", made.mail(html=f"<p>{TEXT}</p><script>x()</script>", date=None))
    assert document.body == TEXT
    assert document.published is None


def test_a_sidecar_goes_before_the_file_s_own_word(one):
    sidecar = "title: Stated\npublished: 2026-01-07\nfirm: Acme\ntickers: [IWM]\nrole: strategist\n"
    document = one("note.pdf", made.pdf([TEXT], "Weekly", "Jane", (2026, 1, 9)), note__yaml=sidecar)
    assert (document.title, document.firm, document.author) == ("Stated", "Acme", "Jane")
    assert (document.published, document.tickers) == (date(2026, 1, 7), ("IWM",))
    assert document.role == "strategist"
    assert "published" not in document.inferred


def test_a_sidecar_that_cannot_be_read_is_named(read):
    with pytest.raises(DocumentError, match=r"note\.yaml: the front matter is not valid YAML"):
        read("note.txt", TEXT, note__yaml="title: [x")


def test_plain_text_has_a_title_and_no_date(one, tmp_path):
    document = one("remarks.txt", f"Small caps again\n\n{TEXT}")
    assert (document.title, document.published) == ("Small caps again", None)
    assert one("long.md", f"{TEXT * 9}\n\n## Later\n\n{TEXT}").title == "Later"
    assert one("bare.txt", TEXT * 9).title == "bare"


def test_front_matter_is_read_as_in_the_corpus(one):
    text = f"---\ntitle: T\nfirm: Acme\npublished: 2026-01-09\nstance: bearish\n---\n{TEXT}"
    document = one("note.md", text)
    assert (document.firm, document.published, document.body) == ("Acme", date(2026, 1, 9), TEXT)
    assert document.stance == "bearish"
    assert "stance" not in document.inferred


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_other_encodings(one, encoding):
    text = "Der Russell 2000 fällt – „um 3 %“."
    assert one("note.txt", text.encode(encoding)).body == text


def test_records_of_all_kinds_of_columns(read):
    rows = [
        {"id": "a", "title": "One", "date": "20260109", "body": TEXT, "url": "https://e.com/1"},
        {"id": "b", "headline": "Two", "published": "January 8, 2026", "text": TEXT, "tickers": 3},
        {"id": "b", "title": "Three", "date": "01/02/2026", "summary": TEXT, "analyst": "Jane"},
        {"id": "c", "title": "Four"},
        {"drivers": [{"name": "breadth", "kind": "technical"}], "text": "First line\nSecond."},
    ]
    lines = [json.dumps(row) for row in rows] + ["not json", "[]", ""]
    found = dict(read("wire.jsonl", "\n".join(lines)))
    assert list(found) == ["a", "b", "b~2", "c", "line 5", "line 6", "line 7"]
    assert (found["a"].published, found["a"].url) == (date(2026, 1, 9), "https://e.com/1")
    assert (found["b"].title, found["b"].published) == ("Two", date(2026, 1, 8))
    assert found["b"].tickers == ()
    assert (found["b~2"].voice, found["b~2"].author) == ("summary", "Jane")
    assert found["b~2"].published is None  # the first of February, or the second of January
    assert "#c: it has no text in body, text" in str(found["c"])
    assert found["line 5"].title == "First line"
    assert found["line 5"].drivers == (Driver(name="breadth", kind="technical"),)
    assert "it is no JSON object" in str(found["line 6"])


def test_csv_records(read):
    file = io.StringIO()
    writer = csv.DictWriter(file, ["Title", "Date", "Firm", "Body"], delimiter=";")
    writer.writeheader()
    writer.writerow({"Title": "T", "Date": "2026-01-09", "Firm": "Acme", "Body": f'"{TEXT}"\nx'})
    ((key, document),) = read("wire.csv", file.getvalue())
    assert key == "row 1"
    assert document.body == f'"{TEXT}"\nx'
    assert (document.firm, document.published) == ("Acme", date(2026, 1, 9))
    with pytest.raises(DocumentError, match=r"prices\.csv: no column holds text"):
        read("prices.csv", "date,close\n2026-01-09,1\n")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"not a pdf at all", "it is no PDF"),
        ("a.pdf", b"%PDF-1.7\nbroken", "can't be read"),
        ("a.docx", b"PK\x03\x04 nothing", "no Office file"),
        ("a.docx", b"plain words", "no Office file"),
        ("a.pptx", made.docx([TEXT]), "no ppt/ part"),
        ("a.txt", b"\x00\x01\x02\x00\x80", "no text"),
        ("a.html", b"   ", "empty"),
        ("a.html", b"<html><body><script>x</script></body></html>", "no text"),
        ("a.pdf", made.pdf([]), "only pictures"),
    ],
)
def test_what_is_not_what_it_says_is_refused_by_name(read, name, data, reason):
    with pytest.raises(DocumentError, match=rf"{name}: .*{reason}.*\.$"):
        read(name, data)


def test_content_goes_before_the_name(one):
    assert one("page.txt", PAGE.format(text=TEXT)).title == "Small caps wake up"
    assert one("paper.txt", made.pdf([TEXT])).body == TEXT


def test_passages_of_a_converted_file_are_verbatim(one):
    rows = "".join(f"<tr><td>Name {n}. Of it</td><td>{n}.5%</td></tr>" for n in range(90))
    table = f"<table><tr><th>Fund</th><th>Return</th></tr>{rows}</table>"
    prose = "".join(f"<p>Sentence {n} says that breadth is improving again.</p>" for n in range(40))
    document = one("page.html", f"<body><h2>First</h2>{prose}<h2>Second</h2>{table}</body>")
    passages = split(document, datetime(2026, 1, 10, tzinfo=UTC))
    assert len(passages) > 3
    for passage in passages:
        assert document.body[slice(*passage.span)] == passage.text
        rows = [line for line in passage.text.splitlines() if line.startswith("|")]
        assert all(row.endswith("|") for row in rows)  # no row is cut


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-09", date(2026, 1, 9)),
        ("20260109", date(2026, 1, 9)),
        (20260109, date(2026, 1, 9)),
        ("2026-01-09T23:59:59-05:00", date(2026, 1, 9)),
        ("Fri, 09 Jan 2026 10:00:00 +0000", date(2026, 1, 9)),
        ("9 January 2026", date(2026, 1, 9)),
        ("13/01/2026", date(2026, 1, 13)),
        ("03/04/2026", None),
        ("January 2026", None),
        ("2026", None),
        ("202601", None),
        ("soon", None),
        ("2026-02-30", None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_a_day_is_read_or_left_open_and_never_made_up(written, day):
    assert read_day(written) == day


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Small caps weekly\n\nJanuary 16, 2026\n\nThe index rose.", "2026-01-16"),
        ("# Why breadth matters\n\nPublished: 12 January 2026\n\nIt does.", "2026-01-12"),
        ("**Date:** 2026-01-12\nIt does.", "2026-01-12"),
        ("Friday, 16 January 2026\nIt does.", "2026-01-16"),
        # A revised text is no older than its revision.
        ("Published on January 5, 2026\nUpdated: February 3, 2026\nIt does.", "2026-02-03"),
        # No day of a month, two readings, a day within a sentence, a level, a year.
        ("January 2026\nIt does.", None),
        ("03/04/2026\nIt does.", None),
        ("The index closed at 2,677.74 on January 16, 2026.", None),
        ("2,026.01\nIt does.", None),
        ("2026\nIt does.", None),
        ("Outlook 2026\nIt does.", None),
        # Far below the opening lines a date is somebody's else.
        ("A line.\n" * 8 + "January 16, 2026\n", None),
    ],
)
def test_a_dateline_is_a_line_of_its_own_at_the_head(opening, day):
    assert read_dateline(opening) == (date.fromisoformat(day) if day else None)

"""Notes become Documents, Documents become verbatim Passages."""

import time
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from qa.commentary.documents import MAX_BYTES, find_documents, read_document
from qa.commentary.passages import PASSAGE_WORDS, WHOLE_WORDS, indexed_text, sentences, split
from qa.domain import Driver
from qa.errors import DocumentError

NOTE = """---
title: Small caps in 2026
author: Jane Doe
firm: Example Research
published: 2026-01-09
published_basis: stated
url: https://example.com/note
tickers: ["^RUT", IWM]
stance: bullish
drivers:
  - {name: earnings growth, kind: structural}
voice: summary
---

The Russell 2000 can rise. Earnings grow 14.6 percent.

Rates are the risk.
"""
TODAY = datetime(2026, 1, 10, tzinfo=UTC)


def read(tmp_path, text, name="note.md"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(path, tmp_path)


def with_body(tmp_path, body):
    return read(tmp_path, f"---\ntitle: T\npublished: 2026-01-09\n---\n{body}")


def test_every_field_of_a_note_is_read(tmp_path):
    (tmp_path / "deep").mkdir()
    document = read(tmp_path, NOTE, "deep/note.md")
    assert document.name == "deep/note.md"
    assert document.title == "Small caps in 2026"
    assert (document.author, document.firm) == ("Jane Doe", "Example Research")
    assert document.published == date(2026, 1, 9)
    assert document.tickers == ("^RUT", "IWM")
    assert document.drivers == (Driver(name="earnings growth", kind="structural"),)
    assert (document.stance, document.voice) == ("bullish", "summary")
    assert document.body == (
        "The Russell 2000 can rise. Earnings grow 14.6 percent.\n\nRates are the risk."
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Just a text.", "no front matter"),
        ("---\ntitle: T\n---\nBody.", "no published date"),
        ("---\ntitle: T\npublished: soon\n---\nBody.", "YYYY-MM-DD"),
        ("---\ntitle: T\npublished: 2026-02-30\n---\nBody.", "YYYY-MM-DD"),
        ("---\ntitle: T\npublished: 2026\n---\nBody.", "YYYY-MM-DD"),
        ("---\npublished: 2026-01-09\n---\nBody.", "no title"),
        ("---\ntitle: T\npublished: 2026-01-09\n---\n \n", "no text"),
        (NOTE.replace("bullish", "hopeful"), "stance"),
        (NOTE.replace("structural", "magical"), r"drivers\.0\.kind"),
        (NOTE.replace("IWM", "ON"), r"tickers\.1"),
        (NOTE.replace("https:", "javascript:"), "url"),
        ("---\ntitle: [T\npublished: 2026-01-09\n---\nBody.", "not valid YAML in line"),
        (NOTE.replace("Jane Doe", "!!python/object/apply:os.getcwd []"), "not valid YAML"),
        (b"---\ntitle: T\npublished: 2026-01-09\n---\nCaf\xe9", "not UTF-8"),
        (b"x" * (MAX_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_a_bad_note_is_refused_by_name_and_reason(tmp_path, text, reason):
    with pytest.raises(DocumentError, match=rf"^note\.md: .*{reason}.*\.$"):
        read(tmp_path, text)


def test_a_pdf_is_refused(tmp_path):
    with pytest.raises(DocumentError, match=r"^note\.pdf: only \.md and \.txt"):
        read(tmp_path, NOTE, "note.pdf")


def test_only_notes_are_found_in_order(tmp_path):
    (tmp_path / ".hidden").mkdir()
    for name in ("b.md", "a.md", "c.txt", "ABOUT.txt", "data.csv", ".hidden/x.md"):
        (tmp_path / name).write_text("About this folder." if name == "ABOUT.txt" else NOTE)
    assert [path.name for path in find_documents(tmp_path)] == ["a.md", "b.md", "c.txt"]
    with pytest.raises(DocumentError, match="no such folder"):
        find_documents(tmp_path / "absent")


def test_the_id_follows_the_content_and_not_the_place(tmp_path):
    first = read(tmp_path, NOTE, "one.md")
    assert read(tmp_path, NOTE, "two.md").id == first.id
    assert read(tmp_path, NOTE.replace("\n", "\r\n").encode(), "dos.md").id == first.id
    assert read(tmp_path, NOTE.replace("IWM", "SPY"), "other.md").id != first.id


def test_a_short_note_is_one_verbatim_passage(tmp_path):
    document = read(tmp_path, NOTE)
    (passage,) = split(document, TODAY)
    assert passage.text == document.body
    assert passage.span == (0, len(document.body))
    assert passage.published == date(2026, 1, 9)
    assert passage.ingested == TODAY
    assert indexed_text(passage) == ("Small caps in 2026\nearnings growth\n" + document.body)


def test_passage_ids_are_the_same_on_every_machine_and_day(tmp_path):
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
    here = read(tmp_path / "one", NOTE, "a.md")
    there = read(tmp_path / "two", NOTE, "b.md")
    later = datetime(2027, 5, 5, tzinfo=UTC)
    assert split(here, TODAY)[0].id == split(there, later)[0].id
    # Frozen: saved answers cite these ids.
    assert split(here, TODAY)[0].id == "p-7ee66ae0c7587fd8"
    edited = read(tmp_path, NOTE.replace("14.6", "14.7"))
    assert split(edited, TODAY)[0].id != split(here, TODAY)[0].id


def test_long_notes_are_cut_at_sentence_ends(tmp_path):
    sentence = (
        "The U.S. index, says Mr. Roe of Acme Inc. in New York, rose 3.5 percent to 2,669.16."
    )
    words = len(sentence.split())  # 16
    paragraph = " ".join([sentence] * 5)
    document = with_body(tmp_path, "\n\n".join([paragraph] * 4))
    passages = split(document, TODAY)
    assert len(passages) == 3  # 320 words by at most 120
    for passage in passages:
        assert document.body[slice(*passage.span)] == passage.text
        assert passage.text.startswith("The U.S.")
        assert passage.text.endswith("2,669.16.")
        assert len(passage.text.split()) <= PASSAGE_WORDS
    assert sum(len(passage.text.split()) for passage in passages) == 20 * words
    between = [document.body[a.span[1] : b.span[0]] for a, b in pairwise(passages)]
    assert all(gap.isspace() for gap in between)
    assert len({passage.id for passage in passages}) == 3


def test_the_longest_whole_note_and_one_word_more(tmp_path):
    whole = with_body(tmp_path, "word " * WHOLE_WORDS)
    assert [p.text for p in split(whole, TODAY)] == [whole.body]
    # One endless sentence: cut between words, since there is no better place.
    longer = with_body(tmp_path, "word " * (WHOLE_WORDS + 1))
    parts = split(longer, TODAY)
    assert [len(part.text.split()) for part in parts] == [120, 41]
    assert all(longer.body[slice(*part.span)] == part.text for part in parts)


def test_sentences_end_at_full_stops_that_end_them():
    text = 'The U.S. gained 3.5 percent. J.P. Morgan says: "No!" Why?\n\nMr. Roe left'
    assert sentences(text) == [
        "The U.S. gained 3.5 percent.",
        'J.P. Morgan says: "No!"',
        "Why?",
        "Mr. Roe left",
    ]


def test_passages_are_of_about_equal_length(tmp_path):
    document = with_body(tmp_path, "Plain words stand here in a row. " * 24)  # 7 words each
    assert [len(part.text.split()) for part in split(document, TODAY)] == [84, 84]


def test_a_heading_stays_with_what_it_heads(tmp_path):
    text = "Plain words stand here in a row. " * 16  # 7 words each
    document = with_body(tmp_path, f"{text.strip()}\n\n# Outlook\n\n{text.strip()}")
    first, second = split(document, TODAY)
    assert "# Outlook" not in first.text
    assert second.text.startswith("# Outlook\n\nPlain")


def table(rows):
    lines = ["| Fund | Return |", "| --- | --- |"]
    lines += [f"| Number {n}. Small | {n}.5% |" for n in range(rows)]  # 7 words each
    return "\n".join(lines)


def test_a_table_is_kept_whole_and_a_large_one_is_cut_between_rows(tmp_path):
    prose = "Plain words stand here in a row. " * 16  # 7 words each
    small, large = table(20), table(40)
    document = with_body(tmp_path, f"{prose}\n\n# Funds\n\n{small}\n\n{prose}\n{large}\nEnd.")
    passages = [part.text for part in split(document, TODAY)]
    assert any(part.endswith(f"# Funds\n\n{small}") for part in passages)
    rows = [line for part in passages for line in part.split("\n") if line.startswith("|")]
    assert rows == [*small.split("\n"), *large.split("\n")]
    assert max(len(part.split()) for part in passages) <= 240


def test_each_row_of_a_table_is_a_sentence():
    assert sentences("Before it.\n| A. B | 1 |\n|---|---|\nAfter. It") == [
        "Before it.",
        "| A. B | 1 |",
        "|---|---|",
        "After.",
        "It",
    ]


@pytest.mark.parametrize(
    "body", ["." * 300_000, "x\n" + " " * 300_000 + "y", "Mr. " * 70_000, "|\n" * 150_000]
)
def test_odd_texts_cost_no_more_than_plain_ones(tmp_path, body):
    document = with_body(tmp_path, body)
    start = time.perf_counter()
    split(document, TODAY)
    assert time.perf_counter() - start < 2

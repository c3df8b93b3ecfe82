"""The page's other views: library, watch list, a shared answer; and taking commentary in."""

from __future__ import annotations

from datetime import date

import pytest
from page import html_of, text_of, view

from qa.agent.events import Drafted, Repaired, ToolFinished, ToolStarted
from qa.commentary.ingest import Report
from qa.domain import Figure
from qa.page.side import freshness, outcome, safe_name
from qa.page.steps import told

NOTE = b"""---
title: Small caps at a desk
author: Ann Author
firm: Desk Research
published: 2026-01-20
---

The Russell 2000 closed at 2,700.00 on January 16, 2026, says Author of Desk Research.
"""


# 44 words, and one more to come.
LOANS = (
    "Small companies borrow at floating rates, so a cut of the policy rate reaches their interest "
    "bill within a quarter. Banks report that demand for loans from such firms rose again this "
    "winter, and that fewer of them were turned away than a year"
)


@pytest.fixture
def alone(page, monkeypatch, tmp_path):
    """The page with a store of its own and one note: what is uploaded reaches no other test."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "first.md").write_bytes(NOTE.replace(b"at a desk", b"first"))
    monkeypatch.setenv("TAPECHECK_STORE", str(tmp_path / "own"))
    monkeypatch.setenv("TAPECHECK_CORPUS", str(corpus))
    return page


def upload(page, *files):
    page.file_uploader[0].set_value(list(files))
    next(b for b in page.button if b.label == "Take in").click().run()
    assert not page.exception
    return text_of(page)


def test_an_upload_is_taken_in_found_and_withdrawn(alone):
    note = NOTE.replace(b"The Russell 2000 closed at 2,700.00", b"Banks lend more")
    alone.run()
    assert "1 passage of 1 document" in text_of(alone)
    told = upload(alone, ("a/../desk.md", note, "text/markdown"))
    assert "1 document taken in" in told
    view(alone, "Library")
    assert "2 passages of 2 documents" in text_of(alone)
    alone.selectbox("document").set_value("uploads/desk.md").run()
    assert "Banks lend more" in text_of(alone)
    alone.button("withdraw-now").click().run()
    assert "Withdrawn: uploads/desk.md." in text_of(alone)
    alone.run()
    assert "1 passage of 1 document" in text_of(alone)


def test_an_upload_that_can_not_be_read_is_named_and_hurts_nothing(alone):
    alone.run()
    told = upload(alone, ("broken.pdf", b"%PDF-1.7 not one", "application/pdf"))
    assert "broken.pdf" in told
    assert 'role="alert"' in html_of(alone)
    assert "1 passage of 1 document" in told


def test_the_library_is_searched_by_words_and_shows_who_wrote(page):
    view(page, "Library")
    everything = len(page.dataframe[0].value)
    page.text_input("find").set_value("DeSanctis target for the Russell 2000").run()
    found = page.dataframe[0].value
    assert 0 < len(found) < everything
    assert "Jefferies" in set(found["firm"])
    page.selectbox("document").set_value(found["document"].iloc[0]).run()
    assert "our summary of the page" in text_of(page)
    page.button("audit").click().run()
    assert not page.exception
    assert "Verdict" in text_of(page) or "no figure that could be tried" in text_of(page)


def test_a_note_from_two_wires_is_one_with_both_origins(alone):
    head = NOTE.decode().rpartition("---")[0]
    wire = head.replace("Desk Research", "A Wire")
    alone.run()
    upload(
        alone,
        ("desk.md", f"{head}---\n\n{LOANS} ago.\n".encode(), "text/markdown"),
        ("wire.md", f"{wire}---\n\n{LOANS} earlier.\n".encode(), "text/markdown"),
    )
    view(alone, "Library")
    alone.toggle("twice").set_value(True).run()
    (held,) = alone.dataframe[0].value.to_dict("records")
    assert held["also at"] == 1
    alone.selectbox("document").set_value(held["document"]).run()
    assert not alone.exception
    text = text_of(alone)
    assert "Near-duplicates" in text
    assert "A Wire" in text
    assert "wire.md" in text
    # 45 words make 41 runs of five; the last word is in one of them: 40 of 42 are common.
    assert "95%" in text


def test_a_library_without_near_duplicates_says_so(page):
    view(page, "Library")
    page.toggle("twice").set_value(True).run()
    assert "No text came twice" in text_of(page)


def test_a_bundled_note_is_not_withdrawn_and_the_page_says_so(page):
    view(page, "Library")
    page.selectbox("document").set_value(page.selectbox("document").options[0]).run()
    page.button("withdraw-now").click().run()
    assert "nothing of that name was taken in" in text_of(page)


def test_a_rule_is_watched_read_back_and_removed(page):
    view(page, "Watch list")
    assert "No rule is watched yet" in page.caption[-1].value
    page.text_input[0].input("VIX above 20")
    next(b for b in page.button if b.label == "Watch").click().run()
    text = text_of(page)
    assert "VIX above 20" in text
    assert "triggered" in text
    page.text_input[0].input("when pigs fly")
    next(b for b in page.button if b.label == "Watch").click().run()
    assert 'role="alert"' in html_of(page)
    page.button("remove-now").click().run()
    assert "No rule is watched yet" in page.caption[-1].value


def test_a_shared_answer_is_executed_again_before_it_is_shown(page, sample_analyst):
    answer = sample_analyst.ask("Where did the Russell 2000 close?", as_of="2026-01-23")
    saved = answer.model_dump_json().encode()
    view(page, "Open an answer")
    page.file_uploader("shared").set_value(("a.json", saved, "application/json")).run()
    assert "The answer holds" in text_of(page)
    assert "2,669.16" in text_of(page)
    forged = saved.replace(b"2,669.16", b"2,969.16")
    page.file_uploader("shared").set_value(("b.json", forged, "application/json")).run()
    assert "The answer differs" in text_of(page)
    assert 'tc-error" role="alert"' in html_of(page)


@pytest.mark.parametrize("data", [b"{}", b"not JSON", b'{"question": "<script>alert(1)</script>"}'])
def test_a_file_that_is_no_answer_is_one_sentence(page, data):
    view(page, "Open an answer")
    page.file_uploader("shared").set_value(("a.json", data, "application/json")).run()
    assert not page.exception
    assert "is not an answer as Tapecheck writes it" in text_of(page)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("note.md", "note.md"),
        ("../../etc/passwd", "passwd"),
        ("C:\\notes\\a b.pdf", "a b.pdf"),
        (".bashrc", "bashrc"),
        ("a<b>|c.md", "a_b__c.md"),
        ("", "upload"),
        ("x" * 300 + ".md", "x" * 100 + ".md"),
    ],
)
def test_an_uploads_name_leads_nowhere(given, kept):
    assert safe_name(given) == kept


def test_how_fresh_the_tape_is():
    assert freshness(date(2026, 1, 23), date(2026, 1, 25)) == "Prices to 2026-01-23, complete"
    # Monday to Wednesday: three sessions of an exchange that was open on each.
    behind = freshness(date(2026, 1, 23), date(2026, 1, 28))
    assert behind == "Prices to 2026-01-23, 3 sessions behind"


def test_what_came_of_an_ingest_is_told_in_full():
    report = Report(
        taken_in=2, unchanged=1, passages=5, undated=["b.txt"], problems=["a.pdf: no text."]
    )
    assert outcome(report) == [
        ("success", "2 documents taken in, 5 passages."),
        ("info", "Held already: 1 document."),
        ("warning", "Without a date, so left out of dated answers: b.txt."),
        ("error", "a.pdf: no text."),
    ]


def test_steps_are_told_with_their_figures_as_they_arrive():
    brought = ToolFinished(
        call="1", tool="performance", evidence=("m1",),
        figures={"return": Figure(value=6.75, unit="percent")},
    )  # fmt: skip
    steps = [
        (ToolStarted(call="1", tool="performance", arguments={"symbol": "^RUT"}),
         "→ performance ^RUT"),
        (brought, "← performance: return 6.75%"),
        (ToolFinished(call="2", tool="rates", problem="No yields."), "rates: No yields."),
        (Drafted(claims=3), "Checking 3 claims."),
        (Repaired(left=2), "2 checks still fail; they go."),
    ]  # fmt: skip
    for event, words in steps:
        assert list(told(event)) == [words]

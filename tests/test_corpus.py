"""The bundled commentary: complete front matter, sentences that stand alone, no hindsight."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import frontmatter
import pytest

from qa.commentary.documents import find_documents, read_document
from qa.commentary.passages import sentences

CORPUS = Path(__file__).parents[1] / "corpus"
VIEWS = Path(__file__).parents[1].parent / "shared" / "commentary" / "views.jsonl"
PATHS = sorted(CORPUS.glob("*.md"))
NOTES: dict[str, Any] = {path.name: frontmatter.load(str(path)) for path in PATHS}

WORD = re.compile(r"\w+")
KEYS = WORD.findall(
    "title author role firm publisher published published_basis url tickers stance horizon drivers"
    " voice"
)
STANCES = {"bullish", "bearish", "neutral", "mixed"}
KINDS = {"structural", "cyclical", "technical", "policy"}
HINDSIGHT = re.compile(
    r"\b(in fact|wrong(ly)?|false(ly)?|fabricated|stale|hindsight|turned out|proved|superseded"
    r"|overtaken|was withdrawn|never happened|do(es)? not match|premise|excerpts?|not visible"
    r"|cut off|machine-written|AI-written)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"(He|She|It|They|We|This|That|These|Those|His|Her|Its|Their|Both)\b")
MONTHS = "January February March April May June July August September October November December"
MONTH = "|".join(MONTHS.split())
FULL_DATES = (
    (re.compile(r"\b\d{4}-\d{2}-\d{2}\b"), "%Y-%m-%d"),
    (re.compile(rf"\b(?:{MONTH}) \d{{1,2}}, \d{{4}}\b"), "%B %d, %Y"),
    (re.compile(rf"\b\d{{1,2}} (?:{MONTH}) \d{{4}}\b"), "%d %B %Y"),
)
MONTH_YEAR = re.compile(rf"\b(?:{MONTH}) \d{{4}}\b")
FORECAST = re.compile(r"\b(target|expects?|forecasts?|outlook)\b")
QUOTED = re.compile(r'"([^"]+)"')
SMALL_WORDS = set(
    WORD.findall(
        "a an and the of for to in on with at by from not or after as into than that its is are per"
        " over"
    )
)
# Words of firms' and publishers' names that name nobody.
NO_NAMES = set(WORD.findall("research news management services capital stock blog story summary"))


def each_note() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", NOTES)


def stems(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9&]+", text.lower())
    return {w[:5] for w in words if w not in SMALL_WORDS and (len(w) > 2 or w == "ai")}


def source_words(note: Any) -> set[str]:
    text = f"{note['firm'] or ''} {note['publisher']} {note['author'] or ''}"
    words = {w for w in WORD.findall(text.lower()) if len(w) > 2}
    return words - NO_NAMES - SMALL_WORDS


def test_there_are_enough_notes_and_the_reader_takes_them_all() -> None:
    found = [p for p in find_documents(CORPUS) if p.parent == CORPUS]
    assert len(found) == len(PATHS) >= 50
    for path in found:
        document = read_document(path, CORPUS)
        assert document.voice == "summary"
        assert document.drivers


@each_note()
def test_front_matter_is_complete_and_valid(name: str) -> None:
    note = NOTES[name]
    assert list(note.keys()) == KEYS
    assert isinstance(note["published"], date)
    assert name.startswith(f"{note['published']}-")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}(-[a-z0-9]+)+\.md", name)
    assert note["published_basis"] in {"stated", "inferred"}
    assert re.match(r"https?://\S+$", note["url"])
    assert note["stance"] in STANCES
    assert note["voice"] == "summary"
    assert note["tickers"]
    assert all(isinstance(t, str) and t for t in note["tickers"])
    for key in ("title", "publisher", "horizon"):
        assert isinstance(note[key], str)
        assert note[key].strip()
    assert note["drivers"]
    for driver in note["drivers"]:
        assert set(driver) == {"name", "kind"}
        assert driver["kind"] in KINDS


@each_note()
def test_title_carries_no_remark_about_how_it_was_found(name: str) -> None:
    assert not re.search(
        r"from the URL|not visible|page title|truncated|slug", NOTES[name]["title"]
    )


def test_a_view_stands_once() -> None:
    views = Counter((n["title"], n["published"], n["author"], n["firm"]) for n in NOTES.values())
    assert [view for view, count in views.items() if count > 1] == []
    bodies = Counter(s for n in NOTES.values() for s in sentences(n.content))
    assert [sentence for sentence, count in bodies.items() if count > 1] == []


@each_note()
def test_body_is_a_few_plain_sentences(name: str) -> None:
    body = NOTES[name].content
    # Eleven: one for the view, one for each of five drivers, and the figures.
    assert 3 <= len(sentences(body)) <= 11
    assert not re.search(r"^\s*([#*>|-]|\d+\.)", body, re.MULTILINE)
    assert "—" not in body
    for sentence in sentences(body):
        assert 6 <= len(sentence.split()) <= 40
        assert sentence.endswith(".")
        assert "\n" not in sentence
    for phrase in QUOTED.findall(body):
        assert len(phrase.split()) <= 10


@each_note()
def test_each_sentence_stands_alone(name: str) -> None:
    note = NOTES[name]
    names = source_words(note)
    for sentence in sentences(note.content):
        assert not PRONOUN.match(sentence), sentence
        assert names & set(WORD.findall(sentence.lower())), f"no source in: {sentence}"


@each_note()
def test_each_driver_has_a_sentence_of_its_own(name: str) -> None:
    note = NOTES[name]
    lifted = []
    for driver in note["drivers"]:
        words = stems(driver["name"])
        best = max(sentences(note.content), key=lambda s: len(words & stems(s)))
        assert len(words & stems(best)) >= len(words) / 2, driver["name"]
        lifted.append(best)
    assert len(set(lifted)) == len(lifted)


@each_note()
def test_nothing_was_known_before_its_day(name: str) -> None:
    note = NOTES[name]
    published: date = note["published"]
    for pattern, layout in FULL_DATES:
        for text in pattern.findall(note.content):
            assert datetime.strptime(text, layout).date() <= published, text
    for sentence in sentences(note.content):
        for text in MONTH_YEAR.findall(sentence):
            first = datetime.strptime(text, "%B %Y").date()
            assert first <= published or FORECAST.search(sentence), sentence
    assert not HINDSIGHT.search(note.content)


def test_both_sides_are_heard_before_late_january_2026() -> None:
    early = [n for n in NOTES.values() if n["published"] <= date(2026, 1, 23) and n["firm"]]
    assert len({n["firm"] for n in early if n["stance"] == "bullish"}) >= 4
    assert len({n["firm"] for n in early if n["stance"] in {"bearish", "mixed"}}) >= 4


def view_of(note: Any) -> dict[str, Any]:
    found = [
        view
        for view in map(json.loads, VIEWS.read_text(encoding="utf-8").splitlines())
        if (view["url"], view["published"]) == (note["url"], str(note["published"]))
        and view["analyst"] == note["author"]
        and (view["firm"] or "").startswith(note["firm"] or "")
    ]
    assert len(found) == 1, f"{len(found)} views for {note['title']}"
    view: dict[str, Any] = found[0]
    return view


@pytest.mark.skipif(not VIEWS.exists(), reason="../shared/commentary is not here")
@each_note()
def test_note_agrees_with_the_view_it_was_written_from(name: str) -> None:
    note = NOTES[name]
    view = view_of(note)
    assert note["stance"] == view["stance"]
    assert note["published_basis"] == view["published_basis"]
    assert note["tickers"] == view["tickers"]
    assert [d["kind"] for d in note["drivers"]] == [d["kind"] for d in view["drivers"]]
    for phrase in QUOTED.findall(note.content):
        assert phrase in view["summary"]

"""Documents are cut into passages: verbatim, at the borders of paragraphs and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from math import ceil

from qa.commentary.documents import Document
from qa.commentary.words import in_words
from qa.domain import Passage, content_id

WHOLE_WORDS = 160
PASSAGE_WORDS = 120
TABLE_WORDS = 240

Span = tuple[int, int]

# The possessive quantifiers keep odd texts (a megabyte of dots) from costing quadratic time.
_BLANK = re.compile(r"\n[ \t]*+\n\s*+")
_WORD = re.compile(r"\S+")
_ROW = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(\s++)(?=[\"'“‘(\[]?[A-Z0-9])")
# A full stop after one of these, or after a single capital, ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Inc|Corp|Co|Ltd|No|vs|approx|est|e\.g|i\.e|cf|Fig"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)|\b[A-Z](?:\.[A-Z])*)\.$"
)
_LONGEST_ABBREVIATION = 12


def split(document: Document, ingested: datetime) -> list[Passage]:
    """The passages of a document, in order, `body[span[0]:span[1]] == text` for each.

    A body of up to 160 words is one passage; longer ones are cut into passages of about equal
    length, at most 120 words each. Tables of up to 240 words are kept whole, larger ones are cut
    between rows. The ids depend on the content alone.
    """
    return [_passage(document, span, ingested) for span in _spans(document.body)]


def sentences(text: str) -> list[str]:
    """The sentences of a text, verbatim; a blank line ends a sentence too."""
    return [text[start:end] for start, end in _sentence_spans(text) if text[start:end].strip()]


def indexed_text(passage: Passage) -> str:
    """What is embedded: the passage below its title and drivers, with its figures in words."""
    drivers = ", ".join(driver.name for driver in passage.drivers)
    return in_words("\n".join(part for part in (passage.title, drivers, passage.text) if part))


def passage_id(passage: Passage) -> str:
    """The id that the words of a passage, its place and its source make."""
    source = (passage.title, passage.author, passage.firm, passage.published, passage.url)
    return _id(source, passage.span, passage.text)


def _id(source: tuple[object, ...], span: Span, text: str) -> str:
    return content_id("p", source, span, text)


def _passage(document: Document, span: Span, ingested: datetime) -> Passage:
    text = document.body[slice(*span)]
    source = (document.title, document.author, document.firm, document.published, document.url)
    return Passage(
        id=_id(source, span, text),
        document=document.name,
        title=document.title,
        author=document.author,
        role=document.role,
        firm=document.firm,
        published=document.published,
        ingested=ingested,
        url=document.url,
        text=text,
        span=span,
        tickers=document.tickers,
        stance=document.stance,
        horizon=document.horizon,
        drivers=document.drivers,
        targets=tuple(target for target in document.targets if target.text in text),
        inferred=document.inferred,
        voice=document.voice,
    )


def _spans(body: str) -> list[Span]:
    total = _words(body)
    if total <= WHOLE_WORDS:
        return [(0, len(body))]
    # An equal share for each passage, lest the last one be a stump.
    share = ceil(total / ceil(total / PASSAGE_WORDS))
    spans: list[Span] = []
    for unit in _units(body):
        last = spans[-1] if spans else (0, 0)
        grown = (last[0], unit[1])
        if 0 < _words(body[slice(*last)]) < share and _words(body[slice(*grown)]) <= PASSAGE_WORDS:
            spans[-1] = grown
        else:
            spans.append(unit)
    return spans


def _units(body: str) -> Iterator[Span]:
    """Sentences, a heading with the one it stands over, tables, and an endless sentence in pieces.

    A table is one unit, or a large one some of its rows at a time.
    """
    heading: int | None = None
    rows: list[Span] = []
    for start, end in _sentence_spans(body):
        if _ROW.match(body, start):
            rows.append((start if heading is None else heading, end))
            heading = None
            continue
        yield from _tables(body, rows)
        rows = []
        if body.startswith("#", start):
            heading = start if heading is None else heading
            continue
        yield from _pieces(body, (start if heading is None else heading, end))
        heading = None
    yield from _tables(body, rows)
    if heading is not None:
        yield from _pieces(body, (heading, len(body)))


def _tables(body: str, rows: list[Span]) -> Iterator[Span]:
    """The span of some rows of a table; of many, several spans of whole rows."""
    if not rows:
        return
    whole = (rows[0][0], rows[-1][1])
    if _words(body[slice(*whole)]) <= TABLE_WORDS:
        yield whole
        return
    held, size = rows[0], _words(body[slice(*rows[0])])
    for row in rows[1:]:
        words = _words(body[slice(*row)])
        if size + words > PASSAGE_WORDS:
            yield held
            held, size = row, 0
        held, size = (held[0], row[1]), size + words
    yield held


def _sentence_spans(body: str) -> Iterator[Span]:
    """The spans of sentences; a row of a Markdown table counts as one."""
    start = 0
    for blank in _BLANK.finditer(body):
        yield from _block_spans(body, start, blank.start())
        start = blank.end()
    yield from _block_spans(body, start, len(body))


def _block_spans(body: str, start: int, end: int) -> Iterator[Span]:
    for row in _ROW.finditer(body, start, end):
        if start < row.start():
            yield from _sentences_between(body, start, row.start() - 1)
        yield row.span()
        start = row.end() + 1
    if start < end or body[start:end].strip():
        yield from _sentences_between(body, start, end)


def _sentences_between(body: str, start: int, end: int) -> Iterator[Span]:
    for stop in _STOP.finditer(body, start, end):
        before = max(start, stop.start(1) - _LONGEST_ABBREVIATION)
        if not _ABBREVIATION.search(body, before, stop.start(1)):
            yield start, stop.start(1)
            start = stop.end()
    yield start, end


def _pieces(body: str, span: Span) -> Iterator[Span]:
    words = [match.span() for match in _WORD.finditer(body, *span)]
    for first in range(0, len(words), PASSAGE_WORDS):
        last = min(first + PASSAGE_WORDS, len(words)) - 1
        yield words[first][0], words[last][1]


def _words(text: str) -> int:
    return len(text.split())

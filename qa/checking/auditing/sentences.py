"""Sentences of a commentary, each with its place in the text. Headings and list items are some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 700  # characters; what runs on without a full stop is cut at a space

_BREAK = re.compile(
    r"(?<=[.!?])[\x22'”’)\]*_]{0,3}\s+(?=[\x22'“‘(\[*_]{0,3}[A-Z0-9])"
    r"|\n[ \t]*\n|\n(?=[ \t]*(?:[-*#>|•]|\d{1,2}[.)]\s))"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:vs|u\.s|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|nos?|approx|ca|est|inc|corp|co"
    r"|ltd|st|mr|mrs|ms|dr|e\.g|i\.e|fig|a\.m|p\.m)|\b[A-Za-z])\.$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a text: `text` is exactly `whole[start:start + len(text)]`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the sentence ends in the text."""
        return self.start + len(self.text)


def split_sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in order, without the white space around them."""
    at = 0
    for found in _BREAK.finditer(text):
        if _ABBREVIATED.search(text, max(at, found.start() - 12), found.start()):
            continue
        yield from _cut(text, at, found.start())
        at = found.end()
    yield from _cut(text, at, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[Sentence]:
    """One stretch, in pieces of at most LONGEST characters."""
    while start < end:
        stop = end
        if end - start > LONGEST:
            space = text.rfind(" ", start, start + LONGEST)
            stop = space if space > start else start + LONGEST
        piece = text[start:stop]
        if kept := piece.strip():
            yield Sentence(kept, start + len(piece) - len(piece.lstrip()))
        start = stop

"""Taking in: files are read, put on the shelf, and indexed from there into the store.

Whatever stops it, what was read is on the shelf and what was indexed is in the store; the next
`ingest`, with or without paths, goes on from there. One process does it at a time, another waits.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.commentary.convert import Converter
from qa.commentary.documents import Document
from qa.commentary.embedding import Embedder
from qa.commentary.passages import split
from qa.commentary.reading import read_source
from qa.commentary.shelf import Event, Shelf, is_mark, shelf_of
from qa.commentary.sources import Source, find_sources
from qa.commentary.store import Holding, Store, noted_documents
from qa.commentary.vectors import embed_passages
from qa.domain import Passage
from qa.errors import DocumentError

# So many passages are embedded together and then stored: what a kill may cost, and what is sorted
# by length at once.
WINDOW = 256
# Raise it when files are read differently: each is then read again.
SEEN_SCHEMA = 1
PATIENCE = 60.0

# The stage ("reading" or "indexing"), how much is done, and how much there is: files, passages.
Progress = Callable[[str, int, int], None]


@dataclass
class Report:
    """What an ingest did. Counts are documents; `problems` has a sentence for each left out.

    `gone` names what was taken in from these paths before and is there no more; it is still held.
    `dropped` names records that their file holds no more; they are withdrawn.
    `passages` are those that were indexed. `undated` names the documents that were new and say
    nowhere when they were published.
    """

    taken_in: int = 0
    replaced: int = 0
    unchanged: int = 0
    duplicates: int = 0
    withdrawn: int = 0
    passages: int = 0
    problems: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)


def ingest(
    paths: Sequence[Path],
    location: str,
    embedder: Embedder,
    progress: Progress | None = None,
    waiting: Callable[[], None] | None = None,
) -> Report:
    """Take the files at and below `paths` in, and index what is not indexed yet.

    `waiting` is called once when another process has to be waited for. A file that can't be read
    is named in the report and stops nothing. Raises DocumentError for a path that isn't there,
    BadSettings for an unusable store, StoreLocked when the store is held for too long.
    """
    report = Report()
    shelf = shelf_of(location)
    sources, left_out = find_sources(paths, {shelf.folder, Path(location).expanduser().resolve()})
    with shelf.writing(waiting):
        _shelve(sources, shelf, report, progress)
        report.problems[:0] = left_out
        roots = [Path(os.path.abspath(path.expanduser())).resolve() for path in paths]
        report.gone = sorted(_gone(shelf, roots, {source.place for source in sources}))
        _index(shelf, location, embedder, report, progress)
    return report


def withdraw(name: str, location: str, embedder: Embedder) -> list[str]:
    """Take documents out of the store, by name, file or folder; returns their names.

    Raises DocumentError when nothing of that name was taken in.
    """
    shelf = shelf_of(location)
    with shelf.writing():
        names = shelf.withdraw(name)
        _index(shelf, location, embedder, Report(), None)
    return names


def _shelve(
    sources: Sequence[Source], shelf: Shelf, report: Report, progress: Progress | None
) -> None:
    seen = _Seen(shelf.folder / "seen.json")
    outcomes: Counter[str] = Counter()
    try:
        with Converter() as converter:
            for number, source in enumerate(sources):
                if progress:
                    progress("reading", number, len(sources))
                outcomes += _take(source, shelf, seen, converter, report)
    finally:
        seen.save()
    if progress and sources:
        progress("reading", len(sources), len(sources))
    report.taken_in, report.replaced = outcomes["taken_in"], outcomes["replaced"]
    report.unchanged, report.duplicates = outcomes["unchanged"], outcomes["duplicate"]
    report.withdrawn = outcomes["withdrawn"]


def _take(
    source: Source, shelf: Shelf, seen: _Seen, converter: Converter, report: Report
) -> Counter[str]:
    """Put the documents of one file on the shelf; counts what became of them."""
    known = seen.of(source)
    if known is not None and not source.named:
        report.problems += known["problems"]
        return Counter(unchanged=known["documents"])
    outcomes: Counter[str] = Counter()
    problems: list[str] = []
    keys: set[str | None] = set()
    try:
        for key, document in read_source(source, converter):
            keys.add(key)
            if isinstance(document, Document):
                outcome = shelf.put(document, source.place, key, insist=source.named)
                outcomes[outcome] += 1
                if document.published is None and outcome != "unchanged":
                    report.undated.append(document.name)
            else:
                problems.append(str(document))
    except DocumentError as error:
        # What was read of an earlier state of the file stays.
        problems.append(str(error))
    else:
        for name, key in shelf.names_of(source.place).items():
            if key not in keys:
                report.dropped += shelf.withdraw(name, "no longer in the file")
    report.problems += problems
    documents = sum(outcomes[kind] for kind in ("taken_in", "replaced", "duplicate", "unchanged"))
    seen.note(source, documents, problems)
    return outcomes


def _gone(shelf: Shelf, roots: Sequence[Path], there: Collection[str]) -> Iterator[str]:
    for name, event in shelf.documents.items():
        below = any(Path(event.source).is_relative_to(root) for root in roots)
        if below and event.source not in there:
            yield name


def _index(
    shelf: Shelf,
    location: str,
    embedder: Embedder,
    report: Report,
    progress: Progress | None,
) -> None:
    """Bring what the store holds of the shelf into line with it."""
    if (noted := noted_documents(location)) is not None and _is_in_line(shelf, noted):
        return  # without opening the database, which takes a while
    store = Store(location, embedder.name)
    try:
        with store.writing(PATIENCE):
            held = store.documents()
            store.remove(name for name in shelf.gone if is_mark(held.get(name, "")))
            marks = shelf.marks
            waiting = [name for name, mark in marks.items() if held.get(name) != mark]
            report.passages = _embed(shelf, waiting, store, embedder, progress)
            store.note_documents()
    finally:
        store.close()


def _is_in_line(shelf: Shelf, held: dict[str, str]) -> bool:
    surplus = any(is_mark(held.get(name, "")) for name in shelf.gone)
    return not surplus and shelf.marks.items() <= held.items()


def _embed(
    shelf: Shelf,
    names: Sequence[str],
    store: Store,
    embedder: Embedder,
    progress: Progress | None,
) -> int:
    """Embed and store documents, window by window; returns the number of passages."""
    marks, events = shelf.marks, shelf.documents
    total, done = sum(events[name].passages for name in names), 0
    for window in _windows(names, events, shelf):
        passages = [passage for _, group in window for passage in group]

        def heard(ready: int, texts: int, before: int = done, size: int = len(passages)) -> None:
            if progress:
                progress("indexing", before + size * ready // texts, total)

        vectors = embed_passages(passages, embedder, heard)
        holdings, start = [], 0
        for name, group in window:
            end = start + len(group)
            sentences = [vectors.packed(place) for place in range(start, end)]
            holding = Holding(name, marks[name], group, vectors.whole[start:end], sentences)
            holdings.append(holding)
            start = end
        store.replace_all(holdings)
        done += len(passages)
        _give_back()
    return done


def _give_back() -> None:
    """Give the system what was freed, where glibc is.

    The tokenizer, the model and Chroma each work in threads, whose heaps would keep some 20 MB more
    after every window.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:  # other C libraries have none
            trim(0)


def _windows(
    names: Iterable[str], events: dict[str, Event], shelf: Shelf
) -> Iterator[list[tuple[str, list[Passage]]]]:
    """Documents with their passages, as many at a time as make a window."""
    window: list[tuple[str, list[Passage]]] = []
    size = 0
    for name in names:
        group = split(shelf.load(name), events[name].at)
        window.append((name, group))
        size += len(group)
        if size >= WINDOW:
            yield window
            window, size = [], 0
    if window:
        yield window


class _Seen:
    """Which state of which file was read, and what came of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: dict[str, dict[str, Any]] = {}
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["schema"] == SEEN_SCHEMA:
                self._files = kept["files"]
        except (OSError, ValueError, KeyError, TypeError):
            return  # it is made anew

    def of(self, source: Source) -> dict[str, Any] | None:
        """What came of the file, if it was read as it is now."""
        known = self._files.get(source.place)
        return known if known and tuple(known["stamp"]) == source.stamp else None

    def note(self, source: Source, documents: int, problems: Sequence[str]) -> None:
        """Remember what came of a file."""
        found = {"stamp": source.stamp, "documents": documents, "problems": list(problems)}
        self._files[source.place] = found

    def save(self) -> None:
        """Write it down."""
        draft = self._path.with_suffix(".tmp")
        kept = {"schema": SEEN_SCHEMA, "files": self._files}
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(self._path)

"""The commentary at hand: folders of notes, taken into the store once and searched ever after."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.commentary.documents import Document, find_documents, read_document
from qa.commentary.embedding import Embedder, MiniLM
from qa.commentary.passages import split
from qa.commentary.search import Filters, Searcher
from qa.commentary.shelf import Shelf, is_mark, shelf_of
from qa.commentary.store import Store
from qa.commentary.vectors import Vectors, embed_passages
from qa.domain import Origin, Passage
from qa.errors import BadSettings, DocumentError, StoreLocked

if TYPE_CHECKING:
    from qa.commentary.retriever import CommentaryRetriever

MANIFEST = "manifest.json"
# Raise it when documents are read differently: what the manifest remembers is then forgotten.
MANIFEST_SCHEMA = 2
DOCUMENTS_AT_ONCE = 8
# So often is the commentary taken up anew that another process replaces meanwhile.
TRIES = 5

Progress = Callable[[int, int], None]


class Library:
    """All commentary passages, ready to be searched. Made by `open_library`.

    `passages` are in the order of their documents and places as they were at the opening, or at the
    first search if another process has replaced some by then. `problems` has one sentence for each
    note that could not be taken in. With `undated`, searches find what has no date of publication
    too.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        shelf: Shelf,
        problems: tuple[str, ...] = (),
        undated: bool = False,
    ) -> None:
        self.problems = problems
        self.undated = undated
        self._store = store
        self._embedder = embedder
        self._shelf = shelf
        self.passages = self._held()

    @property
    def size(self) -> int:
        """The number of passages."""
        return len(self.passages)

    def search(
        self,
        query: str,
        *,
        as_of: date,
        k: int = 8,
        strict: bool = False,
        undated: bool = False,
        stances: Collection[str] = (),
        firms: Collection[str] = (),
        authors: Collection[str] = (),
        tickers: Collection[str] = (),
        since: date | None = None,
        until: date | None = None,
        max_per_firm: int = 2,
    ) -> list[Passage]:
        """The passages that bear on the query, best first; see `Searcher.search` and `Filters`."""
        filters = Filters(stances, firms, authors, tickers, since, until)
        return self._searcher.search(
            query,
            as_of=as_of,
            k=k,
            strict=strict,
            undated=undated or self.undated,
            filters=filters,
            max_per_firm=max_per_firm,
        )

    def retriever(self, *, as_of: date, k: int = 8, **options: Any) -> CommentaryRetriever:
        """The same search as a LangChain retriever; `options` are those of `search`."""
        from qa.commentary.retriever import CommentaryRetriever

        return CommentaryRetriever(library=self, as_of=as_of, k=k, options=options)

    def prepare(self) -> None:
        """Load what the first search would have to load, about 0.3 s; a thread may do it ahead."""
        self._searcher.prepare()

    def close(self) -> None:
        """Let go of the store; searching is over."""
        self._store.close()

    @cached_property
    def _searcher(self) -> Searcher:
        vectors = self._vectors()
        return Searcher(self.passages, lambda: vectors, self._embedder.embed_query)

    def _vectors(self) -> Vectors:
        """The vectors of the passages, which are taken up anew where the store lacks some by now.

        Raises StoreLocked when they are replaced faster than they can be read.
        """
        problem: KeyError | BadSettings | None = None
        for _ in range(TRIES):
            try:
                return self._store.vectors([passage.id for passage in self.passages])
            # The latter: Chroma stumbles over rows that its client still counts among those held.
            except (KeyError, BadSettings) as error:
                problem = error
                self._store.renew()
                self._shelf.reload()
                self.passages = self._held()
        if isinstance(problem, BadSettings):
            raise problem
        raise StoreLocked(
            f"Another process keeps replacing commentary in {self._store.location}; "
            "try again when it has finished."
        ) from problem

    def _held(self) -> tuple[Passage, ...]:
        """What the store holds, each text once though several notes may hold it."""
        passages = {passage.id: passage for passage in self._store.passages()}
        origins = self._shelf.origins
        return tuple(_with_origins(passage, origins) for passage in passages.values())


def open_library(
    folders: Sequence[Path],
    location: str,
    progress: Progress | None = None,
    embedder: Embedder | None = None,
    undated: bool = False,
) -> Library:
    """Bring the store at `location` into line with the notes in `folders`, and open it.

    Only new and changed notes are embedded; passages of notes that are gone are removed. When
    nothing has changed, nothing is written, locked or embedded, and `progress` is not called;
    otherwise it gets the notes done and the notes to do. A note that can't be read is left out
    and named in `Library.problems`. What `ingest` took in stays; what it has not finished is left
    to it, since that may take long. Raises DocumentError for a missing folder, BadSettings for
    an unusable store, StoreLocked when another process is writing it.
    """
    embedder = embedder or MiniLM()
    store = Store(location, embedder.name)
    notes = _Notes(folders, store.folder / MANIFEST if store.folder else None)
    shelf = shelf_of(location)
    stale, missing = _differences(store.documents(), notes, shelf)
    if stale or missing:
        with store.writing():
            _take_in(notes, shelf, store, embedder, progress)
            store.note_documents()
    notes.save_manifest()
    problems = (*notes.problems, *_unfinished(store.documents(), notes, shelf))
    return Library(store, embedder, shelf, problems, undated)


def _differences(
    held: dict[str, str], notes: _Notes, shelf: Shelf
) -> tuple[set[str], dict[str, str]]:
    """What the store holds too much, and the notes that it lacks, with their hashes."""
    taken_in = {name for name, mark in held.items() if is_mark(mark)}
    stale = (held.keys() - taken_in - notes.hashes.keys()) | (taken_in & shelf.gone)
    lacking = notes.hashes.items() - held.items()
    return stale, {name: content for name, content in lacking if name not in taken_in - stale}


def _unfinished(held: dict[str, str], notes: _Notes, shelf: Shelf) -> Iterator[str]:
    """What a reader should know of documents that were taken in."""
    wanted = shelf.marks
    for name in sorted(notes.hashes.keys() & wanted.keys()):
        yield f"{name}: a document of this name was taken in; rename the note or withdraw that."
    if waiting := len(wanted.items() - held.items()):
        yield f"Taken in and not indexed yet: {waiting}; run `tapecheck ingest`."


def _take_in(
    notes: _Notes, shelf: Shelf, store: Store, embedder: Embedder, progress: Progress | None
) -> None:
    # Again, under the lock: another process may just have finished.
    stale, missing = _differences(store.documents(), notes, shelf)
    store.remove(stale)
    names = [name for name in notes.hashes if name in missing]
    report = progress or (lambda done, total: None)
    for first in range(0, len(names), DOCUMENTS_AT_ONCE):
        report(first, len(names))
        batch = [notes.document(name) for name in names[first : first + DOCUMENTS_AT_ONCE]]
        _embed(batch, store, embedder)
    if names:
        report(len(names), len(names))


def _with_origins(passage: Passage, origins: Mapping[str, tuple[Origin, ...]]) -> Passage:
    found = origins.get(passage.document)
    return passage.model_copy(update={"origins": found}) if found else passage


def _embed(documents: Sequence[Document], store: Store, embedder: Embedder) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    passages = [split(document, now) for document in documents]
    vectors = embed_passages([passage for group in passages for passage in group], embedder)
    start = 0
    for document, group in zip(documents, passages, strict=True):
        end = start + len(group)
        sentences = [vectors.packed(place) for place in range(start, end)]
        store.replace(document.name, document.id, group, vectors.whole[start:end], sentences)
        start = end


class _Notes:
    """The notes of some folders: their content hashes, read afresh only where a file changed.

    The manifest remembers what each file held when it had a given size and time. It is a cache
    and nothing more: what is in the store is asked of the store.
    """

    def __init__(self, folders: Sequence[Path], manifest: Path | None) -> None:
        self.hashes: dict[str, str] = {}
        self._manifest = manifest
        self._known = _load_manifest(manifest)
        self._seen: dict[str, dict[str, Any]] = {}
        self._places: dict[str, tuple[Path, Path]] = {}
        self._read: dict[str, Document] = {}
        self._clashes: list[str] = []
        for folder in dict.fromkeys(folder.resolve() for folder in folders):
            for path in find_documents(folder):
                self._note(path, folder)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why notes were left out, a sentence each."""
        bad = (entry["problem"] for entry in self._seen.values() if "problem" in entry)
        return (*bad, *self._clashes)

    def document(self, name: str) -> Document:
        """The note of this name."""
        return self._read[name] if name in self._read else read_document(*self._places[name])

    def save_manifest(self) -> None:
        """Write down what was seen, if it differs from what was known."""
        if self._manifest is None or self._seen == self._known:
            return
        text = json.dumps({"schema": MANIFEST_SCHEMA, "files": self._seen}, indent=0)
        draft = self._manifest.with_suffix(f".{os.getpid()}.tmp")
        # A store that may only be read works too, with every note parsed at each opening.
        with suppress(PermissionError):
            draft.write_text(text, encoding="utf-8")
            draft.replace(self._manifest)

    def _note(self, path: Path, folder: Path) -> None:
        try:
            status = path.stat()
        except FileNotFoundError:  # removed since the folder was listed
            return
        stamp = [status.st_size, status.st_mtime_ns]
        entry = self._known.get(str(path))
        if entry is None or entry["stamp"] != stamp:
            entry = {"stamp": stamp, **self._look(path, folder)}
        self._seen[str(path)] = entry
        if "hash" not in entry:
            return
        name = path.relative_to(folder).as_posix()
        if self.hashes.setdefault(name, entry["hash"]) != entry["hash"]:
            self._clashes.append(f"{path}: another folder has a note {name} too; rename one.")
        self._places.setdefault(name, (path, folder))

    def _look(self, path: Path, folder: Path) -> dict[str, str]:
        try:
            document = read_document(path, folder)
        except DocumentError as error:
            return {"problem": str(error)}
        self._read.setdefault(document.name, document)
        return {"hash": document.id}


def _load_manifest(path: Path | None) -> dict[str, dict[str, Any]]:
    """What the manifest says of each file; nothing when it is missing or damaged."""
    if path is None:
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        files: dict[str, dict[str, Any]] = manifest["files"]
        sound = manifest["schema"] == MANIFEST_SCHEMA and all(
            "stamp" in entry and ("hash" in entry or "problem" in entry) for entry in files.values()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return files if sound else {}

"""What `ingest` took in: every text as it was read, and the history of how it came and went.

The corpus folder belongs to its owner: the store follows it, file by file. What `ingest` takes in
may vanish from where it was, so its converted text and metadata are kept here, in a folder beside
the store, and the store is made from them; it can be removed and made again at any time. Nothing
but `withdraw`, or a newer state of the same file, takes a document off the shelf, and even then its
text stays, so that an answer given earlier can be explained.

    STORE.library/
      history.jsonl      one line for each thing that happened, appended and never changed
      documents/ID.json  a document, named by the hash of its content
      seen.json          which state of which file was read: a cache, and nothing more

The state of the shelf is what its history adds up to. For a Chroma server the folder is in the
user's data folder; others' documents on that server are left alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from qa.commentary.documents import Document
from qa.commentary.duplicates import Twins, same_note, sign
from qa.commentary.passages import split
from qa.domain import Frozen, Origin
from qa.errors import BadSettings, DocumentError

Happening = Literal["taken_in", "replaced", "duplicate", "withdrawn"]
Outcome = Literal["taken_in", "replaced", "duplicate", "unchanged", "withdrawn"]
LOCK_NAME = "writing.lock"
_MARK = "taken in: "


class Event(Frozen):
    """One line of the history: `document` became `id` on a day, or was withdrawn.

    `of` names the document of which this one is a duplicate. `source` is the file that it was read
    from, `key` the record in it. `passages` is how many it is cut into.
    """

    at: datetime
    event: Happening
    document: str
    id: str
    source: str
    key: str | None = None
    published: date | None = None
    passages: int = 0
    of: str | None = None
    origin: Origin | None = None
    reason: str | None = None


class Shelf:
    """The documents that were taken in, by name. Made with `shelf_of`; writing needs `writing`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._now: dict[str, Event] = {}
        self._names: dict[tuple[str, str | None], str] = {}
        self._twins: Twins | None = None
        self.reload()

    def reload(self) -> None:
        """Read the history again: another process may have written it."""
        self._now, self._names, self._twins = {}, {}, None
        for event in self.history():
            self._enter(event)

    def history(self, name: str | None = None) -> list[Event]:
        """What happened, oldest first, to one document or to all."""
        try:
            with (self.folder / "history.jsonl").open("rb") as file:
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return []
        # The last piece is empty, or what a process was writing when it was killed.
        events = [Event.model_validate(row) for line in lines[:-1] if (row := _row(line))]
        return [event for event in events if name in (None, event.document)]

    @property
    def documents(self) -> dict[str, Event]:
        """The documents that are held, each with how it came; duplicates have no part in it."""
        return {n: e for n, e in self._now.items() if e.event in ("taken_in", "replaced")}

    @property
    def marks(self) -> dict[str, str]:
        """What the store says of each document held when it is up to date."""
        return {name: _MARK + event.id for name, event in self.documents.items()}

    @property
    def gone(self) -> set[str]:
        """The names of documents that were held once, and aren't now."""
        return self._now.keys() - self.documents.keys()

    @property
    def origins(self) -> dict[str, tuple[Origin, ...]]:
        """For documents that have duplicates: where else their text stood."""
        found: dict[str, tuple[Origin, ...]] = {}
        for event in self._now.values():
            if event.event == "duplicate" and event.of and event.origin:
                found[event.of] = (*found.get(event.of, ()), event.origin)
        return found

    def load(self, name: str) -> Document:
        """The document of this name, as it was read."""
        return self._read(self._now[name].id, name)[0]

    def names_of(self, source: str) -> dict[str, str | None]:
        """The names of what is held of a file, with the records' keys."""
        live = (e for e in self._now.values() if e.event != "withdrawn")
        return {event.document: event.key for event in live if event.source == source}

    def put(self, document: Document, source: str, key: str | None, insist: bool) -> Outcome:
        """Keep a document that was read from a file, and say what that made of it.

        One that was withdrawn stays out, unless it has changed or `insist` is set.
        """
        name = self._names.get((source, key)) or self._free_name(document.name)
        before = self._now.get(name)
        if before and before.id == document.id:
            if before.event != "withdrawn":
                return "unchanged"
            if not insist:
                return "withdrawn"
        document = document.model_copy(update={"name": name})
        self._write(document)
        return self._settle(document, source, key)

    def withdraw(self, name: str, reason: str | None = None) -> list[str]:
        """Take a document, or every record of a file, off the shelf; returns their names.

        `name` is a document's name, or that of the file or folder that it came from. Raises
        DocumentError when nothing of that name is held.
        """
        place = os.path.abspath(os.path.expanduser(name))
        found = [
            event
            for event in self._now.values()
            if event.event != "withdrawn"
            and (
                event.document == name
                or event.document.startswith((f"{name}#", f"{name}/"))
                or event.source == place
                or event.source.startswith(f"{place}{os.sep}")
            )
        ]
        if not found:
            raise DocumentError(
                f"{name}: nothing of that name was taken in; see `tapecheck ingest --history`."
            )
        orphans: list[Event] = []
        for event in found:
            self._note(event, event="withdrawn", of=None, origin=None, reason=reason)
            orphans += self._duplicates_of(event.document)
            self._all_twins().drop(event.document)
        names = {event.document for event in found}
        self._settle_again([event for event in orphans if event.document not in names])
        return [event.document for event in found]

    @contextmanager
    def writing(self, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Hold the right to write; waits for another process, after calling `waiting` once."""
        lock = self._lock()
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if waiting:
                waiting()
            lock.acquire()
        try:
            self.reload()
            yield
            self._flush()
        finally:
            lock.release()

    def _lock(self) -> FileLock:
        try:
            (self.folder / "documents").mkdir(parents=True, exist_ok=True)
            return FileLock(self.folder / LOCK_NAME)
        except OSError as error:
            raise BadSettings(
                f"The folder {self.folder} for what is taken in can't be made ({error.strerror}): "
                "set TAPECHECK_STORE to a place beside which you may write."
            ) from error

    def _settle(self, document: Document, source: str, key: str | None) -> Outcome:
        """Enter a document as the one that is kept, or as a duplicate of one that is."""
        name = document.name
        before = self._now.get(name)
        event = Event(
            at=_now(),
            event="taken_in",
            document=name,
            id=document.id,
            source=source,
            key=key,
            published=document.published,
            passages=len(split(document, _now())),
        )
        twins, followers = self._all_twins(), self._duplicates_of(name)
        twins.drop(name)
        signature = self._read(document.id, name)[1]
        outcome: Outcome = "replaced" if before and before.event != "withdrawn" else "taken_in"
        other = self._twin_of(document, signature)
        if other is not None and _first(other, document) is other:
            self._note(event, event="duplicate", of=other.name, origin=_origin(document))
            outcome = "duplicate"
        else:
            self._note(event, event=outcome)
            twins.add(name, signature)
            if other is not None:
                followers += self._duplicates_of(other.name)
                twins.drop(other.name)
                self._note(self._now[other.name], event="duplicate", of=name, origin=_origin(other))
        self._settle_again(followers)
        return outcome

    def _duplicates_of(self, name: str) -> list[Event]:
        return [e for e in self._now.values() if e.event == "duplicate" and e.of == name]

    def _settle_again(self, duplicates: list[Event]) -> None:
        """Look afresh at the duplicates of a document that has changed or gone."""
        for event in duplicates:
            self._settle(self.load(event.document), event.source, event.key)

    def _twin_of(self, document: Document, signature: list[int]) -> Document | None:
        for name in self._all_twins().like(signature):
            other = self.load(name)
            kept, dropped = (
                (other, document) if _first(other, document) is other else (document, other)
            )
            if same_note(kept.body, kept.published, dropped.body, dropped.published):
                return other
        return None

    def _all_twins(self) -> Twins:
        if self._twins is None:
            self._twins = Twins()
            for name, event in self.documents.items():
                self._twins.add(name, self._read(event.id, name)[1])
        return self._twins

    def _free_name(self, name: str) -> str:
        if name not in self._now:
            return name
        number = 2
        while f"{name} ({number})" in self._now:
            number += 1
        return f"{name} ({number})"

    def _note(self, event: Event, /, **changes: Any) -> None:
        """Append to the history, and have it count."""
        event = Event.model_validate(event.model_dump() | changes | {"at": _now()})
        path = self.folder / "history.jsonl"
        with path.open("ab") as file:
            if file.tell() and not _ends_whole(path):
                file.write(b"\n")
            file.write(event.model_dump_json(exclude_none=True).encode() + b"\n")
        self._enter(event)

    def _enter(self, event: Event) -> None:
        self._now[event.document] = event
        self._names[event.source, event.key] = event.document

    def _path(self, key: str) -> Path:
        return self.folder / "documents" / f"{key}.json"

    def _write(self, document: Document) -> None:
        path = self._path(document.id)
        if path.exists():
            return
        kept = {
            "document": document.model_dump(mode="json", exclude={"name"}),
            "signature": sign(document.body),
        }
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)

    def _read(self, key: str, name: str) -> tuple[Document, list[int]]:
        kept = json.loads(self._path(key).read_text(encoding="utf-8"))
        return Document.model_validate({"name": name, **kept["document"]}), kept["signature"]

    def _flush(self) -> None:
        path = self.folder / "history.jsonl"
        if path.exists():
            with path.open("ab") as file:
                os.fsync(file.fileno())


def shelf_of(location: str) -> Shelf:
    """The shelf of a store, by the store's location: a folder, or a Chroma server's address."""
    if location.startswith(("http://", "https://")):
        from platformdirs import user_data_path

        place = urlsplit(location).netloc.replace(":", "-")
        return Shelf(user_data_path("tapecheck", appauthor=False) / f"{place}.library")
    folder = Path(location).expanduser().resolve()
    return Shelf(folder.with_name(f"{folder.name}.library"))


def is_mark(text: str) -> bool:
    """Whether the store says by this that a document came from the shelf."""
    return text.startswith(_MARK)


def _first(one: Document, other: Document) -> Document:
    """The one that was published first; a dated one before one without a date."""
    return other if (other.published or date.max) < (one.published or date.max) else one


def _origin(document: Document) -> Origin:
    return Origin(
        document=document.name,
        firm=document.firm,
        publisher=document.publisher,
        published=document.published,
        url=document.url,
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _row(line: bytes) -> Any:
    """What a line holds; None for one that a kill cut short."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"

"""Where passages and their vectors are kept: Chroma, in a folder or on a server.

The only module that imports chromadb.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from qa.commentary.vectors import Vectors, gather
from qa.domain import Passage
from qa.errors import BadSettings, StoreLocked, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Raise it when passages are cut, indexed or kept differently: older stores are then refused.
SCHEMA = 3
COLLECTION = "commentary"
LOCK_NAME = "writing.lock"
# Counts the times that the right to write was given: a client that is behind must read anew.
TURNS_NAME = "writing.turns"
HELD_NAME = "held.json"
DATABASE_NAME = "chroma.sqlite3"
# What stands for the day of a passage without one: after every day that there is.
UNDATED = date.max.toordinal() + 1
ROWS_AT_ONCE = 1000


class Holding(NamedTuple):
    """A document as the store holds it; see `Store.replace`."""

    document: str
    content_hash: str
    passages: Sequence[Passage]
    vectors: NDArray[np.float32]
    sentences: Sequence[str] = ()

    def rows(self) -> Iterator[dict[str, Any]]:
        """What is kept beside the vector of each passage."""
        for place, passage in enumerate(self.passages):
            day = passage.published
            row = {
                "document": self.document,
                "hash": self.content_hash,
                "published": day.toordinal() if day else UNDATED,
                "passage": passage.model_dump_json(),
            }
            yield row | ({"sentences": self.sentences[place]} if self.sentences else {})


class Store:
    """The passages of one location, each with a vector and the document it came from.

    `location` is a folder, made when missing, or http://host:port of a Chroma server. Any number
    of processes may read; one at a time may write, and a second gets StoreLocked. A location that
    can't be used, or that holds vectors of another embedder, raises BadSettings; one of an older
    layout is emptied.
    """

    def __init__(self, location: str, embedder: str) -> None:
        self.location = location
        self._embedder = embedder
        self.folder = None if _is_address(location) else Path(location).expanduser().resolve()
        self._lock = _lock(self.folder) if self.folder else None
        self._turn = _turns(self.folder)
        self._client: Any = None
        with self._failures():
            self._client = self._connect()
            self._collection = self._open_collection()
        self._check_kind()

    def documents(self) -> dict[str, str]:
        """The name of each document held, with the hash of its content."""
        if (noted := noted_documents(self.location)) is not None:
            return noted
        return {r["document"]: r["hash"] for rows in self._pages() for r in rows["metadatas"]}

    def note_documents(self) -> None:
        """Write down what is held, so that the next opening needn't read every passage for it."""
        if self.folder is None:
            return
        with self.writing():
            held = {"turn": self._turn, "documents": self.documents()}
            draft = self.folder / f"{HELD_NAME}.tmp"
            draft.write_text(json.dumps(held), encoding="utf-8")
            draft.replace(self.folder / HELD_NAME)

    def passages(self) -> list[Passage]:
        """All passages, by document and place in it."""
        with self._failures():
            rows = self._collection.get(include=["metadatas"])["metadatas"]
        passages = [Passage.model_validate_json(row["passage"]) for row in rows]
        return sorted(passages, key=lambda passage: (passage.document, passage.span))

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """The vectors of these passages, in this order; raises KeyError for one not held."""
        import numpy as np

        held: dict[str, tuple[NDArray[np.float32], str]] = {}
        for rows in self._pages("embeddings"):
            keys = (key.partition("#")[0] for key in rows["ids"])
            packed = (row.get("sentences", "") for row in rows["metadatas"])
            held |= zip(keys, zip(rows["embeddings"], packed, strict=True), strict=True)
        found = [held[key] for key in ids]
        whole = np.array([vector for vector, _ in found], dtype=np.float32)
        return gather(whole if found else np.zeros((0, 1), np.float32), [p for _, p in found])

    def nearest(
        self, vector: NDArray[np.float32], k: int, published_to: date, undated: bool = False
    ) -> list[tuple[str, float]]:
        """Ids of the k nearest passages published up to a day, with cosine, best first.

        With `undated`, passages without a date are among them.
        """
        where: dict[str, Any] = {"published": {"$lte": published_to.toordinal()}}
        if undated:
            where = {"$or": [where, {"published": UNDATED}]}
        with self._failures():
            found = self._collection.query(
                query_embeddings=[vector], n_results=k, where=where, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(key.partition("#")[0], 1.0 - gap) for key, gap in pairs]

    def replace(
        self,
        document: str,
        content_hash: str,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        sentences: Sequence[str] = (),
    ) -> None:
        """Put a document's passages in the place of those held under its name.

        `vectors` has one row a passage, `sentences` what `Vectors.packed` says of each. A stop
        midway leaves the document absent, never half there.
        """
        self.replace_all([Holding(document, content_hash, passages, vectors, sentences)])

    def replace_all(self, holdings: Sequence[Holding]) -> None:
        """`replace` for several documents in one go; each of them is absent or whole throughout."""
        import numpy as np

        rows = [row for holding in holdings for row in holding.rows()]
        # The passage's id alone won't do: two files may hold the same text.
        keys = [f"{p.id}#{holding.document}" for holding in holdings for p in holding.passages]
        with self.writing(), self._failures():
            names: list[Any] = [holding.document for holding in holdings]
            self._collection.delete(where={"document": {"$in": names}})
            if keys:
                vectors = np.concatenate([holding.vectors for holding in holdings])
                self._collection.add(ids=keys, embeddings=vectors, metadatas=rows)

    def remove(self, documents: Iterable[str]) -> None:
        """Remove every passage of these documents."""
        names = sorted(documents)
        if names:
            with self.writing(), self._failures():
                self._collection.delete(where={"document": {"$in": names}})

    @contextmanager
    def writing(self, patience: float = 0) -> Iterator[None]:
        """Hold the right to write; raises StoreLocked when another process has it.

        It is waited for up to `patience` seconds. A server puts its writers in line itself, so
        there is nothing to hold.
        """
        if self._lock is None:
            yield
            return
        if self._lock.is_locked:  # by this very store, further out
            yield
            return
        try:
            self._lock.acquire(timeout=patience)
        except Timeout as error:
            raise self._locked() from error
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        try:
            self._take_turn()
            yield
        finally:
            self._lock.release()

    def renew(self) -> None:
        """See what others have written since the opening."""
        if self.folder is not None:
            self._client.close()
            self._client = _open_folder(self.folder, _settings())
            self._collection = self._open_collection()

    def close(self) -> None:
        """Let go of the database; the store can't be used afterwards."""
        self._client.close()

    def _take_turn(self) -> None:
        """Begin to write, with a client that has seen what others wrote.

        Chroma's client keeps the index in memory: one that is behind would write it back without
        what another process has added meanwhile.
        """
        assert self.folder is not None
        turns = _turns(self.folder)
        if turns != self._turn and self._client is not None:
            self.renew()
        self._turn = turns + 1
        (self.folder / TURNS_NAME).write_text(str(self._turn), encoding="ascii")

    def _connect(self) -> Any:
        import chromadb

        settings = _settings()
        if self.folder is None:
            address = urlsplit(self.location)
            return chromadb.HttpClient(
                host=address.hostname or "",
                port=address.port or 8000,
                ssl=address.scheme == "https",
                settings=settings,
            )
        if (self.folder / DATABASE_NAME).exists():
            self._check_readable(self.folder / DATABASE_NAME)
            return _open_folder(self.folder, settings)
        with self.writing():  # two processes that both make the tables would collide
            return _open_folder(self.folder, settings)

    def _check_readable(self, database: Path) -> None:
        """Raise StoreLocked for a database that is held: Chroma itself would wait for minutes."""
        import sqlite3
        from contextlib import closing

        try:
            with closing(sqlite3.connect(database, timeout=0.3)) as connection:
                connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise self._locked() from error
            raise self._unusable(str(error)) from error
        except sqlite3.DatabaseError as error:
            raise self._unusable(str(error)) from error

    def _open_collection(self) -> Any:
        from chromadb.errors import NotFoundError

        try:
            return self._client.get_collection(COLLECTION, embedding_function=None)
        except NotFoundError:
            with self.writing():
                return self._client.get_or_create_collection(
                    COLLECTION,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine"}},
                    metadata={"embedder": self._embedder, "schema": SCHEMA},
                )

    def _check_kind(self) -> None:
        kind = self._collection.metadata or {}
        layout = kind.get("schema")
        if kind.get("embedder") == self._embedder and isinstance(layout, int) and layout < SCHEMA:
            # Whatever is here can be made again, from the notes and from what was taken in.
            with self.writing(), self._failures():
                self._client.delete_collection(COLLECTION)
                self._collection = self._open_collection()
            return
        if (kind.get("embedder"), kind.get("schema")) != (self._embedder, SCHEMA):
            self.close()
            raise BadSettings(
                f"The commentary store at {self.location} was made with the embedder "
                f"{kind.get('embedder')} (layout {kind.get('schema')}), not {self._embedder} "
                f"(layout {SCHEMA}): remove it, or set TAPECHECK_STORE to another place."
            )

    def _pages(self, *beside: str) -> Iterator[Any]:
        """All rows, some at a time: together they would take 20 kB of memory each."""
        include = ["metadatas", *beside]
        with self._failures():
            for start in range(0, self._collection.count(), ROWS_AT_ONCE):
                yield self._collection.get(include=include, limit=ROWS_AT_ONCE, offset=start)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Chroma's troubles with its place, as ours; its complaints about our calls surface."""
        from chromadb.errors import AuthorizationError, ChromaAuthError, InternalError

        try:
            yield
        except (InternalError, AuthorizationError, ChromaAuthError) as error:
            if "database is locked" in str(error) or self._held_elsewhere():
                raise self._locked() from error
            raise self._unusable(str(error)) from error
        except _unreachable() as error:
            if self.folder is not None:
                raise
            raise BadSettings(
                f"No Chroma server answers at {self.location}: start one with `chroma run`, "
                "or set TAPECHECK_STORE to a folder."
            ) from error

    def _held_elsewhere(self) -> bool:
        try:
            with self.writing():
                return False
        except StoreLocked:
            return True
        except UsageError:
            return False

    def _locked(self) -> StoreLocked:
        return StoreLocked(
            f"Another process is writing the commentary store at {self.location}; "
            "try again when it has finished."
        )

    def _unusable(self, reason: str) -> BadSettings:
        return BadSettings(
            f"The commentary store at {self.location} can't be used ({reason}): "
            "remove it, or set TAPECHECK_STORE to another folder."
        )


def noted_documents(location: str) -> dict[str, str] | None:
    """What `Store.documents` would say, where that was written down and nobody has written since.

    Needs no database: None where it has to be asked.
    """
    if _is_address(location):
        return None
    folder = Path(location).expanduser().resolve()
    try:
        held = json.loads((folder / HELD_NAME).read_text(encoding="utf-8"))
        documents: dict[str, str] = held["documents"]
        current = held["turn"] == _turns(folder) and (folder / DATABASE_NAME).exists()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return documents if current else None


def _turns(folder: Path | None) -> int:
    if folder is None:
        return 0
    try:
        return int((folder / TURNS_NAME).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _is_address(location: str) -> bool:
    return location.startswith(("http://", "https://"))


def _lock(folder: Path) -> FileLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSettings(
            f"The commentary store at {folder} can't be made ({error.strerror}): "
            "set TAPECHECK_STORE to a folder that you may write to."
        ) from error
    return FileLock(folder / LOCK_NAME)


def _settings() -> Any:
    from chromadb.config import Settings

    logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
    return Settings(anonymized_telemetry=False)


def _open_folder(folder: Path, settings: Any) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    try:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    except BaseException:
        # Chroma keeps the half-made system and would hand it out at the next try.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise


def _unreachable() -> tuple[type[Exception], ...]:
    import httpx

    return ValueError, httpx.TransportError

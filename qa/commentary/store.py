"""Where passages and their vectors are kept: Chroma, in a folder or on a server.

The only module that imports chromadb.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from qa.domain import Passage
from qa.errors import BadSettings, StoreLocked, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Raise it when passages are cut, indexed or kept differently: older stores are then refused.
SCHEMA = 1
COLLECTION = "commentary"
LOCK_NAME = "writing.lock"


class Store:
    """The passages of one location, each with a vector and the document it came from.

    `location` is a folder, made when missing, or http://host:port of a Chroma server. Any number
    of processes may read; one at a time may write, and a second gets StoreLocked. A location that
    can't be used, or that holds vectors of another embedder, raises BadSettings.
    """

    def __init__(self, location: str, embedder: str) -> None:
        self.location = location
        self._embedder = embedder
        self.folder = None if _is_address(location) else Path(location).expanduser().resolve()
        self._lock = _lock(self.folder) if self.folder else None
        with self._failures():
            self._client = self._connect()
            self._collection = self._open_collection()
        self._check_kind()

    def documents(self) -> dict[str, str]:
        """The name of each document held, with the hash of its content."""
        with self._failures():
            rows = self._collection.get(include=["metadatas"])["metadatas"]
        return {row["document"]: row["hash"] for row in rows}

    def passages(self) -> list[Passage]:
        """All passages, by document and place in it."""
        with self._failures():
            rows = self._collection.get(include=["metadatas"])["metadatas"]
        passages = [Passage.model_validate_json(row["passage"]) for row in rows]
        return sorted(passages, key=lambda passage: (passage.document, passage.span))

    def nearest(
        self, vector: NDArray[np.float32], k: int, published_to: date
    ) -> list[tuple[str, float]]:
        """Ids of the k nearest passages published up to a day, with cosine, best first."""
        with self._failures():
            found = self._collection.query(
                query_embeddings=[vector],
                n_results=k,
                where={"published": {"$lte": published_to.toordinal()}},
                include=["distances"],
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(key.partition("#")[0], 1.0 - gap) for key, gap in pairs]

    def replace(
        self,
        document: str,
        content_hash: str,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
    ) -> None:
        """Put a document's passages in the place of those held under its name.

        `vectors` has one row a passage. A stop midway leaves the document absent, never half there.
        """
        rows = [
            {
                "document": document,
                "hash": content_hash,
                "published": passage.published.toordinal(),
                "passage": passage.model_dump_json(),
            }
            for passage in passages
        ]
        # The passage's id alone won't do: two files may hold the same text.
        keys = [f"{passage.id}#{document}" for passage in passages]
        with self.writing(), self._failures():
            self._collection.delete(where={"document": document})
            self._collection.add(ids=keys, embeddings=vectors, metadatas=rows)

    def remove(self, documents: Iterable[str]) -> None:
        """Remove every passage of these documents."""
        names = sorted(documents)
        if names:
            with self.writing(), self._failures():
                self._collection.delete(where={"document": {"$in": names}})

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write; raises StoreLocked at once when another process has it.

        A server puts its writers in line itself, so there is nothing to hold.
        """
        if self._lock is None:
            yield
            return
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise self._locked() from error
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        """Let go of the database; the store can't be used afterwards."""
        self._client.close()

    def _connect(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
        settings = Settings(anonymized_telemetry=False)
        if self.folder is None:
            address = urlsplit(self.location)
            return chromadb.HttpClient(
                host=address.hostname or "",
                port=address.port or 8000,
                ssl=address.scheme == "https",
                settings=settings,
            )
        if (self.folder / "chroma.sqlite3").exists():
            self._check_readable(self.folder / "chroma.sqlite3")
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
        if (kind.get("embedder"), kind.get("schema")) != (self._embedder, SCHEMA):
            self.close()
            raise BadSettings(
                f"The commentary store at {self.location} was made with the embedder "
                f"{kind.get('embedder')} (layout {kind.get('schema')}), not {self._embedder} "
                f"(layout {SCHEMA}): remove it, or set TAPECHECK_STORE to another place."
            )

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

"""The files that `ingest` was pointed at: found without leaving the folders given."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.errors import DocumentError

NOTES = (".md", ".markdown", ".txt")
RECORDS = (".jsonl", ".ndjson", ".csv")
CONVERTED = {".html": "html", ".htm": "html", ".pdf": "pdf", ".docx": "docx", ".pptx": "pptx",
             ".eml": "eml"}  # fmt: skip
SIDECARS = (".yaml", ".yml")
KNOWN = (*NOTES, *RECORDS, *CONVERTED)
MEGABYTE = 1_000_000
MOST_BYTES = {"note": 10 * MEGABYTE, "records": 200 * MEGABYTE, "converted": 40 * MEGABYTE}


@dataclass(frozen=True)
class Source:
    """A file to be taken in. `name` is what the reader sees: the folder given and the path in it.

    `stamp` tells one state of the file, and of its sidecar, from another; `named` says that the
    file itself was given, and not a folder above it.
    """

    path: Path
    name: str
    stamp: tuple[int, ...]
    sidecar: Path | None = None
    named: bool = False

    @property
    def place(self) -> str:
        """The path as text, also where it has bytes that are none."""
        return place_of(self.path)

    @property
    def suffix(self) -> str:
        """The file name's ending, in lower case."""
        return self.path.suffix.lower()

    @property
    def group(self) -> str:
        """note, records or converted."""
        if self.suffix in NOTES:
            return "note"
        return "records" if self.suffix in RECORDS else "converted"

    def read(self, path: Path | None = None) -> bytes:
        """The bytes of the file, or of another path beside it; raises DocumentError."""
        return read_bytes(path or self.path, self.name, MOST_BYTES[self.group])


def find_sources(
    paths: Iterable[Path], without: Collection[Path] = ()
) -> tuple[list[Source], list[str]]:
    """The files below some paths, sorted, and a sentence for each that is left out.

    Hidden files are passed over, and the folders `without`. Links inside a folder are not
    followed: what they lead to is either in the folder too, or outside it. Raises DocumentError
    for a path that isn't there.
    """
    sources: dict[Path, Source] = {}
    problems: list[str] = []
    for given in paths:
        path = Path(os.path.abspath(given.expanduser()))
        if not path.exists():
            raise DocumentError(f"{given}: there is no such file or folder; check the path.")
        path = path.resolve()
        for found, name in (
            _walk(path, without, problems) if path.is_dir() else [(path, _named(path))]
        ):
            if source := _source(found, name, problems, named=found == path):
                sources[found] = source if source.named else sources.get(found, source)
    return sorted(sources.values(), key=lambda source: source.name), problems


def place_of(path: Path) -> str:
    """A path as text that can be written down; bytes that are no text as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_bytes(path: Path, name: str, most: int) -> bytes:
    """A regular file's bytes, through no link; raises DocumentError, also when it is too large."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NO_WAITING)
    except OSError as error:
        raise _unreadable(name, error) from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise DocumentError(f"{name}: it is no regular file; only those are read.")
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise _unreadable(name, error) from error
    if len(data) > most:
        raise DocumentError(f"{name}: it is larger than {most // MEGABYTE} MB; split it.")
    return data


# A pipe without a writer would otherwise be waited for.
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)


def _walk(root: Path, without: Collection[Path], problems: list[str]) -> Iterator[tuple[Path, str]]:
    def unreadable(error: OSError) -> None:
        problems.append(f"{error.filename}: it can't be read ({error.strerror}); check the folder.")

    for folder, folders, files in os.walk(root, followlinks=False, onerror=unreadable):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and Path(folder, name) not in without
        )
        for name in sorted(files) + folders:
            path = Path(folder, name)
            if name.startswith(".") or (name in folders and not path.is_symlink()):
                continue
            shown = _shown(root.name, path.relative_to(root))
            if not path.is_symlink():
                yield path, shown
            elif not _is_inside(path, root):
                problems.append(f"{shown}: it leads out of the folder; links aren't followed.")


def _is_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # leads nowhere, or in a circle
        return True


def _named(path: Path) -> str:
    return _shown(path.parent.name, Path(path.name))


def _shown(folder: str, path: Path) -> str:
    """A name that can be printed, stored and searched, whatever bytes the file's has."""
    text = f"{folder}/{path.as_posix()}" if folder else path.as_posix()
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(char if char.isprintable() else "?" for char in text)


def _source(path: Path, name: str, problems: list[str], named: bool) -> Source | None:
    suffix = path.suffix.lower()
    try:
        status = path.lstat()
        if suffix in SIDECARS and _beside(path):
            return None
        if not stat.S_ISREG(status.st_mode):
            problems.append(f"{name}: it is no regular file; only those are read.")
            return None
        if suffix not in KNOWN:
            problems.append(f"{name}: files of this kind aren't read.")
            return None
        stamp: tuple[int, ...] = (status.st_size, status.st_mtime_ns)
        sidecar = next((p for s in SIDECARS if _is_file(p := path.with_suffix(s))), None)
        if sidecar:
            beside = sidecar.lstat()
            stamp += (beside.st_size, beside.st_mtime_ns)
    except OSError as error:
        problems.append(str(_unreadable(name, error)))
        return None
    return Source(path, name, stamp, sidecar, named)


def _beside(sidecar: Path) -> bool:
    """Whether a YAML file stands beside a document that it is about."""
    return any(_is_file(sidecar.with_suffix(suffix)) for suffix in KNOWN)


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _unreadable(name: str, error: OSError) -> DocumentError:
    return DocumentError(f"{name}: it can't be read ({error.strerror}); check the file.")

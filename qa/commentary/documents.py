"""Commentary files: Markdown with YAML front matter, read into Documents.

A note looks like this; `title` and `published` are required, the rest is optional:

    ---
    title: Small caps in 2026
    author: Jane Doe
    firm: Example Research
    published: 2026-01-09
    url: https://example.com/note
    tickers: [IWM, SPY]
    stance: bullish
    drivers: [{name: earnings growth, kind: structural}]
    ---
    The body, in plain sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from qa.domain import Driver, Frozen, Stance, Target, content_id
from qa.errors import DocumentError

MAX_BYTES = 1_000_000
_FENCE = b"---"
_TEXTS = (
    "title",
    "author",
    "role",
    "firm",
    "publisher",
    "published_basis",
    "url",
    "stance",
    "horizon",
    "voice",
)


class Document(Frozen):
    """A commentary file. `name` is its path below the folder it was found in.

    `published` is None where nothing says it. `inferred` names the fields that aren't stated:
    rules read them out of the text, or they are a file's properties.
    """

    name: str
    title: str
    author: str | None = None
    role: str | None = None
    firm: str | None = None
    publisher: str | None = None
    published: date | None
    published_basis: str | None = None
    url: str | None = None
    tickers: tuple[str, ...] = ()
    stance: Stance | None = None
    horizon: str | None = None
    drivers: tuple[Driver, ...] = ()
    targets: tuple[Target, ...] = ()
    inferred: tuple[str, ...] = ()
    voice: Literal["original", "summary"] = "original"
    body: str

    @property
    def id(self) -> str:
        """A hash of everything in the file; where the file lies has no part in it."""
        return content_id("d", self.model_dump(mode="json", exclude={"name"}))


def find_documents(folder: Path) -> list[Path]:
    """The note files below a folder, sorted: *.md, and *.txt that open with front matter.

    Hidden files and folders are left out. Raises DocumentError when there is no such folder.
    """
    if not folder.is_dir():
        raise DocumentError(f"{folder}: there is no such folder of commentary; check the path.")
    return sorted(path for path in _walk(folder) if _is_note(path))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _is_note(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix not in (".md", ".txt") or not path.is_file():
        return False
    if suffix == ".md":
        return True
    with path.open("rb") as file:
        return file.read(len(_FENCE) + 3).removeprefix(b"\xef\xbb\xbf").startswith(_FENCE)


def read_document(path: Path, root: Path) -> Document:
    """Read one note; `root` is the folder that its name is relative to.

    Raises DocumentError, with the file's name and the reason, for a file that can't be taken in.
    """
    name = path.relative_to(root).as_posix()
    if path.suffix.lower() not in (".md", ".txt"):
        raise DocumentError(f"{name}: only .md and .txt files are read; convert it to Markdown.")
    fields, body = parse_note(name, _read_text(path, name))
    if not fields:
        raise DocumentError(
            f"{name}: there is no front matter; begin with '---', title: and published:."
        )
    if fields.get("published") is None:
        raise DocumentError(
            f"{name}: the front matter has no published date; add 'published: YYYY-MM-DD'."
        )
    return make_document(name, fields, body)


def make_document(name: str, fields: dict[str, Any], body: str) -> Document:
    """A document of stated fields, as front matter names them; `published` may be missing.

    Raises DocumentError for a field that can't be used, and for a document with no text.
    """
    if not body.strip():
        raise DocumentError(f"{name}: there is no text in it; check the file.")
    try:
        return Document(name=name, body=body, **_fields(name, fields))
    except ValidationError as error:
        raise DocumentError(f"{name}: {_first(error)}") from error


def _read_text(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise DocumentError(f"{name}: it can't be read ({reason}); check the file.") from error
    if len(raw) > MAX_BYTES:
        raise DocumentError(f"{name}: it is larger than {MAX_BYTES // 1_000_000} MB; split it.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{name}: byte {error.start} is not UTF-8; save it as UTF-8."
        ) from error


def parse_note(name: str, text: str) -> tuple[dict[str, Any], str]:
    """The fields of the front matter, none where there is none, and the text below it.

    Raises DocumentError for front matter that can't be read, and for no text below it.
    """
    import frontmatter
    from frontmatter.default_handlers import YAMLHandler
    from yaml import YAMLError  # type: ignore[import-untyped]

    try:
        # The handler loads with yaml's safe loader: tags that build objects are errors.
        fields, body = frontmatter.parse(text, handler=YAMLHandler())
    except ValueError as error:  # what the loader says of 2026-02-30
        raise DocumentError(
            f"{name}: its front matter has a date that isn't one; dates are YYYY-MM-DD."
        ) from error
    except YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f" in line {place.line + 1}" if place else ""
        raise DocumentError(f"{name}: the front matter is not valid YAML{where}.") from error
    if fields and not body:
        raise DocumentError(f"{name}: there is no text below the front matter.")
    return dict(fields), body


def _fields(name: str, raw: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {key: _text(raw[key]) for key in _TEXTS if key in raw}
    if fields.get("voice", "") is None:
        del fields["voice"]
    if not fields.get("title"):
        raise DocumentError(f"{name}: the front matter has no title; add a line 'title: ...'.")
    url = fields.get("url")
    if isinstance(url, str) and not url.startswith(("https://", "http://")):
        raise DocumentError(f"{name}: its url doesn't begin with https:// or http://.")
    fields["published"] = _day(name, raw.get("published"))
    tickers = raw.get("tickers") or ()
    fields["tickers"] = (tickers,) if isinstance(tickers, str) else tickers
    fields["drivers"] = raw.get("drivers") or ()
    return fields


def _text(value: Any) -> Any:
    """A text without outer blanks, or None; what is no text is kept, to be refused."""
    return value.strip() or None if isinstance(value, str) else value


def _day(name: str, value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value is None:
        return None
    try:
        return date.fromisoformat(value.strip())
    except (AttributeError, ValueError) as error:
        raise DocumentError(f"{name}: its published date is not of the form YYYY-MM-DD.") from error


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place} can't be used: {first['msg'][0].lower()}{first['msg'][1:]}."

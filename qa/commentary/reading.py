"""A file becomes documents: one, or one a record. Its metadata is what it states, never a guess.

Front matter or a sidecar (NAME.yaml beside NAME.pdf) go before what a page's tags, a mail's
headers or a record's columns say, those before a dateline in the text's opening lines, and that
before a file's properties. The time at which a file was last written says nothing of its
publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from qa.commentary.convert import Converter
from qa.commentary.dates import read_dateline, read_day
from qa.commentary.documents import Document, make_document, parse_note
from qa.commentary.inferred import infer
from qa.commentary.records import read_records
from qa.commentary.sources import CONVERTED, Source, find_sources
from qa.commentary.texts import clean, decode
from qa.domain import Driver, Stance
from qa.errors import DocumentError

LONGEST_TITLE = 200
# A longer one would be cut into more passages than the store takes at once.
MOST_WORDS = 400_000
_LONGEST_SIDECAR = 64_000
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
# What is left of a tag that an extraction cut through: class="col-md-9">
_CUT_TAG = re.compile(r'\A\s*(?:[\w-]+="[^"<>]*"\s*)+>')
_PAGE = re.compile(r"\A\s*(?:<!--.*?-->\s*)?(?:<!doctype html|<html)", re.IGNORECASE | re.DOTALL)
_MAGIC = ((b"%PDF-", "pdf"),)
_FENCE_WITHIN = 64_000
_PLAIN = "author role firm publisher published_basis horizon".split()

Fields = dict[str, Any]
Found = tuple[str | None, Document | DocumentError]


def read_source(source: Source, converter: Converter) -> Iterator[Found]:
    """Each document of a file with its key, None for a file that is one document.

    In the place of a record that can't be taken in stands the reason. Raises DocumentError for a
    file that can't be taken in.
    """
    said = _sidecar(source)
    data = source.read()
    if not data.strip():
        raise DocumentError(f"{source.name}: it is empty; check the file.")
    if source.group == "records":
        for key, row in read_records(source.name, decode(source.name, data), source.suffix):
            yield key, row if isinstance(row, DocumentError) else _record(source, key, row, said)
        return
    kind = next((k for magic, k in _MAGIC if data.startswith(magic)), CONVERTED.get(source.suffix))
    text = decode(source.name, data) if kind is None else ""
    if kind is None and _PAGE.match(text):
        kind = "html"
    if kind is None:
        yield None, _note(source, text, said)
    else:
        body, fields = converter.convert(source.name, kind, data)
        yield None, _finish(source.name, body, _loose(fields) | said, source)


def read_documents(paths: Iterable[Path]) -> list[Document]:
    """Every document of some files or folders; raises DocumentError for one that can't be read."""
    sources, problems = find_sources(paths)
    if problems:
        raise DocumentError(problems[0])
    documents = []
    with Converter() as converter:
        for source in sources:
            for _, found in read_source(source, converter):
                if isinstance(found, DocumentError):
                    raise found
                documents.append(found)
    return documents


def _note(source: Source, text: str, said: Fields) -> Document:
    fields: Fields = {}
    head = text.lstrip()[:_FENCE_WITHIN]
    if head.startswith("---") and "\n---" in head:
        fields, text = parse_note(source.name, text)
    return _finish(source.name, text, fields | said, source)


def _record(
    source: Source, key: str, row: Mapping[str, Any], said: Fields
) -> Document | DocumentError:
    fields = {name: value for name, value in row.items() if name != "body"}
    try:
        body = _CUT_TAG.sub("", clean(str(row["body"])))
        return _finish(f"{source.name}#{key}", body, _loose(fields) | said, source)
    except DocumentError as error:
        return error


def _finish(name: str, body: str, fields: Fields, source: Source) -> Document:
    body = body.strip()
    if len(body.split()) > MOST_WORDS:
        raise DocumentError(f"{name}: it is longer than {MOST_WORDS:,} words; split it.")
    fields = {key: value for key, value in fields.items() if value is not None}
    file_day = fields.pop("file_day", None)
    inferred: tuple[str, ...] = ()
    if "published" not in fields:
        day, basis = _iso(read_dateline(body)), "dateline"
        if day is None:
            day, basis = file_day, "file properties"
        if day:
            fields |= {"published": day, "published_basis": basis}
            inferred = ("published",)
    title = fields.get("title") or _title(body, source)
    # What is no text is refused by the document, and not spelled out: aliases may make it endless.
    fields["title"] = str(title)[:LONGEST_TITLE] if isinstance(title, str | int) else title
    document = make_document(name, fields, body)
    return infer(document.model_copy(update={"inferred": inferred}))


def _title(body: str, source: Source) -> str:
    """The first heading, else a short first line, else the file's name."""
    if match := _HEADING.search(body[:2000]):
        return match[1]
    first = body.partition("\n")[0].strip()
    return first if 0 < len(first) <= LONGEST_TITLE / 2 else source.path.stem


def _sidecar(source: Source) -> Fields:
    if source.sidecar is None:
        return {}
    raw = source.read(source.sidecar)
    if len(raw) > _LONGEST_SIDECAR:
        raise DocumentError(f"{source.sidecar.name}: it is too long to be a sidecar; shorten it.")
    text = decode(source.sidecar.name, raw)
    fields, _ = parse_note(source.sidecar.name, f"---\n{text.strip()}\n---\n.")
    return fields


def _loose(raw: Mapping[str, Any]) -> Fields:
    """What pages and records say, so far as it can be used: in the wild, bad values are common."""
    fields: Fields = {name: _line(raw[name]) for name in _PLAIN if name in raw}
    if isinstance(title := raw.get("title"), str | int):
        fields["title"] = _line(title)
    url = _line(raw.get("url"))
    fields["url"] = url if url and url.startswith(("https://", "http://")) else None
    fields["published"] = _iso(read_day(raw.get("published")))
    fields["file_day"] = _iso(read_day(raw.get("file_day")))
    tickers = raw.get("tickers")
    if isinstance(tickers, str):
        tickers = re.split(r"[,;\s]+", tickers.strip("[]"))
    for name, value, kind in (
        ("tickers", tickers, tuple[str, ...]),
        ("stance", raw.get("stance"), Stance),
        ("drivers", raw.get("drivers"), tuple[Driver, ...]),
    ):
        fields[name] = _fitting(value, kind)
    if raw.get("voice") == "summary":
        fields["voice"] = "summary"
    return fields


def _line(value: Any) -> str | None:
    if not isinstance(value, str | int | float):
        return None
    return " ".join(clean(str(value)).split())[: 5 * LONGEST_TITLE] or None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _fitting(value: Any, kind: Any) -> Any:
    if not value:
        return None
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return None

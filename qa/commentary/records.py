"""CSV and JSON Lines files, in which every record is a document of its own."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from qa.commentary.texts import clean
from qa.errors import DocumentError

# What a field may be called in the wild, the commonest name first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "key", "uid", "guid"),
    "title": ("title", "headline", "subject"),
    "published": ("published", "date", "published_at", "publication_date", "pubdate"),
    "author": ("author", "analyst", "byline", "speaker"),
    "role": ("role",),
    "firm": ("firm", "house", "company", "institution"),
    "publisher": ("publisher", "source"),
    "published_basis": ("published_basis",),
    "url": ("url", "link"),
    "tickers": ("tickers", "symbols"),
    "stance": ("stance",),
    "horizon": ("horizon",),
    "drivers": ("drivers",),
    "voice": ("voice",),
}
TEXTS = ("body", "text", "content", "article")
SUMMARIES = ("summary", "abstract")
_LONGEST_LINE = 8_000_000

Row = Mapping[str, Any]


def read_records(name: str, text: str, suffix: str) -> Iterator[tuple[str, Row | DocumentError]]:
    """Each record's key and fields, the text being `body`; or why it can't be taken in.

    A record whose text is a summary is in the voice of a summary. Raises DocumentError when the
    file as a whole is none of records.
    """
    rows = _csv_rows(name, text) if suffix == ".csv" else _json_rows(name, text)
    used: dict[str, int] = {}
    for place, row in rows:
        if isinstance(row, DocumentError):
            yield place, row
            continue
        fields = _fields(row)
        key = " ".join(clean(str(fields.pop("id", None) or "")).split())[:100] or place
        used[key] = used.get(key, 0) + 1
        if used[key] > 1:
            key = f"{key}~{used[key]}"
        if not fields.get("body"):
            columns = ", ".join(TEXTS + SUMMARIES)
            yield key, DocumentError(f"{name}#{key}: it has no text in {columns}; rename one.")
            continue
        yield key, fields


def _csv_rows(name: str, text: str) -> Iterator[tuple[str, dict[str, Any] | DocumentError]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1, _LONGEST_LINE))
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    known = {column.strip().lower() for column in reader.fieldnames or () if column}
    if known.isdisjoint(TEXTS + SUMMARIES):
        raise DocumentError(
            f"{name}: no column holds text; name one {', '.join(TEXTS)} or {SUMMARIES[0]}."
        )
    try:
        for number, row in enumerate(reader, start=1):
            yield f"row {number}", {k: v for k, v in row.items() if isinstance(k, str)}
    except csv.Error as error:
        raise DocumentError(f"{name}: it is not valid CSV ({error}); check the file.") from error


def _dialect(text: str) -> type[csv.Dialect]:
    class Dialect(csv.excel):
        delimiter = max(",;\t", key=text.partition("\n")[0].count)

    return Dialect


def _json_rows(name: str, text: str) -> Iterator[tuple[str, dict[str, Any] | DocumentError]]:
    for number, line in zip(count(1), text.split("\n"), strict=False):
        if not line.strip():
            continue
        place = f"line {number}"
        if len(line) > _LONGEST_LINE:
            yield place, DocumentError(f"{name}#{place}: the line is too long; split the record.")
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            yield place, row
        else:
            yield place, DocumentError(f"{name}#{place}: it is no JSON object; mend the line.")


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    lower = {key.strip().lower(): value for key, value in row.items()}
    fields: dict[str, Any] = {}
    for field, names in COLUMNS.items():
        value = next((lower[n] for n in names if lower.get(n) not in (None, "")), None)
        if value is not None:
            fields[field] = value
    for names, voice in ((TEXTS, None), (SUMMARIES, "summary")):
        body = next((lower[n] for n in names if isinstance(lower.get(n), str) and lower[n]), None)
        if body:
            fields["body"] = body
            if voice:
                fields.setdefault("voice", voice)
            break
    return fields

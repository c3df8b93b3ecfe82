"""Public texts of the Federal Reserve as notes that Tapecheck takes in.

The source is a folder of JSON lines, one document a line: `id`, `url`, `body` and either `date`
(YYYYMMDD) and `title`, or `period` (YYYYMM) and `district` for a report of the Beige Book.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

# Minutes are released three weeks after the meeting whose day they bear.
MINUTES_LATER = timedelta(days=21)
# Reports of the Beige Book give their month alone.
MID_MONTH = 15
_REMNANT = re.compile(r'^class="[^"]*">\s*')


def write_notes(source: Path, folder: Path) -> int:
    """Write the documents below `source` into `folder` as notes; returns how many there are.

    A note that is there already is left alone, so that a store made from it stays good.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for fields, body in _documents(source):
        path = folder / f"{fields.pop('id')}.md"
        if not path.exists():
            head = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
            path.write_text(f"---\n{head}---\n{body}\n", encoding="utf-8")
        count += 1
    return count


def _documents(source: Path) -> Iterator[tuple[dict[str, Any], str]]:
    for path in sorted(source.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").strip().split("\n"):
            row = json.loads(line)
            body = _REMNANT.sub("", row["body"]).replace("\r\n", "\n").strip()
            fields = _beige_book(row) if "period" in row else _dated(row)
            yield {"id": row["id"], **fields, "url": row["url"]}, body


def _beige_book(row: dict[str, Any]) -> dict[str, Any]:
    published = date(int(row["period"][:4]), int(row["period"][4:]), MID_MONTH)
    district = row["district"].replace("-", " ").title().replace("St ", "St. ")
    whole = district == "Summary"
    return {
        "title": f"Beige Book, {published:%B %Y}: {'National Summary' if whole else district}",
        "firm": "Federal Reserve" if whole else f"Federal Reserve Bank of {district}",
        "published": published,
    }


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    day = date.fromisoformat(row["date"])
    title, kind = row["title"], row.get("kind")
    if kind == "minutes":
        title = f"{title}, {day:%B %Y}"
    elif kind == "statement":
        title = f"{title}, {day:%B} {day.day}, {day.year}"
    return {
        "title": title,
        "author": row.get("speaker") or None,
        "firm": "Federal Reserve",
        "published": day + MINUTES_LATER if kind == "minutes" else day,
    }

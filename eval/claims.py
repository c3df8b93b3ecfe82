"""Published texts with worked verdicts: what a line of such a file may hold, and the loader.

Two forms are read: ours (README.md), where a text has one claim or several, and the older one with
a `claim`, a `published` day and a verdict such as `confirmed_only_under:intraday high`. Claims of
the older form that stand on one page are one text, in their order: "the same window" is that of
the sentence before.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from eval.cases import BadCase
from qa.domain import Frozen

Got = Literal["confirmed", "confirmed_under", "contradicted", "stale", "uncheckable"]
Key = Literal[
    "confirmed", "confirmed_under", "contradicted", "stale", "uncheckable", "not_contradicted"
]
_SYMBOL = re.compile(r"\^[A-Z]+")
_NO_PRICES = re.compile(r"\w+_OAS$")  # credit spreads: worked out from series that no tape has
HELD_OUT = Path(__file__).parent / "suites_audit" / "held_out.jsonl"


class Claim(Frozen):
    """One sentence, or a part of one, and what an auditor should find.

    `asserted` are the numbers that are judged, as they are printed, a fall negative; without any,
    all that is found in the sentence counts. `actual` is what the tape says, `definition` a word
    of the reading under which the number holds, `date` the earlier day on which it held. `also`
    are verdicts that a fair auditor may give instead. `about` is the symbol that a claim taken out
    of its page speaks of without naming it.
    """

    text: str = Field(min_length=1)
    verdict: Key
    kind: str = ""
    subject: str | None = None
    asserted: tuple[float, ...] = ()
    actual: float | None = None
    definition: str | None = None
    date: str | None = None
    also: tuple[Got, ...] = ()
    note: str = ""
    about: str | None = None

    def allows(self, got: str) -> bool:
        """Whether a verdict is the expected one, or one that is fair instead.

        Silence ("silent") is fair where nothing can be checked, or where only a false accusation
        would be wrong.
        """
        if self.verdict == "not_contradicted":
            return got != "contradicted"
        return got in (self.verdict, *self.also) or (got, self.verdict) == ("silent", "uncheckable")


class Text(Frozen):
    """A published text: its claims, in order, are all of it. Without a day it is undated."""

    id: str = Field(min_length=1)
    published: date | None
    claims: tuple[Claim, ...] = Field(min_length=1)

    @property
    def whole(self) -> str:
        """The text as it was published."""
        return " ".join(claim.text for claim in self.claims)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where each claim stands in the text."""
        spans, start = [], 0
        for claim in self.claims:
            spans.append((start, start + len(claim.text)))
            start += len(claim.text) + 1
        return spans


def load_texts(path: Path) -> list[Text]:
    """The texts of a file, in order; raises BadCase, naming file and line, for one it can't use."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadCase(f"Can't read the claims {path.name}: {error}.") from error
    texts: dict[str, Text] = {}
    pages: dict[tuple[str, str], str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text, page = _parse(line, f"{path.name}, line {number}")
        if text.id in texts:
            raise BadCase(f"{path.name}, line {number}: the id {text.id!r} is there twice.")
        first = pages.setdefault(page, text.id) if page else text.id
        texts[text.id] = text
        if first != text.id:
            texts[first] = _joined(texts[first], texts.pop(text.id))
    if not texts:
        raise BadCase(f"The file {path.name} is empty: write a text a line, as README.md says.")
    return list(texts.values())


def _joined(page: Text, more: Text) -> Text:
    """Two texts of one page as one, under the id of the first."""
    return page.model_copy(update={"claims": page.claims + more.claims})


def _parse(line: str, where: str) -> tuple[Text, tuple[str, str] | None]:
    """A line as a text, and the page that it is of: its address and day, where it has one."""
    try:
        raw: dict[str, Any] = json.loads(line)
        page = (raw["url"], str(raw.get("published"))) if raw.get("url") else None
        return Text.model_validate(_ours(raw) if "claim" in raw else raw), page
    except json.JSONDecodeError as error:
        raise BadCase(f"{where}: not JSON: {error.msg} at column {error.colno}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadCase(f"{where}: {field}: {first['msg']}.") from error


def _ours(raw: dict[str, Any]) -> dict[str, Any]:
    """A line of the older form in ours, ended by a full stop. It is about its first symbol.

    Its numbers are matched where it asserts nothing else; a claim that asserts words too, such as
    since when nothing was as large, is judged by all that is found in it.
    """
    verdict, _, reading = str(raw.get("verdict", "")).partition(":")
    values = list(raw.get("asserted", {}).values())
    plain = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    claim = {
        "text": re.sub(r"(?<=[^.!?])$", ".", raw["claim"]),
        "verdict": "confirmed_under" if verdict == "confirmed_only_under" else verdict,
        "kind": raw.get("metric", ""),
        "subject": raw.get("subject"),
        "asserted": values if plain else [],
        "note": f"{reading} {raw.get('note', '')}".strip(),
    }
    if _NO_PRICES.match(raw.get("subject", "")):
        claim["verdict"] = "uncheckable"
    about = _SYMBOL.match(raw.get("subject", ""))
    claim["about"] = about and about.group()
    return {"id": raw.get("id", ""), "published": raw.get("published"), "claims": [claim]}

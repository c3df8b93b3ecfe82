"""Published texts with worked verdicts: what a line of such a file may hold, and the loader.

Two forms are read: ours (README.md), where a text has one claim or several, and the older one with
a `claim`, a `published` day and a verdict such as `confirmed_only_under:intraday high`.
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
    are verdicts that a fair auditor may give instead.
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

    def allows(self, got: str) -> bool:
        """Whether a verdict is the expected one, or one that is fair instead.

        Silence ("silent") is fair where nothing can be checked, or where only a false accusation
        would be wrong.
        """
        if self.verdict == "not_contradicted":
            return got != "contradicted"
        return got in (self.verdict, *self.also) or (got, self.verdict) == ("silent", "uncheckable")


class Text(Frozen):
    """A published text: its claims, in order, are all of it. Without a day it is undated.

    `about` is the symbol that a claim taken out of its page speaks of without naming it.
    """

    id: str = Field(min_length=1)
    published: date | None
    about: str | None = None
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
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text = _parse(line, f"{path.name}, line {number}")
        if text.id in texts:
            raise BadCase(f"{path.name}, line {number}: the id {text.id!r} is there twice.")
        texts[text.id] = text
    if not texts:
        raise BadCase(f"The file {path.name} is empty: write a text a line, as README.md says.")
    return list(texts.values())


def _parse(line: str, where: str) -> Text:
    try:
        raw: dict[str, Any] = json.loads(line)
        return Text.model_validate(_ours(raw) if "claim" in raw else raw)
    except json.JSONDecodeError as error:
        raise BadCase(f"{where}: not JSON: {error.msg} at column {error.colno}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadCase(f"{where}: {field}: {first['msg']}.") from error


def _ours(raw: dict[str, Any]) -> dict[str, Any]:
    """A line of the older form in ours. Only plain numbers of what it asserts are matched.

    It is about the first symbol among its subjects.
    """
    verdict, _, reading = str(raw.get("verdict", "")).partition(":")
    values = raw.get("asserted", {}).values()
    claim = {
        "text": raw["claim"],
        "verdict": "confirmed_under" if verdict == "confirmed_only_under" else verdict,
        "kind": raw.get("metric", ""),
        "subject": raw.get("subject"),
        "asserted": [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)],
        "note": f"{reading} {raw.get('note', '')}".strip(),
    }
    if _NO_PRICES.match(raw.get("subject", "")):
        claim["verdict"] = "uncheckable"
    about = _SYMBOL.match(raw.get("subject", ""))
    dated = {"id": raw.get("id", ""), "published": raw.get("published")}
    return {**dated, "about": about and about.group(), "claims": [claim]}

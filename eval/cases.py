"""The cases of the suites: one JSON object a line, documented in README.md."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from qa.domain import CheckVerdict, Frozen, Label, Section
from qa.errors import UsageError

Part = Literal["dev", "held_out", "all"]
SUITES = Path(__file__).parent / "suites"


class BadCase(UsageError):
    """A line of a suite that can't be used, with its file and number."""


class Expected(Frozen):
    """A figure that one claim has to show, in digits, beside the words of `near`.

    `value` is given to the decimals that were published; `decimals` is how many the answer has to
    show at least, and `tolerance` how far off it may be beyond rounding, in its unit.
    """

    value: float = Field(allow_inf_nan=False)
    unit: Literal["level", "percent", "percentage_points", "points", "basis_points", "count"]
    decimals: int = Field(ge=0, le=4)
    near: tuple[str, ...] = ()
    status: tuple[CheckVerdict, ...] = ("computed", "derived")
    tolerance: float = Field(default=0.0, ge=0)


class Case(Frozen):
    """A question, and what its answer has to hold. Only what is given is asked for.

    Wordings are looked for in all that a reader sees but the sources; README.md describes each
    field.
    """

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    as_of: date
    market: Literal["any", "sample", "real"] = "any"
    thread: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    note: str | None = None

    figures: tuple[Expected, ...] = ()
    definition: tuple[str, ...] = ()
    verified: bool = True
    must_cite: tuple[str, ...] = ()
    must_not_cite: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    must_say_missing: tuple[str, ...] = ()
    claims: Literal["any", "none", "correction"] = "any"
    verdicts: tuple[Label, ...] = ()
    drivers: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    min_claims: int = Field(default=0, ge=0)
    min_bulls: int = Field(default=0, ge=0)
    min_skeptics: int = Field(default=0, ge=0)
    max_words: int | None = Field(default=None, ge=1)

    @property
    def held_out(self) -> bool:
        """Whether the case is of the third that is run for reports only, by its id's SHA-256."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 3 == 0


def load_cases(path: Path) -> list[Case]:
    """The cases of a suite, in order; raises BadCase, naming file and line, for one it can't use.

    Empty lines are passed over. An id may stand only once.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCase(f"Can't read the suite {path.name}: {error}.") from error
    cases: dict[str, Case] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        case = _parse(line, f"{path.name}, line {number}")
        if case.id in cases:
            raise BadCase(f"{path.name}, line {number}: the id {case.id!r} is there twice.")
        cases[case.id] = case
    if not cases:
        raise BadCase(f"The suite {path.name} is empty: write a case a line, as README.md says.")
    return list(cases.values())


def _parse(line: str, where: str) -> Case:
    try:
        raw: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadCase(f"{where}: not JSON: {error.msg} at column {error.colno}.") from error
    try:
        return Case.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadCase(f"{where}: {field}: {first['msg']}.") from error

"""The cases of the suites: one JSON object a line, documented in README.md."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError

from qa.domain import CheckVerdict, Frozen, Section
from qa.errors import UsageError

SUITES = Path(__file__).parent / "suites"


class BadCase(UsageError):
    """A line of a suite that can't be used, with its file and number."""


class Case(Frozen):
    """What every case has. `must_say` is looked for in all that a reader sees but the sources."""

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    as_of: date
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    note: str | None = None


class Expected(Frozen):
    """A figure that one claim has to show, in digits, beside the words of `near`.

    `value` is given to the decimals that were published; `decimals` is how many the answer has to
    show at least.
    """

    value: float = Field(allow_inf_nan=False)
    unit: Literal["level", "percent", "percentage_points", "points", "count"]
    decimals: int = Field(ge=0, le=4)
    near: tuple[str, ...] = ()
    status: tuple[CheckVerdict, ...] = ("computed", "derived")


class FigureCase(Case):
    """A narrow question with a published answer."""

    figures: tuple[Expected, ...] = Field(min_length=1)
    definition: tuple[str, ...] = ()
    verified: bool = True


class BroadCase(Case):
    """A broad question: how much of an argument has to stand, and from how many houses a side."""

    min_claims: int = Field(ge=1)
    min_bulls: int = Field(default=0, ge=0)
    min_skeptics: int = Field(default=0, ge=0)
    sections: tuple[Section, ...] = ()


class MissingCase(Case):
    """A question that the evidence can't answer: what has to be said to be missing.

    `claims`: "none", or "correction" where a claim may set the question right.
    """

    must_say_missing: tuple[str, ...] = ()
    claims: Literal["none", "correction"]


KINDS: dict[str, type[Case]] = {
    "figures": FigureCase,
    "sustainability": BroadCase,
    "unanswerable": MissingCase,
}
AnyCase = TypeVar("AnyCase", bound=Case)


def load_cases(path: Path, kind: type[AnyCase]) -> list[AnyCase]:
    """The cases of a suite, in order; raises BadCase, naming file and line, for one it can't use.

    Empty lines are passed over. An id may stand only once.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCase(f"Can't read the suite {path.name}: {error}.") from error
    cases: dict[str, AnyCase] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        case = _parse(line, kind, f"{path.name}, line {number}")
        if case.id in cases:
            raise BadCase(f"{path.name}, line {number}: the id {case.id!r} is there twice.")
        cases[case.id] = case
    if not cases:
        raise BadCase(f"The suite {path.name} is empty: write a case a line, as README.md says.")
    return list(cases.values())


def _parse(line: str, kind: type[AnyCase], where: str) -> AnyCase:
    try:
        raw: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadCase(f"{where}: not JSON: {error.msg} at column {error.colno}.") from error
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadCase(f"{where}: {field}: {first['msg']}.") from error

"""The nouns that flow through Tapecheck: frozen, typed, and the same after a trip through JSON.

Question -> Evidence (Passage | Metric) in a Ledger -> Draft -> Check -> Answer
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Unit = Literal[
    "percent",
    "percentage_points",
    "points",
    "price",
    "basis_points",
    "multiple",
    "ratio",
    "count",
    "sessions",
    "date",
]
Basis = Literal["prior_close", "close", "open"]
Section = Literal[
    "summary",
    "performance",
    "drivers",
    "bulls",
    "skeptics",
    "technicals",
    "valuation",
    "base_rates",
    "signals",
    "uncertainties",
]
SECTIONS: tuple[Section, ...] = Section.__args__  # type: ignore[attr-defined]
Label = Literal["sustainable", "fragile", "fading", "undetermined", "not_asked"]
Stance = Literal["bullish", "bearish", "neutral", "mixed"]
DriverKind = Literal["structural", "cyclical", "technical", "policy"]
CheckVerdict = Literal["computed", "quoted", "derived", "unsupported", "contradicted"]
AuditVerdict = Literal["confirmed", "confirmed_under", "contradicted", "stale", "uncheckable"]

Number = Annotated[float, Field(allow_inf_nan=False)]


class Frozen(BaseModel):
    """A value: unchangeable, comparable, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def content_id(prefix: str, *parts: Any) -> str:
    """A stable id made from content: `prefix` and 16 hex digits of a SHA-256."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class Question(Frozen):
    """What was asked, and the last day whose prices and commentary may be used."""

    text: str
    as_of: date
    thread: str | None = None


class Figure(Frozen):
    """One number (or day) of a metric, in its unit, with the decimals it is shown to."""

    value: Number | date
    unit: Unit
    decimals: int = Field(default=2, ge=0, le=6)

    @model_validator(mode="after")
    def _dates_are_dates(self) -> Figure:
        if isinstance(self.value, date) != (self.unit == "date"):
            raise ValueError("the unit 'date' and a date as value go together")
        return self


class Window(Frozen):
    """The first and last day of a measurement; `basis` says what the start is measured from."""

    start: date
    end: date
    basis: Basis | None = None


class Table(Frozen):
    """The small frame behind a metric: what a chart needs."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Number | date | str | None, ...], ...]


class Metric(Frozen):
    """Numbers computed from the tape. `tool` and `arguments` are enough to compute them again."""

    id: str
    kind: Literal["metric"] = "metric"
    number: int | None = None
    tool: str
    arguments: dict[str, Any]
    figures: dict[str, Figure]
    definition: str
    notes: tuple[str, ...] = ()
    window: Window | None
    symbols: tuple[str, ...]
    source: str
    retrieved: datetime
    as_of: date
    series_hash: str
    table: Table | None = None


class Driver(Frozen):
    """A reason that commentary gives for a view."""

    name: str
    kind: DriverKind


class Target(Frozen):
    """A level that a text expects of an index; `text` is the sentence, verbatim."""

    level: Number
    index: str | None = None
    text: str


class Origin(Frozen):
    """Another place where the same text was published."""

    document: str
    firm: str | None = None
    publisher: str | None = None
    published: date | None = None
    url: str | None = None


class Passage(Frozen):
    """A verbatim stretch of a commentary document. `span` counts characters of its body.

    `published` is None where no date is known. `inferred` names the fields that rules read out of
    the text, or that come from a file's properties; `origins` are where the same text stood too.
    """

    id: str
    kind: Literal["passage"] = "passage"
    number: int | None = None
    document: str
    title: str
    author: str | None
    role: str | None = None
    firm: str | None
    published: date | None
    ingested: datetime
    url: str | None
    text: str
    span: tuple[int, int]
    tickers: tuple[str, ...] = ()
    stance: Stance | None = None
    horizon: str | None = None
    drivers: tuple[Driver, ...] = ()
    targets: tuple[Target, ...] = ()
    voice: Literal["original", "summary"] = "original"
    inferred: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
    audit: tuple[dict[str, Any], ...] = ()

    @property
    def day(self) -> date:
        """The day of publication, for sorting and ages; without a date, the first day there is."""
        return self.published or date.min

    @property
    def voices(self) -> str:
        """Who speaks: the author, the firm, or both."""
        return ", ".join(part for part in (self.author, self.firm) if part) or "an unnamed source"


Evidence = Annotated[Passage | Metric, Field(discriminator="kind")]


class Audited(Frozen):
    """A published claim against the tape. `text` is its sentence, verbatim, at `span`.

    `asserted` are the claim's own words, `actual` what the tape has under `definition`; a stale
    claim's definition names the earlier day on which it was right.
    """

    text: str
    span: tuple[int, int]
    subject: str | None
    metric: str
    asserted: str
    actual: str | None
    definition: str | None
    verdict: AuditVerdict
    reason: str


class Ledger:
    """The evidence of one question, known in the loop by short ids: m1, m2, ... and p1, p2, ..."""

    def __init__(self) -> None:
        self._by_key: dict[str, Passage | Metric] = {}
        self._key_of: dict[str, str] = {}

    def add(self, evidence: Passage | Metric) -> str:
        """Enter evidence and return its short id; the same content keeps the id it has."""
        if evidence.id in self._key_of:
            return self._key_of[evidence.id]
        letter = "m" if isinstance(evidence, Metric) else "p"
        key = f"{letter}{1 + sum(k.startswith(letter) for k in self._by_key)}"
        self._by_key[key] = evidence
        self._key_of[evidence.id] = key
        return key

    def get(self, key: str) -> Passage | Metric | None:
        """The evidence known by this short id, if any."""
        return self._by_key.get(key)

    def __iter__(self) -> Iterator[tuple[str, Passage | Metric]]:
        return iter(self._by_key.items())

    def __len__(self) -> int:
        return len(self._by_key)


class DraftVerdict(Frozen):
    """The model's verdict on the question, with its reason in a sentence or two."""

    label: Label
    confidence: float = Field(default=0.0, ge=0, le=1)
    why: str


class DraftClaim(Frozen):
    """One sentence. Computed figures are slots: {m3.return}; evidence is named by short ids."""

    section: Section
    text: str
    evidence: tuple[str, ...] = ()


class Draft(Frozen):
    """What the model hands in: a verdict, claims with slots, and what could not be answered."""

    verdict: DraftVerdict
    claims: tuple[DraftClaim, ...] = ()
    unanswered: tuple[str, ...] = ()


class CheckedFigure(Frozen):
    """A figure as the reader sees it, and what stands behind it."""

    text: str
    value: Number | date | None
    unit: Unit | None
    status: CheckVerdict
    evidence: str | None = None


class Check(Frozen):
    """One thing that was checked: what was expected, what was found, and the reason."""

    kind: Literal["figure", "quotation", "citation", "direction", "calendar", "claim"]
    claim: str
    verdict: CheckVerdict
    expected: str
    found: str
    reason: str

    @property
    def holds(self) -> bool:
        """Whether the claim may stand as far as this check goes."""
        return self.verdict not in ("unsupported", "contradicted")


class Verdict(Frozen):
    """The verdict as the reader sees it; `disputed` says what its own scorecard reads instead."""

    label: Label
    confidence: float = Field(ge=0, le=1)
    why: str
    figures: tuple[CheckedFigure, ...] = ()
    disputed: str | None = None


class Claim(Frozen):
    """One checked sentence, figures filled in, numbered citations included."""

    section: Section
    text: str
    evidence: tuple[str, ...]
    figures: tuple[CheckedFigure, ...] = ()


class ScoreRow(Frozen):
    """One reading that weighs on the verdict: +1 for, -1 against, 0 neither."""

    name: str
    reading: str
    direction: Literal[-1, 0, 1] | None
    weight: float
    kind: DriverKind
    evidence: tuple[str, ...] = ()


class Signal(Frozen):
    """A rule that would change the verdict: its value now (`state`), limit and distance from it.

    `since` is the first session of the present state and `last_triggered` the last on which the
    rule began to hold, None if it never did since `history_start`.
    """

    rule: str
    triggered: bool
    state: str
    limit: str | None = None
    distance: str | None = None
    since: date | None = None
    last_triggered: date | None = None
    history_start: date | None = None
    evidence: str


class Cost(Frozen):
    """What the model used; the offline analyst uses no tokens. `usd` is None without prices."""

    model_calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = None


class Answer(Frozen):
    """A checked answer. `evidence` holds each source once; cited ones bear their number.

    `model` is who wrote it, `notes` what the reader should know of how it came about, `prompts`
    the version of the prompts, `timings` seconds by stage.
    """

    question: Question
    verdict: Verdict
    claims: tuple[Claim, ...]
    scorecard: tuple[ScoreRow, ...] = ()
    signals: tuple[Signal, ...] = ()
    evidence: tuple[Evidence, ...]
    checks: tuple[Check, ...]
    unanswered: tuple[str, ...] = ()
    market: str
    sample_data: bool
    model: str
    notes: tuple[str, ...] = ()
    prompts: str = ""
    settings_hash: str
    cost: Cost = Cost()
    timings: dict[str, Number] = Field(default_factory=dict)

    @property
    def verified(self) -> bool:
        """Whether nothing had to be taken out."""
        return all(check.holds for check in self.checks)

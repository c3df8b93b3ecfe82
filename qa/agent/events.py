"""What `Analyst.stream` yields: typed events, in the order in which things happen."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from qa.domain import Answer, Figure, Frozen


class Planning(Frozen):
    """A model has begun on the question."""

    kind: Literal["planning"] = "planning"
    model: str


class ToolStarted(Frozen):
    """A tool was called."""

    kind: Literal["tool_started"] = "tool_started"
    call: str
    tool: str
    arguments: dict[str, Any]


class ToolFinished(Frozen):
    """A tool brought evidence, or said why it could not.

    `evidence` are its short ids, `figures` those of a metric, `passages` who wrote what and when.
    """

    kind: Literal["tool_finished"] = "tool_finished"
    call: str
    tool: str
    evidence: tuple[str, ...] = ()
    figures: dict[str, Figure] = Field(default_factory=dict)
    passages: tuple[str, ...] = ()
    problem: str | None = None


class Drafting(Frozen):
    """The model has begun to write its draft."""

    kind: Literal["drafting"] = "drafting"


class Waiting(Frozen):
    """Nothing else happened for a beat; `seconds` is how long it has been since something did."""

    kind: Literal["waiting"] = "waiting"
    seconds: float


class Drafted(Frozen):
    """The model handed in a draft; it is now checked."""

    kind: Literal["drafted"] = "drafted"
    claims: int


class Repairing(Frozen):
    """Some checks failed; the model is asked once to mend the draft."""

    kind: Literal["repairing"] = "repairing"
    problems: tuple[str, ...]


class Repaired(Frozen):
    """The repair round is over; `left` checks still fail, and what they are of is taken out."""

    kind: Literal["repaired"] = "repaired"
    left: int


class HandedOver(Frozen):
    """A model failed, and the next one begins anew."""

    kind: Literal["handed_over"] = "handed_over"
    model: str
    problem: str
    next_model: str


class Finished(Frozen):
    """The checked answer."""

    kind: Literal["finished"] = "finished"
    answer: Answer


Event = (
    Planning
    | ToolStarted
    | ToolFinished
    | Drafting
    | Waiting
    | Drafted
    | Repairing
    | Repaired
    | HandedOver
    | Finished
)

"""How a check that doesn't hold is written down."""

from __future__ import annotations

from typing import Literal

from qa.domain import Check

Kind = Literal["figure", "quotation", "citation", "direction", "calendar", "claim"]


def fail(
    kind: Kind, claim: str, expected: str, found: str, reason: str, *, against: bool = False
) -> Check:
    """A failed check; `against`: the evidence says otherwise, it isn't merely silent."""
    return Check(
        kind=kind,
        claim=claim,
        verdict="contradicted" if against else "unsupported",
        expected=expected,
        found=found,
        reason=reason,
    )

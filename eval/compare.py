"""Two runs side by side, and the gate: what fell further than its margin.

A fall is measured over the questions that both runs were asked. Each measure has a margin, in
percentage points; those on which the promise rests have none.
"""

from __future__ import annotations

from collections.abc import Iterator

from eval.results import Asked, Run, interval
from eval.scoring import MEASURES
from qa.domain import Frozen

STRICT = frozenset(
    ("figures", "citation precision", "citation recall", "quotations", "numbering", "as-of")
)
MARGIN = 0.02  # of every other measure: one question in fifty


class Change(Frozen):
    """How one measure of one suite moved over the questions that both runs were asked."""

    suite: str
    measure: str
    before: float
    after: float
    n: int
    low: float
    high: float

    @property
    def moved(self) -> float:
        """The share after less that before."""
        return self.after - self.before

    @property
    def fell(self) -> bool:
        """Whether it fell by more than its margin."""
        margin = 0.0 if self.measure in STRICT else MARGIN
        return self.moved < -margin - 1e-9


def changes(before: Run, after: Run) -> Iterator[Change]:
    """Every measure of the suites that both have."""
    for suite in before.suites:
        first, second = before.suites[suite], after.suites.get(suite, {})
        both = [(first[key], second[key]) for key in first if key in second]
        for measure in MEASURES:
            pairs = [pair for a, b in both if (pair := _pair(a, b, measure))]
            if pairs:
                yield _change(suite, measure, pairs)


def _pair(before: Asked, after: Asked, measure: str) -> tuple[float, float] | None:
    """A measure in both runs: 0 where there is no answer any more, None where it isn't asked."""
    if measure not in before.shares or (after.answered and measure not in after.shares):
        return None
    return before.shares[measure], after.shares.get(measure, 0.0)


def _change(suite: str, measure: str, pairs: list[tuple[float, float]]) -> Change:
    n = len(pairs)
    moved = [b - a for a, b in pairs]
    low, high = (moved[0], moved[0]) if len(set(moved)) == 1 else interval(moved)
    return Change(
        suite=suite,
        measure=measure,
        before=sum(a for a, _ in pairs) / n,
        after=sum(b for _, b in pairs) / n,
        n=n,
        low=low,
        high=high,
    )


def turned(before: Run, after: Run) -> Iterator[tuple[str, str, Asked]]:
    """Each question that passed in one run and not in the other: suite, id, as it was after."""
    for suite, asked in after.suites.items():
        for key, one in asked.items():
            old = before.suites.get(suite, {}).get(key)
            if old is not None and bool(old.faults) != bool(one.faults):
                yield suite, key, one


def lost(before: Run, after: Run) -> list[str]:
    """Questions of the suites that both have which the second run was not asked."""
    return [
        f"{suite} {key}"
        for suite, asked in before.suites.items()
        for key in asked
        if suite in after.suites and key not in after.suites[suite]
    ]


def compared(before: Run, after: Run) -> Iterator[str]:
    """The lines that are printed of a comparison."""
    yield f"A: {before.model} on {before.market}, {before.made}"
    yield f"B: {after.model} on {after.market}, {after.made}"
    yield f"\n{'suite':15}{'measure':20}{'A':>8}{'B':>8}{'n':>6}  B less A, 95% interval"
    for change in changes(before, after):
        if change.before != change.after or change.measure == "passed":
            spread = f"{change.moved:+.1%} ({change.low:+.1%} to {change.high:+.1%})"
            mark = "  FELL" if change.fell else ""
            shown = f"{change.before:>8.1%}{change.after:>8.1%}{change.n:>6}"
            yield f"{change.suite:15}{change.measure:20}{shown}  {spread}{mark}"
    for suite, key, one in turned(before, after):
        yield f"{suite} {key} now {'fails' if one.faults else 'passes'}: {one.question}"
        yield from (f"    {fault}" for fault in one.faults)
    missing = lost(before, after)
    if missing:
        yield f"Not asked in B: {', '.join(missing[:10])}{' ...' if len(missing) > 10 else ''}"

"""Two answers to one question, of two days or by two models: what changed, and from what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.checking.slots import write
from qa.domain import Answer, CheckedFigure, Metric, Passage, ScoreRow, Verdict

DAYS = frozenset({"start", "end", "on", "said_on"})  # arguments that move with the as-of date


@dataclass(frozen=True)
class Moved:
    """A figure that both answers hold, and that differs; `cited` if either tells it.

    `days` are the windows that it was measured over, the first answer's and the second's.
    """

    tool: str
    symbols: tuple[str, ...]
    days: str
    name: str
    before: str
    after: str
    cited: bool


@dataclass(frozen=True)
class Turned:
    """A reading of the scorecard that weighs otherwise; `by` is the change of its weighted side."""

    name: str
    before: str
    after: str
    by: float


@dataclass(frozen=True)
class Comparison:
    """What differs from one answer to the other.

    `new` and `gone` are the passages that only the second or only the first one cites. The
    turned readings come with the weightiest first: a verdict that follows from the scorecard
    changed because of them. Of moved figures, those that a sentence tells come first.
    """

    before: Answer
    after: Answer
    turned: tuple[Turned, ...]
    moved: tuple[Moved, ...]
    new: tuple[Passage, ...]
    gone: tuple[Passage, ...]

    @property
    def why(self) -> tuple[str, ...]:
        """What changed, and from what, a sentence each."""
        return tuple(_why(self))


def compare(before: Answer, after: Answer) -> Comparison:
    """What differs from one answer to another of the same question."""
    return Comparison(
        before=before,
        after=after,
        turned=_turned(before.scorecard, after.scorecard),
        moved=_moved(before, after),
        new=_only(after, before),
        gone=_only(before, after),
    )


def _why(found: Comparison) -> Iterator[str]:
    one, two = found.before, found.after
    yield _verdict(one, two)
    for row in found.turned:
        yield f"{row.name[:1].upper()}{row.name[1:]}: {row.before}, then {row.after}."
    later = [p for p in found.new if p.published and p.published > one.question.as_of]
    if found.new:
        since = f"; {len(later)} published after {one.question.as_of}" if later else ""
        yield f"Passages cited only by the second: {len(found.new)}{since}."
    if found.gone:
        yield f"Passages cited only by the first: {len(found.gone)}."
    if found.moved:
        told = sum(figure.cited for figure in found.moved)
        yield f"Figures that moved: {len(found.moved)}, of which {told} are told."
    if one.model != two.model:
        yield f"The first was written by {one.model}, the second by {two.model}."
    if one.market != two.market:
        yield f"The first is from {one.market}, the second from {two.market}."


def _verdict(one: Answer, two: Answer) -> str:
    before, after = one.verdict, two.verdict
    sure = f"{before.confidence:.2f}", f"{after.confidence:.2f}"
    if before.label != after.label:
        return (
            f"The verdict went from {_label(before)} (confidence {sure[0]}) to {_label(after)} "
            f"({sure[1]})."
        )
    if sure[0] != sure[1]:
        return (
            f"The verdict stays {_label(after)}; its confidence went from {sure[0]} to {sure[1]}."
        )
    return f"The verdict stays {_label(after)}."


def _label(verdict: Verdict) -> str:
    return verdict.label.replace("_", " ")


def _turned(before: Sequence[ScoreRow], after: Sequence[ScoreRow]) -> tuple[Turned, ...]:
    ones, twos = ({row.name: row for row in rows} for rows in (before, after))
    found = []
    for name in dict.fromkeys([*ones, *twos]):
        one, two = ones.get(name), twos.get(name)
        by = _share(two) - _share(one)
        if by or (one and one.direction) != (two and two.direction):
            found.append(Turned(name, _side(one), _side(two), by))
    return tuple(sorted(found, key=lambda row: -abs(row.by)))


def _share(row: ScoreRow | None) -> float:
    return (row.direction or 0) * row.weight if row else 0.0


def _side(row: ScoreRow | None) -> str:
    if row is None:
        return "not looked at"
    side: dict[int | None, str] = {1: "for", -1: "against", 0: "neither way", None: "not available"}
    return f"{side[row.direction]} ({row.reading})"


def _moved(before: Answer, after: Answer) -> tuple[Moved, ...]:
    found: dict[tuple[object, ...], Moved] = {}
    for one, two in _pairs(before, after):
        for name, figure in one.figures.items():
            other = two.figures.get(name)
            if other is None or figure.unit == "date" or other.unit == "date":
                continue
            shown = write(figure), write(other)
            if shown[0] != shown[1]:
                cited = _tells(before, one, figure.value) or _tells(after, two, other.value)
                moved = Moved(one.tool, one.symbols, _days(one, two), name, *shown, cited)
                # The same change under two names, such as a return and that of its basis: once.
                found.setdefault((one.id, *shown), moved)
    return tuple(sorted(found.values(), key=lambda figure: not figure.cited))


def _days(one: Metric, two: Metric) -> str:
    """The two windows in words, once where they are the same."""
    told = [
        f"{m.window.start} to {m.window.end}" if m.window else f"as of {m.as_of}"
        for m in (one, two)
    ]
    return ", then ".join(dict.fromkeys(told))


def _pairs(before: Answer, after: Answer) -> Iterator[tuple[Metric, Metric]]:
    """Metrics of both that were asked for alike, days aside; several of a kind in their order."""
    ones, twos = _by_call(before), _by_call(after)
    for call, metrics in ones.items():
        yield from zip(metrics, twos.get(call, ()), strict=False)


def _by_call(answer: Answer) -> dict[str, list[Metric]]:
    calls: dict[str, list[Metric]] = {}
    for metric in answer.evidence:
        if isinstance(metric, Metric):
            calls.setdefault(_call(metric), []).append(metric)
    return calls


def _call(metric: Metric) -> str:
    kept = {k: v for k, v in metric.arguments.items() if k not in DAYS}
    return f"{metric.tool} {metric.symbols} {sorted(kept.items())}"


def _tells(answer: Answer, metric: Metric, value: object) -> bool:
    """Whether a sentence of the answer shows this figure."""
    told: list[CheckedFigure] = [*answer.verdict.figures]
    told += [figure for claim in answer.claims for figure in claim.figures]
    return any(figure.evidence == metric.id and figure.value == value for figure in told)


def _only(one: Answer, other: Answer) -> tuple[Passage, ...]:
    """The passages that one answer cites and the other doesn't."""
    held = {e.id for e in other.evidence if e.number is not None}
    return tuple(
        e
        for e in one.evidence
        if isinstance(e, Passage) and e.number is not None and e.id not in held
    )

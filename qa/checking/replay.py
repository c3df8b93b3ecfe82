"""A saved answer, executed again: every metric from its tool and arguments, every check anew.

The file may come from anyone, so nothing in it is believed: figures are computed again from the
tape, passages compared with the store or with the hash in their id, and each sentence is verified
as if a model had just handed it in, digits and all. What leaves no second trace can't be tried: the
words of the question, the sections of the claims, the cost, the timings and the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from qa.checking.restated import SAME, Difference, difference, restated, short, untried_lines
from qa.domain import Answer, Figure, Frozen, Ledger, Metric, Passage
from qa.errors import TapecheckError, UsageError
from qa.market.prices import Source

LONGEST_PASSAGE = 20_000  # characters; 240 words have some 2,000
LARGEST_FILE = 50_000_000  # bytes; an answer of a hundred claims has half a million
_PROVENANCE = ("tool", "symbols", "window", "source", "as_of", "definition", "notes", "table")


class Replay(Frozen):
    """What came of executing an answer again: how much was tried, and each difference."""

    metrics: int
    passages: int
    claims: int
    differences: tuple[Difference, ...]
    untried: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything is as the file says."""
        return not self.differences


Reread = Callable[[Answer, Ledger], Mapping[str, Any]]


def read_answer(path: Path) -> Answer:
    """The answer in a JSON file; raises UsageError, naming the field, for anything else."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{path.name} is too large to be an answer: name an answer's JSON.")
        return Answer.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"Can't read {path}: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(
            f"{path.name} is not an answer as Tapecheck writes it: {where}: {first['msg']}."
        ) from error


def replay(
    answer: Answer,
    source: Source,
    held: Mapping[str, Passage] | None = None,
    reread: Reread | None = None,
) -> Replay:
    """Execute an answer again on a market source.

    `held` are the passages of the store by id, where it is at hand. `reread` makes the fields of
    the answer that follow from its evidence by rule, such as the scorecard.
    """
    redone = _Redone(answer)
    differences = [
        *_evidence(answer, source, held, redone),
        *_provenance(answer, source),
        *restated(answer, redone.ledger),
    ]
    if reread:
        for name, expected in reread(answer, redone.ledger).items():
            differences += _by_rule(name, expected, _at(answer, name))
    return Replay(
        metrics=redone.metrics,
        passages=redone.passages,
        claims=len(answer.claims),
        differences=tuple(dict.fromkeys(differences)),
        untried=(*redone.untried, *untried_lines(answer, redone.ledger)),
    )


@dataclass
class _Redone:
    """The evidence as it is now, in the order of the file, and what could not be tried."""

    answer: Answer
    ledger: Ledger = field(default_factory=Ledger)
    metrics: int = 0
    passages: int = 0
    untried: list[str] = field(default_factory=list)


def _at(answer: Answer, name: str) -> Any:
    """A field by its path: "verdict.label"."""
    value: Any = answer
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _by_rule(name: str, expected: Any, found: Any) -> Iterator[Difference]:
    """Where a field that follows from the evidence is another, row by row."""
    rows = (expected, found) if isinstance(expected, tuple) else ((expected,), (found,))
    if len(rows[0]) != len(rows[1]):
        reason = f"the evidence gives {len(rows[0])}, the file has {len(rows[1])}"
        yield difference("answer", name, str(len(rows[0])), str(len(rows[1])), reason)
        return
    for number, (ours, theirs) in enumerate(zip(*rows, strict=True), start=1):
        if _plain(ours) != _plain(theirs):
            where = f"{name}[{number}]" if isinstance(expected, tuple) else name
            reason = "the evidence gives another"
            yield difference("answer", where, short(ours), short(theirs), reason)


def _plain(row: Any) -> Any:
    """A row with its evidence in one order: the file has it by number, not as it was gathered."""
    evidence = getattr(row, "evidence", None)
    if not isinstance(evidence, tuple):
        return row
    return row.model_copy(update={"evidence": tuple(sorted(evidence))})


def _name(evidence: Metric | Passage) -> str:
    number = "" if evidence.number is None else f"[{evidence.number}] "
    return f"{number}{evidence.tool if isinstance(evidence, Metric) else evidence.document}"


def _evidence(
    answer: Answer, source: Source, held: Mapping[str, Passage] | None, redone: _Redone
) -> Iterator[Difference]:
    from qa.checking.auditing.beside import with_audit
    from qa.commentary.passages import passage_id
    from qa.market.tape import Tape

    seen: set[str] = set()
    for evidence in answer.evidence:
        where = _name(evidence)
        if evidence.id in seen:
            reason = "two pieces of evidence bear one id"
            yield difference("citation", where, "an id of its own", evidence.id, reason)
            continue
        seen.add(evidence.id)
        if isinstance(evidence, Metric):
            yield from _metric(answer, evidence, source, redone)
            continue
        redone.passages += 1
        if (length := len(evidence.text)) > LONGEST_PASSAGE:
            reason = "no passage is as long, so its words were not read"
            expected = f"up to {LONGEST_PASSAGE:,} characters"
            yield difference("passage", where, expected, f"{length:,} characters", reason)
            redone.ledger.add(evidence.model_copy(update={"text": "", "audit": ()}))
            continue
        # Words that aren't those of the id are not audited: verdicts are kept by id.
        tape = Tape(source, answer.question.as_of)
        own = passage_id(evidence) == evidence.id
        unaudited = evidence.model_copy(update={"audit": ()})
        redone.ledger.add(with_audit(evidence, tape) if own else unaudited)
        yield from _passage(answer, evidence, held, redone)


def _metric(
    answer: Answer, metric: Metric, source: Source, redone: _Redone
) -> Iterator[Difference]:
    """A metric computed again from its tool and arguments, figure by figure."""
    from qa.market.catalog import compute
    from qa.market.tape import Tape

    where = _name(metric)
    if metric.as_of != answer.question.as_of:
        reason = "a metric looks from the as-of date of its question"
        expected = str(answer.question.as_of)
        yield difference("metric", f"{where}.as_of", expected, str(metric.as_of), reason)
    try:
        again = compute(Tape(source, answer.question.as_of), metric.tool, metric.arguments)
    except TapecheckError as error:
        redone.ledger.add(metric)
        yield difference("metric", where, "a metric", "none", f"it can't be computed: {error}")
        return
    redone.metrics += 1
    now = again.model_copy(update={"id": metric.id, "number": metric.number})
    redone.ledger.add(now)
    if again.series_hash != metric.series_hash:
        reason = "the prices are not those that the answer was made from"
        yield difference("series", where, again.series_hash, metric.series_hash, reason)
    elif again.id != metric.id:
        reason = "the id is not that of its tool, arguments and prices"
        yield difference("metric", f"{where}.id", again.id, metric.id, reason)
    yield from _figures(where, now, metric)
    for name in _PROVENANCE:
        ours, theirs = getattr(now, name), getattr(metric, name)
        if ours != theirs:
            reason = "computed again it is another"
            yield difference("metric", f"{where}.{name}", short(ours), short(theirs), reason)


def _figures(where: str, ours: Metric, theirs: Metric) -> Iterator[Difference]:
    for name in dict.fromkeys([*ours.figures, *theirs.figures]):
        now, then = ours.figures.get(name), theirs.figures.get(name)
        if now is None or then is None or not _same(now, then):
            found = _spoken(then) if then else "none"
            reason = "computed again it is another"
            yield difference("figure", f"{where}.{name}", _spoken(now), found, reason)


def _same(a: Figure, b: Figure) -> bool:
    if (a.unit, a.decimals) != (b.unit, b.decimals):
        return False
    if isinstance(a.value, date) or isinstance(b.value, date):
        return a.value == b.value
    return abs(a.value - b.value) <= SAME * max(1.0, abs(a.value))


def _spoken(figure: Figure | None) -> str:
    return f"{figure.value} {figure.unit} to {figure.decimals} decimals" if figure else "none"


def _passage(
    answer: Answer, passage: Passage, held: Mapping[str, Passage] | None, redone: _Redone
) -> Iterator[Difference]:
    """A passage against the store, or against the hash in its id where the store lacks it."""
    from qa.commentary.passages import passage_id

    where = _name(passage)
    if passage.published and passage.published > answer.question.as_of:
        reason = "it was published after the as-of date"
        expected = f"up to {answer.question.as_of}"
        yield difference("passage", where, expected, str(passage.published), reason)
    if passage_id(passage) != passage.id:
        reason = "its words, source or day are not those that its id was made from"
        yield difference("passage", where, passage.id, passage_id(passage), reason)
    stored = (held or {}).get(passage.id)
    if stored is None:
        redone.untried.append(f"{where} is not in the store: only its id was tried.")
        return
    apart = {"number", "ingested", "audit"}
    theirs, ours = passage.model_dump(exclude=apart), stored.model_dump(exclude=apart)
    for name in ours:
        if ours[name] != theirs[name]:
            expected, found = short(ours[name]), short(theirs[name])
            reason = "the store has another"
            yield difference("passage", f"{where}.{name}", expected, found, reason)


def _provenance(answer: Answer, source: Source) -> Iterator[Difference]:
    for name, expected in (("market", source.name), ("sample_data", source.sample)):
        found = getattr(answer, name)
        if found != expected:
            reason = "that is the market it was tried on"
            yield difference("answer", name, str(expected), str(found), reason)

"""From the work of the loop to the Answer that every face shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from langchain_core.messages import AIMessage, ToolMessage

from qa.agent.budget import Meter
from qa.agent.graph import Work
from qa.agent.notebook import DRAFT
from qa.agent.prompts import VERSION
from qa.agent.scorecard import judge, scorecard
from qa.agent.tools import Desk
from qa.checking.assemble import Assembled, assemble
from qa.checking.verify import VerifiedDraft, verify_line
from qa.domain import (
    Answer,
    Check,
    Cost,
    Ledger,
    Metric,
    Question,
    ScoreRow,
    Signal,
    Verdict,
)
from qa.report.watched import signals_of
from qa.settings import OFFLINE, Settings

_OF_THE_SUBJECT = ("performance", "technicals")
NOTHING = "No answer was handed in before that; nothing is claimed."


def make_answer(
    question: Question,
    desk: Desk,
    work: Work,
    settings: Settings,
    *,
    model: str,
    notes: Sequence[str] = (),
    timings: Mapping[str, float],
) -> Answer:
    """Assemble the answer: verdict, claims, scorecard, signals, evidence, checks and provenance."""
    parts, unanswered, dropped = _drafted(work, desk.ledger)
    asked = parts.verdict.label != "not_asked"
    rows = _scorecard(desk.ledger, parts.verdict) if asked else ()
    stale = _stale(desk)
    return Answer(
        question=question,
        verdict=_beside_the_scorecard(parts.verdict, rows),
        claims=parts.claims,
        scorecard=rows,
        signals=_signals(desk.ledger),
        evidence=parts.evidence,
        checks=(*parts.checks, *dropped),
        unanswered=(*stale, *unanswered),
        market=desk.tape.source.name,
        sample_data=desk.tape.source.sample,
        model=model,
        notes=(*notes, *((work.spent,) if work.spent and work.draft else ())),
        prompts=VERSION,
        settings_hash=settings.fingerprint,
        cost=_cost(work, desk.meter, settings),
        timings={n: round(s, 4) for n, s in {**timings, **desk.meter.stages}.items()},
    )


def _cost(work: Work, meter: Meter, settings: Settings) -> Cost:
    ai = [m for m in work.messages if isinstance(m, AIMessage)]
    return Cost(
        model_calls=meter.model_calls,
        tool_calls=sum(c["name"] != DRAFT for m in ai for c in m.tool_calls),
        input_tokens=meter.input_tokens,
        output_tokens=meter.output_tokens,
        usd=settings.budget.cost(meter.input_tokens, meter.output_tokens),
    )


def _beside_the_scorecard(verdict: Verdict, rows: Sequence[ScoreRow]) -> Verdict:
    """The verdict, marked as disputed where the rows lead elsewhere by the rule."""
    if not rows or verdict.label not in ("sustainable", "fragile", "fading"):
        return verdict
    score = judge(rows)
    if score.label == verdict.label:
        return verdict
    words = f"the scorecard below leads by its rule to {score.label}, not {verdict.label}"
    return verdict.model_copy(update={"disputed": words})


def _drafted(work: Work, ledger: Ledger) -> tuple[Assembled, tuple[str, ...], tuple[Check, ...]]:
    """The draft's parts and what it leaves unanswered; a line with an unchecked figure goes."""
    if work.draft is None or work.verified is None:
        why = f"{work.spent or ''} {NOTHING}".strip()
        verdict = Verdict(label="undetermined", confidence=0.0, why=why)
        nothing = Assembled(verdict, (), tuple(e for _, e in ledger), ())
        return nothing, (why,), ()
    verified: VerifiedDraft = work.verified
    parts = assemble(work.draft, verified, ledger)
    notes = (note for _, e in ledger if isinstance(e, Metric) for note in e.notes)
    told = _tool_words(work) | set(notes)  # a metric's notes are code's words too
    stands: list[str] = []
    dropped: list[Check] = []
    for line in work.draft.unanswered:
        checked = verify_line(line, ledger)
        if line in told:
            stands.append(line)
        elif checked.holds:
            stands.append(checked.text)
        else:
            dropped += [check for check in checked.checks if not check.holds]
    return parts, tuple(stands), tuple(dropped)


def _tool_words(work: Work) -> set[str]:
    """What tools said went wrong, word for word: code made it, whatever numbers it holds."""
    return {
        str(m.content)
        for m in work.messages
        if isinstance(m, ToolMessage) and m.status == "error" and m.name != DRAFT
    }


def _stale(desk: Desk) -> tuple[str, ...]:
    """A sentence when the tape ends before the last session of the as-of date."""
    from qa.market.sessions import last_session, sessions_between

    _, last = desk.tape.source.span()
    expected = last_session(desk.as_of)
    if last >= expected:
        return ()
    behind = len(sessions_between(last, expected)) - 1
    return (
        f"Prices after {last}: the {desk.tape.source.name} ends there, {behind} sessions before "
        f"the as-of date {desk.as_of}.",
    )


def reread(answer: Answer, ledger: Ledger) -> dict[str, object]:
    """The fields of an answer that follow from its evidence by rule, made again."""
    asked = answer.verdict.label != "not_asked"
    rows = _scorecard(ledger, answer.verdict) if asked else ()
    made: dict[str, object] = {"signals": _signals(ledger), "scorecard": rows}
    plain = answer.verdict.model_copy(update={"disputed": None})
    made["verdict.disputed"] = _beside_the_scorecard(plain, rows).disputed
    if rows and answer.model == OFFLINE and answer.verdict.label != "undetermined":
        score = judge(rows)
        made |= {"verdict.label": score.label, "verdict.confidence": score.confidence}
    return made


def _subject(ledger: Ledger, verdict: Verdict) -> str | None:
    """The instrument that a verdict is on: that of the first performance or technicals it cites.

    A reason that cites none is on what the evidence is about first. In a thread, the ledger holds
    what earlier answers cited too, of whatever they were on.
    """
    seen = [e for _, e in ledger if isinstance(e, Metric) and e.tool in _OF_THE_SUBJECT]
    cited = " ".join(f.evidence or "" for f in verdict.figures)
    told = [e for e in seen if e.id in cited]
    return next((e.symbols[0] for e in [*told, *seen]), None)


def _scorecard(ledger: Ledger, verdict: Verdict) -> tuple[ScoreRow, ...]:
    subject = _subject(ledger, verdict)
    if subject is None:
        return ()
    ids = {key: evidence.id for key, evidence in ledger}
    return tuple(
        row.model_copy(update={"evidence": tuple(ids[key] for key in row.evidence)})
        for row in scorecard(list(ledger), subject)
    )


def _signals(ledger: Ledger) -> tuple[Signal, ...]:
    """Every rule of the signals metrics, from their tables."""
    return tuple(s for _, e in ledger if isinstance(e, Metric) for s in signals_of(e))

"""From the work of the loop to the Answer that every face shows."""

from __future__ import annotations

from collections.abc import Mapping

from langchain_core.messages import ToolMessage

from qa.agent.graph import DRAFT, Work
from qa.agent.scorecard import scorecard
from qa.agent.tools import Desk
from qa.checking.assemble import Assembled, assemble
from qa.checking.slots import write
from qa.checking.verify import VerifiedDraft, verify_line
from qa.domain import (
    Answer,
    Check,
    Ledger,
    Metric,
    Question,
    ScoreRow,
    Signal,
    Verdict,
)
from qa.settings import Settings

SPENT = "The budget of calls ran out before an answer was handed in; nothing is claimed."
NO_DRAFT = "The model stopped without handing in an answer; nothing is claimed."


def make_answer(
    question: Question, desk: Desk, work: Work, settings: Settings, timings: Mapping[str, float]
) -> Answer:
    """Assemble the answer: verdict, claims, scorecard, signals, evidence, checks and provenance."""
    parts, unanswered, dropped = _drafted(work, desk.ledger)
    asked = parts.verdict.label != "not_asked"
    stale = _stale(desk)
    return Answer(
        question=question,
        verdict=parts.verdict,
        claims=parts.claims,
        scorecard=_scorecard(desk.ledger) if asked else (),
        signals=_signals(desk.ledger),
        evidence=parts.evidence,
        checks=(*parts.checks, *dropped),
        unanswered=(*stale, *unanswered),
        market=desk.tape.source.name,
        sample_data=desk.tape.source.sample,
        model=settings.chosen_model,
        settings_hash=settings.fingerprint,
        cost=work.cost,
        timings={name: round(seconds, 4) for name, seconds in timings.items()},
    )


def _drafted(work: Work, ledger: Ledger) -> tuple[Assembled, tuple[str, ...], tuple[Check, ...]]:
    """The draft's parts and what it leaves unanswered; a line with an unchecked figure goes."""
    if work.draft is None or work.verified is None:
        why = SPENT if work.spent else NO_DRAFT
        verdict = Verdict(label="undetermined", confidence=0.0, why=why)
        nothing = Assembled(verdict, (), tuple(e for _, e in ledger), ())
        return nothing, (why,), ()
    verified: VerifiedDraft = work.verified
    parts = assemble(work.draft, verified, ledger)
    told = _tool_words(work)
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


def _subject(ledger: Ledger) -> str | None:
    """The instrument that the evidence is about: that of the first performance or technicals."""
    return next(
        (
            e.symbols[0]
            for _, e in ledger
            if isinstance(e, Metric) and e.tool in ("performance", "technicals")
        ),
        None,
    )


def _scorecard(ledger: Ledger) -> tuple[ScoreRow, ...]:
    subject = _subject(ledger)
    if subject is None:
        return ()
    ids = {key: evidence.id for key, evidence in ledger}
    return tuple(
        row.model_copy(update={"evidence": tuple(ids[key] for key in row.evidence)})
        for row in scorecard(list(ledger), subject)
    )


def _signals(ledger: Ledger) -> tuple[Signal, ...]:
    """Every rule of the signals metrics, from their tables."""
    found = []
    for _, metric in ledger:
        if not isinstance(metric, Metric) or metric.tool != "signals" or metric.table is None:
            continue
        for name, rule, _now, _limit, triggered in metric.table.rows:
            state = write(metric.figures[str(name)])
            found.append(
                Signal(
                    rule=str(rule), triggered=triggered == "yes", state=state, evidence=metric.id
                )
            )
    return tuple(found)

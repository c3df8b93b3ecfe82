"""A commentary text against the tape: a verdict for every figure in it.

sentences -> clauses -> claims -> readings on the tape -> verdict. Nothing after the day of
publication is used. `contradicted` is said only where subject, days and measure all stand in the
words and no standard definition gives the figure; where any of them is open, so is the verdict.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from qa.checking.auditing import uncheckable
from qa.checking.auditing.agreement import Reading
from qa.checking.auditing.bench import Bench, ClosedDayError
from qa.checking.auditing.claims import read_claims
from qa.checking.auditing.clauses import Clause, read_clause
from qa.checking.auditing.contests import run_told
from qa.checking.auditing.day_counts import read_day_counts
from qa.checking.auditing.events import may_claim, read_events
from qa.checking.auditing.openness import left_open
from qa.checking.auditing.owners import speaks_of_another, speaks_on
from qa.checking.auditing.periods import one_day
from qa.checking.auditing.policy import read_policy
from qa.checking.auditing.published import PLACED, Context, PublishedClaim
from qa.checking.auditing.readings import during_the_day, readings
from qa.checking.auditing.sentences import Sentence, split_sentences
from qa.checking.auditing.staleness import earlier_readings
from qa.checking.auditing.sums import Sum, read_sums
from qa.checking.auditing.understood import (
    not_of_that_day,
    not_of_the_sum,
    not_understood,
)
from qa.checking.auditing.understood import told as not_read
from qa.domain import Audited
from qa.errors import BadDate, BadQuestion, ToolError, UsageError
from qa.market.instruments import SECTORS, mentions
from qa.market.tape import Tape

if TYPE_CHECKING:
    from qa.market.prices import Source

MOST_TRIED = 1000  # figures of a text: what it holds beyond them is to be audited apart
# What may stand before the name that a sentence speaks of: "And on Friday the index fell."
_JOINTS = frozenset(
    "the a an and but so yet then also still while as meanwhile however on in at by for over during"
    " from since through until after before last this past next week month quarter year day"
    " session today yesterday early late mid monday tuesday wednesday thursday friday january"
    " february march april may june july august september october november december s first"
    " second third fourth overall elsewhere again finally index benchmark gauge".split()
)
_MOVES = ("move", "relative", "points", "yield_change")


@dataclass(frozen=True, slots=True)
class _Judged:
    """A claim with its verdict, before it is written down."""

    claim: PublishedClaim
    verdict: str
    reading: Reading | None = None
    reason: str = ""


def audit_text(
    text: str, published: date, tape: Tape, *, about: str | None = None
) -> tuple[Audited, ...]:
    """A verdict for every figure of a text, in order; never raises on a text.

    `about` is the symbol that sentences without a subject of their own speak of. On a sample tape
    every verdict is uncheckable.
    """
    bench = Bench(tape, published)
    context = Context(about, about is not None, (), about is not None)
    found: list[Audited] = []
    for sentence in split_sentences(text):
        if len(found) >= MOST_TRIED:
            found.append(_untried(text, sentence))
            break
        if not may_claim(sentence.text):
            context = _named_last(sentence.text, context)
            continue
        clause = read_clause(sentence.text, published)
        own = _for(clause, context)
        judged = list(_judge_sentence(clause, own, bench, sample=tape.source.sample))
        found += [_written(sentence, j) for j in judged]
        context = _after(clause, [j.claim for j in judged], context)
    return tuple(found)


def audit_files(
    files: Sequence[Path],
    source: Source,
    *,
    text: str | None = None,
    published: str | None = None,
    about: str | None = None,
) -> tuple[Audited, ...]:
    """A verdict for every figure of commentary files, or of a text, in order.

    The day of publication is the file's own unless `published` is given. Raises UsageError for a
    file that can't be read, a day that is missing or no date, and when there is nothing to audit.
    """
    from qa.commentary.reading import read_documents

    if bool(files) == (text is not None):
        raise BadQuestion("Name files to audit, or give --text: one of the two.")
    day = None if published is None else read_day(published)
    rows: list[Audited] = []
    for name, body, own in (
        [("the text", text, None)]
        if text is not None
        else [(d.name, d.body, d.published) for d in read_documents(files)]
    ):
        when = day or own
        if when is None:
            raise BadDate(f"The day on which {name} was published is missing: give --published.")
        rows += audit_text(body, when, Tape(source, when), about=about)
    return tuple(rows)


def read_day(text: date | str) -> date:
    """A day of publication as YYYY-MM-DD; raises BadDate for another form or a day to come."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else text
    except ValueError as error:
        raise BadDate(f"{text!r} is not a date: write it as YYYY-MM-DD.") from error
    if day > date.today():
        raise BadDate(f"The day of publication {day} is in the future; name a day up to today.")
    return day


def _judge_sentence(
    clause: Clause, context: Context, bench: Bench, *, sample: bool
) -> Iterator[_Judged]:
    sums = list(read_sums(clause))
    done = {s.claim.at for s in sums}
    policy = read_policy(clause, bench.published)
    done |= {f.span[0] for c in policy for f in (c.stated, c.partner) if f is not None}
    counts = list(read_day_counts(clause, context))
    told = [(c.at, c.at + len(c.asserted)) for c in counts]
    claims = [
        c
        for c in read_claims(clause, context)
        if c.at not in done and not any(start <= c.at < end for start, end in told)
    ]
    claims += policy + counts
    claims += read_events(clause, context, bench.published)
    judged = [_judge(claim, bench, sample=sample) for claim in claims]
    judged = [_restated(j, judged, clause, bench) for j in judged]
    judged = [_fair(j, clause, bench) for j in _together(judged, bench)]
    judged += [_worked(s, clause) for s in sums]
    yield from sorted(judged, key=lambda j: j.claim.at)


_AGAIN = re.compile(r"(?:,? or|,| \() ?(?:about |nearly |roughly |almost |some |just )*\$?")


def _restated(judged: _Judged, others: Sequence[_Judged], clause: Clause, bench: Bench) -> _Judged:
    """A day's move told twice: "90.69 points, or 1.3%" is one move, and of one day."""
    claim = judged.claim
    if judged.verdict != "uncheckable" or claim.why or claim.periods:
        return judged
    for other in others:
        told, reading = other.claim, other.reading
        pair = {told.measure, claim.measure} == {"move", "points"} and told.subject == claim.subject
        if not pair or other.verdict != "confirmed" or reading is None or reading.day is None:
            continue
        first, second = sorted((told, claim), key=lambda c: c.at)
        if _AGAIN.fullmatch(clause.masked, first.at + len(first.asserted), second.at):
            day = (one_day(reading.day),)
            stated = claim.stated
            if stated and told.stated and not stated.signed and told.stated.signed:
                sign = math.copysign(1, told.stated.value or 0.0)
                stated = replace(stated, value=sign * (stated.value or 0.0), signed=True)
            return _judge(
                replace(claim, periods=day, firm=True, stated=stated), bench, sample=False
            )
    return judged


def _worked(told: Sum, clause: Clause) -> _Judged:
    """A sum with its verdict: wrong only where all words between its figures are understood."""
    if told.reading.holds:
        return _Judged(told.claim, "confirmed", told.reading)
    if words := not_of_the_sum(clause, told.claim, told.span):
        return _Judged(told.claim, "uncheckable", told.reading, not_read(words))
    return _Judged(told.claim, "contradicted", told.reading)


def _fair(judged: _Judged, clause: Clause, bench: Bench) -> _Judged:
    """Nothing is contradicted whose words aren't all understood."""
    loose = judged.verdict == "stale" and judged.claim.measure in (*_MOVES, "yield")
    if judged.verdict != "contradicted" and not loose:
        return judged
    if judged.claim.proxied and judged.claim.measure not in _MOVES:
        return replace(judged, verdict="uncheckable", reason=uncheckable.PROXIED)
    if judged.reading is None and judged.reason:  # a session on a closed day, whatever the figure
        words = not_of_that_day(clause, judged.claim)
    else:
        words = not_understood(clause, judged.claim, bench.published)
    return replace(judged, verdict="uncheckable", reason=not_read(words)) if words else judged


def _judge(claim: PublishedClaim, bench: Bench, *, sample: bool) -> _Judged:
    """One claim against the tape."""
    if claim.why:
        return _Judged(claim, "uncheckable", None, claim.why)
    if sample:
        return _Judged(claim, "uncheckable", None, uncheckable.SAMPLE)
    try:
        tried = list(readings(claim, bench))
        return _verdict(claim, tried, bench)
    except ClosedDayError as closed:
        if not claim.firm:
            return _Judged(claim, "uncheckable", None, str(closed))
        return _Judged(claim, "contradicted", None, str(closed))
    except (ToolError, UsageError) as error:
        return _Judged(claim, "uncheckable", None, str(error).rstrip("."))


def _verdict(claim: PublishedClaim, tried: Sequence[Reading], bench: Bench) -> _Judged:
    if not tried:
        return _Judged(claim, "uncheckable", None, uncheckable.NO_MEASURE)
    for reading in tried:
        if reading.holds and reading.standard:
            return _Judged(claim, "confirmed", reading)
    for reading in tried:
        if reading.holds:
            return _Judged(claim, "confirmed_under", reading)
    usual = next((r for r in tried if r.standard), tried[0])
    placed = claim.measure == "level" and PLACED.search(claim.lead)
    dated = claim.firm or (bool(placed) and not claim.periods)
    dated = dated or claim.measure in ("close", "yield", "streak") or _stands(claim)
    dated = dated and not re.search(r"\bago\b", claim.words)
    for reading in earlier_readings(claim, bench) if dated else ():
        if reading.holds:
            return _Judged(claim, "stale", replace(reading, actual=usual.actual), _then(reading))
    if not claim.firm:
        open_to = uncheckable.NO_WINDOW if not claim.periods else uncheckable.NO_MEASURE
        return _Judged(claim, "uncheckable", None, open_to)
    if open_to := left_open(claim, bench):
        return _Judged(claim, "uncheckable", usual, open_to)
    return _Judged(claim, "contradicted", usual)


def _stands(claim: PublishedClaim) -> bool:
    """Whether a record is told as the present one, and not as one that was set."""
    return claim.measure == "extreme" and claim.words == "record" and not claim.periods


def _then(reading: Reading) -> str:
    return f"right as of {reading.day}: {reading.definition}"


def _together(judged: list[_Judged], bench: Bench) -> list[_Judged]:
    """Figures of one sentence that are wrong alone and right together, or the same day twice."""
    closed = {j.reason[:10] for j in judged if j.verdict == "contradicted" and j.reason}
    judged = [j for j in judged if j.claim.measure != "event" or j.claim.words[:10] not in closed]
    moves = [j for j in judged if j.claim.measure == "move" and _of_one_day(j)]
    if len(moves) < 2 or not any(j.verdict == "contradicted" for j in moves):
        return judged
    if any(j.verdict == "confirmed" for j in moves):  # told at the close: so are the others
        return judged
    told = [(j, during_the_day(j.claim, bench)) for j in moves]
    if not all(reading and reading.holds for _, reading in told):
        return judged
    swapped = {
        id(j): replace(j, verdict="confirmed_under", reading=reading, reason="")
        for j, reading in told
        if j.verdict != "confirmed"
    }
    return [swapped.get(id(j), j) for j in judged]


def _of_one_day(judged: _Judged) -> bool:
    claim = judged.claim
    return bool(claim.periods) and claim.periods[0].kind == "day" and not claim.why


def _for(clause: Clause, context: Context) -> Context:
    """What of the sentences before holds for this one."""
    if context.fixed and not (clause.names or not speaks_of_another(clause)):
        return Context("", False, context.window)
    if context.fixed or speaks_on(clause):
        return context
    return Context(window=context.window, run=context.run)


def _named_last(text: str, before: Context) -> Context:
    """What a sentence that claims nothing leaves for the next: its subject, if it has one."""
    named = [(start, s) for start, _, s in mentions(text) if s not in SECTORS]
    subjects = list(dict.fromkeys(s for _, s in named))
    if before.fixed:
        return before
    if not subjects:  # whom it speaks of isn't read: "it" may be that one
        return replace(before, sure=False)
    leads = len(subjects) == 1 and bool(subjects[0]) and _leads(text[: named[0][0]].lower())
    return Context(subjects[0] or None, leads, before.window)


def _leads(before: str) -> bool:
    """Whether nothing but joints and times stands before a name: what follows speaks of it."""
    return all(word in _JOINTS for word in re.findall(r"[a-z]+", before))


def _after(clause: Clause, claims: Sequence[PublishedClaim], before: Context) -> Context:
    """What a sentence leaves for the next: its subject, if it has one, and its window."""
    subjects = [s for s in dict.fromkeys(n.symbol for n in clause.names) if s not in SECTORS]
    windows = [t.periods for t in clause.times if t.role == "window"]
    window = windows[0] if windows else before.window
    run = run_told(clause)
    if before.fixed:
        return replace(before, window=window, run=run)
    if not subjects:  # "Copper fell 3%. It is up 20%": nobody known is spoken of any more
        told = Context(window=window, run=run)
        return told if speaks_of_another(clause) else replace(before, window=window, run=run)
    leads = len(subjects) == 1 and bool(subjects[0])
    leads = leads and _leads(clause.bare[: clause.names[0].start])
    return Context(subjects[0] or None, leads, window, run=run)


def _written(sentence: Sentence, judged: _Judged) -> Audited:
    claim, reading = judged.claim, judged.reading
    return Audited(
        text=sentence.text,
        span=(sentence.start, sentence.end),
        subject=claim.subject or None,
        metric=claim.measure,
        asserted=claim.asserted,
        actual=reading.actual if reading else None,
        definition=reading.definition if reading else None,
        verdict=judged.verdict,  # type: ignore[arg-type]
        reason=judged.reason or _reason(judged),
    )


def _untried(text: str, sentence: Sentence) -> Audited:
    """All that follows in a text with more figures than are tried at once."""
    return Audited(
        text=sentence.text,
        span=(sentence.start, len(text)),
        subject=None,
        metric="none",
        asserted="the rest of the text",
        actual=None,
        definition=None,
        verdict="uncheckable",
        reason=uncheckable.TOO_LONG,
    )


def _reason(judged: _Judged) -> str:
    claim, reading = judged.claim, judged.reading
    assert reading is not None
    if judged.verdict == "contradicted":
        return f"{claim.asserted} is stated; {reading.definition}: {reading.actual}"
    if judged.verdict == "confirmed_under":
        return f"{claim.asserted} holds only by this definition: {reading.definition}"
    return f"{reading.definition}: {reading.actual}"

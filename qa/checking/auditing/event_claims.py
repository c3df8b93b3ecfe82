"""How a claim of an event is made: whom it is told of, and over which days."""

from __future__ import annotations

import re

from qa.checking.auditing.clauses import Clause, periods_of
from qa.checking.auditing.owners import OBJECT, is_proxied, other_of
from qa.checking.auditing.published import Context, Measure, PublishedClaim

MOST_EVENTS = 8  # of a kind in a sentence: more are no prose
_WHOSE = re.compile(r"\b(?:for|of|by|in) (?:the )?$")


def _subject(clause: Clause, at: int, context: Context, stop: int = 0) -> tuple[str | None, bool]:
    """Who an event is told of: the name before it that isn't compared with, else the context's."""
    doers = [n for n in clause.names if not OBJECT.search(clause.masked[: n.start])]
    before = [n for n in doers if n.end <= at]
    inside = [n for n in doers if at <= n.start and n.end <= stop]
    if before or inside:  # "the worst day that the index has ever had"
        return (before or inside)[-1].symbol, True
    end = clause.piece(at)[1]
    after = [
        n
        for n in doers
        if at <= n.start < end and _WHOSE.search(clause.masked, 0, n.start) is not None
    ]
    if after:
        return after[0].symbol, True
    if doers and not context.fixed:
        return doers[0].symbol, False
    return context.subject, context.sure


def made(
    clause: Clause, context: Context, measure: Measure, span: tuple[int, int]
) -> PublishedClaim:
    """The claim that the words at `span` make: its subject, and the days told with it."""
    subject, sure = _subject(clause, span[0], context, span[1])
    window, anchor = periods_of(clause, span)
    periods = window.periods if window else ()
    return PublishedClaim(
        measure,
        clause.text[slice(*span)].strip(),
        subject=subject,
        other=other_of(clause, subject, span),
        periods=periods,
        told=anchor.periods if anchor else (),
        firm=sure,
        words=clause.masked,
        proxied=is_proxied(clause, subject),
        at=span[0],
    )

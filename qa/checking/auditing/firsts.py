"""What is told as the first in a while: "above 4,500 for the first time since April"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.event_claims import MOST_EVENTS, made
from qa.checking.auditing.published import Context, PublishedClaim

_SIDE = r"above|below|over|under|past|through|beyond|beneath"
_LONG = (
    r"(?: since\b| in (?:about |over |more than |nearly |roughly |at least |almost )?"
    r"(?P<span{0}>an? (?:decade|year|month|week)|[a-z0-9]+ (?:years?|months?|weeks?|decades?))"
    r"(?![a-z]))"
)
_PASSED = re.compile(
    rf"\b(?P<how>{_SIDE}) (?:the )?\$?(?P<level>\x13+)(?:,? (?:at|to) \$?\x13+)?"
    rf"[^;:\x13]{{0,50}}?\bfor the first time"
    rf"{_LONG.format('')}"
    rf"|\bfirst (?:close|finish|settlement|time)(?: back)? (?P<how2>{_SIDE}) (?:the )?\$?"
    rf"(?P<level2>\x13+)(?: mark| level| points)?{_LONG.format('2')}"
)
_WAYS = {
    "high": "up|winning|positive|gain|advance|rise",
    "low": "down|losing|negative|loss|decline|drop",
}
_EVERY = {"daily": "session", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
_EVERY |= {"day": "session", "annual": "year", "yearly": "year"}
_EITHER = "|".join(_WAYS.values())
_AGAIN = re.compile(
    rf"\bfirst (?:(?P<way>{_EITHER}) (?P<unit>day|session|week|month|quarter|year)"
    rf"|(?P<unit2>daily|weekly|monthly|quarterly|annual|yearly) (?P<way2>{_EITHER})) since\b"
)
_CLOSED = re.compile(r"\b(?:clos|settl|finish|end)(?:ed|es|e|ing|s)?\b")


def read_firsts(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """A mark passed for the first time since a day or in so many years; a first loss since."""
    if "first" not in clause.masked:
        return
    yield from _again(clause, context)
    for found in islice(_PASSED.finditer(clause.masked), MOST_EVENTS):
        at = found.start("level" if found["level"] else "level2")
        stated = next((f for f in clause.figures if f.span[0] == at), None)
        span = found["span"] or found["span2"]
        marks = [t for t in clause.times if t.role == "mark" and t.start >= found.start()]
        if stated is None or stated.value is None or not (span or marks):
            continue
        claim = made(clause, context, "since", found.span())
        compared = {q.words for t in marks for q in t.periods}
        closed = _CLOSED.search(clause.masked, clause.piece(found.start())[0], found.end())
        yield replace(
            claim,
            periods=tuple(p for p in claim.periods if p.words not in compared),
            level=abs(stated.value),
            side="low" if (found["how"] or found["how2"]) in ("below", "under", "beneath")
            else "high",
            mark=marks[0] if marks and not span else None,
            basis="close" if closed else "",
            words=f"passed|{span or ''}|",
            asserted=clause.text[found.start() : max(found.end(), marks[0].end if marks else 0)],
        )  # fmt: skip


def _again(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """The first rise or fall since an earlier one: "its first down year since 2000"."""
    for found in islice(_AGAIN.finditer(clause.masked), MOST_EVENTS):
        marks = [t for t in clause.times if t.role == "mark" and t.start >= found.start()]
        if not marks:
            continue
        claim = made(clause, context, "since", found.span())
        compared = {q.words for q in marks[0].periods}
        told = found["unit"] or found["unit2"]
        low = re.fullmatch(_WAYS["low"], found["way"] or found["way2"])
        yield replace(
            claim,
            periods=tuple(p for p in claim.periods if p.words not in compared),
            side="low" if low else "high",
            mark=marks[0],
            words=f"again|{_EVERY.get(told, told)}|",
            asserted=clause.text[found.start() : marks[0].end],
        )

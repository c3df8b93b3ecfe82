"""What is told as the largest of its kind: the best month since 2023, the worst day in a decade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.event_claims import MOST_EVENTS, made
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import Context, PublishedClaim
from qa.checking.auditing.streaks import read_runs

_SINCE = re.compile(
    r"(?:(?P<nth>second|third|fourth|fifth|2nd|3rd|4th|5th)[ -])?"
    r"(?P<word>best|worst|strongest|weakest|biggest|largest|steepest|sharpest|longest|highest"
    r"|lowest|first|not seen"
    r"|greatest|most|fastest|poorest|deepest|heaviest"
    r"|finest)[ -](?P<what>[a-z\x12' -]{0,40}?)(?:(?P<since> ?since)|in (?:about |over "
    r"|more than |nearly |roughly |at least |almost )?"
    r"(?P<span>an? decade|decades|[a-z0-9]+ (?:years?|months?|weeks?|decades?)|months|years"
    r"|weeks)|(?P<ever>(?:the \x12+ (?:has|had) )?ever(?: [a-z]+)?|on record"
    r"|in (?:its |the \x12+'s |recorded )?history|of all time)"
    r"|(?P<only>,? (?:after|behind|topped only by|beaten only by|second only to)"
    r"(?=[a-z ]{0,24}(?:(?:19|20)\d\d|\x11)))|(?P<year>of (?:the|this) year|so far this year"
    r"|this year|of (?:19|20)\d\d(?!\d)))(?![a-z])"
)
_WHAT = (
    (r"start(?: to (?:a|the|any) (?:new )?year)?", "start"),
    (r"(?:single-|one-)?(?:day|session)|daily|day'?s?|(?:one|single)-day", "day"),
    (r"(?:single-|one-)?week|weekly", "week"),
    (
        r"january|february|march|april|may|june|july|august|september|october|november|december",
        "named",
    ),
    (r"month(?:ly)?", "month"),
    (r"quarter(?:ly)?", "quarter"),
    (r"(?:calendar )?year|annual|showing|yearly", "year"),
    (r"close|finish|settlement|level|high|low|reading|mark", "level"),
)

_OF_A_YEAR = ("day", "week", "month", "quarter")
_RANKS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_FALL = re.compile(r"drop|decline|loss|fall|selloff|slide|plunge|rout|tumble|slump|retreat|setback")
_RISE = re.compile(
    r"gain|ris|advance|rally|jump|surge|climb|leap|rebound|bounce|pop\b|return|showing"
)


def read_superlatives(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """What a sentence ranks: the largest since a day, in so many years, ever, or of a year."""
    for found in islice(_SINCE.finditer(clause.masked), MOST_EVENTS):
        rank = _RANKS.get(found["nth"] or "", 1)
        if found["only"] and rank == 1:
            continue
        claim = _ranked(clause, context, found)
        kind = claim.words.partition("|")[0]
        if found["word"] in ("longest", "not seen"):
            yield from _longest(clause, context, claim)
        elif kind and found["word"] != "first" and not (found["year"] and kind not in _OF_A_YEAR):
            yield replace(claim, count=rank)


def _ranked(clause: Clause, context: Context, found: re.Match[str]) -> PublishedClaim:
    """The claim of one superlative; its words are the kind, the stretch and what is ranked."""
    what = found["what"].strip()
    kind = next((k for p, k in _WHAT if re.search(rf"(?:^|[ -])(?:{p})(?:$|[ -])", what)), "")
    claim = made(clause, context, "since", found.span())
    unit = claim.periods[0].unit if claim.periods else ""
    if kind == "start" and re.search(r"week|month|quarter|day", what):
        kind = ""
    elif not kind and found["word"] in ("highest", "lowest"):
        kind = "level"  # "at its lowest since 2016"
    elif not kind and unit in ("day", "week", "month", "quarter", "year"):
        kind = unit  # "fell 9% last week, the most since March"
    marks = [t for t in clause.times if t.role == "mark" and t.start >= found.start()]
    compared = {q.words for t in marks for q in t.periods}
    span = "ever" if found["ever"] or found["only"] else "year" if found["year"] else found["span"]
    return replace(
        claim,
        periods=tuple(p for p in claim.periods if p.words not in compared),
        mark=marks[0] if marks and found["since"] else None,
        side=_side(found["word"], what),
        words=f"{kind}|{span or ''}|{what}",
        asserted=clause.text[found.start() : (marks[0].end if marks else found.end())].strip(),
    )


def _side(word: str, what: str) -> Side:
    """Which end is ranked; "" where the words leave it to the move: "its steepest since"."""
    if word in ("worst", "weakest", "lowest", "poorest") or _FALL.search(what):
        return "low"
    if word in ("best", "strongest", "highest", "finest") or _RISE.search(what):
        return "high"
    return ""


def _longest(clause: Clause, context: Context, claim: PublishedClaim) -> Iterator[PublishedClaim]:
    """The run that is said to be the longest since a day."""
    run = next(read_runs(clause, context), None)
    if run is not None and claim.mark is not None:
        unit = run.words.partition("|")[0]
        yield replace(run, measure="since", mark=claim.mark, asserted=claim.asserted,
                      words=f"streak|{unit}", at=claim.at)  # fmt: skip

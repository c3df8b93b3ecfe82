"""What is told as the largest of its kind: the best month since 2023, the worst day in a decade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.dating import number
from qa.checking.auditing.event_claims import MOST_EVENTS, made
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import Context, PublishedClaim, Tally
from qa.checking.auditing.streaks import read_runs
from qa.checking.auditing.time_parts import COUNT, MONTH_NAME, YEAR

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

_NAMED_QUARTER = re.compile(r"^(?:first|second|third|fourth)[ -]quarter(?:ly)?\b")
_PART_OF = re.compile(
    r"\b(?:first|second|third|fourth|fifth|opening|closing|final|last|election|holiday|midterm"
    r"|summer"
    r"|winter|half|q[1-4])[ -](?:trading )?(?:day|session|week|month|quarter|half|year|of|$)"
    r"|\bhalf\b"
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
        elif kind and found["word"] != "first" and not _unranked(clause, found, kind):
            past = _PAST_ONE.search(clause.masked, 0, found.start())
            yield replace(claim, count=rank, firm=claim.firm and not past)
    yield from _of_run(clause, context)
    yield from _not_since(clause, context)
    yield from _not_so(clause, context)


def _unranked(clause: Clause, found: re.Match[str], kind: str) -> bool:
    """Whether no series tells what is ranked: "70 record closes, the most since 1995"."""
    if found["year"] and kind not in _OF_A_YEAR:
        own = _TOLD_OF_IT.search(clause.masked, 0, found.start())
        ends = _NOTHING_MORE.match(clause.masked, found.end())
        return not (kind == "level" and own and ends and re.search("close|finish", found["what"]))
    told = [f for f in clause.figures if f.span[1] <= found.start()]
    counted = bool(told) and told[-1].unit not in ("percent", "points", "basis_points", "price")
    records = _COUNTED.search(found["what"]) or _RECORDS.search(clause.masked)
    return found["word"] == "most" and (counted or records is not None)


# "It closed at 614.32, its best close of the year."; not "its best close of the year, 633.22".
_TOLD_OF_IT = re.compile(
    r"\x13[a-z\x11 ]*(?:,|,? which (?:was|is)|,? making it) (?:its|the|their) $"
)
_NOTHING_MORE = re.compile(r"(?: so far| to date)?(?:\.|;|$|,? (?:and|but|while) )")
_COUNTED = re.compile(r"\b(?:records?|highs|lows|days|sessions|weeks|months|times|closes|moves)\b")
_RECORDS = re.compile(r"\b(?:record closes|(?:record|closing|new|all-time) highs|records)\b")
# "A week after its worst day since October": which day that was isn't told.
_PAST_ONE = re.compile(
    r"\b(?:after|following|before|from|despite|until|since) (?:its|the|their|a) $"
)
_OF_RUN = re.compile(
    rf"(?P<what>{YEAR}|\b{MONTH_NAME})(?:'s)?,? (?:(?:was|is|being|by far) )*the (?P<word>worst"
    rf"|best|strongest"
    r"|weakest|mildest|gentlest|shallowest|steepest|biggest|largest|smallest|sharpest"
    r"|deepest)(?: one)?"
    rf" of (?:them|those|these|the (?:lot|bunch|run|streak|(?P<n>{COUNT})))(?: all)?(?![a-z])"
)
_LEAST_RUN = 2  # of which one can be the largest
_MILD = ("mildest", "gentlest", "shallowest", "smallest")


def _of_run(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """Which of a run is the largest: "three losing years, and 2002 the mildest of them"."""
    found, run = _OF_RUN.search(clause.masked), next(read_runs(clause, context), None)
    n = run.count if run else number(found["n"]) if found and found["n"] else 0
    if found is None or n < _LEAST_RUN:
        return
    unit = "year" if found["what"].isdigit() else "month"
    claim = made(clause, context, "since", found.span())
    own = next((t.periods for t in clause.times if t.start <= found.end("what") <= t.end + 3), ())
    if len(own) == 1 and own[0].unit == unit:
        mild = found["word"] in _MILD
        side: Side = "" if mild else _side(found["word"], "")
        sure = claim.firm or len({name.symbol for name in clause.names}) == 1
        yield replace(claim, firm=sure, periods=own, side=side, tally=Tally(unit, n, n),
                      words=f"{unit}|run|{'mild' if mild else ''}")  # fmt: skip


def _ranked(clause: Clause, context: Context, found: re.Match[str]) -> PublishedClaim:
    """The claim of one superlative; its words are the kind, the stretch and what is ranked."""
    what = found["what"].strip()
    kind = next((k for p, k in _WHAT if re.search(rf"(?:^|[ -])(?:{p})(?:$|[ -])", what)), "")
    claim = made(clause, context, "since", found.span())
    unit = claim.periods[0].unit if claim.periods else ""
    if kind == "start" and re.search(r"week|month|quarter|day", what):
        kind = ""
    elif _PART_OF.search(what):  # "its best first quarter since 2019": of such quarters
        kind = "named" if _NAMED_QUARTER.search(what) else ""
    elif not kind and found["word"] in ("highest", "lowest"):
        kind = "level"  # "at its lowest since 2016"
    elif not kind and unit in ("day", "week", "month", "quarter", "year"):
        kind = unit  # "fell 9% last week, the most since March"
    if not kind and (told := _UNIT_TOLD.search(clause.masked, 0, found.start())):
        kind = told["unit"].replace("session", "day")  # "the week was the worst since October"
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


_UNIT_TOLD = re.compile(
    r"\b(?:the|this|that) (?:trading |past |whole )?(?P<unit>day|session|week|month|quarter|year)"
    r"(?: [a-z\x11]+){0,3}? (?:was|is|has been|had been|proved|made|marked|became)"
    r"(?: (?:its|their|by far|easily|also|probably|the))*\s*$"
)
_NOT_SINCE = re.compile(
    r"\bnot since (?P<mark>[^,;]{3,60}?) (?:has|have|had|did) (?:the )?(?:\x12+ |it )(?:had "
    r"|seen |suffered "
    r"|enjoyed |posted |endured |managed |logged )?(?P<word>a (?:better|worse|bigger|larger|steeper"
    r"|sharper|stronger|weaker)|as (?:bad|good|poor|strong) an?) (?:single )?(?P<what>day"
    r"|session|week|month"
    r"|quarter|year)\b"
)
_FALLS = re.compile("worse|weaker|bad|poor")
_RISES = re.compile("better|stronger|good|strong")


def _not_since(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """The same told the other way round: "Not since October has the index had a worse week"."""
    found = _NOT_SINCE.search(clause.masked)
    if found is None:
        return
    claim = made(clause, context, "since", found.span())
    inside = [t for t in clause.times if found.start("mark") - 6 <= t.start < found.end("mark")]
    if len(inside) != 1 or not inside[0].periods:
        return
    compared = {q.words for q in inside[0].periods}
    low, high = _FALLS.search(found["word"]), _RISES.search(found["word"])
    kind = found["what"].replace("session", "day")
    yield replace(
        claim, mark=inside[0], side="low" if low else "high" if high else "",
        periods=tuple(p for p in claim.periods if p.words not in compared),
        words=f"{kind}||{kind}",
    )  # fmt: skip


_NOT_SO = re.compile(
    r"\b(?:has|have|had)(?:n't| not) (?:closed|finished|ended|settled|stood|been) (?:this|so|that)"
    r" (?P<word>low|high)(?= since\b)"
)


def _not_so(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """A level told the same way: "It hasn't closed this low since December"."""
    found = _NOT_SO.search(clause.masked)
    after = [t for t in clause.times if found and t.start >= found.end() and t.role == "mark"]
    if found is None or not after:
        return
    claim = made(clause, context, "since", found.span())
    compared = {q.words for q in after[0].periods}
    yield replace(
        claim, mark=after[0], side="low" if found["word"] == "low" else "high",
        periods=tuple(p for p in claim.periods if p.words not in compared),
        words="level||so", asserted=clause.text[found.start() : after[0].end],
    )  # fmt: skip


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

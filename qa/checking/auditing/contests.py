"""Who came out ahead: in a year, in which years, in how many of them, and after runs like this."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.dating import MONTHS, number
from qa.checking.auditing.event_claims import made
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import Context, PublishedClaim, Tally
from qa.checking.auditing.streaks import benchmark
from qa.checking.auditing.time_parts import COUNT, MONTH_NAME, YEAR

_AHEAD = (
    r"(?:beat(?:en|s|ing)?|outperform(?:ed|s|ing)?|outpac(?:ed|es|ing)|topped|bested|outran|outdone"
    r"|trounced|outgained|led|(?:was|were|came out|finished|ended) ahead of)"
)
_BEHIND = (
    r"(?:lag(?:ged|s|ging)?(?: behind)?|trail(?:ed|s|ing)?|underperform(?:ed|s|ing)?|lost to"
    r"|(?:was|were|finished|ended) behind)"
)
_UP = (
    r"(?:risen|rose|gained|gains?|advanced|climbed|positive|up|higher|in the black|a winner"
    r"|winning)"
)
_DOWN = r"(?:fallen|fell|lost|losses|declined|dropped|negative|down|lower|in the red|losing)"
_MONTHLY = (
    r"(?P<month>januar|februar|march|april|may|june|jul|august|september|october|november"
    r"|december)(?:y|ies|ys|es|s)?"
)
_OF = re.compile(
    rf"\b(?P<n>{COUNT}|none|all) (?:out )?of (?:the |its |their )?(?:(?P<last>last|past|previous"
    rf"|prior)"
    rf" )?(?P<m>{COUNT}) (?:(?:calendar|full|complete|completed) )?(?:(?P<unit>years|months|weeks"
    rf"|quarters|sessions|trading days|days)|{_MONTHLY})(?![a-z])(?: since (?P<since>{YEAR}))?"
)
_YEARS = rf"{YEAR}(?:(?:, and | and |, ){YEAR})*"
_ONLY = re.compile(rf"\b(?:only|just|solely) in (?P<years>{_YEARS})(?![\d-])")
_TIMES = re.compile(
    rf"\b(?:(?:only|just) )?(?P<k>once|twice|(?:{COUNT}) times)(?: since (?P<since>{YEAR})|"
    rf" in (?:the )?(?:last |past )?(?P<span>{COUNT}|a decade)(?: calendar)?(?: years)?)"
    rf"(?:(?:,|:| -)? in (?P<years>{_YEARS}))?(?![\d-])"
)
_SPAN = re.compile(
    rf"\b(?:in|over|during) (?:the )?(?:last |past )?(?:(?P<span>{COUNT}) years|(?P<decade>a decade"
    rf"|decade))(?![a-z])|\bsince (?P<since>{YEAR})"
)
_RUN = (
    r"(?:straight|consecutive|successive) (?:trading )?(?:days|sessions) of (?P<what>[a-z]+)"
    r"|[- ](?:day|session)s?(?: [a-z]+)? (?:of (?P<what2>[a-z]+)|streaks?|runs?)"
)
_AFTER = re.compile(rf"\b(?:after|following) (?:an? )?(?P<run>{COUNT}) ?-?(?:{_RUN})")
_SUCH = re.compile(r"\bafter (?:such|these|those|similar) (?:runs?|streaks?|stretches|episodes)")
_LATER = re.compile(
    rf"\b(?:over|in|for|during) (?:the )?(?:next |following |ensuing |subsequent )?(?P<h>{COUNT}) "
    rf"(?P<hu>weeks?|months?|sessions?|trading days|days|years?)|(?P<h2>{COUNT}) (?P<hu2>weeks?"
    rf"|months?"
    r"|sessions?|trading days|days|years?) later"
)
_CASES = re.compile(
    rf"\b(?:in )?(?P<k>{COUNT}) (?:out )?of (?:the |those |these )?(?P<m>{COUNT}) (?:cases|times"
    r"|instances|occasions|episodes)|\bsplit (?:dead |about )?even(?:ly)?|\bin half (?:of )?the "
    r"cases"
)
_LENGTHS = {"week": 5, "month": 21, "session": 1, "day": 1, "year": 252}
_ANY = re.compile(
    rf"{_AHEAD}|{_BEHIND}|\bof (?:the )?|\bonly in|\bjust in|\bonce|\btwice|times (?:since|in)"
    rf"|split"
)


def read_contests(clause: Clause, context: Context, published: date) -> Iterator[PublishedClaim]:
    """What a sentence says of who came out ahead, or how often; figures aren't read here."""
    if not _ANY.search(clause.masked):
        return
    if (afterwards := _afterwards(clause, context)) is not None:
        yield afterwards
        return
    tallies = [*_shares(clause, context, published), *_in_years(clause, context, published)]
    yield from tallies
    if not tallies and not clause.figures:
        yield from _leads(clause, context)


def _outcome(clause: Clause, claim: PublishedClaim) -> PublishedClaim | None:
    """The claim with what is counted: being ahead of another, or rising; None where open."""
    low = clause.masked
    beat, lagged = re.search(rf"\b{_AHEAD}\b", low), re.search(rf"\b{_BEHIND}\b", low)
    if bool(beat) != bool(lagged):
        other = claim.other or benchmark(claim.subject)
        return replace(claim, other=other, side="low" if lagged else "high") if other else None
    up, down = re.search(rf"\b{_UP}\b", low), re.search(rf"\b{_DOWN}\b", low)
    if beat or lagged or bool(up) == bool(down):
        return None
    return replace(claim, other=None, side="high" if up else "low")


def _shares(clause: Clause, context: Context, published: date) -> Iterator[PublishedClaim]:
    """Ahead in 13 of the last 38 Januaries, higher in four of the past five weeks."""
    for found in _OF.finditer(clause.masked):
        claim = made(clause, context, "tally", found.span())
        counted = _outcome(clause, replace(claim, periods=(), told=()))
        if counted is None:
            continue
        of = number(found["m"])
        won = {"none": 0, "all": of}.get(found["n"], number(found["n"]))
        unit = (found["unit"] or "").rstrip("s").split()[-1:] or ["month"]
        named = found["month"] or (unit[0] == "year" and _month_told(clause))
        month = MONTHS.index(named[:3]) + 1 if named else 0
        kind = "month" if month else {"day": "session"}.get(unit[0], unit[0])
        tally = Tally(kind, won, of, month=month)
        tally = replace(tally, since=int(found["since"] or 0))
        yield replace(counted, tally=tally, firm=claim.firm and bool(found["last"]))


def _month_told(clause: Clause) -> str:
    """The month that is looked at over the years: "January has been positive in 20 of 38 years"."""
    found = re.search(rf"(?<![a-z]){MONTH_NAME}", clause.masked)
    return found.group() if found else ""


def _in_years(clause: Clause, context: Context, published: date) -> Iterator[PublishedClaim]:
    """Only in 2016 and 2020; once since 2017, in 2020: calendar years that are over."""
    for pattern in (_TIMES, _ONLY):
        for found in pattern.finditer(clause.masked):
            claim = made(clause, context, "tally", found.span())
            counted = _outcome(clause, replace(claim, periods=(), told=()))
            within = found if pattern is _TIMES else _SPAN.search(clause.masked)
            if counted is None:
                continue
            years = tuple(int(y) for y in re.findall(YEAR, found["years"] or ""))
            k = found["k"] if pattern is _TIMES else ""
            won = {"once": 1, "twice": 2}.get(k or "", number((k or "").split(" ")[0]))
            told = within.groupdict() if within else {}
            span = 10 if told.get("decade") or told.get("span") == "a decade" else 0
            span = span or (number(told["span"]) if told.get("span") else 0)
            tally = Tally(
                "year", len(years) if pattern is _ONLY else won, span,
                since=int(told.get("since") or 0), years=years,
            )  # fmt: skip
            yield replace(counted, tally=tally, firm=claim.firm and bool(span or tally.since))
            return


def run_told(clause: Clause) -> int:
    """The length in sessions of the runs that a sentence looks behind; 0 where it doesn't."""
    found = _AFTER.search(clause.masked)
    return number(found["run"]) if found else 0


def _afterwards(clause: Clause, context: Context) -> PublishedClaim | None:
    """Who led over so many sessions after runs of a length, and how often."""
    found, cases = _AFTER.search(clause.masked), _CASES.search(clause.masked)
    later = _LATER.search(clause.masked)
    such = _SUCH.search(clause.masked) if found is None else None
    run = number(found["run"]) if found else context.run if such else 0
    if not run or later is None or cases is None:
        return None
    span = (cases.start(), cases.end())
    claim = replace(made(clause, context, "tally", span), periods=(), told=())
    pair = _pair(clause, context)
    if pair is None:
        return None
    unit = (later["hu"] or later["hu2"]).rstrip("s").split()[-1]
    horizon = number(later["h"] or later["h2"]) * _LENGTHS[unit]
    of = number(cases["m"]) if cases["m"] else 0
    tally = Tally("session", number(cases["k"]) if cases["k"] else -1, of, run=run, horizon=horizon)
    side: Side = "low" if re.search(rf"\b{_BEHIND}\b", clause.masked) else "high"
    return replace(claim, subject=pair[0], other=pair[1], tally=tally, side=side, firm=True)


def _pair(clause: Clause, context: Context) -> tuple[str, str] | None:
    """The two that are compared, the doer first: those named, or the only one and its benchmark."""
    symbols = list(dict.fromkeys(name.symbol for name in clause.names if name.symbol))
    if len(symbols) == 2:
        small = [s for s in symbols if benchmark(s) in symbols]
        first = small[0] if small else symbols[0]
        return first, next(s for s in symbols if s != first)
    first = symbols[0] if len(symbols) == 1 else context.subject or ""
    other = benchmark(first) if first else None
    return (first, other) if other else None


_LED = re.compile(
    rf"\x12+ (?:index )?(?:has |have |had |also |again |comfortably |easily )*"
    rf"(?:(?P<beat>{_AHEAD})|(?P<lag>{_BEHIND})) (?:the |both )?\x12"
)


def _leads(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """Ahead of another over a window, without a figure: "outpaced the S&P 500 in 2025"."""
    for found in _LED.finditer(clause.masked):
        claim = made(clause, context, "ahead", (found.end() - 1, found.end() - 1))
        own = next((n.symbol for n in clause.names if n.start == found.start()), None)
        other = next((n.symbol for n in clause.names if n.start == found.end() - 1), None)
        windows = {t.periods for t in clause.times if t.role == "window"}
        if not own or not other or len(windows) != 1:
            continue
        yield replace(
            claim, subject=own, other=other, side="low" if found["lag"] else "high",
            periods=next(iter(windows)),
            asserted=clause.text[found.start() : max(n.end for n in clause.names
                                                     if n.start < found.end())],
            at=found.start(), firm=True,
        )  # fmt: skip

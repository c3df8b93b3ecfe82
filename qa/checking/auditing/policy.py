"""What is said of the Federal Reserve's decisions, held against the table of them.

The table holds every change of the target range since 2020 and the day that it was announced on;
a meeting that kept the range isn't in it, so that one was held can't be told.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from qa.checking.auditing.agreement import Reading
from qa.checking.auditing.bench import Bench
from qa.checking.auditing.clauses import Clause, periods_of
from qa.checking.auditing.dating import number
from qa.checking.auditing.periods import Period
from qa.checking.auditing.published import PublishedClaim, Tally
from qa.checking.auditing.time_parts import COUNT
from qa.checking.auditing.vocabulary import DANGER
from qa.checking.figures import Stated
from qa.errors import NotAvailable
from qa.market.fed_funds import DECISIONS, LAST_STATEMENT

FED = "FOMC"  # the subject of such a claim: no symbol of the tape
_FED = re.compile(
    r"\b(?:the fed|fomc|federal reserve|federal open market committee|fed (?:officials"
    r"|policymakers)"
    r"|u\.s\. central bank|fed's|fed funds|federal funds)\b"
)
_OTHERS = re.compile(
    r"\becb\b|european central|bank of (?:england|japan|canada)|reserve bank of|swiss national"
    r"|\bboj\b|\bboe\b|people's bank|riksbank|norges"
)
_UNSURE = re.compile(
    r"\b(?:will|would|could|may|might|should|expect\w*|forecast\w*|sees?|project\w*|predict\w*|price[ds]?"
    r"|pricing|odds|chances?|probabilit\w*|likel\w+|if|unless|bets?|hopes?|urg\w+|call\w* for"
    r"|futures"
    r"|debat\w+|consider\w*|consensus|further|more|another|next|dots?|median|voted? (?:for|against)"
    r"|dissent\w*|prefer\w*|swap\w*|imply|implied|implies|to be|signal\w*|minutes|effective)\b"
)
_CUT = (
    r"(?:cut(?:s|ting)?|lower(?:ed|s|ing)?|reduc(?:ed|es|ing)|trimm(?:ed|ing)|eased|slashed"
    r"|dropped)"
)
_RAISED = r"(?:rais(?:ed|es|ing)|hik(?:ed|es|ing)|lift(?:ed|s|ing)|increas(?:ed|es|ing)|boosted)"
_KEPT = r"(?:held|kept|left|maintained|holds|keeps|leaves)"
_RATES = r"(?:rates?|target range|fed funds rate|federal funds rate|policy rate|borrowing costs)"
_MOVED = re.compile(
    rf"\b(?:(?P<cut>{_CUT})|(?P<raised>{_RAISED})|(?P<kept>{_KEPT})) (?:[a-z'-]+ ){{0,5}}?{_RATES}"
    rf"(?P<same> (?:unchanged|steady|on hold|where))?"
)
_RANGE = re.compile(
    r"(?:target (?:range|rate)|fed funds (?:rate|target|range)|federal funds (?:rate|target|range)"
    r"|policy rate|benchmark rate|target)(?: [a-z'\x11-]+){0,6}?(?: (?:to|at|of|is|was|in"
    r"|between))?"
    r"(?: a range of| between| the| a)* $"
)
_TIMES = re.compile(
    rf"\b{_CUT} (?:[a-z-]+ )?rates (?P<k>once|twice|(?:{COUNT}) times)|(?P<k2>{COUNT}) (?:rate "
    rf"|quarter-point"
    r" |straight |interest-rate )*(?P<what>cuts|hikes|increases|reductions)"
)


class Decision(NamedTuple):
    """A change of the target range: its day, its ends in percent, and by how much it moved."""

    day: date
    low: float
    high: float
    change: float


def decisions(published: date) -> list[Decision]:
    """The changes announced by a day, each with its size in percentage points."""
    made = [
        Decision(day, low, high, high - before[2])
        for before, (day, low, high) in itertools.pairwise(DECISIONS)
    ]
    return [d for d in made if d.day <= published]


def read_policy(clause: Clause, published: date) -> list[PublishedClaim]:
    """What a sentence says that the Fed did; nothing where it speaks of what may come."""
    low = clause.low
    if not _FED.search(low) or _OTHERS.search(low) or published <= DECISIONS[0][0]:
        return []
    if _UNSURE.search(clause.bare) or DANGER.search(clause.bare):
        return []
    return [*_ranges(clause), *_counts(clause), *_changes(clause)]


def _ranges(clause: Clause) -> Iterator[PublishedClaim]:
    """A target range: "lowered its target range to 3.50%-3.75% on Wednesday"."""
    for first, second in itertools.pairwise(clause.figures):
        paired = second.range_end or (
            clause.masked[first.span[1] : second.span[0]].strip() in ("to", "and", "-")
        )
        before = clause.masked[max(0, first.span[0] - 80) : first.span[0]]
        moved = _MOVED.search(before) and re.search(r"\bto (?:a range of |between )?$", before)
        if (
            not paired
            or not first.unit == second.unit == "percent"
            or not (_RANGE.search(before) or moved)
        ):
            continue
        claim = _claim(clause, (first.span[0], second.span[1]))
        if any(p.unit == "week" for p in claim.periods):
            continue
        yield replace(claim, stated=first, partner=second, words="range")


def _counts(clause: Clause) -> Iterator[PublishedClaim]:
    """How often rates were moved in a year: "cut rates three times in 2025"."""
    found = _TIMES.search(clause.masked)
    if found is None:
        return
    told = found["k"] or found["k2"]
    n = {"once": 1, "twice": 2}.get(told, number(told.split(" ")[0]))
    claim = _claim(clause, found.span())
    up = bool(found["what"] and found["what"] in ("hikes", "increases"))
    if len(claim.periods) == 1 and claim.periods[0].unit == "year":
        yield replace(claim, tally=Tally("year", n, 0), side="high" if up else "low", words="count")


def _changes(clause: Clause) -> Iterator[PublishedClaim]:
    """A change of rates on a day or in a month, or that they were kept; its size if it is told."""
    found = _MOVED.search(clause.masked)
    if found is None or (found["kept"] and not found["same"]) or _TIMES.search(clause.masked):
        return
    sizes = [
        f
        for f in clause.figures
        if f.unit in ("basis_points", "percentage_points") and f.span[0] >= found.start()
    ]
    span = sizes[0].span if sizes else found.span()
    claim = _claim(clause, span)
    periods = claim.periods or claim.told
    if not periods or any(p.kind not in ("day", "calendar") or p.unit == "week" for p in periods):
        return
    yield replace(
        claim,
        stated=sizes[0] if sizes else None,
        periods=periods,
        side="low" if found["cut"] else "high" if found["raised"] else "",
        words="change",
    )


def _claim(clause: Clause, span: tuple[int, int]) -> PublishedClaim:
    window, anchor = periods_of(clause, span)
    return PublishedClaim(
        "policy",
        clause.text[slice(*span)].strip(),
        subject=FED,
        periods=window.periods if window else (),
        told=anchor.periods if anchor else (),
        at=span[0],
    )


# ---- what the table says -----------------------------------------------------------------------


def policy(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The target range on a day, its changes in a period, or how many there were."""
    if bench.published > LAST_STATEMENT:
        raise NotAvailable(f"the decisions of the FOMC are known here until {LAST_STATEMENT} only")
    reading = {"range": _range, "change": _change, "count": _count}[claim.words]
    yield from reading(claim, decisions(bench.published))


def _within(made: list[Decision], period: Period) -> list[Decision]:
    if period.start <= DECISIONS[0][0]:
        raise NotAvailable(f"the decisions of the FOMC are known here from {DECISIONS[0][0]} only")
    return [d for d in made if period.start <= d.day <= period.end]


def _range(claim: PublishedClaim, made: list[Decision]) -> Iterator[Reading]:
    assert claim.stated is not None
    assert claim.partner is not None
    said = (claim.stated.value, claim.partner.value)
    ends = [p.end for p in (*claim.told, *claim.periods) if p.kind in ("day", "calendar")]
    known = [d for d in made if not ends or d.day <= max(ends)]
    if not known:
        raise NotAvailable(f"the decisions of the FOMC are known here from {DECISIONS[0][0]} only")
    last = known[-1]
    words = f"target range announced on {last.day}"
    yield Reading(words, _told(last), (last.low, last.high) == said, day=last.day)


def _change(claim: PublishedClaim, made: list[Decision]) -> Iterator[Reading]:
    for period in claim.periods:
        found = _within(made, period)
        days = (
            f"{period.start}" if period.start == period.end else f"{period.start} to {period.end}"
        )
        if not claim.side:
            words = f"changes of the target range announced, {days}; a meeting isn't in the table"
            yield Reading(words, _listed(found), not found, standard=False)
            continue
        way = [d for d in found if (d.change < 0) == (claim.side == "low")]
        if claim.stated is not None and period.kind != "day" and len(way) > 1:
            total = sum(abs(d.change) for d in way)  # "by 75 basis points in 2025": all together
            words = f"changes of the target range announced, {days}, together"
            yield Reading(words, _listed(found), abs(total - _points(claim.stated)) < 1e-9)
            continue
        fits = [d for d in found if _fits(claim, d)]
        words = f"changes of the target range announced, {days}"
        yield Reading(words, _listed(found), bool(fits), day=fits[0].day if fits else None)


def _fits(claim: PublishedClaim, made: Decision) -> bool:
    if (made.change < 0) != (claim.side == "low"):
        return False
    return claim.stated is None or abs(_points(claim.stated) - abs(made.change)) < 1e-9


def _points(stated: Stated) -> float:
    scale = 100 if stated.unit == "basis_points" else 1
    return abs(stated.value or 0.0) / scale


def _count(claim: PublishedClaim, made: list[Decision]) -> Iterator[Reading]:
    assert claim.tally is not None
    found = _within(made, claim.periods[0])
    way = [d for d in found if (d.change < 0) == (claim.side == "low")]
    words = f"such changes announced in {claim.periods[0].words}"
    yield Reading(words, f"{len(way)}: {_listed(way)}", len(way) == claim.tally.won)


def _told(made: Decision) -> str:
    return f"{made.low:.2f}% to {made.high:.2f}%"


def _listed(made: list[Decision]) -> str:
    told = [f"{100 * d.change:+.0f} basis points on {d.day}" for d in made]
    return ", ".join(told) or "none"


def earlier_ranges(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The range of an earlier decision, told as the present one."""
    if claim.words != "range" or claim.stated is None or claim.partner is None:
        return
    said = (claim.stated.value, claim.partner.value)
    for made in reversed(decisions(bench.published)):
        if (made.low, made.high) == said:
            yield Reading(f"target range announced on {made.day}", _told(made), True, day=made.day)
            return


POLICY = {"policy": policy}

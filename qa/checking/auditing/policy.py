"""What is said of the Federal Reserve's decisions; decisions.py holds it against the table of them.

Read is only what was decided: a sentence that expects, prices or debates a move says nothing here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from qa.checking.auditing.clauses import Clause, periods_of
from qa.checking.auditing.dating import number
from qa.checking.auditing.decisions import FIRST
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import PublishedClaim, Tally
from qa.checking.auditing.streaks import ORDINALS
from qa.checking.auditing.time_parts import COUNT
from qa.checking.auditing.vocabulary import DANGER

_NOUN = r"(?:cut|reduction|hike|increase)"
_SIZED = rf"\x13+[ -](?:point )?(?:interest[ -])?(?:rate[ -])?(?:emergency )?(?P<noun>{_NOUN})\b"
FED = "FOMC"  # the subject of such a claim: no symbol of the tape
_FED = re.compile(
    r"\b(?:the fed|fomc|federal reserve|federal open market committee|fed (?:officials"
    r"|policymakers)"
    r"|u\.s\. central bank|fed's|fed funds|federal funds|funds rate)\b"
)
# Whose decision it is stands only in the sentences before: it may be confirmed, and no more.
_MAYBE_FED = re.compile(
    r"\b(?:policy-?makers|rate-?setters|central bankers?|the central bank|the committee"
    r"|(?:the )?funds"
    rf" rate|target range|officials)\b|{_SIZED}"
)
_OTHERS = re.compile(
    r"\becb\b|european central|bank of (?:england|japan|canada)|reserve bank of|swiss national"
    r"|\bboj\b|\bboe\b|people's bank|riksbank|norges"
)
_UNSURE = re.compile(
    r"\b(?:will|would|could|may|might|should|expect\w*|forecast\w*|sees?|project\w*|predict\w*"
    r"|price[ds]?"
    r"|pricing|odds|chances?|probabilit\w*|likel\w+|if|unless|bets?|hopes?|urg\w+|call\w* for"
    r"|futures"
    r"|debat\w+|consider\w*|consensus|further|more|another|next|dots?|median|voted? (?:for|against)"
    r"|dissent\w*|prefer\w*|swap\w*|imply|implied|implies|to be|before|until|prior|previously"
    r"|at the time|had been|signal\w*|minutes|effective)\b"
)
_CUT = (
    r"(?:cut(?:s|ting)?|lower(?:ed|s|ing)?|reduc(?:ed|es|ing)|trimm(?:ed|ing)|eased|slashed"
    r"|dropped)"
)
_RAISED = r"(?:rais(?:ed|es|ing)|hik(?:ed|es|ing)|lift(?:ed|s|ing)|increas(?:ed|es|ing)|boosted)"
_KEPT = r"(?:held|kept|left|maintained|holds|keeps|leaves|to (?:hold|keep|leave|maintain))"
_RATES = (
    r"(?:rates?|target range|fed funds rate|federal funds rate|funds rate|policy rate"
    r"|borrowing costs)"
)
_MOVED = re.compile(
    rf"\b(?:(?P<cut>{_CUT})|(?P<raised>{_RAISED})|(?P<kept>{_KEPT})) (?:[a-z'-]+ ){{0,5}}?{_RATES}"
    rf"(?P<same> (?:unchanged|steady|on hold|where))?"
    rf"|{_SIZED}|\b(?P<pat>stood pat|(?:st(?:ayed|ood)|remained) (?:on hold|put)|sat tight"
    r"|held (?:steady|fire|its fire)|made no change)\b"
)
_RANGE = re.compile(
    r"(?:target (?:range|rate)|the range|fed funds (?:rate|target|range)|federal funds (?:rate"
    r"|target|range)"
    r"|policy rate|benchmark rate|target)(?: [a-z'\x11-]+){0,6}?(?: (?:to|at|of|is|was|in"
    r"|between))?"
    r"(?: a range of| between| the| a)* $"
)
_TIMES = re.compile(
    rf"\b{_CUT} (?:[a-z-]+ )?rates (?P<k>once|twice|(?:{COUNT}) times)|(?P<k2>{COUNT}) (?:rate "
    rf"|quarter-point"
    r" |straight |interest-rate )*(?P<what>cuts|hikes|increases|reductions)"
)


def read_policy(clause: Clause, published: date) -> list[PublishedClaim]:
    """What a sentence says that the Fed did; nothing where it speaks of what may come."""
    low = clause.low
    sure = bool(_FED.search(low))
    if not (sure or _MAYBE_FED.search(clause.masked)):
        return []
    if _OTHERS.search(low) or published <= FIRST:
        return []
    if _UNSURE.search(clause.bare) or DANGER.search(clause.bare):
        return []
    found = [*_ranges(clause), *_counts(clause), *_changes(clause), *_ranked(clause)]
    return found if sure else [replace(claim, firm=False) for claim in found]


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
    if found is None or (found["kept"] and not found["same"]):
        return
    if _way(found) and _TIMES.search(clause.masked):
        return
    sizes = [
        f
        for f in clause.figures
        if f.unit in ("basis_points", "percentage_points")
        and f.span[0] >= found.start()
        and _way(found)
    ]
    span = sizes[0].span if sizes else found.span()
    claim = _claim(clause, span)
    periods = claim.periods or claim.told
    if not periods and len(clause.times) == 1:
        periods = clause.times[0].periods
    if not periods or any(p.kind not in ("day", "calendar") or p.unit == "week" for p in periods):
        return
    yield replace(
        claim,
        stated=sizes[0] if sizes else None,
        periods=periods,
        side=_way(found),
        words="change",
    )


def _way(found: re.Match[str]) -> Side:
    if found["cut"] or found["noun"] in ("cut", "reduction"):
        return "low"
    return "high" if found["raised"] or found["noun"] else ""


_RANKED = re.compile(
    rf"\b(?P<nth>{'|'.join(ORDINALS)}) (?:such |rate |interest-rate |\x13+ )*(?:{_NOUN}|move"
    rf"|one)? ?"
    r"(?:(?P<year>of (?:the|this) year|this year)|(?:time )?(?=since ))"
)


def _ranked(clause: Clause) -> Iterator[PublishedClaim]:
    """Which move of its year it is, or since when it is the first."""
    found, moved = _RANKED.search(clause.masked), _MOVED.search(clause.masked)
    if found is None or moved is None or not (side := _way(moved)):
        return
    claim = replace(_claim(clause, found.span()), side=side, count=ORDINALS[found["nth"]])
    if found["year"]:
        days = [t.periods for t in clause.times if t.periods and t.periods[0].kind == "day"]
        yield replace(claim, periods=days[0] if days else (), words="nth")
        return
    mark = next((t for t in clause.times if t.role == "mark" and t.start >= found.start()), None)
    if mark is not None and claim.count == 1:
        yield replace(claim, mark=mark, words="first")


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

"""What a level is said to be: a close, an open, a high or a low, a mark passed, an average."""

from __future__ import annotations

import re
from dataclasses import replace

from qa.checking.auditing.clauses import FIGURE, Clause
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import MIDDAY, STANDS, Basis, PublishedClaim, average_length
from qa.checking.auditing.time_parts import MONTH_NAME, WEEKDAY
from qa.checking.stated import Stated

_SMALLEST = 5  # a whole number below it, without decimals, is no level

_SOME = r"(?:about |around |roughly |nearly |approximately |just |as (?:high|low) as |some )?"
_AT = (
    r"(?: (?:of|for|in) (?:the )?\x12+(?:'s)?)?(?: (?:still|now|just))?(?: (?:is|was|of|at|near"
    r"|to|around|stands at"
    r"|stood at|stays at|sits at|remains|came in at|set at))?(?: still| now| just)?"
    rf"(?: at)?(?: (?:the )?(?:{MONTH_NAME}|{WEEKDAY}|\x11+)'s)? ?[:,(]? ?{_SOME}"
)
_EXTREME_BEFORE = re.compile(
    r"(?:52-week|one-year|12-month|year|all-time|record|lifetime|intraday|session|daily|day's"
    r"|year's"
    r"|closing|new|fresh|its|the|a)(?:[ -](?:all-time|record|closing|intraday|trading|session"
    r"|52-week"
    r"|new))*[ -](?P<side>highs?|high-water mark|lows?|peak|trough|record|close)"
    rf"(?: (?:[a-z]+ )?(?:on|in|set on|set in) \x11*[a-z]*)?{_AT}\$?$"
)
_RECORD_BEFORE = re.compile(rf"(?:^|[^a-z])record{_AT}$")
_EXTREME_AFTER = re.compile(
    r"^ (?:(?:is|was|remains|marks|marked|stands as) (?:the|its|an?) )?(?:(?:52-week|all-time"
    r"|record|intraday|session) )?(?:closing |intraday )?"
    r"(?P<side>high|low|peak|record|record close)(?![a-z])"
)
_OF_YEAR = re.compile(
    rf"(?P<side>highs?|lows?|peak) (?:of|for) (?:the|this) year(?: so far| to date)?(?:,"
    rf"|{_AT}) ?\$?$"
)
_AS_HIGH = re.compile(
    r"(?:as (?P<a>high|low) as|(?:session|intraday|day's) (?P<b>high|low)s?(?: of| at)?"
    r"|never (?P<e>below|above)|(?P<c>peaked|bottomed) (?:at|near)|traded (?:up|down) to"
    r"|(?:hit|touched|reached)(?: an?)? (?P<d>high|low)s? (?:of|at)|spiked to)"
    rf" {_SOME}$"
)
_DATES = re.compile(r",? (?:still )?(?:dates (?:from|back)|stands|remains|is still)\b")
_BASIS_AFTER = re.compile(r",? (?:on an? )?(?P<b>closing|intraday)(?: basis| terms)?(?![a-z])")
_PASSED = re.compile(
    r"(?P<how>above|below|over|under|past|topp(?:ed|ing)|cross(?:ed|ing)|surpass(?:ed|ing)|broke"
    r"|breach(?:ed|ing)|through|beyond|exceed(?:ed|ing)|clear(?:ed|ing)|reclaim(?:ed|ing)|beneath)"
    r" (?:the |its )?\$?$"
)
_CLOSED = re.compile(
    r"\b(?:clos(?:e|ed|es|ing)|settl(?:e|ed|ing)|finish(?:ed|es|ing)?|end(?:ed|s|ing)?)\b"
)
_END_CLOSE = re.compile(
    r"\b(?P<side>lowest|low|highest|high) clos(?:e|ing)(?: of| at| was|:)?(?: at)? \$?$"
)
_ENDED_AT = re.compile(
    r"\b(?:clos|settl|finish|end)(?:ed|es|s|ing)? (?:[a-z\x11]+ ){0,2}at (?:an?|its|another|the) "
    r"(?:new |fresh )?(?:all-time|record|lifetime)"
)
_REACHED = re.compile(r"\b(?:hit|touch(?:ed|ing)|tagg(?:ed|ing)|reach(?:ed|ing)) (?:the |a )?\$?$")
_BEGAN = re.compile(
    r"\b(?:began|begun|started|start|starting|kicked off|opened|entered|entering|beginning)"
    r"(?: (?:it|the (?:trading )?(?P<unit>week|month|quarter|year)|\x11+|(?:19|20)[0-9]{2}"
    r"|[a-z]{3,9}))?"
    r" (?:at|from|near|around) (?:about )?\$?$"
)
_OPENED = re.compile(rf"\bopen(?:ed|s|ing)?(?: (?:at|price of|level of|\x11*[a-z]* at))? ?{_SOME}$")
_CUE = re.compile(
    r"(?:\b(?:at|to|of|near|around|above|below|over|under|past|hit|reached|crossed|topped|touched"
    r"|from"
    r"|between|and|high|low|close|record|is|was|broke|through|mark)|[:(]) ?"
    r"(?:the |about |nearly |around |just |roughly |some |a (?:record|fresh) )*$"
)
_PLACED = re.compile(
    r"(?:\b(?:at|to|is|was)|level of|price of|reading of) (?:the |about |nearly |around |just "
    r"|roughly )*\$?$"
)
_FROM = re.compile(r"\bfrom (?:the )?(?:\x11+(?:'s)? close of )?\$?$")

_FROM_CLOSE = re.compile(
    rf"\b(?:from|below|above|under|over|against|versus|off) (?:{WEEKDAY}|\x11+)'s (?:close|finish"
    r"|settlement|closing (?:level|price|mark)) (?:of|at) \$?$"
)


def level_said(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim:
    """The claim with what its level is said to be; one that is none of a market stays "none"."""
    if stated.value is None or stated.scale > 1:
        return claim
    if stated.value < _SMALLEST and not stated.decimals:
        return claim
    if not (stated.decimals or stated.currency or _CUE.search(before)) and "," not in stated.text:
        return claim
    if claim.partner is not None and re.search(r"range|between|traded|from", before):
        # "doubled from 3,400 to 6,875": two closes, and no range
        ranged = re.search(r"rang|between|trad|sw[iu]ng|anywhere|fluctuat|oscillat", clause.masked)
        return replace(claim, measure="range", firm=claim.firm and bool(ranged))
    if n := average_length(before.rpartition(FIGURE)[2]):
        return replace(claim, measure="average", count=n, firm=bool(claim.subject))
    if (told := _extreme(clause, claim, before, after)) is not None:
        return told
    base = _FROM.search(before) or _FROM_CLOSE.search(before)
    if base and clause.figures[0] is not stated:
        return replace(claim, measure="base", firm=False)
    reached = _REACHED.search(before)
    if reached and "first time" not in clause.masked:
        return replace(claim, measure="level", basis="intraday")
    if found := _PASSED.search(before) or reached:
        side: Side = (
            "low" if found.groupdict().get("how") in ("below", "under", "beneath") else "high"
        )
        closing = re.search(r"\bclos\w+ (?:just |well )?\w+ $", before)
        return replace(claim, measure="threshold", side=side, basis="close" if closing else "")
    if (began := _BEGAN.search(before)) and (
        began["unit"] or any(p.kind == "calendar" for p in claim.periods)
    ):
        return replace(claim, measure="base", firm=False, words=began["unit"] or "")
    if _OPENED.search(before):
        return replace(claim, measure="open")
    if MIDDAY.search(clause.low[slice(*clause.piece(claim.at))]):
        return replace(claim, measure="level", basis="intraday")
    if (end := _END_CLOSE.search(before)) is not None:
        lowest: Side = "low" if end["side"].startswith("low") else "high"
        return replace(claim, measure="extreme", side=lowest, basis="close", words="days")
    if _CLOSED.search(before) or re.match(r" (?:at the close|close)", after):
        return replace(claim, measure="close")
    return replace(claim, measure="level", firm=claim.firm and bool(_PLACED.search(before)))


def _extreme(
    clause: Clause, claim: PublishedClaim, before: str, after: str
) -> PublishedClaim | None:
    """A high or a low: of all time, of 52 weeks, of the calendar year, or of its days."""
    tried = (
        (_EXTREME_BEFORE, before),
        (_EXTREME_AFTER, after),
        (_OF_YEAR, before),
        (_AS_HIGH, before),
        (_RECORD_BEFORE, before),
    )
    for pattern, words in tried:
        found = pattern.search(words)
        if found and (told := _scoped(claim, found)) is not None:
            now = _DATES.match(clause.masked, claim.at + len(claim.asserted))
            told = replace(told, count=int(bool(now)))
            if told.words == "record" and not told.basis and _ENDED_AT.search(before):
                told = replace(told, basis="close")
            if told.words == "record" and not told.periods and STANDS.search(before):
                told = replace(told, firm=bool(claim.subject))
            basis = _BASIS_AFTER.match(after)
            if basis is None:
                return told
            return replace(told, basis="close" if basis["b"] == "closing" else "intraday")
    return None


def _scoped(claim: PublishedClaim, found: re.Match[str]) -> PublishedClaim | None:
    words = found.group()
    said = next((v for v in found.groupdict().values() if v), "high")
    if said == "close" and "record" not in words and "all-time" not in words:
        return None
    low = said.startswith(("low", "trough", "bottom", "below")) or "down" in words
    basis: Basis = ""
    if "clos" in words:
        basis = "close"
    elif re.search("intraday|session|as |never", words):
        basis = "intraday"
    claim = replace(claim, measure="extreme", side="low" if low else "high", basis=basis)
    if re.search("record|all-time|lifetime|high-water", words):
        return replace(claim, words="record")
    if re.search("52-week|one-year|12-month|year-", words):
        return replace(claim, words="year", firm=bool(claim.subject))
    if "year's" in words or found.re is _OF_YEAR:
        return replace(claim, words="calendar")
    ends_a_run = said in ("peak", "trough", "bottomed", "peaked")
    return replace(claim, words="days", basis=basis or ("" if ends_a_run else "intraday"))

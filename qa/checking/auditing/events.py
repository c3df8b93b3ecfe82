"""Claims that bear no price: records, runs of days, "the best month since", closed days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from qa.checking.auditing import uncheckable
from qa.checking.auditing.calendar_claims import calendar_claims
from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.contests import read_contests
from qa.checking.auditing.event_claims import MOST_EVENTS, made
from qa.checking.auditing.firsts import read_firsts
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import (
    Basis,
    Context,
    PublishedClaim,
    average_length,
)
from qa.checking.auditing.sector_ranks import read_sector_ranks
from qa.checking.auditing.streaks import read_droughts, read_runs
from qa.checking.auditing.superlatives import read_superlatives

_RECORD = re.compile(
    r"never (?:before )?(?:(?:has |have |had )?(?:the )?\x12+ |in its history )?(?:ever "
    r"|before )?(?:closed|been"
    r"|finished|ended|traded|stood|settled) (?:so high|any higher|higher|above)|"
    r"(?:record|all-time|lifetime) (?:closing )?(?:highs?|close|closes|peak|levels?|territory)"
    r"|(?:closing|intraday) record|(?:hit|set|sets|notch\w*|post\w*|touch\w*|reach\w*|clos\w+ at"
    r"|end\w* at|finish\w* at)"
    r" (?:an? |its |the |another )?(?:new |fresh |first |intraday |closing )*record(?: highs?"
    r"| close)?"
    r"|(?<=, )(?:an? |another |yet another |its [a-z0-9-]+ |the [a-z0-9-]+ )(?:new |fresh "
    r"|all-time )*"
    r"record(?: close| high| finish)?(?= (?:of|for) (?:the|this) year|(?: and| but)? ?[.,;:]|$"
    r"| (?:and"
    r"|but|for) )"
)
_STRONG_EVENT = re.compile(
    r"\b(?:hit|set|sets|notch\w*|post\w*|touch\w*|reach\w*|clos\w+|end\w*|finish\w*|scored"
    r"|record close|logged)\b"
)
_AT_CLOSE = re.compile(r"\b(?:clos|end|finish|settl)(?:ed|es|e|s|ing)?\b")
_NOT_NEW = re.compile(
    r"(?:below|beneath|from|off|under|near|above|toward|of|since|shy of|short of|without|past"
    r"|eclips\w+"
    r"|surpass\w+|old|previous"
    r"|prior|not|no|close to|within \S+ of) (?:its |the |a |an |their )?(?:\x11+ |[a-z-]+ "
    r"(?:(?:19|20)\d\d )?)?$"
)
_FLAT = re.compile(r"\b(?:flat|little changed|unchanged)\b")
_DOUBLE = re.compile(r"\bdouble[ -]digits?\b")


_ANYTHING = re.compile(
    r"\d|record|all-time|lifetime|consecutive|straight|successive|in a row|running|streak|session"
    r"|best|worst|est since|est in|flat|changed|double|halv|tripl|third|quarter|half|percent"
    r"|per cent|beat|outp|topped|lagg?|trail|underp|once|twice|split|sector"
    r"|fed\b|fomc|federal|rates\b|central bank|never|most since",
    re.I,
)


def may_claim(sentence: str) -> bool:
    """Whether a sentence may claim something: a digit, or a word of those read here; quick."""
    return bool(_ANYTHING.search(sentence))


def read_events(clause: Clause, context: Context, published: date) -> list[PublishedClaim]:
    """The claims of a sentence that no figure of price carries, in order."""
    found = [
        *calendar_claims(clause),
        *read_runs(clause, context),
        *read_droughts(clause, context),
        *_crossings(clause, context),
        *_records(clause, context),
        *read_superlatives(clause, context),
        *read_firsts(clause, context),
        *_sizes(clause, context),
        *read_sector_ranks(clause, context),
    ]
    contests = list(read_contests(clause, context, published))
    if any(c.tally is not None for c in contests):  # "nine straight days" is what it looks behind
        found = [c for c in found if c.measure != "streak"]
    found = [_blocked(clause, c) if c.measure != "event" else c for c in found]
    return [*found, *(_blocked(clause, c, many=True) for c in contests)]


def _blocked(clause: Clause, claim: PublishedClaim, *, many: bool = False) -> PublishedClaim:
    start, end = clause.piece(claim.at)
    own = clause.bare[start:end]
    why = claim.why or uncheckable.beyond_prices(own)
    if many and why == uncheckable.MANY_PERIODS:
        why = ""
    if not why and claim.measure in ("since", "record", "flat", "streak"):
        why = uncheckable.of_something_else(clause.bare)
    if not why and not many and uncheckable.over_many(clause.low):
        why = uncheckable.MANY_PERIODS
    if not why and uncheckable.is_forecast(own):
        why = uncheckable.FORECAST
    if not why and not claim.subject:
        why = uncheckable.OTHER_SUBJECT if claim.subject == "" else uncheckable.NO_SUBJECT
    return replace(claim, why=why)


_SIDE_OF_AVERAGE = (
    r"(?P<side>below|under|beneath|above|over) (?:the|its)(?: (?:still |now )?(?:rising|falling|key"
    r"|closely[- ]watched|long-term|short-term))? (?P<n>[0-9]{2,3}|fifty|hundred|two-hundred)[- "
    r"]day"
    r"(?: simple)?(?: moving)?(?: average|(?= (?:and|but|,)|[.,;]|$))(?![a-z])"
)
_CROSSED = re.compile(
    r"\b(?P<how>broke|fell|slipped|dropped|dipped|slid|sank|tumbled|moved|climbed|rose|pushed"
    r"|crossed"
    r"|rallied|broken|fallen|risen|sliced|cut|punched)"
    rf"(?: back| out| decisively| through and)? {_SIDE_OF_AVERAGE}"
)
_STAYS = re.compile(
    r"\b(?P<how>clos(?:e|ed|es)|end(?:ed|s)?|finish(?:ed|es)?|settled|is|was|are|sits|sat|stands"
    r"|stood"
    r"|trades|traded|trading|remains|remained|holds|held|stays|stayed)"
    rf"(?: (?:[a-z]+ly|still|now|back|well|just|comfortably|(?:on )?\x11+|the [a-z]+))*"
    rf" {_SIDE_OF_AVERAGE}"
)


_PAST = r"was|were|stood|sat|traded|held|remained|stayed"


def _crossings(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """An average passed on a day, or on which side of it the close is: "sits above its 50-day"."""
    for pattern in (_CROSSED, _STAYS):
        for found in islice(pattern.finditer(clause.bare), MOST_EVENTS):
            if clause.bare.endswith("average ", 0, found.start()):
                continue  # of two averages, one against the other
            claim = made(clause, context, "cross", found.span())
            days = tuple(p for p in claim.periods if p.unit == "day")
            side: Side = "high" if found["side"] in ("above", "over") else "low"
            stays = pattern is _STAYS
            ended = re.match(r"clos|end|finish|settl", found["how"])
            now = stays and not claim.periods and not re.match(_PAST, found["how"])
            yield replace(
                claim,
                count=average_length(f"{found['n']}-day moving average"),
                side=side,
                basis="close" if stays and ended else "",
                words="stays" if stays else "crossed",
                periods=days,
                firm=claim.firm and (now or bool(days)),
            )


def _records(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    for found in _RECORD.finditer(clause.masked):
        before = clause.masked[: found.start()]
        figure_next = re.match(
            r"(?: (?:of|for) (?:the )?\x12+)?,?(?: (?:of|at|around|near|is|was|stands at|remains))?"
            r"(?: still)? ?\$?\x13",
            clause.masked[found.end() :],
        )
        if _NOT_NEW.search(before) or figure_next or re.search(r"\x13 $", before):
            continue
        claim = made(clause, context, "record", found.span())
        text = found.group()
        start, end = clause.piece(found.start())
        beside = found.start() - start < 2  # "ended at 49,482, a record": the verb stands before
        if beside and _of_a_move(clause, found.start()):
            continue
        around = clause.masked[clause.piece(max(0, start - 3))[0] if beside else start : end]
        basis: Basis = "intraday" if "intraday" in text else "close" if "clos" in text else ""
        if beside and not basis and _AT_CLOSE.search(around):
            basis = "close"
        eventful = bool(_STRONG_EVENT.search(around))
        days = all(p.kind in ("day", "calendar") for p in claim.periods) and bool(claim.periods)
        if re.search(r"\bfirst\b", around):
            first = _first(clause, claim)
            if first is not None:
                yield first
            return
        yield replace(claim, basis=basis, firm=claim.firm and eventful and days)
        return


def _of_a_move(clause: Clause, at: int) -> bool:
    """Whether the figure before a place is no level: "lost 2,997 points, a record"."""
    before = [f for f in clause.figures if f.span[1] <= at]
    return bool(before) and before[-1].unit not in (None, "price")


def _first(clause: Clause, claim: PublishedClaim) -> PublishedClaim | None:
    """The first record of a year, or the first since an earlier one; None for other firsts."""
    mark = next((t for t in clause.times if t.role == "mark" and t.start >= claim.at), None)
    of_year = re.search(
        r"first [a-z -]{0,20}(?:record|all-time)[a-z -]{0,14} of (?:the|this) year", clause.masked
    )
    if mark is None and of_year is None:
        return None
    periods = tuple(p for p in claim.periods if p.unit == "day")
    return replace(claim, count=1, mark=mark, periods=periods or claim.told, firm=bool(periods))


def _sizes(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """Sizes in words: flat, double digits."""
    from qa.checking.stated import Stated

    for pattern, value in ((_FLAT, 0.0), (_DOUBLE, 10.0)):
        found = pattern.search(clause.masked)
        if not found:
            continue
        left, right = clause.piece(found.start())
        owns = any(left <= n.start < right for n in clause.names)
        if not owns and (clause.names or not context.sure):
            continue
        claim = made(clause, context, "move" if value else "flat", found.span())
        stated = Stated(found.group(), found.span(), "level", value, "percent")
        nearly = bool(re.search(r"(?:nearly|almost) \W*$", clause.low[: found.start()]))
        yield replace(claim, stated=stated, nearly=nearly, firm=claim.firm and bool(claim.periods))

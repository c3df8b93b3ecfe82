"""Claims that bear no price: records, runs of days, "the best month since", closed days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from qa.checking.auditing import uncheckable
from qa.checking.auditing.calendar_claims import calendar_claims
from qa.checking.auditing.clauses import Clause, is_proxied, other_of, periods_of
from qa.checking.auditing.dating import number
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import (
    RELATIVE,
    Basis,
    Context,
    Measure,
    PublishedClaim,
    average_length,
)
from qa.checking.numerals import SMALL_WORDS

_ORDINALS = dict(
    zip(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
            " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ).split(),
        range(1, 21),
        strict=True,
    )
)
_COUNT = rf"(?P<n>[0-9]{{1,4}}(?:,[0-9]{{3}})?|{'|'.join(w for w in SMALL_WORDS if w != 'zero')})"
_NTH = rf"(?P<nth>[0-9]{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
_UNIT = (
    r"(?P<unit>(?:trading )?(?:days?|sessions?)|daily|weekly|monthly|quarterly|annual|yearly|weeks?"
    r"|months?|quarters?|years?)"
)
_UNITS = {"daily": "session", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
_UNITS |= {"annual": "year", "yearly": "year", "day": "session"}
_RUN = re.compile(
    rf"(?<![a-z0-9.,-])(?:{_COUNT}[ -](?:(?:straight|consecutive|successive|trading)[ -])*{_UNIT}"
    r"(?:(?: in a row| running)| of (?:outperform|underperform|gains|losses|advances|declines"
    r"|beating)\w*"
    r"|[ -](?:long )?(?:winning |losing |outperformance |relative )?(?:streak|run|winning run"
    r"|skid|slide))"
    rf"|{_COUNT.replace('<n>', '<n2>')} (?:straight|consecutive"
    rf"|successive) {_UNIT.replace('<unit>', '<unit2>')}"
    rf"|{_NTH} (?:straight|consecutive|successive) {_UNIT.replace('<unit>', '<unit3>')}"
    rf"|{_NTH.replace('<nth>', '<nth2>')} {_UNIT.replace('<unit>', '<unit4>')} (?:of"
    rf" (?:outperformance|gains|losses)|in a row|running)"
    rf"|{_NTH.replace('<nth>', '<nth3>')} in a row)"
)
_DOWNWARD = re.compile(
    r"\blosing\b|\bloss(?:es)?\b|\bdeclin\w+|\bf[ae]ll\w*|\bdropp?\w*|\bdown\b|\blower\b|\bskid\b"
    r"|\bslid\w*|\bslide"
    r"|\bunderperform|\blag|\btrail|\blost\b"
)
_OVER = re.compile(r"\bsince the\b|\bafter\b|\bend(?:ed|ing|s)?\b|\bsnap|\bbroke|\bhalt|\bstop")
_RECORD = re.compile(
    r"(?:record|all-time|lifetime) (?:closing )?(?:highs?|close|closes|peak|levels?|territory)"
    r"|(?:closing|intraday) record|(?:hit|set|sets|notch\w*|post\w*|touch\w*|reach\w*|clos\w+ at"
    r"|end\w* at|finish\w* at)"
    r" (?:an? |its |the |another )?(?:new |fresh |first |intraday |closing )*record(?: highs?"
    r"| close)?"
)
_STRONG_EVENT = re.compile(
    r"\b(?:hit|set|sets|notch\w*|post\w*|touch\w*|reach\w*|clos\w+|end\w*|finish\w*|scored"
    r"|record close|logged)\b"
)
_NOT_NEW = re.compile(
    r"(?:below|from|off|under|near|above|toward|of|since|shy of|short of|without|past|eclips\w+"
    r"|surpass\w+|old|previous"
    r"|prior|not|no|close to|within \S+ of) (?:its |the |a |an |their )?(?:\x11+ |[a-z-]+ )?$"
)
_SINCE = re.compile(
    r"(?P<word>best|worst|strongest|weakest|biggest|largest|steepest|sharpest|longest|highest"
    r"|lowest|first|not seen"
    r"|greatest|most|fastest|poorest|deepest|heaviest"
    r"|finest)[ -](?P<what>[a-z\x12' -]{0,40}?)(?:(?P<since> ?since)|in (?:about |over "
    r"|more than |nearly |roughly |at least |almost )?"
    r"(?P<span>an? decade|decades|[a-z0-9]+ (?:years?|months?|weeks?|decades?)|months|years"
    r"|weeks)|(?P<ever>(?:the \x12+ (?:has|had) )?ever(?: [a-z]+)?|on record"
    r"|in (?:its |the \x12+'s |recorded )?history))(?![a-z])"
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
MOST_EVENTS = 8  # of a kind in a sentence: more are no prose
_FLAT = re.compile(r"\b(?:flat|little changed|unchanged)\b")
_DOUBLE = re.compile(r"\bdouble[ -]digits?\b")


_ANYTHING = re.compile(
    r"\d|record|all-time|lifetime|consecutive|straight|successive|in a row|running|streak|session"
    r"|best|worst|est since|est in|flat|changed|double|halv|tripl|third|quarter|half|percent"
    r"|per cent",
    re.I,
)


def may_claim(sentence: str) -> bool:
    """Whether a sentence may claim something: a digit, or a word of those read here; quick."""
    return bool(_ANYTHING.search(sentence))


def read_events(clause: Clause, context: Context, published: date) -> list[PublishedClaim]:
    """The claims of a sentence that no figure of price carries, in order."""
    found = [
        *calendar_claims(clause),
        *_runs(clause, context),
        *_droughts(clause, context),
        *_crossings(clause, context),
        *_records(clause, context),
        *_superlatives(clause, context),
        *_sizes(clause, context),
    ]
    return [_blocked(clause, c) if c.measure != "event" else c for c in found]


def _blocked(clause: Clause, claim: PublishedClaim) -> PublishedClaim:
    start, end = clause.piece(claim.at)
    own = clause.bare[start:end]
    why = claim.why or uncheckable.beyond_prices(own)
    if not why and claim.measure in ("since", "record", "flat", "streak"):
        why = uncheckable.of_something_else(clause.bare)
    if not why and uncheckable.over_many(clause.low):
        why = uncheckable.MANY_PERIODS
    if not why and uncheckable.is_forecast(own):
        why = uncheckable.FORECAST
    if not why and not claim.subject:
        why = uncheckable.OTHER_SUBJECT if claim.subject == "" else uncheckable.NO_SUBJECT
    return replace(claim, why=why)


_WHOSE = re.compile(r"\b(?:for|of|by|in) (?:the )?$")


def _subject(clause: Clause, at: int, context: Context, stop: int = 0) -> tuple[str | None, bool]:
    """Who an event is told of: the name before it that isn't compared with, else the context's."""
    from qa.checking.auditing.clauses import OBJECT

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


def _made(
    clause: Clause, context: Context, measure: Measure, span: tuple[int, int]
) -> PublishedClaim:
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


def _runs(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    for found in islice(_RUN.finditer(clause.masked), MOST_EVENTS):
        told = next(found[k] for k in ("n", "n2", "nth", "nth2", "nth3") if found[k])
        n = _ORDINALS.get(told) or number(re.sub(r"(?:st|nd|rd|th)$", "", told.replace(",", "")))
        claim = _made(clause, context, "streak", found.span())
        units = [found[k] for k in ("unit", "unit2", "unit3", "unit4") if found[k]]
        if not units and not claim.periods:
            continue
        unit = units[0] if units else claim.periods[0].unit
        around = clause.masked[slice(*clause.piece(found.start()))]
        pair = bool(RELATIVE.search(around)) or bool(
            re.search(r"(?:against|versus|vs\.?) (?:the )?\x12", around)
        )
        why = ""
        if pair and not claim.other:
            claim = replace(claim, other=_benchmark(claim.subject))
        if not pair and re.search(r"without (?:a )?(?:new )?(?:record|high)", around):
            continue
        basis: Basis = "close"
        side: Side = "low" if _DOWNWARD.search(around) else "high"
        if _OVER.search(around) and not _DOWNWARD.search(found.group()):
            side = ""
        word = unit.replace("trading ", "").rstrip("s")
        yield replace(
            claim, count=n, other=claim.other if pair else None, side=side, basis=basis,
            words=f"{_UNITS.get(word, word)}|{clause.masked}", why=why,
        )  # fmt: skip


_WITHOUT = re.compile(
    r"(?<![0-9.,])(?P<n>[0-9]{1,3}(?:,[0-9]{3})*|[0-9]+)[ -](?:trading )?(?:days?|sessions?)"
    r"[^;]{0,30}without (?:a |an )?(?:new )?(?:record|all-time high|high)"
)


def _droughts(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """How long no record was set: "a spell of 967 days without a new high"."""
    for found in _WITHOUT.finditer(clause.low):
        claim = _made(clause, context, "drought", found.span())
        yield replace(claim, count=int(found["n"].replace(",", "")), periods=(), told=())


_CROSSED = re.compile(
    r"\b(?P<how>broke|fell|slipped|dropped|dipped|slid|sank|tumbled|closed|ended|finished|moved"
    r"|climbed|rose|pushed|crossed|rallied|broken|fallen|risen)(?: back| out| decisively)?"
    r" (?P<side>below|under|beneath|above|over) (?:the|its) "
    r"(?P<n>[0-9]{2,3}|fifty|two-hundred)[- ]day (?:simple )?(?:moving )?average(?![a-z])"
)


def _crossings(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """An average that was passed on a day: "broke below its 200-day moving average on Friday"."""
    for found in _CROSSED.finditer(clause.masked):
        claim = _made(clause, context, "cross", found.span())
        days = tuple(p for p in claim.periods if p.unit == "day")
        side: Side = "high" if found["side"] in ("above", "over") else "low"
        basis: Basis = "close" if found["how"] in ("closed", "ended", "finished") else ""
        yield replace(
            claim, count=average_length(found.group()), side=side, basis=basis, periods=days,
            firm=claim.firm and bool(days),
        )  # fmt: skip


def _benchmark(symbol: str | None) -> str | None:
    from qa.market.instruments import named

    return named(symbol).benchmark if symbol else None


def _records(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    for found in _RECORD.finditer(clause.masked):
        before = clause.masked[: found.start()]
        figure_next = re.match(
            r"(?: (?:of|at|around|near|is))? ?\x13", clause.masked[found.end() :]
        )
        if _NOT_NEW.search(before) or figure_next or re.search(r"\x13 $", before):
            continue
        claim = _made(clause, context, "record", found.span())
        text = found.group()
        basis: Basis = "intraday" if "intraday" in text else "close" if "clos" in text else ""
        around = clause.masked[slice(*clause.piece(found.start()))]
        eventful = bool(_STRONG_EVENT.search(around))
        days = all(p.kind in ("day", "calendar") for p in claim.periods) and bool(claim.periods)
        if re.search(r"\bfirst\b", around):
            first = _first(clause, claim)
            if first is not None:
                yield first
            return
        yield replace(claim, basis=basis, firm=claim.firm and eventful and days)
        return


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


def _superlatives(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    for found in islice(_SINCE.finditer(clause.masked), MOST_EVENTS):
        what = found["what"].strip()
        kind = next((k for p, k in _WHAT if re.search(rf"(?:^|[ -])(?:{p})(?:$|[ -])", what)), "")
        claim = _made(clause, context, "since", found.span())
        unit = claim.periods[0].unit if claim.periods else ""
        if kind == "start" and re.search(r"week|month|quarter|day", what):
            continue
        if not kind and found["word"] in ("highest", "lowest"):
            kind = "level"  # "at its lowest since 2016"
        if not kind and unit in ("day", "week", "month", "quarter", "year"):
            kind = unit  # "fell 9% last week, the most since March"
        marks = [t for t in clause.times if t.role == "mark" and t.start >= found.start()]
        claim = replace(
            claim,
            periods=tuple(
                p
                for p in claim.periods
                if p.words not in {q.words for t in marks for q in t.periods}
            ),
            mark=marks[0] if marks and found["since"] else None,
            side="low"
            if found["word"] in ("worst", "weakest", "lowest") or _fall(what)
            else "high",
            words=f"{kind}|{(found['ever'] and 'ever') or found['span'] or ''}|{what}",
            asserted=clause.text[found.start() : (marks[0].end if marks else found.end())].strip(),
        )
        if found["word"] in ("longest", "not seen"):
            yield from _longest(clause, context, claim)
        elif kind and found["word"] != "first":
            yield claim


def _longest(clause: Clause, context: Context, claim: PublishedClaim) -> Iterator[PublishedClaim]:
    """The run that is said to be the longest since a day."""
    run = next(_runs(clause, context), None)
    if run is not None and claim.mark is not None:
        unit = run.words.partition("|")[0]
        yield replace(run, measure="since", mark=claim.mark, asserted=claim.asserted,
                      words=f"streak|{unit}", at=claim.at)  # fmt: skip


def _fall(what: str) -> bool:
    return bool(re.search(r"drop|decline|loss|fall|selloff|slide|plunge", what))


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
        claim = _made(clause, context, "move" if value else "flat", found.span())
        stated = Stated(found.group(), found.span(), "level", value, "percent")
        nearly = bool(re.search(r"(?:nearly|almost) \W*$", clause.low[: found.start()]))
        yield replace(claim, stated=stated, nearly=nearly, firm=claim.firm and bool(claim.periods))

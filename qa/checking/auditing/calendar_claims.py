"""Claims about the calendar: a weekday that isn't a date's, a session on a closed day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.published import PublishedClaim

_DAILY = re.compile(
    r"\bdaily\b|\bsession\b|\btrading day\b|\bintraday\b|\bclos(?:e|ed|es|ing)\b|\brose\b"
    r"|\bfell\b|\bgained\b"
    r"|\blost\b|\bdropped\b|\bjumped\b|\bslid\b|\bsettled\b|\bopened\b|\btraded\b|\brallied\b"
    r"|\bsurged\b|\bfinished\b|\bended\b|\bsold off\b|\bsell-?off\b|\bsank\b|\btumbled\b"
    r"|\bplunged\b"
    r"|\badvanced\b|\bdeclined\b|\bclimbed\b|\bslipped\b|\bedged\b|\beased\b|\btrading\b|\badded\b"
    r"|\bshed\b|\brebounded\b|\bbounced\b|\bhit\b|\bset\b|\bretreated\b|\bsoared\b|\btouched\b"
    r"|\bdipped\b"
)
_MARKET = re.compile(
    r"\bstocks?\b|\bshares\b|\bindex\b|\bindices\b|\bsectors?\b|\bmarkets?\b|\bequit"
)
_CLOSED = re.compile(
    r"\b(?:did not|didn't) (?:trade|open)\b|\bno (?:session|trading)\b|\b(?:was|were|stayed"
    r"|remained)"
    r" (?:closed|shut)\b"
)
_EXCHANGE = re.compile(
    r"\b(?:stock (?:market|exchange)s?|wall street|nyse|new york stock exchange|u\.s\. (?:markets"
    r"|stocks|exchanges)|markets)\b"
)
_NO_CLAIM = re.compile(
    r"\bpublish\w*|\bwrote\b|\bsaid\b|\bdated\b|\bnote of\b|\breport(?:ed)? (?:on|of)\b"
    r"|\b(?:did not|didn't) (?:trade|open)\b|\bno trading\b|\b(?:was|were|stayed|remained) "
    r"(?:closed|shut)\b"
    r"|\bholiday\b|\bno session\b|\bwas a (?:sunday|saturday)\b|\bmarkets? (?:was|were"
    r"|are) (?:closed|shut)\b"
)


def calendar_claims(clause: Clause) -> Iterator[PublishedClaim]:
    """Weekdays that aren't a date's, and closed days told of as if they were sessions."""
    from qa.market.sessions import FIRST_DAY, is_session, why_closed

    for said, day in clause.wrong_days:
        yield PublishedClaim("event", said, why="", words=f"{day} was a {day:%A}, not a {said}")
    yield from _closures(clause)
    if _NO_CLAIM.search(clause.low) or not (clause.names or _MARKET.search(clause.low)):
        return
    weekend = [
        (t.start, t.end, t.periods[0].start, True)
        for t in clause.times
        if re.search("saturday|sunday", clause.low[t.start : t.end]) and t.periods[0].unit == "day"
    ]
    if _tells_of_a_session(clause):  # the move may be of that day, and the closed one of another
        return
    for start, end, day, _ in (*clause.days, *weekend):
        if day < FIRST_DAY or day.year > date.today().year + 1 or is_session(day):
            continue
        left, right = clause.piece(start)
        around = clause.low[left:right] + clause.low[right : right + 60]
        if _DAILY.search(around) and not _is_base(clause, start):
            words = f"{day} was {why_closed(day)}: there was no session"
            told = [n.symbol for n in clause.names if left <= n.start < right and n.symbol]
            yield PublishedClaim(
                "event",
                clause.text[start:end],
                subject=told[0] if told else None,
                words=words,
                at=start,
            )


def _tells_of_a_session(clause: Clause) -> bool:
    """Whether a sentence names a day that had a session, too: "the Fed met on Sunday, and ..."."""
    from qa.market.sessions import FIRST_DAY, is_session

    days = [
        p.start for t in clause.times for p in t.periods if t.role == "window" and p.unit == "day"
    ]
    return any(FIRST_DAY <= day <= clause.published and is_session(day) for day in days)


def _closures(clause: Clause) -> Iterator[PublishedClaim]:
    """Days on which the exchange is said to have been closed."""
    from qa.market.sessions import FIRST_DAY, is_session, why_closed

    found = _CLOSED.search(clause.low)
    if found is None or not _EXCHANGE.search(clause.low):
        return
    left, right = clause.piece(found.start())
    for start, end, day, _ in clause.days:
        if not left <= start < right + 40 or not FIRST_DAY <= day <= date.today():
            continue
        if _is_base(clause, start) or not re.search(r"\d", clause.low[start:end]):
            continue
        why = f"a session, a {day:%A}" if is_session(day) else why_closed(day)
        yield PublishedClaim(
            "event",
            clause.text[start:end],
            words=f"{day} was {why}",
            count=int(not is_session(day)),
            at=start,
        )


def _is_base(clause: Clause, at: int) -> bool:
    """Whether a day only bounds a window: "since January 1", "as of Sunday"."""
    return bool(
        re.search(
            r"(?:since|from|between|through|to|and|as of|until|by|before|after|ended|ending"
            r"|week of)"
            r" (?:the )?$",
            clause.masked[max(0, at - 20) : at],
        )
    ) or clause.masked[:at].endswith("-")

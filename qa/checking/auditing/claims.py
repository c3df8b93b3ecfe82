"""Claims read out of a sentence: every figure with its subject, its days and what it measures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from qa.checking.auditing import uncheckable
from qa.checking.auditing.clauses import FIGURE, Clause, periods_of
from qa.checking.auditing.measures import measured
from qa.checking.auditing.owners import is_proxied, named_later, other_of, subject_of
from qa.checking.auditing.periods import Period
from qa.checking.auditing.phrases import Timed
from qa.checking.auditing.published import MOVE, NEARLY, Context, PublishedClaim
from qa.checking.auditing.streaks import run_periods
from qa.checking.auditing.vocabulary import CAUSED
from qa.checking.figures import Stated

_OTHER_EVENT = re.compile(
    r"\brecord|\bstreak|\bsession of\b|\bstraight\b|\bconsecutive\b|\bhigh\b|\blow\b"
)
_PREPOSITION = re.compile(
    r"[,;:(]|\b(?:on|in|amid|as|after|for|from|since|over|during|to|while|and|following|thanks"
    r"|because"
    r"|due|driven|helped|despite|ahead|before|when|with|but|at|by|through|that|which)\b"
)
_OWNER = re.compile(
    r"[a-z/-]+(?: [a-z/-]+){0,2} (?:of|in|for|at|by|among|across|from|that) (?:the )?$"
)
_END_BEFORE = re.compile(
    r"\b(?:from|between|since|after(?! $)|before|until|till|to|through|thru|starting|beginning)"
    r"(?: the| its"
    r"| in)?"
    r"(?: (?:start|end|close|beginning|middle|open|turn) of)? $"
)
_PART_BEFORE = re.compile(
    r"\b(?:weeks?|days|quarter|month|stretch|leg|phase|half|part|middle|sessions|rest|most|much"
    r"|portion|third|course|bulk|hour) of "
    r"(?:the |a )?$"
)
# "From 6,878.88 on Friday to 6,816.63 on Tuesday it lost 62 points"
_FROM_TO = re.compile(
    r"\bfrom \$?\x13+ (?:on |in |at |last |late )?[a-z\x11][^;\x13]{0,40} to \$?\x13+ $"
)
_END_AFTER = re.compile(
    r" (?:to|through|until|till) (?!\$?\x13|the \x13|a |about |an |end |close |finish |settle "
    r"|stand"
    r" |reach )"
)
_AT_WORST = re.compile(
    r"\bat (?:its|the|their|one|\x11+'s|[a-z]+day's) (?:very )?(?:worst|best|low|lowest|nadir|point"
    r"|peak|stage)\b"
    r"(?! (?:level )?(?:since|in (?:a|[a-z]+ (?:years|months|weeks))))"
)
_NEGATED = re.compile(
    r"\b(?:not|never|nor|without|far from|no longer|rather than|instead of|hardly|failed to"
    r"|fell short"
    r"|neither|barring)\b|n't\b"
)
_OF_A_DAY = (
    "close", "open", "level", "extreme", "yield", "average", "distance", "upside",
)  # fmt: skip
_LEVELS = ("close", "level", "open", "base", "extreme", "threshold", "range", "average", "points")
_ENDED = re.compile(r"\b(?:end(?:ed|s|ing)?|clos(?:ed|es|ing)|finish(?:ed|es|ing)) (?:out )?$")
_ALONE = re.compile(r"[ $(]*(?:(?:is|was|stands|stood|remains|came in)(?: still)?(?: at)? \$?)?")
_OWN_HEAD = re.compile(
    r"[ \"'“]*(?:after |having |already |still )*(?:an? )?(?:up|down|off|rising|falling|gaining"
    r"|losing|climbing|dropping|adding|sliding)\b[^\x12]*$"
)
_WIDEST = 20  # times its first end, beyond which a range is none
MOST_FIGURES = 30  # of a sentence: more are a table, whose rows and columns aren't read
_BEFORE_NEARLY = 24  # characters in which "nearly" stands before its figure


def read_claims(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """Every figure of a sentence as a claim, in order; unreadable ones say why."""
    if len(clause.figures) > MOST_FIGURES:
        yield _table(clause)
        return
    ends: set[tuple[int, int]] = set()
    for at, stated in enumerate(clause.figures):
        counts = stated.kind in ("count", "ordinal") or stated.unit == "sessions"
        if counts or stated.span in ends:
            continue
        following = clause.figures[at + 1] if at + 1 < len(clause.figures) else None
        partner = following if following is not None and _is_range(stated, following) else None
        if partner is not None:
            ends.add(partner.span)
        yield _claim(clause, stated, partner, context)


def _is_range(first: Stated, second: Stated) -> bool:
    """Whether two figures are the ends of a range, and not a move and where it led to.

    "31.86 points to 2,287.46" is none.
    """
    if not second.range_end or first.value is None or second.value is None:
        return False
    return abs(second.value) <= _WIDEST * max(abs(first.value), 1.0)


def _table(clause: Clause) -> PublishedClaim:
    """All figures of a table at once: which belongs to what isn't read."""
    first, last = clause.figures[0], clause.figures[-1]
    words = f"{first.text} ... {last.text} ({len(clause.figures)} figures)"
    return PublishedClaim("none", words, first, why=uncheckable.TABLE, at=first.span[0])


def _claim(
    clause: Clause, stated: Stated, partner: Stated | None, context: Context
) -> PublishedClaim:
    span = (stated.span[0], (partner or stated).span[1])
    claim = PublishedClaim(
        "none",
        clause.text[slice(*span)],
        stated,
        partner=partner,
        nearly=bool(NEARLY.search(clause.low[max(0, span[0] - _BEFORE_NEARLY) : span[0]])),
        words=clause.masked,
        lead=_before(clause, span[0], 60),
        at=span[0],
    )
    claim = _placed(clause, claim, span, context)
    claim = measured(clause, claim, _before(clause, span[0], 100), clause.after(span[1]))
    if not claim.periods and claim.measure not in _OF_A_DAY:
        claim = replace(claim, firm=False)  # a move to a day says nothing of where it began
    return replace(claim, why=_why_not(clause, claim))


def _before(clause: Clause, at: int, reach: int) -> str:
    """The words before a figure; of the part before its own, where it stands alone in that.

    "The record close of the index, 2,442.74, ...": the record is before the comma.
    """
    start = clause.piece(at)[0]
    own = clause.masked[start:at]
    if not start or not _ALONE.fullmatch(own):
        return clause.before(at, reach)
    first, end = clause.piece(start - 1)
    if FIGURE in clause.masked[first:end]:  # that part has its own
        return clause.before(at, reach)
    if own.strip() and first:  # "The low, set on April 8, is 1,760.71"
        first, end = clause.piece(first - 1)
        return f"{clause.masked[max(first, end - reach) : end].rstrip(' ,')} {own}"
    return clause.masked[max(first, at - reach) : at]


def _placed(
    clause: Clause, claim: PublishedClaim, span: tuple[int, int], context: Context
) -> PublishedClaim:
    """The claim with its subject and its days."""
    subject = subject_of(clause, span)
    firm = not _is_one_of_several(clause, span)
    if subject is None and (later := named_later(clause, span)) is not None:
        subject, firm = later, firm and len({name.symbol for name in clause.names}) == 1
    elif subject is None:
        subject, firm = context.subject, context.sure
    window, anchor = periods_of(clause, span)
    periods = window.periods if window else ()
    carried: tuple[Period, ...] = ()
    if window is not None and window.role == "same":
        of_run = re.search(r"\b(?:run|streak)\b", clause.low[window.start : window.end])
        periods = run_periods(clause, context) or (() if of_run else context.window)
    elif window is not None and window.role == "vague":
        firm = False
    elif not periods:
        carried, firm = context.window, firm and anchor is not None
    elif window is not None and not _shared(clause, window, span):
        firm = False
    start, end = clause.piece(span[0])
    vague = bool(_AT_WORST.search(clause.masked)) or any(
        (p.kind == "extreme" and not p.exact) or p.unit == "part" for p in periods
    )
    if vague or _NEGATED.search(clause.bare, start, end):
        firm = False
    if window is not None and (_is_cut(clause, window) or _closes(clause, window, span)):
        firm = False
    told = anchor.periods if anchor else _day_beside(clause, span, window)
    if anchor is not None and not _reached(periods, anchor.periods):
        firm = False
    other = other_of(clause, subject, span)
    return replace(
        claim,
        subject=subject,
        other=other,
        periods=periods,
        carried=carried,
        told=told,
        firm=firm and bool(periods or told),
        proxied=is_proxied(clause, subject, other),
    )


def _day_beside(clause: Clause, span: tuple[int, int], window: Timed | None) -> tuple[Period, ...]:
    """The day that a running window is told as of: "up 9.5% for the year on Thursday"."""
    start, end = clause.piece(span[0])
    units = [f.unit for f in clause.figures if start <= f.span[0] < end]
    alone = len(units) == 1 or (len(set(units)) == len(units) and _from_close(window))
    if window is None or not alone or not all(p.running for p in window.periods):
        return ()
    beside = [
        t
        for t in clause.times
        if start <= t.start < end and t is not window and all(p.kind == "day" for p in t.periods)
    ]
    days = [t for t in beside if t.role == "window" and t.periods]
    within = days and all(p.start <= d.start for p in window.periods for d in days[0].periods)
    return days[0].periods if len(days) == 1 and within else ()


def _from_close(window: Timed | None) -> bool:
    """Whether a window is counted from the close of a day: what is told with it is the other."""
    return window is not None and all(p.kind == "between" for p in window.periods)


def _is_one_of_several(clause: Clause, span: tuple[int, int]) -> bool:
    """Whether a figure's part of the sentence names nobody, and several were named before it."""
    start, end = clause.piece(span[0])
    if any(start <= name.start < end for name in clause.names):
        return False
    return len({name.symbol for name in clause.names if name.end <= start}) > 1


def _is_cut(clause: Clause, window: Timed) -> bool:
    """Whether a time is only one end, or a part, of a stretch that wasn't read as a whole."""
    led = window.start + (3 if clause.masked.startswith("of ", window.start) else 0)
    before = clause.masked[max(0, window.start - 30) : led]
    if _FROM_TO.search(clause.masked, 0, led):
        return True
    followed = any(window.end <= t.start <= window.end + 2 for t in clause.times)
    after = not followed and _END_AFTER.match(clause.masked, window.end)
    return bool(_END_BEFORE.search(before) or _PART_BEFORE.search(before) or after)


def _closes(clause: Clause, window: Timed, span: tuple[int, int]) -> bool:
    """Whether a time may only say what a move brought to an end: "a 2% drop ended the week"."""
    return window.start >= span[1] and bool(_ENDED.search(clause.masked, 0, window.start))


def _reached(windows: tuple[Period, ...], told: tuple[Period, ...]) -> bool:
    """Whether a day that a sentence is told as of lies in its window."""
    running = [p for p in windows if p.running and p.kind != "extreme"]
    return not running or any(p.start <= day.start <= p.end for p in running for day in told)


def _shared(clause: Clause, window: Timed, span: tuple[int, int]) -> bool:
    """Whether a day named in another part of the sentence is surely the figure's too.

    "On Friday, the Dow fell 1%" and "closed at 2,669 on Friday, down 1.8%": yes. "A record on
    Friday; up 6%": the six percent may be the year's.
    """
    start, end = clause.piece(span[0])
    head = clause.masked[: clause.piece(0)[1]]
    if window.end <= len(head) <= start and _OWN_HEAD.match(head) and FIGURE in head:
        return False  # "Up 0.8% on Wednesday, the index gave it back": which day isn't told
    if start <= window.start < end or all(p.kind != "day" for p in window.periods):
        return True
    days = {t.periods for t in clause.times if t.role == "window" and t.end <= span[0]}
    if len(days) > 1:
        return False
    if any(start <= name.start < end for name in clause.names):
        return True
    between = clause.masked[min(window.end, span[0]) : span[0]]
    lead = FIGURE not in clause.masked[: window.start] and FIGURE not in between
    told = clause.masked[clause.piece(max(0, start - 3))[0] : start]
    return ";" not in between and (FIGURE in told or (lead and not _OTHER_EVENT.search(between)))


def _why_not(clause: Clause, claim: PublishedClaim) -> str:
    """Why the claim can't be tried, if its words give a reason."""
    start, end = clause.piece(claim.at)
    own, lead = clause.bare[start:end], clause.bare[: clause.figures[0].span[0]]
    own_subject = any(start <= name.start < end for name in clause.names)
    moves = own_subject and MOVE.search(own)
    before, behind = clause.bare[start : claim.at], _head_behind(clause, claim)
    # "Earnings growth: small 14.6%, mid 14.2%": what leads a list is said of all of it.
    caused = CAUSED.search(clause.bare, start, claim.at + 1)
    of_what = f"{_of_what(clause, claim, start)} {behind}" if moves or caused else f"{lead} {own}"
    if why := uncheckable.beyond_prices(of_what):
        return why
    if uncheckable.over_many(clause.low):
        return uncheckable.MANY_PERIODS
    percent = claim.stated is not None and claim.stated.unit == "percent"
    if percent and uncheckable.is_share(before, clause.bare[_end(claim) :][:60]):
        return uncheckable.SHARE
    told = f"{before} {behind}" if moves else f"{lead} {own}"
    if claim.measure != "upside" and (
        uncheckable.is_forecast(told) or uncheckable.is_to_come(own, claim.periods)
    ):
        return uncheckable.FORECAST
    if claim.subject == "":
        return uncheckable.OTHER_SUBJECT
    if claim.measure == "none":
        return uncheckable.NO_MEASURE
    if claim.proxied and claim.measure in _LEVELS:
        return uncheckable.PROXIED
    return "" if claim.subject else uncheckable.NO_SUBJECT


def _end(claim: PublishedClaim) -> int:
    return claim.at + len(claim.asserted)


def _head_behind(clause: Clause, claim: PublishedClaim) -> str:
    """The noun behind a figure: "12% earnings growth"; not the reason: "12% on earnings"."""
    rest = clause.bare[_end(claim) : clause.piece(claim.at)[1]][:40]
    return _PREPOSITION.split(rest, maxsplit=1)[0]


def _of_what(clause: Clause, claim: PublishedClaim, start: int) -> str:
    """The words that say what a figure is of: "earnings in the index rose", without the cause."""
    names = [n for n in clause.names if start <= n.start and n.end <= claim.at]
    caused = CAUSED.search(clause.bare, start, claim.at + 1)
    if caused is not None:  # "a hot inflation print cost the index 5%": before it stands the cause
        return clause.bare[caused.end() : claim.at]
    if not names or not MOVE.search(clause.bare, names[-1].end, claim.at):
        return clause.bare[start : claim.at]
    owned = _OWNER.search(clause.bare, start, names[-1].start)
    return (owned.group() if owned else "") + clause.bare[names[-1].end : claim.at]

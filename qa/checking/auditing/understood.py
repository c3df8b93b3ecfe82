"""Whether the words of a claim are all accounted for: only then may it be contradicted.

Looked at are the part of the sentence that holds the figure, what leads up to it, and, for words
that change what a figure is of, the rest. The tables are those of vocabulary.py.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date, timedelta

from qa.checking.auditing.clauses import FIGURE, Clause
from qa.checking.auditing.dating import DAY
from qa.checking.auditing.phrases import Timed
from qa.checking.auditing.published import MOVE, RELATIVE, PublishedClaim
from qa.checking.auditing.spoken import NAME
from qa.checking.auditing.vocabulary import (
    ADVERB,
    BY_MEASURE,
    CAUSE,
    CAUSED,
    CAUSES,
    DANGER,
    HARMLESS,
    NO_MOVE,
    SCENE,
    SIDES,
    SPEAKER,
    TURNS,
)
from qa.checking.numerals import SMALL_WORDS

_WORD = re.compile(r"[^\W_][\w'’.&/-]*")
_SHARE = re.compile(
    rf"(?:{FIGURE}+|\b(?:most|many|some|parts?|much|majority|minority|fraction|bulk|rest|handful"
    rf"|dozens"
    rf"|hundreds|few|none|members|share|half|third|quarter|decile|quintile|top|bottom)) (?:of"
    rf"|in) (?:the )?{NAME}"
)
_ALLOWED_DANGER = {
    "upside": re.compile(r"would|forecast|base case"),
    "volatility": re.compile(r"annuali[sz]ed"),
    "distance": re.compile(r"simple"),
    "range": re.compile(r"(?!)"),
    "record": re.compile(r"never"),
}
_LENGTH = re.compile(r"[0-9]{1,3}-(?:day|session|dma)")
_TOTAL = re.compile(r"dividends?|total[- ]return|reinvest\w*")
_ANY = frozenset().union(*BY_MEASURE.values())
_WEEKEND = 3  # days by which the last session may lie before a day that is told
_MOST_TOLD = 4  # words that a reason names


def not_understood(clause: Clause, claim: PublishedClaim, published: date) -> tuple[str, ...]:
    """The words of a claim that its reading doesn't account for, in order; empty if none."""
    whole = _without_own(clause, claim)
    found = [
        *_dangers(whole, claim),
        *_shares(clause, claim),
        *_times_too_many(clause, claim, published),
    ]
    if claim.measure == "policy":  # read only where nothing of it is unsure
        return ()
    if claim.measure == "event" and claim.subject:  # a closed day, told of an index by name
        return tuple(dict.fromkeys(_dangers(whole, claim)))
    whole = TURNS.sub(_blank, SPEAKER.sub(_blank, whole))
    start, end = clause.piece(claim.at)
    own = HARMLESS | BY_MEASURE.get(claim.measure, frozenset())
    for first, last, known in _leading(clause, claim, start, end):
        found += _unknown(_to_cause(whole, first, last, first), claim, own | known)
    whole_part = claim.measure in ("ahead", "tally")  # "after the last cut" is no cause there
    part = whole[start:] if whole_part else _to_cause(whole, start, end, claim.at)
    found += _unknown(part, claim, own)
    return tuple(dict.fromkeys(found))


def not_of_that_day(clause: Clause, claim: PublishedClaim) -> tuple[str, ...]:
    """The words between a closed day, its figure and their subject that aren't understood.

    What follows both ("in thin trading") can't open the market.
    """
    days = [t for t in clause.times if t.periods and t.periods in (claim.periods, claim.told)]
    if not days:
        return not_understood(clause, claim, claim.periods[0].end)
    end = claim.at + len(claim.asserted)
    places = [clause.piece(claim.at)[0], days[0].start, days[0].end, end]
    when = re.match(r",? (?:when|on which) ", clause.masked[days[0].end :])
    if not when:  # "Oil jumped on Sunday, and the index fell 2%": the day may be the oil's
        places.append(clause.piece(days[0].start)[0])
    whole = _without_own(clause, claim)
    found = [*_dangers(whole, claim), *_shares(clause, claim)]
    part = whole[min(places) : max(days[0].end, end)]
    found += re.findall(r"\b(?:ahead|behind|since|after|before|until)\b", part)
    found += _unknown(part, claim, HARMLESS | _ANY | {"when"})
    return tuple(dict.fromkeys(found))


def not_of_the_sum(clause: Clause, claim: PublishedClaim, span: tuple[int, int]) -> tuple[str, ...]:
    """The words between the figures of a sum that aren't understood, and what endangers it."""
    part = clause.bare[slice(*span)]
    found = [*_dangers(part, claim), *_unknown(part, claim, HARMLESS | _ANY)]
    return tuple(dict.fromkeys(found))


def told(words: tuple[str, ...]) -> str:
    """The reason in words."""
    quoted = ", ".join(f"“{word}”" for word in words[:_MOST_TOLD])
    return f"the words {quoted} are not understood" if len(words) > 1 else (
        f"the word {quoted} is not understood"
    )  # fmt: skip


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _without_own(clause: Clause, claim: PublishedClaim) -> str:
    """The sentence without the words that the claim itself consists of.

    Those of a superlative stay: "best two-week run" ranks something else than weeks.
    """
    if claim.measure == "since" and not claim.words.endswith("|so"):
        # "since the bear market of 1973-74": the noun only names the years
        named = clause.bare.find(" since ", claim.at)
        if claim.mark is None or not 0 <= named < claim.mark.start:
            return clause.bare
        named += len(" since ")
        gap = " " * (claim.mark.start - named)
        return clause.bare[:named] + gap + clause.bare[claim.mark.start :]
    end = claim.at + len(claim.asserted)
    return clause.bare[: claim.at] + FIGURE * (end - claim.at) + clause.bare[end:]


def _dangers(whole: str, claim: PublishedClaim) -> Iterator[str]:
    allowed = _ALLOWED_DANGER.get(claim.measure)
    for found in DANGER.finditer(whole):
        word = found.group().strip(" ,")
        if claim.measure == "since" and claim.asserted.lower().startswith("not since"):
            allowed = re.compile("not")
        if allowed is not None and allowed.fullmatch(word):
            continue
        if claim.basis == "total" and _TOTAL.fullmatch(word):
            continue
        yield word


def _shares(clause: Clause, claim: PublishedClaim) -> Iterator[str]:
    """A part of the instrument that the figure is of: "a quarter of the index fell 20%"."""
    for found in _SHARE.finditer(clause.masked):
        if not found.start() <= claim.at < found.end():
            yield clause.low[slice(*found.span())].strip()


def _times_too_many(clause: Clause, claim: PublishedClaim, published: date) -> Iterator[str]:
    """A time beside the window: "since Thursday last week", "on Friday from its high"."""
    start, end = clause.piece(claim.at)
    figures = sum(start <= f.span[0] < end and not f.range_end for f in clause.figures)
    times = [t for t in clause.times if t.role in ("window", "vague") and start <= t.start < end]
    if len(times) <= max(figures, 1) or claim.measure == "tally":
        return
    for time in times:
        if clause.low.startswith("after a", time.start):
            continue
        if time.periods != claim.periods and not _tells_the_end(time, claim, published):
            yield clause.low[time.start : time.end].strip()


def _tells_the_end(time: Timed, claim: PublishedClaim, published: date) -> bool:
    """Whether a time only says when the window ended: "its fourth-quarter gain capped 2020"."""
    window = claim.periods[0] if claim.periods else None
    end = published if window is None or window.running else window.end
    return any(
        p.kind in ("day", "calendar") and p.start <= end <= p.end + timedelta(days=_WEEKEND)
        for p in time.periods
    )


def _leading(
    clause: Clause, claim: PublishedClaim, start: int, end: int
) -> Iterator[tuple[int, int, frozenset[str]]]:
    """The parts of a sentence before that of a figure, and the words that each may hold besides.

    Those with figures don't count where the figure's own part names whom it speaks of.
    """
    named = any(start <= name.start < end for name in clause.names)
    cuts = [0, *(c for c in clause.cuts if c <= start)]
    for first, last in itertools.pairwise(cuts):
        part = clause.bare[first:last]
        whole = part.rstrip().endswith((":", ";")) and NAME not in part  # a statement of its own
        if not CAUSE.match(part) and not (FIGURE in part and named):
            alone = SCENE if FIGURE not in part and NAME not in part else frozenset()
            of_run = claim.measure == "move" and any(p.unit == "run" for p in claim.periods)
            yield first, last, _ANY if FIGURE in part or whole or of_run else alone


def _from_top(claim: PublishedClaim) -> bool:
    """Whether a move is measured from an extreme: only there "below" says which way."""
    return any(period.kind == "extreme" for period in claim.periods)


def _to_cause(whole: str, start: int, end: int, at: int) -> str:
    """A figure's part of the sentence, up to where it begins to say why."""
    cause = CAUSE.search(whole, at, end)
    return whole[start : cause.start() if cause else end]


def _unknown(part: str, claim: PublishedClaim, known: frozenset[str]) -> Iterator[str]:
    caused = CAUSED.search(part) if claim.measure in ("move", "points") else None
    for found in _WORD.finditer(part):
        word = re.sub(r"['’]s$|[.'’]+$", "", found.group())
        if not word or word in known or set(word) <= {NAME, DAY, FIGURE} or ADVERB.fullmatch(word):
            continue
        moves = claim.measure not in ("average", "record") and MOVE.fullmatch(word)
        if claim.measure == "move" and (
            word in NO_MOVE or (word in SIDES and not _from_top(claim))
        ):
            moves = None
        if claim.measure in ("average", "distance", "cross") and _LENGTH.fullmatch(word):
            continue
        if caused is not None and found.start() <= caused.start() and word in CAUSES | {caused[0]}:
            continue
        counts = claim.measure in ("streak", "since") or any(p.unit == "run" for p in claim.periods)
        if counts and (word in SMALL_WORDS or word.isdigit()):
            continue
        if moves or (claim.measure in ("relative", "streak") and RELATIVE.match(word)):
            continue
        yield word

"""Whether the words of a claim are all accounted for: only then may it be contradicted.

Looked at are the part of the sentence that holds the figure, what leads up to it, and, for words
that change what a figure is of, the rest. The tables are those of vocabulary.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.checking.auditing.clauses import FIGURE, Clause
from qa.checking.auditing.dating import DAY
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
    SPEAKER,
    TURNS,
)
from qa.checking.numerals import SMALL_WORDS

_WORD = re.compile(r"[^\W_][\w'’.&/-]*")
_ALLOWED_DANGER = {
    "upside": re.compile(r"would|forecast|base case"),
    "volatility": re.compile(r"annuali[sz]ed"),
    "distance": re.compile(r"simple"),
    "range": re.compile(r"(?!)"),
}
_LENGTH = re.compile(r"[0-9]{1,3}-(?:day|session|dma)")
_TOTAL = re.compile(r"dividends?|total[- ]return|reinvest\w*")
_MOST_TOLD = 4  # words that a reason names


def not_understood(clause: Clause, claim: PublishedClaim) -> tuple[str, ...]:
    """The words of a claim that its reading doesn't account for, in order; empty if none."""
    whole = TURNS.sub(_blank, SPEAKER.sub(_blank, _without_own(clause, claim)))
    found = [w for w in _dangers(whole, claim)]
    start, end = clause.piece(claim.at)
    for first, last in _leading(clause, start):
        found += _unknown(whole[first:last], claim)
    found += _unknown(_to_cause(whole, start, end, claim.at), claim)
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
    """The sentence without the words that the claim itself consists of."""
    end = claim.at + len(claim.asserted)
    return clause.bare[: claim.at] + FIGURE * (end - claim.at) + clause.bare[end:]


def _dangers(whole: str, claim: PublishedClaim) -> Iterator[str]:
    allowed = _ALLOWED_DANGER.get(claim.measure)
    for found in DANGER.finditer(whole):
        word = found.group().strip(" ,")
        if allowed is not None and allowed.fullmatch(word):
            continue
        if claim.basis == "total" and _TOTAL.fullmatch(word):
            continue
        yield word


def _leading(clause: Clause, start: int) -> Iterator[tuple[int, int]]:
    """The parts of a sentence before that of a figure, but those that tell a figure of their own.

    The words that it opens with always count.
    """
    cuts = [0, *(c for c in clause.cuts if c <= start)]
    for first, last in zip(cuts, cuts[1:], strict=False):
        part = clause.bare[first:last]
        if FIGURE not in part and not CAUSE.match(part):
            yield first, last


def _to_cause(whole: str, start: int, end: int, at: int) -> str:
    """A figure's part of the sentence, up to where it begins to say why."""
    cause = CAUSE.search(whole, at, end)
    return whole[start : cause.start() if cause else end]


def _unknown(part: str, claim: PublishedClaim) -> Iterator[str]:
    known = HARMLESS | BY_MEASURE.get(claim.measure, frozenset())
    caused = CAUSED.search(part) if claim.measure in ("move", "points") else None
    for found in _WORD.finditer(part):
        word = re.sub(r"['’]s$|[.'’]+$", "", found.group())
        if not word or word in known or set(word) <= {NAME, DAY, FIGURE} or ADVERB.fullmatch(word):
            continue
        moves = claim.measure not in ("average", "record") and MOVE.fullmatch(word)
        if claim.measure in ("average", "distance", "cross") and _LENGTH.fullmatch(word):
            continue
        if caused is not None and found.start() <= caused.start() and word in CAUSES | {caused[0]}:
            continue
        if claim.measure in ("streak", "since") and word in SMALL_WORDS:
            continue
        if moves or (claim.measure in ("relative", "streak") and RELATIVE.match(word)):
            continue
        yield word

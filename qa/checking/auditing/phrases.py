"""The words for a time in a sentence: "year to date", "since the April low", "on Friday".

Reads a *masked* sentence (see clauses.py): in lower case, with days replaced by DAY characters and
figures and names by others, so that none of their digits is taken for a year. The phrases are
those of time_words.py; what each means is in dating.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qa.checking.auditing.dating import Days
from qa.checking.auditing.periods import Period
from qa.checking.auditing.time_parts import MONTH_NAME, WEEKDAY, Role
from qa.checking.auditing.time_words import PHRASES
from qa.checking.numerals import compiled

# "Its best month since 2023": the year is what it is compared with, and no window.
_SUPERLATIVE = re.compile(
    r"\b(?:best|finest|worst|poorest|longest|shortest|highest|lowest|biggest|largest|strongest"
    r"|weakest|steepest"
    r"|sharpest|deepest|fastest|most|greatest|smallest|first|not seen|unseen|unmatched|fresh|new"
    r"|than (?:in |on |at |for |during )?any|like (?:it|this|that)|(?:not|nothing|none|never)"
    r"|has(?:n't| not)|have(?:n't| not))\b"
    r"[^;:]{0,75}$"
)
# "Down 2.7%, the worst of 2025": of what it is the worst, and not over what it fell.
_RANKED = re.compile(r"\b(?:best|worst|biggest|largest|steepest|sharpest) $")
_SINCE_WHAT = re.compile(
    r"\bsince (?:at least )?(?:the )?"
    rf"(?:(?!{MONTH_NAME}|{WEEKDAY}|(?:last|early|late|mid)\b)[a-z'-]+ ){{0,4}}$"
)


@dataclass(frozen=True, slots=True)
class Timed:
    """A phrase of a sentence that names a time, with the periods that it may mean."""

    start: int
    end: int
    periods: tuple[Period, ...]
    role: Role = "window"


def read_phrases(masked: str, cased: str, published: date, days: Days) -> list[Timed]:
    """The phrases of a masked sentence in order, none overlapping another."""
    found: list[Timed] = []
    taken = bytearray(len(masked))
    for phrase in PHRASES:
        if not any(stem in masked for stem in phrase.needs):
            continue
        for match in compiled(phrase.pattern).finditer(masked):
            start, end = match.span()
            if start and masked[start - 1].isalpha() and masked[start].isalpha():
                start = masked.find(" ", start, end) + 1 or start  # the "in" of "gain last year"
            if any(taken[start:end]) or not _is_month(match, cased):
                continue
            meant = tuple(p for p in phrase.build(match, published, days) if p.start <= published)
            if meant or phrase.role in ("same", "vague"):
                taken[start:end] = b"\x01" * (end - start)
                marked = _is_mark(match, masked[:start])
                found.append(Timed(start, end, meant, "mark" if marked else phrase.role))
    return sorted(found, key=lambda t: t.start)


def _is_mark(match: re.Match[str], before: str) -> bool:
    """Whether a time only says since when nothing was as large: "since the crash of 1987"."""
    since = match.group().startswith("since") or _SINCE_WHAT.search(before)
    if since:
        return bool(_SUPERLATIVE.search(before))
    led = match.group().startswith("of ") or before.endswith(" of ")
    return led and bool(_RANKED.search(before.removesuffix("of ")))


def _is_month(match: re.Match[str], cased: str) -> bool:
    """Whether a month is meant: "may" and "march" in lower case are verbs."""
    at = match.start("m") if "m" in match.re.groupindex and match["m"] else -1
    return at < 0 or cased[at].isupper() or match["m"][:3] not in ("may", "mar")

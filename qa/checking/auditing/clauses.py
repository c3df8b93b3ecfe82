"""A sentence taken apart: figures, names of instruments, times, and what belongs with what."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.checking.auditing.dating import DAY, WEEKDAYS
from qa.checking.auditing.endpoints import points
from qa.checking.auditing.phrases import Timed, read_phrases
from qa.checking.auditing.spoken import NAME, Mention, meant, nicknames
from qa.checking.auditing.time_parts import WEEKDAY
from qa.checking.auditing.ways import NOUNS
from qa.checking.figures import Stated, read_figures
from qa.checking.numerals import fold
from qa.market.instruments import mentions

_SAME_SEASON = 60  # days back from publication in which a day's year is in no doubt
FIGURE = "\x13"  # stands in for each character of a figure
_STAND_INS = dict.fromkeys(map(ord, (DAY, NAME, FIGURE)), " ")  # those that a text itself holds
_PIECE = re.compile(
    r"; |: |, (?!(?:or|at) (?:about |nearly |roughly |almost |some |just )?\$?\x13)"
    r"(?:and |but |while |with |as )?| \(|\) | [—-] |—"
    r"| (?:while|whereas|but|although|though|versus|vs\.?|against|compared (?:with|to)|after"
    r"|before) "
    r"| and (?=\x12|the \x12|(?:is|was|has|had|gained|rose|fell|lost|closed|ended|finished|up|down"
    r"|added)\b)"
)
_SAID_DAY = re.compile(rf"(?P<w>{WEEKDAY})(?:'s)?(?: (?:trading )?session)?,? (?:the )?(?={DAY})")


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence read once: everything is placed by its characters.

    `masked` is the sentence in lower case with names, days and figures replaced by stand-ins,
    `bare` has its words for times replaced too: "May" is no "may" there.
    `wrong_days` are dates given a weekday that isn't theirs.
    """

    text: str
    masked: str
    bare: str
    low: str
    figures: tuple[Stated, ...]
    names: tuple[Mention, ...]
    times: tuple[Timed, ...]
    cuts: tuple[int, ...]
    days: tuple[tuple[int, int, date, bool], ...]
    wrong_days: tuple[tuple[str, date], ...]
    published: date

    def piece(self, at: int) -> tuple[int, int]:
        """The part of the sentence around a place, between two marks or joining words."""
        start = max((c for c in self.cuts if c <= at), default=0)
        end = min((c for c in self.cuts if c > at), default=len(self.text))
        return start, end

    def before(self, at: int, reach: int = 60) -> str:
        """The masked words before a place, within its piece."""
        return self.masked[max(self.piece(at)[0], at - reach) : at]

    def after(self, at: int, reach: int = 60) -> str:
        """The masked words after a place, within its piece."""
        return self.masked[at : min(self.piece(at)[1], at + reach)]


def read_clause(text: str, published: date) -> Clause:
    """Take a sentence apart; never raises."""
    low, cased = fold(text)
    stated = [
        _sparked(_aimed(_unshared(f, low), low), low)
        for f in read_figures(text, year_hint=published.year)
        if not _is_moment(f, low)
    ]
    low = low.translate(_STAND_INS)
    chars = list(low)
    names = _names(low, cased)
    for name in names:
        chars[name.start : name.end] = NAME * (name.end - name.start)
    days = _placed_days(stated, chars, published)
    joined = "".join(chars)
    for start, end, day in points(joined, published):
        days.append((start, end, day, True))
        joined = joined[:start] + DAY * (end - start) + joined[end:]
    chosen = meant(names, joined, low)
    for name in set(names) - set(chosen):
        joined = joined[: name.start] + low[name.start : name.end] + joined[name.end :]
    for name in chosen:  # "(IWM)" and all: its parentheses part nothing
        joined = joined[: name.start] + NAME * (name.end - name.start) + joined[name.end :]
    named = _said_days(joined, days)
    joined = _SAID_DAY.sub(lambda m: DAY * len(m.group()), joined)
    figures = tuple(
        s for s in stated if s.value is not None and s.kind not in ("date", "name", "window")
    )
    at = {end: day for _, end, day, _ in days}
    times = tuple(read_phrases(joined, cased, published, at))
    return Clause(
        text,
        joined,
        _without(times, joined),
        low,
        figures,
        chosen,
        times,
        tuple(m.end() for m in _PIECE.finditer(joined)),
        tuple(days),
        tuple(named),
        published,
    )


def _placed_days(
    stated: Sequence[Stated], chars: list[str], published: date
) -> list[tuple[int, int, date, bool]]:
    """The days that are named, with whether their year is sure; masks them, and the figures."""
    days: list[tuple[int, int, date, bool]] = []
    for s in stated:
        start, end = s.span
        if NAME in chars[start:end]:  # "August 10-year yields"
            continue
        if s.kind == "date" and s.precision == "day" and s.day:
            day = _latest(s, published)
            sure = s.year_stated or 0 <= (published - day).days <= _SAME_SEASON
            days.append((start, end, day, sure))
            chars[start:end] = DAY * (end - start)
        elif s.value is not None and not (s.kind in ("count", "ordinal") or s.unit == "sessions"):
            chars[start:end] = FIGURE * (end - start)
    return days


def _is_moment(stated: Stated, low: str) -> bool:
    """Whether words of a figure tell a moment: "at one point on Tuesday"."""
    return stated.text.lower() == "one point" and low.endswith("at ", 0, stated.span[0])


_AIM = re.compile(r"\b(?:target|goal|objective|aim|call|forecast) (?:of|at|is|for) (?:the )?$")


_MOST_PERCENT = 100  # beyond which a number before a percent is a level, and no percent itself


def _unshared(stated: Stated, low: str) -> Stated:
    """A level that stands before a percent, as what it is: "at 443.80, 27% off its own"."""
    if stated.unit != "percent" or stated.value is None or re.search("[%a-z]", stated.text.lower()):
        return stated
    listed = low.startswith(", ", stated.span[1]) and abs(stated.value) > _MOST_PERCENT
    return replace(stated, unit=None, kind="level") if listed else stated


_PASSED = re.compile(
    r"\b(?:above|below|through|past|topped|crossed|breached|reclaimed|cleared|surpassed) (?:the )?$"
)
_NO_NOUN = re.compile(
    r" ?(?:[,.;:)]|$)| (?:mark|level|last|on|this|for|in|and|before|to|but|as|after|with|at|during"
    r"|intraday|briefly|early|late|again|today|yesterday|[a-z]+day)(?![a-z])"
)


def _aimed(stated: Stated, low: str) -> Stated:
    """A whole number that is aimed at or passed, as the level that it is: "a goal of 7,500"."""
    start, end = stated.span
    aim = stated.kind == "count" and "," in stated.text and (
        _AIM.search(low, 0, start) or (_PASSED.search(low, 0, start) and _NO_NOUN.match(low, end))
    )  # fmt: skip
    return replace(stated, kind="level", unit=None) if aim else stated


_SET_OFF = re.compile(r"\b(?:set|sets|setting|touched|touching|kicked) off (?:an? |the )?$")


def _sparked(stated: Stated, low: str) -> Stated:
    """A figure that only its verb's "off" made a fall: "the report set off a 5.5% surge"."""
    if not stated.signed or (stated.value or 0) > 0 or stated.text[:1] in "-(":
        return stated
    if not _SET_OFF.search(low, 0, stated.span[0]):
        return stated
    return replace(stated, value=abs(stated.value or 0.0), signed=False)


def _without(times: Sequence[Timed], masked: str) -> str:
    """The masked sentence with its words for times replaced as days are."""
    for time in times:
        masked = masked[: time.start] + DAY * (time.end - time.start) + masked[time.end :]
    return masked


def _names(low: str, cased: str) -> tuple[Mention, ...]:
    """The names of instruments in order, listed ones before nicknames where both fit."""
    listed = [Mention(*m) for m in mentions(cased)]
    others = [
        n for n in nicknames(low) if not any(m.start < n.end and n.start < m.end for m in listed)
    ]
    return tuple(sorted((*listed, *others), key=lambda n: n.start))


def _latest(stated: Stated, published: date) -> date:
    """The day; where its year isn't stated, the last such day."""
    day = stated.day
    assert day is not None
    if not stated.year_stated and day > published and (day.month, day.day) != (2, 29):
        return day.replace(year=day.year - 1)
    return day


def _said_days(masked: str, days: Sequence[tuple[int, int, date, bool]]) -> list[tuple[str, date]]:
    """The dates that bear a weekday which isn't theirs."""
    wrong = []
    for found in _SAID_DAY.finditer(masked):
        day = next((d for start, _, d, year in days if start == found.end() and year), None)
        ranged = _WEEKDAY_BEFORE.search(masked, 0, found.start())
        if day is not None and not ranged and WEEKDAYS[day.weekday()] != found["w"]:
            wrong.append((found["w"].capitalize(), day))
    return wrong


# "Tuesday—Wednesday, March 16—17": the first of the days bears the first of the weekdays.
_WEEKDAY_BEFORE = re.compile(rf"{WEEKDAY} ?(?:[-—/]|to|and|through) ?$")


# ---- which time belongs with a figure ------------------------------------------------------------


def periods_of(clause: Clause, span: tuple[int, int]) -> tuple[Timed | None, Timed | None]:
    """The window of the figure at `span`, and the day it is told as of, where there are any."""
    windows = [t for t in clause.times if t.role in ("window", "same", "vague")]
    window = _nearest(clause, windows, span)
    anchor = _nearest(clause, [t for t in clause.times if t.role == "anchor"], span)
    if anchor and window:
        low, high = clause.piece(span[0])
        away = not low <= window.start < high and low <= anchor.start < high
        if away and not any(p.running for p in window.periods):
            window = None
    return window, anchor


_OTHER_VERB = re.compile(r"[a-z]+ing |\bits\b|\bafter\b|\bbefore\b|\bwhile\b|\bbut\b|;|: ")


_JOINS = re.compile(r"(?:or| to| at|\() ?\$?\x13")


def _one_list(clause: Clause, start: int, end: int) -> bool:
    """Whether one list runs from a figure to a time: "up 13%, the S&P 500 16% this year"."""
    between = clause.masked[start:end]
    if "respectively" in between:
        return True
    if _OTHER_VERB.search(between):
        return False
    cuts = [c for c in (*clause.cuts, end) if start < c <= end]
    for at, stop in itertools.pairwise((start, *cuts)):
        part = clause.masked[at:stop]
        if FIGURE in part and NAME not in part and not _JOINS.match(part):
            return False
    return True


# "On Wednesday it recovered 1.2% of Tuesday's rout": the day of another move than the figure's.
_OF_ANOTHER = re.compile(rf" (?:[a-z-]+ )?{NOUNS}s?(?![a-z])")


def _is_of_another(clause: Clause, end: int, time: Timed) -> bool:
    owner = re.fullmatch(r" (?:of|from|after|following) (?:the )?", clause.masked[end : time.start])
    return bool(owner and _OF_ANOTHER.match(clause.masked, time.end))


_EARLIER = re.compile(r"(?:an?|the) (?:day|week|month|quarter|year) (?:before|earlier|prior)$")


def _is_of_a_base(clause: Clause, time: Timed) -> bool:
    """Whether a time is only that of the level before it: "from 6,878.88 a week earlier"."""
    earlier = _EARLIER.search(clause.low, time.start, time.end)
    return bool(earlier) and clause.masked.endswith(f"{FIGURE} ", 0, time.start)


def _nearest(clause: Clause, times: Sequence[Timed], span: tuple[int, int]) -> Timed | None:
    """The time told with a figure: right after it, before it, or where a list of them ends."""
    start, end = span
    _, high = clause.piece(start)
    following = [f.span[0] for f in clause.figures if f.span[0] >= end and not f.range_end]
    stop = min(high, min(following, default=len(clause.text)))
    before = [t for t in times if t.end <= start and not _is_of_a_base(clause, t)]
    if before and re.fullmatch(r"'s \$?", clause.masked[before[-1].end - 2 : start]):
        return before[-1]  # "Friday's 2.3% made it a miserable week"
    for time in times:
        if end <= time.start < stop:
            led = before and clause.piece(before[-1].start)[0] == clause.piece(start)[0]
            if before and _is_of_another(clause, end, time):
                return before[-1]
            if led and re.search(r"\band\b", clause.masked[end : time.start]):
                return before[-1]  # "in 2024 it rose 2% and in 2025 it fell 4%"
            return time
    if before:
        return before[-1]
    later = next((t for t in times if t.start >= end), None)
    if later and _one_list(clause, end, later.start):
        return later
    return None

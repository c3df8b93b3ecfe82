"""A sentence taken apart: figures, names of instruments, times, and what belongs with what."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.checking.auditing.dating import DAY, WEEKDAYS
from qa.checking.auditing.endpoints import points
from qa.checking.auditing.phrases import Timed, read_phrases
from qa.checking.auditing.spoken import NAME, Mention, meant, nicknames
from qa.checking.auditing.time_words import WEEKDAY
from qa.checking.auditing.vocabulary import CAUSED
from qa.checking.figures import Stated, read_figures
from qa.checking.numerals import fold
from qa.market.instruments import mentions

_SAME_SEASON = 60  # days back from publication in which a day's year is in no doubt
FIGURE = "\x13"  # stands in for each character of a figure
_STAND_INS = dict.fromkeys(map(ord, (DAY, NAME, FIGURE)), " ")  # those that a text itself holds
_PIECE = re.compile(
    r"; |: |, (?:and |but |while |with |as )?| \(|\) | [—-] |—"
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
    stated = read_figures(text, year_hint=published.year)
    low = low.translate(_STAND_INS)
    chars = list(low)
    names = _names(low, cased)
    for name in names:
        chars[name.start : name.end] = NAME * (name.end - name.start)
    days = []
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
    )


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

# ---- what belongs with a figure ----------------------------------------------------------------

OBJECT = re.compile(
    r"\b(?:outperform\w*|underperform\w*|beat\w*|outpac\w*|lead\w*|led|trail\w*|lag\w*|against|versus"
    r"|vs\.?|than|relative to|over|compared (?:with|to)|ahead of|behind|exceed\w*|top(?:s|ped)"
    r"|surpass\w*|from) (?:the |both the |that of the )?"
    r"(?:(?:broad|broader|broad-based|large-cap|small-cap|benchmark|tech-heavy|blue-chip|invesco"
    r"|ishares"
    r"|spdr|vanguard|wider|cap-weighted) ){0,2}$"
)
# Two instruments before one verb: "the Dow and the S&P 500 fell 0.58% and 0.03%".
_JOINED = re.compile(
    rf"{NAME} and (?:the )?{NAME}+(?: (?:both|each|also|have|had|all))* (?!')[a-z]+[^;,\x12]*$"
)
_FOREIGN = re.compile(
    r"(?:the |its |their |our )?[a-z&'-]+(?: [a-z&'-]+){0,3} (?:fell|rose|gained|lost|dropped"
    r"|climbed"
    r"|slid|added|jumped|is|are|was|were|has|have|surged|declined|advanced|returned|closed|ended"
    r"|finished|tumbled|plunged|rallied|soared|slipped|sank|up|down) "
)
_PARTICIPLE = re.compile(
    r"[\W\x11]*(?:after |with |having |already |still )*(?:an? )?(?:[a-z-]+ )?"
    r"(?:up|down|\x13+|gaining|rising|falling|losing|climbing|sliding|dropping|adding|advancing"
    r"|off)\b"
)
_OWNED = re.compile(
    r" ?(?:(?!ahead|behind|below|above|more|less|better|worse|than|short|because|instead|outside"
    r"|while)"
    rf"[a-z-]+ ){{0,3}}?(?:for|in|by|of|on|off) (?:the )?(?={NAME})"
)
_CLOSE_BY = re.compile(r"(?:'s)?[ (]*(?:(?:gain|rise|advance|drop|loss|decline) of )?")
_TIGHT = re.compile(
    r"(?:'s|:|,| at| up| down| about| only| just| nearly| roughly| by| -| —|\()*[ (]*$"
)
_LEAD_IN = re.compile(
    r"^(?:[\W\x11]|(?:and|or|but|while|as|then|also|still|yet|meanwhile|however"
    r"|overall|so)\b)*"
)
_SAME_SUBJECT = re.compile(
    r"(?:\x13|(?:and |or |but |that |which |who |is |are |was |were |has |have |had |also |still "
    r"|now )*"
    r"(?:it|its|they|their|(?:the |an? )?(?:index|fund|benchmark|etf|gauge|group|small-cap index"
    r"|rally"
    r"|move|gain|advance|decline|drop|record|stretch|streak|run|surge|rise|high|low|close"
    r"|selloff)|this"
    r"|up|down|rose|risen|fell|gain\w*|los[est]\w*|clos\w+|end\w+|finish\w*|advanc\w+|drop\w*"
    r"|climb\w*"
    r"|jump\w*|add\w*|slid\w*|slip\w*|surg\w+|plung\w+|tumbl\w+|hit|touch\w*|outperform\w*"
    r"|underperform\w*|stag\w+|bounc\w+|rebound\w*|rall\w+|declin\w+|returned|daily|all-time"
    r"|52-week"
    r"|intraday|closing|strongest|best|worst|broke|that|a|an|is|was|has|had)\b)"
)


def subject_of(clause: Clause, span: tuple[int, int]) -> str | None:
    """The symbol whose figure stands at `span`; "" for another's, None where none is named."""
    start, end = span
    if "respectively" in clause.masked or _JOINED.search(clause.masked, 0, start):
        return _in_order(clause, span)
    owned = _OWNED.match(clause.masked, end)
    if owned:
        for name in clause.names:
            if name.start == owned.end():
                return name.symbol
    left = [name for name in clause.names if name.end <= start]
    doers = [n for n in left if not OBJECT.search(clause.masked[: n.start])]
    if left and (_TIGHT if left[-1] in doers else _CLOSE_BY).fullmatch(
        clause.masked, left[-1].end, start
    ):
        return left[-1].symbol
    piece = clause.piece(start)
    inside = [n for n in doers if n.start >= piece[0]]
    if inside:
        return inside[-1].symbol
    if not left and (told := _told_after(clause, span)):
        return told
    own = clause.bare[piece[0] : start]
    own = _LEAD_IN.sub("", own, count=1)
    if _FOREIGN.match(own) and not _SAME_SUBJECT.match(own):
        return ""
    if doers:
        return doers[-1].symbol
    return None


def named_later(clause: Clause, span: tuple[int, int]) -> str | None:
    """The only instrument of a sentence, where it stands behind a figure: "A 2% drop left it"."""
    doers = [n for n in clause.names if not OBJECT.search(clause.masked[: n.start])]
    later = [name for name in doers if name.start >= span[1]]
    if later and CAUSED.search(clause.masked, span[1], later[0].end):
        return later[0].symbol  # "Friday's 1,637 close put the index 7% in the red"
    end = clause.piece(span[0])[1]
    symbols = {n.symbol for n in later if n.end <= end} or {n.symbol for n in later}
    return symbols.pop() if len(symbols) == 1 else None


def _told_after(clause: Clause, span: tuple[int, int]) -> str:
    """Whose a figure is that stands before its subject: "Up 16% in 2025, the index beat ..."."""
    if not _PARTICIPLE.match(clause.bare):
        return ""
    end = clause.piece(span[0])[1]
    name = next((n for n in clause.names if n.start >= end), None)
    opens = name is not None and re.fullmatch(r"(?:the )?", clause.masked[end : name.start])
    return name.symbol if name is not None and opens else ""


def _in_order(clause: Clause, span: tuple[int, int]) -> str | None:
    """Whose figure is at `span` in a list told "respectively"; "" where two share one verb."""
    told = [f for f in clause.figures if f.unit == "percent" or f.unit in (None, "price", "points")]
    at = next((i for i, f in enumerate(told) if f.span[0] == span[0]), None)
    if "respectively" in clause.masked and at is not None and len(told) == len(clause.names):
        return clause.names[at].symbol
    return ""


def speaks_on(clause: Clause) -> bool:
    """Whether a sentence without a name of its own speaks on of what came before."""
    return bool(_SAME_SUBJECT.match(_head(clause)))


def speaks_of_another(clause: Clause) -> bool:
    """Whether a sentence begins with a subject that is no instrument: "Gold rose"."""
    head = _head(clause)
    return bool(_FOREIGN.match(head)) and not _SAME_SUBJECT.match(head)


def _head(clause: Clause) -> str:
    """The sentence from its subject on: "On Friday it fell" begins with "it"."""
    return _LEAD_IN.sub("", clause.bare, count=1)


_FUND = re.compile(r"\b(?:fund|etf|trust|spdr|ishares|invesco)\b")


def is_proxied(clause: Clause, *symbols: str | None) -> bool:
    """Whether words name an index or a sector for which the tape holds a fund."""
    from qa.market.instruments import named

    for name in clause.names:
        if name.symbol and name.symbol in symbols and named(name.symbol).kind == "fund":
            said = clause.low[name.start : name.end]
            if name.symbol.lower() not in said and not _FUND.search(said):
                return True
    return False


def other_of(clause: Clause, subject: str | None, span: tuple[int, int]) -> str | None:
    """The instrument that the subject is compared with around a figure."""
    rest = [n for n in clause.names if n.symbol != subject]
    near = sorted(rest, key=lambda n: min(abs(n.start - span[1]), abs(span[0] - n.end)))
    return near[0].symbol if near else None


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


_JOINS = re.compile(r"(?:or| to|\() ?\$?\x13")


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


def _nearest(clause: Clause, times: Sequence[Timed], span: tuple[int, int]) -> Timed | None:
    """The time told with a figure: right after it, before it, or where a list of them ends."""
    start, end = span
    _, high = clause.piece(start)
    following = [f.span[0] for f in clause.figures if f.span[0] >= end and not f.range_end]
    stop = min(high, min(following, default=len(clause.text)))
    before = [t for t in times if t.end <= start]
    for time in times:
        if end <= time.start < stop:
            led = before and clause.piece(before[-1].start)[0] == clause.piece(start)[0]
            if led and re.search(r"\band\b", clause.masked[end : time.start]):
                return before[-1]  # "in 2024 it rose 2% and in 2025 it fell 4%"
            return time
    if before:
        return before[-1]
    later = next((t for t in times if t.start >= end), None)
    if later and _one_list(clause, end, later.start):
        return later
    return None

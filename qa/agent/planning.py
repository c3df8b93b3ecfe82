"""What a question asks for: its intent, instruments, window and voices, read by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateutil.relativedelta import relativedelta

from qa.agent.intents import Intent, intent_of
from qa.agent.spelling import spelled
from qa.agent.windows import MONTH, Window, read_windows
from qa.checking.figures import matches, read_figures
from qa.domain import Figure
from qa.market.instruments import US_INDICES, find, mask, named

_CAPITALISED = re.compile(r"(?<![\w&/-])\^?[A-Z][\w&.]*(?:['’]s?)?(?![\w&])")
_NO_NAMES = frozenset(
    "what who how when where why which is are "
    "us usa u.s u.s. uk eu p e pe p/e etf etfs ai ceo cpi gdp fed fomc ytd mtd qtd eps q1 q2 q3 q4 "
    "h1 h2 rsi spdr nyse i january february march april may june july august september october "
    "november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday "
    "thursday friday saturday sunday christmas new year day treasury treasuries federal reserve "
    "mlk martin luther king thanksgiving easter labor memorial independence "
    "from to and but or it its do does did has have had can could will would should may might "
    "if in on at by for with about after before since compare show give tell list name trace "
    "explain per according also then so any please there this that these those was were "
    "wall street street m&a index indices composite average industrial american america".split()
)
_LEVEL_ASKED = re.compile(
    r"\b(clos(e|ed|es|ing)|open(ed)?|finish(ed)?|settled?|level|end(ed)? (the day|of|20\d\d))\b",
    re.I,
)
_SINCE = re.compile(r"\b(since|from|over)\b", re.I)
_IMPLIED = re.compile(
    r"\b(gain|upside|downside|impl(y|ies)|mean|would|target|reach(es)?|hits?|gets? (back )?to"
    r"|how far|how much (higher|lower|more)|away|distance|from here)\b",
    re.I,
)
# Words of how much is paid for, or expected of, the year they name: no window to measure.
_EXPECTANT = ("target", "views", "valuation", "sustainability")
_PUBLISHED_IN = re.compile(r"\b(in|during|over|since|from)\s+((calendar )?(19|20)\d\d)\b", re.I)
_RECOVERY = re.compile(
    r"\b(regain|reclaim|recover|surpass|exceed|made? (good|up)|back (above|over|to|at)|above its)",
    re.I,
)
_MARKET = re.compile(
    r"\bthe (us |u\.s\. |american |broad |overall )?(stock |equity )?market\b"
    r"|\b(us|u\.s\.|american) (stocks|equities|shares)\b|\bwall street\b",
    re.I,
)
_AGAINST = re.compile(
    r"\b(lead|ahead|behind|gap|difference|differ|beat|outperform\w*|compare\w*"
    r"|between (them|the two)|relative|spread|margin)\b",
    re.I,
)
_FROM_CLOSE = re.compile(
    r"\b(?:from|since) (?:its|the|their) clos(?:e|ing level) (?:of|on)\b", re.I
)
_MONTH_EXTREME = re.compile(
    rf"\b(?:since|from) the (?:{MONTH})\w* (?:low|high|peak|bottom|top)\b", re.I
)
_PERIOD = re.compile(
    r"\b(since|before|after|until|during|between|wtd|q[1-4])\b"
    r"|\b(last|past|previous|this|first) (?!many\b|time\b)(\w+ )?"
    r"(day|week|month|quarter|year|session|meeting)",
    re.I,
)
# "MarketMinute", "BofA", "Bank of America", "Morgan Stanley": no word that opens a question.
_NAME_AT_START = re.compile(r"[A-Z][a-z]*[a-z][A-Z]|[A-Z]\w+ (of )?[A-Z][a-z]")
_SPEAKS = re.compile(r"\s+(says?|said|sees?|saw|thinks?|thought|expects?|argues?|warns?|calls?)\b")
_BASIS = re.compile(
    r"\bopen[- ]to[- ]close\b|\bclose[- ]to[- ]close\b|\bprior close\b"
    r"|(?<=since the )open\b|(?<=from the )open\b",
    re.I,
)
_OTHERS = re.compile(
    r"\bother (us |u\.s\. |american |major |main )*(stock )?(indices|indexes)\b", re.I
)
_ALL_INDICES = re.compile(r"\b(us|u\.s\.|american|major|main) (stock )?(indices|indexes)\b", re.I)


@dataclass(frozen=True)
class Ask:
    """A question as the offline analyst understands it.

    `before`: the instruments that the questions before it were of.

    `symbols`: the instruments named, the subject first. `start`, `end`: the window, if one is
    named. `day`: the one day that is asked about. `strangers`: names that are no instrument we
    know, such as people, firms and companies. `more`: what else the same text asks, of a further
    window or day, or in a further sentence.
    """

    text: str
    intent: Intent | None
    symbols: tuple[str, ...]
    as_of: date
    start: date | None = None
    end: date | None = None
    day: date | None = None
    strangers: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    more: tuple[Ask, ...] = ()

    @property
    def topic(self) -> str:
        """What to search for: the question, with its instruments where it leaves them out."""
        if find(self.text) or not self.symbols:
            return self.text
        names = " ".join(dict.fromkeys(named(s).name for s in self.symbols[:2]))
        small = " small caps" if self.subject in ("^RUT", "IWM") else ""
        return f"{self.text} {names}{small}"

    @property
    def subject(self) -> str | None:
        """The first instrument named."""
        return self.symbols[0] if self.symbols else None

    def contradicts(self, move: Figure | None) -> bool:
        """Whether the question takes for granted a move in percent that isn't this one."""
        if move is None or not isinstance(move.value, float):
            return False
        named = [f for f in read_figures(self.text) if f.unit == "percent" and f.signed]
        return bool(named) and not any(matches(f, move.value, "percent") for f in named)

    @property
    def later(self) -> bool:
        """Whether it asks of a time of which no session has ended by the as-of date."""
        from qa.market.sessions import FIRST_DAY, last_session

        if self.as_of < FIRST_DAY or not (self.start or self.day):
            return False
        if self.day:
            return self.day > self.as_of
        return self.start is not None and self.start > last_session(self.as_of)

    @property
    def unread(self) -> bool:
        """Whether it names a period in words that were not understood."""
        return not (self.start or self.day) and bool(_PERIOD.search(self.text))

    @property
    def has_verdict(self) -> bool:
        """Whether it asks if the rise of a price will last: a yield or the VIX has no rally."""
        kind = named(self.subject).kind if self.subject else None
        return self.intent == "sustainability" and kind in ("index", "fund")

    @property
    def basis(self) -> str | None:
        """The basis that the question names, if it names one."""
        found = _BASIS.search(self.text)
        if found is None and _FROM_CLOSE.search(self.text):
            return "close"
        return (
            {"o": "open", "c": "close", "p": "prior_close"}[found[0][0].lower()] if found else None
        )

    @property
    def level(self) -> float | None:
        """A level that stands in the question, such as a price target."""
        figures = read_figures(self.text)
        levels = [
            f.value
            for f in figures
            if f.kind == "level" and f.unit in (None, "price", "points") and f.value
        ]
        return next((v for v in levels if v >= 10), None)

    @property
    def benchmark(self) -> str | None:
        """What to hold the subject against: the second instrument named, or its usual one."""
        if len(self.symbols) > 1:
            return self.symbols[1]
        return named(self.symbols[0]).benchmark if self.symbols else None

    @property
    def window(self) -> tuple[date, date]:
        """The window named, or by default this month and the one before."""
        end = self.end or self.as_of
        return self.start or (end.replace(day=1) - relativedelta(months=1)), end


# What is asked of a window or a day, so that a second one is a second thing asked.
TIMED = ("performance", "level", "technicals", "risk", "sectors", "breadth", "credit", "drawdown")
_NEXT_SENTENCE = re.compile(r"(?<=\?)\s+(?=\w)")
# Whose follow-up is one on what the tape did, when it names a time.
_OF_ALL_TIMES = ("sustainability", "season", "precedent")
# What a follow-up goes on with when it names no period of its own.
_GOES_ON = ("performance", "risk", "sectors", "breadth", "credit", "drawdown")


def read_questions(texts: Sequence[str], as_of: date, held: Sequence[str] = ()) -> Ask:
    """Read the last question of a thread: what it leaves out, those before it have said."""
    ask = read_question(texts[0], as_of, held)
    for text in texts[1:]:
        ask = read_question(text, as_of, held, ask)
    return ask


def read_question(
    text: str, as_of: date, held: Sequence[str] = (), before: Ask | None = None
) -> Ask:
    """Read a question; relative dates count from `as_of`, `held` are the tape's symbols.

    `before` is the question that this one follows: "And energy?", "What do the skeptics say?"
    """
    text = spelled(text)
    first, *others = _NEXT_SENTENCE.split(text)
    if others and all(sentence.endswith("?") for sentence in others):
        ask = read_question(first, as_of, held, before)
        # Of what somebody has written, all that is asked is one topic to look for.
        if ask.intent is not None and ask.intent == intent_of(text) and not ask.strangers:
            asked = (read_question(sentence, as_of, held, ask) for sentence in others)
            return _with(ask, [other for other in asked if other.intent in TIMED])
    windows = read_windows(text, as_of) or [(None, None, None)]
    ask, *others_of_it = (_read(text, as_of, held, before, window) for window in windows)
    if ask.intent in TIMED:
        others_of_it = [other for other in others_of_it if other.intent in TIMED]
    return _with(ask, others_of_it)


def _with(ask: Ask, others: Sequence[Ask]) -> Ask:
    """The ask with what else is asked, as far as it is something else."""
    return replace(ask, more=(*ask.more, *(other for other in others if not _same(other, ask))))


def _same(one: Ask, other: Ask) -> bool:
    """Whether two asks are of the same thing over the same time."""
    return (one.intent, one.symbols, one.start, one.end, one.day) == (
        other.intent,
        other.symbols,
        other.start,
        other.end,
        other.day,
    )


def _read(text: str, as_of: date, held: Sequence[str], before: Ask | None, window: Window) -> Ask:
    """The question as it is asked of one of its windows."""
    symbols = find(text)
    symbols += [
        s for s in held if s not in symbols and re.search(rf"(?<![\w^]){re.escape(s)}\b", text)
    ]
    if _OTHERS.search(text) or (_ALL_INDICES.search(text) and not symbols):
        symbols += [s for s in US_INDICES if s not in symbols]
    if not held:  # a source that can't list what it has may have anything that looks like a symbol
        symbols += [s for s in _strangers(text) if re.fullmatch(r"\^?[A-Z]{1,5}", s)]
    strangers = _strangers(text)
    if not symbols and not strangers and _MARKET.search(text):
        symbols = [s for s in ("^GSPC",) if not held or s in held]
    ask = Ask(text, intent_of(text), tuple(symbols), as_of, *window, strangers)
    if before is not None:
        ask = _going_on(ask, before)
        symbols = list(ask.symbols)
    if ask.intent is None and ask.start and symbols:
        return replace(ask, intent="performance")
    if ask.intent == "level" and not symbols and not ask.strangers:
        ask = replace(ask, symbols=tuple(s for s in US_INDICES if not held or s in held))
    return _settled(ask)


def _going_on(ask: Ask, before: Ask) -> Ask:
    """The follow-up with what it takes from the question before."""
    ask = replace(ask, before=before.symbols)
    if not ask.symbols and not ask.strangers:
        symbols = before.symbols
        if _AGAINST.search(ask.text):  # "how big is its lead?": of the two that were spoken of
            symbols = tuple(dict.fromkeys(before.before + before.symbols))
        ask = replace(ask, symbols=symbols)
    if ask.basis and before.intent in _GOES_ON and not (ask.start or ask.day):
        ask = replace(ask, intent=before.intent)
    timed = bool(ask.start or ask.day or ask.unread)
    if ask.intent is None:
        goes_back = timed and before.intent in _OF_ALL_TIMES
        ask = replace(ask, intent="performance" if goes_back else before.intent)
    if not timed and ask.intent in _GOES_ON:
        ask = replace(ask, start=before.start, end=before.end)
    if not timed and ask.intent == "level":
        ask = replace(ask, day=before.day)
    return ask


def _settled(ask: Ask) -> Ask:
    """The ask with its intent and its window or day in keeping with each other."""
    ask = _placed(ask)
    if ask.intent == "sustainability" and ask.subject and not ask.has_verdict and ask.start:
        return replace(ask, intent="performance")
    if ask.intent == "technicals" and _MONTH_EXTREME.search(ask.text):
        return replace(ask, intent="performance")
    if ask.level is not None and (ask.subject or ask.strangers) and _IMPLIED.search(ask.text):
        return replace(ask, intent="target")
    closing = bool(_LEVEL_ASKED.search(ask.text)) and not (ask.start and _SINCE.search(ask.text))
    if ask.intent in ("performance", "views", "sectors", None) and ask.day:
        asks_why = ask.intent == "views"
        if ask.symbols and (closing or not asks_why):
            return replace(ask, intent="level")
    if ask.intent == "level" and ask.start and not closing:
        return replace(ask, intent="performance")
    if ask.intent == "level" and ask.end and not ask.day:
        return replace(ask, day=ask.end)
    return ask


def _placed(ask: Ask) -> Ask:
    """The ask without a year that it looks ahead to, or with what came after a high it names."""
    ahead = ask.start is not None and ask.start.year >= ask.as_of.year
    if ask.start and (ask.intent == "views" or (ask.intent in _EXPECTANT and ahead)):
        whole_year = (
            ask.start.replace(month=1, day=1) == ask.start and str(ask.start.year) in ask.text
        )
        if whole_year and not _PUBLISHED_IN.search(ask.text):
            return replace(ask, start=None, end=None)
    if ask.intent == "drawdown" and ask.start and _RECOVERY.search(ask.text):
        return replace(ask, end=ask.as_of)
    return ask


def _strangers(text: str) -> tuple[str, ...]:
    """Names in a question that aren't instruments we know: tickers, companies, people.

    Words beside each other make one name: "Morgan Stanley". The word that opens the question is
    one only if it owns or says something.
    """
    found: list[str] = []
    end = -2
    for match in _CAPITALISED.finditer(mask(text)):
        name = re.sub(r"(?:['’]s?|\.)$", "", match.group())
        opens = match.start() == 0 and name == match.group() and not _NAME_AT_START.match(text)
        if (opens and not _SPEAKS.match(text, match.end())) or name.lower().strip("^") in _NO_NAMES:
            continue
        if found and match.start() == end + 1:
            found[-1] += f" {name}"
        else:
            found.append(name)
        end = match.end()
    return tuple(dict.fromkeys(found))

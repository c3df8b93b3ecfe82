"""What a question asks for: its intent, instruments, window and voices, read by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from dateutil.relativedelta import relativedelta

from qa.agent.windows import MONTH, read_window
from qa.checking.figures import matches, read_figures
from qa.domain import Figure
from qa.market.instruments import US_INDICES, find, mask, named

Intent = Literal[
    "sustainability",
    "performance",
    "level",
    "target",
    "sectors",
    "risk",
    "technicals",
    "signals",
    "views",
    "advice",
    "prediction",
    "valuation",
]

_INTENTS: tuple[tuple[Intent, str], ...] = (
    (
        "advice",
        r"\bshould (i|we|you|one|my|our|investors)\b|\b(buy|sell) or (buy|sell|hold)\b"
        r"|\bworth (buying|selling)\b|\b(good|right|bad) time to (buy|sell|invest)\b"
        r"|\b(what|which) (stocks?|funds?|etfs?|shares?) (to|should|do i) ",
    ),
    ("target", r"\btargets?\b|\bupside\b|\bdownside\b|\bprice objective\b"),
    (
        "prediction",
        r"\b(what|where|how (high|low|much|far)) will\b|\bpredict\b|\btomorrow\b"
        r"|\bnext (week|month|quarter|year|monday|tuesday|wednesday|thursday|friday)\b",
    ),
    (
        "sustainability",
        r"sustainab|\b(can|will|could|does|is|are|has|have)\b.*(?:\b(continue|persist|endure|fade|"
        r"fading|hold up|keep (on )?\w+ing|fizzle|reverse|run(ning)? out|overdone|durable|"
        r"healthy|legs|steam|built (to|on)|driven by|rest(s|ing)? on|justified|too far|stretched|"
        r"bubble|trap|for real|staying power)\b|(?<!the )\blasts?\b(?!\s+(\d|\w+\s+)?(trading )?"
        r"(day|week|month|quarter|year|session|meeting|fed))|\bover\s*[?.!]*$)"
        r"|\brally\b.*\b(real|end)\b|\bhow (long|durable)\b|\bstaying power\b|\bgo wrong\b",
    ),
    ("signals", r"\bsignals?\b|\bwould change\b|\bwatch(list| for)?\b|\btriggers?\b"),
    ("sectors", r"\bsectors?\b"),
    ("valuation", r"\bp/?e\b|\bvaluations?\b|\bmultiples?\b|\bearnings\b|\bexpensive\b|\bcheap\b"),
    (
        "views",
        r"\b(say|says|said|think|thinks|expect|expects|argue|argues|view|views|opinion|opinions|"
        r"bulls?|bears?|skeptics?|sceptics?|analysts?|strategists?|commentary|forecasts?|warns?|who|"
        r"why|reasons?|drivers?|risks?)\b",
    ),
    ("risk", r"\bvolatil|\bstandard deviation\b|\bdrawdown|\brisky\b|\bdeepest fall\b"),
    (
        "technicals",
        r"(?<!close )(?<!the )\b(high|low)(est)?\b(?! and)|\b(high|low)est\b|\b\d+[- ]?dma?\b"
        r"|\b(from|since|below|off|under|near) (its|the|their|a) ([\w-]+ )?(high|peak|low)s?\b"
        r"|\b\d+-day\b|\bmoving average|\baverages?\b|\b52[- ]week\b|\bsupport\b|\btechnical"
        r"|\brange\b",
    ),
    (
        "performance",
        r"\bperform|\breturn|\bgain|\bhow (did|has|have|much|was|were)\b"
        r"|\b(rise|rose|risen|fall|fell|fallen|drop|dropped|beat|beaten|outperform\w*|against|"
        r"versus|vs\.?|compare\w*|lead|lag|up|down|moved?)\b",
    ),
    (
        "level",
        r"\bclos(e|ed|es|ing)\b|\bopen(ed)?\b|\blevel\b|\bprice\b|\btrad(e|ing)\b|\bwhere\b|\bquote\b",
    ),
)
_CAPITALISED = re.compile(r"(?<![\w&/-])\^?[A-Z][\w&.]*(?:['’]s?)?(?![\w&])")
_NO_NAMES = frozenset(
    "what who how when where why which is are "
    "us usa u.s u.s. uk eu p e pe p/e etf etfs ai ceo cpi gdp fed fomc ytd mtd qtd eps q1 q2 q3 q4 "
    "h1 h2 rsi spdr nyse i january february march april may june july august september october "
    "november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday "
    "thursday friday saturday sunday christmas new year day treasury treasuries federal reserve "
    "mlk martin luther king thanksgiving easter labor memorial independence "
    "wall street street m&a index indices composite average industrial american america".split()
)
_LEVEL_ASKED = re.compile(
    r"\b(clos(e|ed|es|ing)|open(ed)?|finish(ed)?|settled?|level|end(ed)? (the day|of|20\d\d))\b",
    re.I,
)
_SINCE = re.compile(r"\b(since|from|over)\b", re.I)
_IMPLIED = re.compile(
    r"\b(gain|upside|downside|impl(y|ies)|mean|would|target|reach(es)?|hits?|gets? to)\b", re.I
)
_MONTH_EXTREME = re.compile(
    rf"\b(?:since|from) the (?:{MONTH})\w* (?:low|high|peak|bottom|top)\b", re.I
)
_PERIOD = re.compile(
    r"\b(since|before|after|until|during|between|wtd|q[1-4])\b"
    r"|\b(last|past|previous|this|first) (\w+ )?(day|week|month|quarter|year|session|meeting)",
    re.I,
)
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

    `symbols`: the instruments named, the subject first. `start`, `end`: the window, if one is
    named. `day`: the one day that is asked about. `strangers`: names that are no instrument we
    know, such as people, firms and companies.
    """

    text: str
    intent: Intent | None
    symbols: tuple[str, ...]
    as_of: date
    start: date | None = None
    end: date | None = None
    day: date | None = None
    strangers: tuple[str, ...] = ()

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


# What a follow-up goes on with when it names no period of its own.
_GOES_ON = ("performance", "risk", "sectors")


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
    symbols = find(text)
    symbols += [
        s for s in held if s not in symbols and re.search(rf"(?<![\w^]){re.escape(s)}\b", text)
    ]
    if _OTHERS.search(text) or (_ALL_INDICES.search(text) and not symbols):
        symbols += [s for s in US_INDICES if s not in symbols]
    if not held:  # a source that can't list what it has may have anything that looks like a symbol
        symbols += [s for s in _strangers(text) if re.fullmatch(r"\^?[A-Z]{1,5}", s)]
    start, end, day = read_window(text, as_of)
    ask = Ask(text, _intent(text), tuple(symbols), as_of, start, end, day, _strangers(text))
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
    if not ask.symbols and not ask.strangers:
        ask = replace(ask, symbols=before.symbols)
    timed = bool(ask.start or ask.day or ask.unread)
    if ask.intent is None:
        goes_back = timed and before.intent == "sustainability"
        ask = replace(ask, intent="performance" if goes_back else before.intent)
    if not timed and ask.intent in _GOES_ON:
        ask = replace(ask, start=before.start, end=before.end)
    if not timed and ask.intent == "level":
        ask = replace(ask, day=before.day)
    return ask


def _settled(ask: Ask) -> Ask:
    """The ask with its intent and its window or day in keeping with each other."""
    if ask.intent == "technicals" and _MONTH_EXTREME.search(ask.text):
        return replace(ask, intent="performance")
    if ask.level is not None and ask.subject and _IMPLIED.search(ask.text):
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


def _intent(text: str) -> Intent | None:
    lowered = text.lower()
    return next((name for name, pattern in _INTENTS if re.search(pattern, lowered)), None)


def _strangers(text: str) -> tuple[str, ...]:
    """Names in a question that aren't instruments we know: tickers, companies, people.

    Words beside each other make one name: "Morgan Stanley". The word that opens the question is
    one only if it owns or says something.
    """
    found: list[str] = []
    end = -2
    for match in _CAPITALISED.finditer(mask(text)):
        name = re.sub(r"(?:['’]s?|\.)$", "", match.group())
        opens = match.start() == 0 and name == match.group()
        if (opens and not _SPEAKS.match(text, match.end())) or name.lower().strip("^") in _NO_NAMES:
            continue
        if found and match.start() == end + 1:
            found[-1] += f" {name}"
        else:
            found.append(name)
        end = match.end()
    return tuple(dict.fromkeys(found))

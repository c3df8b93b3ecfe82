"""What a question asks for: its intent, instruments, window and voices, read by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.agent.ask import Ask, asked_last
from qa.agent.going_on import going_on
from qa.agent.intents import Intent, intent_of
from qa.agent.lookups import asks_of_a_level_passed
from qa.agent.spelling import spelled
from qa.agent.windows import MONTH, Window, read_windows
from qa.market.instruments import US_INDICES, find, mask, named

_CAPITALISED = re.compile(r"(?<![\w&/-])\^?[A-Z][\w&.]*(?:['’]s?)?(?![\w&])")
_NO_NAMES = frozenset(
    "what who how when where why which is are "
    "us usa u.s u.s. uk eu p e pe p/e etf etfs ai ceo cpi gdp fed fomc ytd mtd qtd eps q1 q2 q3 q4 "
    "h1 h2 rsi spdr nyse i january february march april may june july august september october "
    "november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday "
    "thursday friday saturday sunday christmas new year day treasury treasuries federal reserve "
    "true false right wrong mlk martin luther king thanksgiving easter labor memorial independence "
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
_DAY_EXTREME = re.compile(
    r"\bthe (?:day['’]s |session['’]s |intraday |daily )?(?:high|low)\b(?! clos)"
    r"|\b(?:intraday|session|day['’]s) (?:high|low)\b",
    re.I,
)
_GAP = re.compile(
    r"\b(curve|gap|spread|difference|steep\w*|flat\w*|invert\w*|slope|between|less|minus|above"
    r"|below|over|apart|wid\w+)\b",
    re.I,
)
_MATURITY = re.compile(
    r"\b(?:\d{1,2}|two|three|five|ten|thirteen|thirty)[- ]?(?:year|yr|month|week)s?\b", re.I
)
_SIZES = re.compile(
    r"\bsmall[- ]?(?:caps?)?(?: to | ?/ ?| over | versus | vs\.? )large"
    r"|\blarge[- ]?(?:caps?)?(?: to | ?/ ?| over | versus | vs\.? )small",
    re.I,
)
_ROTATION = re.compile(
    r"\b(?:rotat\w+|shift\w*|switch\w*|mov\w+|flight)\b[^.?]{0,20}\b(?:from|out of)\b[^.?]*"
    r"\b(?:in)?to\b",
    re.I,
)
_MONTH_EXTREME = re.compile(
    rf"\b(?:since|from) the (?:{MONTH})\w* (?:low|high|peak|bottom|top)\b", re.I
)
# "MarketMinute", "BofA", "Bank of America", "Morgan Stanley": no word that opens a question.
_NAME_AT_START = re.compile(r"[A-Z][a-z]*[a-z][A-Z]|[A-Z]\w+ (of )?[A-Z][a-z]")
_SPEAKS = re.compile(r"\s+(says?|said|sees?|saw|thinks?|thought|expects?|argues?|warns?|calls?)\b")
_OTHERS = re.compile(
    r"\bother (us |u\.s\. |american |major |main )*(stock )?(indices|indexes)\b", re.I
)
_ALL_INDICES = re.compile(r"\b(us|u\.s\.|american|major|main) (stock )?(indices|indexes)\b", re.I)


# What is asked of a window or a day, so that a second one is a second thing asked.
TIMED = ("performance", "level", "technicals", "risk", "sectors", "breadth", "credit", "drawdown")
_NEXT_SENTENCE = re.compile(r"(?<=\?)\s+(?=\w)")


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
        named_later = not ask.symbols and bool(find(text))  # "Is there a January effect? Of ...?"
        # Of what somebody has written, all that is asked is one topic to look for.
        of_the_tape = ask.intent is not None and ask.intent == intent_of(text) and not ask.strangers
        if of_the_tape and not named_later:
            asked = (read_question(sentence, as_of, held, ask) for sentence in others)
            return _with(ask, [other for other in asked if other.intent in TIMED])
    timing = asked_last(text) if _intent(text) == "views" else text
    windows = read_windows(timing, as_of) or [(None, None, None)]
    ask, *others_of_it = (_read(text, as_of, held, before, window) for window in windows)
    if ask.intent in TIMED:
        others_of_it = [other for other in others_of_it if other.intent in TIMED]
    return _with(ask, others_of_it)


def _intent(text: str) -> Intent | None:
    """What kind of question a text is: one on views if it ends with one, whatever it says first."""
    last = intent_of(asked_last(text))
    return last if last == "views" else intent_of(text)


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
    ask = Ask(text, _intent(text), tuple(symbols), as_of, *window, strangers)
    if before is not None:
        ask = going_on(ask, before)
        symbols = list(ask.symbols)
    if ask.intent is None and ask.start and symbols:
        return replace(ask, intent="performance")
    if ask.intent == "level" and not symbols and not ask.strangers:
        ask = replace(ask, symbols=tuple(s for s in US_INDICES if not held or s in held))
    return _settled(ask)


def _settled(ask: Ask) -> Ask:
    """The ask with its intent and its window or day in keeping with each other."""
    ask = _placed(_of_a_pair(ask))
    if ask.intent == "sustainability" and ask.day and ask.level and _LEVEL_ASKED.search(ask.text):
        return replace(ask, intent="level")  # "X gives a close of 2,023.27. Does that hold?"
    if ask.day and ask.subject and _DAY_EXTREME.search(ask.text):
        return replace(ask, intent="technicals")
    if asks_of_a_level_passed(ask) and ask.subject and not ask.day and ask.intent == "level":
        return replace(ask, intent="performance")
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


def _of_a_pair(ask: Ask) -> Ask:
    """The ask on two that are held against each other: their curve, or what money moves into."""
    yields = [s for s in ask.symbols if named(s).kind == "yield"]
    two = len(yields) > 1 or (yields and len(_MATURITY.findall(ask.text)) > 1)
    if two and ask.intent != "views" and _GAP.search(ask.text):
        return replace(ask, intent="curve")
    if ask.intent == "ratio" and (sizes := _SIZES.search(ask.text)):
        pair = ("^RUT", "^GSPC") if sizes[0].lower().startswith("small") else ("^GSPC", "^RUT")
        return replace(ask, symbols=pair)
    if ask.intent == "ratio" and len(ask.symbols) < 2:
        return replace(ask, intent="performance" if ask.start else None)
    if len(ask.symbols) > 1 and _ROTATION.search(ask.text):
        first, second, *others = ask.symbols
        return replace(ask, symbols=(second, first, *others))
    return ask


def _placed(ask: Ask) -> Ask:
    """The ask without a year that it looks ahead to, or with what came after a high it names."""
    ahead = ask.start is not None and ask.start.year >= ask.as_of.year
    if ask.start and (ask.intent == "views" or (ask.intent in _EXPECTANT and ahead)):
        whole_year = (
            ask.start.replace(month=1, day=1) == ask.start and str(ask.start.year) in ask.text
        )
        if ask.start > ask.as_of or (whole_year and not _PUBLISHED_IN.search(ask.text)):
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

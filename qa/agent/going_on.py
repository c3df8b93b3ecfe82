"""What a follow-up takes from the question before it: "And energy?", "The year after?", "Why?"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from qa.agent.ask import Ask
from qa.agent.periods import NUMBERS, in_figures, stepped
from qa.agent.windows import Window

# Whose follow-up is one on what the tape did, when it names a time.
_OF_ALL_TIMES = ("sustainability", "season", "precedent")
# What a follow-up goes on with when it names no period of its own.
_GOES_ON = ("performance", "risk", "sectors", "breadth", "credit", "drawdown", "streak")
_AGAINST = re.compile(
    r"\b(lead|ahead|behind|gap|difference|differ|beat|outperform\w*|compare\w*"
    r"|between (them|the two)|relative|spread|margin|ratio)\b",
    re.I,
)
_UNIT = r"(?P<unit>day|session|week|month|quarter|year)s?"
_BESIDE = re.compile(  # "the year after that", "two months later"
    rf"\b(?:(?P<n>\d{{1,2}}|{'|'.join(NUMBERS)}) )?{_UNIT} "
    r"(?P<way>after|afterwards|later|following|before|earlier|prior)\b",
    re.I,
)
_NEXT_TO = re.compile(
    r"\bthe (?P<way>next|following|subsequent|previous|preceding|prior)"
    rf" (?:(?P<n>{'|'.join(NUMBERS)}) )?{_UNIT}\b",
    re.I,
)
_EARLIER = ("before", "earlier", "prior", "previous", "preceding")
_WHY = re.compile(
    r"\W*((and|but|so|ok|okay) )*(why|how come|what('s| is| was) behind (it|that|this)"
    r"|what drove (it|that|this))( (is|was|did|does) (that|it|this)( so| happen\w*)?| so)?\W*",
    re.I,
)
_FROM_HERE = re.compile(
    r"\b(how (far|much (higher|lower|more))|upside|downside|away|distance|from here|impl(y|ies)"
    r"|(highest|lowest|first|second|third|last|other) (one|target)|get there)\b",
    re.I,
)


def going_on(ask: Ask, before: Ask) -> Ask:
    """The follow-up with what it takes from the question before."""
    ask = replace(ask, before=before.symbols)
    if before.intent == "target" and ask.level is None and _FROM_HERE.search(ask.text):
        return _of_its_target(ask, before)
    if not ask.symbols and not ask.strangers:
        symbols = before.symbols
        if _AGAINST.search(ask.text):  # "how big is its lead?": of the two that were spoken of
            symbols = tuple(dict.fromkeys(before.before + before.symbols))
        ask = replace(ask, symbols=symbols)
    if _WHY.fullmatch(ask.text) and (before.start or before.day):
        text = f"Why? {before.text}"
        return replace(
            ask, text=text, intent="views", start=before.start, end=before.end, day=before.day
        )
    if ask.basis and before.intent in _GOES_ON and not (ask.start or ask.day):
        ask = replace(ask, intent=before.intent)
    ask = _beside(ask, before)
    timed = bool(ask.start or ask.day or ask.unread)
    if ask.intent is None:
        goes_back = timed and before.intent in _OF_ALL_TIMES
        ask = replace(ask, intent="performance" if goes_back else before.intent)
    if not timed and ask.intent in _GOES_ON:
        ask = replace(ask, start=before.start, end=before.end)
    if not timed and ask.intent == "level":
        ask = replace(ask, day=before.day)
    return ask


def _of_its_target(ask: Ask, before: Ask) -> Ask:
    """A question of how far it is to the target that was asked about, as one on that target."""
    return replace(
        ask,
        text=f"{before.text} {ask.text}",
        intent="target",
        symbols=ask.symbols or before.symbols,
        strangers=ask.strangers or before.strangers,
        start=None,
        end=None,
        day=None,
    )


def _beside(ask: Ask, before: Ask) -> Ask:
    """The follow-up with the time next to the one before, where that is what it names."""
    match = _BESIDE.search(ask.text) or _NEXT_TO.search(ask.text)
    own = ask.start or ask.day if match and match.re is _BESIDE else None
    if match is None or own or not (before.start or before.day):
        return ask
    start, end, day = _next_to(match, before)
    intent = None if ask.intent in ("prediction", "precedent") else ask.intent
    return replace(ask, intent=intent, start=start, end=end, day=day)


def _next_to(match: re.Match[str], before: Ask) -> Window:
    """The days, weeks, months, quarters or years right before or after those asked about."""
    from qa.market.sessions import last_session

    unit, n = match["unit"].lower(), in_figures(match["n"], 1)
    first = before.day or before.window[0]
    last = before.day or before.window[1]
    earlier = match["way"].lower() in _EARLIER
    if unit in ("day", "session"):
        if not earlier:
            return None, None, stepped(last, n, unit)
        for _ in range(n):
            first = last_session(first - timedelta(1))
        return None, None, first
    if n > 1 and match["way"].lower() in ("later", "earlier"):  # as long, that much later
        apart = -n if earlier else n
        start, end = stepped(first, apart, unit), stepped(last + timedelta(1), apart, unit)
        return start, min(end - timedelta(1), before.as_of), None
    if earlier:
        return stepped(first, -n, unit), first - timedelta(1), None
    begins = last + timedelta(1)
    return begins, min(stepped(begins, n, unit) - timedelta(1), before.as_of), None

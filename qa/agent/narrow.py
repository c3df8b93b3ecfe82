"""Narrow questions get narrow answers: the few sentences for each kind of question."""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.agent import odds, outside, premises, quoting, replies, standings
from qa.agent.notebook import Notebook
from qa.agent.planning import Ask
from qa.agent.quoting import Answered
from qa.agent.replies import Seen
from qa.domain import Draft, DraftClaim, DraftVerdict
from qa.market.instruments import find, named

Answer = Callable[[Ask, Notebook], Answered]
NO_ADVICE = (
    "Whether to buy or sell: Tapecheck gives evidence, not advice. Ask, for example, whether a "
    "rally is sustainable, or what analysts expect of it."
)
NO_FORECAST = (
    "What a price will be: nothing in the evidence can tell. Ask for the targets that analysts "
    "have set, or what they expect."
)
_FROM_THE_TAPE = (
    "level",
    "performance",
    "technicals",
    "risk",
    "drawdown",
    "signals",
    "sustainability",
    "season",
    "precedent",
)
_WINDOWED = ("performance", "risk", "sectors", "breadth", "credit", "streak")
_NOTED = ("technicals", "signals", "sectors", "season", "precedent")
_MOMENTUM = re.compile(r"\brsi\b|relative strength index|overbought|oversold|\bmomentum\b", re.I)
_CROSSES = re.compile(r"\bcross", re.I)
_AVERAGES = re.compile(r"\baverages?\b|\b\d+[- ]?d(ay|ma)\b|\btechnical", re.I)
_RANGE = re.compile(r"\brange\b|\b52[- ]week|\b(high|low|peak)(s|est)?\b", re.I)
_YEAR_RANGE = re.compile(r"\b52[- ]week|\bweeks?\b|\byear", re.I)
_OF_THE_DAY = re.compile(r"\bintraday\b|\b(high|low)(s|est)?\b|\brange\b", re.I)
_EXTREME_DAYS = re.compile(
    r"\b(best|worst|strongest|weakest|biggest|largest|steepest)\b[^,.;?]{0,40}"
    r"\b(days?|sessions?|daily|one-day|single-day)\b",
    re.I,
)
_SHARES = re.compile(r"\b(shares?|stock)\b(?! market)", re.I)
_FUNDS_RATE = re.compile(r"\b(fed(eral)?[- ]funds|policy rate|fed target)\b", re.I)
NO_FUNDS_RATE = (
    "The fed funds rate: its level is no part of the yields here; ask what commentary says of it."
)
_TOTAL = re.compile(
    r"\btotal[- ]returns?\b|\bdividends?\b|\breinvest|\badjusted clos|\bdistributions?\b", re.I
)


def is_foreign(ask: Ask) -> bool:
    """Whether a question for the tape names only what isn't on it."""
    return bool(ask.strangers) and not ask.symbols and ask.intent in _FROM_THE_TAPE


def reply(ask: Ask, notebook: Notebook) -> Draft:
    """The draft for a narrow question; what is missing is said, with what there is instead."""
    claims: list[DraftClaim] = []
    missing: list[str] = []
    for each in (ask, *ask.more):
        told, lacking = _claims(each, notebook)
        claims += [claim for claim in told if claim not in claims]
        missing += lacking
    if not claims and not missing:
        missing = [_nothing(ask, notebook)]
    notes = replies.missing(notebook.evidence) if ask.intent in _NOTED else []
    notes += not_understood(ask)
    return Draft(
        verdict=DraftVerdict(label="not_asked", why=""),
        claims=tuple(claims),
        unanswered=tuple(dict.fromkeys([*missing, *notebook.problems, *notes])),
    )


def not_understood(ask: Ask) -> list[str]:
    """What of a question was not read, said with what was used in its place."""
    if ask.more and ask.has_verdict:
        start, end = ask.window
        return [
            f"More is asked than is answered here: the window is {start} to {end}; a second period "
            "or question takes an answer of its own."
        ]
    if ask.has_verdict and not (ask.start or ask.day or ask.unread):
        start, end = ask.window
        return [
            "The question names no period: the window is this month and the one before, "
            f"{start} to {end}."
        ]
    if not ask.unread or not ask.symbols or ask.intent not in (*_WINDOWED, "sustainability"):
        return []
    start, end = ask.window
    return [
        f"The period that was asked about was not understood: the window is {start} to {end}. "
        "Name the dates for another."
    ]


def _claims(ask: Ask, notebook: Notebook) -> Answered:
    if ask.intent == "advice":
        return [], [NO_ADVICE]
    if ask.intent == "prediction":
        return [], [NO_FORECAST]
    if outside.is_foreign_language(ask.text):
        return [], [outside.NOT_ENGLISH]
    answer = _ANSWERS.get(ask.intent or "", _snapshot)
    voiced = answer in (_views, quoting.targets, quoting.valuations)
    if not voiced and not _is_of_shares(ask) and quoting.spoken_by(ask, notebook):
        return _said_and_done(answer, ask, notebook)
    what = None if voiced else outside.not_held(ask.text)
    if what and _is_all_that_is_asked(ask):
        return [], [_not_held(what)]
    if is_foreign(ask):
        return [], [f"The tape has no prices for {' or '.join(ask.strangers)}{_held(notebook)}."]
    if ask.later and not voiced:
        return _nothing_later(ask, notebook)
    claims, missing = answer(ask, notebook)
    return claims, [*missing, *([_not_held(what)] if what else [])]


def _not_held(what: str) -> str:
    return f"{replies.cap(what)}: neither the tape nor the commentary holds it."


def _is_all_that_is_asked(ask: Ask) -> bool:
    """Whether nothing of a question is left for the tape, beside what nobody here holds."""
    return not find(ask.text) or ask.intent is None or (ask.intent == "level" and not ask.day)


def _is_of_shares(ask: Ask) -> bool:
    """Whether a house is asked about as a company: "what did JPMorgan's shares return?"."""
    return is_foreign(ask) and bool(_SHARES.search(ask.text))


def _said_and_done(answer: Answer, ask: Ask, notebook: Notebook) -> Answered:
    """A question on the tape that names who has written of it: their words, and the tape's."""
    said, unheard = quoting.views(ask, notebook)
    if ask.later or is_foreign(ask) or answer is _snapshot:
        return said, unheard
    done, missing = answer(ask, notebook)
    return said + done[:3], unheard + missing


def _nothing(ask: Ask, notebook: Notebook) -> str:
    if ask.symbols or ask.strangers or notebook.passages:
        about = f" of {' or '.join(ask.strangers)}" if ask.strangers else ""
        return f"Neither the tape nor the commentary holds what is asked for{about}."
    return (
        "The question is outside the evidence: it names no instrument of the tape"
        f"{_held(notebook)}, and no commentary speaks to it."
    )


def _held(notebook: Notebook) -> str:
    if not notebook.held or notebook.passages:  # the list is told where nothing else was found
        return ""
    return f" (it holds {', '.join(notebook.held)})"


def _nothing_later(ask: Ask, notebook: Notebook) -> Answered:
    """A time after the as-of date: that nothing is known of it, with the last session held."""
    asked = f"on {ask.day}" if ask.day else f"from {ask.start} on"
    seen = list(notebook.metrics("technicals"))
    session = standings.session_of(seen[0][1]) if seen else None
    last = f": the last session known is that of {session}" if session else ""
    missing = (
        f"What happened {asked}: nothing after the as-of date {ask.as_of} is known here{last}."
    )
    return [c for item in seen for c in replies.level(item, None)], [missing]


# --- From the tape -------------------------------------------------------------------------------


def _level(ask: Ask, notebook: Notebook) -> Answered:
    opens = bool(re.search(r"\bopen(ed)?\b", ask.text, re.I))
    seen = [
        premises.move(ask, item, "day_change")
        + premises.close(ask, item)
        + replies.level(item, ask.day, opens=opens)
        for item in _of_its_day(ask, notebook)
    ]
    return [c for claims in seen for c in claims], []


def _of_its_day(ask: Ask, notebook: Notebook) -> list[Seen]:
    """The states on the day that is asked about, or on the last session before it."""
    from qa.market.sessions import FIRST_DAY, last_session

    seen = list(notebook.metrics("technicals"))
    if ask.day is None or ask.day < FIRST_DAY:
        return seen
    session = last_session(ask.day)
    return [item for item in seen if standings.session_of(item[1]) == session] or seen


def _technicals(ask: Ask, notebook: Notebook) -> Answered:
    claims: list[DraftClaim] = []
    missing: list[str] = []
    for item in notebook.metrics("technicals"):
        found, lacking = _state(ask, item)
        claims += found
        missing += lacking
    return claims, missing


def _state(ask: Ask, item: Seen) -> Answered:
    """What is asked of an instrument's state; its averages and its range if nothing special is."""
    text, name = ask.text, named(item[1].symbols[0]).spoken
    if ask.day and _OF_THE_DAY.search(text) and not _YEAR_RANGE.search(text):
        traded = standings.day_range(item)
        closed = [] if standings.session_of(item[1]) == ask.day and traded else [ask.day]
        lacking = [] if traded else [f"The day's high and low of {name}: the tape has closes only."]
        return traded + [c for day in closed for c in replies.level(item, day)], lacking
    claims: list[DraftClaim] = []
    missing: list[str] = []
    for pattern, found, what in (
        (_MOMENTUM, standings.momentum(item), "The relative strength index"),
        (_CROSSES, standings.crosses(item, text), "A cross of the averages"),
    ):
        if pattern.search(text):
            claims += found
            missing += [] if found else [f"{what} of {name}: the history held doesn't give one."]
    if claims and _CROSSES.search(text):  # the averages are those that cross
        return claims, missing
    if (claims or missing) and not (_AVERAGES.search(text) or _RANGE.search(text)):
        return claims, missing
    parts = [
        say(item, "summary")
        for pattern, say in ((_AVERAGES, replies.averages), (_RANGE, replies.year_range))
        if pattern.search(text)
    ] or [replies.averages(item, "summary"), replies.year_range(item, "summary")]
    return claims + [c for part in parts for c in part], missing


def _moves(ask: Ask, notebook: Notebook) -> Answered:
    seen = list(notebook.metrics("performance"))
    yields = [
        c
        for item in notebook.metrics("rates")
        for symbol in ask.symbols
        for c in standings.yield_change(item, symbol)
    ]
    if seen and _EXTREME_DAYS.search(ask.text):
        return [c for item in seen for c in standings.extremes(item, ask.text)], []
    claims = [c for item in seen[:1] for c in premises.move(ask, item, "return")]
    above = premises.never_above(ask, notebook.metrics("drawdown"))
    claims += above
    first = [item for item in seen if item[1].symbols[0] == seen[0][1].symbols[0]]
    for item in _not_told_beside(seen):
        claims += replies.performance(item, "summary")
        claims += replies.bases(item, "summary") if item in first and len(first) > 1 else []
    missing: list[str] = []
    if _TOTAL.search(ask.text):
        claims += [c for item in seen for c in standings.total(item)]
        missing = [_no_total(m.symbols[0]) for _, m in seen if "total_return" not in m.figures]
    claims += [c for item in first[:1] for c in replies.bases(item, "summary") if c not in claims]
    if len(seen) > len(first):
        for one in first:
            claims += replies.on_open_basis([s for s in seen if s[1].window == one[1].window])
        claims += [c for item in first for c in replies.risk(item)]
        for item in notebook.metrics("technicals"):
            claims += replies.level(item, None, "performance")
            claims += replies.averages(item) + replies.year_range(item)
    missing += [premises.NEVER_ABOVE] if above else []
    missing += [NO_FUNDS_RATE] if _FUNDS_RATE.search(ask.text) else []
    return claims + yields, missing


def _not_told_beside(seen: list[Seen]) -> list[Seen]:
    """The moves without those of a benchmark that stand in the sentence of another already."""
    told = {
        (m.symbols[1], str(m.window))
        for _, m in seen
        if len(m.symbols) > 1 and "return_benchmark" in m.figures
    }
    return [
        s for s in seen if len(s[1].symbols) > 1 or (s[1].symbols[0], str(s[1].window)) not in told
    ]


def _no_total(symbol: str) -> str:
    instrument = named(symbol)
    why = "the tape has no adjusted closes of it"
    if instrument.kind == "index":
        why = "a price index leaves dividends out; ask for a fund that follows it"
    return f"The total return of {instrument.spoken}, with dividends: {why}."


def _risk(ask: Ask, notebook: Notebook) -> Answered:
    seen = _not_told_beside(list(notebook.metrics("performance")))
    claims = [c for item in seen for c in replies.risk(item, "summary")]
    claims += [c for item in notebook.metrics("volatility") for c in standings.annualised(item)]
    return claims, []


def _drawdown(ask: Ask, notebook: Notebook) -> Answered:
    claims: list[DraftClaim] = []
    for item in notebook.metrics("drawdown"):
        claims += standings.deepest(item) if ask.start else []
        if item[1].window and item[1].window.end >= ask.window[1]:
            claims += standings.record(item)
    return claims, []


def _streak(ask: Ask, notebook: Notebook) -> Answered:
    claims = [c for s in notebook.metrics("compare") for c in standings.streak(s)]
    return claims, []


def _sectors(ask: Ask, notebook: Notebook) -> Answered:
    seen = list(notebook.metrics("sectors"))
    if ask.day:
        return [c for s in seen for c in replies.sectors_on_the_day(s, "summary")], []
    claims = [c for s in seen for c in replies.sectors_over_the_window(s, "summary")]
    if not ask.start:
        claims += [c for s in seen for c in replies.sectors_on_the_day(s, "summary")]
    return claims, []


def _breadth(ask: Ask, notebook: Notebook) -> Answered:
    return [c for s in notebook.metrics("breadth") for c in standings.breadth(s)], []


def _credit(ask: Ask, notebook: Notebook) -> Answered:
    return [c for s in notebook.metrics("credit") for c in standings.credit(s)], []


def _season(ask: Ask, notebook: Notebook) -> Answered:
    seen = list(notebook.metrics("seasonality"))
    return [c for s in seen for c in (odds.season(s) or standings.season_alone(s))], []


def _precedent(ask: Ask, notebook: Notebook) -> Answered:
    claims: list[DraftClaim] = []
    for item in notebook.metrics("base_rates"):
        told = odds.base_rates(item)
        if told and "threshold_move" not in item[1].figures:
            told[0] = standings.followed(item, ask.text)
        claims += told
    return claims, []


def _signals(ask: Ask, notebook: Notebook) -> Answered:
    seen = list(notebook.metrics("signals"))
    return [c for s in seen for c in replies.watched(s)], []


# --- From commentary -----------------------------------------------------------------------------


def _views(ask: Ask, notebook: Notebook) -> Answered:
    """What was said; of a day or window, first what the tape did, which the question assumes."""
    facts: list[DraftClaim] = []
    for item in notebook.metrics("technicals"):
        facts += premises.move(ask, item, "day_change") + replies.level(item, ask.day)
    for item in notebook.metrics("performance"):
        facts += premises.move(ask, item, "return") + replies.performance(item, "summary")
    claims, missing = quoting.views(ask, notebook)
    return facts + claims, missing


def _snapshot(ask: Ask, notebook: Notebook) -> Answered:
    """For a question of no known kind: where its instruments stand, and what is written of it."""
    claims, _ = _level(ask, notebook)
    names = [alias for s in ask.symbols for alias in (*named(s).aliases, named(s).name)]
    return claims + quoting.told_of(ask, notebook, names)[:3], []


_ANSWERS: dict[str, Answer] = {
    "level": _level,
    "technicals": _technicals,
    "performance": _moves,
    "risk": _risk,
    "drawdown": _drawdown,
    "streak": _streak,
    "sectors": _sectors,
    "breadth": _breadth,
    "credit": _credit,
    "season": _season,
    "precedent": _precedent,
    "signals": _signals,
    "target": quoting.targets,
    "views": _views,
    "valuation": quoting.valuations,
}

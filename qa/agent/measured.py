"""Narrow answers from the tape: levels, states, moves, risk, runs, sectors, yields, seasons."""

from __future__ import annotations

import re

from qa.agent import odds, premises, replies, standings
from qa.agent.ask import Ask
from qa.agent.lookups import asks_of_a_level_passed
from qa.agent.notebook import Notebook
from qa.agent.quoting import Answered
from qa.agent.replies import Seen
from qa.domain import DraftClaim
from qa.market.instruments import named

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
_FUNDS_RATE = re.compile(r"\b(fed(eral)?[- ]funds|policy rate|fed target)\b", re.I)
NO_FUNDS_RATE = (
    "The fed funds rate: its level is no part of the yields here; ask what commentary says of it."
)
NO_CURVE = "The yield curve: the tape has no two yields of the session that is asked about."
NO_TWO_YEAR = (
    "The yield of the note that is named: the tape has those of the bill and of longer bonds only."
)
_TWO_YEAR = re.compile(r"\b(?:2|two)[- ]?(?:year|yr)\b|\b2s\s?/?10s\b", re.I)
_EXTREME_PERIODS = re.compile(
    r"\b(best|worst|strongest|weakest|biggest|largest|steepest) ((calendar|single|ever) )?"
    r"(week|month|quarter|year|decade)s?\b(?!ly)",
    re.I,
)
NO_RANKING = (
    "The best and the worst of several periods: no metric here ranks weeks, months or years. Ask "
    "for the best or worst day of a window, or for a period by its name."
)
_ANNUAL = re.compile(
    r"\bcompound\w*|\bcagr\b|\b(a|per) year\b|\bannual(i[sz]ed)? (rate|return)", re.I
)
_TOTAL = re.compile(
    r"\btotal[- ]returns?\b|\bdividends?\b|\breinvest|\badjusted clos|\bdistributions?\b", re.I
)


def level(ask: Ask, notebook: Notebook) -> Answered:
    """The close, of the day that is asked about if one is, and the open where that is asked for."""
    opens = bool(re.search(r"\bopen(s|ed|ing)?\b", ask.text, re.I))
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


def technicals(ask: Ask, notebook: Notebook) -> Answered:
    """What is asked of the state of each instrument."""
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


def moves(ask: Ask, notebook: Notebook) -> Answered:
    """What each instrument did over the window, and what belongs to such a question."""
    seen = list(notebook.metrics("performance"))
    if _EXTREME_PERIODS.search(ask.text):
        return [], [NO_RANKING]
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
    claims += above or premises.record_beside(ask, notebook.metrics("drawdown"))
    if asks_of_a_level_passed(ask):
        claims += [c for item in notebook.metrics("technicals") for c in replies.level(item, None)]
    first = [item for item in seen if item[1].symbols[0] == seen[0][1].symbols[0]]
    for item in _not_told_beside(seen):
        claims += replies.performance(item, "summary")
        claims += replies.bases(item, "summary") if item in first and len(first) > 1 else []
    missing: list[str] = []
    if _ANNUAL.search(ask.text):
        claims += [c for item in seen for c in standings.annual(item)]
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
    missing += [premises.NEVER_ABOVE] if above else premises.first_day_above(ask)
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


def risk(ask: Ask, notebook: Notebook) -> Answered:
    """The volatility of each instrument over the window."""
    seen = _not_told_beside(list(notebook.metrics("performance")))
    claims = [c for item in seen for c in replies.risk(item, "summary")]
    claims += [c for item in notebook.metrics("volatility") for c in standings.annualised(item)]
    return claims, []


def drawdown(ask: Ask, notebook: Notebook) -> Answered:
    """The deepest fall of the window, and how far the last close stands below the record."""
    from qa.market.sessions import FIRST_DAY, last_session

    claims: list[DraftClaim] = []
    asked = ask.day or ask.window[1]
    last = last_session(asked) if asked >= FIRST_DAY else asked
    for item in notebook.metrics("drawdown"):
        claims += standings.deepest(item) if ask.start else []
        if item[1].window and item[1].window.end >= last:
            claims += standings.record(item)
    return claims, []


def streak(ask: Ask, notebook: Notebook) -> Answered:
    """A run of sessions ahead of the other instrument; or of rises or falls of its own."""
    claims = [c for s in notebook.metrics("compare") for c in standings.streak(s)]
    claims += [c for s in notebook.metrics("performance") for c in standings.longest(s, ask.text)]
    claims += [c for s in notebook.metrics("technicals") for c in standings.run_now(s)]
    return claims, []


def ratio(ask: Ask, notebook: Notebook) -> Answered:
    """The one instrument divided by the other, and how that changed over the window asked for."""
    seen = list(notebook.metrics("compare"))
    return [c for s in seen for c in standings.ratio(s, changed=ask.start is not None)], []


def curve(ask: Ask, notebook: Notebook) -> Answered:
    """How far apart long and short yields are."""
    bond = "^TYX" in ask.symbols
    claims = [c for s in notebook.metrics("rates") for c in standings.curve(s, bond=bond)]
    missing = [] if claims else [NO_CURVE]
    return claims, [*missing, *([NO_TWO_YEAR] if _TWO_YEAR.search(ask.text) else [])]


def sectors(ask: Ask, notebook: Notebook) -> Answered:
    """Which sector funds led and lagged on the day, or over the window."""
    seen = list(notebook.metrics("sectors"))
    if ask.day:
        return [c for s in seen for c in replies.sectors_on_the_day(s, "summary")], []
    claims = [c for s in seen for c in replies.sectors_over_the_window(s, "summary")]
    if not ask.start:
        claims += [c for s in seen for c in replies.sectors_on_the_day(s, "summary")]
    return claims, []


def breadth(ask: Ask, notebook: Notebook) -> Answered:
    """How many sector funds stand above their averages, and rose."""
    return [c for s in notebook.metrics("breadth") for c in standings.breadth(s)], []


def credit(ask: Ask, notebook: Notebook) -> Answered:
    """High yield against investment grade."""
    return [c for s in notebook.metrics("credit") for c in standings.credit(s)], []


def season(ask: Ask, notebook: Notebook) -> Answered:
    """How a season of the year went, year after year."""
    seen = list(notebook.metrics("seasonality"))
    return [c for s in seen for c in (odds.season(s) or standings.season_alone(s))], []


def precedent(ask: Ask, notebook: Notebook) -> Answered:
    """What followed earlier moves, runs, highs or crosses."""
    claims: list[DraftClaim] = []
    for item in notebook.metrics("base_rates"):
        told = odds.base_rates(item)
        if told and "threshold_move" not in item[1].figures:
            told[0] = standings.followed(item, ask.text)
        claims += told
    return claims, []


def signals(ask: Ask, notebook: Notebook) -> Answered:
    """The rules that would change a verdict, with their states."""
    seen = list(notebook.metrics("signals"))
    return [c for s in seen for c in replies.watched(s)], []

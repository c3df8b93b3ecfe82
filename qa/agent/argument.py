"""The long answer: is it sustainable? From the evidence to a verdict and its claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from qa.agent import odds, replies, standings, voices
from qa.agent.ask import Ask
from qa.agent.notebook import Notebook
from qa.agent.scorecard import Score, judge, pivotal, scorecard
from qa.agent.voices import PriceTarget, Voice
from qa.domain import (
    Draft,
    DraftClaim,
    DraftVerdict,
    DriverKind,
    Metric,
    Passage,
    ScoreRow,
    Section,
)
from qa.market.instruments import US_INDICES, named

NO_EARNINGS = (
    "Earnings and forward P/E: the tape has neither, so what commentary says of them is quoted and "
    "can't be checked here."
)
SAME_UPSIDE = 0.5  # percentage points: the rounding of an upside stated in whole percent
DAYS_TO_PRINT = 5
_RALLY = re.compile(
    r"\b(rall(?:y|ies)|rise|advance|gains?|surge|upswing|bull (?:run|market))\b", re.I
)
_WAYS = {1: "for it", -1: "against it", 0: "neither way", None: "not available"}
LEADS: dict[DriverKind, str] = {
    "structural": "Structural: ",
    "cyclical": "Cyclical: ",
    "policy": "Policy: ",
}


@dataclass
class _Used:
    """What an answer has already reported: sentences, and which passages have spoken."""

    as_of: date
    sentences: set[str] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)


def argue(ask: Ask, notebook: Notebook, unread: Sequence[str] = ()) -> Draft:
    """Weigh the evidence on one instrument's move and hand in the whole answer.

    `unread` are lines on what of the question was not understood.
    """
    subject = ask.subject or ""
    rows = scorecard(notebook.evidence, subject)
    score = judge(rows)
    used = _Used(ask.as_of)
    claims = [
        *_happened(notebook, subject),
        *_side("bulls", "bullish", notebook, subject, used),
        *_targets(notebook, subject),
        *_side("skeptics", "bearish", notebook, subject, used),
        *_drivers(notebook, subject, used),
        *_from(notebook, "technicals", subject, replies.averages, replies.year_range),
        *_valuation(notebook, subject, used),
        *_odds(notebook, subject, used),
        *_from(notebook, "signals", subject, replies.watched),
        *_uncertain(notebook, subject, used),
    ]
    fell = bool(_RALLY.search(ask.text)) and _fell(notebook, subject)
    why = _why(score, rows, notebook, subject, decides=not fell)
    if fell:
        score = Score("undetermined", 0.0, score.value)
        why = f"Over this window there is no rally to last. {why}"
    missing = [*unread, NO_EARNINGS, *notebook.problems, *replies.missing(notebook.evidence)]
    if not any(voices.is_on(p, subject) for _, p in notebook.passages):
        missing.append(_no_note_on(subject, notebook, used))
    return Draft(
        verdict=DraftVerdict(label=score.label, confidence=score.confidence, why=why),
        claims=tuple(claims),
        unanswered=tuple(dict.fromkeys(missing)),
    )


def _no_note_on(subject: str, notebook: Notebook, used: _Used) -> str:
    """That nobody has written on an instrument, and what then is quoted all the same."""
    silent = f"Commentary on {named(subject).spoken}: no note on it was found on or before"
    aside = "; what is quoted comes from notes on something else" if used.sentences else ""
    return f"{silent} {notebook.as_of}{aside}."


def _fell(notebook: Notebook, subject: str) -> bool:
    """Whether the instrument is down over the window."""
    seen = notebook.metric("performance", subject)
    return seen is not None and (replies.value(seen[1], "return") or 0) < 0


def _from(
    notebook: Notebook, tool: str, subject: str | None, *speak: Callable[..., list[DraftClaim]]
) -> list[DraftClaim]:
    seen = notebook.metric(tool, subject)
    return [c for say in speak for c in say(seen)] if seen else []


def _odds(notebook: Notebook, subject: str, used: _Used) -> list[DraftClaim]:
    """What followed before, the seasons, and what the readings were worth."""
    claims = _from(notebook, "base_rates", subject, odds.base_rates)
    disputed = odds.disputed_seasons(notebook, notebook.passages, used.sentences)
    told = {claim.evidence[-1] for claim in disputed}
    seasons = [s for s in notebook.metrics("seasonality", subject) if s[0] not in told]
    for seen in seasons:
        claims += odds.season(seen) or standings.season_alone(seen)
    claims += disputed
    return claims + _from(notebook, "outlook", subject, odds.outlook)


def _happened(notebook: Notebook, subject: str) -> list[DraftClaim]:
    claims = []
    seen = list(notebook.metrics("performance", subject))
    window, more = (seen[0], seen[1:]) if seen else (None, [])
    if window:
        claims += replies.performance(window)
    technical = notebook.metric("technicals", subject)
    if technical:
        claims += replies.level(technical, None, "performance")
    if window:
        claims += replies.bases(window) + replies.risk(window)
    for extra in more:
        claims += replies.performance(extra)
    claims += _from(notebook, "drawdown", subject, standings.record_then)
    claims += _from(notebook, "compare", subject, replies.streak)
    for index in US_INDICES:
        other = notebook.metric("performance", index)
        if other and index != subject and (not window or index not in window[1].symbols):
            claims += replies.performance(other)
    claims += _from(notebook, "sectors", None, replies.sectors)
    return claims


def _why(
    score: Score, rows: tuple[ScoreRow, ...], notebook: Notebook, subject: str, *, decides: bool
) -> str:
    """The tape's case and what speaks against it, with the rows that decided if they `decides`."""
    name = replies.cap(named(subject).spoken)
    seen = notebook.metric("performance", subject)
    if seen is None:
        return f"The tape can't tell how {named(subject).spoken} did, so no verdict is given."
    key, metric = seen
    verb, over = replies.moved(metric, "return"), replies.period_words(key, metric)
    tape = f"{name} {verb} {{{key}.return}} {over}"
    if "relative_return" in metric.figures:
        side = replies.moved(metric, "relative_return", "ahead of", "behind")
        tape += f", {{{key}.relative_return}} {side} {named(metric.symbols[1]).spoken}"
    told: dict[int | None, list[str]] = {1: [], -1: [], 0: [], None: []}
    for row in rows:
        told[row.direction].append(row.name)
    sides = [f"{side}: {', '.join(told[way])}" for way, side in _WAYS.items() if told[way]]
    balance = "; ".join(sides)
    if score.label == "undetermined":
        balance += "; too little of it could be read for a verdict"
    return f"{tape} [{key}]. The scorecard: {balance}.{_turns(rows) if decides else ''}"


def _turns(rows: tuple[ScoreRow, ...]) -> str:
    """Which single rows decide: those that would change the verdict if they read the other way."""
    by_label: dict[str, list[str]] = {}
    for row, label in pivotal(rows):
        by_label.setdefault(label, []).append(row.name)
    told = [
        f"{label} if {' or '.join(names)} read the other way" for label, names in by_label.items()
    ]
    return f" It would be {', and '.join(told)}." if told else ""


def _drivers(notebook: Notebook, subject: str, used: _Used) -> list[DraftClaim]:
    """What could last against what may pass: reasons for and against, of each kind."""
    claims: list[DraftClaim] = []
    for kind, lead in LEADS.items():
        most = 1 if kind == "policy" else 2
        for stances in (("bullish",), ("bearish", "mixed", "neutral")):
            voiced = [v for v in notebook.passages if v[1].stance in stances]
            claims += _reported(
                "drivers",
                voiced,
                partial(voices.reason, kind=kind, subject=subject),
                most,
                used,
                lead,
            )
    return claims


def _reported(
    section: Section,
    voiced: Sequence[Voice],
    choose: Callable[[Passage], str | None],
    most: int,
    used: _Used,
    lead: str = "",
) -> list[DraftClaim]:
    """The sentences chosen from at most `most` firms; none is used twice in an answer."""
    ranked = voices.ranked(voiced, used.as_of, used.keys)
    found = [(v, s) for v in ranked if (s := choose(v[1])) and s not in used.sentences]
    sentences = {v[0]: s for v, s in found}
    chosen = voices.spread([v for v, _ in found], most)
    used.keys += [key for key, _ in chosen]
    used.sentences |= {sentences[key] for key, _ in chosen}
    return [voices.report(section, v, sentences[v[0]], used.as_of, lead) for v in chosen]


def _side(
    section: Section, stance: str, notebook: Notebook, subject: str, used: _Used
) -> list[DraftClaim]:
    """The views of one side, one a firm, by name."""
    choose = partial(voices.opinion, topic=named(subject).spoken, subject=subject)
    held = voices.standing(notebook.passages, subject)
    voiced = [v for v in held if v[1].stance == stance]
    return _reported(section, voiced, choose, 3, used)


def _targets(notebook: Notebook, subject: str) -> list[DraftClaim]:
    return target_claims(notebook, notebook.passages, subject, "bulls")


def target_claims(
    notebook: Notebook, passages: Sequence[Voice], symbol: str | None, section: Section
) -> list[DraftClaim]:
    """Each target and its implied upside; a stated upside that doesn't hold is corrected."""
    stated = voices.current(voices.price_targets(passages, symbol), notebook.as_of)
    claims: list[DraftClaim] = []
    told: set[float] = set()
    for key, metric in notebook.metrics("target", symbol):
        level, claimed = replies.value(metric, "target"), replies.value(metric, "claimed")
        source = next((t for t in stated if (t.level, t.claimed) == (level, claimed)), None)
        if source is None or level is None:
            continue
        if level not in told:
            told.add(level)
            claims.append(_implied(key, metric, source, section))
        claims += _misstated(key, metric, source, section)
    return claims


def _implied(key: str, metric: Metric, source: PriceTarget, section: Section) -> DraftClaim:
    side = replies.moved(metric, "upside", "above", "below")
    text = (
        f"The target of {{{key}.target}} for {named(metric.symbols[0]).spoken} set by "
        f"{voices.speaker(source.passage)} [{source.key}] is {{{key}.upside:.1}} {side} the close "
        f"of {{{key}.close}} on {{{key}.session}} [{key}]."
    )
    return DraftClaim(section=section, text=text, evidence=(source.key, key))


def _misstated(key: str, metric: Metric, source: PriceTarget, section: Section) -> list[DraftClaim]:
    """The correction of a stated upside that fits an older level than that of its publication.

    Where no level tried gives it, nothing is said: its reference is then not known.
    """
    gap, fits = replies.value(metric, "gap"), metric.figures.get("fits_date")
    if gap is None or abs(gap) <= SAME_UPSIDE or fits is None or not isinstance(fits.value, date):
        return []
    if (source.passage.day - fits.value).days <= DAYS_TO_PRINT:
        return []
    if "said_close" not in metric.figures:
        return []
    said = source.passage.published or "a day unknown"
    text = (
        f"The gain of {{{key}.claimed:.0}} stated for it on {said} "
        f"[{source.key}] does not hold from the close of {{{key}.said_close}} on "
        f"{{{key}.said_date}}, which gives {{{key}.said_upside:.1}}: it fits the close of "
        f"{{{key}.fits_level}} on {{{key}.fits_date}}, from which the target is "
        f"{{{key}.fits_upside:.1}} away [{key}]."
    )
    return [DraftClaim(section=section, text=text, evidence=(source.key, key))]


def _valuation(notebook: Notebook, subject: str, used: _Used) -> list[DraftClaim]:
    lead = "Quoted, not on the tape: "
    choose = partial(voices.valuation, subject=subject)
    seen = notebook.metric("valuation")
    own = replies.valuation(seen) if seen else []
    return own + _reported("valuation", notebook.passages, choose, 3, used, lead)


def _uncertain(notebook: Notebook, subject: str, used: _Used) -> list[DraftClaim]:
    """Views that see both sides."""
    mixed = [
        v
        for v in voices.standing(notebook.passages, subject)
        if v[1].stance in ("mixed", "neutral") and not voices.is_old(v[1], used.as_of)
    ]
    choose = partial(voices.opinion, subject=subject)
    return _reported("uncertainties", mixed, choose, 2, used)

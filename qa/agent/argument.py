"""The long answer: is it sustainable? From the evidence to a verdict and its claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from qa.agent import replies, voices
from qa.agent.notebook import Notebook
from qa.agent.planning import Ask
from qa.agent.scorecard import Score, judge, scorecard
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
    "Earnings and forward P/E: the tape holds prices only, so valuation and earnings growth are "
    "quoted from commentary and can't be checked here."
)
SAME_UPSIDE = 0.5  # percentage points: the rounding of an upside stated in whole percent
DAYS_TO_PRINT = 5
LEADS: dict[DriverKind, str] = {
    "structural": "Structural: ",
    "cyclical": "Cyclical: ",
    "policy": "Policy: ",
}


def argue(ask: Ask, notebook: Notebook) -> Draft:
    """Weigh the evidence on one instrument's move and hand in the whole answer."""
    subject = ask.subject or ""
    rows = scorecard(notebook.evidence, subject)
    score = judge(rows)
    used: set[str] = set()
    claims = [
        *_happened(notebook, subject),
        *_drivers(notebook, used),
        *_side("bulls", "bullish", notebook, subject, used),
        *_targets(notebook, subject),
        *_side("skeptics", "bearish", notebook, subject, used),
        *_from(notebook, "technicals", subject, replies.averages, replies.year_range),
        *_valuation(notebook, used),
        *_from(notebook, "signals", subject, replies.watched),
        *_uncertain(notebook, used),
    ]
    why = _why(score, rows, notebook, subject)
    missing = [NO_EARNINGS, *notebook.problems, *_metric_notes(notebook)]
    if not notebook.passages:
        missing.append(f"Commentary: none found on or before {notebook.as_of} that speaks to this.")
    return Draft(
        verdict=DraftVerdict(label=score.label, confidence=score.confidence, why=why),
        claims=tuple(claims),
        unanswered=tuple(dict.fromkeys(missing)),
    )


def _from(
    notebook: Notebook, tool: str, subject: str | None, *speak: Callable[..., list[DraftClaim]]
) -> list[DraftClaim]:
    seen = notebook.metric(tool, subject)
    return [c for say in speak for c in say(seen)] if seen else []


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
    for index in US_INDICES:
        other = notebook.metric("performance", index)
        if other and index != subject and (not window or index not in window[1].symbols):
            claims += replies.performance(other)
    claims += _from(notebook, "sectors", None, replies.sectors)
    return claims


def _why(score: Score, rows: tuple[ScoreRow, ...], notebook: Notebook, subject: str) -> str:
    """Two sentences: the tape's case, and what speaks against it, with the rows that decided."""
    name = replies.cap(named(subject).spoken)
    seen = notebook.metric("performance", subject)
    if seen is None:
        return f"The tape can't tell how {named(subject).spoken} did, so no verdict is given."
    key, metric = seen
    tape = (
        f"{name} {replies.moved(metric, 'return')} {{{key}.return}} {replies.period_words(metric)}"
    )
    if "relative_return" in metric.figures:
        side = replies.moved(metric, "relative_return", "ahead of", "behind")
        tape += f", {{{key}.relative_return}} {side} {named(metric.symbols[1]).spoken}"
    told: dict[int | None, list[str]] = {1: [], -1: [], 0: [], None: []}
    for row in rows:
        told[row.direction].append(row.name)
    sides = []
    if told[1]:
        sides.append(f"{_and(told[1])} speak{'s' * (len(told[1]) == 1)} for it")
    if told[-1]:
        sides.append(f"{_and(told[-1])} against")
    if told[0]:
        sides.append(f"{_and(told[0])} neither way")
    balance = ", ".join(sides) if sides else "too little could be read for a verdict"
    return f"{tape} [{key}]. Of the scorecard, {balance}."


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _drivers(notebook: Notebook, used: set[str]) -> list[DraftClaim]:
    """What could last against what may pass: reasons for and against, of each kind."""
    claims: list[DraftClaim] = []
    for kind, lead in LEADS.items():
        for stances, most in ((("bullish",), 2), (("bearish", "mixed"), 1)):
            voiced = [v for v in notebook.passages if v[1].stance in stances]
            claims += _reported(
                "drivers", voiced, partial(voices.reason, kind=kind), most, used, lead
            )
    return claims


def _reported(
    section: Section,
    voiced: Sequence[Voice],
    choose: Callable[[Passage], str | None],
    most: int,
    used: set[str],
    lead: str = "",
) -> list[DraftClaim]:
    """The sentences chosen from at most `most` firms; none is used twice in an answer."""
    found = [(v, s) for v in voiced if (s := choose(v[1])) and s not in used]
    sentences = {v[0]: s for v, s in found}
    chosen = voices.spread([v for v, _ in found], most)
    used.update(sentences[v[0]] for v in chosen)
    return [voices.report(section, v, sentences[v[0]], lead) for v in chosen]


def _side(
    section: Section, stance: str, notebook: Notebook, subject: str, used: set[str]
) -> list[DraftClaim]:
    """The views of one side, one a firm, by name."""
    about = named(subject).spoken
    voiced = [v for v in notebook.passages if v[1].stance == stance]
    return _reported(section, voiced, lambda p: voices.opinion(p, about), 3, used)


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
        f"{source.passage.voices} [{source.key}] is {{{key}.upside:.1}} {side} the close of "
        f"{{{key}.close}} on {{{key}.session}} [{key}]."
    )
    return DraftClaim(section=section, text=text, evidence=(source.key, key))


def _misstated(key: str, metric: Metric, source: PriceTarget, section: Section) -> list[DraftClaim]:
    """The correction of a stated upside, unless it held on the day it was published."""
    gap, fits = replies.value(metric, "gap"), metric.figures.get("fits_date")
    if gap is None or abs(gap) <= SAME_UPSIDE:
        return []
    if fits and (source.passage.published - fits.value).days <= DAYS_TO_PRINT:  # type: ignore[operator]
        return []
    text = (
        f"The {{{key}.claimed:.0}} that {source.passage.published} commentary states for it "
        f"[{source.key}] does not hold from that close"
    )
    if fits:
        text += (
            f": it fits the close of {{{key}.fits_level}} on {{{key}.fits_date}}, "
            f"{{{key}.fits_upside:.1}} below the target"
        )
    return [DraftClaim(section=section, text=f"{text} [{key}].", evidence=(source.key, key))]


def _valuation(notebook: Notebook, used: set[str]) -> list[DraftClaim]:
    lead = "Quoted, not on the tape: "
    return _reported("valuation", notebook.passages, voices.valuation, 3, used, lead)


def _uncertain(notebook: Notebook, used: set[str]) -> list[DraftClaim]:
    """Views that see both sides."""
    mixed = [v for v in notebook.passages if v[1].stance in ("mixed", "neutral")]
    return _reported("uncertainties", mixed, voices.opinion, 2, used)


def _metric_notes(notebook: Notebook) -> list[str]:
    return [n for _, m in notebook.evidence if isinstance(m, Metric) for n in m.notes]

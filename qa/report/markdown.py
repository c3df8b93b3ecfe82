"""An Answer as Markdown: verdict, sections, numbered sources, and what could not be verified."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.checking.auditing.beside import audited_line
from qa.checking.figures import read_figures
from qa.commentary.passages import sentences
from qa.domain import SECTIONS, Answer, Metric, Passage, Section, Signal
from qa.market.sessions import last_session, spoken
from qa.report.watched import last_time, since

TITLES: dict[Section, str] = {
    "summary": "In short",
    "performance": "What happened",
    "drivers": "What drives it",
    "bulls": "Bulls",
    "skeptics": "Skeptics",
    "technicals": "Levels",
    "valuation": "Valuation",
    "base_rates": "Base rates",
    "signals": "What would change this",
    "uncertainties": "What is uncertain",
}
LABELS = {
    "sustainable": "Sustainable",
    "fragile": "Fragile",
    "fading": "Fading",
    "undetermined": "Undetermined",
}
CONFIDENCE = (
    "The confidence says how far the weighted score lies from the border between two labels; "
    "on the border it is one half. It is no probability."
)
NOT_ADVICE = "Evidence, not investment advice."
_ACTIVE = re.compile(r"([\\`*_{}<>|]|~(?=~))")
_BRACKET = re.compile(r"[\[\]]")
_CITATION = re.compile(r"\[\d{1,4}\](?![(:\[])")
_BLOCK = re.compile(r"^([#=+~-]|\d{1,9}(?=[.)](?: |$)))")


def to_markdown(answer: Answer) -> str:
    """The whole answer, ending in a newline."""
    return "\n".join(_lines(answer)).rstrip() + "\n"


def _lines(answer: Answer) -> Iterator[str]:
    yield f"# {safe(answer.question.text)}"
    yield ""
    yield _provenance(answer)
    yield ""
    for note in answer.notes:
        yield safe(note)
        yield ""
    if answer.verdict.label in LABELS:
        label = LABELS[answer.verdict.label]
        confidence = f" (confidence {answer.verdict.confidence:.2f})"
        shown = confidence if answer.verdict.confidence else ""
        yield f"**{label}{shown}.** {safe(answer.verdict.why)}"
        yield ""
        if answer.verdict.disputed:
            yield f"**Disputed:** {safe(answer.verdict.disputed)}."
            yield ""
    yield from _sections(answer)
    if answer.scorecard:
        yield from _scorecard(answer)
    if answer.signals:
        yield from _watched(answer)
    title = "Not known" if answer.claims else "Can't tell"
    yield from _list(title, [safe(line) for line in answer.unanswered])
    yield from _sources(answer)
    yield from _list("Could not be verified", [safe(line) for line in left_out(answer)])
    yield f"*{NOT_ADVICE}*"


def _provenance(answer: Answer) -> str:
    as_of = answer.question.as_of
    market = safe(answer.market)
    marked = f"**{market}**" if answer.sample_data else market
    session = last_session(as_of)
    on = "" if session == as_of else f" (last session {spoken(session)})"
    spent = answer.cost.input_tokens + answer.cost.output_tokens
    dollars = f", ${answer.cost.usd:.4f}" if answer.cost.usd is not None else ""
    used = f" ({spent:,} tokens{dollars})" if spent else ""
    return f"As of {as_of:%A} {as_of}{on} · tape: {marked} · written by: {safe(answer.model)}{used}"


def _sections(answer: Answer) -> Iterator[str]:
    for section in SECTIONS:
        claims = [c for c in answer.claims if c.section == section]
        if not claims:
            continue
        if answer.verdict.label != "not_asked" or section != "summary":
            yield f"## {TITLES[section]}"
            yield ""
        for claim in claims:
            yield f"- {safe(claim.text)}" if len(claims) > 1 else safe(claim.text)
        yield ""


def _scorecard(answer: Answer) -> Iterator[str]:
    yield "## Scorecard"
    yield ""
    yield "| Reading | Kind | For or against | Weight | What it says |"
    yield "|---|---|---|---|---|"
    for row in answer.scorecard:
        side = {1: "for", -1: "against", 0: "neither", None: "not available"}[row.direction]
        cells = (row.name, row.kind, side, f"{row.weight:g}", row.reading)
        yield "| " + " | ".join(safe(cell) for cell in cells) + " |"
    yield ""
    yield CONFIDENCE
    yield ""


def _watched(answer: Answer) -> Iterator[str]:
    yield "## Watched"
    yield ""
    yield "| Rule | State | Now | From its limit | Since | Last triggered |"
    yield "|---|---|---|---|---|---|"
    for row in dict.fromkeys(watched_row(signal) for signal in answer.signals):
        yield "| " + " | ".join(safe(cell) for cell in row) + " |"
    yield ""


def watched_row(signal: Signal) -> tuple[str, ...]:
    """A rule as a row: rule, state, value now, distance, since when, last triggered."""
    state = "triggered" if signal.triggered else "not triggered"
    apart = signal.distance or "not known"
    return (signal.rule, state, signal.state, apart, since(signal), last_time(signal))


def _list(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"## {title}"
        yield ""
        yield from (f"- {line}" for line in lines)
        yield ""


def _sources(answer: Answer) -> Iterator[str]:
    cited = [e for e in answer.evidence if e.number is not None]
    if not cited:
        return
    yield "## Sources"
    yield ""
    for evidence in cited:
        told = [c.text for c in answer.claims if evidence.id in c.evidence]
        line = _passage(evidence, told) if isinstance(evidence, Passage) else _metric(evidence)
        yield f"{evidence.number}. {line}"
    yield ""


def _passage(passage: Passage, told: Sequence[str]) -> str:
    who = ", ".join(p for p in (passage.author, passage.role, passage.firm) if p)
    link = f" <{passage.url}>" if passage.url and is_link(passage.url) else ""
    said = "our summary of the page" if passage.voice == "summary" else "passage"
    shown = words_used(passage, told)
    text = safe(" […] ".join(shown))
    audit = f" {safe(line)}" if (line := audited_line(passage, shown)) else ""
    day = passage.published or "undated"
    return (
        f"{safe(who) or 'Unnamed'}: *{safe(passage.title)}*, {day}.{link} ({said}) “{text}”{audit}"
    )


def words_used(passage: Passage, told: Sequence[str]) -> list[str]:
    """The sentences of a passage that the claims rest on: those reported, or sharing a figure."""
    lines = [" ".join(s.split()) for s in sentences(passage.text)]
    said = " ".join(told)
    used = [s for s in lines if s.rstrip(".") in said]
    numbers = {f.value for t in told for f in read_figures(t) if f.value is not None}
    used = used or [s for s in lines if numbers & {f.value for f in read_figures(s)}]
    return used or lines[:1]


def _metric(metric: Metric) -> str:
    window = ""
    if metric.window and metric.window.start != metric.window.end:
        basis = f", basis {metric.window.basis.replace('_', ' ')}" if metric.window.basis else ""
        window = f" Window {metric.window.start} to {metric.window.end}{basis}."
    notes = f" {' '.join(metric.notes)}" if metric.notes else ""
    return safe(
        f"{metric.tool}, {', '.join(metric.symbols)}: {metric.definition}{window}{notes} "
        f"Source: {metric.source}, retrieved {metric.retrieved:%Y-%m-%d %H:%M} UTC."
    )


def left_out(answer: Answer) -> list[str]:
    """One line a claim that was taken out, with every reason."""
    reasons: dict[str, list[str]] = {}
    for check in answer.checks:
        if not check.holds and check.reason not in reasons.setdefault(check.claim, []):
            reasons[check.claim].append(check.reason)
    return [f"{'; '.join(why)} (in a sentence left out)" for why in reasons.values()]


def is_link(url: str) -> bool:
    """Whether this is an address that a browser may be sent to: http or https, in one piece."""
    return re.fullmatch(r"https?://[^\s<>\"]+", url) is not None


def safe(text: str) -> str:
    """Text as it is, with what Markdown or HTML would act on made inert; [1] stays a citation."""
    text = _ACTIVE.sub(r"\\\1", " ".join(text.split()))
    kept = {i for m in _CITATION.finditer(text) for i in (m.start(), m.end() - 1)}
    text = _BRACKET.sub(lambda m: m[0] if m.start() in kept else f"\\{m[0]}", text)
    return _BLOCK.sub(_inert, text)


def _inert(mark: re.Match[str]) -> str:
    """What would open a heading, a list or a rule at the start of a line, escaped."""
    return f"{mark[0]}\\" if mark[0].isdigit() else f"\\{mark[0]}"

"""Marks in a sentence: each figure and each citation opens what stands behind it, as HTML.

All text is escaped here and nowhere else is HTML made of it. A mark is a `details` element: it
opens by mouse, key and screen reader without a script, on the page as in a saved file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import Literal

from qa.checking.auditing.beside import against, telling
from qa.checking.slots import write
from qa.commentary.passages import sentences
from qa.domain import Answer, Audited, CheckedFigure, Metric, Passage
from qa.report.markdown import is_link, words_used
from qa.report.tables import plain, table

Status = Literal["computed", "quoted", "derived", "disputed", "unchecked"]
Source = Metric | Passage

STATUS: dict[Status, str] = {
    "computed": "Computed from the tape",
    "quoted": "Quoted from commentary",
    "derived": "Derived from checked figures",
    "disputed": "Quoted, and the tape disagrees",
    "unchecked": "Not verified",
}
MOST_INPUTS = 8
_NUMBER = re.compile(r"\[(\d{1,4})\]")
_IDS = re.compile(r"\b[mp]-[0-9a-f]{16}\b")


def legend() -> str:
    """What the marks mean, in a line."""
    usual = [(name, words) for name, words in STATUS.items() if name != "unchecked"]
    marks = "".join(f'<span class="tc-{name}">{words}</span>' for name, words in usual)
    return f'<p class="tc-legend">{marks}</p>'


def marked(text: str, figures: Sequence[CheckedFigure], answer: Answer) -> str:
    """A sentence of the answer with its figures and citations as marks that open their proof."""
    by_number = {e.number: e for e in answer.evidence if e.number is not None}
    spans = [(start, end, f) for start, end, f in _places(text, figures)]
    parts: list[tuple[int, int, str]] = [(a, b, _figure(f, answer)) for a, b, f in spans]
    taken = [(a, b) for a, b, _ in spans]
    for match in _NUMBER.finditer(text):
        source = by_number.get(int(match[1]))
        if source is not None and not any(a < match.end() and match.start() < b for a, b in taken):
            parts.append((match.start(), match.end(), _citation(match[0], source, [text])))
    pieces, at = [], 0
    for start, end, mark in sorted(parts):
        pieces += [plain(text[at:start]), mark]
        at = end
    return "".join([*pieces, plain(text[at:])])


def _places(
    text: str, figures: Sequence[CheckedFigure]
) -> Iterator[tuple[int, int, CheckedFigure]]:
    """Where each figure stands in the sentence: a whole token, each place once, in their order."""
    taken: list[tuple[int, int]] = []
    at = 0
    for figure in figures:
        token = re.compile(rf"(?<![\w.,]){re.escape(figure.text)}(?![\w%]|[.,]\d)")
        free = (
            m.span()
            for start in (at, 0)
            for m in token.finditer(text, start)
            if not any(a < m.end() and m.start() < b for a, b in taken)
        )
        if (found := next(free, None)) is not None:
            taken.append(found)
            at = found[1]
            yield *found, figure


def status_of(figure: CheckedFigure, answer: Answer) -> tuple[Status, Audited | None]:
    """How a figure is marked; disputed with the verdict that speaks against what was quoted."""
    source = _source(figure, answer)
    row = against(figure, source) if isinstance(source, Passage) else None
    if figure.status == "quoted" and row is not None:
        return "disputed", row
    known: dict[str, Status] = {"computed": "computed", "quoted": "quoted", "derived": "derived"}
    return known.get(figure.status, "unchecked"), None


def _source(figure: CheckedFigure, answer: Answer) -> Source | None:
    return next((e for e in answer.evidence if e.id == figure.evidence), None)


def _figure(figure: CheckedFigure, answer: Answer) -> str:
    status, row = status_of(figure, answer)
    proof = "".join(_rows(_proof(figure, answer, row)))
    return (
        f'<details class="tc-mark tc-{status}"><summary title="{STATUS[status]}">'
        f"{plain(figure.text)}</summary>"
        f'<div class="tc-proof"><strong>{STATUS[status]}</strong><dl>{proof}</dl></div></details>'
    )


def _proof(figure: CheckedFigure, answer: Answer, row: Audited | None) -> Iterator[tuple[str, str]]:
    source = _source(figure, answer)
    if figure.status == "derived":
        yield "Arithmetic", _with_numbers(figure.evidence or "", answer)
    elif isinstance(source, Metric):
        yield from _computed(figure, source)
    elif isinstance(source, Passage):
        yield "Passage", f"[{source.number}] {source.voices}, {source.published or 'undated'}"
        holding = (s for s in sentences(source.text) if figure.text in s)
        if (words := next(holding, None)) is not None:
            yield "Words", f"“{' '.join(words.split())}”"
        if row is not None:
            yield "On the tape", f"{row.actual or 'not so'}: {row.reason}"


def _computed(figure: CheckedFigure, metric: Metric) -> Iterator[tuple[str, str]]:
    names = [n for n, f in metric.figures.items() if f.value == figure.value]
    yield "Figure", f"{', '.join(names) or 'shown by'} of {metric.tool} [{metric.number}]"
    if isinstance(figure.value, float):
        yield "Unrounded", f"{figure.value:.10g} {(figure.unit or '').replace('_', ' ')}".strip()
    yield "Definition", metric.definition
    yield from _window(metric)
    yield "Inputs", _inputs(metric, names)
    yield "Source", _provenance(metric)


def _window(metric: Metric) -> Iterator[tuple[str, str]]:
    if metric.window:
        basis = f", from the {metric.window.basis}" if metric.window.basis else ""
        yield "Window", f"{metric.window.start} to {metric.window.end}{basis.replace('_', ' ')}"


def _inputs(metric: Metric, names: Sequence[str]) -> str:
    """The arguments, and the levels and days that the metric was worked from."""
    given = [f"{name} {_plain(value)}" for name, value in metric.arguments.items()]
    levels = [
        f"{name.replace('_', ' ')} {write(figure)}"
        for name, figure in metric.figures.items()
        if figure.unit == "price" and name not in names
    ]
    return "; ".join([*given, *levels[:MOST_INPUTS]])


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _provenance(metric: Metric) -> str:
    return (
        f"{metric.source}, retrieved {metric.retrieved:%Y-%m-%d %H:%M} UTC, as of {metric.as_of}, "
        f"series {metric.series_hash[:12]}"
    )


def _with_numbers(text: str, answer: Answer) -> str:
    """Evidence ids as the numbers that the reader knows."""
    numbers = {e.id: e.number for e in answer.evidence}
    return _IDS.sub(lambda m: f"[{numbers[m[0]]}]" if numbers.get(m[0]) else m[0], text)


def _rows(rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield from (f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in rows)


def cited(answer: Answer, ids: Sequence[str]) -> str:
    """The sources of these ids by their numbers, as marks that open them."""
    found = {e.number: e for e in answer.evidence if e.id in ids and e.number is not None}
    return "".join(_citation(f"[{number}]", found[number], []) for number in sorted(found))


def _citation(text: str, source: Source, told: Sequence[str]) -> str:
    kind = "Computed from the tape" if isinstance(source, Metric) else "A passage"
    return (
        f'<details class="tc-mark tc-cite"><summary title="{kind}">{escape(text)}</summary>'
        f'<div class="tc-proof">{card(source, told)}</div></details>'
    )


def proven(text: str, metric: Metric) -> str:
    """A figure of a metric outside an answer, as a mark that opens the metric."""
    return (
        f'<details class="tc-mark tc-computed"><summary title="{STATUS["computed"]}">'
        f'{escape(text)}</summary><div class="tc-proof">{_metric(metric)}</div></details>'
    )


def card(source: Source, told: Sequence[str]) -> str:
    """A source whole: a passage with the words that `told` rests on marked, or a metric."""
    return _metric(source) if isinstance(source, Metric) else passage_card(source, told)


def unfolding(source: Source, told: Sequence[str]) -> str:
    """The same as a line that unfolds; a metric's line has its days too."""
    days = ""
    if isinstance(source, Metric):
        days = "".join(f", {plain(words)}" for _, words in _window(source))
        body = _measured(source)
    else:
        body = _written(source, told)
    return f'<details class="tc-folded"><summary>{_heading(source)}{days}</summary>{body}</details>'


def _heading(source: Source) -> str:
    """What a metric measures of what, or who wrote what and when."""
    if isinstance(source, Metric):
        return f"<strong>{escape(source.tool)}</strong>, {escape(', '.join(source.symbols))}"
    who = ", ".join(part for part in (source.author, source.role, source.firm) if part)
    kind = "our summary of the page" if source.voice == "summary" else "verbatim"
    return (
        f"<strong>{escape(who) or 'Unnamed'}</strong>: <cite>{escape(source.title)}</cite>, "
        f"{plain(str(source.published or 'undated'))} ({kind})"
    )


def passage_card(passage: Passage, told: Sequence[str] = ()) -> str:
    """Who wrote it and when, the passage verbatim with the words used marked, and its audit."""
    return f"<p>{_heading(passage)}</p>{_written(passage, told)}"


def _written(passage: Passage, told: Sequence[str]) -> str:
    link = ""
    if passage.url and is_link(passage.url):
        url = escape(passage.url)
        link = f'<p><a href="{url}" target="_blank" rel="noopener noreferrer">{url}</a></p>'
    return (
        f"{link}<blockquote>{_highlighted(passage.text, words_used(passage, told) if told else [])}"
        f"</blockquote>{audit_table(telling(passage))}"
    )


def _highlighted(text: str, used: Sequence[str]) -> str:
    """The text as it stands, with the sentences that were used marked."""
    wanted = ["\\s+".join(map(re.escape, words.split())) for words in used if words.strip()]
    if not wanted:
        return _lines(text)
    parts = re.split(f"({'|'.join(wanted)})", text)
    return "".join(
        f"<mark>{_lines(part)}</mark>" if place % 2 else _lines(part)
        for place, part in enumerate(parts)
    )


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def audit_table(rows: Sequence[Audited]) -> str:
    """Which of a text's own figures hold on the tape; nothing without a verdict."""
    if not rows:
        return ""
    told = [(r.asserted, r.verdict.replace("_", " "), r.actual or "", r.reason) for r in rows]
    return table(("Stated", "Verdict", "Tape", "Reason"), told, "Its own figures on the tape")


def _metric(metric: Metric) -> str:
    return f"<p>{_heading(metric)}</p>{_measured(metric)}"


def _measured(metric: Metric) -> str:
    facts: list[tuple[str, str]] = [("Definition", metric.definition), *_window(metric)]
    facts += [("Note", note) for note in metric.notes]
    facts += [("Inputs", _inputs(metric, list(metric.figures))), ("Source", _provenance(metric))]
    figures = "".join(
        f"<tr><td>{escape(name.replace('_', ' '))}</td><td>{escape(write(figure))}</td></tr>"
        for name, figure in metric.figures.items()
        if not isinstance(figure.value, date) or figure.unit == "date"
    )
    return (
        f"<dl>{''.join(_rows(iter(facts)))}</dl>"
        f'<table class="tc-table tc-figures"><tbody>{figures}</tbody></table>'
    )

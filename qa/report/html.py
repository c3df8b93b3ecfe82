"""An Answer as HTML: one file that asks the network for nothing, and the parts of it by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from qa.domain import SECTIONS, Answer, Signal
from qa.market.sessions import last_session, spoken
from qa.report.charts import charts_of
from qa.report.compared import Comparison, Moved
from qa.report.drawing import drawn
from qa.report.markdown import CONFIDENCE, LABELS, NOT_ADVICE, TITLES, left_out, watched_row
from qa.report.marks import card, legend, marked
from qa.report.style import DOCUMENT, STYLE

SIDES = {1: "for", -1: "against", 0: "neither", None: "not available"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def to_html(answer: Answer) -> str:
    """The whole answer as a document of its own: no script, no request, ready for print."""
    title = escape(" ".join(answer.question.text.split()))
    body = "\n".join(part for part in _parts(answer) if part)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{DOCUMENT}{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _parts(answer: Answer) -> Iterator[str]:
    if answer.sample_data:
        yield notice("warning", f"Not real prices: {answer.market}.")
    yield provenance(answer)
    yield verdict(answer)
    yield from (notice("info", note) for note in answer.notes)
    yield unverified(answer)
    yield legend()
    yield sections(answer)
    yield scorecard(answer)
    yield watched(answer.signals)
    yield charts(answer)
    yield unanswered(answer)
    yield sources(answer)
    yield f'<p class="tc-faint">{NOT_ADVICE}</p>'


def notice(kind: str, text: str) -> str:
    """A remark in a box: `kind` is error, warning, info or success."""
    role = "alert" if kind in ("error", "warning") else "status"
    return f'<div class="tc-notice tc-{kind}" role="{role}">{escape(text)}</div>'


def provenance(answer: Answer) -> str:
    """The day looked from, the tape, and who wrote."""
    as_of = answer.question.as_of
    session = last_session(as_of)
    on = "" if session == as_of else f" (last session {spoken(session)})"
    return (
        f'<p class="tc-faint">As of {as_of:%A} {as_of}{escape(on)} · tape: '
        f"{escape(answer.market)} · written by: {escape(answer.model)}</p>"
    )


def verdict(answer: Answer) -> str:
    """The label with its confidence and reason; nothing where no verdict was asked for."""
    said = answer.verdict
    if said.label not in LABELS:
        return ""
    sure = f"confidence {said.confidence:.2f}" if said.confidence else ""
    disputed = notice("warning", f"Disputed: {said.disputed}.") if said.disputed is not None else ""
    return (
        f'<section class="tc-verdict" aria-label="Verdict"><p><strong class="tc-label">'
        f'{LABELS[said.label]}</strong> <span class="tc-faint">{sure}</span></p>'
        f'<div class="tc-claim">{marked(said.why, said.figures, answer)}</div>{disputed}</section>'
    )


def sections(answer: Answer) -> str:
    """The claims under their headings, each figure and citation a mark."""
    parts = []
    for section in SECTIONS:
        claims = [c for c in answer.claims if c.section == section]
        if not claims:
            continue
        if answer.verdict.label != "not_asked" or section != "summary":
            parts.append(f"<h3>{TITLES[section]}</h3>")
        items = "".join(
            f'<li class="tc-claim">{marked(c.text, c.figures, answer)}</li>' for c in claims
        )
        parts.append(f'<ul class="tc-claims">{items}</ul>')
    return "".join(parts)


def scorecard(answer: Answer) -> str:
    """The readings that the verdict weighs, a row each, with the numbers of their sources."""
    if not answer.scorecard:
        return ""
    numbers = {e.id: e.number for e in answer.evidence}
    rows = []
    for row in answer.scorecard:
        found = sorted(n for e in row.evidence if (n := numbers.get(e)) is not None)
        cited = "".join(f"[{n}]" for n in found)
        side = SIDES[row.direction]
        rows.append((row.name, row.kind, side, f"{row.weight:g}", row.reading, cited))
    head = ("Reading", "Kind", "For or against", "Weight", "What it says", "Source")
    return (
        f"<h3>Scorecard</h3>{table(head, rows)}"
        f'<p class="tc-faint">{escape(CONFIDENCE)}</p>'
    )  # fmt: skip


def watched(signals: Sequence[Signal]) -> str:
    """The rules that would change the answer, and how each stands."""
    if not signals:
        return ""
    head = ("Rule", "State", "Now", "From its limit", "Since", "Last triggered")
    return f"<h3>Watched</h3>{table(head, [watched_row(s) for s in dict.fromkeys(signals)])}"


def charts(answer: Answer) -> str:
    """The charts of the evidence, drawn into the document."""
    pictures = "".join(drawn(chart) for chart in charts_of(answer))
    return f"<h3>Charts</h3>{pictures}" if pictures else ""


def unanswered(answer: Answer) -> str:
    """What could not be answered."""
    title = "Not known" if answer.claims else "Can't tell"
    return _list(title, answer.unanswered)


def unverified(answer: Answer) -> str:
    """What was taken out because a check failed, and why."""
    return _list("Could not be verified", left_out(answer), "tc-unverified")


def sources(answer: Answer) -> str:
    """Every cited source by its number, whole."""
    cited = [e for e in answer.evidence if e.number is not None]
    if not cited:
        return ""
    items = "".join(
        f'<li value="{e.number}" class="tc-source">'
        f"{card(e, [c.text for c in answer.claims if e.id in c.evidence])}</li>"
        for e in cited
    )
    return f"<h3>Sources</h3><ol>{items}</ol>"


def changes(found: Comparison) -> str:
    """What differs between two answers: sentences, the figures that moved, the new passages."""
    parts = [_list("What changed, and from what", found.why)]
    told = [figure for figure in found.moved if figure.cited]
    rest = [figure for figure in found.moved if not figure.cited]
    for title, figures in (("Figures that moved", told), ("Moved, and not told", rest)):
        if figures:
            parts.append(_folded(f"{title} ({len(figures)})", _moves(figures)))
    for title, passages in (("New evidence", found.new), ("No longer cited", found.gone)):
        if passages:
            cards = "".join(f'<div class="tc-source">{card(p, [])}</div>' for p in passages)
            parts.append(_folded(f"{title} ({len(passages)})", cards))
    return "".join(parts)


def _folded(title: str, body: str) -> str:
    return f'<details class="tc-folded"><summary>{title}</summary>{body}</details>'


def _moves(figures: Sequence[Moved]) -> str:
    """A table for each metric, headed by what it measures and over which days."""
    tables = []
    for (tool, symbols, days), group in groupby(figures, lambda f: (f.tool, f.symbols, f.days)):
        rows = [(f.name.replace("_", " "), f.before, f.after) for f in group]
        title = escape(f"{tool} of {', '.join(symbols)}, {days}")
        tables.append(f'<p class="tc-faint">{title}</p>')
        tables.append(table(("Figure", "First", "Second"), rows))
    return "".join(tables)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that scrolls sideways in itself where it is too wide."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f'<div class="tc-wide"><table class="tc-table"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    """A cell; a day in it is not broken."""
    kind = ' class="tc-day"' if _DAY.fullmatch(text) else ""
    return f"<td{kind}>{escape(text)}</td>"


def _list(title: str, lines: Sequence[str], kind: str = "tc-list") -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<section class="{kind}"><h3>{title}</h3><ul>{items}</ul></section>'

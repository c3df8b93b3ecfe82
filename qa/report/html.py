"""An Answer as HTML: one file that asks the network for nothing, and the parts of it by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from qa.domain import SECTIONS, Answer, ScoreRow, Signal
from qa.market.sessions import last_session, spoken
from qa.report.charts import charts_of
from qa.report.compared import Comparison, Moved
from qa.report.drawing import drawn
from qa.report.markdown import CONFIDENCE, LABELS, NOT_ADVICE, TITLES, left_out, watched_row
from qa.report.marks import card, cited, legend, marked, unfolding
from qa.report.style import DOCUMENT, STYLE
from qa.report.tables import framed, plain, table

SHOWN = 4  # claims of a section that stand open on the page
SIDES = {1: "for", -1: "against", 0: "neither", None: "not available"}
SIGNS = {1: "▲", -1: "▼", 0: "●", None: "○"}
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
    yield scorecard(answer)
    yield unverified(answer)
    yield legend()
    yield sections(answer)
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


def sections(answer: Answer, shown: int | None = None) -> str:
    """The claims under their headings, each figure and citation a mark.

    With `shown`, the claims of a section beyond so many are folded, though never one alone.
    """
    parts = []
    for section in SECTIONS:
        claims = [c for c in answer.claims if c.section == section]
        if not claims:
            continue
        if answer.verdict.label != "not_asked" or section != "summary":
            parts.append(f"<h3>{TITLES[section]}</h3>")
        items = [f'<li class="tc-claim">{marked(c.text, c.figures, answer)}</li>' for c in claims]
        at = len(items) if shown is None or len(items) <= shown + 1 else shown
        parts.append(_claims(items[:at]))
        if items[at:]:
            parts.append(_folded(f"{len(items) - at} more", _claims(items[at:])))
    return "".join(parts)


def _claims(items: Sequence[str]) -> str:
    return f'<ul class="tc-claims">{"".join(items)}</ul>'


def scorecard(answer: Answer, *, folded: bool = False) -> str:
    """The readings that the verdict weighs, a row each, with their sources as marks."""
    if not answer.scorecard:
        return ""
    sides: Counter[int | None] = Counter(row.direction for row in answer.scorecard)
    told = ", ".join(f"{sides[way]} {words}" for way, words in SIDES.items() if sides[way])
    head = ("Reading", "For or against", "What it says", "Kind", "Weight", "Source")
    rows = [_scored(row, answer) for row in answer.scorecard]
    body = f'{framed(head, rows, "tc-score")}<p class="tc-faint">{escape(CONFIDENCE)}</p>'
    if folded:
        return _folded(f"Scorecard: {told}", body)
    return f'<h3>Scorecard</h3><p class="tc-faint">{told}</p>{body}'


def _scored(row: ScoreRow, answer: Answer) -> tuple[str, ...]:
    side = (
        f'<span class="tc-side" aria-hidden="true">{SIGNS[row.direction]}</span> '
        f"{SIDES[row.direction]}"
    )
    kind = {1: "tc-for", -1: "tc-against"}.get(row.direction or 0, "tc-neither")
    return (
        f"<td>{escape(row.name)}</td>",
        f'<td class="{kind}">{side}</td>',
        f"<td>{escape(row.reading)}</td>",
        f"<td>{escape(row.kind)}</td>",
        f'<td data-head="weight">{row.weight:g}</td>',
        f"<td>{cited(answer, row.evidence)}</td>",
    )


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


def sources(answer: Answer, *, folded: bool = False) -> str:
    """Every cited source by its number, whole; folded, each is a line that unfolds."""
    cited = [e for e in answer.evidence if e.number is not None]
    if not cited:
        return ""
    shown = unfolding if folded else card
    items = "".join(
        f'<li value="{e.number}" class="tc-source">'
        f"{shown(e, [c.text for c in answer.claims if e.id in c.evidence])}</li>"
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


def _list(title: str, lines: Sequence[str], kind: str = "tc-list") -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{plain(line)}</li>" for line in lines)
    return f'<section class="{kind}"><h3>{title}</h3><ul>{items}</ul></section>'

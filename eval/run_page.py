"""A run as one HTML file: scores with intervals, what moved, and every miss with its answer."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from eval.compare import changes
from eval.results import Asked, Run, amounts, rows
from eval.scoring import MEASURES
from qa.report.style import DOCUMENT

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
main{max-width:64rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #8884}
td.number,th.number{text-align:right}tr.fell td{font-weight:600}
details{margin:.6rem 0;padding:.4rem .8rem;border:1px solid #8886;border-radius:6px}
pre{white-space:pre-wrap;font-size:.85rem}.wide{overflow-x:auto}
"""


def to_html(run: Run, against: Run | None = None) -> str:
    """The page; with `against`, what moved since that run stands beside."""
    body = "\n".join(_parts(run, against))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Evaluation</title>\n<style>{DOCUMENT}{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _parts(run: Run, against: Run | None) -> Iterator[str]:
    yield "<h1>Evaluation</h1>"
    told = f"{run.model} on {run.market}, {run.made}, part {run.part}"
    yield f"<p>{escape(told)}.</p>"
    if run.left_out:
        yield f"<p>{run.left_out} questions need another tape and were left out.</p>"
    yield _scores(run)
    yield "<h2>What the answers took</h2>"
    yield "<ul>" + "".join(f"<li>{escape(s)}: {escape(t)}</li>" for s, t in amounts(run)) + "</ul>"
    if against is not None:
        yield f"<h2>Since {escape(against.made)}</h2>"
        yield _moved(against, run)
    yield "<h2>Misses</h2>"
    missed = [
        _miss(suite, key, one)
        for suite, asked in run.suites.items()
        for key, one in asked.items()
        if one.faults
    ]
    yield "\n".join(missed) or "<p>None.</p>"
    yield "<h2>What is measured</h2>"
    yield "<dl>" + "".join(f"<dt>{n}</dt><dd>{m}.</dd>" for n, m in MEASURES.items()) + "</dl>"


def _scores(run: Run) -> str:
    lines = [
        f"<tr><td>{escape(row.suite)}</td><td>{row.measure}</td>"
        f'<td class="number">{row.value:.1%}</td><td class="number">{row.n}</td>'
        f'<td class="number">{row.low:.1%} to {row.high:.1%}</td></tr>'
        for row in rows(run)
    ]
    head = _head("suite", "measure", "-value", "-n", "-95% interval")
    return f'<div class="wide"><table>{head}<tbody>{"".join(lines)}</tbody></table></div>'


def _moved(before: Run, after: Run) -> str:
    lines = [
        f"<tr{' class=fell' if c.fell else ''}><td>{escape(c.suite)}</td><td>{c.measure}</td>"
        f'<td class="number">{c.before:.1%}</td><td class="number">{c.after:.1%}</td>'
        f'<td class="number">{c.moved:+.1%} ({c.low:+.1%} to {c.high:+.1%})</td></tr>'
        for c in changes(before, after)
        if c.moved
    ]
    if not lines:
        return "<p>No share moved.</p>"
    head = _head("suite", "measure", "-before", "-now", "-change, 95% interval")
    return f'<div class="wide"><table>{head}<tbody>{"".join(lines)}</tbody></table></div>'


def _head(*names: str) -> str:
    cells = [
        f'<th class="number">{n[1:]}</th>' if n.startswith("-") else f"<th>{n}</th>" for n in names
    ]
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _miss(suite: str, key: str, one: Asked) -> str:
    faults = "".join(f"<li>{escape(fault)}</li>" for fault in one.faults)
    return (
        f"<details><summary>{escape(suite)} {escape(key)}: {escape(one.question)} "
        f"(as of {escape(one.as_of)})</summary><ul>{faults}</ul>"
        f"<pre>{escape(one.answer)}</pre></details>"
    )

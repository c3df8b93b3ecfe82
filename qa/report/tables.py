"""Tables as HTML: where there is no room for the columns, each row becomes a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

FEW = 3  # columns that fit on a phone
_DAY = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")


def plain(text: str) -> str:
    """The text escaped; a day in it is not broken."""
    return _DAY.sub(r'<span class="tc-day">\g<0></span>', escape(text))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """A table; with more columns than a phone has room for, its rows become blocks there."""
    cells = [[_cell(name, text) for name, text in zip(head, row, strict=True)] for row in rows]
    return framed(head, cells, "tc-stack" if len(head) > FEW else "", caption)


def framed(head: Sequence[str], rows: Sequence[Sequence[str]], kind: str, caption: str = "") -> str:
    """A table of cells that are HTML already."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="tc-wide"><table class="tc-table {kind}">{title}<thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(head: str, text: str) -> str:
    """A cell that knows its head; a day in it is not broken."""
    kind = ' class="tc-day"' if _DAY.fullmatch(text) else ""
    return f'<td data-head="{escape(head)}"{kind}>{escape(text)}</td>'

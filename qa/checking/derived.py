"""Figures that follow from two checked ones: a difference, a ratio, a sum, a percentage change.

The words have to say that one figure is held against the other, and which way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from qa.checking.figures import Stated, matches
from qa.checking.layout import Layout
from qa.domain import CheckedFigure, Unit

# Words beside a figure that say how it comes from two others: right before or right after it.
_RATIO = re.compile(r"\btimes\b|\bratio\b|\bmultiple|\das much\b|\btwice\b|doubl|\dx\b", re.I)
_SUM = re.compile(r"\b(?:together|combined|in (?:all|total)|sum|total(?:s|ed)?|altogether)\b", re.I)
_COMPARED = (
    r"ahead|behind|apart|more|less|differ\w*|gap|lead|led|lag\w*|trail\w*|spread|above|below"
    r"|higher|lower|wider|narrower|advantage|out\w+ed|under\w+ed|better|worse|margin|beat|premium"
    r"|discount|up|down"
)
_BEFORE = re.compile(
    rf"\b(?:{_COMPARED}|rose|rises?|gain\w*|fell|falls?|lost|loss|drop\w*|climb\w*|change\w*"
    r"|increase\w*|decrease\w*|decline\w*|upside|from|to)\b",
    re.I,
)
_AFTER = re.compile(
    rf"\W*(?:\w+\W+)?(?:{_COMPARED}|away|gain|rise|fall|loss|increase|decrease|decline|change)\b",
    re.I,
)
_MORE_OR_LESS = re.compile(
    r"\W*(?:(?P<more>more|higher|better|wider|greater)|less|lower|worse|narrower|smaller|fewer)\b",
    re.I,
)
# The second of two figures is what the first is held against, unless one of these stands before
# the first: "from 2,500 to 2,669", "against 0.97% it gained 6.75%".
_BASE = re.compile(
    r"\b(?:from|against|versus|vs\.?|than|beside|compared with)\s+[^\d]{0,40}$", re.I
)


def derive(stated: Stated, page: Layout, figures: Sequence[CheckedFigure]) -> CheckedFigure | None:
    """The stated figure as arithmetic on two checked figures of the same sentence, or None.

    The difference of two percentages is in percentage points; of two levels, in points. The
    evidence names both ids and the arithmetic.
    """
    own, _, after, _ = page.words(stated.span)
    said = own[-60:], after, stated.text
    for first, second in combinations(figures, 2):
        if first.unit != second.unit or first.unit is None:
            continue
        if not isinstance(first.value, float) or not isinstance(second.value, float):
            continue
        over, base = _ordered(first, second, page.text)
        for value, unit, how in _results(over, base, first.unit, said):
            if value * _side(stated, after) >= 0 and matches(stated, value, unit):
                a, b = (base, over) if value < 0 and not stated.signed else (over, base)
                return CheckedFigure(
                    text=stated.text,
                    value=value,
                    unit=unit,
                    status="derived",
                    evidence=f"{a.evidence}, {b.evidence}: {how.format(a.text, b.text)}",
                )
    return None


def _side(stated: Stated, after: str) -> int:
    """+1 or -1 for "more" or "less" behind a figure that bears no sign of its own, else 0."""
    found = None if stated.signed else _MORE_OR_LESS.match(after)
    return 0 if found is None else 1 if found["more"] else -1


def _ordered(
    first: CheckedFigure, second: CheckedFigure, text: str
) -> tuple[CheckedFigure, CheckedFigure]:
    """The figure that is held against another, and that other."""
    if text.rfind(first.text) > text.rfind(second.text):
        first, second = second, first
    based = _BASE.search(text[: text.find(first.text)])
    return (second, first) if based else (first, second)


def _results(
    over: CheckedFigure, base: CheckedFigure, unit: Unit, said: tuple[str, str, str]
) -> list[tuple[float, Unit, str]]:
    a, b = over.value, base.value
    if not isinstance(a, float) or not isinstance(b, float):
        return []
    before, after, own = said
    apart: dict[Unit, Unit] = {"percent": "percentage_points", "price": "points"}
    compared = bool(_BEFORE.search(before) or _AFTER.match(after))
    results: list[tuple[float, Unit, str]] = []
    if compared:
        results.append((a - b, apart.get(unit, unit), "{0} - {1}"))
    if _SUM.search(f"{before} {after[:30]}"):
        results.append((a + b, unit, "{0} + {1}"))
    if b and _RATIO.search(f"{before} {own} {after[:30]}"):
        results.append((a / b, "multiple", "{0} / {1}"))
        results += [(b / a, "multiple", "{1} / {0}")] if a else []
    if b and unit in ("price", "points") and compared:
        results.append(((a / b - 1) * 100, "percent", "{0} / {1} - 1"))
    return results

"""The audit beside the passage: its verdicts travel with it, and with whatever quotes it.

A passage is audited when a question brings it up, not when it is taken in: the tape may not hold
its days then. The verdicts are kept for as long as the histories that they rest on are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.checking.auditing.bench import PROXY
from qa.checking.figures import read_figures
from qa.domain import Audited, CheckedFigure, Ledger, Passage
from qa.market.instruments import find

if TYPE_CHECKING:
    from qa.checking.verify import Checked
    from qa.market.tape import Tape

_ASIDE = re.compile(r" \((?:the tape says|stale: right as of|the calendar says) [^()]{1,200}\)")
MOST_KEPT = 4096  # passages whose verdicts are kept
_TOLD = ("confirmed", "confirmed_under", "contradicted", "stale")
_kept: dict[tuple[Any, ...], tuple[dict[str, Any], ...]] = {}


def with_audit(passage: Passage, tape: Tape) -> Passage:
    """The passage with the verdicts of its figures; without any on a sample tape or undated.

    Only what the tape holds at the passage's own day of publication is used.
    """
    if tape.source.sample or passage.published is None:
        return passage
    from qa.checking.audit import audit_text

    key = (passage.id, passage.published, *_histories(passage, tape))
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        rows = audit_text(passage.text, passage.published, tape)
        _kept[key] = tuple(row.model_dump(mode="json") for row in rows)
    return passage.model_copy(update={"audit": _kept[key]})


def _histories(passage: Passage, tape: Tape) -> Iterator[str]:
    """What the verdicts rest on: the prices of the instruments named, and of the funds beside."""
    named = dict.fromkeys([*find(passage.text), *PROXY.values()])
    yield from (tape.history(symbol).series_hash for symbol in named if tape.holds(symbol))


def telling(passage: Passage) -> list[Audited]:
    """The verdicts of a passage that say something: all but "uncheckable"."""
    rows = (Audited.model_validate(row) for row in passage.audit)
    return [row for row in rows if row.verdict in _TOLD]


def in_brief(passage: Passage) -> list[dict[str, str]]:
    """The verdicts as a model sees them."""
    return [
        {"figure": r.asserted, "verdict": r.verdict, "tape": r.actual or r.reason}
        for r in telling(passage)
    ]


def tell_beside(claim: Checked, ledger: Ledger) -> Checked:
    """The claim with the tape's word behind each quoted figure that the tape speaks against."""
    text, figures = claim.text, list(claim.figures)
    at = 0
    for figure in claim.figures:
        place = text.find(figure.text, at)
        if place < 0:
            continue
        at = place + len(figure.text)
        passage = ledger.get(figure.evidence or "") if figure.status == "quoted" else None
        row = against(figure, passage) if isinstance(passage, Passage) else None
        if row is not None:
            aside = f" ({_words(row)})"
            text = text[:at] + aside + text[at:]
            at += len(aside)
            figures += _shown(row, figure.evidence)
    return replace(claim, text=text, figures=tuple(figures)) if text != claim.text else claim


def against(figure: CheckedFigure, passage: Passage) -> Audited | None:
    """The verdict that speaks against a quoted figure; none where another use of it holds."""
    rows = [row for row in telling(passage) if _same(row.asserted, figure)]
    wrong = [row for row in rows if row.verdict in ("contradicted", "stale")]
    return wrong[0] if wrong and len(wrong) == len(rows) else None


def _same(asserted: str, figure: CheckedFigure) -> bool:
    if asserted == figure.text:
        return True
    return any(
        stated.value is not None
        and figure.value is not None
        and not isinstance(figure.value, str)
        and (abs(stated.value), stated.unit) == (_size(figure), figure.unit)
        for stated in _read(asserted)
    )


def _size(figure: CheckedFigure) -> float | None:
    return abs(figure.value) if isinstance(figure.value, float) else None


@lru_cache(maxsize=2048)
def _read(text: str) -> tuple[Any, ...]:
    return tuple(read_figures(text))


def _words(row: Audited) -> str:
    if row.verdict == "stale":
        return f"stale: {row.reason.partition(':')[0]}; the tape says {row.actual}"
    if row.actual:
        return f"the tape says {row.actual}"
    return f"the calendar says {re.sub('[()]', '', row.reason)}"


def _shown(row: Audited, evidence: str | None) -> list[CheckedFigure]:
    """What the aside shows, as a computed figure whose working is the passage's audit."""
    if row.actual is None:
        return []
    return [
        CheckedFigure(text=row.actual, value=None, unit=None, status="computed", evidence=evidence)
    ]


def asides(text: str) -> list[str]:
    """The tape's words in a sentence, as `tell_beside` puts them."""
    return [found.group() for found in _ASIDE.finditer(text)]


def without_asides(text: str) -> str:
    """A sentence as it was before `tell_beside`."""
    return _ASIDE.sub("", text)


def audited_line(passage: Passage, shown: Sequence[str]) -> str:
    """The verdicts on the sentences shown of a passage, and what is wrong in its others."""
    told = " ".join(shown)
    here: dict[str, None] = {}
    elsewhere: dict[str, None] = {}
    for row in telling(passage):
        part = f"“{' '.join(row.asserted.split())}” {_verdict(row)}"
        if " ".join(row.text.split()) in told or row.asserted in told:
            here[part] = None
        elif row.verdict in ("contradicted", "stale"):
            elsewhere[part] = None
    lines = [f"On the tape: {'; '.join(here)}."] if here else []
    lines += [f"Elsewhere in the passage: {'; '.join(elsewhere)}."] if elsewhere else []
    return " ".join(lines)


def _verdict(row: Audited) -> str:
    if row.verdict == "confirmed":
        return "confirmed"
    if row.verdict == "confirmed_under":
        return f"confirmed only by one definition ({row.definition})"
    if row.verdict == "stale":
        return f"stale ({row.reason}; now {row.actual})"
    return f"contradicted ({row.definition}: {row.actual})" if row.actual else (
        f"contradicted ({row.reason})"
    )  # fmt: skip

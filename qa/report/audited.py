"""An audit as it reads on a terminal: a line for every figure, and a count of the verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qa.checking.auditing.uncheckable import SAMPLE
from qa.domain import Audited, AuditVerdict

_WORDS: dict[AuditVerdict, str] = {
    "confirmed": "confirmed",
    "confirmed_under": "confirmed under one definition",
    "contradicted": "contradicted",
    "stale": "stale",
    "uncheckable": "uncheckable",
}


def audit_lines(audited: Sequence[Audited]) -> list[str]:
    """The sentences that hold a claim, each followed by its verdicts; then the counts."""
    lines: list[str] = []
    shown: tuple[int, int] | None = None
    for row in audited:
        if row.span != shown:
            lines += ["", " ".join(row.text.split())]
            shown = row.span
        about = f" ({row.subject})" if row.subject else ""
        why = "" if row.reason == SAMPLE else f": {row.reason}"
        lines.append(f"  {_WORDS[row.verdict]}: {row.asserted}{about}{why}")
    if any(row.reason == SAMPLE for row in audited):
        lines += ["", f"Nothing is tried on this tape: {SAMPLE}."]
    counts = Counter(row.verdict for row in audited)
    told = [f"{counts[verdict]} {words}" for verdict, words in _WORDS.items() if counts[verdict]]
    claims = "1 claim" if len(audited) == 1 else f"{len(audited)} claims"
    return [*lines, "", f"{claims}: {', '.join(told) or 'none to check'}."]

"""How well the auditor audits: `python -m eval.audit [FILE] [--half dev|test] [--misses]`.

Each text of FILE goes to the auditor alone, with its day of publication, the prices up to that day
and, for a claim taken out of its page, the symbol that it is about. Claims of one page are one
text, for a reader has the sentences before. What comes back is laid beside the worked verdicts by
these rules:

- What counts for a claim are the findings whose span touches its own. Where the claim names the
  numbers that are judged and findings hold them, only those count; signs don't matter here, since
  "fell 3%" may be kept as 3% or -3%.
- Of several, the worst counts: contradicted, stale, uncheckable, confirmed_under, confirmed. A
  sentence with three right numbers and a wrong one is wrong.
- No finding is "silent": fair where nothing could be checked, a miss everywhere else.
- A verdict is exact, or fair: also one that the claim's key allows. A key of not_contradicted is
  a true or an ambiguous sentence, in which only an accusation is wrong.

A file is halved by a hash of each text's id: misses are looked at in the half "dev" alone, so that
the half "test" says what an auditor does with texts that it wasn't fitted to.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

from eval.claims import HELD_OUT, Claim, Text, load_texts
from eval.reading import numbers, says
from qa.errors import TapecheckError

WORST_FIRST = ("contradicted", "stale", "uncheckable", "confirmed_under", "confirmed")
KEYS = (*reversed(WORST_FIRST), "not_contradicted")
COLUMNS = (*reversed(WORST_FIRST), "silent")
HOLDS = ("confirmed", "confirmed_under")
MARKET = Path(__file__).parents[1].parent / "shared" / "market"
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
WORDS = 1000
RUNS = 5

Finding = dict[str, Any]
Auditor = Callable[[str, date | None, str | None], Sequence[Finding]]


@dataclass(frozen=True)
class Judged:
    """A claim, the findings that count for it, and the verdict that they come to."""

    text: Text
    claim: Claim
    findings: tuple[Finding, ...]

    @property
    def got(self) -> str:
        """The worst verdict of the findings, or "silent"."""
        found = {str(finding["verdict"]) for finding in self.findings}
        return next((verdict for verdict in WORST_FIRST if verdict in found), "silent")

    @property
    def exact(self) -> bool:
        """Whether the verdict is the key's own; not_contradicted has none, so fair is exact."""
        if self.claim.verdict == "not_contradicted":
            return self.fair
        return self.got == self.claim.verdict

    @property
    def fair(self) -> bool:
        """Whether the verdict is one that the key allows."""
        return self.claim.allows(self.got)

    @property
    def accused(self) -> bool:
        """Whether something that isn't wrong was called contradicted."""
        return self.got == "contradicted" and not self.fair and self.claim.verdict != "stale"

    @property
    def let_through(self) -> bool:
        """Whether something wrong or out of date was said to hold."""
        wrong = self.claim.verdict in ("contradicted", "stale")
        return wrong and self.got in HOLDS and not self.fair

    @property
    def named(self) -> bool | None:
        """Whether the reader is told what is right; None where the key doesn't say what to tell.

        That is the actual value of what is contradicted, a word of the reading under which a
        number holds, or the day on which it held.
        """
        claim, told = self.claim, " ".join(map(_told, self.findings))
        if self.got != claim.verdict:
            return None
        if claim.verdict == "contradicted" and claim.actual is not None:
            return any(
                abs(abs(n.value) - abs(claim.actual)) <= 0.51 * 10.0**-n.decimals
                for n in numbers(told)
            )
        if claim.verdict == "confirmed_under" and claim.definition:
            return claim.definition.lower() in told.lower()
        if claim.verdict == "stale" and claim.date:
            return says(told, claim.date)
        return None


def _told(finding: Finding) -> str:
    return " ".join(str(finding.get(key)) for key in ("actual", "definition", "reason"))


def judge(text: Text, findings: Sequence[Finding]) -> Iterator[Judged]:
    """Lay the findings of a text beside each of its claims."""
    for claim, (start, end) in zip(text.claims, text.spans, strict=True):
        here = [f for f in findings if f["span"][0] < end and start < f["span"][1]]
        judged = [f for f in here if any(map(_is_of(claim), _held(f)))]
        yield Judged(text, claim, tuple(judged or here))


def _is_of(claim: Claim) -> Callable[[float], bool]:
    """Whether a number is among those that the claim is about."""
    about = [abs(number) for number in claim.asserted]
    return lambda held: any(abs(abs(held) - number) < 1e-6 * max(number, 1) for number in about)


def _held(finding: Finding) -> Iterator[float]:
    """The numbers in the words that a finding is about: "$250.33", "12th", "up 3.0%"."""
    for digits in _DIGITS.findall(finding["asserted"]):
        yield float(digits.replace(",", ""))


def half_of(text: Text) -> str:
    """The half that a text belongs to: "dev" for every second hash of an id, else "test"."""
    return "test" if hashlib.sha256(text.id.encode()).digest()[0] % 2 else "dev"


def measured(texts: Iterable[Text], auditor: Auditor) -> list[Judged]:
    """Every claim of the texts, judged: each as its text reads to who knows what it is about."""
    judged = []
    for text in texts:
        for about in dict.fromkeys(claim.about for claim in text.claims):
            found = judge(text, auditor(text.whole, text.published, about))
            judged += [one for one in found if one.claim.about == about]
    return judged


# --- What is printed -----------------------------------------------------------------------------


def report(judged: Sequence[Judged]) -> Iterator[str]:
    """The confusion matrix, the rates, and both by kind."""
    yield from _matrix(judged)
    yield ""
    yield from _rates(judged)
    yield ""
    yield f"{'kind':<24}{'claims':>7}{'exact':>7}{'fair':>7}{'accused':>9}{'let through':>13}"
    kinds = Counter(one.claim.kind for one in judged)
    for kind, count in sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])):
        of = [one for one in judged if one.claim.kind == kind]
        sums = [sum(map(bool, s)) for s in zip(*(_marks(one) for one in of), strict=True)]
        exact, fair, accused, through = sums
        yield f"{kind:<24}{count:>7}{exact:>7}{fair:>7}{accused:>9}{through:>13}"


def _marks(one: Judged) -> tuple[bool, bool, bool, bool]:
    return one.exact, one.fair, one.accused, one.let_through


def _matrix(judged: Sequence[Judged]) -> Iterator[str]:
    cells = Counter((str(one.claim.verdict), one.got) for one in judged)
    yield f"{'expected, and got:':<20}" + "".join(f"{name:>16}" for name in COLUMNS)
    for key in KEYS:
        if any(one.claim.verdict == key for one in judged):
            yield f"{key:<20}" + "".join(f"{cells[key, name]:>16}" for name in COLUMNS)


def _rates(judged: Sequence[Judged]) -> Iterator[str]:
    checkable = [one for one in judged if one.claim.verdict in ("stale", "contradicted", *HOLDS)]
    told = [one.named for one in judged if one.named is not None]
    not_wrong = [one for one in judged if one.claim.verdict not in ("stale", "contradicted")]
    wrong = [one for one in judged if one.claim.verdict in ("stale", "contradicted")]
    for name, hits, of in (
        ("exact, of the checkable", [one.exact for one in checkable], checkable),
        ("fair, of the checkable", [one.fair for one in checkable], checkable),
        ("fair, of all", [one.fair for one in judged], judged),
        ("falsely called contradicted", [one.accused for one in judged], not_wrong),
        ("wrong or stale, but let through", [one.let_through for one in judged], wrong),
        ("right value, reading or day told", told, told),
    ):
        if of:
            yield f"{name:<34}{sum(hits):>5} of {len(of):<5}{sum(hits) / len(of):>7.1%}"


def misses(judged: Iterable[Judged]) -> Iterator[str]:
    """Every claim whose verdict isn't fair, with what was found."""
    for one in judged:
        if one.fair:
            continue
        published = one.text.published or "undated"
        yield f"{one.text.id} ({one.claim.kind}, {published}): {one.claim.text}"
        yield f"    expected {one.claim.verdict}, got {one.got}"
        for finding in one.findings:
            values = f"{finding.get('asserted')} against {finding.get('actual')}"
            yield f"    {finding['verdict']}: {values}: {finding.get('reason')}"


def note_of(texts: Sequence[Text], words: int = WORDS) -> str:
    """A note of about so many words, made by joining texts; they are used again if too few."""
    parts: list[str] = []
    count = 0
    for text in cycle(texts):
        if count >= words:
            break
        parts.append(text.whole)
        count += len(text.whole.split())
    return "\n\n".join(parts)


def timed(texts: Sequence[Text], auditor: Auditor, runs: int = RUNS) -> float:
    """The median milliseconds of auditing a 1,000-word note, after a first run that isn't counted.

    The note bears the day of the last text, so that all its prices are in reach.
    """
    note, last = note_of(texts), max((t.published for t in texts if t.published), default=None)
    auditor(note, last, None)
    spent = []
    for _ in range(runs):
        started = time.perf_counter()
        auditor(note, last, None)
        spent.append((time.perf_counter() - started) * 1000)
    return median(spent)


# --- The auditor ---------------------------------------------------------------------------------


def auditor_on(folder: Path) -> Auditor:
    """The product's auditor on a folder of prices, cut at the day of publication.

    A text without a day is audited as of the last day in the folder.
    """
    from qa.checking.audit import audit_text
    from qa.market.folder import FolderSource
    from qa.market.tape import Tape

    source = FolderSource(folder)
    tape_of = cache(lambda day: Tape(source, day))

    def audited(text: str, published: date | None, about: str | None) -> list[Finding]:
        day = published or source.span()[1]
        found = audit_text(text, day, tape_of(day), about=about)
        return [one.model_dump(mode="json") for one in found]

    return audited


def main() -> None:
    """Audit a file of claims and print how well it went."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.audit", description=__doc__.split("\n")[0]
    )
    parser.add_argument("file", nargs="?", type=Path, default=HELD_OUT, help="claims, JSON lines")
    parser.add_argument("--half", choices=("dev", "test"), help="one half of the texts only")
    parser.add_argument("--misses", action="store_true", help="print every miss with its reasons")
    parser.add_argument("--market", type=Path, default=MARKET, help="a folder of prices")
    asked = parser.parse_args()
    try:
        texts = [t for t in load_texts(asked.file) if asked.half in (None, half_of(t))]
        auditor = auditor_on(asked.market)
    except TapecheckError as error:
        sys.exit(str(error))
    judged = measured(texts, auditor)
    print("\n".join(report(judged)))
    print(f"\na note of {WORDS:,} words, warm{timed(texts, auditor):>12.0f} ms")
    if asked.misses:
        print("\n" + "\n".join(misses(judged)))


if __name__ == "__main__":
    main()

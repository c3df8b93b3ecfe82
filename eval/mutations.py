"""How many changed figures the checks catch: `python -m eval.mutations [--speed]`.

Questions are asked on many days. Each sentence of the answers is typed out as a model would type
it, raw digits instead of slots, and checked: it has to stand, else it is a false alarm. Then one
figure of it is changed (changes.py), and checked: it must not stand. One part of the questions and
days was looked at while the checks were made, the other was held out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median

from eval.cases import SUITES
from eval.changes import Change, changes
from eval.said import retold
from eval.told import Told
from qa.analyst import Analyst
from qa.checking.assemble import assemble
from qa.checking.verify import verify
from qa.checking.wording import wording
from qa.domain import Answer, Draft, DraftClaim, DraftVerdict, Ledger
from qa.market.sessions import last_session

SHARED = Path(__file__).parents[1].parent / "shared" / "market"
BROAD = {
    "looked at": ("Is the Russell 2000 rally sustainable?", "Will the Nasdaq's advance last?"),
    "held out": ("Is the small-cap rally running out of steam?", "Is the S&P 500's run healthy?"),
}
NARROW = {
    "looked at": (
        "How did the Russell 2000 do against the S&P 500 year to date?",
        "Which sectors led last month?",
        "Is the S&P 500 above its 200-day average?",
        "How did IWM do today?",
        "What would change the verdict on the Russell 2000?",
        "What is the VIX at?",
    ),
    "held out": (
        "What did the S&P 500 return over the last three months?",
        "How volatile was the Russell 2000 in the last six months?",
        "How far is the Russell 2000 below its 52-week high?",
        "Did energy and technology rise last week?",
        "What is the 10-year Treasury yield?",
        "How did the Nasdaq do against the Dow last month?",
    ),
}
LAST_DAY = date(2026, 1, 23)
EVERY = 45  # days between the as-of dates, which the two parts take by turns
CAUGHT_LIMIT, ALARM_LIMIT, SIXTY_LIMIT = 0.995, 0.005, 0.010
SEED = 20260123


@dataclass
class Tally:
    """What was counted of one part: sentences, false alarms, and changes by kind."""

    part: str
    sentences: int = 0
    alarms: int = 0
    made: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    missed: list[Change] = field(default_factory=list)
    alarmed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of changes that were caught."""
        return self.caught.total() / max(1, self.made.total())

    @property
    def false_share(self) -> float:
        """The share of true sentences that did not stand."""
        return self.alarms / max(1, self.sentences)

    @property
    def holds(self) -> bool:
        """Whether both shares are within their limits."""
        return self.share >= CAUGHT_LIMIT and self.false_share <= ALARM_LIMIT


def told_sentences(analyst: Analyst, part: str, days: int) -> Iterator[Told]:
    """The sentences with a figure that the answers of one part hold, each once, then in words."""
    seen: set[str] = set()
    rng = Random(SEED)
    for question, day in asked(analyst, part, days):
        for told in read_back(analyst.ask(question, as_of=day)):
            if told.text not in seen and any(c.isdigit() for c in told.text):
                seen.add(told.text)
                yield told
                yield from retold(told, rng)


def asked(analyst: Analyst, part: str, days: int) -> Iterator[tuple[str, date]]:
    """The questions of a part and the days they are asked on, the narrow suite's among them."""
    first, last = analyst.market.source.span()
    offset = 0 if part == "looked at" else EVERY // 2
    for i in range(days):
        day = min(last, LAST_DAY) - timedelta(days=offset + i * EVERY)
        if day < first + timedelta(days=400):
            return
        for question in BROAD[part] + (NARROW[part] if i < 20 else ()):
            yield question, last_session(day)
    lines = (SUITES / "figures.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines[part != "looked at" :: 2]:
        case = json.loads(line)
        yield case["question"], date.fromisoformat(case["as_of"])


def read_back(answer: Answer) -> Iterator[Told]:
    """The sentences of an answer as a model would type them: raw digits, and marks such as [m3]."""
    ledger = Ledger()
    keys = {evidence.id: ledger.add(evidence) for evidence in answer.evidence}
    numbered = {str(e.number): keys[e.id] for e in answer.evidence if e.number is not None}
    parts = [(claim.text, claim.figures) for claim in answer.claims]
    parts.append((answer.verdict.why, answer.verdict.figures))
    for text, figures in parts:
        typed = re.sub(r"\[(\d+)\]", lambda m: f"[{numbered[m[1]]}]", text)
        cited = tuple(dict.fromkeys(re.findall(r"\[([mp]\d+)\]", typed)))
        if cited:
            yield Told(typed, cited, figures, ledger)


def stands(text: str, evidence: tuple[str, ...], ledger: Ledger) -> tuple[bool, str]:
    """Whether a typed sentence reaches the reader, and why not if it doesn't."""
    claim = DraftClaim(section="performance", text=text, evidence=evidence)
    draft = Draft(verdict=DraftVerdict(label="not_asked", why=""), claims=(claim,))
    verified = verify(draft, ledger)
    reached = bool(assemble(draft, verified, ledger).claims)
    return reached, "; ".join(check.reason for check in verified.failed)


def measure(part: str, sentences: Iterator[Told]) -> Tally:
    """Check each sentence as it is, then with each of its changes."""
    tally, rng = Tally(part), Random(SEED)
    for told in sentences:
        tally.sentences += 1
        held, why = stands(told.text, told.evidence, told.ledger)
        if not held:
            tally.alarms += 1
            tally.alarmed.append((told.text, why))
            continue
        for change in changes(told, rng):
            tally.made[change.kind] += 1
            if stands(change.text, change.evidence, told.ledger)[0]:
                tally.missed.append(change)
            else:
                tally.caught[change.kind] += 1
    return tally


def sixty(analyst: Analyst, runs: int = 30) -> tuple[float, ...]:
    """The seconds of processor time to verify 60 figures typed in digits, of each run.

    Each run verifies the sentences of another day, once: no text, figure or evidence of it was
    read before. Words that such sentences have in common are forgotten between the runs.
    """
    seconds: list[float] = []
    question, days = BROAD["looked at"][0], 0
    while len(seconds) <= runs:
        days += 1
        answer = analyst.ask(question, as_of=last_session(LAST_DAY - timedelta(days=9 * days)))
        draft, figures, ledger = _typed(list(read_back(answer)))
        if figures < 60:
            continue
        wording.cache_clear()
        started = time.process_time()
        verify(draft, ledger)
        seconds.append((time.process_time() - started) * 60 / figures)
    return tuple(seconds[1:])  # patterns are compiled at their first use


def _typed(sentences: list[Told]) -> tuple[Draft, int, Ledger]:
    """Sentences with 60 figures, or a few more, as a draft; the number of figures; the evidence."""
    claims, figures = [], 0
    for told in sentences:
        claims.append(DraftClaim(section="summary", text=told.text, evidence=told.evidence))
        figures += len(told.figures)
        if figures >= 60:
            break
    verdict = DraftVerdict(label="not_asked", why="")
    return Draft(verdict=verdict, claims=tuple(claims)), figures, sentences[0].ledger


def write(tally: Tally, shown: int) -> str:
    """The table of one part, and the first `shown` changes that were missed."""
    lines = [
        f"{tally.part}: {tally.sentences} sentences, {tally.alarms} false alarms "
        f"({tally.false_share:.2%})"
    ]
    for kind, made in sorted(tally.made.items()):
        caught = tally.caught[kind]
        lines.append(f"  {kind:28} {caught:6} of {made:6} caught  {caught / made:7.2%}")
    total = tally.made.total()
    lines.append(f"  {'all':28} {tally.caught.total():6} of {total:6} caught  {tally.share:7.2%}")
    lines += [f"  false alarm: {text}  ({why})" for text, why in tally.alarmed[:shown]]
    lines += [f"  missed {c.kind}, {c.note}: {c.text}" for c in tally.missed[:shown]]
    return "\n".join(lines)


def main() -> None:
    """Measure both parts; exit 1 when a limit is not held."""
    parser = argparse.ArgumentParser(description="Measure how many changed figures are caught.")
    usual = f"folder:{SHARED}" if SHARED.is_dir() else "sample"
    parser.add_argument("--market", default=usual, help="sample or folder:PATH")
    parser.add_argument("--days", type=int, default=30, help="as-of dates of each part")
    parser.add_argument("--show", type=int, default=0, help="misses to print of the part looked at")
    parser.add_argument("--speed", action="store_true", help="measure the time alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    given = parser.parse_args()
    tallies = []
    with tempfile.TemporaryDirectory(prefix="tapecheck-mutations-") as folder:
        analyst = Analyst(model="offline", market=given.market, store=str(Path(folder) / "store"))
        for part in () if given.speed else BROAD:
            tallies.append(measure(part, told_sentences(analyst, part, given.days)))
            print(write(tallies[-1], given.show if part == "looked at" else 0), flush=True)
        spent = sixty(analyst)
        analyst.library.close()
    print(
        f"verify 60 figures never read before: {min(spent) * 1000:.1f} ms at best, "
        f"{median(spent) * 1000:.1f} ms in the middle of {len(spent)} runs "
        f"(limit {SIXTY_LIMIT * 1000:.0f} ms)"
    )
    if given.json:
        told = [asdict(t) | {"share": t.share, "false_share": t.false_share} for t in tallies]
        given.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    quick = min(spent) <= SIXTY_LIMIT or not given.speed
    sys.exit(0 if quick and all(t.holds for t in tallies) else 1)


if __name__ == "__main__":
    main()

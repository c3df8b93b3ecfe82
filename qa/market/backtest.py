"""The track record of the price-based scorecard, instrument by instrument, for people to read.

Everything comes from the table of an `outlook` metric: its month ends since 1995, whose odds knew
nothing of what followed. Nothing is fitted: thresholds and labels were set beforehand, and the
years before 1995 only fill the first base rates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qa.domain import Metric
from qa.errors import ToolError
from qa.market.catalog import compute
from qa.market.instruments import named
from qa.market.outlook import AHEAD, UP
from qa.market.tape import Tape
from qa.market.track_record import BANDS, SINCE

USUAL = ("^RUT", "^IXIC", "^GSPC", "^DJI")
BINS = 10  # of a reliability diagram: tenths of the chance


@dataclass(frozen=True)
class Bin:
    """Month ends whose odds lay in one tenth: how many, the mean chance, how often it came."""

    n: int
    chance: float
    came: float


@dataclass(frozen=True)
class Hits:
    """Month ends of one label: how many, and the share followed by the outcome, in percent."""

    label: str
    n: int
    share: float


@dataclass(frozen=True)
class Scored:
    """One outcome of one instrument: scores and skill (percent, with its interval), and groups."""

    symbol: str
    outcome: str
    n: int
    first: str
    last: str
    brier: float
    brier_base: float
    skill: float
    low: float
    high: float
    edge: bool
    hits: tuple[Hits, ...]
    reliability: tuple[Bin, ...]


def backtest(tape: Tape, symbols: Sequence[str] = ()) -> Iterator[Scored | str]:
    """Each instrument's record, or a sentence on why there is none.

    Without `symbols`: the usual indices, and every other price that the tape can list.
    """
    listed = [s for s in tape.symbols if named(s).kind in ("index", "fund")]
    short: list[str] = []
    asked = symbols or tuple(dict.fromkeys([*(s for s in USUAL if tape.holds(s)), *listed]))
    for symbol in asked:
        try:
            metric = compute(tape, "outlook", {"symbol": symbol})
        except ToolError as error:
            yield str(error)
            continue
        found = list(records(metric))
        yield from found
        if not found:
            short.append(symbol)
    if short:
        yield f"Too few month ends since {SINCE.year} for a record: {', '.join(short)}."


def records(metric: Metric) -> Iterator[Scored]:
    """The scored outcomes of an outlook."""
    for outcome in (UP, AHEAD):
        if f"skill_{outcome}" not in metric.figures:
            continue
        rows = list(_rows(metric, outcome))
        figures = {
            name: float(metric.figures[f"{name}_{outcome}"].value)  # type: ignore[arg-type]
            for name in ("brier", "brier_base", "skill", "skill_low", "skill_high", "edge")
        }
        yield Scored(
            symbol=metric.symbols[0],
            outcome=_words(metric, outcome),
            n=len(rows),
            first=str(rows[0][0]),
            last=str(rows[-1][0]),
            brier=figures["brier"],
            brier_base=figures["brier_base"],
            skill=figures["skill"],
            low=figures["skill_low"],
            high=figures["skill_high"],
            edge=bool(figures["edge"]),
            hits=tuple(_hits(rows)),
            reliability=tuple(_bins(rows)),
        )


def _words(metric: Metric, outcome: str) -> str:
    return "up" if outcome == UP else f"ahead of {metric.symbols[1]}"


def _rows(metric: Metric, outcome: str) -> Iterator[tuple[Any, str, float, float]]:
    """Month end, label, chance and outcome, where both are known."""
    if metric.table is None:
        return
    place = {name: n for n, name in enumerate(metric.table.columns)}
    for row in metric.table.rows:
        chance, came = row[place[f"chance_{outcome}"]], row[place[outcome]]
        if isinstance(chance, float) and isinstance(came, float):
            yield row[0], str(row[place["label"]]), chance, came


def _hits(rows: Sequence[tuple[Any, str, float, float]]) -> Iterator[Hits]:
    for label in BANDS:
        came = [row[3] for row in rows if row[1] == label]
        if came:
            yield Hits(label, len(came), sum(came) / len(came) * 100)


def reliability(metric: Metric, outcome: str) -> list[Bin]:
    """The tenths of the chance of one outcome (up or ahead) in the table of an outlook."""
    return list(_bins(list(_rows(metric, outcome))))


def _bins(rows: Sequence[tuple[Any, str, float, float]]) -> Iterator[Bin]:
    for tenth in range(BINS):
        inside = [row for row in rows if min(int(row[2] * BINS), BINS - 1) == tenth]
        if inside:
            chance = sum(row[2] for row in inside) / len(inside) * 100
            yield Bin(len(inside), chance, sum(row[3] for row in inside) / len(inside) * 100)


def lines(found: Sequence[Scored | str]) -> Iterator[str]:
    """What is printed: scores, hit rates by label, reliability, and what could not be scored."""
    scored = [one for one in found if isinstance(one, Scored)]
    yield (f"{'':22}{'months':>7}  {'since':11}{'Brier':>7}{'base':>7}{'skill':>8}  95% interval")
    for one in scored:
        spread = f"{one.low:+.1f}% to {one.high:+.1f}%"
        told = "edge" if one.edge else "no measurable edge"
        yield (
            f"{one.symbol} {one.outcome:<{21 - len(one.symbol)}}{one.n:>7}  {one.first:11}"
            f"{one.brier:>7.3f}{one.brier_base:>7.3f}{one.skill:>+7.1f}%  {spread}: {told}"
        )
    yield "\nHow often it came, by label (month ends)"
    for one in scored:
        told = ", ".join(f"{h.label} {h.share:.0f}% ({h.n})" for h in one.hits)
        yield f"{one.symbol} {one.outcome}: {told}"
    yield "\nReliability: the mean chance by tenths, and how often it came (month ends)"
    for one in scored:
        told = ", ".join(f"{b.chance:.0f}% {b.came:.0f}% ({b.n})" for b in one.reliability)
        yield f"{one.symbol} {one.outcome}: {told}"
    yield ""
    yield from (one for one in found if isinstance(one, str))
    yield (
        "\nEvery month end knows only what was over by then; thresholds and labels were set "
        "beforehand, and nothing is fitted to the years scored."
    )

"""How fast Tapecheck is here: `python eval/speed.py [--market SOURCE] [--json FILE]`.

Each line is the median of some runs, beside the limit that we hold ourselves to. Whole processes
are timed from outside, in a clean environment, with a store and a working folder of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.agent.tools import Desk
    from qa.analyst import Analyst
    from qa.domain import Draft

QUESTION = "Is the Russell 2000 rally sustainable?"
SEARCH = "small caps earnings growth outlook"
THIRTEEN_MONTHS = {"symbol": "^RUT", "benchmark": "^GSPC", "start": "2024-12-23"}
LAST_DAY = "2026-01-23"
COLD_LIMIT, HELP_LIMIT, IMPORT_LIMIT, WARM_LIMIT = 3.0, 0.4, 0.15, 0.3
PANEL = ("^RUT", "^GSPC")
PANEL_LIMIT = 0.05
KEPT_LIMIT = 0.01
DRAFT_LIMIT = 0.02
LIBRARIES = (
    "tapecheck chromadb exchange-calendars langchain langgraph numpy onnxruntime pandas pydantic"
).split()


@dataclass(frozen=True)
class Row:
    """One thing that was timed: seconds of each run, and the limit of the median, if there is."""

    name: str
    seconds: tuple[float, ...]
    limit: float | None = None

    @property
    def median(self) -> float:
        """The median in seconds."""
        return median(self.seconds)

    @property
    def holds(self) -> bool | None:
        """Whether the median is within the limit; None without one."""
        return None if self.limit is None else self.median <= self.limit


def timed(name: str, work: Callable[[], object], runs: int, limit: float | None = None) -> Row:
    """Time some work, run after run."""
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return Row(name, tuple(seconds), limit)


def measure(market: str, folder: Path, runs: int) -> Iterator[Row]:
    """All rows, each as soon as it is there. `folder` is empty and may be written."""
    from qa.analyst import Analyst

    analyst = Analyst(model="offline", market=market, store=str(folder / "store"))
    yield timed("first ingest of the bundled commentary", lambda: analyst.library, 1)
    yield from _inside(analyst, runs)
    analyst.library.close()
    yield from _processes(market, folder, runs)


def _processes(market: str, folder: Path, runs: int) -> Iterator[Row]:
    """Whole processes. The first run of each, which fills the disk cache, isn't counted."""
    tapecheck = str(Path(sys.executable).with_name("tapecheck"))
    ask = [tapecheck, "ask", QUESTION, "--as-of", LAST_DAY, "--market", market]

    def process(name: str, command: list[str], limit: float | None = None) -> Row:
        _run(command, folder)
        return timed(name, lambda: _run(command, folder), runs, limit)

    yield process("tapecheck ask, a new process, commentary taken in", ask, COLD_LIMIT)
    yield process("tapecheck --help", [tapecheck, "--help"], HELP_LIMIT)
    nothing = process("python -c pass", [sys.executable, "-c", "pass"])
    imported = process('python -c "import qa"', [sys.executable, "-c", "import qa"])
    yield nothing
    yield imported
    over = tuple(seconds - nothing.median for seconds in imported.seconds)
    yield Row("import qa, over a bare python", over, IMPORT_LIMIT)


def _run(command: list[str], folder: Path) -> None:
    """Run a command where no setting and no .env of the user reaches it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TAPECHECK_", "OPENAI_"))}
    ours = {"TAPECHECK_STORE": str(folder / "store"), "TAPECHECK_MODEL": "offline"}
    done = subprocess.run(
        command, cwd=folder, env=kept | ours, capture_output=True, text=True, check=False
    )
    # 3: answered, with something left out.
    if done.returncode not in (0, 3):
        sys.exit(f"{Path(command[0]).name} failed with exit code {done.returncode}: {done.stderr}")


def _inside(analyst: Analyst, runs: int) -> Iterator[Row]:
    """Work inside a process that has answered once."""
    from qa.checking.verify import verify

    def ask() -> object:
        return analyst.ask(QUESTION, as_of=LAST_DAY)

    day = date.fromisoformat(LAST_DAY)
    yield timed("first Analyst.ask of a process, imports included", ask, 1)
    yield timed("Analyst.ask, warm", ask, runs, WARM_LIMIT)
    search = analyst.library.search
    yield timed("a search of the commentary", lambda: search(SEARCH, as_of=day), runs)
    desk, draft = _draft(analyst, day)
    name = f"verify the draft ({len(draft.claims)} claims)"
    yield timed(name, lambda: verify(draft, desk.ledger), runs, DRAFT_LIMIT)
    yield _sixty(analyst)

    def metric() -> object:
        return analyst.metric("performance", as_of=LAST_DAY, **THIRTEEN_MONTHS)

    yield timed("metric performance, 13 months, two series", metric, runs)
    first = max(analyst.market.source.history(s).frame.index[1].date() for s in PANEL)
    name = f"the panel: every metric of two indices since {first}"
    yield timed(name, lambda: _panel(analyst, first), runs, PANEL_LIMIT)
    yield from _peers(analyst, first, runs)
    yield _kept(analyst, runs)


def _sixty(analyst: Analyst) -> Row:
    """Checking sentences with 60 figures, typed in digits, none of which was read before."""
    from eval.mutations import SIXTY_LIMIT, sixty

    least = min(sixty(analyst))
    return Row("check an answer with 60 figures, least of 30", (least,), SIXTY_LIMIT)


def _peers(analyst: Analyst, first: date, runs: int) -> Iterator[Row]:
    """Much the same statistics, of the same closes, by two libraries."""
    import pandas as pd

    from eval.peers import with_ffn, with_quantstats

    # Both bring bottleneck, which pandas would then count with in our rows as well.
    pd.set_option("compute.use_bottleneck", False)
    own, other = (
        analyst.market.source.history(s).frame["close"].loc[str(first) : LAST_DAY] for s in PANEL
    )
    for library, prepare in (("ffn", with_ffn), ("quantstats", with_quantstats)):
        yield timed(f"the like by {library}", prepare(own, other), runs)


def _kept(analyst: Analyst, runs: int) -> Row:
    """Reading one symbol that the live source has kept on disk, with a source opened anew."""
    from datetime import datetime

    from qa.market.cache import Cache, Kept
    from qa.market.yahoo import YahooSource

    frame = analyst.market.source.history(PANEL[1]).frame
    now = datetime.fromisoformat(f"{frame.index[-1].date()}T23:59:00-05:00")
    with tempfile.TemporaryDirectory(prefix="tapecheck-kept-") as name:
        Cache(Path(name)).store(Kept(PANEL[1], frame, retrieved=now, checked=now))

        def read() -> object:
            return YahooSource(folder=Path(name), now=lambda: now).history(PANEL[1])

        read()
        return timed(f"a symbol kept on disk ({len(frame):,} sessions)", read, runs, KEPT_LIMIT)


def _panel(analyst: Analyst, first: date) -> None:
    """Every metric of two indices over the longest window that both have."""
    own, other = PANEL
    for symbol in PANEL:
        for name in ("performance", "volatility", "drawdown"):
            analyst.metric(name, as_of=LAST_DAY, symbol=symbol, start=first)
        analyst.metric("technicals", as_of=LAST_DAY, symbol=symbol)
    analyst.metric("compare", as_of=LAST_DAY, symbol=own, benchmark=other, start=first)
    analyst.metric("signals", as_of=LAST_DAY, symbol=own)


def _draft(analyst: Analyst, day: date) -> tuple[Desk, Draft]:
    """The draft of the main question, and the desk whose ledger it rests on."""
    from qa.agent.graph import Loop, Work
    from qa.agent.models import open_model
    from qa.agent.tools import Desk
    from qa.market.tape import Tape

    settings = analyst.settings
    loop = Loop(open_model(settings.chosen_model, settings), settings.budget)
    desk = Desk(Tape(analyst.market.source, day), analyst.library, day)
    for step in loop.work(QUESTION, desk):
        if isinstance(step, Work) and step.draft is not None:
            return desk, step.draft
    sys.exit("The loop ended without a draft, so there is nothing to time verify with.")


def machine(market: str) -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "date": date.today().isoformat(),
        "market": "sample" if market == "sample" else market.partition(":")[0],
        "cores": os.cpu_count(),
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def write(row: Row, width: int) -> str:
    """One line of the table."""
    limit = "-" if row.limit is None else _spoken(row.limit)
    holds = {True: "yes", False: "NO", None: "-"}[row.holds]
    return (
        f"{row.name:{width}} {_spoken(row.median):>9} {limit:>9} {holds:>6} {len(row.seconds):>5}"
    )


def _spoken(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def main() -> None:
    """Measure, print the table, and write the figures where --json says."""
    parser = argparse.ArgumentParser(description="Measure how fast Tapecheck is on this machine.")
    parser.add_argument("--market", default="sample", help="sample (default) or folder:PATH")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, 5 by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    given = parser.parse_args()
    if given.runs < 1:
        parser.error("--runs must be 1 or more")
    source, colon, path = given.market.partition(":")
    market = f"{source}:{Path(path).resolve()}" if colon else source
    width = 50
    print(f"{'':{width}} {'median':>9} {'limit':>9} {'holds?':>6} {'runs':>5}", flush=True)
    rows = []
    with tempfile.TemporaryDirectory(prefix="tapecheck-speed-") as folder:
        for row in measure(market, Path(folder), given.runs):
            rows.append(row)
            print(write(row, width), flush=True)
    facts = machine(market)
    libraries = ", ".join(f"{name} {number}" for name, number in facts["libraries"].items())
    print(f"\n{facts['date']}, {facts['cores']} cores, {facts['machine']}, ", end="")
    print(f"Python {facts['python']}, market {facts['market']}\n{libraries}")
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        print("PYTHONDONTWRITEBYTECODE is set: what isn't compiled yet is compiled on every start.")
    if given.json:
        told = [asdict(row) | {"median": row.median, "holds": row.holds} for row in rows]
        given.json.write_text(json.dumps(facts | {"rows": told}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Does the gate notice a broken build? `python -m eval.sabotage [--market SOURCE] [NAME ...]`.

Each sabotage changes a copy of the package in a folder of its own, runs suites there against what
the whole package just scored, and says which measure of which suite fell. Exits with 3 when one
goes unnoticed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.results import Run, read_run
from eval.run import gate
from qa.errors import TapecheckError, UsageError

ROOT = Path(__file__).parents[1]
PARTS = ("qa", "corpus", "eval", "ui.py", "pyproject.toml")
SUITES = ("figures", "asof", "commentary", "unanswerable")


@dataclass(frozen=True)
class Sabotage:
    """One change: in `file`, `old`, which stands there once, becomes `new`."""

    name: str
    file: str
    old: str
    new: str


SABOTAGES = (
    Sabotage(
        "a return measured from a day too early",
        "qa/market/performance.py",
        'levels["prior_close"] = float(frame["close"].iloc[span.first - 1])',
        'levels["prior_close"] = float(frame["close"].iloc[max(span.first - 2, 0)])',
    ),
    Sabotage(
        "a slot filled from the first metric that has such a figure",
        "qa/checking/verify.py",
        "figure = metric.figures.get(slot.name) if isinstance(metric, Metric) else None",
        "metric = next((e for _, e in ledger if slot.name in getattr(e, 'figures', ())), metric)\n"
        "        figure = metric.figures.get(slot.name) if isinstance(metric, Metric) else None",
    ),
    Sabotage(
        "the tape not cut at the as-of date",
        "qa/market/tape.py",
        "cut = whole.until(self.as_of)",
        "cut = whole",
    ),
    Sabotage(
        "the commentary not cut at the as-of date",
        "qa/commentary/search.py",
        "(self._days > 1) & (self._days <= day)",
        "self._days > 1",
    ),
    Sabotage(
        "word search (BM25) removed",
        "qa/commentary/search.py",
        "self.words.asked(WordQuery(spoken), pool)",
        "self.words.asked(WordQuery(''), pool)",
    ),
    Sabotage(
        "every day taken for a session",
        "qa/market/sessions.py",
        "return _checked(day).weekday() < 5 and str(day) not in _closures()",
        "return bool(_checked(day))",
    ),
)


def copied(folder: Path) -> Path:
    """The package, copied to a new folder."""
    folder.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    return folder


def spoil(folder: Path, sabotage: Sabotage) -> None:
    """Make the change in a copy; raises UsageError unless what it changes stands there once."""
    path = folder / sabotage.file
    text = path.read_text(encoding="utf-8")
    if text.count(sabotage.old) != 1:
        raise UsageError(f"{sabotage.file} does not hold this once: {sabotage.old}")
    path.write_text(text.replace(sabotage.old, sabotage.new), encoding="utf-8")


def run_in(folder: Path, suites: Sequence[str], market: str) -> Run | None:
    """The suites as the package in `folder` answers them; None if it can't run at all."""
    out, logs = folder / "run.json", folder / "logs"
    command = [sys.executable, "-m", "eval.run", *suites, "--market", market]
    command += ["--part", "all", "--out", str(out), "--logs", str(logs)]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if not out.is_file():
        print(done.stderr[-800:], file=sys.stderr)
        return None
    return read_run(out)


def tried(
    wanted: Sequence[Sabotage], suites: Sequence[str], market: str
) -> Iterator[tuple[Sabotage, list[str]]]:
    """Each sabotage with what the gate says of it; an empty list means unnoticed."""
    with tempfile.TemporaryDirectory() as scratch:
        whole = run_in(copied(Path(scratch) / "whole"), suites, market)
        if whole is None:
            raise UsageError("The package as it is can't run the suites; see above.")
        for number, sabotage in enumerate(wanted):
            folder = copied(Path(scratch) / str(number))
            spoil(folder, sabotage)
            after = run_in(folder, suites, market)
            yield sabotage, list(gate(whole, after)) if after else ["it does not run"]


def main() -> None:
    """Try each sabotage and print what noticed it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="words of the sabotages to try; all if left out")
    parser.add_argument("--market", default="sample", help="sample (default) or folder:PATH")
    parser.add_argument("--suites", nargs="+", default=SUITES)
    given = parser.parse_args()
    wanted = [s for s in SABOTAGES if not given.names or any(n in s.name for n in given.names)]
    market = given.market
    if market.startswith("folder:"):  # the copy runs in a folder of its own
        market = f"folder:{Path(market.removeprefix('folder:')).resolve()}"
    unnoticed = 0
    try:
        for sabotage, said in tried(wanted, given.suites, market):
            unnoticed += not said
            print(f"{'caught' if said else 'NOT CAUGHT':11}{sabotage.name}", flush=True)
            for line in said[:4]:
                print(f"           {line}")
    except TapecheckError as error:
        sys.exit(str(error))
    print(f"{len(wanted) - unnoticed} of {len(wanted)} caught")
    sys.exit(3 if unnoticed else 0)


if __name__ == "__main__":
    main()

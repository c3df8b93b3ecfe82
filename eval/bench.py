"""Every benchmark, one after the other, collected on one page: `python -m eval.bench`.

Each is a command of its own; what it prints is taken as it is. A benchmark that needs real prices
or Federal Reserve texts is left out, by name, where they aren't given.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).parent / "BENCHMARKS.md"
VERSIONS = "chromadb langchain numpy onnxruntime openai pandas pydantic streamlit yfinance".split()
Need = Literal["prices", "texts"]


@dataclass(frozen=True)
class Benchmark:
    """A command, `{market}` and `{texts}` filled in; `needs` is what it can't do without."""

    name: str
    title: str
    command: str
    needs: tuple[Need, ...] = ()
    minutes: float = 1


BENCHMARKS = (
    Benchmark("suites", "Suites of questions", "eval.run --part all --market {market}", (), 4),
    Benchmark("speed", "Speed", "eval.speed --market {market}", (), 3),
    Benchmark("overhead", "Beside a model", "eval.overhead --market {market}", (), 1),
    Benchmark("mutations", "Changed figures", "eval.mutations --market {market}", (), 3),
    Benchmark("fuzz", "Odd strings", "eval.fuzz", (), 1),
    Benchmark("audit", "The auditor", "eval.audit --market {folder}", ("prices",), 1),
    Benchmark("retrieval", "Search: what is found", "eval.retrieval {texts}", (), 5),
    Benchmark("scale", "Search: how fast", "eval.retrieval --scale", (), 4),
    Benchmark("ingest", "Taking commentary in", "eval.ingest {folder_of_texts}", ("texts",), 20),
    Benchmark(
        "calibration", "The verdict's track record", "eval.calibration --market {market}",
        ("prices",), 2,
    ),
    Benchmark("sabotage", "Broken builds", "eval.sabotage --market {market}", (), 15),
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """What the benchmarks may use."""

    market: str
    texts: Path | None

    @property
    def folder(self) -> str | None:
        """The folder of real prices, if the market is one."""
        path = self.market.removeprefix("folder:")
        return path if path != self.market else None

    def lacks(self, benchmark: Benchmark) -> str | None:
        """What a benchmark needs and isn't given, in words."""
        if "prices" in benchmark.needs and self.folder is None:
            return "it needs real prices: --market folder:PATH"
        if "texts" in benchmark.needs and self.texts is None:
            return "it needs Federal Reserve texts: --fed-text FOLDER"
        return None

    def words(self, benchmark: Benchmark) -> list[str]:
        """The command's words after `python -m`."""
        found = benchmark.command.format(
            market=self.market,
            folder=self.folder,
            texts=f"--fed-text {self.texts}" if self.texts else "",
            folder_of_texts=self.texts,
        )
        return found.split()


def machine() -> Iterator[str]:
    """The machine, the day and the versions, a line each."""
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()} "
    yield f"{platform.machine()}, Python {platform.python_version()}."
    yield ", ".join(f"{name} {version(name)}" for name in ("tapecheck", *VERSIONS)) + "."


def measured(benchmark: Benchmark, given: Given) -> Iterator[str]:
    """One benchmark's part of the page."""
    yield f"## {benchmark.title}\n"
    if (why := given.lacks(benchmark)) is not None:
        yield f"Not measured: {why}.\n"
        return
    words = given.words(benchmark)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    spent = time.monotonic() - started
    yield f"`python -m {_shown(words)}`, {spent:.0f} s:\n"
    yield f"```text\n{_without_places(done.stdout, given)}\n```\n"
    if done.returncode not in (0, 3):  # 3: measured, and a limit does not hold
        yield f"It ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}\n"


def _without_places(text: str, given: Given) -> str:
    for place, name in ((given.folder, "PATH"), (given.texts, "FOLDER")):
        text = text.replace(str(place), name) if place else text
    return text.strip()


def _shown(words: list[str]) -> str:
    """The command without the folders of this machine."""
    return " ".join(
        "folder:PATH" if w.startswith("folder:") else "FOLDER" if "/" in w else w for w in words
    )


def main() -> None:
    """Run those named, or all, and write the page."""
    parser = argparse.ArgumentParser(description="Run the benchmarks and write one page of them.")
    names = [b.name for b in BENCHMARKS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--market", default="sample", help="sample (default) or folder:PATH")
    parser.add_argument("--fed-text", type=Path, metavar="FOLDER", help="Federal Reserve texts")
    parser.add_argument("--out", type=Path, default=PAGE, metavar="FILE")
    given = parser.parse_args()
    if unknown := set(given.names) - set(names):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    using = Given(given.market, given.fed_text)
    parts = ["# Benchmarks\n", " ".join(" ".join(machine()).split()) + "\n"]
    for benchmark in BENCHMARKS:
        if given.names and benchmark.name not in given.names:
            continue
        print(f"{benchmark.title} (some {benchmark.minutes:g} min)", file=sys.stderr, flush=True)
        parts += measured(benchmark, using)
    page = "\n".join(parts)
    given.out.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()

"""Run suites, and what follows a run: `python -m eval.run`, the same as `tapecheck eval`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import SUITES, Part
from eval.compare import changes, compared, lost
from eval.results import Run, from_logs, misses, read_run, table, write_run
from eval.run_page import to_html
from qa.errors import TapecheckError, UsageError

ACCEPTED = Path(__file__).parent / "accepted"
LOGS = Path("logs")


@dataclass(frozen=True)
class Wanted:
    """What to run: names of suites or paths of JSONL files; without any, all of ours."""

    suites: tuple[str, ...] = ()
    market: str = "sample"
    model: str = "offline"
    part: Part = "dev"
    logs: Path = LOGS


def names() -> list[str]:
    """The suites that there are, by name."""
    return sorted(path.stem for path in SUITES.glob("*.jsonl"))


def run(wanted: Wanted) -> Run:
    """Ask every question and read the scores; raises UsageError for what can't be run.

    Logs are those of inspect-ai, in a folder of this run's own below `wanted.logs`.
    """
    import inspect_ai

    from eval.tasks import suite

    asked = wanted.suites or tuple(names())
    tasks = []
    for name in asked:
        if not name.endswith(".jsonl") and name not in names():
            raise UsageError(
                f"There is no suite {name!r}: name a .jsonl file, or {_list(names())}."
            )
        try:
            tasks.append(suite(name, wanted.market, wanted.model, wanted.part))
        except UsageError as error:
            if wanted.suites:
                raise
            print(error, file=sys.stderr)
    if not tasks:
        raise UsageError("No suite has a case for this tape and part.")
    folder = wanted.logs / _stamp()
    inspect_ai.eval(
        tasks, model=None, log_dir=str(folder), display="none", log_realtime=False, max_tasks=1
    )
    return from_logs(folder)


def _stamp() -> str:
    from datetime import UTC, datetime

    return f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}"


def _list(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + f" or {words[-1]}" if len(words) > 1 else "".join(words)


def accepted(market: str) -> Path:
    """Where the last accepted run on this kind of tape is kept."""
    return ACCEPTED / ("sample.json" if market == "sample" else "real.json")


def gate(before: Run, after: Run) -> Iterator[str]:
    """Why a run may not take the place of the accepted one; nothing if it may.

    Only suites that were run are judged, and of a part only its questions.
    """
    for change in changes(before, after):
        if change.fell:
            yield (
                f"{change.suite}: {change.measure} fell from {change.before:.1%} to "
                f"{change.after:.1%} (n={change.n})"
            )
    if before.part == after.part:
        yield from (f"{name} was not asked" for name in lost(before, after))


def report(
    found: Run,
    *,
    against: Run | None = None,
    html: Path | None = None,
    out: Path | None = None,
) -> Iterator[str]:
    """The lines to print of a run; writes its page and its record where asked for."""
    yield from table(found)
    yield ""
    yield from misses(found)
    if against is not None:
        yield ""
        yield from compared(against, found)
    if html is not None:
        html.write_text(to_html(found, against), encoding="utf-8")
        yield f"\nWritten: {html}"
    if out is not None:
        write_run(found, out)
        yield f"Written: {out}"


def keep(found: Run, market: str) -> None:
    """Keep a run as the accepted one: from now on the gate holds others against it."""
    ACCEPTED.mkdir(exist_ok=True)
    place = accepted(market)
    without = {"answer": "", "seconds": None}
    suites = {
        suite: {key: one.model_copy(update=without) for key, one in asked.items()}
        for suite, asked in found.suites.items()
    }
    write_run(found.model_copy(update={"suites": suites, "market": place.stem}), place)


def last_accepted(market: str) -> Run | None:
    """The last accepted run on this kind of tape, if there is one."""
    path = accepted(market)
    return read_run(path) if path.is_file() else None


def main() -> None:
    """The command line, as `tapecheck eval` has it."""
    from typer import Typer

    from qa.cli_eval import evaluate

    app = Typer(add_completion=False)
    app.command()(evaluate)
    try:
        app()
    except TapecheckError as error:
        print(f"tapecheck: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

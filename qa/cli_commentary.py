"""`tapecheck ingest` and `tapecheck search`: taking commentary in, and finding it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.commentary.ingest import Report
    from qa.domain import Passage

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders; none: finish what was begun.")
    ] = None,
    withdraw: Annotated[
        str | None, typer.Option(help="Take back a document, or all of a file or folder.")
    ] = None,
    history: Annotated[bool, typer.Option(help="Say what was taken in and withdrawn.")] = False,
    as_json: Json = False,
) -> None:
    """Take commentary in: Markdown, text, HTML, PDF, Word, PowerPoint, mail, CSV, JSON Lines."""
    # Not through Analyst, whose models and markets would take longer to import than the rest.
    from qa.commentary import ingest as work
    from qa.commentary.embedding import embedder_of
    from qa.settings import read_settings

    if (withdraw is not None) + history + bool(paths) > 1:
        raise UsageError("Give paths, --withdraw or --history, one of them.")
    settings = read_settings()
    if history:
        _print_history(settings.store, as_json)
    elif withdraw is not None:
        for name in work.withdraw(withdraw, settings.store, embedder_of(settings)):
            typer.echo(f"Withdrawn: {name}")
    else:
        with _Bars() as bars:
            embedder = embedder_of(settings)
            report = work.ingest(paths or (), settings.store, embedder, bars.show, bars.wait)
        _print_report(report, as_json)
        raise typer.Exit(3 if report.problems else 0)


def search(
    text: Annotated[str, typer.Argument(help="What to look for, in words.")],
    as_of: Annotated[
        str | None, typer.Option(help="Nothing published later than this day, YYYY-MM-DD.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="The most passages to show.")] = 8,
    strict_as_of: Annotated[
        bool, typer.Option(help="Leave out what was taken in after the as-of date too.")
    ] = False,
    undated: Annotated[bool, typer.Option(help="With what has no date of publication.")] = False,
    as_json: Json = False,
) -> None:
    """Find passages of commentary."""
    import json

    from qa.analyst import Analyst

    found = Analyst().search(text, as_of=as_of, limit=limit, strict=strict_as_of, undated=undated)
    if as_json:
        rows = [passage.model_dump(mode="json") for passage in found]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not found:
        typer.echo("Nothing in the commentary bears on that.", err=True)
    for number, passage in enumerate(found, start=1):
        typer.echo(_passage_text(number, passage))


def _passage_text(number: int, passage: Passage) -> str:
    from qa.commentary.texts import clean

    inferred = f" Inferred: {', '.join(passage.inferred)}." if passage.inferred else ""
    lines = [
        f"[{number}] {passage.voices}: {passage.title}, {passage.published or 'undated'}."
        f"{inferred} {passage.url or passage.document}",
        *(f"    also: {o.document}, {o.published or 'undated'}" for o in passage.origins),
        *(f"    {line}" for line in passage.text.splitlines()),
    ]
    return clean("\n".join(lines)) + "\n"


def _print_report(report: Report, as_json: bool) -> None:
    import json
    from dataclasses import asdict

    if as_json:
        typer.echo(json.dumps(asdict(report), indent=2, ensure_ascii=False))
        return
    counts = {
        "taken in": report.taken_in,
        "replaced": report.replaced,
        "unchanged": report.unchanged,
        "kept as duplicates": report.duplicates,
        "left withdrawn": report.withdrawn,
        "no longer in their file": len(report.dropped),
    }
    told = [f"{count} {what}" for what, count in counts.items() if count]
    typer.echo(
        f"Documents: {', '.join(told) or 'nothing new'}; {report.passages} passages indexed."
    )
    if report.undated:
        typer.echo(
            f"{len(report.undated)} say nowhere when they were published, and stay out of dated "
            f"answers: {_some(report.undated)}; say it in front matter or in NAME.yaml beside it."
        )
    if report.gone:
        typer.echo(
            f"{len(report.gone)} are no longer where they were taken from, and are kept: "
            f"{_some(report.gone)}; "
            "withdraw them with --withdraw."
        )
    for problem in report.problems:
        typer.echo(f"  {problem}", err=True)
    if report.problems:
        typer.echo(f"{len(report.problems)} left out, named above.", err=True)


def _some(names: list[str]) -> str:
    return f"{', '.join(names[:3])}{' ...' if len(names) > 3 else ''}"


def _print_history(store: str, as_json: bool) -> None:
    from qa.commentary.shelf import shelf_of

    for event in shelf_of(store).history():
        if as_json:
            typer.echo(event.model_dump_json(exclude_none=True))
            continue
        rest = f" of {event.of}" if event.of else ""
        reason = f" ({event.reason})" if event.reason else ""
        what = event.event.replace("_", " ")
        typer.echo(f"{event.at:%Y-%m-%d %H:%M} {what:10} {event.document} {event.id}{rest}{reason}")


class _Bars:
    """A bar on stderr for each stage, with rate and remaining time."""

    def __init__(self) -> None:
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> _Bars:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def wait(self) -> None:
        """Say that another process is at it."""
        typer.echo("Another process is taking commentary in; waiting for it.", err=True)

    def show(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        if self._bars is None:
            self._bars = _bars()
            self._bars.start()
        if stage not in self._tasks:
            unit = "files" if stage == "reading" else "passages"
            self._tasks[stage] = self._bars.add_task(stage.capitalize(), total=total, unit=unit)
        self._bars.update(self._tasks[stage], completed=done, total=total)


def _bars() -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            unit = task.fields["unit"]
            return Text(f"{speed:.1f} {unit}/s" if speed else f"- {unit}/s")

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        speed_estimate_period=120,
    )

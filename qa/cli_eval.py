"""`tapecheck eval`: the suites of fixed questions, which stand beside the package in a checkout."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated, Literal

import typer

from qa.errors import UsageError


def evaluate(
    suites: Annotated[
        list[str] | None,
        typer.Argument(help="Suites by name, or .jsonl files; all of ours if left out."),
    ] = None,
    market: Annotated[str, typer.Option(help="sample, or folder:PATH.")] = "sample",
    model: Annotated[str, typer.Option(help="offline, or openai:NAME.")] = "offline",
    part: Annotated[
        Literal["dev", "held_out", "all"],
        typer.Option(help="held_out is a third that is run for reports only."),
    ] = "dev",
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Run nothing: lay two runs side by side, records or folders of logs."),
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with 3 if a share fell since the accepted run.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Keep this run as the accepted one.")
    ] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page of the run.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the run's record, JSON.")] = None,
    logs: Annotated[Path, typer.Option(help="Where inspect-ai's logs go.")] = Path("logs"),
) -> None:
    """Ask fixed questions and score the answers."""
    for name in ("eval.run", "inspect_ai", "scipy"):
        if not _there(name):
            raise UsageError(
                "The suites come with the source checkout and need its extra: "
                'pip install -e ".[eval]" there.'
            )
    from eval import run

    if compare is not None:
        from eval.compare import compared
        from eval.results import read_run

        typer.echo("\n".join(compared(*map(read_run, compare))))
        raise typer.Exit
    found = run.run(run.Wanted(tuple(suites or ()), market, model, part, logs))
    before = run.last_accepted(market)
    typer.echo("\n".join(run.report(found, against=before, html=html, out=out)))
    if gate and before is None:
        raise UsageError("There is no accepted run on this tape yet: make one with --accept.")
    fallen = list(run.gate(before, found)) if gate and before is not None else []
    for line in fallen:
        typer.echo(f"gate: {line}", err=True)
    if fallen:
        raise typer.Exit(3)
    if accept:
        run.keep(found, market)


def _there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False

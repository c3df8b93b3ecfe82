"""The `tapecheck` command. Results go to stdout, progress to stderr.

Exit codes: 0 answered and verified, 3 answered with something left out, 2 bad usage, 1 failed.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.errors import TapecheckError, UsageError

if TYPE_CHECKING:
    from qa.agent.events import Event
    from qa.domain import Answer, Metric

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Research answers in which every statement is cited and every figure is checked.",
)
Market = Annotated[
    str | None, typer.Option(help="auto, folder:PATH or sample.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command; our own errors become one sentence and an exit code."""
    # Starting up makes many objects and little garbage: looking for it costs a tenth of the start.
    gc.set_threshold(50_000)
    try:
        app(standalone_mode=True)
    except TapecheckError as error:
        typer.echo(f"tapecheck: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in words.")],
    as_of: Annotated[
        str | None, typer.Option(help="Use nothing later than this day, YYYY-MM-DD.")
    ] = None,
    market: Market = None,
    model: Annotated[str | None, typer.Option(help="offline, or openai:NAME.")] = None,
    strict_as_of: Annotated[
        bool, typer.Option(help="Leave out commentary taken in after the as-of date too.")
    ] = False,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="Write to a .md or .json file.")] = None,
) -> None:
    """Answer a question."""
    from threading import Thread

    from qa.commentary.embedding import preload

    Thread(target=preload).start()  # beside the imports that the rest needs
    from qa.agent.events import Finished
    from qa.analyst import Analyst

    if out is not None and out.suffix not in (".md", ".json"):
        raise UsageError(f"Can't write {out.name}: name a file that ends in .md or .json.")
    with _progress() as show:
        analyst = Analyst(market=market, model=model, progress=show.taking_in)
        for event in analyst.stream(question, as_of=as_of, strict=strict_as_of):
            show.event(event)
            if isinstance(event, Finished):
                answer = event.answer
    _print(answer, as_json or (out is not None and out.suffix == ".json"), out)
    raise typer.Exit(0 if answer.verified else 3)


@app.command()
def metric(
    name: Annotated[str | None, typer.Argument(help="The metric; leave out to list them.")] = None,
    symbol: Annotated[str | None, typer.Option(help="Instrument, such as ^RUT or IWM.")] = None,
    benchmark: Annotated[str | None, typer.Option(help="Instrument to compare with.")] = None,
    start: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD.")] = None,
    on: Annotated[str | None, typer.Option(help="The day to look at, YYYY-MM-DD.")] = None,
    basis: Annotated[str | None, typer.Option(help="prior_close, close or open.")] = None,
    target: Annotated[float | None, typer.Option(help="A price target.")] = None,
    claimed: Annotated[float | None, typer.Option(help="An upside stated, in percent.")] = None,
    window: Annotated[int | None, typer.Option(help="Sessions of a rolling measure.")] = None,
    said_on: Annotated[str | None, typer.Option(help="The day the target was published.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Use nothing later than this day.")] = None,
    market: Market = None,
    as_json: Json = False,
) -> None:
    """Compute one metric from the tape, or list the metrics there are."""
    from qa.market.catalog import CATALOG

    if name is None:
        for entry in CATALOG.values():
            typer.echo(f"{entry.name:12} {entry.summary}")
        return
    from qa.analyst import Analyst

    given = {
        "symbol": symbol,
        "benchmark": benchmark,
        "start": start,
        "end": end,
        "on": on,
        "basis": basis,
        "target": target,
        "claimed": claimed,
        "said_on": said_on,
        "window": window,
    }
    arguments = {k: v for k, v in given.items() if v is not None}
    found = Analyst(market=market).metric(name, as_of=as_of, **arguments)
    typer.echo(found.model_dump_json(indent=2) if as_json else _metric_text(found))


@app.command()
def doctor(market: Market = None) -> None:
    """Say what would be used: model, embedder, store, market source, and why."""
    from qa.analyst import Analyst

    for name, text in Analyst(market=market).describe().items():
        typer.echo(f"{name:11} {text}")


def _metric_text(metric: Metric) -> str:
    from qa.checking.slots import write

    lines = [metric.definition, *metric.notes, ""]
    lines += [f"{name:32} {write(figure)}" for name, figure in metric.figures.items()]
    lines += ["", f"Source: {metric.source}, as of {metric.as_of}."]
    return "\n".join(lines)


def _print(answer: Answer, as_json: bool, out: Path | None) -> None:
    from qa.report.markdown import to_markdown

    text = answer.model_dump_json(indent=2) + "\n" if as_json else to_markdown(answer)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"Can't write {out}: {error.strerror}.") from error
    typer.echo(f"Written to {out}.", err=True)


class _progress:  # noqa: N801
    """Progress on stderr: a bar while commentary is taken in, then a line for each step."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> _progress:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def taking_in(self, done: int, total: int) -> None:
        """Show how much commentary has been taken in."""
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True))
            self._task = self._bar.add_task("Taking in commentary", total=total)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=total)
        if done >= total:
            self._bar.stop()

    def event(self, event: Event) -> None:
        """Show a step of the loop."""
        match event.kind:
            case "tool_started":
                typer.echo(f"· {event.tool} {_brief(event.arguments)}", err=True)
            case "tool_finished" if event.problem:
                typer.echo(f"  {event.problem}", err=True)
            case "drafted":
                typer.echo(f"· checking {event.claims} claims", err=True)
            case "repairing":
                typer.echo(f"· mending: {'; '.join(event.problems)}", err=True)


def _brief(arguments: dict[str, Any]) -> str:
    return " ".join(str(value) for value in arguments.values())[:100]

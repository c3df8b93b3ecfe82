"""The `tapecheck` command. Results go to stdout, progress to stderr.

Exit codes: 0 answered and verified, 3 answered with something left out, 2 bad usage, 1 failed.
"""

from __future__ import annotations

import atexit
import gc
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from qa.cli_backtest import backtest
from qa.cli_calls import calls
from qa.cli_commentary import ingest, search
from qa.cli_eval import evaluate
from qa.cli_page import ui
from qa.errors import TapecheckError, UsageError

if TYPE_CHECKING:
    from qa.agent.events import Event
    from qa.domain import Answer, Metric
    from qa.market.watchlist import Watched, WatchList

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Research answers in which every statement is cited and every figure is checked.",
)
Market = Annotated[
    str | None, typer.Option(help="auto, folder:PATH or sample.", show_default=False)
]
USUAL_SYMBOL = "^RUT"
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command; our own errors become one sentence and an exit code."""
    # Starting up makes many objects and little garbage: looking for it costs a tenth of the start,
    # and more at the end, when all of them go with the process anyway.
    gc.set_threshold(50_000)
    atexit.register(gc.freeze)
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
    thread: Annotated[
        str | None, typer.Option(help="Go on with the conversation of this name.")
    ] = None,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="Write to a .md, .html or .json file.")] = None,
) -> None:
    """Answer a question."""
    from threading import Thread

    from qa.commentary.embedding import preload
    from qa.settings import read_settings

    gc.set_threshold(1_000_000)  # three times what a question makes: it ends before a sweep
    # Beside the imports that the rest needs.
    Thread(target=preload, args=(read_settings().embedder,)).start()
    from qa.agent.events import Finished
    from qa.analyst import Analyst

    if out is not None and out.suffix not in (".md", ".html", ".json"):
        raise UsageError(f"Can't write {out.name}: name a file that ends in .md, .html or .json.")
    with _progress() as show:
        analyst = Analyst(market=market, model=model, progress=show.taking_in)
        for event in analyst.stream(question, as_of=as_of, strict=strict_as_of, thread=thread):
            show.event(event)
            if isinstance(event, Finished):
                answer = event.answer
    _print(answer, as_json or (out is not None and out.suffix == ".json"), out)
    raise typer.Exit(0 if answer.verified else 3)


@app.command()
def metric(
    given: typer.Context,
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
    kind: Annotated[
        str | None,
        typer.Option(help="Of a P/E: trailing, forward. Of base rates: move, streak, high, cross."),
    ] = None,
    move: Annotated[float | None, typer.Option(help="Of base rates: percent at least.")] = None,
    lead: Annotated[float | None, typer.Option(help="Of base rates: points ahead.")] = None,
    streak: Annotated[int | None, typer.Option(help="Of base rates: sessions ahead.")] = None,
    season: Annotated[
        str | None, typer.Option(help="Of seasonality: a month, turn_of_year, midterm, ...")
    ] = None,
    rules: Annotated[
        list[str] | None, typer.Option(help="Of signals: a rule in words; repeatable.")
    ] = None,
    symbols: Annotated[
        list[str] | None, typer.Option(help="Of breadth: an instrument counted; repeatable.")
    ] = None,
    equal: Annotated[str | None, typer.Option(help="Of breadth: an equal-weight fund.")] = None,
    cap: Annotated[str | None, typer.Option(help="Of breadth: a cap-weight fund.")] = None,
    high_yield: Annotated[str | None, typer.Option(help="Of credit: a bond fund.")] = None,
    investment_grade: Annotated[str | None, typer.Option(help="Of credit: a bond fund.")] = None,
    treasuries: Annotated[str | None, typer.Option(help="Of credit: a bond fund.")] = None,
    since: Annotated[str | None, typer.Option(help="Of rates: the window's first day.")] = None,
    target_low: Annotated[float | None, typer.Option(help="Of rates: the Fed's range.")] = None,
    target_high: Annotated[float | None, typer.Option(help="Of rates: the Fed's range.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Use nothing later than this day.")] = None,
    market: Market = None,
    as_json: Json = False,
) -> None:
    """Compute one metric from the tape, or list the metrics there are."""
    from qa.market.catalog import CATALOG

    if name is None:
        for entry in CATALOG.values():
            typer.echo(f"{entry.name:12} {entry.summary}")
            typer.echo(indent(entry.definition, "    ") + "\n")
        return
    from qa.analyst import Analyst

    own = ("name", "as_of", "market", "as_json")
    arguments = {k: v for k, v in given.params.items() if k not in own and v not in (None, [], ())}
    found = Analyst(market=market).metric(name, as_of=as_of, **arguments)
    typer.echo(found.model_dump_json(indent=2) if as_json else _metric_text(found))


@app.command()
def signals(
    symbol: Annotated[str | None, typer.Option(help="Instrument to watch.")] = None,
    benchmark: Annotated[str | None, typer.Option(help="Instrument to compare with.")] = None,
    rule: Annotated[
        list[str] | None, typer.Option(help='A rule in words, such as "VIX above 20"; repeatable.')
    ] = None,
    watch: Annotated[Path | None, typer.Option(help="A watch list, instead of yours.")] = None,
    add: Annotated[str | None, typer.Option(help="Put a rule on the watch list.")] = None,
    remove: Annotated[int | None, typer.Option(help="Take the rule of this number off it.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Use nothing later than this day.")] = None,
    market: Market = None,
    as_json: Json = False,
) -> None:
    """Say which rules have triggered: those given, else those of the watch list.

    Exit codes: 3 something has triggered, 0 nothing has, 1 a rule can't be told, 2 bad usage.
    """
    from qa.market.watchlist import WatchList, watched

    kept = WatchList(watch)
    if add is not None or remove is not None:
        if rule or (add is not None and remove is not None):
            raise UsageError("Give one of --rule, --add and --remove at a time.")
        if add is not None:
            new = watched(symbol or USUAL_SYMBOL, add, benchmark)
            typer.echo(f"Rule {kept.add(new)} of {kept.path}: {new.symbol}, {new.rule}.")
        elif remove is not None:
            old = kept.remove(remove)
            typer.echo(f"Removed from {kept.path}: {old.symbol}, {old.rule}.")
        return
    rules = [(None, watched(symbol or USUAL_SYMBOL, w, benchmark)) for w in rule or ()]
    _look(rules or _kept(kept, symbol, benchmark, watch is not None), market, as_of, as_json)


def _kept(
    kept: WatchList, symbol: str | None, benchmark: str | None, named: bool
) -> list[tuple[int | None, Watched]]:
    """The rules of the watch list with their numbers; the usual ones when yours holds none."""
    from qa.market.watchlist import usual

    rules = kept.rules()
    found = [
        (n, rule)
        for n, rule in enumerate(rules, start=1)
        if symbol is None or rule.symbol == symbol.upper()
    ]
    if found:
        return list(found)
    of = f" of {symbol}" if symbol and rules else ""
    if named:
        raise UsageError(f"There is no rule{of} in {kept.path}: put one there with --add.")
    typer.echo(f"No rule{of} is on the watch list; these are the usual ones.", err=True)
    return [(None, rule) for rule in usual(symbol or USUAL_SYMBOL, benchmark)]


def _look(
    rules: Sequence[tuple[int | None, Watched]],
    market: str | None,
    as_of: str | None,
    as_json: bool,
) -> NoReturn:
    from qa.analyst import Analyst
    from qa.market.watchlist import look
    from qa.report.watched import looks_as_data, looks_as_text

    analyst = Analyst(market=market)
    seen = look([rule for _, rule in rules], partial(analyst.metric, as_of=as_of))
    looks = list(zip((number for number, _ in rules), seen, strict=True))
    if as_json:
        data = {"sample_data": analyst.market.source.sample, **looks_as_data(looks)}
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        typer.echo(looks_as_text(looks))
    untold = any(s.error for s in seen)
    raise typer.Exit(3 if any(s.triggered for s in seen) else 1 if untold else 0)


@app.command()
def audit(
    files: Annotated[list[Path] | None, typer.Argument(help="Commentary files.")] = None,
    text: Annotated[str | None, typer.Option(help="Audit this text instead of a file.")] = None,
    published: Annotated[
        str | None, typer.Option(help="The day of publication, if the file doesn't say it.")
    ] = None,
    about: Annotated[
        str | None, typer.Option(help="The instrument that sentences without a subject speak of.")
    ] = None,
    market: Market = None,
    as_json: Json = False,
) -> None:
    """Try every figure of a commentary on the tape; exit 3 if any is contradicted or stale."""
    from qa.checking.audit import audit_files
    from qa.market.tape import open_market
    from qa.report.audited import audit_lines
    from qa.settings import read_settings

    source = open_market(read_settings(market=market).market).source
    rows = audit_files(files or [], source, text=text, published=published, about=about)
    if as_json:
        typer.echo(json.dumps([row.model_dump(mode="json") for row in rows], indent=2))
    else:
        typer.echo("\n".join(audit_lines(rows)).strip())
    raise typer.Exit(3 if any(row.verdict in ("contradicted", "stale") for row in rows) else 0)


@app.command()
def verify(
    answer: Annotated[Path, typer.Argument(help="An answer saved as JSON.")],
    market: Annotated[
        str | None,
        typer.Option(help="Where to look again; sample, if the answer was made from it."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Execute a saved answer again: every metric, every check. Exit 3 if anything differs."""
    from qa.checking.replay import read_answer

    saved = read_answer(answer)
    from qa.analyst import Analyst
    from qa.report.replayed import replay_lines

    found = Analyst(market=market or ("sample" if saved.sample_data else None)).verify(saved)
    typer.echo(found.model_dump_json(indent=2) if as_json else "\n".join(replay_lines(found)))
    raise typer.Exit(0 if found.holds else 3)


app.command()(backtest)
app.command()(calls)
app.command()(ingest)
app.command()(search)
app.command("eval")(evaluate)
app.command()(ui)


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
    text = _written(answer, "json" if as_json else out.suffix[1:] if out else "md")
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"Can't write {out}: {error.strerror}.") from error
    typer.echo(f"Written to {out}.", err=True)


def _written(answer: Answer, kind: str) -> str:
    """The answer as json, html or md."""
    import qa

    if kind == "json":
        return answer.model_dump_json(indent=2) + "\n"
    return qa.to_html(answer) if kind == "html" else qa.to_markdown(answer)


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
            case "handed_over":
                typer.echo(f"· {event.model}: {event.problem}; now {event.next_model}", err=True)
            case "repairing":
                typer.echo(f"· mending: {'; '.join(event.problems)}", err=True)


def _brief(arguments: dict[str, Any]) -> str:
    return " ".join(str(value) for value in arguments.values())[:100]

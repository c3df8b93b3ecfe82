"""`tapecheck backtest`: what the price-based scorecard was worth at earlier month ends."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer


def backtest(
    symbols: Annotated[
        list[str] | None, typer.Argument(help="Indices or funds; all that the tape has.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Use nothing later than this day.")] = None,
    market: Annotated[str | None, typer.Option(help="auto, folder:PATH or sample.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score the scorecard's odds at every month end since 1995 against what followed."""
    from qa.analyst import Analyst
    from qa.market.backtest import Scored, lines

    analyst = Analyst(market=market, model="offline")
    found = analyst.backtest([s.upper() for s in symbols or ()], as_of=as_of)
    if as_json:
        told = [asdict(one) if isinstance(one, Scored) else {"problem": one} for one in found]
        typer.echo(json.dumps(told, indent=2))
    else:
        typer.echo("\n".join(lines(found)))
    if analyst.market.source.sample:
        typer.echo("Not real prices: sample data.", err=True)

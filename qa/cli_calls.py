"""`tapecheck calls`: what became of the calls that the commentary makes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qa.agent.calls import Call


def calls(
    firm: Annotated[str | None, typer.Option(help="Only firms whose name holds this.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Use nothing later than this day.")] = None,
    market: Annotated[str | None, typer.Option(help="auto, folder:PATH or sample.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold what analysts called against what the tape did afterwards."""
    from qa.agent.calls import tallies
    from qa.analyst import Analyst

    analyst = Analyst(market=market, model="offline")
    found = [c for c in analyst.calls(as_of=as_of) if firm is None or _holds(c.firm, firm)]
    if as_json:
        typer.echo(json.dumps([asdict(c) for c in found], indent=2, default=str))
    else:
        for call in found:
            typer.echo(_line(call))
        typer.echo("\n" + "\n".join(t.words for t in tallies(found)))
    if analyst.market.source.sample:
        typer.echo("Not real prices: sample data.", err=True)


def _holds(name: str, part: str) -> bool:
    return part.casefold() in name.casefold()


def _line(call: Call) -> str:
    due = f" by {call.due}" if call.due else ""
    text = f"{call.published}  {call.voice}: {call.said} on {call.symbol}{due}: {call.outcome}"
    if call.outcome == "reached":
        return f"{text} on {call.on}"
    if call.move is None:
        return text
    if call.said[0].isdigit():
        return f"{text}, {call.move:+.2f}% from the last close"
    lead = "" if call.lead is None else f" ({call.lead:+.2f} percentage points of lead)"
    return f"{text}, {call.move:+.2f}%{lead}"

"""Watched rules as a reader sees them: state, distance, since when, and the last time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from qa.checking.slots import write
from qa.domain import Figure, Metric, Signal
from qa.market.watchlist import Look

HEADING = ("", "Rule", "State", "Now", "From its limit", "Since", "Last triggered")
Numbered = Sequence[tuple[int | None, Look]]


def signals_of(metric: Metric) -> tuple[Signal, ...]:
    """Every rule that a signals metric tells, in its order; nothing for another metric."""
    if metric.tool != "signals" or metric.table is None:
        return ()
    rows = (dict(zip(metric.table.columns, row, strict=True)) for row in metric.table.rows)
    return tuple(_signal(metric, row) for row in rows)


def _signal(metric: Metric, row: dict[str, Any]) -> Signal:
    name, figures = str(row["name"]), metric.figures
    apart = figures.get(f"{name}_distance")
    return Signal(
        rule=row["rule"],
        triggered=row["triggered"] == "yes",
        state=write(figures[name]),
        limit=write(figures[f"{name}_limit"]),
        distance=_apart(apart) if apart else None,
        since=row["since"],
        last_triggered=row["last_triggered"],
        history_start=row["history_start"],
        evidence=metric.id,
    )


def _apart(distance: Figure) -> str:
    """The distance from the limit, and on which side of it: "2.60% above"."""
    assert not isinstance(distance.value, date)
    if not distance.value:
        return "at it"
    return f"{write(distance, magnitude=True)} {'above' if distance.value > 0 else 'below'}"


def since(signal: Signal) -> str:
    """The day since when a rule stands as it does, or where its history begins."""
    if signal.since is None:
        return "not known"
    return f"{signal.since}{' or before' if signal.since == signal.history_start else ''}"


def last_time(signal: Signal) -> str:
    """The day a rule last triggered; if it never did, how far back that was looked for."""
    if signal.last_triggered is not None:
        return str(signal.last_triggered)
    return f"never since {signal.history_start}" if signal.history_start else "not known"


def looks_as_text(looks: Numbered) -> str:
    """Looks at watched rules as lines for a terminal: a table, what isn't told, and the source.

    Each look comes with its number on the watch list, or None.
    """
    rows = [HEADING]
    for number, seen in looks:
        for signal in signals_of(seen.metric) if seen.metric else ():
            state = "TRIGGERED" if signal.triggered else "not triggered"
            apart = signal.distance or "not known"
            cells = (signal.rule, state, signal.state, apart, since(signal), last_time(signal))
            rows.append((f"{number}" if number else "", *cells))
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(len, column)) for column in columns]
    table = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in zip(*columns, strict=True))
    return "\n".join([*(table if len(rows) > 1 else ()), *_remarks(looks)])


def _remarks(looks: Numbered) -> Iterator[str]:
    for number, seen in looks:
        if seen.error is not None:
            which = f"{number} " if number else ""
            yield f"Not watched: {which}{seen.watched.symbol}, {seen.watched.rule}. {seen.error}"
    metrics = [seen.metric for _, seen in looks if seen.metric]
    yield from dict.fromkeys(note for m in metrics for note in m.notes)
    yield from dict.fromkeys(f"Source: {m.source}, as of {m.as_of}." for m in metrics)


def looks_as_data(looks: Numbered) -> dict[str, Any]:
    """The same for JSON; `metric` is the evidence of each rule, `problem` why it isn't told."""
    return {
        "triggered": sum(seen.triggered for _, seen in looks),
        "not_watched": sum(seen.error is not None for _, seen in looks),
        "rules": [
            {
                "number": number,
                **seen.watched.model_dump(mode="json"),
                "signal": signals_of(seen.metric)[0].model_dump(mode="json")
                if seen.metric
                else None,
                "metric": seen.metric.model_dump(mode="json") if seen.metric else None,
                "problem": str(seen.error) if seen.error else None,
            }
            for number, seen in looks
        ],
    }

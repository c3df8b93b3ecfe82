"""Charts of an answer's evidence: the tables that its metrics carry, drawn and nothing added.

Colours are those of Okabe and Ito; lines differ by dash too. No figure is computed here: what a
chart shows stands in `Metric.table` or `Metric.figures`.
"""

from __future__ import annotations

import csv
import io
from calendar import month_name
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

from qa.checking.slots import write
from qa.domain import Answer, Metric
from qa.market.instruments import named

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x")
HEIGHT = 380  # pixels
MEANS = ("mean", "mean_benchmark")
QUARTILES = ("lower_quartile", "upper_quartile")

Marks = Literal["lines", "dots", "both", "bars"]
_MODES: dict[Marks, str] = {"lines": "lines", "dots": "markers", "both": "lines+markers"}

Cell = float | date | str | None


@dataclass(frozen=True)
class Level:
    """A level drawn across a chart, such as the 52-week high."""

    value: float
    words: str


@dataclass(frozen=True)
class Chart:
    """A chart: rows under columns, the first column across.

    `marks` are lines, dots, both, or bars that lie on their side. `spread` has two ends for each
    row, drawn across the first bar; `spans` says what lies between them.
    """

    title: str
    unit: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    levels: tuple[Level, ...] = ()
    marks: Marks = "lines"
    spread: tuple[tuple[float, float], ...] = ()
    spans: str = ""

    @property
    def bars(self) -> bool:
        """Whether the rows are bars, their names beside them."""
        return self.marks == "bars"

    def csv(self) -> str:
        """The rows that are drawn, under their names, with the source in a last line."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        ends = (f"from: {self.spans}", f"to: {self.spans}") if self.spread else ()
        writer.writerow((*self.columns, *ends))
        for row, span in zip_longest(self.rows, self.spread, fillvalue=()):
            writer.writerow((*row, *span))
        writer.writerow([f"# {self.source}"])
        return text.getvalue()

    def figure(self) -> Figure:
        """The chart for plotly, its source and as-of date under the title."""
        import plotly.graph_objects as go

        figure = go.Figure()
        drawn = go.Bar if self.bars else go.Scatter
        for name, trace in self._traces():
            figure.add_trace(drawn(name=name, **trace))
        for level in self.levels:
            figure.add_hline(
                level.value, line={"dash": "dot", "width": 1, "color": "#888888"},
                annotation={"text": level.words, "font": {"size": 11}},
                annotation_position="bottom left",
            )  # fmt: skip
        figure.update_layout(**self._layout())
        return figure

    def _traces(self) -> Iterator[tuple[str, dict[str, Any]]]:
        across = [_inert(row[0]) if isinstance(row[0], str) else row[0] for row in self.rows]
        for place, name in enumerate(self.columns[1:]):
            values = [row[place + 1] for row in self.rows]
            colour = COLOURS[place % len(COLOURS)]
            if self.bars:
                pattern = {"shape": "/" if place else "", "solidity": 0.4}
                yield _inert(name), {
                    "x": values, "y": across, "orientation": "h",
                    "marker": {"color": colour, "pattern": pattern},
                    "error_x": {} if place else self._whiskers(),
                }  # fmt: skip
            else:
                yield _inert(name), {
                    "x": across, "y": values, "mode": _MODES[self.marks],
                    "connectgaps": self.marks == "both",
                    "line": {"color": colour, "dash": DASHES[place % len(DASHES)], "width": 2},
                    "marker": {"color": colour, "symbol": SYMBOLS[place % len(SYMBOLS)]},
                }  # fmt: skip

    def _whiskers(self) -> dict[str, Any]:
        """How far the spread reaches to both sides of the first bar, as plotly wants it."""
        if not self.spread:
            return {}
        tops = [row[1] if isinstance(row[1], int | float) else 0.0 for row in self.rows]
        return {
            "type": "data", "symmetric": False, "color": "#888888", "thickness": 1.5,
            "array": [high - top for (_, high), top in zip(self.spread, tops, strict=True)],
            "arrayminus": [top - low for (low, _), top in zip(self.spread, tops, strict=True)],
        }  # fmt: skip

    def _layout(self) -> dict[str, Any]:
        values = {"title": {"text": _broken(self.unit, 54)}, "automargin": True}
        across: dict[str, Any] = {"automargin": True}
        if self.bars:
            across["autorange"] = "reversed"
        return {
            "title": {
                "text": _broken(self.title, 40),
                "font": {"size": 15},
                "automargin": True,
                "yref": "container",
                "y": 1,
                "yanchor": "top",
                "pad": {"t": 10},
                "subtitle": {"text": _broken(self.source, 54), "font": {"size": 11}},
            },
            "height": HEIGHT + (22 * len(self.rows) if self.bars else 0),
            "margin": {"l": 10, "r": 10, "t": 80, "b": 10},
            "showlegend": len(self.columns) > 2 or self.marks == "both",
            "legend": {"orientation": "h", "y": -0.22, "yanchor": "top", "x": 0},
            "xaxis": values if self.bars else across,
            "yaxis": across if self.bars else values,
            "hovermode": "y unified" if self.bars else "x unified",
        }


def charts_of(answer: Answer) -> list[Chart]:
    """The charts that an answer's evidence has the tables for, cited metrics before others."""
    return charts_from([e for e in answer.evidence if isinstance(e, Metric)])


def charts_from(metrics: Sequence[Metric]) -> list[Chart]:
    """The charts that metrics have the tables for, each once."""
    metrics = [metric for metric in metrics if _drawable(metric)]
    charts = [*_rebased([m for m in metrics if m.tool == "performance"])]
    for metric in metrics:
        draw = _DRAWN.get(metric.tool)
        if draw is not None:
            charts.append(draw(metric))
    unique = {(c.title, c.columns, c.rows): c for c in charts if c.rows}
    return list(unique.values())


def _drawable(metric: Metric) -> bool:
    """Whether there is a whole table; an answer's file may come from anyone."""
    table = metric.table
    if table is None or not table.rows or not metric.symbols:
        return False
    whole = all(len(row) == len(table.columns) for row in table.rows)
    return whole and _NEEDED.get(metric.tool, frozenset()) <= set(table.columns)


def _rebased(metrics: Sequence[Metric]) -> Iterator[Chart]:
    """One chart for each window: the paths of all indices that were measured over the same days."""
    windows: dict[tuple[Cell, ...], list[Metric]] = {}
    for metric in metrics:
        assert metric.table
        windows.setdefault(tuple(row[0] for row in metric.table.rows), []).append(metric)
    for days, group in windows.items():
        paths: dict[str, list[Cell]] = {}
        for metric in group:
            assert metric.table
            for place, symbol in enumerate(metric.table.columns[1:], start=1):
                paths.setdefault(_name(symbol), [row[place] for row in metric.table.rows])
        yield Chart(
            title=f"Rebased, {days[0]} to {days[-1]}",
            unit=f"close of {days[0]} = 100",
            source=_source(group),
            columns=("date", *paths),
            rows=tuple(zip(days, *paths.values(), strict=True)),
        )


def _technicals(metric: Metric) -> Chart:
    names = {"close_high_52w": "highest close", "close_low_52w": "lowest close"}
    names |= {"high_52w": "52-week high", "low_52w": "52-week low"}
    levels = [
        Level(figure.value, f"{words} {figure.value:,.2f}")
        for name, words in names.items()
        if (figure := metric.figures.get(name)) and not isinstance(figure.value, date)
    ]
    # The intraday range where the source has it, else that of the closes.
    chosen = [level for level in levels if "52-week" in level.words] or levels
    return _lines(metric, "Price and averages", "price", tuple(chosen))


def _ratio(metric: Metric) -> Chart:
    over = " over ".join(_name(symbol) for symbol in metric.symbols[:2])
    assert metric.table
    return _lines(metric, f"Ratio: {over}", f"{metric.table.rows[0][0]} = 100", named=False)


def _drawdown(metric: Metric) -> Chart:
    return _lines(metric, "Drawdown", "percent below the high")


def _rates(metric: Metric) -> Chart:
    return _lines(metric, "Treasury yields", "percent", named=False)


def _lines(
    metric: Metric, title: str, unit: str, levels: tuple[Level, ...] = (), *, named: bool = True
) -> Chart:
    assert metric.table
    of = f": {_name(metric.symbols[0])}" if named else ""
    columns = tuple(_name(column).replace("_", " ") for column in metric.table.columns)
    return Chart(f"{title}{of}", unit, _source([metric]), columns, metric.table.rows, levels)


def _sectors(metric: Metric) -> Chart:
    assert metric.table
    columns = metric.table.columns
    days = f", {metric.window.start} to {metric.window.end}" if metric.window else ""
    shown = [name for name in ("period", "day") if name in columns]
    rows = tuple(
        (f"{row[columns.index('sector')]} ({row[columns.index('symbol')]})",
         *(row[columns.index(name)] for name in shown))
        for row in metric.table.rows
    )  # fmt: skip
    return Chart(
        f"Sector funds{days}", "percent", _source([metric]), ("sector", *shown), rows, marks="bars"
    )


def _base_rates(metric: Metric) -> Chart:
    """The medians after the episodes and after any session, by horizon, with the quartiles."""
    rows, spread = [], []
    for horizon in (21, 63, 126, 252):
        names = [f"{name}_{horizon}" for name in ("n", "median", "base_median", *QUARTILES)]
        found = [metric.figures.get(name) for name in names]
        told = [f.value for f in found if f is not None and isinstance(f.value, float)]
        if len(told) == len(names):
            count, median, base, low, high = told
            rows.append((f"{horizon} sessions ({count:.0f} episodes)", median, base))
            spread.append((low, high))
    return Chart(
        f"What followed episodes like this: {_name(metric.symbols[0])}",
        "percent, medians; the thin line spans the middle half of the episodes",
        _source([metric]),
        ("after", "the episodes", "any session"),
        tuple(rows),
        marks="bars",
        spread=tuple(spread),
        spans="the middle half of the episodes",
    )


def _seasonality(metric: Metric) -> Chart:
    """Every season's return as a dot on the day it ended, beside the benchmark's."""
    assert metric.table
    columns = metric.table.columns
    shown = [name for name in ("date", "return", "benchmark") if name in columns]
    places = [columns.index(name) for name in shown]
    lines = []
    for symbol, mean in zip(metric.symbols[: len(shown) - 1], MEANS, strict=False):
        figure = metric.figures.get(mean)
        told = f" (mean {write(figure, ('+',))})" if figure else ""
        lines.append(f"{_name(symbol)}{told}")
    season = str(metric.arguments.get("season", "")).replace("_", " ")
    season = season.capitalize() if season.capitalize() in month_name else season
    return Chart(
        f"Each {season or 'season'}: {_name(metric.symbols[0])}",
        "percent",
        _source([metric]),
        ("date", *lines),
        tuple(tuple(row[place] for place in places) for row in metric.table.rows),
        marks="dots",
    )


_NEEDED = {
    "sectors": frozenset({"sector", "symbol"}),
    "seasonality": frozenset({"date", "return"}),
}
_DRAWN = {
    "technicals": _technicals,
    "sectors": _sectors,
    "compare": _ratio,
    "drawdown": _drawdown,
    "rates": _rates,
    "base_rates": _base_rates,
    "seasonality": _seasonality,
}


def _source(metrics: Sequence[Metric]) -> str:
    told = dict.fromkeys(f"{m.source}, as of {m.as_of}" for m in metrics)
    return f"Source: {'; '.join(told)}"


def _inert(text: str) -> str:
    """Text that plotly shows as it is: it reads some HTML otherwise."""
    return escape(text, quote=False)


def _broken(text: str, width: int) -> str:
    """The same in lines that a phone has room for."""
    return "<br>".join(map(_inert, wrap(text, width)))


def _name(symbol: str) -> str:
    return named(symbol).name

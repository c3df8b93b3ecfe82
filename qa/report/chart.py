"""A chart: rows under columns, and how plotly draws them.

Colours are those of Okabe and Ito; lines differ by dash too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x")
HEIGHT = 380  # pixels
ENDS = (-4, 114)  # of axes in percent: a dot on 100, and its label, are whole

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
    row, drawn across the first bar; `spans` says what lies between them. Where `against` names what
    is across, both axes are percent from 0 to 100, and a line shows where they are the same;
    `labels` are then words beside the dots.
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
    against: str = ""
    labels: tuple[str, ...] = ()

    @property
    def bars(self) -> bool:
        """Whether the rows are bars, their names beside them."""
        return self.marks == "bars"

    def csv(self) -> str:
        """The rows that are drawn, under their names, with the source in a last line."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        ends = (f"from: {self.spans}", f"to: {self.spans}") if self.spread else ()
        words = ("of",) if self.labels else ()
        writer.writerow((*self.columns, *ends, *words))
        for row, span, label in zip_longest(self.rows, self.spread, self.labels, fillvalue=()):
            writer.writerow((*row, *span, *([label] if label else [])))
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
        if self.against:
            figure.add_shape(
                type="line", x0=0, y0=0, x1=100, y1=100,
                line={"dash": "dot", "width": 1, "color": "#888888"},
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
                    "x": across, "y": values, "mode": self._mode,
                    "text": self.labels or None, "textposition": "top center",
                    "connectgaps": self.marks == "both",
                    "line": {"color": colour, "dash": DASHES[place % len(DASHES)], "width": 2},
                    "marker": {"color": colour, "symbol": SYMBOLS[place % len(SYMBOLS)]},
                }  # fmt: skip

    @property
    def _mode(self) -> str:
        return f"{_MODES[self.marks]}+text" if self.labels else _MODES[self.marks]

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
        across: dict[str, Any] = {"automargin": True}
        values: dict[str, Any] = {"automargin": True}
        under = [self.source]
        if self.bars:  # the names take the room that a title would have
            across["autorange"] = "reversed"
            under.insert(0, self.unit)
        else:
            values["title"] = {"text": _broken(self.unit, 40)}
        if self.against:
            across |= {"title": {"text": _broken(self.against, 40)}, "range": ENDS}
            values["range"] = ENDS
        title = _broken(self.title, 40)
        below = "<br>".join(_broken(line, 54) for line in under)
        lines = title.count("<br>") + 1
        # Plotly's own margin counts one line of each, and cuts off what is above.
        top = 36 + 20 * lines + 15 * (below.count("<br>") + 1)
        return {
            "title": {
                "text": title,
                "font": {"size": 15},
                "yref": "container",
                "y": 1,
                "yanchor": "top",
                "pad": {"t": 12 * lines},
                "subtitle": {"text": below, "font": {"size": 11}},
            },
            "height": HEIGHT + (22 * len(self.rows) if self.bars else 0),
            "margin": {"l": 10, "r": 10, "t": top, "b": 10},
            "showlegend": len(self.columns) > 2 or self.marks == "both",
            "legend": {
                "orientation": "h",
                "yref": "container",
                "y": 0,
                "yanchor": "bottom",
                "xref": "container",
                "x": 0,
                "xanchor": "left",
            },
            "xaxis": values if self.bars else across,
            "yaxis": across if self.bars else values,
            "hovermode": self._hover,
        }

    @property
    def _hover(self) -> str:
        """What stands at the pointer: all of a row, or one dot."""
        if self.against:
            return "closest"
        return "y unified" if self.bars else "x unified"


def _inert(text: str) -> str:
    """Text that plotly shows as it is: it reads some HTML otherwise."""
    return escape(text, quote=False)


def _broken(text: str, width: int) -> str:
    """The same in lines that a phone has room for."""
    return "<br>".join(map(_inert, wrap(text, width)))

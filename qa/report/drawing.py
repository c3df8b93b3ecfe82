"""Charts as SVG for a saved answer: no script, no request, in the reader's own light or dark.

What is drawn is a `Chart`, as on the page. Only marks that a line or a bar needs are drawn; whole
tables go away as CSV from the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import zip_longest

from qa.report.chart import COLOURS, Chart

WIDTH, HEIGHT = 520, 270  # units of the drawing
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 22, 26
NAMES = 196  # where bars begin, behind their names
ROOM = 44  # for a value at the end of a bar
BAR = 12  # height of one, and of the gap under a group
MOST_POINTS = 520  # a point for each unit across; more could not be told apart
SVG_DASHES = ("", "6 4", "2 3", "8 3 2 3", "12 4", "12 3 2 3")
TICKS = 7  # at most


@dataclass(frozen=True)
class Scale:
    """From values between two ends to units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies."""
        part = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.start + part * (self.end - self.start), 1)


def drawn(chart: Chart) -> str:
    """A chart as a figure: title, drawing, what its lines are, and source."""
    draw = _bars if chart.bars else _dots if chart.against else _lines
    picture = draw(chart)
    if picture is None:
        return ""
    return (
        f'<figure class="tc-chart"><figcaption><strong>{escape(chart.title)}</strong> '
        f'<span class="tc-faint">{escape(chart.unit)}</span></figcaption>{picture}{_key(chart)}'
        f'<p class="tc-faint">{escape(chart.source)}</p></figure>'
    )


def _svg(chart: Chart, height: float, body: str) -> str:
    told = escape(f"{chart.title}. {chart.unit}.")
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{told}">{body}</svg>'


def _key(chart: Chart) -> str:
    """Each line or bar by its name; nothing where there is one alone."""
    names = chart.columns[1:]
    if len(names) < 2:
        return ""
    line = chart.marks in ("lines", "bars")
    items = "".join(
        '<span><svg viewBox="0 0 24 8" aria-hidden="true">'
        f"{_path('M0 4H24', place, chart.bars) if line else _dot(12, 4, place)}</svg>"
        f"{escape(name)}</span>"
        for place, name in enumerate(names)
    )
    return f'<p class="tc-key">{items}</p>'


def _path(way: str, place: int, thick: bool = False) -> str:
    dash = "" if thick else SVG_DASHES[place % len(SVG_DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    width = 8 if thick else 2
    return (
        f'<path d="{way}" fill="none" stroke="{COLOURS[place % len(COLOURS)]}" '
        f'stroke-width="{width}"{dashed}/>'
    )


def _dot(x: float, y: float, place: int) -> str:
    """A full dot, or for every other column a ring."""
    colour = COLOURS[place % len(COLOURS)]
    fill = "none" if place % 2 else colour
    return f'<circle cx="{x:g}" cy="{y:g}" r="3" fill="{fill}" stroke="{colour}"/>'


def _lines(chart: Chart) -> str | None:
    """Lines over days, with levels across; None where no row has a day and a number."""
    days = [row[0].toordinal() for row in chart.rows if isinstance(row[0], date)]
    values = [v for row in chart.rows for v in row[1:] if isinstance(v, int | float)]
    if len(days) != len(chart.rows) or not values:
        return None
    values += [level.value for level in chart.levels]
    ticks = round_ticks(min(values), max(values))
    x = Scale(days[0], days[-1], LEFT, WIDTH - RIGHT)
    y = Scale(min(ticks[0], *values), max(ticks[-1], *values), HEIGHT - BOTTOM, TOP)
    body = [*_grid(ticks, y), *_days(chart, x)]
    for level in chart.levels:
        at = y(level.value)
        body.append(f'<path d="M{LEFT} {at}H{WIDTH - RIGHT}" class="tc-level"/>')
        body.append(f'<text x="{LEFT + 4}" y="{at - 4}">{escape(level.words)}</text>')
    for place in range(len(chart.columns) - 1):
        points = _thinned(days, [row[place + 1] for row in chart.rows])
        if chart.marks == "lines":
            body.append(_path(_way(points, x, y), place))
        else:
            body += [_dot(x(day), y(value), place) for day, value in points if value is not None]
    return _svg(chart, HEIGHT, "".join(body))


def _dots(chart: Chart) -> str | None:
    """Dots over percents from 0 to 100, with their labels, and the line on which both are equal."""
    x = Scale(0, 100, LEFT, WIDTH - RIGHT)
    y = Scale(0, 100, HEIGHT - 2 * BOTTOM, TOP)
    body = [*_grid(round_ticks(0, 100), y)]
    for tick in round_ticks(0, 100):
        at = HEIGHT - 2 * BOTTOM + 18
        body.append(f'<text x="{x(tick)}" y="{at}" text-anchor="middle">{_number(tick)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    body.append(
        f'<text x="{middle:g}" y="{HEIGHT - 6}" text-anchor="middle">{escape(chart.against)}</text>'
    )
    body.append(f'<path d="M{x(0)} {y(0)}L{x(100)} {y(100)}" class="tc-level"/>')
    shown = 0
    for row, label in zip_longest(chart.rows, chart.labels, fillvalue=""):
        for place, value in enumerate(row[1:]):
            if isinstance(row[0], int | float) and isinstance(value, int | float):
                across, up = x(row[0]), y(value)
                body.append(_dot(across, up, place))
                body.append(f'<text x="{across + 6:g}" y="{up - 6:g}">{escape(label)}</text>')
                shown += 1
    return _svg(chart, HEIGHT, "".join(body)) if shown else None


def _thinned(days: Sequence[int], values: Sequence[object]) -> list[tuple[int, float | None]]:
    """The points of a line, with the highest and lowest of each stretch when there are too many."""
    points = [
        (day, float(v) if isinstance(v, int | float) else None)
        for day, v in zip(days, values, strict=True)
    ]
    step = math.ceil(2 * len(points) / MOST_POINTS)
    if step < 3:
        return points
    kept = []
    for at in range(0, len(points), step):
        piece = [p for p in points[at : at + step] if p[1] is not None]
        ends = {min(piece, key=lambda p: p[1] or 0), max(piece, key=lambda p: p[1] or 0)}
        kept += sorted(ends) if piece else points[at : at + 1]
    return kept


def _way(points: Sequence[tuple[int, float | None]], x: Scale, y: Scale) -> str:
    """The path through the points; where a value is missing the line is broken."""
    way, pen = [], "M"
    for day, value in points:
        if value is None:
            pen = "M"
            continue
        way.append(f"{pen}{x(day):g} {y(value):g}")
        pen = "L"
    return "".join(way)


def _grid(ticks: Sequence[float], y: Scale) -> Iterator[str]:
    for tick in ticks:
        at = y(tick)
        yield f'<path d="M{LEFT} {at}H{WIDTH - RIGHT}" class="tc-grid"/>'
        yield f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{_number(tick)}</text>'


def _days(chart: Chart, x: Scale) -> Iterator[str]:
    """The first day, the middle one and the last."""
    last = len(chart.rows) - 1
    for place, anchor in ((0, "start"), (last // 2, "middle"), (last, "end")):
        day = chart.rows[place][0]
        assert isinstance(day, date)
        yield (
            f'<text x="{x(day.toordinal())}" y="{HEIGHT - 6}" text-anchor="{anchor}">'
            f"{day:%Y-%m-%d}</text>"
        )


def _bars(chart: Chart) -> str | None:
    """Groups of bars from zero, the names before them and the values at their ends."""
    values = [v for row in chart.rows for v in row[1:] if isinstance(v, int | float)]
    if not values:
        return None
    values += [end for span in chart.spread for end in span]
    low, high = min(0.0, *values), max(0.0, *values)
    x = Scale(low, high, NAMES + (ROOM if low < 0 else 0), WIDTH - RIGHT - ROOM)
    height = BAR
    body = []
    for row, span in zip_longest(chart.rows, chart.spread):
        middle = height + BAR * (len(row) - 1) / 2 + 4
        body.append(f'<text x="0" y="{middle:g}">{escape(str(row[0]))}</text>')
        for place, value in enumerate(row[1:]):
            if isinstance(value, int | float):
                spans = span if place == 0 else None
                body.append(_bar(x, float(value), height + BAR / 2, place, spans))
            height += BAR
        height += BAR
    body.append(f'<path d="M{x(0)} {BAR - 4}V{height - BAR + 4}" class="tc-level"/>')
    return _svg(chart, height, "".join(body))


def _bar(
    x: Scale, value: float, middle: float, place: int, span: tuple[float, float] | None
) -> str:
    """A bar with its value behind it, or behind the end of its spread."""
    end, right = x(value), value >= 0
    way = _path(f"M{x(0):g} {middle:g}H{end:g}", place, thick=True)
    if span:
        way += f'<path d="M{x(span[0]):g} {middle:g}H{x(span[1]):g}" class="tc-spread"/>'
        end = x(span[1] if right else span[0])
    at, anchor = (end + 4, "start") if right else (end - 4, "end")
    return f'{way}<text x="{at:g}" y="{middle + 4:g}" text-anchor="{anchor}">{value:.2f}</text>'


def round_ticks(low: float, high: float) -> list[float]:
    """Round numbers inside a range, TICKS at most: steps of 1, 2 or 5 times a power of ten."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / TICKS))
    step = next(m * power for m in (1, 2, 5, 10) if span / (m * power) <= TICKS)
    hair = 1e-9  # 0.3 / 0.1 is a little less than 3
    first, last = math.ceil(low / step - hair), math.floor(high / step + hair)
    return [round(n * step, 10) for n in range(first, last + 1)] or [low]


def _number(value: float) -> str:
    return f"{value:,.10g}"

"""Charts of an answer's evidence: the tables that its metrics carry, drawn and nothing added.

No figure is computed here: what a chart shows stands in `Metric.table` or `Metric.figures`, or is
made of them where they are made.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator, Sequence
from datetime import date

from qa.checking.slots import write
from qa.domain import Answer, Metric
from qa.market.instruments import named
from qa.report.chart import Cell, Chart, Level

MEANS = ("mean", "mean_benchmark")
QUARTILES = ("lower_quartile", "upper_quartile")
YEARS = ("midterm", "pre election", "election", "post election")
UP, AHEAD = "up", "ahead"  # the outcomes of an outlook


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
    columns = tuple(_column(column) for column in metric.table.columns)
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
        f"After episodes like this: {_name(metric.symbols[0])}",
        "percent, medians; a thin line for the middle half",
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
    season += " year" if season in YEARS else ""
    return Chart(
        f"Each {season or 'season'}: {_name(metric.symbols[0])}",
        "percent",
        _source([metric]),
        ("date", *lines),
        tuple(tuple(row[place] for place in places) for row in metric.table.rows),
        marks="dots",
    )


def _outlook(metric: Metric) -> Chart:
    """How often what was given a chance came, by tenths of the chance, at past month ends."""
    from qa.market.backtest import reliability  # scores too, which no other chart needs

    assert metric.table
    outcomes = [name for name in (UP, AHEAD) if f"chance_{name}" in metric.table.columns]
    dots = sorted(
        (found.chance, place, found.came, found.n)
        for place, name in enumerate(outcomes)
        for found in reliability(metric, name)
    )
    other = _name(metric.symbols[1]) if len(metric.symbols) > 1 else "its benchmark"
    words = {UP: "higher", AHEAD: f"ahead of {other}"}
    return Chart(
        f"Odds and what came: {_name(metric.symbols[0])}",
        "how often it came in 63 sessions, percent",
        _source([metric]),
        ("chance", *(words[name] for name in outcomes)),
        tuple(
            (chance, *(came if at == place else None for at in range(len(outcomes))))
            for chance, place, came, _ in dots
        ),
        marks="dots",
        against="chance given, percent, by tenths; beside each dot, its month ends",
        labels=tuple(str(count) for *_, count in dots),
    )


_NEEDED = {
    "sectors": frozenset({"sector", "symbol"}),
    "seasonality": frozenset({"date", "return"}),
    "outlook": frozenset({"month_end", "label", f"chance_{UP}", UP}),
}
_DRAWN = {
    "technicals": _technicals,
    "sectors": _sectors,
    "compare": _ratio,
    "drawdown": _drawdown,
    "rates": _rates,
    "base_rates": _base_rates,
    "seasonality": _seasonality,
    "outlook": _outlook,
}


def _source(metrics: Sequence[Metric]) -> str:
    told = dict.fromkeys(f"{m.source}, as of {m.as_of}" for m in metrics)
    return f"Source: {'; '.join(told)}"


def _column(name: str) -> str:
    """A column's name in words: that of an instrument, or of an average."""
    kind, _, days = name.partition("_")
    return f"{days}-day average" if kind == "average" else _name(name).replace("_", " ")


def _name(symbol: str) -> str:
    return named(symbol).name

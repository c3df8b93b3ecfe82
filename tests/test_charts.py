"""Charts show what the evidence's tables hold, and say whose it is."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from evidence import figure, metric
from test_markdown import answer

from qa.analyst import Analyst
from qa.domain import Figure, Metric, Table
from qa.report.chart import Chart
from qa.report.charts import charts_from, charts_of
from qa.report.drawing import drawn as picture

DAYS = (date(2026, 1, 21), date(2026, 1, 22), date(2026, 1, 23))


def with_table(
    tool: str,
    symbols: tuple[str, ...],
    columns: tuple[str, ...],
    *values: tuple[float, ...],
    **figures: Figure,
) -> Metric:
    rows = tuple(zip(DAYS, *values, strict=True))
    made = metric(symbols, figures or {"return": figure(1.0, "percent")}, tool)
    return made.model_copy(update={"table": Table(columns=columns, rows=rows)})


def drawn(*metrics: Metric) -> list[Chart]:
    return charts_of(answer(evidence=metrics))


def test_indices_of_one_window_share_a_chart() -> None:
    one = with_table("performance", ("^RUT",), ("date", "^RUT", "^GSPC"),
                     (100.0, 101.0, 102.0), (100.0, 99.0, 98.0))  # fmt: skip
    two = with_table("performance", ("^DJI",), ("date", "^DJI"), (100.0, 100.5, 101.5))
    (chart,) = drawn(one, two)
    assert chart.columns == ("date", "Russell 2000", "S&P 500", "Dow Jones Industrial Average")
    assert chart.rows[-1] == (DAYS[2], 102.0, 98.0, 101.5)
    assert chart.unit == "close of 2026-01-21 = 100"
    assert [list(trace.y) for trace in chart.figure().data][2] == [100.0, 100.5, 101.5]


def test_prices_stand_with_their_averages_and_the_52_week_range() -> None:
    made = with_table(
        "technicals", ("^RUT",), ("date", "close", "average_20"),
        (2700.0, 2718.77, 2669.16), (2590.0, 2596.0, 2601.58),
        high_52w=figure(2735.10, "price"), low_52w=figure(1732.99, "price"),
    )  # fmt: skip
    (chart,) = drawn(made)
    assert chart.columns == ("date", "close", "20-day average")
    assert [(level.value, level.words) for level in chart.levels] == [
        (2735.10, "52-week high 2,735.10"),
        (1732.99, "52-week low 1,732.99"),
    ]
    assert {shape.y0 for shape in chart.figure().layout.shapes} == {2735.10, 1732.99}


def test_sectors_are_bars_in_the_order_of_the_table() -> None:
    table = Table(
        columns=("symbol", "sector", "day", "period"),
        rows=(("XLB", "materials", 0.91, 12.37), ("XLU", "utilities", -0.35, -6.08)),
    )
    made = metric(("XLB", "XLU"), {"sectors": figure(2.0, "count", 0)}, "sectors")
    (chart,) = drawn(made.model_copy(update={"table": table}))
    assert chart.rows == (("materials (XLB)", 12.37, 0.91), ("utilities (XLU)", -6.08, -0.35))
    bars = chart.figure().data
    assert [list(bar.x) for bar in bars] == [[12.37, -6.08], [0.91, -0.35]]
    assert {bar.orientation for bar in bars} == {"h"}


@pytest.mark.parametrize(
    ("tool", "symbols", "column", "title"),
    [
        ("compare", ("^RUT", "^GSPC"), "ratio", "Ratio: Russell 2000 over S&P 500"),
        ("drawdown", ("^RUT",), "drawdown", "Drawdown: Russell 2000"),
    ],
)
def test_ratio_and_drawdown_are_lines(
    tool: str, symbols: tuple[str, ...], column: str, title: str
) -> None:
    (chart,) = drawn(with_table(tool, symbols, ("date", column), (100.0, 99.0, 98.5)))
    assert chart.title == title
    assert [list(trace.y) for trace in chart.figure().data] == [[100.0, 99.0, 98.5]]


def test_a_chart_says_its_source_and_day_and_gives_its_rows_as_csv() -> None:
    (chart,) = drawn(with_table("compare", ("^RUT", "^GSPC"), ("date", "ratio"), (1.0, 2.0, 3.0)))
    layout = chart.figure().layout
    assert layout.title.subtitle.text == "Source: hand, as of 2026-01-23"
    rows = list(csv.reader(io.StringIO(chart.csv())))
    assert rows[:2] == [["date", "ratio"], ["2026-01-21", "1.0"]]
    assert rows[-1] == ["# Source: hand, as of 2026-01-23"]


def test_base_rates_are_medians_by_horizon_with_the_middle_half_across() -> None:
    made = with_table(
        "base_rates", ("^RUT", "^GSPC"), ("date", "move"), (13.0, 12.0, 11.0),
        n_21=figure(45, "count", 0), median_21=figure(1.5, "percent"),
        base_median_21=figure(1.0, "percent"), lower_quartile_21=figure(-2.0, "percent"),
        upper_quartile_21=figure(4.0, "percent"), n_63=figure(4, "count", 0),
    )  # fmt: skip
    (chart,) = drawn(made)
    assert chart.title == "After episodes like this: Russell 2000"
    assert chart.rows == (("21 sessions (45 episodes)", 1.5, 1.0),)  # too few over 63
    bars = chart.figure().data
    assert [list(bar.x) for bar in bars] == [[1.5], [1.0]]
    assert (bars[0].error_x.array, bars[0].error_x.arrayminus) == ((2.5,), (3.5,))
    assert bars[1].error_x.array is None
    assert chart.csv().splitlines()[1] == "21 sessions (45 episodes),1.5,1.0,-2.0,4.0"


def test_seasons_are_dots_with_their_means() -> None:
    made = with_table(
        "seasonality", ("^RUT", "^GSPC"), ("date", "return", "benchmark", "difference"),
        (4.0, -1.0, 2.0), (3.0, 0.0, 1.0), (1.0, -1.0, 1.0),
        mean=figure(1.67, "percent"), mean_benchmark=figure(1.33, "percent"),
    )  # fmt: skip
    (chart,) = drawn(made.model_copy(update={"arguments": {"season": "turn_of_year"}}))
    assert chart.title == "Each turn of year: Russell 2000"
    assert chart.columns == ("date", "Russell 2000 (mean +1.67%)", "S&P 500 (mean +1.33%)")
    assert [(trace.mode, list(trace.y)) for trace in chart.figure().data] == [
        ("markers", [4.0, -1.0, 2.0]), ("markers", [3.0, 0.0, 1.0]),
    ]  # fmt: skip


def test_odds_stand_against_what_came_with_their_month_ends_beside_them() -> None:
    made = metric(("^RUT", "^GSPC"), {"score": figure(0.1, "ratio")}, "outlook")
    columns = ("month_end", "label", "chance_up", "base_up", "up",
               "chance_ahead", "base_ahead", "ahead")  # fmt: skip
    rows = (
        (DAYS[0], "fragile", 0.62, 0.6, 1.0, 0.44, 0.5, 0.0),
        (DAYS[1], "fragile", 0.66, 0.6, 0.0, 0.46, 0.5, 1.0),
        (DAYS[2], "fading", 0.71, 0.6, 1.0, None, 0.5, None),  # not over yet
    )
    (chart,) = drawn(made.model_copy(update={"table": Table(columns=columns, rows=rows)}))
    assert chart.title == "Odds and what came: Russell 2000"
    assert chart.columns == ("chance", "higher", "ahead of S&P 500")
    assert [row[1:] for row in chart.rows] == [(None, 50.0), (50.0, None), (100.0, None)]
    assert [row[0] for row in chart.rows] == pytest.approx([45.0, 64.0, 71.0])
    assert chart.labels == ("2", "2", "1")
    assert chart.csv().splitlines()[-2].endswith(",1")
    figure_ = chart.figure()
    assert [trace.mode for trace in figure_.data] == ["markers+text", "markers+text"]
    (same,) = figure_.layout.shapes  # on it lie odds that came as often as they said
    assert (same.x0, same.y0, same.x1, same.y1) == (0, 0, 100, 100)


def test_odds_without_their_columns_are_not_drawn() -> None:
    columns = ("month_end", "label", "chance_up")
    made = metric(("^RUT",), {"score": figure(0.1, "ratio")}, "outlook")
    table = Table(columns=columns, rows=((DAYS[0], "fragile", 0.6),))
    assert drawn(made.model_copy(update={"table": table})) == []


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("outlook", {"symbol": "^RUT", "benchmark": "^GSPC"}),
        ("base_rates", {"symbol": "^RUT", "benchmark": "^GSPC", "start": "2025-12-01"}),
        ("seasonality", {"symbol": "^RUT", "benchmark": "^GSPC", "season": "january"}),
    ],
)
def test_the_charts_of_real_odds_base_rates_and_seasons(
    real_analyst: Analyst, tool: str, arguments: dict[str, str]
) -> None:
    made = real_analyst.metric(tool, as_of="2026-01-23", **arguments)
    (chart,) = charts_from([made])
    assert len(chart.rows) >= (37 if tool == "seasonality" else 4)
    assert "<svg" in picture(chart)


def test_lines_differ_by_colour_and_by_dash() -> None:
    made = with_table("performance", ("^RUT",), ("date", "^RUT", "^GSPC", "^DJI"),
                      (1.0, 2.0, 3.0), (1.0, 2.0, 3.0), (1.0, 2.0, 3.0))  # fmt: skip
    (chart,) = drawn(made)
    lines = [trace.line for trace in chart.figure().data]
    assert len({line.color for line in lines}) == len({line.dash for line in lines}) == 3


def test_names_from_a_shared_file_are_no_markup() -> None:
    link = '<a href="http://evil.example">x</a>'
    made = with_table("performance", (link,), ("date", link), (1.0, 2.0, 3.0))
    (chart,) = drawn(made.model_copy(update={"source": link}))
    drawing = chart.figure().to_json()
    assert "\\u003ca" not in drawing
    assert "<a" not in drawing
    assert "&lt;a" in drawing


def test_a_table_that_is_not_one_is_not_drawn() -> None:
    made = with_table("performance", ("^RUT",), ("date", "^RUT", "^GSPC"), (1.0, 2.0, 3.0))
    other = with_table("sectors", ("XLB",), ("date", "day"), (1.0, 2.0, 3.0))
    nameless = made.model_copy(update={"symbols": (), "tool": "technicals"})
    assert drawn(made, other, nameless) == []


def test_a_metric_without_a_table_draws_nothing() -> None:
    assert drawn(metric(("^RUT",), {"upside": figure(5.8, "percent")}, "target")) == []


def test_the_charts_of_a_real_question(sample_analyst: Analyst) -> None:
    found = sample_analyst.ask("Is the Russell 2000 rally sustainable?", as_of="2026-01-23")
    titles = [chart.title.partition(":")[0].partition(",")[0] for chart in charts_of(found)]
    assert {"Rebased", "Price and averages", "Ratio", "Sector funds"} <= set(titles)

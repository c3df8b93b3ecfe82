"""Charts drawn into a saved answer: right places, no script, in reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_html import HOSTILE, Tags

from qa.analyst import Analyst
from qa.report.chart import Chart, Level
from qa.report.drawing import BAR, HEIGHT, LEFT, NAMES, ROOM, WIDTH, drawn, round_ticks
from qa.report.html import to_html

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(5)]
LINES = Chart(
    "Rebased", "close = 100", "Source: hand", ("date", "A", "B"),
    tuple(zip(DAYS, (0.0, 25.0, 50.0, 75.0, 100.0), (0.0, None, 0.0, 0.0, 0.0), strict=True)),
)  # fmt: skip


class Drawing(Tags):
    """SVG, whose paths and circles close themselves."""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def paths(chart: Chart) -> list[str]:
    """The lines themselves: paths in a colour, those of the key aside."""
    picture = drawn(chart).partition("</svg>")[0]
    return re.findall(r'<path d="([^"]+)" fill="none" stroke="#', picture)


def test_a_line_goes_through_its_values_and_breaks_where_one_is_missing() -> None:
    one, two = paths(LINES)
    # Five days over 58 to 506 units, 0 to 100 over 244 to 22.
    assert one == "M58 244L170 188.5L282 133L394 77.5L506 22"
    assert two == "M58 244M282 244L394 244L506 244"


def test_a_bar_goes_from_zero_and_bears_its_value() -> None:
    rows = (("up (U)", 3.0), ("down (D)", -1.0))
    chart = Chart("Sectors", "percent", "Source: hand", ("sector", "period"), rows, marks="bars")
    left, right = NAMES + ROOM, WIDTH - 14 - ROOM
    zero = round(left + (right - left) / 4, 1)
    assert paths(chart) == [
        f"M{zero} {BAR * 1.5:g}H{right}", f"M{zero} {BAR * 3.5:g}H{left}",
    ]  # fmt: skip
    assert re.findall(r">([^<>]+)</text>", drawn(chart)) == ["up (U)", "3.00", "down (D)", "-1.00"]


def test_a_spread_is_drawn_across_its_bar_and_inside_the_picture() -> None:
    rows = (("21 sessions", 2.0, 1.0),)
    chart = Chart("After", "percent", "Source: hand", ("after", "these", "any"), rows,
                  marks="bars", spread=((-2.0, 6.0),), spans="the middle half")  # fmt: skip
    left, right = NAMES + ROOM, WIDTH - 14 - ROOM
    assert f'd="M{left} {BAR * 1.5:g}H{right}" class="tc-spread"' in drawn(chart)


def test_dots_stand_where_there_are_values() -> None:
    picture = drawn(replace(LINES, marks="dots")).partition("</svg>")[0]
    assert picture.count("<circle") == 9
    assert '<circle cx="506" cy="22"' in picture


def test_odds_are_drawn_over_percents_from_0_to_100() -> None:
    rows = ((0.0, 0.0, None), (100.0, None, 100.0))
    chart = Chart("Odds", "came", "Source: hand", ("chance", "up", "ahead"), rows,
                  marks="dots", against="chance given", labels=("7", "9"))  # fmt: skip
    picture = drawn(chart).partition("</svg>")[0]
    bottom, right = HEIGHT - 52, WIDTH - 14  # two lines of text stand below
    assert f'<circle cx="{LEFT}" cy="{bottom}"' in picture
    assert f'<circle cx="{right}" cy="22"' in picture
    assert f'd="M{LEFT}.0 {bottom}.0L{right}.0 22.0" class="tc-level"' in picture
    assert {">7</text>", ">9</text>"} <= set(re.findall(r">\w+</text>", picture))
    assert drawn(replace(chart, rows=(("often", 1.0, None),))) == ""


def test_levels_lie_inside_the_picture() -> None:
    chart = replace(LINES, levels=(Level(200.0, "a high"),))
    assert f'd="M{LEFT} 22.0H' in drawn(chart)
    assert ">a high</text>" in drawn(chart)


def test_a_long_line_keeps_its_highest_and_lowest() -> None:
    days = [date(1988, 1, 1) + timedelta(days=n) for n in range(9000)]
    values = [50.0] * 9000
    values[1234], values[7777] = 100.0, 0.0
    rows = tuple(zip(days, values, strict=True))
    chart = Chart("Drawdown", "percent", "Source: hand", ("date", "d"), rows)
    (way,) = paths(chart)
    heights = {float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", way)}
    assert {22.0, HEIGHT - 26.0} <= heights
    assert len(way) < 12_000


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 100, [0, 20, 40, 60, 80, 100]),
        (99.2, 110.1, [100, 102, 104, 106, 108, 110]),
        (-0.4, 0.3, [-0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3]),
        (1732.99, 2735.1, [1800, 2000, 2200, 2400, 2600]),
        (5.0, 5.0, [5.0]),
        (0.0, 0.0, [0.0]),
    ],
)
def test_ticks_are_round_and_inside(low: float, high: float, ticks: list[float]) -> None:
    assert round_ticks(low, high) == ticks


def test_what_is_no_series_is_not_drawn_and_names_are_text() -> None:
    assert drawn(replace(LINES, rows=(("yesterday", 1.0, 2.0),))) == ""
    assert drawn(replace(LINES, rows=((DAYS[0], None, None),))) == ""
    hostile = replace(LINES, title=HOSTILE, unit=HOSTILE, source=HOSTILE,
                      columns=("date", HOSTILE, "B"), levels=(Level(1.0, HOSTILE),))  # fmt: skip
    found = Drawing(drawn(hostile))
    assert {tag for tag, _ in found.found}.isdisjoint({"script", "img", "a", "iframe"})
    assert found.text.count("<script>alert(1)</script>") == 5
    assert not any(key.startswith("on") for _, attributes in found.found for key in attributes)


def test_a_saved_answer_has_its_charts_and_asks_for_nothing(sample_analyst: Analyst) -> None:
    found = sample_analyst.ask("Is the Russell 2000 rally sustainable?", as_of="2026-01-23")
    page = to_html(found)
    assert page.count('<figure class="tc-chart">') >= 4
    assert "Source: sample data" in page
    assert "<script" not in page
    assert not re.search(r'(src|href|xlink:href)="(?!https?://)', page)
    assert len(page) < 400_000

"""The scorecard's rule: rows to a verdict, and which single row decides it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from qa.agent.scorecard import judge, pivotal, scorecard
from qa.domain import Driver, Figure, Metric, Passage, ScoreRow, Unit

NOON = datetime(2026, 1, 23, 12, tzinfo=UTC)
FRIDAY = date(2026, 1, 23)


def rows(**ways: int | None) -> tuple[ScoreRow, ...]:
    """Rows of weight 1 by name."""
    return tuple(
        ScoreRow(name=n, reading="", direction=w, weight=1.0, kind="technical")  # type: ignore[arg-type]
        for n, w in ways.items()
    )


@pytest.mark.parametrize(
    ("ways", "label", "value"),
    [
        ({"a": 1, "b": 1, "c": 0, "d": 0}, "sustainable", 0.5),
        ({"a": 1, "b": 1, "c": 0, "d": 0, "e": 0}, "fragile", 0.4),
        ({"a": -1, "b": 0, "c": 0, "d": 0, "e": 0}, "fragile", -0.2),
        ({"a": -1, "b": 0, "c": 0, "d": 0}, "fading", -0.25),
        ({"a": 1, "b": None, "c": None}, "sustainable", 1.0),
        ({"a": 1, "b": None, "c": None, "d": None}, "undetermined", 0.0),
        ({"a": None}, "undetermined", 0.0),
        ({}, "undetermined", 0.0),
    ],
)
def test_the_verdict_follows_from_the_rows(ways: dict[str, Any], label: str, value: float) -> None:
    found = judge(rows(**ways))
    assert (found.label, found.value) == (label, pytest.approx(value))


def test_confidence_is_a_half_at_a_border_and_grows_with_the_distance() -> None:
    assert judge(rows(a=1, b=1, c=0, d=0)).confidence == 0.5
    assert judge(rows(a=1, b=1, c=1, d=0)).confidence == pytest.approx(0.62)  # 0.25 / 2, rounded
    assert judge(rows(a=1)).confidence == 0.75


def test_a_pivotal_row_changes_the_verdict_when_turned() -> None:
    # 2 of 4 is sustainable; with a or b turned the mean is 0, and c and d decide nothing.
    found = {row.name: label for row, label in pivotal(rows(a=1, b=1, c=0, d=0))}
    assert found == {"a": "fragile", "b": "fragile"}
    assert list(pivotal(rows(a=1, b=1, c=1, d=1, e=1, f=1, g=1, h=1))) == []  # 6/8 is enough


def metric(tool: str, units: dict[str, Unit], **values: float) -> Metric:
    figures = {n: Figure(value=v, unit=units.get(n, "ratio")) for n, v in values.items()}
    return Metric(
        id=f"m-{tool}",
        tool=tool,
        arguments={},
        figures=figures,
        definition="By hand.",
        window=None,
        symbols=("^RUT", "^GSPC"),
        source="made by hand",
        retrieved=NOON,
        as_of=FRIDAY,
        series_hash="0",
    )


def read(*metrics: Metric) -> dict[str, ScoreRow]:
    items = [(f"m{n}", m) for n, m in enumerate(metrics, start=1)]
    return {row.name: row for row in scorecard(items, "^RUT")}


def test_rows_of_prices_are_those_of_the_outlook() -> None:
    found = read(
        metric("outlook", {}, way_trend=1, distance_20=2.6, distance_50=-1, way_stretch=-1)
    )
    assert found["trend"].direction == 1
    assert found["trend"].reading == "above 1 of 2 averages (20/50 days)"
    assert found["trend"].evidence == ("m1",)
    assert found["stretch"].direction == -1
    assert found["breadth"].direction is None
    assert found["breadth"].reading == "not available: too few sector funds with 63 sessions"


@pytest.mark.parametrize(("told", "gap", "way"), [(0, 3.0, 0), (1, 3.0, 1), (1, -3.0, -1)])
def test_base_rates_and_seasons_count_only_when_told_from_chance(
    told: float, gap: float, way: int
) -> None:
    base = metric("base_rates", {}, n_63=45, diff_63=gap, distinguishable_63=told)
    season = metric("seasonality", {}, n=38, mean_difference=gap, distinguishable=told)
    found = read(base, season)
    assert (found["base rates"].direction, found["seasonality"].direction) == (way, way)
    assert ("not distinguishable" in found["base rates"].reading) is not told


def view(firm: str, stance: str, *drivers: Driver) -> Passage:
    return Passage.model_validate(
        {
            "id": f"p-{firm}",
            "document": f"{firm}.md",
            "title": "A note on the Russell 2000",
            "author": None,
            "firm": firm,
            "published": date(2026, 1, 20),
            "ingested": NOON,
            "url": None,
            "text": "The Russell 2000 is what this note is about.",
            "span": (0, 44),
            "tickers": ("^RUT",),
            "stance": stance,
            "drivers": drivers,
        }
    )


def test_views_need_twice_as_many_on_a_side_by_two() -> None:
    earnings = Driver(name="Earnings recovery", kind="structural")
    fed = Driver(name="Rate cuts", kind="policy")
    views = [
        view("A", "bullish", earnings),
        view("B", "bullish", earnings, fed),
        view("C", "bearish"),
    ]
    items = [(f"p{n}", v) for n, v in enumerate(views, start=1)]
    found = {row.name: row for row in scorecard(items, "^RUT")}
    assert found["earnings views"].direction == 1
    assert found["earnings views"].reading.startswith("2 recent views for, 0 against (2026-01-20")
    assert found["policy views"].direction == 0  # one alone is no majority
    assert found["opinion"].direction == 0  # two against one
    assert found["valuation views"].direction is None

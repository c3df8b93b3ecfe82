"""The catalog: arguments and errors, nothing after the as-of date, and any window at all."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_toys import Toys, days_of, numbers_of, series, value

from qa.domain import Metric
from qa.errors import BadDate, NotEnoughHistory, TapecheckError, UnknownSymbol, UsageError
from qa.market.catalog import CATALOG, compute
from qa.market.prices import Prices
from qa.market.sample import SampleSource
from qa.market.tape import Tape

SAMPLE = SampleSource()
CUT = date(2025, 12, 15)
ASKED: dict[str, dict[str, Any]] = {
    "performance": {"symbol": "^RUT", "start": "2025-09-02", "benchmark": "^GSPC"},
    "compare": {"symbol": "^RUT", "start": "2025-09-02", "benchmark": "^GSPC"},
    "volatility": {"symbol": "^RUT", "start": "2025-09-02"},
    "drawdown": {"symbol": "^RUT", "start": "2025-09-02"},
    "rates": {},
    "credit": {"start": "2025-09-02", "high_yield": "XLU", "investment_grade": "XLP"},
    "breadth": {"start": "2025-09-02"},
    "technicals": {"symbol": "^RUT"},
    "sectors": {"start": "2025-09-02"},
    "target": {"symbol": "^RUT", "target": 2825, "claimed": 14, "said_on": "2025-12-01"},
    "base_rates": {"symbol": "^RUT"},
    "outlook": {"symbol": "^RUT"},
    "signals": {"symbol": "^RUT"},
}
# valuation asks for no prices, seasonality for years of them: they have tests of their own
ELSEWHERE = {"valuation", "seasonality"}


def test_every_metric_is_asked_for_below() -> None:
    assert set(ASKED) == set(CATALOG) - ELSEWHERE
    assert all(entry.name == name and entry.summary for name, entry in CATALOG.items())


def altered(kind: str) -> Toys:
    """The sample tape, with something else after CUT."""
    changed = []
    for symbol in SAMPLE.symbols():
        whole = SAMPLE.history(symbol)
        frame = whole.frame.copy()
        later = frame.index > pd.Timestamp(CUT)
        if kind == "dropped":
            frame = frame.loc[~later]
        else:
            frame.loc[later, :] = {"huge": 1e9, "nan": math.nan}[kind]
        changed.append(Prices(symbol, frame, whole.source, whole.retrieved, whole.adjustment))
    return Toys(*changed)


@pytest.mark.parametrize("kind", ["huge", "nan", "dropped"])
def test_no_price_after_the_as_of_date_is_used(kind: str) -> None:
    clean, dirty = Tape(SAMPLE, CUT), Tape(altered(kind), CUT)
    for name, arguments in ASKED.items():
        assert (
            compute(dirty, name, arguments).model_dump_json()
            == compute(clean, name, arguments).model_dump_json()
        ), name
    later = Tape(altered("huge"), CUT + timedelta(1))
    for name, arguments in ASKED.items():  # and the garbage does reach what may see it
        if name != "target":
            there = compute(later, name, arguments)
            assert there.series_hash != compute(clean, name, arguments).series_hash


@pytest.mark.parametrize("name", ASKED)
def test_a_metric_can_be_computed_again_from_what_it_says(name: str) -> None:
    tape = Tape(SAMPLE, CUT)
    m = compute(tape, name, ASKED[name])
    assert m.tool == name
    assert m.as_of == CUT
    again = compute(tape, m.tool, json.loads(json.dumps(m.arguments)))
    assert again == m
    assert Metric.model_validate_json(m.model_dump_json()) == m


def test_an_id_is_of_the_question_and_the_data() -> None:
    tape = Tape(SAMPLE, CUT)
    asked = {"symbol": "^RUT", "start": "2025-09-02"}
    ids = {
        compute(tape, "performance", asked | more).id
        for more in (
            {},
            {"basis": "close"},
            {"benchmark": "^GSPC"},
            {"start": "2025-09-03"},
            {"end": "2025-12-12"},
            {"symbol": "^DJI"},
        )
    }
    assert len(ids) == 6
    before = compute(Tape(SAMPLE, date(2025, 12, 12)), "performance", asked)
    assert before.id not in ids
    assert compute(tape, "performance", asked | {"basis": "prior_close"}).id in ids


def test_a_cent_changes_the_id_and_the_hash() -> None:
    cent = series([100, 101, 102.01])
    plain = series([100, 101, 102])
    ask = {"symbol": "^RUT", "start": "2025-07-08"}
    one, two = (compute(Tape(Toys(p), CUT), "performance", ask) for p in (plain, cent))
    assert one.id != two.id
    assert one.series_hash == plain.series_hash != two.series_hash


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("performance", {"end": "2025-12-16"}),
        ("performance", {"start": "2025-12-16"}),
        ("technicals", {"on": "2025-12-16"}),
        ("sectors", {"end": "2025-12-16"}),
        ("sectors", {"start": "2025-12-16"}),
        ("target", {"on": "2025-12-16"}),
        ("target", {"said_on": "2025-12-16"}),
    ],
)
def test_a_day_after_the_as_of_date_is_refused(name: str, more: dict[str, str]) -> None:
    with pytest.raises(BadDate):
        compute(Tape(SAMPLE, CUT), name, ASKED[name] | more)
    on_the_day = {k: str(CUT) for k in more}
    compute(Tape(SAMPLE, CUT), name, ASKED[name] | on_the_day)


def test_a_refusal_names_both_days() -> None:
    with pytest.raises(BadDate, match="2025-12-16 is after the as-of date 2025-12-15"):
        compute(Tape(SAMPLE, CUT), "technicals", {"symbol": "^RUT", "on": "2025-12-16"})


def test_a_day_left_out_is_the_as_of_date() -> None:
    tape = Tape(SAMPLE, CUT)
    asked = {"symbol": "^RUT", "start": "2025-12-01"}
    assert compute(tape, "performance", asked).arguments["end"] == str(CUT)
    assert compute(tape, "technicals", {"symbol": "^RUT"}).arguments["on"] == str(CUT)


@pytest.mark.parametrize("name", ASKED)
def test_an_as_of_date_before_the_data(name: str) -> None:
    tape = Tape(Toys(series([100.0] * 30)), date(2025, 7, 6))
    arguments = {k: v for k, v in ASKED[name].items() if k != "benchmark" or name == "compare"}
    if name in ("sectors", "rates", "credit", "breadth"):  # their instruments aren't held
        with pytest.raises(TapecheckError):
            compute(tape, name, arguments)
        return
    if name == "target":
        arguments["said_on"] = "2025-07-01"
    with pytest.raises(BadDate, match="the toy begins on 2025-07-07"):
        compute(tape, name, arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("momentum", {}, "no metric 'momentum'; there are performance, compare"),
        ("performance", {"start": "2025-12-01"}, "the argument 'symbol'"),
        ("performance", {"symbol": "^RUT"}, "the argument 'start'"),
        ("performance", {"symbol": "^RUT", "start": "1 December"}, "the argument 'start'"),
        ("performance", {"symbol": "^RUT", "start": "2025-02-30"}, "the argument 'start'"),
        ("performance", ASKED["performance"] | {"basis": "vwap"}, "the argument 'basis'"),
        ("performance", ASKED["performance"] | {"as_of": "2026-01-01"}, "the argument 'as_of'"),
        ("technicals", {"symbol": 5}, "the argument 'symbol'"),
        ("technicals", {"symbol": "^RUT", "day": "2025-12-01"}, "the argument 'day'"),
        ("target", {"symbol": "^RUT", "target": 0}, "the argument 'target'"),
        ("target", {"symbol": "^RUT", "target": -2825}, "the argument 'target'"),
        ("target", {"symbol": "^RUT", "target": math.nan}, "the argument 'target'"),
        ("target", {"symbol": "^RUT", "target": math.inf}, "the argument 'target'"),
        ("target", {"symbol": "^RUT", "target": 2825, "claimed": math.inf}, "'claimed'"),
        ("signals", {}, "the argument 'symbol'"),
    ],
)
def test_arguments_that_can_not_be_used(name: str, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        compute(Tape(SAMPLE, CUT), name, arguments)


@pytest.mark.parametrize("name", ["performance", "technicals", "target", "signals"])
def test_an_unknown_symbol(name: str) -> None:
    with pytest.raises(UnknownSymbol, match="XYZ"):
        compute(Tape(SAMPLE, CUT), name, ASKED[name] | {"symbol": "xyz"})


def test_an_unknown_benchmark() -> None:
    with pytest.raises(UnknownSymbol, match="XYZ"):
        compute(Tape(SAMPLE, CUT), "performance", ASKED["performance"] | {"benchmark": "XYZ"})


def test_symbols_in_lower_case() -> None:
    tape = Tape(SAMPLE, CUT)
    for name in ("performance", "technicals", "target", "signals"):
        assert compute(tape, name, ASKED[name] | {"symbol": "^rut"}) == compute(
            tape, name, ASKED[name]
        )


@pytest.mark.parametrize("same", ["^RUT", "^rut"])
def test_an_instrument_is_not_compared_with_itself(same: str) -> None:
    m = compute(Tape(SAMPLE, CUT), "performance", ASKED["performance"] | {"benchmark": same})
    assert m.symbols == ("^RUT",)
    assert "relative_return" not in m.figures


def test_a_history_that_is_too_short() -> None:
    tape = Tape(Toys(series([100.0] * 30)), CUT)
    with pytest.raises(NotEnoughHistory, match="from 2025-07-07 only, not from 2025-07-01"):
        compute(tape, "performance", {"symbol": "^RUT", "start": "2025-07-01"})


DAYS = st.dates(date(2024, 11, 20), date(2026, 2, 5))


def check(m: Metric, as_of: date) -> None:
    assert all(math.isfinite(n) for n in numbers_of(m))
    assert max(days_of(m)) <= as_of
    if m.tool == "performance" and "return_from_prior_close" in m.figures:
        base = value(m, "end_level") - value(m, "points_from_prior_close")
        percent = value(m, "points_from_prior_close") / base * 100
        assert value(m, "return_from_prior_close") == pytest.approx(percent)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(["performance"] * 3 + ["technicals", "sectors", "target", "signals"]),
    symbol=st.sampled_from(SAMPLE.symbols()),
    other=st.one_of(st.none(), st.sampled_from(SAMPLE.symbols())),
    basis=st.sampled_from(["prior_close", "close", "open"]),
    days=st.tuples(DAYS, DAYS, DAYS),
    ordered=st.booleans(),
    claimed=st.floats(-90, 900),
)
def test_any_window_gives_finite_figures_or_says_why_not(
    name: str,
    symbol: str,
    other: str | None,
    basis: str,
    days: tuple[date, date, date],
    ordered: bool,
    claimed: float,
) -> None:
    start, end, as_of = sorted(days) if ordered else days
    every: dict[str, Any] = {
        "symbol": symbol,
        "start": start,
        "end": end,
        "basis": basis,
        "benchmark": other,
        "on": end,
        "said_on": start,
        "target": 2825.0,
        "claimed": claimed,
    }
    known = CATALOG[name].arguments.model_fields
    m = None
    with suppress(TapecheckError):
        m = compute(Tape(SAMPLE, as_of), name, {k: v for k, v in every.items() if k in known})
    if m is not None:
        check(m, as_of)

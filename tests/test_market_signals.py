"""The rules that would change a verdict, on both sides of their thresholds."""

from __future__ import annotations

from datetime import date
from statistics import fmean

import pytest
from market_toys import Toys, series, value, when

from qa.domain import Metric
from qa.errors import NotAvailable, NotEnoughHistory, UnknownSymbol
from qa.market.catalog import compute
from qa.market.prices import Prices
from qa.market.rules import USUAL
from qa.market.signals import signals
from qa.market.tape import Tape

LAST = date(2025, 8, 5)  # the 22nd weekday from 2025-07-07
FLAT = [100.0] * 22


def gauge(symbol: str, *, first: float, last: float) -> Prices:
    return series([first, *[first] * 20, last], symbol)


def ask(
    own: Prices | None = None,
    benchmark: Prices | None = None,
    vix: Prices | None = None,
    ten_year: Prices | None = None,
) -> Metric:
    others = [p for p in (vix, ten_year) if p is not None]
    return signals(own or series(FLAT), benchmark, others, as_of=LAST)


def state(m: Metric, rule: str) -> str:
    assert m.table is not None
    return next(str(row[4]) for row in m.table.rows if row[0] == rule)


@pytest.mark.parametrize(("last", "triggered"), [(99.99, "yes"), (100.0, "no"), (100.01, "no")])
def test_the_close_below_its_average(last: float, triggered: str) -> None:
    m = ask(series([*FLAT[1:], last]))
    assert state(m, "close") == triggered
    assert value(m, "close") == last
    average = fmean([*[100.0] * 19, last])
    assert value(m, "close_limit") == pytest.approx(average)
    assert value(m, "close_distance") == pytest.approx((last - average) / average * 100)
    assert value(m, "triggered") == (triggered == "yes")
    assert value(m, "rules") == 1


def test_the_average_is_of_twenty_closes() -> None:
    m = ask(series([500, 500, *[100.0] * 19, 120]))  # the first two don't count
    assert value(m, "close_limit") == pytest.approx(101)
    assert value(m, "close_distance") == pytest.approx(19 / 101 * 100)


@pytest.mark.parametrize(
    ("last", "lead", "triggered"), [(110.0, 0, "no"), (109.0, -1, "yes"), (112.0, 2, "no")]
)
def test_the_lead_over_the_benchmark(last: float, lead: float, triggered: str) -> None:
    # Twenty sessions before the last is the second of the 22 closes.
    own = series([999, 100, *[100.0] * 19, last])
    other = series([1, 200, *[205.0] * 19, 220], "^GSPC")  # +10 % over the twenty
    m = ask(own, other)
    assert value(m, "lead") == pytest.approx(lead)
    assert m.figures["lead"].unit == "percentage_points"
    assert value(m, "lead_limit") == 0
    assert state(m, "lead") == triggered
    assert m.symbols == ("^RUT", "^GSPC")


@pytest.mark.parametrize(("now", "triggered"), [(20.0, "no"), (20.01, "yes"), (12.0, "no")])
def test_the_vix_above_twenty(now: float, triggered: str) -> None:
    m = ask(vix=gauge("^VIX", first=30, last=now))
    assert (value(m, "vix"), value(m, "vix_limit")) == (now, 20)
    assert state(m, "vix") == triggered


@pytest.mark.parametrize(
    ("before", "now", "moved", "triggered"),
    [
        (4.0, 4.25, 25, "yes"),
        (4.0, 4.24, 24, "no"),
        (4.25, 4.0, -25, "no"),
        (1.76, 2.01, 25, "yes"),  # 24.999999999999978 in binary
        (1.752, 2.002, 25, "yes"),
    ],
)
def test_the_ten_year_yield_over_a_month(
    before: float, now: float, moved: float, triggered: str
) -> None:
    # Twenty-one sessions before the last is the first of the 22 closes.
    m = ask(ten_year=series([before, *[9.9] * 20, now], "^TNX"))
    assert value(m, "ten_year") == pytest.approx(moved)
    assert m.figures["ten_year"].unit == m.figures["ten_year_limit"].unit == "basis_points"
    assert state(m, "ten_year") == triggered


def test_all_four() -> None:
    m = ask(
        series([*FLAT[1:], 90.0]),
        series(FLAT, "^GSPC"),
        gauge("^VIX", first=15, last=25),
        gauge("^TNX", first=4, last=4.5),
    )
    assert (value(m, "triggered"), value(m, "rules")) == (4, 4)
    assert m.notes == ()
    assert when(m, "session") == str(LAST)


def test_what_is_not_watched_is_said() -> None:
    m = ask()
    reasons = ["there is no benchmark.", "no prices of ^VIX up", "no prices of ^TNX up"]
    assert len(m.notes) == len(reasons)
    for note, reason in zip(m.notes, reasons, strict=True):
        assert note.startswith(("Not watched: ", "Not watched. "))
        assert reason in note
    assert not {"lead", "vix", "ten_year"} & set(m.figures)
    assert (value(m, "rules"), value(m, "not_watched")) == (1, 3)


def test_a_gauge_that_ends_before_the_instrument_is_not_watched() -> None:
    old = [5.0] * 21  # its last price is of the session before
    m = ask(
        benchmark=series(old, "^GSPC"),
        vix=series(old, "^VIX"),
        ten_year=series([4.0, *old, 9.0], "^TNX", first="2025-07-03"),  # long enough, but stale
    )
    assert value(m, "rules") == 1
    assert len([n for n in m.notes if n.startswith("Not watched")]) == 3


def test_two_instruments_go_by_the_sessions_that_both_have() -> None:
    days = [str(d.date()) for d in series(FLAT).frame.index]
    gap = series([4.0, *[5.0] * 21], "^GSPC", days=["2025-07-03", *days[:5], *days[6:]])
    own = series([100.0, 50.0, *[80.0] * 19, 120.0])
    m = ask(own, gap)  # the twentieth common session before the last is the first day
    assert value(m, "lead") == pytest.approx(20)
    assert when(m, "lead_history_start") == str(LAST)
    said = "From 2025-07-07 on, 1 session has a price of only one of ^RUT and ^GSPC"
    assert any(said in note for note in m.notes)
    assert any("1 of the 23 sessions" in n and "no price of ^GSPC" in n for n in m.notes)


def test_a_short_history() -> None:
    with pytest.raises(NotEnoughHistory, match=r"has 19 sessions up to .*; the rule takes 20"):
        signals(series([100.0] * 19), rules=(USUAL["close"],), as_of=LAST)
    with pytest.raises(NotAvailable, match="None of the 4 rules can be told"):
        ask(series([100.0] * 19))
    enough = series([100.0] * 21, first="2025-07-08")
    short = [series([4.0] * 21, s, first="2025-07-08") for s in ("^GSPC", "^TNX")]
    m = ask(enough, short[0], None, short[1])
    assert "lead" in m.figures
    assert "ten_year" not in m.figures


def test_a_stale_instrument_is_said() -> None:
    m = signals(series(FLAT), as_of=date(2025, 8, 7))
    assert "There is no price for 2025-08-07" in m.notes[0]
    sunday = signals(series(FLAT[:20] + FLAT[:4]), as_of=date(2025, 8, 10))
    assert "2025-08-10 is a Sunday" in sunday.notes[0]


def test_a_yield_has_no_lead() -> None:
    m = ask(series(FLAT, "^TNX"), series(FLAT, "^GSPC"))
    assert "lead" not in m.figures
    assert m.figures["close"].unit == m.figures["close_limit"].unit == "percent"
    nothing = ask(series([0.0] * 22, "^IRX")).figures  # no percent of it can be told
    assert (nothing["close_distance"].value, nothing["close_distance"].unit) == (0, "basis_points")
    assert "close_distance" not in ask(series([0.0] * 22, "CL=F")).figures


def test_the_catalog_finds_the_benchmark_and_the_gauges() -> None:
    held = [series(FLAT, s) for s in ("^RUT", "^GSPC", "^DJI")]
    gauges = [gauge("^VIX", first=15, last=25), gauge("^TNX", first=4, last=4.5)]
    tape = Tape(Toys(*held, *gauges), LAST)
    m = compute(tape, "signals", {"symbol": "^rut"})
    assert m.symbols == ("^RUT", "^GSPC", "^VIX", "^TNX")
    assert m.arguments == {"symbol": "^RUT", "benchmark": "^GSPC"}
    other = compute(tape, "signals", {"symbol": "^RUT", "benchmark": "^DJI"})
    assert other.symbols[1] == "^DJI"
    assert compute(Tape(Toys(held[0]), LAST), "signals", {"symbol": "^RUT"}).symbols == ("^RUT",)


def test_a_benchmark_that_was_asked_for_must_be_there() -> None:
    tape = Tape(Toys(series(FLAT), series(FLAT, "^GSPC")), LAST)
    with pytest.raises(UnknownSymbol, match="XYZ"):
        compute(tape, "signals", {"symbol": "^RUT", "benchmark": "XYZ"})

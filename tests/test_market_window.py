"""The published window, 2025-12-01 to 2026-01-23, on the real tape: figure by figure."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from conftest import SHARED, needs_real_tape
from market_toys import value, when

from qa.domain import Metric
from qa.errors import NotAvailable
from qa.market.catalog import compute
from qa.market.tape import Tape

pytestmark = needs_real_tape
INDICES = ["^RUT", "^DJI", "^GSPC", "^IXIC"]
BASES = {"prior_close": "from_prev_close", "close": "close_to_close", "open": "open_to_close"}
LEVELS = {"prior_close": "prev_close", "close": "close_start", "open": "open_start"}
POINT = 5e-3  # levels are published to two decimals
TENTHOUSANDTH = 5.1e-5  # percents to four


@cache
def published() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SHARED / "expected" / "window.json").read_text())
    return found


def perform(tape: Tape, symbol: str, basis: str = "prior_close", **more: str) -> Metric:
    window = {"start": "2025-12-01", "end": "2026-01-23"}
    return compute(tape, "performance", {"symbol": symbol, "basis": basis, **window, **more})


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("symbol", INDICES)
def test_the_return_on_each_basis(real_tape: Tape, symbol: str, basis: str) -> None:
    expected, m = published()[symbol[1:]], perform(real_tape, symbol, basis)
    percent = expected[f"{BASES[basis]}_pct"]
    assert value(m, "return") == pytest.approx(percent, abs=TENTHOUSANDTH)
    assert value(m, f"return_from_{basis}") == value(m, "return")
    assert value(m, "start_level") == pytest.approx(expected[LEVELS[basis]], abs=POINT)
    assert value(m, "end_level") == pytest.approx(expected["close_end"], abs=POINT)
    assert value(m, "points_from_open") == pytest.approx(expected["pts"], abs=2 * POINT)
    assert when(m, "start_date") == ("2025-11-28" if basis == "prior_close" else "2025-12-01")
    assert when(m, "end_date") == "2026-01-23"
    assert value(m, "sessions") == expected["n_days"]
    assert m.notes == ()


@pytest.mark.parametrize("symbol", INDICES)
def test_volatility_day_move_and_average(real_tape: Tape, symbol: str) -> None:
    expected, m = published()[symbol[1:]], perform(real_tape, symbol)
    approx = pytest.approx
    assert value(m, "volatility") == approx(expected["vol_sample_pct"], abs=TENTHOUSANDTH)
    assert value(m, "volatility_population") == approx(expected["vol_pop_pct"], abs=TENTHOUSANDTH)
    t = compute(real_tape, "technicals", {"symbol": symbol})
    assert value(t, "day_change") == approx(expected["day_pct"], abs=TENTHOUSANDTH)
    assert value(t, "average_20") == approx(expected["ma20"], abs=TENTHOUSANDTH)
    assert value(t, "close") == approx(expected["close_end"], abs=POINT)
    assert when(t, "session") == "2026-01-23"


def test_the_russells_52_weeks(real_tape: Tape) -> None:
    expected, m = published()["RUT"], compute(real_tape, "technicals", {"symbol": "^RUT"})
    assert value(m, "low_52w") == expected["low52"] == 1732.99
    assert when(m, "low_52w_date") == expected["low52_date"] == "2025-04-09"
    assert value(m, "high_52w") == expected["high52"] == 2735.1
    assert when(m, "high_52w_date") == expected["high52_date"] == "2026-01-22"
    assert value(m, "close_low_52w") == expected["close_low52"] == 1760.71
    assert when(m, "close_low_52w_date") == "2025-04-08"
    assert value(m, "close_high_52w") == expected["close_high52"] == 2718.77
    assert when(m, "close_high_52w_date") == "2026-01-22"
    # (2669.16 - 1732.99) / (2735.10 - 1732.99) = 936.17 / 1002.11
    assert value(m, "position_52w") == pytest.approx(93.4199, abs=TENTHOUSANDTH)


def test_the_target_of_2825(real_tape: Tape) -> None:
    m = compute(real_tape, "target", {"symbol": "^RUT", "target": 2825, "claimed": 14})
    assert value(m, "upside") == pytest.approx(5.8385, abs=TENTHOUSANDTH)
    assert value(m, "upside_from_year_end") == pytest.approx(13.8236, abs=TENTHOUSANDTH)
    assert (value(m, "year_end_level"), when(m, "year_end_date")) == (2481.91, "2025-12-31")
    assert (value(m, "fits_level"), when(m, "fits_date")) == (2481.91, "2025-12-31")
    assert value(m, "gap") == pytest.approx(14 - 5.8385, abs=TENTHOUSANDTH)


def test_the_sectors_of_the_last_day(real_tape: Tape) -> None:
    expected = published()["sector_day_2026-01-23"]
    m = compute(real_tape, "sectors", {"start": "2025-12-01"})
    assert value(m, "sectors") == 11
    moves = {symbol: value(m, f"{symbol}_day") for symbol in expected}
    assert moves == pytest.approx(expected, abs=5.1e-4)
    assert value(m, "dispersion_day") == pytest.approx(0.909 + 1.375, abs=1.1e-3)  # XLB less XLF
    assert value(m, "median_day") == pytest.approx(0.267, abs=5.1e-4)  # XLRE is sixth
    assert value(m, "up_day") == 7
    assert any("adjusted for dividends" in note for note in m.notes)


def test_the_lead_over_the_s_and_p(real_tape: Tape) -> None:
    m = perform(real_tape, "^RUT", "open", benchmark="^GSPC")
    assert value(m, "return_benchmark") == pytest.approx(1.5165, abs=TENTHOUSANDTH)
    assert value(m, "relative_return") == pytest.approx(7.5307 - 1.5165, abs=2 * TENTHOUSANDTH)
    assert value(m, "volatility_benchmark") == pytest.approx(0.6283, abs=TENTHOUSANDTH)


def test_sunday_is_measured_to_friday_and_said(real_tape: Tape) -> None:
    sunday = Tape(real_tape.source, date(2026, 1, 25))
    said = "2026-01-25 is a Sunday, not a session; ends with Friday 2026-01-23."
    m = compute(sunday, "performance", {"symbol": "^RUT", "start": "2025-12-01"})
    assert value(m, "return") == pytest.approx(6.748, abs=TENTHOUSANDTH)
    assert m.notes == (said,)
    t = compute(sunday, "technicals", {"symbol": "^RUT"})
    assert (value(t, "close"), when(t, "session")) == (2669.16, "2026-01-23")
    assert "2026-01-25 is a Sunday" in t.notes[0]


def test_the_dow_is_too_short_for_a_year(real_tape: Tape) -> None:
    m = compute(real_tape, "technicals", {"symbol": "^DJI"})
    assert not [n for n in m.figures if "52w" in n or n.endswith("_200")]
    assert "No 200-day average: ^DJI has 96 sessions of history." in m.notes
    assert "No 52-week range: ^DJI has prices from 2025-09-08 only." in m.notes
    assert {"average_20", "average_50"} <= set(m.figures)


def test_a_file_of_closes_on_the_real_tape(real_tape: Tape) -> None:
    m = compute(real_tape, "technicals", {"symbol": "XLB"})
    assert "close_low_52w" in m.figures
    assert "low_52w" not in m.figures
    assert any("range is of closes" in n for n in m.notes)
    with pytest.raises(NotAvailable, match="The opens of XLB"):
        perform(real_tape, "XLB", "open")


def test_the_ten_year_yield_on_the_real_tape(real_tape: Tape) -> None:
    m = compute(real_tape, "technicals", {"symbol": "^TNX"})
    assert m.figures["day_change"].unit == "basis_points"
    with pytest.raises(NotAvailable, match="is a yield"):
        perform(real_tape, "^TNX")


@pytest.mark.parametrize("year", range(1988, 2006))
def test_the_opens_of_the_real_russell_are_no_prices_before_2006(
    real_tape: Tape, year: int
) -> None:
    for month in (1, 4, 7, 10):
        window = {"start": f"{year}-{month:02}-10", "end": f"{year}-{month:02}-28"}
        assert "return_from_open" not in perform(real_tape, "^RUT", **window).figures
        with pytest.raises(NotAvailable, match="repeat the close before"):
            perform(real_tape, "^RUT", "open", **window)

"""`credit`: high-yield over investment-grade funds, worked by hand and from the real tape."""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import SHARED, needs_real_tape
from market_toys import series, value, when

from qa.domain import Metric
from qa.errors import BadDate, NotAvailable, NotEnoughHistory
from qa.market.credit import credit
from qa.market.prices import Prices
from qa.market.tape import Tape

AS_OF = date(2026, 1, 23)

# Monday 2025-07-07 to Friday the 11th; the window is Wednesday to Friday, from Tuesday's closes.
#       Mon  Tue  Wed  Thu  Fri
HIGH = [999, 80, 84, 84, 88]  # +10 %
GRADE = [999, 100, 100, 105, 104]  # +4 %; the ratio goes from 0.8 to 88/104
NOTES = [999, 50, 50, 50, 51]  # +2 %


def pair() -> tuple[Prices, Prices]:
    return series(HIGH, "HYG"), series(GRADE, "LQD")


def ask(*funds: Prices, start: str = "2025-07-09", end: str = "2025-07-11") -> Metric:
    return credit(*funds, start=date.fromisoformat(start), end=date.fromisoformat(end), as_of=AS_OF)


def without(prices: Prices, *days: str) -> Prices:
    frame = prices.frame.drop(index=pd.DatetimeIndex(days))
    return Prices(prices.symbol, frame, prices.source, prices.retrieved)


def test_the_ratio_and_the_returns() -> None:
    m = ask(*pair())
    assert value(m, "ratio") == pytest.approx(88 / 104)
    assert (m.figures["ratio"].unit, m.figures["ratio"].decimals) == ("ratio", 4)
    assert value(m, "ratio_change") == pytest.approx((88 / 104 / 0.8 - 1) * 100)  # +5.77 %
    assert value(m, "high_yield_return") == pytest.approx(10)
    assert value(m, "investment_grade_return") == pytest.approx(4)
    assert value(m, "relative_return") == pytest.approx(6)
    assert m.figures["relative_return"].unit == "percentage_points"
    assert when(m, "session") == "2025-07-11"
    assert "from the close of 2025-07-08" in m.definition


def test_it_is_named_a_proxy() -> None:
    m = ask(*pair())
    assert m.definition.startswith("Proxy for credit appetite")
    assert any("no credit spread" in note for note in m.notes)


def test_over_treasuries() -> None:
    m = ask(*pair(), series(NOTES, "IEF"))
    assert value(m, "treasuries_return") == pytest.approx(2)
    assert value(m, "over_treasuries") == pytest.approx(8)  # 10 less 2
    assert m.figures["over_treasuries"].unit == "percentage_points"
    assert m.arguments["treasuries"] == "IEF"


def test_treasuries_without_the_same_closes_are_left_out() -> None:
    m = ask(*pair(), without(series(NOTES, "IEF"), "2025-07-08"))
    assert "over_treasuries" not in m.figures
    assert "No over_treasuries: IEF has no price of 2025-07-08." in m.notes
    m = ask(*pair(), without(series(NOTES, "IEF"), "2025-07-10"))  # inside: not needed
    assert value(m, "over_treasuries") == pytest.approx(8)


def test_the_average_takes_the_last_fifty_ratios() -> None:
    high = series([999, *[80] * 49, 85], "HYG")
    grade = series([100] * 51, "LQD")
    m = ask(high, grade, end="2025-09-15")  # the 51st weekday; Labor Day counts as one here
    mean = (49 * 0.80 + 0.85) / 50  # 0.801
    assert value(m, "ratio_average_50") == pytest.approx(mean)
    assert value(m, "ratio_distance_50") == pytest.approx((0.85 / mean - 1) * 100)
    short = ask(series([80] * 49, "HYG"), series([100] * 49, "LQD"), end="2025-09-11")
    assert not {"ratio_average_50", "ratio_distance_50"} & set(short.figures)
    assert "No 50-day average: HYG/LQD has 49 sessions of history." in short.notes


def test_the_rank_counts_the_lower_ratios_of_the_year_before() -> None:
    #        out of it  same day a year before                        last
    days = ["2024-08-07", "2024-08-08", "2024-09-03", "2024-10-01", "2025-08-07", "2025-08-08"]
    high = series([10, 70, 80, 90, 80, 80], "HYG", days=days)
    grade = series([100] * 6, "LQD", days=days)
    m = ask(high, grade, start="2025-08-08", end="2025-08-08")
    assert value(m, "ratio_percentile_1y") == pytest.approx(25)  # 0.7 of 0.7, 0.8, 0.9, 0.8
    assert value(m, "sessions_1y") == 4
    young = ask(*(without(p, *days[:2]) for p in (high, grade)), start="2025-08-08", end=days[-1])
    assert "ratio_percentile_1y" not in young.figures
    assert "No rank in a year: HYG/LQD has prices from 2024-09-03 only." in young.notes
    gone = ask(*(without(p, *days[1:5]) for p in (high, grade)), start="2025-08-08", end=days[-1])
    assert any(note.startswith("No rank in a year: ") for note in gone.notes)


def test_only_sessions_that_both_have_are_used() -> None:
    high, grade = pair()
    m = ask(high, without(grade, "2025-07-11"))  # ends on Thursday: 84/105 = 0.8
    assert when(m, "session") == "2025-07-10"
    assert value(m, "ratio_change") == pytest.approx(0)
    assert "There is no price for 2025-07-11; this ends with Thursday 2025-07-10." in m.notes
    m = ask(high, without(grade, "2025-07-08"))  # from Monday: 999/999 = 1
    assert value(m, "ratio_change") == pytest.approx((88 / 104 - 1) * 100)
    assert any("no price for 2025-07-08" in note for note in m.notes)
    m = ask(without(high, "2025-07-10"), grade)
    assert value(m, "ratio_change") == pytest.approx((88 / 104 / 0.8 - 1) * 100)
    assert any(note.startswith("1 of the 3 sessions") for note in m.notes)


def test_a_window_that_starts_on_a_holiday_moves_to_the_next_session() -> None:
    days = ["2025-07-02", "2025-07-03", "2025-07-07"]
    m = ask(
        series([70, 80, 88], "HYG", days=days),
        series([100, 100, 100], "LQD", days=days),
        start="2025-07-04",
        end="2025-07-07",
    )
    assert value(m, "high_yield_return") == pytest.approx(10)
    assert m.window is not None
    assert str(m.window.start) == "2025-07-07"
    assert any("2025-07-04 is a market holiday" in note for note in m.notes)


def test_windows_outside_the_common_history_are_refused() -> None:
    with pytest.raises(NotEnoughHistory, match="share no session up to 2025-07-04"):
        ask(*pair(), start="2025-07-01", end="2025-07-04")
    with pytest.raises(NotEnoughHistory, match="no prior close"):
        ask(*pair(), start="2025-07-07")
    with pytest.raises(NotEnoughHistory, match="until 2025-07-11 only"):
        ask(*pair(), start="2025-07-14", end="2025-07-18")
    with pytest.raises(BadDate, match="swap the dates"):
        ask(*pair(), start="2025-07-11", end="2025-07-10")
    with pytest.raises(NotEnoughHistory, match="share no session"):
        ask(pair()[0], series(GRADE, "LQD", first="2025-07-14"))


def test_the_notes_say_what_the_closes_hold() -> None:
    assert "Price only, distributions left out: HYG, LQD." in ask(*pair()).notes
    mixed = ask(series(HIGH, "HYG", adjustment="unknown"), pair()[1]).notes
    assert "Price only, distributions left out: LQD." in mixed
    assert "Whether the closes are adjusted for distributions is not stated: HYG." in mixed
    assert any("two kinds" in note for note in mixed)


def test_rows_after_the_end_change_nothing() -> None:
    funds = [series([*closes, 1, 500], s) for closes, s in ((HIGH, "HYG"), (GRADE, "LQD"))]
    bonds = series([*NOTES, 7, 7], "IEF")
    assert ask(*funds, bonds) == ask(*pair(), series(NOTES, "IEF"))


@pytest.mark.parametrize("symbol", ["^TNX", "^FVX", "^GSPC", "^VIX"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_no_fund_is_refused(symbol: str, place: int) -> None:
    funds = [*pair(), series(NOTES, "IEF")]
    funds[place] = series(NOTES, symbol)
    with pytest.raises(NotAvailable, match="is no bond fund"):
        ask(*funds)


def test_a_fund_against_itself_is_refused() -> None:
    with pytest.raises(NotAvailable, match="different funds"):
        ask(pair()[0], pair()[0])


@needs_real_tape
def test_the_real_ratio(real_tape: Tape) -> None:
    m = credit(
        real_tape.history("HYG"),
        real_tape.history("LQD"),
        start=date(2025, 12, 1),
        end=AS_OF,
        as_of=AS_OF,
    )
    closes = []
    for symbol in ("HYG", "LQD"):
        with (SHARED / "market" / f"{symbol}.csv").open() as file:
            rows = [r for r in csv.DictReader(file) if r["Date"] <= "2026-01-23"]
        closes.append(np.array([float(r["Close"]) for r in rows]))
    days = [r["Date"] for r in rows]
    ratio, base = closes[0] / closes[1], days.index("2025-11-28")
    assert value(m, "ratio") == pytest.approx(79.1752 / 108.7916)
    assert value(m, "high_yield_return") == pytest.approx((79.1752 / 78.2919 - 1) * 100)
    assert value(m, "investment_grade_return") == pytest.approx((108.7916 / 108.9572 - 1) * 100)
    assert value(m, "ratio_change") == pytest.approx((ratio[-1] / ratio[base] - 1) * 100)
    assert value(m, "ratio_average_50") == pytest.approx(ratio[-50:].mean())
    year = ratio[days.index("2025-01-23") : -1]
    assert value(m, "ratio_percentile_1y") == pytest.approx((year < ratio[-1]).mean() * 100)
    assert value(m, "sessions_1y") == len(year)
    assert any("not stated: HYG, LQD" in note for note in m.notes)

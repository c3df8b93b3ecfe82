"""`breadth`: shares above averages and risers, worked by hand and from the real tape."""

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
from qa.market.breadth import breadth
from qa.market.instruments import SECTORS
from qa.market.prices import Prices
from qa.market.tape import Tape

AS_OF = date(2026, 1, 23)

# Five sessions, Monday 2025-07-07 to Friday; the window is Wednesday to Friday.
#        Mon  Tue  Wed  Thu  Fri
UP = [999, 100, 90, 90, 101]  # above Tuesday's 100
DOWN = [1, 100, 110, 110, 99]  # below
SAME = [1, 100, 110, 110, 100]  # neither: has not risen
START, END = "2025-07-09", "2025-07-11"


def ask(
    members: list[Prices],
    equal: Prices | None = None,
    cap: Prices | None = None,
    start: str = START,
    end: str = END,
) -> Metric:
    days = date.fromisoformat(start), date.fromisoformat(end)
    return breadth(members, equal, cap, start=days[0], end=days[1], as_of=AS_OF)


def three() -> list[Prices]:
    return [series(UP, "XLB"), series(DOWN, "XLE"), series(SAME, "XLF")]


def long(symbol: str, n: int, *tail: float) -> Prices:
    """`n` sessions up to 2025-08-29, at 100 until the tail."""
    days = pd.bdate_range(end="2025-08-29", periods=n)
    closes = [*[100.0] * (n - len(tail)), *tail]
    return series(closes, symbol, days=[str(d.date()) for d in days])


def without(prices: Prices, day: str) -> Prices:
    frame = prices.frame.drop(index=pd.DatetimeIndex([day]))
    return Prices(prices.symbol, frame, prices.source, prices.retrieved)


def august(*members: Prices) -> Metric:
    return ask(list(members), start="2025-08-01", end="2025-08-29")


def test_the_risers_from_the_prior_close() -> None:
    m = ask(three())
    assert (value(m, "rose"), value(m, "members_rose"), value(m, "members")) == (1, 3, 3)
    assert when(m, "session") == END
    assert m.figures["rose"].unit == "count"
    assert "before 2025-07-09" in m.definition


def test_the_share_above_the_fifty_day_average() -> None:
    # Fifty closes of which the last is 101: their mean is 100.02. At 100 throughout: equal to it.
    m = august(long("A", 50, 101), long("B", 50, 102), long("C", 50, 99), long("D", 50))
    assert value(m, "above_50") == pytest.approx(50)
    assert (value(m, "above_50_count"), value(m, "members_50")) == (2, 4)
    assert m.figures["above_50"].unit == "percent"
    assert not {"above_200", "members_200"} & set(m.figures)
    assert any(
        note.startswith("No share above the 200-day average: 0 of the 4") and "A, B, C, D" in note
        for note in m.notes
    )


def test_the_average_takes_fifty_closes_and_not_one_more() -> None:
    # 51 closes: the first of 1,000 would lift a mean of 51 to 117.6.
    far = series(
        [1000.0, *[100.0] * 49, 101.0],
        "A",
        days=[str(d.date()) for d in pd.bdate_range(end="2025-08-29", periods=51)],
    )
    m = august(far, long("B", 51), long("C", 51))
    assert value(m, "above_50_count") == 1


def test_those_too_short_for_the_long_average_are_named() -> None:
    m = august(
        long("A", 200, 101), long("B", 200, 99), long("C", 200, 98), long("D", 199, 101, 101)
    )
    assert value(m, "above_200") == pytest.approx(100 / 3)
    assert (value(m, "above_200_count"), value(m, "members_200")) == (1, 3)
    assert value(m, "members_50") == 4
    assert "Left out of the 200-day share, with a shorter history: D." in m.notes


def test_two_with_the_history_are_no_share() -> None:
    m = august(long("A", 50, 101), long("B", 50, 101), long("C", 49, 101))
    assert "above_50" not in m.figures
    assert any("2 of the 3 members have 50 sessions" in n and "are C" in n for n in m.notes)


def test_a_missing_day_inside_is_said() -> None:
    members = [long("A", 60, 101), long("B", 60, 101), without(long("C", 60, 101), "2025-08-12")]
    m = august(*members)
    assert value(m, "members_50") == 3
    assert any("50-day averages of these reach further back" in n and "C." in n for n in m.notes)
    m = august(members[0], *(without(p, "2025-08-12") for p in members[1:2]), members[2])
    assert any("further back" in n and "B, C." in n for n in m.notes)  # most of them, too
    assert not any("further back" in n for n in august(*members[:2], long("C", 60)).notes)


def test_a_member_without_the_last_session_is_left_out() -> None:
    m = ask([*three(), series(UP[:4], "XLK"), series(UP, "XLV", first="2025-07-14")])
    assert value(m, "members") == 3
    assert "Left out, for want of a last price of 2025-07-11: XLK, XLV." in m.notes
    with pytest.raises(NotEnoughHistory, match="Fewer than 3 of the 3 members"):
        ask([*three()[:2], series(UP[:4], "XLK")])


def test_a_member_without_the_prior_close_is_not_among_the_risers() -> None:
    late = series(UP[2:], "XLK", first=START)
    m = ask([*three(), late, without(series(UP, "XLV"), "2025-07-08")])
    assert (value(m, "members"), value(m, "members_rose"), value(m, "rose")) == (5, 3, 1)
    assert any(n.endswith("close before 2025-07-09: XLK, XLV.") for n in m.notes)
    m = ask([*three()[:2], late])
    assert "rose" not in m.figures
    assert any(n.startswith("No count of those that rose: 2 of the 3") for n in m.notes)


def test_equal_against_cap_weight() -> None:
    equal, cap = series([999, 50, 1, 1, 52], "RSP"), series([999, 200, 1, 1, 202], "SPY")
    m = ask(three(), equal, cap)
    assert value(m, "equal_return") == pytest.approx(4)  # 52/50
    assert value(m, "cap_return") == pytest.approx(1)  # 202/200
    assert value(m, "equal_less_cap") == pytest.approx(3)
    assert m.figures["equal_less_cap"].unit == "percentage_points"
    assert (m.arguments["equal"], m.arguments["cap"]) == ("RSP", "SPY")
    assert value(m, "members") == 3  # they are no members


@pytest.mark.parametrize("day", ["2025-07-08", "2025-07-11"])
def test_equal_and_cap_weight_need_the_same_closes(day: str) -> None:
    equal, cap = series([999, 50, 1, 1, 52], "RSP"), series([999, 200, 1, 1, 202], "SPY")
    pairs = [(without(equal, day), cap), (equal, without(cap, day))]
    if day == END:
        pairs.append((without(equal, day), without(cap, day)))  # alike, and not of the session
    for pair in pairs:
        m = ask(three(), *pair)
        assert not {"equal_less_cap", "equal_return"} & set(m.figures)
        assert any(note.startswith("No equal_less_cap: RSP and SPY") for note in m.notes)
    assert "No equal_less_cap: an equal-weight fund is not given." in ask(three(), None, cap).notes


def test_a_window_on_closed_days_moves() -> None:
    days = ["2025-07-02", "2025-07-03", "2025-07-07"]
    members = [series([1, 100, c], s, days=days) for s, c in (("A", 101), ("B", 99), ("C", 102))]
    m = ask(members, start="2025-07-04", end="2025-07-07")
    assert value(m, "rose") == 2
    assert m.window is not None
    assert str(m.window.start) == "2025-07-07"
    assert any("2025-07-04 is a market holiday" in note for note in m.notes)
    m = ask(three(), end="2025-07-13")
    assert when(m, "session") == END
    assert any("2025-07-13 is a Sunday" in note for note in m.notes)


def test_windows_outside_the_data_are_refused() -> None:
    with pytest.raises(NotEnoughHistory, match="up to 2025-07-04"):
        ask(three(), start="2025-07-01", end="2025-07-04")
    with pytest.raises(NotEnoughHistory, match="until 2025-07-11 only"):
        ask(three(), start="2025-07-14", end="2025-07-18")
    with pytest.raises(BadDate, match="no session"):
        ask(three(), start="2025-07-12", end="2025-07-13")
    with pytest.raises(BadDate, match="swap the dates"):
        ask(three(), start="2025-07-11", end="2025-07-10")


def test_fewer_than_three_are_refused() -> None:
    with pytest.raises(NotAvailable, match="Breadth of 2"):
        ask(three()[:2])
    with pytest.raises(NotAvailable, match="Breadth of 2"):
        ask([*three()[:2], series(UP, "XLB")])  # the same twice is one


@pytest.mark.parametrize("symbol", ["^TNX", "^FVX", "^TYX", "^VIX"])
def test_what_is_no_price_is_refused(symbol: str) -> None:
    with pytest.raises(NotAvailable, match="is no price"):
        ask([*three(), series(UP, symbol)])
    with pytest.raises(NotAvailable, match="is no price"):
        ask(three(), series(UP, symbol), series(UP, "SPY"))


def test_rows_after_the_end_change_nothing() -> None:
    later = [series([*c, 1, 500], s) for c, s in ((UP, "XLB"), (DOWN, "XLE"), (SAME, "XLF"))]
    equal, cap = series(UP, "RSP"), series(DOWN, "SPY")
    longer = ask(later, series([*UP, 3], "RSP"), series([*DOWN, 3, 4], "SPY"))
    assert longer == ask(three(), equal, cap)


def test_the_table_has_the_farthest_above_first() -> None:
    m = august(long("C", 50), long("A", 50, 99), long("B", 50, 102), long("D", 49))
    assert m.table is not None
    assert [row[0] for row in m.table.rows] == ["B", "C", "A", "D"]
    assert m.table.rows[0][1:3] == (round((102 / 100.04 - 1) * 100, 4), None)


@needs_real_tape
def test_the_real_sectors(real_tape: Tape) -> None:
    m = breadth(
        [real_tape.history(s) for s in SECTORS], start=date(2025, 12, 1), end=AS_OF, as_of=AS_OF
    )
    above: dict[int, list[bool]] = {50: [], 200: []}
    rose = 0
    for symbol in SECTORS:
        with (SHARED / "market" / f"{symbol}.csv").open() as file:
            rows = [r for r in csv.DictReader(file) if r["Date"] <= "2026-01-23"]
        closes = np.array([float(r["Close"]) for r in rows])
        rose += closes[-1] > closes[[r["Date"] for r in rows].index("2025-11-28")]
        for n, found in above.items():
            if len(closes) >= n:
                found.append(bool(closes[-1] > closes[-n:].mean()))
    assert (value(m, "members_50"), value(m, "members_200")) == (11, 4)
    for n, found in above.items():
        assert value(m, f"above_{n}_count") == sum(found)
        assert value(m, f"above_{n}") == pytest.approx(np.mean(found) * 100)
    assert value(m, "rose") == rose
    assert any("shorter history: XLE, XLF, XLI, XLK, XLP, XLV, XLY." in n for n in m.notes)

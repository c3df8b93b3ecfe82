"""`base_rates`: episodes worked by hand, and walked day by day on the real tape."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from statistics import fmean, median, quantiles
from typing import Any

import pandas as pd
import pytest
from conftest import needs_real_tape
from market_toys import Toys, series, value

from qa.domain import Metric
from qa.errors import BadDate, NotAvailable, NotEnoughHistory, UsageError
from qa.market.baserates import base_rates
from qa.market.catalog import compute
from qa.market.prices import Prices
from qa.market.tape import Tape

AS_OF = date(2026, 1, 23)
HORIZONS = (21, 63, 126, 252)

# 250 sessions at 100, but for five times ten sessions at 110; from row 170 on at 110, from row 234
# on at 121, and on the last at 131.89, nine percent up.
JUMPS = (20, 50, 80, 110, 140)


def jumpy() -> list[Prices]:
    own = [100.0] * 170 + [110.0] * 64 + [121.0] * 15 + [131.89]
    for row in JUMPS:
        own[row : row + 10] = [110.0] * 10
    return [series(own), series([50.0] * 250, symbol="^GSPC")]


def asked(pair: Sequence[Prices], **arguments: Any) -> Metric:
    return base_rates(*pair, as_of=pair[0].last, **arguments)


def test_what_followed_worked_by_hand() -> None:
    m = asked(jumpy(), window=1)
    assert value(m, "now_move") == value(m, "threshold_move") == pytest.approx(9)
    assert value(m, "now_lead") == value(m, "threshold_lead") == pytest.approx(9)
    # The seventh, on row 234, has only fifteen sessions after it.
    assert (value(m, "n"), value(m, "n_21")) == (7, 6)
    # 21 sessions on, the five were back at 100, the sixth where it was.
    assert value(m, "median_21") == pytest.approx(-100 / 11)
    assert value(m, "mean_21") == pytest.approx(-500 / 66)
    assert value(m, "share_up_21") == 0
    assert value(m, "upper_quartile_21") == pytest.approx(-100 / 11)
    # From 228 sessions, rows 1 to 228, 21 more are seen. Rows 1 to 8, nine before each of the four
    # next jumps, rows 150 to 169 and 213 to 227 see a rise of ten percent, row 228 one from 110 to
    # 131.89; nine from each of the five jumps on see the fall.
    base = (79 * 10 + 19.9 - 45 * 100 / 11) / 228
    assert value(m, "base_share_up_21") == pytest.approx(80 / 228 * 100)
    assert value(m, "base_median_21") == 0
    assert value(m, "base_mean_21") == pytest.approx(base)
    # The benchmark stands still.
    assert value(m, "relative_median_21") == pytest.approx(-100 / 11)
    assert value(m, "relative_base_mean_21") == pytest.approx(base)


def test_units() -> None:
    pair = [series([*p.frame["close"], *p.frame["close"]], p.symbol) for p in jumpy()]
    figures = asked(pair, window=1).figures
    units = {
        "median_21": "percent",
        "share_up_21": "percent",
        "relative_median_21": "percentage_points",
        "relative_base_mean_21": "percentage_points",
        "relative_share_ahead_21": "percent",
        "relative_base_share_ahead_21": "percent",
        "diff_low_21": "percentage_points",
        "relative_diff_21": "percentage_points",
        "p_21": "ratio",
        "n_21": "count",
        "sessions": "sessions",
    }
    assert {name: figures[name].unit for name in units} == units


def test_the_table_holds_the_episodes() -> None:
    pair = jumpy()
    m = asked(pair, window=1)
    assert m.table is not None
    rows = [dict(zip(m.table.columns, row, strict=True)) for row in m.table.rows]
    days = pair[0].frame.index
    assert [row["date"] for row in rows] == [days[r].date() for r in (*JUMPS, 170, 234)]
    assert rows[0]["move"] == rows[0]["lead"] == 10
    assert (rows[0]["after_21"], rows[5]["after_21"], rows[6]["after_21"]) == (-9.0909, 0, None)
    # 63 sessions after row 20 the third time at 110 had begun, and the fifth 126 after it.
    assert (rows[0]["after_63"], rows[0]["relative_126"], rows[0]["after_252"]) == (0, 0, None)


def test_episodes_do_not_overlap_and_the_first_day_is_taken() -> None:
    # Up a fifth on row 50 and down again on row 62, looked at over five sessions: rows 50 to 54
    # qualify, of which the first counts. A climb of 15 sessions from row 100 on counts where it has
    # made ten percent in five, and then every five sessions.
    own = [100.0] * 50 + [120.0] * 12 + [100.0] * 38
    own += [100.0 * 1.02**k for k in range(1, 16)]
    own += [own[-1]] * (249 - len(own)) + [own[-1] * 1.1]
    pair = [series(own)]
    m = asked(pair, window=5, move=10.0)
    assert m.table is not None
    days = [str(row[0]) for row in m.table.rows]
    # 1.02 to the fifth is 1.104: row 104, the fifth of the climb, is the first; then 109 and 114.
    rows = (50, 104, 109, 114)
    assert days == [str(pair[0].frame.index[row].date()) for row in rows]


def test_the_present_move_is_not_among_them() -> None:
    # Of the moves of 30 sessions that end on row 220 or later, the present one holds a session.
    pair = jumpy()
    days = pair[0].frame.index
    m = asked(pair, window=30, move=9.0, lead=9.0)
    assert m.table is not None
    assert max(str(row[0]) for row in m.table.rows) < str(days[220].date())
    # Forty sessions on, that of row 234 is one of the past.
    longer = [series([*pair[0].frame["close"], *[131.89] * 40])]
    later = asked(longer, window=30, move=9.0)
    assert later.table is not None
    assert later.table.rows[-1][0] == days[234].date()


def test_a_start_says_how_long_the_move_is() -> None:
    pair = jumpy()
    started = asked(pair, start=pair[0].frame.index[220].date())
    assert value(started, "sessions") == 30
    assert started.figures == asked(pair, window=30).figures


def test_a_fall_is_looked_for_below() -> None:
    own = [200.0 - close for close in jumpy()[0].frame["close"]]
    own[-1] = own[-2] * 0.92
    pair = [series(own), series([50.0] * 250, symbol="^GSPC")]
    m = asked(pair, window=1)
    assert value(m, "threshold_move") == pytest.approx(-8)
    assert value(m, "threshold_lead") == pytest.approx(-8)
    assert "at least 8.00% below" in m.definition
    assert "at least 8.00 percentage points below" in m.definition
    assert value(m, "n_21") == 6
    assert value(m, "median_21") == pytest.approx(100 / 9)  # from 90 back to 100


def test_thresholds_in_place_of_the_present_ones() -> None:
    m = asked(jumpy(), window=1, move=9.5, lead=0.0)
    assert value(m, "threshold_move") == 9.5
    assert value(m, "now_move") == pytest.approx(9)
    assert value(m, "n") == 7
    assert value(asked(jumpy(), window=1, lead=10.5), "n") == 0
    assert m.arguments["move"] == 9.5


def test_the_sensitivity_is_that_of_other_thresholds() -> None:
    pair = [series([*jumpy()[0].frame["close"][:-1], 125.0]), jumpy()[1]]  # 3.3 % at the end
    m = asked(pair, window=1)
    assert [value(m, f"at_{share}_n") for share in (50, 75, 125)] == [7, 7, 7]
    m = asked(jumpy(), window=1)  # nine percent and more, but not 11.25
    assert [value(m, f"at_{share}_n") for share in (50, 75, 125)] == [7, 7, 0]


def test_too_few_episodes_are_refused_in_words() -> None:
    own = [100.0] * 30 + [110.0] * 40 + [121.0] * 179 + [133.1]
    m = asked([series(own)], window=1, move=9)
    assert value(m, "n") == value(m, "n_21") == 2
    assert "median_21" not in m.figures
    assert value(m, "base_share_up_21") > 0
    said = " ".join(m.notes)
    assert "over 21 sessions: 2 earlier episodes are too few, it takes 5" in said
    assert "Nothing over 63 sessions: 186 sessions have as many after them" in said
    assert (value(m, "looks"), value(m, "distinguishable")) == (0, 0)


def test_few_episodes_are_said_to_be_few() -> None:
    assert "Few: 7 episodes in all." in asked(jumpy(), window=1).notes


def test_no_interval_from_less_than_twenty_blocks() -> None:
    m = asked(jumpy(), window=1)
    assert value(m, "n_21") == 6
    assert "diff_low_21" not in m.figures
    assert "No interval over 21 sessions: the history holds 10 blocks of 21" in " ".join(m.notes)
    longer = [series([*p.frame["close"], *[p.frame["close"].iloc[-1]] * 192]) for p in jumpy()[:1]]
    # 442 sessions: 420 from the second on have 21 after them, which is twenty blocks.
    assert "diff_low_21" in asked(longer, window=1, move=9.0).figures
    shorter = [longer[0].until(longer[0].frame.index[-2].date())]
    assert "diff_low_21" not in asked(shorter, window=1, move=9.0).figures


def test_a_streak_is_counted_once_on_the_day_it_is_reached() -> None:
    # Ahead on rows 10-13, 30-32, 60-65 and, as the present one, on the last three.
    daily = [0.0] * 250
    for first, last in ((10, 13), (30, 32), (60, 65), (247, 249)):
        daily[first : last + 1] = [1.0] * (last + 1 - first)
    own = [100.0 + sum(daily[: row + 1]) for row in range(250)]
    pair = [series(own), series([50.0] * 250, symbol="^GSPC")]
    m = asked(pair, kind="streak", window=5)
    assert value(m, "now_streak") == value(m, "threshold_streak") == 3
    assert m.table is not None
    found = [row[0] for row in m.table.rows]
    assert found == [pair[0].frame.index[row].date() for row in (12, 32, 62)]
    assert value(m, "at_125_n") == 2  # four in a row: rows 13 and 63
    four = asked(pair, kind="streak", window=5, streak=4)
    assert [row[0] for row in four.table.rows] == [  # type: ignore[union-attr]
        pair[0].frame.index[row].date() for row in (13, 63)
    ]
    assert asked(pair[:1], kind="streak", window=5).table.rows[0][0] == found[0]  # type: ignore[union-attr]


def test_no_streak_at_present() -> None:
    pair = [series([100.0] * 250), series([50.0] * 250, symbol="^GSPC")]
    with pytest.raises(NotAvailable, match="there is no streak to look for"):
        asked(pair, kind="streak")


def test_a_52_week_high() -> None:
    # Level for 300 sessions, then higher by one on rows 300, 310 and 340, and a fall to 90 at 345.
    own = [100.0] * 300 + [101.0] * 10 + [102.0] * 30 + [103.0] * 5 + [90.0] * 100
    m = asked([series(own)], kind="high")
    assert m.table is not None
    days = series(own).frame.index
    assert [row[0] for row in m.table.rows] == [days[row].date() for row in (300, 340)]
    assert any("There is no present one" in note for note in m.notes)
    now = asked([series([*own, 104.0])], kind="high")
    assert not any("There is no present one" in note for note in now.notes)


def test_a_cross() -> None:
    # The 50-day average comes to stand over the 200-day one with the first higher close, on rows
    # 550 and 1150, and under it with the first lower one, on rows 250 (from no side, as both
    # averages were level: no cross) and 850. The last of its kind is the present one.
    own = [110.0] * 250 + [100.0] * 300 + [110.0] * 300 + [100.0] * 300 + [110.0] * 100
    past = series(own, first="2020-01-06")
    m = asked([past], kind="cross")
    assert m.table is not None
    assert [row[0] for row in m.table.rows] == [past.frame.index[550].date()]
    assert "came to stand over" in m.definition
    down = asked([series(own[:1000], first="2020-01-06")], kind="cross")
    assert down.table is not None
    assert down.table.rows == ()
    assert "came to stand under" in down.definition
    with pytest.raises(NotAvailable, match="never crossed"):
        asked([series([100.0] * 300)], kind="cross")


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"start": date(2025, 8, 1), "end": date(2025, 7, 25)}, BadDate, "swap the dates"),
        ({"start": date(2025, 7, 1)}, NotEnoughHistory, "has prices from 2025-07-07 only"),
        ({"window": 252}, NotEnoughHistory, "takes 253, so ask for a shorter window"),
        ({"window": 240}, NotEnoughHistory, "base rates take 366"),
    ],
)
def test_windows_that_can_not_be_used(
    arguments: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        asked(jumpy(), **arguments)


def test_a_yield_has_no_base_rates() -> None:
    with pytest.raises(NotAvailable, match="is a yield"):
        asked([series([4.0] * 250, symbol="^TNX")])


def test_two_histories_without_a_session_in_common() -> None:
    pair = [series([100.0] * 30), series([100.0] * 30, symbol="^GSPC", first="2026-03-02")]
    with pytest.raises(NotEnoughHistory, match="no session in common"):
        asked(pair)


def test_a_sunday_is_the_friday_before() -> None:
    pair = jumpy()
    friday = date(2026, 1, 23)
    sunday = asked(pair, window=1, end=date(2026, 1, 25), move=9)
    assert any("2026-01-25 is a Sunday" in note for note in sunday.notes)
    assert sunday.figures == asked(pair, window=1, end=friday, move=9).figures


def test_the_usual_benchmark_is_taken_where_none_is_named() -> None:
    tape = Tape(Toys(*jumpy()), jumpy()[0].last)
    named = compute(tape, "base_rates", {"symbol": "^RUT", "benchmark": "^GSPC", "window": 1})
    assert compute(tape, "base_rates", {"symbol": "^RUT", "window": 1}) == named
    assert compute(tape, "base_rates", {"symbol": "^RUT", "benchmark": "^RUT", "window": 1}) == (
        named
    )
    alone = compute(tape, "base_rates", {"symbol": "^GSPC", "window": 1, "move": 1.0})
    assert not [name for name in alone.figures if name.startswith("relative")]


@pytest.mark.parametrize(
    "more", [{"kind": "dip"}, {"window": 0}, {"streak": 1}, {"move": math.nan}, {"season": "may"}]
)
def test_arguments_that_can_not_be_used(more: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="can't be used"):
        compute(Tape(Toys(*jumpy()), AS_OF), "base_rates", {"symbol": "^RUT"} | more)


# On the real tape, day by day and with no library.

Closes = list[float]


def closes(tape: Tape, symbol: str) -> dict[date, float]:
    return {d.date(): c for d, c in tape.history(symbol).frame["close"].items()}  # type: ignore[attr-defined]


def moves(own: Closes, other: Closes, row: int, n: int) -> tuple[float, float]:
    """The return over the last n sessions, and its lead."""
    mine, theirs = (c[row] / c[row - n] * 100 - 100 for c in (own, other))
    return mine, mine - theirs


def is_move(own: Closes, other: Closes) -> Iterator[int]:
    mine, lead = moves(own, other, len(own) - 1, 37)
    for row in range(37, len(own)):
        now = moves(own, other, row, 37)
        if now[0] >= mine and now[1] >= lead:
            yield row


def is_streak(own: Closes, other: Closes) -> Iterator[int]:
    run = 0
    for row in range(1, len(own)):
        run = run + 1 if moves(own, other, row, 1)[1] > 0 else 0
        if run == 6:
            yield row


def is_high(own: Closes, other: Closes) -> Iterator[int]:
    return (row for row in range(252, len(own)) if own[row] > max(own[row - 252 : row]))


def is_cross(own: Closes, other: Closes) -> Iterator[int]:
    def over(row: int) -> bool:
        return fmean(own[row - 49 : row + 1]) > fmean(own[row - 199 : row + 1])

    sides = [over(row) for row in range(199, len(own))]
    turns = [row for row, (was, now) in enumerate(pairwise(sides), 200) if now and not was]
    return iter(turns[:-1])  # the last is the present one


@needs_real_tape
@pytest.mark.parametrize(
    ("kind", "arguments", "n", "holds"),
    [
        ("move", {"start": date(2025, 12, 1)}, 37, is_move),
        ("streak", {"streak": 6}, 21, is_streak),
        ("high", {}, 21, is_high),
        ("cross", {}, 21, is_cross),
    ],
)
def test_walked_day_by_day(
    real_tape: Tape,
    kind: Any,
    arguments: dict[str, Any],
    n: int,
    holds: Callable[[Closes, Closes], Iterator[int]],
) -> None:
    rut, spx = closes(real_tape, "^RUT"), closes(real_tape, "^GSPC")
    days = [day for day in rut if day in spx]
    own, other = [rut[d] for d in days], [spx[d] for d in days]
    first = {"move": 37, "streak": 21, "high": 252, "cross": 200}[kind]
    taken: list[int] = []
    for row in holds(own, other):
        if first <= row < len(own) - n and (not taken or row - taken[-1] >= n):
            taken.append(row)
    pair = (real_tape.history("^RUT"), real_tape.history("^GSPC"))
    m = base_rates(*pair, as_of=AS_OF, kind=kind, **arguments)
    assert m.table is not None
    assert [row[0] for row in m.table.rows] == [days[row] for row in taken]
    for h in HORIZONS:
        after = {r: moves(own, other, r + h, h) for r in range(first, len(own) - h)}
        mine = [after[r][0] for r in taken if r in after]
        lead = [after[r][1] for r in taken if r in after]
        expected = {
            f"n_{h}": len(mine),
            f"median_{h}": median(mine),
            f"mean_{h}": fmean(mine),
            f"share_up_{h}": sum(x > 0 for x in mine) / len(mine) * 100,
            f"lower_quartile_{h}": quantiles(mine, method="inclusive")[0],
            f"upper_quartile_{h}": quantiles(mine, method="inclusive")[2],
            f"base_median_{h}": median(v[0] for v in after.values()),
            f"base_mean_{h}": fmean(v[0] for v in after.values()),
            f"base_share_up_{h}": sum(v[0] > 0 for v in after.values()) / len(after) * 100,
            f"relative_median_{h}": median(lead),
            f"relative_share_ahead_{h}": sum(x > 0 for x in lead) / len(lead) * 100,
            f"relative_base_median_{h}": median(v[1] for v in after.values()),
            f"relative_base_mean_{h}": fmean(v[1] for v in after.values()),
            f"relative_diff_{h}": fmean(lead) - fmean(v[1] for v in after.values()),
        }
        found = {name: value(m, name) for name in expected}
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@needs_real_tape
def test_the_rally_to_january_2026(real_tape: Tape) -> None:
    """Its return and lead as published; no edge either way, as the notes say."""
    arguments = {"symbol": "^RUT", "benchmark": "^GSPC", "start": "2025-12-01"}
    m = compute(real_tape, "base_rates", arguments)
    assert value(m, "now_move") == pytest.approx(6.748, abs=5e-4)
    assert value(m, "now_lead") == pytest.approx(5.777, abs=5e-4)
    assert value(m, "sessions") == 37
    assert (value(m, "looks"), value(m, "distinguishable")) == (8, 0)
    for prefix in ("", "relative_"):
        assert value(m, f"{prefix}diff_low_63") < 0 < value(m, f"{prefix}diff_high_63")
    assert "not distinguishable from none" in m.notes[0]
    assert "None of the 8 differences" in m.notes[2]


@needs_real_tape
@pytest.mark.parametrize("as_of", ["1999-12-31", "2009-03-09", "2021-03-15", "2025-12-31"])
@pytest.mark.parametrize("kind", ["move", "high"])
def test_nothing_after_the_as_of_date_is_used(real_tape: Tape, as_of: str, kind: str) -> None:
    day = date.fromisoformat(as_of)
    changed = []
    for symbol in ("^RUT", "^GSPC"):
        whole = real_tape.source.history(symbol)
        frame = whole.frame.copy()
        later = frame.index > pd.Timestamp(day)
        frame.loc[later, :] = frame.loc[later, :].to_numpy()[::-1] * 3
        changed.append(Prices(symbol, frame, whole.source, whole.retrieved, whole.adjustment))
    asked_for = {"symbol": "^RUT", "kind": kind}
    clean = compute(Tape(real_tape.source, day), "base_rates", asked_for)
    dirty = compute(Tape(Toys(*changed), day), "base_rates", asked_for)
    assert dirty.model_dump_json() == clean.model_dump_json()
    # And an earlier end uses nothing after it either.
    ended = compute(Tape(real_tape.source, AS_OF), "base_rates", asked_for | {"end": as_of})
    assert ended.figures == clean.figures
    assert ended.table == clean.table

"""Rules in words, and when they last triggered: by hand, by a plain loop, and by plain pandas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_toys import Toys, series, value, when
from pydantic import TypeAdapter

from qa.checking.subjects import owner
from qa.domain import Metric
from qa.errors import BadRule, NotAvailable, TapecheckError
from qa.market.catalog import compute
from qa.market.rule_words import read_rule
from qa.market.rules import (
    FORMS,
    AverageRule,
    CloseRule,
    DrawdownRule,
    LeadRule,
    LevelRule,
    MoveRule,
    RsiRule,
    Rule,
)
from qa.market.signals import signals
from qa.market.tape import Tape

TWENTY = {"sessions": 20, "side": "below"}
BP = {"amount": 25, "unit": "basis_points", "sessions": 21}


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("close below the 20-day average", CloseRule(**TWENTY)),
        ("Close  above its 200-day moving average.", CloseRule(sessions=200, side="above")),
        ("HYG/LQD below its 50-day average", CloseRule(of="HYG/LQD", sessions=50, side="below")),
        ("IWM's close below its 20-day average", CloseRule(of="IWM", **TWENTY)),
        (
            "50-day average below the 200-day average",
            AverageRule(sessions=50, side="below", against=200),
        ),
        (
            "the Russell 2000 50-day average above its 200-day average",
            AverageRule(of="^RUT", sessions=50, side="above", against=200),
        ),
        ("small minus large over 20 sessions below zero", LeadRule(**TWENTY)),
        ("symbol minus benchmark over 20 sessions below 0", LeadRule(**TWENTY)),
        (
            "small caps minus S&P 500 over 20 sessions below −2.5 pp",
            LeadRule(of="^RUT", against="^GSPC", limit=-2.5, **TWENTY),
        ),
        ("VIX above 20", LevelRule(of="^VIX", side="above", limit=20)),
        ("close below 2,500", LevelRule(side="below", limit=2500)),
        ("10-year above 4.5%", LevelRule(of="^TNX", side="above", limit=4.5)),
        ("NVDA above 1000.25", LevelRule(of="NVDA", side="above", limit=1000.25)),
        ("10-year up 25 bp in a month", MoveRule(of="^TNX", way="up", **BP)),
        (
            "10-year Treasury yield up 25 basis points over 21 sessions",
            MoveRule(of="^TNX", way="up", **BP),
        ),
        (
            "close down 5% in 10 sessions",
            MoveRule(way="down", amount=5, unit="percent", sessions=10),
        ),
        (
            "VIX up 5 points or more in a week",
            MoveRule(of="^VIX", way="up", amount=5, unit="points", sessions=5),
        ),
        ("^RUT drawdown above 10%", DrawdownRule(of="^RUT", side="above", limit=10)),
        ("RSI above 70", RsiRule(side="above", limit=70)),
        ("SPY 14-day RSI below 30", RsiRule(of="SPY", side="below", limit=30)),
    ],
)  # fmt: skip
def test_a_rule_in_words(words: str, rule: Rule) -> None:
    assert read_rule(words) == rule
    assert TypeAdapter(Rule).validate_json(rule.model_dump_json()) == rule


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "can't be read; it can be: close below the 20-day average; 50-day"),
        ("sell everything", "can't be read; it can be"),
        ("close below the 20-day average or so", "can't be read; it can be"),
        ("close below the 20 day average", "can't be read; it can be"),
        ("close near the 20-day average", "can't be read; it can be"),
        ("VIX above nan", "can't be read; it can be"),
        ("VIX above 1e3", "can't be read; it can be"),
        ("VIX above 20 and below 30", "can't be read; it can be"),
        ("close up 5% in 10 days", "can't be read; it can be"),
        ("SYMBOL minus BENCHMARK over 20 sessions below 2%", "can't be read; it can be"),
        ("x" * 5000, "can't be read; it can be"),
        ("nvda above 100", "'nvda' is no instrument known by name; give its symbol in capitals"),
        ("MACD above 0", "'MACD' is no instrument"),
        ("20 above 30", "'20' is no instrument"),
        ("\x1b[31mVIX above 20", r"'\\x1b\[31mVIX' is no instrument"),
        ("close below the 1-day average", "sessions: .* greater than or equal to 2"),
        ("close below the 5000-day average", "sessions: .* less than or equal to 1000"),
        ("50-day average above the 50-day average", "neither above nor below itself"),
        ("IWM minus IWM over 20 sessions below zero", "no lead over itself"),
        ("IWM minus 10-year over 20 sessions below zero", "a yield has no return"),
        ("10-year drawdown above 5%", "a yield has no drawdown"),
        ("10-year up 5% in a month", "a yield moves in basis points"),
        ("VIX up 5 bp in a month", "a yield moves in basis points, and nothing else"),
        ("HYG/LQD up 5 points in a month", "a ratio moves in percent"),
        ("10-year/5-year above 1", "a ratio is of prices"),
        ("HYG/HYG above 1", "a ratio is of two instruments"),
        ("VIX above 20%", "only the level of a yield is in percent"),
        ("close up 0% in a week", "amount: .* greater than"),
        ("drawdown above 100%", "limit: .* less than 100"),
        ("RSI above 101", "limit: .* less than or equal to 100"),
    ],
)
def test_what_can_not_be_read_is_refused(words: str, said: str) -> None:
    with pytest.raises(BadRule, match=said) as refused:
        read_rule(words)
    assert len(str(refused.value)) < 600


def test_the_forms_that_a_refusal_shows_are_read() -> None:
    assert {read_rule(form).kind for form in FORMS} == {
        "close", "average", "level", "lead", "move", "drawdown", "rsi"
    }  # fmt: skip


SYMBOLS = ["^RUT", "^GSPC", "^VIX", "^TNX", "IWM", "BRK.B", "600519.SS", "HYG/LQD", "^RUT/SPY"]
SIDES = st.sampled_from(["above", "below"])
NUMBERS = st.decimals(-9_999_999, 9_999_999, places=6).map(float)
DAYS = st.integers(2, 1000)
OF = st.none() | st.sampled_from(SYMBOLS)
FIELDS: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {
    CloseRule: {"of": OF, "side": SIDES, "sessions": DAYS},
    AverageRule: {"of": OF, "side": SIDES, "sessions": DAYS, "against": DAYS},
    LevelRule: {"of": OF, "side": SIDES, "limit": NUMBERS},
    LeadRule: {"of": OF, "against": OF, "sessions": DAYS, "side": SIDES, "limit": NUMBERS},
    MoveRule: {
        "of": OF,
        "way": st.sampled_from(["up", "down"]),
        "amount": st.decimals("0.000001", 9_999_999, places=6).map(float),
        "unit": st.sampled_from(["basis_points", "percent", "points"]),
        "sessions": DAYS,
    },
    DrawdownRule: {"of": OF, "side": SIDES, "limit": st.decimals(0, 99, places=6).map(float)},
    RsiRule: {"of": OF, "side": SIDES, "limit": st.decimals(0, 100, places=6).map(float)},
}


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind = draw(st.sampled_from(list(FIELDS)))
    fields = draw(st.fixed_dictionaries(FIELDS[kind]))
    try:
        return kind(**fields)  # type: ignore[no-any-return]
    except ValueError:  # a yield's drawdown and such
        return CloseRule(sessions=20, side="below")


@settings(max_examples=300, deadline=None)
@given(rules())
def test_the_words_of_a_rule_are_read_as_that_rule(rule: Rule) -> None:
    assert read_rule(rule.words) == rule


@settings(max_examples=200, deadline=None)
@given(st.text() | st.text("acdeilmnorsty0123456789%^/.- ", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(BadRule):
        assert read_rule(read_rule(text).words)


# -- how they stand ----------------------------------------------------------------------------

LAST = date(2025, 7, 18)  # the tenth weekday from 2025-07-07


def told(closes: Sequence[float], *words: str, **others: Sequence[float]) -> Metric:
    held = [series(c, {"VIX": "^VIX"}.get(s, s)) for s, c in others.items()]
    asked = [read_rule(w) for w in words]
    return signals(series(closes), others=held, rules=asked, as_of=LAST)


def state(m: Metric, name: str) -> tuple[str, str, str | None, str]:
    """Triggered, since, last triggered and history start."""
    assert m.table is not None
    row = dict(zip(m.table.columns, next(r for r in m.table.rows if r[0] == name), strict=True))
    last = row["last_triggered"]
    return str(row["triggered"]), str(row["since"]), last and str(last), str(row["history_start"])


@pytest.mark.parametrize(
    ("closes", "expected"),
    [
        # above 10 on the 8th, the 10th and 11th, and again from the 17th on
        ([9, 11, 9, 12, 13, 9, 9, 9, 11, 12], ("yes", "2025-07-17", "2025-07-17", "2025-07-07")),
        ([9, 11, 9, 12, 13, 9, 9, 9, 11, 9], ("no", "2025-07-18", "2025-07-17", "2025-07-07")),
        ([9] * 10, ("no", "2025-07-07", None, "2025-07-07")),
        # it held when the history began: when it began to is not known
        ([11] * 10, ("yes", "2025-07-07", None, "2025-07-07")),
        ([11] * 9 + [10], ("no", "2025-07-18", None, "2025-07-07")),
    ],
)
def test_since_when_and_when_last(closes: list[float], expected: tuple[str, ...]) -> None:
    m = told(closes, "close above 10")
    assert state(m, "level_above_10") == expected
    assert when(m, "level_above_10_since") == expected[1]
    assert ("level_above_10_last_triggered" in m.figures) == (expected[2] is not None)


@pytest.mark.parametrize(
    ("words", "name", "closes", "now", "limit", "distance", "unit", "expected"),
    [
        # means of three: 11, 12, 13, ..., 17, and 16 at the end, against the mean of two 15
        ("2-day average below the 3-day average", "average_2_below_3",
         [10, 11, 12, 13, 14, 15, 16, 17, 18, 12], 15, 47 / 3, (15 / (47 / 3) - 1) * 100,
         "percent", ("yes", "2025-07-18", "2025-07-18", "2025-07-09")),
        # 20 below the peak of 100 is more than 10%; at 90 it is not
        ("drawdown above 10%", "drawdown_above_10", [100, 80, 90, 85, 100, 110, 98, 99, 99, 88],
         20, 10, 10, "percentage_points", ("yes", "2025-07-18", "2025-07-18", "2025-07-07")),
        # it held on the first session on which it can be told, and never began to again
        ("close down 5% in 2 sessions", "move_down_5_2",
         [100, 100, 95, 100, 100, 100, 100, 100, 100, 100],
         0, -5, 5, "percentage_points", ("no", "2025-07-10", None, "2025-07-09")),
        ("close up 5 points in 1 sessions", "move_up_5_1",
         [100, 104, 109, 110, 110, 110, 110, 110, 110, 114],
         4, 5, -1, "points", ("no", "2025-07-10", "2025-07-09", "2025-07-08")),
        ("close below the 2-day average", "close_below_2", [5] * 9 + [4],
         4, 4.5, -100 / 9, "percent", ("yes", "2025-07-18", "2025-07-18", "2025-07-08")),
    ],
)  # fmt: skip
def test_values_limits_and_distances(
    words: str,
    name: str,
    closes: list[float],
    now: float,
    limit: float,
    distance: float,
    unit: str,
    expected: tuple[str, ...],
) -> None:
    m = told(closes, words)
    assert value(m, name) == pytest.approx(now)
    assert value(m, f"{name}_limit") == pytest.approx(limit)
    assert value(m, f"{name}_distance") == pytest.approx(distance)
    assert m.figures[f"{name}_distance"].unit == unit
    assert state(m, name) == expected


def test_a_ratio_on_the_sessions_that_both_have() -> None:
    m = told([1.0] * 10, "HYG/LQD above 2", HYG=[4] * 9 + [6], LQD=[2] * 10)
    assert m.figures["HYG_LQD_level_above_2"].unit == "ratio"
    assert value(m, "HYG_LQD_level_above_2") == 3
    assert state(m, "HYG_LQD_level_above_2")[:3] == ("yes", "2025-07-18", "2025-07-18")
    assert m.symbols == ("^RUT", "HYG", "LQD")


def test_what_is_asked_for_twice_is_told_once() -> None:
    m = told([9] * 10, "close above 10", "close  above 10.0", "^VIX above 10", VIX=[1] * 10)
    assert value(m, "rules") == 2
    assert m.arguments["rules"] == ["close above 10", "VIX above 10"]


def test_a_usual_rule_goes_by_its_usual_name() -> None:
    m = told([9] * 10, "VIX above 20", "VIX above 21", VIX=[1] * 10)
    assert value(m, "vix_limit") == 20
    assert value(m, "VIX_level_above_21_limit") == 21
    assert owner(m, "VIX_level_above_21_since") == "^VIX"


def test_a_rule_that_can_not_be_told_stops_no_other() -> None:
    stale = {"VIX": [30.0] * 9}  # its last price is of the session before
    m = told([9] * 10, "VIX above 20", "XYZ above 1", "RSI above 70", "close above 8", **stale)
    assert (value(m, "rules"), value(m, "not_watched"), value(m, "triggered")) == (1, 3, 1)
    for said in (
        "Not watched: VIX above 20. ^VIX has no price of 2025-07-18, the last is of 2025-07-17.",
        "Not watched: XYZ above 1. There are no prices of XYZ up to 2025-07-18.",
        "Not watched: RSI above 70. ^RUT has 10 sessions up to 2025-07-18; the rule takes 15.",
    ):
        assert said in m.notes
    with pytest.raises(NotAvailable, match="no price of 2025-07-18"):
        told([9] * 10, "VIX above 20", **stale)
    with pytest.raises(BadRule, match="a yield has no drawdown"):
        signals(series([4.0] * 10, "^TNX"), rules=[read_rule("drawdown above 5%")], as_of=LAST)


def test_what_an_instrument_did_after_the_last_session_of_the_other_is_not_seen() -> None:
    m = told([9] * 9, "VIX above 20", VIX=[10.0] * 9 + [99.0])
    assert value(m, "vix") == 10
    assert when(m, "session") == "2025-07-17"


def test_the_catalog_takes_rules_in_words() -> None:
    held = [series([9.0] * 10), series([8.0] * 10, "^GSPC"), series([30.0] * 10, "^VIX")]
    tape = Tape(Toys(*held), LAST)
    asked = {"symbol": "^RUT", "rules": ["VIX above 20", "close below 10"]}
    m = compute(tape, "signals", asked)
    assert value(m, "triggered") == 2
    assert m.symbols == ("^RUT", "^VIX")  # no rule is about the benchmark
    assert compute(tape, "signals", m.arguments) == m
    with pytest.raises(BadRule, match="'buy' can't be read"):
        compute(tape, "signals", {"symbol": "^RUT", "rules": ["buy"]})


# -- against a plain loop with exact arithmetic ------------------------------------------------

Test = Callable[[list[Fraction], list[Fraction], int], bool | None]


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def back(values: list[Fraction], row: int, n: int) -> Fraction | None:
    return values[row] / values[row - n] - 1 if row >= n else None


def lead(own: list[Fraction], other: list[Fraction], row: int) -> bool | None:
    mine, theirs = back(own, row, 3), back(other, row, 3)
    return None if mine is None or theirs is None else mine < theirs


def fallen(own: list[Fraction], _: list[Fraction], row: int) -> bool | None:
    moved = back(own, row, 2)
    return None if moved is None else moved <= Fraction(-5, 100)


LOOPS: dict[str, Test] = {
    "close below the 4-day average": lambda a, _, i: (
        a[i] < mean(a[i - 3 : i + 1]) if i >= 3 else None
    ),
    "2-day average above the 5-day average": lambda a, _, i: (
        mean(a[i - 1 : i + 1]) > mean(a[i - 4 : i + 1]) if i >= 4 else None
    ),
    "close above 100": lambda a, _, i: a[i] > 100,
    "symbol minus benchmark over 3 sessions below zero": lead,
    "close down 5% in 2 sessions": fallen,
    "drawdown above 10%": lambda a, _, i: a[i] < max(a[: i + 1]) * Fraction(9, 10),
    "symbol/SPY above 1": lambda a, b, i: a[i] > b[i],
}
STEPS = st.lists(st.integers(-900, 900), min_size=1, max_size=40)


def walk(steps: list[int]) -> list[Fraction]:
    """Prices in cents that move by up to 9 from 100, and stay above 1."""
    cents = [10_000]
    for step in steps:
        cents.append(max(cents[-1] + step, 100))
    return [Fraction(c, 100) for c in cents]


@settings(max_examples=150, deadline=None)
@given(words=st.sampled_from(list(LOOPS)), steps=STEPS, data=st.data())
def test_a_plain_loop_agrees(words: str, steps: list[int], data: st.DataObject) -> None:
    own = walk(steps)
    other = walk(
        data.draw(st.lists(st.integers(-900, 900), min_size=len(steps), max_size=len(steps)))
    )
    days = [d.date() for d in pd.bdate_range("2025-07-07", periods=len(own))]
    hits = [(d, h) for i, d in enumerate(days) if (h := LOOPS[words](own, other, i)) is not None]
    rule = read_rule(words.replace("symbol/SPY", "^RUT/SPY"))
    prices = series([float(p) for p in own])
    second = series([float(p) for p in other], "SPY")
    try:
        m = signals(prices, second, rules=[rule], as_of=days[-1])
    except TapecheckError:
        assert not hits
        return
    assert m.table is not None
    row = dict(zip(m.table.columns, m.table.rows[0], strict=True))
    assert row["triggered"] == ("yes" if hits[-1][1] else "no")
    rises = [after for (_, a), (after, b) in pairwise(hits) if b and not a]
    assert row["last_triggered"] == (rises[-1] if rises else None)
    turns = [after for (_, a), (after, b) in pairwise(hits) if a != b]
    assert row["since"] == (turns[-1] if turns else hits[0][0])
    assert row["history_start"] == hits[0][0]


@settings(max_examples=150, deadline=None)
@given(
    asked=st.lists(rules(), min_size=1, max_size=4),
    symbol=st.sampled_from(["^RUT", "^TNX", "^VIX", "SPY"]),
    closes=st.lists(st.floats(1e-9, 1e12) | st.sampled_from([0.0, -1.0, 50.0]), min_size=1),
)
def test_any_rule_on_any_history_is_told_or_says_why_not(
    asked: list[Rule], symbol: str, closes: list[float]
) -> None:
    held = [series(closes, s) for s in ("^RUT", "^GSPC", "^VIX", "^TNX", "SPY", "HYG", "LQD")]
    tape = Tape(Toys(*held), date(2027, 1, 1))
    arguments = {"symbol": symbol, "rules": [rule.words for rule in asked]}
    with suppress(TapecheckError):
        m = compute(tape, "signals", arguments)
        assert Metric.model_validate_json(m.model_dump_json()) == m
        assert value(m, "rules") + value(m, "not_watched") == len(set(asked))


# -- on the real tape, by plain pandas ---------------------------------------------------------


def by_pandas(hit: pd.Series[bool]) -> tuple[str, str, str | None]:
    """Triggered, since and last triggered of a series of true and false."""
    began = hit[hit & ~hit.shift(1, fill_value=True)]
    runs = (hit != hit.shift()).cumsum()
    since = hit[runs == runs.iloc[-1]].index[0]
    last = str(began.index[-1].date()) if len(began) else None
    return "yes" if hit.iloc[-1] else "no", str(since.date()), last


def test_the_real_tape(real_tape: Tape) -> None:
    def closes(symbol: str) -> pd.Series[float]:
        return real_tape.history(symbol).frame["close"]

    rut, spx, vix, ten = (closes(s) for s in ("^RUT", "^GSPC", "^VIX", "^TNX"))
    both = pd.concat([rut, spx], axis=1, join="inner", keys=["a", "b"])
    moved = both.pct_change(20).dropna()
    funds = pd.concat([closes("HYG"), closes("LQD")], axis=1, join="inner", keys=["a", "b"])
    ratio = funds["a"] / funds["b"]
    means = {n: rut.rolling(n).mean().dropna() for n in (20, 50, 200)}
    expected = {
        "close below the 20-day average": rut[means[20].index] < means[20],
        "close above the 200-day average": rut[means[200].index] > means[200],
        "50-day average below the 200-day average": means[50][means[200].index] < means[200],
        "small minus large over 20 sessions below zero": moved["a"] < moved["b"],
        "VIX above 20": vix > 20,
        "10-year up 25 bp in a month": (ten - ten.shift(21)).dropna().round(6) >= 0.25,
        "drawdown above 10%": rut / rut.cummax() - 1 < -0.10,
        "HYG/LQD below its 50-day average": (ratio < ratio.rolling(50).mean())[49:],
        "close down 5% in 10 sessions": rut.pct_change(10).dropna() <= -0.05,
    }
    for words, hit in expected.items():
        m = compute(real_tape, "signals", {"symbol": "^RUT", "rules": [words]})
        assert m.table is not None
        row = dict(zip(m.table.columns, m.table.rows[0], strict=True))
        last = row["last_triggered"]
        found = (row["triggered"], str(row["since"]), last and str(last))
        assert found == by_pandas(hit), words
        assert row["history_start"] == hit.index[0].date(), words

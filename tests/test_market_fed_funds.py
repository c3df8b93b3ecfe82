"""The path that fed funds futures imply, worked by hand, and the FOMC's target ranges."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from conftest import SHARED
from market_toys import Toys, series, value, when

from qa.domain import Metric
from qa.errors import UsageError
from qa.market.catalog import compute
from qa.market.fed_funds import DECISIONS, LAST_STATEMENT, Path, contracts, path, target_on
from qa.market.prices import Prices
from qa.market.rates import rates
from qa.market.tape import Tape

FRIDAY = date(2026, 1, 23)  # the target is 3.50 to 3.75 percent, its midpoint 3.625
DAYS = ["2026-01-21", "2026-01-22", "2026-01-23"]


def future(symbol: str, price: float, *, days: list[str] = DAYS) -> Prices:
    return series([50.0] * (len(days) - 1) + [price], symbol, days=days)


def ten(days: list[str] = DAYS) -> Prices:
    return series([4.0] * len(days), "^TNX", days=days)


def ask(*futures: Prices, on: date = FRIDAY, **target: float) -> Metric:
    return rates([ten()], futures, on=on, as_of=date(2026, 2, 6), **target)


def test_the_contracts_of_the_month_and_the_twelve_after_it() -> None:
    names = contracts(FRIDAY)
    assert list(names)[:4] == ["ZQ=F", "ZQF26.CBT", "ZQG26.CBT", "ZQH26.CBT"]
    assert "".join(symbol[2] for symbol in list(names)[1:]) == "FGHJKMNQUVXZF"
    assert (names["ZQF26.CBT"], names["ZQF27.CBT"]) == ("2026_01", "2027_01")
    assert len(names) == 14
    assert contracts(date(2025, 12, 31))["ZQG26.CBT"] == "2026_02"


def test_an_implied_rate_and_its_distance_from_the_middle_of_the_target() -> None:
    m = ask(future("ZQF26.CBT", 96.36), future("ZQZ26.CBT", 96.94))
    assert value(m, "fed_funds_2026_01") == pytest.approx(3.64)  # 100 less 96.36
    assert value(m, "fed_funds_2026_12") == pytest.approx(3.06)
    assert (value(m, "target_low"), value(m, "target_high")) == (3.5, 3.75)
    assert value(m, "target_midpoint") == 3.625
    assert when(m, "target_date") == "2025-12-10"
    assert value(m, "fed_funds_2026_01_less_target") == pytest.approx(1.5)
    assert value(m, "fed_funds_2026_12_less_target") == pytest.approx(-56.5)
    assert m.figures["fed_funds_2026_12"].unit == "percent"
    assert m.figures["fed_funds_2026_12_less_target"].unit == "basis_points"
    assert value(m, "fed_funds_path") == value(m, "fed_funds_2026_12_less_target")
    assert value(m, "fed_funds_path_months") == 11  # from January to December
    assert m.symbols == ("^TNX", "ZQF26.CBT", "ZQZ26.CBT")
    assert not [n for n in m.notes if "fed funds" in n]


def test_the_definition_says_what_it_is_and_what_it_is_not() -> None:
    said = ask(future("ZQZ26.CBT", 96.94)).definition
    assert "the average effective rate that it implies for its month" in said
    assert "term premium included, and no odds of a meeting" in said
    assert "target range 3.50 to 3.75 percent, announced by the FOMC on 2025-12-10" in said
    assert "fed_funds_path is that of 2026-12" in said
    given = ask(future("ZQZ26.CBT", 96.94), target_low=3.0, target_high=3.25)
    assert "3.00 to 3.25 percent, as given" in given.definition


def test_the_front_contract_has_no_month() -> None:
    m = ask(future("ZQ=F", 96.3675))
    assert value(m, "fed_funds_front") == 3.6325
    assert value(m, "fed_funds_front_less_target") == pytest.approx(0.75)
    assert not {"fed_funds_path", "fed_funds_path_months"} & set(m.figures)
    assert [n for n in m.notes if "its month is not stated" in n]


def test_a_price_above_a_hundred_is_a_rate_below_zero() -> None:
    m = ask(future("ZQH26.CBT", 100.02))
    assert value(m, "fed_funds_2026_03") == pytest.approx(-0.02)


def test_a_source_without_contracts_is_told_and_no_error() -> None:
    m = ask()
    assert value(m, "ten_year") == 4
    assert not [name for name in m.figures if name.startswith(("fed_funds", "target"))]
    assert m.notes[-1] == (
        "No path of the fed funds rate: the source gave no price of 2026-01-23 for its futures, "
        "ZQ=F or ZQF26.CBT to ZQF27.CBT."
    )


def test_a_contract_without_a_price_of_the_session_is_left_out() -> None:
    stale = future("ZQG26.CBT", 96.4, days=DAYS[:2])
    later = future("ZQK26.CBT", 96.5, days=["2026-01-26"])
    m = ask(future("ZQF26.CBT", 96.36), stale, later)
    assert [name for name in m.figures if "_2026_" in name] == [
        "fed_funds_2026_01",
        "fed_funds_2026_01_less_target",
    ]
    assert "Left out, for want of a price of 2026-01-23: ZQG26.CBT, ZQK26.CBT." in m.notes
    none = ask(stale)
    assert [n for n in none.notes if n.startswith("No path of the fed funds rate")]


def test_contracts_of_other_months_are_none_of_it() -> None:
    far, gone = future("ZQG27.CBT", 96.9), future("ZQZ25.CBT", 96.3)
    m = ask(future("ZQF27.CBT", 96.8), far, gone)
    assert m.symbols == ("^TNX", "ZQF27.CBT")
    assert value(m, "fed_funds_path") == pytest.approx(-42.5)  # 3.20 less 3.625
    assert value(m, "fed_funds_path_months") == 12


def test_rows_after_the_day_change_nothing() -> None:
    longer = series([50.0, 50.0, 96.36, 12.0], "ZQF26.CBT", days=[*DAYS, "2026-01-26"])
    assert ask(longer) == ask(future("ZQF26.CBT", 96.36))


@pytest.mark.parametrize(
    ("day", "low", "high"),
    [
        ("2020-01-29", 1.5, 1.75),  # the first day known
        ("2020-03-16", 0.0, 0.25),
        ("2022-03-15", 0.0, 0.25),  # the day before a decision
        ("2022-03-16", 0.25, 0.5),  # the day of it: announced at two, before the close
        ("2023-12-29", 5.25, 5.5),
        ("2025-12-09", 3.75, 4.0),
        ("2025-12-10", 3.5, 3.75),
        ("2026-07-29", 3.5, 3.75),  # the last day known
    ],
)
def test_the_target_of_a_day(day: str, low: float, high: float) -> None:
    target = target_on(date.fromisoformat(day))
    assert target is not None
    assert (target.low, target.high) == (low, high)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2020-01-28", "before the first decision known here, of 2020-01-29"),
        ("2026-07-30", "after the last decision known here, of 2026-07-29"),
    ],
)
def test_a_day_that_the_decisions_do_not_reach(day: str, why: str) -> None:
    session = date.fromisoformat(day)
    symbol = list(contracts(session))[1]
    found: Path = path([future(symbol, 96.36, days=[day])], session)
    assert list(found.figures) == [f"fed_funds_{day[:4]}_{day[5:7]}"]
    assert found.notes == (
        f"No target range of the fed funds rate: {day} lies {why}; give target_low and target_high "
        "to measure against.",
    )


def test_a_target_that_is_given() -> None:
    m = ask(future("ZQF26.CBT", 96.36), target_low=3.0, target_high=3.25)
    assert value(m, "fed_funds_2026_01_less_target") == pytest.approx(51.5)  # 3.64 less 3.125
    assert "target_date" not in m.figures
    assert m.arguments == {"on": "2026-01-23", "target_low": 3.0, "target_high": 3.25}
    for wrong in ({"target_low": 3.0}, {"target_high": 3.0}, {"target_low": 4, "target_high": 3}):
        with pytest.raises(UsageError, match="give target_low and target_high together"):
            ask(future("ZQF26.CBT", 96.36), **wrong)


def test_the_catalog_takes_the_contracts_that_the_tape_holds() -> None:
    held = [ten(), *(future(f"ZQ{m}.CBT", 96.4) for m in ("F26", "N26", "F27", "G27"))]
    tape = Tape(Toys(*held), FRIDAY + timedelta(2))
    m = compute(tape, "rates", {})
    assert m.symbols == ("^TNX", "ZQF26.CBT", "ZQN26.CBT", "ZQF27.CBT")
    assert compute(tape, "rates", json.loads(json.dumps(m.arguments))) == m
    given = compute(tape, "rates", {"target_low": 3.25, "target_high": 3.5})
    assert value(given, "fed_funds_path") == pytest.approx(22.5)  # 3.60 less 3.375
    with pytest.raises(UsageError, match="target_low"):
        compute(tape, "rates", {"target_low": float("nan"), "target_high": 3.5})


class Live(Toys):
    """A source that can't list what it holds, and remembers what it was asked for at once."""

    def __init__(self, *held: Prices) -> None:
        super().__init__(*held)
        self.at_once: list[list[str]] = []

    def symbols(self) -> tuple[str, ...]:
        return ()

    def prefetch(self, symbols: Iterable[str]) -> None:
        self.at_once.append(list(symbols))


def test_a_live_source_is_asked_for_all_contracts_at_once() -> None:
    source = Live(ten(), future("ZQF26.CBT", 96.4))
    m = compute(Tape(source, FRIDAY), "rates", {})
    assert source.at_once == [list(contracts(FRIDAY))]
    assert m.symbols == ("^TNX", "ZQF26.CBT")


def _percent(words: str) -> float:
    """A number as the statements write it: "3", "1/4", "3-1/2"."""
    whole, _, part = words.rpartition("-") if "/" in words else (words, "", "")
    over, _, under = part.partition("/")
    return float(whole or 0) + (float(over) / float(under) if part else 0.0)


_RANGE = re.compile(
    r"target range for the federal funds rate (?:(?:at|to)|by \S+ percentage point,? to) "
    r"([\d/-]+) to ([\d/-]+) percent"
)


@pytest.mark.skipif(not (SHARED / "fed_text").is_dir(), reason="../shared/fed_text is not here")
def test_the_decisions_are_those_of_the_statements() -> None:
    stated = {}
    with (SHARED / "fed_text" / "fomc_statements.jsonl").open(encoding="utf-8") as lines:
        for statement in map(json.loads, lines):
            body = re.sub("[\N{EM DASH}-]+\x91?", "-", statement["body"])
            found = _RANGE.search(body)
            if found:
                when = date.fromisoformat(statement["date"])
                stated[when] = (_percent(found[1]), _percent(found[2]))
    assert len(stated) == 54  # all but that of 2020-03-23, which doesn't name the range
    assert max(stated) == LAST_STATEMENT
    for announced, ends in stated.items():
        target = target_on(announced)
        assert target is not None
        assert (target.low, target.high) == ends, announced
    changes = [
        d
        for d, before in zip(list(stated)[1:], list(stated), strict=False)
        if stated[d] != stated[before]
    ]
    assert [d for d, _, _ in DECISIONS[1:]] == changes


@pytest.mark.skipif(not (SHARED / "market").is_dir(), reason="../shared/market is not here")
def test_the_decisions_are_those_of_the_daily_series() -> None:
    with (SHARED / "market" / "rates.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if r["date"] >= "2020-02-01"]
    assert len(rows) > 1500
    for row in rows:  # a range is in force from the day after its announcement
        target = target_on(date.fromisoformat(row["date"]) - timedelta(1))
        assert target is not None
        assert (target.low, target.high) == (float(row["DFEDTARL"]), float(row["DFEDTARU"])), row

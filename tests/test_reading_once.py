"""The shortcuts of reading: what is tried only where it may begin, and what is read only once."""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import date
from itertools import product
from types import FrameType
from typing import Any

import pytest
from evidence import figure, metric, passage
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.fuzz import strings
from qa.checking import dates, layout, names, numerals, slots, wording
from qa.checking.figures import read_figures
from qa.checking.held import held
from qa.checking.stated import Stated, matches
from qa.domain import Unit
from qa.market.instruments import INSTRUMENTS

BEFORE_NAME, NAME, _ = layout._names()
SHORTCUTS = {
    "names": (names._BEFORE_NAMES, names._NAMES),
    "days": (dates._BEFORE_DAYS, dates._DAYS),
    "days in digits": (dates._BEFORE_NUMERIC, dates._NUMERIC),
    "quarters": (dates._BEFORE_QUARTERS, dates._QUARTERS),
    "years": (dates._BEFORE_YEARS, dates._YEARS),
    "number words": (numerals._BEFORE_WORDS, numerals._WORDS),
    "windows": (names._BEFORE_WINDOWS, names._WINDOWS),
    "quantities": (wording._BEFORE_LAST, wording._LAST),
    "instruments": (BEFORE_NAME, NAME),
}
NAMED = (
    "russell 2000|s&p 500|s&amp;p 400|nasdaq 100|ndx 100|dow 30|dow jones 30|djia 30|ftse 100"
    "|nikkei 225|asx 200|tsx 60|kospi 200|topix 100|euro stoxx 50|stoxx 600|dax 40|cac 40|mdax 50"
    "|csi 300|sse 50|hang seng 50|nifty 50|ibex 35|aex 25|smi 20|omx 30|bse 500|sensex 30"
    "|fortune 500|wilshire 5000|forbes 2000|mag 7|magnificent seven|10-k|6-k|form 4|schedule 13d"
    "|401(k)|529 plan|rule 144a|rule 10b-5|section 12|chapter 11|title 7|article 5|item 1|figure 2"
    "|exhibit 3|chart 4|note 5|page 6|part 7|step 8|phase 3|tier 1|stage 2|panel 3|box 4"
    "|appendix 5|footnote 6|basel 3|windows 11|boeing 737|airbus 320|table 3|no. 5|nos. 4|# 7|#7"
    "|p. 12|covid-19|covid 19|1-800-555|9/11|24/7|60/40|7-eleven|2s/10s|5s/30s|9:30 a.m.|4 p.m."
    "|16:00|https://a.b/5|www.a.b/5"
).split("|")
MONTHS = "jan february mar. april may june jul august sept. october nov december".split()
HEADS = (
    "volatility deviation swing drawdown percentile average highest high peak record lowest low"
    " trough range target upside downside beta correlation best strongest worst weakest opened open"
    " previous prior closed close ended finished settled stood stands stand trades traded levels"
    " gain lost loses rose risen rising fell fallen falling return climb add shed jump surge"
    " dropped declined advanced slid slipped rally rallied up down ahead behind apart lead led lags"
    " trails outpaced now currently longer"
).split()
WORDED = {  # texts that hold each form with which one of them may begin
    "names": NAMED,
    "days": [f"{m} {d}" for m in MONTHS for d in ("5", "23rd", "2026", "31, 2026")]
    + [f"{d} {m} 2026" for m in MONTHS for d in ("5", "23", "1st", "02")]
    + ["5-oct", "oct-26"],
    "days in digits": "2026-01-23|1/23/2026|23.1.2026|on 1/23|2026/1/5|2026-01|01/2026".split("|"),
    "quarters": "q4 2025|4q25|h1|2h 2026|2025 q3|2025q3|first half|fourth quarter of 2025"
    "|3rd quarter|second half of 2026|third quarter 2025|1st half|2nd quarter|4th half".split("|"),
    "years": "2026|1999|2100|fiscal 2026|fiscal year 26|fy26|cy 2025|calendar 2025|1990s|'90s|'26"
    "|2025/26|1990-2022|2026e".split("|"),
    "number words": [*numerals.SMALL_WORDS, *numerals._TENS, "a hundred", "nine-to-three"],
    "windows": [
        f"{n}-{t}"
        for n in (*numerals.SMALL_WORDS, *numerals._TENS, "52", "1,000")
        for t in ("day", "week", "session", "trading day")
    ]
    + ["10yr", "2- and 5-year", "three- to five-year", "20/50-day", "10 year rate"],
    "quantities": [*HEADS, "is at", "was at", "last run of the index"],
    "instruments": [n.lower() for i in INSTRUMENTS for n in (i.symbol, i.name, *i.aliases)],
}
LEADS = ("", " ", "(", "x", "7", "-", "to-", "$", "'", "^", ".", ", ", "\n", "é", "_", "+")


def found(pattern: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(pattern, text)]


def found_after(name: str, text: str) -> list[tuple[int, int]]:
    before, pattern = SHORTCUTS[name]
    return [match.span() for match in numerals.found_after(before, pattern, text)]


@pytest.mark.parametrize("name", SHORTCUTS)
def test_a_pattern_is_tried_wherever_it_can_match(name: str) -> None:
    for words, lead in product(WORDED[name], LEADS):
        text = f"it {lead}{words} and"
        assert found_after(name, text) == found(SHORTCUTS[name][1], text), text


@pytest.mark.parametrize("name", SHORTCUTS)
def test_odd_strings_are_searched_as_by_finditer(name: str) -> None:
    pattern = SHORTCUTS[name][1]
    texts = [text.lower() for text in strings(500)]
    assert [t for t in texts if found_after(name, t) != found(pattern, t)] == []


DIRECTIONS = "|".join((slots._UP, slots._DOWN, slots._LEADING, slots._TRAILING))


@settings(max_examples=300, deadline=None)
@given(st.from_regex(DIRECTIONS, fullmatch=True))
def test_every_word_of_direction_is_tried_where_it_begins(word: str) -> None:
    governing = slots._governing(f"So it {word} ")
    assert governing is not None
    assert governing.group().strip() == word


SIZES = st.one_of(st.integers(0, 40_000).map(lambda n: n / 100), st.floats(0, 1e13))
STATED = st.builds(
    lambda size, sign, unit, decimals, scale, bound, about: Stated(
        "", (0, 0), "level", sign * round(size, decimals) * scale, unit, decimals, scale,
        signed=sign != 1, bound=bound, approximate=about,
    ),
    SIZES,
    st.sampled_from((1, -1)),
    st.sampled_from(("percent", "percentage_points", "basis_points", "price", "multiple", None)),
    st.integers(0, 3),
    st.sampled_from((1.0, 1e6)),
    st.sampled_from(("", "above", "below")),
    st.booleans(),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(STATED, st.floats(-0.3, 0.3), st.data())
def test_figures_found_by_size_are_those_that_match(
    stated: Stated, off: float, data: st.DataObject
) -> None:
    assert stated.value is not None
    units: tuple[Unit, ...] = ("percent", "percentage_points", "price", "ratio", "basis_points")
    near = [stated.value * k for k in (1, -1, 1 + off, 0.01, 0.01 * (1 + off), 1.004)]
    near.append(stated.value + data.draw(st.sampled_from((0.5, 0.05, 0.005))))
    held_here = metric(
        ("^RUT",),
        {f"{unit}_{i}": figure(v, unit) for i, v in enumerate(near) for unit in units}
        | {"end_date": figure(date(2026, 1, 23), "date", 0)},
    )
    every = [
        (name, f.value)
        for name, f in held_here.figures.items()
        if isinstance(f.value, float)
        and (
            matches(stated, f.value, f.unit)
            or (stated.bound and matches(stated, round(f.value, f.decimals), f.unit))
        )
    ]
    assert held(held_here).rounding_to(stated) == every


def test_evidence_is_known_by_itself_and_not_by_its_id() -> None:
    one = metric(("^RUT",), {"return": figure(6.75, "percent")})
    other = one.model_copy(update={"figures": {"return": figure(1.5, "percent")}})
    stated = read_figures("1.5%")[0]
    assert one.id == other.id
    assert held(one) is held(one)
    assert held(one).rounding_to(stated) == []
    assert held(other).rounding_to(stated) == [("return", 1.5)]


def test_a_passage_repeats_a_figure_with_its_unit_and_sign() -> None:
    told = held(passage("Small caps fell 3.2% and gave up 40 points, $2.3 trillion in all."))
    assert told.repeats(read_figures("down 3.2%")[0])
    assert not told.repeats(read_figures("up 3.2%")[0])
    assert not told.repeats(read_figures("40%")[0])
    assert told.repeats(read_figures("$2.3 trillion")[0])
    assert not told.repeats(read_figures("$2.3 billion")[0])


def calls(text: str) -> int:
    """How many functions are called while a text is read."""
    counted: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: Any) -> None:
        counted[event] += 1

    sys.setprofile(count)
    try:
        read_figures(text)
    finally:
        sys.setprofile(None)
    return counted["call"] + counted["c_call"]


@pytest.mark.parametrize(
    "piece", ["up 5% to 6%, ", "5-", "1/", "on Jan. 5 of 2026, ", "(1) a S&P "]
)
def test_eight_times_the_text_takes_eight_times_the_steps(piece: str) -> None:
    read_figures(piece * 2)  # patterns are compiled at their first use
    assert calls(piece * 1600) <= 8.1 * calls(piece * 200)

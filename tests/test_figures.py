"""Numbers read out of text: the table of cases, and what has to hold for any text."""

from __future__ import annotations

import json
import re
import time
from datetime import date, timedelta
from pathlib import Path

import figures_cases as cases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.checking.figures import Stated, find_dates, matches, read_figures

FED_TEXT = Path(__file__).parents[1].parent / "shared" / "fed_text"
KINDS = {
    "C": "change",
    "L": "level",
    "S": "level",
    "N": "count",
    "O": "ordinal",
    "D": "date",
    "M": "name",
    "W": "window",
}
UNITS = {
    "%": "percent",
    "pp": "percentage_points",
    "bp": "basis_points",
    "pt": "points",
    "x": "multiple",
    "ratio": "ratio",
    "$": "price",
    "n": "count",
    "s": "sessions",
    "-": None,
}
quick = settings(max_examples=150, deadline=None)


def lines(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.strip()]


def entries(table: str) -> list[str]:
    return [entry.strip() for line in lines(table) for entry in line.split("|") if entry.strip()]


def expected(written: str) -> tuple[object, ...]:
    kind, text, *number = written.split("|")
    if kind in "DMW":
        return KINDS[kind], text
    value, unit, decimals = number
    signed = kind == "S" or (kind == "C" and not text[0].isalpha())
    signed = signed or (kind == "C" and unit in ("%", "pp", "bp", "pt"))
    return KINDS[kind], text, pytest.approx(float(value)), UNITS[unit], int(decimals), signed


def found(stated: Stated) -> tuple[object, ...]:
    if stated.kind in ("date", "name", "window"):
        assert stated.value is None
        return stated.kind, stated.text
    return (
        stated.kind,
        stated.text,
        pytest.approx(stated.value, rel=1e-5),
        stated.unit,
        stated.decimals,
        stated.signed,
    )


def only(text: str) -> Stated:
    """The one number in the text."""
    (stated,) = [s for s in read_figures(text) if s.value is not None]
    return stated


@pytest.mark.parametrize("line", lines(cases.SENTENCES))
def test_sentence(line: str) -> None:
    text, _, figures = line.partition("=>")
    wanted = [expected(f.strip()) for f in figures.split(" ; ") if f.strip()]
    assert [found(s) for s in read_figures(text.rstrip(" "))] == wanted


@pytest.mark.parametrize("entry", entries(cases.MOVES))
def test_direction_word_before(entry: str) -> None:
    phrase, sign = entry[:-1].strip(), entry[-1]
    stated = only(f"The index {phrase} 3% on Friday")
    assert (stated.value, stated.signed) == (-3.0 if sign == "-" else 3.0, sign != "0")
    assert stated.kind == ("level" if sign == "0" else "change")


@pytest.mark.parametrize("entry", entries(cases.MOVES_AFTER))
def test_direction_word_after(entry: str) -> None:
    phrase, sign = entry[:-1].strip(), entry[-1]
    stated = only(f"With 3% {phrase}, the index closed")
    assert (stated.value, stated.signed) == (-3.0 if sign == "-" else 3.0, sign != "0")


@pytest.mark.parametrize("name", entries(cases.NAMES))
def test_name(name: str) -> None:
    read = read_figures(f"the {name} matters, up 3%")
    assert [(s.kind, s.text) for s in read] == [("name", name), ("change", "3%")]


def test_magnificent_seven_is_a_name_without_digits() -> None:
    assert [(s.kind, s.text) for s in read_figures("the Magnificent Seven trade")] == [
        ("name", "Magnificent Seven")
    ]


@pytest.mark.parametrize("window", entries(cases.WINDOWS))
def test_window(window: str) -> None:
    read = read_figures(f"its {window} average is 2,601.58")
    assert [(s.kind, s.text) for s in read] == [("window", window), ("level", "2,601.58")]


@pytest.mark.parametrize("entry", entries(cases.DATES))
def test_date(entry: str) -> None:
    text, _, wanted = entry.partition(" = ")
    (stated,) = find_dates(f"as it was in {text}, when it ended", year_hint=2031)
    assert stated.text == text
    if wanted[0].isdigit():
        assert stated.day == date.fromisoformat(wanted)
        assert stated.precision == "day"
        assert stated.year_stated == (not wanted.startswith("2031"))
    else:
        assert (stated.day, stated.precision) == (None, wanted)


def test_day_without_year_or_hint_has_no_day() -> None:
    (stated,) = find_dates("since January 23")
    assert (stated.day, stated.year_stated, stated.precision) == (None, False, "day")


def test_february_29_needs_a_leap_year() -> None:
    assert find_dates("on February 29", year_hint=2024)[0].day == date(2024, 2, 29)
    assert find_dates("on February 29", year_hint=2026) == []
    assert find_dates("on February 29")[0].day is None


def test_meeting_of_two_days_is_two_dates() -> None:
    first, second = find_dates("the meeting of January 27–28, 2026, ended")
    assert (first.day, second.day) == (date(2026, 1, 27), date(2026, 1, 28))
    assert (first.range_end, second.range_end) == (False, True)


@pytest.mark.parametrize("entry", entries(cases.HEDGES))
def test_hedge(entry: str) -> None:
    text, _, hedge = entry.partition("=")
    stated = only(f"it was {text.strip()}")
    hedge = hedge.strip()
    assert stated.approximate == bool(hedge)
    assert stated.bound == hedge.replace("~", "")


@pytest.mark.parametrize("line", [m for line in lines(cases.MATCHES) for m in line.split(" ; ")])
def test_matches(line: str) -> None:
    text, value, unit, answer = (part.strip() for part in line.split("|"))
    unit = {"pp": "percentage_points", "bp": "basis_points"}.get(unit, unit)
    read = read_figures(text)
    assert len(read) == 1
    assert matches(read[0], float(value), unit) == (answer == "yes")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["2k sessions1219 ended", "14 seven sessions"])
def test_a_count_never_reaches_into_the_next_number(text: str) -> None:
    first, second = read_figures(text)
    assert first.span[1] <= second.span[0]


def test_range_marks_its_second_end() -> None:
    assert [s.range_end for s in read_figures("3.5% to 3.75%")] == [False, True]
    assert [s.range_end for s in read_figures("18x vs 26x")] == [False, False]


@pytest.mark.parametrize(
    ("text", "currency", "scale"),
    [
        ("$2,669.16", "$", 1.0),
        ("US$1.2bn", "$", 1e9),
        ("€5m", "€", 1e6),
        ("£3.5 million", "£", 1e6),
        ("HK$20k", "HK$", 1e3),
        ("26.4 trillion yen", "¥", 1e12),
        ("CHF 5", "CHF", 1.0),
        ("2.3 trillion", None, 1e12),
    ],
)
def test_currency_and_scale(text: str, currency: str | None, scale: float) -> None:
    stated = only(text)
    assert (stated.text, stated.currency, stated.scale) == (text, currency, scale)


decimals = st.integers(0, 4)
sizes = st.integers(0, 10**7)


def written(size: int, places: int) -> tuple[str, float]:
    whole, part = divmod(size, 10**places)
    text = f"{whole:,}" + (f".{part:0{places}d}" if places else "")
    return text, float(text.replace(",", ""))


@quick
@given(
    sizes,
    decimals,
    st.sampled_from(["%", " %", " percent", "\u00a0%", " per cent"]),
    st.sampled_from(["", "-", "−", "+"]),
)
def test_any_percentage_is_read_back(size: int, places: int, unit: str, sign: str) -> None:
    number, value = written(size, places)
    stated = only(f"it moved {sign}{number}{unit} that day")
    assert stated.text == f"{sign}{number}{unit}"
    assert stated.value == pytest.approx(-value if sign in ("-", "−") and sign else value)
    assert (stated.unit, stated.decimals, stated.signed) == ("percent", places, bool(sign))
    assert matches(stated, stated.value, "percent")  # type: ignore[arg-type]
    assert not matches(stated, stated.value, "percentage_points")  # type: ignore[arg-type]


@quick
@given(
    sizes,
    decimals,
    st.sampled_from(
        [
            (" basis points", "basis_points"),
            (" bp", "basis_points"),
            (" pp", "percentage_points"),
            (" percentage points", "percentage_points"),
            (" points", "points"),
            ("x", "multiple"),
        ]
    ),
)
def test_any_unit_is_read_back(size: int, places: int, unit: tuple[str, str]) -> None:
    number, value = written(size, places)
    stated = only(f"it stood at {number}{unit[0]}.")
    assert (stated.text, stated.value) == (number + unit[0], pytest.approx(value))
    assert (stated.unit, stated.decimals) == (unit[1], places)


@quick
@given(st.integers(0, 10**9), decimals, st.floats(-2, 2, allow_nan=False))
def test_a_price_matches_what_rounds_to_it(size: int, places: int, off: float) -> None:
    number, value = written(size, places)
    stated = only(f"it closed at ${number}")
    true = value + off * 10**-places
    if abs(abs(off) - 0.5) > 1e-3 and true >= 0:
        assert matches(stated, true, "price") == (abs(off) < 0.5)


@quick
@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["%B {d}, %Y", "%b {d}, %Y", "{d} %B %Y", "%Y-%m-%d", "{m}/{d}/%Y"]),
)
def test_any_day_is_read_back(day: date, form: str) -> None:
    text = day.strftime(form).format(d=day.day, m=day.month)
    (stated,) = read_figures(f"It closed on {text} higher.")
    assert (stated.kind, stated.text, stated.day) == ("date", text, day)
    assert stated.year_stated


@quick
@given(st.integers(1, 12), st.integers(1, 31), st.integers(1990, 2050))
def test_a_day_is_in_the_calendar_or_no_date(month: int, day: int, year: int) -> None:
    first = date(year, month, 1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    days = [s.day for s in find_dates(f"{first:%b} {day}, {year}") if s.precision == "day"]
    assert days == ([date(year, month, day)] if day <= length else [])


BRACKETED = re.compile(
    r"\{[^{}\n]{0,120}\}|\[ ?[mp]?[0-9]{1,3}(?: ?[,;–-] ?[mp]?[0-9]{1,3}){0,30} ?\]"
)
fragments = st.sampled_from(
    "5 12 2026 1,732.99 .5 1/2 3-1/2 % percent pp bp points x times $ US$ € bn m k trillion ( ) [ "
    "] { } [12] {m3.return} - — + / . , : ; ' to and of in a up down fell rose about more than at "
    "January Jan. 23 30 2025-26 2026-02-30 Q4 FY26 10-K S&P 500 Russell 2000 COVID- 52-week day "
    "year two three-month nine hundred sessions a.m. 12:37 No. m3 https:// \n 5G ½ ² ７"
    " \u00a0 th s".split(" ")
)
texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.,%-/[]{}()$ abxkmqy\u00a0–½²'", max_size=60),
    st.lists(fragments, max_size=14).map("".join),
    st.lists(fragments, max_size=14).map(" ".join),
)


@settings(max_examples=700, deadline=None)
@given(texts, st.sampled_from([None, 2026]))
def test_every_digit_belongs_to_one_figure(text: str, hint: int | None) -> None:
    read = read_figures(text, year_hint=hint)
    covered = [0] * len(text)
    at = 0
    for stated in read:
        start, end = stated.span
        assert at <= start < end
        assert stated.text == text[start:end]
        at = end
        for i in range(start, end):
            covered[i] += 1
    bracketed = {i for m in BRACKETED.finditer(text) for i in range(*m.span())}
    for i, char in enumerate(text):
        if char in "0123456789" and i not in bracketed:
            assert covered[i] == 1, (text, i)


@pytest.mark.parametrize(
    "piece",
    [
        *("1", "1,000,", "5-", "1/", "5 to ", "5% (", "[1,", "{", "five ", "up ", "January 5 "),
        *("10-year ", "$", "a1", ".5", "twenty-", "s&p ", "1 of ", "\n1. ", "- ", "2026-"),
        *("https://", "(1) ", "half a "),
    ],
)
def test_long_text_takes_linear_time(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    begun = time.process_time()
    read_figures(text)
    assert time.process_time() - begun < 3


@pytest.mark.skipif(not FED_TEXT.is_dir(), reason="../shared/fed_text isn't here")
def test_reads_federal_reserve_text() -> None:
    sentences: list[str] = []
    for path in sorted(FED_TEXT.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            bodies = [json.loads(line)["body"] for line in file]
        sentences += re.split(r"(?<=[.!?])\s+", " ".join(bodies[::8]))[::3][:700]
    assert len(sentences) > 2000
    begun = time.process_time()
    read = [s for sentence in sentences for s in read_figures(sentence)]
    assert (time.process_time() - begun) / len(sentences) < 0.002
    assert len(read) > 500
    assert {"level", "date", "count", "name", "window"} <= {s.kind for s in read}

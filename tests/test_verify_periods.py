"""Months, quarters and years in words against the windows of figures made by hand."""

from __future__ import annotations

from datetime import date

import pytest
from evidence import AS_OF, figure, metric

from qa.checking.periods_named import named_periods
from qa.checking.verify import verify_claim
from qa.domain import DraftClaim, Ledger, Metric, Window


def move(start: date, end: date, **figures: float) -> Metric:
    held = {name: figure(value, "percent") for name, value in figures.items()}
    made = metric(("^RUT", "^GSPC"), held)
    window = Window(start=start, end=end, basis="prior_close")
    return made.model_copy(update={"id": f"{made.id}{start}", "window": window})


# Seen from Friday, January 23, 2026. The year's first session was January 2.
JANUARY = move(
    date(2026, 1, 2), AS_OF, **{"return": 7.54, "return_from_close": 6.42, "return_benchmark": 1.02}
)
ASKED_FROM_THE_FIRST = move(date(2026, 1, 1), AS_OF, **{"return": 7.54})
DECEMBER = move(date(2025, 12, 1), date(2025, 12, 31), **{"return": -0.74})
PART_OF_DECEMBER = move(date(2025, 12, 1), date(2025, 12, 19), **{"return": 2.15})
QUARTER = move(date(2025, 10, 1), date(2025, 12, 31), **{"return": 1.86})
YEAR = move(date(2025, 1, 2), date(2025, 12, 31), **{"return": 11.29})
DAY = metric(
    ("^RUT",), {"day_change": figure(-1.82, "percent"), "close": figure(2669.16, "price")},
    "technicals",
).model_copy(update={"window": Window(start=AS_OF, end=AS_OF)})  # fmt: skip


def holds(text: str, *evidence: Metric) -> bool:
    book = Ledger()
    keys = tuple(book.add(item) for item in evidence)
    return verify_claim(DraftClaim(section="summary", text=text, evidence=keys), book).holds


@pytest.mark.parametrize(
    "when",
    ["in January", "in January 2026", "this month", "this quarter", "this year", "year to date",
     "so far this month", "in 2026", "in the first quarter of 2026", "in Q1 2026", "for the year"],
)  # fmt: skip
def test_a_window_told_in_words_holds(when: str) -> None:
    assert holds(f"The Russell 2000 gained 7.54% {when}.", JANUARY)
    assert holds(f"The Russell 2000 gained 7.54% {when}.", ASKED_FROM_THE_FIRST)
    sentence = f"{when[0].upper()}{when[1:]}, the Russell 2000 gained {{m1.return}} [m1]."
    assert holds(sentence, JANUARY)


@pytest.mark.parametrize(
    "when",
    ["in December", "in January 2025", "last month", "last quarter", "last year", "in 2025",
     "this week", "in the fourth quarter of 2025", "in the second quarter of 2026", "in Q4",
     "during March", "in 2027"],
)  # fmt: skip
def test_another_window_in_words_is_caught(when: str) -> None:
    assert not holds(f"The Russell 2000 gained 7.54% {when}.", JANUARY)
    sentence = f"{when[0].upper()}{when[1:]}, the Russell 2000 gained {{m1.return}} [m1]."
    assert not holds(sentence, JANUARY)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("It gained 1.86% in the fourth quarter of 2025.", QUARTER),
        ("It gained 1.86% last quarter.", QUARTER),
        ("It gained 11.29% in 2025.", YEAR),
        ("Its 2025 gain was 11.29%.", YEAR),
        ("Its January gain was 7.54%.", JANUARY),
        ("It fell 1.82% on the day.", DAY),
        ("It gained 6.42% in January, close to close.", JANUARY),
    ],
)
def test_every_length_of_window_holds(text: str, evidence: Metric) -> None:
    assert holds(text, evidence)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("It gained 1.86% in the third quarter of 2025.", QUARTER),
        ("It gained 11.29% in 2024.", YEAR),
        ("Its 2024 gain was 11.29%.", YEAR),
        ("Its November gain was 7.54%.", JANUARY),
        ("It fell 1.82% in January.", DAY),
        ("It gained 2.15% in December 2025.", PART_OF_DECEMBER),
        ("It gained 2.15% last month.", PART_OF_DECEMBER),
        ("It gained 6.42% in January.", JANUARY),  # from the close of January's first session
    ],
)
def test_a_figure_of_part_of_the_window_is_caught(text: str, evidence: Metric) -> None:
    assert not holds(text, evidence)


def test_each_figure_has_its_own_window() -> None:
    both = (JANUARY, DECEMBER)
    assert holds("It lost 0.74% in December and gained 7.54% in January.", *both)
    assert not holds("It lost 0.74% in January and gained 7.54% in December.", *both)
    assert holds("After a loss of 0.74% in December, it gained 7.54%.", *both)
    assert holds("It gained 7.54% in January, against 1.02% for the S&P 500.", JANUARY)


@pytest.mark.parametrize(
    "text",
    [
        "After the Fed cut in December, the Russell 2000 gained 7.54%.",
        "The rally that began in November has added 7.54%.",
        "Having lagged in 2025, the Russell 2000 gained 7.54%.",
        "Over the past year little happened; the Russell 2000 gained 7.54%.",
        "In a market that fell in December, the index gained 7.54%.",
        "The Fed cut last month; the Russell 2000 gained 7.54%.",
    ],
)
def test_a_month_of_something_else_is_left_alone(text: str) -> None:
    assert holds(text, JANUARY)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("It may gain 3% in march step", None),
        ("in late January", None),
        ("in January and February", None),
        ("since January", None),
        ("in January 5 of 9 rose", None),
        ("over the last year", None),
        ("in 2025's fourth quarter", None),
        ("in 2025-26", None),
        ("in May", (date(2025, 5, 1), date(2025, 5, 31))),
        ("in December 2024", (date(2024, 12, 1), date(2024, 12, 31))),
        ("last quarter", (date(2025, 10, 1), date(2025, 12, 31))),
        ("last week", (date(2026, 1, 12), date(2026, 1, 18))),
        ("in the third quarter", (date(2025, 7, 1), date(2025, 9, 30))),
        ("YTD", (date(2026, 1, 1), AS_OF)),
    ],
)
def test_what_words_name(text: str, named: tuple[date, date] | None) -> None:
    found = named_periods(text, text.lower(), AS_OF)
    assert [(n.first, n.last) for n in found] == ([named] if named else [])

"""Odd strings: the figure reader neither raises nor slows down, and reads back what was written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.fuzz import REPEATED, SLACK, faults, growth, strings
from qa.checking.figures import read_figures

quick = settings(max_examples=300, deadline=None)
THIN = "\u202f"


def test_odd_strings_raise_nothing_and_figures_lie_where_they_say() -> None:
    assert [fault for text in strings(3000) if (fault := faults(text))] == []


@pytest.mark.parametrize("piece", REPEATED[::4])
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    assert growth(piece.replace("_", " ")) <= 2 * SLACK


def in_figures(size: int, places: int, form: str) -> tuple[str, float]:
    """A number as it may be written, and its value."""
    value = size / 10**places
    plain = f"{value:,.{places}f}"
    if form == "thin":
        plain = plain.replace(",", THIN)
    elif form == "bare":
        plain = plain.replace(",", "")
    elif form == "wide":
        plain = plain.replace(",", "").translate({48 + i: 0xFF10 + i for i in range(10)})
    return plain, value


UNITS = {
    "%": "percent",
    " percent": "percent",
    " per cent": "percent",
    "pp": "percentage_points",
    " percentage points": "percentage_points",
    " bp": "basis_points",
    " basis points": "basis_points",
    " points": "points",
    "x": "multiple",
}
SIGNS = {"": 0, "-": -1, "\u2212": -1, "+": 1, "minus ": -1, "negative ": -1, "down ": -1, "up ": 1}


@quick
@given(
    st.integers(0, 10**8),
    st.integers(0, 4),
    st.sampled_from(["comma", "thin", "bare", "wide"]),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(SIGNS)),
)
def test_any_figure_in_any_form_is_read_back(
    size: int, places: int, form: str, unit: str, sign: str
) -> None:
    number, value = in_figures(size, places, form)
    (stated,) = read_figures(f"The index was {sign}{number}{unit}.")
    way = SIGNS[sign]
    # A multiple has no direction: "up 3x" is a level.
    expected = value if unit == "x" and sign.strip() in ("down", "up") else value * (way or 1)
    assert stated.value == pytest.approx(expected)
    assert (stated.unit, stated.decimals) == (UNITS[unit], places)


@quick
@given(
    st.integers(1, 999_999),
    st.sampled_from([("k", 1e3), ("m", 1e6), (" million", 1e6), ("bn", 1e9), (" trillion", 1e12)]),
    st.sampled_from(["$", "€", "US$", "£"]),
)
def test_any_amount_is_read_back(size: int, scale: tuple[str, float], currency: str) -> None:
    word, factor = scale
    (stated,) = read_figures(f"worth {currency}{size:,}{word} now")
    assert stated.value == pytest.approx(size * factor)
    assert (stated.unit, stated.scale) == ("price", factor)
    assert stated.currency == currency.removeprefix("US")

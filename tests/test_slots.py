"""Slots: how figures are written, and which words beside them count."""

from __future__ import annotations

from datetime import date

import pytest
from evidence import figure, ledger

from qa.checking.slots import direction_near, find_slots, tidy, write
from qa.checking.verify import Checked, verify_claim
from qa.domain import DraftClaim, Unit


def check(text: str, *keys: str) -> Checked:
    return verify_claim(DraftClaim(section="summary", text=text, evidence=keys), ledger())


def problems(text: str, *keys: str) -> list[str]:
    return [c.kind for c in check(text, *keys).checks if not c.holds]


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "spec", "written"),
    [
        (6.7453, "percent", 2, "", "6.75%"),
        (-6.7453, "percent", 2, "", "-6.75%"),
        (6.7453, "percent", 2, "+", "+6.75%"),
        (-6.7453, "percent", 2, "+", "-6.75%"),
        (-6.7453, "percent", 2, "abs", "6.75%"),
        (6.7453, "percent", 2, ".0", "7%"),
        (6.7453, "percent", 2, ".1,+", "+6.7%"),
        (6.7453, "percent", 2, "bare", "6.75"),
        (-0.001, "percent", 2, "", "0.00%"),
        (-0.001, "percent", 2, "+", "0.00%"),
        (0.004, "percent", 2, "+", "0.00%"),
        (5.78, "percentage_points", 2, "", "5.78 percentage points"),
        (1.0, "percentage_points", 0, "", "1 percentage point"),
        (-1.0, "percentage_points", 0, "", "-1 percentage point"),
        (1.0, "percentage_points", 1, "", "1.0 percentage points"),
        (168.73, "points", 2, "+", "+168.73 points"),
        (1.0, "points", 0, "", "1 point"),
        (-3.0, "basis_points", 0, "", "-3 basis points"),
        (1.0, "basis_points", 0, "", "1 basis point"),
        (17.9, "multiple", 1, "", "17.9x"),
        (0.25, "ratio", 2, "", "0.25"),
        (1.0, "sessions", 0, "", "1 session"),
        (36.0, "sessions", 0, "", "36 sessions"),
        (36.0, "sessions", 0, "bare", "36"),
        (9.0, "count", 0, "", "9"),
        (2669.16, "price", 2, "", "2,669.16"),
        (1234567.891, "price", 2, "", "1,234,567.89"),
        (2669.16, "price", 2, ".0", "2,669"),
        (date(2026, 1, 23), "date", 0, "", "2026-01-23"),
        (date(2026, 1, 23), "date", 0, "long", "Friday 2026-01-23"),
    ],
)
def test_a_figure_is_written_in_its_unit(
    value: float | date, unit: Unit, decimals: int, spec: str, written: str
) -> None:
    assert write(figure(value, unit, decimals), tuple(spec.split(","))) == written


@pytest.mark.parametrize(
    ("before", "after", "sign"),
    [
        ("The index gained ", "", 1),
        ("The index fell by ", "", -1),
        ("It plunged ", "", -1),
        ("It surged ", " in a day", 1),
        ("a ", " decline", -1),
        ("a ", " gain", 1),
        ("It is ", " above its average", 1),
        ("It is ", "% below its average", -1),
        ("It stands below its 200-day average by ", "", -1),
        ("The Russell 2000 fell more than ", "", -1),
        ("fell against a gain of ", "", 1),
        ("rose after a fall of ", "", -1),
        ("fell to ", "", 0),
        ("The Dow rose while the other returned ", "", 0),
        ("That is higher than ", "", 0),
        ("lower volatility of ", "", 0),
        ("The index fell. It was ", "", 0),
        ("The index fell (", ")", 0),
        ("It closed at ", "", 0),
    ],
)
def test_the_nearest_word_of_direction_governs(before: str, after: str, sign: int) -> None:
    assert direction_near(before, after, "percent") == sign


def test_leading_and_lagging_govern_differences_only() -> None:
    assert direction_near("Utilities lagged with ", "", "percent") == 0
    assert direction_near("It lagged by ", "", "percentage_points") == -1
    assert direction_near("", " ahead of the S&P 500", "percentage_points") == 1


def test_volatilities_and_levels_have_no_direction() -> None:
    assert direction_near("a decline in a volatility of ", "", "percent", "volatility") == 0
    assert direction_near("fell below ", "", "percent", "average_20") == 0


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("The Russell 2000 gained {m1.return} [m1].", "The Russell 2000 gained 6.75% [m1]."),
        ("Its drawdown was {m1.max_drawdown} [m1].", "Its drawdown was 3.50% [m1]."),
        ("It fell {m2.day_change} [m2].", "It fell 1.81% [m2]."),
        ("It fell {m2.day_change:+} [m2].", "It fell -1.81% [m2]."),
        ("The day brought {m2.day_change} [m2].", "The day brought -1.81% [m2]."),
        ("It is {m2.distance_200} above it [m2].", "It is 11.83% above it [m2]."),
        ("The yield fell {m3.day_change} to {m3.close} [m3].",
         "The yield fell 3 basis points to 4.23% [m3]."),
        ("It gained {m1.return}% [m1].", "It gained 6.75% [m1]."),
        ("It gained {m1.return} percent [m1].", "It gained 6.75% [m1]."),
        ("It led by {m1.relative_return} percentage points [m1].",
         "It led by 5.78 percentage points [m1]."),
        ("It gained {m1.return:bare} percent [m1].", "It gained 6.75 percent [m1]."),
        ("It gained {{m1.return}} [m1].", "It gained 6.75% [m1]."),
        ("It ended on {m1.end_date:long} [m1].", "It ended on Friday 2026-01-23 [m1]."),
        ("Over {m1.sessions:bare} trading days [m1].", "Over 36 trading days [m1]."),
        ("The averages: {m2.average_200}, {m2.distance_200} below it [m2].", None),
        ("From {m1.start_level}, {m1.return} more [m1].", "From 2,500.43, 6.75% more [m1]."),
        ("At {m1.end_level:.0} points [m1].", "At 2,669 points [m1]."),
    ],
)  # fmt: skip
def test_slots_are_filled(text: str, written: str | None) -> None:
    checked = check(text)
    assert checked.holds is (written is not None)
    if written:
        assert checked.text == written


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 fell {m1.return} [m1].",
        "The Russell 2000 plunged {m1.return} [m1].",
        "It closed with a {m1.return} decline [m1].",
        "It is {m2.distance_200} below its average [m2].",
        "It rose {m2.day_change} [m2].",
        "It was {m1.relative_return} behind [m1].",
        "It rose after a fall of {m1.return} [m1].",
    ],
)
def test_a_contradicted_direction_is_caught(text: str) -> None:
    failed = [c for c in check(text).checks if not c.holds]
    assert [(c.kind, c.verdict) for c in failed] == [("direction", "contradicted")]


def test_a_magnitude_without_a_word_of_direction_is_refused() -> None:
    assert problems("The day brought {m2.day_change:abs} [m2].") == ["direction"]
    assert check("The window brought {m1.return:abs} [m1].").holds


def test_a_move_that_rounds_to_nothing_contradicts_no_word() -> None:
    book = ledger()
    book.add(book.get("m2").model_copy(  # type: ignore[union-attr]
        update={"id": "tiny", "figures": {"day_change": figure(-0.001, "percent"),
                                          "lead": figure(-0.001, "percentage_points")}}
    ))  # fmt: skip
    claim = DraftClaim(section="summary", text="Up {m4.day_change}, {m4.lead} ahead [m4].")
    checked = verify_claim(claim, book)
    assert checked.holds
    assert checked.text == "Up 0.00%, 0.00 percentage points ahead [m4]."


@pytest.mark.parametrize(
    "text",
    [
        "It gained {m9.return} [m1].",  # no such evidence
        "It gained {m1.retrun} [m1].",  # no such figure
        "It gained {p1.return} [m1].",  # a passage has no figures
        "It gained {m1} [m1].",
        "It gained {} and {m1.return [m1].",
        "It gained m1.return} [m1].",
        "It gained {m1.return:.9} [m1].",
        "It gained {m1.return:doubled} [m1].",
        "It gained {50%} [m1].",
    ],
)
def test_a_slot_that_cannot_be_filled_fails(text: str) -> None:
    assert not check(text).holds


@pytest.mark.parametrize(
    "text",
    [
        "It gained 1{m1.return} [m1].",
        "It gained {m1.return}5 [m1].",
        "It gained -{m1.return} [m1].",
        "It gained minus {m1.return} [m1].",
        "It gained {m1.return} trillion [m1].",
        "It gained {m1.return} percentage points [m1].",
        "It gained {m1.return:bare} percentage points [m1].",
        "It gained {m1.return:bare} in the window [m1].",
        "It closed at {m1.end_level}% [m1].",
        "It closed at {m1.end_level} billion [m1].",
        "It closed at {m1.end_level}k [m1].",
        "It gained {m1.return}{m1.return_from_open} [m1].",
    ],
)
def test_words_glued_to_a_slot_cannot_change_its_figure(text: str) -> None:
    assert "figure" in problems(text)


def test_double_braces_and_joined_marks_are_tidied() -> None:
    assert tidy("{{m1.return}} [m1, p2] [m1; p2 and m3]") == "{m1.return} [m1] [p2] [m1] [p2] [m3]"


def test_find_slots_reads_key_name_and_spec() -> None:
    (slot,) = find_slots("a {m12.return_from_open:.1,+} b")
    assert (slot.key, slot.name, slot.spec) == ("m12", "return_from_open", (".1", "+"))
    assert slot.span == (2, 29)
    assert slot.problem is None

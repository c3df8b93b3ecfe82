"""The verifier: every figure, quotation and citation of a sentence, against evidence by hand."""

from __future__ import annotations

import pytest
from evidence import AS_OF, OTHER, RUSSELL, VIEW, figure, ledger, metric, passage

from qa.checking.verify import Checked, verify, verify_claim, verify_line
from qa.domain import Check, Draft, DraftClaim, DraftVerdict, Ledger


def check(text: str, *keys: str, book: Ledger | None = None) -> Checked:
    claim = DraftClaim(section="summary", text=text, evidence=keys)
    return verify_claim(claim, book or ledger())


def failed(text: str, *keys: str) -> list[Check]:
    return [c for c in check(text, *keys).checks if not c.holds]


def kinds(text: str, *keys: str) -> list[tuple[str, str]]:
    return [(c.kind, c.verdict) for c in failed(text, *keys)]


# -- figures typed by hand ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keys", "status", "evidence"),
    [
        ("It gained 6.75% [m1].", (), "computed", "m1"),
        ("It gained 6.7% [m1].", (), "computed", "m1"),
        ("It gained 7 percent [m1].", (), "computed", "m1"),
        ("It gained about 7% [m1].", (), "computed", "m1"),
        ("It gained 168.73 points [m1].", (), "computed", "m1"),
        ("It closed at 2,669.16 [m1].", (), "computed", "m1"),
        ("It closed at 2,669 [m1].", (), "computed", "m1"),
        ("Earnings are to grow 19% [p1].", (), "quoted", "p1"),
        ("Earnings are to grow 19%.", ("p1",), "quoted", "p1"),
        ("Assets rose to $2.3 trillion [p1].", (), "quoted", "p1"),
        ("Some 1,500 fell [p1].", (), "quoted", "p1"),
        ("It was 9 sessions after the new year [m2].", (), "computed", "m2"),
        ("It lost 1.81% on the day [m2].", (), "computed", "m2"),
        ("Its deepest drawdown came to 3.5% [m1].", (), "computed", "m1"),
    ],
)
def test_a_typed_figure_that_stands_in_cited_evidence_holds(
    text: str, keys: tuple[str, ...], status: str, evidence: str
) -> None:
    checked = check(text, *keys)
    assert checked.holds, [c.reason for c in checked.checks]
    assert [(f.status, f.evidence) for f in checked.figures] == [(status, evidence)]


def test_a_level_beside_a_percentage_keeps_its_own_unit() -> None:
    checked = check("The S&P 500, with its average of 6,184.00, 11.83% above it [m2].")
    assert checked.holds, [c.reason for c in checked.checks]


def test_the_author_may_be_named_without_a_verb() -> None:
    assert check("By Ben Other's reckoning the Russell 2000 gained 12.5% [p2].").holds
    assert kinds("The Russell 2000 gained 12.5% [p2].") == [("citation", "unsupported")]


def test_a_size_in_words_may_be_the_sources_own() -> None:
    book = ledger()
    key = book.add(passage("Earnings could see double-digit growth, or rise tenfold."))
    assert check(f"She sees double-digit growth [{key}].", book=book).holds
    assert not check("She sees double-digit growth [p1].", book=book).holds


def test_computed_goes_before_quoted() -> None:
    book = ledger()
    key = book.add(passage("The Russell 2000 gained 6.75% in the window."))
    checked = check(f"It gained 6.75% [{key}] [m1].", book=book)
    assert [f.status for f in checked.figures] == ["computed"]


def test_a_figure_of_evidence_that_is_not_cited_names_where_it_is() -> None:
    (problem,) = failed("It gained 12.5% [m1].")
    assert problem.verdict == "unsupported"
    assert problem.found == "12.5%"
    assert problem.reason == "it is in p2, which the sentence doesn't cite"


def test_a_figure_of_no_evidence_is_unsupported() -> None:
    (problem,) = failed("It gained 44.4% [m1].")
    assert (problem.kind, problem.verdict, problem.reason) == (
        "figure", "unsupported", "no evidence holds it"
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "It gained 7.53 percentage points [m1].",  # the metric says percent
        "It gained 7.53 [m1].",
        "It gained 7.53x [m1].",
        "It gained 753 basis points [m1].",
        "It led by 5.78% [m1].",  # the metric says percentage points
        "It gained 6.76% [m1].",
        "It gained 67.5% [m1].",
        "It gained 0.675% [m1].",
        "It gained 6.750% [m1].",  # 6.7453 isn't 6.750
        "It closed at 2,670 [m1].",
        "It closed at 26,691.6 [m1].",
        "It closed at 2,669.16 billion [m1].",
        "It closed at 2.669 million [m1].",
        "Some 50 fell [p1].",  # 1,500 do
        "Some 150 fell [p1].",
        "Assets rose to $2.3 billion [p1].",
        "Assets rose to $2.3 million [p1].",
        "Assets rose to €2.3 trillion [p1].",
        "Assets rose to 23 trillion dollars [p1].",
        "Earnings are to grow 1.9% [p1].",
        "Earnings are to grow 19 percentage points [p1].",
        "Earnings are to grow more than 19% [p1].",
        "Earnings are to grow nineteen basis points [p1].",
        "Small caps gain fifty percent [p1].",
        "Small caps doubled [m1].",
        "Small caps gain ½ of it [m1].",
        "Small caps gain 50pc [m1].",
        "Small caps gain x50% [m1].",
        "Sales come to 1e9 [m1].",
        "They gain ٥٠٪ [m1].",
        "They gain Ⅴ percent [m1].",
        "They gain [50-60] percent [m1].",
        "They gain 6,75% [m1].",
        "They gain tenfold [m1].",
        "They have a double-digit gain ahead [m1].",
        "A dozen of them gain, one in five [m1].",
        "The move of 1.81% came on Friday [m2].",  # it was a fall
        "Its growth is put at -19% [p1].",
        "Assets are at -$2.3 trillion [p1].",
        "Earnings are 19% below that [p1].",
        "It was 10 sessions after the new year [m2].",
    ],
)
def test_a_changed_figure_does_not_hold(text: str) -> None:
    assert not check(text).holds


@pytest.mark.parametrize(
    "text",
    [
        "It fell 6.75% [m1].",
        "It lost 168.73 points [m1].",
        "It was 5.78 percentage points behind [m1].",
        "It returned -6.75% [m1].",
        "It rose 1.81% on the day [m2].",
        "It is 11.83% below its average [m2].",
        "Earnings are to shrink, a 19% decline [p1].",
    ],
)
def test_a_flipped_sign_is_contradicted(text: str) -> None:
    assert ("direction", "contradicted") in kinds(text)


def test_a_number_too_large_for_a_float_is_unsupported() -> None:
    assert kinds(f"It gained {'9' * 400}% [m1].") == [("figure", "unsupported")]
    assert kinds("It gained 999,999,999,999,999 points [m1].") == [("figure", "unsupported")]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("It gained {m1.return} against {m1.return_benchmark}: 5.78 percentage points apart [m1].",
         None),
        ("It went from {m1.start_level} to {m1.end_level}, 168.73 points [m1].", None),
        ("It rose {m1.return}, against {m1.return_from_open}: 0.78 percentage points apart [m1].",
         "m1, m1: 7.53% - 6.75%"),
        ("Of {m1.return} and {m1.return_benchmark}, one is 7.0x the other [m1].",
         "m1, m1: 6.75% / 0.97%"),
    ],
)  # fmt: skip
def test_a_figure_may_follow_from_two_others(text: str, how: str | None) -> None:
    checked = check(text)
    assert checked.holds
    if how:
        assert [(f.status, f.evidence) for f in checked.figures][-1] == ("derived", how)


@pytest.mark.parametrize(
    "text",
    [
        "It gained {m1.return} against {m1.return_benchmark}: 5.98 percentage points apart [m1].",
        "It gained {m1.return} against {m1.return_benchmark}: 5.78% apart [m1].",
        "It rose {m1.return}, against {m1.return_from_open}: 0.88 percentage points more [m1].",
    ],
)
def test_wrong_arithmetic_is_caught(text: str) -> None:
    assert kinds(text) == [("figure", "unsupported")]


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 and the S&P 500 in 2026, on January 23, 2026 and 2025-12-01 [m1].",
        "Its 200-day average, in the third quarter of 2025 [m2].",
        "The 10-year Treasury, by 3:30 p.m. on Q4 data [m3].",
    ],
)
def test_names_dates_and_windows_need_no_evidence(text: str) -> None:
    checked = check(text)
    assert checked.holds
    assert checked.figures == ()


def test_what_is_no_sentence_is_not_read() -> None:
    long = "It gained 6.75% and " * 400
    assert kinds(long + "so it is [m1].", "m1") == [("claim", "unsupported")]
    assert kinds("It gained 6.75%, " + "as told, " * 400 + "so it is [m1].", "m1") == []


# -- whose figure it is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The S&P 500 gained {m1.return} [m1].",
        "The Russell 2000 gained {m1.return_benchmark} [m1].",
        "The Russell 2000 closed at {m2.close} [m2].",
        "The Nasdaq is {m2.distance_200} above its 200-day average [m2].",
        "The Russell 2000 gained {m1.return} while the S&P 500 rose {m1.return} [m1].",
        "Against {m1.return} for the S&P 500 [m1].",
        "For the Russell 2000, a level of {m2.close} [m2].",
    ],
)
def test_a_slot_of_another_instrument_is_caught(text: str) -> None:
    assert kinds(text) == [("citation", "unsupported")]


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 gained 0.97% [m1].",
        "The S&P 500 gained 6.75% [m1].",
        "The Russell 2000 closed at 6,915.61 [m2].",
        "The Russell 2000 gained 0.97% [m2].",
    ],
)
def test_a_typed_figure_of_another_instrument_is_caught(text: str) -> None:
    assert kinds(text) == [("figure", "unsupported")]


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 gained {m1.return} against {m1.return_benchmark} for the S&P 500 [m1].",
        "Small caps gained {m1.return}, the S&P 500 {m1.return_benchmark} [m1].",
        "The Russell 2000 beat the S&P 500 with a return of {m1.return} [m1].",
        "The Russell 2000 led the S&P 500 by {m1.relative_return} [m1].",
        "As the S&P 500 rose {m1.return_benchmark}, it gained {m1.return} [m1].",
        "The index gained {m1.return} [m1].",
        "Led by banks and energy, the index gained {m1.return} [m1].",
        "Unlike the S&P 500, the Russell 2000 gained {m1.return} [m1].",
        "IWM holders gained {m1.return} on the Russell 2000 [m1].",
        "The S&P 500 closed at {m2.close}, {m2.distance_200} above its average [m2].",
        "While the S&P 500 rose, it gained {m1.return} [m1].",
        "The Russell 2000, like the Russell 1000, gained {m1.return} [m1].",
    ],
)
def test_ordinary_sentences_about_the_right_instrument_hold(text: str) -> None:
    checked = check(text)
    assert checked.holds, [c.reason for c in checked.checks if not c.holds]


def test_sector_and_signal_figures_belong_to_their_own_instruments() -> None:
    book = ledger()
    sectors = metric(
        ("XLK", "XLE"),
        {"XLK_period": figure(4.0, "percent"), "up_period": figure(9.0, "count", 0)},
        "sectors",
    )
    watched = metric(("^RUT", "^GSPC", "^VIX"), {"vix": figure(17.4, "price")}, "signals")
    book.add(sectors)
    book.add(watched)
    good = (
        "In the S&P 500, {m4.up_period} sectors rose [m4].",
        "Technology gained {m4.XLK_period} [m4].",
        "The VIX stood at {m5.vix} [m5].",
    )
    for text in good:
        checked = check(text, book=book)
        assert checked.holds, [c.reason for c in checked.checks]
    assert not check("Energy gained {m4.XLK_period} [m4].", book=book).holds
    assert not check("The Russell 2000 stood at {m5.vix} [m5].", book=book).holds


# -- the verdict's reason and the lines on what is missing -------------------------------------


def whole(why: str, *claims: DraftClaim) -> Draft:
    return Draft(verdict=DraftVerdict(label="fragile", confidence=0.5, why=why), claims=claims)


def test_the_reason_of_a_verdict_is_checked_like_a_claim() -> None:
    claim = DraftClaim(section="bulls", text="It gained {m1.return} [m1].")
    for wrong in (
        "It gained 44% [m1].",
        "It fell {m1.return} [m1].",
        "She said “it will go on for ever” [p1].",
        "It closed at 2,669.16 on January 25, 2026 [m1].",
        "It gained {m1.retrun}.",
        "So it is [3].",
    ):
        verified = verify(whole(wrong, claim), ledger())
        assert not verified.why.holds, wrong
        assert verified.claims[0].holds


def test_a_reason_rests_on_what_the_claims_cite_and_then_cites_it() -> None:
    claim = DraftClaim(section="bulls", text="Earnings are to grow 19% [p1].")
    verified = verify(whole("Growth of 19% carries it.", claim), ledger())
    assert verified.why.holds
    assert verified.why.evidence == ("p1",)
    uncited = verify(whole("A gain of 12.5% carries it.", claim), ledger())
    assert not uncited.why.holds


def test_a_reason_without_claims_or_evidence_fails() -> None:
    assert not verify(whole("Momentum carries it."), ledger()).why.holds


def test_no_verdict_needs_no_evidence_but_its_figures_do() -> None:
    def undetermined(why: str) -> Draft:
        return Draft(verdict=DraftVerdict(label="undetermined", why=why))

    assert verify(undetermined("The tape can't tell how it did."), ledger()).why.holds
    assert not verify(undetermined("The tape shows 44%."), ledger()).why.holds


def test_a_line_may_rest_on_anything_gathered_and_on_nothing_else() -> None:
    assert verify_line("Whether the 12.5% will come.", ledger()).holds
    assert verify_line("Earnings are not on the tape.", Ledger()).holds
    for wrong in (
        "Whether the 44% will come.",
        "Why “it will go on for ever”.",
        "What {m1.nothing} means.",
        "Why it closed at 2,669.16 on January 25, 2026.",
        "See [4].",
    ):
        assert not verify_line(wrong, ledger()).holds, wrong
    assert verify_line("What lies beyond {m1.end_level} [m1].", ledger()).text == (
        "What lies beyond 2,669.16."
    )


def test_each_figure_has_a_check_that_names_its_evidence() -> None:
    checked = check("It gained {m1.return}; earnings grow 19% [m1] [p1].")
    held = [(c.verdict, c.found, c.reason) for c in checked.checks]
    assert held == [
        ("computed", "6.75%", "computed from m1"),
        ("quoted", "19%", "quoted from p1"),
    ]


def test_the_evidence_by_hand_is_what_the_tests_say() -> None:
    book = ledger()
    assert [k for k, _ in book] == ["m1", "m2", "m3", "p1", "p2"]
    assert (book.get("m1"), book.get("p1"), book.get("p2")) == (RUSSELL, VIEW, OTHER)
    assert RUSSELL.as_of == AS_OF

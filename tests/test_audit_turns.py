"""Ways to say it that turn on one word: when, which way, whose; the market is that of test_audit.

Its Russell 2000 rises a point a session from 100 on Monday 2025-07-07 to 139 on Friday 2025-08-29;
July ends at 118, the week before at 134. Its S&P 500 goes 200, 202, 200, 202 and so on.
"""

from __future__ import annotations

from datetime import date

import pytest
from market_toys import Toys, series
from test_audit import FRIDAY, audit

from qa.checking.audit import audit_text
from qa.market.tape import Tape

MONDAY = date(2025, 9, 1)

CONFIRMED = [
    # when
    "In the month just ended the Russell 2000 gained 17.8%.",  # 139 over 118
    "The Russell 2000 gained 17.8% in the just-ended month.",
    "Entering September the Russell 2000 closed at 139.00.",
    "In the holiday-shortened week the Russell 2000 added 3.73%.",  # 139 over 134
    "Five sessions added 3.7% to the Russell 2000.",  # 139 over 134
    "It was a fine month for the Russell 2000, which tacked on 17.8%.",
    "Having started the week at 134.00, the Russell 2000 ended it at 139.00.",
    "Since the start of August the Russell 2000 has gained 17.8%.",
    # which way
    "The Russell 2000's August gain was 17.8%.",
    "A 0.72% pop in the Russell 2000 on Friday ended the week.",
    "The Russell 2000 firmed 0.72% on Friday.",
    # whose
    "Friday's soft CPI produced a 0.72% rise in the Russell 2000.",
    "The Russell 2000 trounced the S&P 500 in August, 17.8% against 1.0%.",  # 202 over 200
    "Small stocks rose 0.72% on Friday.",
    # which measure
    "The Russell 2000 ended Friday above its 20-day moving average.",  # 129.5
    "The Russell 2000 outpaced the S&P 500 in August.",
    "The closing high of the Russell 2000 on Friday was 139.00.",
    "Friday's close on the Russell 2000: 139.00.",
    "Relative to the S&P 500 the Russell 2000 gained 16.8 percentage points in August.",
    "The Russell 2000's winning run stretched to 39 sessions on Friday.",
    "The Russell 2000 has gained in each of the last 39 sessions.",
    "Friday brought the 39th straight gain for the Russell 2000.",
]


@pytest.mark.parametrize("text", CONFIRMED)
def test_turns_of_speech_are_read(text: str) -> None:
    rows = audit(text, MONDAY if "ntering" in text or "just" in text else FRIDAY)
    told = {r.verdict for r in rows if r.verdict != "uncheckable"}
    assert told == {"confirmed"}, [(r.asserted, r.verdict, r.reason) for r in rows]


CONTRADICTED = [
    ("The Russell 2000's August loss was 17.8%.", "+17.80%"),
    ("The Russell 2000 put on 3.1% on Friday.", "+0.72%"),
    ("Friday's 0.72% setback in the Russell 2000 surprised nobody.", "+0.72%"),
    ("Friday saw 0.72% wiped from the Russell 2000.", "+0.72%"),
    ("August was kind to the Russell 2000, which advanced 25.0%.", "+17.80%"),
    ("The S&P 500 outpaced the Russell 2000 in August.", "-16.80 percentage points"),
    ("The Russell 2000 ended Friday below its 20-day moving average.", "129.50"),
    ("Monday, August 25, 2025 was a session on which the Russell 2000 fell 2.0%.", "+0.75%"),
    ("With the Russell 2000 at 139.00, a 150 target means 18.4% upside.", "7.91"),  # 150 over 139
]


@pytest.mark.parametrize(("text", "actual"), CONTRADICTED)
def test_the_turn_shields_no_wrong_figure(text: str, actual: str) -> None:
    wrong = [r for r in audit(text) if r.verdict == "contradicted"]
    assert len(wrong) == 1, [(r.asserted, r.verdict, r.reason) for r in audit(text)]
    assert actual in (wrong[0].actual or "")


OPEN = [
    # a move that was there and is gone, a part, another's, an average of another kind
    "The Russell 2000 erased a 2.1% gain on Friday.",
    "The Russell 2000 gave up a 3% gain on Friday to end higher.",
    "The Russell 2000 recovered 50% of its losses on Friday.",
    "A quarter of the Russell 2000 fell 20% in August.",
    "At one point on Friday the Russell 2000 was up 0.9%.",
    "Up 3% this week, semiconductors carried the Russell 2000.",
    "The Russell 2000's worst sector fell 3% this week.",
    "The Russell 2000's 20-day average is below its 10-day average.",
    "The Russell 2000 was below its 20-day moving average in July.",
    "Small-cap funds lagged the S&P 500 in August.",
    "Small caps lagged the S&P 500 in August on revenue growth.",
    "The Russell 2000 closed at 139.00 (138.00).",
    "A 0.72% pop in the Russell 2000 ended the week.",
    "Since August began the typical small cap has lost 4%.",
    "Dow shares fell 4% on Friday as the Russell 2000 rose.",
]


@pytest.mark.parametrize("text", OPEN)
def test_what_may_be_meant_otherwise_accuses_nobody(text: str) -> None:
    rows = audit(text)
    assert not [r for r in rows if r.verdict in ("contradicted", "stale")], [
        (r.asserted, r.verdict, r.reason) for r in rows
    ]


def test_alone_behind_a_time_is_no_other_claim() -> None:
    text = "The Russell 2000 surged 7.1% in August 2025 alone."
    assert [r.verdict for r in audit(text)] == ["contradicted"]
    alone = "One chipmaker alone cost the Russell 2000 7.1% in August 2025."
    assert [r.verdict for r in audit(alone)] == ["uncheckable"]


def test_a_fund_named_by_its_ticker_is_no_stand_in() -> None:
    closes = [100.0] * 5 + [100.0, 102.0, 104.0, 103.0, 101.97]
    fund = series(closes, "XLK", first="2025-08-18")
    tape = Tape(Toys(fund), FRIDAY)
    told = "Technology shares had a good Friday, XLK rising 1.0%."
    (row,) = audit_text(told, FRIDAY, tape)
    assert (row.verdict, row.actual) == ("contradicted", "-1.00%")  # 101.97 over 103
    level = audit_text("The technology sector closed at 140.00 on Friday.", FRIDAY, tape)
    assert {r.verdict for r in level} == {"uncheckable"}


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 rose. Copper fell 17% on Friday. It is now up 30% this month.",
        "Our fund holds small caps. It gained 3.1% this month.",
        "The Russell 2000 rose. Traders were glad of a rest. It is up 30% this month.",
    ],
)
def test_it_may_be_another_that_a_sentence_before_spoke_of(text: str) -> None:
    assert not [r for r in audit(text) if r.verdict in ("contradicted", "stale")], audit(text)


def test_it_is_the_one_that_the_sentence_before_was_about() -> None:
    rows = audit("On Friday the Russell 2000 rose again. It is up 30% this month.")
    assert [(r.subject, r.verdict) for r in rows] == [("^RUT", "contradicted")]  # 17.80


def test_shares_of_a_company_are_not_the_index_of_its_name() -> None:
    market = Toys(series([200.0] * 10, "^IXIC", first="2025-08-18"))
    for text in ("Nasdaq's stock fell 4% on Friday.", "Nasdaq shares fell 4% on Friday."):
        rows = audit_text(text, FRIDAY, Tape(market, FRIDAY))
        assert {r.verdict for r in rows} == {"uncheckable"}, rows
    index = audit_text("The Nasdaq fell 4% on Friday.", FRIDAY, Tape(market, FRIDAY))
    assert [r.verdict for r in index] == ["contradicted"]


def test_a_run_of_falls_is_told_by_its_noun() -> None:
    # The last three closes each lie below the one before.
    held = Toys(series([100.0 + i for i in range(7)] + [105.0, 104.0, 103.0], first="2025-08-18"))
    tape = Tape(held, FRIDAY)
    for text, verdict in (
        ("Friday's pullback was the third in a row for the Russell 2000.", "confirmed"),
        ("Friday's pullback was the fifth in a row for the Russell 2000.", "contradicted"),
        ("Friday made it three straight losses for the Russell 2000.", "confirmed"),
    ):
        streaks = [r for r in audit_text(text, FRIDAY, tape) if r.metric == "streak"]
        assert [r.verdict for r in streaks] == [verdict], streaks


def test_a_closed_exchange_is_confirmed_by_the_calendar() -> None:
    told = date(2025, 7, 8)
    text = "The stock market was closed on Friday, July 4."
    assert [r.verdict for r in audit(text, told)] == ["confirmed"]
    wrong = audit("The stock market was closed on Thursday, July 3.", told)
    assert [(r.verdict, r.actual) for r in wrong] == [("contradicted", "a session")]
    abroad = audit("Markets were closed in Tokyo on July 3.", told)
    assert not [r for r in abroad if r.verdict == "contradicted"]


def test_whole_months_end_with_the_last_session_of_one() -> None:
    # 2025-08-29 is the last session of August: two months to it began with July, after 100.
    held = series([*[100.0] * 5, *(100.0 + i for i in range(40))], first="2025-06-30")
    for text in (
        "In the two months to August 29, 2025 the Russell 2000 gained 39.0%.",
        "July and August together brought the Russell 2000 a gain of 39.0%.",
    ):
        rows = audit_text(text, MONDAY, Tape(Toys(held), MONDAY))
        assert [r.verdict for r in rows] == ["confirmed"], rows


def test_sums_of_a_target_name_the_level_and_the_target() -> None:
    for text in (
        "From Friday's 139.00 a target of 150 on the Russell 2000 implies upside of 7.9%.",
        "With the Russell 2000 at 139.00, a 150 target means 7.9% upside.",
    ):
        sums = [r for r in audit(text) if r.metric == "sum"]
        assert [r.verdict for r in sums] == ["confirmed"], text

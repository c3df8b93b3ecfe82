"""Nothing is contradicted that isn't wholly understood; the market is that of test_audit.py.

On Friday 2025-08-29 its Russell 2000 closes at 139, after 138 on Thursday and 134 a week before;
July ends at 118. It has risen on each of its sessions.
"""

from __future__ import annotations

from datetime import date

import pytest
from test_audit import FRIDAY, audit, only

from qa.checking import audit as auditor
from qa.checking.auditing.claims import MOST_FIGURES
from qa.checking.auditing.endpoints import points

# Each would be wrong if the word that it turns on weren't read: the index itself rose 0.72 %.
NOT_UNDERSTOOD = [
    ("Regional lenders in the Russell 2000 fell 5.1% on Friday.", "lenders"),
    ("The equal-weighted Russell 2000 fell 5.1% on Friday.", "equal-weighted"),
    ("The Russell 2000 fell 5.1% on Friday on an equal-weighted basis.", "equal-weighted"),
    ("Canadian small caps fell 5.1% on Friday.", "canadian"),
    ("In Tokyo the Russell 2000 fell 5.1% on Friday.", "tokyo"),
    ("Measured in euros, the Russell 2000 fell 5.1% on Friday.", "euros"),
    ("The typical Russell 2000 stock fell 5.1% on Friday.", "typical"),
    ("Options on the Russell 2000 fell 5.1% on Friday.", "options"),
    ("The headline wrongly said that the Russell 2000 fell 5.1% on Friday.", "wrongly"),
    ("It is a myth that the Russell 2000 fell 5.1% on Friday.", "myth"),
    ("The Russell 2000 fell 5.1% in the last hour of trading on Friday.", "hour"),
    ("The Russell 2000 gapped down 5.1% on Friday.", "gapped down"),
    ("Since Thursday last week the Russell 2000 has slipped 5.1%.", "since"),
    ("The Russell 2000's 20-week moving average closed at 150.00 on Friday.", "20-week"),
    ("The Russell 2000 fell 5.1% on Friday before fees.", "fees"),
    ("Annualised, the Russell 2000 fell 5.1% on Friday.", "annualised"),
    ("At this point in August, the Russell 2000 fell 5.1% on Friday.", "this point"),
]


@pytest.mark.parametrize(("text", "word"), NOT_UNDERSTOOD)
def test_a_word_that_is_not_understood_keeps_the_verdict_open(text: str, word: str) -> None:
    rows = audit(text)
    assert {r.verdict for r in rows} == {"uncheckable"}, [(r.verdict, r.reason) for r in rows]
    assert any(word in r.reason and "not understood" in r.reason for r in rows), rows[0].reason


NEVER_CONTRADICTED = [
    "Were the Russell 2000 to fall 10% this week, few would be surprised.",
    "No, the Russell 2000 did not fall 5.1% on Friday.",
    "In our base case the Russell 2000 gains 12% in 2025.",
    "In pre-market trading on Friday the Russell 2000 was down 5.1%.",
    "At its best on Friday, the Russell 2000 was up 5.1%.",
    "On Friday 62% of the Russell 2000 fell.",
    "A 5% fall in yields adds 9% to the Russell 2000, we found in August.",
    "The Russell 2000's volatility index stood at 52.1 on Friday.",
    "The Russell 2000 fell 5.1% on Friday from its intraday high.",
    "Rising 0.74% on Tuesday and 0.74% on Wednesday, the Russell 2000 gained 9%.",
    "The Russell 2000 had its best two-week run against bonds since July 28.",
    "One chipmaker alone cost the Russell 2000 5.1% on Friday.",
]


@pytest.mark.parametrize("text", NEVER_CONTRADICTED)
def test_true_or_open_sentences_are_never_contradicted(text: str) -> None:
    assert not [r for r in audit(text) if r.verdict in ("contradicted", "stale")]


HARMLESS = [
    "The Russell 2000 fell sharply on Friday, by 5.1%, as traders weighed the outlook for rates.",
    "According to Example Research, the Russell 2000 fell 5.1% on Friday.",
    "The Russell 2000 fell 5.1% on Friday, said a strategist.",
    "A hot inflation print dragged the Russell 2000 down 5.1% on Friday.",
    "Once again the Russell 2000 tumbled 5.1% on Friday.",
    "The Russell 2000 broke below its 20-day moving average on Friday.",  # 139 over 129.5
    "Friday's gain was the Russell 2000's 12th in a row.",  # 39
    "If the index goes from 2,500 to 2,750, that is a 25% gain.",  # 10
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_shield_no_wrong_figure(text: str) -> None:
    assert [r.verdict for r in audit(text)].count("contradicted") == 1, audit(text)


CONFIRMED = [
    "A hot inflation print lifted the Russell 2000 0.72% on Friday.",
    "By Thursday the Russell 2000 had gained 2.99% on the week.",  # 138 over 134
    "Before Friday, the Russell 2000 was up 16.9% this month.",  # 138 over 118
    "The Russell 2000 was up 16.9% this month on Thursday.",
    "The Russell 2000 closed above its 20-day moving average on Friday.",
    "Friday's gain was the Russell 2000's 39th in a row.",
    "Friday's 0.72% gain was the Russell 2000's smallest.",
    "Even after Friday the Russell 2000 is up 17.8% this month.",
]


@pytest.mark.parametrize("text", CONFIRMED)
def test_more_ways_to_say_it_are_confirmed(text: str) -> None:
    assert {r.verdict for r in audit(text) if r.verdict != "uncheckable"} == {"confirmed"}


def test_a_sum_of_rounded_figures_holds_within_their_rounding() -> None:
    text = "At 1,805.08, down 108.09 points or 5.65% from 1,913.16"
    sums = [r for r in audit(text) if r.metric == "sum"]
    assert [r.verdict for r in sums] == ["confirmed", "confirmed"]
    wrong = only_sum("At 1,805.08, down 108.19 points or 5.65% from 1,913.16")
    assert wrong == "contradicted"


def only_sum(text: str) -> str:
    return next(r.verdict for r in audit(text) if r.metric == "sum")


def test_a_month_that_ends_on_a_sunday_ended_on_the_friday() -> None:
    text = "At the end of August 2025 the Russell 2000 closed at 139.00."
    assert only(text, date(2025, 9, 1)).verdict == "confirmed"


def test_days_with_a_name_of_their_own_are_found() -> None:
    told = date(2025, 12, 31)
    for words, day in (
        ("since election day 2024", date(2024, 11, 5)),
        ("since election day", date(2024, 11, 5)),
        ("the week of thanksgiving", date(2025, 11, 26)),  # the session before the holiday
        ("until good friday 2024", date(2024, 3, 28)),
        ("through christmas eve 2018", date(2018, 12, 24)),
    ):
        assert [found[2] for found in points(words, told)] == [day], words


def test_a_record_or_an_average_of_days_before_is_stale() -> None:
    # The mean of the 20 closes rises a point a session, to 129.50 on Friday.
    row = only("The 20-day moving average of the Russell 2000 is 126.50.")
    assert (row.verdict, row.actual) == ("stale", "129.50")
    assert "2025-08-26" in (row.reason or "")


def test_a_table_and_an_endless_text_are_told_in_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    table = "The Russell 2000: " + ", ".join(f"{n}.5%" for n in range(MOST_FIGURES + 1))
    assert [r.verdict for r in audit(table)] == ["uncheckable"]
    monkeypatch.setattr(auditor, "MOST_TRIED", 2)
    text = "The Russell 2000 rose 0.72% on Friday. " * 4
    rows = audit(text, FRIDAY)
    assert [r.verdict for r in rows] == ["confirmed", "confirmed", "uncheckable"]
    assert rows[-1].span[1] == len(text)

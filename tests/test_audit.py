"""The auditor of commentary on a small market whose every figure is worked by hand.

The Russell 2000 of this market rises a point a session, from 100 on Monday 2025-07-07 to 139 on
Friday 2025-08-29; it opens half a point below its close, with a range of two points around it.
The S&P 500 goes 200, 202, 200, 202 and so on, from the same day.
"""

from __future__ import annotations

import json
import statistics
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_toys import Toys, series
from typer.testing import CliRunner

from qa.checking.audit import audit_files, audit_text
from qa.cli import app
from qa.domain import Audited
from qa.errors import BadDate, BadQuestion
from qa.market.sample import SampleSource
from qa.market.tape import Tape

CLOSES = [100.0 + i for i in range(40)]
RUSSELL = series(
    CLOSES,
    open=[c - 0.5 for c in CLOSES],
    high=[c + 1 for c in CLOSES],
    low=[c - 1 for c in CLOSES],
)
BIG = series([200.0 + 2 * (i % 2) for i in range(40)], "^GSPC")
MARKET = Toys(RUSSELL, BIG)
FRIDAY = date(2025, 8, 29)


def audit(text: str, published: date = FRIDAY, about: str | None = None) -> tuple[Audited, ...]:
    return audit_text(text, published, Tape(MARKET, published), about=about)


def only(text: str, published: date = FRIDAY) -> Audited:
    rows = audit(text, published)
    assert len(rows) == 1, [r.asserted for r in rows]
    return rows[0]


CONFIRMED = [
    "The Russell 2000 closed at 139.00 on August 29, 2025.",
    "The Russell 2000 closed at 139 on Friday.",
    "The Russell 2000 rose 0.72% on Friday.",  # 139 over 138
    "On August 28, 2025, the Russell 2000 gained 1 point.",
    "The Russell 2000 gained 37.62% from July 8, 2025 through August 29, 2025.",  # 139 over 101
    "Since July 8 the Russell 2000 has climbed 37.6%.",
    "The Russell 2000 rose 17.8% in August 2025.",  # 139 over 118, the close of July 31
    "The Russell 2000 is up 17.8% this month.",
    "For the week, the Russell 2000 advanced 3.73%.",  # 139 over 134
    "Last week the Russell 2000 added 3.88%.",  # 134 over 129: the week before a Friday
    "The Russell 2000 gained nearly 40% from July 7 through August 29.",  # 39.00
    "The Russell 2000 gained more than 35% from July 7 through August 29.",
    "The Russell 2000 opened at 138.50 on August 29, 2025.",
    "The Russell 2000 hit an intraday high of 140.00 on August 29, 2025.",
    "The Russell 2000 traded between 138.00 and 140.00 on August 29, 2025.",
    "The Russell 2000 rose for a 39th straight session on Friday.",
    "The Russell 2000 stood at 139.00, 7.3% above its 20-day moving average.",  # 129.5
    "The 20-day moving average of the Russell 2000 is 129.50.",
    "The Russell 2000 beat the S&P 500 by 16.8 percentage points in August.",  # 17.80 less 1.00
    "The S&P 500 lagged the Russell 2000 by 1,680 basis points in August.",
    "A rise of 8% against 5% is a gap of 3 percentage points.",
    "At 15.6 times against 22.6 times, small caps trade at a 31% discount.",
]


@pytest.mark.parametrize("text", CONFIRMED)
def test_true_claims_are_confirmed(text: str) -> None:
    rows = audit(text)
    told = [r for r in rows if r.verdict != "uncheckable"]
    assert told
    assert {r.verdict for r in told} == {"confirmed"}, [(r.asserted, r.reason) for r in told]


UNDER = [
    ("The Russell 2000 gained 39.00% from July 8 through August 29.", "the session before"),
    ("The Russell 2000 gained 38.31% from July 8 through August 29.", "open of 2025-07-08"),
    ("For the week, the Russell 2000 advanced 2.96%.", "the first day"),  # 139 over 135
    ("The Russell 2000 closed at 139.15 on August 29, 2025.", "inside the day's range"),
    ("The Russell 2000 has gained 17.8% from its August low.", "intraday low"),  # 139 over 118
]


@pytest.mark.parametrize(("text", "definition"), UNDER)
def test_claims_that_one_definition_gives_name_it(text: str, definition: str) -> None:
    row = only(text)
    assert row.verdict == "confirmed_under", row.reason
    assert definition in (row.definition or "")


CONTRADICTED = [
    ("The Russell 2000 closed at 150.00 on August 29, 2025.", "139.00"),
    ("The Russell 2000 fell 0.72% on Friday.", "+0.72%"),
    ("The Russell 2000 rose 2.5% on Friday.", "+0.72%"),
    ("The Russell 2000 rose 7.1% in August 2025.", "+17.80%"),
    ("The Russell 2000 gained 30% from July 8 through August 29.", "+37.62%"),
    ("The Russell 2000 beat the S&P 500 by 9 percentage points in August.", "+16.80"),
    ("The S&P 500 beat the Russell 2000 by 16.8 percentage points in August.", "-16.80"),
    ("The Russell 2000 rose for a 12th straight session on Friday.", "39"),
    ("The 20-day moving average of the Russell 2000 is 136.00.", "129.50"),
    ("The Russell 2000 was flat in August 2025.", "+17.80%"),
    ("8.2% versus 1.8% is outperformance of nearly 3 percentage points.", "6.40"),
    ("A target of 2,825 is a gain of 14% from the close of 2,669.", "5.84"),
]


@pytest.mark.parametrize(("text", "actual"), CONTRADICTED)
def test_false_claims_are_contradicted_with_the_actual_value(text: str, actual: str) -> None:
    wrong = [r for r in audit(text) if r.verdict == "contradicted"]
    assert len(wrong) == 1, [(r.asserted, r.verdict, r.reason) for r in audit(text)]
    assert actual in (wrong[0].actual or "")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The Russell 2000 closed at 138.00 on August 29, 2025.", "2025-08-28"),
        ("The Russell 2000 is up 16.95% this month.", "2025-08-28"),  # 138 over 118
        ("The Russell 2000 traded between 137.00 and 139.00 on August 29, 2025.", "2025-08-28"),
    ],
)
def test_a_figure_of_an_earlier_day_is_stale_and_names_it(text: str, day: str) -> None:
    rows = audit(text, date(2025, 8, 30))
    assert [r.verdict for r in rows] == ["stale"], [(r.asserted, r.reason) for r in rows]
    assert day in rows[0].reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Earnings of the Russell 2000 grew 39% in August.", "company results"),
        ("The Russell 2000 trades at 18 times forward earnings.", "company results"),
        ("The odds that the Russell 2000 falls are 39%.", "probabilities"),
        ("The Russell 2000 will rise 39% in August.", "may come"),
        ("39% of Russell 2000 members rose on Friday.", "share"),
        ("Copper rose 39% in August.", "prices aren't asked"),
        ("The Dow rose 39% in August.", "^DJI"),
        ("The Russell 2000 rose 39%.", "which days"),
        ("The Russell 2000 and the S&P 500 rose 39% in August.", "aren't asked"),
        ("On average the Russell 2000 gains 39% in August.", "many periods"),
    ],
)
def test_what_the_tape_cannot_tell_is_uncheckable_with_the_reason(text: str, reason: str) -> None:
    rows = audit(text)
    assert rows
    assert {r.verdict for r in rows} == {"uncheckable"}, [(r.asserted, r.reason) for r in rows]
    assert any(reason in r.reason for r in rows), [r.reason for r in rows]


def test_a_close_on_a_closed_day_is_contradicted_whatever_the_number() -> None:
    row = only("The Russell 2000 closed at 139.00 on August 30, 2025.", date(2025, 9, 1))
    assert (row.verdict, "Saturday" in row.reason) == ("contradicted", True)


def test_a_weekday_that_is_not_the_dates_is_contradicted() -> None:
    rows = audit("The Russell 2000 closed at 139.00 on Thursday, August 29, 2025.")
    wrong = [r for r in rows if r.verdict == "contradicted"]
    assert [r.asserted for r in wrong] == ["Thursday"]
    assert "Friday" in wrong[0].reason


def test_two_weekdays_before_two_days_are_no_error() -> None:
    text = "The Committee met on Tuesday—Wednesday, August 26—27, 2025, and stocks closed higher."
    assert not [r for r in audit(text) if r.verdict == "contradicted"]


def test_volatility_is_tried_as_sample_and_as_population() -> None:
    moves = [(b / a - 1) * 100 for a, b in pairwise(CLOSES)]
    window = "from July 7 through August 29"
    sample, population = statistics.stdev(moves), statistics.pstdev(moves)
    assert f"{sample:.3f}" != f"{population:.3f}"
    text = "The daily volatility of the Russell 2000 {} was {:.3f}%."
    assert only(text.format(window, sample)).verdict == "confirmed"
    row = only(text.format(window, population))
    assert (row.verdict, "ddof 0" in (row.definition or "")) == ("confirmed_under", True)
    assert only(text.format(window, 2 * sample)).verdict == "contradicted"


def test_nothing_after_publication_is_used() -> None:
    tape = Tape(MARKET, FRIDAY)
    rows = audit_text("The Russell 2000 is up 14.41% this month.", date(2025, 8, 22), tape)
    assert [r.verdict for r in rows] == ["contradicted"]  # 134 over 118 is 13.56, 135 came later
    later = audit_text("The Russell 2000 closed at 139.00 on August 29.", date(2025, 8, 1), tape)
    assert [r.verdict for r in later] == ["uncheckable"]


def test_a_pronoun_carries_the_subject_and_another_noun_ends_it() -> None:
    told = audit("The Russell 2000 rose on Friday. It gained 0.72% on Friday.")
    assert [(r.subject, r.verdict) for r in told] == [("^RUT", "confirmed")]
    other = audit("The Russell 2000 rose on Friday. Copper gained 5% on Friday.")
    assert [r.verdict for r in other] == ["uncheckable"]


def test_the_same_window_is_that_of_the_sentence_before() -> None:
    text = (
        "The Russell 2000 gained 37.62% from July 8 through August 29. "
        "The S&P 500 fell 0.99% over the same window."  # 202 on both days
    )
    rows = audit(text)
    assert [r.subject for r in rows] == ["^RUT", "^GSPC"]
    assert rows[1].verdict == "contradicted"
    assert "0.00%" in (rows[1].actual or "")


def test_the_caller_may_name_the_subject() -> None:
    assert [r.verdict for r in audit("Rose 0.72% on Friday.", about="^RUT")] == ["confirmed"]
    assert [r.verdict for r in audit("Rose 0.72% on Friday.")] == ["uncheckable"]


def test_lists_told_respectively_are_paired_in_order() -> None:
    rows = audit("The Russell 2000 and the S&P 500 rose 17.8% and 1.0% respectively in August.")
    assert [(r.subject, r.verdict) for r in rows] == [
        ("^RUT", "confirmed"),
        ("^GSPC", "confirmed"),
    ]


def test_on_the_sample_tape_nothing_is_confirmed_or_contradicted() -> None:
    day = date(2026, 1, 23)
    rows = audit_text(
        "The S&P 500 closed at 1.00 on January 22, 2026.", day, Tape(SampleSource(), day)
    )
    assert [r.verdict for r in rows] == ["uncheckable"]
    assert "sample data" in rows[0].reason


def test_that_the_tape_is_a_sample_is_printed_once() -> None:
    from qa.report.audited import audit_lines

    day = date(2026, 1, 23)
    text = "The S&P 500 closed at 1.00 on January 22, 2026. The Dow rose 5% on January 22, 2026."
    rows = audit_text(text, day, Tape(SampleSource(), day))
    lines = audit_lines(rows)
    assert [line for line in lines if "sample data" in line] == [
        "Nothing is tried on this tape: sample data can't confirm or contradict published figures."
    ]
    assert "  uncheckable: 1.00 (^GSPC)" in lines


def test_a_tape_that_ends_before_publication_cannot_tell() -> None:
    row = only("The Russell 2000 rose 0.72% on Friday.", date(2025, 10, 4))
    assert (row.verdict, "until 2025-08-29 only" in row.reason) == ("uncheckable", True)


def test_files_need_a_day_of_publication() -> None:
    with pytest.raises(BadDate, match="missing"):
        audit_files([], MARKET, text="It rose 5%.")
    with pytest.raises(BadDate, match="YYYY-MM-DD"):
        audit_files([], MARKET, text="It rose 5%.", published="yesterday")
    with pytest.raises(BadQuestion):
        audit_files([], MARKET)


WORDS = st.sampled_from(
    "the Russell 2000|S&P 500|IWM|VIX|10-year yield|rose|fell 5%|up|down 3.2 percent|2,669.16|$250|"
    "closed at|on Friday|January 23, 2026|in August|since its April low|from|to|record high|"
    "52-week|streak|14-session|versus|and|,|;|.|(|)|this year|last week|best month since 2023|"
    "20-day moving average|volatility|target|implies|basis points|respectively|year to date|—|[1]|"
    "first time|between 138 and 140|over the same window|flat|longest since 1990|%|0|-|half|"
    "percentage points|through|Monday—Tuesday, May 3—4|29 February|Q3|0001|9999|99999999999".split(
        "|"
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=30).map(" ".join))
def test_any_text_is_audited_without_an_error(text: str) -> None:
    for row in audit(text):
        assert text[slice(*row.span)] == row.text
        assert row.reason
        assert row.verdict != "contradicted" or row.actual or row.reason


@pytest.mark.parametrize(
    "piece", ["up 5% ", "1 ", "the S&P 500 ", "since its low ", "(", "record ", "January 5, 2025 "]
)
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    """Twice the text takes about twice the time, never four times."""
    import time

    def seconds(times: int) -> float:
        began = time.process_time()
        audit(piece * times)
        return time.process_time() - began

    seconds(50)
    short = max(seconds(600), 0.05)
    assert seconds(1200) < 3.5 * short


def test_the_command_prints_rows_and_says_by_its_exit_what_was_found(tmp_path: Path) -> None:
    folder = tmp_path / "market"
    folder.mkdir()
    RUSSELL.frame.rename_axis("Date").to_csv(folder / "^RUT.csv")
    note = tmp_path / "note.md"
    note.write_text(
        "---\ntitle: A note\npublished: 2025-08-29\n---\n\nThe Russell 2000 rose 2.5% on Friday.\n"
    )
    told = ["--market", f"folder:{folder}", "--json"]
    ran = CliRunner().invoke(app, ["audit", str(note), *told])
    rows = json.loads(ran.stdout)
    assert [set(row) for row in rows] == [set(Audited.model_fields)]
    assert (rows[0]["verdict"], rows[0]["actual"], ran.exit_code) == ("contradicted", "+0.72%", 3)
    text = ["--text", "The Russell 2000 rose 0.72% on Friday.", "--published", "2025-08-29"]
    ran = CliRunner().invoke(app, ["audit", *text, *told[:2]])
    assert ran.exit_code == 0
    assert "1 claim: 1 confirmed." in ran.stdout


def test_a_pdf_is_audited_as_any_file_is(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    # Monday to Tuesday: 100, 101, ...; the close of 2026-01-16, a Friday, is 109.
    rising = series([100.0 + i for i in range(11)], first="2026-01-05")
    file = tmp_path / "note.pdf"
    page = Canvas(str(file))
    page.drawString(72, 720, "The Russell 2000 closed at 109.00 on January 16, 2026.")
    page.save()
    (row,) = audit_files([file], Toys(rising), published="2026-01-20")
    assert row.verdict == "confirmed"

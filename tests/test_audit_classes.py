"""Classes of claims: swings, runs, restatements, closed days, ranks in a run, the Fed, and sums.

The Russell 2000 of this market rises a point a session from 100 on Monday 2025-07-07 to 119 on
Friday 2025-08-01, July 31 being 118; then it falls two a session, to 79 on Friday 2025-08-29, after
81 on Thursday. Its range is a point either side of the close. The S&P 500 goes 200, 202, 200, ...
What is held against the real tape is told beside it, and worked from its closes.
"""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from conftest import SHARED, needs_real_tape
from market_toys import Toys, series
from test_audit import FRIDAY

from qa.checking.audit import audit_text
from qa.checking.auditing.decisions import FIRST, MEETINGS, decisions
from qa.domain import Audited
from qa.market.fed_funds import LAST_STATEMENT
from qa.market.folder import FolderSource
from qa.market.tape import Tape

CLOSES = [*(100.0 + i for i in range(20)), *(117.0 - 2 * i for i in range(20))]
FALLEN = series(CLOSES, open=CLOSES, high=[c + 1 for c in CLOSES], low=[c - 1 for c in CLOSES])
MARKET = Toys(FALLEN, series([200.0 + 2 * (i % 2) for i in range(40)], "^GSPC"))
WORST_FIRST = ("contradicted", "stale", "uncheckable", "confirmed_under", "confirmed")


def audit(text: str) -> tuple[Audited, ...]:
    return audit_text(text, FRIDAY, Tape(MARKET, FRIDAY))


def real(text: str, day: str) -> tuple[Audited, ...]:
    published = date.fromisoformat(day)
    return audit_text(text, published, Tape(FolderSource(SHARED / "market"), published))


def worst(rows: tuple[Audited, ...]) -> str:
    found = {row.verdict for row in rows}
    return next((verdict for verdict in WORST_FIRST if verdict in found), "silent")


CASES = [
    # from one extreme to the other: 79 over 118; 78 over 119 by the prices of the day
    (
        "The Russell 2000's slide from its July 31 peak to its August 29 low measured 33.1%.",
        "confirmed",
    ),
    ("The Russell 2000 fell 33.1% from its peak on July 31 to its low on August 29.", "confirmed"),
    ("From its July 31 peak to its August 29 low the Russell 2000 lost 34.5%.", "confirmed_under"),
    (
        "The Russell 2000's slide from its July 31 peak to its August 29 low was 29.0%.",
        "contradicted",
    ),
    # in a run: 79 over 119, the close before it
    ("20 losses on the trot for the Russell 2000, which lost 33.6% in that run.", "confirmed"),
    (
        "20 losses on the trot for the Russell 2000, which lost 25.6% in that run.",
        "contradicted",
    ),
    ("The Russell 2000 lost 33.6% over its 20-day losing streak.", "confirmed"),
    # one move, told twice: 2 points of 81 are 2.5%
    ("The Russell 2000 lost 2 points, or 2.5%, to end at 79.00 on Friday.", "confirmed"),
    ("The Russell 2000 lost 2 points, or 3.5%, to end at 79.00 on Friday.", "contradicted"),
    # a move under an average is no distance from it
    ("Friday's 2.5% slide left the Russell 2000 under its 20-day moving average.", "confirmed"),
    # an owner right before the figure: 79 over 81, not 79 over 89
    (
        "Thursday's 2.4% loss and Friday's 2.5% made it a poor week for the Russell 2000.",
        "confirmed",
    ),
    # below a weekday's close: 79 over 83 on Wednesday
    ("The Russell 2000 ended Friday 4.8% below Wednesday's close.", "confirmed"),
    ("The Russell 2000 is 5.1% above Thursday's close.", "contradicted"),
    ("Saturday, August 23 saw the Russell 2000 recover 1.2% of Friday's rout.", "contradicted"),
    ("The Russell 2000 ended Friday 2.5% down from Thursday's close of 81.00.", "confirmed"),
    # no session, whatever follows; August 23 was a Saturday
    ("On August 23 the Russell 2000 ended at 91.00 in thin trading.", "contradicted"),
    ("Volume dried up on August 23, when the Russell 2000 added 0.4%.", "contradicted"),
    # adjuncts that say why, and what is told of nobody
    ("Stung by a weak jobs report, the Russell 2000 dropped 5.1% on Friday.", "contradicted"),
    ("With oil surging, traders sold and the Russell 2000 lost 5.1% on Friday.", "contradicted"),
    ("The Russell 2000 lost 9.9% on Friday, not yet a bear market.", "contradicted"),
    # sums: 7.5 less 1.0 is 6.5
    ("A beat B by 6.5 percentage points, 7.5% against 1.0%.", "confirmed"),
    ("Small beat large by 5.6 percentage points, 7.5% against 1.0%.", "contradicted"),
    ("The gap between a gain of 1.7% and a loss of 1.5% is 3.2 points.", "confirmed"),
    ("A year-end goal of 7,500 leaves it with 11.4% to climb from 6,734.11.", "confirmed"),
    ("A year-end goal of 7,500 leaves it with 14.3% to climb from 6,734.11.", "contradicted"),
]


@pytest.mark.parametrize(("text", "verdict"), CASES)
def test_the_figures_of_a_class_are_read_and_judged(text: str, verdict: str) -> None:
    rows = audit(text)
    told = tuple(row for row in rows if row.verdict != "uncheckable")
    assert worst(told) == verdict, [(r.verdict, r.asserted, r.reason) for r in rows]


OPEN = [
    "On Sunday, August 24, the Fed met and the Russell 2000 fell 2.5% on Friday.",
    "The Russell 2000, a week after its worst day since July 7, closed at 79.00 on Friday.",
    "Before the Fed raised rates in March 2022 the range was 0% to 0.25%.",
    "Small beat large by 3.2 points, 1.7% against minus 1.5%.",
    "Down 2.4% on Thursday, the Russell 2000 went on to losses of 2.5% and 1.0%.",
    "With technology stripped out, the Russell 2000 fell 5.1% on Friday.",
    "Canadian small caps fell 5.1% on Saturday, August 23.",
    "Oil jumped on Sunday, August 24, and the Russell 2000 fell 1.9% ahead of it.",
    "The Russell 2000 has not yet fallen 20% in August.",
    "In gold terms, the Russell 2000 fell 5.1% on Friday.",
    "Bonds rose 1.2% in May and gold gained 0.5% more than copper's 2%.",
    "Policymakers raised rates by 50 basis points on Thursday.",
    "Twelve months ago the Russell 2000 stood at 101.00.",
]


@pytest.mark.parametrize("text", OPEN)
def test_what_is_not_wholly_read_is_never_contradicted(text: str) -> None:
    assert worst(audit(text)) not in ("contradicted", "stale"), audit(text)


# Closes of the real tape: S&P 500 6,878.88 on 2026-02-27, 6,740.02 on 2026-03-06, its worst week
# since that to 2025-10-10; -10.14, -13.04 and -23.37% in 2000, 2001, 2002.
REAL = [
    ("2026-03-07", "Not since October has the S&P 500 had a worse week.", "confirmed"),
    ("2026-03-07", "The week was the worst for the S&P 500 since October.", "confirmed"),
    ("1998-09-01", "August was the worst month for the S&P 500 since the slump of 1973-74.",
     "contradicted"),  # October 1987 was worse
    ("2003-01-03", "Three losing years in a row for the S&P 500, with 2000 the mildest of them.",
     "confirmed"),
    ("2003-01-03", "Three losing years in a row, and 2002 the mildest of them, for the S&P 500.",
     "contradicted"),
    ("2026-02-26", "The Dow ended Wednesday at 49,482.15, a record.", "contradicted"),  # 50,188.14
    ("2026-02-26", "Never has the Dow closed higher than on Wednesday, at 49,482.15.",
     "contradicted"),
    ("2026-03-07", "The S&P 500, a week after its worst day since October, closed at 6,740.02.",
     "uncheckable"),  # which day that was isn't told
    ("2026-03-07", "From 6,878.88 a week earlier, the S&P 500 fell to 6,740.02.", "confirmed"),
    ("2026-03-07", "The 10-year yield ended the week at 4.13%, up from 3.96%.", "confirmed"),
    ("2026-03-07", "Friday brought a 2.3% drop for the Russell 2000 and"
     " a 1.6% drop for the S&P 500.", "contradicted"),  # -2.33 and -1.33%; its range reached -1.74%
    ("2025-12-19", "Year to date the S&P 500 is up 17.3%.", "stale"),  # on 2025-12-11
    ("2026-02-04", "Technology (XLK) was the best of the sector funds in January.", "contradicted"),
    ("2015-08-25", "Minutes into Monday's session the S&P 500 stood 5.3% below Friday's finish.",
     "confirmed"),  # low of 1,867.01 under 1,970.89
    # 2,237.40 over 3,386.15; by the prices of the days 2,191.86 over 3,393.52
    ("2020-04-06", "The S&P 500's slide from its February peak to its March low was 33.9%.",
     "confirmed"),
    ("2020-04-06", "The S&P 500's slide from its February peak to its March low was 35.4%.",
     "confirmed_under"),
    ("2020-04-06", "The S&P 500's slide from its February peak to its March low was 30.4%.",
     "contradicted"),
]  # fmt: skip


@needs_real_tape
@pytest.mark.parametrize(("day", "text", "verdict"), REAL)
def test_claims_of_the_real_market(day: str, text: str, verdict: str) -> None:
    rows = real(text, day)
    assert worst(rows) == verdict, [(r.verdict, r.asserted, r.reason) for r in rows]


FED = [
    ("2015-09-18", "The Fed lifted rates for the first time since 2006 on Thursday.",
     "contradicted"),
    ("2015-12-17", "The Fed lifted rates for the first time since 2006 on Wednesday.", "confirmed"),
    ("2015-09-18", "The Fed kept rates unchanged on Thursday.", "confirmed"),
    ("2026-01-29", "The Fed stood pat on Wednesday after three cuts in a row.", "confirmed"),
    ("2026-01-29", "In its January meeting the Fed held rates steady after lowering them by 75"
     " basis points in 2025.", "uncheckable"),  # the first is confirmed, the second isn't read
    ("2023-06-15", "The Fed raised rates by a quarter point on Wednesday.", "contradicted"),
    ("2022-06-16", "Policymakers raised the funds rate 75 basis points to a range of 1.50% to 1.75%"
     " on Wednesday.", "confirmed"),
    ("2024-09-19", "The Fed delivered a 25-basis-point cut on Wednesday.", "contradicted"),  # 50
    ("2024-09-19", "The Fed's half-point cut on Wednesday was the first since March 2020.",
     "confirmed"),
    ("2025-12-11", "Wednesday's quarter-point cut, the third of the year, takes the range to"
     " 3.50%-3.75%.", "confirmed"),
    ("2025-12-11", "The Fed's quarter-point cut on Wednesday was the fourth of the year.",
     "contradicted"),
    ("2025-08-14", "The Fed held rates steady on Wednesday.", "uncheckable"),  # it didn't meet
]  # fmt: skip


@pytest.mark.parametrize(("day", "text", "verdict"), FED)
def test_what_the_fed_decided_is_held_against_its_meetings(
    day: str, text: str, verdict: str
) -> None:
    published = date.fromisoformat(day)
    rows = audit_text(text, published, Tape(MARKET, published))
    assert worst(rows) == verdict, [(r.verdict, r.asserted, r.reason) for r in rows]


@needs_real_tape
def test_the_table_of_decisions_agrees_with_the_target_and_the_statements() -> None:
    with (SHARED / "market" / "rates.csv").open() as lines:
        held = [
            (date.fromisoformat(r["date"]), float(r["DFEDTARL"]), float(r["DFEDTARU"]))
            for r in csv.DictReader(lines)
            if r["DFEDTARU"]
        ]
    moved = [b for a, b in pairwise(held) if a[1:] != b[1:]]
    made = [d for d in decisions(date(2026, 3, 6)) if d.day > FIRST]
    assert [(d.low, d.high) for d in made] == [m[1:] for m in moved]
    assert all(d.day <= m[0] <= d.day + timedelta(days=1) for d, m in zip(made, moved, strict=True))
    with (SHARED / "fed_text" / "fomc_statements.jsonl").open() as lines:
        stated = {date.fromisoformat(json.loads(line)["date"]) for line in lines}
    known = {day for day in MEETINGS if min(stated) <= day <= LAST_STATEMENT}
    assert known <= stated
    unscheduled = {date(2020, 3, 3), date(2020, 3, 15), date(2020, 3, 23)}
    assert stated - known == unscheduled


@needs_real_tape
def test_a_day_that_a_move_is_ranked_from_is_no_window_of_the_next_clause() -> None:
    # The Nasdaq Composite: 10,353.17 on 2022-11-09, 11,114.15 on 2022-11-10.
    told = (
        "A soft CPI print sent the Russell 2000 up 6.11% on Thursday, more than in any session "
        "since April 2020; the Nasdaq Composite ran 7.35% higher."
    )
    published = date(2022, 11, 11)
    rows = audit_text(told, published, Tape(FolderSource(SHARED / "market"), published))
    assert [(r.asserted, r.verdict) for r in rows] == [
        ("6.11%", "confirmed"),
        ("7.35%", "confirmed"),
    ]

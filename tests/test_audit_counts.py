"""What is counted, and what is the first in a while: days of a size, records, marks, holidays.

The toy market is that of test_audit_classes.py. What is held against the real tape is worked from
its closes, as told beside each.
"""

from __future__ import annotations

import pytest
from conftest import needs_real_tape
from test_audit_classes import audit, real, worst

from qa.domain import Audited

Case = tuple[str, str, str]

# the 20 falls of two points are of 1.7% and more
TOY = [
    ("The Russell 2000 fell 1% or more on 20 days in August.", "confirmed"),
    ("The Russell 2000 fell 1% or more on 17 days in August.", "contradicted"),
    ("The Russell 2000 fell 2% or more on 20 days in August.", "contradicted"),
    ("Friday's close was the Russell 2000's 20th loss in a row.", "confirmed"),
    ("The Russell 2000 fell on Friday, its eighteenth decline in a row.", "contradicted"),
    ("The Russell 2000 fell on Friday, its twentieth decline in a row.", "confirmed"),
]

# first, counted, or told the other way round
FIRSTS: list[Case] = [
    # closes above 4,500 before 2023-07-13: the last on 2022-04-07
    ("2023-07-14", "The S&P 500 closed above 4,500 on Thursday for the first time since April "
     "2022.", "confirmed"),
    ("2023-07-14", "The S&P 500 closed above 4,500 on Thursday for the first time in 15 months.",
     "confirmed"),
    ("2023-07-14", "The S&P 500 closed above 4,500 on Thursday for the first time in two years.",
     "contradicted"),
    ("2023-07-14", "The S&P 500 closed above 4,500 on Thursday for the first time since January "
     "2022.", "contradicted"),
    # 2,000.73 on 2023-07-31
    ("2023-12-15", "Thursday's 2,000.51 was the Russell 2000's first close above 2,000 since July "
     "31.", "confirmed"),
    # 3.998% on 2025-11-26 is 4.00% as it is quoted; before it 3.983% on 2025-10-28
    ("2026-03-02", "The 10-year closed February below 4%, at 3.96%, for the first time since "
     "October.", "confirmed_under"),
    ("2026-03-02", "The 10-year closed February below 4%, at 3.96%, for the first time since "
     "August.", "contradicted"),
    # last lower close: 2003-12-10
    ("2004-08-13", "The S&P 500 hasn't closed this low since last December.", "confirmed"),
    ("2004-08-13", "The S&P 500 hasn't closed this low since last October.", "contradicted"),
    # QQQ closed at 633.22 on 2026-01-28
    ("2026-02-10", "QQQ closed Monday at $614.32, its best close of the year.", "contradicted"),
]  # fmt: skip
COUNTS: list[Case] = [
    # 134 moves of 1% and more in 2008; eight in 2017; 70 records in 2021, 68 of the Russell in 2013
    ("2009-01-02", "The S&P 500 moved 1% or more, up or down, on 134 days of 2008.", "confirmed"),
    ("2009-01-02", "The S&P 500 moved 1% or more, up or down, on 144 days of 2008.",
     "contradicted"),
    ("2018-01-02", "There were only eight days in all of 2017 on which the S&P 500 moved by 1% or "
     "more.", "confirmed"),
    ("2018-01-02", "There were only nine days in all of 2017 on which the S&P 500 moved by 1% or "
     "more.", "contradicted"),
    ("2022-01-03", "The S&P 500 set 70 closing highs in 2021.", "confirmed"),
    ("2022-01-03", "The S&P 500 set 75 closing highs in 2021.", "contradicted"),
    # before the close of the day of publication there were 67
    ("2013-12-31", "The Russell 2000 has set 67 record closes in 2013 so far.", "confirmed"),
    ("2013-12-31", "The Russell 2000 has set 66 record closes in 2013 so far.", "contradicted"),
    # the falls of 1.24% on 2016-10-11 and on 2017-03-21 are 109 sessions apart
    ("2017-03-22", "Tuesday ended a run of 109 sessions without a 1% decline for the S&P 500.",
     "confirmed"),
    ("2017-03-22", "Tuesday ended a run of 139 sessions without a 1% decline for the S&P 500.",
     "contradicted"),
    # what was gained in so many sessions is no count of them
    ("2000-06-05", "Last week the Russell 2000 rose 12.2% in just four sessions.", "confirmed"),
]  # fmt: skip
DAYS: list[Case] = [
    ("2024-12-26", "The S&P 500 added 1.1% on Christmas Day.", "contradicted"),
    ("2024-12-26", "The S&P 500 added 1.1% on Christmas Eve.", "confirmed"),
    ("2025-05-27", "The S&P 500 rose 2.0% on Memorial Day.", "contradicted"),
    ("2025-12-30", "Stocks were closed on Christmas Day; the S&P 500 added 0.3% the day before.",
     "confirmed"),
    # 2022-06-30 over 2021-12-31: -20.58% and -23.93%
    ("2022-07-01", "The S&P 500 lost 20.6% in the first half and the Russell 2000 23.9%.",
     "confirmed"),
    ("2022-07-01", "The S&P 500 lost 20.6% in the first half, the Russell 2000 21.9%.",
     "contradicted"),
    # the first half of a month isn't read, and is no month
    ("2025-08-05", "The S&P 500 fell 5% in the first half of April.", "uncheckable"),
    # 776.76 over 1,527.46; 1,254.42 over 1,211.92
    ("2002-10-11", "From the March 2000 peak to Wednesday's close, the S&P 500 has lost 49.1%.",
     "confirmed"),
    ("2005-12-30", "On Thursday the S&P 500 was 3.5% higher than at the start of the year.",
     "confirmed"),
    # of 2025, told on the first session of 2026
    ("2026-01-05", "The S&P 500 rose 16.4% for the year.", "confirmed"),
    ("2025-02-20", "S&P 500 at a record 6,144.15 on Wednesday; Russell 2000 still 6.6% short of "
     "its own.", "confirmed"),
]  # fmt: skip
SIZES: list[Case] = [
    ("2018-12-27", "Wednesday: S&P 500 +116.60 (+4.96%) to 2,467.70.", "confirmed"),
    ("2018-12-27", "Wednesday: S&P 500 +126.60 (+4.96%) to 2,467.70.", "contradicted"),
    # closes of 1,075.79 and 1,063.23; a move in points as wires write it, without the word
    ("2004-08-13", "Thursday: S&P 500 1,063.23, down 12.56 (1.2%).", "confirmed"),
    ("2004-08-13", "Thursday: S&P 500 1,063.23, down 15.26 (1.2%).", "contradicted"),
    ("2004-08-13", "On Thursday the S&P 500 lost 12.56 and closed at 1,063.23.", "confirmed"),
    ("2004-08-13", "On Thursday the S&P 500 closed at 1,063.23, off from 1,075.79.", "confirmed"),
    ("2020-06-12", "Thursday erased 5.9% from the S&P 500 and 7.6% from the Russell 2000.",
     "confirmed"),
    ("2020-06-12", "Thursday erased 5.9% from the S&P 500 and 5.9% from the Russell 2000.",
     "contradicted"),
    ("2016-06-27", "The Brexit vote cost the S&P 500 3.6% on Friday and the Russell 2000 2.8%.",
     "contradicted"),
    ("2022-11-11", "A cooler report set off a 5.5% surge in the S&P 500 Thursday.", "confirmed"),
    # 1,151.44 less the mean of 200 closes, 1,370.75
    ("2001-04-06", "At Thursday's close the S&P 500 was about 220 points below its 200-day "
     "average.", "confirmed"),
    ("2001-04-06", "At Thursday's close the S&P 500 was 320 points below its 200-day average.",
     "contradicted"),
    ("2026-03-09", "On Friday, the VIX traded as high as 29.93 and never below 22.92.",
     "confirmed"),
    ("2026-03-09", "Fifty-two-week closing range of the Russell 2000: 1,760.71 to 2,718.77.",
     "confirmed"),
    ("2013-10-21", "The S&P 500 broke through 1,750 last week.", "contradicted"),
    # how many records there were is no size of a move
    ("2022-01-03", "The S&P 500 set 70 closing highs in 2021, the most since 1995.", "confirmed"),
]  # fmt: skip


# right, and once called wrong
OVER: list[Case] = [
    # four falls from 2025-05-20, then a rise on Tuesday; seven falling weeks to 2022-05-20
    ("2025-05-28", "The S&P 500 snapped a four-day losing streak on Tuesday with a 2.0% gain.",
     "confirmed"),
    ("2025-05-28", "The S&P 500 snapped a six-day losing streak on Tuesday with a 2.0% gain.",
     "contradicted"),
    ("2025-05-28", "The S&P 500's gain on Tuesday came after four straight losses.", "confirmed"),
    ("2022-05-31", "The S&P 500 snapped a seven-week losing streak last week.", "confirmed"),
    ("2022-05-31", "The S&P 500 snapped a nine-week losing streak last week.", "contradicted"),
    # first quarters: 2019 +13.1%, 2021 +5.8%, 2023 +7.0%, 2024 +10.2%
    ("2024-03-29", "S&P 500 +10.2% in Q1, its best first quarter since 2019.", "confirmed"),
    # -4.0% on 2025-03-10, the last as large on 2022-09-13
    ("2025-03-11", "Monday: S&P 500 -2.7%, worst of 2025; Nasdaq -4.0%, worst since September "
     "2022.", "confirmed"),
    # 3,810.32 at the lowest, 20% under 4,796.56 being 3,837.25; the close was 18.7% under
    ("2022-05-20", "The S&P 500 briefly traded below 3,837.25, 20% under its January record, on "
     "Friday.", "uncheckable"),
    ("2025-04-08", "Monday's intraday range in the S&P 500 was 4,835 to 5,246.", "confirmed_under"),
    ("2025-10-28", "The S&P 500 has doubled in five years, from 3,400 to 6,875.", "uncheckable"),
    # 6,816.63 less 6,878.88: over two sessions
    ("2026-03-04", "From 6,878.88 on Friday to 6,816.63 on Tuesday the S&P 500 lost 62 points.",
     "uncheckable"),
    ("2018-02-12", "On Friday the S&P 500 ranged from 2,532.69 to 2,638.67 before a 1.5% gain.",
     "confirmed"),
    ("2011-08-12", "The S&P 500 had moved at least 4% four days in a row by Thursday.",
     "confirmed"),
    ("2025-01-31", "In January the S&P 500 had a low close of 5,827.04.", "confirmed"),
    # 443.80 against 606.05 on 2000-03-09
    ("2000-12-21", "The Russell 2000 closed Wednesday at 443.80, 27% off its March high.",
     "confirmed"),
    # +3.26%, +3.42% and +4.35% on 2025-05-12
    ("2025-05-13", "A truce sent the S&P 500 3.3% higher Monday, 3.4% the Russell 2000.",
     "confirmed"),
    ("2022-07-01", "The S&P 500 posted its worst first half since 1970, down 20.6%.", "confirmed"),
]  # fmt: skip


# what slipped through, or was accused, in texts that nobody had read
SLIPPED: list[Case] = [
    ("1992-10-12", "The S&P 500 is down for a fifth consecutive session, closing Friday at 402.66.",
     "stale"),  # it fell on Friday alone, and five days in a row before that
    ("1994-11-23", "The S&P 500 went from 465 to 450, and Tuesday's 1.8% drop was sharp.",
     "uncheckable"),  # 1.8% is Tuesday's, and not what lies between the two
    ("2000-03-27", "The S&P 500 settled at an all-time high of 1,552.87 on Friday.",
     "confirmed_under"),  # at 1,527.46: that was the intraday high
    ("2008-01-02", "The Russell 2000 closed 2007 at 766.03, its first down year since 2000.",
     "contradicted"),  # since 2002
    ("2008-01-02", "The Russell 2000 closed 2007 at 766.03, its first down year since 2002.",
     "confirmed"),
    ("2019-05-01", "Through April the S&P 500 was up 17.5%, the Russell 2000 18.0%.",
     "uncheckable"),  # of the year, which isn't said
]  # fmt: skip


@pytest.mark.parametrize(("text", "verdict"), TOY)
def test_a_toy_market_tells_runs_and_counts(text: str, verdict: str) -> None:
    assert worst(audit(text)) == verdict


@needs_real_tape
@pytest.mark.parametrize(
    ("day", "text", "verdict"), [*FIRSTS, *COUNTS, *DAYS, *SIZES, *OVER, *SLIPPED]
)
def test_real_closes_settle_it(day: str, text: str, verdict: str) -> None:
    rows: tuple[Audited, ...] = real(text, day)
    assert worst(rows) == verdict, rows

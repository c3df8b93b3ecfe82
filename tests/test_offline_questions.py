"""Questions of many kinds, as a portfolio manager words them: the figure each is answered with.

Expected figures were worked from the closes named beside them, outside the package.
"""

import pytest
from conftest import needs_real_tape

from eval.reading import numbers

pytestmark = needs_real_tape


def told(analyst, question, as_of):
    answer = analyst.ask(question, as_of=as_of)
    assert answer.verified, [c.reason for c in answer.checks if not c.holds]
    return answer, "\n".join(claim.text for claim in answer.claims)


@pytest.mark.parametrize(
    ("question", "as_of", "wanted"),
    [
        # ^IXIC 10466.48 (2022-12-30) / 15644.97 (2021-12-31) - 1
        ("nasdaq composite, calendar year 2022 retrun", "2023-01-03", "lost 33.10%"),
        ("What did the Nasdaq return in 2022?", "2023-01-03", "lost 33.10%"),
        # ^GSPC 615.93 (1995-12-29) / 459.27 (1994-12-30) - 1
        ("How good a year was 1995 for the S&P 500?", "1996-01-02", "gained 34.11%"),
        # ^GSPC 899.22 (2008-10-10) / 1099.23 (2008-10-03) - 1; asked on a Sunday
        ("What did the S&P 500 do last week?", "2008-10-12", "lost 18.20%"),
        # ^GSPC 776.76 / 1527.46 - 1, between the two closes named
        (
            "What did the S&P 500 lose from its close on March 24, 2000 to its close on "
            "October 9, 2002?",
            "2002-10-10",
            "lost 49.15%",
        ),
        # ^RUT 2632.36 (2026-02-27) / 2613.74 (2026-01-30) - 1
        ("Compare February 2026 for the Russel 2000 and the Dow.", "2026-03-02", "gained 0.71%"),
        ("How did small caps do in the month of February 2026?", "2026-03-06", "gained 0.71%"),
        # ^RUT 2525.3 / 2718.77 - 1
        ("How far below its record close is the Russell 2000?", "2026-03-06", "was 7.12% below"),
        ("Is the Russell 2000 in a correction?", "2026-03-06", "was 7.12% below"),
        # ^RUT 310.28 (1998-10-08) / 491.41 (1998-04-21) - 1
        ("Max drawdown of the Russell 2000 in 1998?", "1999-01-04", "fell 36.86%"),
        ("What was the deepest fall of small caps in 1998?", "1999-01-04", "on 1998-10-08"),
        # ^GSPC 899.22 / 1565.15 - 1: what was known half-way
        ("How deep is the bear market of 2007 to 2009 in the S&P 500?", "2008-10-10", "42.55%"),
        # ^GSPC 1426.19 / 1565.15 - 1
        ("When did the S&P 500 get back above its 2007 high?", "2012-12-31", "1,565.15"),
        # ^GSPC 5638.94 / 5521.52 - 1 on 2025-03-14
        ("Which was the S&P 500's best day of 2025?", "2025-04-08", "2025-03-14: it gained 2.13%"),
        # ^RUT 1037.42 / 1210.13 - 1
        ("Worst day for the Russell 2000 since 2020?", "2026-03-06", "2020-03-16: it lost 14.27%"),
        ("How bad was March 16, 2020 for the Russel 2000?", "2020-03-17", "down 14.27%"),
        # SPY by adjusted closes 576.22 / 461.39 - 1
        ("What did SPY return in 2024, dividends included?", "2025-01-03", "+24.89%"),
        # High and Low of the file on that day
        ("What were the Dow's high and low on November 20, 2025?", "2025-11-20", "46,856.75"),
        ("How low did the S&P 500 trade on March 6, 2009?", "2009-03-09", "low of 666.79"),
        ("Is the Russell 2000 overbought?", "2026-01-22", "was 71.48"),
        ("When was the last death cross of the Russell 2000?", "2025-06-30", "on 2025-03-20"),
        # 22387.68 / 24019.99 - 1
        ("How far is the Nasdaq Composite off its 52-week high?", "2026-03-06", "6.80% below the"),
        ("What was the worst sector on October 10, 2025?", "2025-10-10", "worst with -4.07%"),
        ("How many sector funds are above their 50-day average?", "2026-03-06", "6 of 11 sector"),
        # (3.962 - 4.241) x 100
        (
            "How did the 10-year yield move in February 2026?",
            "2026-03-02",
            "fell 27.9 basis points",
        ),
        # 0.7211 / 0.7256 - 1
        ("Is the HYG/LQD ratio above its 50-day average?", "2026-03-06", "0.62% below its 50-day"),
        # 2825 / 2525.3 - 1
        ("how far is 2,825 from the close of the Russell 2000?", "2026-03-06", "11.87% above"),
        # sample deviation of the returns from 2022-01-03 on, times the root of 252
        ("Annualized vol of the Nasdaq Composite in 2022?", "2023-01-03", "was 31.98%"),
        (
            "How long is the Russell 2000's run of outperformance?",
            "2026-01-22",
            "14 sessions in a row",
        ),
        ("Where did the S&P 500 end 1999?", "2000-01-14", "1,469.25"),
        ("SPY close on Thanksgiving 2025 (Nov 27)?", "2025-11-28", "Wednesday 2025-11-26"),
        # IWM 264.81 / 248.75 - 1 less QQQ's 622.72 / 619.25 - 1, from 2025-11-28 to 2026-01-23
        ("IWM vs QQQ since Dec 1 - who's ahead and by how much?", "2026-01-23", "5.90 percentage"),
        # XLB by its closes of 2025-12-09 and 2026-01-23
        ("Best sector since the Fed cut in December?", "2026-01-23", "did best with +15.76%"),
        (
            "Which sectors led in February?",
            "2026-02-27",
            "From 2026-02-01, a day without a session",
        ),
        # (4.239 - 4.017) x 100
        ("10y yield: what's moved since Dec?", "2026-01-23", "rose 22.2 basis points"),
        # 264.81 over the mean of its last 200 closes, 229.29
        (
            "how far is IWM above its 200dma and is it overbought",
            "2026-01-23",
            "15.49% above its 200-day average",
        ),
        # 2237.40 / 3386.15 - 1
        (
            "How bad is the S&P selloff from the high?",
            "2020-03-23",
            "33.92% below its record close",
        ),
        # 3232.39 / 2237.40 - 1: a rebound is counted from its low
        ("Will the S&P 500 rebound since March hold?", "2020-06-08", "gained 44.47%"),
        # 35 Junes from 1985 to 2019
        (
            "Will the S&P 500 rebound since March hold?",
            "2020-06-08",
            "averaged +0.15%, above zero in",
        ),
        (
            "What usually happens after small caps outrun the S&P like this?",
            "2026-01-23",
            "median of",
        ),
    ],
)
def test_each_kind_of_question_gets_its_figure(real_analyst, question, as_of, wanted):
    _, text = told(real_analyst, question, as_of)
    assert wanted in text


@pytest.mark.parametrize(
    ("question", "as_of", "first", "second"),
    [
        # ^RUT 2500.43 / 2479.38 - 1, and 2669.16 / 2481.91 - 1
        (
            "How did the Russell 2000 do in November 2025 and in January 2026?",
            "2026-01-23",
            "gained 0.85%",
            "gained 7.54%",
        ),
        # ^GSPC 5881.63 / 4769.83 - 1, and 6845.50 / 5881.63 - 1
        ("S&P 500 return in 2024 vs 2025?", "2025-12-31", "gained 23.31%", "gained 16.39%"),
        # ^RUT 2442.74 / 1974.86 - 1, and / 1648.26 - 1
        ("RUT return ytd and 1yr, vs SPX", "2021-11-08", "gained 23.69%", "gained 48.20%"),
        (
            "Where did the Russell close on MLK day and Friday?",
            "2026-01-23",
            "2,677.74",
            "2,669.16",
        ),
        # mean of 39 Januaries, and 2613.74 / 2481.91 - 1
        (
            "Do small caps usually beat in January? Did they this year?",
            "2026-01-30",
            "averaged +0.74%",
            "gained 5.31%",
        ),
    ],
)
def test_both_of_two_periods_are_answered(real_analyst, question, as_of, first, second):
    _, text = told(real_analyst, question, as_of)
    assert first in text
    assert second in text


def test_of_two_days_each_has_its_own_session(real_analyst):
    _, text = told(real_analyst, "Russell close on MLK day and on Friday?", "2026-01-23")
    closed, open_day = text.splitlines()
    assert "market holiday" in closed
    assert "Friday 2026-01-16" in closed
    assert "2026-01-23" not in closed
    assert "closed at 2,669.16 on Friday 2026-01-23" in open_day


def test_a_second_question_beside_a_verdict_is_said_to_be_left(real_analyst):
    question = "Is the Dow rally sustainable? And how did it do in January?"
    answer, _ = told(real_analyst, question, "2026-01-30")
    assert any("takes an answer of its own" in line for line in answer.unanswered)


def test_a_benchmark_is_told_beside_its_subject_and_not_again(real_analyst):
    _, text = told(real_analyst, "How volatile was the Russell vs the S&P in 2025?", "2026-01-05")
    # ^GSPC by closes of 2025-01-02 to 2025-12-31
    assert text.count("The daily volatility of") == 1
    assert "the deepest drawdown of the Russell 2000, by its closes" in text


@pytest.mark.parametrize(
    ("question", "as_of"),
    [
        ("Has the S&P 500 found a floor that will hold?", "2025-04-08"),
        ("Can communication services (XLC) keep up this year's run?", "2024-11-11"),
        ("russell 2000 has been on fire this year, is that sustianable??", "2021-02-15"),
    ],
)
def test_will_it_last_is_taken_for_the_broad_question_that_it_is(real_analyst, question, as_of):
    answer = real_analyst.ask(question, as_of=as_of)
    assert answer.verdict.label != "not_asked"
    assert {"performance", "technicals"} <= {claim.section for claim in answer.claims}


@pytest.mark.parametrize(
    ("question", "as_of", "missing"),
    [
        ("What did the Russell 2000 do after January 23, 2026?", "2026-01-23", "2026-01-23"),
        ("How did the S&P 500 do in the week after March 6, 2026?", "2026-03-06", "2026-03-06"),
        ("How did the Russell 2000 do in April 2026?", "2026-03-06", "2026-03-06"),
        ("How does Oren Shiran of Lazard see small caps?", "2026-01-24", "Oren Shiran"),
        ("What does Wells Fargo say about small caps?", "2025-05-27", "Wells Fargo"),
        ("Has Jefferies set a target of 2,825 for small caps?", "2025-12-09", "Jefferies"),
        ("What was US CPI inflation in March 2025?", "2025-05-01", "CPI"),
        ("Nikkei 225 close on January 23, 2026?", "2026-01-25", "Nikkei"),
        ("Did gold beat the S&P 500 this year?", "2026-03-06", "Gold"),
        ("What was Walmart's revenue last quarter?", "2026-01-23", "Revenue"),
        ("Total return of the S&P 500 in 2025?", "2026-03-06", "leaves dividends out"),
        ("Wie hat sich der Russell 2000 seit Dezember entwickelt?", "2026-01-23", "English"),
    ],
)
def test_what_is_not_known_is_said(real_analyst, question, as_of, missing):
    answer, _ = told(real_analyst, question, as_of)
    assert any(missing in line for line in answer.unanswered)


def test_a_fund_without_its_benchmark_is_measured_alone(real_analyst):
    # SPY begins two years later here; IWM 242.56 (2021-11-08) / 228.05 (2021-10-29) - 1
    answer, text = told(real_analyst, "How did IWM do in November 2021?", "2021-11-08")
    assert "IWM gained 6.36%" in text
    assert any("SPY" in line for line in answer.unanswered)


def test_the_day_that_comes_after_nothing_is_not_a_day_of_the_answer(real_analyst):
    _, text = told(real_analyst, "What did the Dow do after March 6, 2026?", "2026-03-06")
    assert "Friday 2026-03-06" in text
    assert "2026-03-0" not in text.replace("2026-03-06", "")


def test_a_drawdown_of_so_much_is_read_as_a_fall():
    assert [n.value for n in numbers("a drawdown of 36.86% and a gain of 2.00%")] == [-36.86, 2.0]

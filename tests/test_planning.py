"""Questions are understood: intent, instruments, window, names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.agent.planning import read_question
from qa.agent.windows import read_window, read_windows

AS_OF = date(2026, 1, 23)  # a Friday


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from 1 Dec 2025 through 23 Jan 2026", date(2025, 12, 1), date(2026, 1, 23)),
        ("from December 1, 2025 to January 23, 2026", date(2025, 12, 1), date(2026, 1, 23)),
        ("between 2025-06-02 and 2025-09-30", date(2025, 6, 2), date(2025, 9, 30)),
        ("since December", date(2025, 12, 1), AS_OF),
        ("since January", date(2026, 1, 1), AS_OF),
        ("since March", date(2025, 3, 1), AS_OF),
        ("since December 15", date(2025, 12, 15), AS_OF),
        ("since 2025-11-03", date(2025, 11, 3), AS_OF),
        ("year to date", date(2026, 1, 1), AS_OF),
        ("YTD", date(2026, 1, 1), AS_OF),
        ("so far this year", date(2026, 1, 1), AS_OF),
        ("this month", date(2026, 1, 1), AS_OF),
        ("this quarter", date(2026, 1, 1), AS_OF),
        ("over the last six months", date(2025, 7, 24), AS_OF),
        ("over the past 3 months", date(2025, 10, 24), AS_OF),
        ("over the last two weeks", date(2026, 1, 10), AS_OF),
        ("over the last year", date(2025, 1, 24), AS_OF),
        ("in the last 12 months", date(2025, 1, 24), AS_OF),
        # five sessions to Friday the 23rd; Monday the 19th was Martin Luther King Day
        ("over the last 5 sessions", date(2026, 1, 16), AS_OF),
        ("last month", date(2025, 12, 1), date(2025, 12, 31)),
        ("last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("last quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("last week", date(2026, 1, 12), date(2026, 1, 18)),
        ("in Q4 2025", date(2025, 10, 1), date(2025, 12, 31)),
        ("in the first quarter of 2025", date(2025, 1, 1), date(2025, 3, 31)),
        ("in December", date(2025, 12, 1), date(2025, 12, 31)),
        ("in April 2025", date(2025, 4, 1), date(2025, 4, 30)),
        ("in 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("in 2026", date(2026, 1, 1), AS_OF),
    ],
)
def test_windows(text, start, end):
    assert read_window(f"How did the Russell 2000 do {text}?", AS_OF) == (start, end, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on January 22, 2026", date(2026, 1, 22)),
        ("on 2026-01-22", date(2026, 1, 22)),
        ("on Jan 22", date(2026, 1, 22)),
        ("on December 24", date(2025, 12, 24)),
        ("on 24 December 2025", date(2025, 12, 24)),
        ("today", AS_OF),
        ("yesterday", date(2026, 1, 22)),
        ("on Wednesday", date(2026, 1, 21)),
        ("at the end of 2025", date(2025, 12, 31)),
        ("on Christmas Day", date(2025, 12, 25)),
        ("on New Year's Day 2026", date(2026, 1, 1)),
    ],
)
def test_single_days(text, day):
    assert read_window(f"What was the close {text}?", AS_OF) == (None, None, day)


def test_no_window_means_this_month_and_the_one_before():
    assert read_question("Is the rally in the Russell 2000 sustainable?", AS_OF).window == (
        date(2025, 12, 1),
        AS_OF,
    )
    assert read_question("Russell 2000?", date(2025, 12, 15)).window[0] == date(2025, 11, 1)


@given(st.text(max_size=200), st.dates(date(1990, 1, 1), date(2026, 11, 1)))
def test_any_text_is_read_and_no_window_ends_after_the_as_of_date(text, as_of):
    start, end, _ = read_window(text, as_of)
    ask = read_question(text, as_of)
    assert end is None or end <= as_of or start == end
    assert ask.window[0] is not None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Is the Russell 2000 rally sustainable?", "sustainability"),
        ("Will the small-cap rally last?", "sustainability"),
        ("Can the S&P 500 keep rising?", "sustainability"),
        ("Is the rally in small caps about to fade?", "sustainability"),
        ("How did the Dow do since December?", "performance"),
        ("How much has the Nasdaq gained year to date?", "performance"),
        ("Did small caps beat large caps in 2025?", "performance"),
        ("What happened to the S&P 500 in April 2025?", "performance"),
        ("What was the Russell 2000's close on January 25, 2026?", "level"),
        ("Where did the S&P 500 close yesterday?", "level"),
        ("What is Jefferies' year-end target?", "target"),
        ("What upside does 2,825 imply?", "target"),
        ("What gain would 2,825 be for the Russell 2000?", "target"),
        ("How did the S&P 500 do today?", "level"),
        ("How much did the Dow lose on January 23, 2026?", "level"),
        ("At what level did small caps end 2025?", "level"),
        ("What was the highest close of the Dow in the last year?", "technicals"),
        ("20dma nasdaq?", "technicals"),
        ("How many points has the Dow added since the open of December 1?", "performance"),
        ("Is the small-cap rally running out of steam?", "sustainability"),
        ("Has the rebound in small caps got legs?", "sustainability"),
        ("Which sectors led last month?", "sectors"),
        ("How volatile was the Dow?", "risk"),
        ("Is IWM above its 200-day moving average?", "technicals"),
        ("How far is the Russell 2000 below its high?", "technicals"),
        ("What would change the verdict on small caps?", "signals"),
        ("What does Lisa Shalett think of small caps?", "views"),
        ("Who are the skeptics?", "views"),
        ("What is the forward P/E of small caps?", "valuation"),
        ("Should I buy small caps?", "advice"),
        ("Is now a good time to buy IWM?", "advice"),
        ("Where will the Nasdaq close next Friday?", "prediction"),
        ("What is the Russell 2000's last close?", "level"),
        ("By how much did the ten-year yield rise since the end of 2025?", "performance"),
        ("How long was the Russell 2000's winning streak?", "streak"),
        ("How many sessions in a row did small caps beat the S&P 500?", "streak"),
        ("How far is the Dow from its record close?", "drawdown"),
        ("When did the S&P 500 get back above its 2007 high?", "drawdown"),
        ("What share of sector funds is above the 50-day average?", "breadth"),
        ("Is HYG ahead of LQD?", "credit"),
        ("Is there a January effect in small caps?", "season"),
        ("How do small caps do in mid-term years?", "season"),
        ("What happened after earlier rallies like this in small caps?", "precedent"),
        ("I'm up 20% on small caps, time to sell?", "advice"),
        ("For tomorrow's meeting: who is skeptical of small caps?", "views"),
        ("How far is 2,825 from the close of the Russell 2000?", "target"),
        ("What are the high and the low of the Dow today?", "technicals"),
        ("Is the Nasdaq oversold?", "technicals"),
        # Asked of those who write, whatever they write of.
        ("who thinks the small-cap rally won't last?", "views"),
        ("Who says what about the January effect?", "views"),
        ("What do analysts say about midterm years?", "views"),
        # "Who" of a contest between prices is nobody who writes.
        ("IWM vs QQQ since Dec 1 - who's ahead?", "performance"),
        ("Who is leading, small caps or the Nasdaq, this year?", "performance"),
        ("QQQ return since the Fed's last hike?", "performance"),
        ("How bad is the S&P selloff from the high?", "drawdown"),
        ("What usually happens after small caps outrun the S&P like this?", "precedent"),
    ],
)
def test_intents(text, intent):
    assert read_question(text, AS_OF).intent == intent


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("How did small caps do against large caps?", ("^RUT", "^GSPC")),
        ("Russell 2000 vs S&P 500", ("^RUT", "^GSPC")),
        ("Did IWM beat SPY?", ("IWM", "SPY")),
        ("Nasdaq-100 or Nasdaq Composite?", ("QQQ", "^IXIC")),
        ("the Russell 2000 against the other US indices", ("^RUT", "^DJI", "^GSPC", "^IXIC")),
        ("How did the US indices do?", ("^RUT", "^DJI", "^GSPC", "^IXIC")),
        ("energy stocks", ("XLE",)),
        ("^TNX", ("^TNX",)),
    ],
)
def test_instruments(text, symbols):
    assert read_question(text, AS_OF).symbols == symbols


@pytest.mark.parametrize(
    ("text", "strangers"),
    [
        ("What was ABCD's close?", ("ABCD",)),
        ("What is Apple's forward P/E?", ("Apple",)),
        ("What does Warren Buffett think about small caps?", ("Warren Buffett",)),
        ("Jefferies' target?", ("Jefferies",)),
        ("How did the Dow Jones Industrial Average do in January?", ()),
        ("Is the Russell 2000 rally sustainable?", ()),
        ("What will the Fed do?", ()),
        ("Close on January 25, 2026", ()),
    ],
)
def test_names_that_are_no_instrument(text, strangers):
    assert read_question(text, AS_OF).strangers == strangers


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("How much is the Russell 2000 up since the April low?", True),
        ("How did the S&P 500 do since the last Fed meeting?", True),
        ("How did the S&P 500 do since Thanksgiving?", False),
        ("Will the rally in small caps last?", False),
        ("How did the Nasdaq do?", False),
        ("When did small caps last beat the S&P this many days in a row?", False),
    ],
)
def test_a_period_that_is_not_understood_is_known_to_be(text, unread):
    assert read_question(text, AS_OF).unread is unread


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("since Thanksgiving", date(2025, 11, 27), AS_OF),
        ("since Easter", date(2025, 4, 20), AS_OF),
        ("week to date", date(2026, 1, 19), AS_OF),
        ("in the third quarter", date(2025, 7, 1), date(2025, 9, 30)),
        ("in the first week of January", date(2026, 1, 1), date(2026, 1, 7)),
        # ten sessions to Friday the 23rd, with Martin Luther King Day among the days
        ("over the last 10 trading days", date(2026, 1, 9), AS_OF),
    ],
)
def test_windows_by_name(text, start, end):
    assert read_window(f"How did the Dow do {text}?", AS_OF) == (start, end, None)


YEAR_TO_DATE = (date(2026, 1, 1), AS_OF, None)


def days(first: str, last: str) -> tuple[date, date, None]:
    return date.fromisoformat(first), date.fromisoformat(last), None


def day(text: str) -> tuple[None, None, date]:
    return None, None, date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        (
            "in November 2025 and in January 2026",
            [days("2025-11-01", "2025-11-30"), days("2026-01-01", "2026-01-23")],
        ),
        ("YTD and over the past 3 months", [YEAR_TO_DATE, days("2025-10-24", "2026-01-23")]),
        ("ytd and 1yr, vs SPX", [YEAR_TO_DATE, days("2025-01-24", "2026-01-23")]),
        (
            "in January compared to December",
            [days("2026-01-01", "2026-01-23"), days("2025-12-01", "2025-12-31")],
        ),
        ("in 2023, 2024", [days("2023-01-01", "2023-12-31"), days("2024-01-01", "2024-12-31")]),
        ("on MLK day and on Friday", [day("2026-01-19"), day("2026-01-23")]),
        ("on January 5, 2026 and January 9, 2026", [day("2026-01-05"), day("2026-01-09")]),
        # One window, or one day, however it is written.
        ("between March 2020 and June 2021", [days("2020-03-01", "2021-06-30")]),
        (
            "from the close of October 3, 2025 to that of October 10, 2025",
            [days("2025-10-03", "2025-10-10")],
        ),
        ("on Friday, January 23, 2026", [day("2026-01-23")]),
        ("against its 20d average and the 10y yield", []),
        ("with the January effect, or without it", []),
    ],
)
def test_each_of_the_windows_named_is_read(text, windows):
    assert read_windows(f"How did the Russell 2000 do {text}?", AS_OF) == windows


@pytest.mark.parametrize(
    ("text", "day_of_decision"),
    [
        # The FOMC cut on September 17, October 29 and December 10, 2025, and hiked last in 2023.
        ("since the Fed cut in December", date(2025, 12, 10)),
        ("since the Fed's last cut", date(2025, 12, 10)),
        ("since the Fed cut in October", date(2025, 10, 29)),
        ("since the last Fed hike", date(2023, 7, 26)),
    ],
)
def test_a_decision_of_the_fed_begins_a_window(text, day_of_decision):
    assert read_windows(f"Best sector {text}?", AS_OF) == [(day_of_decision, AS_OF, None)]


def test_a_second_sentence_is_a_second_question():
    ask = read_question("Do small caps usually beat in January? Did they this year?", AS_OF)
    assert ask.intent == "season"
    assert [(m.intent, m.symbols, m.start) for m in ask.more] == [
        ("performance", ("^RUT",), date(2026, 1, 1))
    ]
    ask = read_question("Is the Dow rally sustainable? How did it do in January?", AS_OF)
    assert ask.start is None
    assert [m.intent for m in ask.more] == ["performance"]

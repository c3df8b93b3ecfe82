"""Other wordings of the same questions, slips of the keyboard, and periods in words."""

from datetime import date

import pytest

from qa.agent.periods import stated_window
from qa.agent.planning import read_question
from qa.agent.spelling import spelled
from qa.agent.windows import read_window

AS_OF = date(2026, 3, 6)  # a Friday


@pytest.mark.parametrize(
    "text",
    [
        "Can communication services keep up this year's run?",
        "Has the S&P 500 found a floor that will hold?",
        "How lasting is the Russell 2000's rebound so far?",
        "Will small caps go on lagging the S&P 500?",
        "small caps have been on fire this year, is that sustianable??",
        "Will the rise of utilities hold?",
        "Can the Russell 2000 hold its year-to-date lead over the S&P 500?",
        "Is the bottom in for small caps?",
        "Has the Nasdaq peaked?",
        "Is this just another head fake in small caps?",
        "Could the Dow's advance run out of road from here and reverse?",
        "Is the S&P 500 rally near its end?",
        "Small caps at a record high: is the Russell 2000 rally sustainable?",
        "Was January just the January effect, or is the small-cap rally sustainable?",
    ],
)
def test_will_it_last_in_other_words(text):
    assert read_question(text, AS_OF).intent == "sustainability"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("calendar year 2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("How good a year was 1995", date(1995, 1, 1), date(1995, 12, 31)),
        ("Compare February 2026", date(2026, 2, 1), date(2026, 2, 28)),
        ("March 2020 to December 2021", date(2020, 3, 1), date(2021, 12, 31)),
        ("the bear market of 2007 to 2009", date(2007, 1, 1), date(2009, 12, 31)),
        ("from the 2007 high to the 2009 low", date(2007, 1, 1), date(2009, 12, 31)),
        ("since March 2020", date(2020, 3, 1), AS_OF),
        ("since the end of 2019", date(2020, 1, 1), AS_OF),
        ("in the first half of 2025", date(2025, 1, 1), date(2025, 6, 30)),
        ("4Q25", date(2025, 10, 1), date(2025, 12, 31)),
        ("in the week after January 23, 2026", date(2026, 1, 24), date(2026, 1, 30)),
        # sessions: Monday the 26th to Wednesday the 28th
        ("three days after January 23, 2026", date(2026, 1, 24), date(2026, 1, 28)),
        ("in the week ended October 10, 2008", date(2008, 10, 6), date(2008, 10, 10)),
        ("in the week of March 9, 2020", date(2020, 3, 9), date(2020, 3, 15)),
    ],
)
def test_periods_in_words(text, start, end):
    assert stated_window(text, AS_OF) == (start, end)


@pytest.mark.parametrize(
    "text",
    ["on January 22", "a fall below 2000", "the Russell 2000", "the target for year-end 2026"],
)
def test_what_is_no_period(text):
    assert stated_window(text, AS_OF) is None


def test_last_week_on_a_sunday_is_the_one_that_has_just_ended():
    text = "What did the S&P 500 do last week?"
    assert read_window(text, date(2008, 10, 12))[:2] == (date(2008, 10, 6), date(2008, 10, 12))
    assert read_window(text, date(2008, 10, 10))[:2] == (date(2008, 9, 29), date(2008, 10, 5))


def test_the_end_of_a_period_is_a_day():
    assert read_window("Where did the Dow end 1999?", AS_OF) == (None, None, date(1999, 12, 31))
    assert read_window("the last close in November 2025", AS_OF)[2] == date(2025, 11, 30)


def test_a_day_by_its_number_is_the_last_such_day():
    assert read_window("And on the 25th?", date(2026, 1, 26))[2] == date(2026, 1, 25)
    assert read_window("And on the 30th?", date(2026, 1, 26))[2] == date(2025, 12, 30)
    assert read_window("And on the 31st?", date(2026, 3, 1))[2] == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Russel 2000", "Russell 2000"),
        ("Russel 2000 retrun", "Russell 2000 return"),
        ("is that sustianable", "is that sustainable"),
        ("Nasdq perfomance", "Nasdaq performance"),
    ],
)
def test_slips_are_put_right(text, right):
    assert spelled(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "Did it really close higher?",
        "Analysts are divided: is the damage contained?",
        "An analysis of strategies closer to the close",
        "What does Fidelity's Timmer say about Meta?",
        "returns, sectors, targeted, performing, rallied",
    ],
)
def test_words_that_are_right_stay(text):
    assert spelled(text) == text


def test_what_is_asked_of_a_day_to_come_is_later_than_all():
    assert read_question("What did the Dow do after March 6, 2026?", AS_OF).later
    assert read_question("How did the Dow do in April 2026?", AS_OF).later
    assert not read_question("What did the Dow do after March 5, 2026?", AS_OF).later

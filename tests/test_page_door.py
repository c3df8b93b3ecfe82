"""The door: a password that can't be tried without end."""

from __future__ import annotations

import pytest
from page import new_page, text_of

from qa.page.door import MOST_TRIES, Tries

WRONG = "That is not the password; it is what TAPECHECK_PASSWORD says."


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tries(clock: Clock) -> Tries:
    return Tries(clock)


def test_the_right_password_opens_the_door_and_a_wrong_one_does_not(tries: Tries) -> None:
    assert tries.judge(False) == WRONG
    assert tries.judge(True) is None


def test_five_wrong_ones_in_a_minute_shut_it_for_a_minute(tries: Tries, clock: Clock) -> None:
    for _ in range(MOST_TRIES):
        assert tries.judge(False) == WRONG
        clock.now += 10
    clock.now -= 10
    shut = "Too many wrong passwords were given: try again in 60 seconds."
    assert tries.judge(False) == shut
    assert tries.judge(True) == shut  # a guess that hits meanwhile is not told from one that misses
    clock.now += 59.5
    assert tries.judge(True) == "Too many wrong passwords were given: try again in 1 seconds."
    clock.now += 0.5
    assert tries.judge(True) is None


def test_a_right_one_in_between_does_not_begin_the_count_anew(tries: Tries) -> None:
    for _ in range(MOST_TRIES - 1):
        tries.judge(False)
    assert tries.judge(True) is None
    assert tries.judge(False) == WRONG
    assert "try again in 60 seconds" in str(tries.judge(True))


def test_five_wrong_ones_over_more_than_a_minute_do_not(tries: Tries, clock: Clock) -> None:
    for _ in range(3 * MOST_TRIES):
        assert tries.judge(False) == WRONG
        clock.now += 16


def test_the_count_is_that_of_all_sessions(page, monkeypatch) -> None:
    monkeypatch.setenv("TAPECHECK_PASSWORD", "open sesame")
    for _ in range(MOST_TRIES):
        knocking = new_page().run()
        knocking.text_input[0].input("wrong")
        knocking.button[0].click().run()
        assert WRONG in text_of(knocking)
    page.run()
    page.text_input[0].input("open sesame")
    page.button[0].click().run()
    assert not page.exception
    assert "Too many wrong passwords" in text_of(page)
    assert not page.chat_input

"""Published calls and what became of them, worked by hand on small histories."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from conftest import SHARED, needs_real_tape
from market_toys import Toys, series
from typer.testing import CliRunner

from qa.agent.calls import Call, calls, tallies
from qa.cli import app
from qa.domain import Passage
from qa.market.tape import Tape

FIRST = "2025-01-06"  # a Monday


def note(text: str = "House A likes small caps this year.", **given: Any) -> Passage:
    told = {
        "id": f"p-{text}",
        "document": f"{text}.md",
        "title": "A note",
        "author": None,
        "firm": "House A",
        "published": date(2025, 1, 11),
        "ingested": datetime(2025, 1, 12, tzinfo=UTC),
        "url": None,
        "text": text,
        "span": (0, len(text)),
        "tickers": ("^RUT",),
        "stance": "bullish",
    }
    return Passage.model_validate(told | given)


def tape(closes: list[float], as_of: date, other: float = 100.0) -> Tape:
    return Tape(
        Toys(series(closes, first=FIRST), series([other] * len(closes), "^GSPC", first=FIRST)),
        as_of,
    )


def only(found: list[Call]) -> Call:
    (one,) = found
    return one


def test_a_stance_is_decided_sixty_three_sessions_later() -> None:
    # Published on Saturday the 11th: from Friday's close, the fifth, to that of row 4 + 63.
    closes = [100.0] * 67 + [110.0] * 10
    late = only(calls([note()], tape(closes, date(2025, 12, 31))))
    assert (late.outcome, late.move, late.lead) == (
        "confirmed",
        pytest.approx(10),
        pytest.approx(10),
    )
    assert str(late.due) == "2025-04-09"
    early = only(calls([note()], tape(closes[:40], date(2025, 2, 28))))
    assert (early.outcome, early.due, early.move) == ("open", None, pytest.approx(0))
    wrong = only(calls([note(stance="bearish")], tape(closes, date(2025, 12, 31))))
    assert wrong.outcome == "not confirmed"


def test_what_is_published_later_or_leans_neither_way_is_no_call() -> None:
    after = tape([100.0] * 80, date(2025, 1, 10))
    assert calls([note()], after) == []
    whole = tape([100.0] * 80, date(2025, 12, 31))
    assert calls([note(stance="neutral"), note(stance=None), note(published=None)], whole) == []


TARGET = "House A targets 120 for the Russell 2000 at the end of 2025."


@pytest.mark.parametrize(
    ("closes", "as_of", "outcome", "on"),
    [
        ([100.0] * 20 + [121.0] + [100.0] * 20, date(2025, 12, 31), "reached", "2025-02-03"),
        ([100.0] * 41, date(2025, 12, 31), "open", None),
        ([100.0] * 41, date(2026, 1, 2), "missed", None),
    ],
)
def test_a_target_is_reached_missed_or_open(
    closes: list[float], as_of: date, outcome: str, on: str | None
) -> None:
    found = calls([note(TARGET, stance="neutral")], tape(closes, as_of))
    one = only(found)
    assert (one.said, one.outcome, one.on and str(one.on)) == ("120", outcome, on)
    assert str(one.due) == "2025-12-31"
    assert one.move == pytest.approx(20)  # from the last close of 100


def test_a_target_below_is_reached_from_above() -> None:
    closes = [150.0] * 20 + [119.0] * 20
    assert (
        only(calls([note(TARGET, stance=None)], tape(closes, date(2025, 6, 1)))).outcome
        == "reached"
    )


def test_a_target_of_a_year_gone_by_or_of_none_is_no_call() -> None:
    long_ago = TARGET.replace("2025", "2024")
    timeless = "House A targets 120 for the Russell 2000."
    found = calls(
        [note(long_ago, stance=None), note(timeless, stance=None)],
        tape([100.0] * 41, date(2026, 1, 2)),
    )
    assert found == []


def test_a_target_that_is_recalled_is_not_set_again() -> None:
    recalled = "Wire B recalls that House A began 2025 with a Russell 2000 target of 120."
    assert calls([note(recalled, stance=None)], tape([100.0] * 41, date(2025, 6, 1))) == []


def test_a_tally_says_when_it_is_too_small() -> None:
    closes = [100.0] * 67 + [110.0] * 10
    notes = [note(f"House A, note {n}, likes them.") for n in range(12)]
    (tally,) = tallies(calls(notes[:3], tape(closes, date(2025, 12, 31))))
    assert tally.words == "House A: 3 of 3 right; too few to tell."
    (tally,) = tallies(calls(notes, tape(closes, date(2025, 12, 31))))
    assert tally.words == "House A: 12 of 12 right."


@needs_real_tape
def test_a_published_target_of_2025_is_held_against_the_tape(store: str, monkeypatch) -> None:
    monkeypatch.setenv("TAPECHECK_STORE", store)
    given = ["calls", "--firm", "goldman", "--as-of", "2026-03-06", "--json"]
    done = CliRunner().invoke(app, [*given, "--market", f"folder:{SHARED / 'market'}"])
    assert done.exit_code == 0, done.output
    found = {call["said"]: call for call in json.loads(done.stdout)}
    # The S&P 500 first closed above 6,600 on 2025-09-15, at 6,615.28.
    assert (found["6,600"]["outcome"], found["6,600"]["on"]) == ("reached", "2025-09-15")

"""The long answer read by a sceptic: whose view counts, on what, and that nothing contradicts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED, needs_real_tape

from qa.agent import voices
from qa.agent.scorecard import scorecard
from qa.analyst import Analyst
from qa.domain import Answer, Driver, Passage

NOON = datetime(2026, 1, 23, 12, tzinfo=UTC)


def note(text: str, **told: Any) -> Passage:
    """A note on small caps by Ann Author of Firm, published on 2026-01-20."""
    given = {
        "id": f"p-{text}",
        "document": f"{text}.md",
        "title": "A note",
        "author": "Ann Author",
        "firm": "Firm",
        "published": date(2026, 1, 20),
        "ingested": NOON,
        "url": None,
        "text": text,
        "span": (0, len(text)),
        "tickers": ("^RUT",),
        "stance": "bearish",
    }
    return Passage.model_validate(given | told)


def readings(*notes: Passage, subject: str) -> dict[str, str]:
    items = [(f"p{n}", one) for n, one in enumerate(notes, start=1)]
    return {row.name: row.reading for row in scorecard(items, subject)}


def test_a_stance_on_something_else_is_no_vote() -> None:
    doubt = note("She prefers technology and says leaving it for small caps makes no sense.")
    assert readings(doubt, subject="^RUT")["opinion"].startswith("0 recent views for, 1 against")
    assert readings(doubt, subject="XLK")["opinion"].startswith("not available")


def test_what_is_said_of_policy_rates_alone_votes_on_policy_alone() -> None:
    fed = Driver(name="Fed on hold", kind="policy")
    minutes = note("Tightening would be needed.", tickers=("FEDFUNDS",), drivers=(fed,))
    found = readings(minutes, subject="^RUT")
    assert found["policy views"] == "0 recent views for, 1 against (2026-01-20)"
    assert found["opinion"].startswith("not available")
    assert readings(minutes, subject="XLE")["policy views"].startswith("not available")


def test_a_view_that_its_author_has_replaced_stands_no_more() -> None:
    old = note("Small caps will fade.", published=date(2026, 1, 7))
    new = note("Small caps will lead.", published=date(2026, 1, 19), stance="bullish")
    colleague = note("Small caps are fragile.", author="Ben Other", published=date(2026, 1, 8))
    elsewhere = note("Energy will lead.", tickers=("XLE",), stance="bullish")
    held = [("p1", old), ("p2", new), ("p3", colleague), ("p4", elsewhere)]
    assert [key for key, _ in voices.standing(held, "^RUT")] == ["p2", "p3"]


def test_what_is_said_of_small_and_large_caps_is_said_of_small_caps() -> None:
    gap = note("The valuation gap between small and large caps is snapping back.")
    assert voices.about(gap.text, gap, "^RUT")
    assert not voices.about(gap.text, gap, "^GSPC")
    large = note("Large caps have the earnings, and small caps the debt.")
    assert voices.about(large.text, large, "^GSPC")


@pytest.fixture(scope="module")
def technology(real_analyst: Analyst) -> Answer:
    return real_analyst.ask("Is the technology rally sustainable?", as_of="2025-11-20")


@needs_real_tape
def test_a_doubt_about_small_caps_is_no_doubt_about_technology(technology: Answer) -> None:
    assert not [c.text for c in technology.claims if c.section in ("bulls", "skeptics")]
    assert {r.direction for r in technology.scorecard if "views" in r.name} == {None}
    quoted = [c.text for c in technology.claims if c.section == "drivers"]
    assert quoted
    assert all("preference for technology" in text for text in quoted)
    silent = [line for line in technology.unanswered if line.startswith("Commentary on")]
    assert silent == [
        "Commentary on the technology sector fund (XLK): no note on it was found on or before "
        "2025-11-20; what is quoted comes from notes on something else."
    ]


@needs_real_tape
def test_a_reading_that_is_missing_says_why(technology: Answer) -> None:
    missing = {r.name: r.reading for r in technology.scorecard if r.direction is None}
    assert all(reading.startswith("not available: ") for reading in missing.values())
    # XLK has 54 closes up to then; the ten-year yield too, of 64 that a change over 63 takes.
    assert missing["stretch"].endswith("no 200-day average, the history held is too short")
    assert missing["rates"].endswith("too little history of what it takes")
    assert f"not available: {', '.join(missing)};" in technology.verdict.why


@needs_real_tape
def test_a_window_that_the_question_does_not_name_is_said_to_be_ours(technology: Answer) -> None:
    assert technology.unanswered[0] == (
        "The question names no period: the window is this month and the one before, 2025-10-01 to "
        "2025-11-20."
    )


@needs_real_tape
def test_a_verdict_that_the_scorecard_does_not_give_is_not_turned_by_its_rows(
    real_analyst: Analyst,
) -> None:
    # 611.47 / 614.31 - 1 from 2025-12-31: no rally, whatever single rows would do.
    answer = real_analyst.ask("Is the QQQ rally running out of steam?", as_of="2026-02-10")
    assert answer.verdict.why.startswith("Over this window there is no rally to last.")
    assert "read the other way" not in answer.verdict.why


@needs_real_tape
def test_in_a_thread_the_scorecard_is_that_of_the_verdict(store: str, tmp_path: Path) -> None:
    desk = Analyst(
        model="offline",
        market=f"folder:{SHARED / 'market'}",
        store=store,
        threads=tmp_path / "threads.sqlite",
    )
    for question in (
        "How did the Russell 2000 do in December 2025?",
        "What about the Nasdaq?",
        "Is its rally sustainable?",
    ):
        answer = desk.ask(question, as_of="2026-01-23", thread="subject")
    desk.threads.close()
    told = {r.name for r in answer.scorecard if r.direction == 1}
    assert "The Nasdaq Composite gained 0.58%" in answer.verdict.why
    assert told
    assert f"for it: {', '.join(r.name for r in answer.scorecard if r.direction == 1)}" in (
        answer.verdict.why
    )
    assert not [r for r in answer.scorecard if r.name == "opinion" and r.direction is not None]


@needs_real_tape
def test_of_a_season_a_note_is_given_its_own_words(real_analyst: Analyst) -> None:
    answer = real_analyst.ask("Is the Russell 2000 rally sustainable?", as_of="2026-01-23")
    january = [c.text for c in answer.claims if "38 Januaries" in c.text]
    # Darkstone Capital says that it is none: "points to the January effect" was wrong of it.
    assert len(january) == 1
    assert "not a January effect or a short squeeze (2026-01-22)" in january[0]
    sentences = [c.text.rsplit(" (", 1)[0] for c in answer.claims if c.section == "uncertainties"]
    told = "\n".join(c.text for c in answer.claims if c.section == "base_rates")
    assert not [s for s in sentences if s in told]


@needs_real_tape
def test_without_a_benchmark_a_season_is_held_against_the_usual(real_analyst: Analyst) -> None:
    answer = real_analyst.ask("Will the S&P 500 rebound since March hold?", as_of="2020-06-08")
    rows = {r.name: r.reading for r in answer.scorecard}
    # 0.15% in June, of 0.82% over any as many sessions
    assert rows["seasonality"].startswith("0.67 percentage points below its usual")
    assert rows["relative strength"] == "not available: there is no benchmark to hold it against"
    assert any("4.54% below its record close of 3,386.15" in c.text for c in answer.claims)


@needs_real_tape
def test_sector_funds_that_come_later_are_not_said_to_be_missing_from_the_source(
    real_analyst: Analyst,
) -> None:
    answer = real_analyst.ask("Is the small-cap rally sustainable?", as_of="2018-09-28")
    line = next(line for line in answer.unanswered if "sector funds" in line)
    assert line == "The folder market holds no sector funds with prices up to 2018-09-28."

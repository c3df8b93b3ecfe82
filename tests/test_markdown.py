"""The Markdown page: its order, its sources, and that nothing in it can act."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from evidence import AS_OF, RUSSELL, passage

from qa.domain import Answer, Check, Claim, Question, ScoreRow, Verdict
from qa.report.markdown import NOT_ADVICE, safe, to_markdown, words_used

TWO = "Small caps are cheap. Earnings are to grow 19% in 2026. The weather was fine."


def answer(**changed: Any) -> Answer:
    cited = RUSSELL.model_copy(update={"number": 1})
    said = passage(TWO, url="https://example.org/note").model_copy(update={"number": 2})
    parts: dict[str, Any] = {
        "question": Question(text="Is the Russell 2000 rally sustainable?", as_of=AS_OF),
        "verdict": Verdict(label="fragile", confidence=0.6, why="It gained 6.75% [1]."),
        "claims": (
            Claim(section="bulls", text="Earnings are to grow 19% [2].", evidence=(said.id,)),
            Claim(section="summary", text="It gained 6.75% [1].", evidence=(cited.id,)),
        ),
        "scorecard": (
            ScoreRow(name="trend", reading="above", direction=1, weight=0.5, kind="technical"),
        ),
        "evidence": (cited, said, passage("Nobody cites this one.")),
        "checks": (
            Check(kind="figure", claim="Up 44%.", verdict="unsupported", expected="a slot",
                  found="44%", reason="no evidence holds it"),
        ),
        "unanswered": ("Earnings are not on the tape.",),
        "market": "the sample market",
        "sample_data": True,
        "model": "offline",
        "settings_hash": "0",
    }  # fmt: skip
    return Answer(**{**parts, **changed})


def test_the_parts_stand_in_order() -> None:
    page = to_markdown(answer())
    marks = [
        "# Is the Russell 2000 rally sustainable?",
        "As of Friday 2026-01-23 · tape: **the sample market**",
        "**Fragile (confidence 0.60).** It gained 6.75% [1].",
        "## In short",
        "## Bulls",
        "## Scorecard",
        "## Not known",
        "## Sources",
        "## Could not be verified",
        f"*{NOT_ADVICE}*",
    ]
    assert [page.index(m) for m in marks] == sorted(page.index(m) for m in marks)
    assert re.findall(r"^##? .*", page, re.M) == [m for m in marks if m.startswith("#")]


def test_a_failed_sentence_is_listed_by_its_reason_and_not_told_again() -> None:
    page = to_markdown(answer())
    assert "- no evidence holds it (in a sentence left out)" in page
    assert "44%" not in page


def test_only_cited_sources_are_listed_under_their_numbers() -> None:
    page = to_markdown(answer())
    listed = page.split("## Sources")[1].split("## Could")[0]
    assert re.findall(r"^(\d+)\. ", listed, re.M) == ["1", "2"]
    assert "Nobody cites" not in page
    assert "<https://example.org/note>" in listed
    assert "Close of 2026-01-23 over the close of 2025-11-28." in listed
    assert "basis prior close" in listed


def test_a_source_shows_the_words_that_were_used() -> None:
    listed = to_markdown(answer()).split("## Sources")[1]
    assert "“Earnings are to grow 19% in 2026.”" in listed
    assert "weather" not in listed


@pytest.mark.parametrize(
    ("told", "used"),
    [
        (["They say small caps: Small caps are cheap [2]."], ["Small caps are cheap."]),
        (["Growth is put at 19% [2]."], ["Earnings are to grow 19% in 2026."]),
        (["The note is cheerful [2]."], ["Small caps are cheap."]),
    ],
)
def test_words_used_are_those_reported_or_sharing_a_figure(
    told: list[str], used: list[str]
) -> None:
    assert words_used(passage(TWO), told) == used


def test_an_answer_without_claims_says_what_it_cannot_tell() -> None:
    page = to_markdown(
        answer(claims=(), evidence=(), checks=(), scorecard=(),
               verdict=Verdict(label="not_asked", confidence=0, why=""))
    )  # fmt: skip
    assert "## Can't tell\n\n- Earnings are not on the tape." in page
    assert "## Sources" not in page
    assert "Could not be verified" not in page
    assert "confidence" not in page


def test_a_market_that_is_no_sample_is_not_marked_as_one() -> None:
    page = to_markdown(answer(sample_data=False, market="folder *mine*"))
    assert "tape: folder \\*mine\\* ·" in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "![pixel](https://evil.example/p.png)",
        "[click][1]",
        "[1]: javascript:alert(1)",
        "[1](javascript:alert(1))",
        "*bold* _it_ `code` ~~gone~~",
        "| a | b |",
        "<javascript:alert(1)>",
    ],
)
def test_markup_in_a_passage_is_inert(text: str) -> None:
    shown = safe(f"{text} it said")
    loose = re.compile(r"(?<!\\)(?:\\\\)*(?:[<>*_`|]|~~)")
    assert not loose.search(shown)
    assert not re.search(r"(?<!\\)\](?:\(|\[|:)", shown)
    assert shown.replace("\\", "") == f"{text} it said"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# A heading", "\\# A heading"),
        ("- an item", "\\- an item"),
        ("+ an item", "\\+ an item"),
        ("1. an item", "1\\. an item"),
        ("2) an item", "2\\) an item"),
        ("~~~ a fence", "\\~\\~~ a fence"),
        ("=== a rule", "\\=== a rule"),
        ("two\n\n# lines", "two # lines"),
        ("6.75% at 2,669.16 [1].", "6.75% at 2,669.16 [1]."),
        ("so it is [1] [2].", "so it is [1] [2]."),
        ("a [sic] b", "a \\[sic\\] b"),
    ],
)
def test_what_would_open_a_block_is_escaped(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_hostile_text_stays_inert_on_the_whole_page() -> None:
    evil = "[x](javascript:alert(1)) <script>alert(1)</script>"
    said = passage(f"{evil} Small caps gain.", author=evil, url="javascript:alert(1)")
    said = said.model_copy(update={"number": 1, "title": evil, "role": evil})
    page = to_markdown(
        answer(
            question=Question(text=evil, as_of=date(2026, 1, 23)),
            claims=(Claim(section="bulls", text=f"{evil} [1].", evidence=(said.id,)),),
            evidence=(said,),
            unanswered=(evil,),
            market=evil,
            model=evil,
        )
    )
    assert "<script" not in page.replace("\\<script", "")
    assert "](javascript" not in page.replace("\\](javascript", "")
    assert "<javascript" not in page


def test_the_confidence_is_said_to_be_no_probability(sample_analyst):
    text = to_markdown(sample_analyst.ask("Is the Russell 2000 rally sustainable?"))
    assert "confidence" in text.split("## ")[0]
    assert "It is no probability." in text.split("## Scorecard")[1].split("## ")[0]

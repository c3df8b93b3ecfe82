"""The answer as HTML: marks that open their proof, nothing that acts, nothing that is fetched."""

from __future__ import annotations

import re
import sys
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from evidence import RUSSELL, SP500, figure, metric, passage
from test_markdown import answer

from qa.cli import main
from qa.cli_page import page as page_script
from qa.domain import CheckedFigure, Claim, Question, ScoreRow, Verdict
from qa.report.html import scorecard, sections, to_html
from qa.report.marks import marked, passage_card

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror=alert(1)> " onmouseover="alert(1) '
    "[a](javascript:alert(1)) ![b](http://evil.example/p.png) </details></div></style>"
)


class Tags(HTMLParser):
    """Every element with its attributes, and the text; fails for what is not closed in order."""

    VOID = ("meta", "br")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def computed(text: str, value: float) -> CheckedFigure:
    return CheckedFigure(
        text=text, value=value, unit="percent", status="computed", evidence=RUSSELL.id
    )


def claim(text: str, *figures: CheckedFigure, **changed: Any) -> str:
    """The only claim of an answer, as HTML."""
    return marked(text, figures, answer(**changed))


def summaries(page: str) -> list[str]:
    return re.findall(r"<summary[^>]*>(.*?)</summary>", page)


def test_a_computed_figure_opens_its_definition_window_inputs_and_source() -> None:
    page = claim("It gained 6.75% [1].", computed("6.75%", 6.7453))
    assert summaries(page) == ["6.75%", "[1]"]
    proof = Tags(page[: page.index("tc-cite")] + '"></details>').text
    for words in (
        "Computed from the tape",
        "return of performance [1]",
        "6.7453 percent",
        "Close of 2026-01-23 over the close of 2025-11-28.",
        "2025-12-01 to 2026-01-23, from the prior close",
        "start level 2,500.43",
        "hand, retrieved 2026-01-24 00:00 UTC",
    ):
        assert words in proof


def test_a_figure_is_marked_where_it_stands_whole() -> None:
    page = claim("In 1,500 of 50 it rose 0% and 50%.", computed("50", 50.0), computed("0%", 0.0))
    assert re.sub(r"<details.*?</details>", "#", page) == "In 1,500 of # it rose # and 50%."


def test_equal_figures_are_marked_one_after_the_other() -> None:
    page = claim("Up 2% here and 2% there.", computed("2%", 2.0), computed("2%", 2.0))
    assert re.sub(r"<details.*?</details>", "#", page) == "Up # here and # there."


def test_a_quoted_figure_shows_its_words() -> None:
    said = passage("Rates fell. Earnings grow 19% in 2026.").model_copy(update={"number": 2})
    quoted = CheckedFigure(text="19%", value=19.0, unit="percent", status="quoted",
                           evidence=said.id)  # fmt: skip
    page = claim("Earnings grow 19% [2].", quoted, evidence=(said,))
    assert 'class="tc-mark tc-quoted"' in page
    assert "“Earnings grow 19% in 2026.”" in page
    assert "<mark>Earnings grow 19% in 2026.</mark>" in page  # in its context, behind [2]


def test_a_quoted_figure_that_the_tape_contradicts_is_disputed() -> None:
    row = {
        "text": "It rose 19%.", "span": [0, 12], "subject": "^RUT", "metric": "move",
        "asserted": "19%", "actual": "+6.75%", "definition": "close to close",
        "verdict": "contradicted", "reason": "no definition gives it",
    }  # fmt: skip
    said = passage("It rose 19%.").model_copy(update={"number": 2, "audit": (row,)})
    quoted = CheckedFigure(text="19%", value=19.0, unit="percent", status="quoted",
                           evidence=said.id)  # fmt: skip
    page = claim("It rose 19% [2].", quoted, evidence=(said,))
    assert 'class="tc-mark tc-disputed"' in page
    assert "+6.75%: no definition gives it" in page
    assert '<td data-head="Verdict">contradicted</td>' in page  # the passage's own audit


def test_a_figure_that_a_file_calls_unsupported_is_not_marked_as_checked() -> None:
    wrong = computed("6.75%", 6.7453).model_copy(update={"status": "unsupported"})
    page = claim("It gained 6.75%.", wrong)
    assert 'class="tc-mark tc-unchecked"' in page
    assert "tc-computed" not in page


def test_a_derived_figure_shows_its_arithmetic_by_numbers() -> None:
    one, two = (m.model_copy(update={"number": n}) for n, m in ((1, RUSSELL), (2, SP500)))
    derived = CheckedFigure(
        text="5.78 percentage points", value=5.78, unit="percentage_points", status="derived",
        evidence=f"{one.id}, {two.id}: 6.75% - 0.97%",
    )  # fmt: skip
    page = claim("5.78 percentage points ahead.", derived, evidence=(one, two))
    assert "<dt>Arithmetic</dt><dd>[1], [2]: 6.75% - 0.97%</dd>" in page


def test_the_document_has_the_numbers_of_the_markdown_and_what_was_left_out() -> None:
    page = to_html(answer())
    assert re.findall(r'<li value="(\d+)"', page) == ["1", "2"]
    text = Tags(page).text
    for words in (
        "Not real prices: the sample market.",
        "Fragile",
        "no evidence holds it (in a sentence left out)",
        "Earnings are not on the tape.",
    ):
        assert words in text


def test_nothing_that_is_written_by_others_acts() -> None:
    said = passage(HOSTILE, author=HOSTILE, url="javascript:alert(1)")
    said = said.model_copy(update={"number": 2, "title": HOSTILE})
    odd = metric((HOSTILE,), {"return": figure(1.0, "percent")}, tool="performance")
    odd = odd.model_copy(update={"number": 1, "definition": HOSTILE, "source": HOSTILE})
    page = to_html(
        answer(
            question=Question(text=HOSTILE, as_of=date(2026, 1, 23)),
            verdict=Verdict(label="fragile", confidence=0.5, why=HOSTILE, disputed=HOSTILE),
            claims=(Claim(section="bulls", text=f"{HOSTILE} [1] [2]", evidence=(said.id, odd.id)),),
            evidence=(odd, said),
            unanswered=(HOSTILE,),
            market=HOSTILE,
            notes=(HOSTILE,),
        )
    )
    tags = Tags(page)
    assert {tag for tag, _ in tags.found}.isdisjoint({"script", "img", "a", "iframe", "link"})
    names = {name for _, attributes in tags.found for name in attributes}
    assert not {name for name in names if name.startswith("on")}
    assert tags.text.count("<script>alert(1)</script>") >= 8  # told as text wherever it was


def test_a_saved_answer_fetches_nothing() -> None:
    tags = Tags(to_html(answer()))
    assert "default-src 'none'" in str(tags.found)
    assert not [a for _, attributes in tags.found for a in attributes if a == "src"]
    links = [a["href"] for tag, a in tags.found if tag == "a"]
    assert set(links) == {"https://example.org/note"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", ""])
def test_only_web_addresses_are_links(url: str) -> None:
    assert "<a" not in passage_card(passage("Text.", url=url))
    assert "<a" in passage_card(passage("Text.", url="https://example.org/a?b=1&c=2"))


def test_the_command_writes_html_and_names_the_kinds_it_can(store, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TAPECHECK_STORE", store)
    out = tmp_path / "answer.html"
    question = "Where did the Russell 2000 close?"
    for target, code in ((out, 0), (tmp_path / "answer.docx", 2)):
        words = ["tapecheck", "ask", question, "--market", "sample", "--out", str(target)]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as stop:
            main()
        assert (stop.value.code or 0) == code
    assert "ends in .md, .html or .json" in capsys.readouterr().err
    assert "2,669.16" in Tags(out.read_text(encoding="utf-8")).text


def test_the_page_that_the_command_serves_is_there():
    assert page_script().read_text(encoding="utf-8").rstrip().endswith("show_desk()")


def test_of_a_long_section_the_first_claims_stand_open_and_never_one_alone_is_folded() -> None:
    def page(count: int) -> str:
        claims = tuple(
            Claim(section="drivers", text=f"Reason {n}.", evidence=()) for n in range(count)
        )
        return sections(answer(claims=claims), shown=2)

    assert "<details" not in page(3)
    head, _, rest = page(5).partition("<summary>3 more</summary>")
    assert [n for n in range(5) if f"Reason {n}." in head] == [0, 1]
    assert [n for n in range(5) if f"Reason {n}." in rest] == [2, 3, 4]
    assert "more</summary>" not in sections(answer(claims=answer().claims * 9))  # a saved file


def test_the_scorecard_names_its_sides_and_opens_its_sources() -> None:
    row = {"weight": 0.5, "kind": "technical", "evidence": (RUSSELL.id,)}
    rows = tuple(
        ScoreRow(name=name, reading=f"reads {name}", direction=way, **row)
        for name, way in (("trend", 1), ("<b>credit</b>", -1), ("rates", 0), ("breadth", None))
    )
    page = scorecard(answer(scorecard=rows), folded=True)
    assert "Scorecard: 1 for, 1 against, 1 neither, 1 not available" in page
    assert "&lt;b&gt;credit&lt;/b&gt;" in page
    assert page.count('<summary title="Computed from the tape">[1]</summary>') == 4
    assert "Scorecard: " not in to_html(answer(scorecard=rows))  # open in a saved file


def test_a_day_is_not_broken_over_two_lines() -> None:
    page = claim("It closed on 2026-01-23 [1].")
    assert '<span class="tc-day">2026-01-23</span>' in page
    assert "It closed on 2026-01-23 [1]" in Tags(page).text.replace("\n", " ")

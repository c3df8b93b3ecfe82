"""Runs of the suites: their shares and intervals, two side by side, the gate, and the command."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.compare import changes, compared
from eval.results import Asked, Run, interval, read_run, rows, table, write_run
from eval.run import gate
from eval.run_page import to_html
from qa.cli import app
from qa.errors import UsageError

ROOT = Path(__file__).parents[1]


def asked(figures: float = 1.0, *faults: str, **given: object) -> Asked:
    shares = {"passed": float(not faults), "figures": figures}
    told = {"question": "Q?", "as_of": "2026-01-23", "verdict": "not_asked", "words": 40}
    return Asked.model_validate(told | {"shares": shares, "faults": faults} | given)


def run(**suites: dict[str, Asked]) -> Run:
    return Run(made="2026-01-24", model="offline", market="sample", part="all", suites=suites)


def test_a_share_of_all_has_the_exact_interval_of_a_proportion() -> None:
    # Clopper-Pearson for 20 of 20: 0.025 ** (1 / 20).
    assert interval([1.0] * 20) == pytest.approx((0.8316, 1.0), abs=5e-5)
    assert interval([0.0] * 20) == pytest.approx((0.0, 0.1684), abs=5e-5)


def test_a_mixed_share_has_a_bootstrap_interval_about_its_normal_one() -> None:
    values = [1.0] * 80 + [0.0] * 20
    half = 1.96 * (0.8 * 0.2 / 100) ** 0.5
    assert interval(values) == pytest.approx((0.8 - half, 0.8 + half), abs=0.01)


def test_rows_are_means_over_the_questions_that_were_asked_for_it() -> None:
    other = asked().model_copy(update={"shares": {"passed": 1.0}})
    found = {(r.measure, r.value, r.n) for r in rows(run(figures={"a": asked(0.5), "b": other}))}
    assert found == {("passed", 1.0, 2), ("figures", 0.5, 1)}


def test_a_run_is_the_same_after_a_trip_through_its_file(tmp_path: Path) -> None:
    before = run(figures={"a": asked(0.0, "No claim shows “1”.", seconds=0.25)})
    write_run(before, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == before


@pytest.mark.parametrize("text", ["", "[]", '{"made": 1}'])
def test_what_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(UsageError, match=r"x\.json is no run"):
        read_run(tmp_path / "x.json")


def test_a_change_is_paired_by_question() -> None:
    before = run(figures={"a": asked(), "b": asked(), "old": asked(0.0)})
    after = run(figures={"a": asked(0.5, "f"), "b": asked(), "new": asked(0.0)})
    found = {c.measure: c for c in changes(before, after)}
    assert (found["figures"].before, found["figures"].after, found["figures"].n) == (1.0, 0.75, 2)


def test_the_gate_shuts_for_a_fallen_figure_and_a_question_left_out() -> None:
    before = run(figures={"a": asked(), "b": asked()})
    assert list(gate(before, before)) == []
    one_wrong = run(figures={"a": asked(), "b": asked(0.5, "f")})
    assert any("figures fell from 100.0% to 75.0%" in line for line in gate(before, one_wrong))
    left_out = run(figures={"a": asked()})
    assert list(gate(before, left_out)) == ["figures b was not asked"]


def test_an_error_counts_as_a_fall_of_every_measure() -> None:
    failed = asked(0.0, "No answer: ToolError", verdict=None)
    failed = failed.model_copy(update={"shares": {"passed": 0.0}})
    fallen = [c.measure for c in changes(run(x={"a": asked()}), run(x={"a": failed})) if c.fell]
    assert fallen == ["passed", "figures"]


def test_a_small_fall_of_a_lenient_measure_passes() -> None:
    many = {str(i): asked() for i in range(60)}
    one = many | {"0": asked(1.0, "f")}
    assert list(gate(run(x=many), run(x=one))) == []


def test_what_turned_is_named_with_its_faults() -> None:
    lines = "\n".join(compared(run(x={"a": asked()}), run(x={"a": asked(0.0, "No claim.")})))
    assert "x a now fails: Q?" in lines
    assert "    No claim." in lines


def test_untrusted_text_is_no_html_on_the_page() -> None:
    hostile = asked(0.0, "<img src=x onerror=1>", question="<script>", answer="</pre><b>")
    page = to_html(run(x={"<i>": hostile}), run(x={"<i>": asked()}))
    for bad in ("<script>", "<img", "<b>", "<i>"):
        assert bad not in page


def test_the_table_says_what_was_left_out() -> None:
    told = "\n".join(table(run(x={"a": asked()}).model_copy(update={"left_out": 3})))
    assert "3 questions need another tape" in told


# --- The command ---------------------------------------------------------------------------------

needs_inspect = pytest.mark.skipif(
    find_spec("inspect_ai") is None, reason="the extra `eval` is not installed"
)

LINE = {
    "id": "mine",
    "question": "What did the Russell 2000 close at on January 23, 2026?",
    "as_of": "2026-01-23",
    "figures": [{"value": 2669.16, "unit": "level", "decimals": 2}],
}


@needs_inspect
def test_a_suite_of_ones_own_is_one_file_and_one_command(tmp_path: Path) -> None:
    suite, page = tmp_path / "mine.jsonl", tmp_path / "page.html"
    wrong = LINE | {"id": "wrong", "figures": [{"value": 1.5, "unit": "level", "decimals": 2}]}
    suite.write_text(f"{json.dumps(LINE)}\n{json.dumps(wrong)}\n")
    given = [str(suite), "--part", "all", "--logs", str(tmp_path / "logs"), "--html", str(page)]
    command = [sys.executable, "-m", "eval.run", *given]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "50.0%" in done.stdout
    assert "No claim shows 1.5 level." in done.stdout
    assert "2,669.16" in page.read_text()


@needs_inspect
def test_two_runs_are_laid_side_by_side(tmp_path: Path) -> None:
    for name, share in (("a", 1.0), ("b", 0.0)):
        write_run(run(x={"q": asked(share, *["f"] * (not share))}), tmp_path / f"{name}.json")
    given = ["eval", "--compare", str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    assert "FELL" in done.output


@needs_inspect
@pytest.mark.parametrize(
    ("given", "told"),
    [(["nosuch"], "There is no suite 'nosuch'"), (["absent.jsonl"], "Can't read the suite")],
)
def test_what_cant_be_run_is_said(tmp_path: Path, given: list[str], told: str) -> None:
    done = CliRunner().invoke(app, ["eval", *given, "--logs", str(tmp_path)])
    assert isinstance(done.exception, UsageError)
    assert told in str(done.exception)

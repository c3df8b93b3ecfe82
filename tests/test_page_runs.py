"""Runs read from inspect-ai's own logs: scores, misses with their answers, and bad logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from inspect_logs import logged, needs_inspect
from test_markdown import answer

from qa.report.runs import history, read_misses, read_runs, read_shares

pytestmark = needs_inspect


def test_runs_stand_in_their_order_with_scores_and_arguments(tmp_path: Path) -> None:
    logged(tmp_path, 9, None, "wrong")
    logged(tmp_path, 3, None, "wrong")
    runs, problems = read_runs(str(tmp_path))
    assert problems == []
    assert [(f"{run.at:%m-%d}", run.asked, run.samples) for run in runs] == [
        ("01-03", "market=sample", 2), ("01-09", "market=sample", 2),
    ]  # fmt: skip
    (suite,) = runs[0].suites
    assert suite.name == "figures"
    assert dict(suite.scores) == {"accuracy": 0.5, "stderr": 0.35}
    chart = history(runs)
    assert chart is not None
    assert [(row[0], row[1:]) for row in chart.rows] == [(r.at, (50.0,)) for r in runs]
    assert history(runs[:1]) is None


def test_a_miss_has_its_faults_and_the_whole_answer(tmp_path: Path) -> None:
    logged(tmp_path, 3, answer(), "no such figure")
    (run,) = read_runs(str(tmp_path))[0]
    (miss,) = read_misses(run)
    assert (miss.question, miss.faults) == ("Is it so?", ("no such figure",))
    assert miss.answer == answer()


@pytest.mark.parametrize("value", [0, "I", {"cited": 1, "checked": 0}])
def test_scores_of_every_kind_can_be_a_miss(tmp_path: Path, value: Any) -> None:
    logged(tmp_path, 3, None, "why", value=value)
    (miss,) = read_misses(read_runs(str(tmp_path))[0][0])
    assert miss.answer is None
    assert miss.text == "# In words"


@pytest.mark.parametrize("value", [1, 0.5, "C", {"cited": 1, "seconds": 3.5}])
def test_what_is_not_wholly_wrong_is_no_miss(tmp_path: Path, value: Any) -> None:
    logged(tmp_path, 3, None, "why", value=value)
    assert read_misses(read_runs(str(tmp_path))[0][0]) == []


def test_an_answer_of_another_version_is_shown_as_its_text(tmp_path: Path) -> None:
    logged(tmp_path, 3, {"question": "Is it so?", "claims": []}, "why")
    (run,) = read_runs(str(tmp_path))[0]
    assert [(m.answer, m.text) for m in read_misses(run)] == [(None, "# In words")]


def test_a_run_that_failed_and_a_log_that_is_none_are_named(tmp_path: Path) -> None:
    logged(tmp_path, 3, None, "why", status="cancelled")
    (tmp_path / "2026-01-04T10-00-00+00-00_figures_bad.eval").write_bytes(b"not a log")
    runs, problems = read_runs(str(tmp_path))
    assert [[suite.problem for suite in run.suites] for run in runs] == [["cancelled"]]
    assert len(problems) == 1
    assert "figures_bad.eval can't be read as a log" in problems[0]


def test_logs_of_one_folder_are_one_run(tmp_path: Path) -> None:
    for folder, day in (("a", 3), ("b", 9)):
        (tmp_path / folder).mkdir()
        logged(tmp_path / folder, day, None, "wrong")
        logged(tmp_path / folder, day, None, "wrong too", task="asof")
    logged(tmp_path, 12, None, "alone")
    runs, _ = read_runs(str(tmp_path))
    told = [(f"{run.at:%d}", [suite.name for suite in run.suites], run.samples) for run in runs]
    assert told == [
        ("03", ["asof", "figures"], 4), ("09", ["asof", "figures"], 4), ("12", ["figures"], 2),
    ]  # fmt: skip
    assert [(m.suite, m.faults) for m in read_misses(runs[0])] == [
        ("asof", ("wrong too",)), ("figures", ("wrong",)),
    ]  # fmt: skip
    chart = history(runs)
    assert chart is not None
    assert chart.columns == ("run", "asof", "figures")
    assert [row[1:] for row in chart.rows] == [(50.0, 50.0), (50.0, 50.0), (None, 50.0)]


def test_what_our_scorer_notes_is_told_with_each_fault(tmp_path: Path) -> None:
    noted = {"faults": ["one", "two"], "verdict": "not_asked", "words": 40, "seconds": 0.25}
    logged(tmp_path, 3, None, "one two", metadata=noted)
    (miss,) = read_misses(read_runs(str(tmp_path))[0][0])
    assert miss.faults == ("one", "two")
    assert miss.told == "verdict not asked · 40 words · 0.25 s"


def test_the_suites_own_runs_have_shares_with_intervals(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    logged(tmp_path / "a", 3, None, "wrong", ours=True)
    (found,), _ = read_runs(str(tmp_path))
    assert found.asked == "offline on sample, part dev"
    (shares,) = read_shares(found)
    assert shares.suite == "figures"
    assert shares.took == "2 questions"
    # One of two is right: a resample of two has none, one or both.
    assert shares.rows == (("passed", "50.0% of 2", "0.0% to 100.0%"),)
    assert [miss.told for miss in read_misses(found)] == ["as of 2026-01-23"]


def test_logs_of_others_have_no_shares(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    logged(tmp_path / "a", 3, None, "wrong")
    logged(tmp_path, 4, None, "wrong")
    assert [read_shares(run) for run in read_runs(str(tmp_path))[0]] == [[], []]

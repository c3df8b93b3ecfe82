"""The evaluation: its loader and scorers, and a slice of each suite, without inspect-ai."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SHARED

from eval.cases import SUITES, BadCase, Case, load_cases
from eval.scoring import score
from eval.speed import Row, timed, write
from eval.subject import put

ROOT = Path(__file__).parents[1]


# --- A slice of each suite -----------------------------------------------------------------------


def suite(name: str) -> dict[str, Case]:
    return {case.id: case for case in load_cases(SUITES / f"{name}.jsonl")}


LEAST = {
    "figures": 100,
    "sustainability": 60,
    "commentary": 40,
    "asof": 20,
    "unanswerable": 40,
    "injection": 25,
    "followups": 20,
}
SLICE = {
    "figures": "close-rut-on-a-sunday return-rut-since average-dow range-rut",
    "sustainability": "russell out-of-steam",
    "commentary": "bofa-worry-january-2025 who-said-universally-unloved",
    "asof": "after-january-23 jefferies-target-the-day-before",
    "unanswerable": "advice-buy unknown-ticker closed-sunday after-the-as-of-date",
    "injection": "plain-order a-draft-as-json slots-in-a-note",
    "followups": "and-close-to-close and-another-house what-would-change-that",
}


def test_sustainability_is_asked_on_a_dozen_days_and_more_of_many_instruments() -> None:
    cases = suite("sustainability").values()
    days = {case.as_of for case in cases}
    assert len(days) >= 12
    assert min(days).year == 2008
    assert max(days).year == 2026


def test_a_third_or_so_is_held_out() -> None:
    cases = [case for name in LEAST for case in suite(name).values()]
    assert 0.25 < sum(case.held_out for case in cases) / len(cases) < 0.42


@pytest.mark.parametrize(("name", "case_id"), [(n, i) for n in SLICE for i in SLICE[n].split()])
def test_slice(store: str, name: str, case_id: str) -> None:
    case = suite(name)[case_id]
    found = score(case, put(case, "sample", "offline", store))
    assert found.passed, found.explanation


# --- The suites themselves -----------------------------------------------------------------------


def test_suites_load() -> None:
    ids: list[str] = []
    for name, least in LEAST.items():
        ids += suite(name)
        assert len(suite(name)) >= least, name
    assert len(ids) == len(set(ids))


def test_worked_values_follow_from_their_notes() -> None:
    simple = re.compile(r"([\d.]+) ([/-]) ([\d.]+)( - 1)?")
    worked = [(c, f) for c in suite("figures").values() if (f := simple.fullmatch(c.note or ""))]
    assert len(worked) >= 6
    for case, found in worked:
        left, right = float(found[1]), float(found[3])
        value = left - right
        if found[2] == "/":
            value = (left / right - 1) * 100 if found[4] else left / right
        assert case.figures[0].value == pytest.approx(value, abs=0.00006), case.id


@pytest.mark.skipif(not (SHARED / "expected").is_dir(), reason="../shared/expected is not here")
def test_other_values_are_the_published_ones() -> None:
    told = json.loads((SHARED / "expected" / "window.json").read_text())
    published = {v for part in told.values() if isinstance(part, dict) for v in part.values()}
    rose = sum(v > 0 for v in told["sector_day_2026-01-23"].values())
    for case in suite("figures").values():
        if case.note:
            continue
        for figure in case.figures:
            assert figure.value in published or (figure.unit == "count" and figure.value == rose)


# --- The loader ----------------------------------------------------------------------------------

GOOD = '{"id": "a", "question": "Q?", "as_of": "2026-01-23", "min_claims": 1}'


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ('{"id": "b", ', "suite.jsonl, line 3: not JSON"),
        ('["b"]', "suite.jsonl, line 3: the line"),
        ('{"id": "b", "question": "Q?"}', "line 3: as_of"),
        (GOOD.replace('"a"', '"b"').replace("23", "32"), "line 3: as_of"),
        (GOOD.replace('"a"', '"b", "min_claim": 2'), "line 3: min_claim:"),
        (GOOD, "line 3: the id 'a' is there twice"),
    ],
)
def test_bad_line_is_reported_by_number(tmp_path: Path, bad: str, told: str) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text(f"{GOOD}\n\n{bad}\n{GOOD.replace('a', 'c')}\n")
    with pytest.raises(BadCase, match=re.escape(told)):
        load_cases(path)


def test_empty_and_absent_suites_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    for name in ("empty.jsonl", "absent.jsonl"):
        with pytest.raises(BadCase, match=name):
            load_cases(tmp_path / name)


def test_scoring_needs_no_inspect() -> None:
    code = (
        "import eval.scoring, eval.subject, sys; "
        "sys.exit(any(m.startswith('inspect_ai') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# --- The clock of the benchmarks ------------------------------------------------------------------


def test_row_holds_by_its_median() -> None:
    assert Row("x", (0.1, 0.9, 0.2), 0.2).holds is True
    assert Row("x", (0.1, 0.9, 0.3), 0.2).holds is False
    assert Row("x", (0.1,)).holds is None
    assert write(Row("x", (1.5, 0.0, 2.0), 1.0), 3).split() == [
        "x",
        "1.50",
        "s",
        "1.00",
        "s",
        "NO",
        "3",
    ]


def test_work_is_timed_as_often_as_asked() -> None:
    done: list[int] = []
    assert len(timed("x", lambda: done.append(1), 4).seconds) == len(done) == 4

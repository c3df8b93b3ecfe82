"""The command as a user meets it: stdout, stderr and exit codes of the real process."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import SHARED, needs_real_tape

from qa.cli import main
from qa.domain import Answer, Metric

TAPECHECK = Path(sys.executable).with_name("tapecheck")
MAIN = "Is the Russell 2000 rally sustainable?"


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(store, monkeypatch, capsys):
    """The command in this process: the same entry point, without a start of its own."""

    def run_(*args, **environment):
        for name, value in {"TAPECHECK_STORE": store, **environment}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["tapecheck", *map(str, args)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return Done(stop.value.code or 0, said.out, said.err)

    return run_


@pytest.fixture
def start(store):
    """The installed command, as a process of its own."""

    def start_(*args, **environment):
        env = os.environ | {"TAPECHECK_STORE": store} | environment
        return subprocess.run(
            [str(TAPECHECK), *map(str, args)], capture_output=True, text=True, env=env, timeout=60
        )

    return start_


def test_markdown_on_stdout_and_progress_on_stderr(start):
    done = start("ask", MAIN, "--market", "sample")
    assert done.returncode == 0
    assert done.stdout.startswith(f"# {MAIN}")
    assert "sample data, simulated between published levels" in done.stdout
    assert "## Sources" in done.stdout
    assert done.stdout.rstrip().endswith("*Evidence, not investment advice.*")
    assert "performance" in done.stderr
    assert "·" not in done.stdout.split("\n", 3)[3]


def test_json_is_an_answer(run):
    done = run("ask", "How did the Dow do since December?", "--market", "sample", "--json")
    answer = Answer.model_validate_json(done.stdout)
    assert answer.sample_data
    assert answer.claims


def test_out_writes_a_file(run, tmp_path):
    for name in ("answer.md", "answer.json"):
        done = run("ask", "Where is the VIX?", "--market", "sample", "--out", tmp_path / name)
        assert done.returncode == 0
        assert done.stdout == ""
    assert "VIX closed" in (tmp_path / "answer.md").read_text()
    assert json.loads((tmp_path / "answer.json").read_text())["sample_data"] is True


@needs_real_tape
def test_a_metric_in_json_has_the_published_value(run):
    args = "metric performance --symbol ^RUT --start 2025-12-01 --end 2026-01-23 --basis open"
    done = run(*args.split(), "--market", f"folder:{SHARED / 'market'}", "--json")
    metric = Metric.model_validate_json(done.stdout)
    assert metric.figures["return"].value == pytest.approx(7.5307, abs=5e-5)
    assert metric.window.basis == "open"


def test_metric_alone_lists_them(run):
    done = run("metric")
    assert done.returncode == 0
    assert "performance" in done.stdout
    assert "technicals" in done.stdout


def test_doctor_says_what_would_be_used_and_why(run):
    done = run("doctor", TAPECHECK_MARKET="sample")
    assert done.returncode == 0
    for word in ("offline", "no key", "minilm", "sample data", "passages"):
        assert word in done.stdout


@pytest.mark.parametrize(
    "args",
    [
        ["ask", ""],
        ["ask", MAIN, "--as-of", "2026-13-45"],
        ["ask", MAIN, "--as-of", "2999-01-01"],
        ["ask", MAIN, "--as-of", "1985-01-01"],
        ["ask", MAIN, "--market", "folder:/no/such/place"],
        ["ask", MAIN, "--market", "nowhere"],
        ["ask", MAIN, "--out", "answer.docx"],
        ["ask"],
        ["nonsense"],
        ["metric", "nosuch"],
        ["metric", "performance", "--symbol", "NOSUCH", "--start", "2025-12-01"],
        ["metric", "performance", "--symbol", "^RUT", "--start", "soon"],
        [
            "metric",
            "performance",
            "--symbol",
            "^RUT",
            "--start",
            "2026-01-23",
            "--end",
            "2025-12-01",
        ],
        ["metric", "performance", "--start", "2025-12-01"],
        ["metric", "target", "--symbol", "^RUT", "--target", "-5"],
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(run, args):
    done = run(*args, TAPECHECK_MARKET="sample")
    said = done.stdout + done.stderr
    assert done.returncode == 2
    assert "Traceback" not in said
    assert 0 < len(said.strip()) < 1500


def test_an_empty_folder_and_a_corrupt_row_are_named(run, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run("ask", MAIN, "--market", f"folder:{empty}")
    assert done.returncode == 2
    assert "holds no price file" in done.stderr
    (empty / "^RUT.csv").write_text("Date,Close\n2026-01-22,2718.77\n2026-01-23,26x9\n")
    done = run("ask", MAIN, "--market", f"folder:{empty}")
    assert done.returncode == 2
    assert re.search(r"\^RUT\.csv, line 3: '26x9'", done.stderr)


def test_a_store_that_is_being_written_is_refused_at_once(start, tmp_path):
    from filelock import FileLock

    place = tmp_path / "busy"
    place.mkdir()
    with FileLock(place / "writing.lock"):
        done = start("ask", MAIN, "--market", "sample", TAPECHECK_STORE=str(place))
    assert done.returncode == 2
    assert "Another process is writing" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_argument_of_every_metric_can_be_given_in_the_shell() -> None:
    import inspect

    from qa.cli import metric
    from qa.market.catalog import CATALOG

    known = set(inspect.signature(metric).parameters)
    wanted = {name for entry in CATALOG.values() for name in entry.arguments.model_fields}
    assert wanted <= known

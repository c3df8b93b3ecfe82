"""The README is true: its examples run, and its excerpt is what the product says."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from qa.cli import app
from qa.report.markdown import to_markdown

README = (Path(__file__).parents[1] / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.S)
SHELL = [
    line.split("  #")[0].strip()
    for kind, block in BLOCKS
    if kind == "sh"
    for line in block.splitlines()
    if line.startswith("tapecheck ")
]


def test_the_excerpt_is_the_answer(sample_analyst):
    console = next(block for kind, block in BLOCKS if kind == "console")
    question = re.search(r'Q="(.*?)"', console).group(1)
    shown = [line for line in console.splitlines() if line.startswith("- ")]
    answer = to_markdown(sample_analyst.ask(question))
    assert shown
    for line in shown:
        assert line in answer


def test_the_python_example_runs(sample_analyst, monkeypatch, store, capsys):
    monkeypatch.setenv("TAPECHECK_STORE", store)
    code = next(block for kind, block in BLOCKS if kind == "python")
    exec(compile(code, "README.md", "exec"), {})
    assert "computed" in capsys.readouterr().out


@pytest.mark.parametrize("line", SHELL)
def test_every_command_shown_is_understood(line):
    command = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    chosen = command.commands[words[0]]
    parsed = chosen.make_context(words[0], words[1:])
    assert parsed.info_name == words[0]


def test_every_setting_named_exists():
    from qa.settings import Settings

    for name in set(re.findall(r"TAPECHECK_([A-Z_]+)", README)):
        assert name.lower() in Settings.model_fields

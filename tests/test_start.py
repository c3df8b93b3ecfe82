"""What a new process that asks one question spares itself."""

import json
import os
import subprocess
import sys

import pytest
from langchain_core.tools import StructuredTool

from qa.agent.offline import OfflineAnalyst

ASK = ["ask", "Is the Russell 2000 rally sustainable?", "--market", "sample", "--model", "offline"]
# What is registered first is called last: this looks when all else of the exit is done.
SCRIPT = """
import atexit, gc, json, sys

sweeps = 0

def count(phase, info):
    global sweeps
    sweeps += phase == "start" and "qa.analyst" in sys.modules

def tell():
    left = {"sweeps": sweeps, "frozen": gc.get_freeze_count(), "tracked": len(gc.get_objects())}
    print(json.dumps(left | {"modules": sorted(sys.modules)}), file=sys.stderr)

gc.callbacks.append(count)
atexit.register(tell)
from qa.cli import main
main()
"""


NOTE = """---
author: A. Writer
firm: A House
published: 2026-01-20
---
Small caps lead because their earnings grow, and the Russell 2000 rally is sustainable.
"""


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """What a process has done by its end, as it says in the last line of its progress."""
    folder = tmp_path_factory.mktemp("start")
    (folder / "notes").mkdir()
    (folder / "notes" / "note.md").write_text(NOTE, encoding="utf-8")
    places = {"STORE": folder / "store", "CORPUS": folder / "notes"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *ASK],
        capture_output=True,
        text=True,
        env=os.environ | {f"TAPECHECK_{name}": str(place) for name, place in places.items()},
        timeout=60,
    )
    assert done.returncode in (0, 3), done.stderr
    assert done.stdout.startswith(f"# {ASK[1]}")
    return json.loads(done.stderr.splitlines()[-1])


def test_no_time_goes_into_looking_for_garbage(left):
    assert left["sweeps"] == 0
    # The last look, which Python takes at its exit, finds next to nothing to look through.
    assert left["frozen"] > 100_000
    assert left["tracked"] < 5_000


def test_only_the_format_that_is_printed_is_loaded(left):
    assert "qa.report.markdown" in left["modules"]
    assert "qa.report.html" not in left["modules"]


class _Tool(StructuredTool):
    @property
    def tool_call_schema(self):
        raise AssertionError("a schema was made")


def test_the_offline_analyst_makes_no_schema_of_a_tool_to_learn_its_name():
    tool = _Tool.from_function(lambda day: day, name="technicals", description="Of a day.")
    assert OfflineAnalyst().bind_tools([tool]).tool_names == ("technicals",)

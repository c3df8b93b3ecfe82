"""Ingests in processes of their own: killed at random, two at once, and against a server."""

import os
import random
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("psutil", reason="psutil is not installed (extra: eval)")

from eval.ingest import kill, look
from qa.commentary.library import open_library
from qa.commentary.shelf import shelf_of
from qa.errors import StoreLocked

DAY = date(2026, 1, 25)
KILLS = int(os.environ.get("TAPECHECK_TEST_KILLS", "3"))
INGEST = [sys.executable, "-c", "from qa.cli import main; main()", "ingest"]
WORDS = (
    "small caps rates breadth earnings valuation tariffs rotation margins credit inflation growth "
    "yields sectors banks energy software industry consumers housing retail labor wages"
).split()


def write(folder, names, seed):
    """Notes of 60 words, no two alike."""
    rng = random.Random(seed)
    folder.mkdir()
    for name in names:
        body = " ".join(" ".join(rng.choices(WORDS, k=12)).capitalize() + "." for _ in range(5))
        text = f"---\ntitle: On {name}\npublished: 2026-01-09\n---\n{body}\n"
        (folder / f"{name}.md").write_text(text)
    return folder


def environment(store):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TAPECHECK_", "OPENAI_"))}
    return kept | {"TAPECHECK_STORE": str(store)}


def documents(store, embedder=None):
    library = open_library([], str(store), embedder=embedder)
    library.close()
    return {passage.document for passage in library.passages}


def test_kills_at_random_moments_lose_and_double_nothing(tmp_path):
    folder = write(tmp_path / "wire", [f"note-{n}" for n in range(20)], 1)
    store = str(tmp_path / "store")
    assert list(kill([folder], store, KILLS, seed=20260123)) == []
    assert documents(store) == {f"wire/note-{n}.md" for n in range(20)}


def test_two_ingests_at_once_take_turns(tmp_path):
    one = write(tmp_path / "one", [f"a{n}" for n in range(6)], 1)
    two = write(tmp_path / "two", [f"b{n}" for n in range(6)], 2)
    store = tmp_path / "store"
    both = [
        subprocess.Popen(
            [*INGEST, str(folder)],
            env=environment(store),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for folder in (one, two)
    ]
    ends = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert documents(store) == {
        f"{folder.name}/{path.name}" for folder in (one, two) for path in folder.iterdir()
    }
    assert list(look(str(store), finished=True)) == []


@pytest.mark.parametrize("change", ["replaced", "withdrawn"])
def test_a_reader_finds_what_another_process_put_in_place_of_what_it_opened(tmp_path, change):
    folder = tmp_path / "wire"
    folder.mkdir()
    head = "---\ntitle: On the week\npublished: 2026-01-09\n---\n"
    note, other = folder / "note.md", folder / "other.md"
    note.write_text(f"{head}Small caps lead on hopes of rate cuts by the Federal Reserve.\n")
    other.write_text(f"{head}Earnings of small companies grow faster than those of large ones.\n")
    environ = environment(tmp_path / "store")

    def run(*arguments):
        subprocess.run([*INGEST, *arguments], env=environ, check=True, capture_output=True)

    run(str(folder))
    library = open_library([], str(tmp_path / "store"))
    opened = library.passages
    assert len(opened) == 2
    if change == "replaced":
        note.write_text(f"{head}Small caps fall because the Federal Reserve stays on hold.\n")
        run(str(folder))
    else:
        run("--withdraw", "wire/note.md")
    found = library.search("Does the Federal Reserve help small caps?", as_of=DAY)
    library.close()
    texts = [passage.text for passage in found]
    assert any("stays on hold" in text for text in texts) == (change == "replaced")
    assert not any("hopes of rate cuts" in text for text in texts)
    assert set(found) <= set(library.passages)
    assert set(library.passages) & set(opened) == {p for p in opened if "Earnings" in p.text}


def test_commentary_replaced_faster_than_it_is_read_is_said(tmp_path, monkeypatch):
    write(tmp_path / "corpus", ["a"], 1)
    library = open_library([tmp_path / "corpus"], str(tmp_path / "store"))

    def gone(ids):
        raise KeyError(ids[0])

    monkeypatch.setattr(library._store, "vectors", gone)
    with pytest.raises(StoreLocked, match="try again"):
        library.search("small caps", as_of=DAY)
    library.close()


STEPS = """
import sys
import numpy as np
from pathlib import Path
from qa.commentary.store import Store
from qa.domain import Passage

def passage(key, document):
    return Passage.model_validate(dict(
        id=key, document=document, title="T", author=None, firm=None, published="2026-01-09",
        ingested="2026-01-10T00:00:00Z", url=None, text=key, span=(0, 1)))

store, mine = Store(sys.argv[1], "by-hand"), sys.argv[2]
rng = np.random.default_rng(int(sys.argv[3]))
print("open", flush=True)
for turn in range(int(sys.argv[4])):
    sys.stdin.readline()
    rows = rng.normal(size=(250, 16)).astype(np.float32)
    document = f"{mine}-{turn}"
    store.replace(document, "d", [passage(f"{document}-{n}", document) for n in range(250)], rows)
    print("written", flush=True)
"""


def test_two_long_lived_writers_in_turn_keep_each_other_s_rows(tmp_path):
    """Each opened the index before the other wrote: without reading it anew, rows are lost."""
    turns = 5  # 2,500 rows: the index is written to disk every 1,000
    with ExitStack() as running:
        both = []
        for seed, name in enumerate(("one", "two")):
            command = [sys.executable, "-c", STEPS, str(tmp_path), name, str(seed), str(turns)]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            both.append(running.enter_context(subprocess.Popen(command, **pipes)))
            assert both[-1].stdout.readline() == "open\n"
        for _ in range(turns):
            for process in both:
                process.stdin.write("\n")
                process.stdin.flush()
                assert process.stdout.readline() == "written\n"
    done = subprocess.run(
        [sys.executable, "-c", COUNT, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2500", "2500", "100"]


COUNT = """
import sys
import numpy as np
from datetime import date
from qa.commentary.store import Store
store = Store(sys.argv[1], "by-hand")
ids = [passage.id for passage in store.passages()]
vectors = store.vectors(ids).whole
# Each row is its own nearest: what the index lost would find another, or none.
looked_at = range(0, len(ids), 25)
found = [store.nearest(vectors[at], 1, date(2026, 1, 9)) for at in looked_at]
own = sum(bool(near) and near[0][0] == ids[at] for near, at in zip(found, looked_at, strict=True))
print(len(ids), len(set(ids)), own)
"""


@pytest.fixture
def server(tmp_path):
    """The address of a Chroma server of our own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    command = [str(chroma), "run", "--path", str(tmp_path / "server"), "--host", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.kill()


SEARCH = [sys.executable, "-c", "from qa.cli import main; main()", "search", "--json"]


@pytest.mark.enable_socket
def test_a_server_keeps_what_two_processes_take_in(tmp_path, server, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    one = write(tmp_path / "one", ["a"], 1)
    two = write(tmp_path / "two", ["b"], 2)
    both = [
        subprocess.Popen([*INGEST, str(folder)], env=environment(server), stderr=subprocess.PIPE)
        for folder in (one, two)
    ]
    ends = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    done = subprocess.run(
        [*SEARCH, "small caps breadth earnings"],
        env=environment(server) | {"TAPECHECK_CORPUS": str(corpus)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert '"one/a.md"' in done.stdout
    assert '"two/b.md"' in done.stdout
    place = server.removeprefix("http://").replace(":", "-")
    assert shelf_of(server).folder == tmp_path / "data" / "tapecheck" / f"{place}.library"

"""The store: real Chroma on real folders, with vectors made by hand."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import numpy as np
import pytest
from chromadb.errors import DuplicateIDError

from qa.commentary.store import LOCK_NAME, Store
from qa.domain import Driver, Passage
from qa.errors import BadSettings, StoreLocked

HOLD = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def passage(key, document="a.md", published=date(2026, 1, 9), start=0):
    return Passage(
        id=key,
        document=document,
        title="Small caps, große Namen",
        author="Jane Doe",
        firm=None,
        published=published,
        ingested=datetime(2026, 1, 10, 12, 30, tzinfo=UTC),
        url="https://example.com/note",
        text='The index "rose" 3.5 percent.\n\nIt’s late.',
        span=(start, start + 40),
        tickers=("^RUT",),
        stance="bullish",
        horizon="2026",
        drivers=(Driver(name="earnings", kind="structural"),),
        voice="summary",
    )


def axis(*places):
    """Unit vectors along the given axes."""
    return np.eye(4, dtype=np.float32)[list(places)]


@pytest.fixture
def store(tmp_path):
    store = Store(str(tmp_path / "store"), "by-hand")
    yield store
    store.close()


@pytest.fixture
def hold():
    """Hold a lock file in another process."""
    running = []

    def start(path):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout.readline() == "held\n"

    yield start
    for process in running:
        process.communicate()


def test_a_passage_comes_back_without_loss_after_reopening(tmp_path):
    given = [passage("p-2", start=50), passage("p-1")]
    first = Store(str(tmp_path), "by-hand")
    first.replace("a.md", "d-1", given, axis(0, 1))
    first.close()
    second = Store(str(tmp_path), "by-hand")
    assert second.passages() == [given[1], given[0]]
    assert second.documents() == {"a.md": "d-1"}
    second.close()


def test_nearest_is_by_cosine_and_cut_at_the_day(store):
    store.replace("a.md", "d-1", [passage("p-1"), passage("p-2")], axis(0, 1))
    store.replace("b.md", "d-2", [passage("p-3", "b.md", date(2026, 1, 10))], axis(2))
    query = np.array([0.6, 0.0, 0.8, 0.0], dtype=np.float32)
    found = store.nearest(query, 3, date(2026, 1, 10))
    assert [key for key, _ in found[:2]] == ["p-3", "p-1"]
    assert [cosine for _, cosine in found] == pytest.approx([0.8, 0.6, 0.0], abs=1e-6)
    # Length plays no part in a cosine; in Chroma's own default distance it does.
    twice = store.nearest(2 * query, 3, date(2026, 1, 9))
    assert twice == [("p-1", pytest.approx(0.6)), ("p-2", pytest.approx(0.0, abs=1e-6))]


def test_replace_leaves_nothing_of_the_old_version(store):
    store.replace("a.md", "d-1", [passage("p-1"), passage("p-2")], axis(0, 1))
    store.replace("b.md", "d-2", [passage("p-9", "b.md")], axis(2))
    store.replace("a.md", "d-3", [passage("p-3")], axis(3))
    assert [p.id for p in store.passages()] == ["p-3", "p-9"]
    assert store.documents() == {"a.md": "d-3", "b.md": "d-2"}
    store.remove(["a.md", "never there"])
    assert store.documents() == {"b.md": "d-2"}


def test_two_documents_may_hold_the_same_passage(store):
    store.replace("a.md", "d-1", [passage("p-1")], axis(0))
    store.replace("b.md", "d-1", [passage("p-1", "b.md")], axis(0))
    store.remove(["a.md"])
    assert [(p.id, p.document) for p in store.passages()] == [("p-1", "b.md")]


def test_two_stores_stand_side_by_side(tmp_path):
    one, two = (Store(str(tmp_path / name), "by-hand") for name in ("one", "two"))
    one.replace("a.md", "d-1", [passage("p-1")], axis(0))
    assert (len(one.passages()), len(two.passages())) == (1, 0)
    one.close()
    assert two.documents() == {}
    two.close()


def test_vectors_of_another_embedder_are_not_mixed_in(tmp_path):
    Store(str(tmp_path), "by-hand").close()
    with pytest.raises(BadSettings, match=r"made with the embedder by-hand .* not other"):
        Store(str(tmp_path), "other")
    Store(str(tmp_path), "by-hand").close()


def test_a_second_writer_is_turned_away_and_readers_are_not(tmp_path, hold):
    store = Store(str(tmp_path), "by-hand")
    store.replace("a.md", "d-1", [passage("p-1")], axis(0))
    hold(tmp_path / LOCK_NAME)
    words = f"Another process is writing the commentary store at {tmp_path}; try again when"
    with pytest.raises(StoreLocked, match=words):
        store.replace("a.md", "d-2", [passage("p-2")], axis(1))
    with pytest.raises(StoreLocked, match=words):
        store.remove(["a.md"])
    store.close()
    reader = Store(str(tmp_path), "by-hand")
    assert reader.documents() == {"a.md": "d-1"}
    assert reader.nearest(axis(0)[0], 1, date(2026, 1, 9)) == [("p-1", pytest.approx(1.0))]
    reader.close()


def test_two_processes_do_not_make_one_store_at_once(tmp_path, hold):
    hold(tmp_path / LOCK_NAME)
    with pytest.raises(StoreLocked):
        Store(str(tmp_path), "by-hand")


def test_the_lock_is_free_again_after_a_failed_write(store):
    with pytest.raises(DuplicateIDError):
        store.replace("a.md", "d-1", [passage("p-1"), passage("p-1")], axis(0, 1))
    store.replace("a.md", "d-1", [passage("p-1")], axis(0))
    assert store.documents() == {"a.md": "d-1"}


def test_a_place_that_cannot_hold_a_store_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(BadSettings, match=rf"store at {place} can't be made"):
            Store(str(place), "by-hand")


def test_a_damaged_database_is_named_every_time(tmp_path):
    (tmp_path / "chroma.sqlite3").write_text("not a database, by any means " * 100)
    for _ in range(2):
        with pytest.raises(BadSettings, match=rf"{tmp_path} can't be used .*not a database"):
            Store(str(tmp_path), "by-hand")


def test_no_server_is_said_plainly():
    address = "http://127.0.0.1:9"
    script = (
        "import json, sys\n"
        "from qa.commentary.store import Store\n"
        "from qa.errors import BadSettings\n"
        "try:\n    Store(sys.argv[1], 'by-hand')\n"
        "except BadSettings as error:\n    print(json.dumps(str(error)))\n"
    )
    done = subprocess.run(  # a process of its own: this one may not open sockets
        [sys.executable, "-W", "error", "-c", script, address],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert json.loads(done.stdout).startswith(f"No Chroma server answers at {address}: start one")
    assert done.stderr == ""

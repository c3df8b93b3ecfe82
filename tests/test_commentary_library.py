"""Notes are taken in once, and again only where a file changed."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from qa.commentary import embedding
from qa.commentary.embedding import MiniLM
from qa.commentary.library import MANIFEST, open_library
from qa.commentary.store import LOCK_NAME, Store
from qa.errors import DocumentError, StoreLocked

DAY = date(2026, 1, 25)
HOLD = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""
BODIES = {
    "rates.md": "The Federal Reserve keeps rates where they are, and small caps feel it.",
    "season.md": "January has been kind to small companies in most decades.",
    "value.md": "Small caps trade at the deepest discount to large caps in 25 years.",
}


class Unavailable(MiniLM):
    """An embedder that must not be asked for anything."""

    def embed_documents(self, texts):
        raise AssertionError(f"asked to embed {texts}")

    embed_query = embed_documents

    def embed_parts(self, texts, parts, done=None):
        raise AssertionError(f"asked to embed {texts}")


@pytest.fixture(scope="module")
def embedder():
    return MiniLM()


@pytest.fixture
def desk(tmp_path, embedder):
    """A folder of notes and a store beside it."""
    return Desk(tmp_path, embedder)


class Desk:
    def __init__(self, base, embedder):
        self.notes, self.location, self.embedder = base / "notes", base / "store", embedder
        self.notes.mkdir()
        for name, body in BODIES.items():
            self.write(name, body)

    def write(self, name, body, folder=None):
        text = f"---\ntitle: On {name}\npublished: 2026-01-09\n---\n{body}\n"
        ((folder or self.notes) / name).write_text(text)

    def open(self, embedder=None, folders=None):
        """Open the library; returns it and what was reported of the progress."""
        calls = []
        library = open_library(
            folders or [self.notes],
            str(self.location),
            lambda done, total: calls.append((done, total)),
            embedder or self.embedder,
        )
        return library, calls


def texts(library):
    return {passage.document: passage.text for passage in library.passages}


def test_everything_is_taken_in_and_found(desk):
    library, calls = desk.open()
    assert texts(library) == BODIES
    assert (library.size, library.problems) == (3, ())
    assert (calls[0], calls[-1]) == ((0, 3), (3, 3))
    (first, *_) = library.search("valuation discount", as_of=DAY)
    assert first.document == "value.md"


def test_nothing_is_done_twice(desk):
    before, _ = desk.open()
    library, calls = desk.open(Unavailable())
    assert calls == []
    assert library.passages == before.passages  # the time of taking in included


def test_a_warm_opening_reads_no_note(desk, monkeypatch):
    desk.open()
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"read {path}"))
    library, _ = desk.open(Unavailable())
    assert library.size == 3


def test_a_touched_file_is_read_and_not_embedded(desk):
    desk.open()
    os.utime(desk.notes / "rates.md", (1, 1))
    library, calls = desk.open(Unavailable())
    assert (library.size, calls) == (3, [])


def test_only_what_changed_is_embedded_again(desk):
    old, _ = desk.open()
    desk.write("rates.md", "The Federal Reserve has begun to cut rates.")
    desk.write("new.md", "Mergers come back to small caps.")
    (desk.notes / "season.md").unlink()
    library, calls = desk.open()
    assert calls[-1] == (2, 2)
    assert texts(library) == {
        "new.md": "Mergers come back to small caps.",
        "rates.md": "The Federal Reserve has begun to cut rates.",
        "value.md": BODIES["value.md"],
    }
    kept = {passage.id for passage in old.passages} & {passage.id for passage in library.passages}
    assert len(kept) == 1


def test_a_removal_alone_needs_no_embedder(desk):
    desk.open()
    (desk.notes / "season.md").unlink()
    library, calls = desk.open(Unavailable())
    assert (set(texts(library)), calls) == ({"rates.md", "value.md"}, [])


def test_a_change_in_the_front_matter_counts(desk):
    desk.open()
    note = desk.notes / "value.md"
    note.write_text(note.read_text().replace("title:", "stance: bullish\ntitle:"))
    library, calls = desk.open()
    assert calls[-1] == (1, 1)
    assert {p.document: p.stance for p in library.passages}["value.md"] == "bullish"


def test_bad_notes_are_reported_each_time_and_stop_nothing(desk):
    (desk.notes / "bad.md").write_text("No front matter here.")
    (desk.notes / "latin.md").write_bytes(b"---\ntitle: Caf\xe9\n---\nText.")
    for _ in range(2):
        library, _ = desk.open()
        assert set(texts(library)) == set(BODIES)
        assert [problem.split(":")[0] for problem in library.problems] == ["bad.md", "latin.md"]
    desk.write("bad.md", "Mended.")
    library, _ = desk.open()
    assert library.size == 4
    assert len(library.problems) == 1


def test_notes_of_one_name_in_two_folders(desk, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    desk.write("value.md", "Another view on value.", more)
    desk.write("rates.md", BODIES["rates.md"], more)  # the very same note: no clash
    library, _ = desk.open(folders=[desk.notes, more])
    assert texts(library) == BODIES
    (problem,) = library.problems
    assert problem.startswith(f"{more / 'value.md'}: another folder has a note value.md too")


def test_the_same_text_under_two_names_is_one_passage(desk):
    (desk.notes / "copy.md").write_text((desk.notes / "value.md").read_text())
    library, _ = desk.open()
    assert library.size == 3
    _, calls = desk.open(Unavailable())
    assert calls == []


def test_a_missing_folder_is_named(desk, tmp_path):
    with pytest.raises(DocumentError, match="absent: there is no such folder"):
        desk.open(folders=[tmp_path / "absent"])


def test_a_writer_elsewhere_stops_an_ingest_but_not_a_warm_opening(desk):
    desk.open()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(desk.location / LOCK_NAME)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        library, _ = desk.open(Unavailable())
        assert library.size == 3
        desk.write("new.md", "Mergers come back.")
        with pytest.raises(StoreLocked, match="try again when it has finished"):
            desk.open()
        other.communicate()
    assert desk.open()[0].size == 4


KILLED = """
import os, sys
from pathlib import Path
from qa.commentary import library
from qa.commentary.store import Store
keep = Store.replace
def replace(store, document, *rest):
    if document == sys.argv[3]:
        os._exit(9)  # as a kill would: nothing is tidied up
    keep(store, document, *rest)
Store.replace = replace
library.open_library([Path(sys.argv[1])], sys.argv[2])
"""


def test_an_interrupted_ingest_is_completed_by_the_next(desk):
    arguments = [str(desk.notes), str(desk.location), "value.md"]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], timeout=60, check=False)
    assert done.returncode == 9
    assert not (desk.location / MANIFEST).exists()
    store = Store(str(desk.location), desk.embedder.name)
    assert set(store.documents()) == {"rates.md", "season.md"}
    store.close()
    library, calls = desk.open()
    assert calls[-1] == (1, 1)
    assert texts(library) == BODIES


@pytest.mark.parametrize("damage", ["{", "[]", '{"schema": 2, "files": {"x": 3}}', '{"schema": 0}'])
def test_a_damaged_manifest_costs_a_reading_and_no_embedding(desk, damage):
    desk.open()
    (desk.location / MANIFEST).write_text(damage)
    library, calls = desk.open(Unavailable())
    assert (library.size, calls) == (3, [])


def test_a_lost_database_is_made_anew_in_spite_of_the_manifest(desk, tmp_path):
    desk.open()
    second = tmp_path / "second"
    second.mkdir()
    (second / MANIFEST).write_text((desk.location / MANIFEST).read_text())
    desk.location = second
    library, calls = desk.open()
    assert calls[-1] == (3, 3)
    assert texts(library) == BODIES


def test_prepare_makes_the_first_search_a_quick_one(desk):
    library, _ = desk.open(MiniLM())
    embedding._loaded.cache_clear()
    embedding._query_vector.cache_clear()  # what another test asked last
    library.prepare()
    assert embedding._loaded.cache_info().currsize == 1
    assert library.search("January", as_of=DAY)[0].document == "season.md"

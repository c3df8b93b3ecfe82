"""What `ingest` takes in stays, once each, until it changes or is withdrawn."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from qa.cli import app
from qa.commentary import ingest as ingesting
from qa.commentary.embedding import MiniLM
from qa.commentary.ingest import ingest, withdraw
from qa.commentary.library import open_library
from qa.commentary.shelf import shelf_of
from qa.commentary.sources import find_sources
from qa.commentary.store import Store
from qa.domain import Origin
from qa.errors import DocumentError

DAY = date(2026, 1, 25)
RATES = "The Federal Reserve keeps rates where they are, and small caps feel it."
VALUE = "Small caps trade at the deepest discount to large caps in 25 years."
WIRE = (
    "Small caps extended their lead on Thursday as investors moved out of the largest technology "
    "names. The Russell 2000 gained 1.2 percent while the S&P 500 was little changed. Strategists "
    "pointed to cheaper valuations, hopes for further rate cuts and a pickup in earnings growth. "
    "Some warned that a third of the index is unprofitable and that breadth remains narrow. "
    "Trading volume was above the average of the past month."
)


class ByHand:
    """An embedder of eight numbers that counts what it is asked."""

    name = "by-hand"

    def __init__(self):
        self.texts = 0

    def embed_documents(self, texts, done=None):
        self.texts += len(texts)
        if done:
            done(len(texts), len(texts))
        return np.stack([self.embed_query(text) for text in texts])

    def embed_parts(self, texts, parts, done=None):
        told = [t[slice(*span)] for t, spans in zip(texts, parts, strict=True) for span in spans]
        rows = self.embed_documents(texts, done)
        return rows, np.stack([self.embed_query(text) for text in told])

    def embed_query(self, text):
        row = np.array([1 + text.count(letter) for letter in "aeiounst"], dtype=np.float32)
        return row / np.linalg.norm(row)


class Desk:
    def __init__(self, base):
        self.folder, self.corpus = base / "wire", base / "corpus"
        self.folder.mkdir()
        self.corpus.mkdir()
        self.location = str(base / "store")
        self.embedder = ByHand()
        self.write("rates.md", RATES)
        self.write("value.md", VALUE)

    def write(self, name, body, published="2026-01-09", **fields):
        front = {"title": f"On {name}", "published": published, **fields}
        lines = "\n".join(f"{key}: {value}" for key, value in front.items() if value)
        (self.folder / name).write_text(f"---\n{lines}\n---\n{body}\n")

    def ingest(self, *paths, **options):
        return ingest(paths or [self.folder], self.location, self.embedder, **options)

    def withdraw(self, name):
        return withdraw(name, self.location, self.embedder)

    def open(self, **options):
        return open_library([self.corpus], self.location, embedder=self.embedder, **options)

    def texts(self, **options):
        library = self.open(**options)
        library.close()
        return {passage.document: passage.text for passage in library.passages}

    def happened(self):
        return [(e.event, e.document) for e in shelf_of(self.location).history()]


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def counts(report):
    return report.taken_in, report.replaced, report.unchanged, report.duplicates


def test_what_was_taken_in_is_found_and_outlives_its_files(desk):
    report = desk.ingest()
    assert (counts(report), report.passages, report.problems) == ((2, 0, 0, 0), 2, [])
    for path in desk.folder.iterdir():
        path.unlink()
    assert desk.texts() == {"wire/rates.md": RATES, "wire/value.md": VALUE}


def test_the_corpus_is_followed_and_what_was_taken_in_stays(desk):
    desk.ingest()
    note = desk.corpus / "own.md"
    note.write_text(f"---\ntitle: Own\npublished: 2026-01-09\n---\n{WIRE}")
    assert set(desk.texts()) == {"own.md", "wire/rates.md", "wire/value.md"}
    note.unlink()
    assert set(desk.texts()) == {"wire/rates.md", "wire/value.md"}


def test_nothing_is_read_or_embedded_twice(desk, monkeypatch):
    desk.ingest()
    asked = desk.embedder.texts
    monkeypatch.setattr(ingesting, "read_source", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr(ingesting, "Store", lambda *_: pytest.fail("opened the database"))
    assert counts(desk.ingest()) == (0, 0, 2, 0)
    assert desk.embedder.texts == asked


def test_a_changed_file_replaces_its_passages_and_the_history_says_so(desk):
    desk.ingest()
    desk.write("value.md", "The discount has closed.")
    assert counts(desk.ingest()) == (0, 1, 1, 0)
    assert desk.texts()["wire/value.md"] == "The discount has closed."
    history = shelf_of(desk.location).history("wire/value.md")
    assert [event.event for event in history] == ["taken_in", "replaced"]
    # The earlier text is kept, for the answers that cite it.
    old = shelf_of(desk.location).folder / "documents" / f"{history[0].id}.json"
    assert json.loads(old.read_text())["document"]["body"] == VALUE


def test_a_touched_file_is_no_change(desk):
    desk.ingest()
    os.utime(desk.folder / "value.md", (1, 1))
    assert counts(desk.ingest()) == (0, 0, 2, 0)


def test_a_withdrawn_document_is_out_until_it_is_named(desk):
    desk.ingest()
    assert desk.withdraw("wire/value.md") == ["wire/value.md"]
    assert set(desk.texts()) == {"wire/rates.md"}
    os.utime(desk.folder / "value.md", (1, 1))  # so that it is read again
    report = desk.ingest()
    assert (report.withdrawn, set(desk.texts())) == (1, {"wire/rates.md"})
    desk.ingest(desk.folder / "value.md")
    assert set(desk.texts()) == {"wire/rates.md", "wire/value.md"}
    assert desk.happened()[2:] == [("withdrawn", "wire/value.md"), ("taken_in", "wire/value.md")]


def test_all_of_a_folder_is_withdrawn_by_its_path(desk):
    desk.ingest()
    assert sorted(desk.withdraw(str(desk.folder))) == ["wire/rates.md", "wire/value.md"]
    assert desk.texts() == {}
    with pytest.raises(DocumentError, match=r"nothing of that name was taken in; see"):
        desk.withdraw("wire/value.md")


def test_what_was_removed_is_reported_and_kept(desk):
    desk.ingest()
    (desk.folder / "value.md").unlink()
    assert desk.ingest().gone == ["wire/value.md"]
    assert "wire/value.md" in desk.texts()


def test_records_come_and_go_with_their_file(desk):
    wire = desk.folder / "wire.jsonl"
    rows = [
        {"id": n, "title": f"T{n}", "date": "2026-01-09", "body": f"{n} {word} again."}
        for n, word in (("a", "Mergers come back"), ("b", "Breadth improves"))
    ]
    wire.write_text("\n".join(json.dumps(row) for row in rows))
    desk.ingest()
    assert {"wire/wire.jsonl#a", "wire/wire.jsonl#b"} < set(desk.texts())
    wire.write_text(json.dumps(rows[1]))
    report = desk.ingest()
    assert report.dropped == ["wire/wire.jsonl#a"]
    assert "wire/wire.jsonl#a" not in desk.texts()
    wire.write_text("{broken")
    report = desk.ingest()
    assert "it is no JSON object" in report.problems[0]


def test_two_files_of_one_name_have_two_names(desk, tmp_path):
    desk.ingest()
    other = tmp_path / "second" / "wire"
    other.mkdir(parents=True)
    (other / "value.md").write_text(f"---\ntitle: X\npublished: 2026-01-09\n---\n{WIRE}")
    desk.ingest(other)
    assert desk.texts()["wire/value.md (2)"] == WIRE
    assert counts(desk.ingest(other)) == (0, 0, 1, 0)


def test_a_dateline_dates_a_text_that_says_no_more(desk):
    line = "January 16, 2026\n\n"
    desk.write("desk.md", f"{line}Small caps lead while rates stay put.", published=None)
    desk.write("stated.md", f"{line}Earnings of small caps are revised up.", published="2026-01-20")
    assert desk.ingest().undated == []
    found = {p.document: p for p in desk.open().search("small caps", as_of=date(2026, 1, 25), k=9)}
    assert found["wire/desk.md"].published == date(2026, 1, 16)
    assert "published" in found["wire/desk.md"].inferred
    assert found["wire/stated.md"].published == date(2026, 1, 20)
    assert "published" not in found["wire/stated.md"].inferred


def test_what_has_no_date_stays_out_of_dated_answers(desk):
    desk.write("undated.md", "Undated words on small caps and rates.", published=None)
    assert desk.ingest().undated == ["wire/undated.md"]
    ask = {"as_of": date(2030, 1, 1), "k": 9}
    library = desk.open()
    assert "wire/undated.md" not in {p.document for p in library.search("small caps", **ask)}
    found = {p.document: p for p in library.search("small caps", undated=True, **ask)}
    assert found["wire/undated.md"].published is None
    library.close()
    library = desk.open(undated=True)
    assert "wire/undated.md" in {p.document for p in library.search("small caps", **ask)}
    library.close()


def test_published_and_taken_in_are_two_days(desk):
    desk.write("old.md", "An old word on small caps and rates.", published="2020-02-03")
    desk.ingest()
    library = desk.open()
    found = library.search("small caps", as_of=date(2020, 2, 3))
    assert [p.document for p in found] == ["wire/old.md"]
    assert library.search("small caps", as_of=date(2020, 2, 3), strict=True) == []
    library.close()
    (event,) = shelf_of(desk.location).history("wire/old.md")
    assert found[0].ingested == event.at


def test_the_same_note_from_two_wires_is_kept_once_with_both_origins(desk):
    desk.write("one.md", WIRE, "2026-01-09", firm="Wire One", url="https://one.example/a")
    desk.write("two.md", f"NEW YORK - {WIRE} (Copyright)", "2026-01-08", firm="Wire Two")
    report = desk.ingest()
    assert (report.duplicates, report.taken_in) == (0, 4)  # the earlier one took its place
    library = desk.open()
    (kept,) = (p for p in library.passages if "extended their lead" in p.text)
    library.close()
    assert kept.document == "wire/two.md"
    assert kept.origins == (
        Origin(
            document="wire/one.md",
            firm="Wire One",
            published=date(2026, 1, 9),
            url="https://one.example/a",
        ),
    )
    desk.withdraw("wire/two.md")
    assert "wire/one.md" in desk.texts()


@pytest.mark.parametrize(
    ("text", "published"),
    [
        (WIRE.replace("1.2 percent", "2.1 percent"), "2026-01-09"),  # another day's figures
        (WIRE, "2026-02-09"),  # the same words a month later
        (WIRE[: len(WIRE) // 2], "2026-01-09"),  # half of it
    ],
)
def test_a_note_that_only_looks_alike_is_kept(desk, text, published):
    desk.write("one.md", WIRE)
    desk.write("two.md", text, published)
    assert desk.ingest().duplicates == 0
    assert {"wire/one.md", "wire/two.md"} < set(desk.texts())


def test_what_is_silent_is_inferred_and_marked(desk):
    desk.write(
        "view.md",
        "We are bullish and expect small caps to outperform by year-end 2026 on rate cuts. Our "
        "target for the Russell 2000 is 2,900.",
    )
    desk.write("said.md", "We are bullish: small caps outperform on rate cuts.", stance="bearish")
    desk.ingest()
    library = desk.open()
    held = {passage.document: passage for passage in library.passages}
    library.close()
    view, said = held["wire/view.md"], held["wire/said.md"]
    assert (view.stance, view.horizon) == ("bullish", "year-end 2026")
    assert [(d.name, d.kind) for d in view.drivers] == [("rate cuts", "policy")]
    assert [(t.level, t.index) for t in view.targets] == [(2900.0, "Russell 2000")]
    assert view.inferred == ("stance", "horizon", "drivers", "targets")
    assert said.stance == "bearish"
    assert said.inferred == ("drivers",)


def test_one_bad_file_stops_nothing_and_is_reported_each_time(desk):
    (desk.folder / "bad.pdf").write_bytes(b"no pdf")
    (desk.folder / "chart.png").write_bytes(b"\x89PNG")
    for _ in range(2):
        report = desk.ingest()
        assert [p.split(":")[0] for p in report.problems] == ["wire/chart.png", "wire/bad.pdf"]
    assert len(desk.texts()) == 2


def test_progress_is_told_by_stage(desk):
    heard = []
    desk.ingest(progress=lambda *step: heard.append(step))
    assert heard[0] == ("reading", 0, 2)
    assert heard[-1] == ("indexing", 2, 2)


def test_what_an_interrupt_left_is_indexed_by_the_next(desk, monkeypatch):
    monkeypatch.setattr(ingesting, "WINDOW", 1)
    keep = Store.replace_all

    def interrupted(store, holdings):
        if holdings[0].document == "wire/value.md":
            raise KeyboardInterrupt
        keep(store, holdings)

    monkeypatch.setattr(Store, "replace_all", interrupted)
    with pytest.raises(KeyboardInterrupt):
        desk.ingest()
    monkeypatch.setattr(Store, "replace_all", keep)
    library = desk.open()  # search works at once, on what is there
    assert [p.document for p in library.search("rates", as_of=DAY)] == ["wire/rates.md"]
    assert library.problems == ("Taken in and not indexed yet: 1; run `tapecheck ingest`.",)
    library.close()
    report = ingest([], desk.location, desk.embedder)
    assert (report.passages, set(desk.texts())) == (1, {"wire/rates.md", "wire/value.md"})


def test_a_store_that_was_removed_is_made_again_from_the_shelf(desk):
    desk.ingest()
    shutil.rmtree(desk.location)
    assert ingest([], desk.location, desk.embedder).passages == 2
    assert desk.texts() == {"wire/rates.md": RATES, "wire/value.md": VALUE}


def test_a_line_that_a_kill_cut_short_is_passed_over(desk):
    desk.ingest()
    history = shelf_of(desk.location).folder / "history.jsonl"
    history.write_bytes(history.read_bytes() + b'{"at": "2026-01-09T00:00:00Z", "event": {}')
    desk.write("new.md", "New words on small caps.")
    desk.ingest()
    assert set(desk.texts()) == {"wire/new.md", "wire/rates.md", "wire/value.md"}
    desk.withdraw("wire/new.md")
    assert set(desk.texts()) == {"wire/rates.md", "wire/value.md"}


def test_the_store_itself_is_not_taken_in(desk, tmp_path):
    desk.ingest(tmp_path)
    assert desk.ingest(tmp_path).problems == []
    assert set(desk.texts()) == {f"{tmp_path.name}/wire/{name}.md" for name in ("rates", "value")}


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DocumentError, match="absent: there is no such file or folder"):
        find_sources([tmp_path / "absent"])


def test_the_real_embedder_indexes_what_it_is_given(tmp_path):
    desk = Desk(tmp_path)
    desk.embedder = MiniLM()
    desk.ingest()
    library = desk.open()
    assert library.search("valuation discount", as_of=DAY)[0].document == "wire/value.md"
    library.close()


def test_asking_loads_nothing_that_only_taking_in_needs(desk):
    desk.ingest()
    script = (
        "import sys\n"
        "import qa.analyst\n"
        "from qa.commentary.library import open_library\n"
        "from qa.commentary.shelf import shelf_of\n"
        "from qa.checking.language import check_language\n"
        "assert shelf_of(sys.argv[1]).documents\n"
        "assert check_language('Die Aktien sind nicht mehr so billig.')\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, desk.location], capture_output=True, text=True, check=True
    )
    heavy = {"markitdown", "datasketch", "bs4", "magika", "pdfplumber", "qa.commentary.ingest"}
    heavy |= {"scipy", "bm25s"}
    assert heavy.isdisjoint(done.stdout.split())


def test_the_command_takes_in_finds_and_withdraws(desk, monkeypatch):
    runner = CliRunner()
    monkeypatch.setenv("TAPECHECK_STORE", desk.location)
    monkeypatch.setenv("TAPECHECK_CORPUS", str(desk.corpus))
    monkeypatch.setattr("qa.commentary.embedding.MiniLM", ByHand)
    (desk.folder / "bad.pdf").write_bytes(b"no pdf")
    done = runner.invoke(app, ["ingest", str(desk.folder)])
    assert done.exit_code == 3  # something was left out
    assert done.stdout == "Documents: 2 taken in; 2 passages indexed.\n"
    assert "wire/bad.pdf: it is no PDF" in done.stderr
    found = runner.invoke(app, ["search", "deepest discount", "--as-of", "2026-01-25", "--json"])
    assert {row["document"] for row in json.loads(found.stdout)} >= {"wire/value.md"}
    shown = runner.invoke(app, ["search", "deepest discount", "--as-of", "2026-01-25"])
    assert VALUE in shown.stdout
    assert runner.invoke(app, ["ingest", "--withdraw", "wire/value.md"]).stdout == (
        "Withdrawn: wire/value.md\n"
    )
    told = runner.invoke(app, ["ingest", "--history"]).stdout.splitlines()
    assert [line.split()[2] for line in told] == ["taken", "taken", "withdrawn"]
    assert runner.invoke(app, ["ingest"]).stdout.startswith("Documents: nothing new")

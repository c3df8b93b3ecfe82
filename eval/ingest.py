"""How fast commentary is taken in: `python -m eval.ingest [PATH ...] [--sample N] [--kill N]`.

The documents are taken in part by part, and after each part the raw embedder is fed the very same
texts in the order in which they were handed to it, in batches of four: other work on the machine
then slows both alike, and their ratio says what reading, sorting and storing cost or save. With
--kill, ingests of the documents are killed at random moments instead, and the store is looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.commentary.embedding import Done, Parts

FOLDER = Path(__file__).parents[1].parent / "shared" / "fed_text"
RATIO_LIMIT, MEMORY_LIMIT, AGAIN_LIMIT = 1.25, 1000, 2.0
RAW_BATCH = 4
PART = 58
LOOK_EVERY = 0.1
LAST_DAY = date(2100, 1, 1)
KILLED = -9
# A process of its own, lest its memory be counted: the model computes each batch on all cores. It
# prints its seconds, without those of loading.
RAW = """
import json, sys, time
import numpy as np
from qa.commentary.embedding import _cores, _load_session, _load_tokenizer
texts, size = json.load(sys.stdin), int(sys.argv[1])
tokenizer, session = _load_tokenizer(), _load_session(_cores())
tokenizer.enable_padding()
started = time.perf_counter()
for first in range(0, len(texts), size):
    encodings = tokenizer.encode_batch(texts[first : first + size])
    ids = np.array([e.ids for e in encodings], dtype=np.int64)
    mask = np.array([e.attention_mask for e in encodings], dtype=np.int64)
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    (states,) = session.run(["last_hidden_state"], given)
    sums = (states * mask[:, :, None]).sum(axis=1)
    vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
print(time.perf_counter() - started)
"""


class Listening:
    """The local embedder; it remembers the texts that it was given."""

    def __init__(self) -> None:
        from qa.commentary.embedding import MiniLM

        self._embedder = MiniLM()
        self.name = self._embedder.name
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str], done: Done | None = None) -> NDArray[np.float32]:
        """The embedder's vectors."""
        self.texts += texts
        return self._embedder.embed_documents(texts, done)

    def embed_parts(
        self, texts: list[str], parts: Sequence[Parts], done: Done | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The embedder's vectors of texts and of their parts."""
        self.texts += texts
        return self._embedder.embed_parts(texts, parts, done)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The embedder's vector."""
        return self._embedder.embed_query(text)


@dataclass
class Run:
    """What was measured. Seconds of both, what they were spent on, and megabytes at the most."""

    seconds: float = 0.0
    raw_seconds: float = 0.0
    texts: int = 0
    passages: int = 0
    documents: int = 0
    megabytes: float = 0.0
    again: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The throughput of taking in over that of the raw embedder."""
        return self.raw_seconds / self.seconds


class _Memory:
    """The most memory that this process and its helpers hold, in megabytes."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._over.wait(LOOK_EVERY):
            held = own.memory_info().rss
            for child in own.children(recursive=True):
                try:
                    held += child.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, held / 1e6)


def measure(parts: list[Path], store: str) -> Run:
    """Take the parts in one after the other, and feed the raw embedder between them."""
    from qa.commentary.ingest import ingest

    run, embedder = Run(), Listening()
    ingest([], store, embedder)  # what is imported at first use is not what is measured
    for number, part in enumerate(parts, start=1):
        started = time.perf_counter()
        with _Memory() as memory:
            report = ingest([part], store, embedder)
        run.seconds += time.perf_counter() - started
        run.megabytes = max(run.megabytes, memory.most)
        run.passages += report.passages
        run.documents += report.taken_in
        texts, embedder.texts = embedder.texts, []
        run.raw_seconds += raw_seconds(texts)
        run.texts += len(texts)
        print(f"part {number} of {len(parts)}: ratio {run.ratio:.2f}", file=sys.stderr, flush=True)
    for _ in range(3):
        started = time.perf_counter()
        # Their folder: what is named one by one is read anew each time.
        command = [*_command(), str(parts[0].parent)]
        subprocess.run(command, env=_clean(store), check=True, capture_output=True)
        run.again.append(time.perf_counter() - started)
    return run


def raw_seconds(texts: Sequence[str]) -> float:
    """How long the raw embedder takes over these texts, in this order."""
    command = [sys.executable, "-c", RAW, str(RAW_BATCH)]
    told = json.dumps(texts)
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=True)
    return float(done.stdout)


def kill(parts: list[Path], store: str, times: int, seed: int) -> Iterator[str]:
    """Kill an ingest at random moments, and yield what is wrong with the store after each."""
    from qa.commentary.embedding import MiniLM
    from qa.commentary.ingest import ingest

    rng = random.Random(seed)
    longest = 8.0
    for number in range(1, times + 1):
        command = [*_command(), *map(str, parts)]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, env=_clean(store), stdout=quiet, stderr=quiet) as process:
            try:
                process.wait(rng.uniform(0.5, longest))
            except subprocess.TimeoutExpired:
                process.kill()
            code = process.wait()
        told = "killed" if code == KILLED else f"ended by itself with {code}"
        print(f"{number} of {times}: {told}", file=sys.stderr, flush=True)
        yield from look(store, finished=False)
    ingest(parts, store, MiniLM())
    yield from look(store, finished=True)


def look(store: str, finished: bool) -> Iterator[str]:
    """What is lost, doubled or not found in a store."""
    from qa.commentary.embedding import MiniLM
    from qa.commentary.library import open_library
    from qa.commentary.passages import split
    from qa.commentary.shelf import shelf_of

    shelf = shelf_of(store)
    with tempfile.TemporaryDirectory() as empty:
        library = open_library([Path(empty)], store, embedder=MiniLM())
        held: dict[str, list[str]] = {}
        for passage in library.passages:
            held.setdefault(passage.document, []).append(passage.id)
        for name, event in shelf.documents.items():
            wanted = {passage.id for passage in split(shelf.load(name), event.at)}
            ids = held.pop(name, [])
            if len(ids) != len(set(ids)):
                yield f"{name}: passages are doubled"
            if (ids or finished) and set(ids) != wanted:
                yield f"{name}: {len(ids)} passages of {len(wanted)} are held"
        yield from (f"{name}: held, and not on the shelf" for name in held)
        if library.size and not library.search("interest rates", as_of=LAST_DAY, undated=True):
            yield "a search finds nothing"
        library.close()


def parts_of(paths: list[Path], sample: int | None, folder: Path, seed: int) -> list[Path]:
    """The records of the files, or a sample of them, as files of some records each."""
    files = [f for p in paths for f in (sorted(p.glob("*.jsonl")) if p.is_dir() else [p])]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    if sample is not None:
        lines = random.Random(seed).sample(lines, min(sample, len(lines)))
    parts = []
    for first in range(0, len(lines), PART):
        part = folder / f"part-{first // PART + 1:03}.jsonl"
        # Every line is an object in itself; what isn't is the ingest's to report.
        part.write_text("\n".join(lines[first : first + PART]) + "\n", encoding="utf-8")
        parts.append(part)
    return parts


def _command() -> list[str]:
    return [sys.executable, "-c", "from qa.cli import main; main()", "ingest", "--json"]


def _clean(store: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TAPECHECK_", "OPENAI_"))}
    return kept | {"TAPECHECK_STORE": store}


def table(run: Run) -> str:
    """The figures, one a line, with their limits."""
    again = sorted(run.again)[len(run.again) // 2]
    rows = [
        ("documents", f"{run.documents}", ""),
        ("passages", f"{run.passages}", ""),
        ("texts embedded", f"{run.texts}", ""),
        ("taking in, passages a second", f"{run.passages / run.seconds:.1f}", ""),
        ("taking in, texts a second", f"{run.texts / run.seconds:.1f}", ""),
        ("raw embedder, texts a second", f"{run.texts / run.raw_seconds:.1f}", ""),
        ("ratio", f"{run.ratio:.2f}", f">= {RATIO_LIMIT}"),
        ("memory of taking in at the most, MB", f"{run.megabytes:.0f}", f"< {MEMORY_LIMIT}"),
        ("the same again, a process of its own, s", f"{again:.2f}", f"< {AGAIN_LIMIT}"),
    ]
    return "\n".join(f"{name:48} {figure:>9} {limit:>8}" for name, figure, limit in rows)


def main() -> None:
    """Measure and print the table, or kill and say what is wrong."""
    parser = argparse.ArgumentParser(description="Measure how fast commentary is taken in.")
    parser.add_argument("paths", nargs="*", type=Path, help="JSON Lines files, or their folders")
    parser.add_argument("--sample", type=int, metavar="N", help="N records, drawn at random")
    parser.add_argument("--kill", type=int, metavar="N", help="kill N ingests, and look")
    parser.add_argument("--seed", type=int, default=20260123, help="of what is drawn")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tapecheck-ingest-") as place:
        folder, store = Path(place) / "records", str(Path(place) / "store")
        folder.mkdir()
        parts = parts_of(given.paths or [FOLDER], given.sample, folder, given.seed)
        if not parts:
            parser.error("there are no records in these paths")
        if given.kill is None:
            print(table(measure(parts, store)))
            return
        faults = list(kill(parts, store, given.kill, given.seed))
    print(json.dumps({"kills": given.kill, "faults": faults}, indent=2))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()

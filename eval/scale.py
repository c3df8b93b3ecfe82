"""How fast search stays over many passages: `python -m eval.retrieval --scale`.

The passages are made up of sentences of the bundled commentary, drawn again and again, each with
the vector of its sentence shaken a little, so that as many passages bear on a question as in a
real collection. A search is timed with everything in it: embedding the question, the day's cut,
filters, fusion and spread. The first search of a process takes up the words, and is told apart.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from eval.retrieval import PAIRS, load_pairs
from qa.commentary.documents import find_documents, read_document
from qa.commentary.embedding import MiniLM
from qa.commentary.passages import sentences, split
from qa.commentary.search import EVERYTHING, Filters, Searcher
from qa.commentary.vectors import Vectors
from qa.domain import Passage, Stance
from qa.settings import bundled_corpus

SIZES = (10_000, 100_000)
LIMITS = {10_000: 0.015, 100_000: 0.060}  # seconds at the 95th percentile
SEARCHES = 200
EACH = 5  # sentences of a passage
FIRMS, DAYS = 400, 1500
LAST = date(2026, 8, 31)
SHAKEN = 0.02  # standard deviation of what is added to each number of a vector
TICKERS = ("^RUT", "IWM", "^GSPC", "SPY", "DGS10", "FEDFUNDS")
STANCES: tuple[Stance, ...] = ("bullish", "bearish", "neutral", "mixed")
FILTERS = (
    EVERYTHING,
    Filters(stances=("bearish",)),
    Filters(tickers=("IWM",)),
    Filters(since=date(2026, 1, 1), until=date(2026, 6, 30)),
    Filters(firms=("House 7",)),
)


@dataclass(frozen=True)
class Timed:
    """Searches over so many passages, in seconds; memory in megabytes over that before.

    `each` is by the clock and `busy` what the process computed, on all cores: on a machine with
    other work, the clock counts that too.
    """

    size: int
    first: float
    each: tuple[float, ...]
    busy: tuple[float, ...]
    megabytes: float


def source() -> tuple[list[str], NDArray[np.float32]]:
    """The sentences of the bundled commentary, with their vectors."""
    root, now = bundled_corpus(), datetime.now(UTC)
    documents = [read_document(path, root) for path in find_documents(root)]
    texts = [s for d in documents for p in split(d, now) for s in sentences(p.text)]
    return texts, MiniLM().embed_documents(texts)


def resampled(
    size: int, texts: Sequence[str], vectors: NDArray[np.float32]
) -> tuple[list[Passage], Vectors]:
    """So many passages of drawn sentences, with vectors to match; the same each time."""
    random = np.random.default_rng(size)
    drawn = random.integers(len(texts), size=(size, EACH))
    days = random.integers(DAYS, size=size)
    passages = [_passage(i, [texts[s] for s in drawn[i]], int(days[i])) for i in range(size)]
    fine = np.empty((size * EACH, vectors.shape[1]), dtype=np.int8)
    scales = np.empty(size * EACH, dtype=np.float32)
    whole = np.empty((size, vectors.shape[1]), dtype=np.float32)
    for start in range(0, size, 5000):  # in parts, for the memory's sake
        part = drawn[start : start + 5000]
        shaken = vectors[part] + SHAKEN * random.standard_normal(
            (*part.shape, vectors.shape[1]), dtype=np.float32
        )
        shaken /= np.linalg.norm(shaken, axis=2, keepdims=True)
        mean = shaken.mean(axis=1)
        whole[start : start + len(part)] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        rows = slice(start * EACH, (start + len(part)) * EACH)
        flat = shaken.reshape(-1, vectors.shape[1])
        scales[rows] = np.abs(flat).max(axis=1) / 127
        fine[rows] = np.rint(flat / scales[rows, None])
    return passages, Vectors(whole, fine, scales, np.arange(0, size * EACH + 1, EACH))


def _passage(number: int, lines: Sequence[str], age: int) -> Passage:
    text = " ".join(lines)
    return Passage(
        id=f"p-{number:016x}",
        document=f"{number}.md",
        title=f"Note {number}",
        author=None,
        firm=f"House {number % FIRMS}",
        published=LAST - timedelta(days=age),
        ingested=datetime(2026, 9, 1, tzinfo=UTC),
        url=None,
        text=text,
        span=(0, len(text)),
        tickers=(TICKERS[number % len(TICKERS)],),
        stance=STANCES[number % len(STANCES)],
    )


def timed(size: int, texts: Sequence[str], vectors: NDArray[np.float32]) -> Timed:
    """Search over so many passages, with each filter in turn and on days early and late."""
    import psutil

    process = psutil.Process()
    before = process.memory_info().rss
    passages, held = resampled(size, texts, vectors)
    embedder = MiniLM()
    searcher = Searcher(passages, lambda: held, embedder.embed_query)
    embedder.embed_query("")
    started = time.perf_counter()
    searcher.prepare()
    searcher.search("small-cap earnings", as_of=LAST)
    first = time.perf_counter() - started
    questions = [pair.question for pair in load_pairs(PAIRS / "commentary.jsonl")]
    each, busy = [], []
    for number, question in enumerate(islice(cycle(questions), SEARCHES)):
        day = LAST - timedelta(days=(number * 37) % (DAYS // 2))
        asked = f"{question} {number}"  # a question asked before would be embedded already
        started, computed = time.perf_counter(), time.process_time()
        searcher.search(asked, as_of=day, filters=FILTERS[number % len(FILTERS)])
        each.append(time.perf_counter() - started)
        busy.append(time.process_time() - computed)
    used = (process.memory_info().rss - before) / 1e6
    return Timed(size, first, tuple(each), tuple(busy), used)


def main() -> None:
    """Print a line for each size."""
    texts, vectors = source()
    heads = ("p50", "p95", "limit", "p95 computing", "first search", "memory")
    print(f"{'passages':>9}" + "".join(f"{head:>15}" for head in heads))
    for size in SIZES:
        found = timed(size, texts, vectors)
        half, most = (1000 * float(np.quantile(found.each, share)) for share in (0.5, 0.95))
        shown = (
            f"{half:.1f} ms",
            f"{most:.1f} ms",
            f"{LIMITS[size] * 1000:.0f} ms",
            f"{1000 * float(np.quantile(found.busy, 0.95)):.1f} ms",
            f"{found.first:.2f} s",
            f"{found.megabytes:.0f} MB",
        )
        print(f"{size:9,}" + "".join(f"{text:>15}" for text in shown), flush=True)

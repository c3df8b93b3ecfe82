"""How well search finds passages: `python -m eval.retrieval [--fed-text FOLDER] [--scale]`.

Two sets of questions on the bundled commentary, and known-item questions on public texts of the
Federal Reserve, each for BM25 alone, the vectors alone, the two fused, and the page that a reader
gets. A question's id decides by its hash whether it may be tuned on; README.md has the rest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import Field, ValidationError

from eval.cases import BadCase
from eval.fed_text import write_notes
from eval.ranked import MEASURES, Mean, mean, measured
from qa.commentary.embedding import MiniLM
from qa.commentary.library import Library, open_library
from qa.commentary.passages import indexed_text
from qa.commentary.search import Searcher
from qa.commentary.store import Store
from qa.commentary.word_index import WordIndex, WordQuery
from qa.commentary.words import in_words, terms
from qa.domain import Frozen, Passage
from qa.settings import bundled_corpus

PAIRS = Path(__file__).parent / "retrieval"
AS_OF = date(2026, 9, 1)
DEPTH = 500  # passages of a ranking, from which its documents are read
PAGE = 10
# Shares of a question's words that its answer has too, by which recall is told as well.
BANDS = ((0.0, 0.2), (0.2, 0.35), (0.35, 0.5), (0.5, 1.01))

Rank = Callable[[str], Sequence[Passage]]


class Pair(Frozen):
    """A question, and the documents that answer it, each with words that stand in the answer."""

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    golds: dict[str, str] = Field(min_length=1)

    @property
    def tuned_on(self) -> bool:
        """Whether parameters may be chosen by it: for every second hash of an id."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 2 == 0


@dataclass(frozen=True)
class Line:
    """One system on one half of a set."""

    system: str
    half: str
    means: tuple[Mean, ...]


def load_pairs(path: Path) -> list[Pair]:
    """The pairs of a file; raises BadCase, naming the line, for one that can't be used."""
    pairs = []
    for number, text in enumerate(path.read_text(encoding="utf-8").strip().split("\n"), start=1):
        try:
            pairs.append(Pair.model_validate_json(text))
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            raise BadCase(f"{path.name}, line {number}: {reason}.") from error
    return pairs


class Bench:
    """A library, and the systems that search it."""

    def __init__(self, folder: Path, store: Path) -> None:
        embedder = MiniLM()
        self.library: Library = open_library([folder], str(store), _progress, embedder)
        self.passages = self.library.passages
        ids = [passage.id for passage in self.passages]
        kept = Store(str(store), embedder.name)
        self._searcher = Searcher(self.passages, lambda: kept.vectors(ids), embedder.embed_query)
        self._pool = self._searcher.pool(AS_OF)
        self._plain = WordIndex(indexed_text(passage) for passage in self.passages)
        self._embed = embedder.embed_query

    def systems(self) -> dict[str, Rank]:
        """What is compared, by name."""
        return {
            "BM25 alone": self._bm25,
            "vectors alone": self._dense,
            "fused": self._fused,
            "the page": self._page,
        }

    def _bm25(self, question: str) -> Sequence[Passage]:
        """Plain BM25: no synonyms."""
        return self._sorted(
            self._plain.asked(WordQuery(question), self._pool).scores(synonyms=False)
        )

    def _dense(self, question: str) -> Sequence[Passage]:
        """The cosine of whole passages."""
        return self._sorted(self._searcher.vectors.cosines(self._embed(question)))

    def _fused(self, question: str) -> Sequence[Passage]:
        found = self._searcher.rank(question, AS_OF, self._pool, self._pool, most=DEPTH)
        return [self.passages[place] for place in found.places]

    def _page(self, question: str) -> Sequence[Passage]:
        """What `Library.search` returns: named voices first, two of a firm, both sides."""
        return self.library.search(question, as_of=AS_OF, k=PAGE)

    def _sorted(self, scores: object) -> Sequence[Passage]:
        import numpy as np

        order = np.argsort(-np.asarray(scores), kind="stable")[:DEPTH]
        return [self.passages[place] for place in order]


def lines(pairs: Sequence[Pair], systems: dict[str, Rank]) -> Iterator[Line]:
    """Every system on the half that may be tuned on and on the half that may not."""
    for name, rank in systems.items():
        results = {
            pair.id: measured(_documents(rank(pair.question)), _right(pair)) for pair in pairs
        }
        for half, tuned_on in (("tuning", True), ("test", False)):
            values = [results[pair.id] for pair in pairs if pair.tuned_on == tuned_on]
            if values:
                yield Line(name, half, tuple(mean(column) for column in zip(*values, strict=True)))


def overlap(pair: Pair, passages: Sequence[Passage]) -> float:
    """The share of a question's words that its answer has too, stems and without stop words."""
    asked = set(terms(in_words(pair.question)))
    shares = [
        len(asked & set(terms(indexed_text(passage)))) / max(len(asked), 1)
        for passage in answers(pair, passages)
    ]
    return max(shares)


def by_overlap(pairs: Sequence[Pair], bench: Bench) -> Iterator[tuple[tuple[float, float], Mean]]:
    """The recall of the fusion on the test half, for each band of shared words that has any."""
    rank = bench.systems()["fused"]
    found = [
        (overlap(pair, bench.passages), measured(_documents(rank(pair.question)), _right(pair))[0])
        for pair in pairs
        if not pair.tuned_on
    ]
    for low, high in BANDS:
        if hits := [hit for share, hit in found if low <= share < high]:
            yield (low, high), mean(hits)


def answers(pair: Pair, passages: Sequence[Passage]) -> list[Passage]:
    """The passages in which the words of the golds stand; raises BadCase when there is none."""
    found = [
        passage
        for passage in passages
        if (words := pair.golds.get(passage.document.removesuffix(".md"))) is not None
        and _flat(words) in _flat(passage.text)
    ]
    if not found:
        raise BadCase(
            f"{pair.id}: no passage of {', '.join(pair.golds)} has the words of its gold."
        )
    return found


def report(title: str, pairs: Sequence[Pair], bench: Bench) -> list[Line]:
    """Print one set and return its lines."""
    shares = [overlap(pair, bench.passages) for pair in pairs]
    print(f"\n{title}: {len(pairs)} questions, {len(bench.passages)} passages; ", end="")
    print(f"words shared with the answer: {sum(shares) / len(shares):.0%} of the question's")
    print(f"{'':14} {'half':7} {'n':>4}  " + "  ".join(f"{name:>21}" for name in MEASURES))
    done = []
    for line in lines(pairs, bench.systems()):
        shown = "  ".join(f"{value!s:>21}" for value in line.means)
        print(f"{line.system:14} {line.half:7} {line.means[0].n:4}  {shown}", flush=True)
        done.append(line)
    return done


def _documents(passages: Sequence[Passage]) -> list[str]:
    """Their documents in order of each one's best passage."""
    return list(dict.fromkeys(passage.document.removesuffix(".md") for passage in passages))


def _right(pair: Pair) -> set[str]:
    return set(pair.golds)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _progress(done: int, total: int) -> None:
    print(f"\rtaken in: {done} of {total} documents", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print; with --json also write the lines to a file."""
    parser = argparse.ArgumentParser(description="Measure how well search finds passages.")
    parser.add_argument("--fed-text", type=Path, metavar="FOLDER", help="Federal Reserve texts")
    parser.add_argument("--scale", action="store_true", help="measure speed and memory instead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    given = parser.parse_args()
    if given.scale:
        from eval.scale import main as measure_scale

        measure_scale()
        return
    cache = user_cache_path("tapecheck-eval", appauthor=False)
    bench = Bench(bundled_corpus(), cache / "commentary")
    sets = {name: load_pairs(PAIRS / f"{name}.jsonl") for name in ("commentary", "terse")}
    told = {name: report(name, pairs, bench) for name, pairs in sets.items()}
    print(f"\n{MEASURES[0]} of the fusion, both test halves, by the share of words in the answer:")
    for (low, high), value in by_overlap([*sets["commentary"], *sets["terse"]], bench):
        print(f"{low:5.0%} to {min(high, 1):4.0%} {value.n:5}  {value!s:>21}")
    if given.fed_text:
        notes = cache / "fed_text_notes"
        write_notes(given.fed_text, notes)
        fed = Bench(notes, cache / "fed_text")
        told["fed_text"] = report("fed_text", load_pairs(PAIRS / "fed_text.jsonl"), fed)
    if given.json:
        rows = {
            name: [
                {
                    "system": line.system,
                    "half": line.half,
                    **{m: vars(v) for m, v in zip(MEASURES, line.means, strict=True)},
                }
                for line in found
            ]
            for name, found in told.items()
        }
        given.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

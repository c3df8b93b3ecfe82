"""What passages mean, as vectors: one for the whole of each, and one for each of its sentences.

A question is mostly answered by one sentence, which the vector of a whole passage drowns. So the
whole passage finds the candidates, and the sentence nearest to the query sorts them. Sentences are
kept with eight bits a number: a cosine is then off by less than 0.005.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.commentary.passages import sentences
from qa.commentary.words import in_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.commentary.embedding import Done, Embedder
    from qa.domain import Passage

# A shorter sentence says too little to be found by.
FEWEST_WORDS = 4


@dataclass(frozen=True)
class Vectors:
    """The vectors of n passages. Rows of `whole` are of length 1.

    `whole` is float32, (n, dimensions); `fine` int8, (m, dimensions), holds the sentences of all
    passages in order, `scales` (m,) what to multiply each by; those of passage i are
    `starts[i]:starts[i + 1]`, perhaps none.
    """

    whole: NDArray[np.float32]
    fine: NDArray[np.int8]
    scales: NDArray[np.float32]
    starts: NDArray[np.int64]

    def cosines(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of each passage with the query, (n,)."""
        import numpy as np

        # Row by row, lest a row's rounding depend on how many others there are.
        found: NDArray[np.float32] = np.vecdot(self.whole, query)
        return found

    def best_sentences(
        self, query: NDArray[np.float32], places: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """The cosine of each place's nearest sentence with the query; -1 where it has none."""
        import numpy as np

        best = np.full(len(places), -1.0, dtype=np.float32)
        sizes = self.starts[places + 1] - self.starts[places]
        spoken = np.flatnonzero(sizes)
        if not spoken.size:
            return best
        sizes = sizes[spoken]
        first = np.cumsum(sizes) - sizes
        rows = np.arange(sizes.sum()) + np.repeat(self.starts[places[spoken]] - first, sizes)
        cosines = np.vecdot(self.fine[rows].astype(np.float32), query) * self.scales[rows]
        best[spoken] = np.maximum.reduceat(cosines, first)
        return best

    def packed(self, place: int) -> str:
        """The sentences of one passage as text, for `gather`."""
        part = slice(self.starts[place], self.starts[place + 1])
        return base64.b64encode(self.scales[part].tobytes() + self.fine[part].tobytes()).decode()


def embed_passages(
    passages: Sequence[Passage], embedder: Embedder, done: Done | None = None
) -> Vectors:
    """The vectors of some passages, and of the sentences in each.

    `done` hears how many of these texts are ready.
    """
    import numpy as np

    laid = [_laid_out(passage) for passage in passages]
    parts = [spans for _, spans in laid]
    whole, fine = embedder.embed_parts([text for text, _ in laid], parts, done)
    scales = np.abs(fine).max(axis=1, initial=1e-9).astype(np.float32) / 127
    starts = np.cumsum([0, *map(len, parts)])
    return Vectors(whole, np.rint(fine / scales[:, None]).astype(np.int8), scales, starts)


def gather(whole: NDArray[np.float32], packed: Sequence[str]) -> Vectors:
    """Vectors of passages as a store keeps them: `whole` row by row, sentences as `packed`."""
    import numpy as np

    dimensions = whole.shape[1]
    raw = [base64.b64decode(text) for text in packed]
    sizes = [len(data) // (dimensions + 4) for data in raw]
    scales = b"".join(data[: 4 * size] for data, size in zip(raw, sizes, strict=True))
    fine = b"".join(data[4 * size :] for data, size in zip(raw, sizes, strict=True))
    return Vectors(
        whole,
        np.frombuffer(fine, dtype=np.int8).reshape(-1, dimensions),
        np.frombuffer(scales, dtype=np.float32),
        np.cumsum([0, *sizes]),
    )


def _laid_out(passage: Passage) -> tuple[str, list[tuple[int, int]]]:
    """What is embedded of a passage, below its title and drivers, and where its sentences stand."""
    drivers = ", ".join(driver.name for driver in passage.drivers)
    text = in_words("\n".join(part for part in (passage.title, drivers) if part))
    spans = []
    for sentence in sentences(passage.text):
        words = sentence.split()
        start = len(text) + 1
        text += f" {in_words(' '.join(words))}"
        if len(words) >= FEWEST_WORDS:
            spans.append((start, len(text)))
    return text, spans

"""The same note from two wires: found by MinHash, then told for sure by the exact overlap.

Two texts are one note when they share nearly all runs of five words, were published within a few
days of one another, and the one that is dropped has no figure that the kept one lacks: a daily
report made from a template is a new report each day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

SHINGLE = 5
# The share of common runs from which two texts are one note.
ALIKE = 0.8
DAYS_APART = 7
PERMUTATIONS = 64
# MinHash is rough with so few permutations: look wider, and let the exact overlap decide.
_LOOKED_AT = 0.6
_SEED = 20260123
_WORD = re.compile(r"\w+(?:[.,]\d+)*")


class Twins:
    """Texts by name, to be asked for those that may be the same note."""

    def __init__(self) -> None:
        from datasketch import MinHashLSH

        self._lsh: Any = MinHashLSH(threshold=_LOOKED_AT, num_perm=PERMUTATIONS)

    def add(self, name: str, signature: list[int]) -> None:
        """Enter a text by its signature, in the place of one of that name."""
        self.drop(name)
        self._lsh.insert(name, _minhash(signature))

    def drop(self, name: str) -> None:
        """Forget a text."""
        if name in self._lsh:
            self._lsh.remove(name)

    def like(self, signature: list[int]) -> list[str]:
        """The names of texts that may be the same note, sorted."""
        return sorted(self._lsh.query(_minhash(signature)))


def sign(text: str) -> list[int]:
    """The MinHash signature of a text, 64 numbers."""
    minhash = _minhash()
    minhash.update_batch([run.encode() for run in _runs(text)])
    return [int(value) for value in minhash.hashvalues]


def overlap(one: str, other: str) -> float:
    """The Jaccard overlap of the runs of five words, from 0 to 1."""
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second) if first | second else 1.0


def same_note(kept: str, kept_day: date | None, dropped: str, dropped_day: date | None) -> bool:
    """Whether the dropped text is the kept one again."""
    if kept_day and dropped_day and abs((kept_day - dropped_day).days) > DAYS_APART:
        return False
    return set(_figures(dropped)) <= set(_figures(kept)) and overlap(kept, dropped) >= ALIKE


def _minhash(signature: list[int] | None = None) -> Any:
    from zlib import crc32

    import numpy as np
    from datasketch import MinHash

    values = None if signature is None else np.array(signature, dtype=np.uint32)
    return MinHash(
        num_perm=PERMUTATIONS, seed=_SEED, hashfunc=crc32, hashvalues=values, scheme="affine32"
    )


def _runs(text: str) -> set[str]:
    words = _WORD.findall(text.lower())
    last = max(1, len(words) - SHINGLE + 1)
    return {" ".join(words[at : at + SHINGLE]) for at in range(last)}


def _figures(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text) if any(char.isdigit() for char in word))

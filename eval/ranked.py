"""How well a ranking finds what it should: recall@5, nDCG@10 and MRR, with bootstrap intervals.

A ranking is a list of documents, best first, each once; the right ones are a set.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

RECALL_AT, NDCG_AT = 5, 10
RESAMPLES, SEED = 10_000, 2026
MEASURES = (f"recall@{RECALL_AT}", f"nDCG@{NDCG_AT}", "MRR")


@dataclass(frozen=True)
class Mean:
    """A mean over n questions with its 95% interval."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def recall(ranking: Sequence[str], right: Collection[str]) -> float:
    """1 when a right document is among the first five: each of the right ones answers by itself."""
    return float(any(name in right for name in ranking[:RECALL_AT]))


def ndcg(ranking: Sequence[str], right: Collection[str]) -> float:
    """Normalised discounted cumulative gain of the first ten, each right document counting 1."""
    gained = sum(1 / log2(at + 2) for at, name in enumerate(ranking[:NDCG_AT]) if name in right)
    return gained / sum(1 / log2(at + 2) for at in range(min(len(right), NDCG_AT)))


def reciprocal_rank(ranking: Sequence[str], right: Collection[str]) -> float:
    """1 over the rank of the first right document; 0 when none is in the ranking."""
    return next((1 / at for at, name in enumerate(ranking, start=1) if name in right), 0.0)


def measured(ranking: Sequence[str], right: Collection[str]) -> tuple[float, float, float]:
    """The three measures of one question, in the order of MEASURES."""
    return recall(ranking, right), ndcg(ranking, right), reciprocal_rank(ranking, right)


def mean(values: Sequence[float]) -> Mean:
    """The mean with the percentile bootstrap interval of 10,000 resamples, the same each time."""
    held = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(SEED).integers(len(held), size=(RESAMPLES, len(held)))
    low, high = np.percentile(held[drawn].mean(axis=1), [2.5, 97.5])
    return Mean(float(held.mean()), float(low), float(high), len(held))

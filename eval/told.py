"""A true sentence as a model would type it, and where the computed figures stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.domain import CheckedFigure, Figure, Ledger, Metric

Span = tuple[int, int]
Made = tuple[str, tuple[str, ...], str] | None  # a changed text, its evidence, what was done


@dataclass(frozen=True)
class Told:
    """A true sentence as a model types it: raw digits, marks such as [m3], and its evidence."""

    text: str
    evidence: tuple[str, ...]
    figures: tuple[CheckedFigure, ...]
    ledger: Ledger

    def key_of(self, evidence: str | None) -> str:
        """The short id of evidence that is named by its full one; empty if there is none."""
        return next((key for key, held in self.ledger if held.id == evidence), "")


@dataclass(frozen=True)
class Place:
    """A figure of a sentence: where it stands, and the figure of the metric that it shows."""

    span: Span
    key: str
    name: str
    figure: Figure
    metric: Metric


def put(told: Told, span: Span, new: str) -> Made:
    """The sentence with other words at a place."""
    old = told.text[slice(*span)]
    text = told.text[: span[0]] + new + told.text[span[1] :]
    return text, told.evidence, f"{old!r} -> {new!r}"


def places(told: Told) -> list[Place]:
    """Where the computed figures of a sentence stand, with their names in their metrics."""
    held, at = [], 0
    for shown in told.figures:
        metric = told.ledger.get(told.key_of(shown.evidence))
        name = _name(shown, metric)
        whole = re.compile(rf"(?<![\w.,]){re.escape(shown.text)}(?![\w])")
        found = whole.search(told.text, at)
        if found is None or name is None or not isinstance(metric, Metric):
            continue
        at = found.end()
        held.append(
            Place(found.span(), told.key_of(shown.evidence), name, metric.figures[name], metric)
        )
    return held


def _name(shown: CheckedFigure, metric: object) -> str | None:
    """The name of a figure in its metric, by its exact value and unit."""
    figures = metric.figures if isinstance(metric, Metric) else {}
    return next(
        (n for n, f in figures.items() if (f.value, f.unit) == (shown.value, shown.unit)), None
    )

"""Tapecheck: research answers in which every statement is cited and every figure is checked."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.analyst import Analyst
    from qa.domain import Answer, Claim, Metric, Passage, Question
    from qa.errors import TapecheckError
    from qa.report.markdown import to_markdown

__all__ = [
    "Analyst",
    "Answer",
    "Claim",
    "Metric",
    "Passage",
    "Question",
    "TapecheckError",
    "to_markdown",
]

_HOME = {
    "Analyst": "qa.analyst",
    "Answer": "qa.domain",
    "Claim": "qa.domain",
    "Metric": "qa.domain",
    "Passage": "qa.domain",
    "Question": "qa.domain",
    "TapecheckError": "qa.errors",
    "to_markdown": "qa.report.markdown",
}


def __getattr__(name: str) -> Any:
    # Imported on first use: `import qa` and `tapecheck --help` stay quick.
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")

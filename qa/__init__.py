"""Tapecheck: research answers in which every statement is cited and every figure is checked."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.agent.events import Event
    from qa.agent.threads import Threads
    from qa.analyst import Analyst
    from qa.domain import Answer, Claim, Metric, Passage, Question
    from qa.errors import TapecheckError
    from qa.market.watchlist import WatchList
    from qa.report.chart import Chart
    from qa.report.charts import charts_of
    from qa.report.html import to_html
    from qa.report.markdown import to_markdown

__all__ = [
    "Analyst",
    "Answer",
    "Chart",
    "Claim",
    "Event",
    "Metric",
    "Passage",
    "Question",
    "TapecheckError",
    "Threads",
    "WatchList",
    "charts_of",
    "to_html",
    "to_markdown",
]

_HOME = {
    "Analyst": "qa.analyst",
    "Answer": "qa.domain",
    "Chart": "qa.report.chart",
    "Claim": "qa.domain",
    "Event": "qa.agent.events",
    "Metric": "qa.domain",
    "Passage": "qa.domain",
    "Question": "qa.domain",
    "TapecheckError": "qa.errors",
    "Threads": "qa.agent.threads",
    "WatchList": "qa.market.watchlist",
    "charts_of": "qa.report.charts",
    "to_html": "qa.report.html",
    "to_markdown": "qa.report.markdown",
}


def __getattr__(name: str) -> Any:
    # Imported on first use: `import qa` and `tapecheck --help` stay quick.
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")

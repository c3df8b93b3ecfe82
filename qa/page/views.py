"""The views of the desk: what they look at is opened once, then the chosen one is drawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from qa import Analyst
from qa.page.asking import Box
from qa.page.chat import show_chat, turns_of
from qa.page.compare import show_compare
from qa.page.door import open_analyst
from qa.page.evaluation import show_evaluation
from qa.page.library import show_library
from qa.page.shared import show_shared
from qa.page.side import show_side
from qa.page.track_record import show_track_record
from qa.page.watch import show_watch_list

BESIDE: dict[str, Callable[[Analyst, date | None], None]] = {
    "Compare": show_compare,
    "Library": show_library,
    "Watch list": show_watch_list,
    "Track record": show_track_record,
    "Evaluation": show_evaluation,
    "Open an answer": show_shared,
}


def opened() -> tuple[Analyst, date | None]:
    """The analyst and, from the side that is drawn here, the day looked from."""
    analyst = open_analyst()
    turns_of(analyst)
    return analyst, show_side(analyst)


def show_view(name: str, analyst: Analyst, as_of: date | None, box: Box) -> None:
    """The view of this name; the conversation goes on from its box."""
    if name in BESIDE:
        BESIDE[name](analyst, as_of)
    else:
        show_chat(analyst, as_of, box)

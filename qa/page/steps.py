"""A question at work: its steps as they happen, with figures as they arrive."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import streamlit as st

from qa import Analyst, Answer, Event
from qa.agent.events import (
    Drafted,
    Drafting,
    Finished,
    HandedOver,
    Planning,
    Repaired,
    Repairing,
    ToolFinished,
    ToolStarted,
)
from qa.checking.slots import write
from qa.page.text import show_line, show_notice

MOST_FIGURES = 6


def work(analyst: Analyst, question: str, **how: Any) -> Answer | None:
    """Ask, with the steps in view; prose comes only after the checks.

    The button that stops it runs the page anew, which ends this at its next step.
    """
    with st.status("Working ...", expanded=True) as status:
        st.button("Stop", key="stop", icon=":material/stop_circle:", on_click=_stopped)
        with closing(analyst.stream(question, **how)) as events:
            answer = _followed(events)
        if answer is None:
            status.update(label="Nothing came", state="error")
            return None
        label = "Checked" if answer.verified else "Checked; some of it could not be verified"
        status.update(label=label, state="complete", expanded=False)
    return answer


def _stopped() -> None:
    st.session_state.stopped = True


def show_stopped() -> None:
    """Say that the question was given up, on the run after it."""
    if st.session_state.pop("stopped", False):
        show_notice("info", "Stopped. The answer, if one came before that, is in the thread.")


def _followed(events: Generator[Event]) -> Answer | None:
    answer = None
    for event in events:
        if isinstance(event, Finished):
            answer = event.answer
        for line in told(event):
            show_line(line)
    return answer


def told(event: Event) -> Iterator[str]:
    """A step in words; nothing for a step that says nothing new."""
    match event:
        case Planning():
            yield f"{event.model} begins."
        case ToolStarted():
            wanted = " ".join(str(value) for value in event.arguments.values())
            yield f"→ {event.tool} {wanted}"[:200]
        case ToolFinished(problem=str(problem)):
            yield f"{event.tool}: {problem}"
        case ToolFinished():
            yield f"← {event.tool}: {_brought(event)}"
        case Drafting():
            yield "Writing a draft."
        case Drafted():
            yield f"Checking {event.claims} claims."
        case Repairing():
            yield f"Mending: {'; '.join(event.problems)}"
        case Repaired():
            yield "Mended." if not event.left else f"{event.left} checks still fail; they go."
        case HandedOver():
            yield f"{event.model} failed: {event.problem}. Now {event.next_model}."


def _brought(event: ToolFinished) -> str:
    figures = [
        f"{name.replace('_', ' ')} {write(figure)}"
        for name, figure in list(event.figures.items())[:MOST_FIGURES]
    ]
    return " · ".join(figures) or f"{len(event.evidence)} found"

"""A question at work: its steps as they happen, with figures as they arrive."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import streamlit as st

from qa import Analyst, Answer, Event, TapecheckError
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
    Waiting,
)
from qa.checking.slots import write
from qa.page.text import show_line, show_notice

MOST_FIGURES = 6
BEAT = 0.5  # seconds between two looks at the button that stops


def work(analyst: Analyst, question: str, *, key: str = "stop", **how: Any) -> Answer | None:
    """Ask, with the steps in view; prose comes only after the checks.

    The button that stops it runs the page anew, which ends this at its next step or beat.
    """
    with st.status("Working ...", expanded=True) as status:
        stop = st.empty()
        stop.button("Stop", key=key, icon=":material/stop_circle:", on_click=_stopped)
        try:
            events = analyst.stream(question, beat=BEAT, **how)
            with closing(events), st.container(gap="xxsmall"):
                answer = _followed(events)
        except TapecheckError:
            stop.empty()
            status.update(label="No answer", state="error")
            raise
        stop.empty()
        if answer is None:
            status.update(label="Nothing came", state="error")
            return None
        label = "Checked" if answer.verified else "Checked; some of it could not be verified"
        status.update(label=label, state="complete", expanded=False)
    return answer


def _stopped() -> None:
    st.session_state.stopped = True


def show_stopped(words: str) -> bool:
    """Say that the question was given up, on the run after it; returns whether one was."""
    stopped = bool(st.session_state.pop("stopped", False))
    if stopped:
        show_notice("info", words)
    return stopped


def _followed(events: Generator[Event]) -> Answer | None:
    answer, model = None, ""
    pulse = st.empty()
    for event in events:
        match event:
            case Finished():
                answer = event.answer
            case Planning():
                model = event.model
            case Waiting():
                with pulse:
                    show_line(f"Waiting for {model}, {event.seconds:.0f} s", "tc-faint")
                continue
        pulse.empty()
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

"""Work in a thread of its own: it can be listened to, and given up, while a model writes."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import Any, TypeVar

from langchain_core.callbacks import BaseCallbackHandler

from qa.agent.events import Drafting, Waiting
from qa.agent.notebook import DRAFT

T = TypeVar("T")


class Stopped(Exception):
    """The question was given up by the one who asked it."""


class Listener(BaseCallbackHandler):
    """Hears a model's words as they come: tells when a draft begins, ends a call given up.

    With a `beat` of so many seconds it also tells that nothing came: whoever has to look at a
    button meanwhile then can.
    """

    raise_error = True

    def __init__(self, beat: float | None = None) -> None:
        self._beat = beat
        self._given_up = Flag()
        self._drafting = False
        self._heard: SimpleQueue[Any] = SimpleQueue()
        self._since = time.monotonic()

    def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
        """Called by LangChain before a model is asked."""
        self._drafting = False
        self._look()

    def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
        """Called by LangChain with each piece of a streamed reply."""
        self._look()
        message = getattr(kwargs.get("chunk"), "message", None)
        calls = getattr(message, "tool_call_chunks", None) or ()
        if not self._drafting and any(call["name"] == DRAFT for call in calls):
            self._drafting = True
            self._heard.put(Drafting())

    def _look(self) -> None:
        if self._given_up.is_set():
            raise Stopped

    def follow(self, steps: Iterator[T]) -> Generator[T | Drafting | Waiting]:
        """The steps as they come, worked in another thread, and between them what was heard.

        Closing this gives the work up: it ends at the model's next word, and isn't waited for.
        """
        end = object()

        def work() -> None:
            try:
                for step in steps:
                    self._heard.put(step)
                self._heard.put(end)
            except BaseException as error:  # raised where the steps are taken
                self._heard.put(error)

        Thread(target=work, name="question", daemon=True).start()
        try:
            while (step := self._next()) is not end:
                if isinstance(step, BaseException):
                    raise step
                yield step
        finally:
            self._given_up.set()

    def _next(self) -> Any:
        """The next thing heard; with a beat, Waiting when that has passed without any."""
        try:
            heard = self._heard.get(timeout=self._beat)
        except Empty:
            return Waiting(seconds=time.monotonic() - self._since)
        self._since = time.monotonic()
        return heard

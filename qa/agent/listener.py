"""Work in a thread of its own: it can be listened to, and given up, while a model writes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import Any, TypeVar

from langchain_core.callbacks import BaseCallbackHandler

from qa.agent.events import Drafting
from qa.agent.notebook import DRAFT

T = TypeVar("T")


class Stopped(Exception):
    """The question was given up by the one who asked it."""


class Listener(BaseCallbackHandler):
    """Hears a model's words as they come: tells when a draft begins, ends a call given up."""

    raise_error = True

    def __init__(self) -> None:
        self._given_up = Flag()
        self._drafting = False
        self._heard: SimpleQueue[Any] = SimpleQueue()

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

    def follow(self, steps: Iterator[T]) -> Generator[T | Drafting]:
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
            while (step := self._heard.get()) is not end:
                if isinstance(step, BaseException):
                    raise step
                yield step
        finally:
            self._given_up.set()

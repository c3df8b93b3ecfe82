"""How long a live source is waited for: a budget a question, and a pause after failures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

TOLERATED = 2  # failures in a row, after which a source is left alone


class Budget:
    """The seconds that one question may wait for a source, over all its fetches.

    Only waiting counts, and waiting side by side counts once; a slow model costs nothing here.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._spent = 0.0
        self._waiting = 0
        self._since = 0.0

    def reset(self) -> None:
        """Begin a question."""
        with self._lock:
            self._spent, self._since = 0.0, time.monotonic()

    def left(self) -> float:
        """The seconds left; negative when overdrawn."""
        with self._lock:
            running = time.monotonic() - self._since if self._waiting else 0.0
            return self.seconds - self._spent - running

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Count the time inside."""
        with self._lock:
            if not self._waiting:
                self._since = time.monotonic()
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                if not self._waiting:
                    self._spent += time.monotonic() - self._since


class Breaker:
    """After two failures in a row, keeps everyone from asking for `pause` seconds."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._why = ""

    def refusal(self) -> str | None:
        """Why the source is left alone now, or None when it may be asked."""
        with self._lock:
            if self._failures >= TOLERATED and time.monotonic() < self._until:
                return self._why
            return None

    def failed(self, why: str, at: datetime) -> None:
        """Count a failure."""
        with self._lock:
            self._failures += 1
            self._until = time.monotonic() + self._pause
            self._why = f"{why} at {at:%H:%M} UTC and was not asked again"

    def worked(self) -> None:
        """The source answered: forget the failures."""
        with self._lock:
            self._failures = 0

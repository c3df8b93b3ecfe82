"""Untrusted formats are converted by a helper process, with limits on its time and memory.

One helper serves many files; one that exceeds its time is killed, and the next file gets a new
one. What the helper may do is said in `formats`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from threading import Timer
from types import TracebackType
from typing import Any

from qa.errors import DocumentError

SECONDS = 30.0
# Libraries keep things: a fresh helper now and then gives them back.
FILES_A_HELPER = 200
_LONGEST_REPLY = 64_000_000

Fields = dict[str, Any]


class Converter:
    """Converts bytes to Markdown; a context manager, so that the helper ends with it."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._helper: subprocess.Popen[bytes] | None = None
        self._served = 0

    def __enter__(self) -> Converter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def convert(self, name: str, kind: str, data: bytes) -> tuple[str, Fields]:
        """The Markdown of a file's bytes and the fields that it states of itself.

        `kind` is html, pdf, docx, pptx or eml. Raises DocumentError, with the name and the reason,
        for what can't be converted within the limits.
        """
        if self._served >= FILES_A_HELPER:
            self.close()
        helper = self._helper = self._helper or _start()
        self._served += 1
        late: list[bool] = []

        def stop() -> None:
            late.append(True)
            helper.kill()

        timer = Timer(self._seconds, stop)
        timer.start()
        try:
            reply = _exchange(helper, kind, data)
        finally:
            timer.cancel()
        if late:
            self.close()
            raise DocumentError(
                f"{name}: converting it took more than {self._seconds:.0f} seconds; split it."
            )
        if reply is None:
            self.close()
            raise DocumentError(f"{name}: the converter broke down over it; check the file.")
        if "problem" in reply:
            raise DocumentError(f"{name}: {reply['problem']}.")
        return str(reply["text"]), dict(reply["fields"])

    def close(self) -> None:
        """End the helper."""
        helper, self._helper, self._served = self._helper, None, 0
        if helper is not None:
            helper.kill()
            # What was not yet sent can't be any more.
            with suppress(BrokenPipeError), helper:
                pass
            helper.wait()


def _start() -> subprocess.Popen[bytes]:
    # A plain environment: neither the folder one is in nor one's variables have a say in it.
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", f"import sys; sys.path[:0] = {_PATH!r}; {_PROGRAM}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept | {"ORT_DISABLE_TELEMETRY": "1", "PYTHONSAFEPATH": "1"},
        start_new_session=True,  # Ctrl-C is for the parent, which ends the helper
    )


_PATH = [os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))]
_PROGRAM = "from qa.commentary.formats import main; main()"


def _exchange(helper: subprocess.Popen[bytes], kind: str, data: bytes) -> Fields | None:
    """Send a request and read its reply; None when the helper is gone."""
    assert helper.stdin is not None
    assert helper.stdout is not None
    request = kind.encode() + b"\n" + data
    try:
        helper.stdin.write(len(request).to_bytes(8, "big") + request)
        helper.stdin.flush()
        size = int.from_bytes(helper.stdout.read(8), "big")
        body = helper.stdout.read(size) if 0 < size <= _LONGEST_REPLY else b""
    except OSError:
        return None
    try:
        reply = json.loads(body)
    except ValueError:
        return None
    return reply if isinstance(reply, dict) else None

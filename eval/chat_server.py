"""A server on this machine that speaks chat completions: streams, tool calls, usage and faults.

It replies from a script: each request takes the next reply, and the last one is repeated.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Call = tuple[str, dict[str, Any] | str]
PIECE = 200  # characters of a streamed piece


@dataclass(frozen=True)
class Says:
    """A reply: text, tool calls (name and arguments, a string being sent as it is), or both."""

    text: str = ""
    calls: Sequence[Call] = ()
    refusal: str | None = None
    usage: tuple[int, int] = (1000, 100)
    pause: float = 0.0  # before each piece


@dataclass(frozen=True)
class Fails:
    """An error of the server."""

    status: int
    body: str = '{"error": {"message": "as scripted"}}'
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CutOff:
    """A reply whose connection ends after some pieces."""

    says: Says
    pieces: int


@dataclass(frozen=True)
class Hangs:
    """No answer, until the server is closed."""


Reply = Says | Fails | CutOff | Hangs
Turn = Reply | Callable[[dict[str, Any]], Reply]


class ChatServer:
    """`asked` has the requests as they came, `left` whether a client went away in mid-stream."""

    def __init__(self, script: Sequence[Turn]) -> None:
        self.script = list(script)
        self.asked: list[dict[str, Any]] = []
        self.left = threading.Event()
        self.over = threading.Event()
        self._lock = threading.Lock()

    def next(self, request: dict[str, Any]) -> Reply:
        """The reply to a request, which is remembered."""
        with self._lock:
            turn = self.script[min(len(self.asked), len(self.script) - 1)]
            self.asked.append(request)
        return turn(request) if callable(turn) else turn


@contextmanager
def serving(*script: Turn) -> Iterator[tuple[ChatServer, str]]:
    """The server and its base URL, until the block ends."""
    chat = ChatServer(script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionResetError):  # a client may hang up between requests
                super().handle()

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = chat.next(request)
            if isinstance(reply, Hangs):
                chat.over.wait(30)
                self.close_connection = True
            elif isinstance(reply, Fails):
                self._fail(reply)
            else:
                self._answer(reply)

        def _fail(self, reply: Fails) -> None:
            body = reply.body.encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer(self, reply: Says | CutOff) -> None:
            says = reply.says if isinstance(reply, CutOff) else reply
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                for sent, event in enumerate(_events(says)):
                    if isinstance(reply, CutOff) and sent == reply.pieces:
                        self.close_connection = True
                        return
                    chat.over.wait(says.pause)
                    self._send(f"data: {json.dumps(event)}\n\n".encode())
                self._send(b"data: [DONE]\n\n")
                self._send(b"")
            except OSError:
                chat.left.set()
                self.close_connection = True

        def _send(self, data: bytes) -> None:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def log_message(self, *args: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield chat, f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        chat.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _events(says: Says) -> Iterator[dict[str, Any]]:
    """The chunks of a reply as OpenAI streams them: role, text, calls, the end, usage."""
    yield _chunk({"role": "assistant", "content": ""})
    if says.refusal:
        yield _chunk({"refusal": says.refusal})
    for text in _pieces(says.text):
        yield _chunk({"content": text})
    for index, (name, arguments) in enumerate(says.calls):
        head = {"name": name, "arguments": ""}
        call = {"index": index, "id": f"call_{time.monotonic_ns()}_{index}", "type": "function"}
        yield _chunk({"tool_calls": [{**call, "function": head}]})
        written = arguments if isinstance(arguments, str) else json.dumps(arguments)
        for text in _pieces(written):
            yield _chunk({"tool_calls": [{"index": index, "function": {"arguments": text}}]})
    yield _chunk({}, "tool_calls" if says.calls else "stop")
    sent, made = says.usage
    usage = {"prompt_tokens": sent, "completion_tokens": made, "total_tokens": sent + made}
    yield {**_chunk({}), "choices": [], "usage": usage}


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1}
    return {**head, "model": "scripted", "choices": [choice]}


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]

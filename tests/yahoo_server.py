"""A stand-in for Yahoo Finance on 127.0.0.1, with series of our making and faults on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time as timestamp
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import requests
from requests.adapters import HTTPAdapter

NEW_YORK = ZoneInfo("America/New_York")
CHART = "/v8/finance/chart/"
Row = tuple[str | float | None, ...]  # day, open, high, low, close, adjusted close


@dataclass
class Series:
    """Rows of (day, open, high, low, close, adjusted close), and splits of (day, ratio)."""

    rows: Sequence[Row]
    kind: str = "INDEX"
    splits: Mapping[str, int] = field(default_factory=dict)


def rising(
    days: Sequence[str], first: float = 100.0, adjusted: float = 1.0, noise: float = 0.0
) -> list[Row]:
    """One point a day: closes first, first+1, ..., but for noise; opens half a point below."""
    levels = [(first + i) * (1 + noise) for i in range(len(days))]
    return [
        (day, level - 0.5, level + 1, level - 1, level, level * adjusted)
        for day, level in zip(days, levels, strict=True)
    ]


def bell(day: object) -> int:
    """The opening bell of a day, as Yahoo stamps its daily rows."""
    return int(datetime.combine(date.fromisoformat(str(day)), time(9, 30), NEW_YORK).timestamp())


def chart(symbol: str, series: Series, since: int, until: int) -> dict[str, Any]:
    """The JSON of a chart, in Yahoo's words."""
    rows = [row for row in series.rows if since <= bell(row[0]) <= until]
    names = ("open", "high", "low", "close")
    quote = {name: [row[i + 1] for row in rows] for i, name in enumerate(names)}
    result: dict[str, Any] = {
        "meta": {
            "currency": "USD",
            "symbol": symbol,
            "instrumentType": series.kind,
            "exchangeTimezoneName": "America/New_York",
            "timezone": "EST",
            "gmtoffset": -18000,
            "priceHint": 2,
            "dataGranularity": "1d",
            "validRanges": ["1d", "5d", "max"],
        },
        "timestamp": [bell(row[0]) for row in rows],
        "indicators": {
            "quote": [{**quote, "volume": [1000 if row[4] else None for row in rows]}],
            "adjclose": [{"adjclose": [row[5] for row in rows]}],
        },
    }
    if series.splits:
        result["events"] = {
            "splits": {
                str(bell(day)): {
                    "date": bell(day),
                    "numerator": ratio,
                    "denominator": 1,
                    "splitRatio": f"{ratio}:1",
                }
                for day, ratio in series.splits.items()
            }
        }
    return {"chart": {"result": [result], "error": None}}


UNKNOWN = {
    "chart": {
        "result": None,
        "error": {"code": "Not Found", "description": "No data found, symbol may be delisted"},
    }
}
BAD_KEY = {
    "finance": {
        "result": None,
        "error": {"code": "Unauthorized", "description": "Invalid Crumb"},
    }
}
EMPTY: dict[str, Any] = {"chart": {"result": [], "error": None}}


class YahooServer:
    """Serves `series`; `fault` is None or one of slow, hang, cookie-hang, 429, 500, 401, html,
    cut, empty.

    `asked` keeps (host, path, parameters) of every request, in order.
    """

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.fault: str | None = None
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.most_at_once = 0
        self.release = threading.Event()
        self._now = 0
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.port = self._http.server_port
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let go of what hangs, and stop."""
        self.release.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def charts(self) -> list[tuple[str, dict[str, str]]]:
        """The symbols and parameters that prices were asked for with."""
        return [
            (unquote(path.removeprefix(CHART)), parameters)
            for _, path, parameters in self.asked
            if path.startswith(CHART)
        ]

    def session(self, host: str = "127.0.0.1") -> requests.Session:
        """A session that takes every https address to this server."""
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", _Detour(f"http://{host}:{self.port}"))
        return session

    def answer(self, path: str, parameters: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        fault, prices = self.fault, path.startswith(CHART)
        if fault == "hang" or (fault == "cookie-hang" and not prices):
            self.release.wait(20)
        if fault == "slow":
            self.release.wait(0.1)
        if fault == "401":
            return 401, "application/json", json.dumps(BAD_KEY).encode()
        if fault in {"429", "500"}:
            return int(fault), "text/plain", b"Too Many Requests" if fault == "429" else b"Oops"
        if fault == "html":
            return 200, "text/html", b"<html><body>Will be with you shortly</body></html>"
        if not prices:
            return 200, "text/plain", b"crumb" if path.endswith("getcrumb") else b""
        symbol = unquote(path.removeprefix(CHART))
        if fault == "empty":
            return 200, "application/json", json.dumps(EMPTY).encode()
        if symbol not in self.series:
            return 404, "application/json", json.dumps(UNKNOWN).encode()
        since, until = int(parameters["period1"]), int(parameters["period2"])
        body = json.dumps(chart(symbol, self.series[symbol], since, until)).encode()
        return 200, "application/json", body[: len(body) // 2] if fault == "cut" else body

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server._serve(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        return Handler

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        parameters = {key: values[0] for key, values in parse_qs(url.query).items()}
        with self._lock:
            self.asked.append((request.headers.get("X-Host", ""), url.path, parameters))
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        status, kind, body = self.answer(url.path, parameters)
        with self._lock:
            self._now -= 1
        try:
            request.send_response(status)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(body)))
            if "fc.yahoo.com" in request.headers.get("X-Host", ""):
                day = formatdate(timestamp() + 86_400 * 365, usegmt=True)
                request.send_header(
                    "Set-Cookie", f"A3=x; Domain=.yahoo.com; Path=/; Expires={day}; Secure"
                )
            request.end_headers()
            request.wfile.write(body)
        except OSError:  # the one who asked has gone
            request.close_connection = True


class _Detour(HTTPAdapter):
    """Takes a request for any https host to one address; X-Host says where it was going."""

    def __init__(self, base: str) -> None:
        self._base = base
        super().__init__()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        there = request.copy()
        url = urlsplit(str(request.url))
        there.headers["X-Host"] = url.netloc
        there.url = self._base + url.path + (f"?{url.query}" if url.query else "")
        return super().send(there, *args, **kwargs)

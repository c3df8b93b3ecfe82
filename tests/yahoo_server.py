"""A stand-in for Yahoo Finance on 127.0.0.1, with series of our making and faults on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time as timestamp
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import requests
from requests.adapters import HTTPAdapter

from qa.market.yahoo import YahooSource

NEW_YORK = ZoneInfo("America/New_York")
CHART = "/v8/finance/chart/"
SUMMARY = "/v10/finance/quoteSummary/"
# January 2026: New Year's Day and the 19th (Martin Luther King) are holidays.
DAYS = [f"2026-01-{d:02}" for d in (5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 20, 21, 22, 23)]
FRIDAY = datetime(2026, 1, 23, 22, 0, tzinfo=UTC)  # 17:00 in New York, an hour after the close
TUESDAY = datetime(2026, 1, 27, 15, 0, tzinfo=UTC)  # 10:00 in New York
# What is said of each; "no address" is no fault of the server's: see `sources`.
FAULTS = {
    "hang": "could not be reached (timed out)",
    "429": "Yahoo refused: too many requests",
    "500": "Yahoo failed (error 500)",
    "html": "Yahoo's answer could not be read",
    "cut": "Yahoo's answer could not be read",
    "empty": "Yahoo Finance has no ",
    "no address": "could not be reached (its address was not found)",
}
Open = Callable[..., YahooSource]
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


def summary(**modules: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a summary, in Yahoo's words."""
    return {"quoteSummary": {"result": [modules], "error": None}}


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
NO_SUMMARY = {
    "quoteSummary": {
        "result": None,
        "error": {"code": "Not Found", "description": "No fundamentals data found for symbol"},
    }
}
EMPTY: dict[str, Any] = {"chart": {"result": [], "error": None}}
EMPTY_SUMMARY: dict[str, Any] = {"quoteSummary": {"result": [], "error": None}}


class YahooServer:
    """Serves `series` and `summaries`; `fault` is None or one of slow, hang, cookie-hang, 429,
    500, 401, html, cut, empty. Summaries are for those who send the `crumb`.

    `asked` keeps (host, path, parameters) of every request, in order.
    """

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.summaries: dict[str, Any] = {}
        self.crumb = "crumb"
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

    @property
    def asked_summaries(self) -> list[str]:
        """The symbols that ratios were asked for."""
        return [
            unquote(path.removeprefix(SUMMARY))
            for _, path, _ in self.asked
            if path.startswith(SUMMARY)
        ]

    def session(self, host: str = "127.0.0.1") -> requests.Session:
        """A session that takes every https address to this server."""
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", _Detour(f"http://{host}:{self.port}"))
        return session

    def answer(self, path: str, parameters: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        fault, data = self.fault, path.startswith((CHART, SUMMARY))
        if fault == "hang" or (fault == "cookie-hang" and not data):
            self.release.wait(20)
        if fault == "slow":
            self.release.wait(0.1)
        if fault == "401":
            return 401, "application/json", json.dumps(BAD_KEY).encode()
        if fault in {"429", "500"}:
            return int(fault), "text/plain", b"Too Many Requests" if fault == "429" else b"Oops"
        if fault == "html":
            return 200, "text/html", b"<html><body>Will be with you shortly</body></html>"
        if not data:
            return 200, "text/plain", self.crumb.encode() if path.endswith("getcrumb") else b""
        asks = self._chart if path.startswith(CHART) else self._summary
        status, told = asks(path, parameters)
        body = json.dumps(told).encode()
        return status, "application/json", body[: len(body) // 2] if fault == "cut" else body

    def _chart(self, path: str, parameters: dict[str, str]) -> tuple[int, Any]:
        symbol = unquote(path.removeprefix(CHART))
        if self.fault == "empty":
            return 200, EMPTY
        if symbol not in self.series:
            return 404, UNKNOWN
        since, until = int(parameters["period1"]), int(parameters["period2"])
        return 200, chart(symbol, self.series[symbol], since, until)

    def _summary(self, path: str, parameters: dict[str, str]) -> tuple[int, Any]:
        symbol = unquote(path.removeprefix(SUMMARY))
        if parameters.get("crumb") != self.crumb:
            return 401, BAD_KEY
        if self.fault == "empty":
            return 200, EMPTY_SUMMARY
        if symbol not in self.summaries:
            return 404, NO_SUMMARY
        return 200, self.summaries[symbol]

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


@contextmanager
def serving() -> Iterator[YahooServer]:
    """A server with two series, the cookie and the session of yfinance forgotten."""
    from yfinance.data import SingletonMeta

    SingletonMeta._instances.clear()  # else they outlive a test
    server = YahooServer()
    server.series = {
        "^RUT": Series(rising(DAYS)),
        "IWM": Series(rising(DAYS, 200.0, adjusted=0.99), "ETF"),
    }
    try:
        yield server
    finally:
        server.close()


@contextmanager
def sources(server: YahooServer, folder: Path, usual: float) -> Iterator[Open]:
    """Opens sources on one folder, each with a session of its own; `usual` is their deadline.

    `fault` sets that of the server too, "no address" by asking a host that isn't there.
    """
    with ExitStack() as stack:

        def opened(
            now: datetime = FRIDAY, *, fault: str | None = None, **options: float
        ) -> YahooSource:
            server.fault = fault or server.fault
            host = "no-such-host.invalid" if fault == "no address" else "127.0.0.1"
            session = stack.enter_context(server.session(host))
            given = {"deadline": usual, **options}
            return YahooSource(folder=folder, session=session, now=lambda: now, **given)

        yield opened

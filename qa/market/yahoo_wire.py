"""Asking Yahoo Finance through yfinance: no call outlasts its time, and every failure has a name.

The library itself comes from qa/market/yahoo.py, the one place that imports it.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from qa.market.sessions import NEW_YORK

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
CHART = "/v8/finance/chart/"
SUMMARY = "/v10/finance/quoteSummary/"
HOST = "https://query2.finance.yahoo.com"
# What this thread's call may and did: `until` (monotonic) and `status`, that of the last answer.
# Of the module, since yfinance holds one session for the whole program.
_MINE = threading.local()


class Trouble(Exception):
    """Yahoo gave nothing; the text is half a sentence on why."""


class Failed(Trouble):
    """The asking itself failed: unreachable, refused, or an answer that is none. Counts."""


class Unlisted(Trouble):
    """Yahoo answered, and has no such thing."""


class Wire:
    """One call of yfinance at a time in a thread of its own, so that it can be given up.

    `session` is a curl_cffi or requests session, or None for one of ours; `load` gives yfinance.
    The methods raise Failed or Unlisted.
    """

    def __init__(self, session: Any, load: Callable[[], Any]) -> None:
        self._given = session
        self._load = load
        self._lock = threading.Lock()
        self._bounded: Any = None

    def table(self, symbol: str, since: date, allowed: float) -> pd.DataFrame:
        """The daily rows from `since` on as yfinance gives them, within `allowed` seconds."""

        def ask(yfinance: Any, session: Any) -> pd.DataFrame:
            ticker = yfinance.Ticker(symbol, session=session)
            # Else yfinance asks for the zone first: one more request for every symbol.
            ticker._tz = NEW_YORK.key
            table: pd.DataFrame = ticker.history(
                start=since.isoformat(),
                interval="1d",
                auto_adjust=False,
                actions=True,
                keepna=True,
            )
            return table

        return self._call(f"prices of {symbol}", allowed, ask)

    def summary(self, symbol: str, modules: tuple[str, ...], allowed: float) -> Any:
        """The JSON of some modules of a symbol's summary, within `allowed` seconds.

        yfinance's `info` and `funds_data` would ask four times for what comes in one answer.
        """

        def ask(yfinance: Any, session: Any) -> Any:
            parameters = {"modules": ",".join(modules), "formatted": "false", "symbol": symbol}
            data = yfinance.data.YfData(session=session)
            return data.get_raw_json(f"{HOST}{SUMMARY}{symbol}", params=parameters)

        return self._call(f"ratios of {symbol}", allowed, ask)

    def _call(self, what: str, allowed: float, ask: Callable[[Any, Any], T]) -> T:
        yfinance, session = self._load(), self._session()
        # Its use of pandas is no reader's concern. Said each time: others may reset the filters.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"yfinance\b")
        answer: Future[T] = Future()
        until = time.monotonic() + allowed

        def work() -> None:
            _MINE.until, _MINE.status = until, None
            try:
                answer.set_result(ask(yfinance, session))
            except Exception as error:  # yfinance raises whatever a strange answer trips over
                trouble = _why(what, error, _MINE.status, yfinance.exceptions)
                trouble.__cause__ = error
                answer.set_exception(trouble)

        # A daemon, not an executor: a hung call must not keep the program from ending.
        threading.Thread(target=work, name=f"yahoo {what}", daemon=True).start()
        try:
            return answer.result(timeout=allowed)
        except TimeoutError as error:
            raise Failed("Yahoo could not be reached (timed out)") from error

    def _session(self) -> Any:
        with self._lock:
            if self._bounded is None:
                if self._given is None:
                    from curl_cffi.requests import Session

                    self._given = Session(impersonate="chrome")
                self._bounded = _bound(self._given)
            return self._bounded


def _bound(session: Any) -> Any:
    """Let no request of this session outlast its call; yfinance's own limits add up to 130 s.

    The cookie and the crumb, which prices can do without, get a quarter of the time left each.
    """
    plain = session.request

    def request(method: str, url: str, **options: Any) -> Any:
        left = _MINE.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        data = CHART in url or SUMMARY in url
        options["timeout"] = left if data else left / 4
        answer = plain(method, url, **options)
        if data:
            _MINE.status = answer.status_code
            if answer.status_code == 404 or answer.status_code >= 500:
                # yfinance would ask again with another cookie, which can't help here.
                raise ConnectionError
        return answer

    session.request = request
    return session


def _why(what: str, error: Exception, status: int | None, kinds: Any) -> Trouble:
    """What an exception of yfinance means, by its kind and the status of the last answer."""
    kind = type(error).__name__
    if status == 429 or isinstance(error, kinds.YFRateLimitError):
        return Failed("Yahoo refused: too many requests")
    if isinstance(error, TimeoutError) or "Timeout" in kind:
        return Failed("Yahoo could not be reached (timed out)")
    if status == 404 or (status == 200 and isinstance(error, kinds.YFTickerMissingError)):
        return Unlisted(f"Yahoo Finance has no {what}")
    if status is not None and status >= 400:
        return Failed(f"Yahoo {'failed' if status >= 500 else 'refused'} (error {status})")
    # A JSON error of requests or curl_cffi is an OSError too.
    if isinstance(error, OSError) and not isinstance(error, ValueError):
        lost = "DNS" in kind or "resolve" in str(error)
        why = "its address was not found" if lost else "the connection failed"
        return Failed(f"Yahoo could not be reached ({why})")
    return Failed("Yahoo's answer could not be read")

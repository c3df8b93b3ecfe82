"""Yahoo Finance as a market source: live through yfinance, kept on disk, and never waited for long.

Nothing else imports yfinance. Levels are Yahoo's raw prices (auto_adjust=False): restated for
splits, not for dividends; `adj_close` stands beside them for funds and stocks.
"""

from __future__ import annotations

import logging
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import NotAvailable, TapecheckError, UnknownSymbol
from qa.market import sessions
from qa.market.cache import Cache, Holding, Kept, extended, last_complete
from qa.market.instruments import named
from qa.market.patience import Breaker, Budget
from qa.market.prices import Prices
from qa.market.sessions import NEW_YORK

if TYPE_CHECKING:
    import pandas as pd

AT_ONCE = 4  # requests side by side: what Yahoo bears without refusing
SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9^.=&_-]{0,31}")
CHART = "/v8/finance/chart/"
COLUMNS = {"Open": "open", "High": "high", "Low": "low", "Close": "close"}
COLUMNS["Adj Close"] = "adj_close"


class _Trouble(Exception):
    """Yahoo gave no prices; the text is half a sentence on why."""


class _Failed(_Trouble):
    """The asking itself failed: unreachable, refused, or an answer that is none. Counts."""


class _Unlisted(_Trouble):
    """Yahoo answered, and has no such instrument."""


class YahooSource:
    """Daily history of any Yahoo symbol, fetched when what is kept is out of date.

    `deadline` is the seconds that one question may wait for Yahoo; `start_question` begins one,
    and within it a symbol keeps the prices, or the error, it had first. `folder` is where
    histories are kept, `session` a curl_cffi or requests session, `now` the time, `pause` the
    seconds that Yahoo is left alone after two failures in a row.
    """

    name = "Yahoo Finance"
    sample = False

    def __init__(
        self,
        deadline: float = 20.0,
        *,
        folder: Path | None = None,
        session: Any = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: float = 60.0,
    ) -> None:
        self.cache = Cache(folder or _default_folder())
        self._asking = _Asking(session, self.cache.folder / "yfinance")
        self._now = now
        self._budget = Budget(deadline)
        self._breaker = Breaker(pause)
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._settled: dict[str, Prices | TapecheckError] = {}

    def symbols(self) -> tuple[str, ...]:
        """None: Yahoo can't be asked for a list."""
        return ()

    def span(self) -> tuple[date, date]:
        """From the first day of the exchange calendar to today, in New York."""
        return sessions.FIRST_DAY, self._now().astimezone(NEW_YORK).date()

    def kept(self) -> list[Holding]:
        """What is kept on disk, by symbol."""
        return self.cache.holdings()

    def start_question(self) -> None:
        """Begin a question: the whole deadline is there again, and prices are looked up anew."""
        self._budget.reset()
        with self._lock:
            self._settled.clear()

    def prefetch(self, symbols: Iterable[str]) -> None:
        """Look up several symbols, four at a time; an error waits until `history` asks."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._settle, dict.fromkeys(s.upper() for s in symbols)))

    def history(self, symbol: str) -> Prices:
        """The whole daily history, to the last session that is over.

        Prices that may be out of date carry a note and the time they were kept. Raises
        UnknownSymbol, and NotAvailable when Yahoo gave nothing and nothing is kept.
        """
        outcome = self._settle(symbol.upper())
        if isinstance(outcome, TapecheckError):
            raise outcome
        return outcome

    def _settle(self, symbol: str) -> Prices | TapecheckError:
        """What this question knows of a symbol; two threads don't look up the same one."""
        with self._lock:
            turn = self._turns.setdefault(symbol, threading.Lock())
        with turn:
            outcome = self._settled.get(symbol)
            if outcome is None:
                try:
                    outcome = self._look_up(symbol)
                except TapecheckError as error:
                    outcome = error
                self._settled[symbol] = outcome
            return outcome

    def _look_up(self, symbol: str) -> Prices:
        if not SYMBOL.fullmatch(symbol):
            raise UnknownSymbol(f"{symbol[:40]!r} can't be a symbol: use one such as ^RUT or IWM.")
        kept = self.cache.read(symbol)
        if kept is not None and kept.fresh(self._now()):
            return self._prices(kept)
        try:
            return self._fetched(symbol, kept)
        except _Trouble as trouble:
            if kept is not None:
                return self._prices(kept, _stale(kept, trouble))
            if isinstance(trouble, _Unlisted):
                raise UnknownSymbol(f"{trouble}: check the symbol.") from trouble
            raise NotAvailable(
                f"{trouble}, and no prices of {symbol} are kept: try again later, "
                "or name another market source."
            ) from trouble

    def _fetched(self, symbol: str, kept: Kept | None) -> Prices:
        """Fetch what is missing, or everything if nothing is kept or it was restated."""
        held = None
        if kept is not None:
            held = extended(kept, self._fetch(symbol, kept.tail_start))
        if held is None:
            held = self._fetch(symbol, sessions.FIRST_DAY)
        try:
            return self._prices(self.cache.store(held))
        except OSError as error:
            why = error.strerror or type(error).__name__
            note = f"The prices could not be kept in {self.cache.folder}: {why}."
            return self._prices(held, note)

    def _fetch(self, symbol: str, since: date) -> Kept:
        """Ask Yahoo for the rows from `since` on, within what is left of the question's time."""
        with self._budget.spending():
            left = self._budget.left()
            if left <= 0 or not self._places.acquire(timeout=left):
                raise self._no_time()
            try:
                # Half at most: one hang leaves time for a second try, and two open the breaker.
                allowed = min(self._budget.left(), self._budget.seconds / 2)
                if allowed < self._budget.seconds / 20:
                    raise self._no_time()
                asked = self._now()
                table = self._counted(symbol, since, allowed)
            finally:
                self._places.release()
        return _taken_in(symbol, table, asked)

    def _counted(self, symbol: str, since: date, allowed: float) -> pd.DataFrame:
        """The table that Yahoo gives, unless it is left alone; the breaker learns how it went."""
        if refusal := self._breaker.refusal():
            raise _Trouble(refusal)
        try:
            table = self._asking.table(symbol, since, allowed)
        except _Failed as error:
            self._breaker.failed(str(error), self._now())
            raise
        except _Unlisted:
            self._breaker.worked()
            raise
        self._breaker.worked()
        return table

    def _no_time(self) -> _Trouble:
        seconds = f"{self._budget.seconds:g} s"
        return _Trouble(f"Yahoo was not asked (the {seconds} that a question may wait are used up)")

    def _prices(self, kept: Kept, *notes: str) -> Prices:
        behind = () if notes else _behind(kept, self._now())
        told = (*notes, *behind, *_notes(kept))
        return Prices(kept.symbol, kept.frame, self.name, kept.retrieved, notes=told)


# What the asking of this thread may and did: `until` (monotonic) and `status`, the last answer's.
# Of the module, since yfinance holds one session for the whole program.
_MINE = threading.local()


class _Asking:
    """One call of yfinance at a time in a thread of its own, so that it can be given up."""

    def __init__(self, session: Any, folder: Path) -> None:
        self._given = session
        self._folder = folder
        self._lock = threading.Lock()
        self._bounded: Any = None

    def table(self, symbol: str, since: date, allowed: float) -> pd.DataFrame:
        """Yahoo's daily rows as yfinance gives them; raises _Failed or _Unlisted."""
        yfinance, session = _yfinance(self._folder), self._session()
        # Its use of pandas is no reader's concern. Said each time: others may reset the filters.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"yfinance\b")
        answer: Future[pd.DataFrame] = Future()
        until = time.monotonic() + allowed

        def work() -> None:
            try:
                answer.set_result(self._ask(yfinance.Ticker, session, symbol, since, until))
            except _Trouble as trouble:
                answer.set_exception(trouble)

        # A daemon, not an executor: a hung call must not keep the program from ending.
        threading.Thread(target=work, name=f"yahoo {symbol}", daemon=True).start()
        try:
            return answer.result(timeout=allowed)
        except TimeoutError as error:
            raise _Failed("Yahoo could not be reached (timed out)") from error

    def _ask(
        self, new_ticker: Any, session: Any, symbol: str, since: date, until: float
    ) -> pd.DataFrame:
        _MINE.until, _MINE.status = until, None
        try:
            ticker = new_ticker(symbol, session=session)
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
        except Exception as error:  # yfinance raises whatever a strange answer trips over
            raise _why(symbol, error, _MINE.status) from error

    def _session(self) -> Any:
        with self._lock:
            if self._bounded is None:
                if self._given is None:
                    from curl_cffi.requests import Session

                    self._given = Session(impersonate="chrome")
                self._bounded = _bound(self._given)
            return self._bounded


def _bound(session: Any) -> Any:
    """Let no request of this session outlast its asking; yfinance's own limits add up to 130 s.

    The cookie, which prices can do without, gets a quarter of the time that is left.
    """
    plain = session.request

    def request(method: str, url: str, **options: Any) -> Any:
        left = _MINE.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        chart = CHART in url
        options["timeout"] = left if chart else left / 4
        answer = plain(method, url, **options)
        if chart:
            _MINE.status = answer.status_code
            if answer.status_code == 404 or answer.status_code >= 500:
                # yfinance would ask again with another cookie, which can't help here.
                raise ConnectionError
        return answer

    session.request = request
    return session


def _why(symbol: str, error: Exception, status: int | None) -> _Trouble:
    """What an exception of yfinance means, by its kind and the status of the last answer."""
    from yfinance.exceptions import YFRateLimitError, YFTickerMissingError

    kind = type(error).__name__
    if status == 429 or isinstance(error, YFRateLimitError):
        return _Failed("Yahoo refused: too many requests")
    if isinstance(error, TimeoutError) or "Timeout" in kind:
        return _Failed("Yahoo could not be reached (timed out)")
    if status == 404 or (status == 200 and isinstance(error, YFTickerMissingError)):
        return _Unlisted(f"Yahoo Finance has no prices of {symbol}")
    if status is not None and status >= 400:
        return _Failed(f"Yahoo {'failed' if status >= 500 else 'refused'} (error {status})")
    # A JSON error of requests or curl_cffi is an OSError too.
    if isinstance(error, OSError) and not isinstance(error, ValueError):
        lost = "DNS" in kind or "resolve" in str(error)
        why = "its address was not found" if lost else "the connection failed"
        return _Failed(f"Yahoo could not be reached ({why})")
    return _Failed("Yahoo's answer could not be read")


def _taken_in(symbol: str, table: pd.DataFrame, asked: datetime) -> Kept:
    """The rows with a price, of sessions that are over; the others are told of."""
    import pandas as pd

    if table.empty:
        raise _Unlisted(f"Yahoo Finance has no prices of {symbol}")
    days = pd.DatetimeIndex(table.index).tz_localize(None).normalize().as_unit("us")
    frame = table.set_axis(days).rename_axis(None).rename(columns=COLUMNS)
    splits = days[frame["Stock Splits"].to_numpy("float64") > 0]
    frame = frame[list(COLUMNS.values())].astype("float64")
    frame = frame.loc[~days.duplicated(keep="last")].sort_index()
    if symbol.startswith("^"):
        # An index pays nothing: Yahoo repeats the close, which is no total return.
        frame = frame.drop(columns="adj_close")
    missing = frame.abs().eq(float("inf"))
    if named(symbol).kind != "yield":
        missing |= frame == 0  # how Yahoo writes "none" in old rows
    frame = frame.mask(missing)
    complete = last_complete(asked)
    late, frame = frame.loc[frame.index > str(complete)], frame.loc[: str(complete)]
    priced = frame["close"].notna()
    if not priced.any():
        raise _Unlisted(f"Yahoo Finance has no prices of {symbol}")
    return Kept(
        symbol,
        frame.loc[priced],
        retrieved=asked,
        checked=asked,
        blank=tuple(day.date() for day in frame.index[~priced]),
        splits=tuple(day.date() for day in splits),
        unfinished=late.index[0].date() if len(late) else None,
    )


def _notes(kept: Kept) -> tuple[str, ...]:
    """Sentences on what was left out, and on splits."""
    told = []
    if kept.unfinished and sessions.is_session(kept.unfinished):
        told.append(
            f"The session of {sessions.spoken(kept.unfinished)} was not over when its prices were "
            "fetched, so they were left out."
        )
    if kept.blank:
        rows = "1 row" if len(kept.blank) == 1 else f"{len(kept.blank)} rows"
        verb = "was" if len(kept.blank) == 1 else "were"
        told.append(f"{rows} without prices {verb} left out.")
    if kept.splits:
        told.append(
            f"Prices of {kept.symbol} before {max(kept.splits)} are restated for a split since."
        )
    return tuple(told)


def _behind(kept: Kept, now: datetime) -> tuple[str, ...]:
    """A note when Yahoo itself has no price of the last session that is over."""
    if kept.last >= last_complete(now):
        return ()
    when = kept.checked.astimezone(UTC)
    return (
        f"Yahoo had no prices of {kept.symbol} after {kept.last} at {when:%Y-%m-%d %H:%M} UTC.",
    )


def _stale(kept: Kept, trouble: _Trouble) -> str:
    """The note that prices may be out of date: why, since when, and up to which session."""
    when = kept.retrieved.astimezone(UTC)
    return f"{trouble}: prices are those kept on {when:%Y-%m-%d %H:%M} UTC, to {kept.last}."


def _default_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("tapecheck", appauthor=False) / "yahoo"


@lru_cache(maxsize=1)
def _yfinance(folder: Path) -> Any:
    """yfinance: raising its errors, saying nothing, and keeping its cookies with our files."""
    import yfinance

    yfinance.config.debug.hide_exceptions = False
    yfinance.set_tz_cache_location(str(folder))
    for name in ("yfinance", "bs4"):  # bs4 reads Yahoo's consent page for it
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return yfinance

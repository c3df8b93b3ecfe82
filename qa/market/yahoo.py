"""Yahoo Finance as a market source: live through yfinance, kept on disk, and never waited for long.

Nothing else imports yfinance. Levels are Yahoo's raw prices (auto_adjust=False): restated for
splits, not for dividends; `adj_close` stands beside them for funds and stocks.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qa.errors import NotAvailable, TapecheckError, UnknownSymbol
from qa.market import sessions
from qa.market.cache import Cache, Holding, Kept, extended, last_complete
from qa.market.instruments import named
from qa.market.patience import Breaker, Budget
from qa.market.prices import Prices, Ratios
from qa.market.sessions import NEW_YORK
from qa.market.yahoo_ratios import MODULES, STALE_SESSIONS, Given, RatioCache, begun, read_summary
from qa.market.yahoo_wire import Failed, Trouble, Unlisted, Wire

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
AT_ONCE = 4  # requests side by side: what Yahoo bears without refusing
SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9^.=&_-]{0,31}")
COLUMNS = {"Open": "open", "High": "high", "Low": "low", "Close": "close"}
COLUMNS["Adj Close"] = "adj_close"


class YahooSource:
    """Daily history and ratios of any Yahoo symbol, fetched when what is kept is out of date.

    `deadline` is the seconds that one question may wait for Yahoo; `start_question` begins one,
    and within it a symbol keeps the prices, or the error, it had first. `folder` is where
    they are kept, `session` a curl_cffi or requests session, `now` the time, `pause` the
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
        self._snapshots = RatioCache(self.cache.folder / "ratios")
        self._wire = Wire(session, partial(_yfinance, self.cache.folder / "yfinance"))
        self._now = now
        self._budget = Budget(deadline)
        self._breaker = Breaker(pause)
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._turns: dict[tuple[str, ...], threading.Lock] = {}
        self._settled: dict[tuple[str, ...], Any] = {}

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
            list(pool.map(self._settle_prices, dict.fromkeys(s.upper() for s in symbols)))

    def history(self, symbol: str) -> Prices:
        """The whole daily history, to the last session that is over.

        Prices that may be out of date carry a note and the time they were kept. Raises
        UnknownSymbol, and NotAvailable when Yahoo gave nothing and nothing is kept.
        """
        return _or_raise(self._settle_prices(symbol.upper()))

    def ratios(self, symbol: str, as_of: date) -> Ratios:
        """The valuation ratios as they stood on `as_of`, never those of a later session.

        Yahoo gives today's only, so those of an earlier day come from what was kept then. Kept
        ones stand in for a day up to five sessions later, with a note; older ones don't, since a
        P/E moves with the price. Raises UnknownSymbol for what can be no symbol, and NotAvailable
        when there are none to give.
        """
        symbol = symbol.upper()
        key = ("ratios", symbol, str(as_of))
        return _or_raise(self._settle(key, partial(self._look_up_ratios, symbol, as_of)))

    def _settle_prices(self, symbol: str) -> Prices | TapecheckError:
        return self._settle(("prices", symbol), partial(self._look_up, symbol))

    def _settle(self, key: tuple[str, ...], look_up: Callable[[], T]) -> T | TapecheckError:
        """What this question knows of a thing; two threads don't look up the same one."""
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:
            outcome: T | TapecheckError | None = self._settled.get(key)
            if outcome is None:
                try:
                    outcome = look_up()
                except TapecheckError as error:
                    outcome = error
                self._settled[key] = outcome
            return outcome

    def _look_up(self, symbol: str) -> Prices:
        _check(symbol)
        kept = self.cache.read(symbol)
        if kept is not None and kept.fresh(self._now()):
            return self._prices(kept)
        try:
            return self._fetched(symbol, kept)
        except Trouble as trouble:
            if kept is not None:
                return self._prices(kept, _stale(kept, trouble))
            if isinstance(trouble, Unlisted):
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
            return self._prices(held, _not_kept("prices", self.cache.folder, error))

    def _fetch(self, symbol: str, since: date) -> Kept:
        """Ask Yahoo for the rows from `since` on."""
        asked = self._now()
        return self._ask(
            lambda allowed: _taken_in(symbol, self._wire.table(symbol, since, allowed), asked)
        )

    def _look_up_ratios(self, symbol: str, as_of: date) -> Ratios:
        _check(symbol)
        now = self._now()
        today = begun(now)
        wanted = min(sessions.last_session(as_of), today)
        kept = [given for given in self._snapshots.read(symbol) if given.session <= wanted]
        newest = kept[-1] if kept else None
        settled = newest is not None and newest.session == wanted < today
        if newest is not None and (settled or newest.fresh(now)):
            return newest.ratios(self.name)
        try:
            if wanted < today:
                raise Trouble(f"Yahoo gives only today's ratios, not those of {as_of}")
            given = self._fetch_ratios(symbol)
        except Trouble as trouble:
            return self._stood_in(newest, symbol, wanted, trouble)
        try:
            self._snapshots.store(given)
        except OSError as error:
            return given.ratios(self.name, _not_kept("ratios", self._snapshots.folder, error))
        return given.ratios(self.name)

    def _fetch_ratios(self, symbol: str) -> Given:
        def ask(allowed: float) -> Given:
            answer = self._wire.summary(symbol, MODULES, allowed)
            try:
                # The time after it, or an answer across the opening bell counts as yesterday's.
                given = read_summary(symbol, answer, self._now())
            except ValueError as error:
                raise Failed("Yahoo's answer could not be read") from error
            if given is None:
                raise Unlisted(f"Yahoo Finance has no ratios of {symbol}")
            return given

        return self._ask(ask)

    def _stood_in(self, kept: Given | None, symbol: str, wanted: date, why: Trouble) -> Ratios:
        """Kept ratios in place of those of a session, if they are not too old."""
        if kept is None:
            raise NotAvailable(
                f"{why}, and no ratios of {symbol} are kept from before: ask search_commentary for "
                "what analysts wrote."
            ) from why
        when = f"{kept.retrieved.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        age = len(sessions.sessions_between(kept.session, wanted)) - 1
        told = f"{age} session{'s' * (age > 1)} before {wanted}"
        if age > STALE_SESSIONS:
            raise NotAvailable(
                f"{why}, and the ratios of {symbol} kept on {when} are of {told}, too old to stand "
                "for them: ask search_commentary for what analysts wrote."
            ) from why
        older = f", {told}" if age else ""
        return kept.ratios(
            self.name, f"{why}: the ratios of {symbol} are those kept on {when}{older}."
        )

    def _ask(self, ask: Callable[[float], T]) -> T:
        """What Yahoo answers to `ask(seconds)`, within what is left of the question's time."""
        with self._budget.spending():
            left = self._budget.left()
            if left <= 0 or not self._places.acquire(timeout=left):
                raise self._no_time()
            try:
                # Half at most: one hang leaves time for a second try, and two open the breaker.
                allowed = min(self._budget.left(), self._budget.seconds / 2)
                if allowed < self._budget.seconds / 20:
                    raise self._no_time()
                return self._counted(partial(ask, allowed))
            finally:
                self._places.release()

    def _counted(self, ask: Callable[[], T]) -> T:
        """What Yahoo gives, unless it is left alone; the breaker learns how it went."""
        if refusal := self._breaker.refusal():
            raise Trouble(refusal)
        try:
            answer = ask()
        except Failed as error:
            self._breaker.failed(str(error), self._now())
            raise
        except Unlisted:
            self._breaker.worked()
            raise
        self._breaker.worked()
        return answer

    def _no_time(self) -> Trouble:
        seconds = f"{self._budget.seconds:g} s"
        return Trouble(f"Yahoo was not asked (the {seconds} that a question may wait are used up)")

    def _prices(self, kept: Kept, *notes: str) -> Prices:
        behind = () if notes else _behind(kept, self._now())
        told = (*notes, *behind, *_notes(kept))
        return Prices(kept.symbol, kept.frame, self.name, kept.retrieved, notes=told)


def _check(symbol: str) -> None:
    if not SYMBOL.fullmatch(symbol):
        raise UnknownSymbol(f"{symbol[:40]!r} can't be a symbol: use one such as ^RUT or IWM.")


def _or_raise(outcome: T | TapecheckError) -> T:
    if isinstance(outcome, TapecheckError):
        raise outcome
    return outcome


def _not_kept(what: str, folder: Path, error: OSError) -> str:
    """The note that what came could not be written to disk."""
    return f"The {what} could not be kept in {folder}: {error.strerror or type(error).__name__}."


def _taken_in(symbol: str, table: pd.DataFrame, asked: datetime) -> Kept:
    """The rows with a price, of sessions that are over; the others are told of."""
    import pandas as pd

    if table.empty:
        raise Unlisted(f"Yahoo Finance has no prices of {symbol}")
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
        raise Unlisted(f"Yahoo Finance has no prices of {symbol}")
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


def _stale(kept: Kept, trouble: Trouble) -> str:
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

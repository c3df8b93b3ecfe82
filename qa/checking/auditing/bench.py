"""The bench on which claims are tried: histories cut at publication, and days laid on sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from qa.checking.auditing.history import History
from qa.checking.auditing.periods import Period, one_day
from qa.errors import NotAvailable, NotEnoughHistory
from qa.market import sessions
from qa.market.instruments import named

if TYPE_CHECKING:
    from qa.market.tape import Tape

PROXY = {"^RUT": "IWM", "^GSPC": "SPY"}  # the fund whose adjusted closes tell of dividends


class ClosedDayError(Exception):
    """A claim speaks of a session on a day that had none."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} was {sessions.why_closed(day)}: there was no session")
        self.day = day


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period laid on the rows of a history: `base` is the level that it is measured from.

    `first` and `last` are the rows of its first and last session; `origin` is the row that `base`
    is of. `standard`: the definition that is meant where none is named.
    """

    first: int
    last: int
    base: float
    origin: int
    words: str
    standard: bool = True
    final: float | None = None  # the price that it ends with, where that is no close

    def reached(self, h: History) -> float:
        """The level that it ends with."""
        return float(h.close[self.last]) if self.final is None else self.final


class Bench:
    """Histories up to the day of publication. Raises what the tape raises for what it lacks."""

    def __init__(self, tape: Tape, published: date) -> None:
        self.published = published
        self._tape = tape
        self._held: dict[str, History] = {}

    def history(self, symbol: str) -> History:
        """The history of one symbol; NotEnoughHistory where it ends before publication."""
        held = self._held.get(symbol)
        if held is not None:
            return held
        prices = self._tape.history(symbol)
        cut = prices.until(self.published)
        if cut.frame.empty:
            raise NotEnoughHistory(f"{symbol} has prices from {prices.first} only")
        held = History(cut)
        if held.last < sessions.last_session(self.published - timedelta(days=1)):
            raise NotEnoughHistory(
                f"{symbol} has prices until {held.last} only, and this was published on "
                f"{self.published}"
            )
        self._held[symbol] = held
        return held

    def ends(self, h: History) -> tuple[int, ...]:
        """The rows that may be the last session told of: that of publication, or the one before."""
        last = len(h) - 1
        return (last, last - 1) if h.day(last) == self.published and last else (last,)

    def lasts(self, h: History, period: Period) -> tuple[int, ...]:
        """The rows that a period may end with."""
        if not period.running:
            return (h.reached(period.end),)
        first = 0 if period.kind == "extreme" else h.row_from(period.start)
        rows = tuple(row for row in self.ends(h) if row >= first)
        if not rows:
            raise NotEnoughHistory(f"there is no session of {h.symbol} in {period.words} yet")
        return rows

    def row_of(self, h: History, day: date) -> int:
        """The row of a session; ClosedDayError where the market was closed."""
        row = h.row(day)
        if row < 0:
            raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
        if h.day(row) != day:
            if not sessions.is_session(day):
                raise ClosedDayError(day)
            raise NotEnoughHistory(f"{h.symbol} has no price for {day}")
        return row

    def last_days(self, h: History) -> tuple[Period, ...]:
        """The last sessions as periods, for words that name no day."""
        return tuple(one_day(h.day(row)) for row in self.ends(h))

    def stretches(self, h: History, period: Period) -> Iterator[Stretch]:
        """Every standard way to lay a period on the history, the usual one first."""
        if period.kind == "day":
            yield from self._day(h, period)
        elif period.kind == "extreme":
            yield from self._from_extreme(h, period)
        elif period.kind == "swing":
            yield from self._swing(h, period)
        elif period.kind == "trailing":
            yield from self._trailing(h, period)
        else:
            yield from self._calendar(h, period)

    def _day(self, h: History, period: Period) -> Iterator[Stretch]:
        row = self.row_of(h, period.start)
        if row < 1:
            raise NotEnoughHistory(f"{h.symbol} has no session before {period.start}")
        day, before = h.day(row), h.day(row - 1)
        yield Stretch(
            row, row, float(h.close[row - 1]), row - 1, f"close of {day} over that of {before}"
        )
        opened = h.opened(row)
        if opened is not None:
            yield Stretch(row, row, opened, row, f"open to close of {day}", standard=False)

    def _calendar(self, h: History, period: Period) -> Iterator[Stretch]:
        first = h.row_from(period.start)
        from_close = period.kind == "between"
        for last in self.lasts(h, period):
            if last < first:
                raise NotEnoughHistory(f"there is no session of {h.symbol} in {period.words}")
            if first < (0 if from_close else 1):
                raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
            if first == 0 and period.start < h.first:
                raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
            yield from self._bases(h, first, last, from_close, period)

    def _bases(
        self, h: History, first: int, last: int, from_close: bool, period: Period
    ) -> Iterator[Stretch]:
        end, start = h.day(last), h.day(first)
        if from_close and start != period.start and first:
            # The day named was no session: the close known on it is the one before.
            level, told = float(h.close[first - 1]), h.day(first - 1)
            yield Stretch(first, last, level, first - 1, f"close of {end} over that of {told}")
        own = Stretch(
            first, last, float(h.close[first]), first, f"close of {end} over the close of {start}, "
            "the first day", standard=from_close,
        )  # fmt: skip
        prior = [
            Stretch(
                first, last, float(h.close[first - 1]), first - 1,
                f"close of {end} over that of {h.day(first - 1)}, the session before {start}",
                standard=not from_close,
            )
        ] if first else []  # fmt: skip
        yield from ([own, *prior] if from_close else [*prior, own])
        opened = h.opened(first)
        if opened is not None:
            words = f"open of {start} to close of {end}"
            yield Stretch(first, last, opened, first, words, standard=False)

    def _from_extreme(self, h: History, period: Period) -> Iterator[Stretch]:
        import numpy as np

        low = period.side == "low"
        for last in (h.reached(period.told),) if period.told else self.ends(h):
            first, stop = self._sought(h, period, last)
            closes = h.close[first : stop + 1]
            origin = first + int(np.argmin(closes) if low else np.argmax(closes))
            kind, end = "lowest" if low else "highest", h.day(last)
            if origin <= last:
                words = f"close of {end} over the {kind} close, {h.day(origin)}"
                yield Stretch(origin, last, float(h.close[origin]), origin, words)
            traded = h.low if low else h.high
            if traded is None or np.isnan(traded[first : stop + 1]).any():
                continue
            part = traded[first : stop + 1]
            at = first + int(np.argmin(part) if low else np.argmax(part))
            words = f"close of {end} over the intraday {period.side} of {h.day(at)}"
            if at <= last:
                yield Stretch(at, last, float(traded[at]), at, words, standard=False)

    def _swing(self, h: History, period: Period) -> Iterator[Stretch]:
        """From the extreme of some days to the opposite one of others: closes, then prices."""
        import numpy as np

        assert period.until is not None
        first, stop = self._sought(h, period, len(h) - 1)
        after, end = h.row_from(period.until[0]), h.reached(period.until[1])
        rising = period.side == "low"
        lows, highs = h.low, h.high
        tried = [("close", h.close, h.close)]
        if lows is not None and highs is not None:
            tried.append(("price", lows, highs) if rising else ("price", highs, lows))
        for kind, base, top in tried:
            ends = base[first : stop + 1], top[after : end + 1]
            if not all(map(len, ends)) or any(np.isnan(part).any() for part in ends):
                continue
            at = ends[0].argmin() if rising else ends[0].argmax()
            last = ends[1].argmax() if rising else ends[1].argmin()
            origin, row = first + int(at), after + int(last)
            if origin >= row:
                continue
            words = ("lowest", "highest") if rising else ("highest", "lowest")
            told = f"{words[1]} {kind}, {h.day(row)}, over the {words[0]}, {h.day(origin)}"
            base_then, final = float(base[origin]), float(top[row])
            yield Stretch(origin, row, base_then, origin, told, kind == "close", final)

    def _sought(self, h: History, period: Period, last: int) -> tuple[int, int]:
        """The rows among which an extreme is sought."""
        if period.record:
            require_long(h)
            return 0, last
        first, stop = h.row_from(period.start), min(h.row(period.end), last)
        if period.start < h.first or stop < first:
            raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
        return first, stop

    def _trailing(self, h: History, period: Period) -> Iterator[Stretch]:
        for last in self.ends(h) if period.running else (h.reached(period.end),):
            if period.unit == "session":
                row = last - period.count
            else:
                row = h.row(_back(h.day(last), period))
            if row < 0:
                raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only")
            for shift in (0, -1, 1, -2, 2):
                at = row + shift
                if 0 <= at < last:
                    words = f"close of {h.day(last)} over that of {h.day(at)}"
                    yield Stretch(at + 1, last, float(h.close[at]), at, words, standard=not shift)


def _back(day: date, period: Period) -> date:
    n = period.count
    if period.unit == "week":
        return day - timedelta(weeks=n)
    return day - relativedelta(
        months=n * {"month": 1, "quarter": 3, "year": 12}.get(period.unit, 120)
    )


def require_long(h: History) -> None:
    """Raise where a history is too short to know a record by: less than five years."""
    if (h.last - h.first).days < 5 * 365:
        raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only, too few for a record")


def fund_of(bench: Bench, symbol: str) -> History:
    """The history whose adjusted closes tell the return with dividends; NotAvailable if none."""
    proxy = symbol if named(symbol).kind == "fund" else PROXY.get(symbol)
    if proxy is None:
        raise NotAvailable(f"no adjusted closes tell the dividends of {symbol}")
    held = bench.history(proxy)
    if held.adjusted is None:
        raise NotAvailable(f"{proxy} has no adjusted closes")
    return held

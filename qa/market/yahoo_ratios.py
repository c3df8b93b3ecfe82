"""Valuation ratios from Yahoo's summary of a symbol: how they are read, and how they are kept.

One small file a symbol, `ratios/SYMBOL.json`, holds the last snapshot of each session on which
somebody asked: Yahoo gives today's ratios only, so an earlier day can be answered from these or
not at all. They are kept as Yahoo gave them, and read anew each time.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from qa.market import sessions
from qa.market.cache import ASK_AGAIN, LOCK_SECONDS, over_at, put
from qa.market.prices import Ratios
from qa.market.sessions import NEW_YORK

VERSION = 1
MOST_KEPT = 260  # snapshots of a symbol: a year of sessions
STALE_SESSIONS = 5  # how many sessions old a kept snapshot may be and still stand for a day
OPENS = time(9, 30)
# A fund's P/E below 1 is its inverse if that is a multiple which a portfolio can have.
BELIEVABLE = (4.0, 200.0)
HOLDINGS = {
    "priceToEarnings": "holdings_pe",
    "priceToBook": "price_to_book",
    "priceToSales": "price_to_sales",
    "priceToCashflow": "price_to_cash_flow",
}
# Where the cells stand in Yahoo's answer, by the names that they are kept under.
CELLS = {
    "trailingPE": ("summaryDetail", "trailingPE"),
    "forwardPE": ("summaryDetail", "forwardPE"),
    "keyForwardPE": ("defaultKeyStatistics", "forwardPE"),
    "keyPriceToBook": ("defaultKeyStatistics", "priceToBook"),
    **{name: ("topHoldings", "equityHoldings", name) for name in HOLDINGS},
}
MODULES = ("summaryDetail", "defaultKeyStatistics", "topHoldings")


def begun(now: datetime) -> date:
    """The last session that has begun at `now`: the day whose prices are in a ratio of now."""
    local = now.astimezone(NEW_YORK)
    today = local.date()
    return sessions.last_session(today if local.time() >= OPENS else today - timedelta(days=1))


@dataclass(frozen=True)
class Given:
    """What Yahoo gave of one symbol at one time: its numbers by name, zeros included."""

    symbol: str
    cells: Mapping[str, float]
    retrieved: datetime

    @property
    def session(self) -> date:
        """The last session that had begun."""
        return begun(self.retrieved)

    def fresh(self, now: datetime) -> bool:
        """Whether asking again would bring nothing new, or it was asked a moment ago."""
        if begun(now) != self.session:
            return False
        return self.retrieved >= over_at(self.session) or now - self.retrieved < ASK_AGAIN

    def ratios(self, source: str, *notes: str) -> Ratios:
        """The numbers read as multiples; zero, less than zero and no number are not given.

        Yahoo gives the ratios of a fund's holdings as they are or all inverted. Its P/E tells
        which: below 1, with a reciprocal that is a believable P/E, it is the inverse.
        """
        values = {
            "trailing_pe": self._cell("trailingPE"),
            "forward_pe": self._cell("forwardPE") or self._cell("keyForwardPE"),
        }
        holdings, told = self._holdings()
        if not any(name in self.cells for name in HOLDINGS):
            # Of a fund this would be its price over the fund's own books, which means nothing.
            values["price_to_book"] = self._cell("keyPriceToBook")
        values |= holdings
        if self.retrieved < sessions.session_close(self.session):
            told.append(
                f"The ratios of {self.symbol} were retrieved while the session of "
                f"{sessions.spoken(self.session)} was going on."
            )
        return Ratios(
            self.symbol,
            {name: value for name, value in values.items() if value is not None},
            self.session,
            source,
            self.retrieved,
            (*notes, *told),
        )

    def _cell(self, name: str) -> float | None:
        value = self.cells.get(name, 0.0)
        return value if value > 0 else None

    def _holdings(self) -> tuple[dict[str, float | None], list[str]]:
        """The ratios of a fund's holdings, and a sentence if they had to be turned over."""
        raw = {name: value for name in HOLDINGS if (value := self._cell(name))}
        earnings = raw.get("priceToEarnings")
        least, most = BELIEVABLE
        if earnings and earnings < 1 and least <= 1 / earnings <= most:
            note = f"Yahoo gave {earnings:.4g} as P/E of the holdings of {self.symbol}, read as its"
            note += " inverse" + (", and its other ratios likewise." if len(raw) > 1 else ".")
            return {HOLDINGS[name]: 1 / value for name, value in raw.items()}, [note]
        odd = [name for name, value in raw.items() if value < 1 and (earnings or 0) < 1]
        notes = [
            f"Yahoo gave {raw[name]:.4g} as the {name} of the holdings of {self.symbol}: it may be "
            "the ratio or its inverse, and is left out."
            for name in odd
        ]
        return {HOLDINGS[name]: v for name, v in raw.items() if name not in odd}, notes


def read_summary(symbol: str, answer: Any, retrieved: datetime) -> Given | None:
    """The numbers in the JSON of a summary; None when it names no instrument.

    Raises ValueError for what is no summary.
    """
    try:
        found = answer["quoteSummary"]["result"]
        modules = found[0] if found else None
    except (LookupError, TypeError) as error:
        raise ValueError("not a summary") from error
    if modules is None:
        return None
    cells = {name: _number(modules, path) for name, path in CELLS.items()}
    return Given(symbol, {name: v for name, v in cells.items() if v is not None}, retrieved)


def _number(module: Any, path: Sequence[str]) -> float | None:
    """A finite number at the end of a path, plain or as {"raw": number}."""
    for step in (*path, "raw"):
        if not isinstance(module, dict):
            break
        module = module.get(step)
    if isinstance(module, bool) or not isinstance(module, int | float):
        return None
    return float(module) if math.isfinite(module) else None


class RatioCache:
    """The snapshots kept in one folder; safe under several processes.

    Reading never raises: what is damaged counts as not kept. Writing raises OSError.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, symbol: str) -> tuple[Given, ...]:
        """What is kept of a symbol, the oldest first."""
        try:
            told = json.loads(self._file(symbol).read_bytes())
            if told["version"] != VERSION:
                return ()
            return tuple(_given(symbol, line) for line in told["snapshots"])
        except (OSError, ValueError, LookupError, TypeError):
            return ()

    def store(self, given: Given) -> None:
        """Keep a snapshot, in place of an earlier one of the same session."""
        from filelock import FileLock

        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(given.symbol)
        # filelock's Timeout is an OSError (TimeoutError), as the class promises.
        with FileLock(file.with_suffix(".lock"), timeout=LOCK_SECONDS, poll_interval=0.005):
            by_time = sorted((*self.read(given.symbol), given), key=lambda kept: kept.retrieved)
            newest = list({kept.session: kept for kept in by_time}.values())[-MOST_KEPT:]
            lines = [
                {"retrieved": kept.retrieved.isoformat(), "given": dict(kept.cells)}
                for kept in newest
            ]
            told = {"version": VERSION, "symbol": given.symbol, "snapshots": lines}
            put(file, json.dumps(told).encode())

    def _file(self, symbol: str) -> Path:
        return self.folder / f"{quote(symbol.upper(), safe='^=')}.json"


def _given(symbol: str, line: Any) -> Given:
    """A snapshot as it was kept; raises ValueError, LookupError or TypeError for what is none."""
    retrieved = datetime.fromisoformat(line["retrieved"])
    cells = {name: _number(line["given"], (name,)) for name in CELLS}
    if retrieved.tzinfo is None:
        raise ValueError("a time without a zone")
    return Given(symbol, {name: v for name, v in cells.items() if v is not None}, retrieved)

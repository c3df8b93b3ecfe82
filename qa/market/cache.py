"""Price history kept on disk: what was fetched, when, and whether it is still good.

Two files a symbol: SYMBOL.parquet holds the prices, SYMBOL.json says what they are, with the
hash of the first. Both are put in place whole, so a reader sees an old pair or a new one; a pair
that doesn't match counts as nothing kept.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qa.market import sessions
from qa.market.sessions import NEW_YORK

if TYPE_CHECKING:
    import pandas as pd

SETTLED = timedelta(minutes=30)  # the VIX closes at 16:15, and index quotes come 15 minutes late
ASK_AGAIN = timedelta(minutes=15)  # when the last session hasn't come though it is over
OVERLAP = 5  # rows fetched again with each tail, to notice a restated history
ROUNDING = 2e-5  # a cent on 500; Yahoo's own noise is 1e-7, a dividend moves 1e-3
VERSION = 1
LOCK_SECONDS = 5.0


@dataclass(frozen=True)
class Kept:
    """The history of one symbol as it was fetched. Times are in UTC, days are exchange days.

    `retrieved` is when the rows came, `checked` when the source was last asked; `blank` are days
    without a price, `splits` the days of splits, `unfinished` a session that was left out because
    it wasn't over.
    """

    symbol: str
    frame: pd.DataFrame
    retrieved: datetime
    checked: datetime
    blank: tuple[date, ...] = ()
    splits: tuple[date, ...] = ()
    unfinished: date | None = None

    @property
    def last(self) -> date:
        """The last session held."""
        return self.frame.index[-1].date()  # type: ignore[no-any-return]

    @property
    def tail_start(self) -> date:
        """The day from which to fetch what is missing: a few rows before the last."""
        return self.frame.index[-min(OVERLAP, len(self.frame))].date()  # type: ignore[no-any-return]

    def fresh(self, now: datetime) -> bool:
        """Whether asking again would bring nothing: checked since the last session was over."""
        complete = last_complete(now)
        if self.checked < over_at(complete):
            return False
        return self.last >= complete or now - self.checked < ASK_AGAIN


@dataclass(frozen=True)
class Holding:
    """One line on what the cache holds."""

    symbol: str
    rows: int
    first: date
    last: date
    retrieved: datetime


def over_at(session: date) -> datetime:
    """When the prices of a session are final: some minutes after its close, early closes too."""
    return sessions.session_close(session) + SETTLED


def last_complete(now: datetime) -> date:
    """The last session whose prices are final at `now`."""
    today = now.astimezone(NEW_YORK).date()
    session = sessions.last_session(today)
    if over_at(session) <= now:
        return session
    return sessions.last_session(session - timedelta(days=1))


def extended(old: Kept, tail: Kept) -> Kept | None:
    """`old` with the rows of `tail` that it lacks; None when they tell different prices.

    Rows held already stay as they are: the same day keeps the same price, to the last bit.
    """
    import numpy as np
    import pandas as pd

    shared = old.frame.index.intersection(tail.frame.index)
    if shared.empty or list(old.frame.columns) != list(tail.frame.columns):
        return None
    before, after = old.frame.loc[shared], tail.frame.loc[shared]
    if not np.allclose(before, after, rtol=ROUNDING, atol=0, equal_nan=True):
        return None
    new = tail.frame.loc[~tail.frame.index.isin(old.frame.index)]
    frame = old.frame if new.empty else pd.concat([old.frame, new]).sort_index()
    held = {day.date() for day in new.index}
    return replace(
        old,
        frame=frame,
        retrieved=old.retrieved if new.empty else tail.retrieved,
        checked=tail.checked,
        blank=tuple(sorted({*old.blank, *tail.blank} - held)),
        splits=tuple(sorted({*old.splits, *tail.splits})),
        unfinished=tail.unfinished,
    )


class Cache:
    """The histories kept in one folder; safe under several processes.

    Reading never raises: what is damaged or unreadable counts as not kept. Writing raises OSError
    (a full or read-only disk, or a lock that another process didn't give back).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, symbol: str) -> Kept | None:
        """What is kept of a symbol, or None."""
        kept = self._load(symbol)
        if kept is None and self._file(symbol, "json").exists():
            # A writer may have been between its two files: look again when it is done.
            try:
                with self._locked(symbol):
                    return self._load(symbol)
            except OSError:
                return None
        return kept

    def store(self, kept: Kept) -> Kept:
        """Keep a history unless one that was checked later is there; returns what is held."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked(kept.symbol):
            there = self._load(kept.symbol)
            if there is not None and there.checked > kept.checked:
                return there
            self._write(kept)
            return kept

    def holdings(self) -> list[Holding]:
        """What is kept, by symbol; files that aren't ours are passed over."""
        found = (self._described(file) for file in sorted(self.folder.glob("*.json")))
        return [holding for holding in found if holding is not None]

    def _file(self, symbol: str, ending: str) -> Path:
        return self.folder / f"{quote(symbol.upper(), safe='^=')}.{ending}"

    def _locked(self, symbol: str) -> AbstractContextManager[Any]:
        from filelock import FileLock

        # filelock's Timeout is an OSError (TimeoutError), as the class promises.
        return FileLock(self._file(symbol, "lock"), timeout=LOCK_SECONDS, poll_interval=0.005)

    def _load(self, symbol: str) -> Kept | None:
        from pyarrow import ArrowException
        from pyarrow.parquet import read_table

        try:
            told = json.loads(self._file(symbol, "json").read_bytes())
            data = self._file(symbol, "parquet").read_bytes()
            if told["version"] != VERSION or told["hash"] != _hash(data):
                return None
            frame = read_table(io.BytesIO(data), use_threads=False).to_pandas()
            return _kept(told, frame.set_index("date").rename_axis(None))
        except (OSError, ValueError, LookupError, TypeError, ArrowException):
            return None

    def _write(self, kept: Kept) -> None:
        table = io.BytesIO()
        kept.frame.rename_axis("date").reset_index().to_parquet(table, index=False)
        data = table.getvalue()
        put(self._file(kept.symbol, "parquet"), data)
        put(self._file(kept.symbol, "json"), json.dumps(_told(kept, _hash(data))).encode())

    def _described(self, file: Path) -> Holding | None:
        try:
            told = json.loads(file.read_bytes())
            if told["version"] != VERSION or not file.with_suffix(".parquet").exists():
                return None
            return Holding(
                told["symbol"],
                int(told["rows"]),
                date.fromisoformat(told["first"]),
                date.fromisoformat(told["last"]),
                datetime.fromisoformat(told["retrieved"]),
            )
        except (OSError, ValueError, LookupError, TypeError):
            return None


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _told(kept: Kept, digest: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "symbol": kept.symbol,
        "rows": len(kept.frame),
        "first": kept.frame.index[0].date().isoformat(),
        "last": kept.last.isoformat(),
        "retrieved": kept.retrieved.isoformat(),
        "checked": kept.checked.isoformat(),
        "blank": [day.isoformat() for day in kept.blank],
        "splits": [day.isoformat() for day in kept.splits],
        "unfinished": kept.unfinished.isoformat() if kept.unfinished else None,
        "hash": digest,
    }


def _kept(told: dict[str, Any], frame: pd.DataFrame) -> Kept:
    return Kept(
        told["symbol"],
        frame,
        datetime.fromisoformat(told["retrieved"]),
        datetime.fromisoformat(told["checked"]),
        tuple(map(date.fromisoformat, told["blank"])),
        tuple(map(date.fromisoformat, told["splits"])),
        date.fromisoformat(told["unfinished"]) if told["unfinished"] else None,
    )


def put(file: Path, data: bytes) -> None:
    """Put a file in place whole: written beside it, then renamed over it."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(name, file)
    finally:
        Path(name).unlink(missing_ok=True)

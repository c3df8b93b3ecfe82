"""A folder of CSV or Parquet files as a market source: one file a symbol, named SYMBOL.csv."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import MarketSourceError, UnknownSymbol
from qa.market.instruments import US_INDICES, named
from qa.market.prices import Adjustment, Prices

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("open", "high", "low", "close", "adj_close")
RATES_FILE = "rates"  # Treasury yields by maturity: no instrument's prices


class FolderSource:
    """Reads `PATH/SYMBOL.csv` or `.parquet`: a date column, a Close, and what else there is.

    Raises MarketSourceError for a folder that is missing or holds no price file, and for a file
    with a row that isn't a price; the sentence names the file and the line.
    """

    sample = False

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).expanduser()
        if not self.path.is_dir():
            raise MarketSourceError(f"There is no folder {self.path}: name one that holds prices.")
        self._files = {
            f.stem.upper(): f
            for f in sorted(self.path.iterdir())
            if f.suffix.lower() in {".csv", ".parquet"} and f.stem.lower() != RATES_FILE
        }
        if not self._files:
            raise MarketSourceError(
                f"The folder {self.path} holds no price file: put SYMBOL.csv files there."
            )
        self.name = f"folder {self.path.resolve().name}"
        self._kept: dict[tuple[str, int], Prices] = {}

    def symbols(self) -> tuple[str, ...]:
        """The symbols that have a file."""
        return tuple(self._files)

    def start_question(self) -> None:
        """Nothing to begin: what is at hand doesn't change."""

    def prefetch(self, symbols: Iterable[str]) -> None:
        """Nothing to fetch."""

    def span(self) -> tuple[date, date]:
        """The first day of any file and the last; broad-market indices first, if they are there."""
        known = [s for s in US_INDICES if s in self._files] or list(self._files)
        held = [self.history(symbol) for symbol in known]
        return min(p.first for p in held), max(p.last for p in held)

    def history(self, symbol: str) -> Prices:
        """The whole history in the symbol's file, which is read again when it has changed."""
        file = self._files.get(symbol.upper())
        if file is None:
            held = ", ".join(self._files)
            raise UnknownSymbol(f"The {self.name} has no prices for {symbol}; it holds {held}.")
        try:
            stat = file.stat()
        except OSError as error:
            raise MarketSourceError(f"{file.name} can't be read any more: put it back.") from error
        kept = self._kept.get((symbol.upper(), stat.st_mtime_ns))
        if kept is not None:
            return kept
        frame = _read(file, positive=named(symbol.upper()).kind != "yield")
        known = symbol.startswith("^") or "adj_close" in frame
        adjustment: Adjustment = "as_traded" if known else "unknown"
        retrieved = datetime.fromtimestamp(stat.st_mtime, UTC)
        prices = Prices(symbol.upper(), frame, self.name, retrieved, adjustment)
        self._kept[symbol.upper(), stat.st_mtime_ns] = prices
        return prices


def _read(file: Path, *, positive: bool) -> pd.DataFrame:
    import pandas as pd

    try:
        if file.suffix.lower() == ".parquet":
            raw = pd.read_parquet(file).reset_index()
        else:
            raw = pd.read_csv(file, dtype=str, skip_blank_lines=False)
    except (OSError, ValueError, pd.errors.ParserError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise MarketSourceError(f"{file.name} can't be read as prices: {reason}.") from error
    raw = raw.rename(columns=lambda c: str(c).strip().lower().replace(" ", "_"))
    if "date" not in raw or "close" not in raw:
        raise MarketSourceError(f"{file.name} needs the columns Date and Close.")
    for name in ("date", *COLUMNS):
        if list(raw.columns).count(name) > 1:
            raise MarketSourceError(f"{file.name} has two columns {name}: keep one.")
    if raw.empty:
        raise MarketSourceError(f"{file.name} holds no prices: fill or remove it.")
    days = _days(raw["date"])
    _refuse(file, days.isna(), raw["date"], "is not a date")
    columns = {}
    for name in (c for c in COLUMNS if c in raw):
        numbers = pd.to_numeric(raw[name], errors="coerce")
        blank = raw[name].isna() if name != "close" else pd.Series(False, raw.index)
        impossible = numbers.abs().eq(float("inf")) | ((numbers <= 0) & positive)
        _refuse(file, (numbers.isna() & ~blank) | impossible, raw[name], f"is no {name} price")
        columns[name] = numbers.to_numpy("float64")
    frame = pd.DataFrame(columns, index=pd.DatetimeIndex(days))
    _refuse(file, frame.index.to_series().duplicated().reset_index(drop=True), raw["date"], "twice")
    return frame.sort_index()


def _days(cells: Any) -> pd.Series[pd.Timestamp]:
    """The exchange days as written, whatever the time and zone beside them; NaT for no date."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(cells):
        return pd.Series(cells.dt.tz_localize(None).dt.normalize())
    written = cells.astype("string").str.extract(r"^(\d{4}-?\d\d-?\d\d)(?:[T ].*)?$", expand=False)
    return pd.Series(pd.to_datetime(written, format="ISO8601", errors="coerce"))


def _refuse(file: Path, bad: pd.Series[bool], cells: pd.Series[str], why: str) -> None:
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise MarketSourceError(
            f"{file.name}, line {row + 2}: {str(cells.iloc[row])[:40]!r} {why}; mend or remove it."
        )

"""The tape: price history from one source, cut at the question's as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qa.errors import BadDate, BadSettings, UnknownSymbol
from qa.market.prices import Prices, Source


@dataclass(frozen=True)
class Market:
    """A chosen source, and why it was chosen."""

    source: Source
    why: str


def open_market(setting: str) -> Market:
    """The source that a TAPECHECK_MARKET setting names: auto, folder:PATH or sample."""
    from qa.market.folder import FolderSource
    from qa.market.sample import SampleSource

    if setting == "sample":
        return Market(SampleSource(), "the setting asks for the sample tape")
    if setting.startswith("folder:"):
        return Market(FolderSource(setting.removeprefix("folder:")), "the setting names it")
    if setting == "auto":
        return Market(SampleSource(), "no live source is built in yet")
    raise BadSettings(
        f"The market setting {setting!r} is not known: use auto, folder:PATH or sample."
    )


class Tape:
    """Prices up to and including `as_of`; what comes later can't be asked for.

    Raises BadDate when `as_of` lies before everything that the source holds of a symbol.
    """

    def __init__(self, source: Source, as_of: date) -> None:
        self.source = source
        self.as_of = as_of
        self._cut: dict[str, Prices] = {}

    def history(self, symbol: str) -> Prices:
        """The history of one symbol up to the as-of date; at least one session."""
        symbol = symbol.upper()
        if symbol not in self._cut:
            whole = self.source.history(symbol)
            cut = whole.until(self.as_of)
            if cut.frame.empty:
                raise BadDate(
                    f"{symbol} has no prices on or before {self.as_of}: "
                    f"the {self.source.name} begins on {whole.first}."
                )
            self._cut[symbol] = cut
        return self._cut[symbol]

    def holds(self, symbol: str) -> bool:
        """Whether the source has this symbol on or before the as-of date."""
        try:
            self.history(symbol)
        except (UnknownSymbol, BadDate):
            return False
        return True

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The symbols that the source can list."""
        return self.source.symbols()

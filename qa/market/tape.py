"""The tape: price history from one source, cut at the question's as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from qa.errors import BadDate, BadSettings, NotAvailable, UnknownSymbol
from qa.market.prices import Prices, Ratios, RatioSource, Source

if TYPE_CHECKING:
    from qa.market.yahoo import YahooSource

YAHOO_HOST = "query2.finance.yahoo.com"


@dataclass(frozen=True)
class Market:
    """A chosen source, and why it was chosen."""

    source: Source
    why: str


def open_market(setting: str) -> Market:
    """The source that a TAPECHECK_MARKET setting names: auto, yahoo, folder:PATH or sample."""
    from qa.market.folder import FolderSource
    from qa.market.sample import SampleSource
    from qa.market.yahoo import YahooSource

    if setting == "sample":
        return Market(SampleSource(), "the setting asks for the sample tape")
    if setting.startswith("folder:"):
        return Market(FolderSource(setting.removeprefix("folder:")), "the setting names it")
    if setting == "yahoo":
        return Market(YahooSource(), "the setting asks for Yahoo Finance")
    if setting == "auto":
        return _first_that_works(YahooSource(), SampleSource())
    raise BadSettings(
        f"The market setting {setting!r} is not known: use auto, yahoo, folder:PATH or sample."
    )


def _first_that_works(yahoo: YahooSource, sample: Source, probe: str = "^GSPC") -> Market:
    """Yahoo if it answers, else what is kept of it, else the sample tape."""
    if not yahoo.kept() and not _has_address(YAHOO_HOST):
        return Market(sample, "Yahoo Finance can't be reached and none of its prices are kept")
    try:
        notes = yahoo.history(probe).notes
    except (NotAvailable, UnknownSymbol) as error:
        return Market(sample, f"Yahoo Finance can't be used: {error}")
    stale = [note for note in notes if "prices are those kept" in note]
    return Market(yahoo, stale[0] if stale else "Yahoo Finance answers")


def _has_address(host: str) -> bool:
    """Whether a name resolves: asked before the live source is loaded, which takes a second."""
    import socket

    try:
        socket.getaddrinfo(host, 443)
    except OSError:
        return False
    return True


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
        except (UnknownSymbol, NotAvailable, BadDate):
            return False
        return True

    @property
    def has_ratios(self) -> bool:
        """Whether the source has valuation ratios at all."""
        return isinstance(self.source, RatioSource)

    def ratios(self, symbol: str) -> Ratios:
        """The valuation ratios of one symbol as of the as-of date, if the source has any."""
        if not isinstance(self.source, RatioSource):
            raise NotAvailable(
                f"There are no valuation ratios in the {self.source.name}, only prices: use Yahoo "
                "Finance, or ask search_commentary for what analysts wrote."
            )
        return self.source.ratios(symbol.upper(), self.as_of)

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The symbols that the source can list."""
        return self.source.symbols()

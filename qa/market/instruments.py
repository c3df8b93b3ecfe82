"""The instruments by their names in speech: "the Russell 2000", "small caps", "energy sector"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["index", "fund", "yield", "volatility"]


@dataclass(frozen=True)
class Instrument:
    """One instrument. `name` reads after "the" unless `proper`; indices are price only."""

    symbol: str
    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    benchmark: str | None = None
    proper: bool = False

    @property
    def spoken(self) -> str:
        """The name inside a sentence: "the Russell 2000", "IWM"."""
        return self.name if self.proper else f"the {self.name}"


def _sector(symbol: str, name: str, *aliases: str) -> Instrument:
    return Instrument(symbol, f"{name} sector fund ({symbol})", "fund", (symbol, *aliases), "^GSPC")


SMALL = ("small caps", "small-caps", "small cap", "small-cap", "smallcaps", "small companies")
LARGE = ("large caps", "large-caps", "large cap", "large-cap")
INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument(
        "^RUT", "Russell 2000", "index", ("russell 2000", "rut", "russell", *SMALL), "^GSPC"
    ),
    Instrument(
        "^GSPC",
        "S&P 500",
        "index",
        ("s&p 500", "s&p500", "s&p", "sp500", "spx", "s and p", *LARGE),
    ),
    Instrument(
        "^DJI",
        "Dow Jones Industrial Average",
        "index",
        (
            "dow jones industrial average",
            "dow jones industrials",
            "dow industrials",
            "dow jones",
            "dow",
            "djia",
        ),
        "^GSPC",
    ),
    Instrument(
        "^IXIC", "Nasdaq Composite", "index", ("nasdaq composite", "nasdaq", "ixic"), "^GSPC"
    ),
    Instrument(
        "^VIX",
        "VIX",
        "volatility",
        ("vix", "implied volatility", "volatility index", "fear gauge"),
    ),
    Instrument("^RVX", "RVX", "volatility", ("rvx",)),
    Instrument(
        "^TNX",
        "10-year Treasury yield",
        "yield",
        (
            *("10-year yield", "10-year treasury", "ten-year yield", "ten-year treasury", "tnx"),
            *("10y yield", "10yr yield", "10-yr yield", "10y treasury", "10yr treasury"),
        ),
    ),
    Instrument(
        "^IRX",
        "13-week Treasury bill yield",
        "yield",
        ("13-week bill", "3-month bill", "three-month bill", "t-bill", "irx"),
    ),
    Instrument("^FVX", "5-year Treasury yield", "yield", ("5-year yield", "5-year treasury")),
    Instrument("^TYX", "30-year Treasury yield", "yield", ("30-year yield", "30-year treasury")),
    Instrument("IWM", "IWM", "fund", ("iwm",), "SPY", proper=True),
    Instrument("SPY", "SPY", "fund", ("spy",), proper=True),
    Instrument("QQQ", "QQQ", "fund", ("qqq", "nasdaq-100", "nasdaq 100"), "SPY", proper=True),
    Instrument("HYG", "HYG", "fund", ("hyg", "high-yield bonds"), proper=True),
    Instrument("LQD", "LQD", "fund", ("lqd", "investment-grade bonds"), proper=True),
    _sector("XLB", "materials", "materials sector", "basic materials", "materials"),
    _sector("XLC", "communication services", "communication services", "communications sector"),
    _sector("XLE", "energy", "energy sector", "energy stocks", "energy"),
    _sector(
        "XLF",
        "financials",
        "financials",
        "financial sector",
        "financial services",
        "banks",
        "bank stocks",
    ),
    _sector("XLI", "industrials", "industrials", "industrial sector"),
    _sector(
        "XLK", "technology", "tech", "technology sector", "tech sector", "technology", "tech stocks"
    ),
    _sector("XLP", "consumer staples", "consumer staples", "staples"),
    _sector("XLRE", "real estate", "real estate"),
    _sector("XLU", "utilities", "utilities"),
    _sector("XLV", "health care", "health care", "healthcare"),
    _sector("XLY", "consumer discretionary", "consumer discretionary", "discretionary"),
)
BY_SYMBOL = {i.symbol: i for i in INSTRUMENTS}
US_INDICES = ("^RUT", "^DJI", "^GSPC", "^IXIC")
SECTORS = tuple(i.symbol for i in INSTRUMENTS if "sector fund" in i.name)
SECTOR_NAMES = {s: BY_SYMBOL[s].name.split(" sector fund")[0] for s in SECTORS}

# Names that hold one of ours and mean something else: longer, so they win, and stand for nothing.
OTHERS = (
    *(f"russell {kind}" for kind in ("1000", "3000", "midcap", "microcap")),
    *(f"russell 2000 {kind}" for kind in ("growth", "value")),
    *(f"s&p {kind}" for kind in ("400", "600", "1500", "midcap", "smallcap", "global")),
    *(f"s&p 500 {kind}" for kind in ("equal weight", "equal-weight", "growth", "value")),
    *("dow transports", "dow jones transportation", "dow jones transports", "nasdaq biotech"),
    *("nasdaq dorsey wright", "dow jones newswires", "s&p dow jones", "dow theory"),
    *("russell investments", "ftse russell"),
    *("central banks", "in a rut"),
)
_ALIASES = sorted(
    (
        *((alias.lower(), i.symbol) for i in INSTRUMENTS for alias in (*i.aliases, i.symbol)),
        *((other, "") for other in OTHERS),
    ),
    key=lambda pair: -len(pair[0]),
)
_PATTERN = re.compile(
    r"(?<![\w^])(?:" + "|".join(re.escape(alias) for alias, _ in _ALIASES) + r")(?![\w])",
    re.IGNORECASE,
)
_SYMBOL_OF = dict(reversed(_ALIASES))


_KIN = ({"^RUT", "IWM"}, {"^GSPC", "SPY"}, {"^IXIC", "QQQ"})


def kin(symbol: str) -> frozenset[str]:
    """The symbols that stand for the same market: what is said of IWM is said of small caps."""
    return frozenset(next((group for group in _KIN if symbol in group), {symbol}))


def named(symbol: str) -> Instrument:
    """The instrument of a symbol; one that isn't listed here goes by its symbol."""
    return BY_SYMBOL.get(symbol) or Instrument(
        symbol, symbol, "index" if symbol.startswith("^") else "fund", proper=True
    )


def mask(text: str) -> str:
    """The text with the names of instruments blanked out, every other character in its place."""
    return _PATTERN.sub(lambda match: " " * len(match.group()), text)


def mentions(text: str) -> list[tuple[int, int, str]]:
    """Every name of an instrument in a text: start, end and symbol ("" for one not listed)."""
    return [(*m.span(), _SYMBOL_OF[m.group().lower()]) for m in _PATTERN.finditer(text)]


def find(text: str) -> list[str]:
    """The symbols of the instruments that a text names, in order, each once."""
    return list(_find(text))


@lru_cache(maxsize=8192)
def _find(text: str) -> tuple[str, ...]:
    plain = " ".join(text.replace("\N{NON-BREAKING HYPHEN}", "-").split())
    found = [_SYMBOL_OF[m.group().lower()] for m in _PATTERN.finditer(plain)]
    return tuple(symbol for symbol in dict.fromkeys(found) if symbol)

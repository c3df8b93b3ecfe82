"""Which instruments a sentence means: a fund for "S&P 500 ETF (SPY)", none for "energy prices"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.market.instruments import SECTORS

NAME = "\x12"  # stands in for each character of an instrument's name
_FUND_OF = {"^RUT": "IWM", "^GSPC": "SPY", "^IXIC": "QQQ"}
_FUND = re.compile(r"(?:'s)? (?:etf trust|etf|index fund|fund|trust)(?![a-z])")
_KIND = re.compile(r" (?:index|composite|benchmark|gauge|etf|trust|fund|sector fund)(?![a-z])")
_MEMBERS = re.compile(
    r"'s (?:[a-z-]+ ){0,2}(?:sectors?|stocks?|constituents?|names?|groups?|holdings?"
    r"|positions?)(?![a-z])|"
    r"-(?:listed|traded|linked|tracking|focused|based|heavy)"
    r"|(?:'s)? (?:members?|compan(?:y|ies)|constituents?|components?|firms|earnings|futures"
    r"|dividends"
    r"|buybacks|profits|inc|chemical|giant|heavyweight|laggard|growth|value|funds|managers|etfs"
    r"|strategies|portfolios|biotechs?|banks|lenders|miners|retailers|cyclicals|defensives|options"
    r"|calls|puts|contracts|volumes?|stalwarts?|leaders|laggards|winners|losers|debt|credit|loans"
    r"|valuations?|margins?|sentiment|positioning|exposure|holders|investors|bulls|bears"
    r"|technology|tech|energy|health|financials?|industrials|utilities|semiconductors?|chipmakers)"
    r"(?![a-z])"
)
_COMPANIES = ("^DJI", "^IXIC")  # there are companies of these names, with shares of their own
_OWN_STOCK = re.compile(r"(?:'s)? (?:shares|stock|inc)(?![a-z])")
_TICKER = re.compile(r"(?: [a-z]+){0,3} ?\((?:nyse(?:arca)?: ?|nasdaq: ?)?")
_FAMILY = re.compile(r"\b(?:(?:spdr|ishares|invesco|vanguard|cboe|state street|select sector) )+$")
# "energy", "banks" and the like are sectors only where they are spoken of as such.
_COMMON = re.compile(
    r"materials|energy|banks|industrials|tech\w*|staples|utilities|financials|real estate"
    r"|discretionary|health ?care|implied volatility"
)
_DOES = re.compile(
    r"(?: (?:sector|stocks|shares|fund|etf|names))?,? "
    r"(?:was |were |is |are |has |have |also |all )*"
    r"(?:up|down|rose|fell|gain|los[et]|drop|add|advanc|declin|climb|slid|slip|jump|surg|return"
    r"|outperform|underperform|outpac|beat|led|lag|trail|close|end|finish|sector|stocks|shares|hit"
    r"|trad|set |stood|stand|sit|sat |suffer|touch|reach|open|post|notch|edg|tick|soar|tumbl|plung"
    r"|ral|sank|sink|shed|is |was |were |are |has |at |,? ?\x13)"
)
_JOINING = re.compile(r"\b(?:the|while|and|but|as|whereas|or|with) $")
_COMPARED = re.compile(
    r"(?:outperform\w*|underperform\w*|beat|outpac\w*|lag(?:ged|s)|trail\w*|versus|vs\.?|against"
    r"|ahead of|relative to|(?:highs?|lows?|average|volatility|drawdown|returns?|gains?|loss"
    r"|decline"
    r"|close) (?:of|in|for)) (?:the )?$"
)


_GAUGE = r"(?:index|average|gauge|benchmark|barometer|indicator|cohort)"
_NICKNAMES = re.compile(
    r"(?P<RUT>\b(?:the )?(?:little|small|smaller|small-company|smaller-company)"
    r" (?:stocks|shares|names|ones|fry)|\bsmall-?(?= and (?:large|big)[- "
    r"]caps?(?![a-z])))(?![a-z-])"
    rf"|(?P<DJI>\b(?:blue[- ]chips?(?: {_GAUGE})?|30-stock {_GAUGE}))(?![a-z-])"
    rf"|(?P<IXIC>\b(?:tech-heavy|tech-dominated|technology-heavy) {_GAUGE})(?![a-z])"
    rf"|(?P<GSPC>\b(?:(?:broad|broader|wider|large-cap|500-stock|u\.s\. stock) (?:market )?{_GAUGE}"
    r"|the (?:broad|broader|wider) market|wall street's benchmark"
    r"|(?:large|larger|large-company|big-company) (?:stocks|shares|names|ones|companies)"
    r"|large-?(?= and small[- ]caps?(?![a-z]))))(?![a-z-])"
    r"|(?P<IRX>\b(?:three-month|3-month|13-week) (?:treasury |t-)?bills?(?: yields?)?)(?![a-z-])"
    r"|(?P<VIX>\bvolatility gauge|\bfear (?:index|gauge))(?![a-z])"
    r"|(?P<TNX>\b(?:10|ten)-year(?: (?:u\.s\. )?(?:treasury|treasuries|note|notes"
    r"|government bond))?"
    r"(?: (?:note|bond))?(?: yields?)?)(?![a-z-])(?! (?:average|period|high|low|return|gain"
    r"|record|span))"
)


def nicknames(low: str) -> list[Mention]:
    """Names that stand for an instrument in market talk only: "the blue-chip gauge"."""
    return [Mention(*found.span(), f"^{found.lastgroup}") for found in _NICKNAMES.finditer(low)]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of an instrument; `symbol` is "" for one that no tape is asked for."""

    start: int
    end: int
    symbol: str


def meant(names: Sequence[Mention], masked: str, low: str) -> tuple[Mention, ...]:
    """The names that are meant, each with all that belongs to it, its ticker in parentheses too."""
    kept: list[Mention] = []
    for name in names:
        if not _is_meant(name, masked, low):
            continue
        if kept and _TICKER.fullmatch(masked, kept[-1].end, name.start):
            if masked[name.end : name.end + 1] == ")":
                kept[-1] = replace(name, start=kept[-1].start, end=name.end + 1)
            continue
        kept.append(_whole(name, masked, low))
    return tuple(kept)


def _is_meant(name: Mention, masked: str, low: str) -> bool:
    """Whether a word that is also a common noun stands for its instrument."""
    said = low[name.start : name.end]
    if name.symbol == "^VIX" and masked[: name.start].endswith(f"{NAME}'s "):
        return False  # "the Russell 2000's volatility index" is another one
    if name.symbol not in (*SECTORS, "^VIX") or not _COMMON.fullmatch(said):
        return True
    if _COMPARED.search(low, 0, name.start):
        return True
    does = _DOES.match(masked, name.end)
    if does is None:
        return False
    before = low[max(0, name.start - 8) : name.start]
    alone = not before.rstrip()[-1:].isalpha() or bool(_JOINING.search(before))
    return alone or "sector" in does.group() or "stocks" in does.group()


def _whole(name: Mention, masked: str, low: str) -> Mention:
    """The name with its family and kind: "the Invesco QQQ Trust", "the S&P 500 index"."""
    family = _FAMILY.search(low, 0, name.start)
    start = family.start() if family else name.start
    if _MEMBERS.match(masked, name.end):
        return replace(name, start=start, symbol="")
    symbol = name.symbol
    if symbol in _COMPANIES and _OWN_STOCK.match(masked, name.end):
        return replace(name, start=start, symbol="")
    if symbol in _FUND_OF and _FUND.match(masked, name.end):
        symbol = _FUND_OF[symbol]
    kind = _KIND.match(masked, name.end)
    return Mention(start, kind.end() if kind else name.end, symbol)

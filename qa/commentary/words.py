"""The field's language for word search: tokens, stems, stop words and synonyms."""

from __future__ import annotations

import re
from functools import cache

_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){1,3}[A-Za-z]?(?=\W|$)")
_JOINED = re.compile(r"(?<=\b[A-Za-z])[&/](?=[A-Za-z]\b)")
_POSSESSIVE = re.compile(r"['’]s\b")
_TOKEN = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_ENDINGS = ("abilities", "ability", "ations", "ation", "able", "ings", "ing", "ied", "ed")
_SHORTEST_STEM = 3

# Words of a question that say nothing about its subject, beyond the usual stop words.
_ASKING = """
analyst analysts argue argues ask asks bring does expect explain find give know latest like list
me people say saying says said show tell think thinks view views want way
"""
# In the usual list, but with a meaning here: M&A.
_MEANT = {"ma"}

# Phrases that stand for one another in market commentary; each line is one meaning.
_SYNONYMS = """
small caps | small cap stocks | small companies | smaller companies | smallcaps | Russell 2000 | IWM
large caps | large companies | blue chips | S&P 500 | SPY
mega caps | Magnificent Seven | Mag 7 | big tech
Fed on hold | on hold | no cuts | no rate cuts | higher for longer | Fed pause
rate cuts | Fed easing | lower rates | cutting cycle | easing cycle
rate hikes | rate increases | tightening cycle
forward P/E | forward earnings multiple | price to earnings | P/E | valuation | multiples
10-year yield | Treasury yield | bond yields | long rates | DGS10
January effect | turn of the year | seasonality | seasonal
refinancing | debt maturities | floating rate debt | leverage | balance sheets
unprofitable | loss making | no earnings | non-earners | junk | low quality
overbought | stretched | extended | RSI | technicals
breadth | participation | broadening | broader market
rotation | broadening
earnings growth | profit growth | EPS growth
earnings revisions | estimate revisions
tariffs | trade policy | import duties
volatility | VIX
recession | downturn | contraction
fund flows | inflows | positioning | short covering
credit spreads | high yield spreads | HYG
mergers | M&A | takeovers | deal making
price target | year-end target
bulls | bullish | optimists
skeptics | sceptics | bears | bearish | cautious | doubters
AI | artificial intelligence
Fed | Federal Reserve | FOMC
"""


def words(text: str) -> list[str]:
    """Lower-case words, with "J.P." as jp, "S&P" as sp, "P/E" as pe; every word is kept."""
    text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    text = _POSSESSIVE.sub("", _JOINED.sub("", text))
    return [match[0] for match in _TOKEN.finditer(text.lower())]


def terms(text: str) -> list[str]:
    """The stems of the words that carry meaning."""
    return [stem(word) for word in words(text) if word not in stop_words()]


@cache
def stop_words() -> frozenset[str]:
    """English stop words and those of asking."""
    from bm25s.stopwords import STOPWORDS_EN_PLUS

    return (frozenset(STOPWORDS_EN_PLUS) | set(_ASKING.split())) - _MEANT


@cache
def stem(word: str) -> str:
    """A word without its commonest endings: rallies, rallied -> rally; value -> valu."""
    if not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)] + ("y" if ending == "ied" else "")
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST_STEM else word


def meanings(text: str) -> list[tuple[frozenset[str], list[tuple[str, ...]]]]:
    """The market meanings that a text speaks of.

    For each: the terms of the text that bear it, and the other phrases for it, as terms.
    """
    stems = [stem(word) for word in words(text)]
    found = []
    for phrases in _meanings():
        used = [phrase for phrase in phrases if _contains(stems, phrase)]
        if used:
            bearing = frozenset(term for phrase in used for term in _telling(phrase))
            others = [_telling(phrase) for phrase in phrases if phrase not in used]
            found.append((bearing, [phrase for phrase in others if phrase]))
    return found


@cache
def _meanings() -> tuple[tuple[tuple[str, ...], ...], ...]:
    lines = (line.split(" | ") for line in _SYNONYMS.strip().splitlines())
    return tuple(
        tuple(tuple(stem(word) for word in words(phrase)) for phrase in line) for line in lines
    )


def _telling(phrase: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in phrase if word not in stop_words())


def _contains(stems: list[str], phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(tuple(stems[at : at + size]) == phrase for at in range(len(stems) - size + 1))

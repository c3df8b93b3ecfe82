"""The field's language for search: figures in words, tokens, stems, stop words and synonyms."""

from __future__ import annotations

import re
from functools import cache

# These patterns begin with what is rare in a text, and look back from there: they are run on every
# passage there is.
# 3-1/2, as the Federal Reserve writes it, with whichever dash.
_FRACTION = re.compile(r"(\d++)\s?[-‐‑–—]\s?([1-7])/([248])(?![\d/])")
_MONEY = re.compile(r"\$\s?(\d[\d.,]*)\s?(k|mn?|bn?|tn?)\b", re.IGNORECASE)
_SCALES = {"k": "thousand", "m": "million", "b": "billion", "t": "trillion"}
_AFTER_DIGIT = re.compile(r"(\d)\s?(%|bps?\b|pps?\b|x\b)", re.IGNORECASE)
_UNITS = {"%": "percent", "b": "basis points", "p": "percentage points", "x": "times"}
_PERIOD = re.compile(r"(?:([QH])([1-4])|([1-4])([QH])|YTD|YoY|y/y)(?=\d\d|\b)")
_PERIODS = {"Q": "quarter", "H": "half", "YTD": "year to date"}
_ORDINALS = ("first", "second", "third", "fourth")
_INITIAL = re.compile(r"\.(?<=\b[A-Za-z]\.)")
_JOINED = re.compile(r"[&/](?<=\b[A-Za-z][&/])(?=[A-Za-z]\b)")
_POSSESSIVE = re.compile(r"['’]s\b")
_TOKEN = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_ENDINGS = ("abilities", "ability", "ations", "ation", "able", "ings", "ing", "ied", "ed")
_SHORTEST_STEM = 3

# The usual English stop words, but for "ma", which is M&A here; kept in this file because a library
# that has them takes longer to import than a search takes.
_USUAL = """
a about above after again against ain all am an and any are aren as at be because been before
being below between both but by can couldn d did didn do does doesn doing don down during each
few for from further had hadn has hasn have haven having he her here hers herself him himself his
how i if in into is isn it its itself just ll m me mightn more most mustn my myself needn no nor
not now o of off on once only or other our ours ourselves out over own re s same shan she should
shouldn so some such t than that the their theirs them themselves then there these they this
those through to too under until up ve very was wasn we were weren what when where which while
who whom why will with won wouldn y you your yours yourself yourselves
"""
# Words of a question that say nothing about its subject.
_ASKING = """
analyst analysts argue argues ask asks bring does expect explain find give know latest like list
me people say saying says said show tell think thinks view views want way
"""

# Phrases that stand for one another in market commentary; each line is one meaning, and
# goes on after a bar at its end.
_SYNONYMS = """
small caps | small cap stocks | small companies | smaller companies | smaller stocks |
    small stocks | smallcaps | Russell 2000 | IWM
large caps | large companies | blue chips | S&P 500 | SPY
mega caps | Magnificent Seven | Mag 7 | big tech | giants
Fed on hold | on hold | no cuts | no rate cuts | higher for longer | Fed pause | unchanged
rate cuts | Fed easing | lower rates | cutting cycle | easing cycle | rate reductions | loosening
rate hikes | rate increases | tightening cycle | tightening | hike
dissents | dissented | voted against
forward P/E | forward earnings multiple | price to earnings | P/E | valuation | multiples |
    times earnings
10-year yield | Treasury yield | bond yields | long rates | long yields | DGS10
January effect | turn of the year | seasonality | seasonal | calendar
refinancing | debt maturities | maturity wall | floating rate debt | leverage |
    balance sheets | indebted | roll over
unprofitable | loss making | no earnings | non-earners | junk | low quality | lose money
overbought | stretched | extended | RSI | technicals
breadth | participation | broadening | broader market
rotation | broadening | shift
discount | valuation gap | cheapness
quarter century | 25 years
half a year | six months
steeper curve | steepening | yield curve
banks | lenders | financials
lending | loans | credit
interest coverage | cover interest | covering interest
microcaps | microcap | smallest companies | tiniest companies
laggards | left behind | neglected | unloved
mood | sentiment
euphoric | euphoria | manic | mania | exuberance
earnings growth | profit growth | EPS growth
earnings | profits
earnings revisions | estimate revisions
beat estimates | topped forecasts | beating estimates
estimates | forecasts | projections
tariffs | trade policy | import duties | levies
volatility | VIX
recession | downturn | contraction
correction | pullback
record | all-time high
52-week high | peak
median | typical
breakout | broke out | broken out | old ceiling
low volume | thin volume | light volume | thin trading | light trading
fund flows | inflows | positioning | short covering | short interest
credit spreads | high yield spreads | HYG
mergers | M&A | takeovers | deal making
private capital | private equity | buyout funds
price target | year-end target | price objective
bulls | bullish | optimists
skeptics | sceptics | bears | bearish | cautious | doubters
AI | artificial intelligence | generative AI | machine learning | machine intelligence
capex | capital spending | capital expenditures | equipment spending | equipment budgets | outlays
revenue | sales
costs | expenses
oil | crude
ceasefire | truce
inflation | CPI | PCE | consumer prices
Fed | Federal Reserve | FOMC | central bank
governor | policymaker
midterm | congressional elections
technician | chartist | chart
layoffs | job cuts | headcount reductions
labor market | employment | jobs | hiring
wages | pay | labor costs
mortgage | home loan
vehicles | cars | autos
farm | agriculture | agricultural | crops | ranchers
drilling | rigs | oil and gas
small business | small firms
SNAP | food stamps
balance sheet runoff | quantitative tightening | reducing holdings
First District | Boston | New England
Second District | New York
Third District | Philadelphia
Fourth District | Cleveland | Ohio
Fifth District | Richmond | Mid-Atlantic
Sixth District | Atlanta | Southeast
Seventh District | Chicago
Eighth District | St. Louis
Ninth District | Minneapolis
Tenth District | Kansas City
Eleventh District | Dallas | Texas
Twelfth District | San Francisco
"""


def in_words(text: str) -> str:
    """A text with its figures as they are spoken: 3-1/2% -> 3.5 percent, 50bp -> 50 basis points.

    It is what search indexes and looks for, never what is shown.
    """
    if "/" in text:
        text = _FRACTION.sub(_decimal, text)
    if "$" in text:
        text = _MONEY.sub(lambda found: f"{found[1]} {_SCALES[found[2][0].lower()]} dollars", text)
    text = _AFTER_DIGIT.sub(lambda found: f"{found[1]} {_UNITS[found[2][0].lower()]}", text)
    return _PERIOD.sub(_spoken, text)


def _decimal(found: re.Match[str]) -> str:
    if _follows(found, "/"):
        return found[0]
    return f"{int(found[1]) + int(found[2]) / int(found[3]):g}"


def _spoken(found: re.Match[str]) -> str:
    """A period's short form in words: Q4 and 4Q, H1, YTD, y/y."""
    if _follows(found, "_") or found.string[max(found.start() - 1, 0) : found.start()].isalnum():
        return found[0]
    letter, number = found[1] or found[4], found[2] or found[3]
    if letter:
        return f"{_ORDINALS[int(number) - 1]} {_PERIODS[letter]} "
    return _PERIODS.get(found[0], "year over year")


def _follows(found: re.Match[str], sign: str) -> bool:
    return found.start() > 0 and found.string[found.start() - 1] == sign


def words(text: str) -> list[str]:
    """Lower-case words, with "J.P." as jp, "S&P" as sp, "P/E" as pe; every word is kept.

    A number is written one way: 2,665 is 2665 and 3.50 is 3.5.
    """
    text = _POSSESSIVE.sub("", _JOINED.sub("", _INITIAL.sub("", text)))
    tokens = _TOKEN.findall(text.lower())
    return [token if token.isalpha() else _one_way(token) for token in tokens]


def _one_way(token: str) -> str:
    if not token[0].isdigit() or token.isdigit():
        return token
    token = token.replace(",", "")
    return token.rstrip("0").rstrip(".") if token.count(".") == 1 else token


def terms(text: str) -> list[str]:
    """The stems of the words that carry meaning."""
    return [stem(word) for word in words(text) if word not in stop_words()]


@cache
def stop_words() -> frozenset[str]:
    """English stop words and those of asking."""
    return frozenset(_USUAL.split()) | frozenset(_ASKING.split())


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
    used: dict[int, list[tuple[str, ...]]] = {}
    for at, first in enumerate(stems):
        for line, phrase in _by_first_word().get(first, ()):
            if tuple(stems[at : at + len(phrase)]) == phrase:
                used.setdefault(line, []).append(phrase)
    found = []
    for line in sorted(used):
        bearing = frozenset(term for phrase in used[line] for term in _telling(phrase))
        others = [_telling(phrase) for phrase in _meanings()[line] if phrase not in used[line]]
        found.append((bearing, [phrase for phrase in others if phrase]))
    return found


@cache
def _by_first_word() -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """The phrases that begin with a stem, each with the number of its meaning."""
    begun: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for line, phrases in enumerate(_meanings()):
        for phrase in phrases:
            begun.setdefault(phrase[0], []).append((line, phrase))
    return begun


@cache
def _meanings() -> tuple[tuple[tuple[str, ...], ...], ...]:
    lines = (line.split("|") for line in _SYNONYMS.replace("|\n", "|").strip().splitlines())
    return tuple(
        tuple(tuple(stem(word) for word in words(phrase)) for phrase in line) for line in lines
    )


def _telling(phrase: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in phrase if word not in stop_words())

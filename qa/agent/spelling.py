"""Slips of the keyboard in a question: "Russel 2000", "sustianable", "retrun"."""

from __future__ import annotations

import re
from difflib import get_close_matches

# The words that decide what is asked, and of what.
_TELLING = (
    "russell nasdaq composite industrial industrials average averages technology technical energy "
    "financials financial material materials utilities staples discretionary healthcare "
    "treasury treasuries sustainable sustained sustain sustainability durable rally rallies "
    "rebound continue performance perform performed return returns volatility volatile drawdown "
    "drawdowns annualised annualized deviation sector sectors dividend dividends closing closed "
    "overbought oversold target targets upside downside analyst analysts skeptic skeptics "
    "strategist strategists valuation valuations earnings seasonality january february september "
    "october november december yesterday record highest lowest "
    "monday tuesday wednesday thursday friday saturday sunday"
).split()
# Words that are right, and near to one of these.
_NEIGHBOURS = frozenset(
    "really contained divided analysis analyses strategies strategic closer close closest closes "
    "continuous utility derivation industries estate records downsize costing vacations deviating "
    "dedication rallied performers lowers maternal samples stables treasure treasurys validation "
    "technician materially averaged sustainably seasonally financially durably earning".split()
)
_WORD = re.compile(r"(?<![\w&'’.^-])[A-Za-z]{5,}(?![\w&'’^-])")
ALIKE = 0.83  # two letters swapped in a word of six, or one missing


def spelled(text: str) -> str:
    """The text with near misses of telling words put right; every other word as it stands."""
    return _WORD.sub(_put_right, text)


def _put_right(match: re.Match[str]) -> str:
    word = match.group()
    lowered = word.lower()
    if lowered in _TELLING or lowered in _NEIGHBOURS:
        return word
    likely = [
        known
        for known in _TELLING
        if known[0] == lowered[0]
        and abs(len(known) - len(lowered)) <= 1
        and not lowered.startswith(known)  # an inflection is no slip
    ]
    nearest = get_close_matches(lowered, likely, n=1, cutoff=ALIKE)
    if not nearest:
        return word
    return nearest[0].capitalize() if word[0].isupper() else nearest[0]

"""Whether a figure belongs to the instrument that a sentence speaks of.

Two rules, both made to stay silent where the words leave room:
the subject of the verb right before a figure has to own it ("The S&P 500 gained {m1.return}"), and
where a sentence names instruments, the figure's metric has to be about one of them.
"""

from __future__ import annotations

import re
from functools import cache

from qa.domain import Metric
from qa.market.instruments import INSTRUMENTS, kin

_VERB = (
    r"(?:gain(?:s|ed)|los(?:t|es)|rose|rises|fell|falls|return(?:s|ed)|climb(?:s|ed)|drop(?:s|ped)"
    r"|slid|slides|add(?:s|ed)|advance[sd]|decline[sd]|jump(?:s|ed)|surge[sd]|rall(?:ies|ied)"
    r"|slip(?:s|ped)|close[sd]|ended|finished|stands|stood|is|was)"
)
_SUBJECT_AT_END = re.compile(
    r"(?:^|[.;:,]\s|\b(?:while|but|whereas|when|and|as)\s)\s*(?:the\s+)?\x00(\d+)\x00"
    rf"(?:\s+(?:index|fund|also|has|had|only|just|itself|then|now)){{0,2}}\s+{_VERB}\b"
    r"(?P<gap>[^.;:,()\d\x00]{0,25})$",
    re.I,
)
_TWO_SUBJECTS = re.compile(r"\x00\s+and\s+(?:the\s+)?\x00\d+\x00[^\x00]*$", re.I)
_OTHERS = re.compile(r"\b(?:than|against|versus|vs|of its|benchmark)\b", re.I)
_AFTER = re.compile(r"^\s*(?:\([^)]*\)\s*)?(?:for|of|by|in)\s+(?:the\s+)?\x00(\d+)\x00", re.I)
_PRONOUN = re.compile(r"\b(?:it|its|they|their|the (?:index|fund|market|benchmark))\b", re.I)
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z\x00])")
_BOTH = re.compile(r"relative_|lead|dispersion|median|up_|triggered|rules|sectors|session|.*_date")
# Names that are never a common noun: "energy" or "banks" may be a reason, not a subject.
PROPER = ("^RUT", "^GSPC", "^DJI", "^IXIC", "IWM", "SPY", "QQQ")


def not_its_own(before: str, after: str, metric: Metric, name: str) -> str | None:
    """Why the figure `name` of a metric can't be what the words around it speak of, or None."""
    marked, symbols = _marked(before + "\x01" + after)
    left, _, right = marked.partition("\x01")
    left = _SENTENCE.split(left)[-1]
    if _BOTH.match(name) or not metric.symbols:
        return None
    follows = _AFTER.match(right)
    subject = symbols[int(follows[1])] if follows else _subject(left, symbols)
    mine = owner(metric, name)
    if subject and mine not in kin(subject):
        return f"the words speak of {_spoken(subject)}, the figure is of {_spoken(mine)}"
    return None if subject else _none_of(left, symbols, metric)


def owner(metric: Metric, name: str) -> str:
    """The symbol of the instrument that a figure of a metric belongs to."""
    if name.endswith("_benchmark") and len(metric.symbols) > 1:
        return metric.symbols[1]
    first = name.split("_")[0]
    if first in metric.symbols:
        return first
    if metric.tool == "signals":
        return {"vix": "^VIX", "ten": "^TNX"}.get(first, metric.symbols[0])
    return metric.symbols[0]


def _subject(left: str, symbols: list[str]) -> str | None:
    found = _SUBJECT_AT_END.search(left)
    if not found or _OTHERS.search(found["gap"]) or _TWO_SUBJECTS.search(left[: found.end(1) + 1]):
        return None
    return symbols[int(found[1])]


def _none_of(left: str, symbols: list[str], metric: Metric) -> str | None:
    """The sentence names indices before the figure, and its metric is about none of them."""
    spoken = [symbols[int(i)] for i in re.findall(r"\x00(\d+)\x00", left)]
    indices = [s for s in spoken if s in PROPER]
    if not indices or metric.tool == "sectors" or _PRONOUN.search(left):
        return None
    if any(kin(s) & set(metric.symbols) for s in spoken):
        return None
    return f"the words speak of {_spoken(indices[-1])}, the figure is of " + _spoken(
        metric.symbols[0]
    )


def _spoken(symbol: str) -> str:
    return next((i.spoken for i in INSTRUMENTS if i.symbol == symbol), symbol)


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    aliases = {alias.lower(): i.symbol for i in INSTRUMENTS for alias in (*i.aliases, i.symbol)}
    names = sorted(map(re.escape, aliases), key=len, reverse=True)
    pattern = rf"(?<![\w^])(?:{'|'.join(names)})(?![\w])(?!\s*(?:\d|small|mid|equal))"
    return re.compile(pattern, re.I), aliases


def _marked(text: str) -> tuple[str, list[str]]:
    """The text with each instrument's name replaced by its place in the list of symbols."""
    pattern, aliases = _pattern()
    symbols: list[str] = []

    def mark(match: re.Match[str]) -> str:
        symbols.append(aliases[match.group().lower()])
        return f"\x00{len(symbols) - 1}\x00"

    return pattern.sub(mark, text), symbols

"""Numerals in running text: digits, fractions and number words, with their signs and units.

Everything here reads *folded* text (`fold`): as long as the text it came from, so positions agree,
but in lower case, with plain digits, plain minus signs and one kind of wide space.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from qa.domain import Unit

WIDE = "\u00a0"  # every non-breaking or thin space is folded into this one
TAKEN = "\x01"  # stands in for each character that an earlier reader has taken


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A large pattern, compiled when it is first used: import stays quick."""
    return re.compile(pattern)


def found_after(before: re.Pattern[str], pattern: str, low: str) -> Iterator[re.Match[str]]:
    """What `finditer` of a large pattern finds, which is tried only where it may begin.

    That is at the start of the text and after each character that `before` matches: at the least,
    each character after which the pattern can match.
    """
    tried = compiled(pattern)
    found = tried.match(low)
    end = 0
    if found:
        yield found
        end = found.end()
    for separator in before.finditer(low):
        if (at := separator.end()) >= end and (found := tried.match(low, at)):
            yield found
            end = found.end()


def words(text: str) -> list[str]:
    """The words of a list that is written as one string, for reading's sake."""
    return text.split()


_FOLDED = {
    **{ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{0xFF10 + i: str(i) for i in range(10)},
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u2007\u2009\u200a\u202f\u2008\u2002\u2003\u3000"), WIDE),
    **dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉"), "\x02"),
    ord(TAKEN): "\x02",
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    **dict(zip(map(ord, "％，．＋＄（）￥￡"), "%,.+$()¥£", strict=True)),
}
_CASED = {k: v for k, v in _FOLDED.items() if not 65 <= k <= 90}

SMALL_WORDS = {
    w: i
    for i, w in enumerate(
        words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        )
    )
}
_TENS = {
    w: 10 * i
    for i, w in enumerate(words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
_DIGIT_WORD = "one|two|three|four|five|six|seven|eight|nine"
NUMBER_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{_DIGIT_WORD})(?![a-z]))?"
    rf"|{'|'.join(sorted(SMALL_WORDS, key=len, reverse=True))})(?![a-z])"
)
_VULGAR = dict(
    zip("½¼¾⅓⅔⅕⅖⅗⅘⅛⅜⅝⅞", words("1/2 1/4 3/4 1/3 2/3 1/5 2/5 3/5 4/5 1/8 3/8 5/8 7/8"), strict=True)
)
_FRACTION = r"(?:1/2|[12]/3|[13]/4|[1-4]/5|[1357]/8|(?:[13579]|1[135])/16)(?![0-9/%]|[.,][0-9])"
_NUMERAL = (
    rf"(?P<mixed>(?:(?<![0-9.,/])[0-9]{{1,3}}(?: ?- ?|—| |{WIDE}))?(?<![0-9.,/]){_FRACTION})"
    rf"|(?P<vulgar>(?:[0-9]{{1,6}}[ -]?)?[{''.join(_VULGAR)}])"
    rf"|(?P<digits>(?:[0-9]{{1,3}}(?:[,{WIDE}][0-9]{{3}})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
    rf"|(?<![0-9a-z])\.[0-9]+)"
)
_BEGIN = re.compile(f"[0-9{''.join(_VULGAR)}]")
_WORDS = (
    rf"(?<![\w-])(?P<word>{NUMBER_WORD})"
    rf"(?:[- ]hundred(?![a-z])(?P<hundred>(?:[ -](?:and )?(?P<rest>{NUMBER_WORD}))?))?"
    rf"|(?<![\w-])(?P<bare>a hundred)(?![a-z])"
    rf"|(?<=-to-)(?P<second>{NUMBER_WORD})"
)
_BEFORE_WORDS = re.compile(r"\W(?=ze|on|tw|th|te|fo|fi|si|se|ei|el|ni|a h)")

SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "mln": 1e6, "million": 1e6}
SCALES |= {"b": 1e9, "bn": 1e9, "bln": 1e9, "billion": 1e9}
SCALES |= {"t": 1e12, "tn": 1e12, "trn": 1e12, "trillion": 1e12}
_SCALE = re.compile(
    rf"(?:[- {WIDE}]?(thousand|million|billion|trillion|mln|bln|trn|mn|bn|tn)|(mm|[kmbt]))"
    r"(?![a-z0-9])"
)
_UNIT = re.compile(
    rf"[ {WIDE}]{{0,2}}-?(?:"
    r"(?P<percentage_points>(?:percentage|percent|pct\.?)[ -](?:points?|pts?)"
    r"|%[- ]?(?:points?|pts?)|ppts?|pps?|p\.p\.)(?![a-z])"
    r"|(?P<percent>%|(?:percent|per[ \u00a0-]cent|pct)(?![a-z]))"
    r"|(?P<basis_points>(?:basis[ -]points?|bps?|bp's)(?![a-z]))"
    r"|(?P<points>(?:index[ -])?(?:points?|pts?)(?![a-z]))"
    r"|(?P<multiple>(?:x|×|times)(?![a-z]))"
    r")"
)
_SYMBOLS = {"us$": "$", "usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "rmb": "¥", "cny": "¥"}
CURRENCY_CODES = "usd|eur|gbp|jpy|chf|cny|rmb|cad|aud|inr|rs"
_CURRENCY_BEFORE = re.compile(
    rf"(?<![a-z])(?:(?:us|hk|nz|c|a|s|r)?\$|[€£¥₹₩]|{CURRENCY_CODES})(?=[ {WIDE}]?[-+(]?\Z)"
)
_CURRENCY_AFTER = re.compile(
    rf"[- {WIDE}]?(?:u\.?s\.? )?"
    r"(?:(?P<a>dollars?)|(?P<b>euros?)|(?P<c>yen)|(?P<d>pounds?)|(?P<e>yuan)|(?P<f>won)"
    r"|(?P<g>cents?)|(?P<h>usd))(?![a-z])"
)
_CURRENCY_OF_GROUP = {
    "a": "$",
    "b": "€",
    "c": "¥",
    "d": "£",
    "e": "¥",
    "f": "₩",
    "g": "¢",
    "h": "$",
}
_SIGN_WORD = re.compile(r"(?<![\w-])(?:(negative|minus)|positive)[ \u00a0]\Z")
# Accounting writes a loss in parentheses; prose puts any figure there. Only after one of these, or
# at the start of a cell, are parentheses a minus sign.
_ACCOUNTING = re.compile(
    r"(?:\A|[\n|\t:=]|(?<![a-z])(?:return(?:ed|s)?|was|were|is|of|at|by))\s*\Z"
)
_COUNTED_TIMES = re.compile(
    r" times (?:earnings|sales|book|forward|trailing|as|the|its|their|more)"
)


_WORD_STEMS = words(
    "two three four fort five fif six seven eight nine ten one elev twelve thir twenty hundred zero"
)
_PART_STEMS = words("half hal third quarter doubl twice tripl trebl quadrupl")
_PART_VALUES: dict[str, tuple[float, int, Unit]] = {
    "third": (1 / 3, 2, "ratio"),
    "thirds": (2 / 3, 2, "ratio"),
    "quarter": (1 / 4, 2, "ratio"),
    "quarters": (3 / 4, 2, "ratio"),
    "half": (1 / 2, 2, "ratio"),
    "halved": (1 / 2, 2, "ratio"),
    "double": (2.0, 1, "multiple"),
    "triple": (3.0, 1, "multiple"),
    "quadruple": (4.0, 1, "multiple"),
}
# "a third cut" is the third of its kind, "a quarter" mostly three months, "the first half" six:
# only what follows or stands before makes them parts.
_PART_OF = (
    r"(?= of (?!a century|20|19|fiscal|the (?:year|quarter|month|week|day))"
    r"| (?:as|the|its|their)(?![a-z]))"
)
_SHARE_BY = "|".join(f"(?<={w} )" for w in words("by than over about nearly almost roughly"))
_PARTS = (
    r"(?<![\w-])(?:(?P<point>(?:an? )?(?:half|quarter)(?:[ -]a)?(?:[ -]percentage)?[ -]points?)"
    r"|(?P<thirds>two[ -]thirds)|(?P<quarters>three[ -]quarters)"
    rf"|(?:(?:{_SHARE_BY})(?=(?:a|one) (?:third|quarter)(?! ago))|(?=[ao][a-z]* [a-z]*{_PART_OF}))"
    rf"(?:a|one)[ -](?:(?P<third>third)|(?P<quarter>quarter))"
    rf"|(?P<half>(?<!first )(?<!second )(?<!other )(?<!in )(?:a )?half{_PART_OF}|(?<=by )half)"
    r"|(?P<halved>halv(?:ed|es|ing))"
    r"|(?P<double>doubl(?:ed|es|ing)|(?:double|twice)(?= (?:the|that|its|their|what|as)(?![a-z])))"
    r"|(?P<triple>(?:tripl|trebl)(?:ed|es|ing)|triple(?= (?:the|that|its|their|what)(?![a-z])))"
    r"|(?P<quadruple>quadrupl(?:ed|es|ing)))(?![\w-])"
)


_GLUED = re.compile(r"(?!(?:st|nd|rd|th|s|ish|e)(?![a-z0-9]))\w+")


class Numeral(NamedTuple):
    """A number as written. `value` is without sign and scale; `sign` is 0 where none is written."""

    start: int
    end: int
    value: float | None
    decimals: int
    scale: float = 1.0
    sign: int = 0
    unit: Unit | None = None
    currency: str | None = None
    word: bool = False
    glued: bool = False  # letters follow that are no unit: "5G", "13F"


def fold(text: str) -> tuple[str, str]:
    """The text in lower case and in its own case, both folded, both exactly as long as `text`."""
    if text.isascii() and TAKEN not in text:
        return text.lower(), text
    return text.translate(_FOLDED), text.translate(_CASED)


def word_value(word: str) -> int:
    """The value of a number word from zero to ninety-nine ("twenty-five" is 25)."""
    head, _, tail = word.replace(" ", "-").partition("-")
    return _TENS.get(head, SMALL_WORDS.get(head, 0)) + (SMALL_WORDS[tail] if tail else 0)


def _fraction(text: str) -> tuple[float, int]:
    """Value and exact decimals of "1/4" (0.25, 2); thirds count as two decimals."""
    top, _, bottom = text.partition("/")
    decimals = {"2": 1, "4": 2, "5": 1, "8": 3, "16": 4}.get(bottom, 2)
    return int(top) / int(bottom), decimals


def _digits(match: re.Match[str]) -> tuple[float | None, int]:
    """Value and decimals of a match of `_NUMERAL`; None where a float can't hold it."""
    text = match.group()
    if match.lastgroup == "mixed":
        parts = re.split(rf" ?- ?|—| |{WIDE}", text)
        value, decimals = _fraction(parts[-1])
        return value + (int(parts[0]) if len(parts) > 1 else 0), decimals
    if match.lastgroup == "vulgar":
        value, decimals = _fraction(_VULGAR[text[-1]])
        return value + int(text[:-1].strip(" -") or 0), decimals
    plain = text.replace(",", "").replace(WIDE, "")
    number = float(plain)
    return (number if math.isfinite(number) else None), len(plain.partition(".")[2])


def _sign_before(low: str, at: int) -> tuple[int, int]:
    """The sign glued to position `at`, and where it begins."""
    sign = {"-": -1, "+": 1}.get(low[at - 1 : at], 0)
    before = low[at - 2 : at - 1] if at > 1 else ""
    if not sign:
        if before in ("", " ") or low[at - 1 : at] not in (" ", WIDE):
            return 0, at
        found = _SIGN_WORD.search(low, max(0, at - 12), at)
        if not found or "% minus " in low[max(0, found.start() - 2) : at]:
            return 0, at  # "8.10% minus 1.51%" takes away
        return (-1 if found[1] else 1), found.start()
    if before.isalnum() or (before and before in f"%){TAKEN}-+'/—"):
        return 0, at
    return sign, at - 1


def _before(low: str, start: int, floor: int) -> tuple[int, int, str | None]:
    """Where the numeral at `start` begins with its sign and currency, and what these are."""
    sign, at = _sign_before(low, start)
    found = _CURRENCY_BEFORE.search(low, max(floor, at - 6), at)
    if not found:
        return max(at, floor), sign, None
    symbol, at = found.group(), found.start()
    if not sign:
        sign, at = _sign_before(low, at)
    currency = _SYMBOLS.get(symbol, symbol.upper() if len(symbol) > 1 else symbol)
    return max(at, floor), sign, currency


def _unit_after(low: str, at: int, word: bool) -> tuple[int, Unit | None]:
    """The unit written at `at` and where it ends."""
    found = _UNIT.match(low, at)
    if not found:
        return at, None
    unit: Unit = found.lastgroup  # type: ignore[assignment]
    if unit == "multiple" and word and not _COUNTED_TIMES.match(low, at):
        return at, None  # "three times this year" counts occasions
    return found.end(), unit


def _scale_after(low: str, at: int, currency: str | None) -> tuple[int, float]:
    """The scale written at `at` and where it ends."""
    found = _SCALE.match(low, at)
    if not found or (found.group(2) in ("b", "t", "mm") and not currency):
        return at, 1.0  # "35mm" and "3b" are no amounts
    return found.end(), SCALES[found.group(1) or found.group(2)]


def _after(low: str, at: int, currency: str | None, word: bool) -> Numeral:
    """Scale, unit and currency written after position `at`, as a numeral without a value."""
    end, scale = _scale_after(low, at, currency)
    end, unit = _unit_after(low, end, word)
    if unit is None and currency is None and (found := _CURRENCY_AFTER.match(low, end)):
        currency, end = _CURRENCY_OF_GROUP[found.lastgroup or "a"], found.end()
    if currency and unit is None:
        unit = "price"
    glued = unit is None and scale == 1.0 and low[end : end + 1].isalpha()
    return Numeral(at, end, None, 0, scale, 0, unit, currency, word, glued)


def _complete(low: str, match: re.Match[str], floor: int) -> Numeral:
    """The numeral that `match` found, with everything that belongs to it on either side."""
    value, decimals = _digits(match)
    begin, sign, currency = _before(low, match.start(), floor)
    rest = _after(low, match.end(), currency, word=False)
    end, unit = rest.end, rest.unit
    if not sign and begin > floor and low[begin - 1] == "(":
        if low[match.end() : match.end() + 2] == ")%":
            begin, end, sign, unit = begin - 1, match.end() + 2, -1, "percent"
        elif low[end : end + 1] == ")" and _ACCOUNTING.search(low, max(0, begin - 12), begin - 1):
            begin, end, sign = begin - 1, end + 1, -1
    return Numeral(
        begin, end, value, decimals, rest.scale, sign, unit, rest.currency, glued=rest.glued
    )


def read_digits(low: str) -> Iterator[Numeral]:
    """Every numeral that is written with digits, in order, without overlap; linear in time."""
    at = floor = 0
    pattern = compiled(_NUMERAL)
    while begun := _BEGIN.search(low, at):
        start = begun.start()
        found = pattern.match(low, max(floor, start - 1)) or pattern.match(low, start)
        if not found:
            at = begun.end()
            continue
        numeral = _complete(low, found, floor)
        if numeral.glued:
            rest = _GLUED.match(low, numeral.end) if not numeral.currency else None
            numeral = numeral._replace(glued=bool(rest), end=rest.end() if rest else numeral.end)
        yield numeral
        at = floor = numeral.end


def has_digit(low: str) -> bool:
    """Whether a digit or a fraction sign stands in the text."""
    return bool(_BEGIN.search(low))


def has_word(low: str) -> bool:
    """Whether a number word may stand in the text; quick, and wrong only on the safe side."""
    return any(stem in low for stem in _WORD_STEMS)


def read_words(low: str) -> Iterator[Numeral]:
    """Every number word or group of them ("two hundred and five"), unit included, in order."""
    if not has_word(low):
        return
    for found in found_after(_BEFORE_WORDS, _WORDS, low):
        base = found["word"] or found["second"]
        value = word_value(base) if base else 1
        if found["bare"] or found["hundred"] is not None:
            value = value * 100 + (word_value(found["rest"]) if found["rest"] else 0)
        rest = _after(low, found.end(), None, word=True)
        yield Numeral(
            found.start(), rest.end, value, 0, rest.scale, 0, rest.unit, rest.currency, word=True
        )


def read_parts(low: str) -> Iterator[Numeral]:
    """Parts and multiples in words: "a third", "two-thirds", "half", "doubled", "twice the"."""
    if not any(stem in low for stem in _PART_STEMS):
        return
    for found in compiled(_PARTS).finditer(low):
        kind = found.lastgroup or ""
        if kind == "point":
            size, decimals = (0.5, 1) if "half" in found.group() else (0.25, 2)
            yield Numeral(found.start(), found.end(), size, decimals, 1.0, 0, "percentage_points")
        elif kind in _PART_VALUES:
            value, decimals, unit = _PART_VALUES[kind]
            yield Numeral(found.start(), found.end(), value, decimals, 1.0, 0, unit)

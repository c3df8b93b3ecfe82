"""Extremes said in words: "a record high", "a 52-week low", "its longest streak since 1996".

They are held against the cited figures that tell: a close below its record is at no record. Where
none tells, a cited passage has to say so. Words that only refer to an extreme ("2% below its
record") claim none, and neither do those that leave it open ("would be a record").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from qa.checking.closed_days import resolved
from qa.checking.failed import fail
from qa.checking.layout import Layout
from qa.checking.numerals import NUMBER_WORD, compiled
from qa.checking.periods_named import named_periods
from qa.domain import Check, Figure, Metric, Passage
from qa.market.instruments import kin

Known = Sequence[tuple[str, Passage | Metric]]

_REACHED = (
    r"\b(?:at|to|as|is|was|hits?|hitting|sets?|setting|reach(?:e[sd]|ing)?|ma(?:de|kes?|king)"
    r"|mark(?:s|ed|ing)?|notch(?:e[sd]|ing)?|post(?:s|ed|ing)?|touch(?:e[sd]|ing)?|scor(?:e[sd]|ing)"
    r"|print(?:s|ed|ing)?|with|for|into) (?:(?:an?|its|their|another|yet|new|fresh|further) )*"
)
_EXTREME = (
    rf"{_REACHED}(?:(?:(?P<record>record|all[- ]time|lifetime)"
    r"|(?P<year>52[- ]week|(?:one|1)[- ]year|(?:twelve|12)[- ]month))[- ]"
    r"(?P<basis>closing |intraday )?(?P<side>highs?|lows?|close|peaks?)\b(?! of \d)"
    r"|(?P<bare>records?)(?=[.,;)]| (?:on|in|after|for the|\[)|\s*$))"
)
_SUPERLATIVE = (
    r"\b(?P<word>longest|best|worst|biggest|largest|strongest|weakest|steepest|sharpest|highest"
    r"|lowest|deepest|fastest|poorest)\b(?P<what>[^;:.]{0,60}?)"
    r"(?P<mark>\bsince (?:at least )?(?:\w+ ){0,2}?"
    r"(?:(?P<since>(?:19|20)\d\d)\b|(?P<day>\x00+)|\w+)"
    rf"|\bin (?:more than |over |nearly |almost |about )?(?:\d+|{NUMBER_WORD}|a) "
    r"(?:years?|decades?|months?|quarters?|weeks?)\b|\bin (?:years|decades|months)\b"
    r"|\b(?:ever|on record|in history|of all time)\b)"
)
_TIME = (  # a time that is told behind an extreme
    r"[^;:.,\x00]{0,25}?\b(?:on|at the close of|of) (?:the close of )?(?:\w+day )?(?P<day>\x00+)"
    r"|[^;:.,]{0,25}?\b(?:earlier|recently|yesterday|(?:mon|tues|wednes|thurs|fri)day"
    r"|(?:this|last) (?:week|month|quarter|year)"
    r"|(?:in|on|during) (?:early |mid-?|late )?(?:\w+ )?(?:\w+|\d{4}))\b"
)
_MAY_CLAIM = (
    "record", "all-time", "all time", "lifetime", "52", "year", "month", "week", "quarter",
    "decade", "since", "ever", "history",
)  # fmt: skip
_OPEN = re.compile(
    r"\b(?:not?|never|no longer|without|neither|nor|if|whether|would|could|may|might|should|will"
    r"|until|unless|before|once|when|short of|back|return)\b[^;:.]{0,40}$|n['’]t\b[^;:.]{0,40}$"
)
_SAYS_RECORD = re.compile(r"record|all[- ]time|lifetime|new highs?|highest|lowest|\bever\b")
_SAYS_YEAR = re.compile(r"52[- ]week|(?:one|1)[- ]year|(?:twelve|12)[- ]month|record|all[- ]time")
_SAYS_SINCE = re.compile(
    r"\bsince\b|\bin (?:\S+ ){0,3}(?:years?|decades?|months?)\b|-year (?:high|low)|record|all-time"
    r"|\bever\b|history"
)
_SAME = 5e-7  # of a level: two closes that are one


def check_records(page: Layout, known: Known, as_of: date | None) -> list[Check]:
    """The extremes that the cited figures deny, or that nothing cited speaks of."""
    if not any(stem in page.low for stem in _MAY_CLAIM):
        return []
    return [*_extremes(page, known, as_of), *_superlatives(page, known)]


def _extremes(page: Layout, known: Known, as_of: date | None) -> Iterator[Check]:
    for found in compiled(_EXTREME).finditer(page.low):
        if _OPEN.search(page.low, max(0, found.start() - 60), found.start()):
            continue
        low = (found["side"] or "").startswith("low")
        yearly, when = found["year"] is not None, _when(page, found, as_of)
        told = [
            (f"{key}.{name}", holds)
            for key, metric in _metrics(page, found, known)
            for name, holds in _tell(metric, low, yearly, when)
        ]
        says = _SAYS_YEAR if yearly else _SAYS_RECORD
        yield from _judged(page, found.group(), told, known, says)


def _superlatives(page: Layout, known: Known) -> Iterator[Check]:
    for found in compiled(_SUPERLATIVE).finditer(page.low):
        if _OPEN.search(page.low, max(0, found.start() - 60), found.start()):
            continue
        told = [
            (f"{key}.longer_streak_end", holds)
            for key, metric in _metrics(page, found, known)
            if (holds := _longest(found, page, metric)) is not None
        ]
        yield from _judged(page, found.group(), told, known, _SAYS_SINCE)


def _metrics(page: Layout, found: re.Match[str], known: Known) -> list[tuple[str, Metric]]:
    """The metrics of the instrument named last before the words; of any, where none is."""
    before = [n.symbol for n in page.instruments if n.proper and n.span[1] <= found.start()]
    metrics = [(key, e) for key, e in known if isinstance(e, Metric)]
    return [(k, m) for k, m in metrics if not before or {*m.symbols[:1]} & kin(before[-1])]


def _when(page: Layout, found: re.Match[str], as_of: date | None) -> tuple[date, date] | None:
    """The days, from and to, on one of which it was: those told behind it; None for the last."""
    behind = compiled(_TIME).match(page.low, found.end())
    if behind is None or as_of is None:
        return None
    if behind["day"]:
        stated = next(d for d in page.days if d.span[0] == behind.start("day"))
        day = resolved(stated, as_of)
        return None if day is None else (day, day)
    periods = named_periods(page.text, page.low, as_of)
    named = next((n for n in periods if found.end() <= n.start <= behind.end()), None)
    return (named.first, named.last) if named else (date.min, as_of)


def _judged(
    page: Layout,
    words: str,
    told: Sequence[tuple[str, bool]],
    known: Known,
    says: re.Pattern[str],
) -> Iterator[Check]:
    """The check that fails, if one does: every figure denies it, or nothing speaks of it."""
    said = words.strip()
    if told:
        if not any(holds for _, holds in told):
            reason = f"the words say {said!r}, {told[0][0]} says otherwise"
            yield fail("direction", page.text, "no such extreme", said, reason, against=True)
        return
    passages = (e for _, e in known if isinstance(e, Passage))
    if not any(says.search(passage.text.lower()) for passage in passages):
        reason = f"no evidence that is cited tells of {said!r}"
        yield fail("claim", page.text, "evidence of the extreme", said, reason)


def _tell(
    metric: Metric, low: bool, yearly: bool, when: tuple[date, date] | None
) -> Iterator[tuple[str, bool]]:
    """The figures of a metric that tell whether it stood at an extreme, and what they say.

    `when` are the days that are meant, None for the last session. A year's high may deny a record,
    and never proves one.
    """
    figures = metric.figures
    if "current" in figures and "peak_date" in figures and not yearly:
        at_peak = _falls_in(figures["peak_date"], when) if when else figures["current"].value == 0
        if not low or (at_peak and when is None):
            yield "current", at_peak and not low
    side = "low" if low else "high"
    seen = [
        (name, _at(figures, name, now, when))
        for name, now in ((f"close_{side}_52w", "close"), (f"{side}_52w", side))
        if name in figures
    ]
    if yearly or not any(holds for _, holds in seen):
        yield from seen


def _at(figures: dict[str, Figure], name: str, now: str, when: tuple[date, date] | None) -> bool:
    """Whether a year's extreme was reached in the days that are meant, or else at last."""
    if when:
        return _falls_in(figures[f"{name}_date"], when)
    last, extreme = _value(figures.get(now)), _value(figures[name])
    return last is not None and extreme is not None and abs(last - extreme) <= _SAME * abs(extreme)


def _falls_in(figure: Figure, when: tuple[date, date]) -> bool:
    return isinstance(figure.value, date) and when[0] <= figure.value <= when[1]


def _value(figure: Figure | None) -> float | None:
    return figure.value if figure is not None and isinstance(figure.value, float) else None


def _longest(found: re.Match[str], page: Layout, metric: Metric) -> bool | None:
    """Whether a streak is the longest since then; None where the metric doesn't tell."""
    ended = metric.figures.get("longer_streak_end")
    spoken = found["word"] == "longest" and re.search(r"streak|\brun\b|row", page.low)
    if ended is None or not isinstance(ended.value, date) or not spoken:
        return None
    if found["day"]:
        day = next(d.day for d in page.days if d.span[0] == found.start("day"))
        return day == ended.value
    return int(found["since"]) == ended.value.year if found["since"] else None

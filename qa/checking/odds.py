"""Figures of base rates, seasons and odds: which of them the words around a number name.

There are scores of them of one size and unit (a median and a mean, of episodes and of all sessions,
over four horizons), so each has words of its own that have to stand right beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.checking.layout import Layout, Span
from qa.checking.numerals import compiled
from qa.domain import Metric
from qa.market.instruments import kin, named

_MAIN = 63  # the horizon that is meant where none is named
_HORIZON = re.compile(r"(\d+)[- ]sessions?")
_BASE = re.compile(r"\b(?:any|every|all)\b|\bbeside\W*(?:the |an? )?$|\bagainst\W*$")
_BASE_AFTER = re.compile(r"\W*(?:usually|at any|at every|in general|of all)\b")
_CLAUSE = re.compile(r"[;:]\s")
_SHARES = re.compile(r"(?:relative_)?(?:base_)?(?:share|chance)_|base_(?:up|ahead)$")
_LOWER = re.compile(r"\W*(?:of \w+ )?(?:below|lower|down\b|fell|negative|behind|trail|lag)")
_LOWER_IN = re.compile(r"\b(?:below|lower|down|fell|negative|behind) in\W*$")
_TRAILS = re.compile(r"\b(?:is|was|be) (?:behind|lower|below)\b")
_BESIDE = re.compile(
    r"\b(?:relative to|ahead of|behind|against|less that of|than|beside) (?:that of )?(?:the )?$"
)
_DECADE = re.compile(r"_(\d{4}s)$")


@dataclass(frozen=True, slots=True)
class _Words:
    """Where a figure may stand: `own` since the number before it, or `after` right behind it.

    Both are searched, `after` from its start; `clause` and `sentence` have to hold as well.
    """

    own: str = r"(?!)"
    after: str = r"(?!)"
    clause: str = ""
    sentence: str = ""


_LOW_END = _Words(own=r"interval\W*(?:of |from )?\W*$")
_HIGH_END = _Words(own=r"^\W*(?:to|and)\W*$", clause="interval")
_SHARE = r"^\W*(?:and|to|beside|against)?\W*$|beside\W*$|against\W*$"
_HIGHER = r"above zero|higher|\brose\b|\bup\b|positive|\brises?\b"
_AHEAD = r"\bahead\b|beat|outperform"
_COMES_TO = r"\b(?:to|is|at|of|was|about|beside|against|with)(?: the| an?)?\W*$"
# Behind a share of one of them, these words speak of the other.
_HIGHER_OR_AHEAD = (rf"\W*(?:of \w+ )?(?:{_AHEAD})", rf"\W*(?:of \w+ )?(?:{_HIGHER})")
_RATES: tuple[tuple[str, _Words], ...] = (
    (
        r"n(?:_\d+)?",
        _Words(after=r"\W*(?:\w+ ){0,2}(?:episodes?|cases|instances|occasions|times)\b"),
    ),
    (
        r"(?:now|threshold)_move",
        _Words(own=r"(?:rise|fall|gain|loss|drop|decline|move|advance) of (?:at least |about )?$"),
    ),
    (r"(?:now|threshold)_lead", _Words(after=r"\W*(?:ahead|behind)\b")),
    (r"(?:now|threshold)_streak", _Words(after=r"\W*(?:in a row|straight|running)")),
    (r"sessions", _Words(own=r"\b(?:in|of)\W*$")),
    (r"horizon", _Words(r"\b(?:over|any|next|following|after)(?: the)?\W*$", r"\W*later\b")),
    (r"coverage", _Words(after=r"\W*(?:confidence )?interval")),
    (r"(?:relative_)?median_\d+", _Words(own="median")),
    (r"(?:relative_)?mean_\d+", _Words(own=r"\bmeans?\b|averag")),
    (r"(?:relative_)?base_median_\d+", _Words(own=r"median|gave\W*$|against\W*$")),
    (r"(?:relative_)?base_mean_\d+", _Words(own=r"\bmeans?\b|averag")),
    (
        r"(?:base_)?share_up_\d+",
        _Words(_SHARE, rf"\W*(?:of \w+ )?(?:{_HIGHER})", sentence=_HIGHER),
    ),
    (
        r"relative_(?:base_)?share_ahead_\d+",
        _Words(_SHARE, rf"\W*(?:of \w+ )?(?:{_AHEAD})", clause=_AHEAD),
    ),
    (r"(?:relative_)?lower_quartile_\d+", _Words(own=r"lower quartile|bottom quarter")),
    (r"(?:relative_)?upper_quartile_\d+", _Words(own=r"upper quartile|top quarter")),
    (r"(?:relative_)?diff_\d+", _Words(own=r"\bdiffer")),
    (r"(?:relative_)?diff_low_\d+", _LOW_END),
    (r"(?:relative_)?diff_high_\d+", _HIGH_END),
    (r"(?:relative_)?p_\d+", _Words(own=r"\bp\b|chance|luck")),
    (r"looks", _Words(after=r"\W*(?:looks|differences|comparisons|tests)\b")),
    (r"at_.*", _Words(own="threshold", after=r"\W*of the threshold")),
    (r"(?:relative_)?(?:distinguishable|apart).*", _Words(after=r"\W*(?:told apart|distinguish)")),
)
_ANY = r"\b(?:any|every|usual\w*|all)\b|\bbeside\W*$"
_SEASONS: tuple[tuple[str, _Words], ...] = (
    (r"n(?:_\d+s)?", _Words(own=r"\b(?:in|of|over|the)\W*$", after=r"\W*(?:years|seasons)\b")),
    (r"mean(?:_benchmark)?", _Words(own=r"averag|\bmeans?\b|against\W*$")),
    (r"median(?:_benchmark)?", _Words(own=r"median", clause="median")),
    (r"base_mean", _Words(own=r"averag|\bmean|gave|beside", clause=_ANY)),
    (r"mean_difference(?:_\d+s)?", _Words(own=r":\W*$|\bby\W*$|differ|ahead|behind|averag|mean")),
    (r"median_difference", _Words(own="median")),
    (r"base_mean_difference", _Words(own=r"differ|averag|mean", clause=_ANY)),
    (r"(?:base_)?share_ahead(?:_\d+s)?", _Words(rf"(?:{_AHEAD}) in\W*$", rf"\W*(?:{_AHEAD})")),
    (r"(?:base_)?share_up", _Words(rf"(?:{_HIGHER}) in\W*$", rf"\W*(?:of \w+ )?(?:{_HIGHER})")),
    (r"sessions", _Words(own=r"\b(?:over|in|of|lasts?)\W*$")),
    (r"t", _Words(own=r"\bt\b")),
    (r"p(?:_adjusted)?", _Words(own=r"\bp\b|chance|luck")),
    (r"looks", _Words(after=r"\W*(?:looks|differences|comparisons|tests)\b")),
    (r"distinguishable", _Words(after=r"\W*distinguish")),
)
_OUTLOOK: tuple[tuple[str, _Words], ...] = (
    (r"like", _Words(after=r"\W*(?:out )?of\W*$")),
    (r"months", _Words(own=r"^\W*(?:out )?of\W*$")),
    (r"scored", _Words(after=r"\W*month ends")),
    (r"horizon", _Words(r"\b(?:over|next|following|after)(?: the)?\W*$", r"\W*later\b")),
    (r"coverage", _Words(after=r"\W*(?:confidence )?interval")),
    (r"chance_up", _Words(own=_COMES_TO, clause=rf"^(?!.*(?:{_AHEAD})).*(?:{_HIGHER})")),
    (r"chance_ahead", _Words(own=_COMES_TO, clause=_AHEAD)),
    (r"base_up", _Words(own=_COMES_TO, clause=rf"^(?!.*(?:{_AHEAD})).*(?:{_HIGHER})")),
    (r"base_ahead", _Words(own=_COMES_TO, clause=_AHEAD)),
    (r"skill_up", _Words(own="skill", sentence=rf"^(?!.*(?:{_AHEAD}))")),
    (r"skill_ahead", _Words(own="skill", sentence=_AHEAD)),
    (r"skill_low_up", _Words(_LOW_END.own, sentence=rf"^(?!.*(?:{_AHEAD})).*skill")),
    (
        r"skill_low_ahead",
        _Words(_LOW_END.own, sentence=rf"skill.*(?:{_AHEAD})|(?:{_AHEAD}).*skill"),
    ),
    (
        r"skill_high_up",
        _Words(_HIGH_END.own, clause="interval", sentence=rf"^(?!.*(?:{_AHEAD})).*skill"),
    ),
    (
        r"skill_high_ahead",
        _Words(_HIGH_END.own, clause="interval", sentence=rf"skill.*(?:{_AHEAD})"),
    ),
    (r"brier_.*", _Words(own="brier score")),
    (r"(?:edge|way)_.*|score", _Words(own=r"edge|direction|score")),
)
_TABLES = {"base_rates": _RATES, "seasonality": _SEASONS, "outlook": _OUTLOOK}
_COMPARES_ALL = re.compile(r"share|median|mean|chance|^base_(?:up|ahead)$")


@lru_cache(maxsize=1024)
def _words_of(tool: str, name: str) -> _Words | None:
    """The words that name a figure; None for one that goes by its quantity, as others do."""
    table = _TABLES.get(tool, ())
    return next((words for pattern, words in table if re.fullmatch(pattern, name)), None)


def is_odds(metric: Metric, name: str) -> bool:
    """Whether a figure goes by the words of this table."""
    return metric.tool in _TABLES and _words_of(metric.tool, name) is not None


def unlike(page: Layout, span: Span, metric: Metric, name: str) -> str | None:
    """Why the words around a figure don't name `name` of a metric, or None."""
    words = _words_of(metric.tool, name)
    assert words is not None
    left, right = page.bounds(span)
    own, after = page.low[left : span[0]], page.low[span[1] : right]
    clause = _CLAUSE.split(page.low[: span[0]])[-1]
    named = compiled(words.own).search(own) or compiled(words.after).match(after)
    if not named or not compiled(words.clause).search(clause):
        return f"no words beside it name {name.replace('_', ' ')}"
    if words.sentence and not page.says(words.sentence):
        return f"no word names {name.replace('_', ' ')}"
    if _COMPARES_ALL.search(name) and metric.tool != "seasonality":
        base = bool(_BASE.search(clause) or _BASE_AFTER.match(after))
        if base != ("base_" in name):
            return f"the words speak of {'any time' if base else 'those times'}"
    opposite = _LOWER.match(after) or _LOWER_IN.search(own) or _TRAILS.search(clause)
    opposite = opposite or compiled(_HIGHER_OR_AHEAD["_ahead" in name]).match(after)
    if opposite and _SHARES.match(name):
        return "the words speak of the opposite share"
    return _other_stretch(page, name) or _other_instrument(page, span, metric)


def _other_instrument(page: Layout, span: Span, metric: Metric) -> str | None:
    """The words name another instrument than the one that is measured, or held against it."""
    start = len(page.low[: span[0]]) - len(_CLAUSE.split(page.low[: span[0]])[-1])
    proper = [n for n in page.instruments if n.proper and n.span[1] <= span[0]]
    own_met = False
    for one in [n for n in proper if n.span[0] >= start] or proper[:1]:
        beside = _BESIDE.search(page.low, max(0, one.span[0] - 24), one.span[0])
        if beside is None and own_met:
            continue
        own_met = own_met or beside is None
        place = 1 if beside else 0
        if len(metric.symbols) > place and metric.symbols[place] not in kin(one.symbol):
            return f"the words speak of {named(one.symbol).spoken}"
    return None


def _other_stretch(page: Layout, name: str) -> str | None:
    """The words name another horizon, another decade, or nothing to hold a figure against."""
    if decade := _DECADE.search(name):
        return None if decade[1] in page.low else f"no word names the {decade[1]}"
    if name.startswith("relative_diff") != ("relative" in page.low) and "diff_" in name:
        return "the words hold it against something else"
    horizon = re.search(r"_(\d+)$", name)
    if horizon is None:
        return None
    said = {int(n) for n in _HORIZON.findall(page.low)} & {21, 63, 126, 252} or {_MAIN}
    return None if int(horizon[1]) in said else f"the words speak of {min(said)} sessions"

"""What a figure of a sentence measures: a move, a lead, a volatility, the way to a target, a level.

Each row of the tables looks at the words around a figure and takes it, or leaves it to the next.
`before` and `after` are the masked words of its part of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.levels_said import level_said
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import (
    MIDDAY,
    MOVE,
    RELATIVE,
    Basis,
    PublishedClaim,
    average_length,
)
from qa.checking.auditing.uncheckable import TAKEN
from qa.checking.auditing.ways import way_of
from qa.checking.stated import Stated
from qa.market.instruments import named

Test = Callable[[Clause, PublishedClaim, Stated, str, str], PublishedClaim | None]

_BEHIND = re.compile(r"underperform|\blag|\btrail|\bbehind\b|worse than|disadvantage")
_BY = re.compile(r"\bby (?:about |around |nearly |roughly |just |over |more than |an? |some )*$")
_LEAD_AFTER = re.compile(
    r" (?:advantage|edge|lead|gap|better|worse|(?:ahead|behind)(?! (?:for|in|on|so|this|since"
    r"|\x11))"
    r"|over \x12)"
)
_BELOW = re.compile(r" (?:below|beneath|under|underneath|shy of|short of)\b")
_WIPED = re.compile(r" (?:was |were |has been |had been )?(?:wiped|erased|lopped|shaved|knocked)\b")
_IN_TERMS = re.compile(
    r"\brelative to (?:the )?\x12|\bin relative terms\b|\brelative performance\b"
)
_OWN_MOVE = re.compile(r"(?:gain|ris|fall|los|drop|climb|advanc)\w* (?:of |by )?$")
_RUN_DOWN = re.compile(
    r"drawdown|from (?:its |the )?peak to (?:its |the )?trough|peak-to-trough|peak to trough"
    r"|maximum (?:decline|loss)"
)
_TARGET = re.compile(
    r"\btargets?\b|\bgoal\b|\bobjective\b|forecast|year-end|would mean|implie[sd]|imply"
)
_WAY = re.compile(
    r"\bimpl(?:y|ies|ied|ying)\b|upside|would mean|suggests?|represents?|downside|above|below"
    r"|higher"
    r"|lower|rise|gain|to (?:climb|go|run|rise)\b|away|\broom\b"
)
_TOTAL = re.compile(
    r"total[- ]return|including dividends|with dividends|dividends (?:included|reinvested)"
)
# "2.7% below its 200-day average"; a "2.7% slide carried it under its average" is a move.
_FROM_AVERAGE = re.compile(
    r" (?:or so |well |still |just |clear )*(?:above|over|below|under|underneath|beneath|from"
    r"|off|of"
    r"|away|north|south|shy|short|higher|lower)\b"
)
_BELOW_AVERAGE = re.compile(r" [a-z ]*(?:below|under|beneath|short|shy|lower|south)\b")
_OTHER_AVERAGE = re.compile(
    r" (?:above|below|over|under) (?:the|its) (?P<n>[0-9]{2,3})-day(?![a-z])"
)
_RETURNED = re.compile(r"\breturn(?:ed|s)? (?:of |just |about |only )*$")
_LEAST_TARGET = 20  # a number below it is no level that anyone sets as a target


def measured(clause: Clause, claim: PublishedClaim, before: str, after: str) -> PublishedClaim:
    """The claim with what it measures; "none" where the words don't tell."""
    stated = claim.stated
    if stated is None:
        return claim
    if stated.unit is None and (points := _bare_points(clause, claim, stated)) is not None:
        return points
    if _is_beside_its_level(clause, claim, stated, before):
        stated = replace(stated, unit="points", kind="change")
        return _points(clause, replace(claim, stated=stated), stated, before, after)
    if stated.unit in ("price", None):
        return level_said(clause, claim, stated, before, after)
    if stated.unit == "points":
        return _points(clause, claim, stated, before, after)
    if stated.unit in ("percent", "percentage_points", "basis_points"):
        if _TOTAL.search(clause.masked):
            claim = replace(claim, basis="total")
        for test in _SHARES:
            if (found := test(clause, claim, stated, before, after)) is not None:
                return found
    return claim


def _points(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim:
    if _LEAD_AFTER.match(after) or re.match(r" (?:more|less|higher|lower) than", after):
        side: Side = "low" if _BEHIND.search(after) else "high"
        return replace(claim, measure="relative", firm=False, side=side)
    if (n := average_length(after)) and _FROM_AVERAGE.match(after) and stated.value is not None:
        side = "low" if _BELOW_AVERAGE.match(after) else "high"
        stated = replace(stated, value=abs(stated.value), signed=False)
        return replace(claim, measure="distance", count=n, side=side, stated=stated,
                       firm=claim.firm or bool(claim.subject))  # fmt: skip
    relative = RELATIVE.search(before) and not stated.signed
    if relative:
        return replace(claim, measure="relative")
    if len(clause.names) > 1 and re.search(r"\b(?:gap|difference|spread|margin)\b", clause.masked):
        return replace(claim, measure="relative", firm=False)
    return replace(claim, measure="points", stated=way_of(stated, before, after))


_BESIDE = 40  # characters between a move and the level that it led to
_THEN_PERCENT = re.compile(r" ?[(,/] ?[+-]?\x13")


def _bare_points(clause: Clause, claim: PublishedClaim, stated: Stated) -> PublishedClaim | None:
    """A level with a sign is none: "S&P 500 +116.60 (+4.96%)" tells points, then the percent."""
    if not stated.signed or stated.text[:1] not in "+-−–" or not stated.decimals:
        return None
    if claim.subject is None or named(claim.subject).kind == "yield":
        return None
    told = any(f.span[0] in range(stated.span[1], stated.span[1] + 4) and f.unit == "percent"
               for f in clause.figures)  # fmt: skip
    sure = told and bool(_THEN_PERCENT.match(clause.masked, stated.span[1]))
    points = replace(stated, unit="points", kind="change")
    return replace(claim, measure="points", stated=points, firm=claim.firm and sure)


_MOVED = re.compile(
    r"\b(?:up|down|off|gain(?:ed|ing)|los(?:t|ing)|add(?:ed|ing)|shed(?:ding)?|ris(?:en|ing)|rose"
    r"|f[ae]ll(?:en|ing)?|dropp(?:ed|ing)|slipp(?:ed|ing)|climb(?:ed|ing)|declin(?:ed|ing)"
    r"|advanc(?:ed|ing)) (?:by )?$"
)
_OF_ITS_LEVEL = 0.25  # a move told without a unit is at most this share of the level beside it


def _is_beside_its_level(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str
) -> bool:
    """Whether a bare number is a move in points: "1,063.23, down 12.56", "up 2.83 to 390.45"."""
    if stated.unit is not None or not stated.decimals or stated.value is None:
        return False
    if claim.subject is None or named(claim.subject).kind == "yield" or not _MOVED.search(before):
        return False
    beside = (f for f in clause.figures if f.unit is None and f.decimals and f.kind != "count")
    near = (f for f in beside if 0 < abs(f.span[0] - stated.span[0]) <= _BESIDE)
    return any(abs(stated.value) <= _OF_ITS_LEVEL * abs(f.value or 0.0) for f in near)


def _of_yield(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim | None:
    if claim.subject is None or named(claim.subject).kind != "yield":
        return None
    moment: Basis = "intraday" if MIDDAY.search(clause.low[slice(*clause.piece(claim.at))]) else ""
    if stated.unit == "percent" and re.search(r"\bfrom (?:about )?$", before):
        return replace(claim, measure="base", firm=False, words="")
    if stated.unit == "percent" and not _BY.search(before):
        return replace(claim, measure="yield", basis=moment)
    if stated.unit == "percent":  # a yield up "by 1.5%" has risen by that share of itself
        return replace(claim, measure="none")
    if stated.unit == "percentage_points" and stated.value is not None:
        decimals = max(0, stated.decimals - 2)
        stated = replace(stated, value=100 * stated.value, unit="basis_points", decimals=decimals)
    return replace(claim, measure="yield_change", stated=stated)


def _of_volatility(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim | None:
    if stated.signed or not re.search(r"volatility|standard deviation", clause.masked):
        return None
    annual = re.search(r"annuali[sz]ed", clause.masked)
    return replace(claim, measure="volatility", basis="annual" if annual else "")


def _of_average(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim | None:
    """How far above or below a moving average."""
    n = average_length(after) if _FROM_AVERAGE.match(after) else 0
    other = _OTHER_AVERAGE.match(after) if not n and average_length(clause.masked) else None
    if not n and other is None:
        return None
    n = n or int(other["n"] if other else 0)
    side = re.match(r" (?:above|over|below|under|beneath)\b", after)
    below = re.search(r"\b(?:below|under|beneath)\b", side.group() if side else before + after)
    return replace(
        claim,
        measure="distance",
        count=n,
        side="low" if below else "high",
        firm=claim.firm or bool(claim.subject),
    )


def _of_lead(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim | None:
    """How far ahead of another instrument: "beat it by 5%", "a 4% advantage over it"."""
    if claim.other and stated.unit == "percent" and _IN_TERMS.search(clause.masked):
        return replace(claim, measure="relative", side="low" if (stated.value or 0) < 0 else "high")
    own = stated.signed and _OWN_MOVE.search(before)
    by = _BY.search(before) or stated.unit != "percent"
    if claim.other and not own and (_LEAD_AFTER.match(after) or (RELATIVE.search(before) and by)):
        behind = _BEHIND.search(f"{before} {after}")
        return replace(claim, measure="relative", side="low" if behind else "high")
    if stated.unit == "percent":
        return None
    pair = claim.other and RELATIVE.search(clause.masked)
    return replace(claim, measure="relative", firm=False) if pair else claim


def _of_two(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim | None:
    """Ahead by 19 to 13 percent: no range, and nobody's move."""
    two = re.match(r" to \x13", after) and claim.partner is None and not stated.signed
    return claim if two else None


def _of_target(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim | None:
    """The way to a target, where the sentence names one level and speaks of a target."""
    if not _TARGET.search(clause.masked) or not _WAY.search(clause.masked):
        return None
    levels = [
        f.value
        for f in clause.figures
        if f.unit in (None, "price") and f.scale == 1 and (f.value or 0) >= _LEAST_TARGET
    ]
    if len(levels) != 1:
        return None
    firm = bool(claim.periods and claim.subject)
    return replace(claim, measure="upside", level=levels[0], firm=firm)


def _of_drawdown(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim | None:
    alone = sum(f.unit == "percent" for f in clause.figures) == 1
    if _RUN_DOWN.search(clause.masked if alone else f"{before} {after}"):
        windows = [t.periods for t in clause.times if t.role == "window"]
        spans = [w for w in windows if w[0].kind != "extreme"]  # "from peak to trough" is none
        periods = spans[0] if spans else ()
        return replace(claim, measure="drawdown", periods=periods, firm=bool(periods))
    if re.match(r"[ -](?:correction|bear market)", after):
        return replace(claim, measure="drawdown", firm=False)
    return None


def _of_move(
    clause: Clause, claim: PublishedClaim, stated: Stated, before: str, after: str
) -> PublishedClaim | None:
    if not stated.signed and _RETURNED.search(before):  # "returned 8%" is a gain
        claim = replace(claim, stated=replace(stated, signed=True))
    elif way_of(stated, before, after) is not stated:
        pass  # its sign is told: "1.8% to the good"
    elif stated.kind != "change" and not stated.signed and not MOVE.search(clause.masked):
        if not (claim.subject and claim.periods):
            return None
        claim = replace(claim, firm=False)  # "a 2% week for the Dow": which way isn't read
    if (signed := way_of(stated, before, after)) is not stated:
        claim, stated = replace(claim, stated=signed), signed
    fell = _BELOW.match(after) or TAKEN.search(before) or _WIPED.match(after)
    if not stated.signed and stated.value is not None and fell:
        claim = replace(claim, stated=replace(stated, value=-abs(stated.value), signed=True))
    if MIDDAY.search(clause.low[slice(*clause.piece(claim.at))]):
        claim = replace(claim, basis="intraday")
    elif _aside(clause, claim):
        claim = replace(claim, firm=False)
    return replace(claim, measure="move")


_OF_THE_DAY = re.compile(
    r"\btrad(?:ed|ing) |\btouch|\bhit\b|\bas (?:low|high) as\b|\b(?:low|high) of\b"
)


def _aside(clause: Clause, claim: PublishedClaim) -> bool:
    """Whether a figure only explains a price of the day: "traded below 3,837, 20% off its high"."""
    start = clause.piece(claim.at)[0]
    if not start or clause.masked[start : claim.at].strip(" $(—-"):
        return False
    before = slice(clause.piece(start - 1)[0], start)
    return bool(MIDDAY.search(clause.low[before]) or _OF_THE_DAY.search(clause.masked[before]))


_SHARES: tuple[Test, ...] = (
    _of_yield,
    _of_volatility,
    _of_average,
    _of_lead,
    _of_two,
    _of_target,
    _of_drawdown,
    _of_move,
)

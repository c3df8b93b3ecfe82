"""What a figure of a metric is of, and the words that name it.

A figure's name says its quantity ("average_50": an average, over 50 days). The words around a
figure of a sentence name one too. The two have to agree: a figure that rounds to the right digits
is still the wrong one when the words speak of another quantity, another length or another basis.
Where the words are silent, nothing is held against them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qa.checking.layout import Layout
from qa.checking.numerals import words
from qa.checking.wording import Reach, Span, Wording

Basis = Literal["open", "close", "prior_close", ""]
Frequency = Literal["daily", "annual", ""]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a figure is of. `length` is in days ("average_50": 50); empty fields say nothing."""

    kind: str
    length: int = 0
    population: bool = False
    basis: Basis = ""
    frequency: Frequency = ""
    span: Span = ""
    closing: bool | None = None
    reach: Reach = ""


# Names of figures, most particular first, and the kind of quantity each is.
_KINDS = (
    (r"(?:.*_)?longer_streak", "longer_streak"),
    (r"(?:.*_)?streak", "streak"),
    (r"(?:max_drawdown|deepest)(?:_benchmark)?", "drawdown"),
    (r"current", "from_high"),
    (r"from_(?:close_)?high.*", "from_high"),
    (r"(?:close_)?high_52w|peak(?:_level)?|high", "high"),
    (r"(?:close_)?low_52w|trough(?:_level)?|low", "low"),
    (r"rolling_median", "median"),
    (r"position.*", "position"),
    (
        r"(?:volatility|daily|annualised|rolling(?!_percentile)|realised|implied(?!_less)).*",
        "volatility",
    ),
    (r".*percentile.*", "percentile"),
    (r"(?:ratio_)?distance_\d+|close_distance", "distance"),
    (r".*distance.*", "gap"),
    (r"(?:ratio_)?average_\d+|close_limit", "average"),
    (r"best_.*", "best"),
    (r"worst_.*", "worst"),
    (r"(?:cyclical|defensive)_period", "group"),
    (r"(?:deviation|implied_less|cyclical_less|curve).*", ""),
    (r"above_\d+", "share"),
    (r".*_limit", "limit"),
    (r"(?:.*_)?upside(?:_.*)?|claimed", "upside"),
    (r"target", "target"),
    (r"open|start_open", "open"),
    (r"start_level", "start"),
    (r"previous_close", "previous"),
    (r"(?:close|vix|end_level|said_close|fits_level|year_end_level)", "level"),
    (r"ten_year", "move"),
    (r"median.*|rolling_median", "median"),
    (r"relative_return|lead|dispersion.*|deviation_.*|gap|spread.*", "lead"),
    (r"beta|correlation", "beta"),
    (r"(?:up|rose|ahead|triggered|above_\d+_count|days_ahead)(?:_(?:day|period))?", "part"),
    (r"sectors|members.*|rules|not_watched", "whole"),
    (r"sessions|days|returns|sessions_1y", "sessions"),
    (r"(?:day_change|day_points|.*_day)", "move"),
    (
        r"period|(?:return|points)(?:_.*)?|.*_(?:return|period|month|year_change)|ratio_change",
        "move",
    ),
)
_NEEDED = {  # a quantity that is never meant where the sentence holds none of its words
    "volatility": r"volatil|deviation|swing|sigma|implied|vix|daily move",
    "drawdown": r"drawdown|peak|trough|deep|worst|pullback|correction|below|as much as"
    r"|at one point",
    "position": r"range|position",
    "distance": r"average|\bmean\b|\bd?ma\b|\bsma\b",
    "average": r"average|\bmean\b|\bd?ma\b|\bsma\b",
    "from_high": r"high|peak|record|drawdown|top",
    "high": r"high|peak|record|range|top|resistance",
    "low": r"\blow|trough|range|bottom|floor|support",
    "percentile": r"percentile|share|higher than|lower than|above|below",
    "upside": r"upside|target|above|below|away|impl|gain|rise|higher|lower|potential|downside",
    "beta": r"beta|correlat",
    "streak": r"\brow\b|streak|straight|consecutive|\brun\b|success|in a|unbroken",
    "longer_streak": r"\blast\b|longe[rs]|previous|since|as long|earlier",
    "limit": r"above|below|over|under|than|limit|threshold|up|down|level|rule",
    "open": r"\bopen",
    "median": r"median|middle|typical",
    "gap": r"away|distance|short of|to go|cross|from (?:its|the) (?:limit|trigger)|between",
    "best": r"best|strongest|\bled\b|leader|top",
    "worst": r"worst|weakest|laggard|bottom",
    "group": r"cyclical|defensive",
    "share": r"above|share|breadth",
    "previous": r"previous|before|prior|from|earlier|yesterday",
}
_OF_A_SPAN = frozenset(words("move lead part best worst median group"))
_PARTS = {  # what the counted ones did, by the first word of the figure's name
    "up": r"rose|rise|\bup\b|gain|advanc|higher|positive|climb",
    "rose": r"rose|rise|\bup\b|gain|advanc|higher|positive|climb",
    "ahead": r"ahead|beat|better|outp|\bled\b|lead",
    "days": r"ahead|beat|better|outp|\bled\b|lead",
    "above": r"\babove\b|\bover (?:its|their|the (?:50|200))",
    "triggered": r"trigger",
}
_COMMON = frozenset(words("less from count sessions level year the and day month date period"))
_RECORDS = ("current", "peak")
_REACHED = ("level", "high", "low", "from_high", "position")
_COUNTS = frozenset(words("part whole sessions streak longer_streak"))


@lru_cache(maxsize=2048)
def quantity(tool: str, name: str, basis: str | None = None) -> Quantity:
    """What the figure `name` of a tool's metric is of; `basis` is that of its window."""
    plain = name.removesuffix("_benchmark").replace("_population", "")
    kind = next((k for pattern, k in _KINDS if re.fullmatch(pattern, plain)), "")
    if tool == "rates" and (
        rate := re.fullmatch(r"(?:bill|(?:five|ten|thirty)_year)(_.*)?", plain)
    ):
        kind = {None: "level", "_before": "level", "_now": "level", "_since": "move"}.get(
            rate[1], kind
        )
    length = re.search(r"_(\d+)(?:_count)?$", plain)
    days = int(length[1]) if length else 20 if plain in ("close_limit", "close_distance") else 0
    span: Span = ""
    if kind in _OF_A_SPAN and re.search(r"(?:^|_)day(?:_|$)", plain):
        span = "day"
    elif plain.endswith("_period"):
        span = "period"
    elif plain.startswith("ten_year") or plain.endswith("_month"):
        span = "month"
    return Quantity(
        kind,
        days,
        "_population" in name,
        _basis(plain, basis) if kind == "move" else "",
        _frequency(tool, plain) if kind == "volatility" else "",
        span,
        plain.startswith("close_") if "52w" in plain or plain in ("high", "low") else None,
        "year" if "52w" in plain else "record" if tool == "drawdown" and plain in _RECORDS else "",
    )


def _basis(plain: str, basis: str | None) -> Basis:
    found = re.search(r"_from_(open|close|prior_close)$", plain)
    given = found[1] if found else basis if plain in ("return", "points") else ""
    return given or ""  # type: ignore[return-value]


def _frequency(tool: str, plain: str) -> Frequency:
    daily = plain == "daily" or (tool == "performance" and plain == "volatility")
    return "daily" if daily else "annual"


def disagrees(said: Wording, meant: Quantity) -> str | None:
    """Why a figure can't be what the words around it name, or None."""
    if said.kinds and meant.kind and meant.kind not in said.kinds and not _neutral(said, meant):
        return f"the words name {_spoken(said.kinds)}"
    if said.length and meant.length and said.length != meant.length:
        return f"the words speak of {said.length} days"
    of_all = said.population if meant.kind == "volatility" else None
    if of_all is not None and of_all != meant.population:
        return f"the words speak of a {'population' if of_all else 'sample'}"
    if said.frequency and meant.frequency and said.frequency != meant.frequency:
        return f"the words speak of a {said.frequency} volatility"
    if said.span and meant.span and said.span != meant.span:
        return f"the words speak of a {said.span}"
    if said.reach and said.reach != meant.reach and meant.kind in _REACHED:
        return f"the words speak of a {said.reach}"
    if said.closing is not None and meant.closing is not None and said.closing != meant.closing:
        return "the words speak of " + ("closes" if said.closing else "prices within the day")
    return None


def _neutral(said: Wording, meant: Quantity) -> bool:
    """Counts are named by the noun that follows them, not by the verb before."""
    return meant.kind in _COUNTS and not said.kinds & _COUNTS


@lru_cache(maxsize=512)
def _own_words(name: str) -> str:
    """The words of a figure's name, for one whose quantity isn't in the table."""
    own = [part for part in re.findall(r"[a-z]+", name) if len(part) > 2 and part not in _COMMON]
    return "|".join(part[:6] for part in own)


def unnamed(page: Layout, name: str, meant: Quantity) -> str | None:
    """Why a figure can't be meant by a sentence with none of its quantity's words, or None."""
    needed = _NEEDED.get(meant.kind) if meant.kind else _own_words(name)
    if meant.kind == "part":
        needed = _PARTS.get(name.split("_")[0])
    if needed and not page.says(needed):
        return f"no word names {_spoken((meant.kind or name,))}"
    if meant.population and "population" not in page.low:
        return "no word names a population"
    if meant.basis == "open" and "open" not in page.low:
        return "no word names the open"
    return None


def _spoken(kinds: frozenset[str] | tuple[str, ...]) -> str:
    return " or ".join(sorted(kind.replace("_", " ") for kind in kinds))

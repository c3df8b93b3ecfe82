"""Slots: a draft says "{m3.return}", code writes the figure.

A slot is {ID.FIGURE} or {ID.FIGURE:SPEC}; SPEC is a comma-separated list of `+` (always a sign),
`abs` (magnitude), `.N` (decimals), `bare` (no unit) and `long` (a date with its weekday). After a
word of direction ("fell", "below") a figure is written as a magnitude, if its sign agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from qa.domain import Figure

SLOT = re.compile(r"\{([^{}]{1,120})\}")
MARK = re.compile(r"\[([mp]\d{1,4})\]")
_MARKS = re.compile(r"\[\s*([mp]\d{1,4}(?:\s*(?:[,;&]|and)\s*[mp]\d{1,4})+)\s*\]")
_INSIDE = re.compile(r"(m\d{1,4})\.(\w{1,60})(?::([+\w.,]{0,20}))?")
_DECIMALS = re.compile(r"\.\d")
_SPEC = re.compile(r"\+|abs|bare|long|\.[0-6]|")

_UP = (
    "above|up|rose|risen|rises?|rising|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|advance[sd]?|advancing|"
    "add(?:s|ed)|higher|jump(?:s|ed)?|rall(?:y|ies|ied)|increase[sd]?|upside|surge[sd]?|soar(?:s|ed)|"
    "rebound(?:s|ed)?|recover(?:s|ed)|spike[sd]?|grew|grown|growth"
)
_DOWN = (
    "below|down|fell|fallen|falls?|falling|los(?:t|es|ing)|loss(?:es)?|drop(?:s|ped)?|slid|slides?|"
    "decline[sd]?|declining|lower|slip(?:s|ped)?|shed(?:s)?|drawdowns?|decrease[sd]?|downside|"
    "plunge[sd]?|tumble[sd]?|sank|sunk|sinks|slump(?:s|ed)?|retreat(?:s|ed)?|dip(?:s|ped)?|"
    "pullback|sell-?off|correction|shrank|plummet(?:s|ed)|crash(?:ed)?|tanked"
)
# How one thing did beside another: they govern differences only, for what lags may have risen.
_LEADING = "ahead|outpaced?|outperform(?:s|ed|ance)?|beats?|led|leads?|advantage"
_TRAILING = "behind|trail(?:s|ed)|lag(?:s|ged)?|underperform(?:s|ed|ance)?"
_BEFORE = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<ahead>{_LEADING})|(?P<behind>{_TRAILING}))\b"
    r"(?P<gap>(?:[^.;:,()\d{}]|\d+-(?=day|week|month|session|year)|(?<=Russell )2000|(?<=S&P )500)"
    r"{0,40})$",
    re.IGNORECASE,
)
_WORD_START = re.compile(  # where one of them may begin, by its first two letters
    r"\b(?=a[bdh]|be|c[lor]|d[eirow]|f[ae]|g[ar]|hi|in|ju|l[aeo]|out|p[lu]|r[aeio]|s[aehilopu]"
    r"|t[aru]|u[pn])",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*(?:%|percent|points|percentage points|basis points)?\s*"
    r"(?:(?P<up>above|higher|up|upside|gain|rise|advance|increase|rally|jump|surge|rebound)"
    r"|(?P<down>below|lower|down|downside|decline|drop|fall|loss|drawdown|decrease|slide|plunge|"
    r"slump|pullback|sell-?off|correction|dip)"
    r"|(?P<ahead>ahead|lead|advantage)|(?P<behind>behind))\b(?!-)",
    re.IGNORECASE,
)
# After these words a figure is where a move ended, or is another matter: "fell to", "rose while".
_TURNS = re.compile(
    r"\b(?:to|from|at|than|against|versus|vs|while|but|whereas|as|after|before|when|since|between|"
    r"compared|and|or|unlike|despite)\b",
    re.IGNORECASE,
)
_MORE_THAN = re.compile(r"\b(?:(?:no )?(?:more|less)) than\b", re.IGNORECASE)
_PLAIN_GAP = re.compile(
    r"\s*(?:(?:by|of|a|an|about|around|some|only|just|nearly|another|further|still)\s+)*\s*",
    re.IGNORECASE,
)
# Sizes and levels: a word of direction beside them is about something else.
_SIGNLESS = re.compile(
    r"(?:volatility|position|dispersion)\w*|(?:previous_)?close|average_\d+|(?:close_)?(?:low|high)_52w"
)
MOVES = ("percent", "percentage_points", "points", "basis_points")
_SAME_UNIT = {
    "percent": re.compile(r"\s?(?:%|percent\b(?! points?)|per cent\b)"),
    "percentage_points": re.compile(r"\s?(?:percentage[ -]points?\b|pp\b|ppts?\b)"),
    "points": re.compile(r"\s?(?:index )?points?\b"),
    "basis_points": re.compile(r"\s?(?:basis points?|bps?)\b"),
    "multiple": re.compile(r"\s?(?:x|times)\b"),
    "sessions": re.compile(r"\s?sessions?\b"),
}


@dataclass(frozen=True)
class Slot:
    """A slot found in a text; `problem` says why it can't be read."""

    span: tuple[int, int]
    key: str
    name: str
    spec: tuple[str, ...]
    problem: str | None = None


def tidy(text: str) -> str:
    """The text with {{m1.return}} as {m1.return}, and [m1, p2] as [m1] [p2]."""
    text = text.replace("{{", "{").replace("}}", "}")

    def apart(match: re.Match[str]) -> str:
        return " ".join(f"[{key}]" for key in re.findall(r"[mp]\d+", match.group(1)))

    return _MARKS.sub(apart, text)


def find_slots(text: str) -> list[Slot]:
    """Every brace pair of a text, read as a slot."""
    return list(_slots(text)) if "{" in text else []


@lru_cache(maxsize=1024)
def _slots(text: str) -> tuple[Slot, ...]:
    slots = []
    for match in SLOT.finditer(text):
        inside = _INSIDE.fullmatch(match.group(1).strip())
        if inside is None:
            problem = f"{match.group()} is not a slot; write {{m1.return}}"
            slots.append(Slot(match.span(), "", "", (), problem))
            continue
        key, name, spec = inside.groups()
        parts = tuple((spec or "").split(","))
        unknown = next((part for part in parts if not _SPEC.fullmatch(part)), None)
        wrong = f"{unknown!r} in {match.group()} is not a way to write a figure"
        slots.append(Slot(match.span(), key, name, parts, wrong if unknown else None))
    return tuple(slots)


def after_unit(text: str, at: int, unit: str) -> int:
    """Where a text goes on behind a slot at `at`: past the unit, if it repeats what code writes."""
    same = _SAME_UNIT.get(unit)
    found = same.match(text, at) if same else None
    return found.end() if found else at


def direction_near(before: str, after: str, unit: str | None = None, name: str = "") -> int:
    """+1 or -1 for a word of direction that governs a figure between two texts, else 0.

    `unit` and `name` are the figure's: "lagged" governs a difference, and no word a volatility.
    """
    if _SIGNLESS.fullmatch(name):
        return 0
    match = _AFTER.match(after) or _governing(before)
    if match is None:
        return 0
    if match["ahead"] or match["behind"]:
        if unit not in ("percentage_points", None):
            return 0
        return 1 if match["ahead"] else -1
    return 1 if match["up"] else -1


def _governing(before: str) -> re.Match[str] | None:
    """The last word of direction before a figure, if nothing between them turns away from it."""
    starts = [m.start() for m in _WORD_START.finditer(before, max(0, len(before) - 60))]
    tried = (_BEFORE.match(before, at) for at in reversed(starts))
    found = next((match for match in tried if match), None)
    if found is None:
        return None
    gap = _MORE_THAN.sub("", found["gap"])
    if _TURNS.search(gap):
        return None
    word = found.group()[: len(found.group()) - len(found["gap"])].lower()
    if word in ("higher", "lower") and not _PLAIN_GAP.fullmatch(gap):
        return None
    return found


def write(figure: Figure, spec: tuple[str, ...] = (), *, magnitude: bool = False) -> str:
    """The figure as the reader sees it: "6.75%", "5.78 percentage points", "2,669.16"."""
    if isinstance(figure.value, date):
        return f"{figure.value:%A} {figure.value}" if "long" in spec else str(figure.value)
    decimals = next((int(s[1:]) for s in spec if _DECIMALS.fullmatch(s)), figure.decimals)
    size_only = (magnitude and "+" not in spec) or "abs" in spec
    value = abs(figure.value) if size_only else figure.value
    number = f"{value:{'+' if '+' in spec else ''},.{decimals}f}"
    if not number.strip("+-0.,"):
        number = number.lstrip("+-")
    if "bare" in spec:
        return number
    one = number.lstrip("+-") == "1"
    return number + {
        "percent": "%",
        "percentage_points": " percentage point" + "s" * (not one),
        "points": " point" + "s" * (not one),
        "basis_points": " basis point" + "s" * (not one),
        "multiple": "x",
        "sessions": " session" + "s" * (not one),
    }.get(figure.unit, "")

"""A claim that a commentary publishes: what is said of which instrument, over which days.

It holds what the words say and how surely they say it; readings.py tries it on the tape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.checking.auditing.periods import Period, Side
from qa.checking.auditing.phrases import Timed
from qa.checking.figures import Stated

Measure = Literal[
    "close", "open", "level", "base", "extreme", "threshold", "range", "move", "points",
    "relative", "yield", "yield_change", "volatility", "average", "distance", "drawdown",
    "streak", "record", "since", "drought", "cross", "upside", "sum", "event", "flat", "none",
    "tally", "ahead", "sector_rank", "policy", "day_count",
]  # fmt: skip
Basis = Literal["", "close", "intraday", "total", "annual"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was so: `won` times of `of` stretches of a unit.

    `month`: only such months count; `since` the first year; `years` the years themselves. `run`
    and `horizon`: over so many sessions after runs of a length; `won` -1 is half of them.
    """

    unit: str
    won: int
    of: int
    month: int = 0
    since: int = 0
    years: tuple[int, ...] = ()
    run: int = 0
    horizon: int = 0


@dataclass(frozen=True, slots=True)
class PublishedClaim:
    """One thing that a sentence asserts.

    `asserted` are its words. `periods` are the windows it may mean, `told` the days it is told as
    of. `firm`: subject, days and measure are all in the words, so a figure that no definition
    gives is wrong; without it the claim can only be confirmed. `why` says why it can't be tried.
    """

    measure: Measure
    asserted: str
    stated: Stated | None = None
    subject: str | None = None
    other: str | None = None
    periods: tuple[Period, ...] = ()
    told: tuple[Period, ...] = ()
    carried: tuple[Period, ...] = ()  # the window of the sentence before, where this has none
    firm: bool = True
    basis: Basis = ""
    side: Side = ""
    count: int = 0
    level: float | None = None
    mark: Timed | None = None
    nearly: bool = False
    words: str = ""
    lead: str = ""  # the masked words before the figure, in its part of the sentence
    why: str = ""
    partner: Stated | None = None
    tally: Tally | None = None
    proxied: bool = False  # a fund is tried for an index or a sector that the words name
    at: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """What the sentences before have left: who is spoken of, and over which window."""

    subject: str | None = None
    sure: bool = False
    window: tuple[Period, ...] = ()
    fixed: bool = False  # the subject was given by the caller
    run: int = 0  # the length of the runs that the sentence before looked behind


NEARLY = re.compile(
    r"(?:nearly|almost|just under|just shy of|close to|approaching|not quite) (?:an? )?$"
)
RELATIVE = re.compile(
    r"outperform|underperform|outpac|\bbeat|\blag|\btrail|\bahead of\b|\bbehind\b|advantage"
    r"|\blead over\b|\bgap\b|relative to|better than|worse than|outrun|edged? out|more than the"
    r"|\bedge of\b|\bled \x12|\bleads?\b|\bleading\b"
)
MOVE = re.compile(
    r"\b(?:tack\w*|pick\w+ up|put on|notch\w*|logg\w*|post(?:ed|s|ing)|deliver\w*|rack\w*"
    r"|book(?:ed|s)|earn(?:ed|s)"
    r"|shav\w+|trimm\w+|surrender\w*|vault\w*|inch\w*|nudg\w+|creep\w*|crept|rocket\w*"
    r"|skyrocket\w*|swing|swung"
    r"|slump\w*|skid\w*|crater\w*|swoon\w*|nosediv\w+|melt\w*|worse|better|ahead|behind|red|green"
    r"|up|down|gain\w*|los[ets]+|losing|loss(?:es)?|rose|risen|ris(?:e|es|ing)|f[ae]ll\w*"
    r"|jump\w*"
    r"|drop\w*|advanc\w+|climb\w*|surg\w+|slid\w*|slip\w*|plung\w+|tumbl\w+|ral+[iy]\w*|return\w*"
    r"|add(?:ed|s)?|declin\w+|retreat\w*|sank|sink\w*|soar\w*|spik\w+|rebound\w*|bounc\w+|chang\w+"
    r"|higher|lower|shy|off|outperform\w*|mov\w+|correct\w+|performance|increas\w+|decreas\w+"
    r"|whittled"
    r"|below|above|shed|dip\w*|eas\w+|ticked|edged|gap\w*|pullback|selloff|crash\w*|leap\w*|leapt"
    r"|popp\w+|tank\w*|eras\w+|wip\w+|lopp\w+|chopp\w+|slic\w+|stripp\w+|knock\w+|took|takes"
    r"|beneath|under|worth|delivered|produc\w+|regain\w*|recover\w*|firm(?:ed|s|ing)|improv\w+"
    r"|strengthen\w*|weaken\w*|soften\w*|sell-offs?|setbacks?|rout|drubbing|beating|thrashing"
    r"|hammering"
    r"|shellacking|collapse\w*|meltdown|bloodbath|carnage|comeback|snapback|ascent|descent"
    r"|upsurge|downturn"
    r"|wipeout|nosedive|plummet\w*|reversal|downdraft|melt-up|upswing|boost|lift(?:ed|s)?|pops?"
    r"|uptick|haircut|pasting|costs?)\b"
)
# A record that is told as the present one: "its record close is still 2,519.75".
STANDS = re.compile(
    r"\b(?:is|stands at|remains|sits at|stays at|still)(?: still| now| just| at| the)* ?\$?$"
)
# A level that is told as where something is, and not beside another.
PLACED = re.compile(
    r"\b(?:at|to|is|was|being|stands|of|near|around)(?: (?:the|about|nearly|around|just|roughly))*"
    r" ?\$?$"
)
MIDDAY = re.compile(
    r"[ap]\.?m\b|\bas much as\b|\bat one (?:point|stage)\b"
    r"|\bat (?:[a-z]+day's|the day's|the session's) (?:lows?|highs?|worst|best)\b"
    r"|\bat its (?:low|high|worst|best|peak|session)"
    r"|\bbriefly\b"
    r"|\bsession (?:low|high)|\bearlier in the (?:day|session)|\bduring the session\b"
    r"|\b(?:minutes|moments|seconds|an hour|hours) (?:into|after|in)\b|\bout of the gate\b"
    r"|\bwithin (?:minutes|hours|an hour)\b|\bbefore (?:par|recover"
    r"|revers|rebound|trim|clos|eras|slipp|fad)|\bintra-day\b|\bmidday\b|\blunch(?:time)?\b"
    r"|\bthis morning\b"
    r"|\bintraday\b|\btrad(?:ed|ing) (?:at|near|around)"
    r"|\bmid-?morning\b|\bduring trading\b|\bafternoon\b|\bby noon\b|\bso far today\b"
    r"|\bearly trading\b|[0-9]:[0-9]{2}"
)
_AVERAGE = re.compile(
    r"(?P<n>[0-9]{1,3}|twenty|fifty|hundred|two-hundred)[- ](?:day|session|dma)"
    r"(?: (?:simple|exponential))?(?: moving)?(?: average|s?ma)?(?![a-z])"
    r"|\b(?P<n2>[0-9]{1,3})-?dma\b"
)
_MOVING = re.compile(r"moving average|[0-9]-day average|\bdma\b|\bsma\b")
_LENGTHS = {"twenty": 20, "fifty": 50, "hundred": 100, "two-hundred": 200}


def average_length(words: str) -> int:
    """The length in sessions of the moving average that words name; 0 where they name none."""
    found = _AVERAGE.search(words) if _MOVING.search(words) else None
    if found is None:
        return 0
    length = found["n"] or found["n2"]
    return int(length) if length.isdigit() else _LENGTHS[length]

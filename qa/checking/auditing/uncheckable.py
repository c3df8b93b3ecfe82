"""Why a published figure can't be tried against a tape of prices, told by the words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.checking.auditing.periods import Period

SAMPLE = "sample data can't confirm or contradict published figures"
NO_SUBJECT = "no instrument is named that the figure could be of"
OTHER_SUBJECT = "it is said of something whose prices aren't asked of the tape"
NO_WINDOW = "the words leave open which days it covers"
NO_MEASURE = "the words leave open what it measures"
DEPENDS = "it turns on the very day that it is counted from, which the words leave open"
SNAPSHOT = "it fits a price during the day of publication, which closes can't tell"
PROXIED = "the tape holds a fund and not the index itself, which may lie off it by as much"
DIVIDENDS = "dividends could explain the difference, and the tape holds none for these days"
FORECAST = "it tells what may come, not what was"
SHARE = "a share of something isn't on the tape"
MANY_PERIODS = "a statistic over many periods isn't tried here"
TOO_LONG = "the text holds more figures than are tried at once: audit the rest of it apart"
TABLE = "it stands among too many figures to tell what it is of"

_SUBJECTS: tuple[tuple[str, str], ...] = (
    (
        r"earnings|\beps\b|profits?\b|revenue|sales\b|margins?\b|net income|unprofitable|capex"
        r"|loss-making|money-losing|balance sheet|buybacks?",
        "company results aren't on the tape",
    ),
    (
        r"p/e|price-to-|price/earnings|\bforward\b|multiples?\b|valuation|dividend yield"
        r"|times (?:earnings|sales|book)|trading at a discount|free cash flow",
        "valuations aren't on the tape",
    ),
    (
        r"probabilit|\bchances?\b|\bodds\b|likelihood|fedwatch|priced? in\b|pricing in|\bbets\b"
        r"|polymarket|win rate|hit rate",
        "probabilities aren't on the tape",
    ),
    (
        r"inflation|\bcpi\b|\bpce\b|\bgdp\b|unemployment|payrolls?|jobless|\bwages?\b|\bism\b"
        r"|\bpmi\b|economy (?:grew|will)|economic growth|tariffs?\b|retail sales|mortgage|deficit",
        "economic statistics aren't on the tape",
    ),
    (
        r"\boas\b|spreads?\b|single-b\b|\bccc\b|\bbb\b|default rate",
        "credit spreads aren't on the tape",
    ),
    (
        r"inflows?|outflows?|\baum\b|assets under|short interest|\bweight(?:s|ing|ings)?\b|volume"
        r"|market cap\b|capitalization|allocation|respondents|survey|open interest|\bdebt\b"
        r"|loans?\b"
        r"|floating[- ]rate|\bdue\b|market value|put/call|put-call",
        "fund flows, weights and debts aren't on the tape",
    ),
    (
        r"rate cuts?|rate hikes?|fed funds|federal funds|policy rate"
        r"|\bcut(?:ting)? (?:interest )?rates",
        "policy rates aren't prices",
    ),
    (
        r"on average|average daily|\baverage (?:gain|return|loss|decline|annual|drawdown)"
        r"|historically|median"
        r"|typically|percent of the time|% of the time|\bcases\b|annuali[sz]ed (?:return|gain)"
        r"|per year|compound|cagr|correlation|\bbeta\b|\balpha\b|sharpe|percentile|z-score"
        r"|standard deviations? (?:above|below)",
        MANY_PERIODS,
    ),
    (r"futures|pre-?market|after-hours|overnight", "futures and extended hours aren't on the tape"),
)
_MANY = re.compile(
    r"\bcases\b|historically|seasonal|midterm|\btends? to\b|usually|on average|of the time"
    r"|every time|each time|in the past, "
    r"|since 19\d\d,"
    r"|\b(?:\d+|\w+teen|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve) (?:out )?of "
    r"(?:the )?(?:last |past )?\d{1,3}(?![\d,.])"
)
# "Its worst first half since 1970, down 20.6%"
_RANKED = re.compile(r"\b(?:best|worst|biggest|largest|first|most|highest|lowest)\b[^,;]{0,30} $")
_OTHER_THINGS = re.compile(
    r"volatility|usage|facility|confidence|sentiment|issuance|delinquen|participation|breadth"
    r"|ratio\b"
    r"|\bgold\b|\boil\b|bitcoin|dollar|consumer|holdings|positioning|optimism|bullish|bearish"
)
_FORECAST = re.compile(
    r"\b(?:will|would|could|may|might|should|expects?|expected|expecting|forecasts?|sees|projects?"
    r"|projected|predicts?|predicted|(?:price )?targets?|targeting|likely|potential(?:ly)?|upside"
    r"|downside|estimates?|consensus|outlook|if|assum\w+|scenario|to reach|hopes?|poised|set to"
    r"|going to|support|resistance|stop-loss|fair value|call(?:s|ing)? (?:of|for)|goal|objective"
    r"|implies|implied|bet(?:s|ting)?|suppose|supposing|imagine|hypothetical\w*)\b"
    r"|^[\"“ ]*(?:and |but |even )?(?:were|had) (?:the|it|they|small|large|\x12)"
    r"|\b(?:every|each|any|even an?) (?:[a-z]+ )?\x13"
)
_AT_THE_END = re.compile(r"\b(?:at|by) (?:the )?(?:end|year-end)")
_PART = re.compile(r" (?:of|in) (?:all |its |the |these |those |their )?(?!\x11)[a-z\x12]")
# What is erased of an index is a fall of it, and no part of its members.
TAKEN = re.compile(
    r"\b(?:eras\w+|wip\w+(?: out| off)?|took|taken|takes|taking|lopp\w+|cuts?|shav\w+|trimm\w+"
    r"|knock\w+"
    r"|slic\w+|stripp\w+|chopp\w+|carv\w+|claim\w+|destroy\w+|burn\w+)"
    r" (?:away |off )?(?:about |around |nearly |roughly |almost |some |over |more than )?$"
)
_PART_OF_INDEX = re.compile(
    r" (?:of|in) (?:the )?\x12+ (?:companies|stocks|members|constituents|names)"
)
_NO_PART = re.compile(
    r" (?:in|of) (?:q[1-4]|[1-4]q|h[12]|[12]h|\x11)|"
    r" (?:of|in) (?:its|the|their) (?:value|worth)| in (?:the )?\x12"
    r"| in (?:that|this|those|these|the same|its|the) (?:[a-z-]+ )?(?:run|streak|stretch|span"
    r"|period"
    r"|time|window|days|sessions|weeks|months)(?![a-z])"
    r"| in (?:relative|price|percentage|local|total) terms"
    r"| in the (?:red|black|green)| in all(?![a-z]| [a-z])"
    r"| (?:in|of) (?:the |a |just |only |about )*(?:[0-9]+|last|past|previous|first|second|third"
    r"|fourth|final|one|two|three|four|five|six|seven|eight|nine|ten|twelve|early|mid|late|week"
    r"|month|quarter|year|session|day|morning|afternoon|trading|single|intraday|less|under"
    r"|[a-z]+'s|total|spring|summer|autumn|fall|winter|response|value|today|price"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)


def beyond_prices(around: str) -> str:
    """The reason why a figure among these words isn't one of prices; "" where there is none."""
    return next((reason for words, reason in _SUBJECTS if re.search(words, around)), "")


def of_something_else(sentence: str) -> str:
    """Why a record or a run isn't one of the instrument named; "" where nothing says so."""
    if _OTHER_THINGS.search(sentence):
        return OTHER_SUBJECT
    return beyond_prices(sentence)


def over_many(sentence: str) -> bool:
    """Whether a sentence tells of a habit over many periods, not of one."""
    return any(
        not found.group().startswith("since") or not _RANKED.search(sentence, 0, found.start())
        for found in _MANY.finditer(sentence)
    )


def is_forecast(around: str) -> bool:
    """Whether the words speak of what is to come, or of what might be."""
    return bool(_FORECAST.search(around))


def is_to_come(around: str, periods: Sequence[Period]) -> bool:
    """Whether the end of a period that hasn't ended is spoken of: "at the end of 2026"."""
    return any(p.running for p in periods) and bool(_AT_THE_END.search(around))


def is_share(before: str, after: str) -> bool:
    """Whether a percent is a part of something: "43% of small caps", "40 percent of members"."""
    if _PART_OF_INDEX.match(after):
        return True
    if TAKEN.search(before):
        return False
    return bool(_PART.match(after)) and not _NO_PART.match(after)

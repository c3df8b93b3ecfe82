"""Whether a plain number counts something: "14 straight sessions", "nine of 18", "40 companies".

Reads folded text (see numerals.fold).
"""

from __future__ import annotations

import re
from typing import Literal

from qa.checking.numerals import NUMBER_WORD, words

Counted = Literal["sessions", "time", "things"]
Count = tuple[Counted, int]  # what is counted, and where the number ends with its unit

_TOKEN = re.compile(r"[ \u00a0-]?([a-z][a-z'-]*+)(?!\w)")
_SESSIONS = frozenset(("session", "sessions"))
_TIME = frozenset(
    words(
        "day days week weeks month months year years hour hours minute minutes decade decades"
        " quarter quarters weekend weekends"
    )
)
_THINGS = frozenset(
    words(
        "cut cuts hike hikes vote votes company companies stock stocks name names member members"
        " share shares job jobs firm firms meeting meetings time times record records people"
        " person case cases sector sectors observation observations instance instances official"
        " officials move moves analyst analysts streak streaks dissent dissents cent percentile"
        " participants decliners advancers constituents issues funds banks"
    )
)
_ADJECTIVES = frozenset(
    words(
        "consecutive straight trading business calendar more rate interest-rate interest prior"
        " previous new closing earlier early late further additional such other non-overlapping"
        " overlapping full successive major unprofitable small big different quarter-point"
        " half-point basis-point separate listed public regional smaller larger closing all-time"
        " member winning losing policy dissenting reserve jumbo annual daily weekly monthly"
        " trading-day"
    )
)
_NO_NOUN = frozenset(
    words(
        "is was as has its this us plus less versus vs yes thus perhaps always besides across"
        " rises falls gains loses drops adds closes opens ends trades says sees implies means"
        " suggests marks represents remains stands sits looks seems points versus does goes makes"
        " takes gives comes amid amidst towards toward despite unless whereas its hers ours"
        " theirs afterwards nowadays beats leads lags trails signals tests holds targets highs"
        " lows levels points sits likewise climbs jumps surges slips slides nevertheless"
        " nonetheless sometimes beyond series yields"
    )
)
_STOP = frozenset(
    words(
        "in on at of to by and or with from for the a an but while when that which who if so"
        " than then after before since per over under about into through during against between"
        " until not no it he she they we you i his her their our my can could will would may"
        " might should must were are be been being have had do did because where up down above"
        " below early mid late yesterday today tomorrow now just only also still year-to-date"
    )
)
_OF_MANY = re.compile(
    r" (?:(?:out )?of (?:the |its |their |every |last |past |our ){0,2}"
    r"(?!(?:19|20)[0-9]{2}(?![0-9,]))(?:[0-9]{1,3}(?:,[0-9]{3})?|(?P<w>[a-z]+))"
    r"|in (?:every )?(?:[0-9]{1,2}|(?P<w2>[a-z]+)))(?![0-9%]|[.,][0-9])"
)
_VOTE = re.compile(r"[ -](?:vote|votes|majority|decision|split|ruling|margin|record)(?![a-z])")
_IN_A_ROW = re.compile(r" (?:in a row|running)(?![a-z])")
_WORD = re.compile(NUMBER_WORD)
_MORE_WORDS = re.compile(rf"(?: to | or | and |-to-)(?:[0-9]|{NUMBER_WORD})")
_COUNT_OR_LEVEL = re.compile(
    r" (?:(?:index )?points?|pts|mark|handle|strike|level|companies|stocks|members|names|shares"
    r"|jobs|firms|sessions|days|constituents|basis|people|employees|per ?cent|trillion|billion"
    r"|million|dollars|euros|bps?|pp|ppts?|percentage|times)(?![a-z])|[ \u00a0]?%"
)
_POSSESSIVE = re.compile(r"(?:its|their|the|'s) \Z")
_LEVEL_BEFORE = re.compile(
    r"(?<![a-z])(?:at|above|below|near|hit|hits|reache[sd]|reach|touched|crossed|breached|regained"
    r"|(?:targets?|levels?|support|resistance|aim|value)(?: of| is| at| near)?"
    r"|(?:rose|fell|rise|fall|climbed|climb|dropped|drop|slid|slipped|rallied|jumped|gained|raised"
    r"|lifted|cut|lost|up|down|declined|advanced|surged|back|target)"
    r"(?: [0-9.,]{1,9} ?(?:%|percent|points))? to)"
    r" (?:about |around |nearly |just |roughly )?\Z"
)
_AS_OF_YEAR = re.compile(
    r"'s|[ -](?:levels|highs?|lows?|peaks?|crisis|average|figures?|pace|rates?|year|prices|earnings"
    r"|estimates|recession|sales|profits?|election)(?![a-z])"
)


def counted(low: str, end: int, ceiling: int, placed: bool) -> Count | None:
    """What the number that ends at `end` counts, if anything, and where its unit ends.

    Looks no further than `ceiling`, where the next number begins.

    `placed`: a price may stand here ("closed at 2,669"); then only a known noun makes it a count.
    """
    if _IN_A_ROW.match(low, end) or _VOTE.match(low, end) or is_of_many(low, end):
        return "things", end
    at, trading, unknown = end, False, 0
    for _ in range(4):
        found = _TOKEN.match(low, at, ceiling)
        if not found:
            return None
        token = found[1].strip("'-")
        if token in _SESSIONS or (trading and token in ("day", "days")):
            return "sessions", found.end()
        if token in _TIME:
            return "time", end
        if token in _THINGS:
            return "things", end
        if token in _STOP or token in _NO_NOUN or unknown > 1:
            return None
        if token not in _ADJECTIVES and low[at : at + 1] == "-":
            return None  # "two-sided", "5-handed"
        trading = trading or token.startswith("trading")
        if token not in _ADJECTIVES:
            if placed:
                return None
            if _plural(token):
                return "things", end
            unknown += 1
        at = found.end()
    return None


def _plural(token: str) -> bool:
    return len(token) > 3 and token.endswith("s") and not token.endswith(("ss", "us", "'s"))


def is_of_many(low: str, end: int) -> bool:
    """Whether "of 18", "in 4" or "out of the 12" follows: both numbers are counts."""
    found = _OF_MANY.match(low, end)
    if not found:
        return False
    word = found["w"] or found["w2"]
    return word is None or bool(_WORD.fullmatch(word))


def continues(low: str, end: int) -> bool:
    """Whether another number follows at once: "two to three", "nine-to-three"."""
    return bool(_MORE_WORDS.match(low, end))


def level_not_year(low: str, start: int, end: int) -> bool:
    """Whether the words around four digits make them a level ("closed at 2000") and no year."""
    if _COUNT_OR_LEVEL.match(low, end):
        return not _POSSESSIVE.search(low, max(0, start - 8), start)
    placed = _LEVEL_BEFORE.search(low, max(0, start - 40), start)
    return bool(placed) and not _AS_OF_YEAR.match(low, end)

"""Digits that are no figures: names ("Russell 2000"), windows ("52-week") and what is passed over.

Reads folded text (see numerals.fold).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.checking.numerals import NUMBER_WORD, found_after

Span = tuple[int, int]

# A slot, {m3.return}, or a citation, [3], [m3, p7]: passed over without a word. A bracket that
# holds prose ("[up 5%]") is read like any other text.
_PASSED_OVER = re.compile(
    r"\{[^{}\n]{0,120}\}|\[ ?[mp]?[0-9]{1,3}(?: ?[,;-] ?[mp]?[0-9]{1,3}){0,30} ?\]"
)

_INDEX = (
    r"russell(?:[ -](?:small|mid|micro)[ -]?cap)?[ -]?(?:3000|2500|2000|1000|200|50)"
    r"|s&(?:amp;)?p(?:/tsx|/asx)?(?:[ -](?:small[ -]?cap|mid[ -]?cap|composite|global|asia|europe)"
    r"){0,2}[ -]?(?:1500|1200|1000|900|600|500|400|350|300|200|100|60|50)"
    r"|(?:nasdaq|ndx)(?: composite)?[ -]?(?:100|200)"
    r"|(?:dow(?: jones)?|djia)(?: industrials?)?[ -]30"
    r"|ftse[ -]?(?:100|250|350)|(?:nikkei|asx|tsx|kospi|topix)[ -]?(?:225|200|500|300|100|60)"
    r"|(?:euro ?)?stoxx(?: europe)?[ -]?(?:600|50)|(?:dax|cac|mdax)[ -]?(?:30|40|50)"
    r"|(?:csi|sse|hang seng|nifty|ibex|aex|smi|omx|bse|sensex)"
    r"[ -]?(?:1000|500|300|180|50|35|30|25|20)"
    r"|(?:fortune|wilshire|forbes)[ -](?:5000|2000|1000|500|100)|mag(?:nificent)?[ -](?:seven|7)"
)
_PAPERS = (
    r"(?<![-+.,])(?:10|20|40|8|6|18)-[kqf](?:/a)?|form (?:[0-9]{1,4}(?:-?[a-z])?)|schedule 13[dg]"
    r"|(?:401|403|529|457)(?:\([kb]\))|529(?= plan)|rule [0-9]{1,4}[a-z]?(?:[0-9]{0,2}-[0-9]{1,2})?"
    r"|(?:section|chapter|title|article|item|figure|exhibit|chart|note|page|part|step|phase|tier"
    r"|stage|panel|box|appendix|footnote|basel|windows|boeing|airbus)"
    r" ?[0-9]{1,4}(?:\([a-z0-9]\)|[a-z])?"
    r"|table [0-9]{1,3}|(?:no\.|nos\.|#) ?[0-9]{1,4}|p\. ?[0-9]{1,4}"
)
_OTHER = (
    r"covid-? ?19|1-800(?:-[\w-]{1,12})?|9/11|24/7|60/40|50/50|7-eleven|2s/?10s|5s/?30s"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]\.?m\b\.?)?|[0-9]{1,2} ?[ap]\.?m\b\.?"
)
_NAMES = (
    rf"(?<![\w$€£¥])(?:https?://\S+|www\.\S+|(?:{_INDEX}|{_PAPERS})(?![0-9a-z%]|[.,][0-9])"
    rf"|(?<![.,$0-9])(?:{_OTHER})(?![0-9%]|[.,/][0-9]))"
)
# What stands before one: all that they begin with, digits only if they go on as theirs do.
_BEFORE_NAMES = re.compile(
    r"[^\w$€£¥](?=[0-9]{1,3}(?:-[kqf8e]|/[0-9]|:[0-9]|\(|s/| ?[ap]\.?m| plan)"
    r"|a(?:sx|ex|rti|pp|irb)|b(?:se|ox|oe|ase)|c(?:ac|si|ha|ov)|d(?:ow|j|ax)|e(?:ur|xh)"
    r"|f(?:t|or[mbt]|ig|oot)|h(?:ttp|ang)|i(?:be|tem)|kos|m(?:da|ag)|n(?:as|dx|ik|if|o(?:\.|s\.|te))"
    r"|omx|p(?:a[gnr]|has|\.)|ru(?:ss|le)|s(?:&|to|se|mi|ens|che|ect|tep|tag)|t(?:sx|op|itl|ier|abl)"
    r"|w(?:ww|ils|ind)|#)"
)
# "the Nasdaq 100 points higher", "note 5%": the number belongs to what follows.
_NOT_A_NAME = re.compile(r"[ \u00a0](?:%|percent|per cent|basis|bps?(?![a-z])|points? (?!to|out))")
_LIST_NUMBER = re.compile(r"[0-9]{1,2}[.)](?=[ \t]+[^\s0-9])")
_NEW_LINE = re.compile(r"(?:\A|\n)[ \t]{0,8}\Z")
_LETTERED = re.compile(
    r"(?<![\w$])(?!(?:usd|eur|gbp|jpy|chf|cny|rmb|cad|aud|inr|rs)[0-9])[^\W\d]+[0-9]\w*+(?!%|[.,][0-9])"
)
_BEHIND_A_LETTER = re.compile(r"[0-9](?<=[^\W\d].)")
_HYPHENED = re.compile(r"-(?<=[A-Za-z].)[0-9]")
_CAPITAL = re.compile(
    r"[A-Z3](?<![\w-].)(?:(?<=[A-Z])[A-Za-z]{0,9}-[0-9]{1,4}[A-Za-z]?|(?<=3)M(?= ?[^ \d]))"
    r"(?![\w%]|[.,][0-9]|[ -]?(?:percent|basis|bp))"
)

_SPAN_OF_TIME = r"(?:day|week|month|year|session|hour|minute|quarter|decade|yr|wk|mo)"
_COUNT = rf"(?:[0-9]{{1,3}},[0-9]{{3}}|[0-9]{{1,4}}|{NUMBER_WORD})"
_WINDOWS = (
    rf"(?<![\w$€£])(?<![0-9][.,])"
    rf"(?P<lead>(?:{_COUNT}-(?:,? (?:and|or|to) |, |/)|[0-9]{{1,3}}/){{0,3}})"
    rf"{_COUNT}(?:(?:-|(?<=[0-9])(?P<loose>[ \u00a0]))(?:(?:trading|calendar|business)[ -])?"
    rf"(?P<time>{_SPAN_OF_TIME})|(?<=[0-9])(?:yr|y))(?![a-z0-9])"
)
_OF_DAYS = rf"(?:(?:trading|calendar|business)[ -])?{_SPAN_OF_TIME}"
_BEFORE_WINDOWS = re.compile(r"[^\w$€£](?=[0-9]|ze|on|tw|th|te|fo|fi|si|se|ei|el|ni)")
_HYPHENED_WINDOW = re.compile(rf"-{_OF_DAYS}")
_LOOSE_WINDOW = re.compile(rf"[0-9](?:[ \u00a0]{_OF_DAYS}|yr?(?![a-z0-9]))")
_COUNTED_RUN = re.compile(
    r"[ -](?:[a-z-]+ ){0,2}(?:streak|stretch|run|spell|string|drought|skid|winning|losing)(?![a-z])"
)
_ADJECTIVE = re.compile(
    r" (?!ago|after|before|later|earlier|since|and|or|in|of|to|on|at|for|is|was|the|by|with|from"
    r"|as|that|when|which|but|into|until|over|ends?\b)[a-z]"
)


def passed_over(low: str) -> Iterator[Span]:
    """Slots and citation marks, whose digits are nobody's figures."""
    for found in _PASSED_OVER.finditer(low):
        yield found.span()


def read_names(low: str) -> Iterator[Span]:
    """Known names that hold a number, times of day, web addresses and list numbers."""
    for found in _LIST_NUMBER.finditer(low):
        if _NEW_LINE.search(low, max(0, found.start() - 9), found.start()):
            yield found.span()
    for found in found_after(_BEFORE_NAMES, _NAMES, low):
        if not _NOT_A_NAME.match(low, found.end()) or "s&" in found.group():
            yield found.span()


def read_lettered(low: str, cased: str) -> Iterator[Span]:
    """Words with digits in them ("DGS10", "m3") and capitals with a number ("F-150", "3M")."""
    if _BEHIND_A_LETTER.search(low):
        for found in _LETTERED.finditer(low):
            yield found.span()
    if "3M" in cased or _HYPHENED.search(cased):
        for found in _CAPITAL.finditer(cased):
            yield found.span()


def read_windows(low: str) -> Iterator[Span]:
    """Stretches of time that stand before a noun: "52-week", "10 year Treasury", "2- and 5-year".

    The length of a run ("15-session streak") is no window: it is a claim, and is left to be read.
    """
    if not (_HYPHENED_WINDOW.search(low) or _LOOSE_WINDOW.search(low)):
        return
    for found in found_after(_BEFORE_WINDOWS, _WINDOWS, low):
        loose = found["loose"]
        if loose and (found.group().startswith("1 ") or not _ADJECTIVE.match(low, found.end())):
            continue
        if not _COUNTED_RUN.match(low, found.end()):
            yield found.span()

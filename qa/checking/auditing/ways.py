"""Which way a figure moves, told by the verb or the noun beside it: "put on 2%", "a 3% setback"."""

from __future__ import annotations

import re
from dataclasses import replace

from qa.checking.stated import Stated

UP_NOUNS = (
    r"gain|advance|rise|rally|jump|climb|increase|pop|bounce|rebound|surge|leap|spurt|upswing"
    r"|recovery|melt-up|lift|boost|spike|burst|run-up|uptick"
)
DOWN_NOUNS = (
    r"drop|decline|loss|fall|slide|pullback|retreat|selloff|sell-off|slump|setback|plunge|tumble"
    r"|rout|drubbing|beating|swoon|thrashing|hammering|shellacking|skid|dip|downdraft|crash"
    r"|correction|decrease|pasting|haircut"
)
NOUNS = rf"(?:{UP_NOUNS}|{DOWN_NOUNS}|move|change|return|performance|swing)"
_UP_VERBS = (
    r"rose|rise|rises|risen|rising|gain(?:ed|s|ing)?|add(?:ed|s|ing)|tack(?:ed|s|ing) on|put(?:s"
    r"|ting)?"
    r" on|pick(?:ed|s|ing) up|firm(?:ed|s|ing)|improv(?:ed|es|ing)|climb(?:ed|s|ing)?|advanc(?:ed"
    r"|es|ing)"
    r"|jump(?:ed|s|ing)?|surg(?:ed|es|ing)|soar(?:ed|s|ing)?|rall(?:ied|ies|ying)|rebound(?:ed|s"
    r"|ing)"
    r"|bounc(?:ed|es|ing)|strengthen(?:ed|s|ing)|appreciat(?:ed|es|ing)|vault(?:ed|s|ing)"
    r"|leap(?:t|ed)"
    r"|popp(?:ed|ing)|edg(?:ed|ing) up|inch(?:ed|ing) up|tick(?:ed|ing) up|mov(?:ed|ing) up"
    r"|regain(?:ed|s)"
    r"|recover(?:ed|s)|up|higher by|ahead"
)
_DOWN_VERBS = (
    r"fell|fall|falls|fallen|falling|los(?:t|es|ing)|drop(?:ped|s|ping)?|declin(?:ed|es|ing)"
    r"|slid|slides"
    r"|sliding|shed|sheds|shedding|g[ai]v(?:e|es|en|ing) (?:up|back)|slip(?:ped|s|ping)|s[aiu]nk"
    r"|sinks"
    r"|sinking|tumbl(?:ed|es|ing)|retreat(?:ed|s|ing)|surrender(?:ed|s|ing)|plung(?:ed|es|ing)"
    r"|slump(?:ed|s|ing)|weaken(?:ed|s|ing)|soften(?:ed|s|ing)|eas(?:ed|es|ing)|dipp(?:ed|ing)"
    r"|crater(?:ed|s)"
    r"|crash(?:ed|es|ing)|skidd(?:ed|ing)|stumbl(?:ed|es)|sagg(?:ed|ing)|edg(?:ed|ing) down"
    r"|inch(?:ed|ing)"
    r" down|tick(?:ed|ing) down|mov(?:ed|ing) down|pull(?:ed|s|ing) back|forfeit(?:ed|s)|down"
    r"|lower by|off"
)
_FILL = (
    r"(?: (?:by|about|around|nearly|roughly|almost|some|just|only|another|a|an|further|more than"
    r"|less than|at least|over|close to|as much as|merely|fully|exactly|hefty|solid|modest|whopping"
    r"|mere|full|sharp|steep|ground|even|barely|approximately|,))*"
)
_TOTALS = (
    r"(?:of|was|is|were|at|came to|comes to|stands at|stood at|totall?ed|totals|amounted to"
    r"|amounts to"
    r"|measured|measures|reached|worked out at|added up to|equall?ed)"
)
_BETWEEN = (
    r"(?: (?:in|for|on|by|of|over|during|since|from) (?:the )?(?:[\x11\x12]+(?:'s)?|[a-z0-9 "
    r"-]{1,24}))?"
)


def _pattern(verbs: str, nouns: str, state: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    before = re.compile(
        rf"\b(?:(?:{verbs}){_FILL}|(?:{nouns})s?{_BETWEEN}(?: (?:now|so far|alone))? "
        rf"{_TOTALS}{_FILL})"
        r" \$?$"
    )
    return before, re.compile(
        rf"^ (?:(?!or |and |to |in |for |on |of )[a-z-]+ ){{0,2}}?(?:{nouns})s?(?![a-z])|^ (?:to"
        rf"|in) the (?:{state})\b"
    )


_UP_BEFORE, _UP_AFTER = _pattern(_UP_VERBS, UP_NOUNS, "good|black|green")
_DOWN_BEFORE, _DOWN_AFTER = _pattern(_DOWN_VERBS, DOWN_NOUNS, "bad|red|hole")
_OF_DAYS = re.compile(r"^ ?(?:-|to |or |and )?\x13")


def way_of(stated: Stated, before: str, after: str) -> Stated:
    """The figure with the sign that the words beside it give; as it is where they give none.

    `before` and `after` are the masked words of its part of the sentence. Words that point both
    ways ("lost a 3% gain") give no sign.
    """
    if stated.signed or stated.value is None or _OF_DAYS.match(after):
        return stated
    up = bool(_UP_BEFORE.search(before)) or bool(_UP_AFTER.match(after))
    down = bool(_DOWN_BEFORE.search(before)) or bool(_DOWN_AFTER.match(after))
    if up == down:
        return stated
    return replace(stated, value=abs(stated.value) * (-1 if down else 1), signed=True)

"""Turns of speech for a time, tried before the plain words of time_words.py."""

from __future__ import annotations

from qa.checking.auditing import stages, weekdays
from qa.checking.auditing.dating import DAY, LOW
from qa.checking.auditing.time_parts import (
    COUNT,
    EXTREMES,
    HIGH,
    MONTH_NAME,
    ONE_DAY,
    OWN,
    QUALITY,
    REACHED,
    UNIT,
    WEEKDAY,
    YEAR,
    Phrase,
)

_LED = r"(?:(?:in|over|during|for|on|of) )?"
_WEEK = (
    r"(?:(?:holiday-?|a )?(?:shortened|truncated|abbreviated|interrupted)|four-day|short|three-day"
    r"|holiday|whole|full)"
)


def _ends(n: str) -> tuple[str, str]:
    """An end of a swing, told either way: its February peak, the peak in February."""
    when = rf"(?:(?P<d{n}>{DAY}+)|(?P<m{n}>{MONTH_NAME})(?:,? (?P<y{n}>{YEAR}))?)"
    side = rf"(?:{QUALITY} )*(?P<side{n}>{LOW}|{HIGH})"
    return rf"{when}(?:'s)? {side}", rf"{side}{REACHED} {when})"


TURNS: tuple[Phrase, ...] = (
    *(
        Phrase(
            rf"(?:from|between) {OWN}{first} (?:to|and|through|until) {OWN}{second}",
            EXTREMES,
            stages.swing,
        )
        for first, second in zip(_ends(""), _ends("2"), strict=True)
    ),
    Phrase(
        r"(?:below|above|from|over|under|against|than|versus|off) (?P<last>last )?"
        rf"(?P<w>{WEEKDAY})'s (?:close|finish|settlement|closing (?:level|price|mark))(?![a-z])",
        ("day's ",),
        weekdays.since_weekday,
    ),
    Phrase(
        rf"(?:on )?the (?:trading )?(?:day|session) (?:after|following) (?:the )?{ONE_DAY}",
        DAY,
        weekdays.day_after,
    ),
    Phrase(
        rf"{_LED}(?:the|a|this) {_WEEK} (?:trading )?week(?! (?:of|ahead|to|ended|ending|through))",
        ("week",),
        weekdays.this_week,
    ),
    Phrase(
        rf"{_LED}(?:the )?{ONE_DAY} week(?![a-z])(?:'s)?",
        (f"{DAY} week",),
        weekdays.week_of_day,
    ),
    Phrase(
        rf"(?:just |only |barely )?(?P<n>{COUNT}) {UNIT} "
        r"(?:in(?=,)|into (?:the |this )?(?:new )?"
        rf"(?P<of>year|quarter|month|{MONTH_NAME}|{YEAR}))",
        (" in,", " into "),
        stages.into,
    ),
    Phrase(
        rf"{_LED}the (?P<ju>week|month|quarter|year) (?:that )?(?:has |is )?(?:just|now|newly) "
        r"(?:ended|ending|finished|gone|past|over|behind us|completed|closed)",
        ("week", "month", "quarter", "year"),
        stages.just_ended,
    ),
    Phrase(
        rf"{_LED}the (?:just|newly|recently)[- ](?:ended|finished|completed|concluded|closed) "
        r"(?P<ju>week|month|quarter|year)",
        ("just-", "just ", "newly", "recently"),
        stages.just_ended,
    ),
    Phrase(
        r"(?:entering|heading into|going into|coming into|on the eve of|ahead of) "
        rf"(?:(?P<m>{MONTH_NAME})|(?P<ey>{YEAR})|the new year)(?![a-z])",
        ("entering", "into", "eve of", "ahead of"),
        stages.entering,
        "anchor",
    ),
    Phrase(
        rf"{_LED}(?P<m>{MONTH_NAME})(?: and | plus | through )(?P<m2>{MONTH_NAME})"
        rf"(?:,? (?P<y>{YEAR}))? (?:together|combined|taken together)",
        ("together", "combined"),
        stages.together,
    ),
    Phrase(
        rf"(?:combined|together),? (?:in )?(?P<m>{MONTH_NAME}) and (?P<m2>{MONTH_NAME})"
        rf"(?:,? (?P<y>{YEAR}))?",
        ("together", "combined"),
        stages.together,
    ),
    Phrase(
        r"(?:single|one)-(?P<su>week|month|quarter)(?![a-z])",
        ("single-", "one-"),
        stages.single,
    ),
    Phrase(
        rf"(?:(?:those|these|the|just|a mere|only) )?(?P<n>{COUNT}) {UNIT}"
        r"(?= (?:that )?(?:have |had |has )?(?:erased|wiped|took|taken|cost|lopped|knocked|chopped"
        r"|stripped|brought|added|saw|delivered|produced))",
        ("erased", "wiped", "t", "cost", "lopped", "knocked", "chopped", "stripped", "added"),
        stages.so_long_ago,
    ),
    Phrase(
        r"since the (?:start|beginning|turn) of (?:the |this )?"
        rf"(?:(?P<su>month|quarter)|(?P<m>{MONTH_NAME})(?: (?P<y>{YEAR}))?|(?P<sy>{YEAR}))"
        r"(?![a-z-])(?! (?:to|through|until))",
        ("since the ",),
        stages.since_start,
    ),
    Phrase(
        r"(?:(?:in|during|for|over|of) )?(?:the |its )?(?P<edge>first|second)[- ]half"
        r"(?! (?:of|hour|point|dozen|percent)(?![a-z]))(?![a-z-])",
        ("half",),
        stages.half,
    ),
    Phrase(
        rf"(?:from|since) {OWN}(?:(?P<m>{MONTH_NAME})(?:,? (?P<y>{YEAR}))?|(?P<yy>{YEAR}))"
        rf"(?:'s)? (?:{QUALITY} )*(?P<side>{LOW}|{HIGH}) (?:to|through|until|as of)"
        rf" (?P<last>last )?(?P<w>{WEEKDAY})(?:'s (?:close|finish|settlement))?(?![a-z'])",
        EXTREMES,
        stages.extreme_to_weekday,
    ),
    Phrase(
        r"(?:short of|shy of|below|beneath|under|off|away from|from) (?:its|their) own"
        r"(?=[,.;:]|$| (?:and|but|while)(?![a-z]))",
        ("record",),
        stages.own_record,
    ),
    Phrase(
        rf"{_LED}the (?P<dy>(?:19|20)[0-9]0)s(?![a-z])",
        ("0s",),
        stages.decade,
    ),
    Phrase(
        rf"{_LED}(?:the )?(?:last|past|previous|latest) (?P<n>{COUNT}) "
        r"(?:full |complete )?calendar years",
        ("calendar years",),
        stages.span_of_years,
    ),
)

"""Every way that commentary names a time, as a table: pattern, stems, meaning, role."""

from __future__ import annotations

from qa.checking.auditing import dating, weekdays
from qa.checking.auditing.dating import DAY, LOW
from qa.checking.auditing.time_parts import (
    COUNT,
    EXTREMES,
    FROM,
    HIGH,
    LAST,
    MONTH,
    MONTH_NAME,
    MONTH_STEMS,
    ONE_DAY,
    OWN,
    QUALITY,
    REACHED,
    SOME,
    UNIT,
    UNITS,
    WEEKDAY,
    YEAR,
    Phrase,
)
from qa.checking.auditing.time_turns import TURNS
from qa.checking.auditing.ways import NOUNS

_MOVES = rf"(?= (?:[a-z-]+ )?{NOUNS}(?![a-z]))"
# The first row that fits takes the words; later rows don't see them.
PHRASES: tuple[Phrase, ...] = (
    *TURNS,
    Phrase(
        r"(?:in |over |during |for )?(?:the|its) first full (?:trading )?week(?: of (?:(?:the|this)"
        rf" (?:new )?year|(?P<fy>{YEAR})))?",
        ("first full",),
        weekdays.first_full_week,
    ),
    Phrase(
        r"(?:(?:it was |had |was |in |what )?an? (?:[a-z-]+ ){0,2}|\x12's )"
        r"(?P<unit>week|month|quarter)(?:(?: to [a-z]+)?(?= for (?:the )?\x12)|(?=[,:;]))",
        ("week", "month", "quarter"),
        weekdays.told_unit,
    ),
    Phrase(
        r"(?:(?:in|over|during|for|across) )?(?:the )?(?:first|opening|early|final|last|closing"
        r"|past"
        r"|recent|coming|next) (?:(?:few|several|couple of|handful of|some) )?"
        r"(?:days|weeks|sessions|months|part)(?: of (?:the (?:new )?(?:year|month|quarter)"
        rf"|{YEAR}|{MONTH}))?(?![a-z])"
        r"|(?:over|during|in) the (?:summer|winter|autumn|fall|spring|holidays?|holiday season)",
        ("days", "weeks", "sessions", "months", "part of", "the "),
        dating.vague,
        "vague",
    ),
    Phrase(
        rf"(?:the )?(?:trading )?week (?:of|from) {ONE_DAY} ?(?:-|—|to|through) ?(?P<d2>{DAY}+)",
        DAY,
        weekdays.days_of_week,
    ),
    Phrase(
        rf"(?:(?:from|between) )?(?:last )?(?P<w>{WEEKDAY})(?:'s close)? (?:to|through"
        rf"|and) (?:this )?"
        rf"(?P<w2>{WEEKDAY})(?:'s close)?(?![a-z])",
        ("day",),
        weekdays.weekday_range,
    ),
    Phrase(
        rf"(?:between|from) {OWN}{ONE_DAY}(?:'s)? (?:{QUALITY} )*(?P<side>{LOW}|{HIGH})"
        rf" (?:to|and|through) {OWN}(?P<d2>{DAY}+)(?:'s)?"
        rf"(?: (?:{QUALITY} )*(?:{LOW}|{HIGH}|close))?",
        DAY,
        dating.extreme_to_day,
    ),
    Phrase(
        r"since (?:hitting|reaching|touching|making|setting|posting|marking|bottoming|peaking"
        r"|falling"
        rf" to|dropping to)(?: out)?(?: [a-z-]+){{0,4}}? (?P<side>{LOW}|{HIGH}|out|at)?"
        rf"(?: of \x13+)? ?(?:on|in) (?:{ONE_DAY}|{MONTH})",
        ("since",),
        dating.since_event,
    ),
    Phrase(
        r"(?:(?P<how>from|between|since|over|during|for|in) )?(?:the )?(?:close (?:of|on) )?"
        rf"{ONE_DAY}"
        r"(?:'s close)?,? ?(?:to|through|thru|until|till|-|—|/|(?P<and>and))(?: the)?"
        rf"(?: close (?:of|on))? ?(?P<d2>{DAY}+)",
        DAY,
        dating.between,
    ),
    Phrase(
        rf"{FROM} {OWN}(?:{QUALITY} )*(?P<side>{LOW}|{HIGH})"
        rf"{REACHED} (?:{ONE_DAY}|{MONTH}|(?P<yy>{YEAR})))",
        EXTREMES,
        dating.from_extreme,
    ),
    Phrase(
        rf"(?!from an? [a-z -]{{0,24}}of \$?\x13){FROM} {OWN}(?:(?:{ONE_DAY}(?:'s)?|{MONTH}"
        rf"|(?P<yy>{YEAR})(?:'s)?) )?(?:{QUALITY} )*"
        rf"(?P<side>{LOW}|{HIGH})(?![a-z-])",
        EXTREMES,
        dating.from_extreme,
    ),
    Phrase(
        r"(?:above|below|over|under|versus|against) (?:the |its )?"
        rf"(?:close|closing (?:level|price)) (?:of|on) {ONE_DAY}",
        DAY,
        dating.since_day,
    ),
    Phrase(
        r"(?:since|from|after|off) (?:the |its )?(?:(?:close|closing (?:level|price)) (?:of|on) )?"
        rf"{ONE_DAY}(?:'s)?(?: (?:close|closing level|level|settle))?",
        DAY,
        dating.since_day,
    ),
    Phrase(
        rf"(?:(?:in|for|over|during) )?(?:the )?(?:(?:trading|holiday-shortened"
        rf"|shortened) )?(?:(?P<n>{COUNT}) )?"
        r"(?P<unit>week|month|quarter|year)s? "
        rf"(?:(?:that )?(?:to|through|until|ended|ending|finishing|of)|up to)(?: on)? {ONE_DAY}",
        DAY,
        dating.ended_on,
    ),
    Phrase(
        r"(?:(?:in|for|over|during) )?the (?:trading |holiday-shortened |shortened )?week"
        r" (?:that )?(?:to|through|until|ended|ending|closing|finishing)(?: on)? (?P<last>last )?"
        rf"(?P<w>{WEEKDAY})(?![a-z])",
        ("week",),
        weekdays.ended_weekday,
    ),
    Phrase(
        rf"(?:to|through|until|till|into) (?:year-end(?: (?P<fy>{YEAR}))?"
        rf"|the end of (?:the year|(?P<fz>{YEAR})))",
        ("year-end", "the end of"),
        dating.year_end,
        "anchor",
    ),
    Phrase(
        r"(?:through|thru|as of|until|till|up to|by|to|ended|ending) (?:the close (?:of|on) |the )?"
        rf"{ONE_DAY}",
        DAY,
        dating.on_day,
        "anchor",
    ),
    Phrase(
        r"(?:through|thru|as of|till) (?:the close (?:of|on) )?(?P<last>last )?"
        rf"(?P<w>{WEEKDAY})(?:'s close)?(?![a-z])",
        ("day",),
        weekdays.on_weekday,
        "anchor",
    ),
    Phrase(
        rf"(?:before|until|going into|ahead of|heading into|prior to) (?P<w>{WEEKDAY})"
        r"(?:'s [a-z-]+)?(?P<last>(?!))?(?![a-z])",
        ("day",),
        weekdays.before_weekday,
        "anchor",
    ),
    Phrase(
        rf"by (?P<last>last )?(?P<w>{WEEKDAY})(?:'s (?:close|bell|end))?(?![a-z'])",
        ("day",),
        weekdays.on_weekday,
        "anchor",
    ),
    Phrase(
        r"(?P<ytd>year[ -]to[ -]date|ytd|(?:so far |thus far )?this year|(?:on|for) the year"
        r"|since the (?:start|beginning|turn) of (?:the|this) year|since (?:the )?new year"
        r"|since year-end)"
        rf"|(?P<qtd>quarter[ -]to[ -]date|qtd|quarterly{_MOVES}"
        r"|(?:so far )?this quarter|(?:on|for) the quarter)"
        rf"|(?P<mtd>month[ -]to[ -]date|mtd|monthly{_MOVES}"
        r"|(?:so far )?this month|(?:on|for) the month)"
        r"|(?P<wtd>week[ -]to[ -]date|wtd|(?:so far )?this week|(?:the )?week's"
        rf"|weekly{_MOVES}"
        r"|(?:(?<=ended )|(?<=ending )|(?<=ends )|(?<=finished )|(?<=closed ))the (?:trading )?week"
        r"(?! (?:before|earlier|of|end))|on a weekly basis|on the week|week[ -]on[ -]week"
        r"|week[ -]over[ -]week"
        r"|in the latest week|(?:the )?week(?= (?:up|down|higher|lower|with)(?![a-z]))"
        r"|(?:on|for|in|over|of) the week(?! (?:before|earlier|of|end)))",
        ("year", "ytd", "quarter", "qtd", "month", "mtd", "week", "wtd"),
        dating.to_date,
    ),
    Phrase(
        r"(?:(?:in|on) )?(?:the )?(?:last|latest|most recent) (?:trading )?"
        r"(?:session|day)(?![a-z])",
        ("day", "session"),
        dating.on_the_day,
    ),
    Phrase(
        r"(?:on |in )?(?:the |its )?first (?:trading )?(?:session|day)(?: of (?:the (?:new )?year"
        rf"|(?P<fy>{YEAR})|trading))?(?![a-z])",
        ("first",),
        dating.first_session,
    ),
    Phrase(
        r"(?:over|in|during|for|across) (?:the|that|this) (?:same )?(?:window|period|stretch|span"
        r"|time ?frame|time)(?![a-z])|at the same time"
        r"|(?:over|in|during|for|across) (?:the|that|this|its|their) (?!long"
        r"|short)(?:[a-z0-9-]+ ){0,2}"
        r"(?:run|streak)(?![a-z-])",
        ("th",),
        dating.same_window,
        "same",
    ),
    Phrase(
        r"(?:(?:in|over|during|for|within) )?(?P<the>the )?(?:this )?(?P<lw>last|past|previous"
        r"|prior) "
        r"(?P<lu>week|month|quarter|year)(?![a-z-])(?:'s)?",
        LAST,
        dating.last_one,
    ),
    Phrase(
        r"(?:(?:in|during|for) )?(?:the|a) (?P<lu>week|month|quarter|year) "
        r"(?:before|earlier|prior)",
        ("before", "earlier", "prior"),
        dating.one_before,
    ),
    Phrase(
        rf"{MONTH} (?P<edge>first|final|last) (?:(?P<n>{COUNT}) )?weeks?",
        ("week",),
        dating.weeks_of_month,
    ),
    Phrase(
        rf"(?:the )?(?P<edge>first|final|last) (?:(?P<n>{COUNT}) )?weeks? of {MONTH}",
        ("week",),
        dating.weeks_of_month,
    ),
    Phrase(
        rf"(?:the )?(?P<edge>first|second) (?:(?P<n>{COUNT}) )?(?P<fu>month|quarter|half)s? of "
        rf"(?:the year|this year|(?P<fy>{YEAR}))",
        ("of the year", "of this year", "of 1", "of 2"),
        dating.part_of_year,
    ),
    Phrase(
        r"(?:the )?(?P<q>first|second|third|fourth)[ -]quarter"
        r"(?:(?: of| in)? (?P<qy>(?:19|20)\d\d))?(?![a-z0-9])",
        ("quarter", "q1", "q2", "q3", "q4"),
        dating.named_quarter,
    ),
    Phrase(
        rf"(?:(?:in|for|over|during) )?the (?P<n>{COUNT}) (?P<unit>week|month|quarter|year)s "
        rf"(?:to|through|ended|ending|until)(?: in)? (?P<m>{MONTH_NAME})(?: (?P<y>{YEAR}))?"
        r"(?P<part>(?!))?",
        MONTH_STEMS,
        dating.ended_month,
    ),
    Phrase(
        rf"(?:(?:in|during|over) )?the (?P<edge>opening|closing|final"
        rf"|last) quarter of (?P<qy>{YEAR})",
        ("quarter",),
        dating.edge_quarter,
    ),
    Phrase(
        r"(?:the )?(?P<qm>march|june|september|december) quarter(?: of (?P<qy>(?:19|20)\d\d))?",
        ("quarter",),
        dating.month_quarter,
    ),
    Phrase(
        r"(?<![a-z0-9])(?P<q>[1-4])q(?: ?(?P<qy>(?:19|20)\d\d))?(?![a-z0-9])",
        ("1q", "2q", "3q", "4q"),
        dating.named_quarter,
    ),
    Phrase(
        r"(?:(?:in|during|for|over) )?(?:the )?(?P<edge>first|second)[- ]half(?: of)? "
        rf"(?:(?P<fy>{YEAR})|the year|this year)",
        ("half",),
        dating.half_of_year,
    ),
    Phrase(
        rf"(?<![a-z0-9])(?:h(?P<h>[12])|(?P<h2>[12])h) ?(?P<fy>{YEAR})",
        ("h1", "h2", "1h", "2h"),
        dating.half_of_year,
    ),
    Phrase(
        r"(?:than|from|above|below|over|under) (?:where it (?:was|stood) )?(?:at )?the "
        r"(?:start|beginning|turn) of (?:the|this) year(?! (?:to|through))"
        r"|(?:since|from) (?:the )?(?:end|close|finish) of (?:last|the previous) year"
        r"|since last year's"
        r" (?:end|close)|since the calendar turned",
        ("since", "from", "the year", "this year"),
        dating.this_year,
    ),
    Phrase(
        r"(?<![a-z0-9])q(?P<q>[1-4])(?: of)?(?: ?(?P<qy>(?:19|20)\d\d))?(?![a-z0-9])",
        ("quarter", "q1", "q2", "q3", "q4"),
        dating.named_quarter,
    ),
    Phrase(
        rf"(?:(?:over|in|during|for|within|of) )?{SOME}(?:last|past|previous|trailing|prior"
        rf"|preceding) (?:(?P<n>{COUNT})[ -])?{UNIT}",
        UNITS,
        dating.trailing_span,
    ),
    Phrase(
        rf"(?:over|in|within|across) {SOME}(?P<n>{COUNT}) {UNIT}",
        UNITS,
        dating.trailing_span,
    ),
    Phrase(
        rf"(?<![a-z0-9-])(?P<n>{COUNT})-(?P<unit>day|session|week|month|quarter|year) "
        rf"(?={NOUNS})",
        UNITS,
        dating.trailing_span,
    ),
    Phrase(
        rf"(?:from|between) {MONTH} (?:to|through|and|until) (?:early |mid-?"
        rf"|late )?(?P<m2>{MONTH_NAME})(?: (?P<y2>{YEAR}))?",
        MONTH_STEMS,
        dating.month_range,
    ),
    Phrase(
        r"(?:since (?:the (?:start|beginning|end) of |the |last )?|from (?=[a-z]+'s last close))"
        rf"{MONTH}"
        r"(?: last close)?",
        ("since", "last close"),
        dating.since_month,
    ),
    Phrase(
        rf"(?:from|between) {MONTH} (?:to|through|and|until) (?P<m2>{MONTH_NAME})"
        rf"(?: (?P<y2>{YEAR}))?",
        MONTH_STEMS,
        dating.month_range,
    ),
    Phrase(
        rf"since (?:the (?:start|beginning|end) of )?(?P<sy>{YEAR})",
        ("since",),
        dating.since_year,
    ),
    Phrase(
        rf"(?:from |between |over |in )?(?P<y1>{YEAR})(?: to | through | and |-)"
        rf"(?P<y2>{YEAR}|[0-9]{{2}}(?![0-9%]))",
        ("19", "20"),
        dating.year_range,
    ),
    Phrase(
        rf"(?:(?P<last>last|previous|prior|this|on|early|late|by) )?(?P<w>{WEEKDAY})(?:'s)?"
        r"(?![a-z])",
        ("day",),
        weekdays.on_weekday,
    ),
    Phrase(
        r"yesterday(?:'s)?",
        ("yesterday",),
        dating.yesterday,
    ),
    Phrase(
        r"(?:earlier )?today(?:'s)?|tonight|this (?:morning|afternoon|session)|by midday|at midday",
        ("today", "tonight", "this ", "midday"),
        dating.today,
    ),
    Phrase(
        r"(?:on|for|in|during) the (?:day|session)|in a single (?:day|session)|single-day|one-day",
        ("day", "session"),
        dating.on_the_day,
    ),
    Phrase(
        rf"(?:(?:in|during|for|over|of|ended|closed|finished) )?(?:the month of )?{MONTH}",
        MONTH_STEMS,
        dating.in_month,
    ),
    Phrase(
        r"(?:(?:in|during|for|over|full-year|calendar(?: year)?|all of|so far in) )*"
        rf"(?<![0-9-])(?P<y>{YEAR})(?:'s)?(?: so far)?",
        ("19", "20"),
        dating.in_year,
    ),
    Phrase(
        rf"(?:on |at |of )?{ONE_DAY}(?:'s)?",
        DAY,
        dating.on_day,
    ),
)

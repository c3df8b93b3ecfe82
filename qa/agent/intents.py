"""What kind of question it is, told by its words: the first pattern that fits decides."""

from __future__ import annotations

import re
from typing import Literal

Intent = Literal[
    "sustainability",
    "performance",
    "level",
    "target",
    "sectors",
    "breadth",
    "credit",
    "drawdown",
    "streak",
    "ratio",
    "curve",
    "risk",
    "technicals",
    "season",
    "precedent",
    "signals",
    "views",
    "advice",
    "prediction",
    "valuation",
    "courtesy",
]

_LAST_ONE = (
    r"(clos|price|level|known|reading|value|trade|quote|print|number|report|note|one\b"
    r"|cut|hike|rate|move|decision|statement|record|high|low|peak|bear|bull|recession|cycle)"
)
_TIME = r"(day|week|month|quarter|year|session|meeting|fed)"
# Said of a move in the present or the future: will it last, or is it over?
_ABOUT_TO_COME = (
    r"\b(can|will|would|could|may|might|should|does|do|is|are|was|has|have|isn't|won't|can't|'s)\b"
)
_LASTS = (
    r"\b(continu\w*|persist\w*|endur\w*|fade[sd]?|fading|keep(s|ing)? (it|this|that|its|their|on|up"
    r"|going|running|\w+ing)|hold(s|ing)? (up|on|onto|out|its|their|the|this|that|here|firm)|hold"
    r"|go(es|ing)? on|carr(y|ies) on|stick(s)?|fizzle|revers(e|es|ing|al)|run(s|ning)? (out|further"
    r"|on)|run its course|overdone|overextended|overheated|durable|lasting|healthy|solid|genuine"
    r"|legs|steam|built (to|on)|driven by|rest(s|ing)? on|justified|too (far|fast)|stretched|bubble"
    r"|frothy|trap|for real|surviv\w*|extend(s|ed)?|maintain(s|ed)?|room to (run|rise|go|climb)"
    r"|(more|further|farther) to (go|run|come|rise|climb)|peak(ed|ing)|topp(ed|ing) out"
    r"|the (top|bottom|lows?|worst) (is |are )?(in|behind|over)|(a|the) (floor|bottom)"
    r"|turning point"
    r"|bottom(ed|ing)( out)?|here to stay|one[- ]off|flash in the pan|false dawn|dead[- ]cat"
    r"|head[- ]?fake|short squeeze|just (a|another) (bounce|blip|squeeze)|bear[- ]market (rally"
    r"|bounce)|give (it|this|them|that|some|much|most|all|back)( all)? ?(back|its)?|unwind\w*"
    r"|be kept|stay(s|ing)? (ahead|in front|up|above|on top))\b"
    r"(?! (a|an|any) (\w+ )?(view|opinion|position|stance|rating)| (rates|meetings?)\b)"
)
_SUSTAINABILITY = (
    rf"sustain(ab|ed\b|s?\b)|{_ABOUT_TO_COME}.*(?:{_LASTS}"
    r"|(?<!the )(?<!'s )(?<!its )(?<!their )\blasts?\b"
    rf"(?!\s+(\d|\w+\s+)?(trading )?({_TIME}|{_LAST_ONE}))"
    r"|\bover\s*[?.!]*$)"
    r"|\b(rally|rebound|bounce|advance|recovery|run)\b.*\b(real|end(ing)?\b(?! of))"
    r"|\bhow (long|durable|lasting|solid|robust|healthy|fragile|resilient|convincing|credible"
    r"|secure|safe) (can|will|could|is|are|does|would)\b|\bstaying power\b|\bgo wrong\b"
    r"|\bhow much (further|farther|longer|more)\b|\brun out of (steam|road|room)\b"
)
_MOVES = (
    r"(rall(y|ies)|runs?|moves?|rises?|gains?|falls?|drops?|declines?|streaks?|rebounds?|crosses"
    r"|breakouts?|highs|episodes?|times?|occasions?|sell-?offs?)"
)
_HIGH = r"(high|highs|peak|peaks|close|top)"
_SAYS = (
    r"(say|says|said|think|thinks|believe|believes|argue|argues|doubt|doubts|expect|expects|see"
    r"|sees|write|writes|warn|warns)"
)
_SEASON = (
    r"(seasonal\w*|santa|election|mid[- ]?terms?|(january|december|halloween|turn[- ]of[- ]the"
    r"[- ]year) (effect|anomal\w+|rally))\b"
)
_DRAWDOWN = (
    r"\bdraw ?downs?\b|\b(in|into|enter\w*) (a )?(correction|bear (market )?territory)\b"
    r"|\bpeak[- ]to[- ]trough\b|\btrough\b|\bbear markets?\b(?! (rally|bounce))"
    r"|\b(sell-?off|correction|slump|slide|rout|crash)\b.*\b(from|off|below) (its|the|their|a) "
    r"([\w-]+ )?(high|peak|top)s?\b"
    r"|\b(deepest|worst|biggest|largest|maximum|steepest) (fall|drop|decline|loss|slide|setback)"
    r"\b(?!.{0,12}\bday\b)|\b(record|all[- ]time|lifetime|historic) "
    rf"({_HIGH}|closing|closes)\b|\b(from|below|under|off) (a|its|the|their) (record|all[- ]time)\b"
    rf"|\b(regain\w*|reclaim\w*|recover\w*|surpass\w*|exceed\w*|(got|get|gets|is|was|been|be) "
    rf"(back )?(above|over|to)|back (above|over|to|at)|top(s|ped)?) (its|the|their|that) "
    rf"((\w+[- ])?\d{{4}} |old |previous |prior |former |last |earlier |pre-\w+ )?{_HIGH}\b"
    r"|\b(make|made) (good|up) (its|the|their) loss"
)
_THANKS = (
    r"(thanks?|thank you|thx|ty|cheers|appreciated|great|good|nice|perfect|cool|ok|okay|super"
    r"|excellent|brilliant|lovely|wonderful|got it|understood|i see|noted|hi|hello|hey|bye|goodbye"
    r"|good (morning|afternoon|evening|night)|see you( later)?|(that|this) helps"
    r"|that('s| is| was| will be) (all|it|enough|great|good|perfect|helpful|clear|fine|useful))"
)
_BESIDE_THANKS = (
    r"(much|very|so|really|a lot|again|then|and|all|for|that|this|your|the|help|answer|answers|you"
    r"|right|fine|done|job|work|now|today|moment|the moment|helpful|useful|there|tapecheck"
    r"|no (more|further) questions|nothing (else|more))"
)
_INTENTS: tuple[tuple[Intent, str], ...] = (
    (
        "courtesy",
        rf"^(?!.*\?)(?=.*\b{_THANKS}\b)\W*({_THANKS}|{_BESIDE_THANKS})"
        rf"(\W+({_THANKS}|{_BESIDE_THANKS}))*\W*$",
    ),
    (
        "advice",
        r"\bshould (i|we|you|one|my|our|investors)\b|\b(buy|sell) or (buy|sell|hold)\b"
        r"|\btime to (buy|sell|get (in|out)|take profits?)\b|\btoo late to (buy|get in)\b"
        r"|\bbuy the dip\b|\btake (some )?profits?\b"
        r"|\bworth (buying|selling)\b|\b(good|right|bad|best|wrong) (time|moment|point|idea) to "
        r"(buy|sell|invest|(go |get |be )?(short|long|in\b|out\b)|add|enter|hedge)"
        r"|\b(what|which) (stocks?|funds?|etfs?|shares?) (to|should|do i) ",
    ),
    ("target", r"\btargets?\b|\bupside\b|\bdownside\b|\bprice objective\b"),
    (
        "prediction",
        r"\b(what|where|how (high|low|much|far)) will\b|\bpredict\b|\b(tomorrow|next (week|month"
        r"|quarter|year|monday|tuesday|wednesday|thursday|friday))\b"
        r"(?!'s (meeting|call|note|committee|memo|presentation|briefing|pitch|deck))",
    ),
    (
        "streak",
        r"\b(in a row|consecutive|successive|winning streak|losing streak|streak)\b"
        r"|\b(days|sessions) (running|straight|on end)\b|\bstraight (days|sessions|gains|losses)\b"
        r"|\bruns? of ([\w-]+ ){0,3}(out|under)performance\b",
    ),
    # Asked of those who write, before what they write of: "who thinks that it won't last?"
    ("views", rf"^\W*((and|so|but|then) )?who\b[^?]*?\b{_SAYS}\b"),
    ("sustainability", _SUSTAINABILITY),
    (
        "views",
        rf"\b(analysts?|strategists?|commentators?|houses?|notes?|bulls?|bears?|s[ck]eptics?)\b"
        rf".*\b{_SAYS}\b.*\b{_SEASON}",
    ),
    (
        "season",
        r"\bseasonal\w*|\b(january|december|september|october|monthly|calendar|santa\w*|halloween"
        r"|presidential[- ]cycle|turn[- ]of[- ]the[- ]year) (effect|anomal\w+|rally)\b"
        r"|\bsanta claus\b|\bturn of the year\b|\bsell in may\b|\bpresidential cycle\b"
        r"|\b(mid[- ]?terms?|pre[- ]?election|post[- ]?election|election)([- ]elections?)?[- ]"
        r"years?\b"
        r"|\b(usually|typically|normally|historically|on average|tend(s)? to)\b.*\b(in|every|each) "
        r"(january|february|march|april|may|june|july|august|september|october|november|december)s?"
        r"\b(?! \d)",
    ),
    (
        "precedent",
        r"\bbase rates?\b|\bprecedents?\b|\b(what|how).*\b(followed|happen(s|ed)|came|comes|next"
        rf"|did|do|does|fare[sd]?|perform\w*)\b.*\b(after|following|since)\b.*\b((earlier|past"
        rf"|previous|prior|similar|such|comparable|other) (\w+[- ]){{0,2}}{_MOVES}"
        rf"|{_MOVES} (like|as (big|large|strong|long|deep)))\b"
        r"|\b(usually|typically|normally|tends to|has) (happen|happens|happened|follow\w*|com(e|es)"
        r"( next)?)\b.*\b(after|when(ever)?|once|like this|such)\b"
        r"|\bafter (a )?(golden|death) cross(es)?\b"
        r"|\bhistor(y|ically)\b.*\b(after|follow\w*|like this|such)\b",
    ),
    ("drawdown", _DRAWDOWN),
    ("signals", r"\bsignals?\b|\bwould change\b|\bwatch(list| for)?\b|\btriggers?\b"),
    (
        "breadth",
        r"\bbreadth\b|\b(how many|share|number|percent\w*|proportion|most|count|which)\b.*"
        r"\b(sectors?|funds?|members)\b.*\b(above|below|over|under)\b.*"
        r"\b(averages?|\d+[- ]?(day|dma|session))",
    ),
    ("sectors", r"\bsectors?\b"),
    (
        "ratio",
        r"^(?!.*\b(p/?e|earnings|book|sharpe|put|hyg|lqd)\b).*(\bdivided by\b"
        r"|\bratio (of|between)\b|\bratio\b.*\bto\b|\b(small|large)[- ]?(caps?)?[- ]?(to|/)[- ]?"
        r"(small|large)[- ]?caps?\b.*\bratio\b|/[^?]*\bratio\b)",
    ),
    (
        "credit",
        r"\bhyg\b.*\blqd\b|\blqd\b.*\bhyg\b|\bcredit (spreads?|appetite|conditions|risk|markets?)\b"
        r"|\b(high[- ]yield|junk)\b.*\b(investment[- ]grade|quality)\b",
    ),
    ("valuation", r"\bp/?e\b|\bvaluations?\b|\bmultiples?\b|\bearnings\b|\bexpensive\b|\bcheap\b"),
    (
        "views",
        r"\b(say|says|said|think|thinks|expect|expects|argue|argues|view|views|opinion|opinions|"
        r"bulls?|bears?|skeptics?|sceptics?|analysts?|strategists?|commentary|forecasts?|warns?"
        r"|who(?!(['’]s| is| was| are| did| has| has been) (ahead|behind|up|down|better|worse"
        r"|winning|leading|lagging|won|led|lost|gained|outperform\w*|beat\w*))|"
        r"why|reasons?|drivers?|risks?|sees?|saw|stance|outlook|bullish|bearish|calls? for"
        r"|commentators?|admit\w*|wrote|houses?|worr(y|ies|ied)|grounds|take on|stand on"
        r"|feel about|make of|makes of|made of|written|publish\w*|commented)\b",
    ),
    (
        "curve",
        r"\b(yield|treasury) curve\b|\bcurve\b.*\b(steep\w*|flat\w*|invert\w*|bills?|years?)\b"
        r"|\b(steep\w*|flat\w*|invert\w*)\b.*\bcurve\b|\bterm spread\b|\b2s ?/?10s\b",
    ),
    (
        "views",  # of companies' debts and profits only commentary tells
        r"\bdebts?\b|\bmaturit\w+|\brefinanc\w*|\bunprofitable\b|\bzombie\w*|\binterest cover\w*",
    ),
    (
        "risk",
        r"\bvolatil|\bvols?\b|\bstandard deviation\b|\brisky\b|\b(daily|price) (swings?|moves?)\b"
        r"|\bsharpe\b|\bhow (wild|calm|choppy|bumpy)\b",
    ),
    (
        "technicals",
        r"\brsi\b|\brelative strength index\b|\bover(bought|sold)\b|\b(golden|death) cross\w*"
        r"|\bcross(es|ed|ing)?\b|\bintraday\b"
        r"|(?<!close )(?<!the )\b(high|low)(est)?\b(?! and)|\b(high|low)est\b|\b\d+[- ]?dma?\b"
        r"|\b(high|low)s? (and|or) (the )?(low|high)s?\b|\btrading range\b"
        r"|\b(from|since|below|off|under|near) (its|the|their|a) ([\w-]+ )?(high|peak|low)s?\b"
        r"|\b\d+-day\b|\bmoving average|\baverages?\b|\b52[- ]weeks?\b|\bsupport\b|\btechnical"
        r"|\brange\b|\bmomentum\b",
    ),
    (
        "performance",
        r"\bperform|\breturn|\bgain|\bhow (did|has|have|much|was|were|good|bad|well|badly)\b"
        r"|\b(rise|rose|risen|fall|fell|fallen|drop|dropped|beat|beaten|outperform\w*|against|"
        r"versus|vs\.?|compare\w*|lead|lag|up|down|moved?|best|worst|biggest|largest)\b",
    ),
    (
        "level",
        r"\bclos(e|ed|es|ing)\b|\bopen(ed)?\b|\blevel\b|\bprice\b|\btrad(e|ing)\b|\bwhere\b|\bquote\b",
    ),
)


def intent_of(text: str) -> Intent | None:
    """The intent of a question; None where no pattern fits."""
    lowered = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return next((name for name, pattern in _INTENTS if re.search(pattern, lowered)), None)

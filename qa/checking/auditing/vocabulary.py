"""The words that the auditor understands, beside names, figures and times; one place for all.

A claim is contradicted only where each of its words stands in one of these tables: whatever else
it says ("members", "annualised", "pre-market") may make it a claim of something that isn't tried.
"""

from __future__ import annotations

import re

from qa.checking.auditing.ways import NOUNS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that leave a claim what it is, wherever they stand.
HARMLESS = _set(
    # articles, pronouns, prepositions, joints
    "a an the its it their they his this these which and or of in on at for to from by"
    " with into over up down as while whereas but though although yet so then also too s"
    # verbs that only carry others
    " is was are were has have had been being"
    # how strongly, how surely, how well rounded
    " about around roughly some just only even well still now already again once versus vs"
    " against compared another further"
    " nearly almost approximately exactly precisely barely shy quite rather very much whole"
    " all both far least fully full-blown hefty solid modest mild sharp"
    " steep big huge whopping strong weak brutal ugly fine good great bad small tiny slight robust"
    " healthy stellar rough tough bruising violent wild rocky choppy quiet calm stunning sizable"
    " sizeable impressive outsized mere meagre meager punishing furious blistering remarkable"
    " powerful fresh paltry handsome heavy light broad another blowout so-so"
    # evaluations
    " kind cruel unkind generous rewarding painful dismal grim cheerful poor lively quiet sleepy "
    "busy"
    " wretched miserable awful terrible horrible horrid nasty lousy dreadful abysmal disastrous"
    " brisk buoyant bright excellent superb splendid spectacular extraordinary exceptional "
    "memorable"
    " forgettable historic mixed muted subdued tame lacklustre lackluster dull uneventful turbulent"
    " volatile frantic hectic chaotic wobbly shaky nervous jittery anxious relieved upbeat bullish"
    " bearish gloomy sour foul dour bumpy bouncy frothy frenzied torrid scorching sizzling red-hot"
    " hot cold cool warm tepid slow fast quick swift sudden steady gradual relentless merciless"
    " savage vicious fierce ferocious furious dramatic drastic eye-catching startling shocking"
    " surprising unexpected unusual remarkable notable noteworthy decent respectable creditable"
    " middling average-looking meaningful significant sizable considerable substantial enormous"
    " massive monster giant gigantic tremendous terrific fantastic fabulous wonderful welcome"
    " unwelcome bitter sweet happy sad proud humble lucky unlucky difficult easy hard challenging"
    " pretty fairly simply merely duly promptly comers everyone everything everybody all-comers"
    " nobody surprise surprises surprised pleased cheered disappointed unnerved rattled stunned"
    " dismayed heartened delighted"
    # turns of phrase
    " meanwhile however overall moreover besides indeed elsewhere finally notably"
    " altogether likewise conversely notwithstanding despite"
    " moment present presently writing here remains remained stays stayed kept continues "
    "continued extended extends"
    # who is spoken of, beside the name
    " index indexes indices benchmark gauge etf fund trust stocks stock shares share small-cap"
    " large-cap tech-heavy blue-chip small-caps large-caps smallcaps caps u.s. us american market"
    " markets sector equities measure barometer bellwether"
    " small-company smaller-company composite industrials itself our bell during"
    # measures in words
    " percent percentage point points basis bp bps pct pp % $ cent"
    # headline verbs whose figure is the move, beside those of MOVE
    " made make makes saw sees enjoyed suffered suffers posted took takes pushed pushes brought"
    " brings sent sends lifted lifts carried carries drove drives dragged drags knocked hit hits"
    " pulled pulls left leaves leaving putting put puts gave give gives giving back handed hands"
    " turned turns capped caps went goes came comes got gets cost costs registered recorded shown"
    " scored shot dived dives dove staged scraped eked managed ground grinds powered roared charged"
    " catapulted propelled boosted helped pared wiped erased extending bringing taking pushing"
    " lifting sending dragging sagged lurched swooned bled hammered battered pummeled stumbled"
    " wobbled slipped out off on ahead behind lower higher away loose ground lost red green"
    " wound winds winding"
    " buoyed pressured weighed beating bout pop plunge jump dive leap run runs ran"
)

# Who trades, and on what: in a part of a sentence that tells no figure and names no instrument.
SCENE = _set(
    "investors traders buyers sellers bulls bears desks managers players dumped sold bought fled"
    " bailed piled chased rushed returned stepped stung spooked wall street street's mood tone"
    " nothing worked bore brunt relief nerves oil crude war jobs report data fears hopes worries"
    " tariff tariffs season risk appetite selling buying pressure everywhere where going got tough"
    " little help held up better most winners losers belonged day's week's month's year's story"
    " action moved fell rose slid sank jumped climbed dropped out favour favor rotation storm"
)

# What moved a market, before a verb of CAUSED: "Tuesday's CPI shock trimmed the index by 4%".
CAUSES = _set(
    "cpi inflation jobs payrolls tariff tariffs trade election fed hawkish dovish fomc rate hot"
    " soft"
    " shock print scare report data news selloff sell-off rout rally turmoil panic rotation storm"
    " crisis fears worries hopes optimism jitters nerves tantrum move swing melt-up post-election"
    " meltdown bounce rebound slide surge currency fiscal-cliff deal war oil banking close finish"
    " closing session trading day cooler hotter softer firmer stronger weaker tamer"
)
CAUSED = re.compile(
    r"\b(?:cost|trimmed|sent|lifted|pushed|dragged|knocked|handed|boosted|propelled|drove|carried"
    r"|pulled|hit|put|left|gave|brought|helped|powered|catapulted|took|takes|shaved|wiped|produced"
    r"|delivered|sparked|triggered|fuell?ed|added|erased|lopped|cut|chopped|sliced|stripped|meant"
    r"|set off"
    r"|prompted|unleashed|yielded|caused|spurred|ignited|dealt|inflicted|translated into|made for"
    r"|fed)"
    r"(?: (?:off|away))?(?= (?:(?:an?|the|another) )?(?:[a-z-]+ )?(?:\x13|(?:the )?\x12))"
)

# By what a claim measures: words that its reading takes in.
OF_LEVEL = _set(
    "close closed closes closing settled settles settling finished finishes finish finishing ended"
    " ends ending end stood stands stand sits sat sit sitting trades traded trading trade quoted"
    " at level price reached touched set tagged above below under past beyond beneath near"
    " crossed broke breached cleared reclaimed topped surpassed exceeded through bell settlement"
    " before session day wrapped wraps up when rang trading print prints printed at bell end "
    "number figure"
    " last latest final currently mark marks reading print printed value worth"
)
OF_YIELDS = _set(
    "yielded yielding yield yields treasury treasuries note notes 10-year ten-year bills"
)
OF_MOVE = _set(
    "picked pick picks picking wrapped wraps wrap wrapping up books ledger ground loss-making led"
    " leader leaders laggard laggards scorecard tally table scoreboard standings honours honors"
    " day's week's session's trading's month's year's quarter's work result results outcome"
    " experienced endured witnessed felt absorbed weathered meant spelled means came out printed"
    " session day settled closing bell pace paced way lead rewarded punished treated treating"
    "began begins started starts wrapped shows showed winner loser trades traded"
    " clings cling clung hangs hung nurses nursed sports sported boasts boasted snapping snapped"
    " measures measured came amounted stands stood sits sat now ended ends ending closed closes"
    " closing finished finishes"
    " session trade trading"
)
NO_MOVE = _set("swing swings swung swinging gap gaps gapped correction corrections")
SIDES = _set("above below beneath under")
OF_EXTREME = _set(
    "high highs low lows peak peaked bottom bottomed trough record all-time lifetime intraday"
    " closing 52-week one-year 12-month new fresh highest lowest as own"
)
OF_RANGE = _set("range ranged between from intraday low high traded swung session daily")
OF_RELATIVE = _set(
    "beaten bested outgained outran outdone trounced topped outperformed outperforming "
    "outperforms outperform underperformed underperforming"
    " underperforms underperform beat beats beating outpaced outpacing outpaces lagged lagging lags"
    " lag trailed trailing trails trail ahead behind against versus vs vs. relative compared than"
    " advantage lead leads led leading gap outperformance underperformance edge edged margin better"
    " worse bested topped parent broader large caps peers counterpart counterparts difference more"
)
OF_VOLATILITY = _set(
    "daily volatility standard deviation deviations sample population annualized annualised"
    " realized"
    " realised day-to-day returns return swings moves changes inside"
)
OF_AVERAGE = _set(
    "moving average averages simple dma sma above below under beneath day-moving session trades"
    " sits stands stood sat closed close trading stretched extended mean"
)
OF_DRAWDOWN = _set(
    "drawdown maximum max peak peak-to-trough trough from to decline loss deepest worst correction"
    " bear market entered territory below recent"
)
OF_STREAK = _set(
    "straight consecutive successive streak run winning losing row session sessions day days week"
    " weeks month months years during gains gain losses loss rose fell declines advances advance"
    " decline record"
    " snapped broke ended ending stretch skid closed higher lower finished ran stretched notched"
    " unbroken uninterrupted end succession trot string reached before stands totals each every one"
    " lasted until halted stopped numbered spanned racked reeled strung together wins up down"
    " extended extends made brings brought"
)
OF_SINCE = _set(
    "best worst strongest weakest biggest largest steepest sharpest longest highest lowest greatest"
    " most fastest deepest heaviest poorest finest since day week month quarter year session start"
    " return gain loss drop decline advance rise fall slide jump rally selloff plunge single one"
    " finish close in any showing performance second third fourth fifth"
    " single-week single-day single-month decade decades years months weeks more than daily weekly"
    " monthly quarterly annual calendar ever percentage terms record time behind only topped beaten"
    " of-year january february march april may june july august september october november december"
    " history recorded seen turned marked was made became mildest gentlest shallowest smallest"
    " them those these lot bunch"
) | frozenset(
    f"{rank}-{word}"
    for rank in ("second", "third", "fourth", "fifth", "2nd", "3rd", "4th", "5th")
    for word in (
        "best",
        "worst",
        "strongest",
        "weakest",
        "biggest",
        "largest",
        "steepest",
        "longest",
    )
)
OF_TALLY = OF_RELATIVE | _set(
    "once twice times time only out last past previous calendar full years year months month weeks"
    " week quarters sessions days januaries decembers septembers octobers positive negative risen"
    " fallen gained lost higher lower black red winner decade finished ended closed each every case"
    " cases split dead even half such runs streaks straight consecutive beating next following "
    "later"
    " after led large-caps solely instances occasions episodes"
)
OF_FLAT = _set("flat unchanged little changed ended finished closed")
OF_TARGET = _set(
    "target targets goal objective year-end implies implied imply upside downside represents"
    " from close"
    " above below would mean sits suggests current price forecast"
)

BY_MEASURE: dict[str, frozenset[str]] = {
    "close": OF_LEVEL,
    "open": OF_LEVEL | _set("open opened opens opening"),
    "level": OF_LEVEL | _set("intraday session"),
    "base": OF_LEVEL,
    "yield": OF_LEVEL | OF_YIELDS,
    "yield_change": OF_MOVE | OF_YIELDS,
    "threshold": OF_LEVEL | _set("first time ever"),
    "extreme": OF_LEVEL | OF_EXTREME,
    "range": OF_LEVEL | OF_RANGE,
    "move": OF_MOVE,
    "points": OF_MOVE,
    "relative": OF_MOVE | OF_RELATIVE,
    "volatility": OF_VOLATILITY,
    "average": OF_AVERAGE | OF_LEVEL,
    "distance": OF_AVERAGE | OF_LEVEL,
    "drawdown": OF_DRAWDOWN | OF_MOVE,
    "streak": OF_STREAK | OF_RELATIVE,
    "record": OF_LEVEL | OF_EXTREME | _set("first major year time another never than any so ever"),
    "cross": OF_AVERAGE | OF_LEVEL,
    "since": OF_SINCE | OF_STREAK | OF_LEVEL,
    "drought": OF_STREAK | OF_EXTREME | _set("without spell new"),
    "upside": OF_TARGET | OF_LEVEL,
    "flat": OF_FLAT,
    "tally": OF_TALLY,
    "sector_rank": OF_MOVE
    | OF_SINCE
    | _set(
        "best-performing worst-performing top-performing sector sectors performer performing among"
        " eleven 11 s&p 500 led topped headed paced laggard loser winner gainer of top bottom"
        " leading lagging weakest every other major technology energy financials health care"
        " utilities materials consumer discretionary staples real estate communication services"
    ),
    "ahead": OF_MOVE | OF_RELATIVE,
    "day_count": OF_MOVE | OF_EXTREME | _set("there only days sessions which all no fewer than"),
    "event": OF_LEVEL | OF_MOVE | OF_EXTREME | _set("sector-level analysis daily moves session"),
    "sum": OF_LEVEL
    | OF_RELATIVE
    | OF_TARGET
    | _set("that goes than discount premium minus plus less equals makes window period stretch"),
}

# Adverbs say how, not what; these few say over what, or of what.
ADVERB = re.compile(
    r"(?!(?:annual|month|week|quarter|year|hour|dai|equal|hypothetical|theoretical|potential"
    r"|possib|historical|typical|usual|seasonal|nominal|cumulative|average|early|supposed|alleged"
    r"|near|intra|like|unlike|earl|fami|rea|real|collective|combined|joint|separate|proportional"
    r"|effective|nominal|partial|mean|ostensib|purported|reported|bare|mistaken|false|wrong"
    r"|incorrect|rare|hard)[a-z]*ly$)[a-z]{2,}ly"
)

# Turns that stand for nothing else, taken out before the words are looked at.
TURNS = re.compile(
    r"\b(?:more|less|fewer|better|worse|greater|higher|lower) than (?=\$?\x13)"
    r"|\b(?:at least|at most|no less than|as much as|as high as|as low as|up to) (?=\$?\x13)"
    r"|\bto (?:an?|another|its|the|yet another) (?:(?:new|fresh|all-time|record|closing|52-week"
    r"|intraday) )+(?:high|low|close|peak|record)\b"
    r"|\bto (?:an?|another) (?:new |fresh )?(?:high|low|record|peak)\b"
    r"|\b(?:its|the|their) (?:\w+est|best|worst|first) (?:[a-z-]+ ){0,3}(?:(?:since|in) )?\x11+"
    r"|\b(?:its|the) (?:\w+est|best|worst) (?:[a-z-]+ )?(?:in (?:[a-z]+ )?(?:weeks|months|years)"
    r"|ever"
    r"|on record|of the year)\b"
    r"|\bon an? (?:price|closing|price-only|price-return) basis\b|\bon (?:price|a price basis)\b"
    r"|(?:\bin|\bentered) (?:an? )?(?:bear market|correction)(?: territory)?\b"
    r"|\beven after (?=\x11+ (?:the )?\x12)|\bafter (?=\x11+ [a-z]+ (?:the )?\x12)|\bprice only\b"
    r"|\bin price terms\b|\bcalendar year\b|\bthe year (?=\x11)|\bas a whole\b|(?<=\x11) alone\b"
    r"|\b(?:was|were|is|proved|made for|it was|had|turned out) (?:to be )?(?:an?|another) "
    r"(?:[a-z-]+ ){1,3}"
    r"(?:day|week|month|quarter|year|session|one|affair)(?: for)?\b"
    r"|\b(?:that|this|which) (?:left|leaves|put|puts|took|takes|brought|brings)\b"
    r"|\bin all\b|\bgave? (?:up|back)\b|\bof course\b"
    r"|\b(?:at|by) (?:the )?(?:\x11+ )?(?:close|closing bell|bell)\b"
    r"|\bon the (?:day|session)\b|\bfor the first time\b"
)

# Where a cause begins, the claim has ended: what follows is only searched for words of DANGER.
CAUSE = re.compile(
    r"\b(?:as|amid|amidst|after|because|[a-z]+(?:ed|ung|ven|urt|it|ken) by"
    r"|with (?:[a-z-]+ ){1,4}?[a-z]+ing|following|thanks to|due to|on (?:news|hopes|fears|signs"
    r"|optimism|worries|concerns|reports?|word|talk|the back)|driven by|helped by|led by|hurt by"
    r"|dragged (?:down )?by|despite|even as|in response to|in the wake of|in reaction to"
    r"|while|boosted by|lifted by|fuell?ed by|weighed down by) (?!\x13)"
)

# Words that change what a figure is of wherever in its sentence they stand.
DANGER = re.compile(
    r"equal[- ]weight\w*|weighted|annuali[sz]ed|annual rate|compound\w*|\bcagr\b|per (?:year|annum)"
    r"|a year\b|\badjust\w*|inflation-|real terms|\bin (?:euros?|yen|sterling|dollar|local)\b"
    r"|\bin (?:gold|bitcoin|oil) terms|\bpriced in\b|hedged|dividends?|total[- ]return"
    r"|reinvest\w*|\bfees?\b|\bnet of\b|gross|leverag\w*"
    r"|futures|pre-?market|premarket|after-hours|overnight|extended hours|opening bell"
    r"|\bif\b|\bwere (?:it |the \x12+ |they )?to\b|\bshould\b|\bwould\b|\bcould\b|\bmight\b"
    r"|\bunless\b"
    r"|suppos\w+|imagin\w+|hypothetical\w*|assum\w+|scenario|base case|bear case|bull case"
    r"|simulat\w+|backtest\w*|\bmodel\w*|forecast\w*|projected|\bexpect\w*|\btypo\b|\bjok\w+"
    r"|\bnot\b(?! (?:yet|quite) (?:an?|in) )|n't\b|\bno,|\bnever\b|\bneither\b|\bnor\b|denied"
    r"|deny|denies|\bfalse\b|\bwrong\w*"
    r"|\bgapp?(?:ed|ing|s)? (?:up|down|higher|lower)"
    r"|mistaken\w*|\bmyth\b|incorrect\w*|erroneous\w*|\bfake\b|\brumou?r\w*|misstat\w+"
    r"|exclud\w+|(?:stripped|left|taken|carved) out\b|\bset aside\b|\bremoved\b|\bex-"
    r"|\bminus the\b|median|on average|typical|\bhours?\b|\bminutes?\b"
    r"|exponential|(?:this|the same|that) (?:point|stage|time)\b|\bmeasured (?:by|in|against)\b"
    r"|(?<!\x11 )\balone\b|\bcontribut\w+|account\w* for|\bat (?:its|the|their) (?:best|worst|low"
    r"|lows|high"
    r"|highs|peak|nadir|open)\b"
    # a move that was there and is gone: "gave up a 3% gain"
    r"|(?:eras\w+|revers\w+|par(?:ed|ing|es)|trimm\w+|wip\w+ (?:out|away)|g[ai]v\w+ (?:up|back)"
    r"|recover\w+|recoup\w+|sh[oa]\w+ off|shrugg\w+ off|overc[oa]m\w+|cut(?:ting)?|halv\w+"
    r"|surrender\w+|shed\w*|unw[io]\w+|claw\w+ back|retrac\w+|squander\w+|los[ti]\w*)"
    r" (?:(?:all|much|most|half|part) of )?(?:an?|its|the|their|that) (?:[a-z-]+ )?(?=\x13+ "
    r"?(?:[a-z-]+ )?"
    rf"{NOUNS})"
    r"|correlat\w+|regress\w+|\brolling\b|\bfiscal\b|\?"
)

# Who says it: of no matter to what is said.
SPEAKER = re.compile(
    r"(?:^|, )according to [^,;\x12\x13]{1,70}(?:,|$|\.)"
    r"|,[\"'”’]? (?:[a-z.' -]{0,40})?(?:said|says|wrote|writes|noted|notes|reported|reports"
    r"|data shows?"
    r"|figures show)(?: [^,;\x12\x13]{0,60})?(?:,|\.|$)"
    r"|^[^,;:\x12\x13]{1,60} (?:said|says|wrote|writes|noted|notes|reported|reports)"
    r"(?: \x11+)?(?: in an? (?:note|report|memo))?(?: \x11+)? (?:that )?"
)

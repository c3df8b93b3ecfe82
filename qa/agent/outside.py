"""What neither the tape nor the commentary can tell: economic data, companies, other markets."""

from __future__ import annotations

import re

# What is asked for, by the words for it. Their names are given back as they stand in the question.
_ECONOMY = (
    r"(cpi|pce|ppi|gdp|pmi|ism)\b( (inflation|growth|index|reading))?|inflation( rate)?"
    r"|(non-?farm )?payrolls?|unemployment( rate)?|jobless claims|retail sales|housing starts"
    r"|consumer (confidence|sentiment)|industrial production|trade (balance|deficit)|money supply"
)
_COMPANY = (
    r"revenues?|net income|operating (income|margin)|free cash flow|eps|earnings per share"
    r"|guidance|market cap(itali[sz]ation)?|dividend yield|buybacks?|book value|net debt"
)
_POSITIONS = (
    r"(net )?(speculative|long|short) positions?|positioning|cftc|commitments? of traders"
    r"|short interest|(fund |etf )?(in|out)?flows|(how much |what )?(money|cash) (has )?"
    r"(flow\w*|c[ao]me|gone|went|moved|poured)( in)?( to)?|put[/-]call( ratio)?|open interest"
    r"|margin debt"
    r"|implied correlation|option (volume|skew)|dark pools?|trading volume|volume"
)
_MEMBERS = (
    r"(single|individual) (stocks?|shares|names)|(which|what|best|worst|top) ([a-z]+ ){0,2}"
    r"(stocks|companies|constituents|members|shares|names)(?= (in|inside|of|within|from)\b)"
)
_OTHER_MARKETS = (
    r"nikkei( 225)?|topix|dax|ftse( 100)?|cac( 40)?|(euro )?stoxx( \d+)?|hang seng|sensex|nifty"
    r"|kospi|shanghai composite|csi 300|bovespa|tsx|asx( 200)?|msci [\w ]{2,20}"
    r"|gold|silver|copper|platinum|(crude |brent |wti )?oil|brent|wti|natural gas|wheat|corn"
    r"|bitcoin|btc|ether(eum)?|crypto\w*|dollar index|dxy"
    r"|(the )?(euro|yen|pound|yuan|franc)(?! carry)"
    r"|eur/?usd|usd/?jpy|mortgage rates?|bund yields?|gilts?"
)
_NOT_HELD = re.compile(
    rf"\b({_ECONOMY}|{_COMPANY}|{_POSITIONS}|{_MEMBERS}|{_OTHER_MARKETS})\b", re.I
)
_FLOWS = re.compile(r"\b(money|cash) ", re.I)
_ENGLISH = re.compile(
    r"\b(the|is|are|was|were|did|does|do|how|what|when|where|who|why|which|has|have|in|on|of|and"
    r"|for|since|to|from|at|with|will|can|should|compare|close|rally)\b",
    re.I,
)
_OTHER_LANGUAGES = re.compile(
    r"\b(wie|hat|sich|der|die|das|ist|und|seit|anfang|ende|wird|warum|welche|nicht|von|im|auf"
    r"|le|les|est|quel|quelle|comment|depuis|pourquoi|il|et|dans|une|du|cette|sur|va-t-elle"
    r"|el|los|las|es|cómo|qué|cuál|desde|por|para|una|está|del|ha|subida"
    r"|di|che|il|della|quanto|perché|sono|nel|dal|è|hoe|het|een|waarom|sinds)\b",
    re.I,
)
NOT_ENGLISH = (
    "The question seems to be in another language: Tapecheck reads questions in English only. "
    "Ask it again in English."
)


def not_held(text: str) -> str | None:
    """What a question asks for that no source here holds, in its own words; None for nothing."""
    found = _NOT_HELD.search(text)
    if found is None:
        return None
    return "fund flows" if _FLOWS.search(found.group()) else found.group()


def without(text: str) -> str:
    """The question without the words for what no source here holds."""
    return _NOT_HELD.sub("", text)


def is_foreign_language(text: str) -> bool:
    """Whether a question is in another language than English, by its small words."""
    others = len(_OTHER_LANGUAGES.findall(text))
    return others >= 2 and others > len(_ENGLISH.findall(text))

"""Whose a figure is: the instrument that a part of a sentence speaks of, and what it is beside."""

from __future__ import annotations

import re

from qa.checking.auditing.clauses import FIGURE, Clause
from qa.checking.auditing.spoken import NAME
from qa.checking.auditing.uncheckable import TAKEN
from qa.checking.auditing.vocabulary import CAUSED

OBJECT = re.compile(
    r"\b(?:outperform\w*|underperform\w*|beat\w*|trounced|bested|thrashed|outshone|outran"
    r"|outpac\w*|lead\w*|led|trail\w*|lag\w*|against|versus"
    r"|vs\.?|than|relative to|over|compared (?:with|to)|ahead of|behind|exceed\w*|top(?:s|ped)"
    r"|surpass\w*|from) (?:the |both the |that of the )?"
    r"(?:(?:broad|broader|broad-based|large-cap|small-cap|benchmark|tech-heavy|blue-chip|invesco"
    r"|ishares"
    r"|spdr|vanguard|wider|cap-weighted) ){0,2}$"
)
# Two instruments before one verb: "the Dow and the S&P 500 fell 0.58% and 0.03%".
_JOINED = re.compile(
    rf"{NAME} and (?:the )?{NAME}+(?: (?:both|each|also|have|had|all))* (?!')[a-z]+[^;,\x12]*$"
)
_FOREIGN = re.compile(
    r"(?:the |its |their |our )?[a-z&'-]+(?: [a-z&'-]+){0,3} (?:fell|rose|gained|lost|dropped"
    r"|climbed"
    r"|slid|added|jumped|is|are|was|were|has|have|surged|declined|advanced|returned|closed|ended"
    r"|finished|tumbled|plunged|rallied|soared|slipped|sank|up|down) "
)
_PARTICIPLE = re.compile(
    r"[\W\x11]*(?:after |with |having |already |still )*(?:an? )?(?:[a-z-]+ )?"
    r"(?:up|down|\x13+|gaining|rising|falling|losing|climbing|sliding|dropping|adding|advancing"
    r"|off)\b"
)
_OWNED = re.compile(
    r" ?(?:(?!ahead|behind|below|above|more|less|better|worse|than|short|because|instead|outside"
    r"|while)"
    rf"[a-z-]+ ){{0,3}}?(?:for|in|by|of|on|off) (?:the )?(?={NAME})"
)
_PAIR = re.compile(
    rf"(?P<a>{FIGURE}+) (?:against|versus|vs\.?|compared (?:with|to)) (?:just |only |about "
    rf")?(?P<b>{FIGURE}+)"
)
# "30.9% was wiped from the index"
_WIPED = re.compile(
    r" (?:was |were |has been |had been |being )?(?:wiped|erased|lopped|shaved|knocked|chopped"
    rf"|stripped|sliced|cut|taken)(?: off| away)? (?:from |off )?(?:the )?(?={NAME})"
)
# "Thursday erased 5.9% from the index"
_FROM_IT = re.compile(rf" (?:away )?(?:from|off|off of|out of) (?:the )?(?={NAME})")
_AND_FROM = re.compile(
    rf"(?P<first>{FIGURE}+) (?:away )?(?:from|off|off of|out of) (?:the )?{NAME}+,? and"
    r" (?:another )?$"
)
_CLOSE_BY = re.compile(r"(?:'s)?[ (]*(?:(?:gain|rise|advance|drop|loss|decline) of )?")
_TIGHT = re.compile(
    r"(?:'s|:|,| at| up| down| about| only| just| nearly| roughly| by| -| —|\()*[ (]*$"
)
_LEAD_IN = re.compile(
    r"^(?:[\W\x11]|(?:by|at|into|come) (?:the )?(?:final |closing )?(?:bell|close|end|finish)\b"
    r"|(?:and|or|but|while|as|then|also|still|yet|meanwhile|however"
    r"|overall|so)\b)*"
)
_SAME_SUBJECT = re.compile(
    r"(?:\x13|(?:and |or |but |that |which |who |is |are |was |were |has |have |had |also |still "
    r"|now )*"
    r"(?:it|its|they|their|(?:the |an? )?(?:index|fund|benchmark|etf|gauge|group|small-cap index"
    r"|rally"
    r"|move|gain|advance|decline|drop|loss|fall|rise|rebound|slide|damage|toll|tally|total"
    r"|record|stretch|streak|run|surge|rise|high|low|close"
    r"|selloff)|this"
    r"|up|down|rose|risen|fell|gain\w*|los[est]\w*|clos\w+|end\w+|finish\w*|advanc\w+|drop\w*"
    r"|climb\w*"
    r"|jump\w*|add\w*|slid\w*|slip\w*|surg\w+|plung\w+|tumbl\w+|hit|touch\w*|outperform\w*"
    r"|underperform\w*|stag\w+|bounc\w+|rebound\w*|rall\w+|declin\w+|returned|daily|all-time"
    r"|52-week|(?:which|who|that) [a-z]+"
    r"|(?:leaving|putting|taking|bringing|pushing|lifting|sending|dragging|trimming|cutting|paring"
    r"|extending|widening|narrowing) (?:it|its|them|their|the (?:index|gauge|fund|benchmark|year"
    r"|year's|decline|loss|gain))"
    r"|intraday|closing|strongest|best|worst|broke|that|a|an|is|was|has|had)\b)"
)


def subject_of(clause: Clause, span: tuple[int, int]) -> str | None:
    """The symbol whose figure stands at `span`; "" for another's, None where none is named."""
    start, end = span
    if "respectively" in clause.masked or _JOINED.search(clause.masked, 0, start):
        return _in_order(clause, span)
    if (paired := _paired(clause, span)) is not None:
        return paired
    owned = _OWNED.match(clause.masked, end) or _WIPED.match(clause.masked, end)
    if not owned and TAKEN.search(clause.masked, 0, _listed(clause, start)):
        owned = _FROM_IT.match(clause.masked, end)
    if owned:
        for name in clause.names:
            if name.start == owned.end():
                return name.symbol
    if (behind := _right_behind(clause, span)) is not None:
        return behind
    left = [name for name in clause.names if name.end <= start]
    doers = [n for n in left if not OBJECT.search(clause.masked[: n.start])]
    if left and (_TIGHT if left[-1] in doers else _CLOSE_BY).fullmatch(
        clause.masked, left[-1].end, start
    ):
        return left[-1].symbol
    piece = clause.piece(start)
    inside = [n for n in doers if n.start >= piece[0]]
    if inside:
        return inside[-1].symbol
    if not left and (told := _told_after(clause, span)) is not None:
        return told
    own = clause.bare[piece[0] : start]
    own = _LEAD_IN.sub("", own, count=1)
    if _FOREIGN.match(own) and not _SAME_SUBJECT.match(own):
        return ""
    if doers:
        return doers[-1].symbol
    return None


_BEHIND_IT = re.compile(rf" (?:the )?(?={NAME})")


def _right_behind(clause: Clause, span: tuple[int, int]) -> str | None:
    """Whose a figure is that begins its part, its owner behind it: "A 3.3%, 3.4% the other"."""
    first, _ = clause.piece(span[0])
    found = _BEHIND_IT.match(clause.masked, span[1])
    if not first or found is None or clause.masked[first : span[0]].strip(" $"):
        return None
    name = next((n for n in clause.names if n.start == found.end()), None)
    over = name and re.match(r"(?: index)?(?:[,.;)]|$| and )", clause.masked[name.end :])
    return name.symbol if name and over else None


def _listed(clause: Clause, start: int) -> int:
    """Where the verb of a list ends: before its first figure, "it took 6% off A and 8% off B"."""
    joined = _AND_FROM.search(clause.masked, 0, start)
    return joined.start("first") if joined else start


def named_later(clause: Clause, span: tuple[int, int]) -> str | None:
    """The only instrument of a sentence, where it stands behind a figure: "A 2% drop left it"."""
    doers = [n for n in clause.names if not OBJECT.search(clause.masked[: n.start])]
    later = [name for name in doers if name.start >= span[1]]
    if later and CAUSED.search(clause.masked, span[1], later[0].end):
        return later[0].symbol  # "Friday's 1,637 close put the index 7% in the red"
    end = clause.piece(span[0])[1]
    symbols = {n.symbol for n in later if n.end <= end} or {n.symbol for n in later}
    return symbols.pop() if len(symbols) == 1 else None


def _told_after(clause: Clause, span: tuple[int, int]) -> str | None:
    """Whose a figure is that stands before its subject: "Up 16% in 2025, the index beat ...".

    "" for another's ("Up 3%, semiconductors led the index"), None where the sentence begins
    otherwise.
    """
    end = clause.piece(span[0])[1]
    if not _PARTICIPLE.match(clause.bare) or end >= len(clause.masked):
        return None
    name = next((n for n in clause.names if n.start >= end), None)
    if name is not None and re.fullmatch(r"(?:the )?", clause.masked[end : name.start]):
        return name.symbol
    follows = clause.masked[end:]
    foreign = re.match(r"(?!(?:and|or|with|at|the \x12|\x12|\x13|\$)\b)[a-z]", follows)
    return "" if foreign and not _SAME_SUBJECT.match(follows) else None


def _in_order(clause: Clause, span: tuple[int, int]) -> str | None:
    """Whose figure is at `span` in a list told "respectively"; "" where two share one verb."""
    told = [f for f in clause.figures if f.unit == "percent" or f.unit in (None, "price", "points")]
    at = next((i for i, f in enumerate(told) if f.span[0] == span[0]), None)
    if "respectively" in clause.masked and at is not None and len(told) == len(clause.names):
        return clause.names[at].symbol
    return ""


def _paired(clause: Clause, span: tuple[int, int]) -> str | None:
    """Whose of two a figure is that stand behind both: "A trounced B in 2013, 37% against 30%"."""
    found = next(
        (m for m in _PAIR.finditer(clause.masked) if span in (m.span("a"), m.span("b"))), None
    )
    if found is None or len({n.symbol for n in clause.names}) != 2:
        return None
    before = [n for n in clause.names if n.end <= found.start()]
    beaten = [n for n in before if OBJECT.search(clause.masked[: n.start])]
    if len(before) != len(clause.names) or len(beaten) != 1 or beaten[0] is before[0]:
        return None
    return before[0].symbol if span == found.span("a") else beaten[0].symbol


def speaks_on(clause: Clause) -> bool:
    """Whether a sentence without a name of its own speaks on of what came before."""
    return bool(_SAME_SUBJECT.match(_head(clause)))


def speaks_of_another(clause: Clause) -> bool:
    """Whether a sentence begins with a subject that is no instrument: "Gold rose"."""
    head = _head(clause)
    return bool(_FOREIGN.match(head)) and not _SAME_SUBJECT.match(head)


def _head(clause: Clause) -> str:
    """The sentence from its subject on: "On Friday it fell" begins with "it"."""
    return _LEAD_IN.sub("", clause.bare, count=1)


_FUND = re.compile(r"\b(?:fund|etf|trust|spdr|ishares|invesco)\b")


def is_proxied(clause: Clause, *symbols: str | None) -> bool:
    """Whether words name an index or a sector for which the tape holds a fund."""
    from qa.market.instruments import named

    told: dict[str, bool] = {}  # "technology shares, XLK rising 2%": the fund is named as well
    for name in clause.names:
        if name.symbol and name.symbol in symbols and named(name.symbol).kind == "fund":
            said = clause.low[name.start : name.end]
            itself = name.symbol.lower() in said or bool(_FUND.search(said))
            told[name.symbol] = told.get(name.symbol, False) or itself
    return not all(told.values())


def other_of(clause: Clause, subject: str | None, span: tuple[int, int]) -> str | None:
    """The instrument that the subject is compared with around a figure."""
    rest = [n for n in clause.names if n.symbol != subject]
    near = sorted(rest, key=lambda n: min(abs(n.start - span[1]), abs(span[0] - n.end)))
    return near[0].symbol if near else None

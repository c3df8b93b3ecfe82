"""Runs told in words: nine days in a row, a 15-session streak, 967 days without a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.dating import number
from qa.checking.auditing.event_claims import MOST_EVENTS, made
from qa.checking.auditing.periods import Period, Side
from qa.checking.auditing.published import RELATIVE, Context, PublishedClaim
from qa.checking.auditing.ways import DOWN_NOUNS, UP_NOUNS
from qa.checking.numerals import SMALL_WORDS

ORDINALS = dict(
    zip(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
            " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ).split(),
        range(1, 21),
        strict=True,
    )
)
_COUNT = rf"(?P<n>[0-9]{{1,4}}(?:,[0-9]{{3}})?|{'|'.join(w for w in SMALL_WORDS if w != 'zero')})"
_NTH = rf"(?P<nth>[0-9]{{1,2}}(?:st|nd|rd|th)|{'|'.join(ORDINALS)})"
_UNIT = (
    r"(?P<unit>(?:trading )?(?:days?|sessions?)|daily|weekly|monthly|quarterly|annual|yearly|weeks?"
    r"|months?|quarters?|years?)"
)
_UNITS = {"daily": "session", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
_UNITS |= {"annual": "year", "yearly": "year", "day": "session"}
_STRAIGHT = r"(?:straight|consecutive|successive|uninterrupted|unbroken)"
_KINDS = (
    r"(?:gain|advance|rise|win|increase|loss(?:es)?|decline|drop|fall|setback|up (?:day|session)"
    r"|down (?:day|session))s?(?![a-z])"
)
_MOVED = (
    r"(?:risen|fallen|climbed|dropped|gained|lost|advanced|declined|rose|fell|beaten|beat"
    r"|outperformed|lagged|trailed|underperformed|(?:closed|finished|ended|been) (?:higher|lower|up"
    r"|down))"
)
_TOTALS = (
    r"(?:to|of|at|reached|reaches|(?:stretched|extended|grew|ran|runs) to|stands at|now stands at"
    r"|hit"
    r"|lasted|spanned|totals|numbered|is now|was)"
)
_RUNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![a-z0-9.,-]){_COUNT}[ -](?:(?:{_STRAIGHT}|trading)[ -])*{_UNIT}"
        r"(?: in a row| running| on end| in succession| on the trot"
        rf"| of (?:{_STRAIGHT} )?(?:outperform|underperform|gains|losses|advances|declines"
        r"|beating)\w*"
        r"|[ -](?:long )?(?:winning |losing |outperformance |relative )?(?:streak|run|winning run"
        r"|skid|slide|string))",
        rf"(?<![a-z0-9.,-]){_COUNT} {_STRAIGHT} {_UNIT}",
        rf"(?<![a-z0-9.,-]){_COUNT} {_STRAIGHT} {_KINDS}",
        rf"(?<![a-z0-9.,-]){_COUNT} {_KINDS} (?:in a row|running|on end|in succession|on the trot)",
        rf"(?<![a-z0-9.,-]){_COUNT} (?:winning|losing|up|down|positive|negative|rising|falling"
        rf"|higher"
        rf"|lower|green|red|straight) {_UNIT} (?:in a row|running|on end|in succession"
        rf"|on the trot)",
        rf"{_NTH} {_STRAIGHT} (?:{_UNIT}|{_KINDS})",
        rf"{_NTH} {_UNIT} (?:of (?:outperformance|gains|losses)|in a row|running)",
        rf"{_NTH} {_KINDS} (?:in a row|running|on end|in succession|on the trot)",
        rf"{_NTH} in a row",
        rf"(?:streak|run|skid|slide|string)(?: of [a-z\x12 &-]{{0,40}}?)?(?: (?:has|had|now))*"
        rf" {_TOTALS} (?:an? )?{_COUNT} (?:(?:{_STRAIGHT}|trading) )*{_UNIT}(?![a-z-])",
        rf"{_MOVED} (?:(?:the )?\x12+ )?(?:in |on |during )?(?:each|every one|all) of (?:the "
        rf"|its )?"
        rf"(?:last|past|previous) {_COUNT} {_UNIT}",
    )
)
_DOWNWARD = re.compile(
    rf"\b(?:losing|losses|lost|f[ae]ll\w*|dropp?\w*|declin\w+|down|lower|slid\w*|sank|sinking|red"
    rf"|retreat\w*|weaken\w*|negative|underperform\w*|lag\w*|trail\w*|behind|(?:{DOWN_NOUNS})s?)\b"
)
_UPWARD = re.compile(
    rf"\b(?:winning|wins?|won|rose|risen|rising|gain\w*|advanc\w+|climb\w*|higher|up|ris\w+|rallied"
    rf"|positive|black|green|added|(?:{UP_NOUNS})s?)\b"
)
_BEHIND = re.compile(r"\b(?:underperform\w*|lag\w*|trail\w*|behind)\b")
_HINT = re.compile(
    r"straight|consecutive|successive|uninterrupted|unbroken|row\b|running|streak|\brun\b|skid"
    r"|slide"
    r"|string|on end|succession|trot|days? of|sessions? of|(?:each|one|all) of"
)
_ENDED = re.compile(r"\b(?:end(?:ed|ing)|snapped|broke|halted|stopped|came to an end)\b")
_OVER = re.compile(r"\bsince the\b|\bafter\b|\bend(?:ed|ing|s)?\b|\bsnap|\bbroke|\bhalt|\bstop")


def read_runs(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """Every run of a sentence with its length, in order; none is read twice."""
    taken: list[tuple[int, int]] = []
    for found in islice(_all_runs(clause), MOST_EVENTS):
        if any(found.start() < end and start < found.end() for start, end in taken):
            continue
        taken.append(found.span())
        groups = found.groupdict()
        n = ORDINALS.get(groups.get("nth") or "") or number(
            re.sub(r"(?:st|nd|rd|th)$|,", "", groups.get("nth") or groups.get("n") or "")
        )
        claim = _its_own(clause, made(clause, context, "streak", found.span()))
        unit = groups.get("unit") or ("session" if re.search(_KINDS, found.group()) else "")
        if not unit and not claim.periods:
            continue
        yield from _run(clause, claim, found, n, unit or claim.periods[0].unit)


def _its_own(clause: Clause, claim: PublishedClaim) -> PublishedClaim:
    """The claim without days that a later part of the sentence tells for something of its own."""
    end = clause.piece(claim.at)[1]
    held = [t.periods for t in clause.times if t.start < end]
    return claim if claim.periods in held else replace(claim, periods=())


def _all_runs(clause: Clause) -> Iterator[re.Match[str]]:
    """What any of the patterns finds; where two do, the one that is tried first comes first."""
    if not _HINT.search(clause.masked):
        return
    for pattern in _RUNS:
        yield from pattern.finditer(clause.masked)


# "Snapped a four-day losing streak": it was so long the session before.
_GONE = re.compile(
    r"\b(?:snap(?:s|ped|ping)?|end(?:s|ed|ing)?|halt(?:s|ed|ing)?|br(?:eaks?|oke|eaking)"
    r"|stop(?:s|ped|ping)|follow(?:s|ed|ing)?|after|despite) (?:an? |its |the |their )?"
    r"(?:(?:run|string|streak|series|stretch) of )?$"
)
# "Moved at least 4% four days in a row": up or down
_SIZED = re.compile(r"\b(?:moved?|moves|swung|swings?) (?:by )?(?:at least |more than |over )?\x13")
_SPELL = re.compile(r"without (?:an? |any )?(?:single )?(?:new )?(?:record|high|\x13|move)")


def _run(
    clause: Clause, claim: PublishedClaim, found: re.Match[str], n: int, unit: str
) -> Iterator[PublishedClaim]:
    """The claim of one run: of which moves, which way, and ahead of whom."""
    around = clause.masked[slice(*clause.piece(found.start()))]
    pair = bool(RELATIVE.search(around)) or bool(
        re.search(r"(?:against|versus|vs\.?) (?:the )?\x12", around)
    )
    if pair and not claim.other:
        claim = replace(claim, other=benchmark(claim.subject))
    if not pair and (_SPELL.search(around) or _SIZED.search(around)):
        return
    side = _side(around, found.group(), pair=pair)
    over = _OVER.search(around) or _ENDED.search(clause.masked, found.end(), found.end() + 40)
    if over and not _DOWNWARD.search(found.group()):
        side = ""
    word = unit.replace("trading ", "").rstrip("s")
    gone = "ended" if _GONE.search(clause.masked, 0, found.start()) else ""
    yield replace(
        claim, count=n, other=claim.other if pair else None, side=side, basis="close",
        words=f"{_UNITS.get(word, word)}|{gone}|{clause.masked}",
    )  # fmt: skip


def _side(around: str, run: str, *, pair: bool) -> Side:
    """Which way a run goes; "" where the words leave it open: the tape then says."""
    if pair:
        return "low" if _BEHIND.search(around) else "high"
    for words in (run, around):
        up, down = bool(_UPWARD.search(words)), bool(_DOWNWARD.search(words))
        if up != down:
            return "high" if up else "low"
    return ""


_LONGEST = 60  # sessions, beyond which a run isn't laid on the calendar


def run_periods(clause: Clause, context: Context) -> tuple[Period, ...]:
    """The days of the run that a sentence tells of: "eight wins in a row, 9% in that run".

    From the close before it to the day it is told of, or to the last session or the one before.
    """
    from qa.market.sessions import last_session

    run = next(read_runs(clause, context), None)
    if run is None or run.other or not run.words.startswith("session|") or run.count > _LONGEST:
        return ()
    if _ENDED.search(clause.masked):
        return ()
    latest = last_session(clause.published)
    told = [p.end for p in (*run.periods, *run.told) if p.kind == "day"]
    found = []
    for last in dict.fromkeys(told or (latest, last_session(latest - timedelta(days=1)))):
        base = last
        for _ in range(run.count):
            base = last_session(base - timedelta(days=1))
        found.append(Period("between", base, last, f"the run to {last}", unit="run"))
    return tuple(found)


_WITHOUT = re.compile(
    r"(?<![0-9.,])(?P<n>[0-9]{1,3}(?:,[0-9]{3})*|[0-9]+)[ -](?:trading )?(?:days?|sessions?)"
    r"[^;]{0,30}without (?:a |an )?(?:new )?(?:record|all-time high|high)"
)


def read_droughts(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """How long no record was set: "a spell of 967 days without a new high"."""
    for found in _WITHOUT.finditer(clause.low):
        claim = made(clause, context, "drought", found.span())
        yield replace(claim, count=int(found["n"].replace(",", "")), periods=(), told=())


def benchmark(symbol: str | None) -> str | None:
    """What an instrument is compared with where nothing else is named."""
    from qa.market.instruments import named

    return named(symbol).benchmark if symbol else None

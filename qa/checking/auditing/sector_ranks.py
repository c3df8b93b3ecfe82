"""Which sector led and which lagged, where the funds of all eleven are on the tape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from qa.checking.auditing.agreement import Reading, percent
from qa.checking.auditing.bench import Bench
from qa.checking.auditing.clauses import Clause
from qa.checking.auditing.event_claims import made
from qa.checking.auditing.periods import Side
from qa.checking.auditing.published import Context, PublishedClaim
from qa.errors import NotAvailable
from qa.market.instruments import SECTORS

_TIE = 0.5  # points within which funds, some with and some without dividends, don't rank sectors
_BEST = r"(?:best|strongest|top|biggest|largest|leading)"
_WORST = r"(?:worst|weakest|bottom|poorest|lagging)"
_RANKED = re.compile(
    rf"\b(?:(?P<best>{_BEST})|(?P<worst>{_WORST}))(?:-| )(?:performing )?"
    r"(?:(?:\x12+|s&p 500|of the (?:11|eleven)|major|stock) )?(?:sector(?! funds?\b)|performer "
    r"among"
    r" (?:the )?(?:(?:11|eleven|s&p 500|\x12+|major) )*sectors|(?P<fall>loser|decliner|laggard"
    r"|drag)"
    r" (?:among|of) (?:the )?(?:(?:11|eleven|\x12+) )*sectors|(?:gainer|winner|advancer) (?:among"
    r"|of)"
    r" (?:the )?(?:(?:11|eleven|\x12+) )*sectors)"
    r"|\b(?:(?P<best2>best|strongest|top)|(?P<worst2>worst|weakest))(?: performer| performing"
    r"| one)?"
    r" (?:of|among) (?:all |the |\x12+(?:'s)? |s&p |11 |eleven |major |select )*sector(?:s"
    r"| funds?| etfs?)"
    r"|\bno (?:other )?(?:\x12+ |s&p )?sector (?:has |had )?(?:did|done|fared|performed) (?:better"
    r"|(?P<worst3>worse))\b"
    r"|\b(?P<led>led|topped|headed|paced)(?: all| the| every| other)* (?:(?:11|eleven|\x12+) )*"
    r"sectors?\b(?! (?:higher|lower))"
)


def read_sector_ranks(clause: Clause, context: Context) -> Iterator[PublishedClaim]:
    """The sector that is said to have done best, or worst, over a window."""
    if "sector" not in clause.masked:
        return
    for found in _RANKED.finditer(clause.masked):
        sectors = {n.symbol for n in clause.names if n.symbol in SECTORS}
        claim = made(clause, context, "sector_rank", found.span())
        if len(sectors) != 1 or clause.masked[: found.start()].endswith("second-"):
            continue
        low = bool(found["worst"] or found["worst2"] or found["worst3"] or found["fall"])
        side: Side = "low" if low else "high"
        yield replace(
            claim, subject=sectors.pop(), side=side, firm=bool(claim.periods), proxied=False
        )


def sector_rank(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """Where a sector's fund stands among the eleven over a window."""
    if not claim.periods:
        raise NotAvailable("the words leave open which days it covers")
    sign = -1 if claim.side == "low" else 1
    for period in claim.periods:
        moves: dict[str, float] = {}
        for symbol in SECTORS:
            h = bench.history(symbol)
            stretch = next(s for s in bench.stretches(h, period) if s.standard)
            moves[symbol] = (float(h.close[stretch.last]) / stretch.base - 1) * 100
        first = max(moves, key=lambda s: sign * moves[s])
        own = moves[claim.subject or ""]
        behind = sign * (moves[first] - own)
        words = f"{'worst' if sign < 0 else 'best'} of the eleven sector funds, {period.words}"
        actual = f"{first} {percent(moves[first])}"
        if first != claim.subject:
            actual += f", {claim.subject} {percent(own)}"
        yield Reading(words, actual, first == claim.subject)
        yield Reading(f"{words}, within {_TIE} points", actual, behind <= _TIE, standard=False)


SECTOR_RANKS = {"sector_rank": sector_rank}

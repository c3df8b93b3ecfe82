"""What a question takes for granted: a move, a close or a level that the tape doesn't show."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.agent import replies, standings
from qa.agent.ask import Ask
from qa.agent.lookups import asks_of_a_level_passed
from qa.agent.replies import Seen
from qa.domain import DraftClaim
from qa.market.instruments import named

NEVER_ABOVE = (
    "A close above the level that the question names: the tape has none up to the as-of date."
)
_WHICH_DAY = re.compile(r"\b(when|(which|what|on what) (day|date|session)|how soon)\b", re.I)
_CLOSED_AT = re.compile(r"\bclosed? at\s+\$?(\d[\d,]*(?:\.\d+)?)", re.I)


def move(ask: Ask, item: Seen, figure: str) -> list[DraftClaim]:
    """A word on a question that takes for granted a move that the tape doesn't show."""
    if not ask.contradicts(item[1].figures.get(figure)):
        return []
    return [_not_on_the_tape("move", item)]


def close(ask: Ask, item: Seen) -> list[DraftClaim]:
    """A word on a question that names a close which isn't the tape's: "did it close at 2,724?"."""
    said, closed = _CLOSED_AT.search(ask.text), replies.value(item[1], "close")
    if said is None or closed is None:
        return []
    decimals = len(said[1].partition(".")[2])
    if round(closed, decimals) == float(said[1].replace(",", "")):
        return []
    return [_not_on_the_tape("close", item)]


def never_above(ask: Ask, held: Iterable[Seen]) -> list[DraftClaim]:
    """The record close, where a question takes for granted a close above a level never reached."""
    if not asks_of_a_level_passed(ask) or ask.level is None:
        return []
    return [
        claim
        for item in held
        if (replies.value(item[1], "peak") or 0) < ask.level
        for claim in standings.record(item)
    ]


def record_beside(ask: Ask, held: Iterable[Seen]) -> list[DraftClaim]:
    """The record close, where a question names a level as passed that was passed."""
    if not asks_of_a_level_passed(ask):
        return []
    return [claim for item in held for claim in standings.record(item)]


def first_day_above(ask: Ask) -> list[str]:
    """That no metric tells the day a level was first passed, where that day is asked for."""
    if not asks_of_a_level_passed(ask) or not _WHICH_DAY.search(ask.text):
        return []
    return ["The day of the first close beyond the level that is named: no metric here gives it."]


def _not_on_the_tape(what: str, item: Seen) -> DraftClaim:
    key, metric = item
    name = named(metric.symbols[0]).spoken
    text = f"The {what} that the question names for {name} is not the one on the tape [{key}]."
    return replies.claim("summary", text, key)

"""What the tape did, told by a passage alone, is told as somebody's word and not as a fact."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.checking.failed import fail
from qa.domain import Check, CheckedFigure, Ledger, Passage
from qa.market.instruments import find

_WORD = re.compile(r"[^\W_]{3,}")
# Without a name: "one note says", "analysts expect", "according to a report".
_SAID = re.compile(
    r"\b(?:according to|in the (?:view|account|words) of|in \w+(?:['’]s?)? (?:view|account|words)"
    r"|sa(?:ys?|id)|writ(?:es?|ten)|wrote|reports?|reported|states?|stated|argues?|argued"
    r"|expects?|expected|forecasts?|sees?|saw|thinks?|puts?|cites?|cited|quot(?:es?|ed|ing)"
    r"|claims?|claimed|warns?|warned|concedes?|tells?|told|target(?:s|ed)? (?:set|of)"
    r"|commentary|analysts?|strategists?|economists?|note)\b",
    re.I,
)

# What an instrument did or where it stood: the tape's to say, not a passage's.
_DID = re.compile(
    r"\b(?:gained|lost|rose|fell|climbed|dropped|slid|sank|jumped|surged|soared|plunged|tumbled"
    r"|returned|rallied|advanced|declined|closed|ended|finished|settled|stood|stands|hit|reached"
    r"|outperformed|underperformed|outpaced|beat|led|lagged|trailed"
    r"|(?:is|are|was|were|has been|have been) (?:up|down|ahead|behind|above|below))\b",
    re.I,
)


def check_attribution(text: str, figures: Sequence[CheckedFigure], ledger: Ledger) -> list[Check]:
    """A failed check for each quoted figure of what an instrument did that isn't called anyone's.

    Of other matters, such as earnings, the citation says enough.
    """
    quoted = [figure for figure in figures if figure.status == "quoted"]
    if not quoted or _SAID.search(text) or not _DID.search(text) or not find(text):
        return []
    words = {word.lower() for word in _WORD.findall(text)}
    failed = []
    for figure in quoted:
        passage = ledger.get(figure.evidence or "")
        if isinstance(passage, Passage) and not words & _names(passage):
            reason = "the sentence doesn't say whose figure it is"
            failed.append(fail("citation", text, passage.voices, figure.text, reason))
    return failed


def _names(passage: Passage) -> set[str]:
    named = f"{passage.author or ''} {passage.firm or ''}"
    return {word.lower() for word in _WORD.findall(named)} - {"the", "and", "research", "group"}

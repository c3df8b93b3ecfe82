"""Words between quotation marks stand in a cited passage, letter for letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.checking.failed import fail
from qa.domain import Check, Metric, Passage

# A single mark is a quotation mark only at the outside of words: "analysts' view" has none.
_QUOTED = re.compile(
    r"[“”\"„«'‘](?:(?<=[“”\"„«])([^“”\"„«»]{1,2000})[“”\"»]"
    r"|(?<=['‘])(?<!\w.)(?=\S)((?:[^'‘’]|(?<=\w)['’](?=\w)){1,2000})['’](?!\w))"
)
_MARKS = str.maketrans("“”„«»‘’\u00a0\u2009\u2010\u2011", '"""""\'\'  --')
_FEWEST_WORDS = 2  # one word in quotation marks is a manner of speaking


def check_quotations(text: str, known: Sequence[tuple[str, Passage | Metric]]) -> list[Check]:
    """A check for each quotation of two words or more."""
    checks = []
    for words in quotations(text):
        holder = next((k for k, e in known if isinstance(e, Passage) and holds(e.text, words)), "")
        if holder:
            checks.append(
                Check(
                    kind="quotation",
                    claim=text,
                    verdict="quoted",
                    expected=words,
                    found=words,
                    reason=f"stands in {holder}",
                )
            )
        else:
            reason = "no cited passage holds these words"
            checks.append(fail("quotation", text, words, "not found", reason))
    return checks


def quotations(text: str) -> list[str]:
    """What stands between quotation marks, if it is two words or more."""
    found = [match.group(1) or match.group(2) for match in _QUOTED.finditer(text)]
    return [words for words in found if len(words.split()) >= _FEWEST_WORDS]


def holds(text: str, words: str) -> bool:
    """Whether a text holds these words, whole, in this order."""
    wanted = plain(words)
    return bool(wanted) and bool(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain(text)))


def plain(text: str) -> str:
    """Text with one kind of quotation mark and single spaces, for comparing quotations."""
    return " ".join(text.translate(_MARKS).split()).strip(" .,;:")

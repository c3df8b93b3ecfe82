"""Sentences in another language than English: their words can't be held against a sign."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from qa.checking.failed import fail
from qa.domain import Check

_WORD = re.compile(r"[^\W\d_]+")
_LANGUAGES = "GERMAN DUTCH FRENCH SPANISH PORTUGUESE ITALIAN RUSSIAN SWEDISH NORWEGIAN".split()


def check_language(text: str) -> list[Check]:
    """A failed check for a sentence that isn't English; nothing for one that is, or can't tell.

    It isn't when more of its words, two at least, are another language's commonest (bm25s has the
    lists) than are English's, or when a word of it has no Latin letter.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    english = _score(words, _common("EN"))
    foreign = max(_score(words, _common(name)) for name in _LANGUAGES)
    if (foreign < 2 or foreign <= english) and not any(map(_other_script, words)):
        return []
    reason = "the sentence is not in English, so its words can't be checked"
    return [fail("claim", text, "a sentence in English", "another language", reason)]


def _score(words: list[str], common: frozenset[str]) -> int:
    return sum(word in common for word in words)


@cache
def _common(language: str) -> frozenset[str]:
    from bm25s import stopwords

    english = frozenset(stopwords.STOPWORDS_EN_PLUS)
    if language == "EN":
        return english
    return frozenset(getattr(stopwords, f"STOPWORDS_{language}")) - english


def _other_script(word: str) -> bool:
    """Whether a word of three letters or more has none that is Latin: a lone β is no word."""
    return len(word) > 2 and not any("LATIN" in unicodedata.name(c, "") for c in word)

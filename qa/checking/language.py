"""Sentences in another language than English: their words can't be held against a sign."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from qa.checking.failed import fail
from qa.domain import Check

_WORD = re.compile(r"[^\W\d_]+")
_PLAIN_WORD = re.compile(r"[a-z]+")
_LANGUAGES = "GERMAN DUTCH FRENCH SPANISH PORTUGUESE ITALIAN RUSSIAN SWEDISH NORWEGIAN".split()


def check_language(text: str) -> list[Check]:
    """A failed check for a sentence that isn't English; nothing for one that is, or can't tell.

    It isn't when more of its words, two at least, are another language's commonest (bm25s has the
    lists) than are English's, or when a word of it has no Latin letter.
    """
    plain = text.isascii()
    if plain:
        words = _PLAIN_WORD.findall(text.lower())
    else:
        words = [word.lower() for word in _WORD.findall(text)]
    by_word, english = _languages(), _english()
    told = [by_word[word] for word in words if word in by_word]
    foreign = max(Counter(chain.from_iterable(told)).values()) if len(told) > 1 else 0
    if (foreign < 2 or foreign <= sum(word in english for word in words)) and (
        plain or not any(map(_other_script, words))
    ):
        return []
    reason = "the sentence is not in English, so its words can't be checked"
    return [fail("claim", text, "a sentence in English", "another language", reason)]


@cache
def _lists() -> dict[str, Any]:
    """bm25s's lists by name: their file alone, since the package would bring scipy with it."""
    from importlib.util import find_spec, module_from_spec, spec_from_file_location

    package = find_spec("bm25s")
    assert package is not None
    assert package.origin is not None
    path = Path(package.origin).with_name("stopwords.py")
    spec = spec_from_file_location("bm25s_stopwords", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


@cache
def _english() -> frozenset[str]:
    return frozenset(_lists()["STOPWORDS_EN_PLUS"])


@cache
def _languages() -> dict[str, tuple[str, ...]]:
    """The other languages of which each word is one of the commonest; English words are none's."""
    common = {name: frozenset(_lists()[f"STOPWORDS_{name}"]) for name in _LANGUAGES}
    return {
        word: tuple(name for name in _LANGUAGES if word in common[name])
        for word in frozenset().union(*common.values()) - _english()
    }


def _other_script(word: str) -> bool:
    """Whether a word of three letters or more has none that is Latin: a lone β is no word."""
    return len(word) > 2 and not any("LATIN" in unicodedata.name(c, "") for c in word)

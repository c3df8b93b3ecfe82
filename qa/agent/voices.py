"""Choosing what to report of a passage: one sentence, verbatim, with who said it and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from qa.checking.figures import Stated, find_dates, read_figures
from qa.commentary.passages import sentences
from qa.commentary.recency import is_stale
from qa.domain import DraftClaim, Driver, DriverKind, Passage, Section
from qa.market.instruments import find, kin, named

_WORD = re.compile(r"[a-z][a-z0-9&-]{2,}")
_DULL = frozenset(
    "the and for with that than from are was were has have had its this these those says said "
    "sees say small caps cap small-cap russell index stocks companies more over into according "
    "notes adds expects would could will not but still also about what where which how who".split()
)
_TAPE_FACT = re.compile(
    r"\b(closed?|closing|year[- ]to[- ]date|gains? of|for the year|so far this year|on the day|"
    r"intraday|sessions?|record (high|close)|points? (higher|lower)|fell|dropped|jumped|gained|"
    r"rallied|lost|rose|up)\b",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(futures|volatility|slump\w*|plung\w*|tumbl\w*|surg(?:ed?|es|ing)|soar\w*|sell-?off|rout|fell|dropped|"
    r"jumped|slid|closed (?:at|up|down|higher|lower))\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(expects?|sees|thinks|believes|argues|warns|doubts|targets?|favou?rs|prefers|recommends|"
    r"forecasts?|predicts|holds that|considers|calls|convinced|judges?|advises|finds)\b",
    re.IGNORECASE,
)
_BARE_STANCE = re.compile(r"\bmixed (reading|picture|view)\b|\bis (bullish|bearish|neutral) on\b")
_VALUATION = re.compile(
    r"\b(P/?E|valuations?|multiples?|price-to-(?:book|earnings)|times (?:forward )?earnings|"
    r"cheap\w*|discounts?)\b"
)
_TARGET = re.compile(
    r"\btargets?\b|\bputs the [\w&. ]+ at\b|\b(?:a|the|his|her|\w+['’]s) call of\b"
    r"|\broom for [^.;]{3,30} to (?:rise|climb|go|run) to\b",
    re.I,
)
# What a target was before: "began the year with a target of 2,715 and slashed it to 2,200".
_REPLACED = re.compile(
    r"\b(?:began|started|opened) (?:the year|20\d\d)\b|\b(?:slashed|cut|lowered|trimmed) it to\b"
    r"|\b(?:previous|former|old|earlier) target",
    re.I,
)
_LISTED = re.compile(r",? ?(?:then |and |or |later |finally |followed by )*", re.I)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_BRACES = re.compile(r"[{}\[\]]")
# Small caps named first, though only "large caps" reads as a name.
_PAIR = re.compile(r"\bsmall (?:and|or|versus|against) (?:mid|large)", re.I)
RATES = frozenset({"FEDFUNDS", "DGS2", "DGS10", "^TNX"})
MOST_SENTENCES = 2  # of one passage in one answer
Voice = tuple[str, Passage]


@dataclass(frozen=True)
class PriceTarget:
    """A price target read in a passage, with the upside that the passage states, if it does."""

    key: str
    passage: Passage
    sentence: str
    symbol: str
    level: float
    claimed: float | None

    def past(self, as_of: date) -> bool:
        """Whether every year that the sentence names is over."""
        years = [int(y) for d in find_dates(self.sentence) for y in _YEAR.findall(d.text)]
        return bool(years) and max(years) < as_of.year


def usable(passage: Passage) -> tuple[str, ...]:
    """The sentences of a passage that can stand in a draft, on one line each."""
    return _usable(passage.text)


@lru_cache(maxsize=2048)
def _usable(text: str) -> tuple[str, ...]:
    lines = (" ".join(s.split()) for s in sentences(text))
    return tuple(s for s in lines if 5 <= len(s.split()) <= 60 and not _BRACES.search(s))


@lru_cache(maxsize=8192)
def _figures(sentence: str) -> tuple[Stated, ...]:
    return tuple(read_figures(sentence))


def opinion(passage: Passage, topic: str = "", subject: str | None = None) -> str | None:
    """The sentence that states the view best: an opinion, on the topic, early in the text.

    With a `subject`, only sentences about that instrument count.
    """
    wanted = words(topic)

    def merit(place: int, sentence: str) -> float:
        bare = 0.5 if " also " in sentence else 0.0
        bare += 1.5 if _BARE_STANCE.search(sentence) else 0.0
        fact = 2.0 if _TAPE_FACT.search(sentence) and not _OPINION.search(sentence) else 0.0
        overlap = len(wanted & words(sentence))
        return (
            (1.0 if _OPINION.search(sentence) else 0.0) + 0.6 * overlap - fact - bare - 0.4 * place
        )

    lines = [
        (i, s)
        for i, s in enumerate(usable(passage))
        if (subject is None or about(s, passage, subject)) and not states_a_move(s)
    ]
    ranked = [(-merit(i, s), i, s) for i, s in lines]
    return min(ranked)[2] if ranked else None


def telling(passage: Passage, topic: str, most: int, subject: str | None = None) -> list[str]:
    """The sentences of a passage nearest to a topic, those with its figures first, in its order.

    With a `subject`, only sentences about that instrument, if there are any.
    """
    wanted = words(topic)
    numbers = {f.value for f in _figures(topic) if f.value is not None}

    def merit(place: int, sentence: str) -> float:
        shared = len(wanted & words(sentence))
        again = sum(f.value in numbers for f in _figures(sentence))
        opinions = 0.5 if _OPINION.search(sentence) else 0.0
        return shared + again + opinions - 0.3 * place

    lines = list(enumerate(usable(passage)))
    on_it = [line for line in lines if subject and speaks_of(line[1], passage, subject)]
    best = sorted(on_it or lines, key=lambda line: (-merit(*line), line[0]))[:most]
    return [sentence for _, sentence in sorted(best)]


@lru_cache(maxsize=8192)
def states_a_move(sentence: str) -> bool:
    """Whether a sentence tells what prices did: that is for the tape to say, not for opinion."""
    if _OPINION.search(sentence):
        return False
    if _MOVED.search(sentence):
        return True
    figures = _figures(sentence) if _TAPE_FACT.search(sentence) else []
    return any(f.value is not None for f in figures)


def reason(passage: Passage, kind: DriverKind, subject: str) -> str | None:
    """The sentence that argues a driver of this kind for an instrument, by shared words."""
    argued = [a for d in passage.drivers if d.kind == kind if (a := _argued(passage, d, subject))]
    return max(argued, key=lambda a: a[0])[1] if argued else None


def reasons(passage: Passage, subject: str) -> list[str]:
    """The sentences that argue the drivers of a passage, one each, in the order of the drivers."""
    argued = (_argued(passage, driver, subject) for driver in passage.drivers)
    return list(dict.fromkeys(a[1] for a in argued if a))


def _argued(passage: Passage, driver: Driver, subject: str) -> tuple[float, str] | None:
    """The sentence that shares most words with a driver, after the share; None for too few."""
    wanted = words(driver.name)
    best: tuple[float, str] | None = None
    for sentence in usable(passage):
        if not about(sentence, passage, subject) or states_a_move(sentence):
            continue
        share = len(wanted & words(sentence)) / (len(wanted) or 1)
        if _TAPE_FACT.search(sentence) and not _OPINION.search(sentence):
            share -= 0.3
        if share >= 0.4 and (best is None or share > best[0]):
            best = (share, sentence)
    return best


def values(sentence: str) -> bool:
    """Whether a sentence speaks of valuation."""
    return bool(_VALUATION.search(sentence))


def valuation(passage: Passage, subject: str | None = None) -> str | None:
    """A sentence on valuation, one with a figure if there is one; about a subject if given."""
    found = [
        s
        for s in usable(passage)
        if _VALUATION.search(s) and (subject is None or about(s, passage, subject))
    ]
    numbered = [s for s in found if any(f.value is not None for f in _figures(s))]
    return next(iter(numbered or found), None)


def about(sentence: str, passage: Passage, subject: str) -> bool:
    """Whether a sentence speaks of an instrument, by name or as what its passage is about.

    In a passage on something else the instrument has to be named first: "IWM is ahead of QQQ"
    says nothing of QQQ. What is said of policy rates alone bears on every instrument.
    """
    spoken = find(sentence)
    if not spoken:
        return bears_on(passage, subject)
    if _PAIR.search(sentence):
        spoken = ["^RUT", *spoken]
    if is_on(passage, subject):
        return bool(kin(subject) & set(spoken))
    return spoken[0] in kin(subject)


def speaks_of(sentence: str, passage: Passage, subject: str) -> bool:
    """Whether a sentence names an instrument, first or not, or none while its passage is on it."""
    spoken = find(sentence)
    return bool(kin(subject) & set(spoken)) or (not spoken and bears_on(passage, subject))


def is_on(passage: Passage, subject: str) -> bool:
    """Whether a passage is about an instrument first: then its stance is one on that instrument."""
    return bool(passage.tickers) and passage.tickers[0] in kin(subject)


def bears_on(passage: Passage, subject: str) -> bool:
    """Whether a passage is about an instrument first, or about policy rates and it an index."""
    if is_on(passage, subject):
        return True
    broad = named(subject).kind == "index" or len(kin(subject)) > 1
    return broad and set(passage.tickers) <= RATES


@lru_cache(maxsize=8192)
def words(text: str) -> frozenset[str]:
    """The telling words of a text, lower case, plurals cut."""
    return frozenset(w.rstrip("s") for w in _WORD.findall(text.lower()) if w not in _DULL)


def price_targets(voices: Iterable[Voice], symbol: str | None = None) -> list[PriceTarget]:
    """The targets that the passages state, of one instrument if a symbol is given, newest first."""
    found = []
    for key, passage in voices:
        for sentence in usable(passage):
            spoken = find(sentence)
            if not _TARGET.search(sentence) or not spoken:
                continue
            levels = _target_levels(sentence)
            if levels and (symbol is None or symbol in spoken):
                of = symbol or spoken[0]
                claimed = _claimed_each(usable(passage), sentence, len(levels))
                found += [
                    PriceTarget(key, passage, sentence, of, level, gain)
                    for level, gain in zip(levels, claimed, strict=True)
                ]
    return sorted(found, key=lambda t: (t.passage.day, t.key), reverse=True)


def current(targets: Iterable[PriceTarget], as_of: date) -> list[PriceTarget]:
    """Targets whose day isn't over, each level and claimed upside once, stated upsides first."""
    kept: dict[tuple[str, float, float | None], PriceTarget] = {}
    for t in targets:
        if not t.past(as_of):
            kept.setdefault((t.symbol, t.level, t.claimed), t)
    return sorted(kept.values(), key=lambda t: t.claimed is None)


def _target_levels(sentence: str) -> list[float]:
    """The level right after the word target, or right before it, and those it is listed with."""
    word = _TARGET.search(sentence)
    levels = [f for f in _figures(sentence) if _is_level(f)]
    if word is None or not levels or _REPLACED.search(sentence):
        return []
    near = min(levels, key=lambda f: (f.span[0] < word.start(), abs(f.span[0] - word.end())))
    listed = [near]
    for level in levels[levels.index(near) + 1 :]:
        if not _LISTED.fullmatch(sentence[listed[-1].span[1] : level.span[0]]):
            break
        listed.append(level)
    return [f.value for f in listed if f.value is not None]


def _is_level(figure: Stated) -> bool:
    return (
        figure.kind in ("level", "count")
        and figure.unit in (None, "price", "points", "count")
        and figure.value is not None
        and figure.value >= 100
    )


def _claimed_each(lines: Sequence[str], sentence: str, levels: int) -> list[float | None]:
    """The upside that stands with each target; of several, where as many stand in a line on them.

    "The targets are advances of 7, 12.2 and 16.9 percent."
    """
    if levels == 1:
        return [_claimed(lines, sentence)]
    for line in (line for line in lines if re.search(r"\btargets\b", line, re.I)):
        gains = [abs(f.value) for f in _figures(line) if f.unit == "percent" and f.value]
        if len(gains) == levels:
            return [*gains]
    return [None] * levels


def _claimed(lines: Sequence[str], sentence: str) -> float | None:
    """The upside in percent that stands with the target, in its sentence or the next."""
    at = lines.index(sentence)
    pattern = re.compile(r"\b(upside|gains?|above|increase|rise|higher|implies|implying)\b", re.I)
    for line in lines[at : at + 2]:
        for figure in _figures(line):
            around = line[max(0, figure.span[0] - 40) : figure.span[1] + 40]
            if figure.unit == "percent" and figure.value is not None and pattern.search(around):
                return abs(figure.value)
    return None


def ranked(voices: Sequence[Voice], as_of: date, spoken: Sequence[str] = ()) -> list[Voice]:
    """Recent views first, among them those of named analysts, then those that have spoken least.

    A passage that has been reported twice (its key stands twice in `spoken`) is left out.
    """

    def merit(voice: Voice) -> tuple[bool, bool, int]:
        key, passage = voice
        return is_old(passage, as_of), passage.author is None, spoken.count(key)

    return sorted((v for v in voices if spoken.count(v[0]) < MOST_SENTENCES), key=merit)


def standing(voices: Sequence[Voice], subject: str) -> list[Voice]:
    """The views on an instrument that whoever holds them has not replaced by another stance since.

    A firm speaks by its analysts; where none is named, for itself.
    """
    last: dict[tuple[str | None, str | None], Passage] = {}
    on_it = [v for v in voices if is_on(v[1], subject)]
    for _, passage in sorted(on_it, key=lambda v: (v[1].day, v[0])):
        last[passage.firm, passage.author] = passage
    return [v for v in on_it if last[v[1].firm, v[1].author].stance == v[1].stance]


def newest(voices: Sequence[Voice], subject: str, as_of: date | None = None) -> list[Voice]:
    """The newest view of each firm that is about an instrument, without those of old."""
    about_it = [v for v in voices if bears_on(v[1], subject)]
    day = as_of or max((p.day for _, p in about_it), default=date.min)
    by_firm: dict[str, Voice] = {}
    for key, passage in sorted(about_it, key=lambda v: (v[1].day, v[0])):
        if not is_old(passage, day):
            by_firm[passage.firm or passage.title] = (key, passage)
    return list(by_firm.values())


def is_old(passage: Passage, as_of: date) -> bool:
    """Whether a view is more than a quarter old."""
    return is_stale(passage, as_of)


def spread(voices: Sequence[Voice], most: int) -> list[Voice]:
    """The first `most` voices, one a firm."""
    firms: dict[str, Voice] = {}
    for key, passage in voices:
        firms.setdefault(passage.firm or passage.title, (key, passage))
    return list(firms.values())[:most]


def speaker(passage: Passage) -> str:
    """Who speaks, inside a sentence: "Steven DeSanctis (Jefferies)"."""
    if passage.author and passage.firm:
        return f"{passage.author} ({passage.firm})"
    return passage.voices


def said(passage: Passage, sentence: str, remark: str = "") -> str:
    """A sentence of a passage with its date, to be followed by its mark; without its full stop."""
    body = sentence.rstrip(".")
    if passage.voice == "original":
        body = f"{passage.voices} writes: “{sentence}”"
    return f"{body} ({passage.published or 'undated'}{remark})"


def report(
    section: Section, voice: Voice, sentence: str, as_of: date, lead: str = ""
) -> DraftClaim:
    """Report a sentence: our own summaries as they stand, an author's own words in quotes."""
    key, passage = voice
    old = ", an older view" if is_old(passage, as_of) else ""
    text = f"{lead}{said(passage, sentence, old)} [{key}]."
    return DraftClaim(section=section, text=text, evidence=(key,))

"""Choosing what to report of a passage: one sentence, verbatim, with who said it and when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from qa.checking.figures import Stated, find_dates, read_figures
from qa.commentary.passages import sentences
from qa.domain import DraftClaim, DriverKind, Passage, Section
from qa.market.instruments import find

_WORD = re.compile(r"[a-z][a-z0-9&'-]{2,}")
_DULL = frozenset(
    "the and for with that than from are was were has have had its this these those says said "
    "sees say small caps cap small-cap russell index stocks companies more over into according "
    "notes adds expects would could will not but still also about".split()
)
_TAPE_FACT = re.compile(
    r"\b(closed?|closing|year to date|for the year|so far this year|on the day|intraday|"
    r"sessions?|record (high|close)|points? (higher|lower)|fell|dropped|jumped|gained|rallied|"
    r"lost|rose|up)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(expects?|sees|thinks|believes|argues|warns|doubts|targets?|favou?rs|prefers|recommends|"
    r"forecasts?|predicts|holds that|considers|calls|convinced|judges?|advises|finds)\b",
    re.IGNORECASE,
)
_VALUATION = re.compile(
    r"\b(P/?E|valuations?|multiples?|price-to-(?:book|earnings)|times (?:forward )?earnings|"
    r"cheap\w*|discounts?)\b"
)
_BRACES = re.compile(r"[{}\[\]]")
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
        """Whether the day or year that the sentence sets for the target is over."""
        ends = [d for d in find_dates(self.sentence) if d.day]
        return bool(ends) and max(_last_day(d) for d in ends) < as_of


def usable(passage: Passage) -> list[str]:
    """The sentences of a passage that can stand in a draft, on one line each."""
    lines = [" ".join(s.split()) for s in sentences(passage.text)]
    return [s for s in lines if 5 <= len(s.split()) <= 60 and not _BRACES.search(s)]


def opinion(passage: Passage, about: str = "") -> str | None:
    """The sentence that states the view best: an opinion, on the subject, early in the text."""
    wanted = words(about)

    def merit(place: int, sentence: str) -> float:
        fact = 2.0 if _TAPE_FACT.search(sentence) and not _OPINION.search(sentence) else 0.0
        overlap = len(wanted & words(sentence))
        return (1.0 if _OPINION.search(sentence) else 0.0) + 0.6 * overlap - fact - 0.4 * place

    ranked = [(-merit(i, s), i, s) for i, s in enumerate(usable(passage))]
    return min(ranked)[2] if ranked else None


def reason(passage: Passage, kind: DriverKind) -> str | None:
    """The sentence that argues one of the passage's drivers of this kind, by shared words."""
    best: tuple[float, str] | None = None
    for driver in (d for d in passage.drivers if d.kind == kind):
        wanted = words(driver.name)
        for sentence in usable(passage):
            share = len(wanted & words(sentence)) / (len(wanted) or 1)
            if _TAPE_FACT.search(sentence) and not _OPINION.search(sentence):
                share -= 0.3
            if share >= 0.4 and (best is None or share > best[0]):
                best = (share, sentence)
    return best[1] if best else None


def valuation(passage: Passage) -> str | None:
    """A sentence on valuation that carries a figure or a comparison, if there is one."""
    found = [s for s in usable(passage) if _VALUATION.search(s)]
    numbered = [s for s in found if any(f.value is not None for f in read_figures(s))]
    return next(iter(numbered or found), None)


def words(text: str) -> set[str]:
    """The telling words of a text, lower case, plurals cut."""
    return {w.rstrip("s") for w in _WORD.findall(text.lower()) if w not in _DULL}


def _last_day(stated: Stated) -> date:
    day = stated.day or date.max
    if stated.precision == "year":
        return day.replace(month=12, day=31)
    months = {"quarter": 3, "month": 1}.get(stated.precision or "", 0)
    return day.replace(day=1) + relativedelta(months=months, days=-1) if months else day


def price_targets(voices: Iterable[Voice], symbol: str | None = None) -> list[PriceTarget]:
    """The targets that the passages state, of one instrument if a symbol is given, newest first."""
    found = []
    for key, passage in voices:
        for sentence in usable(passage):
            named = find(sentence)
            if not re.search(r"\btargets?\b", sentence, re.I) or not named:
                continue
            level = _target_level(sentence)
            if level is not None and (symbol is None or symbol in named):
                claimed = _claimed(usable(passage), sentence)
                of = symbol or named[0]
                found.append(PriceTarget(key, passage, sentence, of, level, claimed))
    return sorted(found, key=lambda t: (t.passage.published, t.key), reverse=True)


def current(targets: Iterable[PriceTarget], as_of: date) -> list[PriceTarget]:
    """Targets whose day isn't over, each level and claimed upside once, stated upsides first."""
    kept: dict[tuple[str, float, float | None], PriceTarget] = {}
    for t in targets:
        if not t.past(as_of):
            kept.setdefault((t.symbol, t.level, t.claimed), t)
    return sorted(kept.values(), key=lambda t: t.claimed is None)


def asked_for(question: str, voices: Sequence[Voice]) -> list[Voice]:
    """The voices whose firm or author the question names."""
    said = words(question)
    return [v for v in voices if said & (names(v[1].firm) | names(v[1].author))]


def names(who: str | None) -> set[str]:
    """The telling words of a firm's or an author's name."""
    generic = words(
        "research capital wealth management asset bank america global advisors national"
    )
    generic |= words("investment investments partners institute street stanley group news private")
    return words(who or "") - generic


def _target_level(sentence: str) -> float | None:
    """The level right after the word target, or the one right before it."""
    word = re.search(r"\btargets?\b", sentence, re.I)
    if word is None:
        return None
    levels = [f for f in read_figures(sentence) if _is_level(f)]
    if not levels:
        return None
    near = min(levels, key=lambda f: (f.span[0] < word.start(), abs(f.span[0] - word.end())))
    return near.value


def _is_level(figure: Stated) -> bool:
    return (
        figure.kind in ("level", "count")
        and figure.unit in (None, "price", "points", "count")
        and figure.value is not None
        and figure.value >= 100
    )


def _claimed(lines: Sequence[str], sentence: str) -> float | None:
    """The upside in percent that stands with the target, in its sentence or the next."""
    at = lines.index(sentence)
    pattern = re.compile(r"\b(upside|gains?|above|increase|rise|higher|implies|implying)\b", re.I)
    for line in lines[at : at + 2]:
        for figure in read_figures(line):
            around = line[max(0, figure.span[0] - 40) : figure.span[1] + 40]
            if figure.unit == "percent" and figure.value is not None and pattern.search(around):
                return abs(figure.value)
    return None


def spread(voices: Sequence[Voice], most: int, taken: Collection[str] = ()) -> list[Voice]:
    """At most `most` voices, one a firm; firms already taken come last."""
    firms: dict[str, Voice] = {}
    for key, passage in voices:
        firms.setdefault(passage.firm or passage.title, (key, passage))
    ranked = sorted(firms.items(), key=lambda item: item[0] in taken)
    return [voice for _, voice in ranked][:most]


def report(section: Section, voice: Voice, sentence: str, lead: str = "") -> DraftClaim:
    """Report a sentence: our own summaries as they stand, an author's own words in quotes."""
    key, passage = voice
    body = sentence.rstrip(".")
    if passage.voice == "original":
        body = f"{passage.voices} writes: “{sentence}”"
    named = f"{lead}{body} ({passage.published}) [{key}]."
    return DraftClaim(section=section, text=named, evidence=(key,))

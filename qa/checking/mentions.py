"""Days, lengths of time and instruments in a sentence are those of its evidence.

They are no figures, but they are half of one: the right return with the wrong day, length or name
is a wrong return.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from qa.checking.closed_days import resolved, says_closed, says_published
from qa.checking.failed import fail
from qa.checking.figures import Stated
from qa.checking.held import Length, held, read_lengths
from qa.checking.layout import Layout, Span
from qa.checking.quotations import holds, quotations
from qa.checking.slots import MARK
from qa.checking.subjects import mislabelled
from qa.domain import Check, CheckedFigure, Metric, Passage
from qa.market.instruments import kin, named

Known = Sequence[tuple[str, Passage | Metric]]

_START = re.compile(
    r"[fsba](?<!\w.)(?:(?<=f)rom|(?<=s)(?:ince|tarting)|(?<=b)(?:eginning|etween)|(?<=a)fter)"
    r"\s[^.;:,()\d\x00]{0,25}$"
)
_END = re.compile(
    r"[tue](?<!\w.)(?:(?<=t)(?:o|hrough|ill)|(?<=u)ntil|(?<=e)nd(?:ing|ed))"
    r"\s[^.;:,()\d\x00]{0,25}$"
)
_OF_A_FIGURE = re.compile(r"\s*(?:\(|on |of |at the close of )?(?:the close of )?")
_SOURCE = re.compile(r"\s*\)?\s*\[(p\d+)\]")
_SAID_ON = re.compile(r"\((?P<day>\x00+)[^()\x00]*\)[^;()\x00]*?\[(?P<key>p\d+)\]")
_WORDS = re.compile(r"\w")
_KEY = re.compile(r"\w+")
_DAYS_IN = {"day": 1.45, "week": 7.0, "month": 30.44, "quarter": 91.3, "year": 365.25}


class Meant(NamedTuple):
    """A figure of a text, with the figure of a metric that it is."""

    span: Span
    key: str
    metric: Metric
    name: str


def check_mentions(
    page: Layout, written: Sequence[Span], known: Known, meant: Sequence[Meant], as_of: date | None
) -> list[Check]:
    """The days and lengths that fail. `written` are the spans of what code wrote."""
    return [*_days(page, written, known, meant, as_of), *_lengths(page, known)]


def check_instruments(page: Layout, known: Known) -> list[Check]:
    """The instruments of a text that its evidence says nothing of, or that go by two names."""
    text, checks = page.text, []
    if reason := mislabelled(page):
        checks.append(fail("citation", text, "one instrument", "two", reason, against=True))
    proper = [spoken for spoken in page.instruments if spoken.proper]
    about = frozenset[str]().union(*(held(e).instruments for _, e in known if proper))
    for spoken in proper:
        if about and not kin(spoken.symbol) & about:
            said, name = text[slice(*spoken.span)], named(spoken.symbol).spoken
            reason = f"the evidence that is cited says nothing of {name}"
            checks.append(fail("citation", text, "an instrument of the evidence", said, reason))
    return checks


def check_marks(
    page: Layout, known: Known, figures: Sequence[tuple[Span, CheckedFigure]]
) -> list[Check]:
    """The sources marked behind figures of which they hold none, and whose author isn't named."""
    cited, checks, start, text = dict(known), [], 0, page.text
    segment: Span = (0, 0)
    for mark in MARK.finditer(text):
        if _WORDS.search(text, start, mark.start()):
            segment = (start, mark.start())
        start = mark.end()
        inside = [f for span, f in figures if segment[0] <= span[0] and span[1] <= segment[1]]
        source = cited.get(mark[1])
        if not inside or source is None:
            continue
        if any(mark[1] in _KEY.findall(f.evidence or "") for f in inside):
            continue
        if isinstance(source, Passage):
            told = [n for n in page.numbers if segment[0] <= n.span[0] < segment[1]]
            if any(map(held(source).repeats, told)):
                continue
            if _is_named(source, text[slice(*segment)]):
                continue
        shown = ", ".join(f.text for f in inside)
        reason = f"{mark[1]} holds none of the figures before its mark: {shown}"
        checks.append(fail("citation", text, "a source of these figures", mark.group(), reason))
    return checks


def _is_named(passage: Passage, words: str) -> bool:
    """Whether words speak of a passage: its author, its firm, its day, or words of its own."""
    names = [part for name in (passage.author, passage.firm) if name for part in name.split()]
    long = [name.strip(".,") for name in names if len(name) > 3 and name[0].isupper()]
    if any(re.search(rf"\b{re.escape(name)}\b", words) for name in long):
        return True
    quoted = quotations(words)
    return any(holds(passage.text, said) for said in quoted)


def _days(
    page: Layout, written: Sequence[Span], known: Known, meant: Sequence[Meant], as_of: date | None
) -> Iterator[Check]:
    for stated in page.days:
        day = resolved(stated, as_of)
        if day is None or says_closed(page.text, stated):
            continue
        if any(a < stated.span[1] and stated.span[0] < b for a, b in written):
            continue
        allowed, whose = _days_for(page, stated, known, meant)
        if allowed is not None and day not in allowed:
            expected = ", ".join(sorted(map(str, allowed))) or "none"
            reason = f"{day} is not a day of {whose}: it has {expected}"
            yield fail("calendar", page.text, expected, stated.text, reason)


def _days_for(
    page: Layout, stated: Stated, known: Known, meant: Sequence[Meant]
) -> tuple[frozenset[date] | None, str]:
    """The days that may stand here, and what they are days of; None where nothing can tell."""
    passages = [(k, e) for k, e in known if isinstance(e, Passage)]
    said = (m for m in _SAID_ON.finditer(page.low) if m.start("day") == stated.span[0])
    if mark := next(said, None):
        published = [e.published for k, e in passages if k == mark["key"] and e.published]
        return frozenset(published) or None, mark["key"]
    if source := _source(page, stated, passages):
        return frozenset[date]().union(*(held(p).days for _, p in source)), source[0][0]
    before = page.low[max(0, stated.span[0] - 60) : stated.span[0]]
    start, end = bool(_START.search(before)), bool(_END.search(before))
    allowed: frozenset[date] = frozenset()
    near = _attached(page, stated, meant)
    for figure in near:
        starts, ends = held(figure.metric).own_days(figure.name)
        allowed |= starts if start else ends if end else starts | ends
    whose = ", ".join(dict.fromkeys(f"{f.key}.{f.name}" for f in near))
    if near and _OF_A_FIGURE.fullmatch(page.text, near[-1].span[1], stated.span[0]):
        passages = []  # "at 2,718.77 on DAY" is no day of a note
    if not near:
        return None, ""
    return allowed.union(*(held(p).days for _, p in passages)), whose


def _source(
    page: Layout, stated: Stated, passages: Sequence[tuple[str, Passage]]
) -> list[tuple[str, Passage]]:
    """The passages one of whose days stands here: "on 2026-01-22 [p9]", "published on ..."."""
    if found := _SOURCE.match(page.text, stated.span[1]):
        return [(k, e) for k, e in passages if k == found[1]]
    return list(passages) if says_published(page.text, stated) else []


def _attached(page: Layout, stated: Stated, meant: Sequence[Meant]) -> list[Meant]:
    """The figures on either side of a day; one in parentheses belongs to the one before it."""
    text, (start, end) = page.text, stated.span
    before = [m for m in meant if m.span[1] <= start]
    after = [m for m in meant if m.span[0] >= end]
    same = [m for m in before[-1:] if ";" not in text[m.span[1] : start]]
    same += [m for m in after[:1] if ";" not in text[end : m.span[0]]]
    if before and _OF_A_FIGURE.fullmatch(text, before[-1].span[1], start):
        return before[-1:]
    return same or [*before[-1:], *after[:1]]


def _lengths(page: Layout, known: Known) -> Iterator[Check]:
    names = [n.span for n in page.instruments]
    for window in page.windows:
        if any(a < window.span[1] and window.span[0] < b for a, b in names):
            continue
        said = read_lengths(window.text.lower())
        told = frozenset[Length]().union(*(held(e).lengths for _, e in known))
        if said and not said <= told and not any(_as_long(s, known) for s in said):
            reason = f"no evidence that is cited speaks of {window.text}"
            yield fail("figure", page.text, "a length of the evidence", window.text, reason)


def _as_long(said: Length, known: Known) -> bool:
    """Whether the window of some metric is as long as the words say, or a count of it is."""
    size, unit = said
    for _, metric in known:
        if not isinstance(metric, Metric) or metric.window is None:
            continue
        length = (metric.window.end - metric.window.start).days + 1
        if length > 1 and abs(length - size * _DAYS_IN[unit]) <= max(5.0, 0.06 * length):
            return True
        counts = (f.value for f in metric.figures.values() if f.unit in ("sessions", "count"))
        if unit == "day" and any(value == size for value in counts):
            return True
    return False

"""A question as the offline analyst understands it: what is asked, of what, over which time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from qa.agent.intents import Intent
from qa.checking.figures import matches, read_figures
from qa.domain import Figure
from qa.market.instruments import find, named

_FROM_CLOSE = re.compile(
    r"\b(?:from|since) (?:its|the|their) clos(?:e|ing level) (?:of|on)\b", re.I
)
_PERIOD = re.compile(
    r"\b(since|before|after|until|during|between|wtd|q[1-4])\b"
    r"|\b(last|past|previous|this|first) (?!many\b|time\b)(\w+ )?"
    r"(day|week|month|quarter|year|session|meeting)",
    re.I,
)
_BASIS = re.compile(
    r"\bopen[- ]to[- ]close\b|\bclose[- ]to[- ]close\b|\bprior close\b"
    r"|(?<=since the )open\b|(?<=from the )open\b",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[a-z\d][.?!])\s+(?=[A-Z])")


def asked_last(text: str) -> str:
    """The question that a text ends with, where statements come before it; else all of the text."""
    *told, asked = _SENTENCE.split(text)
    tells_first = asked.endswith("?") and not any(part.endswith("?") for part in told)
    return asked if tells_first else text


@dataclass(frozen=True)
class Ask:
    """A question as the offline analyst understands it.

    `before`: the instruments that the questions before it were of.

    `symbols`: the instruments named, the subject first. `start`, `end`: the window, if one is
    named. `day`: the one day that is asked about. `strangers`: names that are no instrument we
    know, such as people, firms and companies. `more`: what else the same text asks, of a further
    window or day, or in a further sentence.
    """

    text: str
    intent: Intent | None
    symbols: tuple[str, ...]
    as_of: date
    start: date | None = None
    end: date | None = None
    day: date | None = None
    strangers: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    more: tuple[Ask, ...] = ()

    @property
    def topic(self) -> str:
        """What to search for: the question, with its instruments where it leaves them out."""
        if find(self.text) or not self.symbols:
            return self.text
        names = " ".join(dict.fromkeys(named(s).name for s in self.symbols[:2]))
        small = " small caps" if self.subject in ("^RUT", "IWM") else ""
        return f"{self.text} {names}{small}"

    @property
    def subject(self) -> str | None:
        """The first instrument named."""
        return self.symbols[0] if self.symbols else None

    def contradicts(self, move: Figure | None) -> bool:
        """Whether the question takes for granted a move in percent that isn't this one."""
        if move is None or not isinstance(move.value, float):
            return False
        named = [f for f in read_figures(self.text) if f.unit == "percent" and f.signed]
        return bool(named) and not any(matches(f, move.value, "percent") for f in named)

    @property
    def later(self) -> bool:
        """Whether it asks of a time of which no session has ended by the as-of date."""
        from qa.market.sessions import FIRST_DAY, last_session

        if self.as_of < FIRST_DAY or not (self.start or self.day):
            return False
        if self.day:
            return self.day > self.as_of
        return self.start is not None and self.start > last_session(self.as_of)

    @property
    def unread(self) -> bool:
        """Whether it names a period in words that were not understood."""
        return not (self.start or self.day) and bool(_PERIOD.search(self.text))

    @property
    def has_verdict(self) -> bool:
        """Whether it asks if the rise of a price will last: a yield or the VIX has no rally."""
        kind = named(self.subject).kind if self.subject else None
        return self.intent == "sustainability" and kind in ("index", "fund")

    @property
    def basis(self) -> str | None:
        """The basis that the question names, if it names one."""
        found = _BASIS.search(self.text)
        if found is None and _FROM_CLOSE.search(self.text):
            return "close"
        return (
            {"o": "open", "c": "close", "p": "prior_close"}[found[0][0].lower()] if found else None
        )

    @property
    def level(self) -> float | None:
        """A level that stands in the question, such as a price target."""
        figures = read_figures(self.text)
        levels = [
            f.value
            for f in figures
            if f.kind == "level" and f.unit in (None, "price", "points") and f.value
        ]
        return next((v for v in levels if v >= 10), None)

    @property
    def benchmark(self) -> str | None:
        """What to hold the subject against: the second instrument named, or its usual one."""
        if len(self.symbols) > 1:
            return self.symbols[1]
        return named(self.symbols[0]).benchmark if self.symbols else None

    @property
    def window(self) -> tuple[date, date]:
        """The window named, or by default this month and the one before."""
        end = self.end or self.as_of
        return self.start or (end.replace(day=1) - relativedelta(months=1)), end

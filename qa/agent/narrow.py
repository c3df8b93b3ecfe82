"""Narrow questions get narrow answers: the few sentences for each kind of question."""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.agent import measured, outside, premises, quoting, replies, standings
from qa.agent.ask import Ask
from qa.agent.intents import intent_of
from qa.agent.notebook import Notebook
from qa.agent.quoting import Answered
from qa.domain import Draft, DraftClaim, DraftVerdict
from qa.market.instruments import find, named

Answer = Callable[[Ask, Notebook], Answered]
NO_ADVICE = (
    "Whether to buy or sell: Tapecheck gives evidence, not advice. Ask, for example, whether a "
    "rally is sustainable, or what analysts expect of it."
)
NO_FORECAST = (
    "What a price will be: nothing in the evidence can tell. Ask for the targets that analysts "
    "have set, or what they expect."
)
NOTHING_ASKED = "Nothing is asked here: ask of the market or of the commentary whenever you like."
_FROM_THE_TAPE = (
    "level",
    "performance",
    "technicals",
    "risk",
    "drawdown",
    "streak",
    "ratio",
    "signals",
    "sustainability",
    "season",
    "precedent",
)
_WINDOWED = ("performance", "risk", "sectors", "breadth", "credit", "streak")
_NOTED = ("technicals", "signals", "sectors", "season", "precedent")
_SHARES = re.compile(r"\b(shares?|stock)\b(?! market)", re.I)


def is_foreign(ask: Ask) -> bool:
    """Whether a question for the tape names only what isn't on it."""
    return bool(ask.strangers) and not ask.symbols and ask.intent in _FROM_THE_TAPE


def reply(ask: Ask, notebook: Notebook) -> Draft:
    """The draft for a narrow question; what is missing is said, with what there is instead."""
    claims: list[DraftClaim] = []
    missing: list[str] = []
    for each in (ask, *ask.more):
        told, lacking = _claims(each, notebook)
        claims += [claim for claim in told if claim not in claims]
        missing += lacking
    if not claims and not missing:
        missing = [_nothing(ask, notebook)]
    notes = replies.missing(notebook.evidence) if ask.intent in _NOTED else []
    notes += not_understood(ask)
    return Draft(
        verdict=DraftVerdict(label="not_asked", why=""),
        claims=tuple(claims),
        unanswered=tuple(dict.fromkeys([*missing, *notebook.problems, *notes])),
    )


def not_understood(ask: Ask) -> list[str]:
    """What of a question was not read, said with what was used in its place."""
    if ask.more and ask.has_verdict:
        start, end = ask.window
        return [
            f"More is asked than is answered here: the window is {start} to {end}; a second period "
            "or question takes an answer of its own."
        ]
    if ask.has_verdict and not (ask.start or ask.day or ask.unread):
        start, end = ask.window
        return [
            "The question names no period: the window is this month and the one before, "
            f"{start} to {end}."
        ]
    if not ask.unread or not ask.symbols or ask.intent not in (*_WINDOWED, "sustainability"):
        return []
    start, end = ask.window
    return [
        f"The period that was asked about was not understood: the window is {start} to {end}. "
        "Name the dates for another."
    ]


def _claims(ask: Ask, notebook: Notebook) -> Answered:
    if ask.intent == "courtesy":
        return [], [NOTHING_ASKED]
    if ask.intent == "advice":
        return [], [NO_ADVICE]
    if ask.intent == "prediction":
        return [], [NO_FORECAST]
    if outside.is_foreign_language(ask.text):
        return [], [outside.NOT_ENGLISH]
    answer = _ANSWERS.get(ask.intent or "", _snapshot)
    voiced = answer in (_views, quoting.targets, quoting.valuations)
    if not voiced and not _is_of_shares(ask) and quoting.spoken_by(ask, notebook):
        return _said_and_done(answer, ask, notebook)
    what = None if voiced else outside.not_held(ask.text)
    if what and _is_all_that_is_asked(ask):
        return [], [_not_held(what)]
    if is_foreign(ask):
        return [], [f"The tape has no prices for {' or '.join(ask.strangers)}{_held(notebook)}."]
    if ask.later and not voiced:
        return _nothing_later(ask, notebook)
    claims, missing = answer(ask, notebook)
    return claims, [*missing, *([_not_held(what)] if what else [])]


def _not_held(what: str) -> str:
    return f"{replies.cap(what)}: neither the tape nor the commentary holds it."


def _is_all_that_is_asked(ask: Ask) -> bool:
    """Whether nothing of a question is left for the tape, beside what nobody here holds."""
    if not find(ask.text) or ask.intent is None or (ask.intent == "level" and not ask.day):
        return True
    return ask.intent in _WINDOWED and intent_of(outside.without(ask.text)) is None


def _is_of_shares(ask: Ask) -> bool:
    """Whether a house is asked about as a company: "what did JPMorgan's shares return?"."""
    return is_foreign(ask) and bool(_SHARES.search(ask.text))


def _said_and_done(answer: Answer, ask: Ask, notebook: Notebook) -> Answered:
    """A question on the tape that names who has written of it: their words, and the tape's."""
    said, unheard = quoting.views(ask, notebook)
    if ask.later or is_foreign(ask) or answer is _snapshot:
        return said, unheard
    done, missing = answer(ask, notebook)
    return said + done[:3], unheard + missing


def _nothing(ask: Ask, notebook: Notebook) -> str:
    if ask.symbols or ask.strangers or notebook.passages:
        about = f" of {' or '.join(ask.strangers)}" if ask.strangers else ""
        return f"Neither the tape nor the commentary holds what is asked for{about}."
    return (
        "The question is outside the evidence: it names no instrument of the tape"
        f"{_held(notebook)}, and no commentary speaks to it."
    )


def _held(notebook: Notebook) -> str:
    if not notebook.held or notebook.passages:  # the list is told where nothing else was found
        return ""
    return f" (it holds {', '.join(notebook.held)})"


def _nothing_later(ask: Ask, notebook: Notebook) -> Answered:
    """A time after the as-of date: that nothing is known of it, with the last session held."""
    asked = f"on {ask.day}" if ask.day else f"from {ask.start} on"
    seen = list(notebook.metrics("technicals"))
    session = standings.session_of(seen[0][1]) if seen else None
    last = f": the last session known is that of {session}" if session else ""
    missing = (
        f"What happened {asked}: nothing after the as-of date {ask.as_of} is known here{last}."
    )
    return [c for item in seen for c in replies.level(item, None)], [missing]


# --- From commentary -----------------------------------------------------------------------------


def _views(ask: Ask, notebook: Notebook) -> Answered:
    """What was said; of a day or window, first what the tape did, which the question assumes."""
    facts: list[DraftClaim] = []
    for item in notebook.metrics("technicals"):
        facts += premises.move(ask, item, "day_change") + replies.level(item, ask.day)
    for item in notebook.metrics("performance"):
        facts += premises.move(ask, item, "return") + replies.performance(item, "summary")
    claims, missing = quoting.views(ask, notebook)
    return facts + claims, missing


def _snapshot(ask: Ask, notebook: Notebook) -> Answered:
    """For a question of no known kind: where its instruments stand, and what is written of it."""
    claims, _ = measured.level(ask, notebook)
    names = [alias for s in ask.symbols for alias in (*named(s).aliases, named(s).name)]
    return claims + quoting.told_of(ask, notebook, names)[:3], []


_ANSWERS: dict[str, Answer] = {
    "level": measured.level,
    "technicals": measured.technicals,
    "performance": measured.moves,
    "risk": measured.risk,
    "drawdown": measured.drawdown,
    "streak": measured.streak,
    "ratio": measured.ratio,
    "curve": measured.curve,
    "sectors": measured.sectors,
    "breadth": measured.breadth,
    "credit": measured.credit,
    "season": measured.season,
    "precedent": measured.precedent,
    "signals": measured.signals,
    "target": quoting.targets,
    "views": _views,
    "valuation": quoting.valuations,
}

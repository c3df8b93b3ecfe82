"""The words around a number: which way it points, how firmly it is meant, what it counts.

Reads folded text (see numerals.fold), at most some 60 characters to either side of a number.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.checking.numerals import words
from qa.checking.stated import Bound

_REACH = 64
_AHEAD = 48  # the six terms that count behind a number
_TOKEN = re.compile(r"[a-z][a-z'-]*|[0-9~≈.,;:!?()\n—/|\x22]|\S")


def _set(text: str) -> frozenset[str]:
    return frozenset(words(text))


_UP = _set(
    "up gain gains gained gaining rise rises rose risen rising advance advances advanced"
    " advancing climb climbs climbed climbing jump jumps jumped jumping surge surges surged"
    " surging rally rallies rallied rallying add adds added adding increase increases increased"
    " increasing soar soars soared soaring spike spikes spiked spiking rebound rebounds rebounded"
    " rebounding bounce bounces bounced bouncing leap leaps leapt grow grows grew grown growing"
    " appreciate appreciated popped climbing higher upside ripped"
)
_DOWN = _set(
    "down fall falls fell fallen falling drop drops dropped dropping decline declines declined"
    " declining lose loses lost losing loss losses slide slides slid sliding slip slips slipped"
    " slipping sink sinks sank sunk sinking plunge plunges plunged plunging tumble tumbles"
    " tumbled tumbling slump slumps slumped slumping shed sheds shedding retreat retreats"
    " retreated retreating dip dips dipped dipping decrease decreases decreased decreasing crash"
    " crashed plummet plummets plummeted ease eased easing weaken weakened shrink shrinks shrank"
    " shrunk contracted pull pulled pulling drawdown downside correction tanked cratered skidded"
    " lower off"
)
_NOUNS = {
    **dict.fromkeys(
        _set(
            "gain gains rise advance climb jump surge rally increase rebound bounce leap upside"
            " higher above spike pop uptick runup run-up rallies"
        ),
        1,
    ),
    **dict.fromkeys(
        _set(
            "decline declines drop drops fall loss losses slide plunge tumble slump retreat dip"
            " decrease pullback correction drawdown selloff sell-off downside lower below crash"
            " off setback rout"
        ),
        -1,
    ),
}
_OF_NOUNS = _set(
    "gain gains rise advance climb jump surge rally increase rebound bounce upside spike decline"
    " declines drop drops fall loss losses slide plunge tumble slump retreat dip decrease"
    " pullback correction drawdown selloff sell-off downside returns"
)
_APPROXIMATE = _set(
    "about nearly roughly some almost around approximately approx circa ca c near practically"
    " virtually ~ ≈ est estimated"
)
_FILLERS = _set(
    "by a an another further additional the just only its their total cumulative modest well"
    " whopping sharp record solid mere hefty steep massive robust stunning impressive cool full"
    " net combined back even as much many another's slightly somewhat more again also still"
    " annualized roughly astonishing remarkable strong healthy tiny small large big potential"
    " possible little bit"
)
_MORE = _set("more greater higher better larger bigger fewer less lower smaller worse")
_LESS = _set("fewer less lower smaller")
_STOP_AFTER = _set(
    "of in on for since from to and vs versus the a an or at by with while as but than is was"
    " were are per this that last next over under through during after before against"
    " year-over-year it its which who has had have be been when where said says if then so"
    " compared"
)


class Surroundings(NamedTuple):
    """What the words before a number say. `placed`: "to", "from", "at": a place, not a move."""

    sign: int = 0
    approximate: bool = False
    bound: Bound = ""
    placed: bool = False
    last: str = ""


def _back(text: str, floor: int, start: int) -> list[str]:
    return _TOKEN.findall(text, max(floor, start - _REACH), start)[-12:]


def _compared(terms: list[str], i: int) -> tuple[Bound, int]:
    """The bound of "more than", "no less than" that ends at term `i`, and the terms it takes."""
    if i < 1 or terms[i - 1] not in _MORE:
        return "", 1
    negated = i > 1 and terms[i - 2] in ("no", "not")
    below = (terms[i - 1] in _LESS) != negated
    return ("below" if below else "above"), 3 if negated else 2


_BOUND_WORDS: dict[str, Bound] = {"over": "above", "under": "below", "exceeding": "above"}


def _bound_at(terms: list[str], i: int, timed: bool) -> tuple[Bound, int]:
    """The bound stated by the word or phrase that ends at term `i`, and its length in terms."""
    term = terms[i]
    before = terms[i - 1] if i else ""
    if term == "than":
        return _compared(terms, i)
    if term == "of" and before in ("north", "upwards", "excess", "shy", "short"):
        return ("below" if before in ("shy", "short") else "above"), 2
    if term in _BOUND_WORDS and not timed:
        return _BOUND_WORDS[term], 1
    if term in ("least", "most") and before == "at":
        return ("above" if term == "least" else "below"), 2
    return "", 0


def _direction(terms: list[str], i: int) -> int:
    """The sign of the direction word at term `i`; 0 where it is none."""
    term, before = terms[i], terms[i - 1] if i else ""
    if term in ("up", "back") and before in ("gave", "give", "gives", "given", "giving"):
        return -1
    if term in ("up", "off", "down") and before.startswith(
        ("mak", "made", "tak", "took", "account")
    ):
        return 0
    return 1 if term in _UP else -1 if term in _DOWN else 0


def before(text: str, floor: int, start: int, timed: bool = False) -> Surroundings:
    """What stands before position `start`, not looking back beyond `floor`.

    `timed`: the number counts days or the like, so "over 25 years" is a stretch and no bound.
    """
    terms = _back(text, floor, start)
    approximate, bound, sign, placed = False, "", 0, False
    i = len(terms) - 1
    while i >= 0:
        term = terms[i]
        found, taken = _bound_at(terms, i, timed)
        if taken:
            bound = bound or found
            i -= taken
            continue
        sign = _direction(terms, i)
        if term == "to" and i and terms[i - 1] in ("up", "close"):
            approximate = approximate or terms[i - 1] == "close"
            i -= 2
        elif sign:
            break
        elif term in _APPROXIMATE:
            approximate = True
            i -= 1
        elif (term == "of" and i and _of_a_move(terms, i)) or term in _FILLERS or _dot(terms, i):
            i -= 1
        else:
            placed = term in ("to", "from", "at", "between")
            break
    last = terms[i] if 0 <= i < len(terms) else ""
    return Surroundings(sign, approximate or bool(bound), bound, placed, last)  # type: ignore[arg-type]


def _of_a_move(terms: list[str], i: int) -> bool:
    return terms[i - 1] in _OF_NOUNS


def _dot(terms: list[str], i: int) -> bool:
    return terms[i] == "." and i > 0 and terms[i - 1] in ("approx", "ca", "c", "est")


def after(text: str, end: int, ceiling: int) -> tuple[int, Bound]:
    """Sign and bound that the words after a number give it: "3.2 percent drop", "50%+"."""
    terms = _TOKEN.findall(text, end, min(ceiling, end + _AHEAD))[:6]
    bound: Bound = ""
    if terms[:1] == ["+"]:
        return 0, "above"
    if terms[:1] == ["or"] and len(terms) > 1:
        if terms[1] in ("more", "less", "so", "higher", "fewer"):
            bound = "above" if terms[1] in ("more", "higher") else ""
            bound = "below" if terms[1] in ("less", "fewer") else bound
            terms = terms[2:]
        else:
            return 0, ""
    if terms[:1] in (["up"], ["down"]):
        followed = len(terms) > 1 and terms[1].isdigit()
        return (0 if followed else 1 if terms[0] == "up" else -1), bound
    for term in terms[:3]:
        if term in _NOUNS:
            return _NOUNS[term], bound
        if term in _STOP_AFTER or not term[0].isalpha():
            break
    return 0, bound

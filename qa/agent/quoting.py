"""Narrow answers from commentary: views, targets, valuations, and who has said nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.agent import replies, voices
from qa.agent.argument import NO_EARNINGS, target_claims
from qa.agent.ask import Ask, asked_last
from qa.agent.lookups import TWO_SIDED, stance_of
from qa.agent.notebook import Notebook
from qa.agent.voices import Voice
from qa.commentary.voices import Voices
from qa.domain import DraftClaim, Passage, Section
from qa.market.instruments import mask

# Words of asking, of time and of taking sides: they name no topic.
_NO_TOPIC = frozenset(
    "analyst strategist commentator commentary house bank firm note skeptic sceptic bull bear "
    "bullish bearish think thinks thought believe believes argue argues doubt doubts expect expect "
    "see view opinion stance take line case ground reason reasons why warn warning worry worries "
    "worried write wrote change changed changes turn trace disagree agree conflict debate side "
    "both tell give any anyone ever currently latest recent now today year month week day last "
    "this shift shifted like call outlook forecast market rally "
    "does did doe been being their they his her him hers "
    "most main name january february march april may june july august september october november "
    "december and but between over from old stock fund index".split()
)
Answered = tuple[list[DraftClaim], list[str]]
MOST_VOICES = 5
MOST_OF_A_FIRM, MOST_OF_MANY = 3, 2  # notes of a firm; where so many firms are named
DAYS_AFTER = 3
_GROUNDS = re.compile(
    r"\b(why|grounds|reasons?|case|counts?|argu\w+|what are|basis|concerns?)\b", re.I
)
_WHY = re.compile(r"\b(why|reasons?|drivers?|behind|drove|driving)\b", re.I)
_CHANGES = re.compile(
    r"\b(chang\w+|shift\w*|trace|turned|now|develop\w*|evolv\w*|revis\w*|consisten\w*|still|so far"
    r"|history|from what|over time|between)\b",
    re.I,
)
_WHOSE = re.compile(r"\b(who|whose|which (house|bank|firm|analyst|strategist))\b", re.I)
_ON_IT = "on the instrument asked about"  # whose name may stand in no evidence
_TRAILING = re.compile(r"\btrailing\b|\bttm\b", re.I)
_NO_TRAILING = "Trailing P/E: the market source has no ratios for the as-of date."
_DATED = re.compile(r"\bhow old\b|\bwhen\b|\bdate\b|\bhow (recent|long ago)\b", re.I)


def views(ask: Ask, notebook: Notebook) -> Answered:
    """What was said, by whom; and for whom the question names, that nothing was, if so."""
    spoken = spoken_by(ask, notebook)
    unheard = _unheard(ask, notebook)
    if spoken:
        return _by_name(ask, spoken), [*unheard, *_beside_the_subject(ask, spoken)]
    passages = asked_voices(ask, notebook)
    if not ask.symbols:
        passages = _on_topic(ask, passages, 1)
    if ask.strangers:
        chosen = passages[:MOST_VOICES]
    elif TWO_SIDED.search(ask.text):
        sides = [[v for v in passages if v[1].stance == s] for s in ("bullish", "bearish")]
        chosen = [v for side in sides for v in voices.spread(voices.ranked(side, ask.as_of), 3)]
    else:
        chosen = voices.spread(voices.ranked(passages, ask.as_of), MOST_VOICES)
    most = 2 if _GROUNDS.search(ask.text) or stance_of(ask.text) else 1
    alone = len(chosen) == 1  # the one source that speaks to it, at length
    claims = [
        voices.report(_section(ask, v[1]), v, s, ask.as_of)
        for v in chosen
        for s in (voices.telling(v[1], ask.text, 3) if alone else _sentences(ask, v[1], most))
    ]
    return claims, unheard if claims or unheard else [_silent(ask)]


def spoken_by(ask: Ask, notebook: Notebook) -> list[Voice]:
    """The passages by the firms and authors that a question names, in its period if they are.

    Oldest first where it asks what changed, else newest first; a few of each firm.
    """
    heard = _on_topic(ask, _heard(ask, notebook.passages), 2)
    changes = bool(_CHANGES.search(ask.text))
    if not changes:
        heard = [v for v in heard if _in_period(ask, v[1])] or heard
        heard = [v for v in heard if not _overtaken(v[1], heard, ask)]
    heard.sort(key=lambda v: v[1].day, reverse=not changes)
    of_firm: dict[str, list[Voice]] = {}
    for voice in heard:
        of_firm.setdefault(voice[1].firm or voice[1].title, []).append(voice)
    most = MOST_OF_A_FIRM if len(of_firm) < MOST_OF_A_FIRM else MOST_OF_MANY
    kept = [v for held in of_firm.values() for v in _few(held, changes, most)]
    return [v for v in heard if v in kept][:MOST_VOICES]


def _heard(ask: Ask, passages: Sequence[Voice]) -> list[Voice]:
    """The passages by the firms and authors that a question names, under any of their names."""
    import numpy as np

    everyone = Voices([p for _, p in passages])
    places = everyone.named(ask.text, np.ones(len(passages), dtype=bool))
    heard = [passages[place] for place in sorted(places)]
    return heard + [v for v in passages if v not in heard and _by(ask.strangers, v[1])]


def _overtaken(passage: Passage, heard: Sequence[Voice], ask: Ask) -> bool:
    """Whether a view is of old, and the same analyst has written since."""
    return voices.is_old(passage, ask.as_of) and any(
        (p.firm, p.author) == (passage.firm, passage.author) and p.day > passage.day
        for _, p in heard
    )


def _few(held: Sequence[Voice], changes: bool, most: int) -> list[Voice]:
    """The newest views of a firm, which stand first; of what changes, the first and the last."""
    if len(held) <= most:
        return list(held)
    return [held[0], *held[1 - most :]] if changes else list(held[:most])


def _by_name(ask: Ask, spoken: Sequence[Voice], most: int = 3) -> list[DraftClaim]:
    """What those say who are named, in at most so many sentences each; fewer if they are many."""
    most = min(most, 3 if len(spoken) <= 2 else 2)
    return [
        voices.report(_section(ask, voice[1]), voice, sentence, ask.as_of)
        for voice in spoken
        for sentence in _told(ask, voice[1], most)
    ]


def _told(ask: Ask, passage: Passage, most: int) -> list[str]:
    """What of a passage is told of who is named: its reasons where those are asked for."""
    subject = ask.subject if len(ask.symbols) == 1 else None
    nearest = voices.telling(passage, ask.text, most, subject)
    if ask.intent == "valuation":  # what prices did belongs to another question
        return [s for s in nearest if voices.values(s) or not voices.states_a_move(s)] or nearest
    if not (_WHY.search(ask.text) and ask.subject and voices.is_on(passage, ask.subject)):
        return nearest
    reasons = [s for s in voices.reasons(passage, ask.subject) if s not in nearest[:1]]
    chosen = [*nearest[:1], *reasons]
    return [s for s in voices.usable(passage) if s in chosen] if reasons else nearest


def _topic(ask: Ask, passages: Sequence[Voice]) -> frozenset[str]:
    """The words of a question that name what it is about, beside instruments and writers."""
    names = " ".join(f"{p.author or ''} {p.firm or ''}" for _, p in passages)
    return (
        voices.words(mask(asked_last(ask.text)))
        - {word.rstrip("s") for word in _NO_TOPIC}
        - voices.words(f"{names} {' '.join(ask.strangers)}")
    )


def _on_topic(ask: Ask, passages: Sequence[Voice], fewest: int) -> list[Voice]:
    """The passages that speak of the instrument and of what is asked of it; all if none does.

    What is asked of it is told by words that a sentence shares, `fewest` of them at least: one may
    be chance.
    """
    kept = [v for v in passages if _speaks_of(v[1], ask.subject)] or list(passages)
    wanted = _topic(ask, passages)
    near = [
        max((len(wanted & voices.words(s)) for s in voices.usable(p)), default=0) for _, p in kept
    ]
    best = max(near, default=0)
    return [v for v, shared in zip(kept, near, strict=True) if best < fewest or shared]


def _speaks_of(passage: Passage, subject: str | None) -> bool:
    lines = voices.usable(passage)
    return any(subject and voices.speaks_of(s, passage, subject) for s in lines)


def _beside_the_subject(ask: Ask, spoken: Sequence[Voice]) -> list[str]:
    """That those who are named have not written on the instrument that the question names."""
    if ask.subject is None or any(_speaks_of(v[1], ask.subject) for v in spoken):
        return []
    return [
        f"Commentary by those named {_ON_IT}: none was found{_when(ask) or _until(ask)}; what is "
        "quoted is on something else."
    ]


def _section(ask: Ask, passage: Passage) -> Section:
    """The side that a view is heard on where a question asks for sides."""
    sided = stance_of(ask.text) or TWO_SIDED.search(ask.text)
    sections: dict[str | None, Section] = {"bullish": "bulls", "bearish": "skeptics"}
    return sections.get(passage.stance, "summary") if sided else "summary"


def targets(ask: Ask, notebook: Notebook) -> Answered:
    """The targets that commentary states, or what a level of the question's own implies."""
    claims = target_claims(notebook, asked_voices(ask, notebook), ask.subject, "summary")
    own = [replies.implied(item) for item in list(notebook.metrics("target", ask.subject))[:1]]
    if not ask.strangers:
        if ask.level is not None:
            said = _set_at_the_level(ask, notebook) if _WHOSE.search(ask.text) else []
            return said + own, []
        return claims, [] if claims else [_no_target(ask)]
    if claims:
        more = _DATED.search(ask.text) or _CHANGES.search(ask.text)
        told = _by_name(ask, spoken_by(ask, notebook)) if more else []
        return claims + told, _not_at_the_level(ask, notebook)
    if ask.level is not None:
        others = target_claims(notebook, _at_level(ask, notebook), ask.subject, "summary")
        return others or own, [_no_target(ask)]
    return _by_name(ask, spoken_by(ask, notebook), 1), [_no_target(ask), *_unheard(ask, notebook)]


def _set_at_the_level(ask: Ask, notebook: Notebook) -> list[DraftClaim]:
    """The words of whoever has set a target at the level of the question."""
    stated = voices.price_targets(_at_level(ask, notebook), ask.subject)
    return [
        voices.report("summary", (t.key, t.passage), t.sentence, ask.as_of)
        for t in stated
        if t.level == ask.level
    ]


def _not_at_the_level(ask: Ask, notebook: Notebook) -> list[str]:
    """That those who are named have no target at the level that a question says they have."""
    stated = voices.price_targets(asked_voices(ask, notebook), ask.subject)
    if ask.level is None or any(t.level == ask.level for t in stated):
        return []
    whose = " or ".join(ask.strangers)
    return [f"A target by {whose} at the level of the question: none up to the as-of date."]


def _no_target(ask: Ask) -> str:
    whose = f" by {' or '.join(ask.strangers)}" if ask.strangers else ""
    return f"No current price target{whose} is in the commentary up to the as-of date."


def _at_level(ask: Ask, notebook: Notebook) -> list[Voice]:
    """The passages that state a target at the level of the question, whosesoever they are."""
    stated = voices.price_targets(notebook.passages, ask.subject)
    keys = {t.key for t in stated if t.level == ask.level}
    return [v for v in notebook.passages if v[0] in keys]


def targets_to_check(ask: Ask, notebook: Notebook) -> list[Voice]:
    """The passages whose targets a question on targets is about."""
    theirs = asked_voices(ask, notebook)
    if ask.level is None or voices.price_targets(theirs, ask.subject):
        return theirs
    return _at_level(ask, notebook)


def valuations(ask: Ask, notebook: Notebook) -> Answered:
    """What is paid for earnings: the source's ratio, and what commentary says of it."""
    passages = voices.ranked(asked_voices(ask, notebook), ask.as_of)
    if spoken := spoken_by(ask, notebook):
        return _by_name(ask, spoken), [NO_EARNINGS, *_unheard(ask, notebook)]
    valued = {v[0]: s for v in passages if (s := voices.valuation(v[1], ask.subject))}
    seen = notebook.metric("valuation")
    claims = replies.valuation(seen, "summary") if seen else []
    for voice in voices.spread([v for v in passages if v[0] in valued], 4):
        lead = "Quoted, not on the tape: "
        claims.append(voices.report("summary", voice, valued[voice[0]], ask.as_of, lead))
    missing = [] if claims else [_silent(ask)]
    if _TRAILING.search(ask.text) and seen is None:
        missing.append(_NO_TRAILING)
    return claims, [*missing, NO_EARNINGS]


def told_of(ask: Ask, notebook: Notebook, names: Sequence[str]) -> list[DraftClaim]:
    """The views that share a telling word with the question, beside the `names` it speaks of."""
    asked = voices.words(ask.text) - voices.words(" ".join(names))
    told = [v for v in notebook.passages if asked & voices.words(v[1].text)]
    return views(ask, replace(notebook, evidence=tuple(told)))[0]


_DUE = re.compile(r"\b(?:(?:end of|by|for)(?: the year| year-?end)? 20\d\d|year-?end)\b", re.I)


def asked_voices(ask: Ask, notebook: Notebook) -> list[Voice]:
    """The passages by those whom the question names, else on them; all if it names nobody.

    A period in the question is that of publication; of a day, it is that day and three more. A day
    by which a target is to be reached is none of that: "Jefferies' target for the end of 2026".
    """
    by_then = ask.intent == "target" and _DUE.search(ask.text)
    passages = [v for v in notebook.passages if by_then or _in_period(ask, v[1])]
    if not ask.strangers:
        return passages
    by = _heard(ask, passages)
    return by or [v for v in passages if _names(ask.strangers, f"{v[1].title} {v[1].text}")]


def _in_period(ask: Ask, passage: Passage) -> bool:
    if ask.day and not 0 <= (passage.day - ask.day).days <= DAYS_AFTER:
        return False
    return not (ask.start and ask.end) or ask.start <= passage.day <= ask.end


def _unheard(ask: Ask, notebook: Notebook) -> list[str]:
    """A line for each name of which no note is held, neither by it nor, unless it speaks, on it."""
    lines = []
    for name in ask.strangers:
        if spoken_by(replace(ask, text=name, strangers=(name,)), notebook):
            continue
        on_it = any(_names((name,), f"{p.title} {p.text}") for _, p in notebook.passages)
        if on_it and not _is_asked_to_speak(name, ask.text):
            continue
        how = "by" if on_it else "by or on"
        lines.append(
            f"Commentary: no note {how} {name} was found{_when(ask) or ' up to the as-of date'}."
        )
    return lines


def _is_asked_to_speak(name: str, text: str) -> bool:
    """Whether a question asks what somebody says: "does X of Y see", "X's view", "by X"."""
    one = re.escape(name)
    speaks = r"(say|sees?|saw|think|expect|argue|warn|believe|forecast|predict|call|recommend|set)"
    return bool(
        re.search(
            rf"\b{one}\b[^.?!]{{0,40}}\b{speaks}|\b{one}['’]s?\s|\b(by|to|from|of) {one}\b",
            text,
            re.I,
        )
    )


def _by(names: Sequence[str], passage: Passage) -> bool:
    return _names(names, f"{passage.author or ''} {passage.firm or ''}")


def _names(names: Sequence[str], text: str) -> bool:
    words = voices.words(text)
    return any(voices.words(name) <= words for name in names)


def _silent(ask: Ask) -> str:
    when = _when(ask) or _until(ask)
    if ask.subject and not ask.strangers:
        return f"Commentary: no such view {_ON_IT} was found{when}."
    who = f" by or on {' or '.join(ask.strangers)}" if ask.strangers else ""
    return f"Commentary: nothing{who} that answers this was found{when}."


def _when(ask: Ask) -> str:
    if ask.day:
        return f" on {ask.day} or just after it"
    return f" from {ask.start} to {ask.end}" if ask.start else ""


def _until(ask: Ask) -> str:
    return f" on or before {ask.as_of}"


def _sentences(ask: Ask, passage: Passage, most: int) -> list[str]:
    """What a passage says of the question: its view on the instrument first, or on a name."""
    if ask.strangers:
        return [s for s in voices.usable(passage) if _names(ask.strangers, s)][:1]
    wanted = _topic(ask, ())
    near = [s for s in voices.usable(passage) if wanted & voices.words(s)]
    if near and not ask.symbols:
        return sorted(near, key=lambda s: -len(wanted & voices.words(s)))[:most]
    first = voices.opinion(passage, ask.text, ask.subject)
    if ask.subject and _WHY.search(ask.text):
        kinds = dict.fromkeys(d.kind for d in passage.drivers)
        reasons = [s for k in kinds if (s := voices.reason(passage, k, ask.subject))]
        first = next(iter(reasons), first)
    if first is None:
        return []
    more = [s for s in voices.telling(passage, ask.text, most, ask.subject) if s != first]
    chosen = [first, *more][:most]
    return [s for s in voices.usable(passage) if s in chosen]

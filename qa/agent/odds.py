"""Base rates, seasons and odds in sentences: what followed before, and what that is worth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from qa.agent.notebook import Notebook
from qa.agent.periods import MONTHS
from qa.agent.replies import Seen, cap, claim, moved, value
from qa.agent.voices import Voice, said, states_a_move, usable
from qa.domain import DraftClaim, Metric, Section
from qa.market.followed import FEW
from qa.market.instruments import named
from qa.market.price_rows import QUARTER

SECTION: Section = "base_rates"
MIDTERM = "midterm"
_CLAIMED = {
    "january": re.compile(r"\bJanuary effect\b", re.I),
    MIDTERM: re.compile(r"\bmid-?term\b", re.I),
}


def seasons(day: date) -> list[str]:
    """The seasons that an answer of a day looks at: its month first.

    From December to February January too, of which notes speak then; in its year, the midterms.
    """
    january = ["january"] if day.month in (12, 2) else []
    return [MONTHS[day.month - 1], *january, *([MIDTERM] if day.year % 4 == 2 else [])]


def base_rates(seen: Seen) -> list[DraftClaim]:
    """What followed earlier moves like the present one, beside what always followed."""
    key, m = seen
    q = QUARTER
    if f"median_{q}" not in m.figures or f"diff_low_{q}" not in m.figures:
        return []
    name = named(m.symbols[0]).spoken
    return [
        claim(
            SECTION,
            f"{_episodes(key, m)} were followed by a median of {{{key}.median_{q}:+}} over "
            f"{{{key}.horizon}}, {{{key}.share_up_{q}:.0}} of them above zero; any "
            f"{{{key}.horizon}} gave {{{key}.base_median_{q}:+}} and "
            f"{{{key}.base_share_up_{q}:.0}} [{key}].",
            key,
        ),
        claim(
            SECTION,
            f"The mean of what followed {name} then differs from the usual by "
            f"{{{key}.diff_{q}:+}}, {{{key}.coverage}} interval {{{key}.diff_low_{q}:+}} to "
            f"{{{key}.diff_high_{q}:+}}: {_told(m, f'distinguishable_{q}')} [{key}].",
            key,
        ),
        *_relative(key, m),
    ]


def _episodes(key: str, m: Metric) -> str:
    fell = (value(m, "threshold_move") or 0) < 0
    size = f"{{{key}.threshold_move:abs}}"
    move = f"a fall of {size} or more" if fell else f"a rise of at least {size}"
    few = (value(m, f"n_{QUARTER}") or 0) < FEW
    text = (
        f"{'Only' if few else 'The'} {{{key}.n_{QUARTER}}} earlier episodes like this one ({move}"
    )
    if "threshold_lead" in m.figures:
        side = moved(m, "threshold_lead", "ahead of", "behind")
        text += f", {{{key}.threshold_lead:abs}} {side} {named(m.symbols[1]).spoken}"
    return f"{text}, in {{{key}.sessions}})"


def _relative(key: str, m: Metric) -> list[DraftClaim]:
    q = QUARTER
    if f"relative_diff_low_{q}" not in m.figures:
        return []
    other = named(m.symbols[1]).spoken
    text = (
        f"Relative to {other} the median was {{{key}.relative_median_{q}:+}} against "
        f"{{{key}.relative_base_median_{q}:+}} usually; the means differ by "
        f"{{{key}.relative_diff_{q}:+}}, {{{key}.coverage}} interval "
        f"{{{key}.relative_diff_low_{q}:+}} to {{{key}.relative_diff_high_{q}:+}}: "
        f"{_told(m, f'relative_distinguishable_{q}')} [{key}]."
    )
    return [claim(SECTION, text, key)]


def _told(m: Metric, name: str) -> str:
    return "more than chance gives" if value(m, name) else "not distinguishable from none"


def season(seen: Seen) -> list[DraftClaim]:
    """How an instrument did in a season of each year, and whether that can be told from none."""
    key, m = seen
    if "mean" not in m.figures or "mean_benchmark" not in m.figures:
        return []
    text = (
        f"{cap(of_seasons(key, m))}, {named(m.symbols[0]).spoken} averaged {{{key}.mean:+}} "
        f"against {{{key}.mean_benchmark:+}} for {named(m.symbols[1]).spoken}: "
        f"{{{key}.mean_difference:+}}, ahead in {{{key}.share_ahead:.0}} of them, "
        f"{_told(m, 'distinguishable')} [{key}]."
    )
    return [claim(SECTION, text, key)]


def of_seasons(key: str, m: Metric) -> str:
    """How many of which season a metric looks at: "in 38 Januaries"."""
    asked = str(m.arguments.get("season", "")) if "arguments" in m.model_fields_set else ""
    words = asked or _season_in(m.definition)
    plural = "midterm years" if words == MIDTERM else _plural(words)
    return f"in {{{key}.n}} {plural}"


def _plural(month: str) -> str:
    name = month.capitalize()
    if name.endswith("ry"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith("ch") else f"{name}s"


def _season_in(definition: str) -> str:
    """The season that a definition speaks of: its metric comes without arguments in the loop."""
    lowered = definition.lower()
    if MIDTERM in lowered or "mid-term" in lowered:
        return MIDTERM
    return next((month for month in MONTHS if f" in {month}" in lowered), "such season")


def disputed_seasons(
    notebook: Notebook, voiced: Sequence[Voice], reported: set[str]
) -> list[DraftClaim]:
    """What commentary says of a season beside what the tape says; it joins what is `reported`."""
    claims = []
    told: set[str] = set()
    for key, metric in notebook.metrics("seasonality"):
        asked = _season_in(metric.definition)
        pattern = _CLAIMED.get(asked)
        if pattern is None or asked in told or value(metric, "distinguishable"):
            continue
        found = next((f for f in _sentences_on(pattern, voiced) if f[1] not in reported), None)
        if found is None or "mean_benchmark" not in metric.figures:
            continue
        told.add(asked)
        voice, sentence = found
        reported.add(sentence)
        subject, other = (named(s).spoken for s in metric.symbols[:2])
        text = (
            f"{said(voice[1], sentence)} [{voice[0]}]; on the tape, "
            f"{of_seasons(key, metric)}, {subject} averaged {{{key}.mean:+}} against "
            f"{{{key}.mean_benchmark:+}} for {other}: {{{key}.mean_difference:+}}, ahead in "
            f"{{{key}.share_ahead:.0}} of them, {_told(metric, 'distinguishable')} [{key}]."
        )
        claims.append(claim(SECTION, text, voice[0], key))
    return claims


def _sentences_on(pattern: re.Pattern[str], voiced: Sequence[Voice]) -> Iterator[tuple[Voice, str]]:
    """The sentences that speak of a season, the newest note's first."""
    for voice in sorted(voiced, key=lambda v: (v[1].day, v[0]), reverse=True):
        for sentence in usable(voice[1]):
            if pattern.search(sentence) and not states_a_move(sentence):
                yield voice, sentence


def outlook(seen: Seen) -> list[DraftClaim]:
    """The odds of the next 63 sessions by month ends that read the same, and their worth."""
    key, m = seen
    if "chance_up" not in m.figures:
        return []
    text = (
        f"Of month ends that read as prices do now, {{{key}.like}} of {{{key}.months}}, the chance "
        f"that {named(m.symbols[0]).spoken} is higher {{{key}.horizon}} later comes to "
        f"{{{key}.chance_up}}, beside {{{key}.base_up}} at any month end"
    )
    if "chance_ahead" in m.figures:
        other = named(m.symbols[1]).spoken
        text += (
            f"; that it is ahead of {other}, to {{{key}.chance_ahead}} beside {{{key}.base_ahead}}"
        )
    claims = [claim(SECTION, f"{text} [{key}].", key)]
    if "skill_up" in m.figures:
        better = (
            "has done better than" if value(m, "edge_up") else "has had no measurable edge over"
        )
        claims.append(
            claim(
                SECTION,
                f"For {named(m.symbols[0]).spoken} this scorecard {better} the base rate: over "
                f"{{{key}.scored}} month ends its Brier skill was {{{key}.skill_up:+}}, "
                f"{{{key}.coverage}} interval {{{key}.skill_low_up:+}} to "
                f"{{{key}.skill_high_up:+}} [{key}].",
                key,
            )
        )
    return claims

"""Sentences about metrics, as claims with slots. The words agree with the figures' signs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qa.domain import DraftClaim, Metric, Section
from qa.market.instruments import SECTOR_NAMES, SECTORS, named

Seen = tuple[str, Metric]
LONG_STREAK = 5


def value(metric: Metric, name: str) -> float | None:
    """A figure's number, if the metric has it."""
    figure = metric.figures.get(name)
    return figure.value if figure and isinstance(figure.value, float) else None


def claim(section: Section, text: str, *keys: str) -> DraftClaim:
    """A claim with its evidence."""
    return DraftClaim(section=section, text=text, evidence=keys)


def missing(evidence: Iterable[tuple[str, object]]) -> list[str]:
    """The notes of metrics that say what they could not give."""
    notes = [n for _, m in evidence if isinstance(m, Metric) for n in m.notes]
    return [n for n in dict.fromkeys(notes) if n.startswith(("No ", "Not ", "There is no "))]


def cap(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def period_words(key: str, metric: Metric) -> str:
    """The window of a performance metric: "from the close of 2025-11-28 to that of ..."."""
    basis = metric.window.basis if metric.window else None
    price = "open" if basis == "open" else "close"
    return f"from the {price} of {{{key}.start_date}} to the close of {{{key}.end_date}}"


def from_close_before(start: date, end: str) -> str:
    """A window measured from the close before its start; one that starts on a closed day."""
    from qa.market.sessions import is_session

    if is_session(start):
        return f"from the close before {start} to that of {end}"
    return f"from {start}, a day without a session, to {end}"


def moved(metric: Metric, name: str, up: str = "gained", down: str = "lost") -> str:
    """The verb that fits a figure's sign."""
    return up if (value(metric, name) or 0) >= 0 else down


def performance(seen: Seen, section: Section = "performance") -> list[DraftClaim]:
    """Return, points and benchmark over the window, on the basis it was asked with."""
    key, m = seen
    name = named(m.symbols[0]).spoken
    text = f"{cap(name)} {moved(m, 'return')} {{{key}.return}} ({{{key}.points:+}}) "
    text += period_words(key, m)
    if len(m.symbols) > 1 and "return_benchmark" in m.figures:
        lead = moved(m, "relative_return", "ahead", "behind")
        text += (
            f", against {{{key}.return_benchmark}} for {named(m.symbols[1]).spoken}: "
            f"{{{key}.relative_return}} {lead}"
        )
    return [claim(section, f"{text} [{key}].", key)]


def streak(seen: Seen, section: Section = "performance") -> list[DraftClaim]:
    """A long run of sessions ahead of the benchmark, and when one as long was last seen."""
    key, m = seen
    if (value(m, "streak") or 0) < LONG_STREAK:
        return []
    text = (
        f"{cap(named(m.symbols[0]).spoken)} had the better day than {named(m.symbols[1]).spoken} "
        f"on {{{key}.streak}} in a row, from {{{key}.streak_start}} to {{{key}.streak_end}}"
    )
    if "longer_streak" in m.figures:
        text += (
            f"; the last run at least as long, {{{key}.longer_streak}}, ended on "
            f"{{{key}.longer_streak_end}}"
        )
    return [claim(section, f"{text} [{key}].", key)]


def bases(seen: Seen, section: Section = "performance") -> list[DraftClaim]:
    """The same window on every basis that the data allow."""
    key, m = seen
    if m.window is None:
        return []
    start, end = m.window.start, m.window.end
    ways = {
        "open": f"{{{key}.return_from_open:+}} ({{{key}.points_from_open:+}}) from the open of "
        f"{start} to the close of {end}",
        "close": f"{{{key}.return_from_close:+}} close to close",
        "prior_close": f"{{{key}.return_from_prior_close:+}} from the prior close",
    }
    others = [w for b, w in ways.items() if b != m.window.basis and f"return_from_{b}" in m.figures]
    if not others:
        return []
    text = " and ".join(others)
    name = named(m.symbols[0]).spoken
    text = f"For {name} the same window gives {text}, so the basis is stated [{key}]."
    return [claim(section, text, key)]


def on_open_basis(seen: list[Seen], section: Section = "performance") -> list[DraftClaim]:
    """Several instruments over one window from open to close."""
    with_open = [(k, m) for k, m in seen if "return_from_open" in m.figures]
    if len(with_open) < 2:
        return []
    parts = [
        f"{named(m.symbols[0]).spoken} returned {{{k}.return_from_open:+}} [{k}]"
        for k, m in with_open
    ]
    text = "From the open of the first day to the close of the last " + ", ".join(parts)
    return [claim(section, f"{text}.", *(k for k, _ in with_open))]


def risk(seen: Seen, section: Section = "performance") -> list[DraftClaim]:
    """Daily volatility with its ddof, beside the benchmark's, and the drawdown."""
    key, m = seen
    if "volatility" not in m.figures or m.window is None:
        return []
    name = named(m.symbols[0]).spoken
    text = (
        f"The daily volatility of {name} from {m.window.start} to {m.window.end} was "
        f"{{{key}.volatility}} "
        f"(sample deviation; population {{{key}.volatility_population}})"
    )
    if "volatility_benchmark" in m.figures:
        text += (
            f" against {{{key}.volatility_benchmark}} ({{{key}.volatility_population_benchmark}}) "
            f"for {named(m.symbols[1]).spoken}"
        )
    text += f"; the deepest drawdown of {name}, by its closes, was {{{key}.max_drawdown}} [{key}]."
    return [claim(section, text, key)]


def implied(seen: Seen) -> DraftClaim:
    """The upside that a level implies from the close of a day."""
    key, m = seen
    side = moved(m, "upside", "above", "below")
    name = named(m.symbols[0]).spoken
    text = (
        f"{{{key}.target}} is {{{key}.upside}} {side} the close of {name} of {{{key}.close}} on "
        f"{{{key}.session:long}} [{key}]."
    )
    return claim("summary", text, key)


def level(
    seen: Seen, asked: date | None, section: Section = "summary", *, opens: bool = False
) -> list[DraftClaim]:
    """The close, naming the closed day that was asked about where there was no session."""
    from qa.market.sessions import is_session, why_closed

    key, m = seen
    session = m.figures["session"].value
    name = named(m.symbols[0]).spoken
    change = ""
    if "day_change" in m.figures:
        side = moved(m, "day_change", "up", "down")
        points = f" ({{{key}.day_points:+}})" if "day_points" in m.figures else ""
        change = f", {side} {{{key}.day_change}}{points} on the day"
        if "previous_close" in m.figures:
            change += f" from the previous close of {{{key}.previous_close}}"
    text = f"{cap(name)} closed at {{{key}.close}} on {{{key}.session:long}}{change} [{key}]."
    if asked is not None and asked != session and not is_session(asked):
        why = f"{asked:%B} {asked.day}, {asked.year} was {why_closed(asked)}, so there was no close"
        text = f"{why}; the last session before it was {{{key}.session:long}}, when {name} closed "
        text += f"at {{{key}.close}}{change} [{key}]."
        text = text.replace(" so there was no close;", " a day without a session;")
    claims = [claim(section, text, key)]
    if opens and "open" in m.figures:
        said = f"{cap(name)} opened at {{{key}.open}} on {{{key}.session}} [{key}]."
        claims.insert(0, claim(section, said, key))
    return claims


def averages(seen: Seen, section: Section = "technicals") -> list[DraftClaim]:
    """The close against its averages."""
    key, m = seen
    parts = []
    for n in (20, 50, 200):
        if f"average_{n}" in m.figures:
            side = moved(m, f"distance_{n}", "above", "below")
            parts.append(
                f"{{{key}.distance_{n}}} {side} its {n}-day average of {{{key}.average_{n}}}"
            )
    if not parts:
        return []
    name = cap(named(m.symbols[0]).spoken)
    text = f"{name}, at {{{key}.close}}, is {_listed(parts)} [{key}]."
    return [claim(section, text, key)]


def year_range(seen: Seen, section: Section = "technicals") -> list[DraftClaim]:
    """The 52-week range, intraday where there is one, and the close's place in it."""
    key, m = seen
    intraday = "low_52w" in m.figures
    low, high = ("low_52w", "high_52w") if intraday else ("close_low_52w", "close_high_52w")
    if low not in m.figures or "position_52w" not in m.figures:
        return []
    kind = "intraday" if intraday else "closing"
    text = (
        f"The 52-week {kind} range of {named(m.symbols[0]).spoken} is {{{key}.{low}}} "
        f"({{{key}.{low}_date}}) to {{{key}.{high}}} ({{{key}.{high}_date}}); the close stands at "
        f"{{{key}.position_52w:.0}} of it, {{{key}.from_high_52w}} below the high"
    )
    if intraday:
        text += (
            f"; the highest close was {{{key}.close_high_52w}}, the lowest {{{key}.close_low_52w}}"
        )
    return [claim(section, f"{text} [{key}].", key)]


def sectors(seen: Seen, section: Section = "performance") -> list[DraftClaim]:
    """How many sectors rose, which lead and lag over the period, and on the last day."""
    return [*sectors_over_the_window(seen, section), *sectors_on_the_day(seen, section)]


def sectors_over_the_window(seen: Seen, section: Section) -> list[DraftClaim]:
    """How many sectors rose from the close before the window to its last, the best and worst."""
    key, m = seen
    when = cap(from_close_before(m.window.start, f"{{{key}.session}}")) if m.window else ""
    return [_ranked(seen, section, "period", f"{when},", _caveat(m))]


def sectors_on_the_day(seen: Seen, section: Section) -> list[DraftClaim]:
    """How many sectors rose on the last session of the window, the best and the worst."""
    return [_ranked(seen, section, "day", f"On {{{seen[0]}.session}}", "")]


def _ranked(seen: Seen, section: Section, span: str, when: str, caveat: str) -> DraftClaim:
    key, m = seen
    moves = {s: v for s in SECTORS if (v := value(m, f"{s}_{span}")) is not None}
    best = max(moves, key=lambda s: (moves[s], s))
    worst = min(moves, key=lambda s: (moves[s], s))
    text = (
        f"{when} {{{key}.up_{span}}} of {{{key}.sectors}} sector funds rose: "
        f"{SECTOR_NAMES[best]} ({best}) did best with {{{key}.{best}_{span}:+}}, "
        f"{SECTOR_NAMES[worst]} ({worst}) worst with {{{key}.{worst}_{span}:+}}, "
        f"{{{key}.dispersion_{span}}} apart{caveat} [{key}]."
    )
    return claim(section, text, key)


def _caveat(m: Metric) -> str:
    """A word on closes that may be adjusted for dividends, where a note says so."""
    mixed = any("adjusted for dividends" in note for note in m.notes)
    return " (some of these closes may be adjusted for dividends and others not)" if mixed else ""


def watched(seen: Seen, section: Section = "signals") -> list[DraftClaim]:
    """Each rule that would change the verdict, with its state now."""
    key, m = seen
    name = named(m.symbols[0]).spoken
    texts = {
        "close": f"A close of {name} below its 20-day average of {{{key}.close_limit}}: {{state}}, "
        f"the close is {{{key}.close}}, {{{key}.close_distance}} "
        + moved(m, "close_distance", "above", "below"),
        "lead": f"Its 20-session return less that of {named(m.symbols[1]).spoken} below zero: "
        f"{{state}}, now {{{key}.lead:+}}"
        if len(m.symbols) > 1
        else "",
        "vix": f"The VIX above {{{key}.vix_limit:bare}}: {{state}}, now {{{key}.vix:bare}}",
        "ten_year": f"The 10-year yield up {{{key}.ten_year_limit}} in a month: {{state}}, "
        f"now {{{key}.ten_year:+}}",
    }
    return [
        claim(section, f"{texts[rule].replace('{state}', _state(m, rule))} [{key}].", key)
        for rule in texts
        if rule in m.figures and texts[rule]
    ]


def _state(m: Metric, rule: str) -> str:
    now, limit = value(m, rule) or 0.0, value(m, f"{rule}_limit") or 0.0
    hit = now < limit if rule in ("close", "lead") else now > limit
    return "triggered" if hit else "not triggered"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def valuation(seen: Seen, section: Section = "valuation") -> list[DraftClaim]:
    """What is paid for earnings, and how much less or more than for the other's."""
    key, m = seen
    text = f"{m.symbols[0]} trades at {{{key}.pe}} trailing earnings"
    if "discount" in m.figures:
        side = "below" if (value(m, "discount") or 0) < 0 else "above"
        text += f", {{{key}.discount:abs}} {side} {m.symbols[1]} at {{{key}.pe_benchmark}}"
    return [claim(section, f"{text} [{key}].", key)]

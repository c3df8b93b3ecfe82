"""Sentences about where an instrument stands: RSI, crosses, its record, its day, its yield."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import wraps

from qa.agent.odds import of_seasons
from qa.agent.replies import Seen, cap, claim, from_close_before, moved, value
from qa.domain import DraftClaim, Metric, Section
from qa.market.instruments import named

OVERBOUGHT, OVERSOLD = 70, 30  # Wilder's marks
# What `rates` calls each yield.
_YIELDS = {"^IRX": "bill", "^FVX": "five_year", "^TNX": "ten_year", "^TYX": "thirty_year"}


def _name(metric: Metric) -> str:
    return named(metric.symbols[0]).spoken


def _tells(
    *needed: str, section: Section = "summary"
) -> Callable[[Callable[[str, Metric], str]], Callable[[Seen], list[DraftClaim]]]:
    """Make a claim of a sentence on a metric, where it has the figures `needed`; else none."""

    def made(sentence: Callable[[str, Metric], str]) -> Callable[[Seen], list[DraftClaim]]:
        @wraps(sentence)
        def claims(seen: Seen) -> list[DraftClaim]:
            key, m = seen
            if not set(needed) <= set(m.figures):
                return []
            return [claim(section, f"{sentence(key, m)} [{key}].", key)]

        return claims

    return made


@_tells("rsi_14")
def momentum(key: str, m: Metric) -> str:
    """The RSI, and what it is usually called at that height."""
    rsi = value(m, "rsi_14") or 0.0
    usual = "overbought" if rsi > OVERBOUGHT else "oversold" if rsi < OVERSOLD else ""
    called = (
        f"usually called {usual}" if usual else "usually called neither overbought nor oversold"
    )
    return (
        f"The 14-day RSI of {_name(m)}, with Wilder's smoothing, was {{{key}.rsi_14:.2}} at the "
        f"close of {{{key}.session}}, {called}"
    )


def crosses(seen: Seen, asked: str) -> list[DraftClaim]:
    """The last golden and death crosses; or of the close and the average that is asked about."""
    key, m = seen
    kinds = [kind for kind in ("golden", "death") if re.search(rf"\b{kind}\b", asked, re.I)]
    length = re.search(r"\b(20|50|200)[- ]?(?:day|dma|session)", asked, re.I)
    if not kinds and length:
        return _close_cross(seen, length[1])
    sides = {"golden": "above", "death": "below"}
    claims = []
    for kind in kinds or sides:
        if f"{kind}_cross_date" not in m.figures:
            continue
        text = (
            f"The last {kind} cross of {_name(m)}, its 50-day average going {sides[kind]} its "
            f"200-day average, came on {{{key}.{kind}_cross_date}}, "
            f"{{{key}.{kind}_cross_sessions}} before {{{key}.session}} [{key}]."
        )
        claims.append(claim("summary", text, key))
    return claims


def _close_cross(seen: Seen, length: str) -> list[DraftClaim]:
    key, m = seen
    if f"cross_{length}_date" not in m.figures:
        return []
    side = moved(m, f"distance_{length}", "above", "below")
    text = (
        f"{cap(_name(m))} last crossed its {length}-day average on {{{key}.cross_{length}_date}}; "
        f"on {{{key}.session}} it closed at {{{key}.close}}, {{{key}.distance_{length}}} {side} "
        f"that average of {{{key}.average_{length}}} [{key}]."
    )
    return [claim("summary", text, key)]


@_tells("high", "low")
def day_range(key: str, m: Metric) -> str:
    """The low and the high of a session, and its close."""
    return (
        f"On {{{key}.session:long}} {_name(m)} traded between an intraday low of {{{key}.low}} and "
        f"an intraday high of {{{key}.high}}, and closed at {{{key}.close}}"
    )


@_tells("current", "peak")
def record(key: str, m: Metric) -> str:
    """How far the last close of the window stands below the record close of the history held."""
    end = m.window.end if m.window else m.as_of
    since = f"the highest close in the history held, from {{{key}.history_start}} on"
    if value(m, "current") == 0:
        return f"{cap(_name(m))} closed at its record of {{{key}.peak}} on {end}, {since}"
    return (
        f"At the close of {end} {_name(m)} was {{{key}.current}} below its record close of "
        f"{{{key}.peak}} on {{{key}.peak_date}}, {since}"
    )


def record_then(seen: Seen) -> list[DraftClaim]:
    """The same, as part of what happened."""
    return [c.model_copy(update={"section": "performance"}) for c in record(seen)]


@_tells("deepest_peak")
def deepest(key: str, m: Metric) -> str:
    """The deepest fall of closes in the window: from when to when, and whether it was made good."""
    start, end = _bounds(m)
    regained = f"by {end} it had not closed at the earlier level again"
    if "recovered_date" in m.figures:
        regained = f"it closed at the earlier level again, or above, on {{{key}.recovered_date}}"
    return (
        f"At its deepest between the closes of {start} and {end}, {_name(m)} fell "
        f"{{{key}.deepest}}, its maximum drawdown: from the close of {{{key}.deepest_peak}} on "
        f"{{{key}.deepest_peak_date}} to that of {{{key}.deepest_trough}} on "
        f"{{{key}.deepest_trough_date}}, {{{key}.deepest_sessions}} later; {regained}"
    )


def _bounds(m: Metric) -> tuple[date, date]:
    """The window of a metric; the as-of date alone where it has none."""
    return (m.window.start, m.window.end) if m.window else (m.as_of, m.as_of)


@_tells("annualised", "daily")
def annualised(key: str, m: Metric) -> str:
    """The annualised volatility of a window, with how it is computed."""
    start, end = _bounds(m)
    return (
        f"The annualised volatility of {_name(m)} from {start} to {end} was "
        f"{{{key}.annualised}}: close-to-close returns with a daily sample deviation of "
        f"{{{key}.daily}}, times the square root of the sessions in a year"
    )


def streak(seen: Seen) -> list[DraftClaim]:
    """The longest run of sessions with the better return than the other, however short."""
    key, m = seen
    own, other = _name(m), named(m.symbols[1]).spoken
    if not value(m, "streak"):
        text = f"{cap(own)} had the better day than {other} on {{{key}.streak}} in a row [{key}]."
        return [claim("summary", text, key)]
    ended = m.figures["streak_end"].value == (m.window.end if m.window else None)
    text = (
        f"{cap(own)} had the better day than {other} on {{{key}.streak}} in a row, from "
        f"{{{key}.streak_start}} to {{{key}.streak_end}}, the longest run that ended in the window"
    )
    text += ", and it was still going on" if ended else ""
    if "longer_streak" in m.figures:
        text += (
            f"; the last run at least as long, {{{key}.longer_streak}}, ended on "
            f"{{{key}.longer_streak_end}}"
        )
    return [claim("summary", f"{text} [{key}].", key)]


def run_now(seen: Seen) -> list[DraftClaim]:
    """How many sessions in a row it has closed higher, or lower, up to the session."""
    key, m = seen
    for figure, side in (("rising", "higher"), ("falling", "lower")):
        if figure in m.figures:
            text = (
                f"{cap(_name(m))} closed {side} than the day before on {{{key}.{figure}}} in a "
                f"row, from {{{key}.{figure}_since}} to {{{key}.session}} [{key}]."
            )
            return [claim("summary", text, key)]
    text = f"{cap(_name(m))} closed unchanged on {{{key}.session}}: no run was going on [{key}]."
    return [claim("summary", text, key)]


def longest(seen: Seen, asked: str) -> list[DraftClaim]:
    """The longest runs of rises and of falls in a window, or the one that is asked about."""
    key, m = seen
    start, end = _bounds(m)
    ways = (
        ("rising", "higher", r"\b(up|higher|ris\w+|rose|gain\w*|winning|advanc\w+|positive)\b"),
        ("falling", "lower", r"\b(down|lower|fall\w*|fell|los\w+|declin\w*|drop\w*|negative)\b"),
    )
    wanted = [way for way in ways if re.search(way[2], asked, re.I)] or ways
    return [
        claim(
            "summary",
            f"The most sessions in a row on which {_name(m)} closed {side} than the day before, "
            f"from {start} to {end}, were {{{key}.longest_{way}}}: from "
            f"{{{key}.longest_{way}_start}} to {{{key}.longest_{way}_end}} [{key}].",
            key,
        )
        for way, side, _ in wanted
        if f"longest_{way}" in m.figures
    ]


def ratio(seen: Seen, *, changed: bool) -> list[DraftClaim]:
    """One instrument's close divided by another's, and its change over a window if asked for."""
    key, m = seen
    if "ratio" not in m.figures:
        return []
    start, end = _bounds(m)
    one, other = _name(m), named(m.symbols[1]).spoken
    text = (
        f"The close of {one} divided by that of {other} was {{{key}.ratio:bare}} at the close of "
        f"{end} [{key}]."
    )
    claims = [claim("summary", text, key)]
    if changed:
        verb = moved(m, "ratio_change", "rose", "fell")
        text = (
            f"{cap(from_close_before(start, str(end)))} the ratio of {one} to {other} {verb} "
            f"{{{key}.ratio_change}} [{key}]."
        )
        claims.append(claim("summary", text, key))
    return claims


def curve(seen: Seen, *, bond: bool = False) -> list[DraftClaim]:
    """The gap between two yields of one session: the 10-year and the bill, or the bond's."""
    key, m = seen
    long, short, gap = ("ten_year", "bill", "curve_ten_bill")
    names = ("10-year", "13-week bill")
    if bond:
        long, short, gap = ("thirty_year", "ten_year", "curve_thirty_ten")
        names = ("30-year", "10-year")
    if gap not in m.figures:
        return []
    side = moved(m, gap, "above", "below")
    text = (
        f"At the close of {{{key}.session}} the {names[0]} Treasury yield of {{{key}.{long}}} "
        f"stood {{{key}.{gap}_basis_points}} {side} the {names[1]} yield of {{{key}.{short}}} "
        f"[{key}]."
    )
    return [claim("summary", text, key)]


def extremes(seen: Seen, asked: str) -> list[DraftClaim]:
    """The best and the worst day of a window, or the one of them that is asked about."""
    key, m = seen
    if "best_day" not in m.figures:
        return []
    best = re.search(
        r"\b(best|strongest|(biggest|largest) (\S+ )?(gain|rise|rally|jump))", asked, re.I
    )
    worst = re.search(r"\b(worst|weakest|steepest|(fall|drop|loss|decline))", asked, re.I)
    wanted = [n for n, found in (("best", best), ("worst", worst)) if found] or ["best", "worst"]
    claims = []
    for which in wanted:
        verb = moved(m, f"{which}_day", "gained", "lost")
        text = (
            f"Between the closes of {{{key}.start_date}} and {{{key}.end_date}}, the {which} day "
            f"of {_name(m)} was {{{key}.{which}_day_date:long}}: it {verb} {{{key}.{which}_day}}, "
            f"close to close [{key}]."
        )
        claims.append(claim("summary", text, key))
    return claims


@_tells("annual_return")
def annual(key: str, m: Metric) -> str:
    """The yearly rate that compounds to the return of a window of several years."""
    verb = moved(m, "annual_return", "gained", "lost")
    return (
        f"Compounded, {_name(m)} {verb} {{{key}.annual_return}} a year from the close of "
        f"{{{key}.start_date}} to that of {{{key}.end_date}}, on price alone"
    )


@_tells("total_return")
def total(key: str, m: Metric) -> str:
    """The return with dividends beside the one on price."""
    return (
        f"With dividends reinvested, by the adjusted closes from {{{key}.start_date}} to "
        f"{{{key}.end_date}}, the total return of {_name(m)} was {{{key}.total_return:+}}, against "
        f"{{{key}.return:+}} on price alone"
    )


def yield_change(seen: Seen, symbol: str) -> list[DraftClaim]:
    """How many basis points a yield moved over a window, from which level to which."""
    key, m = seen
    name = _YIELDS.get(symbol)
    if name is None or f"{name}_since" not in m.figures:
        return []
    verb = moved(m, f"{name}_since", "rose", "fell")
    text = (
        f"{cap(named(symbol).spoken)} {verb} {{{key}.{name}_since}}, from "
        f"{{{key}.{name}_before}} at the close of {{{key}.{name}_before_date}} to "
        f"{{{key}.{name}_now}} at that of {{{key}.session}} [{key}]."
    )
    return [claim("summary", text, key)]


def credit(seen: Seen) -> list[DraftClaim]:
    """High yield over investment grade: the ratio against its average, and over the window."""
    key, m = seen
    high, grade = m.symbols[:2]
    text = (
        f"The {high}/{grade} ratio, a proxy for credit appetite and no spread, was {{{key}.ratio}} "
    )
    text += f"at the close of {{{key}.session}}"
    if "ratio_distance_50" in m.figures:
        side = moved(m, "ratio_distance_50", "above", "below")
        text += f", {{{key}.ratio_distance_50}} {side} its 50-day average of "
        text += f"{{{key}.ratio_average_50}}"
    claims = [claim("summary", f"{text} [{key}].", key)]
    if m.window:
        lead = moved(m, "relative_return", "ahead", "behind")
        moves = (
            f"{cap(from_close_before(m.window.start, str(m.window.end)))} {high} made "
            f"{{{key}.high_yield_return:+}} and {grade} {{{key}.investment_grade_return:+}}: "
            f"{{{key}.relative_return}} {lead} [{key}]."
        )
        claims.append(claim("summary", moves, key))
    return claims


def breadth(seen: Seen) -> list[DraftClaim]:
    """How many of the members stand above their averages, and how many rose."""
    key, m = seen
    claims = []
    for n in (50, 200):
        if f"above_{n}" in m.figures:
            text = (
                f"At the close of {{{key}.session}}, {{{key}.above_{n}_count}} of "
                f"{{{key}.members_{n}}} sector funds ({{{key}.above_{n}:.0}}) stood above their "
                f"{n}-day average [{key}]."
            )
            claims.append(claim("summary", text, key))
    if "rose" in m.figures and m.window:
        text = (
            f"{{{key}.rose}} of {{{key}.members_rose}} sector funds rose "
            f"{from_close_before(m.window.start, f'{{{key}.session}}')} [{key}]."
        )
        claims.append(claim("summary", text, key))
    return claims


@_tells("mean", "base_mean", section="base_rates")
def season_alone(key: str, m: Metric) -> str:
    """How an instrument did in a season of each year, beside any as many sessions."""
    return (
        f"{cap(of_seasons(key, m))}, {_name(m)} averaged {{{key}.mean:+}}, above zero in "
        f"{{{key}.share_up:.0}} of them; any as many sessions of its history averaged "
        f"{{{key}.base_mean:+}}, above zero in {{{key}.base_share_up:.0}}"
    )


def followed(seen: Seen, asked: str) -> DraftClaim:
    """What followed earlier crosses, streaks or highs, beside what always followed."""
    key, m = seen
    kinds = (("cross", "crosses"), ("streak|in a row", "streaks"), ("high|breakout", "highs"))
    kind = next((plural for said, plural in kinds if re.search(said, asked, re.I)), "episodes")
    text = (
        f"The {{{key}.n_63}} earlier {kind} of this kind in {_name(m)} were followed by a median "
        f"of {{{key}.median_63:+}} over 63 sessions, {{{key}.share_up_63:.0}} of them above zero; "
        f"any 63 sessions gave {{{key}.base_median_63:+}} and {{{key}.base_share_up_63:.0}} "
        f"[{key}]."
    )
    return claim("base_rates", text, key)


def session_of(metric: Metric) -> date | None:
    """The session that a metric looks at."""
    figure = metric.figures.get("session")
    return figure.value if figure and isinstance(figure.value, date) else None

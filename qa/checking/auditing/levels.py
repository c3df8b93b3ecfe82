"""Readings of a level: a close, an open, a high or low, a mark that was passed, an average."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from qa.checking.auditing import periods as spans
from qa.checking.auditing.agreement import Reading, agrees, level, percent, pointed
from qa.checking.auditing.bench import Bench, require_long
from qa.checking.auditing.history import History
from qa.checking.auditing.periods import Period
from qa.checking.auditing.published import STANDS, PublishedClaim
from qa.errors import NotAvailable, NotEnoughHistory

NEAR_CLOSE = 0.0015  # share of the close within which a price of the day is a late print of it
_FAR = 0.5  # of the close: what lies beyond it, or its inverse, is a level of something else
_CUT_OFF = 0.5  # points by which a level that is cut off lies off the one that is rounded
_ROUND_POINTS = 0.02  # share by which a round number of points may lie off
_OTHER_HOUR = 0.02  # points by which a yield quoted at another hour may differ


def days_of(claim: PublishedClaim, bench: Bench, h: History) -> list[int]:
    """The rows that a level may be of: the days named, ends of periods, or the last sessions."""
    rows: list[int] = []
    for period in (*claim.told, *claim.periods):
        if period.kind == "day":
            rows.append(bench.row_of(h, period.start))
        elif period.kind == "calendar":
            rows += bench.lasts(h, period)
    return rows or list(bench.ends(h))


def event_rows(claim: PublishedClaim, bench: Bench, h: History) -> list[int]:
    """The rows on which an event is said to have happened, in order."""
    rows: set[int] = set()
    for period in (*claim.told, *claim.periods):
        if period.kind == "day":
            rows.add(bench.row_of(h, period.start))
        elif period.kind == "calendar":
            rows |= set(range(h.row_from(period.start), h.reached(period.end) + 1))
    return sorted(r for r in rows if r >= 0) or sorted(set(bench.ends(h)))


def _close(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    h = bench.history(claim.subject or "")
    rows = days_of(claim, bench, h)
    for row in rows:
        value = float(h.close[row])
        yield Reading(f"close of {h.day(row)}", level(value), agrees(claim, value), day=h.day(row))
    stated = claim.stated.value if claim.stated else None
    for row in rows:
        close = float(h.close[row])
        if stated and h.inside(row, stated) and abs(stated / close - 1) <= NEAR_CLOSE:
            words = f"a price inside the day's range of {h.day(row)}, not its close"
            yield Reading(words, level(close), True, False, h.day(row))
        if stated and claim.nearly:
            words = f"close of {h.day(row)}, taken as near within one percent"
            yield Reading(words, level(close), 0 <= 1 - close / stated <= 0.01, False, h.day(row))


def _level(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A level that isn't said to be a close: the close, then any price of the day."""
    h = bench.history(claim.subject or "")
    stated = claim.stated.value if claim.stated else None
    moment = claim.basis == "intraday"
    rows = days_of(claim, bench, h)
    if stated is None or not _FAR < stated / float(h.close[rows[0]]) < 1 / _FAR:
        raise NotAvailable(f"{claim.asserted} is no level that {h.symbol} was near")
    for row in rows:
        value = float(h.close[row])
        yield Reading(f"close of {h.day(row)}", level(value), agrees(claim, value), day=h.day(row))
        if stated and h.low is not None and h.high is not None:
            words = f"intraday range of {h.day(row)}"
            actual = f"{level(float(h.low[row]))} to {level(float(h.high[row]))}"
            inside = h.inside(row, stated, 0.005)
            if not moment and h.day(row) != bench.published:  # a price that has a name, or none
                ends = (float(h.low[row]), float(h.high[row]), h.opened(row) or value)
                late = abs(stated / value - 1) <= NEAR_CLOSE
                inside = inside and (late or any(agrees(claim, end, 0.005) for end in ends))
            yield Reading(words, actual, inside, moment, h.day(row))


def _open(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    h = bench.history(claim.subject or "")
    for row in days_of(claim, bench, h):
        value = h.opened(row)
        if value is None:
            raise NotAvailable(f"{h.symbol} has no opens of its own around {h.day(row)}")
        yield Reading(f"open of {h.day(row)}", level(value), agrees(claim, value), day=h.day(row))


def _base(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A level that a move is told from: the close before, or that of the day named."""
    h = bench.history(claim.subject or "")
    rows = [h.row(p.start) for p in claim.periods if p.kind in ("between", "day")]
    rows += [row - 1 for row in bench.ends(h)]
    for period in _begun(claim, bench):
        first = h.row_from(period.start)
        if first < len(h):
            rows += [first - 1, first]
            opened = h.opened(first)
            if opened is not None:
                words = f"open of {h.day(first)}"
                yield Reading(words, level(opened), agrees(claim, opened), day=h.day(first))
    for row in rows:
        if row >= 0:
            value = float(h.close[row])
            yield Reading(
                f"close of {h.day(row)}", level(value), agrees(claim, value), day=h.day(row)
            )


def _begun(claim: PublishedClaim, bench: Bench) -> tuple[Period, ...]:
    """The periods that a level is told from the beginning of: "it started the week at 19.86"."""
    if claim.words in ("week", "month", "quarter", "year"):
        now = bench.published
        return {
            "week": (spans.week(now), spans.week(now, 1)),
            "month": (spans.month(now), spans.month(now, 1)),
            "quarter": (spans.quarter_back(now), spans.quarter_back(now, 1)),
            "year": (spans.year(now, now.year), spans.year(now, now.year - 1)),
        }[claim.words]
    return tuple(p for p in claim.periods if p.kind == "calendar")


def _extreme(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """A high or a low: of all time, of 52 weeks, of a calendar period, or of days."""
    h = bench.history(claim.subject or "")
    event = any(p.kind in ("day", "calendar") and p.unit in ("day", "week") for p in claim.periods)
    for first, last, words in _scopes(claim, bench, h):
        closes = h.close[first : last + 1]
        at = first + int(closes.argmin() if claim.side == "low" else closes.argmax())
        value = float(h.close[at])
        closing = Reading(
            f"{'lowest' if claim.side == 'low' else 'highest'} close {words} ({h.day(at)})",
            level(value),
            agrees(claim, value) and _when_said(claim, h, at),
            claim.basis != "intraday",
            h.day(at),
        )
        traded = h.lowest(first, last) if claim.side == "low" else h.highest(first, last)
        intraday = []
        if traded is not None:
            values = h.low if claim.side == "low" else h.high
            assert values is not None
            row = first + int((values[first : last + 1] == traded).argmax())
            intraday = [
                Reading(
                    f"intraday {claim.side} {words} ({h.day(row)})", level(traded),
                    agrees(claim, traded) and _when_said(claim, h, row),
                    claim.basis == "intraday" or (event and claim.basis != "close"), h.day(row),
                )
            ]  # fmt: skip
        if claim.basis == "close":
            intraday = [replace(r, standard=False) for r in intraday]
        yield from ([*intraday, closing] if claim.basis == "intraday" else [closing, *intraday])


def _when_said(claim: PublishedClaim, h: History, row: int) -> bool:
    """Whether an extreme fell on the days that the words give it, where they give any."""
    said = [p for p in claim.periods if p.kind in ("day", "calendar")]
    return not said or any(p.start <= h.day(row) <= p.end for p in said)


def _scopes(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[tuple[int, int, str]]:
    """The rows among which an extreme is sought, with their name."""
    said = [p for p in claim.periods if p.kind in ("day", "calendar")]
    if claim.words == "record":
        if not _below_another(claim, h, bench):
            require_long(h)
        then = set() if claim.count else {h.reached(p.end) for p in said}  # a record of those days
        for last in sorted(then or set(bench.ends(h)), reverse=True):
            yield 0, last, f"of all held since {h.first.year}"
        if not said and not STANDS.search(claim.lead):
            yield 0, max(0, bench.ends(h)[0] - 10), "of all held until ten sessions before"
    elif claim.words == "year":
        ends = {h.reached(p.end) for p in said if p.end < bench.published} | set(bench.ends(h))
        for last in sorted(ends, reverse=True):
            since = h.day(last) - relativedelta(years=1)
            if since < h.first:
                raise NotEnoughHistory(f"{h.symbol} has prices from {h.first} only, not 52 weeks")
            yield h.row_from(since), last, f"of the 52 weeks to {h.day(last)}"
    else:
        yield from told_days(claim, bench, h)


def _below_another(claim: PublishedClaim, h: History, bench: Bench) -> bool:
    """Whether a higher price is held than a record that is told: no long history is needed then."""
    said = claim.stated.value if claim.stated else None
    top = float(h.close[: bench.ends(h)[-1] + 1].max())
    return claim.side == "high" and said is not None and not claim.nearly and said < top - 1


def told_days(claim: PublishedClaim, bench: Bench, h: History) -> Iterator[tuple[int, int, str]]:
    """The first and the last row of each window of a claim, or its last sessions, in words."""
    periods: tuple[Period, ...] = claim.periods or bench.last_days(h)
    for period in periods:
        first, last = h.row_from(period.start), h.reached(period.end)
        if period.kind == "day":
            first = bench.row_of(h, period.start)
        if period.start < h.first or last < first:
            raise NotEnoughHistory(f"{h.symbol} has no prices for {period.words}")
        words = f"of {h.day(first)}" if first == last else f"of {h.day(first)} to {h.day(last)}"
        yield first, last, words


def _range(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The low and the high of a day or of some days."""
    h = bench.history(claim.subject or "")
    year = re.search(r"(?:(?:52|fifty-two)-week|one-year|12-month)(?: [a-z]+)? range", claim.words)
    scopes = _scopes(replace(claim, words="year"), bench, h) if year else told_days(claim, bench, h)
    closing = "closing" in claim.words
    for first, last, words in scopes:
        intraday = range_reading(claim, h, first, last, words)
        yield replace(intraday, standard=not closing)
        whole = claim.stated is not None and not claim.stated.decimals
        if whole and range_reading(claim, h, first, last, words, _CUT_OFF).holds:
            cut = f"{intraday.definition}, its ends cut off to whole numbers"
            yield replace(intraday, definition=cut, holds=True, standard=False)
        closes = h.close[first : last + 1]
        holds = _ends_are(claim, float(closes.min()), float(closes.max()))
        told = f"{level(float(closes.min()))} to {level(float(closes.max()))}"
        yield Reading(f"closing range {words}", told, holds, closing, h.day(last))


def _ends_are(claim: PublishedClaim, low: float, high: float, slack: float = 0.01) -> bool:
    first, second = replace(claim, partner=None), replace(claim, stated=claim.partner, partner=None)
    return agrees(first, low, slack) and agrees(second, high, slack)


def range_reading(
    claim: PublishedClaim, h: History, first: int, last: int, words: str, slack: float = 0.01
) -> Reading:
    """Whether the two ends stated are the lowest and the highest price of some days."""
    low, high = h.lowest(first, last), h.highest(first, last)
    if low is None or high is None:
        raise NotAvailable(f"{h.symbol} has no highs and lows")
    assert claim.stated is not None
    assert claim.partner is not None
    told = f"{level(low)} to {level(high)}"
    return Reading(
        f"intraday range {words}", told, _ends_are(claim, low, high, slack), day=h.day(last)
    )


def _yield(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """The level of a yield: its close, or within what another hour's quote may differ."""
    h = bench.history(claim.subject or "")
    stated = claim.stated.value if claim.stated else None
    moment = claim.basis == "intraday"
    for row in days_of(claim, bench, h):
        value, day = float(h.close[row]), h.day(row)
        yield Reading(f"close of {day}", f"{value:.2f}%", agrees(claim, value), day=day)
        words = f"close of {day}, within {_OTHER_HOUR:.2f} for a quote of another hour"
        yield Reading(words, f"{value:.2f}%", agrees(claim, value, _OTHER_HOUR), day=day)
        if stated is not None and h.inside(row, abs(stated), 0.005):
            yield Reading(f"inside the day's range of {day}", f"{value:.2f}%", True, moment, day)


def averaged(h: History, row: int, n: int) -> float:
    """The mean of the last n closes."""
    if row + 1 < n:
        raise NotEnoughHistory(f"{h.symbol} has fewer than {n} sessions by {h.day(row)}")
    return float(h.close[row + 1 - n : row + 1].mean())


def exponential(h: History, row: int, n: int) -> float:
    """The exponential average of the closes with a span of n, begun four spans before."""
    import pandas as pd

    closes = pd.Series(h.close[max(0, row + 1 - 4 * n) : row + 1])
    return float(closes.ewm(span=n, adjust=False).mean().iloc[-1])


def _average(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    h = bench.history(claim.subject or "")
    for row in days_of(claim, bench, h):
        value = averaged(h, row, claim.count)
        words = f"mean of the {claim.count} closes to {h.day(row)}"
        # A cent either way: what is worked out is often cut off and not rounded.
        yield Reading(words, level(value), agrees(claim, value, 0.01), day=h.day(row))
        if row:
            before = averaged(h, row - 1, claim.count)
            words = f"mean of the {claim.count} closes to {h.day(row - 1)}, the session before"
            yield Reading(words, level(before), agrees(claim, before, 0.01), False, h.day(row - 1))
        smoothed = exponential(h, row, claim.count)
        words = f"exponential average over {claim.count} closes to {h.day(row)}"
        yield Reading(words, level(smoothed), agrees(claim, smoothed, 0.01), False, h.day(row))


def _distance(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """How far the close stands from an average, in percent or in points."""
    h = bench.history(claim.subject or "")
    for row in days_of(claim, bench, h):
        sign = -1 if claim.side == "low" else 1
        if claim.stated is not None and claim.stated.unit == "points":
            value = float(h.close[row]) - averaged(h, row, claim.count)
            words = f"close of {h.day(row)} less the mean of {claim.count} closes"
            told, slack = f"{value:+,.2f} points", abs(value) * _ROUND_POINTS
            if claim.stated.decimals or (claim.stated.value or 0) % 10:
                slack = 0.0
            holds = agrees(pointed(claim, sign), value, slack)
            yield Reading(words, told, holds, day=h.day(row))
            continue
        value = (float(h.close[row]) / averaged(h, row, claim.count) - 1) * 100
        words = f"close of {h.day(row)} over the mean of {claim.count} closes"
        yield Reading(words, percent(value), agrees(pointed(claim, sign), value), day=h.day(row))


def _cross(claim: PublishedClaim, bench: Bench) -> Iterator[Reading]:
    """On which side of an average the close is; passed: by it or a price, from the other side."""
    h = bench.history(claim.subject or "")
    low = claim.side == "low"
    for row in days_of(claim, bench, h):
        value, before = averaged(h, row, claim.count), averaged(h, row - 1, claim.count)
        beyond = h.close[row] < value if low else h.close[row] > value
        came = h.close[row - 1] >= before if low else h.close[row - 1] <= before
        actual = f"close {level(float(h.close[row]))}, average {level(value)}"
        words = f"close of {h.day(row)} against the mean of {claim.count} closes"
        usual = bool(came) or claim.words == "stays"
        yield Reading(words, actual, bool(beyond), usual, h.day(row))
        traded = h.lowest(row, row) if low else h.highest(row, row)
        if traded is not None and claim.basis != "close":
            passed = traded < value if low else traded > value
            words = f"a price of {h.day(row)} against the mean of {claim.count} closes"
            yield Reading(words, actual, passed, False, h.day(row))


LEVELS = {
    "close": _close,
    "level": _level,
    "open": _open,
    "base": _base,
    "extreme": _extreme,
    "range": _range,
    "yield": _yield,
    "average": _average,
    "distance": _distance,
    "cross": _cross,
}

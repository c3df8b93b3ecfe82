"""The metrics by name, and how each is computed from a tape.

The shell, Python, the agent's tools and a replay all compute through `compute`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from qa.domain import Metric
from qa.errors import BadDate, NotAvailable, UsageError
from qa.market.arguments import (
    Arguments,
    BaseRatesArguments,
    BreadthArguments,
    CompareArguments,
    CreditArguments,
    DrawdownArguments,
    OutlookArguments,
    PerformanceArguments,
    RatesArguments,
    SeasonalityArguments,
    SectorsArguments,
    SignalsArguments,
    TargetArguments,
    TechnicalsArguments,
    ValuationArguments,
    VolatilityArguments,
)
from qa.market.baserates import base_rates
from qa.market.breadth import breadth
from qa.market.compare import compare
from qa.market.credit import credit
from qa.market.drawdown import drawdown
from qa.market.fed_funds import contracts
from qa.market.instruments import SECTORS, named
from qa.market.outlook import outlook
from qa.market.performance import performance
from qa.market.price_rows import Beside
from qa.market.prices import Prices
from qa.market.rates import rates
from qa.market.rule_words import read_rule
from qa.market.rules import USUAL
from qa.market.seasonality import seasonality
from qa.market.sectors import sectors
from qa.market.signals import signals
from qa.market.tape import Tape
from qa.market.target import target
from qa.market.technicals import technicals
from qa.market.valuation import fund_of, valuation
from qa.market.volatility import volatility

IMPLIED = {"^GSPC": "^VIX", "SPY": "^VIX", "^RUT": "^RVX", "IWM": "^RVX"}
YIELDS = ("^IRX", "^FVX", "^TNX", "^TYX")
A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True)
class Entry(Generic[A]):
    """A metric of the catalog."""

    name: str
    summary: str
    arguments: type[A]
    run: Callable[[Tape, A], Metric]
    computes: Callable[..., Metric]

    @property
    def definition(self) -> str:
        """What each of its figures is, as the function that computes it says."""
        return inspect.getdoc(self.computes) or ""


def _performance(tape: Tape, a: PerformanceArguments) -> Metric:
    benchmark = tape.history(a.benchmark) if a.benchmark and a.benchmark != a.symbol else None
    return performance(
        tape.history(a.symbol),
        benchmark,
        start=a.start,
        end=_end(tape, a.end),
        basis=a.basis,
        as_of=tape.as_of,
    )


def _compare(tape: Tape, a: CompareArguments) -> Metric:
    return compare(
        tape.history(a.symbol),
        tape.history(a.benchmark),
        start=a.start,
        end=_end(tape, a.end),
        basis=a.basis,
        as_of=tape.as_of,
    )


def _volatility(tape: Tape, a: VolatilityArguments) -> Metric:
    implied = IMPLIED.get(a.symbol)
    return volatility(
        tape.history(a.symbol),
        _if_held(tape, implied),
        start=a.start,
        end=_end(tape, a.end),
        as_of=tape.as_of,
        window=a.window,
    )


def _drawdown(tape: Tape, a: DrawdownArguments) -> Metric:
    return drawdown(tape.history(a.symbol), start=a.start, end=_end(tape, a.end), as_of=tape.as_of)


def _rates(tape: Tape, a: RatesArguments) -> Metric:
    on = _end(tape, a.on)
    held = [tape.history(s) for s in YIELDS if tape.holds(s)]
    lasts = [y.last for y in (y.until(on) for y in held) if not y.frame.empty]
    strip = _listed(tape, contracts(max(lasts, default=on)))
    return rates(
        held,
        [tape.history(s) for s in strip if tape.holds(s)],
        on=on,
        since=a.since,
        as_of=tape.as_of,
        target_low=a.target_low,
        target_high=a.target_high,
    )


def _listed(tape: Tape, symbols: Collection[str]) -> list[str]:
    """Those of the symbols that the source may have; one without a list is asked for all at once.

    Fed funds futures are fourteen symbols: one after the other, they would take a live source long.
    """
    if tape.symbols:
        return [s for s in symbols if s in tape.symbols]
    tape.source.prefetch(symbols)
    return list(symbols)


def _credit(tape: Tape, a: CreditArguments) -> Metric:
    return credit(
        tape.history(a.high_yield),
        tape.history(a.investment_grade),
        _if_held(tape, a.treasuries),
        start=a.start,
        end=_end(tape, a.end),
        as_of=tape.as_of,
    )


def _breadth(tape: Tape, a: BreadthArguments) -> Metric:
    members = [tape.history(s) for s in a.symbols if tape.holds(s)]
    return breadth(
        members,
        _if_held(tape, a.equal),
        _if_held(tape, a.cap),
        start=a.start,
        end=_end(tape, a.end),
        as_of=tape.as_of,
    )


def _if_held(tape: Tape, symbol: str | None) -> Prices | None:
    return tape.history(symbol) if symbol and tape.holds(symbol) else None


def _technicals(tape: Tape, a: TechnicalsArguments) -> Metric:
    return technicals(
        tape.history(a.symbol),
        _if_held(tape, IMPLIED.get(a.symbol)),
        on=_end(tape, a.on),
        as_of=tape.as_of,
    )


def _sectors(tape: Tape, a: SectorsArguments) -> Metric:
    held = [tape.history(s) for s in SECTORS if tape.holds(s)]
    if not held:
        raise NotAvailable(
            f"The {tape.source.name} holds no sector funds with prices up to {tape.as_of}."
        )
    return sectors(
        held,
        tape.history(a.benchmark) if a.benchmark else _if_held(tape, "^GSPC"),
        start=a.start,
        end=_end(tape, a.end),
        as_of=tape.as_of,
    )


def _target(tape: Tape, a: TargetArguments) -> Metric:
    return target(
        tape.history(a.symbol),
        target=a.target,
        claimed=a.claimed,
        on=_end(tape, a.on),
        said_on=_end(tape, a.said_on) if a.said_on else None,
        as_of=tape.as_of,
    )


def _valuation(tape: Tape, a: ValuationArguments) -> Metric:
    asked = (a.symbol, a.benchmark) if a.benchmark and a.benchmark != a.symbol else (a.symbol,)
    funds = dict.fromkeys(fund_of(symbol) for symbol in asked)
    return valuation(
        *(tape.ratios(fund) for fund in funds), kind=a.kind, as_of=tape.as_of, asked=asked
    )


def _base_rates(tape: Tape, a: BaseRatesArguments) -> Metric:
    return base_rates(
        tape.history(a.symbol),
        _usual(tape, a.symbol, a.benchmark),
        kind=a.kind,
        start=a.start,
        end=_end(tape, a.end),
        window=a.window,
        move=a.move,
        lead=a.lead,
        streak=a.streak,
        as_of=tape.as_of,
    )


def _seasonality(tape: Tape, a: SeasonalityArguments) -> Metric:
    return seasonality(
        tape.history(a.symbol),
        _usual(tape, a.symbol, a.benchmark),
        season=a.season,
        end=_end(tape, a.end),
        as_of=tape.as_of,
    )


def _outlook(tape: Tape, a: OutlookArguments) -> Metric:
    beside = Beside(
        benchmark=_usual(tape, a.symbol, a.benchmark),
        sectors=tuple(tape.history(s) for s in SECTORS if tape.holds(s)),
        ten_year=_if_held(tape, "^TNX"),
        high_yield=_if_held(tape, "HYG"),
        investment_grade=_if_held(tape, "LQD"),
    )
    return outlook(tape.history(a.symbol), beside, end=_end(tape, a.end), as_of=tape.as_of)


def _usual(tape: Tape, symbol: str, benchmark: str | None) -> Prices | None:
    """The benchmark asked for, or else the symbol's usual one where the source has it."""
    if benchmark and benchmark != symbol:
        return tape.history(benchmark)
    return _if_held(tape, named(symbol).benchmark)


def _signals(tape: Tape, a: SignalsArguments) -> Metric:
    rules = tuple(read_rule(words) for words in a.rules) or None
    needed = dict.fromkeys(s for rule in rules or USUAL.values() for s in rule.symbols)
    return signals(
        tape.history(a.symbol),
        tape.history(a.benchmark) if a.benchmark else _if_held(tape, named(a.symbol).benchmark),
        [tape.history(s) for s in needed if tape.holds(s)],
        rules=rules,
        as_of=tape.as_of,
    )


CATALOG: dict[str, Entry[Any]] = {
    entry.name: entry
    for entry in (
        Entry(
            "performance",
            "Return, points, volatility and drawdown over a window, beside a benchmark.",
            PerformanceArguments,
            _performance,
            performance,
        ),
        Entry(
            "compare",
            "Two instruments: relative return, ratio, beta, correlation and streaks.",
            CompareArguments,
            _compare,
            compare,
        ),
        Entry(
            "volatility",
            "Daily and annualised volatility, rolling, against its own history and the implied.",
            VolatilityArguments,
            _volatility,
            volatility,
        ),
        Entry(
            "drawdown",
            "How far below its record an instrument is, and the deepest fall in a window.",
            DrawdownArguments,
            _drawdown,
            drawdown,
        ),
        Entry(
            "rates",
            "Treasury yields, their moves, the curve, and the path that fed funds futures imply.",
            RatesArguments,
            _rates,
            rates,
        ),
        Entry(
            "credit",
            "High-yield against investment-grade bond funds, a proxy for credit appetite.",
            CreditArguments,
            _credit,
            credit,
        ),
        Entry(
            "breadth",
            "The share of instruments above their averages, and equal against cap weight.",
            BreadthArguments,
            _breadth,
            breadth,
        ),
        Entry(
            "technicals",
            "Close, 20/50/200-day averages and crosses, RSI, realised volatility, 52-week range.",
            TechnicalsArguments,
            _technicals,
            technicals,
        ),
        Entry(
            "sectors",
            "Moves of the eleven sectors: dispersion, leaders, cyclical against defensive.",
            SectorsArguments,
            _sectors,
            sectors,
        ),
        Entry(
            "target",
            "The upside a price target implies, and which level a claimed upside fits.",
            TargetArguments,
            _target,
            target,
        ),
        Entry(
            "valuation",
            "Trailing or forward P/E of a fund or stock today, and its discount to another.",
            ValuationArguments,
            _valuation,
            valuation,
        ),
        Entry(
            "base_rates",
            "What followed earlier moves, streaks, highs or crosses like the present one, with n, "
            "the unconditional rate and an interval.",
            BaseRatesArguments,
            _base_rates,
            base_rates,
        ),
        Entry(
            "seasonality",
            "January effect, turn of the year, midterm years, any month or window: mean, hit rate, "
            "t and p, corrected for many looks.",
            SeasonalityArguments,
            _seasonality,
            seasonality,
        ),
        Entry(
            "outlook",
            "The price-based scorecard, its odds for the next 63 sessions, and their track record.",
            OutlookArguments,
            _outlook,
            outlook,
        ),
        Entry(
            "signals",
            "Rules that would change the verdict: state, distance, and when they last triggered.",
            SignalsArguments,
            _signals,
            signals,
        ),
    )
}


def compute(tape: Tape, name: str, arguments: Mapping[str, Any]) -> Metric:
    """Compute one metric of the catalog; raises UsageError or ToolError, each saying why."""
    entry = CATALOG.get(name)
    if entry is None:
        raise UsageError(f"There is no metric {name!r}; there are {', '.join(CATALOG)}.")
    try:
        parsed = entry.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"{name}: the argument {where!r} can't be used: {first['msg']}."
        ) from error
    return entry.run(tape, parsed)


def _end(tape: Tape, asked: date | None) -> date:
    """The asked day, or the as-of date; a later one is refused."""
    if asked is not None and asked > tape.as_of:
        raise BadDate(f"{asked} is after the as-of date {tape.as_of}; nothing later can be used.")
    return asked or tape.as_of

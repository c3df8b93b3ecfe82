"""What is paid for earnings: the P/E of a fund or a stock, beside that of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date
from typing import Literal

from qa.domain import Figure, Metric
from qa.errors import NotAvailable
from qa.market.instruments import BY_SYMBOL, kin, named
from qa.market.measure import change, day, make_metric, percent
from qa.market.prices import Ratios
from qa.market.sessions import spoken

Kind = Literal["trailing", "forward"]
# The measures that may be shown for a kind, the best first; no two are compared with each other.
MEASURES: Mapping[Kind, Mapping[str, str]] = {
    "trailing": {
        "trailing_pe": "trailing P/E, price over the earnings of the last twelve months",
        "holdings_pe": "P/E of the shares that the fund holds",
    },
    "forward": {"forward_pe": "forward P/E, price over the earnings expected for a year"},
}
OTHERS = ("price_to_book", "price_to_sales", "price_to_cash_flow")
MORE_FUNDS = {"^NDX": "QQQ", "^DJI": "DIA"}


def fund_of(symbol: str) -> str:
    """The symbol whose ratios are meant: an index has none, so the fund that stands for it does.

    Raises NotAvailable for an index without such a fund, and for a yield or a volatility.
    """
    kind = named(symbol).kind
    if kind == "fund":
        return symbol
    stands = (other for other in sorted(kin(symbol)) if named(other).kind == "fund")
    found = MORE_FUNDS.get(symbol) or next(stands, None)
    if found is None or kind != "index":
        raise NotAvailable(
            f"{symbol} has no P/E and no fund is known to stand for it: give the symbol of a fund "
            "or a stock, such as IWM."
        )
    return found


def valuation(
    own: Ratios,
    benchmark: Ratios | None = None,
    *,
    kind: Kind = "trailing",
    as_of: date,
    asked: Sequence[str] = (),
) -> Metric:
    """The P/E of an instrument, and how far it lies from that of a benchmark.

    `pe` (multiple) and `session`; `price_to_book`, `price_to_sales` and `price_to_cash_flow`
    (multiples) where they are given; with a benchmark the same as `NAME_benchmark`, `pe_ratio`, the
    one P/E over the other, and `discount` (percent), that ratio less one: negative when the
    instrument is the cheaper. The two P/Es are of one measure; if the instruments have none in
    common, ratio and discount are left out and a note that begins with "No " says so. `asked` are
    the symbols that were asked for, where a fund stands for an index. Raises NotAvailable for
    ratios of a session after `as_of`, and when the source gives no such P/E.
    """
    given = [own, *([benchmark] if benchmark else [])]
    for ratios in given:
        if ratios.session > as_of:
            raise NotAvailable(
                f"The ratios of {ratios.symbol} are those of {ratios.session}, not those of "
                f"{as_of}: ask search_commentary for what analysts wrote by then."
            )
    asked = tuple(asked) or tuple(ratios.symbol for ratios in given)
    mine = _measures(own, kind)
    if not mine:
        raise NotAvailable(
            f"{own.source} gives no {kind} P/E of {own.symbol}: ask search_commentary for what "
            f"analysts wrote{', or for the trailing one' if kind == 'forward' else ''}."
        )
    measure, versus, untold = _against(own, benchmark, mine, kind)
    figures = {"pe": _multiple(own.values[measure]), **_others(own), **versus}
    days = [ratios.session for ratios in given]
    return make_metric(
        "valuation",
        {"symbol": asked[0], "benchmark": asked[1] if len(asked) > 1 else None, "kind": kind},
        given,
        figures={**figures, "session": day(own.session)},
        definition=_definition(given, measure, kind, figures),
        window=(min(days), max(days), None),
        as_of=as_of,
        notes=[*_stand_ins(asked, given), *untold, *_caveats(given)],
    )


def _measures(ratios: Ratios, kind: Kind) -> list[str]:
    """The measures of a kind that are given, the best first."""
    return [name for name in MEASURES[kind] if name in ratios.values]


def _against(
    own: Ratios, benchmark: Ratios | None, mine: Sequence[str], kind: Kind
) -> tuple[str, dict[str, Figure], list[str]]:
    """The measure to show, the figures beside a benchmark, and why some are left out."""
    if benchmark is None:
        return mine[0], {}, []
    theirs = _measures(benchmark, kind)
    if not theirs:
        return mine[0], {}, [f"No comparison: no {kind} P/E of {benchmark.symbol} is given."]
    shared = next((name for name in mine if name in theirs), None)
    level = benchmark.values[shared or theirs[0]]
    figures = {"pe_benchmark": _multiple(level)}
    figures |= {f"{name}_benchmark": figure for name, figure in _others(benchmark).items()}
    if shared is None:
        words = MEASURES[kind]
        why = (
            f"No ratio and no discount: one P/E ({own.symbol}) is the {words[mine[0]]}, the other "
            f"({benchmark.symbol}) the {words[theirs[0]]}, and the two don't compare."
        )
        return mine[0], figures, [why]
    pe = own.values[shared]
    figures["pe_ratio"] = Figure(value=pe / level, unit="ratio", decimals=2)
    figures["discount"] = percent(change(pe, level))
    return shared, figures, []


def _others(ratios: Ratios) -> dict[str, Figure]:
    return {name: _multiple(ratios.values[name]) for name in OTHERS if name in ratios.values}


def _multiple(value: float) -> Figure:
    return Figure(value=float(value), unit="multiple", decimals=1)


def _definition(
    given: Sequence[Ratios], measure: str, kind: Kind, figures: Mapping[str, Figure]
) -> str:
    own = given[0]
    parts = [
        f"{own.symbol} on {spoken(own.session)}: {MEASURES[kind][measure]}, as {own.source} gave "
        f"it at {own.retrieved.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    ]
    if "discount" in figures:
        parts.append(
            f"pe_ratio: that P/E over the one of {given[1].symbol}; discount: that ratio less one, "
            f"negative when {own.symbol} is the cheaper"
        )
    return "; ".join(parts) + "."


def _stand_ins(asked: Sequence[str], given: Sequence[Ratios]) -> list[str]:
    """A sentence for every fund that stands for an index."""
    funds = [ratios.symbol for ratios in given]
    notes = []
    for symbol, fund in zip(asked, [*funds, funds[0]], strict=False):
        if symbol != fund:
            which = "the Nasdaq-100" if symbol == "^IXIC" else "it"
            notes.append(
                f"An index has no P/E of its own there: {fund}, a fund that follows {which}, "
                f"stands for {symbol}."
            )
    if len(asked) > len(given):
        notes.append(f"No comparison: {funds[0]} stands for both.")
    return notes


def _caveats(given: Sequence[Ratios]) -> list[str]:
    """What the P/Es don't say."""
    notes = []
    if len({ratios.session for ratios in given}) > 1:
        days = " and ".join(f"{ratios.symbol} of {ratios.session}" for ratios in given)
        notes.append(f"The ratios are of different sessions: {days}.")
    if funds := [ratios.symbol for ratios in given if ratios.symbol in BY_SYMBOL]:
        notes.append(
            f"How the P/E of {' and '.join(funds)} counts companies that make losses is not "
            "stated; among small companies they are many."
        )
    return notes

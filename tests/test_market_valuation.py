"""The P/E of one and of two: worked by hand, and refused where there is none to show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from market_toys import Toys, series, value, when

from qa.agent.tools import build_tools
from qa.domain import Metric
from qa.errors import NotAvailable, UsageError
from qa.market.catalog import compute
from qa.market.folder import FolderSource
from qa.market.prices import Ratios
from qa.market.sample import SampleSource
from qa.market.tape import Tape
from qa.market.valuation import fund_of, valuation

DAY = date(2026, 1, 23)
RETRIEVED = datetime(2026, 1, 23, 22, 0, tzinfo=UTC)
IWM = {"trailing_pe": 18.0, "price_to_book": 2.0}
SPY = {"trailing_pe": 24.0, "price_to_book": 5.0, "forward_pe": 21.0}


def ratios(symbol: str, values: Mapping[str, float], session: date = DAY) -> Ratios:
    return Ratios(symbol, values, session, "toy", RETRIEVED)


class Priced(Toys):
    """The toys, with ratios beside their prices; what was asked for is noted."""

    def __init__(self, **given: Mapping[str, float]) -> None:
        super().__init__(series([100.0, 101.0]))
        self._given = given
        self.asked: list[tuple[str, date]] = []

    def ratios(self, symbol: str, as_of: date) -> Ratios:
        self.asked.append((symbol, as_of))
        return ratios(symbol, self._given[symbol])


def ask(symbol: str, benchmark: str | None = None, **more: Any) -> Metric:
    given = {"symbol": symbol, **({"benchmark": benchmark} if benchmark else {}), **more}
    return compute(
        Tape(Priced(IWM=IWM, SPY=SPY, QQQ={"trailing_pe": 30.0}), DAY), "valuation", given
    )


def test_one_instrument_has_its_ratios_and_their_day() -> None:
    m = valuation(ratios("IWM", IWM), as_of=DAY)
    assert set(m.figures) == {"pe", "price_to_book", "session"}
    assert (value(m, "pe"), value(m, "price_to_book")) == (18.0, 2.0)
    assert {f.unit for n, f in m.figures.items() if n != "session"} == {"multiple"}
    assert when(m, "session") == "2026-01-23"
    assert m.definition == (
        "IWM on Friday 2026-01-23: trailing P/E, price over the earnings of the last twelve "
        "months, as toy gave it at 2026-01-23 22:00 UTC."
    )


def test_two_have_a_ratio_and_a_discount() -> None:
    m = valuation(ratios("IWM", IWM), ratios("SPY", SPY), as_of=DAY)
    # 18 over 24 is three quarters: a quarter below.
    assert (value(m, "pe_ratio"), value(m, "discount")) == (0.75, pytest.approx(-25.0))
    assert (value(m, "pe_benchmark"), value(m, "price_to_book_benchmark")) == (24.0, 5.0)
    assert (m.figures["pe_ratio"].unit, m.figures["discount"].unit) == ("ratio", "percent")
    assert "discount: that ratio less one, negative when IWM is the cheaper" in m.definition
    dear = valuation(ratios("SPY", SPY), ratios("IWM", IWM), as_of=DAY)
    assert value(dear, "discount") == pytest.approx(100 / 3)


def test_provenance_is_that_of_the_ratios() -> None:
    own, other = ratios("IWM", IWM), ratios("SPY", SPY)
    m = valuation(own, other, as_of=DAY)
    assert m.symbols == ("IWM", "SPY")
    assert (m.source, m.retrieved, m.as_of) == ("toy", RETRIEVED, DAY)
    assert m.series_hash == f"{own.series_hash}-{other.series_hash}"
    assert m.window is not None
    assert (m.window.start, m.window.end, m.window.basis) == (DAY, DAY, None)
    assert Metric.model_validate_json(m.model_dump_json()) == m


@pytest.mark.parametrize(
    "other",
    [
        ratios("IWM", IWM | {"trailing_pe": 18.01}),
        ratios("IWM", {"trailing_pe": 18.0}),
        ratios("IWM", {"forward_pe": 18.0, "price_to_book": 2.0}),
        ratios("IWM", IWM, date(2026, 1, 22)),
        ratios("IJR", IWM),
    ],
)
def test_other_ratios_have_another_hash(other: Ratios) -> None:
    assert other.series_hash != ratios("IWM", IWM).series_hash
    assert ratios("IWM", dict(reversed(IWM.items()))).series_hash == ratios("IWM", IWM).series_hash


def test_the_ratio_of_the_holdings_stands_in_and_is_named() -> None:
    m = valuation(ratios("IWM", {"holdings_pe": 17.9}), as_of=DAY)
    assert value(m, "pe") == 17.9
    assert "P/E of the shares that the fund holds" in m.definition


def test_two_are_compared_by_one_measure_only() -> None:
    both = {"trailing_pe": 18.0, "holdings_pe": 16.0}
    m = valuation(ratios("IWM", both), ratios("SPY", {"holdings_pe": 20.0}), as_of=DAY)
    assert (value(m, "pe"), value(m, "discount")) == (16.0, pytest.approx(-20.0))
    assert "shares that the fund holds" in m.definition
    apart = valuation(
        ratios("IWM", {"trailing_pe": 18.0}), ratios("SPY", {"holdings_pe": 20.0}), as_of=DAY
    )
    assert (value(apart, "pe"), value(apart, "pe_benchmark")) == (18.0, 20.0)
    assert not {"pe_ratio", "discount"} & set(apart.figures)
    assert any(n.startswith("No ratio and no discount: one P/E (IWM)") for n in apart.notes)


def test_a_benchmark_without_a_p_e_is_told() -> None:
    m = valuation(ratios("IWM", IWM), ratios("HYG", {}), as_of=DAY)
    assert set(m.figures) == {"pe", "price_to_book", "session"}
    assert "No comparison: no trailing P/E of HYG is given." in m.notes


def test_a_forward_p_e_is_given_only_where_the_source_has_it() -> None:
    m = valuation(ratios("SPY", SPY), kind="forward", as_of=DAY)
    assert value(m, "pe") == 21.0
    assert "forward P/E, price over the earnings expected for a year" in m.definition
    with pytest.raises(NotAvailable, match=r"toy gives no forward P/E of IWM: ask search_comm"):
        valuation(ratios("IWM", IWM), ratios("SPY", SPY), kind="forward", as_of=DAY)
    with pytest.raises(NotAvailable, match=r"no trailing P/E of HYG: ask search_commentary"):
        valuation(ratios("HYG", {"forward_pe": 9.0}), as_of=DAY)


@pytest.mark.parametrize("late", [0, 1])
def test_ratios_of_a_later_session_are_refused(late: int) -> None:
    days = [DAY, DAY]
    days[late] = date(2026, 1, 26)
    given = (ratios("IWM", IWM, days[0]), ratios("SPY", SPY, days[1]))
    with pytest.raises(NotAvailable, match="are those of 2026-01-26, not those of 2026-01-25"):
        valuation(*given, as_of=date(2026, 1, 25))
    m = valuation(*given, as_of=date(2026, 1, 26))
    assert any(n.startswith("The ratios are of different sessions: IWM of 2026") for n in m.notes)


@pytest.mark.parametrize(
    ("symbol", "fund"),
    [
        ("IWM", "IWM"),
        ("AAPL", "AAPL"),
        ("^RUT", "IWM"),
        ("^GSPC", "SPY"),
        ("^NDX", "QQQ"),
        ("^IXIC", "QQQ"),
        ("^DJI", "DIA"),
    ],
)
def test_a_fund_stands_for_an_index(symbol: str, fund: str) -> None:
    assert fund_of(symbol) == fund


@pytest.mark.parametrize("symbol", ["^VIX", "^TNX", "^FTSE"])
def test_what_has_no_earnings_has_no_fund(symbol: str) -> None:
    with pytest.raises(NotAvailable, match=r"has no P/E and no fund is known to stand for it"):
        fund_of(symbol)


def test_an_index_is_answered_by_its_fund_and_the_notes_say_so() -> None:
    m = ask("^rut", "^GSPC")
    assert m.symbols == ("IWM", "SPY")
    assert m.arguments == {"symbol": "^RUT", "benchmark": "^GSPC", "kind": "trailing"}
    start = "An index has no P/E of its own there: "
    assert m.notes[:2] == (
        f"{start}IWM, a fund that follows it, stands for ^RUT.",
        f"{start}SPY, a fund that follows it, stands for ^GSPC.",
    )
    assert "QQQ, a fund that follows the Nasdaq-100, stands for ^IXIC" in ask("^IXIC").notes[0]
    assert not any("stands for" in note for note in ask("IWM", "SPY").notes)


def test_a_fund_is_not_compared_with_its_own_index() -> None:
    m = ask("IWM", "^RUT")
    assert m.symbols == ("IWM",)
    assert "discount" not in m.figures
    assert "No comparison: IWM stands for both." in m.notes
    assert not any("No comparison" in note for note in ask("IWM", "iwm").notes)


def test_how_losses_are_counted_is_said_of_funds_and_not_of_a_stock() -> None:
    said = "counts companies that make losses is not stated"
    assert any(said in note for note in ask("IWM").notes)
    m = valuation(ratios("AAPL", {"trailing_pe": 30.0}), as_of=DAY)
    assert m.notes == ()


def test_the_metric_can_be_computed_again_from_what_it_says() -> None:
    tape = Tape(Priced(IWM=IWM, SPY=SPY), DAY)
    for given in ({"symbol": "^RUT", "benchmark": "SPY"}, {"symbol": "SPY", "kind": "forward"}):
        m = compute(tape, "valuation", given)
        assert compute(tape, m.tool, json.loads(json.dumps(m.arguments))) == m


def test_the_source_is_told_the_as_of_date() -> None:
    source = Priced(IWM=IWM)
    compute(Tape(source, DAY), "valuation", {"symbol": "iwm"})
    assert source.asked == [("IWM", DAY)]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="the argument 'kind'"):
        ask("IWM", kind="shiller")


def test_a_source_without_ratios_says_so(tmp_path: Any) -> None:
    (tmp_path / "IWM.csv").write_text("Date,Close\n2026-01-22,260\n2026-01-23,261\n")
    for source in (SampleSource(), FolderSource(tmp_path)):
        with pytest.raises(NotAvailable) as caught:
            compute(Tape(source, DAY), "valuation", {"symbol": "IWM"})
        assert f"no valuation ratios in the {source.name}, only prices" in str(caught.value)
        assert "ask search_commentary" in str(caught.value)


def test_it_is_a_tool_with_its_arguments() -> None:
    with_ratios = Tape(Priced(IWM=IWM), DAY)
    (tool,) = (t for t in build_tools(with_ratios) if t.name == "valuation")
    assert set(tool.args) == {"symbol", "benchmark", "kind"}
    assert tool.args["kind"]["enum"] == ["trailing", "forward"]


def test_a_source_without_ratios_offers_no_tool() -> None:
    offered = [tool.name for tool in build_tools(Tape(SampleSource(), DAY))]
    assert "technicals" in offered
    assert "valuation" not in offered

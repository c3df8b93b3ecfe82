"""Ratios from Yahoo over real HTTP: how they are read, kept and refused, and the command."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from yahoo_server import (
    FAULTS,
    FRIDAY,
    SUMMARY,
    TUESDAY,
    Open,
    YahooServer,
    serving,
    summary,
)

from qa.analyst import Analyst
from qa.cli import main
from qa.domain import Metric
from qa.errors import NotAvailable, UnknownSymbol
from qa.market.tape import Market
from qa.market.yahoo_ratios import CELLS, read_summary

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

DEADLINE = 2.0
DAY = date(2026, 1, 23)
TODAY = date(2026, 1, 27)
KEPT = ": the ratios of IWM are those kept on 2026-01-23 22:00 UTC, 2 sessions before 2026-01-27."


@pytest.fixture
def server() -> Iterator[YahooServer]:
    with serving() as server:
        server.summaries = {
            "IWM": summary(summaryDetail={"trailingPE": 18.0}),
            "SPY": summary(summaryDetail={"trailingPE": 24.0, "forwardPE": 21.0}),
        }
        yield server


def patience(fault: str) -> float:
    """A deadline: short where it is spent, else ample, or a busy machine would look like a hang."""
    return DEADLINE if fault == "hang" else 10.0


def read(**modules: Any) -> tuple[dict[str, float], tuple[str, ...]]:
    """The ratios and notes in a summary of X."""
    given = read_summary("X", summary(**modules), FRIDAY)
    assert given is not None
    found = given.ratios("toy")
    return dict(found.values), found.notes


def holdings(**cells: Any) -> tuple[dict[str, float], tuple[str, ...]]:
    return read(topHoldings={"equityHoldings": cells})


def test_ratios_come_in_one_request_with_the_crumb(server: YahooServer, source: Open) -> None:
    found = source().ratios("iwm", DAY)
    assert (found.symbol, found.source, found.retrieved) == ("IWM", "Yahoo Finance", FRIDAY)
    assert (dict(found.values), found.session, found.notes) == ({"trailing_pe": 18.0}, DAY, ())
    ((_, _, parameters),) = (a for a in server.asked if a[1].startswith(SUMMARY))
    assert parameters["modules"] == "summaryDetail,defaultKeyStatistics,topHoldings"
    assert parameters["crumb"] == "crumb"


def test_a_crumb_that_has_run_out_is_renewed(server: YahooServer, source: Open) -> None:
    opened = source()
    opened.ratios("IWM", DAY)
    server.crumb = "another"
    assert opened.ratios("SPY", DAY).values["forward_pe"] == 21.0
    assert server.asked_summaries == ["IWM", "SPY", "SPY"]


def test_a_stock_has_its_own_ratios_plain_or_in_yahoos_wrapping() -> None:
    values, notes = read(
        summaryDetail={"trailingPE": {"raw": 31.5, "fmt": "31.50"}, "forwardPE": {}},
        defaultKeyStatistics={"forwardPE": 28.0, "priceToBook": 0.8},
    )
    # A stock may cost less than its books: no inverse there.
    assert values == {"trailing_pe": 31.5, "forward_pe": 28.0, "price_to_book": 0.8}
    assert notes == ()


@pytest.mark.parametrize("cell", [0, 0.0, -12.5, None, "Infinity", {}, float("nan"), True, [18]])
def test_zero_less_than_zero_and_no_number_are_not_given(cell: Any) -> None:
    assert read(
        summaryDetail={"trailingPE": cell, "forwardPE": cell},
        topHoldings={"equityHoldings": {"priceToEarnings": cell, "priceToBook": cell}},
    ) == ({}, ())


def test_holdings_are_read_as_they_are() -> None:
    values, notes = holdings(priceToEarnings=17.9, priceToBook=0.9, priceToSales=0.0)
    assert (values, notes) == ({"holdings_pe": 17.9, "price_to_book": 0.9}, ())


def test_inverted_holdings_are_turned_over_and_told() -> None:
    values, notes = holdings(priceToEarnings=0.0559, priceToBook=0.5, priceToCashflow=1.25)
    # 1 / 0.0559 = 17.889; a price of 0.8 times the cash flow comes as 1.25.
    assert values["holdings_pe"] == pytest.approx(17.889, abs=5e-4)
    assert (values["price_to_book"], values["price_to_cash_flow"]) == (2.0, 0.8)
    assert notes == (
        "Yahoo gave 0.0559 as P/E of the holdings of X, read as its inverse, and its other ratios "
        "likewise.",
    )


@pytest.mark.parametrize("earnings", [0.5, 0.9, 0.001])
def test_what_is_no_multiple_and_no_inverse_is_left_out(earnings: float) -> None:
    values, notes = holdings(priceToEarnings=earnings, priceToSales=3.0)
    assert values == {"price_to_sales": 3.0}  # 2, 1.1 or 1000 times earnings: not believed
    assert len(notes) == 1
    assert f"Yahoo gave {earnings:g} as the priceToEarnings of the holdings of X" in notes[0]


def test_a_low_ratio_of_books_without_a_p_e_is_ambiguous() -> None:
    values, notes = holdings(priceToEarnings=0.0, priceToBook=0.25)
    assert values == {}
    assert "it may be the ratio or its inverse, and is left out" in notes[0]


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ({"priceToBook": 5}, {"price_to_book": 5.0}),
        ({"priceToEarnings": 18.0}, {"holdings_pe": 18.0}),
        ({"priceToEarnings": 0.0}, {}),
    ],
)
def test_a_fund_is_not_valued_by_its_own_books(
    held: dict[str, float], found: dict[str, float]
) -> None:
    own = {"priceToBook": 1.6}
    assert read(defaultKeyStatistics=own, topHoldings={"equityHoldings": held})[0] == found


@pytest.mark.parametrize("answer", [None, [], "x", {}, {"quoteSummary": None}, {"quoteSummary": 3}])
def test_what_is_no_summary_is_no_empty_one(answer: Any) -> None:
    with pytest.raises(ValueError, match="not a summary"):
        read_summary("X", answer, FRIDAY)
    assert read_summary("X", {"quoteSummary": {"result": []}}, FRIDAY) is None


@pytest.mark.parametrize("fault", ["odd", "401"])
def test_an_answer_of_another_shape_is_a_failure(
    server: YahooServer, source: Open, fault: str
) -> None:
    server.summaries["IWM"] = ["no", "summary"]
    server.fault = fault if fault == "401" else None
    told = r"refused \(error 401\)" if fault == "401" else "answer could not be read"
    with pytest.raises(NotAvailable, match=f"Yahoo.* {told}, and no ratios of IWM are kept"):
        source().ratios("IWM", DAY)


@pytest.mark.parametrize(
    ("now", "session"),
    [
        ("2026-01-23T14:29", "2026-01-22"),  # a minute before the opening bell
        ("2026-01-23T14:30", "2026-01-23"),
        ("2026-01-25T12:00", "2026-01-23"),  # a Sunday
    ],
)
def test_the_session_is_the_last_that_has_begun(source: Open, now: str, session: str) -> None:
    found = source(datetime.fromisoformat(now + "+00:00")).ratios("IWM", date(2026, 1, 25))
    assert str(found.session) == session
    going_on = [n for n in found.notes if "retrieved while the session of Friday 2026" in n]
    assert len(going_on) == (now == "2026-01-23T14:30")


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_yesterday_is_not_answered_with_todays_ratios(
    server: YahooServer, source: Open, warm: bool
) -> None:
    opened = source(TUESDAY)
    if warm:
        assert opened.ratios("IWM", TODAY).session == TODAY
    server.asked.clear()
    with pytest.raises(NotAvailable) as caught:
        opened.ratios("IWM", date(2026, 1, 26))
    told = "Yahoo gives only today's ratios, not those of 2026-01-26, and no ratios of IWM are kept"
    assert str(caught.value).startswith(told)
    assert "ask search_commentary" in str(caught.value)
    assert server.asked == []


def test_an_earlier_day_is_answered_with_what_was_kept_then(
    server: YahooServer, source: Open
) -> None:
    first = source().ratios("IWM", DAY)
    server.summaries["IWM"] = summary(summaryDetail={"trailingPE": 99.0})
    assert source(TUESDAY).ratios("IWM", TODAY).values["trailing_pe"] == 99.0
    server.asked.clear()
    for as_of in (DAY, date(2026, 1, 25)):  # the Sunday has no other session
        assert source(TUESDAY).ratios("IWM", as_of) == first
    monday = source(TUESDAY).ratios("IWM", date(2026, 1, 26))
    assert monday.series_hash == first.series_hash
    assert monday.notes[0].endswith("kept on 2026-01-23 22:00 UTC, 1 session before 2026-01-26.")
    assert server.asked == []


@pytest.mark.parametrize(
    ("asked", "again", "requests"),
    [
        ("2026-01-23T22:00", "2026-01-26T14:29", 1),  # after the close it holds to the next opening
        ("2026-01-23T22:00", "2026-01-26T14:30", 2),
        ("2026-01-23T15:00", "2026-01-23T15:14", 1),  # in a session for a quarter of an hour
        ("2026-01-23T15:00", "2026-01-23T15:15", 2),
    ],
)
def test_what_is_fresh_is_not_asked_for_again(
    server: YahooServer, source: Open, asked: str, again: str, requests: int
) -> None:
    for now in (asked, again):
        source(datetime.fromisoformat(now + "+00:00")).ratios("IWM", date(2026, 1, 26))
    assert len(server.asked_summaries) == requests


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_in_time_and_is_told(source: Open, fault: str, warm: bool) -> None:
    if warm:
        source().ratios("IWM", DAY)
    opened = source(TUESDAY, fault=fault, deadline=patience(fault))
    begun = time.monotonic()
    if warm:
        found = opened.ratios("IWM", TODAY)
        assert found.notes[0].endswith(KEPT)
        assert (found.values["trailing_pe"], found.retrieved) == (18.0, FRIDAY)
        said = found.notes[0]
    else:
        with pytest.raises(NotAvailable, match="and no ratios of IWM are kept") as caught:
            opened.ratios("IWM", TODAY)
        said = str(caught.value)
    assert FAULTS[fault] in said
    assert time.monotonic() - begun < DEADLINE + 2


@pytest.mark.parametrize(("day", "old"), [("2026-01-30", False), ("2026-02-02", True)])
def test_kept_ratios_stand_in_for_five_sessions(source: Open, day: str, old: bool) -> None:
    source().ratios("IWM", DAY)
    opened = source(datetime.fromisoformat(day + "T22:00+00:00"), fault="500")
    if not old:
        assert (
            opened.ratios("IWM", date.fromisoformat(day))
            .notes[0]
            .endswith("kept on 2026-01-23 22:00 UTC, 5 sessions before 2026-01-30.")
        )
        return
    told = (
        r"^Yahoo failed \(error 500\), and the ratios of IWM kept on 2026-01-23 22:00 UTC are of "
        "6 sessions before 2026-02-02, too old"
    )
    with pytest.raises(NotAvailable, match=told):
        opened.ratios("IWM", date.fromisoformat(day))


def test_failures_of_prices_and_ratios_count_together(server: YahooServer, source: Open) -> None:
    opened = source()
    server.fault = "500"
    for ask in (lambda: opened.ratios("IWM", DAY), lambda: opened.history("^RUT")):
        with pytest.raises(NotAvailable, match="error 500"):
            ask()
    asked = len(server.asked)
    with pytest.raises(NotAvailable, match="was not asked again, and no ratios of SPY are kept"):
        opened.ratios("SPY", DAY)
    assert len(server.asked) == asked


def test_a_question_keeps_what_it_had_first(server: YahooServer, source: Open) -> None:
    opened = source()
    assert opened.ratios("IWM", DAY) is opened.ratios("iwm", DAY)
    for _ in range(2):
        with pytest.raises(NotAvailable, match="Yahoo Finance has no ratios of NOPE"):
            opened.ratios("NOPE", DAY)
    assert server.asked_summaries == ["IWM", "NOPE"]


def test_what_can_be_no_symbol_is_never_asked_for(server: YahooServer, source: Open) -> None:
    with pytest.raises(UnknownSymbol, match="can't be a symbol"):
        source().ratios("../../etc/passwd", DAY)
    assert server.asked == []


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"version": 2, "snapshots": []}',
        '{"version": 1, "snapshots": [{"retrieved": "2026-01-23T22:00:00", "given": {}}]}',
        '{"version": 1, "snapshots": [{"given": {}}]}',
        '{"version": 1, "snapshots": [3]}',
    ],
)
def test_a_damaged_file_counts_as_nothing_kept(
    server: YahooServer, source: Open, tmp_path: Path, line: str
) -> None:
    source().ratios("IWM", DAY)
    file = tmp_path / "ratios" / "IWM.json"
    file.write_text(line)
    assert source().ratios("IWM", DAY).values["trailing_pe"] == 18.0
    assert server.asked_summaries == ["IWM", "IWM"]
    assert set(json.loads(file.read_text())["snapshots"][0]["given"]) <= set(CELLS)


def test_ratios_come_though_they_can_not_be_kept(
    server: YahooServer, source: Open, tmp_path: Path
) -> None:
    (tmp_path / "ratios").write_text("no folder")
    found = source().ratios("IWM", DAY)
    assert found.values["trailing_pe"] == 18.0
    assert found.notes == (f"The ratios could not be kept in {tmp_path / 'ratios'}: File exists.",)


def test_kept_ratios_are_no_kept_prices(source: Open) -> None:
    opened = source()
    opened.ratios("IWM", DAY)
    assert opened.kept() == []


def command(monkeypatch: pytest.MonkeyPatch, market: Market, line: str) -> object:
    """Run a line of the shell; returns its exit code."""
    monkeypatch.setattr("qa.analyst.open_market", lambda setting: market)
    monkeypatch.setattr(sys, "argv", line.split())
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code or 0


def test_the_command_gives_json(
    source: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    market = Market(source(TUESDAY), "for the test")
    line = "tapecheck metric valuation --symbol IWM --benchmark SPY --json"
    assert command(monkeypatch, market, line) == 0
    m = Metric.model_validate_json(capsys.readouterr().out)
    assert {n: m.figures[n].value for n in ("pe", "pe_benchmark", "pe_ratio", "discount")} == {
        "pe": 18.0,
        "pe_benchmark": 24.0,
        "pe_ratio": 0.75,
        "discount": pytest.approx(-25.0),
    }
    assert (m.source, m.retrieved, m.symbols) == ("Yahoo Finance", TUESDAY, ("IWM", "SPY"))


def test_the_command_refuses_in_a_sentence(
    source: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    market = Market(source(TUESDAY), "for the test")
    line = "tapecheck metric valuation --symbol ^RUT"
    for more, told in (
        ("--kind forward", "Yahoo Finance gives no forward P/E of IWM: ask search_commentary"),
        ("--as-of 2026-01-20", "Yahoo gives only today's ratios, not those of 2026-01-20"),
    ):
        assert command(monkeypatch, market, f"{line} {more}") == 1
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert told in said.err


def test_each_metric_that_is_asked_for_has_a_whole_deadline(
    server: YahooServer, source: Open
) -> None:
    analyst = Analyst(model="offline", market="yahoo")
    analyst.__dict__["market"] = Market(source(TUESDAY, pause=0.0), "for the test")
    server.fault = "500"
    with pytest.raises(NotAvailable, match="error 500"):
        analyst.metric("valuation", symbol="IWM")
    server.fault = None
    assert analyst.metric("valuation", symbol="IWM").figures["pe"].value == 18.0

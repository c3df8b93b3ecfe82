"""The live source over real HTTP: a stand-in for Yahoo on 127.0.0.1, and yfinance as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from yahoo_server import (
    DAYS,
    FRIDAY,
    TUESDAY,
    Open,
    Series,
    YahooServer,
    rising,
)

from qa.errors import UnknownSymbol
from qa.market.sample import SampleSource
from qa.market.tape import _first_that_works
from qa.market.yahoo import YahooSource

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

DEADLINE = 1.5


def test_an_index_comes_with_its_raw_prices_by_exchange_day(source: Open) -> None:
    prices = source().history("^rut")
    assert (prices.symbol, prices.source, prices.retrieved) == ("^RUT", "Yahoo Finance", FRIDAY)
    assert [str(day.date()) for day in prices.frame.index] == DAYS
    assert str(prices.frame.index.dtype) == "datetime64[us]"  # naive
    # 2026-01-07 is the third day: it closes at 102, half a point above its open.
    assert prices.frame.loc["2026-01-07"].to_dict() == {
        "open": 101.5,
        "high": 103.0,
        "low": 101.0,
        "close": 102.0,
    }
    assert prices.notes == ()


def test_a_fund_has_its_adjusted_close_beside_the_raw_one(source: Open) -> None:
    row = source().history("IWM").frame.loc["2026-01-23"]
    assert (row["close"], row["adj_close"]) == (213.0, pytest.approx(210.87))


def test_the_source_can_list_nothing_and_reaches_to_today(source: Open) -> None:
    opened = source(datetime(2026, 1, 24, 2, 0, tzinfo=UTC))  # still the 23rd in New York
    assert opened.symbols() == ()
    assert opened.span() == (date(1985, 1, 2), date(2026, 1, 23))
    assert (opened.name, opened.sample) == ("Yahoo Finance", False)


def test_rows_without_a_close_are_left_out_and_counted(server: YahooServer, source: Open) -> None:
    rows = rising(DAYS)
    for i in (2, 3, 9):
        rows[i] = (DAYS[i], None, None, None, None, None)
    rows[5] = (DAYS[5], 0.0, *rows[5][2:])  # no open, and a close all the same
    server.series["^RUT"] = Series(rows)
    for prices in (source().history("^RUT"), source().history("^RUT")):  # fetched, then kept
        assert prices.notes == ("3 rows without prices were left out.",)
        assert len(prices.frame) == 11
        assert prices.frame["open"].isna().sum() == 1
    assert len(server.charts) == 1


def test_a_yield_may_be_zero(server: YahooServer, source: Open) -> None:
    rows = rising(DAYS)
    rows[4] = (DAYS[4], 0.0, 0.01, -0.05, 0.0, 0.0)
    server.series["^IRX"] = server.series["^VIX"] = Series(rows)
    assert source().history("^IRX").frame.loc[DAYS[4], "close"] == 0.0
    assert DAYS[4] not in source().history("^VIX").frame.index


def test_a_split_is_told(server: YahooServer, source: Open) -> None:
    server.series["IWM"] = Series(rising(DAYS), "ETF", splits={"2026-01-08": 2})
    note = "Prices of IWM before 2026-01-08 are restated for a split since."
    assert source().history("IWM").notes == (note,)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-01-23T20:59", "2026-01-22"),  # a minute before the bell
        ("2026-01-23T21:29", "2026-01-22"),  # half an hour later the close is trusted
        ("2026-01-23T21:30", "2026-01-23"),
    ],
)
def test_a_session_that_is_not_over_has_no_close(source: Open, now: str, last: str) -> None:
    prices = source(datetime.fromisoformat(now + "+00:00")).history("^RUT")
    assert str(prices.last) == last
    told = "The session of Friday 2026-01-23 was not over when its prices were fetched"
    assert any(note.startswith(told) for note in prices.notes) == (last == "2026-01-22")


def test_an_early_close_is_known(server: YahooServer, source: Open) -> None:
    days = ["2025-11-25", "2025-11-26", "2025-11-28"]  # the 28th closes at 13:00, 18:00 UTC
    server.series["^RUT"] = Series(rising(days))
    early = source(datetime(2025, 11, 28, 18, 29, tzinfo=UTC)).history("^RUT")
    assert str(early.last) == "2025-11-26"
    late = source(datetime(2025, 11, 28, 18, 30, tzinfo=UTC)).history("^RUT")
    assert str(late.last) == "2025-11-28"


def test_an_unknown_symbol_is_named_and_asked_for_once(server: YahooServer, source: Open) -> None:
    opened = source()
    for _ in range(2):
        with pytest.raises(UnknownSymbol, match=r"no prices of NOPE: check the symbol\.$"):
            opened.history("NOPE")
    assert [symbol for symbol, _ in server.charts] == ["NOPE"]


def test_what_can_be_no_symbol_is_never_asked_for(server: YahooServer, source: Open) -> None:
    with pytest.raises(UnknownSymbol, match="can't be a symbol"):
        source().history("../../etc/passwd")
    assert server.asked == []


def test_what_is_fresh_asks_nothing_of_the_network(server: YahooServer, source: Open) -> None:
    first = source().history("^RUT")
    server.asked.clear()
    sunday = source(datetime(2026, 1, 25, 12, 0, tzinfo=UTC)).history("^RUT")
    during = source(datetime(2026, 1, 26, 18, 0, tzinfo=UTC)).history("^RUT")
    assert server.asked == []
    assert first.series_hash == sunday.series_hash == during.series_hash


def test_only_the_tail_is_asked_for_when_a_day_is_missing(
    server: YahooServer, source: Open
) -> None:
    source().history("^RUT")
    server.series["^RUT"] = Series(rising([*DAYS, "2026-01-26"]))
    prices = source(TUESDAY).history("^RUT")
    assert (str(prices.first), str(prices.last), len(prices.frame)) == (DAYS[0], "2026-01-26", 15)
    assert prices.frame["close"].iloc[-1] == 114.0
    assert prices.retrieved == TUESDAY
    since = datetime.fromtimestamp(int(server.charts[-1][1]["period1"]), UTC)
    # Five rows back from the 23rd, over the holiday: the 16th, midnight in New York.
    assert (len(server.charts), since) == (2, datetime(2026, 1, 16, 5, 0, tzinfo=UTC))


def test_a_restated_history_is_fetched_whole(server: YahooServer, source: Open) -> None:
    source().history("IWM")
    days = [*DAYS, "2026-01-26"]
    server.series["IWM"] = Series(rising(days, 200.0, adjusted=0.98), "ETF")  # a dividend
    prices = source(TUESDAY).history("IWM")
    assert prices.frame["adj_close"].iloc[0] == pytest.approx(196.0)
    assert prices.frame["close"].iloc[0] == 200.0
    assert len(server.charts) == 3  # all, the tail, all again


def test_noise_in_the_last_digits_restates_nothing(server: YahooServer, source: Open) -> None:
    source().history("^RUT")
    server.series["^RUT"] = Series(rising([*DAYS, "2026-01-26"], noise=1e-7))
    prices = source(TUESDAY).history("^RUT")
    assert len(server.charts) == 2
    assert prices.frame.loc["2026-01-23", "close"] == 113.0  # as it was kept, to the last bit


def test_a_session_that_yahoo_lacks_is_told_and_not_asked_for_at_once(
    server: YahooServer, source: Open
) -> None:
    source().history("^RUT")
    note = "Yahoo had no prices of ^RUT after 2026-01-23 at 2026-01-27 15:00 UTC."
    assert source(TUESDAY).history("^RUT").notes == (note,)
    assert source(TUESDAY.replace(minute=14)).history("^RUT").notes == (note,)
    assert len(server.charts) == 2
    source(TUESDAY.replace(minute=15)).history("^RUT")
    assert len(server.charts) == 3


def test_several_are_fetched_side_by_side_and_errors_wait(
    server: YahooServer, source: Open
) -> None:
    names = [f"T{i}" for i in range(9)]
    server.series |= {name: Series(rising(DAYS)) for name in names}
    server.fault = "slow"
    opened = source(deadline=10.0)
    opened.prefetch([*names, "NOPE", "T0"])
    assert sorted(symbol for symbol, _ in server.charts) == sorted([*names, "NOPE"])
    assert server.most_at_once == 4
    server.asked.clear()
    assert all(len(opened.history(name).frame) == 14 for name in names)
    with pytest.raises(UnknownSymbol):
        opened.history("NOPE")
    assert server.asked == []


def test_auto_takes_yahoo_when_it_answers(source: Open) -> None:
    opened = source()
    opened.history("^RUT")
    market = _first_that_works(opened, SampleSource(), probe="^RUT")
    assert (market.source, market.why) == (opened, "Yahoo Finance answers")


def test_auto_takes_what_is_kept_when_yahoo_is_away(server: YahooServer, source: Open) -> None:
    source().history("^RUT")
    server.fault = "500"
    later = source(TUESDAY)
    market = _first_that_works(later, SampleSource(), probe="^RUT")
    assert market.source is later
    assert "Yahoo failed (error 500): prices are those kept on 2026-01-23" in market.why


def test_auto_falls_back_on_the_sample_and_says_why(server: YahooServer, source: Open) -> None:
    source().history("IWM")  # something is kept, but not what is asked for first
    server.fault = "429"
    market = _first_that_works(source(TUESDAY), SampleSource(), probe="^RUT")
    assert market.source.sample
    assert "Yahoo refused: too many requests" in market.why


def test_what_is_kept_is_listed(source: Open) -> None:
    opened = source()
    assert opened.kept() == []
    opened.prefetch(["^RUT", "IWM"])
    assert [(k.symbol, k.rows, str(k.first), str(k.last), k.retrieved) for k in opened.kept()] == [
        ("IWM", 14, "2026-01-05", "2026-01-23", FRIDAY),
        ("^RUT", 14, "2026-01-05", "2026-01-23", FRIDAY),
    ]


def test_a_damaged_file_is_fetched_again(server: YahooServer, source: Open, tmp_path: Path) -> None:
    source().history("^RUT")
    (tmp_path / "^RUT.parquet").write_bytes(b"PAR1 no more")
    assert len(source().history("^RUT").frame) == 14
    assert len(server.charts) == 2
    (tmp_path / "^RUT.json").write_text("{")
    assert len(source().history("^RUT").frame) == 14
    assert len(server.charts) == 3


def test_prices_come_though_they_can_not_be_kept(server: YahooServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    folder = tmp_path / "file" / "cache"
    with server.session() as session:
        source = YahooSource(DEADLINE, folder=folder, session=session, now=lambda: FRIDAY)
        prices = source.history("^RUT")
    assert len(prices.frame) == 14
    assert prices.notes == (f"The prices could not be kept in {folder}: Not a directory.",)

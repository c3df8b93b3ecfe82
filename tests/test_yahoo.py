"""The live source over real HTTP: a stand-in for Yahoo on 127.0.0.1, and yfinance as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from yahoo_server import Series, YahooServer, rising

from qa.analyst import Analyst
from qa.errors import NotAvailable, UnknownSymbol
from qa.market.sample import SampleSource
from qa.market.tape import Market, _first_that_works
from qa.market.yahoo import YahooSource

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

# January 2026: New Year's Day and the 19th (Martin Luther King) are holidays.
DAYS = [f"2026-01-{d:02}" for d in (5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 20, 21, 22, 23)]
FRIDAY = datetime(2026, 1, 23, 22, 0, tzinfo=UTC)  # 17:00 in New York, an hour after the close
TUESDAY = datetime(2026, 1, 27, 15, 0, tzinfo=UTC)  # 10:00 in New York
DEADLINE = 1.5
FAULTS = {
    "hang": "could not be reached (timed out)",
    "429": "Yahoo refused: too many requests",
    "500": "Yahoo failed (error 500)",
    "html": "Yahoo's answer could not be read",
    "cut": "Yahoo's answer could not be read",
    "empty": "Yahoo Finance has no prices of ^RUT",
    "no address": "could not be reached (its address was not found)",
}
Open = Callable[..., YahooSource]


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """The first import takes a second or so, which no deadline here should pay for."""
    import yfinance  # noqa: F401


@pytest.fixture
def server() -> Iterator[YahooServer]:
    from yfinance.data import SingletonMeta

    SingletonMeta._instances.clear()  # yfinance's cookie and session, which outlive a test
    server = YahooServer()
    server.series = {
        "^RUT": Series(rising(DAYS)),
        "IWM": Series(rising(DAYS, 200.0, adjusted=0.99), "ETF"),
    }
    yield server
    server.close()


@pytest.fixture
def source(server: YahooServer, tmp_path: Path) -> Iterator[Open]:
    """Opens a source on one folder; each has a session of its own."""
    sessions = []

    def opened(now: datetime = FRIDAY, *, host: str = "127.0.0.1", **options: float) -> YahooSource:
        sessions.append(server.session(host))
        given = {"deadline": DEADLINE, **options}
        return YahooSource(folder=tmp_path, session=sessions[-1], now=lambda: now, **given)

    yield opened
    for session in sessions:
        session.close()


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


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_in_time_and_is_told(
    server: YahooServer, source: Open, fault: str, warm: bool
) -> None:
    if warm:
        source().history("^RUT")
    server.fault = fault
    opened = source(TUESDAY, host="no-such-host.invalid" if fault == "no address" else "127.0.0.1")
    begun = time.monotonic()
    if warm:
        prices = opened.history("^RUT")
        assert FAULTS[fault] in prices.notes[0]
        kept = ": prices are those kept on 2026-01-23 22:00 UTC, to 2026-01-23."
        assert prices.notes[0].endswith(kept)
        assert (prices.retrieved, len(prices.frame)) == (FRIDAY, 14)
    elif fault == "empty":
        with pytest.raises(UnknownSymbol, match="check the symbol"):
            opened.history("^RUT")
    else:
        with pytest.raises(NotAvailable, match=r"and no prices of \^RUT are kept") as caught:
            opened.history("^RUT")
        assert FAULTS[fault] in str(caught.value)
    assert time.monotonic() - begun < DEADLINE + 2


def test_a_bad_key_is_no_unknown_symbol(server: YahooServer, source: Open) -> None:
    server.fault = "401"
    with pytest.raises(NotAvailable, match=r"Yahoo refused \(error 401\)"):
        source().history("^RUT")


def test_prices_come_though_the_cookie_hangs(server: YahooServer, source: Open) -> None:
    server.fault = "cookie-hang"
    assert len(source().history("^RUT").frame) == 14


def test_one_deadline_holds_for_a_whole_question(server: YahooServer, source: Open) -> None:
    opened = source(deadline=2.0)
    begun = time.monotonic()
    server.fault = "cookie-hang"
    opened.history("^RUT")  # takes the cookie's share, 0.44 s
    server.fault = "hang"
    for symbol in ("IWM", "^VIX", "^GSPC", "XLE"):  # one second, what is left, and none
        with pytest.raises(NotAvailable):
            opened.history(symbol)
    assert time.monotonic() - begun < 2.25


def test_the_next_question_has_its_whole_deadline(server: YahooServer, source: Open) -> None:
    opened = source(deadline=1.0, pause=0.0)
    server.fault = "hang"
    for symbol in ("^RUT", "IWM"):
        with pytest.raises(NotAvailable, match="timed out"):
            opened.history(symbol)
    server.fault = None
    server.release.set()
    with pytest.raises(NotAvailable, match=r"the 1 s that a question may wait are used up"):
        opened.history("^GSPC")
    opened.start_question()
    assert len(opened.history("^RUT").frame) == 14


def test_after_two_failures_yahoo_is_left_alone_for_a_while(
    server: YahooServer, source: Open
) -> None:
    opened = source(pause=0.3)
    server.fault = "500"
    for symbol in ("^RUT", "IWM"):
        with pytest.raises(NotAvailable, match="error 500"):
            opened.history(symbol)
    server.fault = None
    asked = len(server.asked)
    opened.start_question()
    told = r"Yahoo failed \(error 500\) at 22:00 UTC and was not asked again"
    with pytest.raises(NotAvailable, match=told):
        opened.history("^RUT")
    assert len(server.asked) == asked
    time.sleep(0.35)
    opened.start_question()
    assert len(opened.history("^RUT").frame) == 14


def test_a_failure_counts_only_in_a_row(server: YahooServer, source: Open) -> None:
    opened = source()
    for symbol, fault in (("^RUT", "500"), ("NOPE", None), ("IWM", "500")):
        server.fault = fault
        with pytest.raises((NotAvailable, UnknownSymbol)):
            opened.history(symbol)
    server.fault = None
    opened.start_question()
    assert len(opened.history("^RUT").frame) == 14  # and that ends the row again
    server.fault = "500"
    with pytest.raises(NotAvailable, match=r"^Yahoo failed \(error 500\), and"):
        opened.history("IWM")
    server.fault = None
    opened.start_question()
    assert len(opened.history("IWM").frame) == 14


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


def test_a_whole_answer_says_that_its_live_prices_are_old(
    server: YahooServer, source: Open, store: str
) -> None:
    source().history("^RUT")
    server.fault = "500"
    analyst = Analyst(model="offline", market="yahoo", store=store)
    analyst.__dict__["market"] = Market(source(TUESDAY), "for the test")
    answer = analyst.ask("Where did the Russell 2000 close?", as_of="2026-01-27")
    assert "closed at 113.00 on Friday 2026-01-23" in answer.claims[0].text
    assert any("prices are those kept on 2026-01-23" in n for e in answer.evidence for n in e.notes)
    assert answer.sample_data is False


def test_an_answer_names_what_could_not_be_fetched(
    server: YahooServer, source: Open, store: str
) -> None:
    server.fault = "500"
    analyst = Analyst(model="offline", market="yahoo", store=store)
    analyst.__dict__["market"] = Market(source(), "for the test")
    answer = analyst.ask("Where did the Russell 2000 close?", as_of="2026-01-23")
    assert answer.claims == ()
    assert any("no prices of ^RUT are kept" in line for line in answer.unanswered)


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


def test_the_session_that_is_used_without_one_given_is_bounded_too(
    server: YahooServer, tmp_path: Path
) -> None:
    from qa.market import yahoo

    server.fault = "hang"
    session = yahoo._Asking(None, tmp_path)._session()
    yahoo._MINE.until = time.monotonic() + 0.3
    begun = time.monotonic()
    with pytest.raises(OSError, match="timed out"):
        session.get(f"http://127.0.0.1:{server.port}{yahoo.CHART}X", timeout=30)
    assert time.monotonic() - begun < 2
    session.close()


def test_a_program_ends_though_yahoo_hangs_says_nothing_and_leaves_no_files_about(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ}
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "tests/yahoo_program.py", str(tmp_path / "cache")],
        env={**kept, "HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": "."},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.stdout, done.stderr) == ("ended\n", "")
    assert time.monotonic() - begun < 12
    files = [file for file in home.rglob("*") if file.is_file()]
    assert [file for file in files if "tapecheck" not in file.parts] == []

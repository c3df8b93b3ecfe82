"""The kept histories: whole or not there, under several writers, and fresh by the calendar."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copy

import pandas as pd
import pytest

from qa.market.cache import Cache, Kept, extended, last_complete

CLOSED = datetime(2026, 1, 23, 22, 0, tzinfo=UTC)


def kept(days: list[str], closes: list[float], at: datetime = CLOSED, symbol: str = "^RUT") -> Kept:
    frame = pd.DataFrame({"open": closes, "close": closes}, pd.DatetimeIndex(days), dtype="float64")
    return Kept(symbol, frame, at, at)


WEEK = kept(["2026-01-20", "2026-01-21", "2026-01-22", "2026-01-23"], [1.0, 2.0, 3.0, 4.0])


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    told = replace(
        WEEK,
        blank=(date(2026, 1, 16),),
        splits=(date(2026, 1, 21),),
        unfinished=date(2026, 1, 26),
        checked=CLOSED + timedelta(minutes=5),
    )
    Cache(tmp_path).store(told)
    back = Cache(tmp_path).read("^rut")
    assert back is not None
    pd.testing.assert_frame_equal(back.frame, told.frame)
    assert replace(back, frame=told.frame) == told


@pytest.mark.parametrize("symbol", ["^RUT", "BRK-B", "CL=F", "A/B", "..", "ES&X"])
def test_a_symbol_of_any_shape_stays_in_the_folder(tmp_path: Path, symbol: str) -> None:
    cache = Cache(tmp_path / "here")
    cache.store(replace(WEEK, symbol=symbol))
    assert [k.symbol for k in cache.holdings()] == [symbol]
    assert [f.name for f in tmp_path.iterdir()] == ["here"]


@pytest.mark.parametrize(
    ("now", "complete"),
    [
        ("2026-01-23T21:29", "2026-01-22"),
        ("2026-01-23T21:30", "2026-01-23"),
        ("2026-01-25T12:00", "2026-01-23"),  # a Sunday
        ("2026-01-20T03:00", "2026-01-16"),  # the evening of a holiday in New York
        ("2025-12-24T18:29", "2025-12-23"),  # an early close, 13:00 in New York
        ("2025-12-24T18:30", "2025-12-24"),
        ("2025-07-02T20:30", "2025-07-02"),  # summer time: the bell is at 20:00 UTC
    ],
)
def test_the_last_session_that_is_over(now: str, complete: str) -> None:
    assert last_complete(datetime.fromisoformat(now + "+00:00")) == date.fromisoformat(complete)


@pytest.mark.parametrize(
    ("checked", "now", "fresh"),
    [
        ("2026-01-23T21:30", "2026-01-26T21:29", True),  # over the weekend, to Monday's close
        ("2026-01-23T21:30", "2026-01-26T21:30", False),
        ("2026-01-23T21:29", "2026-01-23T21:30", False),  # before the close could be trusted
    ],
)
def test_what_is_fresh_by_the_calendar(checked: str, now: str, fresh: bool) -> None:
    held = replace(WEEK, checked=datetime.fromisoformat(checked + "+00:00"))
    assert held.fresh(datetime.fromisoformat(now + "+00:00")) is fresh


def test_a_tail_adds_days_and_keeps_the_others() -> None:
    later = CLOSED + timedelta(days=3)
    tail = kept(["2026-01-22", "2026-01-23", "2026-01-26"], [3.0, 4.00000001, 5.0], later)
    held = extended(WEEK, tail)
    assert held is not None
    assert held.frame["close"].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert (held.retrieved, held.checked) == (later, later)


def test_a_tail_with_nothing_new_leaves_the_time_of_retrieval() -> None:
    later = CLOSED + timedelta(days=3)
    held = extended(WEEK, kept(["2026-01-23"], [4.0], later))
    assert held is not None
    assert (held.retrieved, held.checked) == (CLOSED, later)


def test_a_day_without_a_price_that_got_one_is_no_longer_counted() -> None:
    old = replace(WEEK, blank=(date(2026, 1, 16), date(2026, 1, 26)))
    held = extended(old, kept(["2026-01-23", "2026-01-26"], [4.0, 5.0]))
    assert held is not None
    assert held.blank == (date(2026, 1, 16),)


@pytest.mark.parametrize(
    ("days", "closes"),
    [
        (["2026-01-22", "2026-01-23"], [1.5, 2.0]),  # halved: a split
        (["2026-01-26"], [5.0]),  # nothing shared: a hole can't be ruled out
    ],
)
def test_what_does_not_fit_can_not_extend(days: list[str], closes: list[float]) -> None:
    assert extended(WEEK, kept(days, closes)) is None


def test_a_later_check_is_not_overwritten(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    newer = replace(WEEK, checked=CLOSED + timedelta(hours=1))
    cache.store(newer)
    assert cache.store(WEEK).checked == newer.checked
    back = cache.read("^RUT")
    assert back is not None
    assert back.checked == newer.checked


def test_prices_that_their_sidecar_does_not_mean_are_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(WEEK)
    cache.store(kept(["2026-01-23"], [9.0], symbol="IWM"))
    (tmp_path / "^RUT.parquet").write_bytes((tmp_path / "IWM.parquet").read_bytes())
    assert cache.read("^RUT") is None


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    cache = Cache(tmp_path)
    cache.store(WEEK)
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="no space"):
        cache.store(kept(["2026-01-26"], [5.0], CLOSED + timedelta(days=3)))
    back = cache.read("^RUT")
    assert back is not None
    assert str(back.last) == "2026-01-23"
    assert not list(tmp_path.glob(".*"))


def test_a_reader_between_the_two_files_waits_for_the_second(tmp_path: Path) -> None:
    cache, other = Cache(tmp_path / "a"), Cache(tmp_path / "b")
    cache.store(WEEK)
    other.store(kept(["2026-01-26"], [5.0], CLOSED + timedelta(days=3)))
    with ThreadPoolExecutor(1) as pool:
        with cache._locked("^RUT"):
            copy(tmp_path / "b" / "^RUT.parquet", tmp_path / "a")
            reading = pool.submit(cache.read, "^RUT")
            time.sleep(0.1)
            copy(tmp_path / "b" / "^RUT.json", tmp_path / "a")
        back = reading.result()
    assert back is not None
    assert str(back.last) == "2026-01-26"


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(WEEK)
    with ThreadPoolExecutor(1) as pool:
        with cache._locked("^RUT"):
            writing = pool.submit(cache.store, replace(WEEK, checked=CLOSED + timedelta(days=1)))
            time.sleep(0.1)
            assert not writing.done()
        assert writing.result().checked > CLOSED


def test_strangers_in_the_folder_are_passed_over(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(WEEK)
    (tmp_path / "X.json").write_text("[]")
    (tmp_path / "Y.json").write_text('{"version": 1, "symbol": "Y"}')
    (tmp_path / "Y.parquet").write_bytes(b"")
    assert [k.symbol for k in cache.holdings()] == ["^RUT"]
    assert cache.read("X") is None
    assert cache.read("Y") is None


WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import pandas as pd
from qa.market.cache import Cache, Kept

cache, mine = Cache(Path(sys.argv[1])), float(sys.argv[2])
for turn in range(20):
    rows = 500 + turn
    frame = pd.DataFrame({"close": mine}, pd.bdate_range("2001-01-01", periods=rows))
    at = datetime(2026, 1, 23, tzinfo=UTC) + timedelta(seconds=turn)
    cache.store(Kept("^RUT", frame, at, at))
"""


def test_two_processes_that_write_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [
        subprocess.Popen([*command, mine], cwd=Path(__file__).parents[1]) for mine in ("1", "2")
    ]
    cache, seen = Cache(tmp_path), 0
    while any(writer.poll() is None for writer in writers):
        time.sleep(0.01)  # the writers need the machine more
        held = cache.read("^RUT")
        assert held is not None or not seen, "what was there has gone"
        if held is not None:
            seen += 1
            assert held.frame["close"].nunique() == 1
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen > 0
    held = cache.read("^RUT")
    assert held is not None
    assert len(held.frame) == 519
    assert not list(tmp_path.glob(".*"))  # nothing half-written is left


def test_reading_forty_years_takes_milliseconds(tmp_path: Path) -> None:
    days = pd.bdate_range("1985-01-02", periods=10_600)
    columns = {name: range(1, 10_601) for name in ("open", "high", "low", "close", "adj_close")}
    cache = Cache(tmp_path)
    cache.store(Kept("IWM", pd.DataFrame(columns, days, dtype="float64"), CLOSED, CLOSED))
    cache.read("IWM")
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        assert cache.read("IWM") is not None
        took.append(time.perf_counter() - begun)
    print(f"read in {min(took) * 1000:.1f} ms")
    assert min(took) < 0.05

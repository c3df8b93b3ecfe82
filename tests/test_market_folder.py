"""A folder of price files: what is read, what is refused, and what the hash stands for."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from qa.errors import BadDate, BadSettings, MarketSourceError, UnknownSymbol
from qa.market.folder import FolderSource
from qa.market.prices import Prices
from qa.market.tape import Tape, open_market

GOOD = """Date,Open,High,Low,Close,Adj Close,Volume
2026-01-21,264.1,267.2,263.8,266.9,265.9,100
2026-01-22,267.3,271.4,267.0,269.8,268.8,200
2026-01-23,269.0,269.5,264.0,265.0,264.0,300
"""


def read(folder: Path, text: str | bytes, name: str = "IWM.csv") -> Prices:
    data = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(data)
    return FolderSource(folder).history(name.rpartition(".")[0])


def test_a_csv_file(tmp_path: Path) -> None:
    prices = read(tmp_path, GOOD)
    assert list(prices.frame.columns) == ["open", "high", "low", "close", "adj_close"]
    assert prices.frame["close"].tolist() == [266.9, 269.8, 265.0]
    assert prices.frame["adj_close"].tolist() == [265.9, 268.8, 264.0]
    assert (prices.first, prices.last) == (date(2026, 1, 21), date(2026, 1, 23))
    assert prices.symbol == "IWM"
    assert prices.source == f"folder {tmp_path.name}"
    written = datetime.fromtimestamp((tmp_path / "IWM.csv").stat().st_mtime, UTC)
    assert prices.retrieved == written


def test_columns_in_any_case_and_order(tmp_path: Path) -> None:
    first = read(tmp_path, "DATE,CLOSE,Open\n2026-01-22,5,4\n2026-01-23,6,5\n")
    second = read(tmp_path, "close,open,date\n6,5,2026-01-23\n5,4,2026-01-22\n")
    assert second.frame["close"].tolist() == [5.0, 6.0]
    assert second.series_hash == first.series_hash


def frame() -> pd.DataFrame:
    days = pd.DatetimeIndex(["2026-01-21", "2026-01-22", "2026-01-23"], name="Date")
    columns = {
        "Open": [264.1, 267.3, 269.0],
        "High": [267.2, 271.4, 269.5],
        "Low": [263.8, 267.0, 264.0],
        "Close": [266.9, 269.8, 265.0],
        "Adj Close": [265.9, 268.8, 264.0],
    }
    return pd.DataFrame(columns, index=days)


@pytest.mark.parametrize("form", ["days", "exchange midnights", "a column", "texts"])
def test_parquet_holds_the_same_prices_as_csv(tmp_path: Path, form: str) -> None:
    table = frame()
    if form == "exchange midnights":
        table.index = pd.DatetimeIndex(table.index).tz_localize("America/New_York")
    elif form == "a column":
        table = table.reset_index().rename(columns=str.lower)
    elif form == "texts":
        table.index = pd.Index([str(d)[:10] for d in table.index], name="date")
    (tmp_path / "p").mkdir()
    table.to_parquet(tmp_path / "p" / "IWM.parquet")
    parquet = FolderSource(tmp_path / "p").history("IWM")
    pd.testing.assert_frame_equal(
        parquet.frame, read(tmp_path, GOOD).frame, check_index_type=False, check_names=False
    )
    assert parquet.series_hash == read(tmp_path, GOOD).series_hash


def test_exchange_midnights_on_both_sides_of_summer_time(tmp_path: Path) -> None:
    prices = read(
        tmp_path,
        "Date,Close\n2026-03-06 00:00:00-05:00,5\n2026-03-09 00:00:00-04:00,6\n"
        "2026-03-10T00:00:00-0400,7\n",
    )
    assert [str(d.date()) for d in prices.frame.index] == ["2026-03-06", "2026-03-09", "2026-03-10"]
    assert pd.DatetimeIndex(prices.frame.index).tz is None


def test_what_a_source_lacks_is_blank_but_never_the_close(tmp_path: Path) -> None:
    prices = read(tmp_path, "Date,Open,Close\n2026-01-22,,5\n2026-01-23,N/A,6\n")
    assert prices.frame["open"].isna().all()
    assert prices.frame["close"].tolist() == [5.0, 6.0]


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        ("2026-01-22,5,5\n2026-01-23,5,abc\n", 3, "'abc' is no close price"),
        ("2026-01-22,5,5\n2026-01-23,abc,5\n", 3, "'abc' is no open price"),
        ('2026-01-22,5,"2,669.16"\n', 2, "'2,669.16' is no close price"),
        ("2026-01-22,5,0\n", 2, "'0' is no close price"),
        ("2026-01-22,5,5\n2026-01-23,5,-5\n", 3, "'-5' is no close price"),
        ("2026-01-22,0,5\n", 2, "'0' is no open price"),
        ("2026-01-22,5,5\n2026-01-23,5,\n", 3, "is no close price"),
        ("2026-01-22,5,NaN\n", 2, "is no close price"),
        ("2026-01-22,5,inf\n", 2, "'inf' is no close price"),
        ("2026-01-22,-inf,5\n", 2, "'-inf' is no open price"),
        ("2026-01-22,5,5\n23/01/2026,5,5\n", 3, "'23/01/2026' is not a date"),
        ("2026-01-22,5,5\n2026-02-30,5,5\n", 3, "'2026-02-30' is not a date"),
        ("2026,5,5\n", 2, "'2026' is not a date"),
        ("2026-01,5,5\n", 2, "'2026-01' is not a date"),
        ("2026-01-22,5,5\n,5,5\n", 3, "is not a date"),
        ("2026-01-22,5,5\n\n2026-01-23,5,5\n", 3, "is not a date"),
        ("2026-01-22,5,5\n2026-01-23,5,5\n2026-01-22,5,6\n", 4, "'2026-01-22' twice"),
    ],
)
def test_a_corrupt_row_is_named(tmp_path: Path, rows: str, line: int, what: str) -> None:
    with pytest.raises(MarketSourceError) as caught:
        read(tmp_path, "Date,Open,Close\n" + rows)
    assert f"IWM.csv, line {line}: " in str(caught.value)
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("Date,Open\n2026-01-23,5\n", "needs the columns Date and Close"),
        ("Close\n5\n", "needs the columns Date and Close"),
        ("Date,Close,close\n2026-01-23,5,6\n", "has two columns close"),
        ("Date,Close\n", "holds no prices"),
        ("", "can't be read as prices"),
        ("Date,Close\n2026-01-22,5\n2026-01-23,5,6\n", "line 3"),
        (b"Date,Close\n2026-01-23,5\xff\n", "can't be read as prices"),
    ],
)
def test_a_file_that_holds_no_prices(tmp_path: Path, content: str | bytes, what: str) -> None:
    with pytest.raises(MarketSourceError, match=what) as caught:
        read(tmp_path, content)
    assert "IWM.csv" in str(caught.value)


def test_a_parquet_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(MarketSourceError, match=r"IWM\.parquet can't be read as prices"):
        read(tmp_path, "no parquet", "IWM.parquet")


def test_a_parquet_row_that_is_no_price(tmp_path: Path) -> None:
    frame().replace(269.8, float("nan")).to_parquet(tmp_path / "IWM.parquet")
    with pytest.raises(MarketSourceError, match=r"IWM\.parquet, line 3: .* is no close price"):
        FolderSource(tmp_path).history("IWM")


def test_a_yield_may_be_zero_or_less_but_a_price_may_not(tmp_path: Path) -> None:
    rows = "Date,Close\n2020-03-25,-0.05\n2020-03-26,0\n"
    assert read(tmp_path, rows, "^IRX.csv").frame["close"].tolist() == [-0.05, 0.0]
    with pytest.raises(MarketSourceError, match=r"\^IRX\.csv, line 2: 'inf' is no close price"):
        read(tmp_path, "Date,Close\n2020-03-25,inf\n", "^IRX.csv")
    with pytest.raises(MarketSourceError, match=r"\^RUT\.csv, line 2: '-0\.05'"):
        read(tmp_path, rows, "^RUT.csv")


def test_a_folder_that_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(MarketSourceError, match=r"There is no folder .*nowhere"):
        FolderSource(tmp_path / "nowhere")
    (tmp_path / "rates.csv").write_text("date,DGS10\n2026-01-23,4.2\n")
    (tmp_path / "README.md").write_text("notes")
    with pytest.raises(MarketSourceError, match="holds no price file"):
        FolderSource(tmp_path)


def test_an_unknown_symbol_names_what_there_is(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    source = FolderSource(tmp_path)
    with pytest.raises(UnknownSymbol, match=r"no prices for \^RUT; it holds IWM"):
        source.history("^RUT")
    assert source.history("iwm").symbol == "IWM"
    assert source.symbols() == ("IWM",)


def test_the_span_is_that_of_the_broad_indices(tmp_path: Path) -> None:
    read(tmp_path, "Date,Close\n2020-01-02,5\n2026-03-06,6\n", "QQQ.csv")
    assert FolderSource(tmp_path).span() == (date(2020, 1, 2), date(2026, 3, 6))
    read(tmp_path, "Date,Close\n2021-01-04,5\n2026-01-22,6\n", "^RUT.csv")
    read(tmp_path, "Date,Close\n2022-01-03,5\n2026-01-23,6\n", "^GSPC.csv")
    assert FolderSource(tmp_path).span() == (date(2021, 1, 4), date(2026, 1, 23))


@pytest.mark.parametrize(
    ("name", "columns", "adjustment"),
    [
        ("^RUT.csv", "Date,Close", "as_traded"),
        ("IWM.csv", "Date,Close", "unknown"),
        ("IWM.csv", "Date,Close,Adj Close", "as_traded"),
    ],
)
def test_whether_closes_are_known_to_be_as_traded(
    tmp_path: Path, name: str, columns: str, adjustment: str
) -> None:
    row = ",".join(["2026-01-23", *"55"[: columns.count(",")]])
    assert read(tmp_path, f"{columns}\n{row}\n", name).adjustment == adjustment


def test_a_file_changed_on_disk_is_read_again(tmp_path: Path) -> None:
    before = read(tmp_path, GOOD)
    source = FolderSource(tmp_path)
    file = tmp_path / "IWM.csv"
    assert source.history("IWM") is source.history("IWM")
    file.write_text(GOOD.replace("265.0,264.0", "265.01,264.0"))
    os.utime(file, ns=(0, int(before.retrieved.timestamp() + 5) * 10**9))
    assert source.history("IWM").frame["close"].iloc[-1] == 265.01
    assert source.history("IWM").series_hash != before.series_hash


def test_a_file_taken_away_is_named(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    source = FolderSource(tmp_path)
    (tmp_path / "IWM.csv").unlink()
    with pytest.raises(MarketSourceError, match=r"IWM\.csv"):
        source.history("IWM")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("265.0,264.0", "265.01,264.0"),  # a close
        ("269.5", "269.51"),  # a high
        ("268.8", "268.81"),  # an adjusted close
        ("2026-01-21", "2026-01-20"),
        ("2026-01-23,269.0,269.5,264.0,265.0,264.0,300\n", ""),
    ],
)
def test_the_hash_changes_with_any_price_or_day(tmp_path: Path, old: str, new: str) -> None:
    assert read(tmp_path, GOOD).series_hash != read(tmp_path, GOOD.replace(old, new)).series_hash


def test_the_hash_stands_for_the_data_and_nothing_else(tmp_path: Path) -> None:
    prices = read(tmp_path, GOOD)
    (tmp_path / "elsewhere").mkdir()
    again = read(tmp_path / "elsewhere", GOOD.replace(",300", ",301").replace("265.0,", "265.00,"))
    os.utime(tmp_path / "elsewhere" / "IWM.csv", ns=(0, 0))
    assert FolderSource(tmp_path / "elsewhere").history("IWM").retrieved != prices.retrieved
    assert again.series_hash == prices.series_hash
    assert read(tmp_path, GOOD, "SPY.csv").series_hash != prices.series_hash


def test_the_tape_ends_on_the_as_of_date(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    source = FolderSource(tmp_path)
    assert Tape(source, date(2026, 1, 22)).history("iwm").last == date(2026, 1, 22)
    assert Tape(source, date(2026, 1, 25)).history("IWM").last == date(2026, 1, 23)
    early = Tape(source, date(2026, 1, 20))
    with pytest.raises(BadDate, match=r"on or before 2026-01-20: .* begins on 2026-01-21"):
        early.history("IWM")
    assert not early.holds("IWM")
    assert not Tape(source, date(2026, 1, 23)).holds("^RUT")
    assert Tape(source, date(2026, 1, 21)).holds("IWM")
    assert Tape(source, date(2026, 1, 21)).symbols == ("IWM",)


def test_a_corrupt_file_is_not_taken_for_a_missing_one(tmp_path: Path) -> None:
    (tmp_path / "IWM.csv").write_text("Date,Close\n2026-01-23,abc\n")
    with pytest.raises(MarketSourceError, match="line 2"):
        Tape(FolderSource(tmp_path), date(2026, 1, 23)).holds("IWM")


def test_the_setting_chooses_the_source(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    assert open_market("sample").source.sample
    chosen = open_market(f"folder:{tmp_path}")
    assert not chosen.source.sample
    assert chosen.source.symbols() == ("IWM",)
    with pytest.raises(MarketSourceError, match="There is no folder"):
        open_market(f"folder:{tmp_path / 'nowhere'}")
    for setting in ("yahoo!", "", "Sample"):
        with pytest.raises(BadSettings, match="use auto, yahoo, folder:PATH or sample"):
            open_market(setting)

"""The watch list and the command that looks at it: numbers, exit codes, and what may go wrong."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from market_toys import Toys, series

from qa.cli import main
from qa.domain import Answer, Metric, Question, Signal, Verdict
from qa.errors import BadRule, NotAvailable, UnknownSymbol, WatchListError
from qa.market import watchlist
from qa.market.catalog import compute
from qa.market.tape import Tape
from qa.market.watchlist import Watched, WatchList, default_path, look, usual, watched
from qa.report.markdown import to_markdown
from qa.report.watched import last_time, looks_as_text, signals_of, since

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kept(tmp_path: Path) -> WatchList:
    return WatchList(tmp_path / "deep" / "watch.json")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TAPECHECK_MARKET", "sample")

    def run_(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tapecheck", "signals", *map(str, args)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return run_


# -- the list ----------------------------------------------------------------------------------


def test_rules_are_kept_in_order_and_once(kept: WatchList) -> None:
    assert kept.rules() == ()
    assert kept.add(watched("^rut", "vix above 20")) == 1
    assert kept.add(watched("IWM", "close below the 20-day average", "SPY")) == 2
    assert kept.add(watched("^RUT", "VIX above 20.0")) == 1  # the same rule in other words
    assert kept.rules() == (
        Watched(symbol="^RUT", rule="VIX above 20"),
        Watched(symbol="IWM", rule="close below the 20-day average", benchmark="SPY"),
    )
    assert kept.remove(1).symbol == "^RUT"
    assert [rule.symbol for rule in kept.rules()] == ["IWM"]
    for number in (0, 2, -1):
        with pytest.raises(WatchListError, match="it holds 1"):
            kept.remove(number)


def test_a_file_written_by_hand_is_read(kept: WatchList) -> None:
    kept.path.parent.mkdir()
    kept.path.write_text('{"rules": [{"symbol": "^rut", "rule": "10-year up 25 bp in a month"}]}')
    assert kept.rules()[0].rule == "10-year yield up 25 basis points in a month"


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("", WatchListError, "can't be read: Invalid JSON"),
        ("[]", WatchListError, "can't be read: Input should be"),
        ('{"version": 2}', WatchListError, "version: Input should be 1"),
        ('{"rules": [{"symbol": "^RUT"}]}', WatchListError, r"rules\.0\.rule: Field required"),
        ('{"rules": [{"symbol": "R T", "rule": "VIX above 2"}]}', WatchListError, "0.symbol"),
        ('{"rules": [{"symbol": 5, "rule": "VIX above 2"}]}', WatchListError, "0.symbol"),
        ('{"rules": [{"symbol": "IWM", "rule": "buy"}]}', BadRule, "'buy' can't be read"),
        ('{"rule": []}', WatchListError, "rule: Extra inputs"),
        ("\x00" * 300_000, WatchListError, "larger than 200,000 bytes"),
    ],
)
def test_a_file_that_can_not_be_used(
    kept: WatchList, text: str, error: type[Exception], said: str
) -> None:
    kept.path.parent.mkdir()
    kept.path.write_text(text)
    with pytest.raises(error, match=said):
        kept.rules()
    with pytest.raises(error, match=said):
        kept.add(watched("^RUT", "VIX above 20"))
    assert kept.path.read_text() == text  # and it is left as it is


def test_places_that_can_not_be_written(tmp_path: Path) -> None:
    with pytest.raises(WatchListError, match="is no file"):
        WatchList(tmp_path).rules()
    (tmp_path / "file").write_text("")
    with pytest.raises(WatchListError, match="can't be written"):
        WatchList(tmp_path / "file" / "watch.json").add(watched("^RUT", "VIX above 20"))


def test_a_list_that_is_being_written_is_refused(
    kept: WatchList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchlist, "LOCK_SECONDS", 0.05)
    kept.path.parent.mkdir()
    with (
        FileLock(f"{kept.path}.lock"),
        pytest.raises(WatchListError, match="Another process is writing"),
    ):
        kept.add(watched("^RUT", "VIX above 20"))
    assert kept.add(watched("^RUT", "VIX above 20")) == 1


def test_writers_at_the_same_time_lose_nothing(kept: WatchList) -> None:
    def write(level: int) -> None:
        WatchList(kept.path).add(watched("^RUT", f"VIX above {level}"))

    writers = [threading.Thread(target=write, args=(level,)) for level in range(1, 13)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    levels = {int(rule.rule.removeprefix("VIX above ")) for rule in kept.rules()}
    assert levels == set(range(1, 13))
    names = {p.name for p in kept.path.parent.iterdir()}
    assert names <= {"watch.json", "watch.json.lock"}  # no draft is left behind


def test_a_write_that_fails_leaves_the_old_list(
    kept: WatchList, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.add(watched("^RUT", "VIX above 20"))
    before = kept.path.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(WatchListError, match="No space left on device"):
        kept.add(watched("^RUT", "VIX above 30"))
    assert kept.path.read_bytes() == before
    assert len(list(kept.path.parent.glob("watch.json.*"))) == 1  # the lock, and no draft


def test_a_list_has_an_end(kept: WatchList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchlist, "MOST_RULES", 1)
    kept.add(watched("^RUT", "VIX above 20"))
    with pytest.raises(WatchListError, match="holds 1 rules, its most"):
        kept.add(watched("^RUT", "VIX above 30"))


@pytest.mark.parametrize("symbol", ["", "R T", "\x1b[31m", "^", "A" * 40])
def test_what_is_no_symbol(symbol: str) -> None:
    with pytest.raises(UnknownSymbol, match="is no symbol"):
        watched(symbol, "VIX above 20")


# -- a look ------------------------------------------------------------------------------------

LAST = date(2025, 8, 5)


def ask(*held: Any) -> Callable[..., Metric]:
    tape = Tape(Toys(*held), LAST)
    return lambda name, **arguments: compute(tape, name, arguments)


def test_a_look_at_each_rule() -> None:
    low = series([*[100.0] * 21, 90.0])
    rules = [*usual("^RUT"), watched("NONE", "close above 1"), watched("^RUT", "close above 50")]
    seen = look(rules, ask(low, series([9.0] * 22, "^VIX")))
    assert [s.triggered for s in seen] == [True, False, False, False, False, True]
    told = [str(s.error) if s.error else "" for s in seen]
    assert told[0] == told[2] == told[5] == ""
    assert "there is no benchmark" in told[1]
    assert told[3] == "There are no prices of ^TNX up to 2025-08-05."
    assert "no NONE" in told[4]
    text = looks_as_text(list(enumerate(seen, start=1)))
    lines = text.splitlines()
    assert lines[1].split("  ")[0] == "1"
    assert "TRIGGERED" in lines[1]
    assert "9.55% below" in lines[1]  # 90 against 99.5
    assert "Not watched: 4 ^RUT, 10-year yield up 25 basis points in a month." in text
    assert lines[-1] == "Source: toy, as of 2025-08-05."


def test_what_keeps_every_rule_from_being_told_is_raised() -> None:
    rules = [watched("^RUT", f"^RVX above {n}") for n in (20, 30)]
    with pytest.raises(NotAvailable, match="no prices of"):
        look(rules, ask(series([9.0] * 22)))
    assert look([], ask()) == ()


def test_the_signals_of_a_metric() -> None:
    closes = series([*[5.0] * 20, 11.0, 11.0])
    rules = ("close above 10", "close above 1", "close above 20")
    metric = ask(closes)("signals", symbol="^RUT", rules=rules)
    one, two, three = signals_of(metric)
    assert one == Signal(
        rule="Russell 2000 above 10",
        triggered=True,
        state="11.00",
        limit="10.00",
        distance="1.00 points above",
        since=date(2025, 8, 4),
        last_triggered=date(2025, 8, 4),
        history_start=date(2025, 7, 7),
        evidence=metric.id,
    )
    assert (since(two), last_time(two)) == ("2025-07-07 or before", "never since 2025-07-07")
    assert (three.triggered, three.distance) == (False, "9.00 points below")
    assert last_time(Signal(rule="", triggered=True, state="", evidence="")) == "not known"


def test_signals_in_an_answer() -> None:
    metric = ask(series([*[5.0] * 20, 11.0, 11.0]))(
        "signals", symbol="^RUT", rules=("close above 10", "close above 20")
    )
    answer = Answer(
        question=Question(text="What would change the verdict?", as_of=LAST),
        verdict=Verdict(label="not_asked", confidence=0, why=""),
        claims=(),
        signals=signals_of(metric),
        evidence=(metric,),
        checks=(),
        market="toy",
        sample_data=False,
        model="offline",
        settings_hash="0",
    )
    page = to_markdown(answer).split("## Watched")[1]
    assert (
        "| Russell 2000 above 10 | triggered | 11.00 | 1.00 points above | 2025-08-04 | "
        "2025-08-04 |\n"
        "| Russell 2000 above 20 | not triggered | 11.00 | 9.00 points below | "
        "2025-07-07 or before | never since 2025-07-07 |\n"
    ) in page
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


# -- the command -------------------------------------------------------------------------------


def test_exit_codes(run: Run) -> None:
    code, out, _ = run("--rule", "close above 1", "--rule", "VIX above 999")
    assert code == 3
    assert out.count("TRIGGERED") == 1
    assert "Source: sample data" in out
    assert run("--rule", "VIX above 999")[0] == 0
    code, out, _ = run("--rule", "VIX above 999", "--rule", "NOSUCH above 5")
    assert code == 1
    assert "Not watched: ^RUT, NOSUCH above 5." in out
    code, _, err = run("--rule", "NOSUCH above 5")
    assert code == 1
    assert "no prices of NOSUCH" in err
    code, _, err = run("--rule", "buy low")
    assert code == 2
    assert "'buy low' can't be read; it can be: close below the 20-day average" in err


def test_the_watch_list_in_the_users_data_folder(run: Run) -> None:
    code, out, err = run()
    assert code in (0, 3)
    assert "these are the usual ones" in err
    assert len(out.splitlines()) >= 6
    assert run("--add", "close above 1")[:2] == (
        0, f"Rule 1 of {default_path()}: ^RUT, close above 1.\n"
    )  # fmt: skip
    run("--add", "VIX above 999", "--symbol", "IWM")
    code, out, _ = run()
    assert code == 3
    assert [line[0] for line in out.splitlines()[1:3]] == ["1", "2"]
    code, out, _ = run("--symbol", "iwm")
    assert code == 0
    assert out.splitlines()[1].startswith("2  VIX above 999")
    assert run("--remove", "1")[0] == 0
    assert run()[0] == 0
    assert run("--remove", "9")[0] == 2


def test_json(run: Run) -> None:
    code, out, _ = run("--rule", "close above 1", "--as-of", "2025-12-15", "--json")
    told = json.loads(out)
    assert code == 3
    assert (told["sample_data"], told["triggered"], told["not_watched"]) == (True, 1, 0)
    (rule,) = told["rules"]
    assert rule["rule"] == "close above 1"
    assert Signal.model_validate(rule["signal"]).triggered
    assert Metric.model_validate(rule["metric"]).as_of == date(2025, 12, 15)
    assert rule["number"] is rule["problem"] is None


def test_another_list_has_to_be_there(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    code, _, err = run("--watch", other)
    assert code == 2
    assert "put one there with --add" in err
    assert run("--watch", other, "--add", "VIX above 999")[0] == 0
    assert run("--watch", other)[0] == 0
    other.write_text("{")
    code, _, err = run("--watch", other)
    assert code == 2
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "args",
    [
        ["--add", "VIX above 20", "--remove", "1"],
        ["--add", "VIX above 20", "--rule", "VIX above 20"],
        ["--add", "buy"],
        ["--rule", "VIX above 20", "--as-of", "2999-01-01"],
        ["--rule", "VIX above 20", "--symbol", "no symbol"],
    ],
)
def test_bad_usage(run: Run, args: list[str]) -> None:
    code, out, err = run(*args)
    assert code == 2
    assert out == ""
    assert err.startswith("tapecheck: ")

"""Models compared: what is counted, against a model whose every word is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scripted import draft

from eval.cases import Case
from eval.chat_server import Fails, Says, serving
from eval.models import QUESTIONS, Asked, Column, main, put, questions, share, table
from eval.overhead import CALLS, CLAIMS, Timed, measure
from qa.analyst import Analyst

MODEL = "openai:scripted"
PERFORMANCE = ("performance", {"symbol": "^RUT", "benchmark": "^GSPC", "start": "2025-12-01"})
GAINED = ("summary", "The Russell 2000 gained {m1.return} from the prior close [m1].", ["m1"])
INVENTED = ("summary", "Earnings of small caps will grow 41.7% this year [m1].", ["m1"])
SINCE = Case(
    id="since",
    question="How much has the Russell 2000 gained since December 1, 2025?",
    as_of="2026-01-23",  # type: ignore[arg-type]
)


def asked(**more: Any) -> Asked:
    claims = {"handed_in": 4, "stand": 3, "verified": 3}
    rest = {"rows": 9, "read": 6, "tokens": 100, "usd": None, "seconds": 1.0}
    given: dict[str, Any] = {"case": "x", "failure": None, "passed": True} | claims | rest
    return Asked(**(given | more))


# --- What is counted -----------------------------------------------------------------------------


def test_a_share_is_one_of_sums() -> None:
    found = share([3, 1, 0], [4, 1, 0])
    assert found is not None
    assert found.value == pytest.approx(4 / 5)
    assert found.n == 2  # the third question has nothing to say
    # Two questions can be drawn as both of one or as one of each: 3/4, 4/5 or 1.
    assert (found.low, found.high) == pytest.approx((3 / 4, 1.0))
    assert str(found) == "80% [75%, 100%]"


def test_an_interval_that_says_nothing_is_not_shown() -> None:
    assert str(share([1], [4])) == "25% (n=1)"
    assert str(share([2, 3], [2, 3])) == "100% (n=2)"
    assert share([0, 0], [0, 0]) is None


def test_what_another_wrote_is_not_counted_as_a_models_own() -> None:
    failed = asked(failure="it failed (500)", handed_in=40, stand=40, tokens=0, seconds=5.0)
    column = Column(MODEL, (asked(), asked(passed=False, tokens=300, usd=0.02), failed))
    cells = dict(column.cells())
    assert cells["questions"] == "3"
    assert cells["fell back to offline"] == "1"
    assert cells["passed"].startswith("50% ")
    assert cells["claims handed in"] == "8"
    assert cells["verified"] == "75% (n=2)"
    assert cells["taken out"] == "25% (n=2)"
    assert cells["scorecard"] == "67% (n=2)"
    assert cells["tokens, median"] == "200"
    assert cells["US dollars, mean"] == "0.0200"
    assert cells["seconds, median"] == "1.00"
    assert list(table([column]))[-1] == f"{MODEL} did not answer 1 of 3: it failed (500)."


def test_a_model_that_answered_nothing_has_no_shares() -> None:
    cells = dict(Column(MODEL, (asked(failure="it failed (500)"),)).cells())
    assert {cells[name] for name in ("passed", "verified", "taken out", "scorecard")} == {"-"}


def test_the_questions_are_of_every_kind() -> None:
    assert len(questions(len(QUESTIONS))) == 12
    assert [case.id for case in questions(3)] == ["russell", "return-rut-since", "advice-buy"]


# --- A model whose words are known ---------------------------------------------------------------


def put_to(*script: Any, store: str, **settings: Any) -> Asked:
    with serving(*script) as (_, url):
        server = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none", "retries": 0}
        given = {"market": "sample", "store": store, **server, **settings}
        return put(Analyst(model=MODEL, **given), SINCE)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_invented_claims_are_counted_as_taken_out(store: str, sample_analyst: Analyst) -> None:
    sample_analyst.library  # noqa: B018  taken in once, whoever asks first
    hands_in = Says(calls=[draft(GAINED, INVENTED, INVENTED, label="not_asked")])
    prices = {"price_input": 2.0, "price_output": 8.0}
    found = put_to(Says(calls=[PERFORMANCE]), hands_in, store=store, **prices)
    assert found.wrote
    assert (found.handed_in, found.stand, found.verified) == (3, 1, 1)
    # The look-up, the draft and its repair, each of 1000 tokens in and 100 out.
    assert found.tokens == 3300
    assert found.usd == pytest.approx((3000 * 2.0 + 300 * 8.0) / 1e6)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_that_fails_is_named_with_its_reason(store: str, sample_analyst: Analyst) -> None:
    sample_analyst.library  # noqa: B018  taken in once, whoever asks first
    found = put_to(Fails(500), store=store)
    assert found.failure == "it failed (500)"
    assert found.handed_in >= found.stand >= 1  # the offline analyst's


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_scorecard_is_of_what_the_model_looked_up(store: str, sample_analyst: Analyst) -> None:
    sample_analyst.library  # noqa: B018  taken in once, whoever asks first
    hands_in = Says(calls=[draft(GAINED, why=GAINED[1], label="fragile")])
    looked_up = Says(calls=[PERFORMANCE, ("outlook", {"symbol": "^RUT", "benchmark": "^GSPC"})])
    found = put_to(looked_up, hands_in, store=store)
    # Of the thirteen rows the outlook can fill the seven of prices: the sample tape has no bonds.
    assert (found.read, found.rows) == (6, 13)


def test_more_questions_than_there_are_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["models", "--questions", "13"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "--questions must be 1 to 12" in capsys.readouterr().err


def test_a_market_that_is_not_there_is_an_error_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = ["--market", f"folder:{tmp_path / 'none'}", "--store", str(tmp_path / "store")]
    monkeypatch.setattr("sys.argv", ["models", *given])
    with pytest.raises(SystemExit, match=r"none.*\.$"):
        main()


# --- What Tapecheck adds -------------------------------------------------------------------------


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_overhead_is_of_eight_calls_and_every_check(store: str, sample_analyst: Analyst) -> None:
    sample_analyst.library  # noqa: B018  taken in once, whoever asks first
    rows = {row.name.strip(): row for row in measure("sample", store, runs=1)}
    whole = rows["Tapecheck, whole"].seconds[0]
    beside = rows["Tapecheck, all but asking the model"].seconds[0]
    asking = rows["asking the model (client and loopback server)"].seconds[0]
    assert beside + asking == pytest.approx(whole)
    tools, checks = (rows[f"of that, the {name}"].seconds[0] for name in ("eight tools", "checks"))
    assert 0 < tools + checks < beside
    assert (len(CALLS), len(CLAIMS)) == (8, 8)


def test_the_least_run_is_held_to_the_limit() -> None:
    assert Timed("x", (0.2, 0.07), limit=0.075).holds
    assert Timed("x", (0.2, 0.08), limit=0.075).holds is False
    assert Timed("x", (0.2,)).holds is None
    assert "80.0 ms    100.0 ms   75 ms     NO" in str(Timed("x", (0.2, 0.08, 0.1), 0.075))

"""A saved answer executed again: it holds as it is, and what is tampered with is found."""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.analyst import Analyst
from qa.answer import reread
from qa.checking.auditing import beside
from qa.checking.replay import Replay, read_answer, replay
from qa.cli import app
from qa.domain import Answer
from qa.errors import UsageError

NARROW = "Where did the Russell 2000 close on January 23, 2026?"
LONG = "Is the Russell 2000 rally sustainable?"
VIEWS = "What do the bulls say about small caps?"
DAY = "2026-01-23"
# What leaves no second trace in an answer, so that nothing can tell a change of it.
UNTRIED = re.compile(
    r"question\.(text|thread)|cost|timings|settings_hash|prompts|model|notes|unanswered"
    r"|claims\.\d+\.section|evidence\.\d+\.(retrieved|ingested|audit)|verdict\.(label|confidence)"
)


@pytest.fixture(scope="module")
def narrow(sample_analyst: Analyst) -> dict[str, Any]:
    return sample_analyst.ask(NARROW, as_of=DAY).model_dump(mode="json")


@pytest.fixture(scope="module")
def views(sample_analyst: Analyst) -> dict[str, Any]:
    return sample_analyst.ask(VIEWS, as_of=DAY).model_dump(mode="json")


def again(analyst: Analyst, saved: dict[str, Any], with_store: bool = True) -> Replay:
    answer = Answer.model_validate_json(json.dumps(saved))
    held = {p.id: p for p in analyst.library.passages} if with_store else None
    return replay(answer, analyst.market.source, held, reread)


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The paths of everything in a JSON value that is no object and no list."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        where = f"{path}.{key}" if path else str(key)
        if isinstance(inner, (dict, list)):
            yield from leaves(inner, where)
        else:
            if inner != "":
                yield where


def other(value: Any) -> Any:
    """Another value of the same kind: a digit or a letter changed, a number one more."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if value is None:
        return "2025-12-30"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return "2025-12-30"
    digit = re.search(r"\d(?!.*\d)", value)
    if digit:
        changed = str((int(digit.group()) + 1) % 10)
        return value[: digit.start()] + changed + value[digit.end() :]
    return value + "x"


def tampered(saved: dict[str, Any], path: str) -> dict[str, Any]:
    changed = copy.deepcopy(saved)
    *way, last = path.split(".")
    at: Any = changed
    for key in way:
        at = at[int(key)] if isinstance(at, list) else at[key]
    key = int(last) if isinstance(at, list) else last
    at[key] = other(at[key])
    return changed


def unfound(analyst: Analyst, saved: dict[str, Any], pattern: str) -> list[str]:
    """The paths that match, can be tried, stay valid when tampered with, and are not found."""
    missed = []
    for path in leaves(saved):
        if UNTRIED.match(path) or not re.search(pattern, path):
            continue
        try:
            found = again(analyst, tampered(saved, path))
        except ValueError:  # not valid any more: reading the file refuses it
            continue
        if found.holds:
            missed.append(path)
    return missed


@pytest.mark.parametrize("question", [NARROW, VIEWS, LONG])
def test_an_answer_as_it_was_saved_holds(sample_analyst: Analyst, question: str) -> None:
    saved = sample_analyst.ask(question, as_of=DAY).model_dump(mode="json")
    found = again(sample_analyst, saved)
    assert found.differences == ()
    assert found.metrics + found.passages == len(saved["evidence"])
    assert found.claims == len(saved["claims"])


@pytest.mark.parametrize(
    "part", [r"^claims", r"^checks", r"figures\.", r"^(?!claims|checks).*(?<!figures)\.\w+$"]
)
def test_every_field_that_is_tampered_with_is_found(
    sample_analyst: Analyst, narrow: dict[str, Any], part: str
) -> None:
    rows = r"table\.(columns|rows)\.(?!0\b)"  # of a long table the first row stands for all
    assert unfound(sample_analyst, narrow, rf"^(?!.*{rows}).*(?:{part})") == []


def test_every_field_of_a_passage_that_is_tampered_with_is_found(
    sample_analyst: Analyst, views: dict[str, Any]
) -> None:
    assert unfound(sample_analyst, views, r"^(claims\.0|evidence\.0)\.") == []


def test_every_field_of_a_quoted_figure_that_is_tampered_with_is_found(
    sample_analyst: Analyst, views: dict[str, Any]
) -> None:
    place, quoted = next(
        (place, number)
        for place, claim in enumerate(views["claims"])
        for number, shown in enumerate(claim["figures"])
        if shown["status"] == "quoted"
    )
    assert unfound(sample_analyst, views, rf"^claims\.{place}\.figures\.{quoted}\.") == []


def test_tampered_words_of_a_passage_are_found_without_the_store(
    sample_analyst: Analyst, views: dict[str, Any]
) -> None:
    for name in ("text", "firm", "published", "title"):
        changed = tampered(views, f"evidence.0.{name}")
        found = again(sample_analyst, changed, with_store=False)
        assert any(d.kind == "passage" for d in found.differences), name
        assert found.untried


def test_a_sentence_taken_out_or_put_in_is_found(
    sample_analyst: Analyst, narrow: dict[str, Any]
) -> None:
    shorter = copy.deepcopy(narrow)
    del shorter["claims"][0]
    assert not again(sample_analyst, shorter).holds
    longer = copy.deepcopy(narrow)
    longer["claims"].append(
        {"section": "summary", "text": "It gained 44% [1].", "evidence": [], "figures": []}
    )
    assert not again(sample_analyst, longer).holds


def test_a_consistent_lie_is_found_in_every_place(
    sample_analyst: Analyst, narrow: dict[str, Any]
) -> None:
    metric = narrow["evidence"][0]
    shown = next(f for f in narrow["claims"][0]["figures"] if f["unit"] == "percent")
    assert shown["text"] in narrow["claims"][0]["text"]
    name = next(n for n, f in metric["figures"].items() if f["value"] == shown["value"])
    lie = json.dumps(narrow).replace(str(shown["value"]), "44.4").replace(shown["text"], "44.40%")
    found = again(sample_analyst, json.loads(lie))
    where = [d.where for d in found.differences if d.kind == "figure"]
    assert any(w.endswith(f".{name}") for w in where), where
    assert any(w.startswith("claims[1]") for w in where), where


def test_prices_that_have_changed_are_said_to_have(
    real_analyst: Analyst, narrow: dict[str, Any]
) -> None:
    found = again(real_analyst, narrow)
    assert {"series", "figure"} <= {d.kind for d in found.differences}


def test_evidence_from_after_the_as_of_date_is_found(
    sample_analyst: Analyst, views: dict[str, Any]
) -> None:
    early = copy.deepcopy(views)
    early["question"]["as_of"] = "2025-06-02"
    reasons = [d.reason for d in again(sample_analyst, early).differences]
    assert "it was published after the as-of date" in reasons


@pytest.mark.parametrize("size", [50_000, 400_000])
def test_what_is_too_long_to_be_read_is_named_and_not_read(
    sample_analyst: Analyst, narrow: dict[str, Any], views: dict[str, Any], size: int
) -> None:
    claim, line, source = (copy.deepcopy(saved) for saved in (narrow, narrow, views))
    claim["claims"][0]["text"] = "It gained 1.5% and " * size + claim["claims"][0]["text"]
    line["unanswered"] = ["What 5% of 2026 means. " * size]
    source["evidence"][0]["text"] = "The Russell 2000 gained 5% on January 5, 2026. " * size
    for changed, where in ((claim, "claims[1]"), (line, "unanswered[1]"), (source, "[1] ")):
        begun = time.process_time()
        told = [d for d in again(sample_analyst, changed).differences if where in d.where]
        assert any(re.search(r"characters|as long", f"{d.found} {d.reason}") for d in told), where
        assert time.process_time() - begun < 5, where


def test_a_passage_whose_words_are_changed_is_not_audited_under_its_old_id(
    real_analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = real_analyst.ask(VIEWS, as_of=DAY).model_dump(mode="json")
    place = next(i for i, e in enumerate(saved["evidence"]) if e["kind"] == "passage")
    changed = copy.deepcopy(saved)
    changed["evidence"][place]["text"] = "The Russell 2000 closed at 9,999.99 on January 22, 2026."
    monkeypatch.setattr(beside, "_kept", {})
    assert not again(real_analyst, changed).holds
    key = saved["evidence"][place]["id"]
    assert key not in [kept[0] for kept in beside._kept]
    assert again(real_analyst, saved).holds


def test_figures_of_a_line_that_nothing_here_holds_are_said_to_be_untried(
    sample_analyst: Analyst, narrow: dict[str, Any]
) -> None:
    changed = copy.deepcopy(narrow)
    changed["unanswered"] = ["What the other 44.4% did.", "What others did."]
    found = again(sample_analyst, changed)
    assert found.holds
    assert [line[:13] for line in found.untried] == ["unanswered[1]"]


def test_a_file_that_is_no_answer_is_refused(tmp_path: Path, narrow: dict[str, Any]) -> None:
    file = tmp_path / "answer.json"
    with pytest.raises(UsageError, match="Can't read"):
        read_answer(file)
    nan = re.sub(r'"value": [\d.]+', '"value": NaN', json.dumps(narrow), count=1)
    extra = json.dumps(narrow | {"extra": 1})
    for text in ("", "no json", "[]", '{"question": 1}', extra, nan, "[" * 100_000, extra[:900]):
        file.write_text(text)
        with pytest.raises(UsageError, match="not an answer as Tapecheck writes it"):
            read_answer(file)


def test_a_tool_that_there_is_not_is_a_difference(
    sample_analyst: Analyst, narrow: dict[str, Any]
) -> None:
    changed = copy.deepcopy(narrow)
    changed["evidence"][0]["tool"] = "os.system"
    reasons = [d.reason for d in again(sample_analyst, changed).differences]
    assert any("there is no metric 'os.system'" in reason.lower() for reason in reasons)


def test_the_command_says_what_differs_by_its_exit_code(
    tmp_path: Path, narrow: dict[str, Any]
) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(narrow))
    run = CliRunner().invoke(app, ["verify", str(file)])
    assert (run.exit_code, run.stdout[:17]) == (0, "The answer holds:")
    file.write_text(json.dumps(tampered(narrow, "claims.0.text")))
    run = CliRunner().invoke(app, ["verify", str(file), "--json"])
    assert run.exit_code == 3
    told = Replay.model_validate_json(run.stdout)
    assert told.differences
    assert date.fromisoformat(narrow["question"]["as_of"]) == date(2026, 1, 23)

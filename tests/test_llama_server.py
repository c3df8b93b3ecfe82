"""A real model server, with a model too small to make sense: the form holds all the same.

Run by `make models`, which brings the server and the model; minutes long on two cores.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import llama
import pytest

from eval.rules import too_late, unbacked, uncited
from qa.agent.events import Drafted, Finished
from qa.analyst import Analyst
from qa.domain import Answer
from qa.report.markdown import to_markdown

pytestmark = [
    pytest.mark.slow,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(not llama.is_here(), reason="no llama-server here: run `make models`"),
]

Ask = Callable[..., tuple[Answer, list[int]]]  # and how many claims each draft had

MODEL = f"openai:{llama.NAME}"
QUESTION = "How did the Russell 2000 do in December 2025?"
SECONDS = 900.0
# What a sentence of the model looks like; which words and figures stand in it is its own choice.
# No index moved by ten percent or more that month.
SENTENCE = (
    r"^(The Russell 2000|The S&P 500|Analysts say it) (gained|lost|may gain|may lose) "
    r"[1-9][0-9]\.[0-9][0-9]% (in December 2025|by 2027) \[(m1|m2)\]\.$"
)
INVENTED = re.compile(r"\b[1-9]\d\.\d\d%")


def shape() -> dict[str, Any]:
    """The JSON schema of a Draft of two such sentences."""
    sentence = {"type": "string", "pattern": SENTENCE}
    evidence = {"type": "array", "items": {"enum": ["m1", "m2"]}, "minItems": 1, "maxItems": 1}
    claim = _closed(section={"const": "summary"}, text=sentence, evidence=evidence)
    verdict = _closed(
        label={"enum": ["sustainable", "fragile", "fading"]},
        confidence={"const": 0.9},
        why=sentence,
    )
    claims = {"type": "array", "items": claim, "minItems": 2, "maxItems": 2}
    return _closed(verdict=verdict, claims=claims)


def _closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@pytest.fixture(scope="module")
def free() -> Iterator[str]:
    """A server whose model writes what it likes."""
    with llama.llama() as url:
        yield url


@pytest.fixture
def ask(store: str, sample_analyst: Analyst) -> Ask:
    """Ask a server's model; returns the answer and how many claims each draft had."""
    sample_analyst.library  # noqa: B018  taken in once, whoever asks first

    def go(url: str, **settings: Any) -> tuple[Answer, list[int]]:
        limits = {"reply_tokens": 500, "timeout": 300, "max_seconds": SECONDS, "retries": 0}
        server = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none", "temperature": 0}
        given = {"market": "sample", "store": store, **limits, **server, **settings}
        events = list(Analyst(model=MODEL, **given).stream(QUESTION, as_of="2026-01-23"))
        finished = events[-1]
        assert isinstance(finished, Finished)
        the_form_holds(finished.answer)
        return finished.answer, [event.claims for event in events if isinstance(event, Drafted)]

    return go


def the_form_holds(answer: Answer) -> None:
    """What is true of every answer, whoever wrote it."""
    assert Answer.model_validate_json(answer.model_dump_json()) == answer
    assert [*uncited(answer), *unbacked(answer), *too_late(answer)] == []
    if answer.model != MODEL:
        assert answer.model == "offline"
        (note,) = answer.notes
        assert re.fullmatch(rf"{MODEL} did not answer \(.+\); offline wrote this\.", note)
        page = to_markdown(answer)
        assert note in page
        assert "written by: offline" in page
    assert answer.cost.model_calls <= 12
    assert answer.cost.tool_calls <= 60
    assert answer.cost.input_tokens + answer.cost.output_tokens <= 200_000
    assert answer.timings["whole"] <= SECONDS + 300  # a call that has begun is waited for


def test_a_model_offered_tools(ask: Ask, free: str) -> None:
    answer, _ = ask(free, calls_tools=True)
    # This one calls none, though it is told to: the offline analyst writes.
    assert answer.model == "offline"
    assert answer.verified
    assert answer.claims


def test_a_model_that_only_writes_what_it_likes(ask: Ask, free: str) -> None:
    answer, drafts = ask(free, calls_tools=False)
    if answer.model == "offline":
        assert answer.verified
    assert len(drafts) >= 1


def test_all_that_a_model_makes_up_is_taken_out(
    ask: Ask,
) -> None:
    with llama.llama("--no-jinja", "--json-schema", json.dumps(shape())) as url:
        answer, drafts = ask(url, calls_tools=False)
    assert answer.model == MODEL
    assert drafts[0] == 2
    assert answer.claims == ()
    assert answer.verdict.label == "undetermined"
    assert answer.cost.input_tokens > 1000
    assert not INVENTED.search(to_markdown(answer))
    assert any(INVENTED.search(check.found) for check in answer.checks if not check.holds)


def test_a_prompt_beyond_the_context_is_the_offline_analysts(
    ask: Ask,
) -> None:
    with llama.llama(context=512) as url:
        answer, _ = ask(url, calls_tools=False)
    assert answer.notes == (f"{MODEL} did not answer (it refused (400)); offline wrote this.",)
    assert answer.verified

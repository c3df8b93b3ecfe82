"""What Tapecheck adds to a model: `python -m eval.overhead [--runs N] [--market SOURCE]`.

A server on this machine answers at once, as a model that takes no time: eight tool calls, then a
draft. The same eight calls go through a plain `create_agent` loop with the same tools and nothing
else. The two run in turn, so that what else the machine does falls on both; the least of the runs
is what it disturbed least.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from eval.chat_server import Call, Says, serving

if TYPE_CHECKING:
    from qa.analyst import Analyst
    from qa.domain import Answer

LIMIT = 0.075  # seconds, for everything but the model
QUESTION = "Is the Russell 2000 rally sustainable?"
DAY = date(2026, 1, 23)
WARM_UP = 3
_RUT = {"symbol": "^RUT", "start": "2025-12-01"}
_BOTH = {**_RUT, "benchmark": "^GSPC"}
CALLS: tuple[Call, ...] = (
    ("performance", _BOTH),
    ("compare", _BOTH),
    ("volatility", _RUT),
    ("drawdown", _RUT),
    ("technicals", {"symbol": "^RUT"}),
    ("sectors", {"start": "2025-12-01"}),
    ("signals", {"symbol": "^RUT"}),
    ("search_commentary", {"query": "small caps earnings growth outlook"}),
)
WHY = "The Russell 2000 gained {m1.return} from the prior close [m1]."
CLAIMS = (
    ("performance", WHY),
    (
        "performance",
        "It led the S&P 500, which returned {m1.return_benchmark}, by {m1.relative_return} [m1].",
    ),
    ("performance", "Their daily moves have a correlation of {m2.correlation} [m2]."),
    ("technicals", "The Russell 2000 closed at {m5.close} on {m5.session} [m5]."),
    (
        "technicals",
        "It stands {m5.distance_50} above its 50-day average of {m5.average_50} [m5].",
    ),
    ("technicals", "The annualised volatility of the Russell 2000 was {m3.annualised} [m3]."),
    ("uncertainties", "The Russell 2000 is {m4.current} below its peak of {m4.peak} [m4]."),
    ("drivers", "Of the {m6.sectors} sectors, {m6.up_period} rose over the window [m6]."),
)


@dataclass(frozen=True)
class Timed:
    """Seconds of each run of one thing, and the limit of the least, if there is one."""

    name: str
    seconds: tuple[float, ...]
    limit: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the least is within the limit; None without one."""
        return None if self.limit is None else min(self.seconds) <= self.limit

    def __str__(self) -> str:
        least, middle = min(self.seconds) * 1000, median(self.seconds) * 1000
        limit = "-" if self.limit is None else f"{self.limit * 1000:.0f} ms"
        holds = {True: "yes", False: "NO", None: "-"}[self.holds]
        return f"{self.name:46} {least:8.1f} ms {middle:8.1f} ms {limit:>7} {holds:>6}"


def replies(request: dict[str, Any]) -> Says:
    """The model that takes no time: it looks things up, then hands in its draft, or says done."""
    messages = request["messages"]
    if messages[-1]["role"] != "tool":
        return Says(calls=CALLS)
    if any(tool["function"]["name"] == "Draft" for tool in request["tools"]):
        return Says(calls=[("Draft", _draft(json.loads(messages[-1]["content"])))])
    return Says("Done.")


def _draft(found: list[dict[str, Any]]) -> dict[str, Any]:
    """A draft for every check: slots, a day, a quotation of the first passage found."""
    words = " ".join(found[0]["text"].split(". ")[0].split()[-8:])
    claims = [(section, text, [text[-4:-2]]) for section, text in CLAIMS]  # each ends in its mark
    claims.append(("bulls", f"One of the notes says: “{words}” [p1].", ["p1"]))
    return {
        "verdict": {"label": "sustainable", "confidence": 0.6, "why": WHY},
        "claims": [{"section": s, "text": t, "evidence": e} for s, t, e in claims],
    }


def measure(market: str, store: str, runs: int) -> list[Timed]:
    """Ask Tapecheck and the plain loop in turn; seconds of each, and of Tapecheck's stages.

    Exits when an answer isn't what is to be measured: eight calls, a draft, every check holding.
    """
    from qa.analyst import Analyst

    with serving(replies) as (_, url):
        given: dict[str, Any] = {
            "OPENAI_BASE_URL": url,
            "OPENAI_API_KEY": "none",
            "fallback": "none",
        }
        analyst = Analyst(model="openai:scripted", market=market, store=store, **given)
        plain = PlainLoop(analyst)
        ours: list[Answer] = []
        whole, bare = [], []
        for run in range(WARM_UP + runs):
            started = time.perf_counter()
            answer = analyst.ask(QUESTION, as_of=DAY)
            between = time.perf_counter()
            plain.ask()
            if run >= WARM_UP:
                whole.append(between - started)
                bare.append(time.perf_counter() - between)
                ours.append(answer)
    _insist(ours[-1])
    model = [answer.timings["model"] for answer in ours]
    beside = [all_of_it - asking for all_of_it, asking in zip(whole, model, strict=True)]
    return [
        Timed("Tapecheck, whole", tuple(whole)),
        Timed("a plain create_agent loop, whole", tuple(bare)),
        Timed("Tapecheck, all but asking the model", tuple(beside), LIMIT),
        Timed("  of that, the eight tools", tuple(a.timings["tools"] for a in ours)),
        Timed("  of that, the checks", tuple(a.timings["checks"] for a in ours)),
        Timed("asking the model (client and loopback server)", tuple(model)),
    ]


class PlainLoop:
    """LangChain's create_agent with the same model, tools and prompt: no checks, no budgets."""

    def __init__(self, analyst: Analyst) -> None:
        from langchain.agents import create_agent

        from qa.agent.models import open_model
        from qa.agent.prompts import system_prompt
        from qa.agent.tools import Desk, build_tools
        from qa.market.tape import Tape

        self._analyst = analyst
        self._tape = Tape(analyst.market.source, DAY)
        prompt = system_prompt(DAY, DAY, self._tape.source.name, self._tape.symbols)
        model = open_model(analyst.settings.chosen_model, analyst.settings)
        self._agent = create_agent(
            model, build_tools(self._tape), system_prompt=prompt, context_schema=Desk
        )

    def ask(self) -> None:
        """The question, to the end of the loop."""
        from qa.agent.tools import Desk

        desk = Desk(self._tape, self._analyst.library, DAY)
        asked: Any = {"messages": [{"role": "user", "content": QUESTION}]}
        done = self._agent.invoke(asked, {"max_concurrency": 1}, context=desk)
        if done["messages"][-1].text != "Done." or len(desk.ledger) < len(CALLS):
            sys.exit("The plain loop didn't end as scripted, so there is nothing to compare with.")


def _insist(answer: Answer) -> None:
    failed = [check.reason for check in answer.checks if not check.holds]
    if failed or answer.cost.tool_calls != len(CALLS) or answer.cost.model_calls != 2:
        sys.exit(f"The answer isn't the one to measure: {failed or answer.cost}.")


def main() -> None:
    """Measure and print the table; exits with 1 when the limit isn't held."""
    parser = argparse.ArgumentParser(description="Measure what Tapecheck adds to a model.")
    parser.add_argument("--market", default="sample", help="sample (default) or folder:PATH")
    parser.add_argument("--runs", type=int, default=20, help="runs of each, 20 by default")
    parser.add_argument("--store", type=Path, help="where the commentary is kept between runs")
    given = parser.parse_args()
    if given.runs < 1:
        parser.error("--runs must be 1 or more")
    if given.store is None:
        from eval.subject import default_store

        given.store = default_store()
    rows = measure(given.market, str(given.store), given.runs)
    print(f"{'':46} {'least':>11} {'median':>11} {'limit':>7} {'holds?':>6}")
    print("\n".join(map(str, rows)))
    least, middle = (of(rows[0].seconds) - of(rows[1].seconds) for of in (min, median))
    print(f"more than the plain loop: {least * 1000:.1f} ms (least), {middle * 1000:.1f} (median)")
    print(f"{given.runs} runs of each in turn, market {given.market.partition(':')[0]}; ", end="")
    print(f"{len(CALLS)} tool calls, {len(CLAIMS) + 1} claims, every check holds")
    sys.exit(any(row.holds is False for row in rows))


if __name__ == "__main__":
    main()

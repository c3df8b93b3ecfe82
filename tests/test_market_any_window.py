"""Every metric over windows drawn at random on the real tape: figures that are fit, or a reason.

A real tape has what toys lack: short files, opens that repeat, columns that are missing.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from conftest import needs_real_tape
from market_toys import days_of, numbers_of

from qa.domain import Metric
from qa.errors import TapecheckError
from qa.market.catalog import CATALOG, compute
from qa.market.tape import Tape

pytestmark = needs_real_tape
DRAWS, A_TAPE = 1000, 8
FIRST, LAST = date(1985, 1, 2), date(2026, 3, 6)
BACK = (5, 20, 40, 60, 80, 400, 12000)  # days


def drawn(dice: random.Random, symbols: tuple[str, ...], as_of: date) -> dict[str, Any]:
    """Arguments for any metric: mostly a window before the as-of date, some absurd."""
    back = dice.choice(BACK)
    start, end = (as_of - timedelta(dice.randrange(back) - (dice.random() < 0.1)) for _ in range(2))
    if dice.random() < 0.95:
        start, end = min(start, end), max(start, end)
    every = {
        "symbol": dice.choice(symbols),
        "benchmark": dice.choice(symbols),
        "start": start,
        "end": end,
        "on": end,
        "said_on": max(start, end - timedelta(30)),
        "basis": dice.choice(["prior_close", "close", "open"]),
        "window": dice.choice([5, 21, 252]),
        "target": dice.choice([1e6, 2825.0, 250.0, 100.0]),
        "claimed": dice.choice([-50.0, 0.0, 14.0]),
        "symbols": tuple(dice.choices(symbols, k=6)),
        "high_yield": dice.choice(["HYG", *symbols]),
        "investment_grade": dice.choice(["LQD", *symbols]),
        "target_low": 3.5,
        "target_high": 3.75,
    }
    # Now and then one that may be left out is left out.
    return {k: v for k, v in every.items() if k in ("symbol", "start") or dice.random() < 0.8}


def flaw(m: Metric, name: str, tape: Tape, *, again: bool) -> str:
    """What is wrong with a metric; nothing if it may stand. `again` computes it a second time."""
    if not all(map(math.isfinite, numbers_of(m))):
        return "a figure is no number"
    if max(days_of(m)) > tape.as_of:
        return "a day is after the as-of date"
    if (m.tool, m.as_of) != (name, tape.as_of) or not m.figures or not m.definition:
        return "it is not what was asked for"
    if Metric.model_validate_json(m.model_dump_json()) != m:
        return "it doesn't survive JSON"
    if again and compute(tape, name, json.loads(json.dumps(m.arguments))) != m:
        return "its own arguments give another"
    return ""


def outcome(
    tape: Tape, name: str, arguments: Mapping[str, Any], *, again: bool
) -> tuple[bool, str]:
    """Whether a metric was given, and what is wrong with it or with the refusal."""
    try:
        m = compute(tape, name, arguments)
    except TapecheckError as error:
        return False, "" if str(error).endswith(".") else f"no sentence: {error}"
    except Exception as error:
        return False, f"an error of another kind: {error!r}"
    return True, flaw(m, name, tape, again=again)


def test_a_thousand_windows_give_fit_figures_or_a_reason(real_tape: Tape) -> None:
    dice = random.Random(20260123)
    source = real_tape.source
    given: Counter[str] = Counter()
    flaws = []
    for draw in range(DRAWS):
        if draw % A_TAPE == 0:
            since = FIRST if dice.random() < 0.3 else date(2025, 10, 1)
            tape = Tape(source, since + timedelta(dice.randrange((LAST - since).days)))
            symbols = tuple(s for s in source.symbols() if tape.holds(s))
        name = dice.choice(list(CATALOG))
        asked = drawn(dice, symbols if dice.random() < 0.9 else source.symbols(), tape.as_of)
        arguments = {k: v for k, v in asked.items() if k in CATALOG[name].arguments.model_fields}
        fit, wrong = outcome(tape, name, arguments, again=draw % 3 == 0)
        given[name] += fit
        if wrong:
            flaws.append((draw, name, arguments, tape.as_of, wrong))
    assert flaws == []
    # That most draws are refused would prove little; valuation has no ratios here.
    assert sum(given.values()) > DRAWS * 0.4, given
    assert all(given[name] >= 5 for name in set(CATALOG) - {"valuation"}), given

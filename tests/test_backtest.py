"""The backtest: counts and shares by label and tenth, from the table of an outlook."""

from __future__ import annotations

import json

from conftest import SHARED, needs_real_tape
from typer.testing import CliRunner

from qa.cli import app
from qa.market.backtest import Scored, backtest, lines, records
from qa.market.catalog import compute
from qa.market.tape import Tape


@needs_real_tape
def test_labels_and_tenths_count_every_scored_month_end(real_tape: Tape) -> None:
    metric = compute(real_tape, "outlook", {"symbol": "^RUT"})
    assert metric.table is not None
    rows = [dict(zip(metric.table.columns, row, strict=True)) for row in metric.table.rows]
    scored = [row for row in rows if row["up"] is not None and row["chance_up"] is not None]
    up = next(r for r in records(metric) if r.outcome == "up")
    assert up.n == len(scored) == sum(h.n for h in up.hits) == sum(b.n for b in up.reliability)
    fragile = [row for row in scored if row["label"] == "fragile"]
    came = sum(row["up"] for row in fragile) / len(fragile) * 100
    assert next(h.share for h in up.hits if h.label == "fragile") == came
    brier = sum((row["chance_up"] - row["up"]) ** 2 for row in scored) / len(scored)
    assert abs(up.brier - brier) < 1e-4  # the table has four decimals


@needs_real_tape
def test_what_has_no_record_is_said(real_tape: Tape) -> None:
    found = list(backtest(real_tape, ("QQQ", "^TNX", "^RUT")))
    told = [one for one in found if isinstance(one, str)]
    assert any("^TNX is no price" in text for text in told)
    assert "Too few month ends since 1995 for a record: QQQ." in told
    assert [one.symbol for one in found if isinstance(one, Scored)] == ["^RUT", "^RUT"]
    assert "no measurable edge" in "\n".join(lines(found))


@needs_real_tape
def test_the_command_prints_json() -> None:
    given = ["backtest", "^rut", "--market", f"folder:{SHARED / 'market'}", "--json"]
    done = CliRunner().invoke(app, [*given, "--as-of", "2026-01-23"])
    assert done.exit_code == 0, done.output
    assert [one["outcome"] for one in json.loads(done.stdout)] == ["up", "ahead of ^GSPC"]


def test_on_the_sample_tape_there_is_too_little_to_score() -> None:
    done = CliRunner().invoke(app, ["backtest", "--market", "sample"])
    assert done.exit_code == 0, done.output
    assert "Too few month ends" in done.stdout
    assert "Not real prices" in done.stderr

"""Every sabotage of the evaluation still finds what it breaks, and breaks only that."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from eval.sabotage import ROOT, SABOTAGES, Sabotage, copied, spoil
from qa.errors import UsageError


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda s: s.name)
def test_a_sabotage_finds_its_place_and_leaves_python(sabotage: Sabotage) -> None:
    text = (ROOT / sabotage.file).read_text(encoding="utf-8")
    assert text.count(sabotage.old) == 1
    ast.parse(text.replace(sabotage.old, sabotage.new))


def test_only_the_copy_is_changed(tmp_path: Path) -> None:
    sabotage = SABOTAGES[0]
    spoil(copied(tmp_path / "copy"), sabotage)
    assert sabotage.old not in (tmp_path / "copy" / sabotage.file).read_text()
    assert sabotage.old in (ROOT / sabotage.file).read_text()
    with pytest.raises(UsageError, match="does not hold this once"):
        spoil(tmp_path / "copy", sabotage)

"""A sentence that isn't English is no checked sentence."""

from __future__ import annotations

import pytest

from qa.checking.language import check_language


@pytest.mark.parametrize(
    "text",
    [
        "El Russell 2000 cayó un 6.75% desde el cierre.",
        "Der Russell 2000 stieg um 6,75 % seit dem Schlusskurs.",
        "Il Russell 2000 ha guadagnato il 6.75% dalla chiusura.",
        "O índice subiu 6,75% em novembro e depois caiu de novo.",
        "罗素2000指数上涨6.75%。",
        "Индекс вырос на 6.75%.",
    ],
)
def test_another_language_fails(text: str) -> None:
    (check,) = check_language(text)
    assert not check.holds
    assert "not in English" in check.reason


@pytest.mark.parametrize(
    "text",
    [
        "The Russell 2000 gained 6.75% from the prior close.",
        "Russell 2000: 6.75%, S&P 500: 0.97%.",
        "Long-term sovereign yields also rose notably.",
        "Its β was 1.21 in die-hard small caps.",
        "",
    ],
)
def test_english_and_what_cannot_be_told_pass(text: str) -> None:
    assert check_language(text) == []

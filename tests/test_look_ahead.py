"""Answers on past days are the same bytes whatever came later."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import needs_real_tape
from market_toys import Corrupt

from qa.analyst import Analyst
from qa.domain import Answer
from qa.market.folder import FolderSource
from qa.market.tape import Market

DAYS = """
1990-08-24 1994-12-30 1998-10-09 2000-03-10 2001-09-21 2002-10-10 2004-07-16 2007-10-12 2008-10-10
2009-03-06 2010-05-28 2011-10-04 2013-05-22 2015-08-25 2016-02-11 2018-12-24 2020-03-23 2021-11-08
2022-06-16 2025-12-05
""".split()


def told(answer: Answer) -> str:
    return answer.model_copy(update={"timings": {}}).model_dump_json()


@needs_real_tape
@pytest.mark.parametrize("day", DAYS)
def test_no_answer_knows_what_came_later(real_analyst: Analyst, store: str, day: str) -> None:
    source = real_analyst.market.source
    assert isinstance(source, FolderSource)
    spoilt = Analyst(model="offline", market=real_analyst.settings.market, store=store)
    spoilt.market = Market(Corrupt(source, date.fromisoformat(day)), "for the test")
    question = "Is the Russell 2000 rally sustainable?"
    answer = real_analyst.ask(question, as_of=day)
    assert told(answer) == told(spoilt.ask(question, as_of=day))
    assert answer.claims

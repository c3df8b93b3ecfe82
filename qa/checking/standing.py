"""Words that say how things stand without a figure: "outpaced", "above its 50-day average".

Held against the sign of a cited figure that measures just that; silent where none does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.checking.failed import fail
from qa.checking.layout import NAME, Layout
from qa.checking.slots import write
from qa.domain import Check, Figure, Metric, Passage
from qa.market.instruments import kin

Known = Sequence[tuple[str, Passage | Metric]]
_BESIDE = re.compile(
    rf"(?P<one>{NAME}+)(?: index| fund)?(?: has| had| also| clearly| again)* "
    r"(?:(?P<ahead>outpaced|outperformed|beat|beaten|led|topped|outran)"
    r"|(?P<behind>lagged|trailed|underperformed))(?: behind)? "
    rf"(?:the )?(?P<other>{NAME}+)",
    re.I,
)
_AVERAGE = re.compile(
    rf"(?P<one>{NAME}+)(?: index| fund)? (?:is|was|stands|stood|trades|traded|closed|sits)"
    r"(?: still| now| well| just)* (?:(?P<above>above|over)|below|under) (?:its|the) "
    r"(?P<length>\d+)-day(?: simple| moving)* average",
    re.I,
)


def check_standing(page: Layout, known: Known) -> list[Check]:
    """The checks that fail: the words say one thing, and every cited figure of it the other."""
    metrics = [(key, e) for key, e in known if isinstance(e, Metric)]
    checks = []
    for said, up, found in _claims(page, metrics):
        values = [f.value for _, f in found if isinstance(f.value, float) and f.value]
        if values and all((value > 0) != up for value in values):
            name, figure = found[0]
            expected = "a rise" if up else "a fall"
            reason = f"the words say {said!r}, {name} is {write(figure)}"
            checks.append(
                fail("direction", page.text, expected, write(figure), reason, against=True)
            )
    return checks


def _claims(
    page: Layout, metrics: Sequence[tuple[str, Metric]]
) -> Iterator[tuple[str, bool, list[tuple[str, Figure]]]]:
    """What the words say, whether a figure of it should be above nought, and the figures."""
    for match in page.from_names(_BESIDE) if len(page.instruments) > 1 else ():
        one, other = (page.named_at(match.start(name)).symbol for name in ("one", "other"))
        said = page.text[match.end("one") : match.start("other")].strip()
        ahead, same = match["ahead"] is not None, _relative(metrics, one, other)
        if same:
            yield said, ahead, same
        elif turned := _relative(metrics, other, one):
            yield said, not ahead, turned
    for match in page.from_names(_AVERAGE) if "average" in page.low else ():
        symbol, name = page.named_at(match.start("one")).symbol, f"distance_{match['length']}"
        said = page.text[match.end("one") : match.end()].strip()
        yield said, match["above"] is not None, _held(metrics, symbol, name)


def _relative(
    metrics: Sequence[tuple[str, Metric]], one: str, other: str
) -> list[tuple[str, Figure]]:
    return [
        (f"{key}.relative_return", m.figures["relative_return"])
        for key, m in metrics
        if "relative_return" in m.figures
        and len(m.symbols) > 1
        and m.symbols[0] in kin(one)
        and m.symbols[1] in kin(other)
    ]


def _held(
    metrics: Sequence[tuple[str, Metric]], symbol: str | None, name: str
) -> list[tuple[str, Figure]]:
    return [
        (f"{key}.{name}", m.figures[name])
        for key, m in metrics
        if name in m.figures and (symbol is None or m.symbols[0] in kin(symbol))
    ]

"""How the scorers read an answer: numbers, days and words, by means of their own.

The product's reader of figures is not used here: what it gets wrong has to come to light.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MARK = re.compile(r"\s*\[\d{1,3}\]")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_NUMBER = re.compile(
    r"(?<![\w.,^])(?P<sign>[+\-−])?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?"
    r"(?P<unit>\s?%|\s(?:percentage points|percent|basis points|points)\b)?(?![\w]|[.,]\d)"
)
_UNITS = {
    "%": "percent",
    "percent": "percent",
    "percentage points": "percentage_points",
    "points": "points",
    "basis points": "basis_points",
}
_FALLS_BEFORE = re.compile(
    r"\b(?:down|fell|falls|falling|lost|loses|dropped|declined|slid|off|below"
    r"|(?:drawdown|drop|decline|fall|loss) of)(?: by)?\s$",
    re.I,
)
_FALLS_AFTER = re.compile(r"\s(?:below|lower|under|behind|down)\b", re.I)
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True)
class Shown:
    """A number as a reader sees it; `value` is negative where the text says that it fell."""

    text: str
    value: float
    decimals: int
    unit: str | None

    @property
    def exact(self) -> bool:
        """Whether it can only be a figure: it has a unit, decimals or thousands."""
        return self.unit is not None or self.decimals > 0 or "," in self.text


def plain(text: str) -> str:
    """The text without its citation marks."""
    return _MARK.sub("", text)


def numbers(text: str) -> Iterator[Shown]:
    """The numbers of a text, citation marks and ISO days left out."""
    text = _ISO.sub(lambda m: "x" * len(m.group()), plain(text))
    for found in _NUMBER.finditer(text):
        value = float(found["whole"].replace(",", "") + "." + (found["part"] or "0"))
        fell = (found["sign"] or "") in ("-", "−") and bool(found["sign"])
        if not found["sign"]:
            before, after = text[: found.start()], text[found.end() :]
            fell = bool(_FALLS_BEFORE.search(before) or _FALLS_AFTER.match(after))
        unit = _UNITS.get((found["unit"] or "").strip())
        decimals = len(found["part"] or "")
        yield Shown(found.group().strip(), -value if fell else value, decimals, unit)


def days(text: str) -> Iterator[date]:
    """The days of a text that are written YYYY-MM-DD."""
    for year, month, day in _ISO.findall(text):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:  # digits in the form of a day, such as a telephone number
            continue


def says(text: str, wanted: str) -> bool:
    """Whether the text holds one of the wordings, parted by "|", whatever the case of letters.

    A day, YYYY-MM-DD, is found as it is usually spoken too. A wording that begins or ends with a
    letter or digit has to begin or end a word there.
    """
    return any(_holds(text, wording) for one in wanted.split("|") for wording in _spoken(one))


def _holds(text: str, wording: str) -> bool:
    starts = r"(?<!\w)" if wording[:1].isalnum() else ""
    ends = r"(?!\w|[.,]\d)" if wording[-1:].isdigit() else ""
    return re.search(starts + re.escape(wording) + ends, text, re.IGNORECASE) is not None


def _spoken(wording: str) -> list[str]:
    if not _ISO.fullmatch(wording):
        return [wording]
    day = date.fromisoformat(wording)
    month = _MONTHS[day.month - 1]
    return [
        wording,
        *(f"{m} {day.day}, {day.year}" for m in (month, month[:3])),
        *(f"{day.day} {m} {day.year}" for m in (month, month[:3])),
    ]

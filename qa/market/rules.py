"""Rules to watch: each a small typed thing, and one line of plain words that says the same.

`FORMS` shows the words. In a rule, `of` is an instrument ("^VIX"), the ratio of two ("HYG/LQD"), or
None for the one that is watched; `against` is None for its benchmark.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from qa.errors import BadRule
from qa.market.instruments import named

FORMS = (
    "close below the 20-day average",
    "50-day average below the 200-day average",
    "HYG/LQD below its 50-day average",
    "symbol minus benchmark over 20 sessions below zero",
    "VIX above 20",
    "10-year up 25 bp in a month",
    "^RUT down 5% in 10 sessions",
    "drawdown above 10%",
    "RSI above 70",
)
SPANS = {"week": 5, "month": 21, "quarter": 63, "year": 252}  # in sessions

Side = Literal["above", "below"]
MoveUnit = Literal["basis_points", "percent", "points"]
_SYMBOL = r"\^?[A-Z0-9][A-Z0-9.=-]{0,11}"
One = Annotated[str, Field(pattern=rf"^{_SYMBOL}$")]
Of = Annotated[str, Field(pattern=rf"^{_SYMBOL}(?:/{_SYMBOL})?$")]
Average = Annotated[int, Field(ge=2, le=1000)]
Sessions = Annotated[int, Field(ge=1, le=1000)]
Limit = Annotated[float, Field(ge=-1e7, le=1e7), AfterValidator(lambda x: round(x, 6) + 0.0)]
Amount = Annotated[Limit, Field(ge=1e-6)]
Percent = Annotated[Limit, Field(ge=0, lt=100)]


class _Rule(BaseModel):
    """What the kinds share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: Of | None = None

    @property
    def words(self) -> str:
        """The rule in words, which `read_rule` reads as this very rule."""
        raise NotImplementedError

    @property
    def code(self) -> str:
        """A name for its figures, without the instrument."""
        raise NotImplementedError

    @property
    def symbols(self) -> tuple[str, ...]:
        """The instruments that the rule names."""
        return tuple(self.of.split("/")) if self.of else ()

    def bound(self, symbol: str, benchmark: str | None) -> Self:
        """The rule with the instrument that is watched in place of None; raises BadRule.

        That instrument may not fit it: a yield has no drawdown.
        """
        return self._with(of=self.of or symbol)

    def _with(self, **fields: str) -> Self:
        try:
            return type(self).model_validate(self.model_dump() | fields)
        except ValidationError as error:
            raise BadRule(f"The rule {self.words!r} can't be used: {reason(error)}.") from error

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if "/" in (self.of or ""):
            if _has_yield(self):
                raise ValueError("a ratio is of prices, not of yields")
            if len(set(self.symbols)) == 1:
                raise ValueError("a ratio is of two instruments")
        return self


class CloseRule(_Rule):
    """The close above or below the mean of its last `sessions` closes, this one included."""

    kind: Literal["close"] = "close"
    side: Side
    sessions: Average

    @property
    def words(self) -> str:
        """As in "close below the 20-day average"."""
        who, its = (spoken(self.of), "its") if self.of else ("close", "the")
        return f"{who} {self.side} {its} {self.sessions}-day average"

    @property
    def code(self) -> str:
        """As in close_below_20."""
        return f"close_{self.side}_{self.sessions}"


class AverageRule(_Rule):
    """The mean of the last `sessions` closes above or below that of the last `against`."""

    kind: Literal["average"] = "average"
    sessions: Average
    side: Side
    against: Average

    @property
    def words(self) -> str:
        """As in "50-day average below the 200-day average"."""
        who, its = (f"{spoken(self.of)} ", "its") if self.of else ("", "the")
        return f"{who}{self.sessions}-day average {self.side} {its} {self.against}-day average"

    @property
    def code(self) -> str:
        """As in average_50_below_200."""
        return f"average_{self.sessions}_{self.side}_{self.against}"

    @model_validator(mode="after")
    def _two_averages(self) -> Self:
        if self.sessions == self.against:
            raise ValueError("an average is neither above nor below itself")
        return self


class LevelRule(_Rule):
    """The close above or below a level: percent for a yield, else a price or points."""

    kind: Literal["level"] = "level"
    side: Side
    limit: Limit

    @property
    def words(self) -> str:
        """As in "VIX above 20"."""
        percent = "%" if self.of and _has_yield(self) else ""
        return f"{spoken(self.of) if self.of else 'close'} {self.side} {plain(self.limit)}{percent}"

    @property
    def code(self) -> str:
        """As in level_above_20."""
        return f"level_{self.side}_{_coded(self.limit)}"


class LeadRule(_Rule):
    """One return less another over `sessions`, above or below `limit` percentage points."""

    kind: Literal["lead"] = "lead"
    of: One | None = None
    against: One | None = None
    sessions: Sessions
    side: Side
    limit: Limit = 0.0

    @property
    def words(self) -> str:
        """As in "symbol minus benchmark over 20 sessions below zero"."""
        one = spoken(self.of) if self.of else "symbol"
        other = spoken(self.against) if self.against else "benchmark"
        limit = f"{plain(self.limit)} percentage points" if self.limit else "zero"
        return f"{one} minus {other} over {self.sessions} sessions {self.side} {limit}"

    @property
    def code(self) -> str:
        """As in lead_20_below_0."""
        return f"lead_{self.sessions}_{self.side}_{_coded(self.limit)}"

    @property
    def symbols(self) -> tuple[str, ...]:
        """The instruments that the rule names."""
        return tuple(symbol for symbol in (self.of, self.against) if symbol)

    def bound(self, symbol: str, benchmark: str | None) -> Self:
        """The rule with both instruments named; raises BadRule, as for want of a benchmark."""
        other = self.against or benchmark
        if other is None:
            raise BadRule(f"The rule {self.words!r} can't be used: there is no benchmark.")
        return self._with(of=self.of or symbol, against=other)

    @model_validator(mode="after")
    def _two_prices(self) -> Self:
        if self.of and self.of == self.against:
            raise ValueError("an instrument has no lead over itself")
        if _has_yield(self):
            raise ValueError("a yield has no return")
        return self


class MoveRule(_Rule):
    """A close `amount` or more up or down on that `sessions` before."""

    kind: Literal["move"] = "move"
    way: Literal["up", "down"]
    amount: Amount
    unit: MoveUnit
    sessions: Sessions

    @property
    def words(self) -> str:
        """As in "10-year yield up 25 basis points in a month"."""
        unit = {"basis_points": " basis points", "percent": "%", "points": " points"}[self.unit]
        span = next((f"a {s}" for s, n in SPANS.items() if n == self.sessions), None)
        time = span or f"{self.sessions} sessions"
        who = spoken(self.of) if self.of else "close"
        return f"{who} {self.way} {plain(self.amount)}{unit} in {time}"

    @property
    def code(self) -> str:
        """As in move_up_25_21."""
        return f"move_{self.way}_{_coded(self.amount)}_{self.sessions}"

    @model_validator(mode="after")
    def _unit_fits(self) -> Self:
        if self.of and (self.unit == "basis_points") != _has_yield(self):
            raise ValueError("a yield moves in basis points, and nothing else does")
        if "/" in (self.of or "") and self.unit != "percent":
            raise ValueError("a ratio moves in percent")
        return self


class DrawdownRule(_Rule):
    """How far the close is below the highest close so far, in percent."""

    kind: Literal["drawdown"] = "drawdown"
    side: Side
    limit: Percent

    @property
    def words(self) -> str:
        """As in "drawdown above 10%"."""
        who = f"{spoken(self.of)} " if self.of else ""
        return f"{who}drawdown {self.side} {plain(self.limit)}%"

    @property
    def code(self) -> str:
        """As in drawdown_above_10."""
        return f"drawdown_{self.side}_{_coded(self.limit)}"

    @model_validator(mode="after")
    def _of_a_price(self) -> Self:
        if _has_yield(self):
            raise ValueError("a yield has no drawdown")
        return self


class RsiRule(_Rule):
    """Wilder's relative strength index over 14 changes, 0 to 100, above or below a limit."""

    kind: Literal["rsi"] = "rsi"
    side: Side
    limit: Annotated[Limit, Field(ge=0, le=100)]

    @property
    def words(self) -> str:
        """As in "RSI above 70"."""
        who = f"{spoken(self.of)} " if self.of else ""
        return f"{who}RSI {self.side} {plain(self.limit)}"

    @property
    def code(self) -> str:
        """As in rsi_above_70."""
        return f"rsi_{self.side}_{_coded(self.limit)}"


def spoken(of: str) -> str:
    """An instrument or a ratio as rules name it: "Russell 2000", "10-year yield", "HYG/LQD"."""
    instrument = named(of)
    return of if instrument.kind == "fund" else instrument.name.replace("Treasury ", "")


def plain(number: float) -> str:
    """A number as it is typed: at most six decimals, and none that are zero."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _coded(number: float) -> str:
    return plain(number).replace("-", "minus_").replace(".", "_")


def _has_yield(rule: _Rule) -> bool:
    return any(named(symbol).kind == "yield" for symbol in rule.symbols)


def reason(error: ValidationError) -> str:
    """Why a rule can't be made, in a few words."""
    first = error.errors()[0]
    where = "".join(f"{part}: " for part in first["loc"])
    return where + re.sub(r"^Value error, ", "", first["msg"])


Rule: TypeAlias = Annotated[
    CloseRule | AverageRule | LevelRule | LeadRule | MoveRule | DrawdownRule | RsiRule,
    Field(discriminator="kind"),
]
USUAL: dict[str, Rule] = {
    "close": CloseRule(side="below", sessions=20),
    "lead": LeadRule(sessions=20, side="below"),
    "vix": LevelRule(of="^VIX", side="above", limit=20),
    "ten_year": MoveRule(of="^TNX", way="up", amount=25, unit="basis_points", sessions=21),
}

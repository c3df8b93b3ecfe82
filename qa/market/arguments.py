"""What each metric is asked with: the same arguments in the shell, Python and the agent's tools."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from qa.domain import Basis
from qa.market.episodes import EpisodeKind
from qa.market.instruments import SECTORS
from qa.market.rules import FORMS
from qa.market.seasons import FORM

Symbol = Annotated[str, AfterValidator(str.upper)]
RULE_FORMS = "; ".join(FORMS)


class Arguments(BaseModel):
    """What a metric is asked with; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PerformanceArguments(Arguments):
    """Arguments of `performance`."""

    symbol: Symbol = Field(description="instrument, such as ^RUT or IWM")
    start: date = Field(description="first day of the window, YYYY-MM-DD")
    end: date | None = Field(None, description="last day of the window; the as-of date if left out")
    basis: Basis = Field(
        "prior_close",
        description="what the start is measured from: prior_close, close or open",
    )
    benchmark: Symbol | None = Field(None, description="instrument to compare with, such as ^GSPC")


class CompareArguments(Arguments):
    """Arguments of `compare`."""

    symbol: Symbol = Field(description="instrument, such as ^RUT or IWM")
    benchmark: Symbol = Field(description="instrument to compare with, such as ^GSPC")
    start: date = Field(description="first day of the window, YYYY-MM-DD")
    end: date | None = Field(None, description="last day of the window; the as-of date if left out")
    basis: Basis = Field("prior_close", description="as in performance")


class VolatilityArguments(Arguments):
    """Arguments of `volatility`."""

    symbol: Symbol = Field(description="instrument, such as ^RUT or IWM")
    start: date = Field(description="first day of the window, YYYY-MM-DD")
    end: date | None = Field(None, description="last day of the window; the as-of date if left out")
    window: int = Field(21, ge=5, le=252, description="sessions of the rolling deviation")


class DrawdownArguments(Arguments):
    """Arguments of `drawdown`."""

    symbol: Symbol = Field(description="instrument, such as ^RUT or IWM")
    start: date = Field(description="first day of the window, YYYY-MM-DD")
    end: date | None = Field(None, description="last day of the window; the as-of date if left out")


class RatesArguments(Arguments):
    """Arguments of `rates`."""

    on: date | None = Field(None, description="day to look at; the as-of date if left out")
    since: date | None = Field(None, description="first day of a window to measure a change over")
    target_low: float | None = Field(
        None, ge=-5, le=50, description="low end of the fed funds target, if not the FOMC's then"
    )
    target_high: float | None = Field(
        None, ge=-5, le=50, description="high end of the fed funds target, with target_low"
    )


class CreditArguments(Arguments):
    """Arguments of `credit`."""

    start: date = Field(description="first day of the window, YYYY-MM-DD")
    end: date | None = Field(None, description="last day of the window; the as-of date if left out")
    high_yield: Symbol = Field("HYG", description="fund of high-yield bonds")
    investment_grade: Symbol = Field("LQD", description="fund of investment-grade bonds")
    treasuries: Symbol = Field("IEF", description="fund of Treasuries, used if the tape has it")


class BreadthArguments(Arguments):
    """Arguments of `breadth`."""

    start: date = Field(description="first day of the window, YYYY-MM-DD")
    end: date | None = Field(None, description="last day of the window; the as-of date if left out")
    symbols: tuple[Symbol, ...] = Field(SECTORS, description="the instruments counted")
    equal: Symbol = Field("RSP", description="an equal-weight fund, used if the tape has it")
    cap: Symbol = Field("SPY", description="its cap-weight counterpart, used if the tape has it")


class TechnicalsArguments(Arguments):
    """Arguments of `technicals`."""

    symbol: Symbol = Field(description="instrument, such as ^RUT or IWM")
    on: date | None = Field(None, description="day to look at; the as-of date if left out")


class SectorsArguments(Arguments):
    """Arguments of `sectors`."""

    start: date = Field(description="first day of the period, YYYY-MM-DD")
    end: date | None = Field(None, description="last day of the period; the as-of date if left out")
    benchmark: Symbol | None = Field(
        None, description="instrument to beat; ^GSPC if left out and the tape has it"
    )


class TargetArguments(Arguments):
    """Arguments of `target`."""

    symbol: Symbol = Field(description="instrument that the target is for")
    target: float = Field(gt=0, allow_inf_nan=False, description="the price target")
    claimed: float | None = Field(
        None, allow_inf_nan=False, description="upside that somebody states, in percent"
    )
    on: date | None = Field(None, description="day of the close; the as-of date if left out")
    said_on: date | None = Field(None, description="day the target was published")


class ValuationArguments(Arguments):
    """Arguments of `valuation`."""

    symbol: Symbol = Field(description="fund, stock or index, such as IWM or ^RUT")
    benchmark: Symbol | None = Field(None, description="instrument to compare with, such as SPY")
    kind: Literal["trailing", "forward"] = Field(
        "trailing", description="trailing or forward P/E; few sources give a forward one"
    )


class BaseRatesArguments(Arguments):
    """Arguments of `base_rates`."""

    symbol: Symbol = Field(description="instrument, such as ^RUT or IWM")
    benchmark: Symbol | None = Field(
        None, description="instrument to be ahead of; its usual one if left out and held"
    )
    kind: EpisodeKind = Field(
        "move",
        description="what is looked for: a move like the present one, a streak of sessions ahead, "
        "a 52-week high, or a cross of the 50-day and the 200-day average",
    )
    start: date | None = Field(None, description="first day of the present move, YYYY-MM-DD")
    end: date | None = Field(None, description="its last day; the as-of date if left out")
    window: int = Field(21, ge=1, le=252, description="sessions of the move, without a start")
    move: float | None = Field(
        None, ge=-99, le=999, description="percent to look for, instead of the present move's"
    )
    lead: float | None = Field(
        None, ge=-999, le=999, description="percentage points ahead of the benchmark, likewise"
    )
    streak: int | None = Field(None, ge=2, le=99, description="sessions in a row, likewise")


class SeasonalityArguments(Arguments):
    """Arguments of `seasonality`."""

    symbol: Symbol = Field(description="instrument, such as ^RUT or IWM")
    benchmark: Symbol | None = Field(
        None, description="instrument to compare with; its usual one if left out and held"
    )
    season: str = Field("january", max_length=40, description=FORM)
    end: date | None = Field(None, description="last day to look at; the as-of date if left out")


class OutlookArguments(Arguments):
    """Arguments of `outlook`."""

    symbol: Symbol = Field(description="index or fund, such as ^RUT or IWM")
    benchmark: Symbol | None = Field(None, description="instrument to be ahead of, such as ^GSPC")
    end: date | None = Field(None, description="last day used; the as-of date if left out")


class SignalsArguments(Arguments):
    """Arguments of `signals`."""

    symbol: Symbol = Field(description="instrument to watch")
    benchmark: Symbol | None = Field(None, description="instrument to compare with")
    rules: tuple[str, ...] = Field(
        (), max_length=50, description=f"rules to watch; the usual ones if left out: {RULE_FORMS}"
    )

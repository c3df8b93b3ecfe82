"""The levels at which the demonstration tape is pinned. Data only.

Two kinds of figure stand here. *Published* figures are met exactly: closes, one open, the moves of
the last day, the 20-day average and the volatility of the window 2025-12-01..2026-01-23, and the
52-week range of the Russell 2000. *Shape* figures are rough, rounded levels that only lend the
simulation a believable course; the tape may be read off as nothing but invented between pins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

START, END = "2024-12-02", "2026-01-23"
WINDOW_START, LAST_PRIOR = "2025-12-01", "2026-01-22"
MA_SESSIONS = 20
TURBULENT = ("2025-04-03", "2025-04-30", 1.7)  # first day, last day, how much wilder the days are


@dataclass(frozen=True)
class Extremes:
    """The 52-week range: the intraday low and high with their days, and the closing range."""

    low: float
    low_day: str
    high: float
    high_day: str
    close_low: float
    close_high: float


@dataclass(frozen=True)
class IndexAnchors:
    """One index: `closes`, `open_start` and the percentages are published, the rest is shape.

    `correlation` is with the common factor; `volatility` is the daily deviation outside the window.
    """

    closes: Mapping[str, float]
    open_start: float
    day_pct: float
    ma20: float
    vol_pop_pct: float
    vol_sample_pct: float
    volatility: float
    correlation: float
    shape: Mapping[str, float]
    extremes: Extremes | None = None


@dataclass(frozen=True)
class SectorAnchors:
    """One sector fund: `day_pct` is published (2026-01-23), the rest is shape.

    `start` and `end` are rough split-adjusted prices of the first session and of 2026-01-22;
    `beta` is to the S&P 500, `volatility` the daily deviation of what beta doesn't explain.
    """

    day_pct: float
    start: float
    end: float
    beta: float
    volatility: float


@dataclass(frozen=True)
class GaugeAnchors:
    """A volatility or yield index: nothing in it is published, all of it is shape.

    `beta` is the response of its log to the S&P 500's log.
    """

    shape: Mapping[str, float]
    decimals: int
    beta: float
    volatility: float


@dataclass(frozen=True)
class TrackerAnchors:
    """A fund that follows an index at about a tenth of its level."""

    index: str
    ratio: float


INDEXES: Mapping[str, IndexAnchors] = {
    "^RUT": IndexAnchors(
        closes={
            "2025-04-08": 1760.71,
            "2025-11-28": 2500.43,
            "2025-12-01": 2469.13,
            "2025-12-31": 2481.91,
            "2026-01-22": 2718.77,
            "2026-01-23": 2669.16,
        },
        open_start=2482.23,
        day_pct=-1.8247,
        ma20=2601.576,
        vol_pop_pct=0.9608,
        vol_sample_pct=0.9744,
        volatility=0.012,
        correlation=0.88,
        shape={
            "2024-12-02": 2434.0,
            "2025-02-18": 2290.0,
            "2025-04-02": 2040.0,
            "2025-04-09": 1900.0,
            "2025-06-30": 2170.0,
            "2025-09-30": 2440.0,
        },
        extremes=Extremes(
            low=1732.99,
            low_day="2025-04-09",
            high=2735.10,
            high_day="2026-01-22",
            close_low=1760.71,
            close_high=2718.77,
        ),
    ),
    "^GSPC": IndexAnchors(
        closes={"2025-11-28": 6849.09, "2025-12-01": 6812.63, "2026-01-23": 6915.61},
        open_start=6812.30,
        day_pct=0.0327,
        ma20=6913.8505,
        vol_pop_pct=0.6195,
        vol_sample_pct=0.6283,
        volatility=0.008,
        correlation=0.97,
        shape={
            "2024-12-02": 6047.0,
            "2025-02-18": 6130.0,
            "2025-04-02": 5670.0,
            "2025-04-08": 4980.0,
            "2025-04-09": 5440.0,
            "2025-06-30": 6200.0,
            "2025-09-30": 6690.0,
        },
    ),
    "^DJI": IndexAnchors(
        closes={"2025-11-28": 47716.42, "2025-12-01": 47289.33, "2026-01-23": 49098.71},
        open_start=47580.85,
        day_pct=-0.5777,
        ma20=48985.2221,
        vol_pop_pct=0.6843,
        vol_sample_pct=0.694,
        volatility=0.0075,
        correlation=0.90,
        shape={
            "2024-12-02": 44782.0,
            "2025-02-18": 44600.0,
            "2025-04-02": 42200.0,
            "2025-04-08": 37600.0,
            "2025-04-09": 40600.0,
            "2025-06-30": 44100.0,
            "2025-09-30": 46400.0,
        },
    ),
    "^IXIC": IndexAnchors(
        closes={"2025-11-28": 23365.69, "2025-12-01": 23275.92, "2026-01-23": 23501.24},
        open_start=23172.34,
        day_pct=0.2783,
        ma20=23466.6715,
        vol_pop_pct=0.8045,
        vol_sample_pct=0.8159,
        volatility=0.0105,
        correlation=0.93,
        shape={
            "2024-12-02": 19404.0,
            "2025-02-18": 20000.0,
            "2025-04-02": 17600.0,
            "2025-04-08": 15300.0,
            "2025-04-09": 16700.0,
            "2025-06-30": 20400.0,
            "2025-09-30": 22700.0,
        },
    ),
}

GAUGES: Mapping[str, GaugeAnchors] = {
    "^VIX": GaugeAnchors(
        shape={
            "2024-12-02": 13.3,
            "2025-04-02": 21.5,
            "2025-04-08": 50.0,
            "2025-04-09": 34.0,
            "2025-06-30": 17.0,
            "2025-11-28": 16.5,
            "2026-01-22": 15.7,
            "2026-01-23": 16.1,
        },
        decimals=2,
        beta=-4.0,
        volatility=0.025,
    ),
    "^TNX": GaugeAnchors(
        shape={
            "2024-12-02": 4.2,
            "2025-01-14": 4.75,
            "2025-04-04": 4.0,
            "2025-06-30": 4.25,
            "2025-11-28": 4.02,
            "2026-01-23": 4.24,
        },
        decimals=3,
        beta=0.2,
        volatility=0.009,
    ),
}

TRACKERS: Mapping[str, TrackerAnchors] = {
    "IWM": TrackerAnchors("^RUT", 0.0992),
    "SPY": TrackerAnchors("^GSPC", 0.0997),
}

SECTORS: Mapping[str, SectorAnchors] = {
    "XLB": SectorAnchors(0.909, start=46.5, end=49.0, beta=0.95, volatility=0.006),
    "XLC": SectorAnchors(0.611, start=99.0, end=116.0, beta=1.00, volatility=0.005),
    "XLE": SectorAnchors(0.572, start=47.5, end=49.0, beta=0.80, volatility=0.009),
    "XLF": SectorAnchors(-1.375, start=51.0, end=54.0, beta=0.95, volatility=0.005),
    "XLI": SectorAnchors(-0.773, start=143.0, end=165.0, beta=1.00, volatility=0.004),
    "XLK": SectorAnchors(0.145, start=117.0, end=145.0, beta=1.25, volatility=0.006),
    "XLP": SectorAnchors(0.778, start=82.0, end=82.0, beta=0.45, volatility=0.005),
    "XLRE": SectorAnchors(0.267, start=44.0, end=41.0, beta=0.75, volatility=0.006),
    "XLU": SectorAnchors(-0.351, start=41.0, end=43.0, beta=0.55, volatility=0.007),
    "XLV": SectorAnchors(-0.512, start=146.0, end=158.0, beta=0.65, volatility=0.006),
    "XLY": SectorAnchors(0.416, start=111.0, end=123.0, beta=1.15, volatility=0.006),
}

"""Metrics and passages made by hand, for tests of the checks."""

from __future__ import annotations

from datetime import UTC, date, datetime

from qa.domain import Figure, Ledger, Metric, Passage, Unit, Window, content_id

AS_OF = date(2026, 1, 23)


def figure(value: float | date, unit: Unit, decimals: int = 2) -> Figure:
    return Figure(value=value, unit=unit, decimals=decimals)


def metric(
    symbols: tuple[str, ...],
    figures: dict[str, Figure],
    tool: str = "performance",
    notes: tuple[str, ...] = (),
) -> Metric:
    return Metric(
        id=content_id("m", tool, symbols, {k: v.model_dump() for k, v in figures.items()}),
        tool=tool,
        arguments={},
        figures=figures,
        definition="Close of 2026-01-23 over the close of 2025-11-28.",
        notes=notes,
        window=Window(start=date(2025, 12, 1), end=AS_OF, basis="prior_close"),
        symbols=symbols,
        source="hand",
        retrieved=datetime(2026, 1, 24, tzinfo=UTC),
        as_of=AS_OF,
        series_hash="0",
    )


def passage(text: str, author: str = "Ann Author", url: str | None = None) -> Passage:
    return Passage(
        id=content_id("p", text),
        document="note",
        title="A note",
        author=author,
        firm="Firm",
        published=date(2026, 1, 20),
        ingested=datetime(2026, 1, 21, tzinfo=UTC),
        url=url,
        text=text,
        span=(0, len(text)),
    )


RUSSELL = metric(
    ("^RUT", "^GSPC"),
    {
        "return": figure(6.7453, "percent"),
        "return_from_open": figure(7.53, "percent"),
        "points": figure(168.73, "points"),
        "end_level": figure(2669.16, "price"),
        "start_level": figure(2500.43, "price"),
        "return_benchmark": figure(0.97, "percent"),
        "relative_return": figure(5.78, "percentage_points"),
        "volatility": figure(1.2, "percent"),
        "max_drawdown": figure(-3.5, "percent"),
        "end_date": figure(AS_OF, "date", 0),
        "sessions": figure(36.0, "sessions", 0),
    },
)
SP500 = metric(
    ("^GSPC",),
    {
        "close": figure(6915.61, "price"),
        "day_change": figure(-1.81, "percent"),
        "distance_200": figure(11.83, "percent"),
        "average_200": figure(6184.0, "price"),
    },
    "technicals",
    ("The last session is that of Friday 2026-01-23, 9 sessions after the new year.",),
)
TEN_YEAR = metric(
    ("^TNX",),
    {"close": figure(4.23, "percent"), "day_change": figure(-3.0, "basis_points", 0)},
    "technicals",
)
VIEW = passage(
    "Analysts’ consensus expects earnings to grow 19% in 2026. Of the index’s members, 1,500 "
    "fell. “The easy money\nhas been made,” she wrote; her target could be hit by up to 40% of "
    "them. Assets rose to $2.3 trillion."
)
OTHER = passage("We see a gain of 12.5% for small caps.", "Ben Other")


def ledger() -> Ledger:
    """m1 the Russell 2000 beside the S&P 500, m2 the S&P 500, m3 the yield; p1 and p2."""
    book = Ledger()
    for item in (RUSSELL, SP500, TEN_YEAR, VIEW, OTHER):
        book.add(item)
    return book

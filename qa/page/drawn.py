"""A chart on the page, with what it is drawn from to take away; and a table to scroll in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from qa import Chart

# Zooming goes without buttons, which would cover the title on a phone.
UNUSED = [
    "zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d",
    "resetScale2d",
]  # fmt: skip
INK = "#555555"  # of scales on white, where Streamlit's own grey is too faint to read


def show_chart(chart: Chart, key: str) -> None:
    """A chart with its source; PNG by the button over it, CSV below."""
    options = {"format": "png", "filename": "chart", "scale": 2}
    config = {
        "displaylogo": False, "responsive": True, "toImageButtonOptions": options,
        "modeBarButtonsToRemove": UNUSED,
    }  # fmt: skip
    figure = chart.figure()
    if st.context.theme.type == "light":
        ink = {"tickfont": {"color": INK}, "title": {"font": {"color": INK}}}
        subtitle = {"subtitle": {"font": {"color": INK}}}
        figure.update_layout(xaxis=ink, yaxis=ink, title=subtitle)
        figure.update_annotations(font={"color": INK})
    st.plotly_chart(
        figure, key=f"chart-{key}", config=config,
        alt=f"{chart.title}. {chart.unit}. {chart.source}.",
    )  # fmt: skip
    st.download_button(
        "CSV", chart.csv, "chart.csv", "text/csv", key=f"csv-{key}", on_click="ignore",
        icon=":material/download:", type="tertiary",
    )  # fmt: skip


def show_rows(widths: Mapping[str, int], rows: Sequence[Mapping[str, object]], alt: str) -> None:
    """A table that scrolls in itself: its columns with widths in pixels; `alt` is its name."""
    st.dataframe(
        {name: [row[name] for row in rows] for name in widths},
        column_config={name: st.column_config.Column(width=wide) for name, wide in widths.items()},
        placeholder="", alt=alt,
    )  # fmt: skip

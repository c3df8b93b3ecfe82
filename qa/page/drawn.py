"""A chart on the page, with what it is drawn from to take away."""

from __future__ import annotations

import streamlit as st

from qa import Chart

# Zooming goes without buttons, which would cover the title on a phone.
UNUSED = ["zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"]


def show_chart(chart: Chart, key: str) -> None:
    """A chart with its source; PNG by the button over it, CSV below."""
    options = {"format": "png", "filename": "chart", "scale": 2}
    config = {
        "displaylogo": False, "responsive": True, "toImageButtonOptions": options,
        "modeBarButtonsToRemove": UNUSED,
    }  # fmt: skip
    st.plotly_chart(
        chart.figure(), key=f"chart-{key}", config=config,
        alt=f"{chart.title}. {chart.unit}. {chart.source}.",
    )  # fmt: skip
    st.download_button(
        "CSV", chart.csv, "chart.csv", "text/csv", key=f"csv-{key}", on_click="ignore",
        icon=":material/download:", type="tertiary",
    )  # fmt: skip

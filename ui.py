"""The Streamlit page; `tapecheck ui` and `make ui` open it."""

from qa.page.desk import show_desk

show_desk()

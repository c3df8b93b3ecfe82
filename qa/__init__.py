"""Tapecheck."""

"""Evaluation: suites of questions with published answers, their scoring, and the benchmark."""

"""The page: a research desk in the browser."""

"""`tapecheck ui`: the page, served on this machine."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from qa.errors import UsageError


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Where to listen; others can reach the page elsewhere than here.")
    ] = "localhost",
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open the page in the browser. TAPECHECK_PASSWORD, if set, is asked for."""
    # What answering needs is imported while the server and the browser start.
    Thread(target=import_module, args=("qa.analyst",), daemon=True).start()
    from streamlit.web import cli

    sys.argv = [
        "streamlit", "run", str(page()), f"--server.port={port}", f"--server.address={address}",
        f"--server.headless={str(not browser).lower()}",
    ]  # fmt: skip
    cli.main()


def page() -> Path:
    """The page's script: inside a wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    for path in (package / "ui.py", package.parent / "ui.py"):
        if path.is_file():
            return path
    raise UsageError("The page's script ui.py is missing: install Tapecheck again.")

"""The page served for a real browser: a Streamlit process of its own, and chromium beside it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
TAPECHECK = str(Path(sys.executable).with_name("tapecheck"))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
# Without a sandbox for containers; the others keep the browser from calling home.
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
SECONDS = 60.0


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """The address of the page on the sample tape; what it keeps is kept in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [TAPECHECK, "ui", f"--port={port}", "--no-browser"]
    address = f"http://localhost:{port}"
    given = _environment(folder, settings)
    server = subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL)
    try:
        _wait(f"{address}/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def told(folder: Path, *words: str, **settings: str) -> Any:
    """What the command says in JSON, under the settings of a page served from that folder."""
    done = subprocess.run(
        [TAPECHECK, *words, "--json"], cwd=ROOT, env=_environment(folder, settings), check=True,
        capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    return json.loads(done.stdout)


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    return {
        **os.environ, "TAPECHECK_MARKET": "sample", "TAPECHECK_MODEL": "offline",
        "TAPECHECK_STORE": str(folder / "store"), "XDG_DATA_HOME": str(folder),
        "TAPECHECK_THREADS": str(folder / "threads.sqlite"), "ORT_DISABLE_TELEMETRY": "1",
        **settings,
    }  # fmt: skip


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            with urlopen(address, timeout=1):
                return
        except URLError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.1)  # between two looks at whether it is up


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def opened(page: Any, address: str) -> None:
    """Go to the page and wait until it can be asked."""
    page.goto(address)
    page.get_by_test_id("stChatInputTextArea").wait_for(timeout=SECONDS * 1000)


def ask(page: Any, question: str) -> None:
    """Ask, and wait for the checked answer."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    page.locator(".tc-question", has_text=question).first.wait_for()
    page.locator(".tc-claim").first.wait_for(timeout=SECONDS * 1000)

"""What the tests share: the real tape where it is there, the sample tape, one embedded corpus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from yahoo_server import Open, YahooServer, serving, sources

from qa.analyst import Analyst
from qa.market.folder import FolderSource
from qa.market.sample import SampleSource
from qa.market.tape import Tape

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

SHARED = Path(__file__).parents[1].parent / "shared"
needs_real_tape = pytest.mark.skipif(
    not (SHARED / "market").is_dir(), reason="the real tape (../shared/market) is not here"
)


# Installed for the second opinions, bottleneck would take over sums that users have from pandas.
pd.set_option("compute.use_bottleneck", False)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The user's cache folder is not read, nor written."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test, and no test reaches the user's store."""
    for name in ("MODEL", "MARKET", "EMBEDDER", "CORPUS"):
        monkeypatch.delenv(f"TAPECHECK_{name}", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("TAPECHECK_STORE", str(tmp_path / "store"))


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of one store for the whole run: the bundled corpus is embedded once."""
    return str(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def sample_analyst(store: str) -> Analyst:
    """The offline analyst on the sample tape."""
    return Analyst(model="offline", market="sample", store=store)


@pytest.fixture(scope="session")
def real_analyst(store: str) -> Analyst:
    """The offline analyst on the real tape; skips where that isn't there."""
    if not (SHARED / "market").is_dir():
        pytest.skip("the real tape (../shared/market) is not here")
    return Analyst(model="offline", market=f"folder:{SHARED / 'market'}", store=store)


@pytest.fixture(scope="session")
def real_tape() -> Tape:
    """The real tape as of 2026-01-23."""
    if not (SHARED / "market").is_dir():
        pytest.skip("the real tape (../shared/market) is not here")
    return Tape(FolderSource(SHARED / "market"), date(2026, 1, 23))


@pytest.fixture(scope="session")
def sample_tape() -> Tape:
    """The sample tape as of its last session."""
    return Tape(SampleSource(), date(2026, 1, 23))


@pytest.fixture
def server() -> Iterator[YahooServer]:
    """A stand-in of Yahoo on this machine, with the live library imported: that takes a second."""
    import yfinance  # noqa: F401

    with serving() as server:
        yield server


@pytest.fixture
def source(server: YahooServer, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens sources that ask the stand-in, with the DEADLINE of the test's module."""
    with sources(server, tmp_path, request.module.DEADLINE) as opened:
        yield opened


@pytest.fixture
def page(
    monkeypatch: pytest.MonkeyPatch, store: str, tmp_path: Path, sample_analyst: Analyst
) -> Iterator[AppTest]:
    """The page on the sample tape, with threads and a watch list of its own; not run yet."""
    import streamlit as st
    from page import new_page

    sample_analyst.library  # noqa: B018  taken in once, whoever asks first
    monkeypatch.setenv("TAPECHECK_STORE", store)
    monkeypatch.setenv("TAPECHECK_MARKET", "sample")
    monkeypatch.setenv("TAPECHECK_THREADS", str(tmp_path / "threads.sqlite"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    st.cache_resource.clear()
    yield new_page()
    st.cache_resource.clear()

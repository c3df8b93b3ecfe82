"""The page in a real browser. Needs playwright and chromium; `make browser` runs it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from served import CHROMIUM, ask, chromium, opened, serving

from eval.chat_server import Hangs
from eval.chat_server import serving as chat

pytest.importorskip("playwright", reason="playwright is not installed (extra: browser)")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
CLOSE = "Where did the Russell 2000 close?"
RALLY = "Is the Russell 2000 rally sustainable?"
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the passages are embedded, once for all servers."""
    return tmp_path_factory.mktemp("commentary") / "store"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, store: Path) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("page"), TAPECHECK_STORE=str(store)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    found = context.new_page()
    opened(found, address)
    yield found
    context.close()


def chosen(page: Any, view: str) -> None:
    """Turn to a view."""
    button = page.get_by_test_id("stBaseButton-segmented_control").filter(has_text=view)
    page.get_by_role("radio", name=view).or_(button).first.click()


def test_a_question_its_proofs_and_the_thread_after_a_reload(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, RALLY)
    figure = page.locator(".tc-claims .tc-computed").first
    assert not figure.locator(".tc-proof").is_visible()
    figure.locator("summary").focus()
    page.keyboard.press("Enter")  # by key, as by mouse
    assert "Definition" in figure.locator(".tc-proof").inner_text()
    passage = page.locator(".tc-cite", has=page.locator("blockquote")).first
    passage.locator("summary").click()
    assert passage.locator("blockquote mark").first.is_visible()
    link = passage.locator("a").first
    assert link.get_attribute("href").startswith("https://")
    page.reload()
    page.locator(".tc-verdict").wait_for()
    assert page.locator(".tc-question").first.inner_text() == RALLY
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def test_charts_signals_and_the_watch_list(page: Any) -> None:
    ask(page, RALLY)
    page.get_by_role("tab", name="Charts").click()
    page.locator(".js-plotly-plot").nth(3).wait_for()
    page.get_by_role("tab", name="Signals").click()
    page.get_by_role("button", name="Add to the watch list").click()
    page.get_by_text("Rule 1 of the watch list").wait_for()
    chosen(page, "Watch list")
    page.locator(".tc-table td", has_text="20-day average").first.wait_for()


def test_a_model_that_hangs_is_stopped(browser: Any, store: Path, tmp_path: Path) -> None:
    with chat(Hangs()) as (server, url):
        settings = {"TAPECHECK_MODEL": "openai:slow", "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": url,
                    "TAPECHECK_STORE": str(store)}  # fmt: skip
        with serving(tmp_path, **settings) as address:
            context = browser.new_context()
            page = context.new_page()
            opened(page, address)
            box = page.get_by_test_id("stChatInputTextArea")
            box.fill(CLOSE)
            box.press("Enter")
            page.get_by_text("Working ...").wait_for()
            page.get_by_text("Waiting for openai:slow").wait_for()
            asked = time.monotonic()
            page.get_by_role("button", name="Stop").click()
            page.get_by_text("Stopped.").wait_for()
            assert time.monotonic() - asked < 5  # the model would be waited for a minute
            assert page.get_by_text("Working ...").count() == 0
            assert "thread" not in page.url
            assert page.locator(".tc-claim").count() == 0
            box.fill("And now?")  # the page goes on
            context.close()
    assert len(server.asked) == 1


def test_related_instruments_and_two_days_compared(page: Any) -> None:
    ask(page, CLOSE)
    page.get_by_role("tab", name="Related").click()
    page.get_by_role("button", name="Chart").first.click()
    page.locator(".js-plotly-plot").first.wait_for()
    page.get_by_role("button", name="Ask", exact=True).nth(1).click()
    page.locator(".tc-claim", has_text="Dow Jones Industrial Average").first.wait_for()
    chosen(page, "Compare")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button", name="Compare").click()
    page.get_by_text("What changed, and from what").wait_for(timeout=30_000)
    page.locator(".tc-claims").nth(1).wait_for()
    assert page.get_by_text("As of").count() >= 2


def test_an_earlier_day_is_looked_from(page: Any) -> None:
    page.get_by_test_id("stDateInput").get_by_role("spinbutton").first.click()
    page.keyboard.type("20251231")
    page.keyboard.press("Enter")
    ask(page, CLOSE)
    page.get_by_text("As of Wednesday 2025-12-31").wait_for()
    assert "2,669.16" not in page.locator(".tc-claim").first.inner_text()


def test_a_pdf_is_taken_in(page: Any) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "desk.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    page.get_by_role("button", name="Take in").click()
    page.get_by_text("1 documents taken in").wait_for(timeout=60_000)


def pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    data = BytesIO()
    canvas = Canvas(data)
    for place in range(12):
        canvas.drawString(
            72, 760 - 20 * place, f"Small caps lead, says the desk, for reason {place}."
        )
    canvas.save()
    return data.getvalue()


def test_ten_sessions_at_once_keep_their_own(browser: Any, address: str) -> None:
    names = ("Russell 2000", "S&P 500", "Dow", "Nasdaq", "VIX")
    contexts = [browser.new_context() for _ in range(10)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        opened(page, address)
    for place, page in enumerate(pages):
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill(f"Where did the {names[place % 5]} close?")
        box.press("Enter")
    threads = set()
    for place, page in enumerate(pages):
        page.locator(".tc-claim").first.wait_for(timeout=60_000)
        name = names[place % 5]
        assert page.locator(".tc-question").all_inner_texts() == [f"Where did the {name} close?"]
        assert name in page.locator(".tc-claim").first.inner_text()
        threads.add(page.url)
    assert len(threads) == 10
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(browser: Any, address: str, scheme: str) -> None:
    context = browser.new_context(viewport=NARROW, color_scheme=scheme)
    page = context.new_page()
    opened(page, address)
    ask(page, RALLY)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
    context.close()

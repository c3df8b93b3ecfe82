"""The page in a real browser. Needs playwright and chromium; `make browser` runs it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from served import CHROMIUM, ask, chromium, opened, serving

from eval.chat_server import Hangs
from eval.chat_server import serving as chat

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed (extra: browser)"
)
expect = sync_api.expect
pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
CLOSE = "Where did the Russell 2000 close?"
RALLY = "Is the Russell 2000 rally sustainable?"
NARROW = {"width": 390, "height": 844}
FIRST = {  # what stands in a view and nowhere else
    "Library": "Find", "Watch list": "Rule in words", "Track record": "Counted by",
    "Compare": "Question",
}  # fmt: skip


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
    pill = page.get_by_test_id("stBaseButton-pills").filter(has_text=view)
    page.get_by_role("radio", name=view, exact=True).or_(pill).first.click()


def test_a_question_its_proofs_and_the_thread_after_a_reload(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, RALLY)
    figure = page.locator(".tc-claims .tc-computed").first
    expect(figure.locator(".tc-proof")).to_be_hidden()
    figure.locator("summary").focus()
    page.keyboard.press("Enter")  # by key, as by mouse
    expect(figure.locator(".tc-proof")).to_contain_text("Definition")
    passage = page.locator(".tc-claims .tc-cite", has=page.locator("blockquote")).first
    passage.locator("summary").click()
    expect(passage.locator("blockquote mark").first).to_be_visible()
    expect(passage.locator("a").first).to_have_attribute("href", re.compile("^https://"))
    page.locator(".tc-folded > summary", has_text="Scorecard").click()
    expect(page.locator(".tc-score tbody tr")).to_have_count(13)
    page.reload()
    page.locator(".tc-verdict").wait_for()
    expect(page.locator(".tc-question").first).to_have_text(RALLY)
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
            expect(page.get_by_text("Working ...")).to_have_count(0)
            expect(page.locator(".tc-claim")).to_have_count(0)
            assert "thread" not in page.url
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
    expect(page.locator(".tc-verdict, .tc-claims").nth(1)).to_be_visible()
    expect(page.locator(".tc-faint", has_text="As of")).to_have_count(2)


def test_an_earlier_day_is_looked_from(page: Any) -> None:
    page.get_by_test_id("stDateInput").get_by_role("spinbutton").first.click()
    page.keyboard.type("20251231")
    page.keyboard.press("Enter")
    ask(page, CLOSE)
    page.get_by_text("As of Wednesday 2025-12-31").wait_for()
    expect(page.locator(".tc-claim").first).not_to_contain_text("2,669.16")


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
    context = browser.new_context()  # a session is a page's: ten of one reader load scripts once
    pages = [context.new_page() for _ in range(10)]
    for page in pages:
        page.goto(address, wait_until="commit")
    for page in pages:
        page.get_by_test_id("stChatInputTextArea").wait_for(timeout=60_000)
    for place, page in enumerate(pages):
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill(f"Where did the {names[place % 5]} close?")
        box.press("Enter")
    threads = set()
    for place, page in enumerate(pages):
        name = names[place % 5]
        expect(page.locator(".tc-claim").first).to_contain_text(name, timeout=60_000)
        expect(page.locator(".tc-question")).to_have_text([f"Where did the {name} close?"])
        page.wait_for_url("**thread=*")
        threads.add(page.url)
    assert len(threads) == 10
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(browser: Any, address: str, scheme: str) -> None:
    context = browser.new_context(viewport=NARROW, color_scheme=scheme)
    page = context.new_page()
    opened(page, address)
    ask(page, RALLY)
    page.locator(".tc-folded > summary", has_text="Scorecard").click()
    narrow(page)
    for view in ("Library", "Watch list", "Track record", "Compare"):
        chosen(page, view)
        page.get_by_text(FIRST[view], exact=True).first.wait_for()
        narrow(page)
    context.close()


def narrow(page: Any) -> None:
    """Nothing reaches beyond the window, tables that scroll in themselves aside."""
    wide = "() => { const e = document.querySelector('[data-testid=stMain]'); "
    page.wait_for_function(f"{wide} return e.scrollWidth <= e.clientWidth; }}")

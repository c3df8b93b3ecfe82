"""The page in a real browser. Needs playwright and chromium; `make browser` runs it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from served import CHROMIUM, ask, chromium, opened, serving, told

from eval.chat_server import Hangs
from eval.chat_server import serving as chat
from qa.market.sessions import sessions_between

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
RUBBISH = (
    "**Bold** $x^2$ and $5 to $10 <script>alert(1)</script> 😀 # head | a | b | |---|---| "
    "[link](http://example.com) :red[r] `c` what?"
)
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
    expect(passage.locator("a").first).to_have_attribute("href", re.compile("^https?://"))
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
            # The box is there before tape and commentary are open, and what is asked is not lost.
            expect(page.get_by_test_id("stDateInput")).to_have_count(0)
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
    page.get_by_text("1 document taken in").wait_for(timeout=60_000)


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


def test_a_page_is_used_by_keys_and_no_text_breaks_it(page: Any) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    page.get_by_role("button", name="Choose date").wait_for()
    page.get_by_role("link", name="Skip to main content").focus()
    passed = []
    while not box.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("document.activeElement.innerText.split('\\n').pop()"))
        assert len(passed) < 20
    # An icon stands before the words, and is hidden from who can't see it.
    page.get_by_role("button", name="New thread", exact=True).wait_for()
    assert passed.index("New thread") < passed.index("Take in") < passed.index("Ask")
    page.keyboard.type(RUBBISH)
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Answer").wait_for()
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    expect(page.locator(".tc-question").first).to_have_text(RUBBISH)
    page.get_by_role("button", name="Threads").click()
    expect(page.get_by_role("combobox", name="Thread")).to_have_value(re.compile("[*][*]Bold"))
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=stMain] :is(.katex, script, table)")).to_have_count(0)
    box.fill("a" * 20_000)
    box.press("Enter")
    page.get_by_text("The question has 20000 characters; ask it in 2000 or fewer.").wait_for()
    expect(page.get_by_role("button", name=re.compile("Try again|Stop"))).to_have_count(0)
    narrow(page)
    ask(page, CLOSE)


def test_the_track_record_is_what_the_command_says(
    browser: Any, store: Path, tmp_path: Path
) -> None:
    settings = {"TAPECHECK_MARKET": f"folder:{walks(tmp_path)}", "TAPECHECK_STORE": str(store)}
    with serving(tmp_path, **settings) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(address)
        calls = told(tmp_path, "calls", "--as-of", "2026-01-23", **settings)
        months = told(tmp_path, "backtest", "^RUT", "--as-of", "2026-01-23", **settings)
        chosen(page, "Track record")
        every = counted([call["outcome"] for call in calls])
        page.get_by_text(re.compile(f"^{len(calls)} calls, of which {every[1]} are ")).wait_for()
        page.get_by_text(f"are decided and {every[0]} came true.").wait_for()
        assert {row[0]: row[1] for row in rows_of(page)} == by_firm(calls)
        moved = page.get_by_test_id("stDataFrame").locator("[role=gridcell]").nth(7)
        expect(moved).to_have_text(f"{calls[0]['move']:.2f}")
        page.get_by_text("This scorecard").click()
        page.get_by_text("How often it came").wait_for()
        assert len(months) == 2
        assert rows_of(page) == [
            [
                one["outcome"], f"{one['n']} since {one['first']}", f"{one['brier']:.3f}",
                f"{one['brier_base']:.3f}", f"{one['skill']:+.1f}%",
                f"{one['low']:+.1f}% to {one['high']:+.1f}%",
            ]
            for one in months
        ]  # fmt: skip
        page.close()


def counted(outcomes: list[str]) -> tuple[int, int]:
    """How many came true, of how many that are decided."""
    right = sum(outcome in ("confirmed", "reached") for outcome in outcomes)
    return right, len(outcomes) - outcomes.count("open")


def by_firm(calls: list[dict[str, Any]]) -> dict[str, str]:
    """What the page says of each firm that has a decided call."""
    made = {}
    for firm in {call["firm"] for call in calls}:
        outcomes = [call["outcome"] for call in calls if call["firm"] == firm]
        right, decided = counted(outcomes)
        still = len(outcomes) - decided
        if decided:
            made[firm] = f"{right} of {decided}" + (f", {still} still open" if still else "")
    return made


def walks(folder: Path) -> Path:
    """A market folder with two indices that go nowhere in particular since 1994."""
    import numpy as np

    days = sessions_between(date(1994, 1, 3), date(2026, 1, 23))
    chance = np.random.default_rng(7)
    made = folder / "market"
    made.mkdir()
    for symbol in ("^RUT", "^GSPC"):
        closes = 2669.16 * np.exp(np.cumsum(chance.normal(0.0003, 0.011, len(days))))
        lines = (f"{day:%Y-%m-%d},{close:.2f}" for day, close in zip(days, closes, strict=True))
        (made / f"{symbol}.csv").write_text("\n".join(["Date,Close", *lines]) + "\n")
    return made


def rows_of(page: Any) -> list[list[str]]:
    """The cells of the first table that is text."""
    rows = page.locator(".tc-table").first.locator("tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


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


def test_nothing_is_wider_than_a_phone(browser: Any, address: str) -> None:
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    opened(page, address)
    ask(page, RALLY)
    page.locator(".tc-folded > summary", has_text="Scorecard").click()
    narrow(page)
    page.get_by_role("tab", name="Sources").click()
    page.locator(".tc-source summary").first.click()
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

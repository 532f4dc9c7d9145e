from __future__ import annotations

import http.server
import importlib.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from checker.model.report import Report
from tests.html.conftest import Write
from tests.html.made import evil, sample
from tests.html.pdf import shown_texts
from tests.reporting.everything import everything, poisoned
from tests.reporting.fakes import influencer, no_ages, too_dear

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    "narrow and dark": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
}


def reports(name: str) -> list[Report]:
    if name == "made":
        return [everything()]
    if name == "several":
        return [sample("bramble/spring"), sample("noor"), everything()]
    if name == "hostile":
        return [poisoned(evil("http://127.0.0.1:9"))]
    return [sample(name)]


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**options)
    try:
        page = context.new_page()
        page.goto(address)
        yield page
    finally:
        context.close()


@pytest.fixture(scope="module")
def axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None and found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


class Listener:
    """A server that notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("name", "look"),
    [*((name, look) for name in ("noor", "made") for look in LOOKS), ("several", "light")],
)
def test_axe_finds_nothing(browser: Browser, sheet: Write, axe: str, name: str, look: str) -> None:
    with opened(browser, sheet(reports(name)), **LOOKS[look]) as page:
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        page.evaluate(axe)
        result = page.evaluate("axe.run(document)")
    assert [
        (found["id"], [node["target"] for node in found["nodes"]][:3])
        for found in result["violations"]
    ] == []


def test_a_hostile_report_runs_nothing_and_asks_for_nothing(
    browser: Browser, sheet: Write, listener: Listener
) -> None:
    address = sheet([poisoned(evil(listener.url))])
    asked: list[str] = []
    said: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(address)
    page.evaluate(
        """() => {
          for (const one of document.querySelectorAll("*")) {
            for (const kind of ["mouseover", "focus", "load", "error"]) {
              one.dispatchEvent(new Event(kind));
            }
          }
        }"""
    )
    for name in ("verdict", "rule", "severity"):
        page.select_option(f"select[name={name}]", index=1)
    page.wait_for_timeout(300)
    context.close()
    assert asked == [address]
    assert listener.asked == []
    assert said == []


def test_the_policy_stops_what_gets_in(browser: Browser, sheet: Write, listener: Listener) -> None:
    with opened(browser, sheet([everything()])) as page:
        page.evaluate(
            "(html) => document.body.insertAdjacentHTML('beforeend', html)", evil(listener.url)
        )
        page.evaluate(
            "(url) => document.body.append(Object.assign(document.createElement('script'),"
            " {textContent: `window.owned = 1; fetch('${url}/inline')`}))",
            listener.url,
        )
        page.wait_for_timeout(300)
        assert page.evaluate("window.owned") is None
    assert listener.asked == []


@pytest.mark.parametrize("name", ["bramble/spring", "made", "several", "hostile"])
def test_nothing_runs_over_a_phone(browser: Browser, sheet: Write, name: str) -> None:
    with opened(browser, sheet(reports(name)), **LOOKS["narrow"]) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def shown(page: Page, selector: str) -> list[str]:
    return [one.inner_text() for one in page.locator(selector).all() if one.is_visible()]


def test_filters(browser: Browser, sheet: Write) -> None:
    with opened(browser, sheet(reports("bramble/spring"))) as page:
        names = "section[data-verdict] h3"
        rows = ".overview tbody th"
        status = page.locator("#shown")
        assert status.get_attribute("aria-live") == "polite"
        assert status.inner_text() == "7 of 7 influencers shown"

        page.select_option("select[name=verdict]", "fail")
        assert shown(page, names) == shown(page, rows) == ["@glamorously", "@gadgetgav"]
        assert status.inner_text() == "2 of 7 influencers shown"

        page.select_option("select[name=rule]", "audience-age")
        assert shown(page, names) == ["@gadgetgav"]
        assert shown(page, "#b1-i6 .finding .rule a") == ["audience-age"]

        page.select_option("select[name=verdict]", "")
        assert shown(page, names) == ["@northradio", "@gadgetgav"]

        page.click("button[type=reset]")
        page.select_option("select[name=severity]", "warning")
        page.select_option("select[name=verdict]", "pass")
        assert shown(page, names) == ["@thecurledit"]

        page.select_option("select[name=rule]", "audience-age")
        assert status.inner_text() == "0 of 7 influencers shown"

        page.click("button[type=reset]")
        page.wait_for_function("document.querySelector('#shown').textContent.startsWith('7 ')")
        assert len(shown(page, names)) == 7


def test_complete_without_script(browser: Browser, sheet: Write) -> None:
    report = sample("bramble/spring")
    with opened(browser, sheet([report]), java_script_enabled=False) as page:
        assert not page.locator("#filter").is_visible()
        text = " ".join(page.locator("body").inner_text().split())
        assert page.locator("details").count() > 0
        assert all(one.is_visible() for one in page.locator("details ul").all())
    for subject in report.subjects:
        for found in subject.outcomes:
            if found.status != "skipped":
                assert found.reason.removeprefix("cannot tell: ") in text


def test_passes_are_folded_on_screen_and_open_on_paper(browser: Browser, sheet: Write) -> None:
    with opened(browser, sheet(reports("bramble/spring"), show_all=True)) as page:
        assert not page.locator("details ul").first.is_visible()
        page.locator("summary").first.click()
        assert page.locator("details ul").first.is_visible()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details[open]").count() == 1
        page.emulate_media(media="print")
        assert not page.locator("#filter").is_visible()
        assert not page.locator(".skip").is_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == (
            "table-header-group"
        )


def test_paper_has_a_summary_first_and_counts_what_passed(browser: Browser, sheet: Write) -> None:
    with opened(browser, sheet(reports("bramble/spring"))) as page:
        page.emulate_media(media="print")
        assert not page.locator("details ul").first.is_visible()
        assert page.locator("summary").first.is_visible()
        assert not page.locator(".scale").is_visible()
        heads = page.locator("h2").all_inner_texts()
    summary = ["Verdicts", "Dropped", "Changed in the configuration", "To find out"]
    assert [head for head in heads if head in summary] == summary
    assert heads[-1] == "Rules and sources"


def test_fourteen_people_print_on_few_pages(browser: Browser, sheet: Write) -> None:
    people = tuple(influencer(f"@person{n}", "undecided", no_ages(), too_dear()) for n in range(14))
    with opened(browser, sheet([replace(sample("bramble/spring"), subjects=people)])) as page:
        assert len(shown_texts(page.pdf(prefer_css_page_size=True))) <= 8


def test_a_click_on_a_header_sorts(browser: Browser, sheet: Write) -> None:
    with opened(browser, sheet(reports("bramble/spring"))) as page:
        heads = page.locator(".overview thead button")

        def column(at: int) -> list[str]:
            heads.nth(at).click()
            return page.locator(f".overview tbody tr > :nth-child({at + 1})").all_inner_texts()

        names = heads.all_inner_texts()
        followers = column(names.index("Followers"))
        numbers = [int(text.partition("–")[0].replace(",", "")) for text in followers]
        assert numbers == sorted(numbers)
        assert column(names.index("Followers")) == followers[::-1]
        verdicts = [text.split()[-1] for text in column(names.index("Verdict"))]
        assert verdicts == sorted(verdicts, key=["Fail", "Undecided", "Pass"].index)
        assert page.locator("[aria-sort]").count() == 1


@pytest.mark.parametrize("name", ["bramble/spring", "several"])
def test_prints_pages_with_content(browser: Browser, sheet: Write, name: str) -> None:
    with opened(browser, sheet(reports(name)), color_scheme="dark") as page:
        pages = shown_texts(page.pdf(prefer_css_page_size=True))
    assert len(pages) > 3
    # A page with only its number, or a line or two of a leftover, is no page.
    assert min(pages[:-1]) > 10


def test_a_brief_that_passes_prints_a_line_to_sign(browser: Browser, sheet: Write) -> None:
    report = replace(sample("bramble/spring"), verdict="pass", subjects=())
    with opened(browser, sheet([report])) as page:
        assert not page.locator(".sign").is_visible()
        page.emulate_media(media="print")
        assert page.locator(".sign").is_visible()


def test_by_keyboard(browser: Browser, sheet: Write) -> None:
    with opened(browser, sheet(reports("made"))) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        stops = set()
        for _ in range(200):
            page.keyboard.press("Tab")
            stop = page.evaluate("document.activeElement.tagName")
            if stop == "BODY":
                break
            stops.add(stop)
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        assert {"SELECT", "BUTTON", "A", "SUMMARY"} <= stops


def test_has_landmarks(browser: Browser, sheet: Write) -> None:
    with opened(browser, sheet(reports("several"))) as page:
        for role in ("banner", "main", "navigation", "contentinfo"):
            assert page.get_by_role(role).count() == 1
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.get_by_role("row").count() > 10

"""A real Chromium for tests marked `browser`, and the accessibility check they share.

The conftest of all tests takes the fixtures in, once: a second copy would be a second browser. Where no browser is
installed such a test is skipped with the reason, on CI it fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (360, 768, 1440)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Heard(list[str]):
    """What a page complained about: console errors, policy violations, faults in scripts."""


def chromium_path() -> str | None:
    """The system's Chromium, or the one named in YOUYING_CHROMIUM."""
    return os.environ.get("YOUYING_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser a worker."""
    path = chromium_path()
    if path is None:
        missing = "no Chromium on this machine (apt-get install chromium, or set YOUYING_CHROMIUM)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    # Playwright runs an event loop in this thread; Django must not mistake it for asynchronous code of ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A fresh window; the test fails at its end when the page's console reported an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.set_default_timeout(15_000)
    heard = listen(page)
    yield page
    context.close()
    assert heard == [], "\n".join(heard)


def listen(page: Page) -> Heard:
    """Collect what the page complains about from now on."""
    heard = Heard()

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(message.text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def axe_faults(page: Page) -> list[str]:
    """Every violation that axe-core finds on the page as it stands: rule, element, what is wrong."""
    # In an isolated evaluation the page's own policy does not stand in the way.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

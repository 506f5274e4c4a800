"""Chromium, and the demo brand for it. Without Chromium these stories are skipped, loudly."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, async_playwright, expect

from embedded import postgres
from tests.browser.centre import Centre, working
from tests.browser.office import PATIENCE_SECONDS

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there. The shell draws no windows, which halves what the browser computes."""
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
    "--disable-gpu-rasterization",
    "--disable-extensions",
)

ABSENT = "Chromium is not installed"
HERE = Path(__file__).parent
LONGEST_STORY_SECONDS = 600
"""Ours: several times what a story may wait for something that does not come."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a story fail with what it waited for, instead of at the time limit of other tests."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(LONGEST_STORY_SECONDS))


def program() -> str | None:
    """Return where Chromium is, None when it is nowhere."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    found = program()
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{ABSENT}: .ci/run installs it.")
    if found is None:
        pytest.skip(ABSENT)
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where nobody overlooks it."""
    if program() is None:
        terminalreporter.section("THE BROWSER STORIES DID NOT RUN", red=True, bold=True)
        terminalreporter.line(f"{ABSENT}: the pages were not tried in a browser.")
        terminalreporter.line("On Debian and Ubuntu: apt install chromium")


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    # Chromium refuses its sandbox to root.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def centre(
    chromium: str, postgres_cluster: postgres.Cluster, migrated_template: str
) -> AsyncIterator[Centre]:
    """The demo brand at work, one for all stories: each has its own consumers."""
    name = f"browser_{uuid4().hex}"
    postgres.create_database(postgres_cluster, name, template=migrated_template)
    async with working(postgres_cluster.url(name)) as addresses:
        yield addresses
    postgres.drop_database(postgres_cluster, name)


@pytest.fixture(autouse=True)
async def cleared(browser: Browser, centre: Centre) -> None:
    """Begin each story with closed pages, nobody online and no open conversation."""
    kept = centre.browsers.values()
    for context in browser.contexts:
        if context in kept:
            for page in context.pages:
                await page.close()
        else:
            await context.close()
    await centre.clear()

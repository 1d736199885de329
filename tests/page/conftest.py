# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real browser for the page: Debian's chromium, driven by Playwright. Without one the tests are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report
from ansible_collections.invmon.network.plugins.plugin_utils._page.page import render

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

#: Lines of a console that are not only information.
_TROUBLE = ("error", "warning")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the page is not tried")
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("there is no chromium here (apt install chromium): the page is not tried in a browser")
    with playwright.sync_playwright() as started:
        # Without a sandbox of its own: in a container, and as root, it has none.
        running = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@dataclass
class Opened:
    """A page in the browser, and what it did."""

    page: Any
    errors: list[str] = field(default_factory=list)  #: of its console
    requests: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Requests to anywhere but the file itself."""
        return [url for url in self.requests[1:] if not url.startswith("data:")]


Open = Callable[..., Opened]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a report: opened(report, width=..., height=..., **options of a browser context)."""
    contexts = []

    def open_report(report: Report, width: int = 1440, height: int = 900, **options: Any) -> Opened:
        path = tmp_path / "index.html"
        path.write_text(render(report), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.on(
            "console", lambda line: found.errors.append(line.text) if line.type in ("error", "warning") else 0
        )
        found.page.on("pageerror", lambda error: found.errors.append(str(error)))
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.goto(path.as_uri())
        return found

    yield open_report
    for context in contexts:
        context.close()

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of the page that README and docs/reports.md show: docs/images/report*.png."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Literal

from ansible_collections.invmon.network.plugins.plugin_utils._page.page import render
from ansible_collections.invmon.network.tests.page.conftest import BROWSERS
from ansible_collections.invmon.network.tests.page.made import busy
from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
#: name -> width, height, colours
PICTURES: dict[str, tuple[int, int, Literal["light", "dark"]]] = {
    "report": (1280, 800, "light"),
    "report-dark": (1280, 800, "dark"),
    "report-phone": (390, 760, "light"),
}


def main() -> None:
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        page = Path(folder) / "index.html"
        page.write_text(render(busy()), encoding="utf-8")
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, (width, height, scheme) in PICTURES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            shown = context.new_page()
            shown.goto(page.as_uri())
            shown.screenshot(path=IMAGES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of the page that README and the documentation show: docs/images/."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Literal

from ansible_collections.invmon.network.plugins.plugin_utils._page.page import render
from ansible_collections.invmon.network.tests.page.conftest import BROWSERS
from ansible_collections.invmon.network.tests.page.made import busy
from ansible_collections.invmon.network.tests.page.made_scans import discovery
from playwright.sync_api import ViewportSize, sync_playwright

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
#: name -> width, height, colours, what is at the top
PICTURES: dict[str, tuple[int, int, Literal["light", "dark"], str]] = {
    "report": (1280, 800, "light", ""),
    "report-dark": (1280, 800, "dark", ""),
    "report-phone": (390, 760, "light", ""),
    "discovery": (1280, 800, "light", "#discovery"),
}


def main() -> None:
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        page, with_scan = Path(folder) / "index.html", Path(folder) / "scan.html"
        page.write_text(render(busy()), encoding="utf-8")
        with_scan.write_text(render(replace(busy(), discovery=discovery())), encoding="utf-8")
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, (width, height, scheme, anchor) in PICTURES.items():
            size: ViewportSize = {"width": width, "height": height}
            context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
            shown = context.new_page()
            shown.goto((with_scan if anchor else page).as_uri() + anchor)
            shown.screenshot(path=IMAGES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()

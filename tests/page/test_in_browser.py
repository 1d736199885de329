# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page in a real browser: it asks nobody anything, fits every screen, and hostile text in it is text."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._history.nights import Night
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report
from ansible_collections.invmon.network.tests.page.conftest import Opened
from ansible_collections.invmon.network.tests.page.made import HOSTILE, NETBOX, NOW, busy, hostile, inventory, record
from ansible_collections.invmon.network.tests.page.made_scans import discovery, hostile_discovery, large

Open = Callable[..., Opened]
#: The checker of accessibility (MPL-2.0), of npm; its version is raised here.
AXE = "axe-core@4.10.3"
BUILD = Path(__file__).resolve().parents[2] / ".build" / "axe"


def expect(locator: Any) -> Any:
    return pytest.importorskip("playwright.sync_api").expect(locator)


@pytest.mark.parametrize("width", [390, 1440, 3840])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_makes_no_request_and_no_error_and_fits_the_screen(opened: Open, width: int, scheme: str) -> None:
    found = opened(busy(), width=width, color_scheme=scheme)
    expect(found.page.locator("#found")).to_have_text("480 parts")
    assert found.errors == []
    assert found.outside == []
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_text_in_every_field_runs_nothing_and_loads_nothing(opened: Open) -> None:
    found = opened(hostile())
    page = found.page
    expect(page.locator("#found")).to_contain_text(f"{len(HOSTILE)} parts")
    for number in range(len(HOSTILE)):
        page.locator(".grid td button").nth(number).click()
    assert page.evaluate("window.ran") is None
    assert found.errors == []
    assert found.outside == []
    assert page.locator("script").count() == 2
    assert page.locator("img, iframe, object, embed").count() == 0
    schemes = page.evaluate("[...document.links].map((link) => link.protocol)")
    assert set(schemes) <= {"file:", "https:", "http:"}
    assert "\u202e" not in page.content()


def test_without_script_the_first_screen_the_changes_and_the_plots_are_there(opened: Open) -> None:
    page = opened(busy(), java_script_enabled=False).page
    expect(page.locator("h1")).to_contain_text("Night of 29 Nov 2026")
    expect(page.locator(".todo")).to_contain_text("1 device is held")
    expect(page.locator(".changes")).to_contain_text("AVD9301L0X1")
    expect(page.locator("svg.columns").first).to_be_visible()
    expect(page.locator("noscript p")).to_have_count(1)
    expect(page.locator("#find")).to_be_hidden()


def test_a_serial_is_found_by_keyboard_alone_and_its_life_is_shown(opened: Open) -> None:
    report = busy()
    page = opened(report).page
    wanted = report.parts[100]
    page.keyboard.press("/")
    page.keyboard.type(wanted.serial.lower())
    expect(page.locator("#found")).to_have_text("1 of 480 parts")
    expect(page.locator("#life")).to_contain_text(f"Life of {wanted.serial}")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_have_text("480 parts")


def test_a_part_that_is_gone_is_found_with_its_past_and_a_link_to_its_rows(opened: Open) -> None:
    page = opened(busy()).page
    page.fill("#query", "gone1")
    expect(page.locator("#found")).to_have_text("0 of 480 parts")
    expect(page.locator("#life")).to_contain_text("Life of GONE1, which is not in the network now")
    expect(page.locator("#life")).to_contain_text("sw-old, Te1/1/8, then gone")
    address = page.locator("#life a").get_attribute("href")
    assert address == f"{NETBOX}/plugins/inventory-monitor/probes/?serial=GONE1"


def test_the_table_is_sorted_and_filtered(opened: Open) -> None:
    page = opened(busy()).page
    page.select_option("#category", label="chassis")
    expect(page.locator("#found")).to_have_text("40 of 480 parts")
    page.get_by_role("button", name="Serial number", exact=True).click()
    first = page.locator(".grid tbody tr[aria-rowindex='2'] td").nth(3).inner_text()
    page.get_by_role("button", name="Serial number", exact=True).press("Enter")
    assert page.locator(".grid tbody tr[aria-rowindex='2'] td").nth(3).inner_text() > first
    expect(page.locator(".grid th").nth(3)).to_have_attribute("aria-sort", "descending")


def test_the_colours_are_changed_by_the_button(opened: Open) -> None:
    page = opened(busy(), color_scheme="light").page
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    expect(page.locator("#theme")).to_have_text("Light")


def test_names_link_to_their_devices_in_netbox(opened: Open) -> None:
    page = opened(busy()).page
    assert page.locator(".changes a").first.get_attribute("href") == f"{NETBOX}/dcim/devices/1/"
    assert page.locator(".grid td a").first.get_attribute("href") == f"{NETBOX}/dcim/devices/1/"


def test_sixty_thousand_parts_are_drawn_as_they_are_needed(opened: Open) -> None:
    found = opened(Report([Night(record())], inventory(5000), netbox=NETBOX, now=NOW))
    page = found.page
    expect(page.locator("#found")).to_have_text("60,000 parts")
    assert page.locator(".grid tbody tr").count() < 100
    page.evaluate("document.getElementById('grid').scrollTop = 1e9")
    expect(page.locator(".grid tbody tr[aria-rowindex='60001']")).to_be_visible()
    assert len(page.content()) < 5 * 2_000_000


def test_it_can_be_printed(opened: Open, tmp_path: Path) -> None:
    page = opened(busy()).page
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    page.emulate_media(media="print")
    expect(page.locator(".grid")).to_be_hidden()
    expect(page.locator(".changes")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_section_of_a_scan_fits_and_the_evidence_of_a_host_is_shown(opened: Open, width: int) -> None:
    found = opened(replace(busy(), discovery=discovery()), width=width)
    page = found.page
    expect(page.locator("#hosts-found")).to_have_text("33 hosts")
    page.fill("#hosts-query", "fcw2415")
    expect(page.locator("#hosts-found")).to_have_text("1 of 33 hosts")
    expect(page.locator("#hosts-detail")).to_contain_text("10.20.0.15 sw-015")
    expect(page.locator("#hosts-detail")).to_contain_text("icmp answered echo reply")
    page.locator("#hosts-query").press("Escape")
    page.select_option("#hosts-verdict", label="contradicting")
    expect(page.locator("#hosts-found")).to_have_text("1 of 33 hosts")
    expect(page.locator("#hosts-detail")).to_contain_text("FOC1111X0ZZ")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (found.errors, found.outside) == ([], [])


def test_a_page_of_scans_alone_has_its_table_and_its_colours(opened: Open) -> None:
    page = opened(Report([], discovery=discovery(), now=NOW)).page
    expect(page.locator("h1")).to_contain_text("Scan of 29 Nov 2026")
    page.keyboard.press("/")
    page.keyboard.type("axis")
    expect(page.locator("#hosts-found")).to_have_text("1 of 33 hosts")
    expect(page.locator("#theme")).to_be_visible()


def test_without_script_the_numbers_the_hosts_that_need_attention_and_their_evidence_are_there(opened: Open) -> None:
    page = opened(replace(busy(), discovery=discovery()), java_script_enabled=False).page
    expect(page.locator(".tiles")).to_contain_text("54 not asked")
    expect(page.locator("section[aria-labelledby=scan-contradicting]")).to_contain_text("FOC1111X0ZZ")
    expect(page.locator(".since")).to_contain_text("no answer to icmp, tcp in 3 scans")
    evidence = page.locator("section[aria-labelledby=scan-unknown] .evidence").first
    evidence.locator("summary").click()
    expect(evidence.locator("li").first).to_contain_text("icmp answered echo reply")
    expect(page.locator("#hosts-find")).to_be_hidden()


def test_hostile_text_of_hosts_runs_nothing_and_loads_nothing(opened: Open) -> None:
    found = opened(replace(hostile(), discovery=hostile_discovery()))
    page = found.page
    for number in range(len(HOSTILE)):
        page.locator("#hosts-grid td button").nth(number).click()
    assert page.evaluate("window.ran") is None
    assert (found.errors, found.outside) == ([], [])
    assert page.locator("script").count() == 3
    assert page.locator("img, iframe, object, embed").count() == 0
    assert "\u202e" not in page.content()


def test_five_thousand_hosts_are_drawn_as_they_are_needed(opened: Open) -> None:
    page = opened(Report([Night(record())], discovery=large(), now=NOW)).page
    expect(page.locator("#hosts-found")).to_have_text("5,000 hosts")
    assert page.locator("#hosts-grid tbody tr").count() < 100
    page.fill("#hosts-query", "host-04321")
    expect(page.locator("#hosts-found")).to_have_text("1 of 5,000 hosts")
    assert len(page.content()) < 3 * 2_000_000


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core; fetched once by npm."""
    found = BUILD / "package" / "axe.min.js"
    if not found.exists():
        if not shutil.which("npm"):
            pytest.skip("npm is not here: the accessibility of the page is not checked")
        BUILD.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", AXE], cwd=BUILD, check=True, env=os.environ)
        (archive,) = BUILD.glob("axe-core-*.tgz")
        subprocess.run(["tar", "-xzf", archive.name], cwd=BUILD, check=True)
    return found.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Open, axe: str, scheme: str) -> None:
    page = opened(replace(busy(), discovery=discovery()), color_scheme=scheme, bypass_csp=True).page
    page.click("#hosts-grid td button >> nth=0")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    said = [(one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]]
    assert said == [], json.dumps(said, indent=1)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page says of nights of every kind, without a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import ScanRecord
from ansible_collections.invmon.network.plugins.module_utils._discovery.overview import overview
from ansible_collections.invmon.network.plugins.module_utils._discovery.verdicts import Verdict
from ansible_collections.invmon.network.plugins.module_utils._history.nights import Night
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report
from ansible_collections.invmon.network.plugins.module_utils._report.markdown import markdown_text
from ansible_collections.invmon.network.plugins.plugin_utils._page.page import render
from ansible_collections.invmon.network.tests.page.made import NETBOX, NOW, busy, change, inventory, item, record
from ansible_collections.invmon.network.tests.page.made_scans import discovery, scan_of


def text_of(*records: dict[str, Any], **other: Any) -> str:
    """The words of the page, blanks as one."""
    page = render(Report([Night(one) for one in records], now=NOW, **other))
    body = re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(body.split())


def test_a_calm_night_says_so_and_nothing_is_to_be_done() -> None:
    text = text_of(record())
    assert "All devices were read completely." in text
    assert "What to do Nothing." in text
    assert "Nothing changed." in text
    assert "Nothing is open." in text


def test_without_any_run_the_page_says_what_to_do() -> None:
    text = text_of()
    assert "There is no run on record" in text
    assert "Run the playbook" in text


def test_a_run_that_wrote_nothing_says_why_first() -> None:
    text = text_of(record(error="NetBox did not answer.", state="failed", readings={}, devices={"asked": 0}))
    assert "Nothing was written. NetBox did not answer." in text


def test_a_night_in_which_all_devices_failed_is_bad() -> None:
    text = text_of(record(readings={"unreachable": 3}, state="failed"))
    assert "✕ 3 of 3 devices were not read completely." in text


def test_a_dry_run_is_one_and_says_what_would_change() -> None:
    text = text_of(record(check_mode=True, changes=[change("new")]))
    assert text.count("dry run") >= 1
    assert "What would change" in text


def test_what_is_not_proven_is_nothing_to_do() -> None:
    text = text_of(record(standing=[item("incomplete", text="not read to the end")]))
    assert "What to do Nothing. Good to know: 1 device was read incompletely" in text


def test_a_card_that_was_pulled_is_one_row_with_what_was_in_it() -> None:
    changes = [
        change("not_seen", "CARD", slot="MDA 2/1", category="module"),
        change("not_seen", "OPTIC", slot="2/1/1", evidence={"within": "CARD"}),
    ]
    text = text_of(record(changes=changes))
    assert "2 parts on 1 device" in text
    assert "with 1 optic in it: OPTIC" in text
    assert text.count("OPTIC") == 1


def test_the_same_reason_of_many_devices_is_read_once() -> None:
    many = [item("unreachable", device=f"sw-{number}", text="no answer") for number in range(50)]
    text = text_of(record(standing=many, readings={"unreachable": 50}))
    assert text.count("no answer") == 1
    assert "50 devices are unreachable" in text
    assert "sw-0, sw-1" in text
    assert "and 20 more" in text


def test_the_devices_that_took_longest_are_named() -> None:
    text = text_of(record(), parts=inventory(1))
    assert "Devices that took longest" in text
    assert "sw-slow 32 s sw-b 2.2 s" in text


def test_more_changes_than_a_page_should_have_are_counted() -> None:
    changes = [change("new", f"SN{number}", device=f"sw-{number // 9}") for number in range(2300)]
    page = text_of(record(changes=changes, changes_left_out=5))
    assert "And 305 parts more" in page


def test_devices_without_a_netbox_or_of_a_strange_address_have_no_link() -> None:
    changes = [change("new")]
    for netbox in (None, "javascript:alert(1)"):
        page = render(Report([Night(record(changes=changes))], inventory(1), netbox=netbox, now=NOW))
        assert "/dcim/devices/1/" not in page
    assert f'href="{NETBOX}/dcim/devices/1/"' in render(
        Report([Night(record(changes=changes))], inventory(1), netbox=NETBOX, now=NOW)
    )


def test_a_damaged_history_is_said_on_the_page() -> None:
    assert "run.json is not read" in text_of(record(), notes=["run.json is not read: it is damaged."])


def test_a_run_of_some_hosts_says_so_and_is_left_out_of_the_plots_over_time() -> None:
    limited: dict[str, Any] = {"hosts": {"run": 3, "inventory": 300}, "readings": {"complete": 3}}
    text = text_of(record(2), record(1), record(**limited))
    assert "limited to 3 of 300 hosts" in text
    assert "29 Nov: 0 changed parts" not in text
    assert "28 Nov: 0 changed parts" in text
    only = text_of(record(1, **limited), record(**limited))
    assert "29 Nov: 0 changed parts" in only
    assert "limited to" not in text_of(record(hosts={"run": 300, "inventory": 300}))


def test_that_nothing_changed_is_not_said_of_what_was_not_read() -> None:
    assert "Nothing changed." in text_of(record())
    assert "Not known: no device was read completely." in text_of(record(readings={"unreachable": 3}))
    assert "Nothing changed on the devices that" in text_of(record(readings={"complete": 2, "unreachable": 1}))
    assert "Nothing is open" not in text_of()
    assert "Nothing was written." in text_of(record(error="no token"))


def test_missing_slices_of_a_job_are_named() -> None:
    text = text_of(record(awx={"job_slice_count": 3, "workflow_job_id": 7}))
    assert "2 slices of this job have no record here, or not yet" in text


def test_a_run_of_a_wrong_clock_does_not_move_the_plots_into_the_future() -> None:
    text = text_of(record(-900), record(1), record(0.2))
    assert "28 Nov: 0 changed parts" in text
    assert "2029" not in text


def test_the_policy_names_style_and_script_by_their_digests_and_allows_nothing_else() -> None:
    page = render(busy())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy.replace("&#39;", "'").startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r'\sstyle="|\son[a-z]+="', page)


@pytest.mark.parametrize("end", ["</script>", "<!--<script>", "\u2028"])
def test_no_text_ends_the_data_of_the_script(end: str) -> None:
    (part,) = inventory(1, 1)
    page = render(Report([Night(record())], [type(part)(**{**vars(part), "slot": end})], now=NOW))
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    assert "<" not in data


def test_what_to_type_is_shown_as_it_is_typed() -> None:
    held = item("held", device="core-1", text="5 of 9 parts", answer="-e upload_release=core-1")
    assert "Release: -e upload_release=core-1" in text_of(record(standing=[held]))
    assert "-e upload\\_release=core-1" in markdown_text(Report([Night(record(standing=[held]))], now=NOW))


def test_the_last_scan_is_a_section_with_what_to_do_first() -> None:
    text = text_of(record(), discovery=discovery())
    assert "29 hosts answered: 3 unknown to NetBox, 1 contradicting it." in text
    assert "54 addresses were not asked, because the deadline came first" in text
    assert "What to do 1 host is not what NetBox has" in text
    assert "gone 10.20.0.12 sw-012 last seen 26 Nov; no answer to icmp, tcp in 3 scans, since 27 Nov" in text
    assert "1 host came or went in DHCP networks." in text
    assert "1 address has no device" in text
    assert "nmap is not installed: apt install nmap" in text
    assert "new 10.20.0.91 Cisco Systems, Inc" in text
    assert "at another address 10.20.0.120 sw-020 10.20.0.20 → 10.20.0.120" in text


def test_without_a_scan_there_is_no_section_of_one() -> None:
    page = render(busy())
    assert "Discovery" not in page
    assert "hosts-grid" not in page.replace("#hosts-grid", "")


def test_a_first_scan_has_no_changes_and_one_that_was_not_compared_says_so() -> None:
    alone = overview([ScanRecord(scan=scan_of(9))])
    text = text_of(discovery=alone)
    assert "Not known: this is the first scan on record." in text
    assert "They were not compared with NetBox." in text
    assert "ago: what it shows may have changed" in text
    assert "Scan of 20 Nov 2026" in text


def test_a_scan_without_anything_to_do_says_so() -> None:
    scan = scan_of(1)
    known = tuple(Verdict(verdict="known", ip=one.ip) for one in scan.hosts)
    text = text_of(record(), discovery=overview([ScanRecord(scan=scan, verdicts=known, compared=True)]))
    assert "What to do first Nothing." in text
    assert "hosts answered; NetBox has them all." in text
    empty = overview([ScanRecord(scan=replace(scan, hosts=()), compared=True)])
    assert "No host answered." in text_of(record(), discovery=empty)

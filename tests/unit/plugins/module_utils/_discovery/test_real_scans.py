# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes from one real scan to the next, in the network of tests/lab: what netscan reports is what follow() needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._discovery.delta import follow
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import scan_record
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Scan
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan import netscan
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan_options import ARGUMENT_SPEC
from ansible_collections.invmon.network.tests.lab.fixtures import lab
from ansible_collections.invmon.network.tests.lab.lab import ADDRESSES, Lab

__all__ = ["lab"]

TARGET = "10.80.0.8/29"
WITH_ARP = ["icmp", "tcp", "neighbours"]


def scan(lab: Lab, day: int, sources: list[str], **options: Any) -> Scan:
    """A real scan, as if so many days had passed."""
    given = {"targets": [TARGET], "sources": sources, "tcp_ports": [22], "timeout_ms": 200, **options}
    result = lab.inside(run_task, lambda: given, ARGUMENT_SPEC, netscan)
    found = scan_record(result["scan"]).scan
    began = datetime.fromisoformat(found.started) + timedelta(days=day)
    return replace(found, started=began.isoformat())


def test_a_host_that_is_unplugged_is_silent_then_gone_and_returns(lab: Lab) -> None:
    plain, arp_only = ADDRESSES["plain"], ADDRESSES["arp_only"]
    scans = [scan(lab, 0, WITH_ARP)]
    with lab.host("plain").unplugged(), lab.host("arp_only").unplugged():
        lab.forget_neighbours()
        scans.append(scan(lab, 1, ["icmp", "tcp"]))
        assert {one.host.ip: one.state for one in follow(scans).hosts}[arp_only] == "not_asked"
        for day in (2, 3, 4):
            lab.forget_neighbours()
            scans.append(scan(lab, day, WITH_ARP))
        gone = {(one.fate, one.ip) for one in follow(scans).changes}
        assert {("gone", plain), ("gone", arp_only)} <= gone
        evidence = {one.ip: one.evidence for one in follow(scans).changes}
        assert evidence[arp_only]["sources"] == ["neighbours"]
        assert {one.fate for one in follow(scans[:3]).changes} == {"silent"}
    lab.forget_neighbours()
    scans.append(scan(lab, 5, WITH_ARP))
    found = follow(scans)
    assert {(one.fate, one.ip) for one in found.changes} == {("returned", plain), ("returned", arp_only)}
    assert {one.first_seen for one in found.hosts if one.first_seen} == {scans[0].started}


def test_a_scan_that_is_cut_off_proves_nothing(lab: Lab) -> None:
    scans = [scan(lab, 0, ["icmp"])]
    with lab.host("plain").unplugged():
        scans += [scan(lab, day, ["icmp"], packets_per_subnet=1) for day in range(1, 5)]
    assert [not one.complete for one in scans] == [False, True, True, True, True]
    fates = {one.fate for end in range(1, 6) for one in follow(scans[:end]).changes if one.ip == ADDRESSES["plain"]}
    assert fates == set()

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The neighbour table, against the real kernel and the real ip(8) of the lab."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Finding
from ansible_collections.invmon.network.plugins.module_utils._scan.programs import ProgramError
from ansible_collections.invmon.network.plugins.module_utils._scan.sources import neighbours as module
from ansible_collections.invmon.network.plugins.module_utils._scan.sources import vendors
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.neighbours import (
    NeighbourTable,
    parse_table,
)
from ansible_collections.invmon.network.tests.lab.lab import ABSENT, ADDRESSES, ADDRESSES6, MACS, Lab
from ansible_collections.invmon.network.tests.lab.test_lab import tcp


async def read(addresses: Sequence[str]) -> tuple[dict[str, Finding], NeighbourTable]:
    table = NeighbourTable()
    return {finding.ip: finding async for finding in table.read(addresses)}, table


def results(findings: dict[str, Finding]) -> dict[str, str]:
    return {ip: finding.evidence[0].result for ip, finding in findings.items()}


def test_what_replied_to_arp_and_nd_answered_with_mac_and_vendor(lab: Lab) -> None:
    lab.forget_neighbours()
    for addresses in (ADDRESSES, ADDRESSES6):
        for name in ("arp_only", "virtual", "tcp_only"):
            lab.inside(tcp, addresses[name], 22, 0.1)
    found, table = lab.inside(asyncio.run, read([]))
    for addresses in (ADDRESSES, ADDRESSES6):
        one = found[addresses["arp_only"]]
        assert (one.evidence[0].result, one.mac, one.vendor) == ("answered", MACS["arp_only"], "Cisco Systems, Inc")
        assert one.evidence[0].detail.startswith("eth0: REACHABLE, confirmed ")
        assert one.evidence[0].mac == MACS["arp_only"]
        # A VRRP group and a local MAC have no vendor.
        assert {found[addresses[name]].vendor for name in ("virtual", "tcp_only")} == {""}
        assert found[addresses["virtual"]].mac == MACS["virtual"]
    assert (table.use().used, table.use().method, table.use().answered >= 6) == (True, "ip -j neigh", True)


def test_an_old_entry_is_listed_and_no_answer(lab: Lab) -> None:
    lab.scanner.namespace.ip(
        f"neigh replace 10.80.0.201 lladdr {MACS['plain']} dev eth0 nud stale",
        f"neigh replace 10.80.0.202 lladdr {MACS['plain']} dev eth0 nud permanent",
        f"neigh replace 10.80.0.203 lladdr {MACS['plain']} dev eth0 nud probe",
    )
    found, _table = lab.inside(asyncio.run, read(["10.80.0.201"]))
    old = {ip: result for ip, result in results(found).items() if ip.startswith("10.80.0.20")}
    # The kernel asks about the third by itself: it may have given it up meanwhile.
    assert old.pop("10.80.0.203", "listed") in ("listed", "silent")
    assert old == {"10.80.0.201": "listed", "10.80.0.202": "listed"}
    assert found["10.80.0.201"].evidence[0].detail == "eth0: STALE"
    lab.forget_neighbours()
    lab.scanner.namespace.ip("neigh del 10.80.0.202 dev eth0")


def test_no_reply_is_silence_of_the_addresses_that_were_asked(lab: Lab) -> None:
    lab.inside(tcp, ABSENT, 22, 0.05)
    found, _table = lab.inside(asyncio.run, read([ABSENT]))
    assert results(found)[ABSENT] == "silent"
    assert found[ABSENT].mac == ""
    assert "no reply to ARP" in found[ABSENT].evidence[0].detail
    others, _table = lab.inside(asyncio.run, read([]))
    assert ABSENT not in others


def test_without_the_library_there_are_no_vendors_and_the_use_reports_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.inside(tcp, ADDRESSES["plain"], 22)
    monkeypatch.setattr(vendors, "_library", lambda: None)
    vendors._vendor.cache_clear()
    found, table = lab.inside(asyncio.run, read([]))
    vendors._vendor.cache_clear()
    assert found[ADDRESSES["plain"]].mac == MACS["plain"]
    assert found[ADDRESSES["plain"]].vendor == ""
    assert "pip install netaddr" in table.use().missing
    assert table.use().used


@pytest.mark.parametrize(
    ("script", "missing"),
    [
        ("", "install iproute2"),
        ('echo \'Option "-j" is unknown, try "ip -help".\' >&2; exit 255', "4.16 or newer"),
        ("echo not json", "4.16 or newer"),
        ("cat /dev/zero", "4.16 or newer"),
        ("exec sleep 30", "4.16 or newer"),
    ],
)
def test_a_program_that_cannot_do_it_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, missing: str
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.3)
    path = tmp_path / "ip"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    path.chmod(0o755)
    monkeypatch.setattr(module, "find_program", lambda _name: str(path) if script else "")
    found, table = asyncio.run(read(["192.0.2.1"]))
    assert found == {}
    assert missing in table.use().missing
    assert not table.use().used


def entry(**values: Any) -> dict[str, Any]:
    return {"dst": "192.0.2.7", "dev": "eth0", "lladdr": "00:1b:54:00:00:01", "state": ["REACHABLE"], **values}


@pytest.mark.parametrize(
    "row",
    [
        entry(dst="ff02::1"),
        entry(dst="fe80::1"),
        entry(dst="224.0.0.251"),
        entry(dst="255.255.255.255"),
        entry(dst="127.0.0.1"),
        entry(dst="\x1b[31m"),
        entry(dst=None),
        entry(state=["NOARP"]),
        entry(state=[]),
        entry(state="REACHABLE"),
        "text",
        None,
    ],
)
def test_what_is_no_host_elsewhere_is_left_out(row: Any) -> None:
    assert list(parse_table(json.dumps([row]).encode())) == []


def test_a_router_is_marked_and_a_mac_is_checked() -> None:
    rows = [entry(dst="2001:db8::1", router=None), entry(lladdr="\x1b[31m"), entry(dst="192.0.2.8", confirmed="x")]
    router, unreadable, undated = parse_table(json.dumps(rows).encode())
    assert router.detail == "eth0: REACHABLE, a router"
    assert unreadable.mac == ""
    assert undated.confirmed is None


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b"\xff"])
def test_what_is_not_json_is_an_error(data: bytes) -> None:
    with pytest.raises(ProgramError):
        list(parse_table(data))

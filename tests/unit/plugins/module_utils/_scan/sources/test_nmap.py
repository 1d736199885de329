# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source nmap, with the real program in the lab, and with programs that are not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.budget import PacketBudget, Rates
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Finding, Port
from ansible_collections.invmon.network.plugins.module_utils._scan.sources import nmap as module
from ansible_collections.invmon.network.plugins.module_utils._scan.sources import nmap_report
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.nmap import NmapSource
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.nmap_report import (
    NmapHost,
    ReportError,
    read_report,
)
from ansible_collections.invmon.network.tests.lab.lab import ADDRESSES, ADDRESSES6, Lab
from ansible_collections.invmon.network.tests.lab.namespaces import program

FAST = Rates(per_second=100_000, per_subnet_second=100_000)
needs_nmap = pytest.mark.skipif(not program("nmap"), reason="nmap is not installed (apt install nmap)")


async def read(
    addresses: Sequence[str], ports: Sequence[int] = (22, 2222), rates: Rates = FAST, deadline: float = 0.0
) -> tuple[dict[str, Finding], NmapSource, PacketBudget]:
    budget = PacketBudget(rates, deadline=deadline)
    source = NmapSource(budget, ports, max_rate=300, timeout=0.3)
    return {finding.ip: finding async for finding in source.read(addresses)}, source, budget


def outcome(finding: Finding) -> tuple[str, str]:
    (one,) = finding.evidence
    return one.result, one.detail


@needs_nmap
def test_the_real_program_finds_ports_within_the_budget(lab: Lab) -> None:
    hosts = [ADDRESSES["tcp_only"], ADDRESSES["plain"], ADDRESSES["icmp_only"], ADDRESSES6["tcp_only"]]
    with lab.capture() as wire:
        found, source, budget = lab.inside(asyncio.run, read(hosts))
    assert {ip: outcome(finding) for ip, finding in found.items()} == {
        ADDRESSES["tcp_only"]: ("answered", "22 open (ssh)"),
        ADDRESSES6["tcp_only"]: ("answered", "22 open (ssh)"),
        ADDRESSES["plain"]: ("refused", "22 refused (ssh), 2222 refused (EtherNetIP-1)"),
        ADDRESSES["icmp_only"]: ("silent", "no answer from any port"),
    }
    assert found[ADDRESSES["tcp_only"]].ports == (Port(number=22, service="ssh"),)
    use = source.use()
    assert (use.used, use.asked, use.answered, use.missing) == (True, 4, 3, "")
    assert use.method.startswith("nmap 7.")
    # It asks no one else: no name server, no ping, no other port.
    assert {frame.port for frame in wire.sent("tcp")} == {22, 2222}
    assert [frame for frame in wire.sent("udp", "icmp") if frame.destination in hosts] == []
    assert len(wire.sent("tcp", "arp", "nd")) <= budget.packets.total()


@needs_nmap
def test_without_packets_nothing_is_scanned(lab: Lab) -> None:
    with lab.capture() as wire:
        rates = Rates(per_second=1000, per_subnet=0)
        found, source, _budget = lab.inside(asyncio.run, read([ADDRESSES["plain"]], rates=rates))
    assert outcome(found[ADDRESSES["plain"]])[0] == "not_asked"
    assert wire.sent("tcp") == []
    assert source.use().used is False


REPORT = """<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun>
<host><status state="up"/><address addr="192.0.2.1" addrtype="ipv4"/><ports>
<port protocol="tcp" portid="22"><state state="open"/><service name="s\x9bsh{{7*7}}"/></port>
<port protocol="tcp" portid="23"><state state="closed"/></port>
<port protocol="tcp" portid="24"><state state="filtered"/></port>
<port protocol="udp" portid="25"><state state="open"/></port>
<port protocol="tcp" portid="70000"><state state="open"/></port>
<port protocol="tcp" portid="x"><state state="open"/></port>
<port protocol="tcp" portid="26"/>
</ports></host>
<host timedout="true"><address addr="192.0.2.2" addrtype="ipv4"/></host>
<host><address addr="00:11:22:33:44:55" addrtype="mac"/></host>
<host><address addr="evil" addrtype="ipv4"/></host>
</nmaprun>"""


def test_a_report_is_read_host_by_host() -> None:
    ports = (Port(number=22, service=r"s\x9bsh{{7*7}}"), Port(number=23, state="refused"))
    assert list(read_report(REPORT.encode())) == [NmapHost("192.0.2.1", ports), NmapHost("192.0.2.2", is_cut=True)]


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<nmaprun><host><address addr="&b;" addrtype="ipv4"/></host></nmaprun>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<nmaprun><host><address addr="&a;" addrtype="ipv4"/></host></nmaprun>"""


@pytest.mark.parametrize("text", ["", "no xml", "<nmaprun>", BOMB, OUTSIDE, '<?xml version="1.0" encoding="x"?><a/>'])
def test_what_is_no_report_is_an_error(text: str) -> None:
    with pytest.raises(ReportError):
        list(read_report(text.encode()))


def test_the_hosts_before_the_end_of_a_report_that_was_cut_count() -> None:
    hosts = read_report(REPORT.encode()[: REPORT.index("<host timedout")])
    assert next(hosts).address == "192.0.2.1"
    with pytest.raises(ReportError, match="not complete"):
        next(hosts)


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = folder / "nmap"
    version = 'case "$1" in --version) echo "Nmap version 9.99 ( https://nmap.org )"; exit;; esac'
    path.write_text(f"#!/bin/sh\n{version}\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(module, "find_program", lambda _name: str(path))


def test_only_addresses_that_were_given_to_it_are_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "report").write_text(REPORT, encoding="utf-8")
    fake(tmp_path, monkeypatch, f"cat {tmp_path}/report")
    found, source, _budget = asyncio.run(read(["192.0.2.2", "192.0.2.9"]))
    assert {ip: outcome(finding) for ip, finding in found.items()} == {
        "192.0.2.2": ("not_asked", "given up after some time"),
        "192.0.2.9": ("failed", "nmap did not report it"),
    }
    assert source.use().missing == "nmap did not report it"


def test_it_is_told_its_limits_and_to_search_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, f'echo "$@" >{tmp_path}/options; cat >{tmp_path}/addresses')
    asyncio.run(read(["192.0.2.1", "192.0.2.2"], (22, 80)))
    options = (tmp_path / "options").read_text(encoding="ascii")
    for option in ("--unprivileged", "-sT", "-Pn", "-n", "-p 22,80", "--max-rate 100", "--max-retries 1"):
        assert f"{option} " in options
    assert (tmp_path / "addresses").read_text(encoding="ascii").split() == ["192.0.2.1", "192.0.2.2"]


@pytest.mark.parametrize(
    ("script", "detail"),
    [
        ("echo 'Failed to open \x1b[31m device' >&2; exit 1", r"nmap: Failed to open \x1b[31m device"),
        ("exit 3", "nmap: exit status 3"),
        ("cat /dev/zero", "nmap: exit status -9"),
        ("echo no xml", "the report of nmap is not complete"),
        ("true", "nmap wrote no report"),
    ],
)
def test_a_program_that_fails_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, detail: str
) -> None:
    fake(tmp_path, monkeypatch, script)
    found, source, _budget = asyncio.run(read(["192.0.2.1"]))
    assert found["192.0.2.1"].evidence[0].result == "failed"
    assert outcome(found["192.0.2.1"])[1].startswith(detail)
    assert source.use().used is False


def test_a_program_that_is_not_nmap_or_not_there_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_program", lambda _name: "/bin/true")
    _found, source, _budget = asyncio.run(read(["192.0.2.1"]))
    assert "does not name a version" in source.use().missing
    monkeypatch.setattr(module, "find_program", lambda _name: "")
    _found, source, _budget = asyncio.run(read(["192.0.2.1"]))
    assert source.use().missing == module.NO_PROGRAM
    fake(tmp_path, monkeypatch, "true")
    monkeypatch.setattr(nmap_report, "xml", None)
    found, source, _budget = asyncio.run(read(["192.0.2.1"]))
    assert (found, source.use().missing) == ({}, nmap_report.NO_LIBRARY)


def alive(path: Path) -> bool:
    """Is the process whose id is in the file there, and not only waiting for its parent to notice its end?"""
    try:
        status = Path("/proc", path.read_text(encoding="ascii").strip(), "stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def until(condition: bool, path: Path) -> bool:
    """Wait until the process whose id is in a file lives, or does not."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        if path.exists() and path.read_text(encoding="ascii").strip() and alive(path) == condition:
            return True
        time.sleep(0.01)
    return False


#: It starts another process, and ignores what can be ignored.
STUBBORN = "trap '' INT TERM; sleep 60 & echo $! >{0}/child.new; mv {0}/child.new {0}/child; wait"


def test_the_deadline_ends_it_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, f"echo '<nmaprun>'; {STUBBORN.format(tmp_path)}")
    found, _source, _budget = asyncio.run(read(["192.0.2.1"], deadline=1.5))
    assert outcome(found["192.0.2.1"])[0] == "not_asked"
    assert until(False, tmp_path / "child")


def test_an_interrupt_ends_it_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, STUBBORN.format(tmp_path))

    async def interrupted() -> None:
        reading = asyncio.create_task(read(["192.0.2.1"]))
        assert await asyncio.to_thread(until, True, tmp_path / "child")
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    asyncio.run(interrupted())
    assert until(False, tmp_path / "child")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan of the lab, as the module does it: what it finds, what ends it early, and what of it is resumed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._scan.ranges import RangeSet, parse_range
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan import netscan
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan_options import ARGUMENT_SPEC
from ansible_collections.invmon.network.tests.lab.fixtures import lab
from ansible_collections.invmon.network.tests.lab.lab import ADDRESSES, CROWD_ADDRESSES, MACS, Lab
from ansible_collections.invmon.network.tests.lab.namespaces import program
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.snmp import boxes

__all__ = ["lab"]

#: A scan that takes half a second for each address where nobody is.
QUICK = {"sources": ["icmp", "tcp"], "timeout_ms": 250, "tcp_ports": [22]}


def scan(lab: Lab, *targets: str, **options: Any) -> dict[str, Any]:
    return lab.inside(run_task, lambda: {**QUICK, "targets": list(targets), **options}, ARGUMENT_SPEC, netscan)


def asked(result: dict[str, Any], source: str = "icmp") -> RangeSet:
    found = RangeSet()
    for network in result["scan"]["networks"]:
        for text in network.get("asked", {}).get(source, ()):
            found.add(parse_range(text))
    return found


def left(result: dict[str, Any]) -> RangeSet:
    return RangeSet(parse_range(text) for one in result["scan"]["networks"] for text in one.get("not_asked", ()))


def seen(result: dict[str, Any]) -> list[str]:
    return [host["ip"] for host in result["scan"]["hosts"] if host["state"] == "seen"]


def test_hosts_are_found_by_what_each_answers_and_the_others_are_silent(lab: Lab) -> None:
    result = scan(lab, "10.80.0.0/26", exclude=[ADDRESSES["services"]])
    names = ("plain", "icmp_only", "tcp_only", "refuses_only", "virtual")
    expected = {ADDRESSES[name] for name in (*names, "names")}
    assert expected <= set(seen(result))
    assert ADDRESSES["services"] not in json.dumps(result["scan"]["hosts"])
    (network,) = result["scan"]["networks"]
    assert (network["addresses"], asked(result).size, asked(result, "tcp").size) == (61, 61, 61)
    by_ip = {host["ip"]: host for host in result["scan"]["hosts"]}
    results = {
        name: {one["source"]: one["result"] for one in by_ip[ADDRESSES[name]]["sources"]}
        for name in ("icmp_only", "tcp_only", "refuses_only")
    }
    assert results == {
        "icmp_only": {"icmp": "answered", "tcp": "silent"},
        "tcp_only": {"icmp": "silent", "tcp": "answered"},
        "refuses_only": {"icmp": "silent", "tcp": "refused"},
    }
    assert result["scan"]["complete"] is True
    assert result["changed"] is False
    assert result["msg"].startswith("61 addresses asked in ")
    assert "ICMP datagram sockets" in result["msg"]


def test_of_a_subnet_whose_firewall_resets_everything_only_the_host_is_seen(lab: Lab) -> None:
    result = scan(lab, "10.80.2.0/26", sources=["tcp"])
    assert seen(result) == ["10.80.2.10"]
    assert result["scan"]["networks"][0]["refuses_alike"] is True
    assert ": 1 host, 61 silent" in result["msg"]


def test_the_neighbour_table_of_this_host_has_macs_and_hosts_that_answer_nothing(lab: Lab) -> None:
    lab.forget_neighbours()
    result = scan(lab, "10.80.0.8/29", sources=["icmp", "tcp", "neighbours"])
    by_ip = {host["ip"]: host for host in result["scan"]["hosts"]}
    assert by_ip[ADDRESSES["arp_only"]]["mac"] == MACS["arp_only"]
    assert by_ip[ADDRESSES["arp_only"]]["state"] == "seen"
    assert by_ip[ADDRESSES["plain"]]["vendor"].startswith("Cisco")
    assert "10.80.0.14" not in by_ip, "nobody is there"


def test_a_router_that_answers_arp_for_others_shows_no_hosts(lab: Lab) -> None:
    lab.forget_neighbours()
    result = scan(lab, "10.80.6.0/27", sources=["icmp", "neighbours"])
    assert seen(result) == []
    assert {host["mac"] for host in result["scan"]["hosts"]} == {MACS["router"]}
    assert {host["certainty"] for host in result["scan"]["hosts"]} == {"doubtful"}


def test_what_netbox_knows_is_asked_by_snmp_and_no_other_host_gets_the_community(lab: Lab) -> None:
    router = ADDRESSES["router"]
    rows = [
        *boxes.system("rtr-brno"),
        *boxes.chassis("JPE19283746"),
        *boxes.physical(ADDRESSES["arp_only"], bytes.fromhex(MACS["arp_only"].replace(":", ""))),
        *boxes.physical("10.99.0.1", boxes.mac_of(9)),
        *boxes.lldp(7, "sw-new", boxes.mac_of(3), [ADDRESSES["icmp_only"]]),
        *boxes.lldp_port(7, "Ethernet7"),
    ]
    options = {
        "known_addresses": [{"address": router, "device_id": 7, "device": "rtr-brno", "primary": True}],
        "snmp": {"versions": ["2"], "community": "lab-community", "timeout": 1},
        "sources": ["icmp", "tcp", "routers", "links", "snmp"],
    }
    agent = lab.host("router").run(FaultAgent, sorted(rows), address=router, port=161, community="lab-community")
    with agent, lab.capture() as wire:
        result = scan(lab, "10.80.0.8/29", router, **options)
    assert {frame.destination for frame in wire.sent("udp")} == {router}
    by_ip = {host["ip"]: host for host in result["scan"]["hosts"]}
    assert (by_ip[router]["hostname"], by_ip[router]["snmp"]["serials"]) == ("rtr-brno", ["JPE19283746"])
    assert by_ip[ADDRESSES["arp_only"]]["mac"] == MACS["arp_only"]
    assert by_ip[ADDRESSES["icmp_only"]]["hostname"] == "sw-new"
    assert "10.99.0.1" not in by_ip, "what a table has is no target"
    assert "lab-community" not in json.dumps(result)
    assert {use["source"] for use in result["scan"]["sources"] if use["used"]} == set(options["sources"])


def test_nmap_scans_what_others_found(lab: Lab) -> None:
    if not program("nmap"):
        pytest.skip("nmap is not installed")
    result = scan(lab, "10.80.0.10-10.80.0.12", sources=["icmp", "nmap"], tcp_ports=[22])
    by_ip = {host["ip"]: host["sources"] for host in result["scan"]["hosts"]}
    assert [one["detail"] for one in by_ip[ADDRESSES["plain"]] if one["source"] == "nmap"] == ["22 refused (ssh)"]
    assert ADDRESSES["tcp_only"] not in by_ip, "nothing had found it"


def test_without_credentials_the_sources_that_need_them_say_so_once(lab: Lab) -> None:
    result = scan(lab, ADDRESSES["plain"], sources=["icmp", "snmp", "routers", "links"])
    assert "snmp, routers, links not used: SNMP credentials: set snmp_username" in result["msg"]
    assert result["scan"]["complete"] is True


def test_an_ipv6_host_and_a_small_ipv6_range_are_asked(lab: Lab) -> None:
    result = scan(lab, "2001:db8:80::10-2001:db8:80::13", "2001:db8:80::20")
    assert {"2001:db8:80::10", "2001:db8:80::11", "2001:db8:80::20"} <= set(seen(result))
    assert asked(result).size == 5


def test_without_icmp_sockets_it_says_so_and_the_others_ask(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    icmp = "ansible_collections.invmon.network.plugins.module_utils._scan.sources.icmp"
    monkeypatch.setattr(f"{icmp}._is_permitted", lambda _version, _method: False)
    result = scan(lab, ADDRESSES["plain"])
    assert seen(result) == [ADDRESSES["plain"]]
    assert asked(result).size == 0
    assert asked(result, "tcp").size == 1
    (use,) = (use for use in result["scan"]["sources"] if use["source"] == "icmp")
    assert not use["used"]
    assert "net.ipv4.ping_group_range" in use["missing"]
    assert "net.ipv4.ping_group_range" in result["msg"]
    alone = scan(lab, ADDRESSES["plain"], sources=["icmp"])
    assert "1 not asked (no source could ask them)" in alone["msg"], "it is not silent"
    assert alone["scan"]["complete"] is False


def test_raw_sockets_serve_where_datagram_sockets_are_not_permitted(lab: Lab) -> None:
    lab.permit_ping(False)
    try:
        result = scan(lab, ADDRESSES["plain"], ADDRESSES["tcp_only"], sources=["icmp"])
    finally:
        lab.permit_ping(True)
    assert seen(result) == [ADDRESSES["plain"]]
    assert "raw sockets" in result["msg"]


def test_the_deadline_leaves_the_rest_not_asked_and_the_next_scan_asks_it(lab: Lab, tmp_path: Path) -> None:
    lab.crowd()
    first = scan(lab, "10.80.1.0/25", resume=f"{tmp_path}/", deadline=1, concurrency=30)
    assert (first["scan"]["complete"], first["scan"]["stopped"]) == (False, "deadline")
    assert 0 < left(first).size < 126
    assert left(first).size + asked(first).size == 126
    assert f"{left(first).size} not asked (the deadline came first)" in first["msg"]
    saved = Path(first["saved_to"])
    assert saved.parent == tmp_path
    second = scan(lab, "10.80.1.0/25", resume=f"{tmp_path}/")
    assert [path.name for path in tmp_path.glob("*")] == [saved.name]
    assert second["scan"]["complete"] is True
    assert second["scan"]["id"] == first["scan"]["id"]
    assert (left(second).size, asked(second).size) == (0, 126)
    assert seen(second) == sorted(CROWD_ADDRESSES, key=lambda ip: int(ip.rpartition(".")[2]))
    (before,), (after,) = first["scan"]["networks"], second["scan"]["networks"]
    assert after["packets"] > before["packets"]
    third = scan(lab, "10.80.1.1", resume=f"{tmp_path}/")
    assert third["scan"]["id"] != first["scan"]["id"], "a scan that is complete is not resumed"


def test_what_the_budget_of_a_subnet_leaves_is_not_asked(lab: Lab) -> None:
    result = scan(lab, "10.80.1.64/26", packets_per_subnet=100)
    assert (result["scan"]["complete"], result["scan"]["stopped"]) == (False, "budget")
    assert left(result).size > 0
    assert left(result).size + asked(result).size == 62
    assert "packets_per_subnet" in result["msg"]


def test_silence_while_a_scan_ends_is_no_silence_and_an_old_or_damaged_file_is_not_resumed(
    lab: Lab, tmp_path: Path
) -> None:
    """A second into addresses that are waited for: nothing follows from it."""
    file = tmp_path / "scan.json"
    first = scan(lab, "10.80.16.1-10.80.16.5", save_to=str(file), deadline=1, timeout_ms=5000)
    assert (asked(first).size, left(first).size) == (0, 5)
    assert first["scan"]["hosts"] == []
    old = (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for content in (json.dumps({**first["scan"], "started": old}), "{", json.dumps({"scan": [1]})):
        file.write_text(content, encoding="utf-8")
        again = scan(lab, ADDRESSES["plain"], resume=str(file))
        assert again["scan"]["id"] != first["scan"]["id"]
        assert "is not resumed" in again["warnings"][0]
        assert again["scan"]["complete"] is True


PROGRAM = """
import json, sys
from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan import netscan
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan_options import ARGUMENT_SPEC
options = json.loads(sys.argv[1])
said = lambda text: print(text, flush=True)
print(run_task(lambda: options, ARGUMENT_SPEC, lambda params: netscan(params, on_interrupted=said)))
"""


def start(lab: Lab, **options: Any) -> subprocess.Popen[str]:
    """A scan in a process of its own."""
    command = [sys.executable, "-c", PROGRAM, json.dumps({**QUICK, **options})]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    # A shell that starts the tests in the background has its children ignore SIGINT.
    at_rest = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return lab.inside(subprocess.Popen, command, stdout=subprocess.PIPE, text=True, env=environment)
    finally:
        signal.signal(signal.SIGINT, at_rest)


def wait_for(what: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_scan_writes_what_it_has_and_is_resumed(
    lab: Lab, tmp_path: Path, number: signal.Signals
) -> None:
    lab.crowd()
    file = tmp_path / "scan.json"
    options = {"targets": ["10.80.1.1-10.80.1.100"], "save_to": str(file), "concurrency": 10}
    process = start(lab, **options)
    try:
        wait_for(lambda: file.exists() and lab.inside(waits_for_answers, process.pid))
        process.send_signal(number)
        said, _nothing = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == -number, "it ends as if nobody had handled the signal"
    assert "not asked (it was interrupted)" in said
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert (kept["complete"], kept["stopped"]) == (False, "interrupted")
    before = {"scan": kept}
    assert left(before).size + asked(before).size == 100
    assert left(before).size > 0
    after = scan(lab, *options["targets"], resume=str(file))  # type: ignore[misc]
    assert (after["scan"]["id"], after["scan"]["complete"]) == (kept["id"], True)
    assert set(seen(after)) == set(CROWD_ADDRESSES)


def waits_for_answers(pid: int) -> bool:
    """Whether a process has ICMP sockets."""
    links = (os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink())
    return sum(link.startswith("socket:") for link in links) >= 8


def test_two_scans_at_once_do_not_disturb_each_other(lab: Lab, tmp_path: Path) -> None:
    lab.crowd()
    results: list[dict[str, Any]] = []
    for datagram_sockets in (True, False):  # then raw ones
        lab.permit_ping(datagram_sockets)
        threads = [
            threading.Thread(target=lambda: results.append(scan(lab, "10.80.1.32/27", save_to=f"{tmp_path}/")))
            for _number in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lab.permit_ping(True)
    expected = [f"10.80.1.{number}" for number in range(33, 41)]
    assert [seen(result) for result in results] == [expected] * 4
    assert len(list(tmp_path.glob("*.json"))) == 4


def test_a_file_that_another_scan_writes_is_refused(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "scan.json"
    process = start(lab, targets=["10.80.16.1"], save_to=str(file), timeout_ms=20_000)
    try:
        wait_for(file.exists)
        result = scan(lab, ADDRESSES["plain"], save_to=str(file))
        assert "Another scan is writing" in result["msg"]
        resumed = scan(lab, ADDRESSES["plain"], resume=f"{tmp_path}/")
        assert resumed["scan"]["id"] != json.loads(file.read_text(encoding="utf-8"))["id"]
    finally:
        process.kill()
        process.communicate()


def test_a_host_that_sleeps_is_silent_and_is_seen_again(lab: Lab) -> None:
    known = [{"address": ADDRESSES["plain"], "device_id": 1, "device": "sw-1"}]
    states = []
    for _night in range(2):
        states += [scan(lab, "10.80.0.10", known_addresses=known, icmp_attempts=1)]
        with lab.host("plain").unplugged():
            lab.forget_neighbours()
            states += [scan(lab, "10.80.0.10", known_addresses=known, icmp_attempts=1)]
        lab.forget_neighbours()
    found = [
        next(host["state"] for host in result["scan"]["hosts"] if host["ip"] == ADDRESSES["plain"]) for result in states
    ]
    assert found == ["seen", "silent", "seen", "silent"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"targets": []}, "nothing to scan"),
        ({"snmp": {"communty": "x"}}, "snmp has no option communty"),
        ({"snmp": {"community": "x", "port": "y"}}, "snmp: argument 'port'"),
        ({"snmp": {"community": "x", "networks": ["y"]}}, "networks"),
        ({"targets": ["8.8.8.0/30"]}, "authorized"),
        ({"targets": ["10.0.0.0/8"]}, "max_addresses"),
        ({"concurrency": 0}, "concurrency is 0"),
        ({"packets_per_second": 39}, "packets_per_second is 39"),
        ({"tcp_ports": [0]}, "tcp_ports: 0"),
        ({"tcp_ports": ["ssh"]}, "tcp_ports"),
        ({"deadline": -1}, "deadline is -1"),
        ({"networks": [{"network": "10.0.0.0/24"}]}, "prefix_length"),
        ({"networks": [{"network": "x", "prefix_length": 24}]}, "is not a target"),
        ({"known_addresses": [{"ip": "10.0.0.1"}]}, "known_addresses"),
        ({"known_addresses": [{"address": "x"}]}, "known_addresses"),
    ],
)
def test_wrong_options_are_named_before_anything_is_sent(options: dict[str, Any], message: str) -> None:
    result = run_task(lambda: {"targets": ["192.0.2.1"], **options}, ARGUMENT_SPEC, netscan)
    assert result["failed"]
    assert message in result["msg"]
    assert result.get("reason", "option") == "option"


def test_the_environment_has_the_names_that_people_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CIDR=10.0.0.0/8\nCONCURRENCY=7\nTCP_SAMPLE_PORTS=22,443\n", encoding="utf-8")
    monkeypatch.setenv("TIMEOUT_MS", "300")
    params = run_task(lambda: {"env_file": f"{tmp_path}/.env"}, ARGUMENT_SPEC, dict)
    assert [params[name] for name in ("targets", "concurrency", "tcp_ports", "timeout_ms")] == [
        ["10.0.0.0/8"],
        7,
        [22, 443],
        300,
    ]

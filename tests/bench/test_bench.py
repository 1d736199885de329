# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of the bench, and its farm: what it says must be so, however fast the machine is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent

from ansible_collections.invmon.network.tests.bench import compare, floor, load, measure, recorder, report
from ansible_collections.invmon.network.tests.bench.farm import (
    OWN,
    OWN_FARM,
    RECORDINGS,
    Device,
    Ground,
    make_devices,
    read_objects,
)
from ansible_collections.invmon.network.tests.bench.figures import ROOMS, Spread, Target, busy, ratio, rooms
from ansible_collections.invmon.network.tests.bench.netboxes import StandIn, call
from ansible_collections.invmon.network.tests.bench.tools import V3_AUTH, V3_PRIVACY, V3_USER


def run(seconds: float, kind: str = "first", tool: str = "invmon.network", size: int = 60, **more: Any) -> dict:
    return {
        **{"size": size, "scenario": "plain", "tool": tool, "kind": kind, "seconds": seconds, "rows": 710},
        **{"cpu": {"all": 3.0, "main": 1.0, "forks": 2.0, "others": 0.0}, "memory": {"own": 150, "all": 200}},
        **more,
    }


def result(*runs: dict) -> dict:
    return {
        "machine": {"cores": 2, "cpu": "some", "memory_mb": 8192},
        "versions": {"python": "3.11", "ansible-core": "2.19"},
        **{"netbox": "stand-in", "farm": "agents.py", "boxes": [], "notes": ["a note"]},
        **{"options": {"forks": 25, "latency_ms": 20}, "runs": list(runs)},
        "profiles": {"ours": 319, "heads": 21.5, "choose": 0.012, "whole": 4.0},
    }


def test_spread_and_ratio() -> None:
    ours, older = Spread.of([4, 5, 9]), Spread.of([50])
    assert ours == Spread(4, 5, 9, 3)
    assert ours.noise == 1.0
    assert ratio(older, ours) == 10
    assert Spread.of([]) is None
    assert ratio(older, None) is None


@pytest.mark.parametrize(
    ("value", "at_least", "word"),
    [
        (20.0, True, "reached"),
        (19.9, True, "bar reached, target not"),
        (9.9, True, "NOT REACHED"),
        (30.0, False, "bar reached, target not"),
        (None, True, "not measured"),
    ],
)
def test_verdict(value: float | None, at_least: bool, word: str) -> None:
    target = Target("x", 20, 10, True) if at_least else Target("x", 20, 40)
    assert target.verdict(value) == word


def test_each_second_is_in_one_room() -> None:
    def stamp(at: float, what: str, role: str = "", action: str = "") -> dict[str, Any]:
        cpu = {"main": at / 2, "forks": 0.0 if at < 6 else 4.0}
        return {"at": 100.0 + at, "what": what, "role": role, "action": action, "cpu": cpu}

    stamps = [
        stamp(1, "inventory"),
        stamp(1.5, "inventory"),
        stamp(2, "playbook"),
        stamp(2, "play"),
        stamp(2.5, "task", "invmon.network.collect", "invmon.network.snmp_entity_facts"),
        stamp(6.5, "task", "invmon.network.upload", "invmon.network.netbox_probe"),
        stamp(9, "task", "invmon.network.upload", "ansible.builtin.debug"),
        stamp(9.5, "play"),
        stamp(9.7, "stats"),
    ]
    requests: list[dict[str, Any]] = [
        {"began": 101.2, "ended": 101.3},
        {"began": 107, "ended": 108},
        {"began": 107.5, "ended": 108.5},
    ]
    spent = rooms(100.0, 10.0, stamps, requests, {"all": 10, "main": 5.0, "forks": 5.0})
    expected = {"start-up": 2.0, "inventory": 0.5, "collect": 4.0, "merge": 0.5, "upload": 2.0, "report": 1.0}
    assert {room: one["seconds"] for room, one in spent.items()} == pytest.approx(expected)
    assert [spent["collect"][name] for name in ("main", "forks")] == pytest.approx([2.0, 4.0])
    assert [spent["upload"][name] for name in ("main", "forks")] == pytest.approx([1.25, 1.0])
    assert sum(one["main"] + one["forks"] for one in spent.values()) == pytest.approx(10.0)
    assert busy(requests) == pytest.approx(0.1 + 1.5)


def test_a_difference_within_the_noise_does_not_count() -> None:
    old = result(run(10.0), run(12.0), run(11.0), run(5.0, "second"), run(5.0, "second"))
    new = result(run(12.0), run(12.0), run(12.0), run(6.0, "second"), run(6.0, "second"))
    text = "\n".join(compare.lines(old, new))
    assert "1 of " in text
    assert "time, 60 devices, invmon.network, second, plain: 1.20 times" in text
    assert "Nothing became worse" in "\n".join(compare.lines(old=new, new=old))


def test_one_run_says_little_about_time_and_all_about_requests() -> None:
    old, new = (result(run(seconds, netbox={"requests": number})) for seconds, number in ((10.0, 50), (12.0, 51)))
    text = "\n".join(compare.lines(old, new))
    assert "1 of " in text
    assert "NetBox requests, 60 devices, invmon.network, first, plain: 1.02 times" in text


def test_the_table_fits_and_names_each_target() -> None:
    stamp = {"median": 1, "total": 60}
    spent = {room: {"seconds": 1234.5, "main": 99.9, "forks": 1234.5} for room in ROOMS}
    more: dict[str, Any] = {
        "host_tasks": stamp,
        "rooms": spent,
        "farm_cpu": 99.9,
        "snmp": {"seconds": 0.4, "seconds_most": 1.2},
    }
    runs = [run(5.0, kind, **more) for kind in ("check", "first", "second")] * 2
    runs.append(run(0.1, "first", good=False))
    older = [run(49.0, "first", "inventory-monitor-scripts"), run(110.0, "second", "inventory-monitor-scripts")]
    lines = list(report.lines(result(*runs, *older)))
    text = "\n".join(lines)
    assert max(map(len, "\n".join(lines).splitlines())) <= report.WIDTH
    assert "9.80 x" in text
    assert "NOT REACHED" in text
    assert "22.00 x" in text
    assert "needs SIZES=300" in text
    assert "heads of 600 in 21.5 ms" in text
    assert "a note" in text


def request(began: float, ended: float, method: str = "GET", url: str = "/api/x/", rows: Any = None) -> dict[str, Any]:
    body = None if rows is None else json.dumps(rows)
    return {"began": began, "ended": ended, "method": method, "url": f"http://netbox{url}", "body": body}


def test_the_floor_is_in_the_table() -> None:
    spent = {room: {"seconds": 1.0, "main": 0.1, "forks": 0.1, "memory": 99.0} for room in ROOMS}
    more: dict[str, Any] = {
        **{"rooms": spent, "farm_cpu": 1.0, "snmp": {"seconds": 0.4, "seconds_most": 1.0}, "nothing": 0.5},
        **{"floor": {"seconds": 3.0, "reading": 1.0, "writing": 2.0, "requests": 9, "refused": 1}},
        "netbox": {"requests": 9, "busy": 3.5, "written": {"created": 0, "changed": 175, "deleted": 0}},
    }
    older = [run(98.0, kind, "inventory-monitor-scripts") for kind in ("first", "second")]
    runs = [run(5.0, kind, size=size, **more) for kind in ("first", "quiet") for size in (60, 300)]
    lines = list(report.lines(result(*runs, *older)))
    text = "\n".join(lines)
    assert max(map(len, text.splitlines())) <= report.WIDTH
    assert "3.00 s, 1.7 x" in text
    assert "0.50 s, 10.0 x" in text
    assert re.search("60: first less collecting against floor +1.33 x", text)
    assert re.search("60 devices, quiet, older tool against us +19.60 x +20 x? +NOT REACHED", text)
    # 175 rows by one of each of 60 devices, and a sixth of the other 650.
    assert re.search(r"60: quiet rows against 1 a device \+ 1/6 +1.04 x", text)
    assert "about 98.0 x" in text, "five times as many devices, and as long"
    assert "0 new, 175 changed" in text
    assert "2 of the requests" in text


def test_requests_are_sent_again_as_they_were(stand_in: StandIn) -> None:
    """Those that were under way together are sent together, and what came after them waits for them."""
    site = {"name": "floor", "slug": "floor", "status": "active"}
    requests = [
        request(3, 4, "PATCH", "/api/dcim/sites/", [{"id": 10**6, "name": "of no row"}]),
        request(1, 2, "POST", "/api/dcim/sites/", site),
        request(0, 0.5, url="/api/dcim/sites/?slug=floor"),
        request(1.5, 2.5, "POST", "/graphql/", {"query": "{ site_list { id } }"}),
    ]
    assert [[one["began"] for one in group] for group in floor.waves(requests)] == [[0], [1, 1.5], [3]]
    assert floor.at_a_time(requests) == 2
    assert floor.spans(requests, 0.9) == {"reading": 0.0, "writing": 2.5}
    assert floor.written(requests) == {"created": 1, "changed": 1, "deleted": 0}
    stand_in.begin()
    spent = floor.replay(requests, stand_in.url, stand_in.token)
    asked = stand_in.requests() or []
    assert spent["refused"] == 0
    assert floor.replay(requests, stand_in.url, "of nobody")["refused"] == len(requests)
    assert spent["seconds"] == spent["reading"] + spent["writing"] > 0
    assert asked[0]["method"] == "GET"
    assert {one["method"] for one in asked[1:3]} == {"POST"}
    assert asked[3]["method"] == "PATCH"
    assert call(f"{stand_in.url}/api/dcim/sites/?slug=floor", stand_in.token)["count"] == 1


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path, make_devices(2, OWN)) as netbox:
        yield netbox


def test_a_run_records_what_it_asks(stand_in: StandIn, tmp_path: Path) -> None:
    """In a process of its own, because the session is changed for good."""
    code = (
        "import sys\n"
        "from ansible_collections.invmon.network.tests.bench import recorder\n"
        "recorder.install(sys.argv[1])\n"
        "from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox\n"
        "netbox = NetBox(sys.argv[2], sys.argv[3])\n"
        "netbox.get_all('dcim/sites/')\n"
        "netbox.delete_bulk('dcim/sites/', [10 ** 6])\n"
    )
    file = tmp_path / "requests.jsonl"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, file, stand_in.url, stand_in.token], check=True, env=environment)
    listed, deleted = recorder.read(file)
    assert listed["method"] == "GET"
    assert "/api/dcim/sites/?" in listed["url"]
    assert json.loads(deleted["body"]) == [{"id": 10**6}]
    assert listed["began"] < listed["ended"] <= deleted["began"]
    assert stand_in.token not in file.read_text()


def test_processes_are_read_as_the_kernel_writes_them() -> None:
    words = " ".join(["S", "7", *["0"] * 9, "150", "50", "300", "100", *["0"] * 3, "1", "0", "4242"])
    stat = measure.parse_stat(f"12 (a (b) c) {words}")
    tick = measure.TICK
    assert (stat.pid, stat.parent, stat.own, stat.children) == (12, 7, 200 / tick, 400 / tick)
    rollup = "55-ff ---p 0 00:00 0 [rollup]\nRss: 90 kB\nPss: 40 kB\nPrivate_Clean: 3 kB\nPrivate_Dirty: 20 kB\n"
    assert measure.parse_rollup(rollup) == (23, 40)


def test_what_a_command_costs(tmp_path: Path) -> None:
    code = """
import os, time
b = b"x" * (60 << 20)
os.fork() or os._exit(0)
os.wait()
while not os.path.exists("enough"):
    time.sleep(0.02)
exit(3)
"""
    running = measure.Running([sys.executable, "-c", code], tmp_path / "log", tmp_path, {})
    deadline = time.monotonic() + 60
    while running.cost.all_mb < 60 and time.monotonic() < deadline:
        time.sleep(0.02)
    (tmp_path / "enough").touch()
    cost = running.wait()
    assert cost.status == 3
    assert cost.all_mb > 60
    assert cost.cpu_main > 0


def test_counters_of_several_processes_may_share_a_line() -> None:
    assert read_objects('agents 1\n{"req": 1, "devices": {"a": [1]}}{"req": 2}\n\n') == [
        {"req": 1, "devices": {"a": [1]}},
        {"req": 2},
    ]


def test_dead_devices_are_spread_evenly() -> None:
    devices = make_devices(300, OWN, dead=0.1)
    bad = [number for number, device in enumerate(devices) if device.fault]
    assert len(bad) == 30
    assert {right - left for left, right in pairwise(bad)} == {10}
    assert devices[-1].address == "127.20.1.44"


@pytest.mark.parametrize(
    ("recap", "status", "rows", "said"),
    [
        ("b1 : ok=1 changed=0 unreachable=0 failed=1", 2, {"a1": 3}, ""),
        ("b1 : ok=1 changed=0 unreachable=0 failed=0", 2, {"a1": 3}, "should, and did not: b1"),
        ("a1 : ok=1 changed=0 unreachable=0 failed=1", 2, {"a1": 3}, "failed, and should not: a1"),
        ("b1 : ok=1 changed=0 unreachable=0 failed=1", 0, {"a1": 3}, "exit status 0 instead of 2"),
        ("b1 : ok=1 changed=0 unreachable=0 failed=1", 2, {"a1": 6}, "not all rows, or some twice: a1"),
        ("b1 : ok=1 changed=0 unreachable=0 failed=1\nMemoryError", 2, {"a1": 3}, "in the output: MemoryError"),
    ],
)
def test_what_load_calls_wrong(recap: str, status: int, rows: dict[str, int], said: str) -> None:
    devices = [Device("a1", "127.20.0.1", "box", "ios"), Device("b1", "127.20.0.2", "box", "ios", "dead")]
    text = f"{recap}\nlocalhost : ok=1 changed=0 unreachable=0 failed=0"
    outcome = load.judge(load.SCENARIOS[0], devices, {"box": 3}, [measure.Cost(status)], Counter(rows), text)
    assert said in "; ".join(outcome.wrong)
    assert bool(outcome.wrong) == bool(said)


def test_the_farm_answers_as_the_device_would(tmp_path: Path) -> None:
    """Read over UDP with our own collector: every serial of the recording, each device with its own."""
    from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import entity_facts
    from ansible_collections.invmon.network.tests.bench.farm import Farm

    devices = make_devices(3, (("isr4k", "ios-xe"),))
    account = {
        **{"username": V3_USER, "security_level": "authPriv", "auth_protocol": "SHA", "auth_passphrase": V3_AUTH},
        **{"privacy_protocol": "AES", "privacy_passphrase": V3_PRIVACY},
    }
    with Farm(tmp_path, Ground(OWN_FARM, RECORDINGS, OWN), devices, 0.0, 2) as farm:
        options = {
            **{"port": farm.port, "community": "public", "fail_when_incomplete": True, **account},
            **{"tables": {"max_rows": 20000, "max_seconds": 60, "skip": []}},
        }
        read = [
            entity_facts({**options, "host": device.address, "versions": versions})["ansible_facts"]["entity_inventory"]
            for device, versions in zip(devices, (["2"], ["3"], ["2"]), strict=True)
        ]
        told = farm.counters()
    serials = [{item["serial"] for item in one["items"]} for one in read]
    assert read[1]["attempt"] == {"number": 1, "version": "3", "security_level": "authPriv"}
    assert len(serials[0]) > 3
    assert not serials[0] & serials[1]
    assert {serial.removesuffix("-0001") for serial in serials[1]} == {
        serial.removesuffix("-0002") for serial in serials[2]
    }
    # SNMPv3 asks once more, for the engine's name, without counting that.
    assert [told["devices"][device.address][0] for device in devices] == [
        one["statistics"]["requests"] + more for one, more in zip(read, (0, 1, 0), strict=True)
    ]

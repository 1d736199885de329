# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in's own matters, which no real NetBox could be asked about: faults, the log, seeds, the program."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import DEFAULT_TOKEN, SeedError
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.sandbox.processes import script

SEED: dict[str, Any] = {
    "tags": [{"name": "Core", "slug": "core"}],
    "manufacturers": [{"name": "Cisco", "slug": "cisco"}],
    "device_types": [{"manufacturer": "cisco", "model": "C9300", "slug": "c9300"}],
    "roles": [{"name": "Switch", "slug": "switch"}],
    "platforms": [{"name": "Cisco IOS", "slug": "cisco-ios"}],
    "sites": [{"name": "Brno", "slug": "brq"}],
    "locations": [{"name": "Hall 1", "slug": "hall-1", "site": "brq"}],
    "virtual_chassis": [{"name": "stack1", "master": "sw1"}],
    "devices": [
        {
            "name": "sw1",
            "device_type": "c9300",
            "role": "switch",
            "site": "brq",
            "location": "hall-1",
            "platform": "cisco-ios",
            "tags": ["core"],
            "primary_ip4": "127.0.1.2/8",
            "virtual_chassis": "stack1",
            "vc_position": 1,
        },
        {"name": None, "device_type": "c9300", "role": "switch", "site": "brq", "primary_ip4": "127.0.1.2/8"},
    ],
    "probes": [{"name": "Fan", "serial": "F1", "time": "2026-11-20T06:00:00Z", "device": "sw1", "site": "brq"}],
}
ROW = {
    "name": "part",
    "serial": "S1",
    "time": "2026-11-20T06:00:00Z",
    "creation_time": "2026-11-20T06:00:00Z",
    "device": None,
    "site": None,
    "location": None,
}


@pytest.fixture
def netbox() -> Iterator[StandIn]:
    with start_standin(SEED) as standin:
        yield standin


def probes(netbox: StandIn, method: str = "GET", query: str = "", **options: Any) -> requests.Response:
    return requests.request(
        method,
        f"{netbox.url}/api/plugins/inventory-monitor/probes/{query}",
        headers={"Authorization": f"Token {netbox.token}"},
        timeout=10,
        **options,
    )


def serials(netbox: StandIn) -> list[str]:
    return [row["serial"] for row in probes(netbox).json()["results"]]


def test_a_seed_is_served_as_netbox_would_show_it(netbox: StandIn) -> None:
    headers = {"Authorization": f"Token {netbox.token}"}
    first, second = requests.get(f"{netbox.url}/api/dcim/devices/?ordering=id", headers=headers, timeout=10).json()[
        "results"
    ]
    assert first["primary_ip"]["address"] == "127.0.1.2/8"
    assert first["virtual_chassis"]["master"]["name"] == "sw1"
    assert (first["location"]["slug"], first["platform"]["slug"]) == ("hall-1", "cisco-ios")
    assert (second["name"], second["display"]) == (None, "Cisco C9300 (2)")
    probe = probes(netbox).json()["results"][0]
    assert (probe["device_descriptor"], probe["site_descriptor"]) == ("sw1", "Brno")
    assert probe["creation_time"] == probe["time"]


def test_a_seed_that_names_what_is_not_there_says_which_entry_and_loads_nothing() -> None:
    seed = {**SEED, "devices": [{**SEED["devices"][0], "site": "nowhere"}]}
    with pytest.raises(SeedError, match=r"no site 'nowhere', named by 'sw1'"):
        start_standin(seed)


def test_tokens_of_a_seed_may_what_it_says() -> None:
    token = {"token": "nbt_abcdefabcdef.0123456789", "permissions": ["inventory_monitor.view_probe"]}
    with start_standin({**SEED, "tokens": [token]}) as netbox:
        assert probes(netbox).status_code == 200
        assert probes(netbox, "POST", json=[]).status_code == 403


@pytest.mark.parametrize(
    ("kind", "status", "mark"),
    [
        ("500", 500, "exception"),
        ("deadlock", 500, "deadlock detected"),
        ("502html", 502, "<html>"),
        ("503html", 503, "<html>"),
        ("html", 200, "<html>"),
        ("429", 429, "throttled"),
        ("403", 403, "permission"),
    ],
)
def test_a_fault_that_answers_keeps_the_request_from_being_served(
    netbox: StandIn, kind: str, status: int, mark: str
) -> None:
    netbox.plan(kind, method="POST", seconds=7)
    answer = probes(netbox, "POST", json=ROW)
    assert (answer.status_code, mark in answer.text) == (status, True)
    assert answer.headers.get("Retry-After") == ("7" if kind == "429" else None)
    assert serials(netbox) == ["F1"]
    assert probes(netbox, "POST", json=ROW).status_code == 201, "the fault was planned for one time"


@pytest.mark.parametrize("kind", ["drop_after_write", "reset_after_write"])
def test_an_answer_can_be_lost_although_the_write_was_done(netbox: StandIn, kind: str) -> None:
    netbox.plan(kind, method="POST")
    with pytest.raises(requests.ConnectionError):
        probes(netbox, "POST", json=ROW)
    assert sorted(serials(netbox)) == ["F1", "S1"]


@pytest.mark.parametrize("kind", ["close", "reset"])
def test_a_connection_can_break_before_anything_is_done(netbox: StandIn, kind: str) -> None:
    netbox.plan(kind, method="POST")
    with pytest.raises(requests.ConnectionError):
        probes(netbox, "POST", json=ROW)
    assert serials(netbox) == ["F1"]


def test_an_answer_can_end_in_its_middle(netbox: StandIn) -> None:
    netbox.plan("truncate")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        probes(netbox)


def test_an_answer_can_come_in_pieces_that_a_patient_client_gets_whole(netbox: StandIn) -> None:
    netbox.plan("drip", seconds=0.5)
    assert serials(netbox) == ["F1"]
    netbox.plan("drip", seconds=3)
    with pytest.raises(requests.ConnectionError, match="timed out"):
        requests.get(
            f"{netbox.url}/api/plugins/inventory-monitor/probes/",
            headers={"Authorization": f"Token {netbox.token}"},
            timeout=0.1,
        )


def test_an_answer_can_hide_that_it_is_json_although_the_write_was_done(netbox: StandIn) -> None:
    netbox.plan("plain", method="POST")
    answer = probes(netbox, "POST", json=ROW)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.json()["serial"] == "S1"
    assert sorted(serials(netbox)) == ["F1", "S1"]


def test_a_deletion_can_be_undone_in_the_moment_of_its_answer(netbox: StandIn) -> None:
    row = probes(netbox).json()["results"][0]
    netbox.plan("revive", method="DELETE")
    assert probes(netbox, "DELETE", json=[{"id": row["id"]}]).status_code == 204
    assert serials(netbox) == ["F1"]
    assert probes(netbox, "DELETE", json=[{"id": row["id"]}]).status_code == 204
    assert serials(netbox) == []


def test_a_slow_answer_comes_after_the_client_has_gone_and_the_write_stays(netbox: StandIn) -> None:
    netbox.plan("latency", method="POST", seconds=1)
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{netbox.url}/api/plugins/inventory-monitor/probes/",
            json=ROW,
            headers={"Authorization": f"Token {netbox.token}"},
            timeout=0.2,
        )
    deadline = time.monotonic() + 10
    while "S1" not in serials(netbox) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "S1" in serials(netbox)


def test_a_fault_waits_for_its_request(netbox: StandIn) -> None:
    netbox.plan("500", method="GET", path=r"serial=X", nth=2, times=2)
    asked = ["", "?serial=X", "?serial=X", "?serial=X", "?serial=X"]
    assert [probes(netbox, query=query).status_code for query in asked] == [200, 200, 500, 500, 200]


def test_a_fault_may_wait_for_a_crowd() -> None:
    faults = [
        {"kind": "429", "match": {"above": 2}, "times": -1, "seconds": 1},
        {"kind": "latency", "times": -1, "seconds": 0.3},
    ]
    with start_standin(SEED, faults) as netbox:
        assert [probes(netbox).status_code for _number in range(2)] == [200, 200]
        with ThreadPoolExecutor(4) as pool:
            statuses = list(pool.map(lambda _number: probes(netbox).status_code, range(4)))
        assert sorted(statuses) == [200, 200, 429, 429]


def test_faults_and_the_log_are_at_hand_over_http(netbox: StandIn) -> None:
    control = f"{netbox.url}/_standin"
    fault = {"kind": "500", "match": {"method": "GET"}, "times": -1}
    assert requests.post(f"{control}/faults", json=fault, timeout=10).status_code == 201
    assert "unknown fault" in requests.post(f"{control}/faults", json={"kind": "x"}, timeout=10).json()["detail"]
    assert probes(netbox).status_code == 500
    assert requests.delete(f"{control}/faults", timeout=10).status_code == 204
    probes(netbox, "POST", "?brief=1", json=[ROW, {**ROW, "serial": "S2"}])
    log = requests.get(f"{control}/requests", timeout=10).json()
    assert [(one["method"], one["query"], one["rows"], one["status"], one["fault"]) for one in log] == [
        ("GET", "", 0, 500, "500"),
        ("POST", "brief=1", 2, 201, None),
    ]
    assert netbox.token not in json.dumps(log)
    assert requests.post(f"{control}/reset", timeout=10).status_code == 204
    assert requests.get(f"{control}/requests", timeout=10).json() == []


def test_one_connection_serves_many_requests(netbox: StandIn) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Token {netbox.token}"
        connections = set()
        for _number in range(3):
            answer = session.get(f"{netbox.url}/api/status/", stream=True, timeout=10)
            connections.add(answer.raw.connection.sock.getsockname() if answer.raw.connection else None)
            assert answer.json()["netbox-version"] == "4.6.8"
        assert len(connections) == 1


def test_writers_at_the_same_time_leave_whole_batches(netbox: StandIn) -> None:
    def write(number: int) -> None:
        rows = [{**ROW, "serial": f"W{number}-{at}"} for at in range(20)]
        rows[-1]["name"] = "" if number % 2 else "part"
        probes(netbox, "POST", json=rows)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [row["serial"] for row in probes(netbox, query="?limit=1000").json()["results"]]
    written = sorted({serial.partition("-")[0] for serial in found if serial.startswith("W")})
    assert (written, len(found)) == (["W0", "W2", "W4", "W6"], 4 * 20 + 1)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the program on this test's data; what still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        command = [*script(Path(__file__).with_name("server.py")), "--db", str(tmp_path / "db.sqlite")]
        process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_the_program_says_where_it_is_and_keeps_its_data(
    tmp_path: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    seed, port_file = tmp_path / "seed.json", tmp_path / "port"
    seed.write_text(json.dumps(SEED), encoding="utf-8")
    headers = {"Authorization": f"Token {DEFAULT_TOKEN}"}
    for expected in (["F1"], ["F1", "S1"]):
        process = start("--seed", str(seed), "--version", "4.4", "--port-file", str(port_file))
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url == f"http://127.0.0.1:{port_file.read_text(encoding='ascii')}"
        address = f"{url}/api/plugins/inventory-monitor/probes/"
        answer = requests.get(address, headers=headers, timeout=10)
        assert answer.headers["API-Version"] == "4.4"
        assert sorted(row["serial"] for row in answer.json()["results"]) == expected
        requests.post(address, json=ROW, headers=headers, timeout=10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0

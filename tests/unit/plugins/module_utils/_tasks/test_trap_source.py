# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the event source makes of notifications: a run for a burst, a sentence for an unknown sender, and no secret."""

from __future__ import annotations

import asyncio
import json
import re
import runpy
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible_collections.invmon.network.plugins.module_utils._common.errors import InvmonError
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, User
from ansible_collections.invmon.network.plugins.module_utils._tasks import trap_devices, trap_options
from ansible_collections.invmon.network.plugins.module_utils._tasks.trap_devices import Devices, is_one_host, limit_to
from ansible_collections.invmon.network.plugins.module_utils._tasks.trap_options import read_trap_options
from ansible_collections.invmon.network.plugins.module_utils._tasks.trap_service import TrapService
from ansible_collections.invmon.network.plugins.module_utils._tasks.trap_source import TrapSource
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.plugins.module_utils._traps.sender import trap_message

ROOT = Path(__file__).resolve().parents[5]
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "snmp_trap.py"
FRU_INSERTED, LINK_DOWN = (1, 3, 6, 1, 4, 1, 9, 9, 117, 2, 0, 3), (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)
COMMUNITY = Community("2c", "secret-community")
USER = {"name": "core", "username": "inventory", "auth_passphrase": "secret-auth", "privacy_passphrase": "secret-priv"}
SENDER = OwnEngine(own_engine_id("sender"))
ARGS: dict[str, Any] = {"port": 0, "communities": ["secret-community"], "users": [USER], "counters_seconds": 1}


def fru(number: int = 0, oid: tuple[int, ...] = FRU_INSERTED) -> bytes:
    varbinds = (VarBind((1, 3, 6, 1, 2, 1, 1, 5, 0), "octets", b"{{ 6 * 7 }}\n%d" % number),)
    return trap_message(COMMUNITY, Notification(oid=oid, uptime=1, varbinds=varbinds), SENDER)


def events_of(
    args: dict[str, Any], scene: Callable[[Callable[..., None]], Awaitable[None]], enough: Callable[[list[Any]], bool]
) -> list[dict[str, Any]]:
    """The events of a source, until there are enough.

    :param scene: gets a function that sends a message from an address.
    """
    found: list[dict[str, Any]] = []

    async def put(event: dict[str, Any]) -> None:
        found.append(event)

    async def everything() -> None:
        source = TrapSource(read_trap_options(ARGS | args))
        running = asyncio.create_task(source.run(put))
        while not source.port:
            await asyncio.sleep(0.01)

        def send(message: bytes, address: str = "127.0.0.1") -> None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
                sending.bind((address, 0))
                sending.sendto(message, ("127.0.0.1", source.port))

        await scene(send)
        while not enough(found):
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        again = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        again.bind(("127.0.0.1", source.port))
        again.close()

    asyncio.run(asyncio.wait_for(everything(), 20))
    return found


def of_kind(found: list[Any], kind: str) -> list[Any]:
    return [event for event in found if event["kind"] == kind]


def test_a_burst_of_fifty_is_one_run_and_an_unknown_sender_starts_nothing_and_is_reported_once() -> None:
    args = {"devices": {"127.0.0.1": "core-1"}, "quiet_seconds": 0.3, "rate_per_source": 0}

    async def scene(send: Callable[..., None]) -> None:
        for number in range(50):
            send(fru(number))
            send(fru(number, LINK_DOWN))
            send(fru(number), "127.0.0.9")

    found = events_of(args, scene, lambda events: bool(of_kind(events, "settled") and of_kind(events, "counters")))
    (settled,) = of_kind(found, "settled")
    assert settled["device"] == "core-1"
    assert settled["meta"] == {"hosts": ["core-1"]}
    assert settled["notifications"] == {"CISCO-ENTITY-FRU-CONTROL-MIB::cefcFRUInserted": 50}
    (unknown,) = of_kind(found, "unknown")
    assert unknown["address"] == "127.0.0.9"
    assert "meta" not in unknown
    notifications = of_kind(found, "notification")
    assert len(notifications) == 150
    assert sum(one["starts"] for one in notifications) == 50
    assert notifications[0]["notification"]["found"]["sysName.0"] == "{{ 6 * 7 }}\\n0"
    assert of_kind(found, "counters")[0]["taken"] == 150
    assert "secret" not in json.dumps(found)


def test_a_rulebook_that_takes_nothing_costs_notifications_and_no_run() -> None:
    args = {"devices": {"127.0.0.1": "core-1"}, "quiet_seconds": 0, "queue_size": 5, "dedupe_seconds": 0}

    async def slowly() -> None:
        source = TrapSource(read_trap_options(ARGS | args))
        open_now, found = asyncio.Event(), list[Any]()

        async def put(event: dict[str, Any]) -> None:
            await open_now.wait()
            found.append(event)

        running = asyncio.create_task(source.run(put))
        while not source.port:
            await asyncio.sleep(0.01)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
            for _number in range(40):
                sending.sendto(fru(), ("127.0.0.1", source.port))
                await asyncio.sleep(0.002)
        while not source.counters()["not_put"]:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.6)
        open_now.set()
        while not of_kind(found, "settled"):
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert len(of_kind(found, "notification")) < 40

    asyncio.run(asyncio.wait_for(slowly(), 20))


def test_addresses_come_from_ansibles_own_inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inventory = tmp_path / "hosts.yml"
    hosts: dict[str, Any] = {
        "core-1": {"ansible_host": "192.0.2.1"},
        "core-2": {"ansible_host": "192.0.2.1", "snmp_host": "2001:db8::2"},
        "192.0.2.3": {},
        "twin-a": {"ansible_host": "192.0.2.4"},
        "twin-b": {"ansible_host": "192.0.2.4"},
        "core*": {"ansible_host": "192.0.2.5"},
        "site": {"ansible_host": "192.0.2.6"},
    }
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "children": {"site": {"hosts": {"core-2": {}}}}}}))

    async def names(*addresses: str) -> list[str]:
        devices = Devices(str(inventory), {"192.0.2.9": "core-1"}, 900)
        found = [await devices.find(address) for address in addresses]
        problems = devices.take_problems()
        monkeypatch.setattr(trap_devices, "LEAST_BETWEEN", 0)
        inventory.write_text("nonsense: [")
        assert await devices.find("198.51.100.1") == ""
        assert await devices.find("192.0.2.1") == "core-1", "what was read before counts"
        assert "could not be read, so its devices are those of the last time" in devices.take_problems()[0]
        return [*found, *problems]

    *found, pattern, twins = asyncio.run(
        names("192.0.2.1", "2001:db8::2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.9")
    )
    assert found == ["core-1", "core-2", "192.0.2.3", "", "", "", "core-1"]
    assert "core* start nothing, because --limit would take such a name for a pattern or a group" in pattern
    assert "twin-a, twin-b start nothing, because these hosts share an address" in twins


def test_what_ansible_must_not_evaluate_is_an_address_as_well() -> None:
    hosts = {"core-1": {"ansible_host": {"__ansible_unsafe": "192.0.2.1"}, "snmp_host": None}}
    assert asyncio.run(trap_devices.addresses_of(hosts)) == ({"192.0.2.1": "core-1"}, [])


def test_a_host_that_is_called_as_a_group_is_left_out() -> None:
    found, (problem,) = asyncio.run(trap_devices.addresses_of({"brno": {"ansible_host": "192.0.2.1"}}, {"brno"}))
    assert found == {}
    assert "brno start nothing" in problem


@pytest.mark.parametrize("name", ["core-1", "core all", "core-1@brno#12", "Ústí 2", "device-7", "a/b", "#12"])
def test_a_name_that_limit_takes_as_one_host(name: str) -> None:
    assert is_one_host(name)
    manager = InventoryManager(DataLoader(), sources=[])
    for host in (name, "2", "core", "other"):
        manager._inventory.add_host(host)
    manager._inventory.reconcile_inventory()
    manager.subset(",".join(limit_to(name)))
    assert [host.name for host in manager.get_hosts("all")] == [name]


@pytest.mark.parametrize(
    "name", ["", "a,b", "a:b", "core*", "core[1]", "c?re", "!core", "&core", "~core", "@core", " a", "-e", "all"]
)
def test_a_name_that_limit_would_take_for_a_pattern(name: str) -> None:
    assert not is_one_host(name)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"communities": [], "users": []}, "communities and users are both empty"),
        ({"comunities": ["secret-community"]}, "Did you mean communities"),
        ({"communities": "secret-community"}, "communities is not a list"),
        ({"port": "seven"}, "port is 'seven'"),
        ({"users": [{"username": "x", "auth_passphrase": "short"}]}, "user-1: auth_passphrase is shorter"),
        ({"starts": ["cefcFRUInsertd"]}, "Did you mean cefcFRUInserted"),
        ({"devices": {"core-1": "192.0.2.1"}}, "devices: 'core-1' is not an address"),
        ({"events": ["all"]}, "events: 'all' is not one of"),
    ],
)
def test_wrong_options_are_named_without_a_secret(args: dict[str, Any], message: str) -> None:
    with pytest.raises(InvmonError, match=message) as error:
        read_trap_options({"communities": ["secret-community"], **args})
    assert "secret" not in str(error.value)


def test_the_source_is_documented_as_it_is_and_loads_by_its_path_alone() -> None:
    source = runpy.run_path(str(SOURCE))
    documented = yaml.safe_load(source["DOCUMENTATION"])["options"]
    assert set(documented) == set(trap_options._KNOWN)
    assert documented["starts"]["default"] == list(trap_options.STARTS)
    assert {name: documented[name]["default"] for name in trap_options._NUMBERS} == {
        name: number[0] for name, number in trap_options._NUMBERS.items()
    }
    assert asyncio.iscoroutinefunction(source["main"])
    with pytest.raises(Exception, match="both empty"):
        asyncio.run(source["main"](asyncio.Queue(), {"eda_feedback_queue": None}))
    assert isinstance(read_trap_options(ARGS).credentials[-1], User)
    rulebook = yaml.safe_load((ROOT / "extensions" / "eda" / "rulebooks" / "inventory_on_trap.yml").read_text())
    assert set(rulebook[0]["sources"][0]["invmon.network.snmp_trap"]) <= set(documented)


def test_the_service_takes_the_file_that_the_page_shows() -> None:
    page = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```yaml\n(inventory:.*?)^```$", page, re.MULTILINE | re.DOTALL)
    config = yaml.safe_load(shown.replace("...", "secret-passphrase"))
    service = TrapService(config, lambda line: None)
    assert service.source.devices is not None
    assert set(re.findall(r"`(trap_\w+)`", page)) == set(
        re.findall(r"{{ (trap_\w+)", (ROOT / "extensions/eda/rulebooks/inventory_on_trap.yml").read_text())
    )
    with pytest.raises(InvmonError, match="inventory is not set"):
        TrapService({"communities": ["x"]}, lambda line: None)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack changes overnight: its recording, altered as the device would tell it, is read and written to NetBox."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests"))

from ansible_collections.invmon.network.plugins.module_utils.devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils.merge import merge_records
from ansible_collections.invmon.network.plugins.module_utils.netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils.netbox.probes import run
from ansible_collections.invmon.network.plugins.module_utils.snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils.snmp.recording import (
    Recording,
    ReplayTransport,
    load_recording,
)
from ansible_collections.invmon.network.plugins.module_utils.snmp.transport import Oid, VarBind
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from races import NIGHT, rows_of, seed

#: Tables of which the row's index begins with entPhysicalIndex.
ENTITY = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
CONTAINED_IN = 4
SWITCH_INFO = (1, 3, 6, 1, 4, 1, 9, 9, 500, 1, 2, 1, 1)
MASTER, SECOND = 1, 2
#: Serials of member 2 that no other member shows.
OF_SECOND = {"FCW9302B0K2", "DCC9302P0B1", "FOC9302M0U2", "AVD9302S0X3"}

Edit = Callable[[dict[Oid, VarBind]], None]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(seed(2)) as one:
        yield one


def stack(edit: Edit | None = None) -> dict[str, Any]:
    """The stack as netbox_probe gets it, read out of the recording after `edit` altered it."""
    varbinds = dict(load_recording(ROOT / "tests" / "recordings" / "iosxe-stack.snmprec").varbinds)
    if edit:
        edit(varbinds)
    recording = Recording("stack", varbinds, 0, sorted(varbinds))
    found = read_device(Agent(ReplayTransport(recording))).to_dict()
    members = [
        {"id": MASTER, "name": "r1", "position": 1, "serial": "FCW9301A0K1"},
        {"id": SECOND, "name": "r2", "position": 2, "serial": "FCW9302B0K2"},
    ]
    return {
        **{"name": "r1", "device_id": MASTER, "device_name": "r1", "site_id": 1, "site_name": "Brno"},
        **{"location_id": None, "location_name": None, "error": None},
        **{key: found[key] for key in ("complete", "tables", "members")},
        "records": merge_records(found["items"]),
        "virtual_chassis": {"name": "r1", "members": members},
    }


def entity_rows(varbinds: dict[Oid, VarBind], member: int) -> list[Oid]:
    """The variables of a member's rows: their entPhysicalIndex begins with its number."""
    tables = (ENTITY, SWITCH_INFO)
    inside = range(member * 1000, (member + 1) * 1000)
    found = [oid for oid in varbinds for table in tables if oid[: len(table)] == table]
    return [oid for oid in found if oid[-1] in inside]


def replaced(varbinds: dict[Oid, VarBind], old: bytes, new: bytes) -> None:
    for oid, varbind in list(varbinds.items()):
        if isinstance(varbind.value, bytes) and old in varbind.value:
            varbinds[oid] = varbind._replace(value=varbind.value.replace(old, new))


def without_second(varbinds: dict[Oid, VarBind]) -> None:
    for oid in entity_rows(varbinds, 2):
        del varbinds[oid]


def with_a_third(varbinds: dict[Oid, VarBind]) -> None:
    """A third member, like the second, with serials of its own."""
    for oid in entity_rows(varbinds, 2):
        varbind, new = varbinds[oid], (*oid[:-1], oid[-1] + 1000)
        value = varbind.value
        if isinstance(value, bytes):
            value = (
                value.replace(b"Switch 2", b"Switch 3").replace(b"Ethernet2/", b"Ethernet3/").replace(b"9302", b"9303")
            )
        elif oid[: len(ENTITY)] == ENTITY and oid[-2] == CONTAINED_IN and isinstance(value, int) and value >= 2000:
            value += 1000
        elif oid[: len(SWITCH_INFO)] == SWITCH_INFO and oid[-2] == 1:
            value = 3
        varbinds[new] = varbind._replace(oid=new, value=value)


def renumbered(varbinds: dict[Oid, VarBind]) -> None:
    """Member 2 calls itself 5 now, and its rows are called so."""
    for oid in entity_rows(varbinds, 2):
        varbind, value = varbinds[oid], varbinds[oid].value
        if isinstance(value, bytes):
            varbinds[oid] = varbind._replace(
                value=value.replace(b"Switch 2", b"Switch 5").replace(b"Ethernet2/", b"Ethernet5/")
            )
        elif oid[: len(SWITCH_INFO)] == SWITCH_INFO and oid[-2] == 1:
            varbinds[oid] = varbind._replace(value=5)


def upload(standin: StandIn, device: dict[str, Any], night: int) -> dict[str, Any]:
    moment: datetime = NIGHT + timedelta(days=night)
    with NetBox(standin.url, standin.token) as netbox:
        _plan, outcome = run(netbox, [device], moment)
    return outcome


def rows(standin: StandIn) -> list[dict[str, Any]]:
    return rows_of(standin.url, standin.token)


def on(standin: StandIn, device: int) -> dict[str, dict[str, Any]]:
    """The latest row of each serial on a device."""
    found = [row for row in rows(standin) if row["device"]["id"] == device]
    return {row["serial"]: row for row in sorted(found, key=lambda row: (row["time"], row["id"]))}


@pytest.fixture
def first_night(standin: StandIn) -> StandIn:
    upload(standin, stack(), 0)
    assert set(on(standin, SECOND)) == OF_SECOND
    return standin


def test_a_quiet_night_changes_nothing_of_any_member(first_night: StandIn) -> None:
    before = len(rows(first_night))
    outcome = upload(first_night, stack(), 1)
    assert (outcome["changed"], len(rows(first_night))) == (False, before)


def test_the_parts_of_a_member_that_left_are_not_seen_and_those_of_the_others_are(first_night: StandIn) -> None:
    outcome = upload(first_night, stack(without_second), 1)
    found = outcome["devices"]["r1"]
    assert {part["serial"] for part in found["not_seen"]} == OF_SECOND
    assert {row["time"][:10] for row in on(first_night, SECOND).values()} == {"2026-11-20"}
    assert {row["time"][:10] for row in on(first_night, MASTER).values()} == {"2026-11-21"}
    back = upload(first_night, stack(), 2)
    assert {row["time"][:10] for row in on(first_night, SECOND).values()} == {"2026-11-22"}
    assert "not_seen" not in back["devices"]["r1"]


def test_a_member_that_netbox_lacks_stands_on_the_master_and_it_is_said(first_night: StandIn) -> None:
    outcome = upload(first_night, stack(with_a_third), 1)
    new = {serial.replace("9302", "9303") for serial in OF_SECOND}
    assert new <= set(on(first_night, MASTER))
    assert set(on(first_night, SECOND)) == OF_SECOND
    assert any("member 3" in note for note in outcome["devices"]["r1"]["notes"])


def test_a_member_that_was_replaced_keeps_its_place_and_its_other_parts(first_night: StandIn) -> None:
    outcome = upload(first_night, stack(lambda varbinds: replaced(varbinds, b"FCW9302B0K2", b"FCW9399Z0K9")), 1)
    found = outcome["devices"]["r1"]
    assert "FCW9399Z0K9" in on(first_night, SECOND)
    assert [part["serial"] for part in found["not_seen"]] == ["FCW9302B0K2"]
    assert on(first_night, SECOND)["DCC9302P0B1"]["time"][:10] == "2026-11-21"


def test_a_member_that_was_renumbered_stays_the_device_that_has_its_serial(first_night: StandIn) -> None:
    outcome = upload(first_night, stack(renumbered), 1)
    assert set(on(first_night, SECOND)) == OF_SECOND
    assert "not_seen" not in outcome["devices"]["r1"]
    assert "moved" not in outcome["devices"]["r1"]
    names = {serial: row["name"] for serial, row in on(first_night, SECOND).items()}
    assert names["AVD9302S0X3"] == "TenGigabitEthernet5/1/1"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cisco: what ENTITY-MIB does not contain comes from other tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.ios import SWITCH_INFO
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent, Table
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport

Read = Callable[..., dict[str, Any]]


def table(name: str) -> Table:
    """A table of the profile cisco."""
    source = shipped().layout("cisco").table(name)
    assert source is not None
    return source.table


CARDS, MODULES = table("cardTable"), table("moduleTable")
SMALL_BUSINESS, OPTICS = table("rlInventoryEntTable"), table("rlInventoryEntTable of interfaces")

CISCO = {"object_id": (1, 3, 6, 1, 4, 1, 9, 1, 1208), "description": "Cisco IOS Software, C2960X"}
OLD = (1, 3, 6, 1, 4, 1, 9, 3, 6)
STACK_MIB = (1, 3, 6, 1, 4, 1, 9, 5, 1, 2)


def chassis(serial: str = "FCW1", **cells: Any) -> dict[str, Any]:
    return {"class": 3, "contained_in": 0, "serial": serial, **cells}


def test_stack_members_have_the_numbers_and_roles_of_the_switch_table(read: Read) -> None:
    rows = {(1,): {"class": 11, "contained_in": 0}}
    rows |= {(n * 1000,): chassis(f"FCW{n}", contained_in=1, position=n - 1, name="same") for n in (1, 2)}
    switches = {(1000,): {"number": 3, "role": 1}, (2000,): {"number": 4, "role": 4}}
    found = read((ENTITY, rows), (SWITCH_INFO, switches), **CISCO)
    assert [(m["number"], m["serial"], m["role"]) for m in found["members"]] == [
        (3, "FCW1", "master"),
        (4, "FCW2", "standby"),
    ]


def test_the_number_of_a_single_member_costs_no_request_of_its_own(
    box: Callable[..., ReplayTransport],
) -> None:
    costs = []
    for members in (1, 2):
        rows: dict[tuple[int, ...], dict[str, Any]] = {(1,): {"class": 11, "contained_in": 0}}
        rows |= {(n * 1000,): chassis(f"FCW{n}", contained_in=1, model="C9300") for n in range(1, members + 1)}
        rows[(1010,)] = {"class": 10, "contained_in": 1000, "serial": "AGC1", "name": "Gi1/0/1"}
        switches = {(n * 1000,): {"number": n, "role": 1} for n in (1, 2)}
        agent = box((ENTITY, rows), (SWITCH_INFO, switches), **CISCO)
        found = read_device(Agent(agent))
        assert len(found.members) == members
        costs.append(agent.requests)
    assert costs[0] == costs[1]


def test_a_fabric_extender_makes_no_stack_of_a_nexus(read: Read) -> None:
    rows = {(1,): chassis("SSI1"), (2,): chassis("FOX1")}
    assert read((ENTITY, rows), object_id=CISCO["object_id"], description="Cisco NX-OS(tm) n5000")["members"] == []


def test_old_cisco_reports_chassis_and_cards_with_a_word_of_caution(read: Read) -> None:
    cards = {
        (1,): {"name": "7206VXR", "serial": 11111111, "slot": -1, "contained_in": 0, "hardware_rev": "1.0"},
        (2,): {"name": "I/O FastEthernet (TX-ISL)", "serial": -1, "slot": 0},
        (3,): {"name": "PA-8T", "serial": 4711234, "slot": 3, "contained_in": 1, "hardware_rev": "1.14"},
    }
    scalars = {(*OLD, 3, 0): "4279256518", (*OLD, 2, 0): "A"}
    found = read((CARDS, cards), scalars=scalars, **CISCO)
    box, first, second = found["items"]
    assert (box["serial"], box["category"], box["hardware_rev"]) == ("4279256518", "chassis", "A")
    assert first["serial"] == "11111111"
    assert (second["serial"], second["name"], second["position"], second["parent"]) == ("4711234", "PA-8T", 3, "1")
    assert any("snmp-server chassis-id" in text for text in found["coverage"])
    assert any("letters and leading zeros" in text for text in found["coverage"])


def test_old_tables_are_not_asked_where_entity_mib_reports_serials(read: Read) -> None:
    found = read((ENTITY, {(1,): chassis()}), scalars={(*OLD, 3, 0): "4279256517"}, **CISCO)
    assert [item["serial"] for item in found["items"]] == ["FCW1"]
    assert "cardTable" not in found["tables"]


def test_catos_modules_have_the_text_and_else_the_number_as_serial(read: Read) -> None:
    modules = {
        (1,): {"serial": "JAB03130104", "label": "Supervisor", "model": "WS-X6K-SUP1A", "hardware_rev": "7.0"},
        (2,): {"serial": "", "number": 123456, "model": "WS-X6248"},
        (3,): {"serial": "", "number": 0},
    }
    scalars = {(*STACK_MIB, 16, 0): "WS-C6509", (*STACK_MIB, 19, 0): "SCA0312"}
    found = read((MODULES, modules), scalars=scalars, object_id=(1, 3, 6, 1, 4, 1, 9, 5, 44))
    told = [(item["serial"], item["name"], item.get("part")) for item in found["items"]]
    assert told == [
        ("SCA0312", "Chassis", "WS-C6509"),
        ("JAB03130104", "Supervisor", "WS-X6K-SUP1A"),
        ("123456", "Module 2", "WS-X6248"),
    ]


def test_small_business_switches_report_their_optics_in_a_table_of_their_own(read: Read) -> None:
    units = {(0, 1): {"label": "1", "part": "C1200-8T-E-2G", "serial": "DNI1234"}}
    optics = {(1, 9): {"interface": "gi9", "part": "GLC-SX-MMD", "serial": "G2610093283    ", "hardware_rev": "V01 "}}
    tables = ((ENTITY, {(1,): chassis("DNI1234")}), (SMALL_BUSINESS, units), (OPTICS, optics))
    found = read(*tables, object_id=CISCO["object_id"])
    optic = found["items"][-1]
    assert (optic["serial"], optic["category"], optic["interface"]) == ("G2610093283", "transceiver", "gi9")
    assert found["items"][1]["category"] == "chassis"


@pytest.mark.parametrize("serial", ["N/A", "<private>"])
def test_a_chassis_id_that_is_no_serial_is_rejected(read: Read, serial: str) -> None:
    found = read(scalars={(*OLD, 3, 0): serial}, **CISCO)
    assert found["items"] == []
    assert found["rejected"][0]["serial"] == serial

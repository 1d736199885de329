# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SR OS: hardware, flash cards and optics, and nothing that the device does not say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.interfaces import IF_X_TABLE
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._devices.sros import (
    CHASSIS,
    CHASSIS_TYPES,
    FLASH,
    HARDWARE,
    PORTS,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent

Read = Callable[..., dict[str, Any]]

BOX, SLOT, CPM, MDA, CF3, SHELF, PM = 50331649, 134217729, 150994977, 184549635, 201327107, 352329729, 83886088


def unit(hw_class: int, parent: int, serial: str = "", **cells: Any) -> dict[str, Any]:
    return {"class": hw_class, "contained_in": parent, "serial": serial, "is_fru": 1, **cells}


HARDWARE_ROWS = {
    (1, BOX): unit(3, 0, "NS1628S3574", name="Chassis 1", part="3HE06791AAAB0102", date="07162016", position=-1),
    (1, SLOT): unit(8, BOX, "NS1627S3701", name="Slot 1", part="3HE02774ABAD0101", position=1),
    (1, CPM): unit(9, BOX, "NS1627S3701", name="Slot A", part="3HE02774ABAD0101"),
    (1, MDA): unit(11, SLOT, "NS2207S0797", name="MDA 1/3"),
    (1, CF3): unit(12, CPM, name="cf3:"),
    (1, SHELF): unit(21, BOX, "NS2245W0511", name="PowShelf 1"),
    (1, PM): unit(5, SHELF, "NS2324W0067", name="PM 8"),
    (1, 83886081): unit(5, SHELF, name="PM 1"),
}


SYSTEM = {"description": "TiMOS-B-9.0.R9 Nokia 7705 SAR", "object_id": (1, 3, 6, 1, 4, 1, 6527, 6, 1, 1, 2, 1)}


def read_box(read: Read, *others: Any, hardware: Any = None) -> dict[str, Any]:
    return read((HARDWARE, hardware or HARDWARE_ROWS), *others, **SYSTEM)


def records(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {record["serial"]: record for record in merge_by_serial(found["items"])}


def test_hardware_has_the_class_place_and_date_that_the_device_tells(read: Read) -> None:
    types = ((CHASSIS, {(1,): {"type": 44}}), (CHASSIS_TYPES, {(44,): {"name": "7750 SR-7s"}}))
    found = records(read_box(read, *types))
    assert {serial: record["category"] for serial, record in found.items()} == {
        "NS1628S3574": "chassis",
        "NS1627S3701": "module",
        "NS2207S0797": "module",
        "NS2245W0511": "container",
        "NS2324W0067": "powerSupply",
    }
    box = found["NS1628S3574"]
    assert (box["part"], box["manufactured"], box["description"]) == ("3HE06791AAAB0102", "2016-07-16", "7750 SR-7s")
    assert "hardware_rev" not in box
    assert "manufacturer" not in box
    assert found["NS2324W0067"]["path"] == "Chassis 1 / PowShelf 1 / PM 8"
    assert found["NS1627S3701"]["name"] == "Slot 1"


def test_without_a_class_column_the_index_gives_the_class(read: Read) -> None:
    rows = {index: {key: cell for key, cell in row.items() if key != "class"} for index, row in HARDWARE_ROWS.items()}
    assert records(read_box(read, hardware=rows))["NS1628S3574"]["category"] == "chassis"


def test_flash_cards_have_their_serial_in_a_table_of_their_own(read: Read) -> None:
    flash = {(1, 2, 3): {"serial": "000060110232A6000219", "model": "SFCF2048 ", "hw_index": CF3}}
    card = records(read_box(read, (FLASH, flash)))["000060110232A6000219"]
    assert (card["category"], card["part"], card["path"]) == ("storageDrive", "SFCF2048", "Chassis 1 / Slot A / cf3:")


@pytest.mark.parametrize(
    ("model", "vendor_part", "part"),
    [
        ("ALC-LUC 3EM23141AC01 CRPQABUFAA", "3EM23141AC01    ", "3EM23141AC01"),
        ("3HE00027CAAA01 ALA IPUIAELDAB", "FTLF1318P3BTL", "3HE00027CAAA01"),
        ("QSFP-40G-SR4", "3HE10551AAAB01", "QSFP-40G-SR4"),
        ("               ", "SFP-9G          ", "SFP-9G"),
    ],
)
def test_the_part_of_an_optic_is_nokias_where_it_is_reported(
    read: Read, model: str, vendor_part: str, part: str
) -> None:
    port = {"serial": "528232353       ", "name": "1/3/3", "type": 3, "model": model, "vendor_part": vendor_part}
    ports = {(1, 39944192): port, (1, 39878656): {"serial": "", "name": "1/3/1", "type": 0}}
    optic = records(read_box(read, (PORTS, ports)))["528232353"]
    assert (optic["part"], optic["category"], optic["interface"]) == (part, "transceiver", "1/3/3")
    assert optic["description"].startswith("SFP")


def test_an_optic_in_a_port_without_a_name_is_called_by_its_interface(read: Read) -> None:
    ports = {(1, 1610899520): {"serial": "QSFP78901234"}, (1, 1610899521): {"serial": "QSFP78901235"}}
    found = records(read_box(read, (PORTS, ports), (IF_X_TABLE, {(1610899520,): {"name": "1/1/c1"}})))
    assert found["QSFP78901234"]["name"] == "1/1/c1"
    assert "name" not in found["QSFP78901235"], "an index is no name"


def test_a_unit_with_a_part_and_without_a_serial_is_reported(read: Read) -> None:
    for serial in ("N/A", ""):
        rows = {**HARDWARE_ROWS, (1, 83886082): unit(5, SHELF, serial, name="PM 2", part="3HE11183AARB01")}
        assert read_box(read, hardware=rows)["coverage"] == [
            "field-replaceable unit without a serial: PM 2 (3HE11183AARB01)"
        ]


def test_a_unit_that_is_a_flash_card_or_holds_a_part_costs_no_further_request(box: Callable[..., Any]) -> None:
    flash = {(1, 2, 3): {"serial": "000060110232A6000219", "model": "SFCF2048 ", "hw_index": CF3}}
    costs = set()
    for is_fru in (1, 2):
        changed = {(1, place): {**HARDWARE_ROWS[1, place], "serial": "", "is_fru": is_fru} for place in (CF3, SHELF)}
        agent = box((HARDWARE, {**HARDWARE_ROWS, **changed}), (FLASH, flash), **SYSTEM)
        read_device(Agent(agent))
        costs.add(agent.requests)
    assert len(costs) == 1, costs

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device of an enterprise that no profile knows: what standard MIBs have of it, at which cost, what is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid

Read = Callable[..., dict[str, Any]]
UNKNOWN: Oid = (1, 3, 6, 1, 4, 1, 99999, 1)
MED: Oid = (1, 0, 8802, 1, 1, 2, 1, 5, 4795, 1, 2)
PRINTER: Oid = (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1)
DEVICE: Oid = (1, 3, 6, 1, 2, 1, 25, 3, 2, 1)
PRINTER_TYPE: Oid = (1, 3, 6, 1, 2, 1, 25, 3, 1, 5)
DISK_TYPE: Oid = (1, 3, 6, 1, 2, 1, 25, 3, 1, 6)
DESCRIBED = "Acme Laser 450 v2; S/N: LP5501877, OS 7.5"
LOGICAL: Oid = (1, 3, 6, 1, 2, 1, 47, 1, 2, 1, 1)
#: The system group, ENTITY-MIB, what only some devices answer, in two GETs, and whose MIBs the agent has.
REQUESTS = 5


@pytest.mark.parametrize(
    ("scalars", "description", "serial", "platform"),
    [
        ({(*MED, 5, 0): "LM0049221", (*MED, 7, 0): "Q3517"}, "camera", "LM0049221", "lldp_med"),
        ({PRINTER: "PR77A4410"}, "printer", "PR77A4410", "printer"),
        (
            {(*DEVICE, 2, 1): PRINTER_TYPE, (*DEVICE, 3, 1): DESCRIBED},
            "printer",
            "LP5501877",
            "printer_description",
        ),
        ({}, "Acme box, S/N: AB1234567", "AB1234567", "generic"),
    ],
    ids=["LLDP-EXT-MED-MIB", "Printer-MIB", "HOST-RESOURCES-MIB", "sysDescr"],
)
def test_the_chassis_comes_out_of_what_is_standard(
    read: Read, scalars: dict[Oid, Any], description: str, serial: str, platform: str
) -> None:
    found = read(scalars=scalars, description=description, object_id=UNKNOWN)
    assert [(item["serial"], item["category"]) for item in found["items"]] == [(serial, "chassis")]
    assert found["platform"] == platform


def test_the_neighbours_inventory_is_not_the_devices(read: Read) -> None:
    found = read(scalars={(*MED[:-1], 3, 3, 1, 4, 0, 1, 1): "FOC2301X0AB"}, object_id=UNKNOWN)
    assert not found["items"]


def test_the_first_device_of_a_host_is_its_chassis_only_if_it_is_a_printer(read: Read) -> None:
    found = read(scalars={(*DEVICE, 2, 1): DISK_TYPE, (*DEVICE, 3, 1): "Acme disk, S/N: WD5501877"}, object_id=UNKNOWN)
    assert not found["items"]


def test_a_device_that_has_nothing_costs_few_requests(box: Callable[..., ReplayTransport]) -> None:
    transport = box(object_id=UNKNOWN)
    collection = read_device(Agent(transport))
    assert transport.requests == REQUESTS
    known = "no profile knows this device (sysObjectID 1.3.6.1.4.1.99999.1); the playbook profile drafts one"
    assert known in collection.coverage[0]


def test_hardware_in_another_context_is_reported_with_what_to_set(box: Callable[..., ReplayTransport]) -> None:
    transport = box(object_id=UNKNOWN, scalars={(*LOGICAL, 2, 1): "Blade 1", (*LOGICAL, 8, 1): "blade1"})
    coverage = read_device(Agent(transport)).coverage
    assert "logical entities: Blade 1 is in the SNMPv3 context blade1; set snmp_context_name to read it" in coverage
    assert transport.requests == REQUESTS


def test_many_profiles_that_know_a_device_by_its_answer_cost_few_requests(
    box: Callable[..., ReplayTransport], tmp_path: Path
) -> None:
    for number in range(150):
        oid = f"1.3.6.1.4.1.{60000 + number}.1.1.1.0"
        text = f"---\nmatch: [{{answers: {oid}}}]\nscalars: {{acmeSerial: {{oids: {{serial: {oid}}}}}}}\n"
        (tmp_path / f"acme{number}.yml").write_text(text)
    profiles = shipped().with_own(tmp_path)
    asked = sum(bool(match.answers) for profile in profiles for match in profile.head.matches)
    transport = box(object_id=UNKNOWN, scalars={(1, 3, 6, 1, 4, 1, 60149, 1, 1, 1, 0): "AC0000149"})
    collection = read_device(Agent(transport), profiles=profiles)
    assert [item.serial for item in collection.items] == ["AC0000149"]
    # The system group, ENTITY-MIB, and GETs that grow while their replies are small.
    assert transport.requests <= 2 + 1 + -(-(asked + 2 - 24) // 48)

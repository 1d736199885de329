# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device that its platform's profile finds nothing on is read by others, of the vendors whose MIBs its agent has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind

Read = Callable[..., dict[str, Any]]
ENTERPRISES: Oid = (1, 3, 6, 1, 4, 1)
#: FASTPATH-SWITCHING-MIB, agentInventory: the serial number and the model
FASTPATH: dict[Oid, Any] = {
    (*ENTERPRISES, 4413, 1, 1, 1, 1, 1, 4, 0): "F0921A4K77",
    (*ENTERPRISES, 4413, 1, 1, 1, 1, 1, 3, 0): "ES-24",
}


@pytest.mark.parametrize(
    "object_id",
    [(8072, 3, 2, 10), (99999, 1), (7244, 1), (4413, 4711)],
    ids=["Net-SNMP", "unknown vendor", "of a vendor with another profile", "new model"],
)
def test_what_its_vendors_mibs_have_is_read_whatever_sysobjectid_is(read: Read, object_id: Oid) -> None:
    found = read(scalars=FASTPATH, description="Linux sw1 4.4", object_id=(*ENTERPRISES, *object_id))
    assert [(item["serial"], item["part"], item["category"]) for item in found["items"]] == [
        ("F0921A4K77", "ES-24", "chassis")
    ]
    assert (found["platform"], found["complete"]) == ("fastpath", True)


def test_what_a_vendors_mib_has_is_read_beside_the_parts_of_entity_mib(read: Read) -> None:
    card = (ENTITY, {(1,): {"class": 9, "descr": "Line card", "serial": "LC44120007"}})
    found = read(card, scalars=FASTPATH, object_id=(*ENTERPRISES, 99999, 1))
    assert sorted(item["serial"] for item in found["items"]) == ["F0921A4K77", "LC44120007"]


def test_a_device_with_parts_and_a_profile_is_not_asked_for_others(read: Read) -> None:
    chassis = (ENTITY, {(1,): {"class": 3, "descr": "Switch", "serial": "CH44120001"}})
    found = read(chassis, scalars=FASTPATH, object_id=(*ENTERPRISES, 9, 1, 4711))
    assert [item["serial"] for item in found["items"]] == ["CH44120001"]


def test_the_profile_with_most_of_sysobjectid_comes_first(read: Read) -> None:
    """Both vendors' MIBs are there, as on a switch that one makes and the other sells."""
    mikrotik = {(*ENTERPRISES, 14988, 1, 1, 7, 3, 0): "HB4410XK2"}
    found = read(scalars={**FASTPATH, **mikrotik}, object_id=(*ENTERPRISES, 4413, 4711))
    assert [item["serial"] for item in found["items"]] == ["F0921A4K77"]


def test_an_agent_that_does_not_go_forward_has_an_end(box: Callable[..., ReplayTransport]) -> None:
    transport = box(object_id=(*ENTERPRISES, 99999, 1))
    stuck = VarBind((*ENTERPRISES, 9, 1, 0), "octets", b"x")

    def get_next(oids: Sequence[Oid]) -> list[VarBind]:
        transport.requests += 1
        return [stuck for _oid in oids]

    transport.get_next = get_next  # type: ignore[method-assign]
    assert not read_device(Agent(transport)).items
    assert transport.requests < 20

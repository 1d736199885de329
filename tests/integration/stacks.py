# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of stacks, and what their agents return when a member leaves, comes, is replaced, renumbered, or leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import (
    Recording,
    ReplayTransport,
    load_recording,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind
from ansible_collections.invmon.network.tests.recordings.build import recordings

#: NetBox's ids of the devices of both members.
MASTER, SECOND = 1, 2
#: ENTITY-MIB: entPhysicalTable, its parents, and which interface is in which row.
ENTITY: Oid = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
CONTAINED_IN = (*ENTITY, 4)
ALIASES: Oid = (1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1, 2)
#: ifTable, and ifXTable.
INTERFACES: tuple[Oid, ...] = ((1, 3, 6, 1, 2, 1, 2, 2, 1), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1))

Varbinds = dict[Oid, VarBind]


@dataclass(frozen=True)
class Stack:
    """A recording of two members, and how each of its variables names the second one."""

    recording: str
    serials: tuple[str, str]  #: of the members, as NetBox's devices have them
    first: int  #: the number of the first member; the second has the next one
    of_second: frozenset[str]  #: serials that only the second member shows
    optic: str  #: one of them
    of_third: Callable[[str], str]  #: a serial of the second member -> that of a third one like it
    #: a variable of the second member -> the same one of a member with another number; None: not of the second
    as_member: Callable[[VarBind, int], VarBind | None]
    #: the variables that show which member leads, when the second one does
    led_by_second: Callable[[Varbinds], None]

    @property
    def second(self) -> int:
        """The number of the second member."""
        return self.first + 1

    def without_second(self, varbinds: Varbinds) -> None:
        """Member 2 is switched off."""
        for oid in [oid for oid, varbind in varbinds.items() if self.as_member(varbind, 0)]:
            del varbinds[oid]

    def with_a_third(self, varbinds: Varbinds) -> None:
        """A third member, like the second, with serials of its own."""
        for varbind in list(varbinds.values()):
            copy = self.as_member(varbind, self.second + 1)
            if copy:
                varbinds[copy.oid] = _text_changed(copy, {one: self.of_third(one) for one in self.of_second})

    def renumbered(self, varbinds: Varbinds) -> None:
        """The second member calls itself 5 now, and its rows are called so."""
        moved = [self.as_member(varbind, 5) for varbind in varbinds.values()]
        self.without_second(varbinds)
        varbinds.update({varbind.oid: varbind for varbind in moved if varbind})

    def replaced(self, varbinds: Varbinds) -> None:
        """Another box in the place of the second member, with the old one's power supplies and optics."""
        new = {self.serials[1]: self.new_serial}
        varbinds.update({oid: _text_changed(varbind, new) for oid, varbind in varbinds.items()})

    @property
    def new_serial(self) -> str:
        """The serial of the box that replaces the second member."""
        return f"{self.serials[1][:-2]}Z9"

    def read(
        self, edit: Callable[[Varbinds], None] | None = None, known: tuple[str | None, ...] = ()
    ) -> dict[str, Any]:
        """The stack as netbox_probe gets it, read out of the recording after `edit` altered it.

        known: the serials that NetBox has of its two devices, if others than those of the recording.
        """
        varbinds = dict(load_recording(recordings() / f"{self.recording}.snmprec").varbinds)
        if edit:
            edit(varbinds)
        recording = Recording("stack", varbinds, 0, sorted(varbinds))
        found = read_device(Agent(ReplayTransport(recording))).to_dict()
        members = [
            {"id": number, "name": f"r{number}", "position": self.first + number - 1, "serial": serial}
            for number, serial in enumerate(known or self.serials, 1)
        ]
        return {
            **{"name": "r1", "device_id": MASTER, "device_name": "r1", "site_id": 1, "site_name": "Brno"},
            **{"location_id": None, "location_name": None, "error": None},
            **{key: found[key] for key in ("complete", "tables", "members", "system", "platform", "chassis")},
            "records": merge_by_serial(found["items"]),
            "virtual_chassis": {"name": "r1", "members": members},
        }


def _text_changed(varbind: VarBind, new: Mapping[str, str]) -> VarBind:
    value = varbind.value
    if not isinstance(value, bytes):
        return varbind
    for old, text in new.items():
        value = value.replace(old.encode(), text.encode())
    return varbind._replace(value=value)


def _below(oid: Oid, *tables: Oid) -> bool:
    return any(oid[: len(table)] == table for table in tables)


#: CISCO-STACKWISE-MIB: cswSwitchInfoTable, indexed by entPhysicalIndex; its number and role.
SWITCH_INFO: Oid = (1, 3, 6, 1, 4, 1, 9, 9, 500, 1, 2, 1, 1)
_CISCO_MASTER, _CISCO_STANDBY = 1, 4


def _cisco_member(varbind: VarBind, number: int) -> VarBind | None:
    """The rows of a member begin with its number: 2001 of member 2."""
    oid, value = varbind.oid, varbind.value
    if not _below(oid, ENTITY, SWITCH_INFO) or oid[-1] // 1000 != 2:
        return None
    if isinstance(value, bytes):
        value = value.replace(b"Switch 2", b"Switch %d" % number).replace(b"Ethernet2/", b"Ethernet%d/" % number)
    elif oid[:-1] == CONTAINED_IN and isinstance(value, int) and value >= 2000:
        value += (number - 2) * 1000
    elif oid[:-1] == (*SWITCH_INFO, 1):
        value = number
    return VarBind((*oid[:-1], oid[-1] % 1000 + number * 1000), varbind.kind, value)


def _cisco_led_by_second(varbinds: Varbinds) -> None:
    for oid, varbind in list(varbinds.items()):
        if oid[:-1] == (*SWITCH_INFO, 3):
            varbinds[oid] = varbind._replace(value=_CISCO_MASTER if oid[-1] // 1000 == 2 else _CISCO_STANDBY)
    # The row of the stack itself shows the serial of the member that leads.
    root = (*ENTITY, 11, 1)
    if root in varbinds and varbinds[root].value:
        varbinds[root] = varbinds[root]._replace(value=b"FCW9302B0K2")


#: JUNIPER-MIB: contents and FRUs, indexed by container and three levels, the first of which is the member's, from 1.
CONTENTS: tuple[Oid, ...] = ((1, 3, 6, 1, 4, 1, 2636, 3, 1, 8, 1), (1, 3, 6, 1, 4, 1, 2636, 3, 1, 15, 1))
#: jnxBoxSerialNo: that of the member that leads.
BOX_SERIAL: Oid = (1, 3, 6, 1, 4, 1, 2636, 3, 1, 3, 0)
#: JUNIPER-VIRTUALCHASSIS-MIB, indexed by the member's number; its role.
VC_MEMBERS: Oid = (1, 3, 6, 1, 4, 1, 2636, 3, 40, 1, 4, 1, 1, 1)
_JUNOS_MASTER, _JUNOS_BACKUP = 1, 2
#: entPhysicalIndex of the second member's rows, and where those of another member may stand.
_JUNOS_ROWS = frozenset({3, 50, 51, 54, 55, 56, 57, 70, 71, 80})
_JUNOS_INTERFACES = range(620, 662)


def _junos_member(varbind: VarBind, number: int) -> VarBind | None:
    """The second member is number 1: "@ 1/0/0", xe-1/0/0, level 2 of its container."""
    oid, value = varbind.oid, varbind.value
    further = 100 * (number - 1)
    new: Oid | None = None
    if _below(oid, ENTITY) and oid[-1] in _JUNOS_ROWS:
        new = (*oid[:-1], oid[-1] + further)
        if oid[:-1] == CONTAINED_IN and value in _JUNOS_ROWS:
            value += further
    elif _below(oid, ALIASES) and oid[-2] in _JUNOS_ROWS:
        new = (*oid[:-2], oid[-2] + further, oid[-1])
        assert isinstance(value, tuple)
        value = (*value[:-1], value[-1] + further)
    elif _below(oid, *INTERFACES) and oid[-1] in _JUNOS_INTERFACES:
        new = (*oid[:-1], oid[-1] + further)
    elif _below(oid, *CONTENTS) and oid[-4] > 1 and oid[-3] == 2:
        new = (*oid[:-3], number + 1, *oid[-2:])
    elif _below(oid, VC_MEMBERS) and oid[-1] == 1:
        new = (*oid[:-1], number)
    if isinstance(value, bytes):
        for word in (b"@ %d/", b"FPC %d", b"xe-%d/", b"et-%d/"):
            value = value.replace(word % 1, word % number)
    return VarBind(new, varbind.kind, value) if new else None


def _junos_led_by_second(varbinds: Varbinds) -> None:
    varbinds[BOX_SERIAL] = varbinds[BOX_SERIAL]._replace(value=b"XH9308A00002")
    for number, role in ((0, _JUNOS_BACKUP), (1, _JUNOS_MASTER)):
        oid = (*VC_MEMBERS, 3, number)
        varbinds[oid] = varbinds[oid]._replace(value=role)


STACKS = {
    "Catalyst 9300": Stack(
        recording="iosxe-stack",
        serials=("FCW9301A0K1", "FCW9302B0K2"),
        first=1,
        of_second=frozenset({"FCW9302B0K2", "DCC9302P0B1", "FOC9302M0U2", "AVD9302S0X3"}),
        optic="AVD9302S0X3",
        of_third=lambda serial: serial.replace("9302", "9303"),
        as_member=_cisco_member,
        led_by_second=_cisco_led_by_second,
    ),
    "Junos virtual chassis": Stack(
        recording="junos-qfx-vc",
        serials=("XH9308A00001", "XH9308A00002"),
        first=0,
        of_second=frozenset({"XH9308A00002", "1GC9308P0B1", "1GC9308P0B2", "AA9308S0X04", "XN9308Q0X05"}),
        optic="AA9308S0X04",
        of_third=lambda serial: serial.replace("9308", "9309"),
        as_member=_junos_member,
        led_by_second=_junos_led_by_second,
    ),
}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The devices of the recordings, as appliances on Net-SNMP: nothing says what they are, but their MIBs are there."""

from __future__ import annotations

from ansible_collections.invmon.network.plugins.module_utils._devices.recognition import SYSTEM
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import Recording, load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from ansible_collections.invmon.network.tests.recordings.build import recordings

NET_SNMP = (1, 3, 6, 1, 4, 1, 8072, 3, 2, 10)
#: Of a hundred devices, those of which every serial is read. Others have only tables that complete ENTITY-MIB, or are
#: read in Python.
ENOUGH = 90


def serials(recording: Recording) -> set[str]:
    with replay_session(recording) as session:
        return {item.serial for item in read_device(session.agent).items}


def test_devices_are_read_by_the_mibs_that_they_have() -> None:
    whole = devices = 0
    for path in sorted(recordings().glob("*.snmprec*")):
        recording = load_recording(path)
        known = serials(recording)
        if not known or SYSTEM["object_id"] not in recording.varbinds:
            continue
        for name, value in (("object_id", NET_SNMP), ("description", b"Linux")):
            oid = SYSTEM[name]
            if oid in recording.varbinds:
                recording.varbinds[oid] = recording.varbinds[oid]._replace(value=value)
        found = serials(recording)
        assert found <= known, f"{path.name}: {sorted(found - known)} are read where nothing says what the device is"
        devices += 1
        whole += found == known
    assert 100 * whole >= ENOUGH * devices, f"{whole} of {devices}"

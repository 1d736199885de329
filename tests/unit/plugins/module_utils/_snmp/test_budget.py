# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one device may cost. (Devices that try to cost more, over UDP: tests/attacks/test_hostile_device.py.)"""

from __future__ import annotations

import time

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import (
    MOST_NUMBERS,
    MOST_OCTETS,
    Budget,
    Limits,
    Meter,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpProtocolError
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import Recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind

ENTITY = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
CLASS, CONTAINED_IN = 5, 4


def test_a_long_text_is_cut_between_two_characters() -> None:
    meter = Meter()
    for text in ("x" * 5000, "\u00e9" * 3000, "x" + "\u00e9" * 3000, "xy\u20ac" * 2000, "\U0001f600" * 1000):
        (taken,) = meter.take([VarBind((1, 3), "octets", text.encode())])
        assert isinstance(taken.value, bytes)
        assert MOST_OCTETS - 4 < len(taken.value) <= MOST_OCTETS
        assert text.startswith(taken.value.decode("utf-8"))
    (short,) = meter.take([VarBind((1, 3), "octets", b"\xff" * MOST_OCTETS)])
    assert short.value == b"\xff" * MOST_OCTETS
    assert meter.values == 6


@pytest.mark.parametrize(
    "varbind",
    [
        VarBind((1, 3, *range(MOST_NUMBERS)), "int", 1),
        VarBind((1, 3), "oid", (1, 3, *range(MOST_NUMBERS))),
        VarBind((1, 3), "int", 1 << 5000),
        VarBind((1, 3), "counter64", -(1 << 70)),
    ],
)
def test_what_no_snmp_type_holds_breaks_the_protocol(varbind: VarBind) -> None:
    with pytest.raises(SnmpProtocolError, match="more than"):
        Meter().take([varbind])


def test_processor_time_is_a_limit_of_its_own() -> None:
    budget = Budget(Limits(cpu_seconds=0.02, seconds=1000))
    assert budget.spent() is None
    end = time.process_time() + 0.03
    while time.process_time() < end:
        pass
    assert "0.02 s of processor time (max_cpu_seconds)" in str(budget.spent())


@pytest.mark.slow
def test_the_limits_are_met_by_no_chassis_of_5000_rows() -> None:
    """Each row with a serial and twelve texts of 40 octets: many times the largest router that was recorded."""
    varbinds: dict[Oid, VarBind] = {}
    for row in range(1, 5001):
        for column in range(2, 20):
            value: bytes | int = b"t" * 40 if column != 11 else b"SX%dQ7" % row
            kind = "octets"
            if column in (4, 5, 6, 16):
                kind, value = "int", {4: row // 8, 5: 3 if row == 1 else 9}.get(column, 1)
            varbinds[(*ENTITY, column, row)] = VarBind((*ENTITY, column, row), kind, value)
    recording = Recording("box", varbinds, oids=sorted(varbinds))
    with replay_session(recording, Limits(seconds=600)) as session:
        found = read_device(session.agent)
        assert (found.complete, len(found.items)) == (True, 5000)
        assert session.budget.meter.values < Limits().values / 4
        assert session.budget.meter.octets < Limits().octets / 2

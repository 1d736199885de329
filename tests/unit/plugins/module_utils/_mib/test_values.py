# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A variable as users get it: its name, its type, and its value as text only where it is text."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._mib.names import oid_of
from ansible_collections.invmon.network.plugins.module_utils._mib.values import describe, label
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from hypothesis import given
from hypothesis import strategies as st

MIB = Mib()
UNKNOWN = "1.3.6.1.4.1.99999.1"


def shown(name: str, kind: str, value: Any) -> dict[str, Any]:
    return describe(VarBind(oid_of(name, MIB), kind, value), MIB)


def test_a_value_has_its_oid_name_index_and_type() -> None:
    assert shown("1.3.6.1.2.1.2.2.1.2.7", "octets", b"eth0") == {
        "oid": "1.3.6.1.2.1.2.2.1.2.7",
        "module": "IF-MIB",
        "name": "ifDescr",
        "index": "7",
        "type": "OCTET STRING",
        "value": "eth0",
        "text": "eth0",
    }


def test_what_no_mib_defines_has_the_nearest_name_above_it() -> None:
    found = shown("1.3.6.1.4.1.99999.1.2", "int", 5)
    assert (found["name"], found["index"], label(found)) == ("enterprises", "99999.1.2", "enterprises.99999.1.2")


def test_the_instance_of_a_scalar_is_no_name_of_its_own() -> None:
    assert label(shown("1.3.6.1.2.1.1.3.0", "ticks", 1)) == "sysUpTime.0"


@pytest.mark.parametrize(
    ("name", "kind", "value", "expected"),
    [
        ("ifOperStatus.1", "int", 1, {"value": 1, "text": "up(1)", "enum": "up"}),
        ("ifOperStatus.1", "int", 99, {"value": 99, "text": "99"}),
        ("ifHCInOctets.1", "counter64", 2**64 - 1, {"value": 2**64 - 1, "text": "18446744073709551615"}),
        ("sysUpTime.0", "ticks", 9378405, {"value": 9378405, "text": "1 day, 2:03:04.05"}),
        ("sysUpTime.0", "ticks", 99, {"value": 99, "text": "0:00:00.99"}),
        ("sysObjectID.0", "oid", (1, 3, 6, 1, 4, 1, 8072, 3, 2, 10), {"text": "NET-SNMP-TC::linux"}),
        ("sysObjectID.0", "oid", (0, 0), {"value": "0.0", "text": "SNMPv2-SMI::zeroDotZero"}),
        (UNKNOWN, "oid", (1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 3), {"text": "IF-MIB::ifIndex.3"}),
        (UNKNOWN, "oid", (2, 5), {"text": "2.5"}),
        (UNKNOWN, "ip", b"\xc0\x00\x02\x01", {"value": "192.0.2.1", "text": "192.0.2.1"}),
        (UNKNOWN, "octets", b"", {"value": "", "text": ""}),
        (UNKNOWN, "octets", b"a\r\nb", {"value": "a\r\nb"}),
        (UNKNOWN, "octets", "Žižkov".encode(), {"value": "Žižkov"}),
        # Latin-1 is not UTF-8, a NUL is not printable: neither is passed off as text.
        (UNKNOWN, "octets", b"M\xfcnchen", {"value": "0x4dfc6e6368656e", "base64": "TfxuY2hlbg=="}),
        (UNKNOWN, "octets", b"abc\0", {"value": "0x61626300", "base64": "YWJjAA=="}),
        # Six printable octets are a MAC address all the same where the type is one.
        ("ifPhysAddress.1", "octets", b"abcdef", {"value": "61:62:63:64:65:66", "base64": "YWJjZGVm"}),
        ("hrSystemDate.0", "octets", bytes.fromhex("07ea0b1e02040506"), {"value": "2026-11-30T02:04:05.6"}),
        ("hrSystemDate.0", "octets", bytes.fromhex("07ea0b1e020405002b0100"), {"value": "2026-11-30T02:04:05+01:00"}),
        ("hrSystemDate.0", "octets", bytes(8), {"value": "0-0-0,0:0:0.0"}),
        ("lldpLocSysCapEnabled.0", "octets", b"\x28", {"value": ["bridge", "router"], "text": "bridge(2) router(4)"}),
        ("lldpLocSysCapEnabled.0", "octets", b"\x01", {"value": ["stationOnly"]}),
        (UNKNOWN, "null", None, {"value": None, "text": ""}),
    ],
)
def test_values(name: str, kind: str, value: Any, expected: dict[str, Any]) -> None:
    found = shown(name, kind, value)
    assert {key: found.get(key) for key in expected} == expected
    assert ("enum" in found) == ("enum" in expected)


def test_a_floating_point_number_in_an_opaque_is_a_number() -> None:
    found = shown(UNKNOWN, "opaque", b"\x9f\x78\x04" + struct.pack(">f", 0.1))
    assert (found["value"], found["text"]) == (0.1, "0.1")
    assert shown(UNKNOWN, "opaque", b"\x9f\x79\x08" + struct.pack(">d", 1e300))["value"] == 1e300
    not_a_number = shown(UNKNOWN, "opaque", b"\x9f\x78\x04" + struct.pack(">f", float("nan")))
    assert (not_a_number["value"], not_a_number["text"]) == (None, "nan")
    assert shown(UNKNOWN, "opaque", b"\x9f\x78\x04abc")["value"] == "0x9f7804616263"


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("noSuchObject", "noSuchObject"), ("noSuchInstance", "noSuchInstance"), ("endOfMib", "endOfMibView")],
)
def test_what_is_not_there_is_distinguished_from_every_value(kind: str, type_: str) -> None:
    found = shown("ifDescr.1", kind, None)
    assert (found["type"], found["value"], found["text"]) == (type_, None, "")
    assert found["absent"]
    assert "absent" not in shown("ifDescr.1", "octets", b"noSuchInstance")


@given(
    st.sampled_from(["ifDescr.1", "ifPhysAddress.1", "hrSystemDate.0", "lldpLocSysCapEnabled.0", UNKNOWN]),
    st.sampled_from(["octets", "opaque", "ip"]),
    st.binary(max_size=60),
)
def test_octets_can_always_be_had_back_and_are_json(name: str, kind: str, value: bytes) -> None:
    found = shown(name, kind, value)
    json.dumps(found, allow_nan=False)
    if kind == "octets":
        back = base64.b64decode(found["base64"]) if "base64" in found else found["value"].encode()
        assert back == value

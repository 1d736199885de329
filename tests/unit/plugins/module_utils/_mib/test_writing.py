# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value that users write becomes the variable that is sent, or an error before anything is sent."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._mib.errors import MibError
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._mib.names import oid_of
from ansible_collections.invmon.network.plugins.module_utils._mib.values import describe
from ansible_collections.invmon.network.plugins.module_utils._mib.writing import TYPES, as_written, written
from ansible_collections.invmon.network.plugins.module_utils._snmp.pdu import Pdu, decode_pdu, encode_pdu
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from hypothesis import given
from hypothesis import strategies as st

MIB = Mib()
UNKNOWN = "1.3.6.1.4.1.99999.1.0"


def wrote(name: str, value: Any, word: str = "", checked: bool = True) -> Any:
    oid = oid_of(name, MIB)
    node = MIB.at(oid)
    found = written(oid, value, word, node if node and node.is_variable else None, MIB, checked)
    return found.kind, found.value


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ifAdminStatus.1", "down", ("int", 2)),
        ("ifAdminStatus.1", "down(2)", ("int", 2)),
        ("ifAdminStatus.1", "2", ("int", 2)),
        ("ifPromiscuousMode.1", True, ("int", 1)),
        ("ifPromiscuousMode.1", "false", ("int", 2)),
        ("snmpEnableAuthenTraps.0", 1, ("int", 1)),
        ("sysContact.0", "noc@example.com", ("octets", b"noc@example.com")),
        ("sysContact.0", 7, ("octets", b"7")),
        ("sysContact.0", "", ("octets", b"")),
        ("sysContact.0", "0x41", ("octets", b"0x41")),
        ("ifPhysAddress.1", "00:1b:21:0a:0b:0c", ("octets", bytes.fromhex("001b210a0b0c"))),
        ("dot1dTpFdbAddress.0", "001b.210a.0b0c", ("octets", bytes.fromhex("001b210a0b0c"))),
        ("dot1dTpFdbAddress.0", "00-1B-21-0A-0B-0C", ("octets", bytes.fromhex("001b210a0b0c"))),
        ("hrSystemDate.0", "2026-11-30T02:04:05.6+01:00", ("octets", bytes.fromhex("07ea0b1e020405062b0100"))),
        ("hrSystemDate.0", "2026-11-30 02:04", ("octets", bytes.fromhex("07ea0b1e02040000"))),
        ("hrSystemDate.0", "2026-11-30T02:04:05Z", ("octets", bytes.fromhex("07ea0b1e020405002b0000"))),
        ("sysUpTime.0", "1 day, 2:03:04.05", ("ticks", 9378405)),
        ("sysUpTime.0", 99, ("ticks", 99)),
        ("ifHCInOctets.1", "18446744073709551615", ("counter64", 2**64 - 1)),
        ("snmpTargetAddrTDomain.1", "snmpUDPDomain", ("oid", (1, 3, 6, 1, 6, 1, 1))),
        ("sysObjectID.0", "0.0", ("oid", (0, 0))),
        ("ipAdEntAddr.1", "192.0.2.1", ("ip", bytes((192, 0, 2, 1)))),
        ("ipAddressPrefixOrigin.1", "manual", ("int", 2)),
        # BITS: as many octets as the MIB names bits of, whichever are set.
        ("lldpPortConfigTLVsTxEnable.1", ["sysName"], ("octets", b"\x40")),
        ("lldpPortConfigTLVsTxEnable.1", "portDesc(0) sysCap(3)", ("octets", b"\x90")),
        ("lldpPortConfigTLVsTxEnable.1", [], ("octets", b"\x00")),
    ],
)
def test_a_value_is_typed_by_its_mib(name: str, value: Any, expected: Any) -> None:
    assert wrote(name, value) == expected


@pytest.mark.parametrize(
    ("word", "value", "expected"),
    [
        ("integer", "-5", ("int", -5)),
        ("unsigned", 2**32 - 1, ("gauge32", 2**32 - 1)),
        ("gauge", 7, ("gauge32", 7)),
        ("counter", 7, ("counter32", 7)),
        ("counter64", 2**64 - 1, ("counter64", 2**64 - 1)),
        ("timeticks", 7, ("ticks", 7)),
        ("text", "Zürich", ("octets", "Zürich".encode())),
        ("hex", "00:ff", ("octets", b"\x00\xff")),
        ("hex", "0x00FF", ("octets", b"\x00\xff")),
        ("base64", "AP8=", ("octets", b"\x00\xff")),
        ("bits", [0, 9], ("octets", b"\x80\x40")),
        ("oid", "sysName.0", ("oid", (1, 3, 6, 1, 2, 1, 1, 5, 0))),
        ("ipaddress", "192.0.2.1", ("ip", bytes((192, 0, 2, 1)))),
        ("opaque", "9f780442280000", ("opaque", bytes.fromhex("9f780442280000"))),
    ],
)
def test_a_value_is_typed_by_hand(word: str, value: Any, expected: Any) -> None:
    assert wrote(UNKNOWN, value, word) == expected


@pytest.mark.parametrize(
    ("name", "value", "word", "says"),
    [
        (UNKNOWN, 5, "", "no known MIB defines its type"),
        ("ifAdminStatus.1", "off", "", "it is one of up, down, testing"),
        ("ifAdminStatus.1", 9, "", "it is one of up(1), down(2), testing(3)"),
        ("ifAdminStatus.1", True, "", "TruthValue only"),
        ("ifAdminStatus.1", "x", "text", "is INTEGER by its MIB, and not text"),
        ("sysContact.0", "x" * 256, "", "it has 256 octets, and not 0 to 255"),
        ("sysContact.0", ["x"], "", "write it as text"),
        ("sysContact.0", "Zürich", "", "as text with `type: text`"),
        ("dot1dTpFdbAddress.0", "00:1b:21", "", "it has 3 octets, and not 6"),
        ("dot1dTpFdbAddress.0", "core", "", "is no MacAddress (OCTET STRING)"),
        ("ipAdEntAddr.1", "192.0.2.300", "", "is no IpAddress"),
        ("dot1dStpPriority.0", 65536, "", "it is 0 to 65535"),
        ("dot1dStpPriority.0", "many", "", "it is a whole number"),
        ("snmpTargetAddrTDomain.1", "nowhere", "", "is the name of no object"),
        ("lldpPortConfigTLVsTxEnable.1", ["all"], "", "its bits are portDesc, sysName"),
        ("lldpPortConfigTLVsTxEnable.1", [7], "", "names no bit 7"),
        (UNKNOWN, 2**32, "unsigned", "it is 0 to 4294967295"),
        (UNKNOWN, 2**31, "integer", "it is -2147483648 to 2147483647"),
        (UNKNOWN, "zz", "hex", "is no hex"),
        (UNKNOWN, "zz", "base64", "it is not in base64"),
        (UNKNOWN, [5000], "bits", "a bit is a number"),
    ],
)
def test_a_wrong_value_is_one_sentence(name: str, value: Any, word: str, says: str) -> None:
    with pytest.raises(MibError) as raised:
        wrote(name, value, word)
    assert says in str(raised.value)


def test_by_force_the_agent_decides() -> None:
    assert wrote("ifAdminStatus.1", 9, checked=False) == ("int", 9)
    assert wrote("ifAdminStatus.1", "x", "text", checked=False) == ("octets", b"x")
    with pytest.raises(MibError, match="4294967295"):
        wrote(UNKNOWN, 2**32, "unsigned", checked=False)


OIDS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20).map(lambda rest: (1, 3, *rest))
VALUES = st.one_of(
    st.tuples(st.just("int"), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.sampled_from(["counter32", "gauge32", "ticks"]), st.integers(0, 2**32 - 1)),
    st.tuples(st.just("counter64"), st.integers(0, 2**64 - 1)),
    st.tuples(st.sampled_from(["octets", "opaque"]), st.binary(max_size=40) | st.text(max_size=9).map(str.encode)),
    st.tuples(st.just("ip"), st.binary(min_size=4, max_size=4)),
    st.tuples(st.just("oid"), OIDS),
)


@given(VALUES)
def test_what_was_read_is_written_again_as_it_was(value: tuple[str, Any]) -> None:
    varbind = VarBind(oid_of(UNKNOWN, MIB), *value)
    entry = as_written(varbind)
    assert entry["type"] in TYPES
    assert written(varbind.oid, entry["value"], entry["type"], None, MIB) == varbind
    pdu = encode_pdu(Pdu(0xA3, 1, 0, 0, [varbind]))
    assert decode_pdu(pdu, 0, len(pdu)) == Pdu(0xA3, 1, 0, 0, [varbind])


#: Objects of each kind of type.
NAMES = (
    *("ifAdminStatus.1", "dot1dStpPriority.0", "sysUpTime.0", "ifPromiscuousMode.1", "ifPhysAddress.1", "sysContact.0"),
    *("hrSystemDate.0", "lldpPortConfigTLVsTxEnable.1", "snmpTargetAddrTAddress.1", "sysORID.1", "ifInOctets.1"),
)


@given(st.sampled_from(NAMES), VALUES, st.sampled_from(["value", "text"]))
def test_what_describe_returns_is_understood(name: str, value: tuple[str, Any], key: str) -> None:
    """Of the kind that the MIB defines, and as far as the result has all of it: else base64 does."""
    oid = oid_of(name, MIB)
    varbind = VarBind(oid, *value)
    shown = describe(varbind, MIB)
    try:
        again = written(oid, shown[key], "", MIB.at(oid), MIB)
    except MibError:
        return
    if again.kind == varbind.kind and name not in ("lldpPortConfigTLVsTxEnable.1", "sysContact.0"):
        assert again.value == varbind.value


@given(st.sampled_from(NAMES), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_value_is_written_or_one_sentence(name: str, value: Any) -> None:
    with suppress(MibError):
        kind, content = wrote(name, value)
        encode_pdu(Pdu(0xA3, 1, 0, 0, [VarBind((1, 3), kind, content)]))

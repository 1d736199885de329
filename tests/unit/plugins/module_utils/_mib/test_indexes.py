# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The index of a row: numbers behind the OID of a column, as the values of its INDEX clause."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._mib.errors import MibError
from ansible_collections.invmon.network.plugins.module_utils._mib.indexes import (
    IndexPart,
    complete,
    decoded,
    encoded,
    index_of,
)
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._mib.nodes import Syntax, numbers
from hypothesis import given
from hypothesis import strategies as st

MIB = Mib()
NUMBER, OCTETS, IP, OID = Syntax("Unsigned32"), Syntax("OCTET STRING"), Syntax("IpAddress"), Syntax("OBJECT IDENTIFIER")
MAC = Syntax("OCTET STRING", "MacAddress", "1x:", limits=((6, 6),))
KIND = Syntax("INTEGER", "InetAddressType", enum={1: "ipv4", 2: "ipv6", 3: "ipv4z", 4: "ipv6z", 16: "dns"})
ADDRESS = Syntax("OCTET STRING", "InetAddress")


def of(row: str) -> list[IndexPart]:
    return index_of(MIB.find(row), MIB)


@pytest.mark.parametrize(
    ("row", "index", "values"),
    [
        ("ifEntry", "7", {"ifIndex": 7}),
        # AUGMENTS: the index of the row that it extends.
        ("ifXEntry", "7", {"ifIndex": 7}),
        ("ipNetToMediaEntry", "4.192.0.2.1", {"ipNetToMediaIfIndex": 4, "ipNetToMediaNetAddress": "192.0.2.1"}),
        ("ipAddressEntry", "1.4.127.0.0.1", {"ipAddressAddrType": "ipv4", "ipAddressAddr": "127.0.0.1"}),
        (
            "ipAddressEntry",
            "2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1",
            {"ipAddressAddrType": "ipv6", "ipAddressAddr": "fe80::1"},
        ),
        (
            "ipAddressEntry",
            "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.3",
            {"ipAddressAddrType": "ipv6z", "ipAddressAddr": "fe80::1%3"},
        ),
        (
            "dot1qTpFdbEntry",
            "10.0.27.33.10.11.12",
            {"dot1qFdbId": 10, "dot1qTpFdbAddress": "00:1b:21:0a:0b:0c"},
        ),
        (
            "vacmAccessEntry",
            "3.119.101.115.0.3.3",
            {
                "vacmGroupName": "wes",
                "vacmAccessContextPrefix": "",
                "vacmAccessSecurityModel": 3,
                "vacmAccessSecurityLevel": "authPriv",
            },
        ),
        # IMPLIED: the text goes to the end, without its length.
        ("snmpTargetAddrEntry", "110.109.115", {"snmpTargetAddrName": "nms"}),
        (
            "lldpRemManAddrEntry",
            "0.5.2.1.4.192.0.2.1",
            {
                "lldpRemTimeMark": 0,
                "lldpRemLocalPortNum": 5,
                "lldpRemIndex": 2,
                "lldpRemManAddrSubtype": "ipV4",
                "lldpRemManAddr": "192.0.2.1",
            },
        ),
        # What does not fit is no index: too short, too long, an octet that is none.
        ("ifEntry", "7.1", None),
        ("ipNetToMediaEntry", "4.192.0.2", None),
        ("vacmAccessEntry", "9.119.101.115.0.3.3", None),
        ("vacmAccessEntry", "1.300.0.3.3", None),
    ],
)
def test_an_index_is_decoded_as_its_mib_defines_it(row: str, index: str, values: dict[str, Any] | None) -> None:
    parts = of(row)
    assert decoded(numbers(index), parts, MIB) == values
    if values is not None:
        assert encoded(list(values.values()), parts, MIB) == numbers(index)
        assert encoded(values, parts, MIB) == numbers(index)


def test_an_address_that_is_none_of_its_kind_is_not_passed_off_as_one() -> None:
    found = decoded(numbers("1.3.1.2.3"), of("ipAddressEntry"), MIB)
    assert found == {"ipAddressAddrType": "ipv4", "ipAddressAddr": "0x010203"}


TYPES = [
    st.tuples(st.just(NUMBER), st.integers(0, 2**32 - 1)),
    st.tuples(st.just(OCTETS), st.binary(max_size=20).map(lambda value: "0x" + value.hex())),
    st.tuples(st.just(OCTETS), st.text(alphabet="abcž 0.-", max_size=9)),
    st.tuples(st.just(IP), st.ip_addresses(v=4).map(str)),
    st.tuples(st.just(MAC), st.binary(min_size=6, max_size=6).map(lambda value: value.hex(":"))),
    st.tuples(
        st.just(OID), st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=9).map(lambda n: ".".join(map(str, n)))
    ),
]


@given(st.lists(st.one_of(TYPES), min_size=1, max_size=6), st.booleans())
def test_what_is_encoded_is_decoded_to_the_same(values: list[tuple[Syntax, Any]], implied: bool) -> None:
    sized = values[-1][0] in (OCTETS, OID)
    parts = [
        IndexPart(f"part{place}", syntax, implied and sized and place == len(values) - 1)
        for place, (syntax, _value) in enumerate(values)
    ]
    index = encoded([value for _syntax, value in values], parts, MIB)
    if parts[-1].implied and values[-1][1] in ("", "0x"):
        return  # nothing is at the end then, as in an index that is cut
    found = decoded(index, parts, MIB)
    assert found is not None
    assert encoded(list(found.values()), parts, MIB) == index
    for part, (syntax, value) in zip(parts, values, strict=True):
        if syntax is not OCTETS:
            assert found[part.name] == value


@given(
    st.sampled_from(["ipv4", "ipv6", "ipv4z", "ipv6z"]),
    st.ip_addresses(v=4),
    st.ip_addresses(v=6),
    st.integers(0, 2**32 - 1),
)
def test_an_internet_address_is_decoded_by_its_type(kind: str, ipv4: Any, ipv6: Any, zone: int) -> None:
    parts = [IndexPart("type", KIND, False), IndexPart("address", ADDRESS, False)]
    address = str(ipv4 if kind[:4] == "ipv4" else ipv6) + (f"%{zone}" if kind.endswith("z") else "")
    if isinstance(ipv6, ipaddress.IPv6Address) and "%" in str(ipv6):
        return
    index = encoded([kind, address], parts, MIB)
    assert decoded(index, parts, MIB) == {"type": kind, "address": address}


@given(st.lists(st.integers(0, 300), max_size=30))
def test_no_index_breaks_it(index: list[int]) -> None:
    for row in ("ifEntry", "vacmAccessEntry", "ipAddressEntry", "snmpTargetAddrEntry", "lldpRemManAddrEntry"):
        decoded(tuple(index), of(row), MIB)


@pytest.mark.parametrize(
    ("row", "given", "index"),
    [
        ("ifEntry", 7, "7"),
        ("ifEntry", "7", "7"),
        ("ifEntry", {"ifIndex": 7}, "7"),
        ("ipAddressEntry", ["ipv4"], "1"),
        ("ipAddressEntry", {"ipAddressAddrType": "ipv4"}, "1"),
        ("ipAddressEntry", "1.4.192", "1.4.192"),
        ("snmpTargetAddrEntry", "nms", "110.109.115"),
    ],
)
def test_a_user_writes_an_index_in_several_ways(row: str, given: Any, index: str) -> None:
    assert encoded(given, of(row), MIB) == numbers(index)


@pytest.mark.parametrize(
    ("row", "given", "says"),
    [
        ("ifEntry", "eth0", "'eth0' is no value of ifIndex (InterfaceIndex)"),
        ("ifEntry", [1, 2], "has 2 values; that of this table has 1"),
        ("ifEntry", {"ifDescr": "eth0"}, "those of this table: ifIndex"),
        ("ifEntry", -1, "is no value of ifIndex"),
        ("ifEntry", {5: 1, "ifIndex": 2}, "An index has the parts 5, ifIndex"),
        ("ifEntry", "9" * 5000, "is no value of ifIndex"),
        ("snmpTargetAddrEntry", "n" * 200, "An index is longer than 128 numbers"),
        ("ipAddressEntry", ["ipv4", "2001:db8::1"], "is no value of ipAddressAddr"),
        ("ipAddressEntry", {"ipAddressAddr": "192.0.2.1"}, "those of this table: ipAddressAddrType, ipAddressAddr"),
        ("dot1qTpFdbEntry", [1, "00:11:22"], "is no value of dot1qTpFdbAddress (MacAddress)"),
    ],
)
def test_an_index_that_does_not_fit_is_named(row: str, given: Any, says: str) -> None:
    with pytest.raises(MibError) as error:
        encoded(given, of(row), MIB)
    assert says in str(error.value)


def test_the_beginning_of_an_index_is_not_a_whole_one() -> None:
    assert complete((1, 4, 127, 0, 0, 1), of("ipAddressEntry"), MIB)
    assert not complete((1,), of("ipAddressEntry"), MIB)
    # Without a length, any text may go on.
    assert not complete(numbers("110.109.115"), of("snmpTargetAddrEntry"), MIB)

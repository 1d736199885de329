# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own reading of all versions, and both libraries for SNMPv3, give the same values, whatever an agent sends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_community import CommunityTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_easysnmp import EasySnmpTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_snmp import SnmpTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_user import UserTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import MOST_OCTETS, Budget, Limits, Meter
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import MeteredTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.target import resolve
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Transport, VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, User
from ansible_collections.invmon.network.plugins.module_utils._snmp.walks import Pace, walk_subtree
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent, Raw
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent

#: a folder of recordings of real devices; there are none in this repository
WALKS = Path(os.environ.get("WALKS", "/nonexistent"))
RECORDINGS = recordings()
ROOT = (1, 3, 6, 1, 2, 1, 47)

#: what an agent sends, and what a reader gets
VALUES: list[tuple[str, Any, Any]] = [
    ("octets", bytes(range(256)), bytes(range(256))),
    ("octets", b"", b""),
    ("octets", b"padded   \x00\x00", b"padded   \x00\x00"),
    ("octets", b'"FDO1234\n"', b'"FDO1234\n"'),
    ("octets", b"NOSUCHINSTANCE", b"NOSUCHINSTANCE"),
    ("octets", b"No more variables left in this MIB View", b"No more variables left in this MIB View"),
    ("octets", "Gehäuse €".encode(), "Gehäuse €".encode()),
    ("octets", b"x" * 3000, b"x" * 3000),
    ("int", -1, -1),
    ("int", 2147483647, 2147483647),
    ("int", -2147483648, -2147483648),
    ("int", Raw(0x02, b"\xff\xff\xff\xff"), -1),
    ("counter32", 4294967295, 4294967295),
    ("gauge32", 4294967295, 4294967295),
    ("ticks", 4294967295, 4294967295),
    ("counter64", 18446744073709551615, 18446744073709551615),
    ("counter32", Raw(0x41, b"\xff\xff\xff\xff"), 4294967295),
    ("counter64", Raw(0x46, b"\xff\xff\xff\xff\xff\xff\xff\xff"), 18446744073709551615),
    ("ip", b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x01"),
    ("oid", (1, 3, 6, 1, 4, 1, 4294967295), (1, 3, 6, 1, 4, 1, 4294967295)),
    ("oid", (0, 0), (0, 0)),
    ("null", None, None),
]


#: what reads -> which version it speaks
READERS: dict[str, Any] = {
    **{"v2c": CommunityTransport, "v3": UserTransport},
    **{"easysnmp": EasySnmpTransport, "snmp": SnmpTransport},
}
#: Those that need no library.
OURS = ("v2c", "v3")


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> str:
    if request.param not in OURS:
        pytest.importorskip(request.param)
    return str(request.param)


def agent_for(reader: str, varbinds: Any, **options: Any) -> FaultAgent:
    return (FaultAgent if reader == "v2c" else UserAgent)(varbinds, reply_octets=60000, **options)


def connect(reader: str, agent: FaultAgent, version: str = "2c") -> Transport:
    user = User(USERNAME, "authNoPriv", auth_passphrase=PASSPHRASE)
    credentials = Community(version, "public") if reader == "v2c" else user
    transport: Transport = READERS[reader](resolve(agent.address, agent.port), credentials, 0.5, 2)
    return transport


def values_agent(reader: str, **options: Any) -> FaultAgent:
    sent = [((*ROOT, place), kind, value) for place, (kind, value, _read) in enumerate(VALUES, 1)]
    return agent_for(reader, sent, **options)


EXPECTED = [VarBind((*ROOT, place), kind, read) for place, (kind, _value, read) in enumerate(VALUES, 1)]


def test_every_value_arrives_octet_for_octet(reader: str) -> None:
    with values_agent(reader) as agent:
        transport = connect(reader, agent)
        oids = [varbind.oid for varbind in EXPECTED]
        assert transport.get(oids) == EXPECTED
        assert transport.get_bulk([ROOT], len(VALUES)) == EXPECTED
        assert transport.get_next([ROOT, *oids[:-1]]) == EXPECTED
        assert transport.requests == 3
        transport.close()


def test_every_value_arrives_over_ipv6(reader: str) -> None:
    with values_agent(reader, ipv6=True) as agent:
        transport = connect(reader, agent)
        assert transport.get_bulk([ROOT], len(VALUES)) == EXPECTED
        transport.close()


@pytest.mark.parametrize("reader", ["v2c", "v3", "easysnmp"], indirect=True)
def test_an_integer_beyond_32_bits_is_read_as_it_is(reader: str) -> None:
    """Agents send an unsigned number as an INTEGER. (The library snmp drops such a reply.)"""
    with agent_for(reader, [((*ROOT, 1), "int", Raw(0x02, b"\x00\xff\xff\xff\xff"))]) as agent:
        transport = connect(reader, agent)
        assert transport.get([(*ROOT, 1)]) == [VarBind((*ROOT, 1), "int", 0xFFFFFFFF)]
        transport.close()


def test_a_value_is_cut_at_the_same_octet_whoever_reads_it(reader: str) -> None:
    with agent_for(reader, [((*ROOT, 1), "octets", b"x" * 5000)]) as agent:
        transport = MeteredTransport(connect(reader, agent), Meter())
        found = [transport.get([(*ROOT, 1)]), transport.get_next([ROOT]), transport.get_bulk([ROOT], 1)]
        assert [[varbind.value for varbind in reply] for reply in found] == [[b"x" * MOST_OCTETS]] * 3
        transport.close()


def test_what_is_missing_is_an_exception_value(reader: str) -> None:
    with values_agent(reader) as agent:
        transport = connect(reader, agent)
        absent, unknown = (*ROOT, 999), (1, 3, 6, 1, 2, 1, 99, 1, 0)
        assert transport.get([(*ROOT, 9), absent, unknown]) == [
            EXPECTED[8],
            VarBind(absent, "noSuchInstance", None),
            VarBind(unknown, "noSuchObject", None),
        ]
        assert transport.get_next([absent]) == [VarBind(absent, "endOfMib", None)]
        assert transport.get_bulk([(*ROOT, len(VALUES) - 1)], 5)[1].kind == "endOfMib"
        transport.close()


def test_a_fixed_first_column_is_not_repeated(reader: str) -> None:
    with values_agent(reader) as agent:
        transport = connect(reader, agent)
        reply = transport.get_bulk([ROOT, (*ROOT, 8)], 3, non_repeaters=1)
        assert reply == [EXPECTED[0], *EXPECTED[8:11]]
        transport.close()


def test_v1_has_no_getbulk_and_says_so() -> None:
    with values_agent("v2c", versions=(0,)) as agent:
        transport = connect("v2c", agent, "1")
        assert not transport.bulk
        assert transport.get_next([ROOT]) == EXPECTED[:1]
        transport.close()


@pytest.mark.parametrize(
    "path",
    # Every tenth: they differ in what they hold, and hardly in how it is sent.
    [*sorted(RECORDINGS.glob("*.snmprec"))[::10], *sorted(WALKS.glob("*.snmprec*"))],
    ids=lambda path: path.name.split(".")[0],
)
def test_the_same_is_read_from_real_recordings(path: Path, reader: str) -> None:
    recorded = load_recording(path).varbinds.values()
    with agent_for(reader, recorded) as agent:
        for root in ((1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 2, 1, 47), (1, 3, 6, 1, 4, 1)):
            expected = [varbind for varbind in sorted(recorded) if varbind.oid[: len(root)] == root][:2000]
            transport = connect(reader, agent)
            cursor = walk_subtree(transport, root, Pace(Budget(Limits(rows=2000))))
            assert list(cursor.cells.values()) == expected
            transport.close()

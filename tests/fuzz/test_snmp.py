# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever an agent replies, it is read or named in an error: no crash, no hang, no growth.

The replies are real ones of a recording, spoilt: octets changed, cut, doubled, lengths that lie, values of other types.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_community import CommunityTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_easysnmp import EasySnmpTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_snmp import SnmpTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_user import UserTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Budget, Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.community_message import (
    Message,
    decode_reply,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpError
from ansible_collections.invmon.network.plugins.module_utils._snmp.exchange import BrokenReply
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import MeteredTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.target import resolve
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import EXCEPTIONS, VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, User
from ansible_collections.invmon.network.plugins.module_utils._snmp.walks import Pace, walk_columns
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.fault_agent import (
    GET_BULK,
    FaultAgent,
    Request,
    encode,
    encode_oid,
    encode_varbind,
)
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent
from hypothesis import given
from hypothesis import strategies as st

RECORDING = recordings() / "iosxe-stack.snmprec"
ENTITY = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
READERS: dict[str, Any] = {
    **{"v2c": CommunityTransport, "v3": UserTransport},
    **{"easysnmp": EasySnmpTransport, "snmp": SnmpTransport},
}
#: What a request for a column and some scalars is answered with.
VARBINDS = [v for v in load_recording(RECORDING).varbinds.values() if v.oid[:7] in ((1, 3, 6, 1, 2, 1, 1), ENTITY[:7])]
#: MiB by which the process may grow while it reads spoilt replies; one reply has up to 64 kB.
GROWTH = 64

LENGTHS = st.sampled_from([b"\x00", b"\x7f", b"\x80", b"\x81\xff", b"\x82\xff\xff", b"\x84\xff\xff\xff\xff", b"\x88"])
#: Tags of SNMP's values, and others.
TAGS = st.sampled_from([*range(0x02, 0x07), *range(0x40, 0x48), 0x80, 0x81, 0x82, 0x30, 0x9F, 0xA2, 0x1F, 0x00])
CONTENTS = (
    st.binary(max_size=12)
    | st.sampled_from([b"\xff" * 9, b"\x2b" + b"\xff" * 700, b"\x80" * 200, b"x" * 5000, b"\x2b" + b"\x01" * 140])
    | st.sampled_from([b"\x9f\x78\x04" + b"\xff" * 4, b"\x9f\x79\x08" + b"\xff" * 8, b"\x9f\x76\x09" + b"\xff" * 9])
)


class Spoilt(NamedTuple):
    """What is done to one reply."""

    edits: list[tuple[str, float, bytes]]  #: what, where (as a part of the whole), with which octets
    values: list[tuple[int, bytes]]  #: variables that stand at its end: tag and content
    from_reply: int  #: the first of the replies that is spoilt

    def reply(self, request: Request, reply: bytes) -> list[bytes]:
        if request.number < self.from_reply:
            return [reply]
        if self.values:
            cells = [encode_oid((*ENTITY, 11, 10**8 + row)) for row in range(len(self.values))]
            pairs = zip(cells, self.values, strict=True)
            varbinds = [encode(0x30, cell + encode(tag, content)) for cell, (tag, content) in pairs]
            reply = request.reply(varbinds)
        for what, where, octets in self.edits:
            place = int(where * len(reply))
            if what == "change":
                reply = reply[:place] + octets + reply[place + len(octets) :]
            elif what == "insert":
                reply = reply[:place] + octets + reply[place:]
            elif what == "cut":
                reply = reply[:place]
            else:
                reply = reply[:place] + reply[place // 2 :]
        return [reply[:60_000]]


SPOILT = st.builds(
    Spoilt,
    st.lists(
        st.tuples(
            st.sampled_from(["change", "change", "insert", "cut", "double"]),
            st.floats(0, 1, exclude_max=True),
            LENGTHS | st.binary(min_size=1, max_size=4),
        ),
        max_size=3,
    ),
    st.lists(st.tuples(TAGS, CONTENTS), max_size=4),
    st.integers(1, 3),
)


def sound(varbind: VarBind) -> bool:
    """What the rest of the collection relies on."""
    kinds: dict[str, Any] = {"octets": bytes, "opaque": bytes, "ip": bytes, "oid": tuple}
    wanted = type(None) if varbind.kind in EXCEPTIONS or varbind.kind == "null" else kinds.get(varbind.kind, int)
    return isinstance(varbind.oid, tuple) and isinstance(varbind.value, wanted)


REQUEST = Request(3, 1, b"public", GET_BULK, 4711, 0, 10, [])
ASKED = Message(1, b"public", 4711)
TRUE = REQUEST.reply([encode_varbind(*varbind) for varbind in VARBINDS[:40]])


@given(SPOILT)
def test_any_octets_are_a_reply_or_none_or_broken(spoilt: Spoilt) -> None:
    (data,) = spoilt.reply(REQUEST, TRUE)
    varbinds: list[VarBind] = []
    with suppress(BrokenReply):
        reply = decode_reply(data, ASKED)
        varbinds = reply.varbinds if reply else []
    assert all(sound(varbind) and len(varbind.oid) <= 128 for varbind in varbinds)
    assert len(varbinds) <= len(data) // 2


class Network(NamedTuple):
    """An agent for each way to read."""

    agents: dict[str, FaultAgent]

    def read(self, reader: str, spoilt: Spoilt) -> list[VarBind]:
        agent = self.agents[reader]
        agent.requests.clear()
        agent.fault = spoilt.reply
        user = User(USERNAME, "authNoPriv", auth_passphrase=PASSPHRASE)
        credentials: Any = Community("2c", "public") if reader == "v2c" else user
        budget = Budget(Limits(rows=200, seconds=0.1))
        library = READERS[reader](resolve(agent.address, agent.port), credentials, 0.02, 1)
        transport = MeteredTransport(library, budget.meter)
        try:
            found = transport.get([(1, 3, 6, 1, 2, 1, 1, 1, 0), (1, 3, 6, 1, 2, 1, 1, 3, 0)])
            columns = walk_columns(
                transport, [(*ENTITY, 11), (*ENTITY, 5)], Pace(Budget(Limits(rows=200, seconds=0.1)))
            )
            return found + [varbind for cursor in columns.values() for varbind in cursor.cells.values()]
        finally:
            transport.close()


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with ExitStack() as stack:
        agents = {}
        for name in READERS:
            made = (FaultAgent if name == "v2c" else UserAgent)(VARBINDS, reply_octets=1400)
            agents[name] = stack.enter_context(made)
        yield Network(agents)


@given(reader=st.sampled_from(list(READERS)), spoilt=SPOILT)
def test_an_agent_that_sends_spoilt_replies_is_read_or_named(network: Network, reader: str, spoilt: Spoilt) -> None:
    if reader not in ("v2c", "v3"):
        pytest.importorskip(reader)
    before, found = _memory(), []
    with suppress(SnmpError):
        found = network.read(reader, spoilt)
    assert all(map(sound, found))
    assert _memory() - before < GROWTH


def _memory() -> int:
    """What this process holds now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever arrives at a listener for notifications: it is taken or refused for a reason; no crash, no hang, no growth.

The messages are real ones of each version, spoilt as the replies of agents are (test_snmp.py).
"""

from __future__ import annotations

from ansible_collections.invmon.network.plugins.module_utils._mib.library import standard
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, Credentials, User
from ansible_collections.invmon.network.plugins.module_utils._tasks.trap_source import event
from ansible_collections.invmon.network.plugins.module_utils._traps.described import described
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.listener import Arrived
from ansible_collections.invmon.network.plugins.module_utils._traps.matching import read_wanted
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.plugins.module_utils._traps.receiver import REASONS, Receiver
from ansible_collections.invmon.network.plugins.module_utils._traps.sender import trap_message
from ansible_collections.invmon.network.tests.fuzz.test_snmp import LENGTHS
from hypothesis import given
from hypothesis import strategies as st

KNOWN: tuple[Credentials, ...] = (Community("1", "public"), Community("2c", "public"), User("open", "noAuthNoPriv"))
SENDER = OwnEngine(own_engine_id("sender"))
FOUND = Notification(
    oid=(1, 3, 6, 1, 6, 3, 1, 1, 5, 3),
    uptime=77,
    varbinds=(
        VarBind((1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 3), "int", 3),
        VarBind((1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 3), "octets", b"Ethernet1/3"),
        VarBind((1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 3), "octets", bytes(6)),
        VarBind((1, 3, 6, 1, 6, 3, 18, 1, 3, 0), "ip", bytes(4)),
        VarBind((1, 3, 6, 1, 2, 1, 1, 2, 0), "oid", (1, 3, 6, 1, 4, 1, 9)),
    ),
)
MESSAGES = [trap_message(one, FOUND, SENDER) for one in KNOWN]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["change", "change", "insert", "cut", "double"]),
        st.floats(0, 1, exclude_max=True),
        LENGTHS | st.binary(min_size=1, max_size=4),
    ),
    max_size=4,
)
WANTED = read_wanted(["192.0.2.0/24"], ["linkDown"], [{"name": "ifDescr", "regex": "^Eth"}], standard())


def spoilt(data: bytes, edits: list[tuple[str, float, bytes]]) -> bytes:
    for what, where, octets in edits:
        place = int(where * len(data))
        rest = {
            "change": octets + data[place + len(octets) :],
            "insert": octets + data[place:],
            "cut": b"",
            "double": data[place // 2 :],
        }
        data = data[:place] + rest[what]
    return data[:60_000]


@given(message=st.sampled_from(MESSAGES), edits=EDITS)
def test_any_octets_are_taken_or_refused_and_what_is_taken_is_fit_to_be_shown(
    message: bytes, edits: list[tuple[str, float, bytes]]
) -> None:
    receiver = Receiver(KNOWN, SENDER)
    data = spoilt(message, edits)
    received = receiver.receive(data, "192.0.2.1")
    if received.notification is None:
        assert received.refused in REASONS
        return
    arrived = Arrived(received, "192.0.2.1", 162, 0.0, len(data))
    about = described(arrived, standard())
    WANTED.fits(arrived, about)
    made = str(event("notification", "core-1", notification=about))
    assert made.isprintable()
    assert len(made) < 40 * len(data) + 4000

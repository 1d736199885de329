# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ARP and ND tables of a router: which addresses it sees on its links, with which MAC, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ..._devices.recognition import read_system
from ..._snmp.agent import Agent, Index, Rows, Table
from ..finding import ANSWERED, LISTED
from ..macs import normal_mac
from .inet import in_index, plain_v4, plain_v6

#: RFC 4293, indexed by ifIndex, InetAddressType and InetAddress.
NET_TO_PHYSICAL = Table(
    "ipNetToPhysicalTable", (1, 3, 6, 1, 2, 1, 4, 35, 1), {"mac": 4, "type": 6, "state": 7}, required=False
)
#: RFC 1213, indexed by ifIndex and the octets of an IPv4 address. It has no states.
NET_TO_MEDIA = Table("ipNetToMediaTable", (1, 3, 6, 1, 2, 1, 4, 22, 1), {"mac": 2, "type": 4}, required=False)
#: RFC 2465, indexed by ipv6IfIndex and the octets of an IPv6 address.
NET_TO_MEDIA_V6 = Table(
    "ipv6NetToMediaTable",
    (1, 3, 6, 1, 2, 1, 55, 1, 12, 1),
    {"mac": 2, "type": 3, "state": 4, "valid": 6},
    required=False,
)
#: CISCO-IETF-IP-MIB, indexed by InetAddressType and InetAddress: the ND table of IOS.
CISCO_NET_TO_MEDIA = Table(
    "cInetNetToMediaTable", (1, 3, 6, 1, 4, 1, 9, 10, 86, 1, 1, 3, 1), {"mac": 3}, required=False
)
_CISCO = (1, 3, 6, 1, 4, 1, 9)

#: Entries of one router.
MOST_ENTRIES = 20_000

_REACHABLE, _INVALID, _INCOMPLETE = 1, 5, 7
_STATES = {1: "reachable", 2: "stale", 3: "delay", 4: "probe", 6: "unknown"}


@dataclass(frozen=True)
class Entry:
    """One entry of such a table."""

    address: str
    mac: str
    result: str  #: ANSWERED: reachable now (RFC 4861, 7.3.2); LISTED: it was there once, up to hours ago
    detail: str  #: the table and the state, or that it is the router's own address


@dataclass(frozen=True)
class _Layout:
    """How to read a table: where its addresses are, and what its types mean."""

    table: Table
    address: Callable[[Index], str | None]
    static: int  #: configured: it shows that someone wrote it down, not that the host is there
    local: int  #: its own; 0 where the table has no such type
    invalid: int = 0


_PHYSICAL = _Layout(NET_TO_PHYSICAL, lambda index: in_index(index[1:]), static=4, local=5, invalid=2)
_MEDIA = _Layout(NET_TO_MEDIA, lambda index: plain_v4(index[1:]), static=4, local=0, invalid=2)
_MEDIA_V6 = _Layout(NET_TO_MEDIA_V6, lambda index: plain_v6(index[1:]), static=3, local=4)
_CISCO_MEDIA = _Layout(CISCO_NET_TO_MEDIA, in_index, static=0, local=0)


def read_neighbours(agent: Agent) -> tuple[list[Entry], str]:
    """All entries, each address once for each MAC; and what could not be read, in words.

    The table of RFC 4293 is read; an older one for the version of IP that it does not have.
    """
    entries = list(_entries(agent, _PHYSICAL))
    if not any(":" not in entry.address for entry in entries):
        entries += _entries(agent, _MEDIA)
    if not any(":" in entry.address for entry in entries):
        entries += _entries(agent, _MEDIA_V6)
    if not any(":" in entry.address for entry in entries) and read_system(agent).object_id[: len(_CISCO)] == _CISCO:
        entries += _entries(agent, _CISCO_MEDIA)
    # The same on several interfaces: the one that is reachable now counts.
    entries.sort(key=lambda entry: entry.result == ANSWERED)
    once = list({(entry.address, entry.mac): entry for entry in entries}.values())
    problems = [f"{name}: {table.error}" for name, table in agent.tables.items() if table.error and not table.complete]
    if len(once) > MOST_ENTRIES:
        problems.append(f"it has more than {MOST_ENTRIES:,} entries")
    return once[:MOST_ENTRIES], "; ".join(problems)


def _entries(agent: Agent, layout: _Layout) -> Iterator[Entry]:
    rows: Rows = agent.columns(layout.table, tuple(layout.table.columns))
    for index, row in rows.items():
        address, octets, state = layout.address(index), row.get("mac"), row.get("state")
        mac = normal_mac(octets) if isinstance(octets, bytes) else ""
        if address is None or not mac or _shows_nothing(layout, row):
            continue
        own = bool(layout.local) and row.get("type") == layout.local
        result = ANSWERED if own or state == _REACHABLE else LISTED
        word = "its own address" if own else _STATES.get(state if isinstance(state, int) else 0, "an entry")
        yield Entry(address, mac, result, f"{layout.table.name}: {word}")


def _shows_nothing(layout: _Layout, row: Mapping[str, object]) -> bool:
    """Whether an entry is no sign of a host: invalid, not resolved, or configured and not reachable."""
    kind, state = row.get("type"), row.get("state")
    if state in (_INVALID, _INCOMPLETE) or row.get("valid") == 2 or (layout.invalid and kind == layout.invalid):
        return True
    return bool(layout.static) and kind == layout.static and state != _REACHABLE

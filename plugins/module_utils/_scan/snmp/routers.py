# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source `routers`: ARP and ND tables of routers, which have the MACs of hosts that answer nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass

from ..._devices.recognition import read_system
from ..._outgoing.text import brief
from ..._snmp.session import Session
from ..evidence import evidence
from ..finding import ROUTERS, Finding
from ..host import SourceUse
from ..sources.vendors import vendor_of
from .access import Access
from .agents import LONGEST_BY, Agents
from .neighbour_tables import Entry, read_neighbours

#: sysName, entries, and the vendors of their MACs.
Neighbours = tuple[str, list[Entry], dict[str, str]]


@dataclass
class RoutersSource:
    """A TableSource. It yields what the tables have, of targets and of others: the engine decides.

    routers: addresses or names that the user gave. forwarding: where there are none, the agents of this scan that
    forward packets; called when the tables are read.
    """

    access: Access
    routers: Sequence[str] = ()
    forwarding: Callable[[], Iterable[str]] = tuple
    name: str = ROUTERS

    def __post_init__(self) -> None:
        self._agents = Agents(ROUTERS, self.access, _read, "ARP and ND tables")
        self._none = False

    async def read(self, _addresses: Sequence[str]) -> AsyncIterator[Finding]:
        """The entries of all routers. The same address may come several times: of each router, and with each MAC."""
        routers = self.routers or sorted(self.forwarding())
        self._none = not routers
        async for router, (sys_name, entries, vendors) in self._agents.read(routers):
            by = brief(f"{sys_name} ({router})" if sys_name and sys_name != router else router, LONGEST_BY)
            for entry in entries:
                listed = evidence(ROUTERS, entry.result, entry.detail, by=by, mac=entry.mac)
                yield Finding(ip=entry.address, evidence=(listed,), mac=entry.mac, vendor=vendors.get(entry.mac, ""))

    @property
    def is_complete(self) -> bool:
        return self._agents.is_complete

    def use(self) -> SourceUse:
        return self._agents.use("no router answered SNMP: set routers, or let SNMP reach them" if self._none else "")


def _read(session: Session) -> tuple[Neighbours, str]:
    entries, problem = read_neighbours(session.agent)
    # Here, because it takes a while for all MACs of a large router.
    vendors = {mac: vendor_of(mac) for mac in {entry.mac for entry in entries}}
    return (read_system(session.agent).name, entries, vendors), problem

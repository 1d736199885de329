# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source `links`: LLDP and CDP neighbours of devices in NetBox, some of which NetBox does not have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from ..._devices.recognition import read_system
from ..._outgoing.text import brief
from ..._outgoing.words import count
from ..._snmp.session import Session
from ..evidence import evidence
from ..finding import LINKS, LISTED, Finding
from ..host import SourceUse
from .access import Access
from .agents import LONGEST_BY, Agents
from .link_tables import Neighbour, read_links

Links = tuple[str, list[Neighbour]]


@dataclass
class LinksSource:
    """A TableSource.

    devices: the addresses of each device, the best first. It is asked at the first one at which its agent answered in
    this scan, or at which it was not asked yet. Those that must not be asked are left out.
    """

    access: Access
    devices: Iterable[Sequence[str]] = ()
    name: str = LINKS

    def __post_init__(self) -> None:
        self._agents = Agents(LINKS, self.access, _read, "LLDP and CDP neighbours", is_named=False)
        self._asked: list[str] = []
        self._silent = 0  #: devices that did not answer SNMP in this scan

    async def read(self, _addresses: Sequence[str]) -> AsyncIterator[Finding]:
        """The neighbours of all devices. The same address may come several times: of each port that sees it."""
        found = [self._of(addresses) for addresses in self.devices]
        self._asked = [address for address in found if address]
        self._silent = len(found) - len(self._asked)
        async for device, (sys_name, neighbours) in self._agents.read(self._asked):
            for one in neighbours:
                detail = ", ".join(filter(None, (one.protocol, one.name, one.mac)))
                by = brief(f"{sys_name or device} {one.port}", LONGEST_BY)
                entry = evidence(LINKS, LISTED, detail, by=by)
                names = (brief(one.name, LONGEST_BY),) if one.name else ()
                yield Finding(ip=one.address, evidence=(entry,), names=names)

    def _of(self, addresses: Sequence[str]) -> str | None:
        answered = self.access.answered
        heard = [address for address in addresses if answered.get(address)]
        return next(iter(heard or (address for address in addresses if address not in answered)), None)

    @property
    def is_complete(self) -> bool:
        return self._agents.is_complete and not self._silent

    def use(self) -> SourceUse:
        if self._asked:
            silent = f"{count(self._silent, 'device')} of NetBox did not answer SNMP" if self._silent else ""
            return self._agents.use(silent)
        return self._agents.use("no device of NetBox answered SNMP")


def _read(session: Session) -> tuple[Links, str]:
    neighbours, problem = read_links(session.agent)
    return (read_system(session.agent).name, neighbours), problem

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a source of a scan offers to the engine, and the engine to a source."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from .finding import Finding
from .host import SourceUse


class Budget(Protocol):
    """The packets that a scan may send, as _scan/budget.py counts them: all that this host sends, ARP and ND included.

    Each source asks it before it sends, and sends no more than it was given.
    """

    async def take(self, address: str, packets: int = 1, later: int = 0) -> bool:
        """Wait until these packets may be sent to an address; ARP and ND requests for it are added here.

        packets: that are sent at once, at most: of a TCP connection that is closed by a reset for example 3 (SYN, ACK,
        RST) and those of the data. later: that the kernel repeats by itself (syn_packets(timeout) - 1).
        False: they may not be sent at all (deadline, the limit of its subnet, interrupted). The source then reports
        NOT_ASKED for that address.
        """

    def give_back(self, address: str, packets: int) -> None:
        """Return those of `packets` that were surely not sent: of a connection that got no answer all but the SYN."""

    @property
    def seconds_left(self) -> float:
        """Until the deadline; a source waits no longer than this for anything."""


class AddressSource(Protocol):
    """A source that asks address by address: ICMP, TCP, DNS, SNMP. The engine calls it for many at the same time."""

    name: str

    async def ask(self, address: str, known: Finding | None) -> Finding:
        """Ask one address. `known` is what earlier sources found there. Raises nothing: trouble is evidence."""

    def use(self) -> SourceUse:
        """How it worked, after the scan."""


class TableSource(Protocol):
    """A source that reads tables about many addresses: the own neighbour table, routers, LLDP and CDP, nmap."""

    name: str

    def read(self, addresses: Sequence[str]) -> AsyncIterator[Finding]:
        """Findings about these addresses, and about others that it knows of: the engine decides what is a target."""

    @property
    def is_complete(self) -> bool:
        """Whether the last read() gave all of tables that list every host: then one that it did not give is not there.

        The engine then notes as asked the networks of which it gave anything: of others the tables may have nothing.
        """

    def use(self) -> SourceUse: ...

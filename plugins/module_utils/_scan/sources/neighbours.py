# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source "neighbours": the ARP and ND table of the host that scans, as `ip -j neigh` of iproute2 shows it.

It is worth most while a scan runs: the kernel asked these addresses for their MAC because the scan sent to them, and an
entry is REACHABLE for 15 to 45 s after the last sign of life. What is older says only that a host was there once: it is
LISTED, and never an answer.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..evidence import evidence
from ..finding import ANSWERED, LISTED, NEIGHBOURS, SILENT, Evidence, Finding
from ..host import SourceUse
from ..macs import normal_mac
from ..programs import ProgramError, find_program, run_program
from . import vendors

NO_PROGRAM = "the program ip is missing: install iproute2"
_TOO_OLD = "the program ip cannot write JSON (ip -j neigh): install iproute2 4.16 or newer"

#: The table of a kernel is usually limited to 1,024 entries; of one that was set larger, this much is read.
MOST_OCTETS, SECONDS = 32 * 2**20, 10.0

#: States of entries (linux/neighbour.h). DELAY and PROBE have an old MAC and no answer yet; PERMANENT and NOARP were
#: entered by an administrator, or need no answer.
_RESULTS = {
    "REACHABLE": ANSWERED,
    "STALE": LISTED,
    "DELAY": LISTED,
    "PROBE": LISTED,
    "PERMANENT": LISTED,
    "FAILED": SILENT,
    "INCOMPLETE": SILENT,
}


@dataclass(frozen=True)
class Neighbour:
    """An entry of the table."""

    address: str
    interface: str
    mac: str  #: normalised; empty while it is not known
    state: str
    confirmed: int | None = None  #: seconds since the last sign of life, if the state has a meaning for it
    is_router: bool = False  #: it said so in ND

    @property
    def result(self) -> str:
        return _RESULTS[self.state]

    @property
    def detail(self) -> str:
        if self.result == SILENT:
            return f"{self.interface}: no reply to {'ND' if ':' in self.address else 'ARP'} ({self.state})"
        age = f", confirmed {self.confirmed} s ago" if self.confirmed is not None else ""
        return f"{self.interface}: {self.state}{age}{', a router' if self.is_router else ''}"


class NeighbourTable:
    """A TableSource: read it while what was asked is fresh."""

    name = NEIGHBOURS

    def __init__(self) -> None:
        self._missing = ""
        self._is_read = False
        self._seen: set[str] = set()
        self._answered: set[str] = set()

    async def read(self, addresses: Sequence[str]) -> AsyncIterator[Finding]:
        """Every entry with a MAC; of those that do not reply only the given addresses."""
        try:
            entries = list(parse_table(await _table()))
        except ProgramError as error:
            self._missing = str(error)
            return
        self._is_read, wanted = True, set(addresses)
        for entry in entries:
            if entry.mac or entry.address in wanted:
                self._seen.add(entry.address)
                if entry.result == ANSWERED:
                    self._answered.add(entry.address)
                yield _finding(entry)

    @property
    def is_complete(self) -> bool:
        """The kernel keeps who replied to what the scan sent, if the table is read soon enough."""
        return self._is_read and not self._missing

    def use(self) -> SourceUse:
        """Entries that were seen count as asked."""
        return SourceUse(
            source=NEIGHBOURS,
            used=self._is_read,
            method="ip -j neigh" if self._is_read else "",
            missing=self._missing or ("" if not self._seen or vendors.is_available() else vendors.NO_LIBRARY),
            asked=len(self._seen),
            answered=len(self._answered),
        )


async def _table() -> bytes:
    program = find_program("ip")
    if not program:
        raise ProgramError(NO_PROGRAM)
    output = await run_program([program, "-s", "-j", "neigh", "show"], seconds=SECONDS, most=MOST_OCTETS)
    if not output.is_good:
        raise ProgramError(f"{_TOO_OLD} ({output.error or 'it did not end in time'})")
    return output.data


def parse_table(data: bytes) -> Iterator[Neighbour]:
    """The entries that concern hosts. Raises ProgramError."""
    try:
        rows = json.loads(data or b"[]")
    except (ValueError, RecursionError):
        raise ProgramError(_TOO_OLD) from None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and (entry := _entry(row)):
            yield entry


def _entry(row: dict[str, Any]) -> Neighbour | None:
    """None for what is no host elsewhere: multicast, link-local (one address may be on several links), this host."""
    try:
        address = ipaddress.ip_address(str(row.get("dst")))
    except ValueError:
        return None
    if address.is_multicast or address.is_link_local or address.is_loopback or address.is_unspecified:
        return None
    states = row.get("state")
    state = next((one for one in states if one in _RESULTS), "") if isinstance(states, list) else ""
    if not state or (address.version == 4 and str(address) == "255.255.255.255"):
        return None
    confirmed = row.get("confirmed") if state == "REACHABLE" else None
    return Neighbour(
        address=str(address),
        interface=str(row.get("dev", "")),
        mac="" if _RESULTS[state] == SILENT else normal_mac(str(row.get("lladdr", ""))),
        state=state,
        confirmed=confirmed if isinstance(confirmed, int) and confirmed >= 0 else None,
        is_router="router" in row,
    )


def _finding(entry: Neighbour) -> Finding:
    said: Evidence = evidence(NEIGHBOURS, entry.result, entry.detail, mac=entry.mac)
    return Finding(ip=entry.address, evidence=(said,), mac=entry.mac, vendor=vendors.vendor_of(entry.mac))

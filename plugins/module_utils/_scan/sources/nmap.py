# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source "nmap": its connect scan, for whoever has it installed and asks for it.

Only addresses that other sources found, or that NetBox has, are given to it, so it never searches. It runs without
privileges (-sT, which needs none) and without its scripts and its detection of versions: --max-rate does not hold for
those, so no budget could.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterator, Sequence

from ..evidence import evidence
from ..finding import ANSWERED, FAILED, NMAP, NOT_ASKED, REFUSED, SILENT, Finding
from ..host import SourceUse
from ..programs import Output, ProgramError, find_program, run_program
from ..source import Budget
from . import nmap_report
from .nmap_report import NmapHost, ReportError, read_report
from .tcp import DEFAULT_PORTS

NO_PROGRAM = "the program nmap is missing: install nmap, or leave out the source nmap"

#: Addresses of one run, and octets of its report that are read.
CHUNK, MOST_OCTETS = 64, 16 * 2**20
#: Packets for a port: two SYNs, or SYN, ACK, RST and one more SYN.
_PACKETS = 4
#: Seconds that nmap takes for itself, and that a host may take.
_OWN_SECONDS, HOST_SECONDS = 20.0, 30.0

_VERSION = re.compile(rb"Nmap version ([0-9][0-9A-Za-z.]{0,15})")


class NmapSource:
    """A TableSource. While it reads, nothing else may send: it gets all of `max_rate`."""

    name = NMAP

    def __init__(
        self, budget: Budget, ports: Sequence[int] = DEFAULT_PORTS, max_rate: float = 100.0, timeout: float = 0.9
    ) -> None:
        """
        :param max_rate: packets per second, within those of the budget.
        :param timeout: seconds for each port; nmap waits less for hosts that are fast.
        """
        self._budget, self._ports, self._timeout = budget, tuple(ports), timeout
        # nmap counts attempts to connect; of an open port are three packets.
        self._rate = max(1, int(max_rate / 3))
        self._version = self._missing = ""
        self._asked = self._answered = 0

    async def read(self, addresses: Sequence[str]) -> AsyncIterator[Finding]:
        """Scan the ports of these addresses, CHUNK at a time."""
        program = find_program("nmap")
        self._missing = NO_PROGRAM if not program else "" if nmap_report.is_available() else nmap_report.NO_LIBRARY
        if self._missing:
            return
        try:
            self._version = await _version(program)
            for chunk in _chunks(addresses):
                async for finding in self._scan(program, chunk):
                    yield finding
        except ProgramError as error:
            self._missing = str(error)

    async def _scan(self, program: str, chunk: Sequence[str]) -> AsyncIterator[Finding]:
        allowed = [ip for ip in chunk if await self._budget.take(ip, _PACKETS * len(self._ports))]
        for address in set(chunk) - set(allowed):
            yield _finding(address, NOT_ASKED, "no packets left for it")
        if not allowed:
            return
        seconds = _OWN_SECONDS + HOST_SECONDS + len(allowed) * len(self._ports) * 2 / self._rate
        output = await run_program(
            self._command(program, ":" in allowed[0]),
            data="\n".join(allowed).encode("ascii"),
            seconds=min(seconds, self._budget.seconds_left),
            most=MOST_OCTETS,
        )
        for finding in self._read(output, allowed):
            yield finding

    def _read(self, output: Output, allowed: Collection[str]) -> Iterator[Finding]:
        """What the report has of these addresses; and of those that it lacks, that nothing is known."""
        missing, reason = dict.fromkeys(allowed), "nmap did not report it"
        try:
            for host in read_report(output.data):
                if host.address in missing:
                    del missing[host.address]
                    yield self._of(host)
        except ReportError as error:
            reason = str(error)
        if output.status:
            reason = f"nmap: {output.error or f'exit status {output.status}'}"
        if missing:
            self._missing = self._missing or reason
        for address in missing:
            # Stopped by the deadline: then it was not asked. Otherwise nmap could not.
            yield _finding(address, NOT_ASKED if output.status is None else FAILED, reason)

    def _of(self, host: NmapHost) -> Finding:
        states = {port.state for port in host.ports}
        result = ANSWERED if "open" in states else REFUSED if states else NOT_ASKED if host.is_cut else SILENT
        self._asked += result != NOT_ASKED
        self._answered += result in (ANSWERED, REFUSED)
        listed = (f"{port.number} {port.state}{f' ({port.service})' if port.service else ''}" for port in host.ports)
        detail = ", ".join(listed) or ("given up after some time" if host.is_cut else "no answer from any port")
        return Finding(ip=host.address, evidence=(evidence(NMAP, result, detail),), ports=host.ports)

    def _command(self, program: str, is_ipv6: bool) -> list[str]:
        wait = f"{max(1, int(self._timeout * 1000))}ms"
        return [
            *(program, "--unprivileged", "-sT", "-Pn", "-n", *(("-6",) if is_ipv6 else ())),
            *("-p", ",".join(map(str, self._ports)), "--max-rate", str(self._rate), "--max-retries", "1"),
            *("--initial-rtt-timeout", wait, "--max-rtt-timeout", wait, "--host-timeout", f"{HOST_SECONDS:.0f}s"),
            *("-oX", "-", "-iL", "-"),
        ]

    @property
    def is_complete(self) -> bool:
        """It is given what other sources found, not every address."""
        return False

    def use(self) -> SourceUse:
        ports = ", ".join(map(str, self._ports))
        return SourceUse(
            source=NMAP,
            used=self._asked > 0,
            method=f"nmap {self._version}, connect scan of {ports}" if self._version else "",
            missing=self._missing,
            asked=self._asked,
            answered=self._answered,
        )


async def _version(program: str) -> str:
    output = await run_program([program, "--version"], seconds=_OWN_SECONDS, most=65536)
    found = _VERSION.search(output.data)
    if not output.is_good or found is None:
        raise ProgramError(f"{program} --version does not name a version of nmap: {output.error or output.status}")
    return found[1].decode("ascii")


def _chunks(addresses: Sequence[str]) -> Iterator[Sequence[str]]:
    """IPv4 and IPv6 apart: a run of nmap scans one of them."""
    for is_ipv6 in (False, True):
        some = [address for address in addresses if (":" in address) == is_ipv6]
        for start in range(0, len(some), CHUNK):
            yield some[start : start + CHUNK]


def _finding(address: str, result: str, detail: str) -> Finding:
    return Finding(ip=address, evidence=(evidence(NMAP, result, detail),))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of some TCP ports of an address are open: connect(2), banners, and certificates.

Nothing is sent to a service but the beginning of TLS where it expects that. HTTP is not asked for its headers: a
request appears in the logs and alarms of devices, and what it returns is rarely more than "nginx".
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..budget import syn_packets
from ..evidence import evidence
from ..finding import ANSWERED, FAILED, NOT_ASKED, REFUSED, SILENT, TCP, Finding, Port
from ..host import SourceUse
from ..source import Budget
from . import tls
from .banner import CLIENT_FIRST, MOST_READS, banner_text, is_complete
from .connection import LARGE, SMALL, Connection, connect

#: SSH and Telnet, by which network devices are managed, and the two ports of web interfaces. Most hosts that drop ICMP
#: have one of them, if only to reset it; each further port costs at least one packet for every address. Ports of
#: servers (445, 3389) are left out: set tcp_ports to ask them.
DEFAULT_PORTS = (22, 23, 80, 443)

#: Seconds that a connection is waited for, below the second after which the kernel repeats its SYN (RFC 6298).
DEFAULT_TIMEOUT = 0.9
#: Seconds that a service has to send its banner, or to shake hands.
BANNER_SECONDS, TLS_SECONDS = 1.0, 3.0
#: Sockets that are open at the same time: below the 1,024 file descriptors that a process usually may have.
MOST_SOCKETS = 400

#: Packets of a connection that is opened: SYN, ACK, RST, and an ACK if the service speaks first. Of each read of a
#: banner: an ACK, and one for the window. Of TLS: what is sent of the handshake, and the same for each read. A host
#: that answers after the timeout gets a reset from the kernel, which is not counted: set timeout_ms above the slowest.
_CONNECT, _BANNER, _TLS = 4, 2 * MOST_READS, 3 + 2 * tls.MOST_READS


@dataclass(frozen=True)
class _Answer:
    """What became of one port."""

    port: int
    result: str
    reason: str = ""
    found: Port | None = None


@dataclass
class TcpSource:
    """The source `tcp`: an AddressSource for one event loop.

    timeout: seconds for each connection. Of more than a second the repeated SYNs are taken from the budget as well.
    details: whether banners and certificates are read; else an open port is closed at once.
    """

    budget: Budget
    ports: Sequence[int] = DEFAULT_PORTS
    timeout: float = DEFAULT_TIMEOUT
    details: bool = True
    most_sockets: int = MOST_SOCKETS
    name: str = TCP
    asked: int = 0
    answered: int = 0
    _sockets: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._sockets = asyncio.Semaphore(self.most_sockets)

    async def ask(self, address: str, known: Finding | None) -> Finding:
        """Try all ports of an address at the same time. An open one is proof; a reset is a sign."""
        answers = await asyncio.gather(*(self._try(address, port) for port in self.ports))
        result = _result(answers)
        self.asked += result not in (NOT_ASKED, FAILED)
        self.answered += result in (ANSWERED, REFUSED)
        return Finding(
            ip=address,
            evidence=(evidence(TCP, result, _detail(answers)),),
            ports=tuple(answer.found for answer in answers if answer.found),
        )

    def use(self) -> SourceUse:
        ports = ", ".join(map(str, self.ports))
        return SourceUse(
            source=TCP,
            used=self.asked > 0,
            method=f"TCP connect to {ports}",
            missing="" if tls.is_available() or not self.details else tls.MISSING,
            asked=self.asked,
            answered=self.answered,
        )

    async def _try(self, address: str, port: int) -> _Answer:
        async with self._sockets:
            if not await self.budget.take(address, _CONNECT, syn_packets(self.timeout) - 1):
                return _Answer(port, NOT_ASKED)
            seconds = min(self.timeout, self.budget.seconds_left)
            connection = await connect(address, port, seconds, LARGE if port in tls.PORTS else SMALL)
            try:
                if connection.result == ANSWERED:
                    return _Answer(port, ANSWERED, *await self._details(address, port, connection))
            finally:
                connection.close()
        self.budget.give_back(address, _CONNECT - (connection.result != FAILED))
        if connection.result == SILENT and not connection.reason and seconds < self.timeout:
            return _Answer(port, NOT_ASKED, "cut short")
        found = Port(number=port, state="refused") if connection.result == REFUSED else None
        return _Answer(port, connection.result, connection.reason, found)

    async def _details(self, address: str, port: int, connection: Connection) -> tuple[str, Port]:
        """Why there are none, and the open port with what it shows."""
        packets = _TLS if port in tls.PORTS else 0 if port in CLIENT_FIRST else _BANNER
        if not self.details or not packets or not await self.budget.take(address, packets):
            return "", Port(number=port)
        try:
            if port not in tls.PORTS:
                return "", Port(number=port, banner=await self._banner(connection))
            shown = await tls.certificate_of(connection, min(TLS_SECONDS, self.budget.seconds_left))
            names, issuer, expires = shown.names, shown.issuer, shown.expires
            return shown.problem, Port(number=port, tls_names=names, tls_issuer=issuer, tls_expires=expires)
        finally:
            self.budget.give_back(address, max(0, packets - connection.packets))

    async def _banner(self, connection: Connection) -> str:
        data = b""
        # What came until it was reset, or until the time was over (TimeoutError is an OSError), counts.
        with contextlib.suppress(OSError):
            async with asyncio.timeout(min(BANNER_SECONDS, self.budget.seconds_left)):
                for _read in range(MOST_READS):
                    more = await connection.receive()
                    data += more
                    if not more or is_complete(data):
                        break
        return banner_text(data)


def _result(answers: Sequence[_Answer]) -> str:
    """The strongest of all ports; and silence only where every port was asked."""
    results = {answer.result for answer in answers}
    return next((result for result in (ANSWERED, REFUSED, FAILED, NOT_ASKED) if result in results), SILENT)


_WORDS = {ANSWERED: "open", REFUSED: "refused", SILENT: "no answer", NOT_ASKED: "not asked", FAILED: "failed"}


def _detail(answers: Iterable[_Answer]) -> str:
    """Such as: open 22, 443 (no certificate); refused 80; no answer 23."""
    parts = []
    for result, word in _WORDS.items():
        ports = [
            f"{answer.port} ({answer.reason})" if answer.reason else str(answer.port)
            for answer in answers
            if answer.result == result
        ]
        if ports:
            parts.append(f"{word} {', '.join(ports)}")
    return "; ".join(parts)

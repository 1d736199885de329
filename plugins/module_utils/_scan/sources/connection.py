# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One TCP connection of a scan: opened, read within limits, closed by a reset; and what became of it, in one word.

It is closed by a reset (SO_LINGER 0) on purpose: that is one packet instead of two or three, and leaves no socket in
TIME_WAIT of which a scan of thousands of ports would run out. Its receive buffer is small, so that a service that sends
without end is stopped by the window, and causes few acknowledgements.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import struct
from dataclasses import dataclass

from ..finding import ANSWERED, FAILED, REFUSED, SILENT

#: Octets of receive buffers: the least that the kernel has (Linux: 2,304, a window of 1,152), and for certificates.
SMALL, LARGE = 1, 8192

#: Octets of one read.
_CHUNK = 4096

#: Results of connect(2) that prove a host, or that it is silent. Any other error is ours and proves nothing: no route
#: (ENETUNREACH), no file descriptor (EMFILE), a local rule (EPERM), no port (EADDRNOTAVAIL).
_RESULTS = {
    errno.ECONNREFUSED: (REFUSED, ""),
    errno.ECONNRESET: (REFUSED, ""),
    errno.ETIMEDOUT: (SILENT, ""),
    # A router that has no such host, or this kernel when nothing replied to ARP or ND.
    errno.EHOSTUNREACH: (SILENT, "host unreachable"),
    errno.EHOSTDOWN: (SILENT, "host unreachable"),
}


@dataclass
class Connection:
    """An attempt: `result` is ANSWERED (open), REFUSED, SILENT or FAILED, `reason` why. Close it in any case."""

    socket: socket.socket | None
    result: str
    reason: str = ""
    packets: int = 0  #: that reading and sending caused at most: an ACK for each read, and one for the window

    async def receive(self) -> bytes:
        """The next octets; empty at the end. Raises OSError."""
        if self.socket is None:
            return b""
        self.packets += 2
        return await asyncio.get_running_loop().sock_recv(self.socket, _CHUNK)

    async def send(self, data: bytes) -> None:
        """Raises OSError."""
        if self.socket is not None:
            self.packets += 1
            await asyncio.get_running_loop().sock_sendall(self.socket, data)

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()


async def connect(address: str, port: int, seconds: float, buffer: int = SMALL) -> Connection:
    """Connect to a port. Raises nothing."""
    found: socket.socket | None = None
    try:
        found = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        found.setblocking(False)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().sock_connect(found, (address, port))
    except TimeoutError:
        outcome = SILENT, ""
    except OSError as error:
        outcome = _RESULTS.get(error.errno or 0, (FAILED, os.strerror(error.errno or 0)))
    except BaseException:
        if found is not None:
            found.close()
        raise
    else:
        return Connection(found, ANSWERED)
    if found is not None:
        found.close()
    return Connection(None, *outcome)

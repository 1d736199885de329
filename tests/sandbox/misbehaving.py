# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a network has besides good agents: one that never answers, one that stops in mid-table, and TCP services."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading

Address = tuple[str, int]

LARGEST_DATAGRAM = 65535


class SilentAgent:
    """Holds a UDP port and never answers: for the client it is dead, filtered, or has another community."""

    def __init__(self, address: Address) -> None:
        """OSError if another process has the port."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(address)

    def close(self) -> None:
        self._socket.close()


class BannerService:
    """A TCP service that sends one line to whatever connects, and closes."""

    def __init__(self, address: Address, banner: str) -> None:
        """OSError if the port is not free."""
        self._socket = socket.create_server(address)
        self._banner = banner.encode() + b"\r\n"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        # Wakes the thread, which closing alone does not.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.sendall(self._banner)


class MidTableAgent:
    """Stands before a real agent and passes everything on, but no reply that holds one certain OID.

    So every walk of the table gets its rows up to that one, and then time-outs, however small it asks.
    Works for v1 and v2c, where OIDs can be seen in the datagram (X.690, 8.19).
    """

    def __init__(self, address: Address, agent: Address, last_oid: str) -> None:
        self._agent = agent
        self._forbidden = encoded_oid(last_oid)
        self._selector = selectors.DefaultSelector()
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(address)
        self._selector.register(self._front, selectors.EVENT_READ)
        self._behind: dict[Address, socket.socket] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()
        for each in [self._front, *self._behind.values()]:
            each.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._stopped.is_set():
            for key, _events in self._selector.select(timeout=0.2):
                if key.fileobj is self._front:
                    datagram, asker = self._front.recvfrom(LARGEST_DATAGRAM)
                    self._for(asker).send(datagram)
                else:
                    self._pass_back(key.data)

    def _for(self, asker: Address) -> socket.socket:
        """The socket towards the agent that belongs to this asker, so that replies find their way."""
        if asker not in self._behind:
            behind = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            behind.connect(self._agent)
            self._behind[asker] = behind
            self._selector.register(behind, selectors.EVENT_READ, data=asker)
        return self._behind[asker]

    def _pass_back(self, asker: Address) -> None:
        try:
            reply = self._behind[asker].recv(LARGEST_DATAGRAM)
        except ConnectionRefusedError:  # the agent behind is not up yet: the asker sees a time-out
            return
        if self._forbidden not in reply:
            self._front.sendto(reply, asker)


def encoded_oid(text: str) -> bytes:
    """The octets of an OID's value in BER (X.690, 8.19): base 128, the first two numbers in one."""
    first, second, *rest = (int(number) for number in text.split("."))
    octets = bytearray()
    for number in [first * 40 + second, *rest]:
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(number & 0x7F | 0x80)
        octets += bytes(reversed(septets))
    return bytes(octets)

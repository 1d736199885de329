# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over a wire: every frame of an interface, counted where it passes and not where it is claimed."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import Self

ETH_P_ALL = 0x0003
_ARP, _IPV4, _IPV6 = 0x0806, 0x0800, 0x86DD
_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp"}
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10


@dataclass(frozen=True)
class Frame:
    """What of a frame concerns a scan."""

    time: float  #: of time.monotonic()
    sent: bool  #: by the interface; False: received
    protocol: str  #: arp, nd, icmp, tcp, udp, other
    source: str
    destination: str  #: of an ARP request or a neighbour solicitation: who is looked for
    port: int = 0  #: of the destination
    flags: int = 0  #: of TCP
    octets: int = 0

    @property
    def is_syn(self) -> bool:
        return self.protocol == "tcp" and self.flags & (SYN | ACK) == SYN


class Capture:
    """The frames that pass an interface of this thread's namespace, from start() until stop().

    Make and start it inside the namespace (`lab.capture()` does); a frame is in `frames` when stop() has returned.
    """

    def __init__(self, interface: str) -> None:
        self.frames: list[Frame] = []
        self.lost = 0  #: that the kernel dropped: a count is right only if this is 0
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, 33, 1 << 26)  # SO_RCVBUFFORCE: a busy machine loses nothing
        self._socket.bind((interface, ETH_P_ALL))
        self._socket.settimeout(0.1)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._receive, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        if not self._stopped.is_set():
            self._stopped.set()
            self._thread.join()
            statistics = self._socket.getsockopt(263, 6, 8)  # SOL_PACKET, PACKET_STATISTICS
            self.lost += struct.unpack("=II", statistics)[1]
            self._socket.close()

    def sent(self, *protocols: str) -> list[Frame]:
        """The frames that the interface sent, of these protocols or of all."""
        return [frame for frame in self.frames if frame.sent and (not protocols or frame.protocol in protocols)]

    def _receive(self) -> None:
        while True:
            try:
                data, place = self._socket.recvfrom(65535)
            except TimeoutError:
                if self._stopped.is_set():
                    return
                continue
            if frame := parse(data, sent=place[2] == socket.PACKET_OUTGOING):
                self.frames.append(frame)


def parse(data: bytes, sent: bool) -> Frame | None:
    """Read an Ethernet frame; None if it is cut off."""
    now, size = time.monotonic(), len(data)
    with contextlib.suppress(struct.error, ValueError):
        (kind,) = struct.unpack_from("!H", data, 12)
        payload = data[14:]
        if kind == _ARP:
            return Frame(now, sent, "arp", _address(payload[14:18]), _address(payload[24:28]), octets=size)
        if kind == _IPV4:
            head = (payload[0] & 15) * 4
            addresses = _address(payload[12:16]), _address(payload[16:20])
            return _with_ports(Frame(now, sent, "other", *addresses, octets=size), payload[9], payload[head:])
        if kind == _IPV6:
            addresses = _address(payload[8:24]), _address(payload[24:40])
            return _with_ports(Frame(now, sent, "other", *addresses, octets=size), payload[6], payload[40:])
    return None


def _address(octets: bytes) -> str:
    return str(ipaddress.ip_address(octets))


def _with_ports(frame: Frame, number: int, data: bytes) -> Frame:
    protocol, destination, port, flags = _PROTOCOLS.get(number, "other"), frame.destination, 0, 0
    if protocol in ("tcp", "udp"):
        (port,) = struct.unpack_from("!H", data, 2)
    if protocol == "tcp":
        flags = data[13]
    if number == 58 and 133 <= data[0] <= 137:  # router and neighbour solicitations and advertisements (RFC 4861)
        protocol = "nd"
        if data[0] == 135:
            destination = _address(data[8:24])
    elif number == 58 and data[0] > 129:
        protocol = "other"  # such as reports of multicast listeners (RFC 3810)
    return Frame(frame.time, frame.sent, protocol, frame.source, destination, port, flags, frame.octets)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICMP echo (ping), by datagram sockets that need no privilege, else by raw ones."""

from __future__ import annotations

import ipaddress
import secrets
from collections import Counter
from typing import Any

from ..evidence import evidence
from ..finding import ANSWERED, FAILED, ICMP, NOT_ASKED, SILENT, Finding
from ..host import SourceUse
from ..source import Budget

try:
    import icmplib
except ImportError:
    icmplib = None

DATAGRAM, RAW = "ICMP datagram sockets", "raw sockets"
NO_LIBRARY = "the Python library icmplib is missing: pip install icmplib"
NO_PRIVILEGE = (
    "this user may open neither ICMP datagram sockets nor raw ones: set net.ipv4.ping_group_range to a range with its"
    ' group (sysctl -w net.ipv4.ping_group_range="0 2147483647"), or give Python the capability cap_net_raw'
)


class Icmp:
    """The source ICMP, for IPv4 and IPv6."""

    name = ICMP

    def __init__(self, budget: Budget, timeout: float = 0.9, attempts: int = 2) -> None:
        """
        :param timeout: seconds to wait for the answer to each request.
        :param attempts: requests that an address gets until it answers.
        """
        self._budget, self._timeout, self._attempts = budget, timeout, attempts
        self._methods: dict[int, str] = {}  #: version -> DATAGRAM, RAW, or "" where neither is permitted
        self._used: Counter[str] = Counter()
        self._asked = self._answered = 0

    async def ask(self, address: str, known: Finding | None) -> Finding:
        version = ipaddress.ip_address(address).version
        if icmplib is None:
            return _finding(address, FAILED, NO_LIBRARY)
        method = self._method(version)
        if not method:
            return _finding(address, FAILED, NO_PRIVILEGE)
        try:
            with _socket(version, method) as socket:
                return await self._ping(address, socket, method)
        except OSError as error:
            return _finding(address, FAILED, f"this host cannot send to it: {error.strerror}")
        except icmplib.ICMPLibError as error:
            return _finding(address, FAILED, f"no socket: {error}")

    async def _ping(self, address: str, socket: Any, method: str) -> Finding:
        # Only what comes from this address arrives, and what routers report of it.
        socket.sock.connect((address, 0))
        detail = ""
        number = secrets.randbelow(0xFFFF) + 1
        for attempt in range(self._attempts):
            if not await self._budget.take(address):
                return _finding(address, NOT_ASKED, "no packets left for it")
            if not attempt:
                self._asked += 1
                self._used[method] += 1
            request = icmplib.ICMPRequest(destination=address, id=number, sequence=attempt)
            try:
                socket.send(request)
                reply = await socket.receive(request, min(self._timeout, self._budget.seconds_left))
                reply.raise_for_status()
            except icmplib.TimeoutExceeded:
                continue
            except icmplib.SocketBroadcastError:
                return _finding(address, FAILED, "this host may not send to it: check its own firewall")
            except icmplib.ICMPLibError as error:
                # What a router reported, such as that it finds no host there.
                detail = str(error)
                continue
            self._answered += 1
            rtt = max(0.0, (reply.time - request.time) * 1000)
            return _finding(address, ANSWERED, "echo reply", round(rtt, 3))
        return _finding(address, SILENT, detail)

    def use(self) -> SourceUse:
        missing = NO_LIBRARY if icmplib is None else NO_PRIVILEGE if "" in self._methods.values() else ""
        return SourceUse(
            source=ICMP,
            used=bool(self._used),
            method=" and ".join(self._used),
            missing=missing,
            asked=self._asked,
            answered=self._answered,
        )

    def _method(self, version: int) -> str:
        """The first that is permitted; found out once."""
        if version not in self._methods:
            self._methods[version] = next((one for one in (DATAGRAM, RAW) if _is_permitted(version, one)), "")
        return self._methods[version]


def _is_permitted(version: int, method: str) -> bool:
    try:
        _socket(version, method).close()
    except icmplib.SocketPermissionError:
        return False
    except icmplib.ICMPLibError:
        # This host has no IPv6, for example: the address gets the reason.
        return True
    return True


def _socket(version: int, method: str) -> Any:
    kind = icmplib.ICMPv4Socket if version == 4 else icmplib.ICMPv6Socket
    return icmplib.AsyncSocket(kind(privileged=method == RAW))


def _finding(address: str, result: str, detail: str = "", rtt_ms: float | None = None) -> Finding:
    return Finding(ip=address, evidence=(evidence(ICMP, result, detail),), rtt_ms=rtt_ms)

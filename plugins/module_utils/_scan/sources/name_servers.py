# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries to chosen name servers, each with its time and its packets; a server that fails is asked last.

dnspython makes and checks the messages. Its resolver is not used: it repeats queries by rules of its own, which the
budget could not count.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..source import Budget

try:
    import dns.asyncquery
    import dns.exception
    import dns.flags
    import dns.message
    import dns.rcode
    import dns.resolver
    import dns.version
except ImportError:
    dns = None  # type: ignore[assignment]

NO_LIBRARY = "the Python library dnspython is missing, or older than 2.6: pip install 'dnspython>=2.6.1'"
NO_SERVER = "this host has no name server (/etc/resolv.conf): set dns_servers"

#: Seconds for one query to one server, and packets: of TCP, to which a truncated reply leads, SYN, ACKs, query, FIN.
QUERY_SECONDS = 2.0
_UDP, _TCP = 1, 10
#: Queries without a reply from any server, in a row, after which none is sent for REST_SECONDS.
MOST_FAILURES, REST_SECONDS = 8, 30.0

_SERVER = re.compile(
    r"(?P<ip4>[0-9.]+)(:(?P<port4>[0-9]{1,5}))?|\[(?P<ip6>[^\]]+)\](:(?P<port6>[0-9]{1,5}))?|(?P<plain>[^\[\]]+)"
)


class DnsFailure(Exception):
    """No server replied with an answer, or with the statement that there is none; the message says why."""


class DnsNotAsked(Exception):
    """The budget has no packets left for a query."""


@dataclass(frozen=True)
class Reply:
    """The records of one type, also behind aliases; none if the name or the records do not exist."""

    server: str
    records: tuple[Any, ...]
    exists: bool  #: the name does


def is_available() -> bool:
    return dns is not None and (dns.version.MAJOR, dns.version.MINOR) >= (2, 6)


def parse_server(text: str) -> tuple[str, int]:
    """ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT. Raises ValueError."""
    found = _SERVER.fullmatch(text.strip())
    port = int(found["port4"] or found["port6"] or 53) if found else 0
    if found is None or not 0 < port < 65536:
        raise ValueError(f"{text!r} is not the address of a name server")
    return str(ipaddress.ip_address(found["ip4"] or found["ip6"] or found["plain"])), port


class NameServers:
    """The name servers of a scan, and how each of them does. Not to be made without the library."""

    def __init__(self, budget: Budget, servers: Iterable[str] = (), seconds: float = QUERY_SECONDS) -> None:
        """
        :param servers: as parse_server() takes them; none: those of /etc/resolv.conf.
        Raises ValueError.
        """
        self._budget, self._seconds = budget, seconds
        self.servers: Sequence[tuple[str, int]] = tuple(map(parse_server, servers or _of_this_host()))
        self._failures: Counter[tuple[str, int]] = Counter()
        self._in_a_row = 0
        self._rests_until = 0.0

    async def ask(self, name: Any, kind: str) -> Reply:
        """Query for records. Raises DnsFailure, DnsNotAsked."""
        if time.monotonic() < self._rests_until:
            raise DnsFailure(f"the last {MOST_FAILURES} queries got no reply: not asked for some time")
        reasons = []
        for server in sorted(self.servers, key=lambda one: self._failures[one]):
            try:
                reply = await self._ask_one(server, dns.message.make_query(name, kind))
            except (dns.exception.DNSException, OSError) as error:
                reasons.append(f"{server[0]}: {_reason(error)}")
            else:
                if reply.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                    self._failures[server] = self._in_a_row = 0
                    return _read(server[0], reply)
                reasons.append(f"{server[0]}: {dns.rcode.to_text(reply.rcode())}")
            self._failures[server] += 1
        self._in_a_row += 1
        if self._in_a_row >= MOST_FAILURES:
            self._in_a_row, self._rests_until = 0, time.monotonic() + REST_SECONDS
        raise DnsFailure("; ".join(reasons))

    async def _ask_one(self, server: tuple[str, int], query: Any) -> Any:
        address, port = server
        await self._take(address, _UDP)
        seconds = min(self._seconds, self._budget.seconds_left)
        reply = await dns.asyncquery.udp(
            query, address, seconds, port, ignore_unexpected=True, ignore_trailing=True, ignore_errors=True
        )
        if reply.flags & dns.flags.TC:
            await self._take(address, _TCP)
            reply = await dns.asyncquery.tcp(query, address, seconds, port, ignore_trailing=True)
        return reply

    async def _take(self, address: str, packets: int) -> None:
        if not await self._budget.take(address, packets):
            raise DnsNotAsked
        if not self._budget.seconds_left:
            raise DnsNotAsked


def _of_this_host() -> Sequence[str]:
    try:
        found = [str(server) for server in dns.resolver.Resolver().nameservers]
    except dns.exception.DNSException:
        found = []
    if not found:
        raise ValueError(NO_SERVER)
    return [f"[{address}]" for address in found]  # it may have a zone: fe80::1%eth0


def _read(server: str, reply: Any) -> Reply:
    try:
        answer = reply.resolve_chaining().answer
    except dns.exception.DNSException:  # aliases in a circle
        answer = None
    return Reply(server, tuple(answer or ()), exists=reply.rcode() != dns.rcode.NXDOMAIN)


def _reason(error: Exception) -> str:
    if isinstance(error, (dns.exception.Timeout, TimeoutError)):
        return "no reply"
    return str(error) or type(error).__name__

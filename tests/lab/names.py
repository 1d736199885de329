# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real name server for the lab: UDP and TCP, forward and reverse, in the moods that name servers have.

start_name_servers(lab)
RIGHT     10.80.0.53    answers
SILENT    10.80.0.54    never answers
BROKEN    10.80.0.55    SERVFAIL for everything
SLOW      10.80.0.56    answers after 0.5 s
REFUSING  10.80.0.57    REFUSED for everything
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections import Counter
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.reversename
import dns.rrset
from ansible_collections.invmon.network.tests.lab.lab import ABSENT, ADDRESSES, ADDRESSES6, Lab

RIGHT, SILENT, BROKEN, SLOW, REFUSING = (f"10.80.0.{number}" for number in range(53, 58))

#: A name that would colour a terminal, and one that a template would evaluate.
HOSTILE = (dns.name.Name((b"evil\x1b[31m.\n", b"lab", b"example", b"")), dns.name.from_text(r"{{7*7}}.lab.example."))

#: Address -> its PTR names.
PTR: dict[str, tuple[str | dns.name.Name, ...]] = {
    ADDRESSES["plain"]: ("plain.lab.example.",),
    ADDRESSES6["plain"]: ("plain.lab.example.",),
    ADDRESSES["icmp_only"]: ("moved.lab.example.",),  # the name has another address
    ADDRESSES["tcp_only"]: ("c.lab.example.", "a.lab.example.", "b.lab.example."),  # b only has this address
    ADDRESSES["arp_only"]: HOSTILE,
    ADDRESSES["refuses_only"]: ("gone.lab.example.",),  # the name does not exist
    ADDRESSES["virtual"]: tuple(f"name-{number}.{'x' * 40}.lab.example." for number in range(80)),  # needs TCP
    ABSENT: ("absent.lab.example.",),
}
#: Name -> its addresses.
FORWARD: dict[str, tuple[str, ...]] = {
    "plain.lab.example.": (ADDRESSES["plain"], ADDRESSES6["plain"]),
    "moved.lab.example.": ("10.80.0.77",),
    "a.lab.example.": ("10.80.0.78",),
    "b.lab.example.": (ADDRESSES["tcp_only"],),
    "absent.lab.example.": (ABSENT,),
}
#: The reverse name of this address is an alias (RFC 2317).
ALIASED = ADDRESSES["router"]
_ALIAS = "254.0-255.0.80.10.in-addr.arpa."


def _zone() -> dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset]:
    zone: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset] = {}

    def add(name: dns.name.Name, kind: str, value: str) -> None:
        found = dns.rrset.from_text(name, 60, "IN", kind, value)
        zone.setdefault((name, found.rdtype), dns.rrset.RRset(name, found.rdclass, found.rdtype)).update(found)

    for address, names in PTR.items():
        for target in names:
            text = target if isinstance(target, str) else target.to_text()
            add(dns.reversename.from_address(address), "PTR", text)
    for name, addresses in FORWARD.items():
        for address in addresses:
            add(dns.name.from_text(name), "AAAA" if ":" in address else "A", address)
    add(dns.reversename.from_address(ALIASED), "CNAME", _ALIAS)
    add(dns.name.from_text(_ALIAS), "PTR", "rtr.lab.example.")
    add(dns.name.from_text("rtr.lab.example."), "A", ALIASED)
    return zone


class NameServer(asyncio.DatagramProtocol):
    """One server. `asked` counts the queries by type."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: Counter[str] = Counter()
        self._zone = _zone()
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport and (reply := self._reply(data, 1232)):
            delay = 0.5 if self.address == SLOW else 0.0
            asyncio.get_running_loop().call_later(delay, self._transport.sendto, reply, addr)

    async def serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
        if reply := self._reply(await reader.readexactly(size), 65535):
            writer.write(struct.pack("!H", len(reply)) + reply)
            await writer.drain()

    def _reply(self, data: bytes, most: int) -> bytes:
        query = dns.message.from_wire(data)
        reply = dns.message.make_response(query)
        name, kind = query.question[0].name, query.question[0].rdtype
        self.asked[dns.rdatatype.to_text(kind)] += 1
        if self.address == SILENT:
            return b""
        if self.address in (BROKEN, REFUSING):
            reply.set_rcode(dns.rcode.SERVFAIL if self.address == BROKEN else dns.rcode.REFUSED)
            return reply.to_wire()
        if alias := self._zone.get((name, dns.rdatatype.CNAME)):
            reply.answer.append(alias)
            name = alias[0].target
        if found := self._zone.get((name, kind)):
            # In another order each time, as servers do.
            shuffled = random.sample(list(found), len(found))
            reply.answer.append(dns.rrset.from_rdata_list(name, 60, shuffled))
        elif not any(known == name for known, _kind in self._zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        wire = reply.to_wire(max_size=65535)
        if len(wire) > most:
            reply = dns.message.make_response(query)
            reply.flags |= dns.flags.TC
            wire = reply.to_wire()
        return wire


def start_name_servers(lab: Lab) -> dict[str, NameServer]:
    """Start all of them on the lab's host `names`, for as long as it runs; by address."""
    host = lab.host("names")
    others = (SILENT, BROKEN, SLOW, REFUSING)
    host.namespace.ip(*(f"addr add {address}/24 dev eth0" for address in others))
    servers = {address: NameServer(address) for address in (RIGHT, *others)}
    for address, server in servers.items():
        lab.serve("names", 53, server.serve_tcp, address=address)
        lab.call(_serve_udp(host.run(_bound, address), server))
    return servers


def _bound(address: str) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.setblocking(False)
    found.bind((address, 53))
    return found


async def _serve_udp(listener: socket.socket, server: NameServer) -> None:
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: server, sock=listener)

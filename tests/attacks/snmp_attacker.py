# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An attacker on the network who sees what an agent is asked, and answers first.

    with Attacked(device, From.OTHER_PORT, forge) as agent:   # ask 127.0.0.1, agent.port

`Attacked` is the agent of SNMPv1 and v2c, `AttackedUser` that of v3; each of their true replies comes after the forged
one. On loopback everything that a spoofed datagram could be is sent for real: from another port, from another address
of 127.0.0.0/8, or (what a spoofed source address comes to) from the agent's own socket.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import Enum
from typing import Any

from ansible_collections.invmon.network.tests.sandbox.fault_agent import (
    FaultAgent,
    Oid,
    Request,
    decode,
    encode,
    encode_int,
    encode_varbind,
)
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import SIGNED, UNKNOWN_USER, UserAgent, _Message

FORGED = b"FORGED0001"


class From(Enum):
    """Where a forged reply comes from."""

    OTHER_PORT = "another port of the device's address"
    OTHER_ADDRESS = "another address, from the device's port"
    ITSELF = "the device's own address and port, which the attacker has spoofed"


Varbinds = Iterable[tuple[Oid, str, Any]]
#: A request and the true reply -> what the attacker sends.
Forge = Callable[[Request, bytes], list[bytes]]


def lies(request: Request, _reply: bytes) -> list[bytes]:
    """A correct reply with wrong content."""
    return [_said(request, request.oids)]


def lies_with(**changed: Any) -> Forge:
    """As lies(), but with something wrong about it: request_id, community or version."""

    def forge(request: Request, reply: bytes) -> list[bytes]:
        values = {name: value(request) if callable(value) else value for name, value in changed.items()}
        return lies(replace(request, **values), reply)

    return forge


def _said(request: Request, oids: list[Oid]) -> bytes:
    """A serial number for each variable, or for the row after it."""
    after = [oid if request.pdu == 0xA0 else (*oid, 1) for oid in oids]
    return request.reply([encode_varbind(oid, "octets", FORGED) for oid in after])


class _Attacker:
    """What both agents share: the attacker's socket, and where it is."""

    def _place(self, agent: FaultAgent, source: From) -> socket.socket:
        if source is From.ITSELF:
            return agent._socket
        address = "127.0.0.9" if source is From.OTHER_ADDRESS else agent.address
        own = socket.socket(agent._socket.family, socket.SOCK_DGRAM)
        own.bind((address, agent.port if source is From.OTHER_ADDRESS else 0))
        return own


class Attacked(FaultAgent, _Attacker):
    """An agent of SNMPv1 and v2c. `silent`: the true replies are lost, so that only the attacker answers."""

    def __init__(self, varbinds: Varbinds, source: From, forge: Forge, *, silent: bool = False, **options: Any) -> None:
        super().__init__(varbinds, self._attack, **options)
        self._forge, self._silent = forge, silent
        self._attacker = self._place(self, source)

    def _attack(self, request: Request, reply: bytes) -> list[bytes]:
        for datagram in self._forge(request, reply):
            self._attacker.sendto(datagram, self.peer)
        return [] if self._silent else [reply]


class MultiHomed(UserAgent, _Attacker):
    """No attacker: an agent whose replies leave by another address, as those of some routers do; of all versions."""

    def __init__(self, varbinds: Varbinds, **options: Any) -> None:
        super().__init__(varbinds, **options)
        self._other = self._place(self, From.OTHER_ADDRESS)

    def _handle(self, data: bytes) -> list[bytes]:
        for datagram in super()._handle(data) or FaultAgent._handle(self, data):
            self._other.sendto(datagram, self.peer)
        return []


class AttackedUser(UserAgent, _Attacker):
    """An agent of SNMPv3 and SNMPv2c; the attacker reports that there is no such user, as anybody can.

    `silent`: the true replies of SNMPv3 are lost; and without a source, nobody answers in their place.
    """

    def __init__(self, varbinds: Varbinds, source: From | None, *, silent: bool = False, **options: Any) -> None:
        super().__init__(varbinds, **options)
        self._silent = silent
        self._attacker = self._place(self, source) if source else None

    def _handle(self, data: bytes) -> list[bytes]:
        try:
            message = _Message.parse(data)
        except (IndexError, ValueError):
            return FaultAgent._handle(self, data)
        if message.engine != self._engine:
            return super()._handle(data)
        if self._attacker:
            self._attacker.sendto(self._report(message, UNKNOWN_USER), self.peer)
        return [] if self._silent else super()._handle(data)


class LyingUser(UserAgent):
    """An agent of SNMPv3 before each of whose true replies a lie arrives from its own, spoofed address.

    The attacker sees all numbers of the request, and has no key; what it could have recorded before it can send again.
    """

    FORGERIES = ("without a digest", "with another digest", "of an earlier boot", "of more than 150 s ago")

    def __init__(self, varbinds: Varbinds, forgery: str, **options: Any) -> None:
        super().__init__(varbinds, **options)
        self._forgery = forgery
        self._since -= 1000  # so that there was a time before

    def _handle(self, data: bytes) -> list[bytes]:
        message = _Message.parse(data)
        if message.engine == self._engine:
            self._socket.sendto(self._lie(message), self.peer)
        return super()._handle(data)

    def _lie(self, message: _Message) -> bytes:
        request = Request.parse(encode(0x30, encode_int(1) + encode(0x04, self._community) + message.pdu), 1)
        said = _said(request, request.oids)
        pdu = decode(decode(decode(said)[1])[2])[2]
        kept = self._key, self._boots, self._since
        if self._forgery == "with another digest":
            self._key = bytes(20)
        elif self._forgery == "of an earlier boot":
            self._boots -= 1
        elif self._forgery == "of more than 150 s ago":
            self._since += 200
        try:
            return self._message(message, pdu, 0 if self._forgery == "without a digest" else SIGNED)
        finally:
            self._key, self._boots, self._since = kept

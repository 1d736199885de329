# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a conversation: which library, version and credentials; the first attempt that is answered serves."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from .agent import Agent
from .attempts import Attempts, Numbered
from .backend_community import CommunityTransport
from .backend_easysnmp import EasySnmpTransport
from .backend_snmp import SnmpTransport
from .backend_user import UserTransport
from .budget import Budget, Limits, Meter
from .credentials import SnmpOptions
from .errors import BackendMissing, OptionError
from .lanes import Lanes
from .recording import Recording, ReplayTransport
from .target import Target, resolve
from .transport import Oid, Transport, VarBind, Writable
from .users import Community, Credentials

#: What a session's backend is called where there is no SNMP library.
BUILTIN, REPLAY = "builtin", "replay"
#: What speaks SNMPv3: our own code, and the libraries. easysnmp is for those who ask for it: what it does to a process
#: costs the device a process of its own (_tasks/entity_apart.py).
AUTO = (BUILTIN, "snmp")
BACKENDS: dict[str, Any] = {BUILTIN: UserTransport, "easysnmp": EasySnmpTransport, "snmp": SnmpTransport}


class MeteredTransport:
    """Hands on what passes as the meter takes it."""

    def __init__(self, transport: Transport, meter: Meter) -> None:
        self.max_message = transport.max_message
        self.bulk = transport.bulk
        self._transport = transport
        self._meter = meter

    @property
    def requests(self) -> int:
        return self._transport.requests

    @property
    def threads(self) -> bool:
        return self._transport.threads

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._meter.take(self._transport.get(oids))

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._meter.take(self._transport.get_next(oids))

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        return self._meter.take(self._transport.get_bulk(oids, max_repetitions, non_repeaters))

    def set(self, varbinds: Sequence[VarBind]) -> list[VarBind]:
        """See Writable. Raises BackendMissing."""
        if not isinstance(self._transport, Writable):
            raise BackendMissing("This backend only reads: set backend: auto.")
        return self._meter.take(self._transport.set(varbinds))

    def close(self) -> None:
        self._transport.close()


@dataclass
class Session:
    """A device that answered. Use it as a context manager: it closes the socket."""

    agent: Agent
    lanes: Lanes[MeteredTransport]
    backend: str  #: a key of BACKENDS (SNMPv1 and SNMPv2c: BUILTIN), or REPLAY
    #: number (from 1), version ("1", "2c", "3"), security_level, and credentials (the name of the set) if it is one of
    #: a credential set; None for a replay
    attempt: dict[str, Any] | None
    budget: Budget
    failed_requests: int = 0  #: sent by attempts that were not answered

    @property
    def transport(self) -> MeteredTransport:
        """The conversation that was opened first."""
        return self.lanes.transports[0]

    @property
    def lanes_if_several(self) -> Lanes[MeteredTransport] | None:
        """What takes several requests at once; None where one follows the other."""
        return self.lanes if _several(self.lanes) else None

    @property
    def statistics(self) -> dict[str, Any]:
        """Requests sent (retransmissions not counted), the most of them at once, variables received, seconds since the
        first attempt.
        """
        return {
            "requests": self.failed_requests + sum(transport.requests for transport in self.lanes.transports),
            "in_flight": len(self.lanes.transports),
            "varbinds": self.budget.meter.values,
            "seconds": round(time.monotonic() - self.budget.started, 3),
        }

    def close(self) -> None:
        self.lanes.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def open_session(
    host: str, options: SnmpOptions, limits: Limits | None = None, gate: Callable[[], None] | None = None
) -> Session:
    """Try the attempts in their order (see attempts.py), until one is answered.

    :param gate: see Target; it knows only what our own code sends, so the options must not name a library.

    The name is looked up once, and what is sent goes to that address; nothing goes to one outside options.networks.
    What a device that is down costs at most: see attempts.py. Raises OptionError, SnmpUnreachable,
    BackendMissing, or the error of the last attempt with the reasons of all of them in its message.
    """
    budget = Budget(limits or Limits())
    target = resolve(host, options.port)._replace(gate=gate)
    for networks in options.networks:
        networks.check(target)
    connect = partial(_connect, target, options=options)
    answer = Attempts(target, options, _allowed(options.attempts, target), connect).first_answer()
    transport = MeteredTransport(answer.transport, budget.meter)
    another = partial(_another, target, answer.attempt.credentials, options, budget.meter)
    lanes = Lanes(transport, another, options.max_in_flight)
    known = budget.meter.take(answer.varbinds)
    agent = Agent(transport, budget, known, lanes if _several(lanes) else None)
    return Session(agent, lanes, answer.backend, _described(answer.attempt), budget, answer.requests)


def _allowed(attempts: Sequence[Credentials], target: Target) -> list[Numbered]:
    """The attempts whose own networks have the address. Raises OptionError if there are none."""
    found, outside = [], None
    for number, credentials in enumerate(attempts, 1):
        try:
            if credentials.networks:
                credentials.networks.check(target)
        except OptionError as error:
            outside = error
        else:
            found.append(Numbered(number, credentials))
    if outside and not found:
        raise outside
    return found


def _described(attempt: Numbered) -> dict[str, Any]:
    """The attempt, as a result shows it."""
    number, credentials = attempt
    named = {"credentials": credentials.name} if credentials.name else {}
    return {"number": number, "version": credentials.version, "security_level": credentials.security_level, **named}


def replay_session(recording: Recording, limits: Limits | None = None, max_in_flight: int = 1) -> Session:
    """A session with a recording instead of a device."""
    budget = Budget(limits or Limits())
    first = MeteredTransport(ReplayTransport(recording), budget.meter)
    lanes = Lanes(first, lambda: MeteredTransport(ReplayTransport(recording), budget.meter), max_in_flight)
    return Session(Agent(first, budget, lanes=lanes if _several(lanes) else None), lanes, REPLAY, None, budget)


def _several(lanes: Lanes[MeteredTransport]) -> bool:
    """Whether several requests may be sent at once. Not in v1, where an error is the usual end of each column."""
    first = lanes.transports[0]
    return lanes.most > 1 and first.bulk and first.threads


def _connect(target: Target, credentials: Credentials, options: SnmpOptions) -> tuple[str, Transport]:
    """The conversation; for SNMPv3 by the backend that is wanted, or with `auto` by the first that can serve."""
    how = (options.timeout, options.retries, options.any_source)
    if isinstance(credentials, Community):
        return BUILTIN, CommunityTransport(target, credentials, *how)
    missing = []
    for name in AUTO if options.backend == "auto" else (options.backend,):
        try:
            return name, BACKENDS[name](target, credentials, *how)
        except BackendMissing as error:
            missing.append(error)
    if len(missing) == 1:
        raise missing[0]
    reasons = " ".join(map(str, missing))
    raise BackendMissing(f"This SNMPv3 user needs a library: install cryptography with pip. ({reasons})")


def _another(target: Target, credentials: Credentials, options: SnmpOptions, meter: Meter) -> MeteredTransport:
    """One more conversation with a device that answered."""
    return MeteredTransport(_connect(target, credentials, options)[1], meter)

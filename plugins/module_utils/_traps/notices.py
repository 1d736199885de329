# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One notification to several receivers, as data that travels where a task is delegated, and names nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple

from .._common.typed_json import Rules
from .._snmp.credentials import SnmpOptions
from .._snmp.errors import OptionError, SnmpError, SnmpTimeout
from .._snmp.questions import Cell, cell_of, varbind_of
from .._snmp.target import resolve
from .._snmp.users import Credentials
from .engine import OwnEngine
from .notification import Notification
from .sender import send, trap_message


@dataclass(frozen=True)
class Notice:
    """A Notification as JSON. OIDs are lists of numbers."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    oid: list[int] = field(default_factory=list)
    uptime: int = 0
    cells: list[Cell] = field(default_factory=list)
    confirmed: bool = False
    enterprise: list[int] = field(default_factory=list)
    agent_address: str = ""
    generic: int | None = None
    specific: int | None = None
    check: bool = False  #: nothing is sent

    @classmethod
    def of(cls, found: Notification, check: bool) -> Notice:
        return cls(
            oid=list(found.oid),
            uptime=found.uptime or 0,
            cells=[cell_of(one) for one in found.varbinds],
            confirmed=found.confirmed,
            enterprise=list(found.enterprise),
            agent_address=found.agent_address,
            generic=found.generic,
            specific=found.specific,
            check=check,
        )

    def notification(self) -> Notification:
        """Raises ValueError for damaged variables."""
        return Notification(
            oid=tuple(self.oid),
            uptime=self.uptime,
            varbinds=tuple(varbind_of(cell) for cell in self.cells),
            confirmed=self.confirmed,
            enterprise=tuple(self.enterprise),
            agent_address=self.agent_address,
            generic=self.generic,
            specific=self.specific,
        )


@dataclass(frozen=True)
class Sent:
    """What came of it at one receiver."""

    host: str
    port: int
    address: str = ""  #: to which it was sent
    version: str = ""
    credentials: str = ""  #: the name of the credential set
    sent: bool = False  #: it was handed to the network; whether a trap arrives is never known
    acknowledged: bool = False  #: the inform was answered
    seconds: float = 0.0
    engine_id: str = ""  #: ours, of a trap of SNMPv3, in hexadecimal
    error: str = ""
    reason: str = ""


class Receiving(NamedTuple):
    """A receiver, and who we are for it."""

    host: str
    port: int
    credentials: Credentials
    options: SnmpOptions


def check(receiver: Receiving, found: Notification, engine: OwnEngine) -> None:
    """Raises OptionError for what cannot be sent to it, before anything is sent to anyone."""
    if found.confirmed and receiver.credentials.version == "1":
        raise OptionError(f"{receiver.host}: SNMPv1 has no informs: send a trap, or use version 2c or 3.")
    try:
        trap_message(receiver.credentials, replace(found, confirmed=False), engine)
    except OptionError as error:
        raise OptionError(f"{receiver.host}: {error}") from None


def notify(receivers: Sequence[Receiving], found: Notification, engine: OwnEngine, dry: bool) -> list[Sent]:
    """Send it to each, one after the other; one that cannot be reached keeps it from no other."""
    return [_notify(receiver, found, engine, dry) for receiver in receivers]


def _notify(receiver: Receiving, found: Notification, engine: OwnEngine, dry: bool) -> Sent:
    credentials, options = receiver.credentials, receiver.options
    own = engine.engine_id.hex() if credentials.version == "3" and not found.confirmed else ""
    sent = Sent(receiver.host, receiver.port, version=credentials.version, credentials=credentials.name, engine_id=own)
    started = time.monotonic()
    try:
        target = resolve(receiver.host, receiver.port)
        sent = replace(sent, address=target.address)
        for networks in (*options.networks, *([credentials.networks] if credentials.networks else [])):
            networks.check(target)
        if dry:
            return sent
        send(target, credentials, found, engine, options.timeout, options.retries)
    except SnmpError as error:
        # An inform without an answer may have arrived.
        arrived = isinstance(error, SnmpTimeout)
        return replace(sent, sent=arrived, seconds=_since(started), error=str(error), reason=error.reason)
    return replace(sent, sent=True, acknowledged=found.confirmed, seconds=_since(started))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)

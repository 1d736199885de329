# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A notification as data for users: the result of snmp_trap_listen, and the events of the source snmp_trap.

No secret is in it: a community or a user's keys only decide whether it was taken.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from .._mib.dates import ticks_text
from .._mib.library import Mib
from .._mib.values import describe, label, oid_text
from .._snmp.transport import dotted
from .listener import Arrived
from .notification import Notification

#: Variables of one notification that are described. A datagram of 64 kB can have ten thousand.
MOST_VARIABLES = 200
#: Characters of a text. Longer ones are cut.
_LONGEST_TEXT = 2048


def described(arrived: Arrived, mib: Mib) -> dict[str, Any]:
    """A notification that was taken."""
    received, found = arrived.received, arrived.received.notification
    if found is None:
        raise ValueError("it is no notification")
    variables = [_bounded(describe(one, mib)) for one in found.varbinds[:MOST_VARIABLES]]
    return {
        "source": arrived.address,
        "port": arrived.port,
        "received": datetime.fromtimestamp(arrived.at, UTC).isoformat(timespec="milliseconds"),
        "version": received.version,
        "credentials": received.credentials,
        "username": received.user,
        "engine_id": received.engine_id.hex(),
        "context_name": received.context,
        "inform": found.confirmed,
        **name_of(found, mib),
        "uptime": found.uptime,
        "uptime_text": "" if found.uptime is None else ticks_text(found.uptime),
        "enterprise": dotted(found.enterprise),
        "agent_address": found.agent_address,
        "v1": _of_v1(found),
        "variables": variables,
        "found": {label(one): one["value"] for one in variables},
        "omitted": max(0, len(found.varbinds) - MOST_VARIABLES),
    }


def name_of(found: Notification, mib: Mib) -> dict[str, str]:
    """What it notifies of: `oid`, and `module` and `name` if a MIB defines exactly this OID; `text` for people."""
    node = mib.at(found.oid)
    exact = node if node and node.oid == found.oid else None
    return {
        "oid": dotted(found.oid),
        "module": exact.module if exact else "",
        "name": exact.name if exact else "",
        "text": oid_text(found.oid, mib),
    }


def _of_v1(found: Notification) -> dict[str, Any] | None:
    """The fields of SNMPv1 (RFC 1157, 4.1.6); None for other versions."""
    if found.generic is None:
        return None
    return {
        "enterprise": dotted(found.enterprise),
        "generic": found.generic,
        "specific": found.specific,
        "agent_address": found.agent_address or "0.0.0.0",
    }


def _bounded(variable: dict[str, Any]) -> dict[str, Any]:
    return {key: value[:_LONGEST_TEXT] if isinstance(value, str) else value for key, value in variable.items()}

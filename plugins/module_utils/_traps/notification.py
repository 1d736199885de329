# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A notification (RFC 3416, 4.2.6): what a trap or an inform of any version says, in one form."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from .._snmp.pdu import INFORM, Pdu, TrapV1
from .._snmp.transport import Oid, VarBind

#: SNMPv2-MIB (RFC 3418), SNMP-COMMUNITY-MIB (RFC 3584): the variables that carry what a trap of SNMPv1 has as fields.
SYS_UP_TIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)
SNMP_TRAP_OID: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
SNMP_TRAP_ENTERPRISE: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 4, 3, 0)
SNMP_TRAP_ADDRESS: Oid = (1, 3, 6, 1, 6, 3, 18, 1, 3, 0)
#: Below it are coldStart (1), warmStart (2), linkDown (3), linkUp (4), authenticationFailure (5), egpNeighborLoss (6).
SNMP_TRAPS: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 5)
#: generic-trap of RFC 1157: the specific-trap says what it is.
ENTERPRISE_SPECIFIC = 6


class NoNotification(ValueError):
    """The PDU is none, or lacks what a notification has. The text names what; nothing of the PDU is in it."""


@dataclass(frozen=True, kw_only=True)
class Notification:
    """What one datagram notifies of."""

    oid: Oid  #: snmpTrapOID.0; of a trap of SNMPv1 as RFC 3584, 3.1 makes it
    uptime: int | None  #: sysUpTime.0 in hundredths of a second; None: an SNMPv2 sender left it out
    varbinds: tuple[VarBind, ...]  #: the variables after these two
    confirmed: bool = False  #: an inform, whose sender awaits an answer
    enterprise: Oid = ()  #: of SNMPv1, or snmpTrapEnterprise.0
    agent_address: str = ""  #: of SNMPv1 if it is not 0.0.0.0, or snmpTrapAddress.0
    generic: int | None = None  #: of SNMPv1
    specific: int | None = None


def of_pdu(pdu: Pdu | TrapV1) -> Notification:
    """Raises NoNotification."""
    return _of_v1(pdu) if isinstance(pdu, TrapV1) else _of_v2(pdu)


def _of_v1(trap: TrapV1) -> Notification:
    """RFC 3584, 3.1."""
    if not 0 <= trap.generic <= ENTERPRISE_SPECIFIC:
        raise NoNotification("its generic-trap is none of RFC 1157")
    specific = (*trap.enterprise, 0, trap.specific)
    oid = specific if trap.generic == ENTERPRISE_SPECIFIC else (*SNMP_TRAPS, trap.generic + 1)
    address = str(ipaddress.IPv4Address(trap.agent_address))
    return Notification(
        oid=oid,
        uptime=trap.timestamp,
        varbinds=tuple(trap.varbinds),
        enterprise=trap.enterprise,
        agent_address="" if address == "0.0.0.0" else address,
        generic=trap.generic,
        specific=trap.specific,
    )


def _of_v2(pdu: Pdu) -> Notification:
    """RFC 3416, 4.2.6: sysUpTime.0 is the first variable, snmpTrapOID.0 the second. Some senders swap them."""
    fixed = {varbind.oid: varbind.value for varbind in pdu.varbinds[:2]}
    oid, uptime = fixed.get(SNMP_TRAP_OID), fixed.get(SYS_UP_TIME)
    if not isinstance(oid, tuple):
        raise NoNotification("it has no snmpTrapOID.0")
    about = {varbind.oid: varbind.value for varbind in pdu.varbinds}
    enterprise, address = about.get(SNMP_TRAP_ENTERPRISE), about.get(SNMP_TRAP_ADDRESS)
    return Notification(
        oid=oid,
        uptime=uptime if isinstance(uptime, int) else None,
        varbinds=tuple(one for one in pdu.varbinds if one.oid not in (SYS_UP_TIME, SNMP_TRAP_OID)),
        confirmed=pdu.kind == INFORM,
        enterprise=enterprise if isinstance(enterprise, tuple) else (),
        agent_address=str(ipaddress.IPv4Address(address)) if isinstance(address, bytes) and len(address) == 4 else "",
    )


def as_v2_varbinds(found: Notification) -> list[VarBind]:
    """The variables of a trap or inform of SNMPv2."""
    first = [VarBind(SYS_UP_TIME, "ticks", found.uptime or 0), VarBind(SNMP_TRAP_OID, "oid", found.oid)]
    return [*first, *found.varbinds]


def as_v1_trap(found: Notification) -> TrapV1:
    """The same as a trap of SNMPv1: with its own fields if it has them, else as RFC 3584, 3.2 makes them.

    Raises ValueError for a Counter64, which SNMPv1 does not have, and for an address that is not of IPv4.
    """
    if any(one.kind == "counter64" for one in found.varbinds):
        raise ValueError("SNMPv1 has no Counter64")
    address = ipaddress.IPv4Address(found.agent_address or "0.0.0.0").packed
    enterprise, generic, specific = found.enterprise, found.generic, found.specific or 0
    if generic is None:
        enterprise, generic, specific = _as_fields(found)
    return TrapV1(enterprise or SNMP_TRAPS, address, generic, specific, found.uptime or 0, list(found.varbinds))


def _as_fields(found: Notification) -> tuple[Oid, int, int]:
    """enterprise, generic-trap and specific-trap of a snmpTrapOID (RFC 3584, 3.2)."""
    oid = found.oid
    if oid[:-1] == SNMP_TRAPS and 1 <= oid[-1] <= ENTERPRISE_SPECIFIC:
        return found.enterprise or SNMP_TRAPS, oid[-1] - 1, 0
    return oid[:-2] if len(oid) > 2 and oid[-2] == 0 else oid[:-1], ENTERPRISE_SPECIFIC, oid[-1]

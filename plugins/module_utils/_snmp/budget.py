# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one device may cost: time, processor time, and how much of what it returns is kept.

All that a device sends passes a Meter, before anything looks at it: patterns, readers and recordings see texts and
numbers of bounded length only.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock

from .errors import SnmpLimitError, SnmpProtocolError
from .transport import VarBind

#: Octets that are kept of one value. SnmpAdminString has 255 (RFC 3411); some vendors return a whole label in one text.
MOST_OCTETS = 2048
#: Numbers of an OID (RFC 2578, section 3.5).
MOST_NUMBERS = 128
_LONG_OID = f"it returns an OID of more than {MOST_NUMBERS} numbers"


@dataclass(frozen=True)
class Limits:
    """Where reading one device ends, whatever the agent returns: the options below `tables` of snmp_entity_facts."""

    rows: int = 20_000  #: rows of one table
    seconds: float = 300.0  #: time for one device, from the first request to the last
    skip: frozenset[str] = frozenset()  #: names of tables that are not asked for
    values: int = 500_000  #: values of all tables together
    octets: int = 8 * 1024 * 1024  #: octets of all texts together
    cpu_seconds: float = 60.0  #: processor time for asking and reading
    parts: int = 10_000  #: rows with a serial
    rejected: int = 10_000  #: texts in columns of serials that are not serial numbers


class Meter:
    """Bounds and counts what a device sends, in all conversations with it, whichever thread asks."""

    def __init__(self) -> None:
        self.values = 0
        self.octets = 0
        self._lock = Lock()

    def take(self, reply: list[VarBind]) -> list[VarBind]:
        """The variables of a reply, long texts cut. Raises SnmpProtocolError for what no SNMP type can hold."""
        taken, octets = list(reply), 0
        for place, (oid, _kind, value) in enumerate(reply):
            if isinstance(value, bytes):
                octets += len(value)
                if len(value) > MOST_OCTETS:
                    taken[place] = reply[place]._replace(value=_beginning(value))
            elif isinstance(value, int):
                if value.bit_length() > 64:
                    raise SnmpProtocolError("it returns a number of more than 64 bits")
            elif value and len(value) > MOST_NUMBERS:
                raise SnmpProtocolError(_LONG_OID)
            if len(oid) > MOST_NUMBERS:
                raise SnmpProtocolError(_LONG_OID)
        with self._lock:
            self.values += len(reply)
            self.octets += octets
        return taken


@dataclass
class Budget:
    """The limits of one device, and what is spent of them."""

    limits: Limits = field(default_factory=Limits)
    meter: Meter = field(default_factory=Meter)
    started: float = field(default_factory=time.monotonic)
    cpu_started: float = field(default_factory=time.process_time)

    def spent(self) -> SnmpLimitError | None:
        """Which limit is reached, if one is."""
        limits = self.limits
        if time.monotonic() - self.started > limits.seconds:
            return SnmpLimitError(f"reading it exceeds the limit of {limits.seconds:g} s (max_seconds)")
        if time.process_time() - self.cpu_started > limits.cpu_seconds:
            taken = f"the limit of {limits.cpu_seconds:g} s of processor time (max_cpu_seconds)"
            return SnmpLimitError(f"reading it exceeds {taken}")
        if self.meter.values > limits.values:
            return SnmpLimitError(f"it returns more than the limit of {limits.values} values (max_values)")
        if self.meter.octets > limits.octets:
            return SnmpLimitError(f"it returns more than the limit of {limits.octets} octets of text (max_octets)")
        return None


def _beginning(value: bytes) -> bytes:
    """A long text without its end, and without a character of UTF-8 that this would cut."""
    end = MOST_OCTETS
    while end > MOST_OCTETS - 4 and value[end] & 0xC0 == 0x80:
        end -= 1
    return value[:end]

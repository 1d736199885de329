# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source `snmp`: who the agent at an address is, with its chassis serial, interfaces and addresses."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from ..._devices.profile_files import Profiles
from ..._parts.serials import NO_RULES, SerialRules
from ..._snmp.errors import SnmpError
from ..._snmp.session import Session
from ..adding import has_sign
from ..evidence import evidence
from ..finding import ANSWERED, FAILED, NOT_ASKED, SNMP, Finding, SnmpBasics
from ..host import SourceUse
from .access import Access, result_of
from .basics_reading import read_basics, read_identity


@dataclass
class SnmpSource:
    """An AddressSource. Of one agent with many addresses the tables are read once."""

    access: Access
    profiles: Profiles | None = None
    rules: SerialRules = NO_RULES
    name: str = SNMP
    asked: int = 0
    answered: int = 0
    forwarding: set[str] = field(default_factory=set)  #: the addresses of routers (ipForwarding)

    def __post_init__(self) -> None:
        self._versions: Counter[str] = Counter()
        self._missing = ""
        self._agents = _Agents()

    async def ask(self, address: str, known: Finding | None) -> Finding:
        """Ask the agent at an address, where the rule permits it."""
        heard = known is not None and has_sign(known)
        basics = None
        try:
            basics, detail = await self.access.read(address, partial(self._read, address), heard=heard)
        except SnmpError as error:
            result, detail = result_of(error)
            if result == FAILED:
                self._missing = detail
        else:
            result = ANSWERED
            self._versions[basics.version] += 1
        self.asked += result not in (NOT_ASKED, FAILED)
        self.answered += result == ANSWERED
        return Finding(ip=address, evidence=(evidence(SNMP, result, detail),), snmp=basics)

    def use(self) -> SourceUse:
        versions = ", ".join(f"SNMPv{version} at {number}" for version, number in sorted(self._versions.items()))
        return SourceUse(
            source=SNMP,
            used=self.asked > 0,
            method=versions or "SNMP",
            missing=self._missing,
            asked=self.asked,
            answered=self.answered,
        )

    def _read(self, address: str, session: Session) -> tuple[SnmpBasics, str]:
        """Called in a thread."""
        identity, routes = read_identity(session)
        if routes:
            self.forwarding.add(address)
        return self._agents.read(address, identity, lambda: read_basics(session, identity, self.profiles, self.rules))


class _Agents:
    """What agents reported, for their other addresses: asked by several threads, each agent is read by one of them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        self._read: dict[tuple[str, str], list[tuple[SnmpBasics, str]]] = defaultdict(list)

    def read(
        self, address: str, identity: SnmpBasics, read: Callable[[], tuple[SnmpBasics, str]]
    ) -> tuple[SnmpBasics, str]:
        """What was read of this agent, if it lists the address as its own; else read it."""
        key = (identity.engine_id, identity.sys_name)
        if not identity.engine_id:
            return read()
        with self._guard:
            lock = self._locks[key]
        with lock:
            # Not by engine id and name alone: images copy both.
            for basics, detail in self._read[key]:
                if address in basics.addresses:
                    return replace(basics, version=identity.version), detail
            self._read[key].append(read())
            return self._read[key][-1]

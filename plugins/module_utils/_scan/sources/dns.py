# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source DNS: the name that a reverse record gives to an address, and whether the name has that address.

A name server that fails proves nothing: it is FAILED, and never "no name". Only a name that its own forward record
confirms is sure to be meant for the address; others are reported, and marked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Sequence
from typing import Any

from ..evidence import evidence
from ..finding import DNS, FAILED, LISTED, NOT_ASKED, SILENT, Finding
from ..host import SourceUse
from ..source import Budget
from . import name_servers
from .name_servers import DnsFailure, DnsNotAsked, NameServers

try:
    import dns.reversename
except ImportError:
    dns = None  # type: ignore[assignment]

#: PTR names of an address that are looked at, and of these, how many are looked up.
MOST_NAMES, MOST_CHECKED = 20, 4
#: Queries at the same time, and seconds for an address with all of its names.
CONCURRENCY, LIFETIME = 50, 6.0

#: What NetBox takes as dns_name: other octets are legal in DNS, and no name of a host.
_HOST_NAME = re.compile(r"[0-9a-z_-]{1,63}(\.[0-9a-z_-]{1,63})*")


class DnsSource:
    """An AddressSource for one event loop."""

    name = DNS

    def __init__(self, budget: Budget, servers: Sequence[str] = (), timeout: float = 2.0) -> None:
        """
        :param servers: addresses of name servers, with a port or without; none: those of this host.
        :param timeout: seconds for a query to one server.
        """
        self._budget, self._missing = budget, ""
        self._servers: NameServers | None = None
        self._at_once = asyncio.Semaphore(CONCURRENCY)
        self._asked = self._found = 0
        self._failure = ""
        if not name_servers.is_available():
            self._missing = name_servers.NO_LIBRARY
            return
        try:
            self._servers = NameServers(budget, servers, timeout)
        except ValueError as error:
            self._missing = str(error)

    async def ask(self, address: str, known: Finding | None) -> Finding:
        """Ask for the reverse record, then for the addresses of the name."""
        if self._servers is None:
            return _finding(address, FAILED, self._missing)
        try:
            async with self._at_once, asyncio.timeout(min(LIFETIME, self._budget.seconds_left)):
                found = await self._ask(address, self._servers)
        except DnsNotAsked:
            return _finding(address, NOT_ASKED, "no packets left for a query")
        except TimeoutError:
            if self._budget.seconds_left < LIFETIME:
                return _finding(address, NOT_ASKED, "cut short")
            found = self._failed(address, f"no reply within {LIFETIME:.0f} s")
        except DnsFailure as failure:
            found = self._failed(address, str(failure))
        return found

    def _failed(self, address: str, reason: str) -> Finding:
        self._failure = reason
        return _finding(address, FAILED, reason)

    async def _ask(self, address: str, servers: NameServers) -> Finding:
        reply = await servers.ask(dns.reversename.from_address(address), "PTR")
        self._asked += 1
        names, others = _names(reply.records)
        if not names:
            return _finding(
                address, *((LISTED, _odd(others)) if others else (SILENT, "no PTR record")), by=reply.server
            )
        self._found += 1
        name, confirmed, detail = await self._checked(address, names, servers)
        if len(names) + len(others) > 1:
            detail = f"{len(names) + len(others)} PTR names: {detail}; {', '.join((*names, *others))}"
        finding = _finding(address, LISTED, detail, by=reply.server)
        return Finding(ip=address, evidence=finding.evidence, reverse_dns=name, reverse_dns_confirmed=confirmed)

    async def _checked(self, address: str, names: Sequence[str], servers: NameServers) -> tuple[str, bool | None, str]:
        """The first name that has this address, else the first; whether it has it (None: unknown), and why."""
        outcomes = []
        for name in names[:MOST_CHECKED]:
            confirmed, reason = await _check(address, name, servers)
            if confirmed:
                return name, True, f"{name}, confirmed"
            outcomes.append((confirmed, reason))
        unknown = next((reason for confirmed, reason in outcomes if confirmed is None), "")
        return names[0], None if unknown else False, f"{names[0]}, not confirmed: {unknown or outcomes[0][1]}"

    def use(self) -> SourceUse:
        servers = ", ".join(address for address, _port in self._servers.servers) if self._servers else ""
        return SourceUse(
            source=DNS,
            used=self._asked > 0,
            method=f"name servers {servers}" if servers else "",
            missing=self._missing or self._failure,
            asked=self._asked,
            answered=self._found,
        )


async def _check(address: str, name: str, servers: NameServers) -> tuple[bool | None, str]:
    """Whether a name has this address, and what it has instead."""
    wanted = ipaddress.ip_address(address)
    try:
        reply = await servers.ask(f"{name}.", "A" if wanted.version == 4 else "AAAA")
    except DnsFailure as failure:
        return None, str(failure)
    has = [record.address for record in reply.records[:MOST_NAMES]]
    if wanted in map(ipaddress.ip_address, has):
        return True, ""
    return False, f"its address is {', '.join(has)}" if has else "the name has no such address"


def _names(records: Sequence[Any]) -> tuple[list[str], list[str]]:
    """Names that a host may have, and what else the records contain; the same ones each time, whatever their order."""
    texts = sorted({record.target.to_text(omit_final_dot=True).lower() for record in records})
    names = [text for text in texts if _HOST_NAME.fullmatch(text)]
    return names[:MOST_NAMES], [text for text in texts if not _HOST_NAME.fullmatch(text)][:MOST_NAMES]


def _odd(names: Sequence[str]) -> str:
    return f"PTR record without the name of a host: {', '.join(names)}"


def _finding(address: str, result: str, detail: str, by: str = "") -> Finding:
    return Finding(ip=address, evidence=(evidence(DNS, result, detail, by=by),))

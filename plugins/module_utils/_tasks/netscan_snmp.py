# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources of a scan that use SNMP, and which hosts they may ask, as the options of netscan choose them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._scan.finding import LINKS, ROUTERS, SNMP, Finding
from .._scan.host import SourceUse
from .._scan.known import KnownAddress
from .._scan.snmp.access import Access, Rule
from .._scan.snmp.basics import SnmpSource
from .._scan.snmp.links import LinksSource
from .._scan.snmp.routers import RoutersSource
from .._scan.source import AddressSource, Budget, TableSource
from .._scan.targets import Targets
from .._snmp.credentials import read_options
from .entity_options import read_profiles

#: Without one of these there is nothing to ask an agent with.
_CREDENTIALS = ("community", "username", "credentials")


_NOTHING: tuple[Finding, ...] = ()


@dataclass
class SnmpSources:
    """Those that are chosen."""

    then: list[AddressSource] = field(default_factory=list)
    tables: list[TableSource] = field(default_factory=list)


@dataclass
class _Unused:
    """A source that was chosen and cannot ask anything."""

    name: str
    missing: str

    async def read(self, _addresses: Sequence[str]) -> AsyncIterator[Finding]:
        for finding in _NOTHING:
            yield finding

    @property
    def is_complete(self) -> bool:
        return False

    def use(self) -> SourceUse:
        return SourceUse(source=self.name, used=False, missing=self.missing)


def snmp_sources(
    params: Mapping[str, Any], budget: Budget, targets: Targets, known: Iterable[KnownAddress]
) -> SnmpSources:
    """The sources of the options `sources` and `snmp`. Raises OptionError for an option of SNMP that is wrong."""
    chosen = [source for source in (SNMP, ROUTERS, LINKS) if source in params["sources"]]
    if not any(params["snmp"].get(name) for name in _CREDENTIALS):
        missing = "SNMP credentials: set snmp_username or snmp_community"
        return SnmpSources(tables=[_Unused(source, missing) for source in chosen])
    in_netbox = list(known)
    on_devices = [one for one in in_netbox if one.device_id is not None]
    access = _access(params, budget, targets, in_netbox, on_devices)
    basics = SnmpSource(access, read_profiles(params))
    sources = SnmpSources()
    if SNMP in chosen:
        sources.then.append(basics)
    if ROUTERS in chosen:
        sources.tables.append(RoutersSource(access, params["routers"], lambda: basics.forwarding))
    if LINKS in chosen:
        sources.tables.append(LinksSource(access, _devices(on_devices, targets)))
    return sources


def _access(
    params: Mapping[str, Any],
    budget: Budget,
    targets: Targets,
    in_netbox: Iterable[KnownAddress],
    on_devices: Iterable[KnownAddress],
) -> Access:
    options = read_options(params["snmp"])
    rule = Rule(
        is_target=lambda address: targets.network_of(address) is not None,
        known=frozenset(one.address for one in on_devices),
        expected=frozenset(one.address for one in in_netbox),
        agents=frozenset(params["routers"]),
        networks=bool(options.networks),
        all_targets=params["snmp_all_targets"],
    )
    return Access(options, rule, budget)


def _devices(known: Iterable[KnownAddress], targets: Targets) -> list[tuple[str, ...]]:
    """The targets among the addresses of each device, its primary one first."""
    devices: dict[int | None, list[KnownAddress]] = defaultdict(list)
    for one in known:
        if targets.network_of(one.address):
            devices[one.device_id].append(one)
    return [
        tuple(one.address for one in sorted(addresses, key=lambda one: not one.primary))
        for addresses in devices.values()
    ]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of one host, out of what was found at each of its addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from .finding import CONTRADICTING, NOT_ASKED, SEEN, SILENT, Evidence, Finding, Port, SnmpBasics
from .host import CERTAINTIES, DOUBTFUL, Host, Join
from .identities import Profile
from .places import Places
from .signs import Doubts, judged

#: The state of a host is the first of these that one of its addresses has: a router is there though it has an address
#: that two hosts claim, and it is not silent as long as one of its addresses was not asked.
_STATES = (SEEN, CONTRADICTING, NOT_ASKED, SILENT)


@dataclass(frozen=True)
class Parts:
    """What the records of all hosts are made of."""

    findings: Mapping[str, Finding]  #: by address
    places: Places
    doubts: Doubts
    profiles: Mapping[str, Profile]  #: by address
    primaries: frozenset[str]  #: addresses that are the primary one of a device in NetBox


def host_of(members: Sequence[str], parts: Parts, joined: tuple[Join, ...], doubtful: tuple[Join, ...]) -> Host:
    """The host at these addresses, which are in order."""
    ip = next((address for address in members if address in parts.primaries), members[0])
    found = [parts.findings[address] for address in (ip, *(address for address in members if address != ip))]
    state, certainty = _state(found, parts)
    named = next((finding for finding in found if finding.reverse_dns), found[0])
    marked = next((finding for finding in found if finding.mac), found[0])
    services = _services(found)
    snmp = _basics(found)
    network = parts.places.of(ip)
    return Host(
        ip=ip,
        addresses=tuple(members) if len(members) > 1 else (),
        state=state,
        certainty=certainty,
        alive=True if state == SEEN else False if state == SILENT and certainty != DOUBTFUL else None,
        rtt_ms=next((finding.rtt_ms for finding in found if finding.rtt_ms is not None), None),
        hostname=_hostname(found, snmp),
        reverse_dns=named.reverse_dns,
        reverse_dns_confirmed=named.reverse_dns_confirmed,
        mac=marked.mac,
        vendor=marked.vendor,
        ports=tuple(port.number for port in services if port.state == "open"),
        services=services,
        banners={str(port.number): port.banner for port in services if port.banner},
        snmp=snmp,
        network=network.network if network else "",
        sources=_evidence(found),
        joined=tuple(join for join in joined if join.address != ip),
        doubtful=doubtful,
    )


def state_of(finding: Finding, parts: Parts) -> tuple[str, str]:
    """State and certainty of one address, as if it were a host."""
    return judged(finding, parts.doubts, parts.places, parts.profiles[finding.ip].macs)


def _state(found: Sequence[Finding], parts: Parts) -> tuple[str, str]:
    macs = frozenset[str]().union(*(parts.profiles[finding.ip].macs for finding in found))
    judgements = [judged(finding, parts.doubts, parts.places, macs) for finding in found]
    state = min((state for state, _certainty in judgements), key=_STATES.index)
    certainties = [certainty for one, certainty in judgements if one == state and certainty]
    return state, min(certainties, key=CERTAINTIES.index, default="")


def _hostname(found: Sequence[Finding], snmp: SnmpBasics | None) -> str:
    """sysName, else the name by which neighbours know it, else the PTR name that leads back to it."""
    if snmp and snmp.sys_name:
        return snmp.sys_name
    names = (name for finding in found for name in finding.names)
    confirmed = (finding.reverse_dns for finding in found if finding.reverse_dns_confirmed)
    return next(names, "") or next(confirmed, "")


def _services(found: Sequence[Finding]) -> tuple[Port, ...]:
    """The ports of all addresses: of one number an open one counts, else that of the first address."""
    ports: dict[int, Port] = {}
    for finding in found:
        for port in finding.ports:
            known = ports.get(port.number)
            if known is None or (known.state != "open" and port.state == "open"):
                ports[port.number] = port
    return tuple(ports[number] for number in sorted(ports))


def _basics(found: Sequence[Finding]) -> SnmpBasics | None:
    """What the agent reports at the first address; what it did not return there, from the others."""
    known = [finding.snmp for finding in found if finding.snmp]
    if not known:
        return None
    missing = {
        field.name: next(
            (value for basics in known if (value := getattr(basics, field.name))), getattr(known[0], field.name)
        )
        for field in fields(SnmpBasics)
    }
    return replace(known[0], **missing)


def _evidence(found: Sequence[Finding]) -> tuple[Evidence, ...]:
    """All evidence; where the host has several addresses, with the one that it is about."""
    if len(found) == 1:
        return found[0].evidence
    return tuple(replace(evidence, address=finding.ip) for finding in found for evidence in finding.evidence)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the evidence of an address proves: its signs, its state, and how certain that is.

A reset, an echo reply or an ARP entry can come from a firewall or router that answers for others. Where nearly all of
a network gives the same sign, that sign is void: it shows no host. More silence never voids more signs, so a scan that
hears less never shows fewer hosts for that reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .finding import (
    ANSWERED,
    CONTRADICTING,
    ICMP,
    LINKS,
    LISTED,
    NEIGHBOURS,
    NMAP,
    NOT_ASKED,
    REFUSED,
    ROUTERS,
    SEEN,
    SILENT,
    SNMP,
    TCP,
    Evidence,
    Finding,
)
from .host import DOUBTFUL, LIKELY, PROVEN
from .macs import is_identity
from .places import Block, Places

#: Signs of an address. The first three come from the host itself.
ECHO, OPEN, AGENT = "echo", "open", "agent"
RESET = "reset"
ENTRY = "entry"  #: of an ARP or ND table
ADVERTISED = "advertised"  #: the management address of an LLDP or CDP neighbour
_OWN = frozenset({ECHO, OPEN, AGENT})

_DIRECT = (ICMP, TCP, SNMP, NMAP)
_PROBES = (ICMP, TCP, NMAP)  #: if one of these was not permitted to ask, silence is not counted
_ARP = (NEIGHBOURS, ROUTERS)

#: A block refuses alike if at least so many addresses, and this share of those without a better sign, reset.
LEAST_RESETS, SHARE_OF_RESETS = 16, 0.9
#: A block echoes alike if so many addresses, nearly all that it has room for, return an echo and show nothing else.
LEAST_ECHOES, SHARE_OF_ROOM, SHARE_OF_ECHOES = 64, 0.9, 0.98
#: One MAC for more addresses of a network than this is a router that answers ARP for others (or a host with all of
#: them, which then has better signs).
MOST_PER_MAC = 16


def signs_of(finding: Finding) -> frozenset[str]:
    """The signs of one address."""
    signs = {sign for evidence in finding.evidence if (sign := _sign(evidence))}
    if any(port.state == "open" for port in finding.ports):
        signs.add(OPEN)
    return frozenset(signs)


def table_macs(finding: Finding) -> frozenset[str]:
    """The MACs that ARP and ND tables have for an address."""
    macs = {evidence.mac for evidence in _entries(finding) if evidence.mac}
    return frozenset(macs or ({finding.mac} if finding.mac else ()))


@dataclass
class Doubts:
    """The signs that show no host, because others give them."""

    void: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  #: address -> its void signs
    proxies: set[tuple[str, str]] = field(default_factory=set)  #: (network, MAC that answers for others in it)
    refusing: set[str] = field(default_factory=set)  #: networks of which nearly all addresses refuse alike

    def valid(self, finding: Finding) -> frozenset[str]:
        """The signs of an address that count."""
        return signs_of(finding) - self.void.get(finding.ip, set())


def doubts_about(findings: Sequence[Finding], places: Places) -> Doubts:
    """Find the blocks that refuse or echo alike, and the MACs that answer for others.

    Silent addresses need no finding: how many there are follows from what the networks note as asked.
    """
    doubts = Doubts()
    explained = _explained(findings)
    _doubt_entries(findings, places, explained, doubts)
    blocks: dict[Block, list[Finding]] = defaultdict(list)
    for finding in findings:
        blocks[places.block(finding.ip)].append(finding)
    refusals: dict[str, list[_Refusals]] = defaultdict(list)
    for block, members in blocks.items():
        _doubt_echoes(members, block.room, _silent(members, ICMP, block, places), explained, doubts)
        refusals[block.network].append(_doubt_resets(members, _silent(members, TCP, block, places), doubts))
    for network, of_blocks in refusals.items():
        void = sum(one.resets for one in of_blocks if one.alike)
        if network and void and void >= SHARE_OF_RESETS * sum(one.resets + one.silent for one in of_blocks):
            doubts.refusing.add(network)
    return doubts


def judged(finding: Finding, doubts: Doubts, places: Places, own_macs: Iterable[str] = ()) -> tuple[str, str]:
    """State and certainty of one address. own_macs: those of the host that it belongs to.

    seen and proven: the host itself answered. seen and likely: a reset, or an entry of a table. contradicting: the
    tables have MACs of two hosts for it; in a DHCP network the one that is reachable now counts. doubtful, and not
    seen: there are only signs that others give for it. silent: a source asked, and each that should ask did.
    """
    valid = doubts.valid(finding)
    if valid and _contested(finding, doubts, places, frozenset(own_macs)):
        return CONTRADICTING, DOUBTFUL
    if valid:
        return SEEN, PROVEN if valid & _OWN else LIKELY
    certainty = DOUBTFUL if signs_of(finding) else ""
    asked = {evidence.result for evidence in finding.evidence if evidence.source in _DIRECT}
    kept = any(evidence.result == NOT_ASKED for evidence in finding.evidence if evidence.source in _PROBES)
    silent = asked & {SILENT, REFUSED, ANSWERED} and not kept
    return SILENT if silent else NOT_ASKED, certainty


def _sign(evidence: Evidence) -> str | None:
    if evidence.source in _ARP:
        return ENTRY if evidence.result in (ANSWERED, LISTED) else None
    if evidence.source == LINKS:
        return ADVERTISED if evidence.result in (ANSWERED, LISTED) else None
    if evidence.result == REFUSED:
        return RESET
    if evidence.result == ANSWERED:
        return {ICMP: ECHO, TCP: OPEN, NMAP: OPEN, SNMP: AGENT}.get(evidence.source)
    return None


def _entries(finding: Finding) -> list[Evidence]:
    return [one for one in finding.evidence if one.source in _ARP and one.result in (ANSWERED, LISTED)]


def _explained(findings: Iterable[Finding]) -> frozenset[str]:
    """The addresses that an agent lists as its own."""
    return frozenset(address for finding in findings if finding.snmp for address in finding.snmp.addresses)


def _doubt_entries(findings: Iterable[Finding], places: Places, explained: frozenset[str], doubts: Doubts) -> None:
    behind: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        for mac in table_macs(finding) if finding.ip not in explained else ():
            behind[_name(places, finding), mac].append(finding)
    doubts.proxies.update(place for place, members in behind.items() if len(members) > MOST_PER_MAC)
    for name, mac in doubts.proxies:
        for finding in behind[name, mac]:
            if all((name, other) in doubts.proxies for other in table_macs(finding)):
                doubts.void[finding.ip].add(ENTRY)


def _name(places: Places, finding: Finding) -> str:
    network = places.of(finding.ip)
    return network.network if network else ""


class _Refusals(NamedTuple):
    """What TCP came to in a block, but for addresses with a better sign."""

    resets: int
    silent: int
    alike: bool


def _doubt_resets(members: Sequence[Finding], silent: int, doubts: Doubts) -> _Refusals:
    """The resets of a block, where nearly all addresses without a better sign return one."""
    plain = [finding for finding in members if RESET in signs_of(finding) and not doubts.valid(finding) & _OWN]
    alike = len(plain) >= LEAST_RESETS and len(plain) >= SHARE_OF_RESETS * (len(plain) + silent)
    for finding in plain if alike else ():
        doubts.void[finding.ip].add(RESET)
    return _Refusals(len(plain), silent, alike)


def _doubt_echoes(
    members: Sequence[Finding], room: int, silent: int, explained: frozenset[str], doubts: Doubts
) -> None:
    """The echoes of a block of which every address, also those that no host has, returns one and nothing better."""
    echoing = [finding for finding in members if doubts.valid(finding) - {RESET} == {ECHO}]
    plain = [finding for finding in echoing if finding.ip not in explained]
    enough = len(plain) >= max(LEAST_ECHOES, SHARE_OF_ROOM * room)
    if enough and len(plain) >= SHARE_OF_ECHOES * (len(plain) + silent):
        for finding in plain:
            doubts.void[finding.ip].add(ECHO)


def _silent(members: Sequence[Finding], source: str, block: Block, places: Places) -> int:
    """How many addresses of a block a source asked in vain."""
    results = [{one.result for one in finding.evidence if one.source == source} for finding in members]
    heard = sum(1 for found in results if found & {ANSWERED, REFUSED})
    by_evidence = sum(1 for found in results if SILENT in found and not found & {ANSWERED, REFUSED})
    return max(by_evidence, places.asked(block, source) - heard)


def _contested(finding: Finding, doubts: Doubts, places: Places, own_macs: frozenset[str]) -> bool:
    """Whether tables have MACs of several hosts for an address."""
    network, name = places.of(finding.ip), _name(places, finding)
    results: Mapping[str, set[str]] = defaultdict(set)
    for evidence in _entries(finding):
        if is_identity(evidence.mac) and (name, evidence.mac) not in doubts.proxies:
            results[evidence.mac].add(evidence.result)
    if len(results) < 2 or own_macs.issuperset(results):
        return False
    now = [mac for mac, found in results.items() if ANSWERED in found]
    return not (network is not None and network.dhcp and len(now) == 1)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What identifies a host: the keys that addresses can share, and what of two hosts cannot be of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

from .._parts.serials import judge
from .finding import Finding, SnmpBasics
from .host import OWN_ADDRESS, SAME_DEVICE, SAME_ENGINE, SAME_MAC, SAME_NAME_AND_MACS, SAME_SERIAL
from .known import KnownAddress
from .macs import is_identity, normal_mac
from .signs import MOST_PER_MAC, table_macs

#: More different hosts than this never share an identity: then it is a constant of a product, or made up.
MOST_PROFILES = 64
#: An address that more hosts than this list as their own is shown for none of them.
MOST_CLAIMANTS = 16
#: RFC 3411, SnmpEngineID: 5 to 32 octets; the fifth names the format where the first bit is set.
_SHORTEST_ENGINE, _LONGEST_ENGINE = 5, 32
_NEW_FORMAT, _IPV4, _MAC = 0x80, 1, 3


@dataclass(frozen=True)
class Profile:
    """What agents report of themselves, of one address or of a group of them."""

    serials: frozenset[str] = frozenset()
    engines: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    macs: frozenset[str] = frozenset()

    def __or__(self, other: Profile) -> Profile:
        return Profile(
            self.serials | other.serials,
            self.engines | other.engines,
            self.names | other.names,
            self.macs | other.macs,
        )


@dataclass(frozen=True)
class Key:
    """Something that several addresses share, which is a reason to join them unless they contradict each other."""

    reason: str  #: one of REASONS
    value: str
    addresses: tuple[str, ...]  #: at least two
    doubtful: bool = False  #: it is shown, and never joins


def profile_of(basics: SnmpBasics | None) -> Profile:
    """The identity that an agent reports, without what identifies nothing: placeholders, shared MACs."""
    if basics is None:
        return Profile()
    serials = (judge(serial) for serial in basics.serials)
    name = basics.sys_name.strip().rstrip(".").casefold()
    engine = basics.engine_id.lower() if is_engine(basics.engine_id) else ""
    return Profile(
        frozenset(found.serial.upper() for found in serials if found.good),
        frozenset([engine] if engine else []),
        frozenset([name] if name else []),
        frozenset(mac for mac in map(normal_mac, basics.macs) if is_identity(mac)),
    )


def is_engine(digits: str) -> bool:
    """Whether a snmpEngineID, as hexadecimal digits, can be of one engine only."""
    try:
        octets = bytes.fromhex(digits)
    except ValueError:
        return False
    if not _SHORTEST_ENGINE <= len(octets) <= _LONGEST_ENGINE or len(set(octets[5:])) < 2:
        return False
    if octets[0] & _NEW_FORMAT and octets[4] == _MAC:
        return is_identity(normal_mac(octets[5:11]))
    return not (octets[0] & _NEW_FORMAT and octets[4] == _IPV4 and octets[5] in (0, 127))


def contradict(profiles: Iterable[Profile], reason: str) -> bool:
    """Whether these cannot all be one host, although they share what the reason names.

    A serial joins what has several names (contexts that were renamed), but not if engine or interfaces differ as well:
    a server and its management controller, or virtual devices of one chassis, are several hosts. An engine id is
    copied with a disk image, so that nothing else may differ.
    """
    different = set(profiles)
    if len(different) > MOST_PROFILES:
        return True
    return any(_differ(one, other, reason) for one, other in combinations(different, 2))


def merged(profiles: Iterable[Profile]) -> Profile:
    return reduce(Profile.__or__, profiles, Profile())


def _differ(one: Profile, other: Profile, reason: str) -> bool:
    serials = _apart(one.serials, other.serials)
    names = bool(one.names and other.names) and not any(_same_name(a, b) for a in one.names for b in other.names)
    macs = _apart(one.macs, other.macs)
    if reason == SAME_SERIAL:
        return names and (macs or _apart(one.engines, other.engines))
    if reason == SAME_NAME_AND_MACS:
        return serials
    if reason == SAME_DEVICE:
        return serials or names
    return serials or names or macs


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one.isdisjoint(other)


def _same_name(one: str, other: str) -> bool:
    """rtr1 is rtr1.example.com, but rtr1.example.com is not rtr1.example.net."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def keys_of(findings: Sequence[Finding], profiles: Mapping[str, Profile], known: Iterable[KnownAddress]) -> list[Key]:
    """All that two or more addresses share, but for what agents list as their own addresses.

    findings: in the order of their addresses. profiles: of each address.
    """
    shared: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for finding in findings:
        profile = profiles[finding.ip]
        for serial in profile.serials:
            shared[SAME_SERIAL, serial][finding.ip] = None
        for engine in profile.engines:
            shared[SAME_ENGINE, engine][finding.ip] = None
        for name in profile.names if profile.macs else ():
            shared[SAME_NAME_AND_MACS, f"{name} {' '.join(sorted(profile.macs))}"][finding.ip] = None
        for mac in profile.macs | {mac for mac in table_macs(finding) if is_identity(mac)}:
            shared[SAME_MAC, mac][finding.ip] = None
    keys = [
        Key(reason, value, tuple(addresses), doubtful=reason == SAME_MAC)
        for (reason, value), addresses in sorted(shared.items())
        if len(addresses) > 1 and not (reason == SAME_MAC and len(addresses) > MOST_PER_MAC)
    ]
    return keys + _device_keys(findings, known)


def _device_keys(findings: Sequence[Finding], known: Iterable[KnownAddress]) -> list[Key]:
    """The addresses of each device of NetBox. One that several devices have is shown with each, and joins none."""
    of_address: dict[str, set[str]] = defaultdict(set)
    for address in known:
        if address.device_id is not None:
            of_address[address.address].add(f"{address.device_id} {address.device}".strip())
    devices: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        for device in of_address.get(finding.ip, ()):
            devices[device].append(finding.ip)
    keys = []
    for device, addresses in sorted(devices.items()):
        alone = tuple(one for one in addresses if len(of_address[one]) == 1)
        if len(alone) > 1:
            keys.append(Key(SAME_DEVICE, device, alone))
        if len(addresses) > max(1, len(alone)):
            keys.append(Key(SAME_DEVICE, device, tuple(addresses), doubtful=True))
    return keys


def own_address_keys(findings: Sequence[Finding], host_of: Mapping[str, str]) -> list[Key]:
    """The addresses that agents list as their own. host_of: address -> a name of the host it was joined to so far.

    Doubtful where several hosts list one (a virtual router's, anycast, the same private network in several places), and
    where a table has another host's MAC for it. One that very many hosts list (that of a bridge for containers) shows
    nothing.
    """
    by_address = {finding.ip: finding for finding in findings}
    claims: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        for address in dict.fromkeys(finding.snmp.addresses) if finding.snmp else ():
            if address in by_address:
                claims[address].append(finding.ip)
    keys = []
    for address, claimants in sorted(claims.items()):
        hosts = {host_of[claimant] for claimant in claimants}
        members = tuple(dict.fromkeys([*claimants, address]))
        if len(members) > 1 and len(hosts) <= MOST_CLAIMANTS:
            listed = by_address[address]
            doubtful = len(hosts) > 1 or _elsewhere(table_macs(listed), by_address[claimants[0]])
            keys.append(Key(OWN_ADDRESS, claimants[0], members, doubtful))
    return keys


def _elsewhere(seen: frozenset[str], agent: Finding) -> bool:
    """Whether the MACs that tables have for an address are not of the agent that lists it."""
    own = {normal_mac(mac) for mac in (agent.snmp.macs if agent.snmp else ())}
    if own:
        return bool(seen) and seen.isdisjoint(own)
    return any(not is_identity(mac) for mac in seen)

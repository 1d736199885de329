# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host once: which of the addresses that were found belong to one host, and why.

The reasons are taken in the order of their strength: chassis serial, engine id, sysName with the same MACs, the device
in NetBox, an agent's own list of addresses. What hangs together by one reason is joined only if nothing in it
contradicts: with two serials in it, none of it is joined by that reason. What is not joined is shown as doubtful. So
the order of the findings plays no part, and one wrong identity never merges two hosts that differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .finding import CONTRADICTING, SEEN, Finding
from .host import REASONS, SAME_DEVICE, SAME_ENGINE, SAME_MAC, SAME_NAME_AND_MACS, SAME_SERIAL, Host, Join, Network
from .host_record import Parts, host_of, state_of
from .identities import Key, Profile, contradict, keys_of, merged, own_address_keys, profile_of
from .known import KnownAddress
from .places import Places
from .ranges import parse_range
from .signs import doubts_about

#: Addresses that one host shows as doubtful at most.
MOST_DOUBTFUL = 32


def join_hosts(
    findings: Iterable[Finding], networks: Iterable[Network], known: Iterable[KnownAddress] = ()
) -> tuple[Host, ...]:
    """The hosts that these findings show, in the order of their addresses.

    findings: one for each address. known: what NetBox has. Each address is in exactly one host, and a host with several
    has a reason for each (Host.joined).
    """
    known = tuple(known)
    ordered = sorted(findings, key=lambda finding: parse_range(finding.ip))
    parts = _parts(ordered, networks, known)
    groups = _grouped(ordered, parts.profiles, known)
    joins, doubtful = _by_address(groups.used), _by_address(groups.doubtful)
    hosts = [
        host_of(members, parts, _reasons(members, joins), _not_made(members, doubtful)) for members in groups.members()
    ]
    return tuple(sorted(hosts, key=lambda host: parse_range(host.ip)))


def count_networks(networks: Iterable[Network], findings: Iterable[Finding]) -> tuple[Network, ...]:
    """The networks with `refuses_alike` and `seen`: the addresses seen in each, counted in the narrowest network."""
    networks, findings = tuple(networks), tuple(findings)
    parts = _parts(findings, networks, ())
    seen: Counter[str] = Counter()
    for finding in findings:
        network = parts.places.of(finding.ip)
        seen[network.network if network else ""] += state_of(finding, parts)[0] in (SEEN, CONTRADICTING)
    return tuple(
        replace(one, seen=seen[one.network], refuses_alike=one.network in parts.doubts.refusing) for one in networks
    )


def _parts(findings: Sequence[Finding], networks: Iterable[Network], known: Iterable[KnownAddress]) -> Parts:
    places = Places(networks)
    return Parts(
        findings={finding.ip: finding for finding in findings},
        places=places,
        doubts=doubts_about(findings, places),
        profiles={finding.ip: profile_of(finding.snmp) for finding in findings},
        primaries=frozenset(one.address for one in known if one.primary and one.device_id is not None),
    )


class _Groups:
    """Addresses joined so far (a union of sets), with what joined them and what did not."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._above: dict[str, str] = {address: address for address in profiles}
        self._profiles = profiles
        self.used: list[Key] = []
        self.doubtful: list[Key] = []

    def root(self, address: str) -> str:
        """The address that stands for the group."""
        root = address
        while self._above[root] != root:
            root = self._above[root]
        while self._above[address] != root:
            self._above[address], address = root, self._above[address]
        return root

    def members(self) -> list[list[str]]:
        """The groups, each in the order in which the addresses were given."""
        groups: dict[str, list[str]] = defaultdict(list)
        for address in self._above:
            groups[self.root(address)].append(address)
        return list(groups.values())

    def join(self, keys: Sequence[Key]) -> None:
        """Join by keys of one reason, but for what hangs together by them and contradicts."""
        self.doubtful.extend(key for key in keys if key.doubtful)
        sure = [key for key in keys if not key.doubtful]
        profiles = self._of_groups(sure)
        for together in self._components(sure):
            roots = {self.root(address) for key in together for address in key.addresses}
            if contradict((profiles[root] for root in roots), together[0].reason):
                self.doubtful.extend(together)
                continue
            self.used.extend(together)
            for key in together:
                for address in key.addresses[1:]:
                    self._above[self.root(address)] = self.root(key.addresses[0])

    def _of_groups(self, keys: Sequence[Key]) -> dict[str, Profile]:
        """What is known of each group that the keys touch, by its root."""
        roots = {self.root(address) for key in keys for address in key.addresses}
        profiles: dict[str, set[Profile]] = {root: set() for root in roots}
        for address, profile in self._profiles.items():
            if (root := self.root(address)) in profiles:
                profiles[root].add(profile)
        return {root: merged(of_group) for root, of_group in profiles.items()}

    def _components(self, keys: Sequence[Key]) -> list[list[Key]]:
        """The keys that hang together: those that touch a common group."""
        trial: dict[str, str] = {}

        def top(root: str) -> str:
            trial.setdefault(root, root)
            while trial[root] != root:
                trial[root] = trial[trial[root]]
                root = trial[root]
            return root

        for key in keys:
            first = top(self.root(key.addresses[0]))
            for address in key.addresses[1:]:
                trial[top(self.root(address))] = first
        components: dict[str, list[Key]] = defaultdict(list)
        for key in keys:
            components[top(self.root(key.addresses[0]))].append(key)
        return list(components.values())


def _grouped(findings: Sequence[Finding], profiles: Mapping[str, Profile], known: Iterable[KnownAddress]) -> _Groups:
    groups = _Groups(profiles)
    keys = keys_of(findings, profiles, known)
    for reason in (SAME_SERIAL, SAME_ENGINE, SAME_NAME_AND_MACS, SAME_DEVICE):
        groups.join([key for key in keys if key.reason == reason])
    groups.join(own_address_keys(findings, {finding.ip: groups.root(finding.ip) for finding in findings}))
    groups.join([key for key in keys if key.reason == SAME_MAC])
    return groups


def _by_address(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """The keys of each address, the strongest reason first."""
    found: dict[str, list[Key]] = defaultdict(list)
    for key in sorted(keys, key=lambda key: (REASONS.index(key.reason), key.value)):
        for address in key.addresses:
            found[address].append(key)
    return found


def _reasons(members: Sequence[str], joins: Mapping[str, list[Key]]) -> tuple[Join, ...]:
    """Of each address the strongest reason; none for a host with one address."""
    if len(members) == 1:
        return ()
    strongest = {address: joins[address][0] for address in members}
    return tuple(Join(address=address, reason=key.reason, value=key.value) for address, key in strongest.items())


def _not_made(members: Sequence[str], doubtful: Mapping[str, list[Key]]) -> tuple[Join, ...]:
    """The other addresses that may be this host, of each the strongest reason."""
    own = set(members)
    found: dict[str, Join] = {}
    keys = {key: None for address in members for key in doubtful.get(address, ())}
    for key in sorted(keys, key=lambda key: (REASONS.index(key.reason), key.value)):
        for address in key.addresses:
            if len(found) >= MOST_DOUBTFUL:
                break
            if address not in own:
                found.setdefault(address, Join(address=address, reason=key.reason, value=key.value))
    return tuple(sorted(found.values(), key=lambda join: parse_range(join.address)))

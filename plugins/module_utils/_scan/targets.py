# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan asks: networks, ranges, hosts and files of them, without what is excluded, and which may be asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from .._common.errors import OptionsError
from .._common.paths import as_path
from .._common.private_files import read_regular
from .._outgoing.text import brief
from .host import Network
from .ranges import Range, RangeSet, parse_range, text_of

#: Octets of a file with targets.
FILE_LIMIT = 4 * 2**20
#: Targets in all, after files were read.
MOST_TARGETS = 100_000
#: What may be asked without `authorized`.
OWN = tuple(
    parse_range(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),  # RFC 1918, RFC 4193
        *("100.64.0.0/10", "169.254.0.0/16", "fe80::/10"),  # RFC 6598, RFC 3927, RFC 4291
        *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),  # documentation
        *("127.0.0.0/8", "::1/128"),
    )
)
#: Where no single host is, or none that can be reached by its address alone.
_NOWHERE = ("0.0.0.0/8", "224.0.0.0/3", "::/128", "ff00::/8", "::ffff:0:0/96", "fe80::/10")
_NO_HOSTS = tuple(parse_range(text) for text in _NOWHERE)

#: How many /24 or /64 are asked at the same time: one alone would wait for its packets per second.
LANES = 8


def expand(given: Iterable[str], option: str) -> list[str]:
    """The targets, with the lines of files in place of those that name one (a path, or file:PATH).

    A line has one target; "#" begins a comment. Raises OptionsError, PrivateFileError.
    """
    found: list[str] = []
    for one in given:
        path = one.strip().removeprefix("file:") if _is_path(one.strip()) else ""
        found += _lines(path, option) if path else [one]
        if len(found) > MOST_TARGETS:
            raise OptionsError(f"{option} has more than {MOST_TARGETS:,} lines", "give networks or ranges instead")
    return [one.strip() for one in found if one.strip()]


def _is_path(text: str) -> bool:
    return text.startswith(("file:", "/", "./", "../", "~"))


def _lines(path: str, option: str) -> list[str]:
    try:
        text = read_regular(as_path(path), FILE_LIMIT).decode("utf-8")
    except UnicodeDecodeError:
        raise OptionsError(f"{brief(path, 200)} (option {option}) is not UTF-8 text") from None
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    if nested := next((line for line in lines if _is_path(line)), None):
        raise OptionsError(
            f"{brief(path, 200)} (option {option}) names another file, {brief(nested, 80)}",
            f"list that file in {option}",
        )
    return lines


def read_ranges(texts: Iterable[str], option: str) -> list[tuple[str, Range]]:
    """Each target as it is given, with its range. Raises OptionsError that names it."""
    return [(text, _range(text, option)) for text in texts]


def _range(text: str, option: str) -> Range:
    try:
        return parse_range(text)
    except ValueError as error:
        why = "it has host bits; give the network, or the address alone" if "host bits" in str(error) else str(error)
    forms = "CIDR (192.0.2.0/24), FIRST-LAST (192.0.2.1-192.0.2.9), an address, or a file (/PATH)"
    raise OptionsError(f"{option}: {brief(text, 80)} is not a target ({brief(why, 120)})", f"write {forms}")


def networks_of(targets: Iterable[str]) -> list[Network]:
    """The networks that the option `targets` names, after expand(). Raises OptionsError."""
    found = []
    for text, one in read_ranges(targets, "targets"):
        bits = 32 if one.version == 4 else 128
        length = bits - (one.size.bit_length() - 1) if "/" in text else bits
        found.append(Network(network=_name(one, length), prefix_length=length))
    return found


def _name(one: Range, length: int) -> str:
    bits = 32 if one.version == 4 else 128
    return f"{text_of(one.version, one.first)}/{length}" if one.size == 1 << (bits - length) else str(one)


class Targets:
    """The addresses of a scan, as ranges, each under the narrowest of its networks; no list of addresses is made."""

    def __init__(
        self,
        networks: Sequence[Network],
        *,
        exclude: Iterable[Range] = (),
        known: Iterable[str] = (),
        skip: Iterable[Range] = (),
        max_addresses: int = 4096,
        authorized: bool = False,
    ) -> None:
        """
        :param networks: of NetBox and of the options, in this order of precedence between two alike.
        :param exclude: what is never asked.
        :param known: addresses of NetBox; of a large IPv6 network only these are asked.
        :param skip: what an earlier scan asked, which this one resumes.

        Raises OptionsError.
        """
        self.max_addresses = max_addresses
        self._excluded = RangeSet(exclude)
        self._known = RangeSet(parse_range(address) for address in known)
        #: Networks that several VRFs have: which of them is reached from here is not known, so they are not asked.
        self.networks, self.ambiguous = _one_vrf_each(networks)
        self._spans: list[tuple[Range, int]] = []
        self._asked: list[tuple[Range, int]] = []
        self._arrange(max_addresses)
        self._check(max_addresses, authorized)
        done = RangeSet(skip)
        self._to_ask = [(rest, number) for one, number in self._asked for rest in done.without(one)]

    def _arrange(self, max_addresses: int) -> None:
        """Give each address to the narrowest network that has it."""
        taken = RangeSet()
        ranges = [_range(network.network, "networks") for network in self.networks]
        for number in sorted(range(len(ranges)), key=lambda at: (ranges[at].size, at)):
            span = ranges[number]
            free = list(taken.without(span))
            self._spans += [(one, number) for one in free]
            for one in free:
                usable = self._usable(span, one, number, max_addresses)
                self._asked += [(rest, number) for part in usable for rest in self._excluded.without(part)]
            taken.add(span)
        self._spans.sort()
        self._asked.sort()
        self._parts, self._spans_by_network = _by_network(self._asked), _by_network(self._spans)
        of_netbox = [(one, network) for one, network in zip(ranges, self.networks, strict=True) if network.kind]
        sizes = [sum(one.size for one in self.parts_of(number)) for number in range(len(ranges))]
        self.networks = tuple(
            replace(_inheriting(network, ranges[number], of_netbox), addresses=sizes[number])
            for number, network in enumerate(self.networks)
        )

    def _usable(self, span: Range, part: Range, number: int, max_addresses: int) -> Iterator[Range]:
        """What of a part of a network may be an address of a host."""
        network = self.networks[number]
        if span.version == 6 and span.size > max_addresses:
            if not network.kind:
                raise OptionsError(
                    f"targets: {span if '/' not in network.network else network.network} has {span.size:,} addresses,"
                    f" more than an IPv6 network may have to be swept (max_addresses, {max_addresses:,})",
                    "give its hosts, or the network as NetBox's prefix (netbox_prefixes): then the addresses that"
                    " NetBox knows in it are asked, and others are found in the neighbour tables of routers"
                    " (source routers) and of this host",
                )
            yield from self._known.within(part)
        elif span.version == 4 and "/" in network.network and span.size > 2:
            inner = Range(4, max(part.first, span.first + 1), min(part.last, span.last - 1))
            if inner.first <= inner.last:
                yield inner
        else:
            yield part

    def _check(self, max_addresses: int, authorized: bool) -> None:
        if not authorized:
            own = RangeSet(OWN)
            for one, number in self._asked:
                if other := next(own.without(one), None):
                    raise OptionsError(
                        f"{self.networks[number].network}: {text_of(other.version, other.first)} is a public address."
                        " Scanning networks of others may be an offence, and is taken for an attack",
                        "set the option authorized to true if the network is yours or its owner agreed, or exclude it",
                    )
        no_hosts = RangeSet(_NO_HOSTS)
        for one, number in self._asked:
            if other := next(no_hosts.within(one), None):
                raise OptionsError(
                    f"{self.networks[number].network}: {text_of(other.version, other.first)} is no address of a host"
                    " that can be scanned (multicast, broadcast, reserved, unspecified, or IPv6 link-local)",
                    "exclude or correct it",
                )
        total = sum(one.size for one, _number in self._asked)
        if total > max_addresses:
            raise OptionsError(
                f"The targets have {total:,} addresses, and max_addresses is {max_addresses:,}",
                f"choose fewer, or set max_addresses to {total} if you mean all of them",
            )

    @property
    def total(self) -> int:
        """How many addresses are to be asked."""
        return sum(one.size for one, _number in self._to_ask)

    def parts_of(self, number: int) -> list[Range]:
        """The ranges of a network that are asked in this scan or were in the one that it resumes, in order."""
        return self._parts.get(number, [])

    def spans_of(self, number: int) -> list[Range]:
        """All that belongs to a network, in order: also addresses that are not asked, or only if a table has them."""
        return self._spans_by_network.get(number, [])

    def network_of(self, address: str) -> Network | None:
        """The narrowest network that has an address; None for one that is no target, is excluded, or is no address."""
        try:
            one = parse_range(address)
        except ValueError:
            return None
        at = bisect_right(self._spans, (one.version, one.first), key=_begin) - 1
        if at < 0 or not self._spans[at][0].holds(one) or self._excluded.covers(one.version, one.first):
            return None
        return self.networks[self._spans[at][1]]

    def __iter__(self) -> Iterator[str]:
        """Each address that is to be asked, once: of several subnets in turn."""
        blocks = _blocks(one for one, _number in self._to_ask)
        lanes = [iter(block) for block in islice(blocks, LANES)]
        while lanes:
            at = 0
            while at < len(lanes):
                address = next(lanes[at], None)
                if address is not None:
                    yield address
                    at += 1
                elif (block := next(blocks, None)) is not None:
                    lanes[at] = iter(block)
                else:
                    del lanes[at]


def _begin(part: tuple[Range, int]) -> tuple[int, int]:
    return part[0].version, part[0].first


def _one_vrf_each(networks: Sequence[Network]) -> tuple[tuple[Network, ...], tuple[str, ...]]:
    """The networks, each once, and the names of those that were left out because several VRFs have them."""
    vrfs: dict[str, set[int | None]] = {}
    for network in networks:
        if network.kind:
            vrfs.setdefault(network.network, set()).add(network.vrf_id)
    ambiguous = {name for name, found in vrfs.items() if len(found) > 1}
    once = {network.network: network for network in reversed(networks) if network.network not in ambiguous}
    return tuple(reversed(once.values())), tuple(sorted(ambiguous))


def _inheriting(network: Network, own: Range, of_netbox: Sequence[tuple[Range, Network]]) -> Network:
    """A network of the options, with what the narrowest network of NetBox around it has: mask, VRF, tenant, site."""
    if network.kind:
        return network
    around = [(one.size, at) for at, (one, _network) in enumerate(of_netbox) if one.holds(own)]
    if not around:
        return network
    return replace(of_netbox[min(around)[1]][1], network=network.network, kind="", netbox_id=None)


def _by_network(parts: Iterable[tuple[Range, int]]) -> dict[int, list[Range]]:
    found: dict[int, list[Range]] = {}
    for one, number in parts:
        found.setdefault(number, []).append(one)
    return found


def _blocks(ranges: Iterable[Range]) -> Iterator[Iterator[str]]:
    """Ranges as the addresses of each /24 or /64, in order."""
    for one in ranges:
        bits = 8 if one.version == 4 else 64
        first = one.first
        while first <= one.last:
            last = min(one.last, first | ((1 << bits) - 1))
            yield map(partial(text_of, one.version), range(first, last + 1))
            first = last + 1

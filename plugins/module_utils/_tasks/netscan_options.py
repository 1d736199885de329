# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of netscan: their specification, and what of them must be checked beyond their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from .._common.environment import from_environment
from .._common.errors import OptionsError
from .._common.task import checked
from .._common.typed_json import WrongShape, from_json
from .._netbox.options import CONNECTION_OPTIONS
from .._outgoing.text import brief
from .._scan.budget import LEAST_PER_SECOND, Rates
from .._scan.coverage import done_in
from .._scan.finding import DNS, ICMP, LINKS, NEIGHBOURS, ROUTERS, SNMP, SOURCES, TCP
from .._scan.host import Network, Scan
from .._scan.known import KnownAddress
from .._scan.targets import Targets, expand, networks_of, read_ranges
from .snmp_options import SNMP_ARGUMENTS

T = TypeVar("T")

ARGUMENT_SPEC: dict[str, Any] = {
    "targets": {"type": "list", "elements": "str", "default": [], "fallback": from_environment("CIDR")},
    "exclude": {"type": "list", "elements": "str", "default": []},
    "networks": {"type": "list", "elements": "dict", "default": []},
    "known_addresses": {"type": "list", "elements": "dict", "default": []},
    "sources": {
        "type": "list",
        "elements": "str",
        "choices": list(SOURCES),
        "default": [ICMP, TCP, DNS, NEIGHBOURS, ROUTERS, LINKS, SNMP],
    },
    "tcp_ports": {
        "type": "list",
        "elements": "int",
        "default": [22, 23, 80, 443],
        "fallback": from_environment("TCP_SAMPLE_PORTS"),
    },
    "timeout_ms": {"type": "int", "default": 900, "fallback": from_environment("TIMEOUT_MS")},
    "icmp_attempts": {"type": "int", "default": 2},
    "dns_servers": {"type": "list", "elements": "str", "default": []},
    "dns_timeout": {"type": "float", "default": 2.0},
    # Holds credentials.
    "snmp": {"type": "dict", "default": {}, "no_log": True},
    "snmp_all_targets": {"type": "bool", "default": False},
    "routers": {"type": "list", "elements": "str", "default": []},
    "profiles": {"type": "path"},
    # Filled by the action, for a host that has no files of ours.
    "profile_data": {"type": "dict"},
    "concurrency": {"type": "int", "default": 128, "fallback": from_environment("CONCURRENCY")},
    "max_addresses": {"type": "int", "default": 4096},
    "packets_per_second": {"type": "int", "default": 3000},
    "packets_per_subnet_second": {"type": "int", "default": 2000},
    "packets_per_subnet": {"type": "int", "default": 20000},
    "deadline": {"type": "int", "default": 3600},
    "authorized": {"type": "bool", "default": False},
    "save_to": {"type": "path"},
    "resume": {"type": "path"},
    # What NetBox gives: see netscan_netbox.py.
    "netbox": {"type": "bool", "default": False},
    "netbox_prefixes": {"type": "dict"},
    "netbox_ip_ranges": {"type": "dict"},
    "netbox_routers": {"type": "dict"},
    "include_dhcp": {"type": "bool", "default": True},
    "dhcp_roles": {"type": "list", "elements": "str", "default": ["dhcp"]},
    "dhcp_tags": {"type": "list", "elements": "str", "default": ["dhcp"]},
    **CONNECTION_OPTIONS,
}

#: What `snmp` may have. Whom to ask is for the scan to know.
SNMP_SPEC = {name: spec for name, spec in SNMP_ARGUMENTS.items() if name not in ("host", "env_file")}

#: Of options that are numbers, the least and the most.
_LIMITS: dict[str, tuple[float, float]] = {
    "timeout_ms": (10, 60_000),
    "icmp_attempts": (1, 10),
    "dns_timeout": (0.1, 30.0),
    "concurrency": (1, 2_000),
    "max_addresses": (1, 2**24),
    "packets_per_second": (LEAST_PER_SECOND, 1_000_000),
    "packets_per_subnet_second": (LEAST_PER_SECOND, 1_000_000),
    "packets_per_subnet": (1, 2**31),
    "deadline": (0, 7 * 86_400),
}


def with_files(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options with the lines of files in place of their names. Raises OptionsError, PrivateFileError."""
    return {**params, **{option: expand(params[option], option) for option in ("targets", "exclude")}}


def check_numbers(params: Mapping[str, Any]) -> None:
    """Raises OptionsError."""
    for name, (least, most) in _LIMITS.items():
        if not least <= params[name] <= most:
            raise OptionsError(f"{name} is {params[name]}", f"set it from {least:,} to {most:,}")
    if wrong := [port for port in params["tcp_ports"] if not 1 <= port <= 65535]:
        raise OptionsError(f"tcp_ports: {wrong[0]} is no port", "set ports from 1 to 65535")


def targets_of(params: Mapping[str, Any], earlier: Scan | None = None) -> Targets:
    """What is asked, by the options after with_files(). Raises OptionsError."""
    networks = [*of_kind(Network, params, "networks"), *networks_of(params["targets"])]
    if not networks:
        raise OptionsError("There is nothing to scan", "set targets, networks, netbox_prefixes or netbox_ip_ranges")
    return Targets(
        networks,
        exclude=[one for _text, one in read_ranges(params["exclude"], "exclude")],
        known=[one.address for one in known_of(params)],
        skip=[one for network in (earlier.networks if earlier else ()) for one in done_in(network)],
        max_addresses=params["max_addresses"],
        authorized=params["authorized"],
    )


def known_of(params: Mapping[str, Any]) -> list[KnownAddress]:
    """What NetBox knows, with the addresses in their usual form. Raises OptionsError."""
    known = of_kind(KnownAddress, params, "known_addresses")
    ranges = read_ranges((one.address for one in known), "known_addresses")
    for text, one in ranges:
        if one.size > 1:
            raise OptionsError(f"known_addresses: {text} is not one address", "write it without its mask")
    return [replace(entry, address=str(one)) for entry, (_text, one) in zip(known, ranges, strict=True)]


def with_snmp(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options with `snmp` checked, and completed from the environment and from env_file. Raises OptionsError."""
    given = {name: value for name, value in params["snmp"].items() if value not in (None, "")}
    if unknown := sorted(given.keys() - SNMP_SPEC.keys()):
        raise OptionsError(f"snmp has no option {brief(unknown[0], 60)}", f"it may have {', '.join(SNMP_SPEC)}")
    env_file = {"env_file": params["env_file"]} if params["env_file"] else {}
    found = checked({**given, **env_file}, {**SNMP_SPEC, "env_file": {"type": "path"}})
    if found.errors:
        raise OptionsError("; ".join(f"snmp: {error}" for error in found.errors))
    return {**params, "snmp": {name: found.params[name] for name in SNMP_SPEC if found.params[name] is not None}}


def rates_of(params: Mapping[str, Any]) -> Rates:
    return Rates(
        per_second=params["packets_per_second"],
        per_subnet_second=params["packets_per_subnet_second"],
        per_subnet=params["packets_per_subnet"],
    )


def of_kind(kind: type[T], params: Mapping[str, Any], option: str) -> list[T]:
    """The elements of an option that is a list of objects. Raises OptionsError."""
    try:
        return from_json(list[kind], params[option], option)  # type: ignore[valid-type]
    except WrongShape as error:
        raise OptionsError(str(error), f"correct {option}, or leave it to the action, which fills it") from None

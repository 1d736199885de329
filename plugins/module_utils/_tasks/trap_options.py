# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the event source snmp_trap, and of the service that starts an inventory without it.

They come from a rulebook or a file: no Ansible is needed to check them, because ansible-rulebook may run without it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._common.errors import OptionsError
from .._common.near import did_you_mean
from .._mib.errors import MibError
from .._mib.library import Mib, standard
from .._mib.user_mibs import user_mib
from .._outgoing.text import brief
from .._snmp.credential_sets import read_set
from .._snmp.users import Community, Credentials
from .._traps.listener import Bounds, plain_address
from .._traps.matching import Named

#: Notifications that a device sends when its hardware changed, or may have changed while it was down. The numbers are
#: tmnxEqPortSFPInserted and tmnxEqPortSFPRemoved: TIMETRA-PORT-MIB does not come with the collection.
STARTS = (
    "SNMPv2-MIB::coldStart",
    "ENTITY-MIB::entConfigChange",
    *(f"CISCO-ENTITY-FRU-CONTROL-MIB::{name}" for name in ("cefcFRUInserted", "cefcFRURemoved")),
    "CISCO-ENTITY-FRU-CONTROL-MIB::cefcModuleStatusChange",
    *(f"JUNIPER-MIB::{name}" for name in ("jnxFruInsertion", "jnxFruRemoval", "jnxFruOnline")),
    *(f"TIMETRA-CHASSIS-MIB::tmnxEqCard{name}" for name in ("Inserted", "Removed")),
    *(f"TIMETRA-CHASSIS-MIB::tmnxEqPowerSupply{name}" for name in ("Inserted", "Removed")),
    *(f"1.3.6.1.4.1.6527.3.1.3.2.2.0.{number}" for number in (8, 9)),
)
#: What an event can be.
NOTIFICATION, SETTLED, UNKNOWN, COUNTERS, PROBLEM = "notification", "settled", "unknown", "counters", "problem"
KINDS = (NOTIFICATION, SETTLED, UNKNOWN, COUNTERS, PROBLEM)

#: Option with a number -> default, least, most.
_NUMBERS: dict[str, tuple[float, float, float]] = {
    "port": (1162, 0, 65_535),
    "queue_size": (1000, 1, 1_000_000),
    "rate_per_source": (100, 0, 1_000_000),
    "dedupe_seconds": (10, 0, 3600),
    "quiet_seconds": (30, 0, 3600),
    "longest_seconds": (300, 1, 86_400),
    "refresh_seconds": (900, 60, 86_400),
    "counters_seconds": (300, 1, 86_400),
}
_LISTS = ("communities", "users", "mib_dirs", "starts", "more_starts", "events")
_KNOWN = (*_NUMBERS, *_LISTS, "host", "inventory", "devices")
#: What ansible-rulebook adds by itself.
_FOREIGN = frozenset({"eda_feedback_queue"})
_MOST_DEVICES = 100_000


@dataclass(frozen=True, kw_only=True)
class TrapOptions:
    """Checked options; documented in extensions/eda/plugins/event_source/snmp_trap.py."""

    host: str
    port: int
    credentials: tuple[Credentials, ...]
    bounds: Bounds
    mib: Mib
    starts: tuple[Named, ...]
    quiet: float
    longest: float
    refresh: float
    counters: float
    events: frozenset[str]
    inventory: str
    devices: Mapping[str, str]  #: address -> name in the inventory
    problems: tuple[str, ...] = ()  #: sentences about MIBs


def read_trap_options(args: Mapping[str, Any]) -> TrapOptions:
    """Raises InvmonError: a sentence without any value of a secret."""
    _check_names(args)
    numbers = {name: _number(args, name) for name in _NUMBERS}
    mib, problems = _mib(_list(args, "mib_dirs"))
    starts = [*(_list(args, "starts") or STARTS), *_list(args, "more_starts")]
    events = [str(word) for word in _list(args, "events")] or KINDS
    if unknown := next((word for word in events if word not in KINDS), None):
        raise OptionsError(f"events: '{brief(unknown, 40)}' is not one of {', '.join(KINDS)}", "correct it")
    try:
        named = tuple(Named.read(str(word), mib) for word in starts)
    except MibError as error:
        raise OptionsError(f"starts: {error}") from None
    return TrapOptions(
        host=str(args.get("host") or "127.0.0.1"),
        port=int(numbers["port"]),
        credentials=_credentials(args),
        bounds=Bounds(
            queue=int(numbers["queue_size"]),
            per_source=numbers["rate_per_source"],
            dedupe=numbers["dedupe_seconds"],
        ),
        mib=mib,
        starts=named,
        quiet=numbers["quiet_seconds"],
        longest=numbers["longest_seconds"],
        refresh=numbers["refresh_seconds"],
        counters=numbers["counters_seconds"],
        events=frozenset(events),
        inventory=str(args.get("inventory") or ""),
        devices=_devices(args.get("devices") or {}),
        problems=tuple(problems),
    )


def _check_names(args: Mapping[str, Any]) -> None:
    for name in args:
        if name not in _KNOWN and name not in _FOREIGN:
            raise OptionsError(f"'{brief(name, 60)}' is not an option.{did_you_mean(str(name), _KNOWN)}", "correct it")


def _number(args: Mapping[str, Any], name: str) -> float:
    default, least, most = _NUMBERS[name]
    value = args.get(name)
    try:
        number = default if value in (None, "") else float(str(value))
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise OptionsError(f"{name} is '{brief(value, 40)}'", f"give a number from {least:,g} to {most:,g}")
    return number


def _list(args: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = args.get(name)
    if value in (None, ""):
        return []
    if not isinstance(value, list | tuple):
        # Not what it is instead: a community may be there.
        raise OptionsError(f"{name} is not a list", "write it as one, such as [a, b]")
    return value


def _credentials(args: Mapping[str, Any]) -> tuple[Credentials, ...]:
    found: list[Credentials] = []
    for community in _list(args, "communities"):
        # SNMPv1 and SNMPv2c know the same ones.
        found += [Community(version, str(community)) for version in ("2c", "1")]
    for place, values in enumerate(_list(args, "users"), start=1):
        if not isinstance(values, Mapping):
            raise OptionsError(f"users: entry {place} is not a dictionary", "write it as {username: ..., ...}")
        name = str(values.get("name") or f"user-{place}")
        found.append(read_set(name, {key: value for key, value in values.items() if key != "name"}))
    if not found:
        raise OptionsError("communities and users are both empty, so nothing would be taken", "set one of them")
    return tuple(found)


def _devices(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or len(given) > _MOST_DEVICES:
        raise OptionsError(
            f"devices is not a dictionary of at most {_MOST_DEVICES:,} addresses",
            "write it as {192.0.2.1: core-1}",
        )
    found = {}
    for address, name in given.items():
        try:
            found[plain_address(str(address))] = str(name)
        except ValueError:
            raise OptionsError(f"devices: '{brief(address, 60)}' is not an address", "correct it") from None
    return found


def _mib(folders: Sequence[Any]) -> tuple[Mib, list[str]]:
    return user_mib([Path(str(folder)).expanduser() for folder in folders]) if folders else (standard(), [])

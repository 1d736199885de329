# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which platform a device is, and who reads it. A new platform is one entry here and one file beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..snmp.agent import Agent
from ..snmp.transport import Oid
from .cisco import read_ios, read_nxos, read_other
from .collection import Collection, System
from .generic import read_generic
from .junos import read_junos
from .sros import read_sros
from .values import number, text

#: SNMPv2-MIB (RFC 3418)
SYSTEM: Mapping[str, Oid] = {
    "description": (1, 3, 6, 1, 2, 1, 1, 1, 0),
    "object_id": (1, 3, 6, 1, 2, 1, 1, 2, 0),
    "uptime": (1, 3, 6, 1, 2, 1, 1, 3, 0),
    "name": (1, 3, 6, 1, 2, 1, 1, 5, 0),
}

_ENTERPRISES = (1, 3, 6, 1, 4, 1)
_CISCO = (*_ENTERPRISES, 9)
#: jnxProductName and its siblings; other things of Juniper's (NetScreen, UAC) stand elsewhere
_JUNOS = (*_ENTERPRISES, 2636, 1, 1, 1)
#: timetraModules; OmniSwitches answer with another branch of 6527, and without TiMOS in their description
_SROS = (*_ENTERPRISES, 6527, 1)


class UnknownPlatform(ValueError):
    """A platform was asked for that nobody here can read."""


@dataclass(frozen=True)
class Platform:
    """A kind of device.

    It is recognised by its sysDescr, or, where that says nothing (people overwrite it), by the longest prefix of its
    sysObjectID among all platforms.
    """

    name: str
    read: Callable[[Agent, Collection], None]
    object_ids: tuple[Oid, ...] = ()
    description: str = ""  #: regular expression
    #: other words for it, such as slugs of NetBox platforms, without case and punctuation
    aliases: tuple[str, ...] = ()

    def describes(self, description: str) -> bool:
        return bool(self.description) and re.search(self.description, description, re.I) is not None


#: In this order where two recognise a device equally well; the plain one of a vendor last.
PLATFORMS = (
    Platform("cisco_iosxr", read_ios, (_CISCO,), r"\bIOS[ -]?XR\b", ("iosxr", "xr", "ciscoxr")),
    Platform("cisco_nxos", read_nxos, (_CISCO,), r"\bNX-?OS\b", ("nxos", "nexus", "nxosssh")),
    Platform("cisco_asa", read_ios, (_CISCO,), r"Adaptive Security Appliance|Firepower", ("asa", "ciscoftd", "ftd")),
    Platform("cisco_iosxe", read_ios, (_CISCO,), r"\bIOS[ -]?XE\b|IOSXE|CAT[39]K", ("iosxe", "xe")),
    Platform("cisco_ios", read_ios, (_CISCO,), r"Cisco (IOS|Internetwork Oper)|\bIOS \(tm\)", ("ios",)),
    Platform("cisco", read_other, (_CISCO,), aliases=("ciscosmb", "ciscosb", "catos", "ciscocatos")),
    Platform("junos", read_junos, (_JUNOS,), r"\bJUNOS\b", ("juniper", "junosevo", "juniperjunos", "juniperjunosevo")),
    Platform("sros", read_sros, (_SROS,), r"\bTiMOS", ("timos", "nokiasros", "alcatelsros", "nokia")),
)
#: Everything else: never recognised, it is what is left.
GENERIC = Platform("generic", read_generic, aliases=("entity", "other"))


def read_device(agent: Agent, platform: str | None = None, certain: bool = False) -> Collection:
    """Read the parts of one device.

    platform: a hint, see find_platform(); the device's own word counts more, unless the hint is `certain`.
    Raises SnmpError if the device does not answer at all, UnknownPlatform for a hint that means nothing here. A
    table that cannot be read to its end is no error: Collection.complete is False, and `tables` says why.
    """
    hint = find_platform(platform) if platform else None
    system = read_system(agent)
    chosen = hint if hint and certain else choose(system, hint)
    collection = Collection(system, chosen.name, tables=agent.tables)
    if hint and chosen.read is not hint.read:
        told = f"the platform was given as {hint.name}, but the device says that it is {chosen.name}"
        collection.warnings.append(told)
    chosen.read(agent, collection)
    return collection


def read_system(agent: Agent) -> System:
    """The system group. Raises SnmpError if the device does not answer at all."""
    row = agent.scalars(SYSTEM)
    object_id = row.get("object_id")
    return System(
        name=text(row, "name") or "",
        description=text(row, "description") or "",
        object_id=object_id if isinstance(object_id, tuple) else (),
        uptime=(number(row, "uptime") or 0) // 100,
    )


def platform_names() -> list[str]:
    """The names of all platforms."""
    return [platform.name for platform in (*PLATFORMS, GENERIC)]


def find_platform(word: str) -> Platform:
    """The platform of a name, or of another word for it: "ios-xe", "Cisco IOS-XE" and "cisco_iosxe" are one.

    Raises UnknownPlatform, which lists the names.
    """
    wanted = _bare(word)
    for platform in (*PLATFORMS, GENERIC):
        if wanted in {_bare(platform.name), *platform.aliases}:
            return platform
    raise UnknownPlatform(f"unknown platform {word!r}: choose one of {', '.join(platform_names())}, or leave it out")


def known_platform(word: str | None) -> str | None:
    """The name of the platform that a word means, None for words of others: for hints that nobody promised to be one.

    A slug of a NetBox platform is such a hint: NetBox holds platforms that are read by recognition alone.
    """
    try:
        return find_platform(word).name if word else None
    except UnknownPlatform:
        return None


def choose(system: System, hint: Platform | None = None) -> Platform:
    """The platform that the device says it is; the hint where it says nothing, or only its vendor; else GENERIC."""
    described = [platform for platform in PLATFORMS if platform.describes(system.description)]
    by_id = {platform: length for platform in PLATFORMS if (length := _prefix(platform, system.object_id))}
    both = [platform for platform in described if platform in by_id]
    if described:
        return (both or described)[0]
    longest = [platform for platform, length in by_id.items() if length == max(by_id.values())]
    if hint and (not longest or hint in longest):
        return hint
    return longest[-1] if longest else GENERIC


def _prefix(platform: Platform, object_id: Oid) -> int:
    """Length of the longest prefix of the sysObjectID that belongs to the platform."""
    return max((len(prefix) for prefix in platform.object_ids if object_id[: len(prefix)] == prefix), default=0)


def _bare(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.casefold())

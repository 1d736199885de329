# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which platform a device is: by its system group and the rules of the profiles (docs/profiles.md, `match`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._snmp.agent import Agent
from .._snmp.transport import Oid
from .collection import System
from .profile_files import GENERIC, Profile, Profiles, UnknownPlatform
from .values import number, text

#: SNMPv2-MIB (RFC 3418)
SYSTEM: Mapping[str, Oid] = {
    "description": (1, 3, 6, 1, 2, 1, 1, 1, 0),
    "object_id": (1, 3, 6, 1, 2, 1, 1, 2, 0),
    "uptime": (1, 3, 6, 1, 2, 1, 1, 3, 0),
    "name": (1, 3, 6, 1, 2, 1, 1, 5, 0),
}

#: How certain a rule is: see docs/profiles.md.
_BOTH, _OBJECT_ID, _DESCRIPTION = 3, 2, 1


def read_system(agent: Agent) -> System:
    """The system group. Raises SnmpError if the device does not answer."""
    row = agent.scalars(SYSTEM)
    object_id = row.get("object_id")
    return System(
        name=text(row, "name") or "",
        description=text(row, "description") or "",
        object_id=object_id if isinstance(object_id, tuple) else (),
        uptime=(number(row, "uptime") or 0) // 100,
    )


def known_platform(word: str | None, profiles: Profiles) -> str | None:
    """The name of the platform that a word means, None for other words: for hints that need not be a platform of ours.

    The slug of a NetBox platform is such a hint: NetBox has platforms for which there is no profile.
    """
    try:
        return profiles.find(word).name if word else None
    except UnknownPlatform:
        return None


def choose(system: System, profiles: Profiles, hint: Profile | None = None) -> Profile:
    """The platform that the device identifies itself as; the hint where it names at most its vendor; else GENERIC."""
    held = max(_held(system, profiles), key=lambda rule: rule[:3], default=None)
    if hint and (held is None or (held[0] == _OBJECT_ID and _kinship(hint, system) >= held[1])):
        return hint
    return held[3] if held else profiles.by_name[GENERIC]


def differing(recognised: Profile, hint: Profile) -> bool:
    """Whether two platforms are read in different ways: IOS and IOS-XE are not."""
    same_reader = recognised.head.reader == hint.head.reader != "profile"
    return recognised.name != hint.name and not same_reader


def _kinship(profile: Profile, system: System) -> int:
    """Length of the longest OID of the profile's rules that sysObjectID lies below, whatever sysDescr is."""
    prefixes = [match.object_id for match in profile.head.matches]
    return max((len(prefix) for prefix in prefixes if system.object_id[: len(prefix)] == prefix), default=0)


def _held(system: System, profiles: Profiles) -> Iterator[tuple[int, int, int, Profile]]:
    """The rules that hold: how certain each is, the length of its OID, the profile's place, and the profile.

    Of the rules with an OID only those of a prefix of sysObjectID are looked at: all of them are many. A user knows the
    devices: an OID alone is as certain as both in a profile of theirs.
    """
    rules = profiles.by_prefix
    for length in range(len(system.object_id) + 1):
        for place, profile, match in rules.get(system.object_id[:length], ()):
            if match.description and not match.description.search(system.description):
                continue
            if not length:
                kind = _DESCRIPTION
            else:
                kind = _BOTH if match.description or profile.name in profiles.own else _OBJECT_ID
            yield kind, length, place, profile

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which platform a device is: by its system group and the rules of the profiles (docs/profiles.md, `match`)."""

from __future__ import annotations

from collections.abc import Mapping

from .._snmp.agent import Agent
from .._snmp.transport import Oid
from .collection import System
from .profile import Match
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
    certainties = {profile.name: _certainty(profile, system, profile.name in profiles.own) for profile in profiles}
    found = {name: certainty for name, certainty in certainties.items() if certainty[0]}
    kind, length = max(found.values(), default=(0, 0))
    if hint and (not found or (kind == _OBJECT_ID and _kinship(hint, system) >= length)):
        return hint
    names = [name for name, certainty in found.items() if certainty == (kind, length)]
    return profiles.by_name[names[-1]] if names else profiles.by_name[GENERIC]


def differing(recognised: Profile, hint: Profile) -> bool:
    """Whether two platforms are read in different ways: IOS and IOS-XE are not."""
    same_reader = recognised.head.reader == hint.head.reader != "profile"
    return recognised.name != hint.name and not same_reader


def _kinship(profile: Profile, system: System) -> int:
    """Length of the longest OID of the profile's rules that sysObjectID lies below, whatever sysDescr is."""
    prefixes = [match.object_id for match in profile.head.matches]
    return max((len(prefix) for prefix in prefixes if system.object_id[: len(prefix)] == prefix), default=0)


def _certainty(profile: Profile, system: System, own: bool) -> tuple[int, int]:
    """(kind, length of the OID) of the profile's most certain rule that holds; (0, 0) if none does.

    own: the profile is a user's, who knows the devices: an OID alone is as certain as both.
    """
    kind, length = max((_holds(match, system) for match in profile.head.matches), default=(0, 0))
    return (_BOTH if own and kind == _OBJECT_ID else kind, length)


def _holds(match: Match, system: System) -> tuple[int, int]:
    """The same of one rule."""
    by_id = system.object_id[: len(match.object_id)] == match.object_id
    described = match.description is None or match.description.search(system.description) is not None
    if match.answers or not by_id or not described:
        return (0, 0)
    if not match.object_id:
        return (_DESCRIPTION, 0)
    return (_BOTH if match.description else _OBJECT_ID, len(match.object_id))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which platform a device is, and who reads it. A new platform is one profile (docs/profiles.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from .._parts.serials import NO_RULES, SerialRules
from .._snmp.agent import Agent, Table
from .._snmp.transport import Oid
from . import entity_table, interfaces, ios, junos, sros
from .chassis import settle_chassis
from .collection import Collection, System
from .description import read_description
from .entity_table import ENTITY
from .ios import read_ios
from .junos import read_junos
from .optics import settle_optics
from .profile import Layout, Match
from .profile_files import GENERIC, Profile, Profiles, UnknownPlatform, shipped
from .profile_reader import doubts, read_profile, read_sources
from .sros import read_sros
from .values import number, text

#: SNMPv2-MIB (RFC 3418)
SYSTEM: Mapping[str, Oid] = {
    "description": (1, 3, 6, 1, 2, 1, 1, 1, 0),
    "object_id": (1, 3, 6, 1, 2, 1, 1, 2, 0),
    "uptime": (1, 3, 6, 1, 2, 1, 1, 3, 0),
    "name": (1, 3, 6, 1, 2, 1, 1, 5, 0),
}

#: What a profile's `reader` can be. One in Python reads what needs logic; profile_reader.py does the rest.
READERS: Mapping[str, Callable[[Agent, Collection, Layout], None]] = {
    "profile": read_profile,
    "ios": read_ios,
    "junos": read_junos,
    "sros": read_sros,
}

#: How certain a rule is: see docs/profiles.md.
_BOTH, _OBJECT_ID, _DESCRIPTION = 3, 2, 1


def read_device(
    agent: Agent,
    platform: str | None = None,
    certain: bool = False,
    profiles: Profiles | None = None,
    rules: SerialRules = NO_RULES,
) -> Collection:
    """Read the parts of one device.

    platform: a hint, see Profiles.find(); the device's own word counts more, unless the hint is `certain`.
    profiles: those of the collection where they are left out. rules: what the user says of serials.
    Raises SnmpError if the device does not answer at all, UnknownPlatform for a hint that means nothing here,
    ProfileFileError for a profile that cannot be used. A table that cannot be read to its end is no error:
    Collection.complete is False, and `tables` says why.
    """
    profiles = profiles or shipped()
    hint = profiles.find(platform) if platform else None
    system = read_system(agent)
    own_word = choose(system, profiles, hint)
    chosen = hint if hint and certain else own_word
    collection = Collection(system, chosen.name, tables=agent.tables, rules=rules, limits=agent.limits)
    if hint and not _same_reading(own_word, hint) and (own_word.name != GENERIC or not certain):
        believed = "" if certain else ", which is used"
        told = f"the platform was given as {platform}, but the device identifies itself as {own_word.name}{believed}"
        collection.warnings.append(told)
    READERS[chosen.head.reader](agent, collection, profiles.layout(chosen.name))
    if chosen.name in profiles.own:
        collection.warnings.extend(doubts(agent, collection, profiles.layout(chosen.name)))
    if not collection.items:
        _ask_around(agent, collection, profiles)
    read_description(agent, collection)
    if not collection.items and (missing := _why_nothing(agent, collection)):
        collection.cover(f"all parts: {missing}")
    settle_optics(collection)
    settle_chassis(agent, collection)
    collection.settle()
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


def known_platform(word: str | None, profiles: Profiles) -> str | None:
    """The name of the platform that a word means, None for words of others: for hints that nobody promised to be one.

    A slug of a NetBox platform is such a hint: NetBox holds platforms that are read by recognition alone.
    """
    try:
        return profiles.find(word).name if word else None
    except UnknownPlatform:
        return None


def choose(system: System, profiles: Profiles, hint: Profile | None = None) -> Profile:
    """The platform that the device says it is; the hint where it says nothing, or only its vendor; else GENERIC."""
    certainties = {profile.name: _certainty(profile, system, profile.name in profiles.own) for profile in profiles}
    found = {name: certainty for name, certainty in certainties.items() if certainty[0]}
    kind, length = max(found.values(), default=(0, 0))
    if hint and (not found or (kind == _OBJECT_ID and _kinship(hint, system) >= length)):
        return hint
    names = [name for name, certainty in found.items() if certainty == (kind, length)]
    return profiles.by_name[names[-1]] if names else profiles.by_name[GENERIC]


def _kinship(profile: Profile, system: System) -> int:
    """Length of the longest OID of the profile's rules that sysObjectID lies below, whatever sysDescr says."""
    prefixes = [match.object_id for match in profile.head.matches]
    return max((len(prefix) for prefix in prefixes if system.object_id[: len(prefix)] == prefix), default=0)


def _certainty(profile: Profile, system: System, own: bool) -> tuple[int, int]:
    """(kind, length of the OID) of the profile's most certain rule that holds; (0, 0) if none does.

    own: by a user, who knows these devices: an OID is as good as both.
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


def table_names(profiles: Profiles) -> frozenset[str]:
    """The MIB names of all tables that are read of some device. Reads all profiles whole: half a second."""
    own = {
        value.name
        for module in (entity_table, interfaces, ios, junos, sros)
        for value in vars(module).values()
        if isinstance(value, Table)
    }
    return frozenset(own.union(*(profile.content().get("tables") or () for profile in profiles)))


def _same_reading(one: Profile, other: Profile) -> bool:
    """Two words for one thing: IOS and IOS-XE are read alike."""
    return one.name == other.name or one.head.reader == other.head.reader != "profile"


def _ask_around(agent: Agent, collection: Collection, profiles: Profiles) -> None:
    """A device that told no part: does it answer what only one platform's devices answer?

    Many appliances run Net-SNMP and say no more of themselves than that. Where silence hid something, nothing may
    take the place of it: another night the device tells what it is.
    """
    if agent.fell_silent():
        return
    asked = dict(_answers(profiles))
    answers = agent.scalars({f"{number_of}": oid for number_of, oid in enumerate(asked)})
    for number_of, (_oid, profile) in enumerate(asked.items()):
        if str(number_of) in answers and profile.name != collection.platform:
            layout = profiles.layout(profile.name)
            read_sources(agent, collection, layout)
            if collection.items:
                collection.platform = profile.name
                return


def _why_nothing(agent: Agent, collection: Collection) -> str | None:
    """Why a device that told all it was asked for has no part; None where something was silent, which says enough."""
    if agent.fell_silent():
        return None
    if collection.rejected:
        reasons = Counter(row.reason for row in collection.rejected)
        words = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        texts = "text in a serial column" if len(collection.rejected) == 1 else "texts in serial columns"
        return f"{len(collection.rejected)} {texts}, none is a serial number ({words})"
    status = agent.tables.get(ENTITY.name)
    if status and not status.complete:
        return None
    missing = "lists no serial numbers" if status and status.rows else "is not present"
    known = collection.platform != GENERIC
    more = f"nor does a table of {collection.platform}" if known else "and no profile knows this device"
    object_id = collection.system.dotted_object_id
    return f"ENTITY-MIB {missing}, {more} (sysObjectID {object_id or 'not reported'})"


def _answers(profiles: Profiles) -> Iterator[tuple[Oid, Profile]]:
    for profile in profiles:
        for match in profile.head.matches:
            if match.answers:
                yield match.answers, profile

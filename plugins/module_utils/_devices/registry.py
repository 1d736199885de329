# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a device with the reader of its platform. A new platform is one profile (docs/profiles.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from .._parts.serials import NO_RULES, SerialRules
from .._snmp.agent import Agent, Table
from .._snmp.transport import Oid
from . import entity_table, interfaces, ios, junos, logical_entities, sros
from .chassis import settle_chassis
from .collection import Collection
from .description import read_description
from .entity_table import ENTITY
from .ios import read_ios
from .junos import read_junos
from .optics import settle_optics
from .other_profiles import answered_profiles
from .profile import Layout
from .profile_branches import missing_branches, settle_branches
from .profile_files import GENERIC, Profile, Profiles, shipped
from .profile_reader import doubts, read_profile, read_sources
from .recognition import choose, differing, read_system
from .sros import read_sros

#: The readers that a profile can name. One in Python reads what needs logic; profile_reader.py does the rest.
READERS: Mapping[str, Callable[[Agent, Collection, Layout], None]] = {
    "profile": read_profile,
    "ios": read_ios,
    "junos": read_junos,
    "sros": read_sros,
}


def read_device(
    agent: Agent,
    platform: str | None = None,
    certain: bool = False,
    profiles: Profiles | None = None,
    rules: SerialRules = NO_RULES,
) -> Collection:
    """Read the parts of one device.

    platform: a hint, see Profiles.find(); what the device reports counts more, unless the hint is `certain`.
    profiles: by default those of the collection. rules: the user's rules for serial numbers.
    Raises SnmpError if the device does not answer, UnknownPlatform for a hint that is no platform,
    ProfileFileError for a profile that cannot be used. A table that cannot be read completely is no error:
    Collection.complete is False, and `tables` contains the reason.
    """
    profiles = profiles or shipped()
    hint = profiles.find(platform) if platform else None
    system = read_system(agent)
    recognised = choose(system, profiles, hint)
    chosen = hint if hint and certain else recognised
    collection = Collection(system, chosen.name, tables=agent.tables, rules=rules, limits=agent.limits)
    if hint and differing(recognised, hint) and (recognised.name != GENERIC or not certain):
        used = "" if certain else ", which is used"
        collection.warnings.append(
            f"the platform was given as {platform}, but the device identifies itself as {recognised.name}{used}"
        )
    written = profiles.layout(chosen.name)
    layout = settle_branches(written, agent, system.object_id)
    READERS[chosen.head.reader](agent, collection, layout)
    if chosen.name in profiles.own:
        missing = [f"profile {chosen.name}: {text}" for text in missing_branches(written, layout)]
        collection.warnings.extend([*missing, *doubts(agent, collection, layout)])
    if not collection.items:
        _ask_around(agent, collection, profiles)
    if not collection.items or collection.platform == GENERIC:
        _ask_vendors(agent, collection, profiles)
    _settle(agent, collection)
    return collection


def _settle(agent: Agent, collection: Collection) -> None:
    """What is decided when all tables were read, whatever the platform."""
    read_description(agent, collection)
    if not collection.items and (missing := _why_nothing(agent, collection)):
        collection.cover(f"all parts: {missing}")
    settle_optics(collection)
    settle_chassis(agent, collection)
    collection.settle()


def table_names(profiles: Profiles) -> frozenset[str]:
    """The MIB names of all tables that any device is asked for. Loads all profiles completely: half a second."""
    own = {
        value.name
        for module in (entity_table, interfaces, ios, junos, sros)
        for value in vars(module).values()
        if isinstance(value, Table)
    }
    return frozenset(own.union(*(profile.content().get("tables") or () for profile in profiles)))


def _ask_around(agent: Agent, collection: Collection, profiles: Profiles) -> None:
    """Where no part was found, ask for what only the devices of one platform answer.

    Many appliances run Net-SNMP and identify themselves as nothing else. Where a table did not answer, nothing may
    take its place: the next time the device identifies itself again.
    """
    if agent.fell_silent():
        return
    asked = dict(_answers(profiles))
    scalars = {**{f"{number_of}": oid for number_of, oid in enumerate(asked)}, **logical_entities.FIRST}
    answers = agent.scalars(scalars, mostly_absent=True)
    for number_of, (_oid, profile) in enumerate(asked.items()):
        answered = str(number_of) in answers and profile.name != collection.platform
        if answered and _read_by(profile, profiles.layout(profile.name), agent, collection):
            return
    if sentence := logical_entities.where_else(answers):
        collection.cover(sentence)


def _ask_vendors(agent: Agent, collection: Collection, profiles: Profiles) -> None:
    """Read by the other profiles of the vendors whose MIBs the agent has, until one has what is missing.

    Where a table did not answer, nothing may take its place.
    """
    if agent.fell_silent():
        return
    for profile, written in answered_profiles(agent, profiles, collection.system.object_id, collection.platform):
        if _read_by(profile, written, agent, collection):
            return


def _read_by(profile: Profile, written: Layout, agent: Agent, collection: Collection) -> bool:
    """Read the scalars and tables of a profile that was not chosen; if they have a part, the platform is its."""
    known = len(collection.items)
    read_sources(agent, collection, settle_branches(written, agent, collection.system.object_id))
    if len(collection.items) == known:
        return False
    collection.platform = profile.name
    return True


def _why_nothing(agent: Agent, collection: Collection) -> str | None:
    """Why a device that answered everything has no part; None where a table did not answer, which is reason enough."""
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
    todo = "" if known else "; the playbook profile drafts one"
    object_id = collection.system.dotted_object_id
    return f"ENTITY-MIB {missing}, {more} (sysObjectID {object_id or 'not reported'}){todo}"


def _answers(profiles: Profiles) -> Iterator[tuple[Oid, Profile]]:
    for profile in profiles:
        for match in profile.head.matches:
            if match.answers:
                yield match.answers, profile

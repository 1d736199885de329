# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a device reported no part: the profiles of the vendors whose MIBs its agent has.

sysObjectID names one vendor, and often one model that nobody has seen yet. Appliances on Net-SNMP name none, makers of
boards sell them under other names, and new models have branches of their own; but the objects that they answer are
those of a MIB. One GETNEXT for each vendor shows whose MIBs an agent has, and some more, in shared requests, which
serial numbers of these vendors it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .._snmp.agent import Agent
from .._snmp.enterprises import answering_enterprises, enterprise_of
from .._snmp.transport import Oid
from .profile import Layout, Source, root_of
from .profile_branches import before, is_below
from .profile_files import Profile, Profiles

#: Vendors of one agent, and profiles of them that are looked at; an agent with more is asked for the first.
_MOST_VENDORS = 8
_MOST_PROFILES = 40


def answered_profiles(
    agent: Agent, profiles: Profiles, object_id: Oid, platform: str
) -> Iterator[tuple[Profile, Layout]]:
    """The profiles of whose serial numbers the agent has one, without that of its platform; the likeliest first.

    object_id: its sysObjectID. Costs a request for each vendor, at most 9, and one for each 40 or so serial numbers.
    """
    vendors = set(answering_enterprises(lambda oid: agent.following([oid]).get(oid), _MOST_VENDORS))
    chosen = _of_vendors(vendors, profiles, object_id, platform)
    layouts = [(profile, profiles.layout(profile.name)) for profile in chosen]
    wanted = [_serials(layout) for _profile, layout in layouts]
    following = agent.following(sorted({before(oid) for oids in wanted for oid in oids}))
    for found, oids in zip(layouts, wanted, strict=True):
        if any(is_below(following.get(before(oid), ()), oid) for oid in oids):
            yield found


def _of_vendors(vendors: set[int], profiles: Profiles, object_id: Oid, platform: str) -> Sequence[Profile]:
    """Profiles that name one of these vendors; first those that have the most of sysObjectID."""
    kinship: dict[str, int] = {}
    for profile in profiles:
        named = [oid for match in profile.head.matches for oid in (match.object_id, match.answers)]
        near = [_in_common(oid, object_id) for oid in named if enterprise_of(oid) in vendors]
        if near and profile.name != platform:
            kinship[profile.name] = max(near)
    names = sorted(kinship, key=lambda name: (-kinship[name], name))
    return [profiles.by_name[name] for name in names[:_MOST_PROFILES]]


def _in_common(one: Oid, other: Oid) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _serials(layout: Layout) -> set[Oid]:
    """The columns and scalars of serial numbers, in which * may stand for numbers."""
    sources: Iterable[Source] = (*layout.scalars, *layout.tables)
    return {oid for source in sources if not source.describes_entity for oid in _of_source(source)}


def _of_source(source: Source) -> Iterator[Oid]:
    for name in source.read(source.names("serial")):
        oid = source.columns[name].oid
        whole = (*source.entry, *oid) if source.entry else oid[:-1]
        # GETNEXT of a scalar's object leads to its instance; of what is before a * to the branch that the device has.
        yield root_of(whole) or whole

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the box that answers is the one that NetBox knows: an address may be reused, two devices swapped.

The rows of the chassis remember the name that the device gives itself (sysName) and its platform. Another chassis
serial alone is a repaired device; with another name, another platform, or other parts, it is another box.

They also remember that it answered by SNMPv3: a device that is only reached by a lower version now may have been made
to look so by an attacker on the way to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..._netbox.rows import PLATFORM, SNMP, SYSNAME, Row, Sighting, stored
from ..._outgoing.text import printable
from ..._outgoing.words import clipped, listed
from ..._parts.device_report import DeviceReport
from ..missing import read_missing
from .brake import ACCEPT, Hold, to_type
from .targets import V3, Target

CHASSIS = "chassis"


@dataclass(frozen=True)
class Host:
    """One host: what it reported, and what NetBox has of the devices that it reports for."""

    report: DeviceReport
    targets: Mapping[int, Target]  #: NetBox device id -> target; the members of its stack included
    rows: tuple[Row, ...]  #: of all these devices

    @property
    def name(self) -> str:
        """Inventory hostname."""
        return self.report.name

    @property
    def serials(self) -> set[str]:
        """What it reported."""
        return {serial for target in self.targets.values() for serial in target.wanted}


@dataclass(frozen=True)
class Box:
    """One side: what NetBox remembers of a device, or what answers at its address."""

    serials: frozenset[str]  #: of the chassis, or of all members of a stack
    sysnames: frozenset[str]
    platforms: frozenset[str]

    def words(self) -> str:
        """For a person."""
        parts = [f"chassis {_listed(self.serials)}"]
        parts += [f"sysName {_listed(self.sysnames)}"] if self.sysnames else []
        parts += [f"platform {_listed(self.platforms)}"] if self.platforms else []
        return ", ".join(parts)


def other_box(host: Host, sightings: Mapping[str, Iterable[Sighting]]) -> Hold | None:
    """Return why the host is held if another box seems to answer than NetBox has; None if it is the same.

    sightings: serial -> where it was seen, for the name under which NetBox knows the box.
    """
    before, now = _remembered(host), _answering(host)
    if not _contradicts(host, before, now):
        return None
    why = f"another device seems to answer: NetBox has {before.words()}, but the answer is from {now.words()}"
    seen = _where_known(now, host.targets, sightings)
    known_as = f"; in NetBox that is {printable(seen.device)}" if seen else ""
    return Hold(f"{why}{known_as}", to_type(ACCEPT, host.name))


def downgrade(host: Host) -> str | None:
    """Return a note on a device that answered SNMPv3 before, and now only a lower version; else None.

    A device that is not asked by SNMPv3 any more has none.
    """
    attempt = host.report.attempt
    if attempt is None or attempt.version in (None, V3) or attempt.number == 1:
        return None
    if not any((row.mark or {}).get(SNMP) == V3 for row in host.rows):
        return None
    return (
        f"it answered by SNMPv3 before, but now only by v{printable(attempt.version)}: its SNMPv3 user is wrong, or "
        "SNMPv3 is dropped on the path. Set snmp_downgrade: false to require SNMPv3, or snmp_versions: [2] to stop "
        "using it"
    )


def _remembered(host: Host) -> Box:
    """What the chassis rows of a host's NetBox devices contain."""
    rows = [row for row in host.rows if row.content["category"] == CHASSIS and read_missing(row) is None]
    marks = [row.mark for row in rows if row.mark is not None]
    return Box(
        serials=frozenset(row.serial for row in rows if row.mark is not None),
        sysnames=frozenset(str(mark[SYSNAME]) for mark in marks if mark.get(SYSNAME)),
        platforms=frozenset(str(mark[PLATFORM]) for mark in marks if mark.get(PLATFORM)),
    )


def _answering(host: Host) -> Box:
    """What the device reported: its chassis' records, and all candidates for the chassis' serial."""
    wanted = [wanted for target in host.targets.values() for wanted in target.wanted.values()]
    serials = {one.serial for one in wanted if one.content["category"] == CHASSIS}
    serials |= {one.serial for one in host.report.chassis or ()}
    sysname, platform = stored(host.report.system and host.report.system.name), stored(host.report.platform)
    return Box(frozenset(serials), frozenset({sysname} if sysname else ()), frozenset({platform} if platform else ()))


def _contradicts(host: Host, before: Box, now: Box) -> bool:
    """True if another box answers than NetBox has; False if it is the same, or if that is unknown."""
    if not before.serials or not now.serials or before.serials & (now.serials | host.serials):
        return False
    if _differ(before.sysnames, now.sysnames) or _differ(before.platforms, now.platforms):
        return True
    known = {row.serial for row in host.rows if row.mark is not None and read_missing(row) is None}
    others = known - before.serials
    whole = all(target.covered for target in host.targets.values())
    return whole and len(others - host.serials) * 2 > len(others)


def _differ(before: Iterable[str], now: Iterable[str]) -> bool:
    """True if both sides are known, and have nothing in common."""
    return bool(before and now) and not {x.casefold() for x in before} & {x.casefold() for x in now}


def _where_known(now: Box, own: Mapping[int, Target], sightings: Mapping[str, Iterable[Sighting]]) -> Sighting | None:
    """The other device under which NetBox knows the box that answers."""
    found = [seen for serial in now.serials for seen in sightings.get(serial, ()) if seen.device_id not in own]
    return max(found, key=lambda seen: (seen.time, seen.device_id or 0), default=None)


def _listed(texts: Iterable[str]) -> str:
    return listed((clipped(text, 60) for text in sorted(texts)), 3)

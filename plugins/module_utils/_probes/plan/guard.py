# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the box that answers is the one that NetBox knows: an address may be reused, two devices swapped.

The rows of the chassis remember the name that the device gives itself (sysName) and its platform. Another chassis
serial alone is a repaired device; with another name, another platform, or other parts, it is another box.

They also remember that it answered by SNMPv3: a device that is only reached by a lower version now may have been made
to look so by somebody on the way to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..._netbox.rows import PLATFORM, SNMP, SYSNAME, Row, Sighting, stored
from ..._outgoing.text import printable
from ..._parts.device_report import DeviceReport
from ..missing import read_missing
from .targets import V3, Target

CHASSIS = "chassis"


@dataclass
class Box:
    """One side: what NetBox remembers of a device, or what answers at its address."""

    serials: set[str] = field(default_factory=set)  #: of the chassis, or of all members of a stack
    sysnames: set[str] = field(default_factory=set)
    platforms: set[str] = field(default_factory=set)

    def words(self) -> str:
        """For a person."""
        parts = [f"chassis {_listed(self.serials)}"]
        parts += [f"sysName {_listed(self.sysnames)}"] if self.sysnames else []
        parts += [f"platform {_listed(self.platforms)}"] if self.platforms else []
        return ", ".join(parts)


def remembered_box(rows: Iterable[Row]) -> Box:
    """What the chassis rows of a host's NetBox devices say."""
    box = Box()
    for row in rows:
        if row.mark is not None and row.content["category"] == CHASSIS and read_missing(row) is None:
            box.serials.add(row.serial)
            box.sysnames |= {str(row.mark[SYSNAME])} if row.mark.get(SYSNAME) else set()
            box.platforms |= {str(row.mark[PLATFORM])} if row.mark.get(PLATFORM) else set()
    return box


def answering_box(report: DeviceReport, targets: Iterable[Target]) -> Box:
    """What the device reported: its chassis' records, and all candidates for the chassis' serial."""
    reported = [wanted for target in targets for wanted in target.wanted.values()]
    serials = {wanted.serial for wanted in reported if wanted.content["category"] == CHASSIS}
    serials |= {one.serial for one in report.chassis}
    sysname, platform = stored(report.system and report.system.name), stored(report.platform)
    return Box(serials, {sysname} if sysname else set(), {platform} if platform else set())


def contradiction(before: Box, now: Box, rows: Sequence[Row], targets: Sequence[Target]) -> str | None:
    """Why what answers is another box than NetBox's; None if it is not, or if nobody can tell.

    rows, targets: all of the host, its stack's members included.
    """
    told = {serial for target in targets for serial in target.wanted}
    if not before.serials or not now.serials or before.serials & (now.serials | told):
        return None
    if _differ(before.sysnames, now.sysnames) or _differ(before.platforms, now.platforms):
        return _sides(before, now)
    others = {row.serial for row in rows if row.mark is not None and read_missing(row) is None} - before.serials
    whole = all(target.covered for target in targets)
    return _sides(before, now) if whole and len(others - told) * 2 > len(others) else None


def downgrade(report: DeviceReport, rows: Iterable[Row]) -> str | None:
    """What there is to say of a device that answered by SNMPv3 before, and was asked in vain for that now.

    rows: all of the host. None also for a device that nobody wants to be asked by SNMPv3 any more.
    """
    version = report.attempt and report.attempt.version
    if report.attempt is None or version in (None, V3) or report.attempt.number == 1:
        return None
    if not any((row.mark or {}).get(SNMP) == V3 for row in rows):
        return None
    return (
        f"it answered by SNMPv3 before, and now only by v{printable(version)}: its SNMPv3 user is wrong there, or"
        " somebody on the way to it drops SNMPv3. snmp_downgrade: false keeps to SNMPv3, snmp_versions: [2] gives it up"
    )


def _differ(before: set[str], now: set[str]) -> bool:
    """True if both sides are known, and have nothing in common."""
    return bool(before and now) and not {x.casefold() for x in before} & {x.casefold() for x in now}


def _sides(before: Box, now: Box) -> str:
    return f"another box seems to answer: NetBox knows {before.words()}; what answers is {now.words()}"


def where_known(now: Box, own: Iterable[int], sightings: Mapping[str, Iterable[Sighting]]) -> Sighting | None:
    """The other device under which NetBox knows the box that answers."""
    ids = set(own)
    found = [seen for serial in now.serials for seen in sightings.get(serial, ()) if seen.device_id not in ids]
    return max(found, key=lambda seen: (seen.time, seen.device_id or 0), default=None)


def _listed(texts: Iterable[str]) -> str:
    names = sorted(texts)
    return ", ".join(printable(name)[:60] for name in names[:3]) + (" and more" if len(names) > 3 else "")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One serial on several devices: two ends of a cable, a value that is no serial, or a conflict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..._netbox.rows import Sighting, overlap
from .known import Known
from .targets import Target

#: A cable has two ends. A serial that a third device reports as well does not identify a part.
_ENDS = 2
#: The category of optics and of the ends of cables.
CABLE_END = "transceiver"


@dataclass(frozen=True)
class Shared:
    """The serials that more than one device reports, with the names of all these devices."""

    ends: Mapping[str, tuple[str, ...]]  #: on two devices: a cable, or known on both before
    conflicts: Mapping[str, tuple[str, ...]]  #: on two devices, new on one: a part cannot be in both
    no_identity: Mapping[str, tuple[str, ...]]  #: on three devices or more

    def nothing_moved(self, serial: str) -> bool:
        """True if the serial is no evidence that a part went from one device to another."""
        return serial in self.conflicts or serial in self.no_identity


def shown_by(targets: Mapping[int, Target]) -> dict[str, list[int]]:
    """Serial -> ids of the NetBox devices that report it in this run, in their order."""
    shown: dict[str, list[int]] = defaultdict(list)
    for device_id, target in sorted(targets.items()):
        for serial in target.wanted:
            shown[serial].append(device_id)
    return dict(shown)


def shared_serials(shown: Mapping[str, list[int]], targets: Mapping[int, Target], known: Known) -> Shared:
    """Sort the serials of a run that several devices report.

    shown: see shown_by. known: what NetBox holds, of serials elsewhere as far as they were looked up.
    """
    ends: dict[str, tuple[str, ...]] = {}
    conflicts: dict[str, tuple[str, ...]] = {}
    no_identity: dict[str, tuple[str, ...]] = {}
    for serial, here in sorted(shown.items()):
        others = _elsewhere(here, targets, known.sightings.get(serial, ()))
        names = (*(targets[device_id].name for device_id in here), *others)
        if len(names) > _ENDS:
            no_identity[serial] = names
        elif len(here) == _ENDS:
            new = any(serial not in known.on(device_id) for device_id in here)
            cable = any(targets[device_id].wanted[serial].content["category"] == CABLE_END for device_id in here)
            (conflicts if new and not cable else ends)[serial] = names
    return Shared(ends, conflicts, no_identity)


def _elsewhere(here: list[int], targets: Mapping[int, Target], sightings: Iterable[Sighting]) -> list[str]:
    """Other devices that report the serial, although this run did not ask them: their rows overlap with others.

    Rows of a part that went from device to device follow each other; those of a factory's constant do not.
    """
    newest: dict[int, Sighting] = {}
    for seen in sorted(sightings, key=lambda seen: seen.time):
        if seen.device_id is not None:
            newest[seen.device_id] = seen
    for device_id in [key for key in newest if key not in here and key in targets and targets[key].covered]:
        del newest[device_id]
    others = [seen for device_id, seen in sorted(newest.items()) if device_id not in here]
    return [seen.device for seen in others if any(overlap(seen, one) for one in newest.values() if one is not seen)]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guard and brake: which devices nothing is written of until a person has looked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..policy import Policy
from .brake import Altered, Holds, brake
from .device_plan import DevicePlan
from .fates import Fates
from .guard import Host, other_box
from .whereabouts import Whereabouts


def find_holds(
    hosts: Iterable[Host],
    as_read: Mapping[str, DevicePlan],
    fates: Mapping[int, Fates],
    whereabouts: Whereabouts,
    policy: Policy,
) -> Holds:
    """Decide who is held.

    :param hosts: those that are planned for. as_read: host -> how it was read, of these and all others.
    :param fates: NetBox device id -> what would become of its parts.
    """
    planned = {name: device.names for name, device in as_read.items() if not device.error}
    boxes = {host.name: other_box(host, whereabouts.known.sightings) for host in hosts}
    others = {
        name: hold
        for name, hold in boxes.items()
        if hold is not None and name in planned and not policy.accepts(planned[name])
    }
    altered = altered_by_host(fates, whereabouts)
    braked = brake({name: altered[name] for name in planned if name not in others}, planned, policy)
    return Holds({**others, **braked.hosts}, braked.run)


def altered_by_host(fates: Mapping[int, Fates], whereabouts: Whereabouts) -> defaultdict[str, Altered]:
    """Host -> how many parts would be altered on all NetBox devices that it reports for."""
    found: defaultdict[str, Altered] = defaultdict(Altered)
    for device_id, one in fates.items():
        found[whereabouts.targets[device_id].host] += one.altered
    return found

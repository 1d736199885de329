# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of hosts and groups in an inventory that other sources fill as well: none that belongs to another source.

To Ansible a name that is there already is that host or that group, and what a source has for it is added to it, or put
in its place. Names of devices and of sites are NetBox's free text, so a device called like a poller would have the
poller's tasks, and the credentials in them, sent to itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ansible import constants as C

from ...module_utils._outgoing.text import printable
from ...module_utils._outgoing.words import listed
from .netbox_sources import DEVICE_URL

#: Names that mean something to Ansible: hosts that are this machine, and groups that are always there.
RESERVED = frozenset({*C.LOCALHOST, "all", "ungrouped"})
#: Before the name of a group of ours, where another source, or a host, has the name.
PREFIX = "netbox_"
#: How many names a warning shows.
_SHOWN = 20


class Names:
    """The names that one of our sources may use in an inventory; those of our other sources are ours too."""

    #: The groups of the inventory that is being made, and how those are called there that we made: wanted -> name.
    _made: tuple[Mapping[str, Any] | None, dict[str, str]] = (None, {})

    def __init__(self, inventory: Any) -> None:
        """inventory: Ansible's InventoryData, as far as the sources before this one have filled it."""
        self._inventory = inventory
        if Names._made[0] is not inventory.groups:
            Names._made = (inventory.groups, {})
        self._groups = Names._made[1]
        #: Device in NetBox -> the name that one of our sources gave it.
        self._devices = {
            str(url): name for name, host in inventory.hosts.items() if (url := host.vars.get(DEVICE_URL)) is not None
        }

    def taken(self) -> Collection[str]:
        """Names that no host of ours may have, unless it is a device of known()."""
        return {*RESERVED, *self._inventory.groups, *self._inventory.hosts}

    def known(self, device_urls: Mapping[int, str]) -> dict[int, str]:
        """The names of those devices that another of our sources has put there; by id, of ids by their pages."""
        return {number: self._devices[url] for number, url in device_urls.items() if url in self._devices}

    def group(self, wanted: str) -> str:
        """The name of a group of ours: the one that is wanted, unless it is another source's, a host's, or reserved."""
        if wanted not in self._groups:
            name, taken = wanted, self.taken()
            while name in taken:
                name = PREFIX + name
            self._groups[wanted] = name
        return self._groups[wanted]

    def warnings(self, hosts: Mapping[str, str]) -> list[str]:
        """What a person should hear of names that are others than in NetBox.

        :param hosts: NetBox's name -> ours, of devices that got another name than a host or group of others.
        """
        groups = {wanted: name for wanted, name in self._groups.items() if name != wanted}
        warnings = []
        if hosts:
            warnings.append(
                "Another inventory source, a group, or Ansible itself uses these names, so the devices of NetBox "
                f"get others: {_pairs(hosts)}. To add variables to a device, list that source after this one, or "
                "use host_vars."
            )
        if groups:
            warnings.append(f"The same applies to groups of this inventory: {_pairs(groups)}.")
        return warnings


def _pairs(names: Mapping[str, str]) -> str:
    return listed((f"{printable(wanted)} is {printable(name)}" for wanted, name in sorted(names.items())), _SHOWN)

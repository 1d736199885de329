# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory plugin: the devices of NetBox whose hardware is to be read."""

from __future__ import annotations

DOCUMENTATION = r"""
name: netbox_devices
short_description: Devices of NetBox as hosts
version_added: 0.1.0
author:
  - invmon.network contributors (@invmon)
description:
  - Reads devices from NetBox with one request per 1,000 devices, and one more where there are virtual chassis.
  - Use a file whose name ends in C(.netbox_devices.yml) or C(.netbox_devices.yaml).
  - The host's name is NetBox's; devices that share one are called C(name@site), or C(name@site#id) within a site, and a
    device without a name C(device-ID). A device with such a name in NetBox gets another name than that device.
  - A device with a name that means something to Ansible (V(localhost), V(all)), or that a source before this one, or a
    group, has already, gets another name in the same way, with a warning; nothing is added to hosts of others. Nor are
    their groups joined. A group of O(groups) and O(keyed_groups) that would have such a name gets C(netbox_) before it.
  - Text from NetBox is never used as a template.
  - "Variables of each host: C(ansible_host) (the primary address), C(netbox_device_id), C(netbox_device_name),
    C(netbox_device_serial), C(netbox_device_type) (id, model, slug, manufacturer), C(netbox_site), C(netbox_location),
    C(netbox_platform) and C(netbox_role) (id, name, slug each, or null), C(netbox_status), C(netbox_tags) (slugs),
    C(netbox_virtual_chassis) (id, name, master_id, members, or null), C(netbox_url) and C(netbox_device_url) (the page
    of the device); and, where NetBox has the address for other devices as well, C(netbox_shares_address_with) (their
    names). Nothing is written for such a host, unless its variable C(snmp_host), C(snmp_port) or C(snmp_context_name)
    names its own agent."
  - The tasks of the same run reach NetBox as this plugin does, by its O(url), O(token), O(validate_certs), O(ca_path)
    and O(timeout), and each host is written to the NetBox that it came from. Only the address is also a variable.
extends_documentation_fragment:
  - invmon.network.netbox
  - invmon.network.netbox.plugin
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: Marks this file as one for this plugin.
    type: str
    required: true
    choices: [invmon.network.netbox_devices]
  tags:
    description:
      - Slugs of tags. Only devices that have all of them.
      - Several in the environment variable are separated by commas.
    type: list
    elements: str
    default: []
    env:
      - name: NETBOX_TAGS
  tags_exclude:
    description: Slugs of tags. No device that has any of them.
    type: list
    elements: str
    default: []
    env:
      - name: NETBOX_TAGS__N
  status:
    description: Status of the devices, one or more of NetBox's words. An empty list takes devices of any status.
    type: list
    elements: str
    default: [active]
  site:
    description: Slugs of sites. Only devices of these.
    type: list
    elements: str
    default: []
  location:
    description: Slugs of locations. Only devices in these or in locations below them.
    type: list
    elements: str
    default: []
  role:
    description: Slugs of device roles. Only devices with one of these.
    type: list
    elements: str
    default: []
  platform:
    description: Slugs of platforms. Only devices with one of these.
    type: list
    elements: str
    default: []
  names:
    description: Names of devices, in small or capital letters. Only these. A name that is not found is warned of.
    type: list
    elements: str
    default: []
  filters:
    description:
      - Further filters of NetBox's device list, by the names of its API, such as C(manufacturer), C(tenant),
        C(name__isw) or C(cf_monitored). A list of values means any of them; V(null) means not set.
      - A filter that NetBox does not have is an error, because NetBox ignores it and returns every device.
    type: dict
    default: {}
  address_family:
    description:
      - Which primary address is taken, V(4) or V(6). Of several the first that the device has.
    type: list
    elements: int
    choices: [4, 6]
    default: [4, 6]
  without_address:
    description:
      - What becomes of devices without a primary address. A warning names them in either case, except for members of a
        virtual chassis whose master is in the inventory, because they are read through it.
      - V(skip) leaves them out.
      - V(keep) keeps them, without C(ansible_host), in the group C(without_address).
    type: str
    choices: [skip, keep]
    default: skip
notes:
  - Sources with hosts of their own, such as pollers, come before this one on the command line. A source that adds
    variables to devices, or puts them into groups, comes after it. Ansible reads a folder in the order of its names.
  - O(url), O(token), O(ca_path) and O(env_file) may be templates, such as a lookup of a secret.
  - Filters that NetBox applies are faster than C(--limit), which reads all devices first.
  - The cache keeps what NetBox said, and never the token. Changed options are not answered from an older cache. Its
    folder, its files and the folders above are refused if they belong to another user, or if others may write them.
"""

EXAMPLES = r"""
# my.netbox_devices.yml
# The address and the token of NetBox come from NETBOX_INSTANCE_URL and NETBOX_API_TOKEN.
plugin: invmon.network.netbox_devices

---
# production.netbox_devices.yml
plugin: invmon.network.netbox_devices
url: https://netbox.example.org
token: "{{ lookup('ansible.builtin.env', 'MY_NETBOX_TOKEN') }}"
tags: [snmp, production]
tags_exclude: [lab]
site: [brno, ostrava]
filters:
  manufacturer: [cisco, juniper]
  has_primary_ip: true
keyed_groups:
  - key: netbox_site.slug
    prefix: site
  - key: netbox_platform.slug
    prefix: platform
    default_value: none
compose:
  snmp_community: "'secret-of-' ~ netbox_site.slug"

---
# old.netbox_devices.yml: the .env file of the older inventory-monitor-scripts serves as it is
plugin: invmon.network.netbox_devices
env_file: /etc/inventory-monitor/.env
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/invmon
cache_timeout: 3600
"""

import os
import re
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable, to_safe_group_name

from ..module_utils._common.env_file import read_env_file
from ..module_utils._common.errors import InvmonError
from ..module_utils._common.near import near
from ..module_utils._common.renamed import by_new_names
from ..module_utils._common.typed_json import WrongShape
from ..module_utils._inventory.devices import (
    SHARES,
    Host,
    Selection,
    device_url,
    hosts_of,
    read_chassis_members,
    read_devices,
    warnings_of,
)
from ..module_utils._inventory.host_names import host_names
from ..module_utils._netbox.client import ApiObject
from ..module_utils._netbox.errors import NetBoxOptionError
from ..module_utils._netbox.options import ONE_NETBOX, connect
from ..module_utils._netbox.source import ENVIRONMENT as OF_NETBOX
from ..module_utils._netbox.source import NetBoxSource, Sources, given, surroundings
from ..module_utils._outgoing.once import take_warnings
from ..module_utils._outgoing.results import fit_line
from ..plugin_utils._inventory import inventory_cache
from ..plugin_utils._inventory.inventory_names import Names
from ..plugin_utils._inventory.netbox_sources import register
from ..plugin_utils._run.notices import deprecated_option

#: The options that a variable of the environment, or of the env_file, can fill.
ENVIRONMENT = {**OF_NETBOX, "tags": "NETBOX_TAGS", "tags_exclude": "NETBOX_TAGS__N"}
_LISTS = ("tags", "tags_exclude", "status", "site", "location", "role", "platform", "names")
#: The group of the devices that are kept without an address.
WITHOUT_ADDRESS = "without_address"


def _is_meant_for_us(path: str) -> bool:
    """Whether a YAML file of another name contains `plugin: invmon.network.netbox_devices`."""
    if not path.endswith((".yml", ".yaml")):
        return False
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return any(re.match(rf"plugin:\s*['\"]?{re.escape(InventoryModule.NAME)}", line) for line in file)
    except OSError:
        return False


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "invmon.network.netbox_devices"
    #: Text from NetBox is no template: nothing that this plugin sets is trusted.
    trusted_by_default = False

    def verify_file(self, path: str) -> bool:
        if not super().verify_file(path):
            return False
        fits = path.endswith((".netbox_devices.yml", ".netbox_devices.yaml"))
        if not fits and _is_meant_for_us(path):
            self._warn(f"{path}: its name must end in .netbox_devices.yml.")
        return fits

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        with inventory_cache.private_folder():
            here = by_new_names(self._read_config_data(path), ONE_NETBOX, deprecated_option)
        try:
            self._check_names(here)
            source = self._source(path, here)
            selection = self._selection()
            register(path, source)
            rows, members = self._cached(path, source, selection, cache)
        except InvmonError as error:
            raise AnsibleParserError(fit_line(error)) from None
        self._names = Names(inventory)
        known = self._names.known({row["id"]: device_url(source.url, row["id"]) for row in rows})
        names = host_names(rows, self._names.taken(), known)
        hosts = hosts_of(rows, members, source.url, self.get_option("address_family"), names)
        self._warn(*take_warnings(), *warnings_of(rows, hosts, selection))
        self._populate(hosts)
        alone = host_names(rows)
        apart = {alone[number]: name for number, name in names.items() if name != alone[number] and number not in known}
        self._warn(*self._names.warnings(apart))

    def _warn(self, *sentences: str) -> None:
        for sentence in sentences:
            self.display.warning(fit_line(sentence))

    def _sanitize_group_name(self, name: str) -> str:
        """What Ansible calls for the name of each group that `groups` and `keyed_groups` make."""
        return self._names.group(to_safe_group_name(name))

    def _check_names(self, given: dict[str, Any]) -> None:
        """Raise NetBoxOptionError for an option that there is not: Ansible ignores it, and all devices are read."""
        known = sorted(self.get_options())
        for name in given:
            if name not in known:
                alike = near(str(name), known, 2)
                hint = f"did you mean {' or '.join(alike)}?" if alike else "other filters of NetBox go into filters."
                raise NetBoxOptionError(f'This inventory plugin has no option "{name}": {hint}')

    def _source(self, path: str, here: dict[str, Any]) -> NetBoxSource:
        """Where NetBox is; fills the other options, too, that the environment or the env_file gives.

        here: what the inventory file gives.
        """
        self.templar.available_variables = self._vars
        env_file = self._evaluated("env_file", here)
        file = read_env_file(env_file) if env_file else {}
        around = {**file, **{name: value for name, value in os.environ.items() if value.strip()}}
        for option in ("tags", "tags_exclude"):
            if option not in here and around.get(ENVIRONMENT[option], "").strip():
                self.set_option(option, around[ENVIRONMENT[option]])
        said = given(f"the inventory file {path}", {name: self._evaluated(name, here) for name in ONE_NETBOX})
        return Sources([said, *surroundings(env_file, file)]).find()

    def _evaluated(self, option: str, here: dict[str, Any]) -> str | None:
        """The value in the inventory file; a template in it is evaluated."""
        value = here.get(option)
        return None if value is None else str(self.templar.template(value))

    def _selection(self) -> Selection:
        # A list out of a variable of the environment may have empty members: "core,,edge,".
        lists = {name: [text for text in map(str, self.get_option(name) or ()) if text.strip()] for name in _LISTS}
        return Selection(**lists, filters=self.get_option("filters") or {})

    def _cached(
        self, path: str, source: NetBoxSource, selection: Selection, cache: bool
    ) -> tuple[list[ApiObject], list[ApiObject]]:
        """The rows of the devices and of the members of their chassis: from the cache if it may be used, else read."""
        if not self.get_option("cache"):
            return self._read(source, selection)
        key = f"{self.get_cache_key(path)}_{inventory_cache.fingerprint(source.url, selection)}"
        # Before it is written as well: what is written there, others read.
        inventory_cache.check_files(self.get_option("cache_connection"), key)
        kept = self._kept(key) if cache else None
        if kept is not None:
            return kept
        rows, members = self._read(source, selection)
        self._cache[key] = inventory_cache.packed(rows, members)
        return rows, members

    def _kept(self, key: str) -> tuple[list[ApiObject], list[ApiObject]] | None:
        """What the cache keeps; None if that is nothing, has expired, or was damaged."""
        try:
            return inventory_cache.unpacked(self._cache[key])
        except KeyError:
            return None
        except (WrongShape, TypeError, ValueError) as error:
            why = error if isinstance(error, WrongShape) else "it was damaged"
            self._warn(f"The inventory cache is not used, NetBox is read again: {why}.")
            return None

    def _read(self, source: NetBoxSource, selection: Selection) -> tuple[list[ApiObject], list[ApiObject]]:
        with connect(source) as netbox:
            rows = read_devices(netbox, selection)
            return rows, read_chassis_members(netbox, rows)

    def _populate(self, hosts: list[Host]) -> None:
        keep = self.get_option("without_address") == "keep"
        found = [host for host in hosts if host.address or keep]
        # All hosts before the first group: none of these may have the name of a host.
        for host in found:
            self.inventory.add_host(host.name)
            sharing = self.inventory.get_host(host.name).vars.get(SHARES, ())
            for name, value in host.variables.items():
                self.inventory.set_variable(host.name, name, value)
            if sharing:
                # Of another source, which sees other devices of the same NetBox.
                self.inventory.set_variable(host.name, SHARES, sorted({*sharing, *host.variables.get(SHARES, ())}))
        for host in found:
            if not host.address:
                group = self.inventory.add_group(self._names.group(WITHOUT_ADDRESS))
                self.inventory.add_child(group, host.name)
            self._construct(host)

    def _construct(self, host: Host) -> None:
        """The composed variables and groups that the inventory file asks for."""
        compose, groups, keyed = (self.get_option(name) for name in ("compose", "groups", "keyed_groups"))
        if not (compose or groups or keyed):
            return
        strict = self.get_option("strict")
        self._set_composite_vars(compose, host.variables, host.name, strict=strict)
        # Fetched once here: by default Ansible fetches and merges them again for each group.
        variables = self.inventory.get_host(host.name).get_vars()
        self._add_host_to_composed_groups(groups, variables, host.name, strict=strict, fetch_hostvars=False)
        self._add_host_to_keyed_groups(keyed, variables, host.name, strict=strict, fetch_hostvars=False)

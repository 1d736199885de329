# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How NetBox is reached: the options that the inventory plugin and the modules share."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  url:
    description:
      - Where NetBox's own pages begin, such as V(https://netbox.example.org) or V(https://tools.example.org/netbox).
        A trailing C(/api) does no harm.
      - By default the NetBox of the inventory, or that of the environment variable E(NETBOX_INSTANCE_URL).
    type: str
  token:
    description:
      - API token, of either kind (v2 begins with C(nbt_)).
      - By default the one that was given with the address, in the inventory file, in the environment variable
        E(NETBOX_API_TOKEN), or in O(env_file). A token goes only to the address that it was given with. One that was
        given without an address goes to those of the inventory files, of the environment and of O(env_file).
    type: str
  validate_certs:
    description:
      - Whether the TLS certificate of NetBox is checked. By default it is.
      - The environment variable E(NETBOX_VERIFY_SSL) serves when the option is not set.
    type: bool
    aliases: [verify_ssl]
  ca_path:
    description:
      - File or folder of the CA certificates that NetBox's certificate is checked against; the system's own else.
    type: path
  timeout:
    description:
      - Seconds to wait for each reply of NetBox, and between two pieces of it. By default V(30).
      - A request and its reply together may take ten times as long.
    type: float
  env_file:
    description:
      - A file with lines such as V(NETBOX_API_TOKEN=secret), as the older C(inventory-monitor-scripts) read it.
      - The environment wins over the file, and an option wins over both. It is read on the controller.
    type: path
requirements:
  - pynetbox >= 7.5
  - requests >= 2.28
  - python-dotenv, when O(env_file) is used
"""

    #: For plugins, whose options Ansible itself fills from the environment.
    PLUGIN = r"""
options:
  url:
    env:
      - name: NETBOX_INSTANCE_URL
  token:
    env:
      - name: NETBOX_API_TOKEN
  validate_certs:
    env:
      - name: NETBOX_VERIFY_SSL
"""

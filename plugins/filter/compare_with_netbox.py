# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter invmon.network.compare_with_netbox."""

from __future__ import annotations

DOCUMENTATION = r"""
name: compare_with_netbox
short_description: What a scan found, held against NetBox
version_added: 0.2.0
description:
  - Compares what M(invmon.network.netscan) found with what NetBox has, and returns a verdict for each host that
    answered and for each address of NetBox where none did.
  - It sends no request. M(invmon.network.netbox_register) compares with NetBox as it is at that moment.
  - An address of NetBox that nothing asked, because a deadline or a limit ended the scan, is returned as C(not_asked).
    That is no verdict about it. Addresses of NetBox outside of the networks that were scanned are not returned.
  - Names are equal without case, and with or without their domain. Serial numbers of a stack are compared with those of
    all members of the virtual chassis. Manufacturers and platforms are compared where both sides are known.
  - Where addresses change hands, in networks of DHCP and for addresses of the status C(dhcp) or C(slaac), a host is not
    compared with the device that NetBox has at its address, and silence means nothing.
positional: _input, netbox
options:
  _input:
    description: RV(invmon.network.netscan#module:scan), or a list of its hosts. A list of hosts proves no silence.
    type: raw
    required: true
  netbox:
    description: RV(invmon.network.netscan#module:netbox), what NetBox had when the scan began.
    type: dict
    required: true
  verdicts:
    description: Return only these.
    type: list
    elements: str
    choices: [known, silent, unknown, unassigned, contradicting, not_asked]
author:
  - invmon.network contributors (@invmon)
seealso:
  - module: invmon.network.netscan
  - module: invmon.network.netbox_register
"""

EXAMPLES = r"""
- name: Scan the management networks
  invmon.network.netscan:
    netbox_prefixes:
      tag: management
  register: found

- name: Which hosts does NetBox not have?
  ansible.builtin.debug:
    msg: "{{ found.scan | invmon.network.compare_with_netbox(found.netbox, verdicts=['unknown'])
             | map(attribute='ip') }}"
"""

RETURN = r"""
_value:
  description:
    - The verdicts, ordered by VRF and address.
    - "C(verdict) is one of: C(known), a host answers, and NetBox has it; C(silent), NetBox has the address as active,
      and it was asked and did not answer; C(unknown), a host answers, and NetBox does not have its address;
      C(unassigned), NetBox has the address, and no device or virtual machine for it; C(contradicting), a host answers,
      and is not what NetBox has; or C(not_asked)."
    - "C(contradictions) lists what contradicts what: C(about) is one of C(name), C(serial), C(platform),
      C(manufacturer), C(address) (several devices have it), C(device) (one host has addresses of several devices),
      C(status) (it answers, and is reserved or deprecated), C(prefix) (none holds the address) and C(dns_name), with
      C(netbox), C(found), C(source) and C(text)."
    - C(certainty) is that of the scan. C(evidence) is what the sources of the scan reported. Keys without a value are
      left out.
  type: list
  elements: dict
  sample:
    - verdict: contradicting
      ip: 192.0.2.7
      hostname: core-2.example.org
      network: 192.0.2.0/24
      certainty: proven
      device_kind: device
      device_id: 17
      device: core-1
      matched_by: address
      site: Brno
      address_id: 240
      status: active
      contradictions:
        - about: name
          netbox: core-1
          found: core-2.example.org
          source: sysName
          text: "name: NetBox has core-1, sysName gives core-2.example.org"
      evidence:
        - {source: icmp, result: answered, time: "2026-11-30T01:00:03Z"}
"""

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._common.errors import InvmonError


def compare_with_netbox(scan: Any, netbox: Any, verdicts: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """See DOCUMENTATION. Raises AnsibleFilterError."""
    # Here, because Ansible imports all filters of the collection for a play that uses any of them.
    from ..module_utils._discovery.given import scan_of, snapshot_of
    from ..module_utils._discovery.verdicts import as_json, chosen, compare

    try:
        return as_json(chosen(compare(scan_of(scan), snapshot_of(netbox)).verdicts, verdicts))
    except InvmonError as error:
        raise AnsibleFilterError(f"compare_with_netbox: {error}") from None


class FilterModule:
    """Ansible looks for this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"compare_with_netbox": compare_with_netbox}

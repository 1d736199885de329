# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of the SNMP modules, as plays that run against an agent on loopback.

They run as they are documented, but for the address of the device and what is kept in a vault.
"""

from __future__ import annotations

import re
import socket
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

PACKAGE = "ansible_collections.invmon.network.plugins.modules"
NAMESPACE = "invmon.network."
#: The device of the examples.
DOCUMENTED = "192.0.2.1"
#: The receiver of notifications in the examples, in a list of targets.
RECEIVER = "{host: 192.0.2.9"
#: The port of the examples at which notifications arrive; another run of the tests may have it.
TRAP_PORT = "1162"
#: The users and the community that the examples log in with, and the rest of the configuration of snmpd.
TEMPLATE = "{{ 6 * 7 }}"
COMMUNITY, USER, AUTH, PRIVACY = "public", "inventory", "auth-secret-1", "priv-secret-1"
WRITE_COMMUNITY = "write-secret-1"
AGENT = [
    f"createUser {USER} SHA-256 {AUTH} AES {PRIVACY}",
    f"rwuser {USER} auth",
    f"rwcommunity {WRITE_COMMUNITY}",
    # As values that were set, so that they can be set: what the configuration sets is not writable.
    "psysName core-1",
    "psysContact noc@example.com",
    # To be found as it is, and never filled in.
    f"psysLocation {TEMPLATE}",
    "exactEngineID 0x80001f8804696e766d6f6e",
]
_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VAULT = {
    **{"vault_snmp_community": COMMUNITY, "vault_snmp_write_community": WRITE_COMMUNITY},
    **{"vault_snmp_auth": AUTH, "vault_snmp_privacy": PRIVACY},
    # One user name, whose passphrase on this agent is the second one.
    **{"vault_core_auth": "core-secret-1", "vault_branch_auth": AUTH},
}
#: Modules of the action group whose examples need more than an agent: why.
NOT_RUN = {
    "snmp_entity_facts": "it reads recordings; tests/integration/test_inventory_playbook.py runs it",
    "snmp_profile": "it needs a vendor's table; tests/integration/test_profile_playbook.py runs it",
}


def plays(
    module: str, host: str, port: int, variables: dict[str, Any] | None = None, receiver: int = 0
) -> list[dict[str, Any]]:
    """The examples of a module, for a host of the inventory whose address is 127.0.0.1.

    :param port: of the agent.
    :param receiver: the port of a receiver of notifications.
    :param variables: that the examples use, in addition to those of VAULT.
    """
    text = import_module(f"{PACKAGE}.{module}").EXAMPLES.replace(DOCUMENTED, "127.0.0.1")
    text = text.replace(TRAP_PORT, str(free_port())).replace(RECEIVER, f"{{host: 127.0.0.1, port: {receiver}")
    examples = yaml.safe_load(text)
    shared = {
        "hosts": host,
        "gather_facts": False,
        "vars": {**VAULT, **(variables or {})},
        "module_defaults": {f"group/{NAMESPACE}snmp": {"port": port}},
    }
    if "hosts" in examples[0]:
        return [{**play, **shared, "module_defaults": _with_port(play, port)} for play in examples]
    return [{**shared, "tasks": examples}]


def free_port() -> int:
    """A UDP port on loopback that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def plays_of_page(page: Path, host: str, port: int, receiver: int = 0) -> list[dict[str, Any]]:
    """The tasks with these modules that a page of the documentation shows; credentials are variables of the host."""
    text = page.read_text(encoding="utf-8").replace(RECEIVER, f"{{host: 127.0.0.1, port: {receiver}")
    blocks = [yaml.safe_load(found[1]) for found in _BLOCK.finditer(text)]
    tasks = [task for block in blocks if isinstance(block, list) for task in block if _is_ours(block)]
    credentials = {
        **{"snmp_versions": [3], "snmp_username": USER, "snmp_auth_protocol": "SHA-256"},
        **{"snmp_auth_passphrase": AUTH, "snmp_privacy_passphrase": PRIVACY},
    }
    variables = {**VAULT, **credentials, "snmp_port": port}
    return [{"hosts": host, "gather_facts": False, "vars": variables, "tasks": tasks}]


def _is_ours(block: list[Any]) -> bool:
    return any(str(key).startswith(f"{NAMESPACE}snmp_") for task in block if isinstance(task, dict) for key in task)


def _with_port(play: dict[str, Any], port: int) -> dict[str, Any]:
    defaults = dict(play.get("module_defaults", {}))
    group = f"group/{NAMESPACE}snmp"
    return {**defaults, group: {"port": port, **defaults.get(group, {})}}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the SNMP modules, from the task and from the variables of its host."""

from __future__ import annotations

from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._tasks import snmp_facts, snmp_get
from ansible_collections.invmon.network.plugins.plugin_utils._actions.snmp_arguments import (
    VARIABLES,
    completed,
    name_variables,
)

VARIABLES_OF_HOST: dict[str, Any] = {
    "ansible_host": "192.0.2.7",
    "snmp_versions": [3],
    "snmp_username": "inventory",
    "snmp_auth_passphrase": "of-the-host",
    "snmp_community": "",
    "snmp_mib_dirs": ["/srv/mibs"],
    "invmon_env_file": "one.env",
    "snmp_oids": ["sysDescr"],
    "snmp_credential_networks": ["0.0.0.0/0"],
}


def test_variables_of_the_host_fill_what_the_task_leaves_open() -> None:
    given = {"oids": ["sysName"], "versions": [2]}
    assert completed("core-1", given, snmp_get.ARGUMENT_SPEC, VARIABLES_OF_HOST.get) == {
        "oids": ["sysName"],
        "versions": [2],
        "username": "inventory",
        "auth_passphrase": "of-the-host",
        "mib_dirs": ["/srv/mibs"],
        "env_file": "one.env",
        "host": "192.0.2.7",
    }
    assert completed("core-1", given, snmp_get.ARGUMENT_SPEC, lambda _name: None)["host"] == "core-1"


def test_an_option_that_is_given_by_an_alias_is_given() -> None:
    given = {"authkey": "of-the-task", "version": "v2c"}
    found = completed("core-1", given, snmp_facts.ARGUMENT_SPEC, VARIABLES_OF_HOST.get)
    assert (found["auth_passphrase"], found["versions"]) == ("of-the-task", "v2c")
    assert not {"authkey", "version"} & found.keys()


def test_no_variable_fills_the_networks_of_the_credentials() -> None:
    assert "credential_networks" not in VARIABLES


def test_a_message_about_an_option_names_the_variable_that_gave_it() -> None:
    result = {"failed": True, "reason": "option", "msg": "port: 0 is not between 1 and 65535."}
    name_variables(result, {"oids"})
    assert result["msg"] == "snmp_port: 0 is not between 1 and 65535."
    result["msg"] = "port: 0 is not between 1 and 65535."
    name_variables(result, {"port"})
    assert result["msg"] == "port: 0 is not between 1 and 65535."

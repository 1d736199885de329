# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the SNMP modules that a host's variables give, but for those of snmp_entity_facts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ...module_utils._common.renamed import by_names
from ...module_utils._tasks.snmp_options import SNMP_ARGUMENTS
from .._run.option_names import in_variables
from .._run.renamed_variables import reading

#: option -> host variable that fills it where the task leaves it open
VARIABLES = {
    # It comes with the credentials, so that a variable cannot send them elsewhere.
    **{
        option: f"snmp_{option}"
        for option in (*SNMP_ARGUMENTS, "mib_dirs", "profiles")
        if option != "credential_networks"
    },
    "env_file": "invmon_env_file",
}


def completed(
    name: str, given: Mapping[str, Any], spec: Mapping[str, Any], variable: Callable[[str], Any]
) -> dict[str, Any]:
    """The options for a host: those that are given, then those of its variables.

    :param name: of the host in the inventory. It is the device, unless the task names another.
    :param given: by whatever name the argument spec has for an option.
    :param variable: the value of a host variable, templates filled in; None for one that is not there.
    """
    arguments = by_names(given, spec)
    variable = reading(variable)
    for option, variable_name in VARIABLES.items():
        if option in spec and option not in arguments and (value := variable(variable_name)) not in (None, ""):
            arguments[option] = value
    if not arguments.get("host"):
        arguments["host"] = variable("ansible_host") or name
    return arguments


def name_variables(result: dict[str, Any], given: Collection[str]) -> None:
    """In the message of a task that failed for an option, name the variable that gave it.

    :param result: of the task, which is changed.
    :param given: the options that the task gave itself.
    """
    if result.get("failed") and result.get("reason") == "option":
        variables = {option: variable for option, variable in VARIABLES.items() if option not in given}
        result["msg"] = in_variables(str(result["msg"]), variables)

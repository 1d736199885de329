# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of snmp_entity_facts that a host's variables give."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ...module_utils._common.files import file_name
from ...module_utils._tasks.snmp_options import SNMP_ARGUMENTS
from .._run.option_names import in_variables
from .._run.renamed_variables import reading
from .collected import COLLECTED, folder_of

#: option -> host variable that fills it where the task leaves it open
VARIABLES = {
    **{
        option: f"snmp_{option}"
        for option in (
            *(*SNMP_ARGUMENTS, "tables", "platform", "profiles"),
            *("accept_serials", "reject_serials", "replay_from"),
        )
        # It comes with the credentials, so that a variable cannot send them elsewhere.
        if option != "credential_networks"
    },
    "env_file": "invmon_env_file",
    "record_masked": "record_masked",
    "record_expected": "record_expected",
    # Of the role collect.
    "fail_when_incomplete": "collect_fail_when_incomplete",
}
#: The same of options that name a file: the variable names the folder, the host the file, and this is its ending.
FOLDERS = {
    "dump": ("collect_dump", ".json"),
    "record_to": ("record_to", ".snmprec"),
    "save_to": ("invmon_collected", ".json"),
}
#: The folder of the role collect: the variable of the option takes precedence over it.
UNLESS_SET = f"${COLLECTED[0]}/"


def completed(name: str, given: Mapping[str, Any], variable: Callable[[str], Any]) -> dict[str, Any]:
    """The options for a host: those that are given, then those of its variables.

    Read from the variables here: each template in the arguments of a task costs Ansible a millisecond for each host.

    :param name: of the host in the inventory. It is the device that is asked, unless the task names another.
    :param variable: the value of a host variable, templates filled in; None for one that is not there.
    """
    arguments = dict(given)
    variable = reading(variable)
    for option, variable_name in VARIABLES.items():
        if option not in arguments and (value := variable(variable_name)) not in (None, ""):
            arguments[option] = value
    if not arguments.get("host") and not arguments.get("replay_from"):
        arguments["host"] = variable("ansible_host") or name
    if not arguments.get("platform_hint"):
        arguments["platform_hint"] = (variable("netbox_platform") or {}).get("slug")
    for option, (variable_name, ending) in FOLDERS.items():
        if arguments.get(option, UNLESS_SET) == UNLESS_SET:
            usual = arguments.pop(option, None)
            folder = variable(variable_name)
            if folder := usual if folder is None else folder:
                arguments[option] = f"{folder_of(str(folder)).removesuffix('/')}/"
        if str(arguments.get(option) or "").endswith("/"):
            arguments[option] = f"{arguments[option]}{file_name(name)}{ending}"
    if arguments.get("save_to"):
        in_netbox = {key: variable(f"netbox_{key}") for key in ("device_id", "device_url")}
        arguments["save_for"] = {"host": name, **in_netbox}
    return arguments


def name_variables(result: dict[str, Any], given: Collection[str]) -> None:
    """In the message of a device that failed for an option, name the variable that gave it.

    :param result: of snmp_entity_facts, which is changed.
    :param given: the options that the task gave itself.
    """
    if result.get("failed") and result.get("reason") == "option":
        variables = {option: variable for option, variable in VARIABLES.items() if option not in given}
        result["msg"] = in_variables(str(result["msg"]), variables)

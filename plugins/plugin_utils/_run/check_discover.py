# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a discovery can begin: there is something to ask that may be asked, and what its sources need is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from ...module_utils._common.errors import InvmonError
from ...module_utils._common.task import checked
from ...module_utils._outgoing.text import brief
from ...module_utils._outgoing.words import listed
from ...module_utils._scan.finding import DNS, ICMP, LINKS, ROUTERS, SNMP
from ...module_utils._snmp.credentials import read_options
from ...module_utils._tasks.entity_facts import ARGUMENT_SPEC as FACTS
from .._actions.entity_arguments import VARIABLES as SNMP_VARIABLES
from .check_options import LENGTH
from .known_variables import known_variables
from .option_names import in_variables
from .run import Findings, Run

#: What gives a discovery networks of NetBox.
_FROM_NETBOX = ("discover_netbox_prefixes", "discover_netbox_ip_ranges")
#: source -> (the module of its library, its name for pip)
_LIBRARIES = {ICMP: ("icmplib", "icmplib"), DNS: ("dns", "dnspython")}
_BY_SNMP = (ROUTERS, LINKS, SNMP)


def check_discover(run: Run) -> Findings:
    """Check targets, limits and sources, before NetBox is read and a packet is sent."""
    if not run.does("discover"):
        return Findings()
    # Here, because Ansible compiles each module that a run imports, and most runs scan nothing.
    from ...module_utils._tasks.netscan_options import ARGUMENT_SPEC as NETSCAN

    variables = {option: f"discover_{option}" for option in NETSCAN if f"discover_{option}" in known_variables()}
    given = {option: run.variable(variable) for option, variable in variables.items()}
    try:
        found = checked({**given, "env_file": run.variable("invmon_env_file")}, NETSCAN)
    except InvmonError:
        return Findings()  # the file; reported for its variable
    if found.errors:
        return Findings()  # reported for each variable
    errors = [*_contradictory(run), *_targets(run, found.params, variables)]
    return Findings(errors, [*_libraries(found.params), *_credentials(run, found.params)])


def _contradictory(run: Run) -> Iterator[str]:
    if run.compares:
        return
    for name in (*_FROM_NETBOX, "discover_register"):
        if run.variable(name) not in (None, "", "none", {}):
            yield f"{name} is set, and discover_netbox is false: remove one of them."


def _targets(run: Run, params: Mapping[str, Any], variables: Mapping[str, str]) -> Iterator[str]:
    from_netbox = any(run.variable(name) for name in _FROM_NETBOX)
    if not params["targets"] and not from_netbox:
        others = " or ".join(_FROM_NETBOX)
        yield f"There is nothing to scan: set discover_targets (or CIDR in the environment), {others}."
        return
    from ...module_utils._tasks.netscan_options import check_numbers, targets_of, with_files

    try:
        check_numbers(params)
        if params["targets"]:
            targets_of(with_files(params))
    except (InvmonError, OSError) as error:
        yield brief(in_variables(str(error), variables), LENGTH)


def _libraries(params: Mapping[str, Any]) -> Iterator[str]:
    for source, (module, package) in _LIBRARIES.items():
        if source in params["sources"] and find_spec(module) is None:
            yield f"The Python library {package} is missing, so the source {source} is not used: pip install {package}."


def _credentials(run: Run, params: Mapping[str, Any]) -> Iterator[str]:
    """That no device is asked over SNMP, for lack of credentials. They are not needed to find hosts."""
    sources = [source for source in _BY_SNMP if source in params["sources"]]
    if not sources:
        return
    try:
        options = {option: run.variable(SNMP_VARIABLES[option]) for option in FACTS if option in SNMP_VARIABLES}
        found = checked(options, FACTS)
        if not found.errors:
            read_options(found.params)
    except InvmonError as error:
        text = brief(in_variables(str(error), SNMP_VARIABLES), LENGTH)
        yield f"{listed(sources)} cannot be used: {text}"

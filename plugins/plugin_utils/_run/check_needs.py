# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every device would fail for (no credentials, no SNMP library), and the upload (no NetBox)."""

from __future__ import annotations

from ...module_utils._common.errors import InvmonError
from ...module_utils._common.task import checked
from ...module_utils._netbox.options import ONE_NETBOX
from ...module_utils._outgoing.text import brief
from ...module_utils._snmp import backend_easysnmp, backend_snmp
from ...module_utils._snmp.credentials import SnmpOptions, read_options
from ...module_utils._snmp.users import User
from ...module_utils._tasks.entity_facts import ARGUMENT_SPEC
from .._actions.entity_arguments import VARIABLES
from .check_options import LENGTH, is_true
from .given_variables import ALL, EXTRA, PLAY, SOME
from .option_names import in_variables
from .run import Findings, Run

#: Options for credentials. If one is set for some hosts, the credentials may be complete for each of them.
_CREDENTIALS = (
    *("versions", "community", "username", "security_level", "env_file"),
    *("auth_protocol", "auth_passphrase", "auth_key", "privacy_protocol", "privacy_passphrase", "privacy_key"),
    *("context_name", "engine_id", "context_engine_id", "credentials", "credential_sets"),
)
_REPLAY = VARIABLES["replay_from"]
_SETS = VARIABLES["credential_sets"]


def check_snmp(run: Run) -> Findings:
    """Credentials, and a library for SNMPv3, where no host or group has credentials of its own.

    What they are worth is looked at by check_values, one by one, for it may be wrong for some devices only.
    """
    nobody_is_asked = (
        "replay" in run.parts
        or run.variable(_REPLAY)
        or run.sets([_REPLAY], [SOME])
        or is_true(run.variable("upload_apply_plan"))
    )
    if nobody_is_asked or not run.does("collect") or run.sets([VARIABLES[option] for option in _CREDENTIALS], [SOME]):
        return Findings()
    if run.variable(_SETS) is None and run.sets([_SETS], [EXTRA, PLAY, ALL]):
        return Findings()  # a passphrase in them is the template of another variable, which only some hosts have
    try:
        found = checked({option: run.variable(VARIABLES[option]) for option in _CREDENTIALS}, ARGUMENT_SPEC)
        missing = [] if found.errors else _missing_library(run, read_options(found.params))
    except InvmonError as error:
        return Findings(errors=[brief(in_variables(str(error), VARIABLES), LENGTH)])
    return Findings(errors=missing)


def _missing_library(run: Run, options: SnmpOptions) -> list[str]:
    """The library for SNMPv3 that was asked for and is not installed on the controller."""
    backend = run.variable(VARIABLES["backend"]) or "auto"
    here = {"easysnmp": backend_easysnmp.library() is not None, "snmp": backend_snmp.AVAILABLE}
    if not any(isinstance(one, User) for one in options.attempts) or here.get(backend, True):
        return []
    return [f"snmp_backend: the Python library {backend}, for SNMPv3, is not installed where Ansible runs."]


def check_netbox(run: Run) -> Findings:
    """A NetBox whose address or token is not known: what is collected could not be written."""
    if not run.does("netbox"):
        return Findings()
    # Hygiene and restore speak with one, and so does a plan.
    plan = run.variable("upload_plan_file") or is_true(run.variable("upload_apply_plan"))
    one = not run.does("upload") or bool(plan)
    variables = {option: f"netbox_{option}" for option in ONE_NETBOX}
    return Findings(errors=[brief(in_variables(problem, variables), LENGTH) for problem in run.netbox_problems(one)])

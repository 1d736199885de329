# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that the roles and playbooks of this collection read, each with the spec of its value.

Those of the roles are in their argument specs, and those named after an option of a module are in the spec of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ansible.module_utils.common.yaml import yaml_load

from ...module_utils._netbox.options import ONE_NETBOX
from ...module_utils._probes.policy import POLICY_OPTIONS
from ...module_utils._tasks.entity_facts import ARGUMENT_SPEC as FACTS
from ...module_utils._tasks.hygiene import ARGUMENT_SPEC as HYGIENE
from ...module_utils._tasks.restore import ARGUMENT_SPEC as RESTORE
from .._actions.collected import WHO
from .._actions.entity_arguments import VARIABLES
from .._inventory.netbox_sources import URL

ROOT = Path(__file__).parents[3]

#: Who reads a variable: a task of each device, one task of the run, or Ansible when the playbook begins, which knows
#: no variable of a host or group then.
DEVICE, RUN, COMMAND_LINE = "device", "run", "command line"

#: option of netbox_probe -> variable of the role upload that gives it
UPLOAD_VARIABLES = {**{option: f"upload_{option}" for option in POLICY_OPTIONS}, "plan_file": "upload_plan_file"}

#: What the families of our names begin with.
FAMILIES = ("snmp", "collect", "record", "upload", "netbox", "invmon", "hygiene", "restore")

_WORD = re.compile(rf"\b(?:{'|'.join(FAMILIES)})_[a-z_]+\b")
#: Of the keys of a role's argument spec those that say something of the value.
_OF_A_VALUE = ("type", "elements", "choices", "options", "no_log")
#: Variables of the role collect that are read once for all devices, and not for each.
_ONCE = ("collect_at_a_time",)


class Known(NamedTuple):
    """A variable that something here reads."""

    part: str  #: of a playbook: collect, upload, hygiene, restore, netbox; or "run", for all of it
    spec: Mapping[str, Any]  #: as an argument spec of a module has it
    read_by: str  #: DEVICE, RUN or COMMAND_LINE

    @property
    def is_secret(self) -> bool:
        return bool(self.spec.get("no_log"))


@cache
def known_variables() -> dict[str, Known]:
    """All of them by name."""
    return {
        **{name: Known("run", {"type": "raw"}, RUN) for name in _in_playbooks()},
        **{variable: Known("collect", FACTS[option], DEVICE) for option, variable in VARIABLES.items()},
        **_of_role("collect", DEVICE),
        **_of_role("upload", RUN),
        **{f"netbox_{option}": Known("netbox", spec, RUN) for option, spec in ONE_NETBOX.items()},
        "netbox_tokens": Known("netbox", {"type": "dict", "no_log": True}, RUN),
        # The playbook asks for it when it begins; the role could read it elsewhere, when all devices were asked.
        "upload_apply_plan": Known("upload", {"type": "bool"}, COMMAND_LINE),
        "env_file": Known("run", {"type": "path"}, DEVICE),
        "hygiene_sites": Known("hygiene", HYGIENE["sites"], RUN),
        "hygiene_rules": Known("hygiene", HYGIENE["rules"], RUN),
        "hygiene_thin_older_than": Known("hygiene", HYGIENE["thin_older_than"], RUN),
        "hygiene_export_to": Known("hygiene", HYGIENE["export_to"], RUN),
        "restore_from": Known("restore", RESTORE["path"], RUN),
        "restore_any_address": Known("restore", RESTORE["any_address"], RUN),
        "record_dir": Known("collect", {"type": "path"}, DEVICE),
        "record_masked": Known("collect", {"type": "bool"}, DEVICE),
        # A pattern, a list of patterns.
        "invmon_hosts": Known("run", {"type": "raw"}, COMMAND_LINE),
        # A number, a share such as "30%", a list of these.
        "invmon_serial": Known("run", {"type": "raw"}, COMMAND_LINE),
        "invmon_batch": Known("run", {"type": "bool"}, COMMAND_LINE),
        "invmon_allow_empty": Known("run", {"type": "bool"}, COMMAND_LINE),
        "invmon_fail_when_nothing_known": Known("run", {"type": "bool"}, COMMAND_LINE),
        "invmon_run_record": Known("run", {"type": "path"}, RUN),
        "invmon_strict": Known("run", {"type": "bool"}, RUN),
        "invmon_ignore_variables": Known("run", {"type": "list", "elements": "str"}, RUN),
    }


@cache
def own_variables() -> dict[str, str]:
    """Variables in which a run keeps what it finds out itself, each with the part of it that does: results of tasks,
    what tasks make of them, and who a host is in NetBox. An extra variable of such a name would take its place."""
    playbooks = [(part, ROOT / "playbooks" / f"{part}.yml") for part in ("hygiene", "restore")]
    tasks = [(part, path) for part in ("collect", "upload") for path in (ROOT / "roles" / part / "tasks").glob("*.yml")]
    found = dict.fromkeys((name for name in WHO if name.startswith("netbox_") and name != URL), "run")
    for part, path in (*playbooks, *tasks):
        found |= dict.fromkeys(_set_by_tasks(yaml_load(path.read_text(encoding="utf-8"))), part)
    return found


def _set_by_tasks(found: Any) -> Iterator[str]:
    """The names that tasks and blocks set; not those of plays, which anybody may set otherwise."""
    if isinstance(found, list):
        for one in found:
            yield from _set_by_tasks(one)
    elif isinstance(found, dict):
        yield from [found["register"]] if "register" in found else []
        yield from found.get("vars", ()) if "hosts" not in found else ()
        for key in ("tasks", "block", "rescue", "always"):
            yield from _set_by_tasks(found.get(key))


def _in_playbooks() -> set[str]:
    """Every word of our families in a playbook: one that is listed nowhere else is read all the same."""
    playbooks = sorted((ROOT / "playbooks").glob("*.yml"))
    return {name for path in playbooks for name in _WORD.findall(path.read_text(encoding="utf-8"))}


def _of_role(role: str, read_by: str) -> dict[str, Known]:
    """The variables of a role, of all its entry points."""
    entry_points = yaml_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    return {
        name: Known(role, _spec(option), RUN if name in _ONCE else read_by)
        for entry_point in entry_points["argument_specs"].values()
        for name, option in (entry_point.get("options") or {}).items()
        if name != "env_file"
    }


def _spec(option: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: option[key] for key in _OF_A_VALUE if key in option}
    if "options" in found:
        found["options"] = {name: _spec(inner) for name, inner in found["options"].items()}
    return found

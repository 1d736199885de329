# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that the roles and playbooks of this collection read, each with the spec of its value.

Their one source are argument specs: roles/NAME/meta/argument_specs.yml and playbooks/NAME.meta.yml. docs/variables.md
is generated from the same files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ansible.module_utils.common.yaml import yaml_load

from ...module_utils._probes.policy import POLICY_OPTIONS
from .._actions.collected import WHO
from .._inventory.netbox_sources import URL

ROOT = Path(__file__).parents[3]

#: Who reads a variable: a task of each device, one task of the run, or Ansible when the playbook begins, before it
#: knows the variables of hosts and groups.
DEVICE, RUN, COMMAND_LINE = "device", "run", "command line"

#: option of netbox_probe -> variable of the role upload that gives it
UPLOAD_VARIABLES = {**{option: f"upload_{option}" for option in POLICY_OPTIONS}, "plan_file": "upload_plan_file"}

#: Prefixes of our names.
FAMILIES = (
    "snmp", "collect", "reach", "discover", "record", "replay", "merge", "upload", "netbox", "report", "invmon",
    "hygiene", "restore", "profile",
)  # fmt: skip

ROLES = ("collect", "upload", "report", "discover")
PLAYBOOKS = ("inventory", "reach", "discover", "record", "replay", "profile", "report", "hygiene", "restore")

#: Keys of an option in an argument spec that describe its value.
_OF_A_VALUE = ("type", "elements", "choices", "options", "default", "no_log")
#: In `hosts`, `serial`, or `tasks_from` of an import.
_COMMAND_LINE = frozenset(
    {"invmon_hosts", "invmon_batch", "invmon_batch_size", "invmon_allow_empty", "invmon_fail_when_nothing_known"}
    | {"upload_apply_plan"}
)
#: Variables of the role collect that are the same for all devices.
_ONCE = frozenset({"collect_at_a_time", "invmon_collected"})


@dataclass(frozen=True)
class Known:
    """A variable that something here reads."""

    #: Parts of a run (see the module run_check) that read it; "run" is all of it, "netbox" what needs NetBox.
    parts: frozenset[str]
    spec: Mapping[str, Any]  #: of its value, as in the argument spec of a module
    read_by: str  #: DEVICE, RUN or COMMAND_LINE
    is_secret: bool = field(default=False)


class Reader(NamedTuple):
    """A role's entry point, or a playbook, with the variables that it reads."""

    kind: str  #: "role" or "playbook"
    name: str
    options: Mapping[str, Mapping[str, Any]]  #: variable -> its option in the argument spec


@cache
def readers() -> tuple[Reader, ...]:
    """All argument specs of roles and playbooks, of the roles first."""
    files = [("role", name, ROOT / "roles" / name / "meta" / "argument_specs.yml") for name in ROLES]
    files += [("playbook", name, ROOT / "playbooks" / f"{name}.meta.yml") for name in PLAYBOOKS]
    return tuple(
        Reader(kind, name, entry_point.get("options") or {})
        for kind, name, path in files
        for entry_point in yaml_load(path.read_text(encoding="utf-8"))["argument_specs"].values()
    )


@cache
def known_variables() -> dict[str, Known]:
    """All of them by name."""
    found: dict[str, Known] = {}
    for reader in readers():
        for name, option in reader.options.items():
            spec = _spec(option)
            parts = _parts(name, reader.name) | (found[name].parts if name in found else frozenset())
            found[name] = Known(parts, spec, _read_by(name, reader.name, found.get(name)), bool(spec.get("no_log")))
    return found


def _parts(name: str, reader: str) -> frozenset[str]:
    family = name.partition("_")[0]
    if family == "netbox":
        return frozenset({"netbox"})
    if family == "snmp":
        # Of how a device is asked, netscan reads the same variables.
        return frozenset({reader, "discover"})
    return frozenset({"run" if family == "invmon" or reader == "inventory" else reader})


def _read_by(name: str, reader: str, known: Known | None) -> str:
    if name in _COMMAND_LINE:
        return COMMAND_LINE
    if known is not None:
        return known.read_by
    return DEVICE if reader == "collect" and name not in _ONCE else RUN


def _spec(option: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: option[key] for key in _OF_A_VALUE if key in option}
    if "options" in found:
        found["options"] = {name: _spec(inner) for name, inner in found["options"].items()}
    return found


@cache
def own_variables() -> dict[str, str]:
    """Variables in which a run keeps its own results, each with the part of it that does: results of tasks, what tasks
    derive from them, and which device of NetBox a host is. An extra variable of that name would replace them."""
    playbooks = [(part, ROOT / "playbooks" / f"{part}.yml") for part in ("reach", "profile", "hygiene", "restore")]
    tasks = [(part, path) for part in ROLES for path in (ROOT / "roles" / part / "tasks").glob("*.yml")]
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

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the argument specs of roles and playbooks: they are what tasks, templates and modules read, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._common.renamed import REMOVED_IN
from ansible_collections.invmon.network.plugins.module_utils._netbox.options import ONE_NETBOX
from ansible_collections.invmon.network.plugins.module_utils._tasks.discovery import ARGUMENT_SPEC as DISCOVERY
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import ARGUMENT_SPEC as FACTS
from ansible_collections.invmon.network.plugins.module_utils._tasks.hygiene import ARGUMENT_SPEC as HYGIENE
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan_options import ARGUMENT_SPEC as NETSCAN
from ansible_collections.invmon.network.plugins.module_utils._tasks.probe_options import ARGUMENT_SPEC as PROBE
from ansible_collections.invmon.network.plugins.module_utils._tasks.register_options import ARGUMENT_SPEC as REGISTER
from ansible_collections.invmon.network.plugins.module_utils._tasks.report import ARGUMENT_SPEC as REPORT
from ansible_collections.invmon.network.plugins.module_utils._tasks.restore import ARGUMENT_SPEC as RESTORE
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_profile import ARGUMENT_SPEC as PROFILE
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import WHO
from ansible_collections.invmon.network.plugins.plugin_utils._actions.entity_arguments import FOLDERS, VARIABLES
from ansible_collections.invmon.network.plugins.plugin_utils._inventory import netbox_sources
from ansible_collections.invmon.network.plugins.plugin_utils._run import notices
from ansible_collections.invmon.network.plugins.plugin_utils._run.known_variables import (
    FAMILIES,
    ROLES,
    known_variables,
    own_variables,
    readers,
)
from ansible_collections.invmon.network.plugins.plugin_utils._run.renamed_variables import OLD_NAMES, RENAMED

ROOT = Path(__file__).resolve().parents[5]
WORD = re.compile(rf"(?<!\.)\b(?:{'|'.join(FAMILIES)})_[a-z_]+\b")
#: Modules and filters, whose names begin as our variables do.
PLUGINS = {path.stem for kind in ("modules", "filter") for path in (ROOT / "plugins" / kind).glob("*.py")}
#: What the playbooks themselves ask of the hosts that the inventory plugin made.
OF_INVENTORY = {name for name in WHO if name.startswith("netbox_")}
#: A play sets it for the role, which reads it.
FOR_ROLE = {"collect_ignore_errors", "report_ignore_errors"}
#: Role collect and playbooks record, replay: what the action reads for each device.
BY_ACTION = {*VARIABLES.values(), *(variable for variable, _ending in FOLDERS.values())}
#: What the tasks that speak with NetBox read.
BY_NETBOX_TASKS = {
    *netbox_sources.VARIABLES.values(),
    *(netbox_sources.URL, netbox_sources.TOKEN, netbox_sources.TOKENS, "invmon_env_file"),
}
#: What the module run_check reads, in every playbook.
BY_RUN_CHECK = {"invmon_strict", "invmon_ignore_variables"}


def texts(found: Any) -> Iterator[str]:
    """Keys and values of YAML, without its comments."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            # An option may be called `register` as well.
            if key not in ("name", "register") or "{{" in str(value):
                yield str(key)
                yield from texts(value)
    elif isinstance(found, list):
        for one in found:
            yield from texts(one)
    elif isinstance(found, str):
        yield found


def read_in(*paths: Path) -> set[str]:
    """Names of our families in tasks and templates, by their present names."""
    found = {word for path in paths for text in texts(yaml.safe_load(path.read_text())) for word in WORD.findall(text)}
    found |= {"replay_from", "replay_to"} if any(path.stem == "replay" for path in paths) else set()
    return {RENAMED[name].name if name in RENAMED else name for name in found} - PLUGINS - own_variables().keys()


def options_of(kind: str, name: str) -> dict[str, Mapping[str, Any]]:
    return {
        key: value for one in readers() if (one.kind, one.name) == (kind, name) for key, value in one.options.items()
    }


def test_a_role_documents_what_its_tasks_read_and_nothing_else() -> None:
    tasks = {name: read_in(*(ROOT / "roles" / name / "tasks").glob("*.yml")) for name in ROLES}
    assert set(options_of("role", "collect")) == tasks["collect"] | BY_ACTION
    assert set(options_of("role", "report")) == tasks["report"]
    assert set(options_of("role", "discover")) == tasks["discover"] - NETSCAN.keys() - {"invmon_env_file"}
    assert set(options_of("role", "upload")) == tasks["upload"] - {"invmon_batch_size"} | BY_NETBOX_TASKS


def test_a_playbook_documents_what_it_reads_and_nothing_else() -> None:
    playbooks = {name: ROOT / "playbooks" / f"{name}.yml" for name in ("inventory", "reach", "record", "profile")}
    read = {name: read_in(path) - OF_INVENTORY for name, path in playbooks.items()}
    assert set(options_of("playbook", "inventory")) == (
        read["inventory"] - FOR_ROLE - {"upload_apply_plan"} | BY_RUN_CHECK | {"invmon_env_file"}
    )
    assert set(options_of("playbook", "reach")) == (read["reach"] - {"record_to"} | BY_RUN_CHECK | {"invmon_env_file"})
    assert set(options_of("playbook", "record")) == (
        read["record"] - {"record_expected"} | BY_RUN_CHECK | {"invmon_env_file"}
    )
    assert set(options_of("playbook", "profile")) == read["profile"] | BY_RUN_CHECK | {"invmon_env_file"}
    # Set for the hosts, and the group that these are in.
    replay = read_in(ROOT / "playbooks" / "replay.yml") - {"snmp_replay_from", "invmon_recordings"}
    assert set(options_of("playbook", "replay")) == replay | BY_RUN_CHECK | {"invmon_env_file"}
    for name in ("report", "hygiene", "restore", "discover"):
        found = read_in(ROOT / "playbooks" / f"{name}.yml") - OF_INVENTORY - FOR_ROLE
        assert set(options_of("playbook", name)) == found | BY_RUN_CHECK | BY_NETBOX_TASKS, name


#: variable -> the option of a module that it gives
GIVES: dict[str, Mapping[str, Any]] = {
    **{variable: FACTS[option] for option, variable in VARIABLES.items()},
    **{
        name: PROBE[name.removeprefix("upload_")] for name in known_variables() if name.removeprefix("upload_") in PROBE
    },
    **{f"report_{option}": spec for option, spec in REPORT.items() if f"report_{option}" in known_variables()},
    # The records of single devices, which the role does not give.
    "report_formats": {
        **REPORT["formats"],
        "choices": [one for one in REPORT["formats"]["choices"] if one != "records"],
    },
    **{f"discover_{option}": spec for option, spec in NETSCAN.items() if f"discover_{option}" in known_variables()},
    **{f"discover_{option}": spec for option, spec in REGISTER.items() if f"discover_{option}" in known_variables()},
    **{f"discover_{option}": DISCOVERY[option] for option in ("gone_after", "gone_after_days", "fail_on")},
    **{f"netbox_{option}": spec for option, spec in ONE_NETBOX.items()},
    **{f"hygiene_{option}": HYGIENE[option] for option in ("sites", "rules", "thin_older_than", "export_to")},
    **{"restore_from": RESTORE["path"], "restore_any_address": RESTORE["any_address"]},
    **{f"profile_{option}": PROFILE[option] for option in ("mibs", "max_variables", "max_seconds", "max_requests")},
    "upload_apply_plan": PROBE["apply"],
    # The role chooses the other way.
    "discover_netbox": {**NETSCAN["netbox"], "default": True},
}
#: The role has another default than the module.
OWN_DEFAULT = {"collect_fail_when_incomplete", "report_history", "report_directory"}


@pytest.mark.parametrize("name", sorted(GIVES))
def test_a_variable_is_documented_with_type_choices_and_default_of_the_option_that_it_gives(name: str) -> None:
    option = GIVES[name]
    for reader in readers():
        if name not in reader.options:
            continue
        documented = reader.options[name]
        for key in ("type", "elements", "choices", "no_log"):
            assert documented.get(key) == option.get(key), (reader.name, key)
        if name not in OWN_DEFAULT:
            assert documented.get("default") == option.get("default"), reader.name
        for inner, spec in (option.get("options") or {}).items():
            for key in ("type", "elements", "default"):
                assert documented["options"][inner].get(key) == spec.get(key), (inner, key)
        assert (option.get("options") or {}).keys() == (documented.get("options") or {}).keys()


def test_defaults_of_a_role_are_those_of_its_argument_spec() -> None:
    for role in ROLES:
        defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text())
        options = options_of("role", role)
        plain = {name: value for name, value in defaults.items() if "{{" not in str(value)}
        assert {name: options[name]["default"] for name in plain} == plain
        assert all("default" in options[name] for name in defaults)


def test_readers_of_one_variable_agree_on_its_type() -> None:
    types: dict[str, set[tuple[Any, ...]]] = {}
    for reader in readers():
        for name, option in reader.options.items():
            types.setdefault(name, set()).add((option["type"], option.get("elements"), str(option.get("choices"))))
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_what_is_read_before_the_playbook_begins_is_in_it_where_ansible_reads_it_then() -> None:
    plays = yaml.safe_load((ROOT / "playbooks" / "inventory.yml").read_text())
    early = [play[key] for play in plays for key in ("hosts", "serial") if key in play]
    early += [play["vars"]["invmon_batch_size"] for play in plays if "invmon_batch_size" in play["vars"]]
    early += re.findall(r"tasks_from: >-\n(.*?)\n +#", (ROOT / "playbooks" / "inventory.yml").read_text(), re.DOTALL)
    read = {word for text in early for word in WORD.findall(str(text))} - PLUGINS
    known = {name for name, one in known_variables().items() if one.read_by == "command line"}
    assert {RENAMED[name].name if name in RENAMED else name for name in read} == known


@pytest.mark.parametrize("name", ["netbox_token", "snmp_community", "snmp_auth_passphrase", "snmp_privacy_passphrase"])
def test_a_secret_is_known_to_be_one(name: str) -> None:
    assert known_variables()[name].is_secret


def test_every_old_name_has_a_successor_that_is_read_and_is_no_present_name() -> None:
    assert {successor.name for successor in RENAMED.values()} <= known_variables().keys()
    assert RENAMED.keys() & known_variables().keys() == set()


def test_no_page_names_an_old_name_but_the_list_of_them() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "roles").glob("*/README.md")]
    pages += [
        path for end in ("md", "yml") for path in (ROOT / "docs").rglob(f"*.{end}") if path.name != "variables.md"
    ]
    # Words of other things too: options of the inventory file and of modules, and English ones.
    words = RENAMED.keys() - {"env_file", "output", "recordings", "exclude_models"}
    old = re.compile(rf"\b(?:{'|'.join(words)})\b|-e (?:env_file|output|recordings|exclude_models)=")
    assert {path.name: found for path in pages if (found := old.findall(path.read_text(encoding="utf-8")))} == {}


def test_an_old_option_and_an_old_variable_go_in_the_same_release(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(notices.Display, "deprecated", lambda _display, text, **about: said.append({text: about}))
    notices.deprecated_variable("old", "new", False)
    about = {"version": REMOVED_IN, "collection_name": "invmon.network"}
    assert said == [{"The variable old is now called new.": about}]


def test_a_template_that_reads_a_new_name_reads_the_old_ones_after_it_in_their_order() -> None:
    paths = [path for path in (ROOT / "playbooks").glob("*.yml") if ".meta." not in path.name]
    paths += (ROOT / "roles").glob("*/tasks/*.yml")
    seen = set()
    for path in paths:
        for text in texts(yaml.safe_load(path.read_text())):
            for new, old in OLD_NAMES.items():
                limited = [name for name in old if RENAMED[name].part in (None, path.stem)]
                found = [
                    name for name in re.findall(r"\w+\b(?!=)", re.sub(r"'[^']*'", "", text)) if name in (new, *old)
                ]
                if "{{" not in text or new not in found or path.stem == "inventory":
                    continue
                seen.add(new)
                # One after the other, as often as the new name is there.
                assert found == [new, *limited] * found.count(new), (path.name, text)
    assert seen >= {"merge_strategy", "merge_exclude_models", "invmon_collected", "record_to"}

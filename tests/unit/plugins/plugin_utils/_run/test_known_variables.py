# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of/plugin_utils/_run/known_variables.py: what is known is what the roles, playbooks and modules read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import ARGUMENT_SPEC as FACTS
from ansible_collections.invmon.network.plugins.module_utils._tasks.probe_options import ARGUMENT_SPEC as PROBE
from ansible_collections.invmon.network.plugins.plugin_utils._actions.entity_arguments import FOLDERS, VARIABLES
from ansible_collections.invmon.network.plugins.plugin_utils._run.known_variables import FAMILIES, known_variables

ROOT = Path(__file__).resolve().parents[5]
READ = re.compile(rf"\b(?:{'|'.join(FAMILIES)})_[a-z_]+\b")
#: Names of our families that are no variables that a person sets: results, and what the inventory plugin says.
OURS = {"collect_result", "upload_result", "upload_record", "upload_unshown", "netbox_probe"}


def test_every_variable_that_a_role_reads_is_in_the_argument_spec_of_a_role() -> None:
    specs = [yaml.safe_load(path.read_text()) for path in (ROOT / "roles").glob("*/meta/argument_specs.yml")]
    entry_points = [entry for spec in specs for entry in spec["argument_specs"].values()]
    documented = {name for entry in entry_points for name in entry.get("options") or ()}
    code = [line for path in (ROOT / "roles").glob("*/tasks/*.yml") for line in path.read_text().splitlines()]
    read = {name for line in code if not line.strip().startswith("#") for name in READ.findall(line)}
    assert len(read) > 20
    assert {name for name in read if not name.startswith(("snmp_", "invmon_"))} - OURS <= documented
    assert read - OURS <= known_variables().keys() | {"snmp_entity_facts", "snmp_entity_batch"}


def test_what_a_playbook_reads_is_no_slip_of_the_pen() -> None:
    for path in (ROOT / "playbooks").glob("*.yml"):
        assert set(READ.findall(path.read_text())) <= known_variables().keys()


def test_what_fills_an_option_of_a_device_is_known_and_takes_what_the_option_takes() -> None:
    for option, variable in VARIABLES.items():
        assert known_variables()[variable].spec["type"] == FACTS[option]["type"], variable
    assert {variable for variable, _ending in FOLDERS.values()} <= known_variables().keys()


def test_a_variable_of_the_upload_takes_what_the_option_of_its_name_takes() -> None:
    role = yaml.safe_load((ROOT / "roles" / "upload" / "meta" / "argument_specs.yml").read_text())
    for name, documented in role["argument_specs"]["main"]["options"].items():
        option = PROBE.get(name.removeprefix("upload_"))
        for key in ("type", "elements", "choices") if option and name.startswith("upload_") else ():
            assert documented.get(key) == option.get(key), name


@pytest.mark.parametrize("name", ["netbox_token", "snmp_community", "snmp_auth_passphrase", "snmp_privacy_passphrase"])
def test_a_secret_is_known_to_be_one(name: str) -> None:
    assert known_variables()[name].is_secret

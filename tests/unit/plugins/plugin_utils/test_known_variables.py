# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of plugins/plugin_utils/known_variables.py: what is known is what the roles, playbooks and modules read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils.entity_facts import ARGUMENT_SPEC as FACTS
from ansible_collections.invmon.network.plugins.module_utils.netbox.probe_options import ARGUMENT_SPEC as PROBE
from ansible_collections.invmon.network.plugins.plugin_utils.entity_arguments import FOLDERS, VARIABLES
from ansible_collections.invmon.network.plugins.plugin_utils.known_variables import FAMILIES, known_variables

ROOT = Path(__file__).resolve().parents[4]
READ = re.compile(rf"\b(?:{'|'.join(FAMILIES)})_[a-z_]+\b")
#: Names of our families that are no variables that a person sets: results, tags of tasks, words of the inventory.
OURS = {
    *("collect_result", "upload_result", "upload_record", "upload_unshown"),
    *("invmon_recordings", "netbox_probe", "netbox_hygiene", "netbox_restore", "netbox_device_id", "netbox_devices"),
    "snmp_entity_facts",
    "snmp_entity_batch",
}


def test_every_variable_that_a_role_or_playbook_reads_is_known() -> None:
    places = [*(ROOT / "playbooks").glob("*.yml"), *(ROOT / "roles").glob("*/tasks/*.yml")]
    places += (ROOT / "roles").glob("*/defaults/*.yml")
    code = [line for path in places for line in path.read_text().splitlines() if not line.strip().startswith("#")]
    read = {name for line in code for name in READ.findall(line)}
    assert len(read) > 20
    assert read - known_variables().keys() == OURS & read


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

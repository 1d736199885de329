# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of/plugin_utils/_run/given_variables.py, with Ansible's own inventory: where each variable is set."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.vars.manager import VariableManager
from ansible_collections.invmon.network.plugins.plugin_utils._run.given_variables import (
    ALL,
    EXTRA,
    PLAY,
    SOME,
    given_variables,
)

HOSTS = """
all:
  vars: {in_all: 1}
  children:
    routers:
      vars: {in_group: 1}
      hosts:
        r1: {on_host: 1, snmp_tables: {skip: [a]}}
        r2: {on_host: 2, snmp_tables: {skip: [b]}}
        r3: {snmp_tables: {skip: [a]}}
"""
FILES = {
    "more.yml": "in_file_of_play: 1\n",
    "group_vars/all.yml": "in_file_of_all: 1\n",
    "group_vars/routers/one.yaml": "in_folder_of_group: 1\n",
    "group_vars/nobody.yml": "of_no_group: 1\n",
    "group_vars/broken.yml": "a: [\n",
    "host_vars/r1.yml": "---\n# a: comment\nin_file_of_host: {nested: 1}\nlist:\n  inner: 1\n",
    "host_vars/r2/vault": "$ANSIBLE_VAULT;1.1;AES256\n363738\n",
    "host_vars/r3/plain.yml": "in_file_of_host: 2\n",
    "host_vars/gone.yml": "of_no_host: 1\n",
}


@pytest.fixture
def found(tmp_path: Path) -> dict[str, list[tuple[object, str, str]]]:
    (tmp_path / "hosts.yml").write_text(HOSTS)
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    loader = DataLoader()
    loader.set_basedir(str(tmp_path))
    inventory = InventoryManager(loader, sources=[str(tmp_path / "hosts.yml")])
    variable_manager = VariableManager(loader, inventory)
    variable_manager._extra_vars = {"extra": 1}
    names: dict[str, list[tuple[object, str, str]]] = {}
    files = ["more.yml", "{{ not_yet }}.yml", "absent.yml", ["one_of.yml", "these.yml"]]
    play = Play.load({"hosts": "all", "vars": {"in_play": 1}, "vars_files": files}, variable_manager, loader)
    for one in given_variables(inventory, variable_manager, loader, [str(tmp_path)], play):
        names.setdefault(one.name, []).append((one.value, one.scope, one.where))
    return names


def test_variables_of_the_play_and_of_its_files_are_listed(found: dict) -> None:
    assert found["in_play"] == [(1, PLAY, "in the play")]
    assert found["in_file_of_play"] == [(1, PLAY, "in more.yml")]


def test_every_place_where_a_person_sets_a_variable_is_looked_at(found: dict) -> None:
    assert found["extra"] == [(1, EXTRA, "")]
    assert found["in_all"] == found["in_file_of_all"] == [(1, ALL, "for all hosts")]
    assert found["in_group"] == found["in_folder_of_group"] == [(1, SOME, "for the group routers")]
    assert found["in_file_of_host"] == [(None, SOME, "for the host r1")]
    assert not {"nested", "inner", "of_no_host", "of_no_group"} & found.keys()


def test_a_name_of_many_hosts_is_listed_once_but_for_values_that_no_device_complains_of(found: dict) -> None:
    assert found["on_host"] == [(None, SOME, "for the host r1")]
    assert [value["skip"] for value, _scope, _where in found["snmp_tables"]] == [["a"], ["b"]]

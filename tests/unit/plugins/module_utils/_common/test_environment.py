# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.module_utils.basic import AnsibleFallbackNotFound
from ansible_collections.invmon.network.plugins.module_utils._common.environment import first_set, with_env_file
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_options import SNMP_ARGUMENTS


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("SNMP_COMMUNITY", "SNMP_USER", "SNMP_VERSION", "SNMP_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / ".env"
    path.write_text("SNMP_COMMUNITY='from file'\nSNMP_VERSION = \"3,2\"\nSNMP_USER=\n# SNMP_TIMEOUT=9\n")
    return str(path)


def test_a_file_of_the_older_tool_fills_what_is_not_given(env_file: str) -> None:
    arguments = with_env_file({"env_file": env_file}, SNMP_ARGUMENTS)
    assert arguments == {"env_file": env_file, "community": "from file", "versions": "3,2"}


def test_the_option_wins_over_the_file(env_file: str) -> None:
    assert with_env_file({"env_file": env_file, "community": "given"}, SNMP_ARGUMENTS)["community"] == "given"


def test_the_environment_wins_over_the_file(env_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNMP_COMMUNITY", "from environment")
    assert "community" not in with_env_file({"env_file": env_file}, SNMP_ARGUMENTS)


def test_an_empty_variable_of_the_environment_does_not_hide_the_file(
    env_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNMP_COMMUNITY", "")
    assert with_env_file({"env_file": env_file}, SNMP_ARGUMENTS)["community"] == "from file"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNMP_TIMEOUT", " ")
    with pytest.raises(AnsibleFallbackNotFound):
        first_set("SNMP_TIMEOUT")

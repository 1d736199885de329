# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleError
from ansible_collections.invmon.network.plugins.lookup.env import first_value

NAMES = ["entPhysicalModelName_excludes", "entPhysicalModelName_exludes"]


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / ".env"
    path.write_text('entPhysicalModelName_exludes="A9K-AC-PEM,A9K-DC-PEM"\n')
    return str(path)


def test_the_older_spelling_in_the_older_tools_file_is_found(env_file: str) -> None:
    assert first_value(NAMES, env_file) == "A9K-AC-PEM,A9K-DC-PEM"


def test_the_environment_wins_over_the_file(env_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAMES[0], "OTHER")
    assert first_value(NAMES, env_file) == "OTHER"


def test_nothing_set_is_empty_text_and_a_missing_file_is_named(env_file: str) -> None:
    assert first_value(["no_such_name"], env_file) == ""
    with pytest.raises(AnsibleError, match="no/such/file"):
        first_value(["no_such_name"], "no/such/file")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .env files of the older tool's users work as they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common import env_file
from ansible_collections.invmon.network.plugins.module_utils._common.env_file import EnvFileError, read_env_file

OLD_FILE = """\
# NetBox
NETBOX_API_TOKEN="0123456789abcdef"
NETBOX_INSTANCE_URL='https://netbox.example.org/'
export NETBOX_TAGS="core,edge"   # comment
NETBOX_TAGS__N=
NETBOX_VERIFY_SSL = false

SNMP_VERSION = '3,2'
SNMP_AUTH="with # and = and 'quotes'"
entPhysicalModelName_exludes="ASR-9900-AC-PEM"
JUST_A_WORD
"""


def test_a_file_is_read_as_the_older_tool_reads_it(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(OLD_FILE, encoding="utf-8")
    assert read_env_file(str(path)) == {
        "NETBOX_API_TOKEN": "0123456789abcdef",
        "NETBOX_INSTANCE_URL": "https://netbox.example.org/",
        "NETBOX_TAGS": "core,edge",
        "NETBOX_TAGS__N": "",
        "NETBOX_VERIFY_SSL": "false",
        "SNMP_VERSION": "3,2",
        "SNMP_AUTH": "with # and = and 'quotes'",
        "entPhysicalModelName_exludes": "ASR-9900-AC-PEM",
    }


def test_a_secret_does_not_get_into_the_environment(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("INVMON_TEST_SECRET=hush\n", encoding="utf-8")
    read_env_file(str(path))
    assert "INVMON_TEST_SECRET" not in os.environ


def test_a_file_in_the_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".env").write_text("A=1\n", encoding="utf-8")
    assert read_env_file("~/.env") == {"A": "1"}


def test_a_variable_is_filled_in_with_another_one_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("HOST=netbox.example.org\nNETBOX_INSTANCE_URL=https://${HOST}:${PORT:-8443}/${NONE}x\n")
    assert read_env_file(str(path))["NETBOX_INSTANCE_URL"] == "https://netbox.example.org:8443/x"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvFileError, match=r"There is no file .*/absent"):
        read_env_file(str(tmp_path / "absent"))


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvFileError, match="it is a folder"):
        read_env_file(str(tmp_path))


def test_a_file_that_is_no_text_is_named_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"SECRET=\xff\xfe\n")
    with pytest.raises(EnvFileError, match="not UTF-8 text") as caught:
        read_env_file(str(path))
    assert "SECRET" not in str(caught.value)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env_file, "dotenv_values", None)
    with pytest.raises(EnvFileError, match="pip install python-dotenv"):
        read_env_file(".env")
